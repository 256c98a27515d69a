/*
 * What a mail says about its sender: see identity.h. First the lines of a form,
 * then, for what they leave open, the prose of the sender's own words.
 */
#include "text/identity.h"
#include "text/form.h"
#include "text/identity_int.h"
#include "text/utf8.h"
#include <ctype.h>
#include <string.h>

enum {
	NUMBER_DIGITS = 9,
	PHONE_MIN = 10, PHONE_MAX = 11, /* digits of a Japanese number, with its 0 */
	CONTENT_MIN = 24,  /* bytes of prose that say something */
	GREETING_LINES = 8, /* who writes says so at the top */
	NAME_CHARS = 8, COMPANY_CHARS = 24,
	SINCE_NEAR = 40    /* bytes between a time and から, 頃 */
};

static const struct form_item items[] = {
	{ "お客様番号", ITEM_NUMBER }, { "お客さま番号", ITEM_NUMBER }, { "n番", ITEM_NUMBER }, { "n番号", ITEM_NUMBER },
	{ "契約番号", ITEM_NUMBER }, { "ご契約番号", ITEM_NUMBER }, { "契約者番号", ITEM_NUMBER }, { "顧客番号", ITEM_NUMBER },
	{ "契約no", ITEM_NUMBER }, { "契約no.", ITEM_NUMBER }, { "お客様no", ITEM_NUMBER }, { "お客様no.", ITEM_NUMBER },
	{ "お客様番号/契約番号", ITEM_NUMBER },
	{ "契約者名", ITEM_COMPANY }, { "ご契約者名", ITEM_COMPANY }, { "契約名", ITEM_COMPANY }, { "ご契約名", ITEM_COMPANY },
	{ "契約名義", ITEM_COMPANY }, { "会社名", ITEM_COMPANY }, { "御社名", ITEM_COMPANY }, { "貴社名", ITEM_COMPANY },
	{ "会社", ITEM_COMPANY }, { "法人名", ITEM_COMPANY }, { "社名", ITEM_COMPANY }, { "企業名", ITEM_COMPANY },
	{ "契約者名/会社名", ITEM_COMPANY }, { "団体名", ITEM_COMPANY }, { "契約者", ITEM_COMPANY }, { "company", ITEM_COMPANY },
	{ "お問い合わせ内容", ITEM_CONTENT }, { "お問合せ内容", ITEM_CONTENT }, { "問い合わせ内容", ITEM_CONTENT },
	{ "問合せ内容", ITEM_CONTENT }, { "内容", ITEM_CONTENT }, { "故障/不具合の内容", ITEM_CONTENT },
	{ "故障・不具合の内容", ITEM_CONTENT }, { "故障の内容", ITEM_CONTENT }, { "不具合の内容", ITEM_CONTENT },
	{ "故障内容", ITEM_CONTENT }, { "不具合内容", ITEM_CONTENT }, { "症状", ITEM_CONTENT }, { "ご質問内容", ITEM_CONTENT },
	{ "ご質問", ITEM_CONTENT }, { "質問", ITEM_CONTENT }, { "お申し込み内容", ITEM_CONTENT }, { "申込内容", ITEM_CONTENT },
	{ "変更内容", ITEM_CONTENT }, { "ご用件", ITEM_CONTENT }, { "用件", ITEM_CONTENT },
	{ "発生時間", ITEM_SINCE }, { "発生時刻", ITEM_SINCE }, { "発生日時", ITEM_SINCE }, { "発生日", ITEM_SINCE },
	{ "発生時期", ITEM_SINCE }, { "いつから", ITEM_SINCE }, { "故障発生日時", ITEM_SINCE }, { "発生した日時", ITEM_SINCE },
	{ "お客様名", ITEM_PERSON }, { "お客さま名", ITEM_PERSON }, { "お名前", ITEM_PERSON }, { "名前", ITEM_PERSON },
	{ "氏名", ITEM_PERSON }, { "ご氏名", ITEM_PERSON }, { "担当者名", ITEM_PERSON }, { "ご担当者名", ITEM_PERSON },
	{ "ご担当者", ITEM_PERSON }, { "ご担当者様", ITEM_PERSON }, { "担当者", ITEM_PERSON }, { "担当", ITEM_PERSON },
	{ "ご連絡者", ITEM_PERSON }, { "連絡者", ITEM_PERSON },
	{ "メールアドレス", ITEM_MAIL }, { "メール", ITEM_MAIL }, { "e-mail", ITEM_MAIL }, { "email", ITEM_MAIL },
	{ "mail", ITEM_MAIL }, { "eメール", ITEM_MAIL }, { "ご連絡先メールアドレス", ITEM_MAIL },
	{ "電話番号", ITEM_PHONE }, { "お電話番号", ITEM_PHONE }, { "電話", ITEM_PHONE }, { "tel", ITEM_PHONE },
	{ "ご連絡先", ITEM_PHONE }, { "連絡先", ITEM_PHONE }, { "連絡先電話番号", ITEM_PHONE }, { "ご連絡先電話番号", ITEM_PHONE },
	{ "携帯", ITEM_PHONE }, { "携帯電話", ITEM_PHONE }, { "tel.", ITEM_PHONE }, { "phone", ITEM_PHONE },
	{ "対象の端末", ITEM_DEVICE }, { "対象端末", ITEM_DEVICE }, { "端末", ITEM_DEVICE }, { "機種", ITEM_DEVICE },
	{ "os", ITEM_DEVICE }, { "端末/os", ITEM_DEVICE }, { "端末・os", ITEM_DEVICE }, { "対象の端末・os", ITEM_DEVICE },
	{ NULL, 0 }
};
static const struct form form = { items, IDENTITY_ITEMS, 1u << ITEM_CONTENT };

