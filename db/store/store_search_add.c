/*
 * The index of all mails: adding to it. See store_search.h.
 *
 * A document is a row of tokens with spaces between, for FTS5's own `ascii`
 * tokenizer (which takes every byte above 127 for a letter): so the file can
 * be read, checked and repaired by any SQLite. In this order:
 *
 *	subject | sender | text | the sender again, each token marked | single kanji
 *
 * The marks are private-use characters, which text_char_class never lets into
 * a token, so nothing in a mail can pose as one. The single kanji make a
 * search for one character possible; they come once a document, at its end,
 * where they can't be part of a phrase.
 *
 * search_word lists the Latin words there are, by their first three letters
 * and their length: a search for win is one for the shortest words that begin
 * so. (FTS5's own prefix queries read everything that matches before the first
 * row: too slow for http in every mail.)
 */
#include "store/store_search.h"
#include "store/store_search_impl.h"
#include "base/xalloc.h"
#include "store/store_impl.h"
#include "text/gram.h"
#include "text/utf8.h"
#include <stdlib.h>
#include <string.h>

enum {
	DAY = 86400, JST = 9 * 3600,
	KANJI_FIRST = 0x4E00, KANJI_LAST = 0x9FFF,
	LISTED_MAX = 24, LISTED_DIGITS_MAX = 12 /* longer ones with digits are keys, not words */
};

SQL(q_text, "INSERT INTO search_text (message_id, size, data) VALUES (?, ?, ?) "
            "ON CONFLICT (message_id) DO NOTHING RETURNING message_id");
SQL(q_index, "INSERT INTO search (rowid, t) VALUES (?, ?)");
SQL(q_word, "INSERT INTO search_word (stem, size, word) VALUES (?, ?, ?) ON CONFLICT (stem, size, word) DO NOTHING");
SQL(q_day, "INSERT INTO search_day (day, first_id, last_id) VALUES (?, ?, ?) "
           "ON CONFLICT (day) DO UPDATE SET last_id = excluded.last_id");
SQL(q_done, "SELECT done_id FROM search_state WHERE id = 1");
SQL(q_done_set, "UPDATE search_state SET done_id = ? WHERE id = 1");
SQL(q_newest, "SELECT max(id) FROM message");

struct doc {
	struct store *s;
	struct sb folded, tokens;
	uint64_t kanji[(KANJI_LAST - KANJI_FIRST) / 64 + 1]; /* seen */
	struct err *e;
};

/* ---- tokens -------------------------------------------------------------------- */

/* A kanji that ends a run is a token already: it goes out with the others all
 * the same, at the cost of a few bytes. */
static void note_kanji(struct doc *d, const struct gram *g)
{
	uint32_t cp;
	utf8_get(g->s, g->n, &cp);
	if (cp >= KANJI_FIRST && cp <= KANJI_LAST)
		d->kanji[(cp - KANJI_FIRST) / 64] |= 1ULL << (cp - KANJI_FIRST) % 64;
}

static void add_kanji(struct doc *d)
{
	for (size_t i = 0; i < sizeof d->kanji / sizeof *d->kanji; i++)
		for (uint64_t bits = d->kanji[i]; bits; bits &= bits - 1) {
			utf8_put(&d->tokens, KANJI_FIRST + (uint32_t)(i * 64) + (uint32_t)__builtin_ctzll(bits));
			sb_addc(&d->tokens, ' ');
		}
}

static bool is_listed(const struct gram *g)
{
	size_t digits = 0;
	for (size_t i = 0; i < g->n; i++)
		digits += g->s[i] >= '0' && g->s[i] <= '9';
	return g->cls == CH_WORD && g->n >= SEARCH_STEM && g->n <= LISTED_MAX && (!digits || g->n <= LISTED_DIGITS_MAX);
}

static enum status list_word(struct doc *d, const struct gram *g)
{
	return sql_run(d->s, &q_word, BIND(B_BLOB(g->s, SEARCH_STEM), B_INT(g->n), B_BLOB(g->s, g->n)), d->e);
}

