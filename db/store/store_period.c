/* How long customers waited. See store_period.h. */
#include "store/store_period.h"
#include "store/store_impl.h"

/* A wait that went on after a closing has one row, of its last end. */
SQL(q_add, "INSERT INTO reply_period (ticket_id, since, due_at, ended_at, how, staff_id) VALUES (?, ?, ?, ?, ?, ?) "
           "ON CONFLICT (ticket_id, since) DO UPDATE SET due_at = excluded.due_at, ended_at = excluded.ended_at, "
           "how = excluded.how, staff_id = excluded.staff_id");
SQL(q_undo, "DELETE FROM reply_period WHERE ticket_id = ? AND since = ?");
SQL(q_list, "SELECT ticket_id, since, due_at, ended_at, how, staff_id FROM reply_period "
            "WHERE ended_at >= ? AND ended_at < ? AND since < ? ORDER BY ended_at");

enum status period_end(struct store *s, const struct ticket *t, enum period_how how, int64_t staff, epoch now,
                       struct err *e)
{
	if (!t->waiting_since)
		return OK;
	return sql_run(s, &q_add, BIND(B_INT(t->id), B_INT(t->waiting_since), B_INT(t->due_at), B_INT(now), B_INT(how),
	                               B_ID(staff)), e);
}

enum status period_undo(struct store *s, int64_t ticket, epoch since, struct err *e)
{
	return sql_run(s, &q_undo, BIND(B_INT(ticket), B_INT(since)), e);
}

static void take_period(sqlite3_stmt *st, struct arena *a, void *row)
{
	struct period *p = row;
	(void)a;
	p->ticket_id = sql_int(st, 0);
	p->since = sql_int(st, 1);
	p->due_at = sql_int(st, 2);
	p->ended_at = sql_int(st, 3);
	p->how = (enum period_how)sql_int(st, 4);
	p->staff_id = sql_int(st, 5);
}

enum status period_list(struct store *s, epoch from, epoch to, epoch began, struct arena *a, struct period **v_r,
                        size_t *n_r, struct err *e)
{
	return sql_list(s, &q_list, BIND(B_INT(from), B_INT(to), B_INT(began)), take_period, sizeof **v_r, a, v_r, n_r, e);
}
