/* What reply clocks still have to cause. See store_due.h. */
#include "store/store_due.h"
#include "store/store_impl.h"

#define ALL "SELECT " TICKET_ROW " FROM ticket "

SQL(q_next, "SELECT look_at FROM ticket WHERE look_at IS NOT NULL ORDER BY look_at LIMIT 1");
SQL(q_due, ALL "WHERE look_at <= ? ORDER BY look_at LIMIT ?");
SQL(q_look, "UPDATE ticket SET look_at = ? WHERE id = ?");
SQL(q_stages, "SELECT due_at, stage, at FROM due_stage WHERE ticket_id = ?");
SQL(q_record, "INSERT INTO due_stage (ticket_id, due_at, stage, at) VALUES (?, ?, ?, ?) "
              "ON CONFLICT (ticket_id, due_at, stage) DO NOTHING");

SQL(q_waiting, ALL "WHERE due_at >= ? AND due_at < ? AND waiting_since < ? ORDER BY due_at, id LIMIT ?");
SQL(q_untaken, ALL "WHERE due_at >= ? AND due_at < ? AND waiting_since < ? AND assignee_id IS NULL "
                   "ORDER BY due_at, id LIMIT ?");
SQL(q_count, "SELECT count(*) FROM ticket WHERE due_at >= ? AND due_at < ? AND waiting_since < ?");
SQL(q_count_untaken, "SELECT count(*) FROM ticket WHERE due_at >= ? AND due_at < ? AND waiting_since < ? "
                     "AND assignee_id IS NULL");

SQL(q_round, "SELECT digest_day, held, held_since FROM due_round WHERE id = 1");
SQL(q_round_set, "INSERT INTO due_round (id, digest_day, held, held_since) VALUES (1, ?, ?, ?) ON CONFLICT (id) "
                 "DO UPDATE SET digest_day = excluded.digest_day, held = excluded.held, "
                 "held_since = excluded.held_since");

/* ---- stages ------------------------------------------------------------------- */

static void take_stage(struct due_done *r, int64_t stage, epoch at)
{
	if (stage == DUE_MOVED) {
		r->moved = true;
		r->moved_at = at;
	} else if (stage == DUE_NOTICED)
		r->noticed_at = at;
	else if (stage == DUE_UNNOTICED)
		r->unnoticed = true;
	else if (stage > r->told)
		r->told = (int)stage;
}

/* A due time of which nothing was done yet, while something was done for another
 * one in the same time of waiting, was moved. */
enum status due_done(struct store *s, const struct ticket *t, struct due_done *r, struct err *e)
{
	sqlite3_stmt *row = NULL;
	bool known = false, other = false;
	*r = (struct due_done){ 0 };
	enum status st = sql_open(s, &q_stages, BIND(B_INT(t->id)), &row, e);
	while (st == OK && (st = sql_step(s, row, e)) == OK) {
		if (sql_int(row, 0) == t->due_at) {
			known = true;
			take_stage(r, sql_int(row, 1), sql_int(row, 2));
		} else if (sql_int(row, 2) >= t->waiting_since)
			other = true;
	}
	sql_close(row);
	if (!known && other)
		r->moved = true;
	return st == ERR_NOTFOUND ? OK : st;
}

enum status due_record(struct store *s, const struct ticket *t, int stage, epoch now, struct err *e)
{
	return sql_run(s, &q_record, BIND(B_INT(t->id), B_INT(t->due_at), B_INT(stage), B_INT(now)), e);
}

/* ---- when to look ----------------------------------------------------------------- */

enum status due_next(struct store *s, epoch *next_r, struct err *e)
{
	enum status st = sql_number(s, &q_next, BIND_NONE, next_r, e);
	if (st == ERR_NOTFOUND)
		*next_r = 0;
	return st == ERR_NOTFOUND ? OK : st;
}

enum status due_list(struct store *s, epoch now, size_t max, struct arena *a, struct ticket **v_r, size_t *n_r,
                     struct err *e)
{
	return sql_list(s, &q_due, BIND(B_INT(now), B_INT(max)), ticket_take, sizeof **v_r, a, v_r, n_r, e);
}

enum status due_look(struct store *s, int64_t ticket, epoch next, struct err *e)
{
	return sql_run(s, &q_look, BIND(B_ID(next), B_INT(ticket)), e);
}

/* ---- who waits ------------------------------------------------------------------------ */

enum status due_waiting(struct store *s, const struct due_filter *f, int limit, struct arena *a, struct ticket **v_r,
                        size_t *n_r, struct err *e)
{
	return sql_list(s, f->unassigned ? &q_untaken : &q_waiting,
	                BIND(B_INT(f->from), B_INT(f->to), B_INT(f->before), B_INT(limit)), ticket_take, sizeof **v_r,
	                a, v_r, n_r, e);
}

enum status due_count(struct store *s, const struct due_filter *f, int64_t *n_r, struct err *e)
{
	return sql_number(s, f->unassigned ? &q_count_untaken : &q_count,
	                  BIND(B_INT(f->from), B_INT(f->to), B_INT(f->before)), n_r, e);
}

/* ---- rounds ------------------------------------------------------------------------------ */

static void take_round(sqlite3_stmt *st, struct arena *a, void *row)
{
	struct due_round *r = row;
	(void)a;
	r->digest_day = sql_int(st, 0);
	r->held = sql_int(st, 1);
	r->held_since = sql_int(st, 2);
}

enum status due_round_get(struct store *s, struct due_round *r, struct err *e)
{
	return sql_one(s, &q_round, BIND_NONE, take_round, NULL, r, e);
}

enum status due_round_set(struct store *s, const struct due_round *r, struct err *e)
{
	return sql_run(s, &q_round_set, BIND(B_INT(r->digest_day), B_INT(r->held), B_ID(r->held_since)), e);
}
