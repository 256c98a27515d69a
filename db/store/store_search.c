/*
 * Searching: from the newest mail back, until there are tickets enough or the
 * time is out. See store_search.h.
 *
 * FTS5 walks its lists newest first without reading them whole, so a word that
 * is everywhere is found at once and a rare one costs few look-ups. What is
 * everywhere but never together gives not a single row for a whole pass: the
 * progress handler, which SQLite also asks while FTS5 reads pages, ends that.
 */
#include "store/store_search_impl.h"
#include "store/store_people.h"
#include "base/clk.h"
#include "base/xalloc.h"
#include "text/search_fold.h"
#include <stdlib.h>
#include <string.h>

enum { STEPS_A_LOOK = 64 /* of SQLite's machine, between two looks at the clock */ };

#define OF_MESSAGE "SELECT m.id, m.ticket_id, m.at FROM "
SQL(q_hits, OF_MESSAGE "search f CROSS JOIN message m ON m.id = f.rowid "
            "WHERE f.t MATCH ? AND f.rowid >= ? AND f.rowid < ? ORDER BY f.rowid DESC");
SQL(q_all, OF_MESSAGE "message m WHERE m.id >= ? AND m.id < ? ORDER BY m.id DESC");
SQL(q_oldest, "SELECT min(id) FROM message WHERE ticket_id = ?");
SQL(q_newest, "SELECT max(id) FROM message WHERE ticket_id = ?");
SQL(q_of_ticket, "SELECT state, assignee_id FROM ticket WHERE id = ?");
SQL(q_first_of, "SELECT min(first_id) FROM search_day WHERE day >= ?");
SQL(q_last_of, "SELECT max(last_id) FROM search_day WHERE day <= ?");
SQL(q_text, "SELECT size, data FROM search_text WHERE message_id = ?");

/* Tickets that were decided on. */
struct seen {
	int64_t *v; /* 0 = free */
	size_t n, cap;
};

struct found { int64_t message, ticket; };

struct walk {
	struct store *s;
	const struct search *what;
	const struct search_query *q;
	struct err *e;
	struct sb match;
	int64_t low, high;     /* ids to look at: low <= id < high */
	int64_t assignee;      /* -1 = any, 0 = nobody */
	int64_t deadline;
	struct seen seen;
	size_t skipped, n;
	struct found v[SEARCH_LIMIT_MAX + 1];
	epoch reached;         /* receipt of the last row that was looked at */
	bool late;
};

/* ---- tickets seen --------------------------------------------------------------- */

static int64_t *place(const struct seen *h, int64_t ticket)
{
	size_t i = ((uint64_t)ticket * 0x9E3779B97F4A7C15u >> 20) % h->cap;
	while (h->v[i] && h->v[i] != ticket)
		i = (i + 1) % h->cap;
	return &h->v[i];
}

static void grow(struct seen *h)
{
	struct seen big = { .n = h->n, .cap = h->cap ? h->cap * 2 : 256 };
	big.v = xcalloc(big.cap, sizeof *big.v);
	for (size_t i = 0; i < h->cap; i++)
		if (h->v[i])
			*place(&big, h->v[i]) = h->v[i];
	free(h->v);
	*h = big;
}

/* True the first time. */
static bool see(struct seen *h, int64_t ticket)
{
	if (h->n * 2 >= h->cap)
		grow(h);
	int64_t *at = place(h, ticket);
	if (*at)
		return false;
	*at = ticket;
	h->n++;
	return true;
}

/* ---- one row ---------------------------------------------------------------------- */

struct of_ticket { int state; int64_t assignee; };

static void take_of_ticket(sqlite3_stmt *st, struct arena *a, void *row)
{
	(void)a;
	*(struct of_ticket *)row = (struct of_ticket){ (int)sql_int(st, 0), sql_int(st, 1) };
}

