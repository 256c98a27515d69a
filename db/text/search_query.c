/*
 * What a person types to search: see search_query.h.
 *
 * SECURITY: the query is bounded first, then folded; from there on it is valid
 * UTF-8. Texts that are shown back are cut to SHOWN columns.
 */
#include "text/search_query.h"
#include "text/charset.h"
#include "text/gram.h"
#include "text/layout.h"
#include <stdlib.h>
#include <string.h>

enum { SHOWN = 30, LONG_MARK_MIN = 3 /* characters before a final ー that may go */ };

struct parser {
	const char *p;
	struct arena *a;
	struct search_query *q;
	struct err *e;
};

/* One word as typed: [-][key:]text or [-]"text". */
struct token {
	bool without, exact;
	const char *key, *text;
};

static enum status wrong(struct parser *s, enum status st, const char *before, const char *shown, const char *behind)
{
	struct sb vis = SB_INIT, fit = SB_INIT;
	text_visible(shown, strlen(shown), &vis);
	text_fit(vis.s, SHOWN, false, &fit);
	err_set(s->e, st, "%s%s%s", before, fit.s, behind);
	sb_free(&vis);
	sb_free(&fit);
	return st;
}

/* ---- tokens --------------------------------------------------------------------- */

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

struct quotes { const char *open, *close; };
static const struct quotes quotes[] = {
	{ "\"", "\"" }, { "「", "」" }, { "『", "』" }, { "\xE2\x80\x9C" /* “ */, "\xE2\x80\x9D" /* ” */ },
};

static bool begins(const char *s, const char *with)
{
	return strncmp(s, with, strlen(with)) == 0;
}

static const struct quotes *quoted(const char *p)
{
	for (size_t i = 0; i < sizeof quotes / sizeof *quotes; i++)
		if (begins(p, quotes[i].open))
			return &quotes[i];
	return NULL;
}

/* An unclosed quote reaches to the end. */
static const char *take_quoted(struct parser *s, const struct quotes *qu)
{
	const char *from = s->p + strlen(qu->open), *end = strstr(from, qu->close);
	s->p = end ? end + strlen(qu->close) : from + strlen(from);
	return arena_strndup(s->a, from, end ? (size_t)(end - from) : strlen(from));
}

static const char *take_plain(struct parser *s)
{
	const char *from = s->p;
	while (*s->p && !is_space(*s->p) && *s->p != '"')
		s->p++;
	return arena_strndup(s->a, from, (size_t)(s->p - from));
}

static const char *take_value(struct parser *s, bool *exact_r)
{
	const struct quotes *qu = quoted(s->p);
	*exact_r = qu != NULL;
	return qu ? take_quoted(s, qu) : take_plain(s);
}

/* ---- filters ---------------------------------------------------------------------- */

typedef enum status (*filter_fn)(struct parser *s, const struct token *t);

static enum status add_term(struct parser *s, const struct token *t, bool from);

static enum status by_sender(struct parser *s, const struct token *t)
{
	return add_term(s, t, true);
}

static enum status by_ticket(struct parser *s, const struct token *t)
{
	const char *v = t->text + (*t->text == '#');
	char *end;
	long long n = strtoll(v, &end, 10);
	if (*v < '0' || *v > '9' || *end || n <= 0 || n == INT64_MAX)
		return wrong(s, ERR_PERM, "番号は数字で指定してください: ", t->text, "");
	s->q->ticket = n;
	return OK;
}

static enum status by_state(struct parser *s, const struct token *t)
{
	static const struct { const char *word; int state; } words[] = {
		{ "未対応", 0 }, { "open", 0 }, { "対応済", 1 }, { "対応済み", 1 }, { "answered", 1 },
		{ "完了", 2 }, { "closed", 2 },
	};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(t->text, words[i].word) == 0)
			return s->q->state = words[i].state, OK;
	return wrong(s, ERR_PERM, "状態は「未対応」「対応済」「完了」のいずれかで指定してください: ", t->text, "");
}

static enum status by_assignee(struct parser *s, const struct token *t)
{
	bool nobody = strcmp(t->text, "なし") == 0 || strcmp(t->text, "none") == 0;
	if (!*t->text)
		return wrong(s, ERR_PERM, "担当者を指定してください", "", "");
	s->q->assignee = nobody ? "" : t->text;
	return OK;
}

static bool number_at(const char **p, size_t most, int *r)
{
	size_t n = strspn(*p, "0123456789");
	*r = 0;
	if (n == 0 || n > most)
		return false;
	for (size_t i = 0; i < n; i++)
		*r = *r * 10 + *(*p)++ - '0';
	return true;
}

/* A day or a month as its first and last day: 2026-11-24, 2026/11/24, 2026-11. */
static bool days_at(const char **p, int64_t *first_r, int64_t *last_r)
{
	int y, m, d = 1;
	if (!number_at(p, 4, &y) || (**p != '-' && **p != '/'))
		return false;
	char mark = *(*p)++;
	if (!number_at(p, 2, &m) || y < 1970 || m < 1 || m > 12)
		return false;
	bool month = **p != mark;
	if (!month && (++*p, !number_at(p, 2, &d)))
		return false;
	*first_r = day_of(y, m, d);
	struct civil c = civil_of_day(*first_r);
	if (c.mon != m || c.day != d)
		return false;
	*last_r = month ? day_of(m == 12 ? y + 1 : y, m == 12 ? 1 : m + 1, 1) - 1 : *first_r;
	return true;
}

static epoch start_of(int64_t day)
{
	struct civil c = civil_of_day(day);
	return epoch_of(c.year, c.mon, c.day, 0, 0, 0);
}

static enum status no_date(struct parser *s, const struct token *t)
{
	return wrong(s, ERR_PERM, "日付は 2026-11-24 の形で指定してください: ", t->text, "");
}

