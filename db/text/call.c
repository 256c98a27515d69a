/* The log of a telephone call: see call.h. */
#include "text/call.h"
#include "text/command_int.h"
#include "text/field_rule.h"
#include "text/form.h"
#include "text/identity_int.h"
#include <ctype.h>
#include <string.h>
#include <strings.h>

enum item { COMPANY, NUMBER, PERSON, PHONE, MAIL, STARTED, ENDED, CALLBACK, ASSIGNEE, CONTENT, ITEMS };
enum { WORDS = 6, DAY = 86400, MAIL_MAX = 254, MINUTES_MAX = 600 };

/* The first label of an item is the one that the form shows. */
static const struct form_item labels[] = {
	{ "会社", COMPANY }, { "会社名", COMPANY }, { "契約者名", COMPANY }, { "契約者", COMPANY }, { "御社名", COMPANY },
	{ "お客様番号", NUMBER }, { "n番", NUMBER }, { "n番号", NUMBER }, { "契約番号", NUMBER },
	{ "氏名", PERSON }, { "名前", PERSON }, { "お名前", PERSON }, { "お客様名", PERSON }, { "相手", PERSON },
	{ "電話番号", PHONE }, { "電話", PHONE }, { "tel", PHONE }, { "連絡先", PHONE },
	{ "メール", MAIL }, { "メールアドレス", MAIL }, { "mail", MAIL }, { "e-mail", MAIL },
	{ "開始", STARTED }, { "開始時刻", STARTED }, { "受電", STARTED }, { "日時", STARTED },
	{ "終了", ENDED }, { "終了時刻", ENDED },
	{ "折り返し", CALLBACK }, { "折返し", CALLBACK }, { "折返", CALLBACK }, { "折り返し予定", CALLBACK },
	{ "担当", ASSIGNEE }, { "担当者", ASSIGNEE },
	{ "内容", CONTENT }, { "用件", CONTENT }, { "ご用件", CONTENT }, { "相談内容", CONTENT },
	{ NULL, 0 }
};
static const struct form form = { labels, ITEMS, 1u << CONTENT };

static bool one_of(const char *s, const char *const *v)
{
	for (; *v; v++)
		if (strcasecmp(s, *v) == 0)
			return true;
	return false;
}

/* 14:00頃, 15時ごろに */
static void cut_vague(char *word)
{
	static const char *const ends[] = { "に", "頃", "ころ", "ごろ", "以降", "予定", NULL };
	for (const char *const *w = ends; *w; w++) {
		size_t n = strlen(word), k = strlen(*w);
		if (n > k && strcmp(word + n - k, *w) == 0)
			word[n - k] = '\0';
	}
}

/* The whole value is a time. */
static bool read_when(const char *value, epoch now, struct arena *a, struct command_when *r)
{
	char *v[WORDS];
	size_t n = 0;
	for (const char *p = value; n < WORDS && *(p += strspn(p, " ")); p += strcspn(p, " ")) {
		v[n] = command_fold(a, p, strcspn(p, " "));
		cut_vague(v[n++]);
	}
	*r = (struct command_when){ 0 };
	while (n && !*v[n - 1])
		n--;
	return n && n < WORDS && command_when(v, n, now, r) == n;
}

static void fault(struct sb *faults, const char *item, const char *value, const char *why)
{
	sb_addf(faults, "「%s」%s%s%s：%s\n", item, *value ? " (" : "", value, *value ? ")" : "", why);
}

/* A moment that has passed. */
static epoch read_past(const char *item, const char *value, epoch now, struct arena *a, struct sb *faults)
{
	struct command_when w;
	if (!*value)
		return 0;
	if (!read_when(value, now, a, &w) || w.kind != WHEN_MOMENT)
		fault(faults, item, value, "時刻が読み取れません。例：14:00、11/24 14:00");
	else if (w.at > now)
		fault(faults, item, value, "これからの時刻です");
	else
		return w.at;
	return 0;
}

/* 25分 */
static int64_t minutes(const char *value)
{
	size_t n = strspn(value, "0123456789");
	int64_t m = 0;
	if (n < 1 || n > 3 || (strcmp(value + n, "分") != 0 && strcmp(value + n, "分間") != 0))
		return 0;
	for (size_t i = 0; i < n; i++)
		m = m * 10 + (value[i] - '0');
	return m <= MINUTES_MAX ? m * 60 : 0;
}

