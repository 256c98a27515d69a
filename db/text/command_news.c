/* The editors' words about an issue. See command_news.h. */
#include "text/command_news.h"
#include "text/command_int.h"
#include "text/reserve.h"
#include <string.h>

enum { LINE_BYTES = 4000, LINES_READ = 10 };

static const struct { enum news_verb verb; const char *names[6]; } verbs[] = {
	{ NEWS_APPROVE, { "承認", "ok", "approve" } }, { NEWS_REDRAFT, { "修正", "redraft" } },
	{ NEWS_TIME, { "日時", "配信日時", "日付", "at" } }, { NEWS_CANCEL, { "中止", "取消", "cancel" } },
	{ NEWS_TEST, { "テスト", "再送", "test", "resend" } }, { NEWS_PAUSE, { "一時停止", "停止", "pause" } },
	{ NEWS_RESUME, { "再開", "resume" } }, { NEWS_STATUS, { "状況", "status" } },
	{ NEWS_HISTORY, { "履歴", "history" } }, { NEWS_FREE, { "解除", "停止解除", "free" } }, { NEWS_HELP, { "ヘルプ", "help" } },
};

/* Of a folded line: full-width signs and spaces are ASCII in it. */
struct words {
	char *v[50];
	size_t n;
};

static size_t gap(const char *p)
{
	static const char *const gaps[] = { " ", "\t", ":", "、", ",", "\r" };
	for (size_t i = 0; i < sizeof gaps / sizeof *gaps; i++)
		if (strncmp(p, gaps[i], strlen(gaps[i])) == 0)
			return strlen(gaps[i]);
	return 0;
}

/* "12:30" keeps its colon: one that stands between digits parts nothing. */
static bool parts(const char *p, const char *begin)
{
	bool colon = *p == ':' && p > begin && p[-1] >= '0' && p[-1] <= '9' && p[1] >= '0' && p[1] <= '9';
	return gap(p) && !colon;
}

static void split(const char *line, size_t n, struct arena *a, struct words *w)
{
	const char *begin = command_fold(a, line, n), *p = begin;
	w->n = 0;
	while (*p && w->n < sizeof w->v / sizeof *w->v) {
		if (parts(p, begin)) {
			p += gap(p);
			continue;
		}
		const char *from = p;
		while (*p && !parts(p, begin))
			p++;
		w->v[w->n++] = arena_strndup(a, from, (size_t)(p - from));
	}
}

static enum news_verb verb_of(const char *folded)
{
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
		for (size_t k = 0; k < 6 && verbs[i].names[k]; k++)
			if (strcmp(verbs[i].names[k], folded) == 0)
				return verbs[i].verb;
	return NEWS_VERBS;
}

/* A moment, or a day at the usual time (0:00 here; the caller knows it). */
static bool take_time(const struct words *w, epoch now, epoch *at_r)
{
	struct command_when when;
	size_t took = w->n > 1 ? command_when((char *const *)w->v + 1, w->n - 1, now, &when) : 0;
	if (!took || took != w->n - 1 || (when.kind != WHEN_MOMENT && when.kind != WHEN_DAY))
		return false;
	*at_r = when.at;
	return true;
}

static void read_line(const struct words *w, epoch now, struct news_command *c)
{
	c->verb = verb_of(w->v[0]);
	for (size_t i = 1; i < w->n; i++)
		c->words[c->nwords++] = w->v[i];
	if (c->verb == NEWS_TIME)
		c->bad = !take_time(w, now, &c->at);
	else if (c->verb == NEWS_TEST || c->verb == NEWS_HISTORY || c->verb == NEWS_FREE)
		c->bad = !c->nwords;
	else
		c->bad = c->nwords > 0;
}

size_t news_commands(const char *utf8, size_t n, epoch now, struct arena *a, struct news_command v[NEWS_COMMANDS_MAX])
{
	struct words w;
	size_t count = 0;
	for (const char *p = utf8, *end = utf8 + n; p < end && count < NEWS_COMMANDS_MAX;) {
		const char *nl = memchr(p, '\n', (size_t)(end - p)), *stop = nl ? nl : end;
		if (stop - p > LINE_BYTES)
			break;
		split(p, (size_t)(stop - p), a, &w);
		if ((!w.n || *p == '>') && count)
			break;
		if (w.n && *p != '>') {
			v[count] = (struct news_command){ .source = arena_strndup(a, p, (size_t)(stop - p)) };
			read_line(&w, now, &v[count]);
			v[count].bad |= v[count].verb == NEWS_APPROVE && text_reserves_below(stop < end ? stop + 1 : end, end);
			if (v[count].verb == NEWS_VERBS && count)
				break;
			if (v[count++].verb == NEWS_VERBS)
				break;
		}
		p = stop + 1;
	}
	return count;
}

/* ---- a reader who wants no more ---- */

static const char *const of_what[] = { "今後の", "今後は", "今後", "この", "御社の", "貴社の", "メールマガジンの", "メールマガジン",
	                               "メルマガの", "メルマガ", "ニュースレターの", "ニュースレター", "お知らせの", "メールの", "メール",
	                               "please", "kindly", NULL };
static const char *const farewells[] = {
	"配信停止", "配信解除", "配信不要", "配信の停止", "配信を停止", "配信は停止", "配信の解除", "配信を解除", "配信は不要", "配信を中止",
	"配信の中止", "配信中止", "登録解除", "登録削除", "登録を解除", "登録の解除", "登録を削除", "登録の削除", "購読解除", "購読停止",
	"購読を解除", "購読の解除", "購読を停止", "購読の停止", "リストから削除", "リストからの削除", "配信リストから削除",
	"配信リストからの削除", "退会", "停止", "解除", NULL };