/* ---- numbers ------------------------------------------------------------------- */

/* `count` digits at p, one separator between two at most; what stands behind is
 * no digit. Appends them. */
static bool digits(const char *p, size_t least, size_t most, const char *separators, struct sb *out)
{
	size_t n = 0, start = out->len;
	for (;; p++) {
		if (isdigit((unsigned char)*p)) {
			sb_addc(out, *p);
			n++;
		} else if (!n || !*p || !strchr(separators, *p) || !isdigit((unsigned char)p[1]))
			break;
		if (n > most)
			break;
	}
	if (n < least || n > most)
		sb_setlen(out, start);
	return n >= least && n <= most;
}

static bool lit(const char **p, const char *s)
{
	size_t n = strlen(s);
	if (strncmp(*p, s, n) != 0)
		return false;
	*p += n;
	return true;
}

/* Behind the N: N-123…, N番号：123…, N番は123… */
static const char *skip_filler(const char *p)
{
	static const char *const words[] = { "番号", "番", "no.", "No.", "NO.", "は", "が", "」", "』", ":", "-", ".", "(", ")", "=", " ", NULL };
	bool more = true;
	for (int i = 0; more && i < 6; i++) {
		more = false;
		for (const char *const *w = words; *w && !more; w++)
			more = lit(&p, *w);
	}
	return p;
}

static bool number_at(const char *p, struct sb *out)
{
	sb_addc(out, 'N');
	if (digits(skip_filler(p + 1), NUMBER_DIGITS, NUMBER_DIGITS, "- ", out))
		return true;
	sb_reset(out);
	return false;
}

/* The first N-number of a text; `bare`: nine digits will do. */
static const char *find_number(const char *text, bool bare, struct arena *a)
{
	struct sb b = SB_INIT;
	bool found = false;
	for (const char *p = text; *p && !found; p++) {
		bool inside = p > text && isalnum((unsigned char)p[-1]);
		if (!inside && (*p == 'N' || *p == 'n'))
			found = number_at(p, &b);
		else if (bare && !inside && isdigit((unsigned char)*p)) {
			sb_addc(&b, 'N');
			found = digits(p, NUMBER_DIGITS, NUMBER_DIGITS, "- ", &b);
			if (!found)
				sb_reset(&b);
		}
	}
	char *r = arena_memdup(a, b.s, b.len);
	sb_free(&b);
	return r;
}

/* Digits with the 0 in front, whatever the country code. */
static bool phone_at(const char *p, struct sb *out)
{
	if (lit(&p, "+81")) {
		p += strspn(p, "- ()");
		sb_addc(out, '0');
		p += *p == '0';
		if (digits(p, PHONE_MIN - 1, PHONE_MAX - 1, "-() ", out))
			return true;
	} else if ((*p == '0' || *p == '(') && (p += *p == '(', *p == '0') && digits(p, PHONE_MIN, PHONE_MAX, "-() ", out))
		return true;
	sb_reset(out);
	return false;
}

