/* Whose state the mailboxes are to show anew. See store_imap.h. */
#include "store/store_imap.h"
#include "store/store_impl.h"

SQL(q_touch, "INSERT INTO imap_state (ticket_id, changes, fresh, shown, look_at) VALUES (?, 1, 0, 0, 0) "
             "ON CONFLICT (ticket_id) DO UPDATE SET changes = changes + 1, look_at = 0");
SQL(q_touch_sent, "INSERT INTO imap_state (ticket_id, changes, fresh, shown, look_at) "
                  "SELECT ticket_id, 1, ?2, 0, 0 FROM outbox WHERE id = ?1 AND kind = 0 AND ticket_id IS NOT NULL "
                  "ON CONFLICT (ticket_id) DO UPDATE SET changes = changes + 1, fresh = excluded.fresh, look_at = 0");
SQL(q_list, "SELECT ticket_id, changes, fresh, shown FROM imap_state WHERE look_at <= ? ORDER BY look_at LIMIT ?");
SQL(q_done, "UPDATE imap_state SET fresh = ?, shown = ?, look_at = ? WHERE ticket_id = ? AND changes = ?");

enum status showing_touch(struct store *s, int64_t ticket, struct err *e)
{
	return sql_run(s, &q_touch, BIND(B_INT(ticket)), e);
}

enum status showing_touch_sent(struct store *s, int64_t outbox, struct err *e)
{
	return sql_run(s, &q_touch_sent, BIND(B_INT(outbox), B_INT(SHOWING_LOOKS)), e);
}

static void take_row(sqlite3_stmt *st, struct arena *a, void *row)
{
	struct showing *r = row;
	(void)a;
	r->ticket_id = sql_int(st, 0);
	r->changes = sql_int(st, 1);
	r->fresh = sql_int(st, 2);
	r->shown = sql_int(st, 3);
}

enum status showing_list(struct store *s, epoch now, size_t max, struct arena *a, struct showing **v_r, size_t *n_r,
                      struct err *e)
{
	return sql_list(s, &q_list, BIND(B_INT(now), B_INT(max)), take_row, sizeof **v_r, a, v_r, n_r, e);
}

enum status showing_done(struct store *s, const struct showing *r, epoch next, struct err *e)
{
	return sql_run(s, &q_done, BIND(B_INT(r->fresh), B_INT(r->shown), B_ID(next), B_INT(r->ticket_id), B_INT(r->changes)), e);
}