static enum status ticket_fits(struct walk *w, int64_t ticket, bool *fits_r)
{
	struct of_ticket t;
	*fits_r = true;
	if (w->q->state < 0 && w->assignee < 0)
		return OK;
	enum status st = sql_one(w->s, &q_of_ticket, BIND(B_INT(ticket)), take_of_ticket, NULL, &t, w->e);
	if (st == OK)
		*fits_r = (w->q->state < 0 || t.state == w->q->state) && (w->assignee < 0 || t.assignee == w->assignee);
	return st;
}

static bool at_fits(const struct walk *w, epoch at)
{
	return (!w->q->after || at >= w->q->after) && (!w->q->before || at < w->q->before);
}

static bool full(const struct walk *w)
{
	return w->n > w->what->limit || (w->q->ticket && w->n);
}

static enum status look_at(struct walk *w, int64_t id, int64_t ticket, epoch at)
{
	bool fits;
	w->reached = at;
	if (!ticket || (w->q->ticket && ticket != w->q->ticket) || !at_fits(w, at) || !see(&w->seen, ticket))
		return OK;
	enum status st = ticket_fits(w, ticket, &fits);
	if (st != OK || !fits)
		return st;
	if (w->skipped < w->what->skip)
		w->skipped++;
	else
		w->v[w->n++] = (struct found){ id, ticket };
	return OK;
}

/* ---- all rows ------------------------------------------------------------------------- */

static int out_of_time(void *arg)
{
	struct walk *w = arg;
	w->late = w->late || clk_mono_ms() >= w->deadline;
	return w->late;
}

static enum status run_rows(struct walk *w, const struct sql *sql, const struct sql_val *v)
{
	sqlite3_stmt *row = NULL;
	enum status st = sql_open(w->s, sql, v, &row, w->e);
	while (st == OK && !full(w)) {
		if ((st = sql_step(w->s, row, w->e)) == OK)
			st = look_at(w, sql_int(row, 0), sql_int(row, 1), sql_int(row, 2));
	}
	sql_close(row);
	return st == ERR_NOTFOUND || w->late ? OK : st;
}

static enum status run(struct walk *w)
{
	enum status st;
	sqlite3_progress_handler(w->s->db, STEPS_A_LOOK, out_of_time, w);
	if (w->match.len)
		st = run_rows(w, &q_hits, BIND(B_TEXT(w->match.s), B_INT(w->low), B_INT(w->high)));
	else
		st = run_rows(w, &q_all, BIND(B_INT(w->low), B_INT(w->high)));
	sqlite3_progress_handler(w->s->db, 0, NULL, NULL);
	return st;
}

/* ---- what the filters mean ------------------------------------------------------------ */

static bool names(const struct staff *p, const char *folded)
{
	struct sb name = SB_INIT;
	search_fold(p->name, strlen(p->name), &name);
	bool same = strcmp(p->login, folded) == 0 || (name.len && strstr(name.s, folded));
	sb_free(&name);
	return same;
}

static enum status find_assignee(struct walk *w, struct arena *a)
{
	struct staff *v;
	size_t n, hits = 0;
	w->assignee = w->q->assignee ? 0 : -1;
	if (!w->q->assignee || !*w->q->assignee)
		return OK;
	enum status st = staff_list(w->s, 0, a, &v, &n, w->e);
	for (size_t i = 0; st == OK && i < n; i++) {
		if (!names(&v[i], w->q->assignee))
			continue;
		w->assignee = v[i].id;
		if (strcmp(v[i].login, w->q->assignee) == 0)
			return OK;
		hits++;
	}
	if (st == OK && hits != 1)
		st = err_set(w->e, ERR_NOTFOUND, hits ? "該当する担当者が複数います: %.60s" : "そのような担当者はいません: %.60s",
		             w->q->assignee);
	return st;
}

/* A ticket's mails mostly lie close together. */
static enum status ticket_bounds(struct walk *w)
{
	int64_t oldest = 0, newest = 0;
	enum status st = sql_number(w->s, &q_oldest, BIND(B_INT(w->q->ticket)), &oldest, w->e);
	if (st == OK)
		st = sql_number(w->s, &q_newest, BIND(B_INT(w->q->ticket)), &newest, w->e);
	w->low = w->low > oldest ? w->low : oldest;
	w->high = w->high < newest ? w->high : newest + 1;
	return st;
}

