/* The ledger of an issue. See store_ledger.h. */
#include "store/store_ledger.h"
#include "store/store_impl.h"
#include "store/store_reader.h"
#include <string.h>

#define RCPT "i.issue_id, i.reader_id, i.state, i.at, i.queue_id, i.detail, r.addr_key"

SQL(q_begin, "UPDATE issue SET expand_after = 0 WHERE id = ?");
SQL(q_begin_count, "INSERT INTO issue_count (issue_id, state, n) VALUES (?, ?, 0) ON CONFLICT (issue_id, state) DO NOTHING");
SQL(q_expanded, "SELECT expand_after FROM issue WHERE id = ? AND expand_after IS NOT NULL");
SQL(q_last, "SELECT id FROM reader WHERE id > ? ORDER BY id LIMIT 1 OFFSET ?");
SQL(q_highest, "SELECT id FROM reader WHERE id > 0 ORDER BY id DESC LIMIT 1");
SQL(q_expand, "INSERT INTO issue_rcpt (issue_id, reader_id, state, at) SELECT ?, id, ?, ? FROM reader "
              "WHERE id > ? AND id <= ? AND state = ?");
SQL(q_expand_to, "UPDATE issue SET expand_after = ? WHERE id = ?");

SQL(q_state, "SELECT state FROM issue_rcpt WHERE issue_id = ? AND reader_id = ?");
SQL(q_move, "UPDATE issue_rcpt SET state = ?, at = ?, queue_id = coalesce(nullif(?, ''), queue_id), "
            "detail = coalesce(nullif(?, ''), detail) WHERE issue_id = ? AND reader_id = ?");
SQL(q_claim, "UPDATE issue_rcpt SET state = 1, at = ?, queue_id = NULL, detail = NULL WHERE issue_id = ? AND reader_id = ?");
SQL(q_note, "UPDATE issue_rcpt SET detail = ? WHERE issue_id = ? AND reader_id = ? AND state = 2");
SQL(q_cancel, "UPDATE issue_rcpt SET state = ?, at = ?, detail = ? WHERE issue_id = ? AND state = 0");
SQL(q_stop_expanding, "UPDATE issue SET expand_after = NULL WHERE id = ?");
SQL(q_get, "SELECT " RCPT " FROM issue_rcpt i CROSS JOIN reader r ON r.id = i.reader_id WHERE i.issue_id = ? AND i.reader_id = ?");
SQL(q_list, "SELECT " RCPT " FROM issue_rcpt i CROSS JOIN reader r ON r.id = i.reader_id "
            "WHERE i.issue_id = ? AND i.reader_id > ? ORDER BY i.reader_id LIMIT ?");
SQL(q_of_reader, "SELECT " RCPT " FROM issue x CROSS JOIN issue_rcpt i ON i.issue_id = x.id AND i.reader_id = ? "
                 "CROSS JOIN reader r ON r.id = i.reader_id WHERE x.id > 0 ORDER BY x.id DESC LIMIT ?");
SQL(q_count_add, "UPDATE issue_count SET n = n + ? WHERE issue_id = ? AND state = ?");
SQL(q_counts, "SELECT state, n FROM issue_count WHERE issue_id = ?");
SQL(q_rows, "SELECT state FROM issue_rcpt WHERE issue_id = ?");
SQL(q_log_inode, "SELECT log_inode FROM bulk_mark WHERE id = 1");
SQL(q_log_offset, "SELECT log_offset FROM bulk_mark WHERE id = 1");
SQL(q_log_set, "UPDATE bulk_mark SET log_inode = ?, log_offset = ? WHERE id = 1");

const char *rcpt_state_name(enum rcpt_state st)
{
	static const char *const names[] = { "pending", "claimed", "queued", "delivered", "bounced", "expired", "complained",
		                             "suppressed" };
	return (unsigned)st < RCPT_STATES ? names[st] : "unknown";
}

const char *rcpt_state_ja(enum rcpt_state st)
{
	static const char *const names[] = { "これから", "引き渡し中", "配送中", "配信済み", "不達", "期限切れ", "迷惑メール報告",
		                             "配信対象外" };
	return (unsigned)st < RCPT_STATES ? names[st] : "不明";
}