const char *identity_phone(const char *text, struct arena *a)
{
	struct sb b = SB_INIT;
	bool found = false;
	for (const char *p = text; *p && !found; p++)
		if (p == text || !(isalnum((unsigned char)p[-1]) || strchr("-+.", p[-1])))
			found = phone_at(p, &b);
	char *r = arena_memdup(a, b.s, b.len);
	sb_free(&b);
	return r;
}

const char *identity_number(const char *text, struct arena *a)
{
	return find_number(text, true, a);
}

/* ---- prose ------------------------------------------------------------------------ */

enum letter { SIGN, KANJI, HIRAGANA, KATAKANA, LATIN };

static enum letter letter_of(uint32_t c)
{
	if (c == 0x3005 || c == 0x3006 || (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x3FFFF))
		return KANJI;
	if (c >= 0x3041 && c <= 0x309F)
		return HIRAGANA;
	if ((c >= 0x30A1 && c <= 0x30FF && c != 0x30FB))
		return KATAKANA;
	return c < 0x80 && isalnum((int)c) ? LATIN : SIGN;
}

/* The character that ends before p; its beginning. */
static const char *before(const char *text, const char *p, uint32_t *c)
{
	const char *q = p;
	do
		q--;
	while (q > text && ((unsigned char)*q & 0xC0) == 0x80);
	utf8_get(q, (size_t)(p - q), c);
	return q;
}

/* 田中 of …の田中です; NULL: no name stands there. */
static const char *name_before(const char *line, const char *p)
{
	uint32_t c = 0;
	size_t n = 0;
	const char *q = p, *start = p;
	enum letter kind = SIGN, k;
	while (q > line && n <= NAME_CHARS) {
		q = before(line, q, &c);
		k = letter_of(c);
		if (k != KANJI && k != KATAKANA)
			break;
		if (n && k != kind)
			return NULL;
		kind = k;
		start = q;
		n++;
	}
	bool opens = start == line || letter_of(c) == SIGN || (start - line >= 3 && strncmp(start - 3, "の", 3) == 0);
	return n >= 1 && n <= NAME_CHARS && opens ? start : NULL;
}

/* Somebody says who he is near the top. */
static const char *find_person(const char *text, struct arena *a)
{
	static const char *const ends[] = { "と申します", "と申す", "です", "でございます", NULL };
	const char *line = text;
	for (int i = 0; *line && i < GREETING_LINES; i++) {
		const char *nl = strchrnul(line, '\n');
		for (const char *const *w = ends; *w; w++) {
			const char *p = memmem(line, (size_t)(nl - line), *w, strlen(*w));
			const char *from = p ? name_before(line, p) : NULL, *after = p ? p + strlen(*w) : nl;
			bool full_stop = after == nl || strncmp(after, "。", 3) == 0 || strchr(".!( ", *after);
			if (from && full_stop)
				return arena_strndup(a, from, (size_t)(p - from));
		}
		line = nl + (*nl != 0);
	}
	return "";
}

/* A run of letters that can be a company's name, forward from p. */
static const char *name_after(const char *p)
{
	uint32_t c;
	size_t n = 0;
	for (size_t k; *p && n < COMPANY_CHARS; p += k, n++) {
		k = utf8_get(p, strlen(p), &c);
		if ((letter_of(c) == SIGN && c != '&' && c != 0x30FB) || strncmp(p, "の", 3) == 0 || strncmp(p, "です", 6) == 0 ||
		    strncmp(p, "と申", 6) == 0)
			break;
	}
	return p;
}

/* The company as it is written in prose, roughly: 株式会社さくら商事, さくら商事(株). */
static const char *find_company(const char *text, struct arena *a)
{
	uint32_t c;
	size_t len;
	for (const char *p = text; *p; p++) {
		if (!(len = identity_legal_form(p)))
			continue;
		const char *end = name_after(p + len), *start = p;
		if (end > p + len)
			return arena_strndup(a, p, (size_t)(end - p));
		for (size_t n = 0; start > text && n < COMPANY_CHARS; n++) {
			const char *q = before(text, start, &c);
			if (letter_of(c) == SIGN || strncmp(q, "の", 3) == 0 || strncmp(q, "は", 3) == 0)
				break;
			start = q;
		}
		if (start < p)
			return arena_strndup(a, start, (size_t)(p + len - start));
	}
	return "";
}

