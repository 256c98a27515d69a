/*
 * Answers in the text of a mail: 「Q1: 実施している」, 「問３　いいえ」, the question on
 * one line and the answer on the next, 「Q1-Q5：はい」, and so on. What is quoted
 * counts only where nothing unquoted does: people answer above our form or in
 * it. See survey.h.
 */
#include "text/survey_impl.h"
#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 64 * 1024 /* looked at */, LINE_MAX_BYTES = 1000, TAIL_MAX = 60, WRAPPED = 4 /* lines a question may go on */ };

struct mail {
	struct survey_reading x;
	bool quoted;            /* which lines this pass takes */
	int pending;            /* the question that waits for its answer, -1: none */
	int wrapped;
	bool twice[SURVEY_ITEMS_MAX];
	bool seen[SURVEY_ITEMS_MAX]; /* answered in this pass */
};

/* Past bullets and arrows; flat text. */
static const char *past_marks(const char *p)
{
	static const char *const marks[] = { " ", "・", "●", "■", "◆", "○ ", "*", "→", "⇒", "=>", "->", "-", ":", "=", ">", "|", "☑", "✔", "[x]", "[X]", NULL };
	for (const char *const *m = marks; *m;)
		if (strncmp(p, *m, strlen(*m)) == 0) {
			p += strlen(*m);
			m = marks;
		} else {
			m++;
		}
	return p;
}

/* "回答：", "A." before an answer. */
static const char *past_word(const char *p)
{
	static const char *const words[] = { "ご回答", "回答", "答え", "答", "answer", "ans", "a", NULL };
	for (const char *const *w = words; *w; w++) {
		size_t n = strlen(*w);
		if (strncasecmp(p, *w, n) == 0 && strchr(":.)= ", p[n]) && p[n])
			return past_marks(p + n + 1);
	}
	return p;
}

/* A choice, alone or at the end of the line behind something that parts it from the question. */
static const struct survey_choice *choice_in(const struct mail *m, const char *text)
{
	static const char *const parts[] = { " ", ":", "→", "⇒", ">", "=", "?", ")", "」", "】", "…", "/", "|", ",", "、", "。", NULL };
	const struct survey *s = m->x.s;
	const char *p = past_word(past_marks(text));
	const struct survey_choice *c = survey_choice_of(s, m->x.a, p);
	size_t len = strlen(p), from = len > TAIL_MAX ? len - TAIL_MAX : 0;
	for (size_t i = from; !c && i < len; i++)
		for (const char *const *q = parts; !c && *q; q++)
			if (strncmp(p + i, *q, strlen(*q)) == 0) {
				const char *tail = past_word(past_marks(p + i + strlen(*q)));
				c = survey_choice_by_key(s, survey_key(m->x.a, tail, strlen(tail)));
			}
	return c;
}

static void set(struct mail *m, int q, const struct survey_choice *c)
{
	struct survey_answers *now = &m->x.now;
	if (now->code[q] && m->quoted)
		return; /* what was quoted is older */
	if (m->seen[q] && now->code[q] != c->code)
		m->twice[q] = true;
	m->seen[q] = true;
	survey_answer(&m->x, (size_t)q, c->name);
}

static void leave_bad(struct mail *m, int q, const char *text)
{
	const char *p = past_word(past_marks(text));
	if (*p && !m->quoted && survey_question(m->x.s, m->x.a, p) != q)
		survey_answer(&m->x, (size_t)q, p);
}

/* "-Q5", "~18" behind the first number: the last of a range, or 0. */
static int range_end(const char **p, int first)
{
	static const char *const dashes[] = { "-", "~", "〜", "–", "—", "から" };
	const char *s = *p;
	int last = 0;
	for (size_t i = 0; i < sizeof dashes / sizeof *dashes; i++)
		if (strncmp(s, dashes[i], strlen(dashes[i])) == 0) {
			size_t n = survey_numbered(s + strlen(dashes[i]), &last);
			if (!n || last <= first)
				return 0;
			*p = s + strlen(dashes[i]) + n;
			return last;
		}
	return 0;
}

