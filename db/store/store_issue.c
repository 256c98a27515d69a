/* Issues of the newsletter. See store_issue.h. */
#include "store/store_issue.h"
#include "store/store_impl.h"

#define ISSUE "id, state, created_at, editor_id, draft_id, subject, kinds, size, send_at, approver_id, started_at, ended_at, " \
              "expand_after IS NOT NULL, told, why, waits_since, asked_at"

SQL(q_add, "INSERT INTO issue (state, created_at, editor_id, draft_id, subject, kinds, size, send_at) "
           "VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
SQL(q_get, "SELECT " ISSUE " FROM issue WHERE id = ?");
/* With its state its waiting ends: it may wait in that state again, and then for another word. */
#define STATE "state = ?1, waits_since = CASE WHEN state = ?1 THEN waits_since END, asked_at = CASE WHEN state = ?1 THEN asked_at END"
SQL(q_update, "UPDATE issue SET " STATE ", editor_id = ?, draft_id = ?, subject = ?, kinds = ?, size = ?, send_at = ?, "
              "approver_id = ?, started_at = ?, ended_at = ?, told = ?, why = ? WHERE id = ?");
/* 8: ISSUE_CANCELLING */
SQL(q_advance, "UPDATE issue SET " STATE ", started_at = ?, ended_at = ?, told = told | ?, why = ? "
               "WHERE id = ? AND state = ? AND draft_id = ? AND send_at IS ? AND told & 8 = ?");
SQL(q_waits, "UPDATE issue SET waits_since = ?, asked_at = ? WHERE id = ?");
SQL(q_list, "SELECT " ISSUE " FROM issue WHERE id < ? ORDER BY id DESC LIMIT ?");
SQL(q_in, "SELECT " ISSUE " FROM issue WHERE state = ? AND state < 5 ORDER BY send_at");
SQL(q_planned, "SELECT count(*) FROM issue WHERE state = ? AND state < 5 AND send_at >= ? AND send_at < ?");
SQL(q_of_draft, "SELECT " ISSUE " FROM issue WHERE draft_id = ?");
SQL(q_begun, "SELECT count(*) FROM issue WHERE started_at >= ? AND started_at < ?");

const char *issue_state_name(enum issue_state st)
{
	static const char *const names[] = { "draft", "scheduled", "sending", "paused", "held", "done", "cancelled" };
	return (unsigned)st < ISSUE_STATES ? names[st] : "unknown";
}

const char *issue_state_ja(enum issue_state st)
{
	static const char *const names[] = { "校正中 (未承認)", "配信待ち", "配信中", "一時停止中", "保留中", "配信済み", "中止" };
	return (unsigned)st < ISSUE_STATES ? names[st] : "不明";
}

static enum status told(enum status st, int64_t id, struct err *e)
{
	return st == ERR_NOTFOUND ? err_set(e, st, "第%lld号はありません", (long long)id) : st;
}

enum status issue_add(struct store *s, struct issue *i, struct err *e)
{
	return sql_insert(s, &q_add,
	                  BIND(B_INT(i->state), B_INT(i->created_at), B_ID(i->editor_id), B_INT(i->draft_id),
	                       B_TEXT(i->subject), B_INT(i->kinds), B_INT(i->size), B_ID(i->send_at)), &i->id, e);
}

static void take_issue(sqlite3_stmt *st, struct arena *a, void *row)
{
	struct issue *i = row;
	i->id = sql_int(st, 0);
	i->state = (enum issue_state)sql_int(st, 1);
	i->created_at = sql_int(st, 2);
	i->editor_id = sql_int(st, 3);
	i->draft_id = sql_int(st, 4);
	i->subject = sql_text(st, 5, a);
	i->kinds = (unsigned)sql_int(st, 6);
	i->size = sql_int(st, 7);
	i->send_at = sql_int(st, 8);
	i->approver_id = sql_int(st, 9);
	i->started_at = sql_int(st, 10);
	i->ended_at = sql_int(st, 11);
	i->expanding = sql_int(st, 12) != 0;
	i->told = (unsigned)sql_int(st, 13);
	i->why = sql_text(st, 14, a);
	i->waits_since = sql_int(st, 15);
	i->asked_at = sql_int(st, 16);
}

enum status issue_get(struct store *s, int64_t id, struct arena *a, struct issue *i, struct err *e)
{
	return told(sql_one(s, &q_get, BIND(B_INT(id)), take_issue, a, i, e), id, e);
}

enum status issue_update(struct store *s, const struct issue *i, struct err *e)
{
	enum status st = sql_run(s, &q_update,
	                         BIND(B_INT(i->state), B_ID(i->editor_id), B_INT(i->draft_id), B_TEXT(i->subject),
	                              B_INT(i->kinds), B_INT(i->size), B_ID(i->send_at), B_ID(i->approver_id),
	                              B_ID(i->started_at), B_ID(i->ended_at), B_INT(i->told), B_TEXT(i->why), B_INT(i->id)), e);
	return st == OK && sql_changes(s) == 0 ? told(ERR_NOTFOUND, i->id, e) : st;
}

enum status issue_advance(struct store *s, const struct issue *was, const struct issue *to, bool *moved_r, struct err *e)
{
	enum status st = sql_run(s, &q_advance,
	                         BIND(B_INT(to->state), B_ID(to->started_at), B_ID(to->ended_at), B_INT(to->told), B_TEXT(to->why),
	                              B_INT(was->id), B_INT(was->state), B_INT(was->draft_id), B_ID(was->send_at),
	                              B_INT(was->told & ISSUE_CANCELLING)), e);
	*moved_r = st == OK && sql_changes(s) != 0;
	return st;
}

enum status issue_waits(struct store *s, int64_t id, epoch since, epoch asked, struct err *e)
{
	return sql_run(s, &q_waits, BIND(B_ID(since), B_ID(asked), B_INT(id)), e);
}

enum status issue_list(struct store *s, int64_t before, size_t limit, struct arena *a, struct issue **v_r, size_t *n_r,
                       struct err *e)
{
	return sql_list(s, &q_list, BIND(B_INT(before ? before : INT64_MAX), B_INT(limit)), take_issue, sizeof **v_r, a, v_r,
	                n_r, e);
}

enum status issue_in(struct store *s, enum issue_state state, struct arena *a, struct issue **v_r, size_t *n_r,
                     struct err *e)
{
	return sql_list(s, &q_in, BIND(B_INT(state)), take_issue, sizeof **v_r, a, v_r, n_r, e);
}

enum status issue_between(struct store *s, epoch from, epoch to, int64_t *n_r, struct err *e)
{
	int64_t begun = 0;
	enum status st = sql_number(s, &q_planned, BIND(B_INT(ISSUE_SCHEDULED), B_INT(from), B_INT(to)), n_r, e);
	if (st == OK)
		st = sql_number(s, &q_begun, BIND(B_INT(from), B_INT(to)), &begun, e);
	*n_r += begun;
	return st;
}

/* ---- attachments by link ------------------------------------------------------------ */

int64_t issue_link(int64_t draft, size_t file)
{
	return draft * ISSUE_FILES_MAX + (int64_t)file;
}

int64_t issue_link_draft(int64_t link, size_t *file_r)
{
	*file_r = (size_t)(link % ISSUE_FILES_MAX);
	return link / ISSUE_FILES_MAX;
}

epoch issue_links_until(const struct issue *i, int64_t days)
{
	epoch from = i->started_at ? i->started_at : i->send_at ? i->send_at : i->created_at;
	return from + days * 86400;
}

enum status issue_of_draft(struct store *s, int64_t draft, struct arena *a, struct issue *i, struct err *e)
{
	enum status st = sql_one(s, &q_of_draft, BIND(B_INT(draft)), take_issue, a, i, e);
	return st == ERR_NOTFOUND ? err_set(e, st, "no issue of that draft") : st;
}