/* The ids of days; a day's mails lie between its first and its last. */
static enum status find_bounds(struct walk *w)
{
	int64_t low = 0, last = 0;
	enum status st = search_indexed(w->s, &w->high, w->e);
	w->high++;
	if (st == OK && w->q->after) {
		st = sql_number(w->s, &q_first_of, BIND(B_INT(search_day_of(w->q->after))), &low, w->e);
		w->low = low ? low : w->high; /* no day, no mail */
	}
	if (st == OK && w->q->before) {
		st = sql_number(w->s, &q_last_of, BIND(B_INT(search_day_of(w->q->before - 1))), &last, w->e);
		w->high = last < w->high ? last + 1 : w->high;
	}
	return st == OK && w->q->ticket ? ticket_bounds(w) : st;
}

/* ---- what is shown ----------------------------------------------------------------------- */

static enum status text_of(struct store *s, int64_t id, struct sb *out, struct err *e)
{
	sqlite3_stmt *row = NULL;
	enum status st = sql_open(s, &q_text, BIND(B_INT(id)), &row, e);
	if (st == OK && (st = sql_step(s, row, e)) == OK)
		st = zip_unpack(&s->zip, sqlite3_column_blob(row, 1), (size_t)sqlite3_column_bytes(row, 1),
		                (size_t)sql_int(row, 0), out, e);
	sql_close(row);
	return st == ERR_NOTFOUND ? OK : st;
}

static enum status fill(const struct walk *w, const struct found *f, struct arena *a, struct search_hit *h)
{
	struct sb text = SB_INIT, line = SB_INIT;
	enum status st = ticket_get(w->s, f->ticket, a, &h->ticket, w->e);
	if (st == OK)
		st = message_get(w->s, f->message, a, &h->message, w->e);
	if (st == OK)
		st = text_of(w->s, f->message, &text, w->e);
	if (st == OK)
		h->mark = text_snippet(text.s, text.len, w->q, w->what->cols, &line);
	h->snippet = arena_memdup(a, line.s, line.len);
	sb_free(&text);
	sb_free(&line);
	return st;
}

static enum status fill_all(const struct walk *w, struct arena *a, struct search_result *r)
{
	enum status st = OK;
	r->more = w->n > w->what->limit;
	r->n = r->more ? w->what->limit : w->n;
	r->v = arena_zalloc(a, (r->n + 1) * sizeof *r->v);
	for (size_t i = 0; st == OK && i < r->n; i++)
		st = fill(w, &w->v[i], a, &r->v[i]);
	r->partial = w->late && !r->more;
	r->reached = w->reached;
	return st;
}

/* ---- all together -------------------------------------------------------------------------- */

static enum status bounded(const struct search *what, struct err *e)
{
	if (what->limit < 1 || what->limit > SEARCH_LIMIT_MAX)
		return err_set(e, ERR_BUG, "search: a page of %zu tickets", what->limit);
	if (what->skip > SEARCH_SKIP_MAX)
		return err_set(e, ERR_LIMIT, "表示できるのは %d 件までです。条件を追加して絞り込んでください。", SEARCH_SKIP_MAX);
	return OK;
}

enum status search_run(struct store *s, const struct search *what, struct arena *a, struct search_result *r,
                       struct err *e)
{
	*r = (struct search_result){ 0 };
	enum status st = bounded(what, e);
	if (st != OK)
		return st;
	struct walk *w = xcalloc(1, sizeof *w);
	*w = (struct walk){ .s = s, .what = what, .q = what->query, .e = e, .match = SB_INIT,
		.deadline = clk_mono_ms() + SEARCH_BUDGET_MS };
	st = find_assignee(w, a);
	if (st == OK)
		st = find_bounds(w);
	if (st == OK)
		st = search_match(s, w->q, &w->match, e);
	if (st == OK)
		st = run(w);
	if (st == OK)
		st = fill_all(w, a, r);
	if (st == OK)
		st = search_lag(s, &r->behind, e);
	sb_free(&w->match);
	free(w->seen.v);
	free(w);
	return st;
}
