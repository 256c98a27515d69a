/* Reports to be made. See store_report.h. */
#include "store/store_report.h"
#include "store/store_impl.h"

#define ALL "SELECT id, state, kind, what, rcpts, who, in_reply_to, asked_at, due_at, attempts, done_at FROM report_job "

SQL(q_add, "INSERT INTO report_job (state, kind, what, rcpts, who, in_reply_to, asked_at, due_at, attempts, last_error) "
           "VALUES (0, ?, ?, ?, ?, ?, ?, ?, 0, '') ON CONFLICT DO NOTHING");
SQL(q_order, "INSERT INTO report_job (state, kind, what, rcpts, who, in_reply_to, asked_at, due_at, attempts, last_error) "
             "VALUES (0, ?, ?, '', ?, ?, ?, ?, 0, '') ON CONFLICT (kind, what) WHERE rcpts = '' DO UPDATE SET "
             "state = 0, who = excluded.who, in_reply_to = excluded.in_reply_to, asked_at = excluded.asked_at, due_at = excluded.due_at, "
             "attempts = 0, last_error = '', done_at = NULL, outbox_id = NULL WHERE state <> 0");
SQL(q_next, "SELECT due_at FROM report_job WHERE state = 0 ORDER BY due_at LIMIT 1");
SQL(q_due, ALL "WHERE state = 0 AND due_at <= ? ORDER BY due_at LIMIT 1");
SQL(q_last, ALL "WHERE kind = ? AND what = ? AND rcpts = ? AND state = 1 ORDER BY id DESC LIMIT 1");
SQL(q_regular, "SELECT 1 FROM report_job WHERE kind = ? AND rcpts = '' LIMIT 1");
SQL(q_end, "UPDATE report_job SET state = ?, outbox_id = ?, last_error = ?, done_at = ?, attempts = attempts + 1 "
           "WHERE id = ? AND state = 0");
SQL(q_retry, "UPDATE report_job SET due_at = ?, last_error = ?, attempts = attempts + 1 WHERE id = ? AND state = 0");

enum status report_job_add(struct store *s, struct report_job *j, struct err *e)
{
	enum status st = sql_insert(s, &q_add, BIND(B_TEXT(j->kind), B_TEXT(j->what), B_TEXT(j->rcpts), B_TEXT(j->who),
	                                            B_TEXT(j->in_reply_to), B_INT(j->asked_at), B_INT(j->due_at)), &j->id, e);
	return st == ERR_NOTFOUND ? err_set(e, ERR_EXISTS, "%s %s is there already", j->kind, j->what) : st;
}

enum status report_job_order(struct store *s, const struct report_job *j, struct err *e)
{
	return sql_run(s, &q_order, BIND(B_TEXT(j->kind), B_TEXT(j->what), B_TEXT(j->who), B_TEXT(j->in_reply_to), B_INT(j->asked_at), B_INT(j->due_at)), e);
}

enum status report_job_next(struct store *s, epoch *due_r, struct err *e)
{
	enum status st = sql_number(s, &q_next, BIND_NONE, due_r, e);
	if (st == ERR_NOTFOUND)
		*due_r = 0;
	return st == ERR_NOTFOUND ? OK : st;
}

static void take_job(sqlite3_stmt *st, struct arena *a, void *row)
{
	struct report_job *j = row;
	j->id = sql_int(st, 0);
	j->state = (enum report_state)sql_int(st, 1);
	j->kind = sql_text(st, 2, a);
	j->what = sql_text(st, 3, a);
	j->rcpts = sql_text(st, 4, a);
	j->who = sql_text(st, 5, a);
	j->in_reply_to = sql_text(st, 6, a);
	j->asked_at = sql_int(st, 7);
	j->due_at = sql_int(st, 8);
	j->attempts = (int)sql_int(st, 9);
	j->done_at = sql_int(st, 10);
}

enum status report_job_due(struct store *s, epoch now, struct arena *a, struct report_job *j_r, struct err *e)
{
	return sql_one(s, &q_due, BIND(B_INT(now)), take_job, a, j_r, e);
}

enum status report_job_last(struct store *s, const char *kind, const char *what, const char *rcpts, struct arena *a,
                            struct report_job *j_r, struct err *e)
{
	return sql_one(s, &q_last, BIND(B_TEXT(kind), B_TEXT(what), B_TEXT(rcpts)), take_job, a, j_r, e);
}

enum status report_job_regular(struct store *s, const char *kind, bool *has_r, struct err *e)
{
	int64_t one;
	enum status st = sql_number(s, &q_regular, BIND(B_TEXT(kind)), &one, e);
	*has_r = st == OK;
	return st == ERR_NOTFOUND ? OK : st;
}

enum status report_job_end(struct store *s, int64_t id, enum report_state state, int64_t outbox, const char *why, epoch now,
                           struct err *e)
{
	enum status st = sql_run(s, &q_end, BIND(B_INT(state), B_ID(outbox), B_TEXT(why), B_INT(now), B_INT(id)), e);
	return st == OK && sql_changes(s) == 0 ? err_set(e, ERR_EXISTS, "report %lld has ended", (long long)id) : st;
}

enum status report_job_retry(struct store *s, int64_t id, epoch next, const char *why, struct err *e)
{
	return sql_run(s, &q_retry, BIND(B_INT(next), B_TEXT(why), B_INT(id)), e);
}