static enum status by_after(struct parser *s, const struct token *t)
{
	const char *p = t->text;
	int64_t first, last;
	if (!days_at(&p, &first, &last) || *p)
		return no_date(s, t);
	s->q->after = start_of(first);
	return OK;
}

static enum status by_before(struct parser *s, const struct token *t)
{
	const char *p = t->text;
	int64_t first, last;
	if (!days_at(&p, &first, &last) || *p)
		return no_date(s, t);
	s->q->before = start_of(last + 1);
	return OK;
}

static enum status by_period(struct parser *s, const struct token *t)
{
	static const char *const to[] = { "..", "~", "〜" };
	const char *p = t->text;
	int64_t first, last, unused;
	if (!days_at(&p, &first, &last))
		return no_date(s, t);
	for (size_t i = 0; *p && i < sizeof to / sizeof *to; i++)
		if (begins(p, to[i])) {
			p += strlen(to[i]);
			if (!days_at(&p, &unused, &last))
				return no_date(s, t);
			break;
		}
	if (*p || last < first)
		return no_date(s, t);
	s->q->after = start_of(first);
	s->q->before = start_of(last + 1);
	return OK;
}

/* Names as they are after folding. */
static const struct filter { const char *name; filter_fn fn; } filters[] = {
	{ "差出人", by_sender }, { "送信者", by_sender }, { "from", by_sender },
	{ "番号", by_ticket }, { "チケット", by_ticket }, { "ticket", by_ticket },
	{ "状態", by_state }, { "state", by_state },
	{ "担当", by_assignee }, { "担当者", by_assignee }, { "assignee", by_assignee },
	{ "以降", by_after }, { "after", by_after },
	{ "以前", by_before }, { "before", by_before },
	{ "期間", by_period }, { "period", by_period },
};

/* The filter whose name and colon stand at p; its value begins at *value_r. */
static const struct filter *filter_at(const char *p, const char **value_r)
{
	for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
		size_t n = strlen(filters[i].name);
		if (begins(p, filters[i].name) && p[n] == ':')
			return *value_r = p + n + 1, &filters[i];
	}
	return NULL;
}

/* ---- terms ------------------------------------------------------------------------- */

/* サーバー finds サーバ: what is left still finds サーバー. */
static void drop_long_mark(char *text)
{
	static const char mark[] = "ー";
	size_t n = strlen(text), k = sizeof mark - 1;
	if (n >= (LONG_MARK_MIN + 1) * k && strcmp(text + n - k, mark) == 0)
		text[n - k] = '\0';
}

/* One kana alone says nothing; one kanji does. */
static bool searchable(const char *text)
{
	struct grams it = grams_of(text, strlen(text));
	struct gram g;
	while (gram_next(&it, &g))
		if (!g.lone || gram_is_kanji(&g))
			return true;
	return false;
}

static enum status add_term(struct parser *s, const struct token *t, bool from)
{
	struct search_query *q = s->q;
	char *text = arena_strdup(s->a, t->text);
	if (!t->exact)
		drop_long_mark(text);
	if (!searchable(text))
		return wrong(s, ERR_PERM, "検索できる文字がありません(かなは2文字以上): 「", t->text, "」");
	if (q->n == QUERY_TERMS)
		return err_set(s->e, ERR_LIMIT, "検索語が多すぎます(%d 語まで)。", QUERY_TERMS);
	q->v[q->n++] = (struct search_term){ .text = text, .exact = t->exact, .without = t->without, .from = from };
	return OK;
}

static enum status take(struct parser *s)
{
	struct token t = { .without = *s->p == '-' && s->p[1] && !is_space(s->p[1]) };
	const char *value, *from = s->p += t.without;
	const struct filter *f = filter_at(s->p, &value);
	if (f)
		s->p = value;
	t.text = take_value(s, &t.exact);
	if (f && t.without && f->fn != by_sender)
		return wrong(s, ERR_PERM, "この条件は除外(-)にできません: ", arena_strndup(s->a, from, (size_t)(s->p - from)), "");
	if (f)
		return f->fn(s, &t);
	if (*t.text == '#' && t.text[1] && !t.without && !t.exact)
		return by_ticket(s, &t);
	return add_term(s, &t, false);
}

static enum status check(struct parser *s)
{
	const struct search_query *q = s->q;
	bool filter = q->ticket || q->state >= 0 || q->assignee || q->after || q->before, word = false;
	for (size_t i = 0; i < q->n; i++)
		word = word || !q->v[i].without;
	if (!word && q->n)
		return err_set(s->e, ERR_PERM, "除外する語だけでは検索できません。探す語も指定してください。");
	return word || filter ? OK : err_set(s->e, ERR_PERM, "検索する語を指定してください。");
}

enum status search_query_parse(const char *utf8, struct arena *a, struct search_query *q_r, struct err *e)
{
	struct sb folded = SB_INIT;
	struct parser s = { .a = a, .q = q_r, .e = e };
	*q_r = (struct search_query){ .state = -1, .v = arena_zalloc(a, QUERY_TERMS * sizeof *q_r->v) };
	size_t n = strnlen(utf8, QUERY_BYTES + 1);
	if (n > QUERY_BYTES)
		return err_set(e, ERR_LIMIT, "検索の指定が長すぎます(%d 文字程度まで)。", QUERY_BYTES / 3);
	search_fold(utf8, n, &folded);
	s.p = arena_memdup(a, folded.s, folded.len);
	sb_free(&folded);
	enum status st = OK;
	for (;;) {
		while (is_space(*s.p))
			s.p++;
		if (st != OK || !*s.p)
			break;
		st = take(&s);
	}
	return st == OK ? check(&s) : st;
}