static enum status count_add(struct store *s, int64_t issue, int64_t state, int64_t n, struct err *e)
{
	return n ? sql_run(s, &q_count_add, BIND(B_INT(n), B_INT(issue), B_INT(state)), e) : OK;
}

/* ---- who is to get it ------------------------------------------------------------ */

enum status ledger_begin(struct store *s, int64_t issue, struct err *e)
{
	enum status st = sql_run(s, &q_begin, BIND(B_INT(issue)), e);
	for (int i = 0; i < RCPT_STATES && st == OK; i++)
		st = sql_run(s, &q_begin_count, BIND(B_INT(issue), B_INT(i)), e);
	return st;
}

static enum status take_in(struct store *s, int64_t issue, int64_t from, int64_t to, enum reader_state who,
                           enum rcpt_state as, epoch now, struct err *e)
{
	enum status st = sql_run(s, &q_expand, BIND(B_INT(issue), B_INT(as), B_INT(now), B_INT(from), B_INT(to), B_INT(who)), e);
	return st == OK ? count_add(s, issue, as, sql_changes(s), e) : st;
}

enum status ledger_expand(struct store *s, int64_t issue, size_t max, epoch now, bool *more_r, struct err *e)
{
	int64_t from, to;
	*more_r = false;
	enum status st = sql_number(s, &q_expanded, BIND(B_INT(issue)), &from, e);
	if (st != OK)
		return st == ERR_NOTFOUND ? OK : st;
	st = sql_number(s, &q_last, BIND(B_INT(from), B_INT(max - 1)), &to, e);
	*more_r = st == OK;
	if (st == ERR_NOTFOUND)
		st = sql_number(s, &q_highest, BIND_NONE, &to, e);
	if (st == ERR_NOTFOUND) { /* not a single reader */
		to = from;
		st = OK;
	}
	if (st == OK)
		st = take_in(s, issue, from, to, READER_ACTIVE, RCPT_PENDING, now, e);
	if (st == OK)
		st = take_in(s, issue, from, to, READER_SUPPRESSED, RCPT_SUPPRESSED, now, e);
	return st == OK ? sql_run(s, &q_expand_to, BIND(B_ID(*more_r ? to : 0), B_INT(issue)), e) : st;
}

/* ---- what becomes of it ------------------------------------------------------------ */

static bool leads_forward(enum rcpt_state from, enum rcpt_state to)
{
	static const unsigned next[RCPT_STATES] = {
		[RCPT_PENDING] = 1u << RCPT_CLAIMED | 1u << RCPT_SUPPRESSED | 1u << RCPT_EXPIRED,
		[RCPT_CLAIMED] = 1u << RCPT_PENDING | 1u << RCPT_QUEUED | 1u << RCPT_DELIVERED | 1u << RCPT_BOUNCED |
		                 1u << RCPT_EXPIRED | 1u << RCPT_COMPLAINED | 1u << RCPT_SUPPRESSED,
		[RCPT_QUEUED] = 1u << RCPT_DELIVERED | 1u << RCPT_BOUNCED | 1u << RCPT_EXPIRED | 1u << RCPT_COMPLAINED,
		[RCPT_DELIVERED] = 1u << RCPT_BOUNCED | 1u << RCPT_COMPLAINED,
	};
	return next[from] & 1u << to;
}

enum status ledger_move(struct store *s, int64_t issue, int64_t reader, enum rcpt_state to, const char *queue_id,
                        const char *detail, epoch now, bool *moved_r, struct err *e)
{
	int64_t from;
	if (moved_r)
		*moved_r = false;
	enum status st = sql_number(s, &q_state, BIND(B_INT(issue), B_INT(reader)), &from, e);
	if (st != OK || !leads_forward((enum rcpt_state)from, to))
		return st;
	if (to == RCPT_CLAIMED)
		st = sql_run(s, &q_claim, BIND(B_INT(now), B_INT(issue), B_INT(reader)), e);
	else
		st = sql_run(s, &q_move, BIND(B_INT(to), B_INT(now), B_TEXT(queue_id), B_TEXT(detail), B_INT(issue), B_INT(reader)), e);
	if (st == OK)
		st = count_add(s, issue, from, -1, e);
	if (st == OK)
		st = count_add(s, issue, to, 1, e);
	if (moved_r)
		*moved_r = st == OK;
	return st;
}