static enum status add_tokens(struct doc *d, const char *p, size_t n, const char *mark)
{
	struct gram g;
	enum status st = OK;
	sb_reset(&d->folded);
	search_fold(p, n, &d->folded);
	struct grams it = grams_of(d->folded.s, d->folded.len);
	while (st == OK && gram_next(&it, &g)) {
		sb_adds(&d->tokens, mark);
		sb_add(&d->tokens, g.s, g.n);
		sb_addc(&d->tokens, ' ');
		if (g.cls == CH_GRAM)
			note_kanji(d, &g);
		if (is_listed(&g) && !*mark)
			st = list_word(d, &g);
	}
	return st;
}

static enum status add_field(struct doc *d, const char *p, size_t n)
{
	enum status st = add_tokens(d, p, n, "");
	sb_adds(&d->tokens, SEARCH_GAP " ");
	return st;
}

static enum status make_tokens(struct doc *d, const struct search_doc *w, size_t n)
{
	const struct message *m = w->m;
	enum status st = add_field(d, m->subject, strlen(m->subject));
	if (st == OK)
		st = add_field(d, m->from_name, strlen(m->from_name));
	if (st == OK)
		st = add_field(d, m->from_addr, strlen(m->from_addr));
	if (st == OK)
		st = add_field(d, w->text, n);
	if (st == OK)
		st = add_tokens(d, m->from_name, strlen(m->from_name), SEARCH_FROM);
	sb_adds(&d->tokens, SEARCH_GAP " ");
	if (st == OK)
		st = add_tokens(d, m->from_addr, strlen(m->from_addr), SEARCH_FROM);
	add_kanji(d);
	return st;
}

/* ---- rows ------------------------------------------------------------------------- */

/* ERR_NOTFOUND: it is there already. */
static enum status insert_text(struct store *s, int64_t id, const char *p, size_t n, struct err *e)
{
	struct sb z = SB_INIT;
	int64_t same;
	enum status st = zip_pack(&s->zip, p, n, &z, e);
	if (st == OK)
		st = sql_number(s, &q_text, BIND(B_INT(id), B_INT(n), B_BLOB(z.s, z.len)), &same, e);
	sb_free(&z);
	return st;
}

static enum status insert_tokens(struct store *s, const struct search_doc *w, size_t n, struct err *e)
{
	struct doc *d = xcalloc(1, sizeof *d);
	d->s = s;
	d->e = e;
	d->folded = d->tokens = SB_INIT;
	enum status st = make_tokens(d, w, n);
	if (st == OK)
		st = sql_run(s, &q_index, BIND(B_INT(w->m->id), B_TEXT(d->tokens.s)), e);
	sb_free(&d->folded);
	sb_free(&d->tokens);
	free(d);
	return st;
}

int64_t search_day_of(epoch t)
{
	return (t + JST) / DAY;
}

enum status search_add(struct store *s, const struct search_doc *w, struct err *e)
{
	int64_t id = w->m->id;
	size_t n = utf8_head(w->text, w->len, SEARCH_TEXT_MAX);
	enum status st = insert_text(s, id, w->text, n, e);
	if (st == ERR_NOTFOUND)
		return OK;
	if (st == OK)
		st = insert_tokens(s, w, n, e);
	if (st == OK)
		st = sql_run(s, &q_day, BIND(B_INT(search_day_of(w->m->at)), B_INT(id), B_INT(id)), e);
	return st;
}

/* ---- how far ------------------------------------------------------------------------ */

enum status search_indexed(struct store *s, int64_t *id_r, struct err *e)
{
	return sql_number(s, &q_done, BIND_NONE, id_r, e);
}

enum status search_indexed_set(struct store *s, int64_t id, struct err *e)
{
	return sql_run(s, &q_done_set, BIND(B_INT(id)), e);
}

enum status search_lag(struct store *s, int64_t *n_r, struct err *e)
{
	int64_t newest = 0, done = 0;
	enum status st = sql_number(s, &q_newest, BIND_NONE, &newest, e);
	if (st == OK)
		st = search_indexed(s, &done, e);
	*n_r = newest > done ? newest - done : 0;
	return st;
}