/* The number as it stands, without the signs behind it: a range may follow. */
static const char *behind_digits(const char *flat)
{
	const char *p = flat + strcspn(flat, "0123456789");
	return p + strspn(p, "0123456789");
}

static void numbered(struct mail *m, const char *flat, size_t n, int first)
{
	const char *rest = behind_digits(flat);
	int last = range_end(&rest, first);
	if (!last) {
		rest = flat + n;
		last = first;
	}
	if (first < 1 || (size_t)last > m->x.s->nitems)
		return;
	const struct survey_choice *c = choice_in(m, rest);
	m->pending = c || last > first ? -1 : first - 1;
	m->wrapped = 0;
	for (int q = first; c && q <= last; q++)
		set(m, q - 1, c);
	if (!c && last == first)
		leave_bad(m, first - 1, rest);
}

static bool field_line(struct mail *m, const char *flat)
{
	const char *colon = strchr(flat, ':');
	if (!colon)
		return false;
	enum survey_field f = survey_field_of(m->x.s, survey_key(m->x.a, flat, (size_t)(colon - flat)));
	if (f >= SURVEY_ANSWER)
		return false;
	survey_field_set(&m->x, f, colon + 1, false);
	return true;
}

static void plain(struct mail *m, const char *flat)
{
	const struct survey_choice *c;
	int q = survey_question(m->x.s, m->x.a, flat);
	if (q >= 0) { /* a question without its number */
		m->pending = q;
		m->wrapped = 0;
		return;
	}
	if (m->pending < 0)
		return;
	if ((c = choice_in(m, flat))) {
		set(m, m->pending, c);
		m->pending = -1;
	} else if (++m->wrapped > WRAPPED) {
		m->pending = -1;
	}
}

static void line(struct mail *m, const char *p, size_t n)
{
	int num;
	const char *flat = survey_flat(m->x.a, p, n < LINE_MAX_BYTES ? n : LINE_MAX_BYTES);
	bool quoted = *flat == '>';
	while (*flat == '>' || *flat == ' ')
		flat++;
	if (quoted != m->quoted || !*flat)
		return;
	static const char *const bullets[] = { "・", "●", "■", "◆", "*", "-" };
	for (size_t i = 0; i < sizeof bullets / sizeof *bullets; i++)
		if (strncmp(flat, bullets[i], strlen(bullets[i])) == 0)
			flat += strlen(bullets[i]);
	size_t used = survey_numbered(flat, &num);
	if (used)
		numbered(m, flat, used, num);
	else if (!field_line(m, flat))
		plain(m, flat);
}

static void pass(struct mail *m, bool quoted, const char *text, size_t n)
{
	m->quoted = quoted;
	m->pending = -1;
	memset(m->seen, 0, sizeof m->seen);
	for (const char *p = text, *end = text + n, *nl; p < end; p = nl + 1) {
		nl = memchr(p, '\n', (size_t)(end - p));
		nl = nl ? nl : end;
		line(m, p, (size_t)(nl - p));
	}
}

enum status survey_read_text(const struct survey *s, const char *utf8, size_t n, struct arena *a, struct survey_sheet *r, struct err *e)
{
	struct mail m = { .x = { .s = s, .a = a, .r = r } };
	n = n < TEXT_MAX ? n : TEXT_MAX;
	*r = (struct survey_sheet){ .v = arena_zalloc(a, sizeof *r->v), .faults = SB_INIT };
	survey_begin(&m.x, 0);
	pass(&m, false, utf8, n);
	pass(&m, true, utf8, n);
	if (!m.x.answered)
		return err_set(e, ERR_NOTFOUND, "回答が読み取れません");
	for (size_t i = 0; i < s->nitems; i++)
		if (m.twice[i])
			survey_fault(&m.x, 0, "Q%zu %s：異なる回答が 2 つあります", i + 1, s->items[i].label);
	survey_end(&m.x);
	survey_close(&m.x);
	return OK;
}