enum status ledger_note(struct store *s, int64_t issue, int64_t reader, const char *detail, struct err *e)
{
	return sql_run(s, &q_note, BIND(B_TEXT(detail), B_INT(issue), B_INT(reader)), e);
}

enum status ledger_cancel(struct store *s, int64_t issue, enum rcpt_state to, const char *detail, epoch now, struct err *e)
{
	enum status st = sql_run(s, &q_cancel, BIND(B_INT(to), B_INT(now), B_TEXT(detail), B_INT(issue)), e);
	int64_t n = st == OK ? sql_changes(s) : 0;
	if (st == OK)
		st = count_add(s, issue, RCPT_PENDING, -n, e);
	if (st == OK)
		st = count_add(s, issue, to, n, e);
	return st == OK ? sql_run(s, &q_stop_expanding, BIND(B_INT(issue)), e) : st;
}

/* ---- reading ------------------------------------------------------------------------ */

static void take_rcpt(sqlite3_stmt *st, struct arena *a, void *row)
{
	struct rcpt *r = row;
	r->issue_id = sql_int(st, 0);
	r->reader_id = sql_int(st, 1);
	r->state = (enum rcpt_state)sql_int(st, 2);
	r->at = sql_int(st, 3);
	r->queue_id = sql_text(st, 4, a);
	r->detail = sql_text(st, 5, a);
	r->addr = sql_text(st, 6, a);
}

enum status ledger_get(struct store *s, int64_t issue, int64_t reader, struct arena *a, struct rcpt *r, struct err *e)
{
	return sql_one(s, &q_get, BIND(B_INT(issue), B_INT(reader)), take_rcpt, a, r, e);
}

enum status ledger_list(struct store *s, int64_t issue, int64_t after, size_t limit, struct arena *a, struct rcpt **v_r,
                        size_t *n_r, struct err *e)
{
	return sql_list(s, &q_list, BIND(B_INT(issue), B_INT(after), B_INT(limit)), take_rcpt, sizeof **v_r, a, v_r, n_r, e);
}

enum status ledger_of_reader(struct store *s, int64_t reader, size_t limit, struct arena *a, struct rcpt **v_r, size_t *n_r,
                             struct err *e)
{
	return sql_list(s, &q_of_reader, BIND(B_INT(reader), B_INT(limit)), take_rcpt, sizeof **v_r, a, v_r, n_r, e);
}

static enum status add_up(struct store *s, const struct sql *q, int64_t issue, bool counted, int64_t *v, struct err *e)
{
	sqlite3_stmt *row = NULL;
	enum status st = sql_open(s, q, BIND(B_INT(issue)), &row, e);
	memset(v, 0, RCPT_STATES * sizeof *v);
	while (st == OK && (st = sql_step(s, row, e)) == OK)
		if ((uint64_t)sql_int(row, 0) < RCPT_STATES)
			v[sql_int(row, 0)] += counted ? sql_int(row, 1) : 1;
	sql_close(row);
	return st == ERR_NOTFOUND ? OK : st;
}

enum status ledger_counts(struct store *s, int64_t issue, int64_t *v, struct err *e)
{
	return add_up(s, &q_counts, issue, true, v, e);
}

enum status ledger_audit(struct store *s, int64_t issue, struct err *e)
{
	int64_t counted[RCPT_STATES], there[RCPT_STATES];
	enum status st = ledger_counts(s, issue, counted, e);
	if (st == OK)
		st = add_up(s, &q_rows, issue, false, there, e);
	for (int i = 0; i < RCPT_STATES && st == OK; i++)
		if (counted[i] != there[i])
			st = err_set(e, ERR_PERM, "issue %lld: %lld rows are %s, counted %lld", (long long)issue, (long long)there[i],
			             rcpt_state_name((enum rcpt_state)i), (long long)counted[i]);
	return st;
}

/* ---- Postfix's log ------------------------------------------------------------------- */

enum status ledger_log_get(struct store *s, int64_t *inode_r, int64_t *offset_r, struct err *e)
{
	enum status st = sql_number(s, &q_log_inode, BIND_NONE, inode_r, e);
	return st == OK ? sql_number(s, &q_log_offset, BIND_NONE, offset_r, e) : st;
}

enum status ledger_log_set(struct store *s, int64_t inode, int64_t offset, struct err *e)
{
	return sql_run(s, &q_log_set, BIND(B_INT(inode), B_INT(offset)), e);
}
