/* The audit trail. See store_audit.h. */
#include "store/store_audit.h"
#include "store/store_impl.h"

SQL(q_add, "INSERT INTO audit (at, who, what, ticket_id, detail) VALUES (?, ?, ?, ?, ?)");
SQL(q_list, "SELECT id, at, who, what, ticket_id, detail FROM audit "
            "WHERE ticket_id IS NOT DISTINCT FROM ? ORDER BY id");
SQL(q_last, "SELECT at FROM audit WHERE id = (SELECT max(id) FROM audit)");

enum status audit_add(struct store *s, const struct audit *row, struct err *e)
{
	return sql_run(s, &q_add,
	               BIND(B_INT(row->at), B_TEXT(row->who), B_TEXT(row->what), B_ID(row->ticket_id),
	                    B_TEXT(row->detail)), e);
}

static void take_audit(sqlite3_stmt *st, struct arena *a, void *row)
{
	struct audit *r = row;
	r->id = sql_int(st, 0);
	r->at = sql_int(st, 1);
	r->who = sql_text(st, 2, a);
	r->what = sql_text(st, 3, a);
	r->ticket_id = sql_int(st, 4);
	r->detail = sql_text(st, 5, a);
}

enum status audit_list(struct store *s, int64_t ticket, struct arena *a, struct audit **v_r, size_t *n_r,
                       struct err *e)
{
	return sql_list(s, &q_list, BIND(B_ID(ticket)), take_audit, sizeof **v_r, a, v_r, n_r, e);
}

enum status audit_last(struct store *s, epoch *at_r, struct err *e)
{
	enum status st = sql_number(s, &q_last, BIND_NONE, at_r, e);
	if (st != ERR_NOTFOUND)
		return st;
	*at_r = 0;
	return OK;
}
