/*
 * A query as an FTS5 expression. See store_search_impl.h.
 *
 * SECURITY: every token stands between double quotes and holds nothing but
 * letters, digits and marks (text_char_class): there is no way out of them.
 */
#include "store/store_search_impl.h"
#include "text/gram.h"
#include <string.h>

enum { LONGER_MAX = 64 /* longer words that a word stands for */ };

SQL(q_longer, "SELECT word FROM search_word WHERE stem = ? AND size > ? AND word >= ? AND word < ? "
              "ORDER BY size LIMIT ?");

/* A term taken apart. */
struct phrase {
	struct sb tokens;        /* all but the last word, with marks */
	const char *word;        /* the last word that may go on, NULL = none */
	size_t word_len;
	const char *kanji;       /* one kanji at the end, NULL = none */
	size_t kanji_len;
};

static void add_token(struct sb *out, const char *mark, const char *s, size_t n)
{
	if (out->len)
		sb_addc(out, ' ');
	sb_adds(out, mark);
	sb_add(out, s, n);
}

static const char *mark_of(const struct search_term *t)
{
	return t->from ? SEARCH_FROM : "";
}

/* The end of the term: the character that ends a run of two and more is in the
 * pair before it; one alone can't be a phrase with what follows it. */
static void take_last(struct phrase *p, const struct search_term *t, const struct gram *g)
{
	if (g->cls == CH_WORD && !t->exact && g->n >= SEARCH_STEM && !t->from) {
		p->word = g->s;
		p->word_len = g->n;
	} else if (!g->lone)
		add_token(&p->tokens, mark_of(t), g->s, g->n);
	else if (g->first && gram_is_kanji(g)) {
		p->kanji = g->s;
		p->kanji_len = g->n;
	}
}

static void take_apart(const struct search_term *t, struct phrase *p)
{
	struct grams it = grams_of(t->text, strlen(t->text));
	struct gram g, next;
	*p = (struct phrase){ .tokens = SB_INIT };
	bool more = gram_next(&it, &g);
	while (more) {
		more = gram_next(&it, &next);
		if (more)
			add_token(&p->tokens, mark_of(t), g.s, g.n);
		else
			take_last(p, t, &g);
		g = next;
	}
}

static void one_phrase(const struct phrase *p, const char *word, size_t n, struct sb *out)
{
	sb_addc(out, '"');
	sb_add(out, p->tokens.s, p->tokens.len);
	if (p->tokens.len && n)
		sb_addc(out, ' ');
	sb_add(out, word, n);
	sb_addc(out, '"');
}

/* "win" OR "windows" OR …: shortest first, for there is a limit. */
static enum status longer_words(struct store *s, const struct phrase *p, struct sb *out, struct err *e)
{
	sqlite3_stmt *row = NULL;
	struct sb end = SB_INIT;
	sb_add(&end, p->word, p->word_len);
	sb_addc(&end, '\xFF');
	enum status st = sql_open(s, &q_longer,
	                          BIND(B_BLOB(p->word, SEARCH_STEM), B_INT(p->word_len), B_BLOB(p->word, p->word_len),
	                               B_BLOB(end.s, end.len), B_INT(LONGER_MAX)), &row, e);
	while (st == OK && (st = sql_step(s, row, e)) == OK) {
		sb_adds(out, " OR ");
		one_phrase(p, sqlite3_column_blob(row, 0), (size_t)sqlite3_column_bytes(row, 0), out);
	}
	sql_close(row);
	sb_free(&end);
	return st == ERR_NOTFOUND ? OK : st;
}

static enum status add_term(struct store *s, const struct search_term *t, struct sb *out, struct err *e)
{
	struct phrase p;
	enum status st = OK;
	take_apart(t, &p);
	sb_addc(out, '(');
	if (p.tokens.len || p.word) {
		one_phrase(&p, p.word ? p.word : "", p.word_len, out);
		if (p.word)
			st = longer_words(s, &p, out, e);
	}
	if (p.kanji)
		sb_addf(out, "%s\"%s%.*s\"", p.tokens.len ? " AND " : "", mark_of(t), (int)p.kanji_len, p.kanji);
	sb_addc(out, ')');
	sb_free(&p.tokens);
	return st;
}

static enum status add_terms(struct store *s, const struct search_query *q, bool without, const char *between,
                             struct sb *out, struct err *e)
{
	enum status st = OK;
	size_t start = out->len;
	for (size_t i = 0; st == OK && i < q->n; i++) {
		if (q->v[i].without != without)
			continue;
		if (out->len > start)
			sb_adds(out, between);
		st = add_term(s, &q->v[i], out, e);
	}
	return st;
}

enum status search_match(struct store *s, const struct search_query *q, struct sb *out, struct err *e)
{
	struct sb with = SB_INIT, without = SB_INIT;
	enum status st = add_terms(s, q, false, " AND ", &with, e);
	if (st == OK)
		st = add_terms(s, q, true, " OR ", &without, e);
	if (st == OK && with.len && without.len)
		sb_addf(out, "(%s) NOT (%s)", with.s, without.s);
	else if (st == OK)
		sb_adds(out, with.s);
	sb_free(&with);
	sb_free(&without);
	return st;
}
