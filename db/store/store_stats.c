/* What statistics are counted from. See store_stats.h. */
#include "store/store_stats.h"
#include "store/store_impl.h"

SQL(q_opened, "SELECT opened_at, channel, contract_id, category FROM ticket WHERE opened_at >= ? AND opened_at < ? AND channel NOT IN ('diagnosis', 'health') "
              "ORDER BY opened_at");
SQL(q_first, "SELECT opened_at FROM ticket ORDER BY opened_at LIMIT 1");
/* The list is the index's own (audit_counted), so that it is used. */
SQL(q_count, "SELECT count(*) FROM audit WHERE what = ? AND at >= ? AND at < ? AND what IN "
             "('ticket.close', 'ticket.reopen', 'ticket.merge', 'ticket.unmerge', 'ticket.spam')");

static void take_ticket(sqlite3_stmt *st, struct arena *a, void *row)
{
	struct stats_ticket *t = row;
	t->opened_at = sql_int(st, 0);
	t->channel = sql_text(st, 1, a);
	t->contract_id = sql_int(st, 2);
	t->category = (int)sql_int(st, 3);
}

enum status stats_opened(struct store *s, epoch from, epoch to, struct arena *a, struct stats_ticket **v_r, size_t *n_r,
                         struct err *e)
{
	return sql_list(s, &q_opened, BIND(B_INT(from), B_INT(to)), take_ticket, sizeof **v_r, a, v_r, n_r, e);
}

enum status stats_first(struct store *s, epoch *at_r, struct err *e)
{
	enum status st = sql_number(s, &q_first, BIND_NONE, at_r, e);
	if (st == ERR_NOTFOUND)
		*at_r = 0;
	return st == ERR_NOTFOUND ? OK : st;
}

enum status stats_count(struct store *s, enum stats_event what, epoch from, epoch to, int64_t *n_r, struct err *e)
{
	static const char *const names[STATS_EVENTS] = { "ticket.close", "ticket.reopen", "ticket.merge", "ticket.unmerge",
	                                                 "ticket.spam" };
	return sql_number(s, &q_count, BIND(B_TEXT(names[what]), B_INT(from), B_INT(to)), n_r, e);
}