/* The time at p, or 0: a word for a day, or digits and their sign. */
static size_t time_at(const char *text, const char *p)
{
	static const char *const days[] = { "今朝", "昨日", "一昨日", "昨夜", "昨晩", "本日", "今日", "先週", "今週", "先月", "月曜",
		"火曜", "水曜", "木曜", "金曜", "土曜", "日曜", NULL };
	static const char *const signs[] = { "時", "日", ":", NULL };
	bool counted = p > text && isdigit((unsigned char)p[-1]);
	for (const char *const *w = counted ? signs : days; *w; w++)
		if (strncmp(p, *w, strlen(*w)) == 0)
			return strlen(*w);
	return 0;
}

/* The end of a word of "since" close behind p on its line, or NULL. */
static const char *since_behind(const char *p)
{
	static const char *const words[] = { "から", "頃", "ごろ", "より", "以降", "以来", "に", NULL };
	size_t n = strcspn(p, "\n");
	for (const char *const *w = words; *w; w++) {
		const char *hit = memmem(p, n < SINCE_NEAR ? n : SINCE_NEAR, *w, strlen(*w));
		if (hit)
			return hit + strlen(*w);
	}
	return NULL;
}

/* 昨日の15時頃から, 11/24 10:00頃 */
static const char *find_since(const char *text, struct arena *a)
{
	for (const char *p = text; *p; p++) {
		size_t n = time_at(text, p);
		const char *end = n ? since_behind(p + n) : NULL, *from = p;
		if (!end)
			continue;
		while (from > text && strchr("0123456789/:", from[-1]))
			from--;
		return arena_strndup(a, from, (size_t)(end - from));
	}
	return "";
}

/* ---- the whole ------------------------------------------------------------------------ */

/* What a form's lines say, made what the items are: a number that is none does
 * not count as said. */
static void sanitize(struct identity *r, struct arena *a)
{
	if (*r->v[ITEM_NUMBER])
		r->v[ITEM_NUMBER] = find_number(r->v[ITEM_NUMBER], true, a);
	if (*r->v[ITEM_PHONE])
		r->v[ITEM_PHONE] = identity_phone(r->v[ITEM_PHONE], a);
	if (!strchr(r->v[ITEM_MAIL], '@'))
		r->v[ITEM_MAIL] = "";
}

static void from_form(const char *text, struct arena *a, struct identity *r, struct sb *rest)
{
	for (int i = 0; i < IDENTITY_ITEMS; i++)
		r->v[i] = "";
	form_read(&form, text, strlen(text), a, r->v, rest);
	sanitize(r, a);
}

static void complete(struct identity *r, enum identity_item i, const char *v)
{
	if (!*r->v[i])
		r->v[i] = v;
}

void identity_extract(const char *own, const char *full, struct arena *a, struct identity *r)
{
	struct sb rest = SB_INIT, flat = SB_INIT;
	struct identity quoted;
	from_form(own, a, r, &rest);
	from_form(full, a, &quoted, NULL);
	for (int i = 0; i < IDENTITY_ITEMS; i++)
		if (i != ITEM_CONTENT || rest.len < CONTENT_MIN)
			complete(r, (enum identity_item)i, quoted.v[i]);
	form_flat(own, strlen(own), &flat);
	complete(r, ITEM_NUMBER, find_number(flat.s, false, a));
	complete(r, ITEM_PHONE, identity_phone(flat.s, a));
	complete(r, ITEM_COMPANY, find_company(flat.s, a));
	complete(r, ITEM_PERSON, find_person(rest.s, a));
	complete(r, ITEM_SINCE, find_since(rest.s, a));
	if (!*r->v[ITEM_CONTENT] && rest.len >= CONTENT_MIN)
		r->v[ITEM_CONTENT] = "本文";
	sb_free(&rest);
	sb_free(&flat);
}

void identity_merge(struct identity *r, const struct identity *later)
{
	for (int i = 0; i < IDENTITY_ITEMS; i++)
		if (*later->v[i])
			r->v[i] = later->v[i];
}