static const char *const favours[] = { "", "希望", "を希望", "希望します", "を希望します", "希望です", "です", "します", "してください",
	                               "して下さい", "をしてください", "をして下さい", "お願いします", "をお願いします", "お願い致します",
	                               "をお願い致します", "お願いいたします", "をお願いいたします", "のお願い", "願います", NULL };
/* English is a line of nothing else: "Stop the press!" is praise. */
static const char *const farewells_en[] = { "unsubscribe", "unsubscribe me", "stop", "remove me", "take me off", "remove my address",
	                                    "take my address off", "opt out", "opt-out", NULL };
static const char *const favours_en[] = { "", "please", "thanks", "thank you", "from the list", "from this list", "from your list",
	                                  "from your mailing list", "the list", "this list", "your list", "your mailing list", NULL };

static size_t begins_one_of(const char *p, const char *const *words)
{
	size_t best = 0;
	for (; *words; words++) {
		size_t n = strlen(*words);
		if (n > best && strncmp(p, *words, n) == 0)
			best = n;
	}
	return best;
}

/* With one of the tails the sentence is over. */
static bool ends_in(const char *p, const char *const *tails)
{
	p += strspn(p, " ");
	for (size_t n; *tails; tails++) {
		n = strlen(*tails);
		if (strncmp(p, *tails, n) == 0 && (!p[n] || p[n] == '.' || strncmp(p + n, "。", strlen("。")) == 0))
			return true;
	}
	return false;
}

/* Of what, the word, and what politeness adds: "メルマガの" "解除" "をお願いします". Nothing else. */
static bool is_farewell(const char *s, const char *const *words, const char *const *tails)
{
	for (size_t n; (n = begins_one_of(s, of_what));)
		s += n + strspn(s + n, " ");
	for (; *words; words++)
		if (strncmp(s, *words, strlen(*words)) == 0 && ends_in(s + strlen(*words), tails))
			return true;
	return false;
}

/* A "ません" that denies nothing. */
static bool is_apology(const char *word)
{
	static const char *const words[] = { "すみません", "すいません", "申し訳ありません", "申し訳ございません", NULL };
	return begins_one_of(word, words) > 0;
}

/* A question, a "don't", a wish to have it back: that is for a person to read. */
static bool is_in_doubt(const struct words *w)
{
	static const char *const doubts[] = { "?", "しない", "ないで", "止めない", "やめない", "外さない", "ません", "せず", "再開", "方法", "ですか",
		                              "ますか", "でしょうか", "のか", "なぜ", "どうして", "どうなっ", "どうなり", "どうすれ", "どうやっ", "どうしたら",
		                              "not", "n't", "never", "why", "how" };
	for (size_t i = 0; i < w->n; i++)
		for (size_t k = 0; !is_apology(w->v[i]) && k < sizeof doubts / sizeof *doubts; k++)
			if (strstr(w->v[i], doubts[k]))
				return true;
	return false;
}

/* The words with a blank between each, without addresses and the stop at the end. */
static const char *joined(const struct words *w, const char *blank, struct arena *a)
{
	char *s = arena_strdup(a, "");
	for (size_t i = 0; i < w->n; i++)
		if (!strchr(w->v[i], '@'))
			s = arena_printf(a, "%s%s%s", s, *s ? blank : "", w->v[i]);
	for (size_t n = strlen(s); n && strchr(".!", s[n - 1]); n--)
		s[n - 1] = '\0';
	return s;
}

static bool wants_no_more(const struct words *w, struct arena *a)
{
	if (is_in_doubt(w))
		return false;
	return is_farewell(w->v[0], farewells, favours) || is_farewell(joined(w, "", a), farewells, favours) ||
	       is_farewell(joined(w, " ", a), farewells_en, favours_en);
}

/* What stands in front of everything is passed over; false: nothing is left of the line. */
static bool behind_greeting(struct words *w)
{
	static const char *const words[] = { "お世話になって", "いつもお世話になって", "大変お世話になって", NULL };
	if (!begins_one_of(w->v[0], words))
		return true;
	char *stop = strstr(w->v[0], "。");
	w->v[0] = stop ? stop + strlen("。") : w->v[0];
	return stop && *w->v[0];
}

bool news_is_unsubscribe(const char *utf8, size_t n, struct arena *a)
{
	struct words w;
	for (const char *p = utf8, *end = utf8 + n, *nl; p < end; p = nl + 1) {
		nl = memchr(p, '\n', (size_t)(end - p));
		nl = nl ? nl : end;
		if (nl - p > LINE_BYTES)
			return false;
		split(p, (size_t)(nl - p), a, &w);
		if (w.n && behind_greeting(&w))
			return wants_no_more(&w, a);
	}
	return false;
}

bool news_is_in_doubt(const char *utf8, size_t n, struct arena *a)
{
	struct words w;
	const char *p = utf8, *end = utf8 + n, *nl;
	for (size_t i = 0; p < end && *p != '>' && i < LINES_READ; i++, p = nl + 1) {
		nl = memchr(p, '\n', (size_t)(end - p));
		nl = nl ? nl : end;
		split(p, (size_t)(nl - p < LINE_BYTES ? nl - p : LINE_BYTES), a, &w);
		if (is_in_doubt(&w))
			return true;
	}
	return false;
}
