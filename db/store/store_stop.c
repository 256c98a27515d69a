/* Domains that get no more of the newsletter. See store_stop.h. */
#include "store/store_stop.h"
#include "store/store_impl.h"

SQL(q_add, "INSERT INTO bulk_stop (domain, issue_id, at, why) VALUES (?, ?, ?, ?) ON CONFLICT (domain) DO NOTHING");
SQL(q_list, "SELECT domain, issue_id, at, why, told_at FROM bulk_stop WHERE domain > '' ORDER BY domain");
SQL(q_told, "UPDATE bulk_stop SET told_at = ? WHERE domain > '' AND issue_id = ? AND told_at IS NULL");
SQL(q_free, "DELETE FROM bulk_stop WHERE domain = ?");
SQL(q_free_all, "DELETE FROM bulk_stop WHERE domain > '' AND issue_id = ?");

enum status stop_add(struct store *s, const struct domain_stop *d, struct err *e)
{
	return sql_run(s, &q_add, BIND(B_TEXT(d->domain), B_INT(d->issue_id), B_INT(d->at), B_TEXT(d->why)), e);
}

static void take_stop(sqlite3_stmt *st, struct arena *a, void *row)
{
	*(struct domain_stop *)row = (struct domain_stop){ .domain = sql_text(st, 0, a), .issue_id = sql_int(st, 1),
		.at = sql_int(st, 2), .why = sql_text(st, 3, a), .told_at = sql_int(st, 4) };
}

enum status stop_list(struct store *s, struct arena *a, struct domain_stop **v_r, size_t *n_r, struct err *e)
{
	return sql_list(s, &q_list, BIND_NONE, take_stop, sizeof **v_r, a, v_r, n_r, e);
}

enum status stop_told(struct store *s, int64_t issue, epoch now, struct err *e)
{
	return sql_run(s, &q_told, BIND(B_INT(now), B_INT(issue)), e);
}

enum status stop_free(struct store *s, const char *domain, struct err *e)
{
	enum status st = sql_run(s, &q_free, BIND(B_TEXT(domain)), e);
	return st == OK && !sql_changes(s) ? err_set(e, ERR_NOTFOUND, "%s is not stopped", domain) : st;
}

enum status stop_free_all(struct store *s, int64_t issue, struct err *e)
{
	return sql_run(s, &q_free_all, BIND(B_INT(issue)), e);
}