static void read_times(struct call_form *r, epoch now, struct arena *a, struct sb *faults)
{
	int64_t length = minutes(r->ended);
	r->started_at = read_past("開始", r->started, now, a, faults);
	if (length) /* how long it was */
		r->ended_at = r->started_at ? r->started_at + length : 0;
	else
		r->ended_at = read_past("終了", r->ended, now, a, faults);
	if (r->started_at && r->ended_at && r->ended_at < r->started_at)
		fault(faults, "終了", r->ended, "開始より前です");
	else if (r->started_at && r->ended_at - r->started_at > DAY)
		fault(faults, "終了", r->ended, "開始から1日以上たっています");
	if (length && !r->started_at) { /* only its length: it ended now */
		r->ended_at = now;
		r->started_at = now - length;
	}
}

static void read_callback(struct call_form *r, epoch now, struct arena *a, struct sb *faults)
{
	static const char *const no[] = { "", "なし", "無し", "無", "不要", "しない", "いいえ", "-", "ー", "no", "none", NULL };
	static const char *const yes[] = { "要", "必要", "あり", "有り", "有", "する", "はい", "希望", "約束", "yes", NULL };
	r->promised = !one_of(r->callback, no);
	if (!r->promised || one_of(r->callback, yes))
		return;
	if (!read_when(r->callback, now, a, &r->when))
		fault(faults, "折り返し", r->callback, "日時が読み取れません。例：11/27 14:00、明日 10時、要、なし");
}

/* Without the item, prose is what the call was about. */
static const char *content_of(const char *said, const struct sb *rest, struct arena *a)
{
	size_t from = strspn(rest->s, "\n "), n = rest->len;
	while (n > from && strchr("\n ", rest->s[n - 1]))
		n--;
	return *said ? said : arena_strndup(a, rest->s + from, n - from);
}

bool call_form_read(const char *utf8, size_t n, epoch now, struct arena *a, struct call_form *r, struct sb *faults)
{
	const char *v[ITEMS];
	struct sb rest = SB_INIT;
	size_t before = faults->len;
	form_read(&form, utf8, n, a, v, &rest);
	*r = (struct call_form){ .company = v[COMPANY], .person = v[PERSON], .phone = v[PHONE], .mail = v[MAIL], .number = "",
		                 .assignee = v[ASSIGNEE], .started = v[STARTED], .ended = v[ENDED], .callback = v[CALLBACK],
		                 .content = content_of(v[CONTENT], &rest, a) };
	for (int i = 0; i < ITEMS; i++)
		r->filled += *v[i] != '\0';
	if (*v[NUMBER] && !*(r->number = identity_number(v[NUMBER], a))) {
		fault(faults, "お客様番号", v[NUMBER], "N と数字 9 桁で書いてください");
		r->number = v[NUMBER];
	}
	if (*r->mail && !field_mail_ok(r->mail, strlen(r->mail), MAIL_MAX))
		fault(faults, "メール", r->mail, "メールアドレスが読み取れません");
	read_times(r, now, a, faults);
	read_callback(r, now, a, faults);
	if (!*r->content)
		fault(faults, "内容", "", "何の電話だったかを書いてください");
	sb_free(&rest);
	return faults->len == before;
}

void call_form_print(const struct call_form *f, struct sb *out)
{
	const char *const v[ITEMS] = {
		[COMPANY] = f ? f->company : "", [NUMBER] = f ? f->number : "", [PERSON] = f ? f->person : "",
		[PHONE] = f ? f->phone : "", [MAIL] = f ? f->mail : "", [STARTED] = f ? f->started : "",
		[ENDED] = f ? f->ended : "", [CALLBACK] = f ? f->callback : "", [ASSIGNEE] = f ? f->assignee : "",
		[CONTENT] = f ? f->content : "",
	};
	sb_adds(out, "電話\n");
	for (unsigned i = 0, last = ITEMS; labels[i].label; i++)
		if (labels[i].field != last) {
			last = labels[i].field;
			sb_addf(out, "%s：%s\n", labels[i].label, v[last]);
		}
}
