/* Who gets the newsletter. See store_reader.h. */
#include "store/store_reader.h"
#include "store/store_impl.h"
#include <string.h>

#define READER "id, addr_key, name, contract_id, source, state, added_at, changed_at, why"

SQL(q_add, "INSERT INTO reader (addr_key, name, contract_id, source, state, added_at, changed_at, why) "
           "VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
SQL(q_get, "SELECT " READER " FROM reader WHERE id = ?");
SQL(q_by_addr, "SELECT " READER " FROM reader WHERE addr_key = ?");
SQL(q_list, "SELECT " READER " FROM reader WHERE id > ? ORDER BY id LIMIT ?");
SQL(q_state, "SELECT state FROM reader WHERE id = ?");
SQL(q_set, "UPDATE reader SET state = ?, changed_at = ?, why = ? WHERE id = ?");
SQL(q_rename, "UPDATE reader SET name = ?, changed_at = ? WHERE id = ?");
SQL(q_by_hand, "UPDATE reader SET source = 0 WHERE id = ?");
SQL(q_stays, "UPDATE reader SET source = 0 WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM contract c JOIN contract_address x ON x.contract_id = c.id "
             "WHERE c.id = reader.contract_id AND x.addr_key = reader.addr_key AND coalesce(c.started_at, 0) <= ?2 AND (coalesce(c.ended_at, 0) = 0 OR c.ended_at > ?2))");
SQL(q_adopt, "UPDATE reader SET contract_id = ?, source = ? WHERE id = ?");
SQL(q_count_add, "UPDATE reader_count SET n = n + ? WHERE state = ?");
SQL(q_counts, "SELECT state, n FROM reader_count");

SQL(q_event_seq, "SELECT count(*) FROM reader_event WHERE reader_id = ? AND at = ?");
SQL(q_event, "INSERT INTO reader_event (reader_id, at, seq, what, issue_id, detail) VALUES (?, ?, ?, ?, ?, ?)");
SQL(q_event_count, "SELECT count(*) FROM reader_event WHERE reader_id = ? AND at >= ? AND what = ?");
SQL(q_events, "SELECT at, what, issue_id, detail FROM reader_event WHERE reader_id = ? ORDER BY at, seq");

SQL(q_touch, "UPDATE bulk_mark SET list_changed = list_changed + 1 WHERE id = 1");
SQL(q_changed, "SELECT list_changed FROM bulk_mark WHERE id = 1");
SQL(q_saved, "SELECT list_saved FROM bulk_mark WHERE id = 1");
SQL(q_save, "UPDATE bulk_mark SET list_saved = ? WHERE id = 1");
SQL(q_warned, "SELECT warned_at FROM bulk_mark WHERE id = 1");
SQL(q_warn, "UPDATE bulk_mark SET warned_at = ? WHERE id = 1");

/* ---- following the contracts */
SQL(q_contracts, "SELECT id, started_at, ended_at FROM contract WHERE id > ? ORDER BY id LIMIT ?");
SQL(q_addresses, "SELECT addr_key, name FROM contract_address WHERE contract_id = ?");
SQL(q_of_contract, "SELECT " READER " FROM reader WHERE contract_id = ?");
SQL(q_registered, "SELECT 1 FROM contract_address WHERE addr_key = ? AND contract_id = ?");

enum { FOLLOW_BATCH = 500 };

const char *reader_state_name(enum reader_state st)
{
	static const char *const names[] = { "active", "suppressed", "unsubscribed", "removed" };
	return (unsigned)st < READER_STATES ? names[st] : "unknown";
}

const char *reader_state_ja(enum reader_state st)
{
	static const char *const names[] = { "配信中", "配信停止 (不達など)", "配信停止 (本人の希望)", "対象外" };
	return (unsigned)st < READER_STATES ? names[st] : "不明";
}

const char *reader_what_ja(enum reader_what w)
{
	static const char *const names[] = { "登録", "対象外", "一時的な不達", "不達", "返送", "本人による停止", "迷惑メール報告",
		                             "再開" };
	return (unsigned)w < sizeof names / sizeof *names ? names[w] : "不明";
}

static enum status touch(struct store *s, struct err *e)
{
	return sql_run(s, &q_touch, BIND_NONE, e);
}

static enum status count_add(struct store *s, int64_t state, int64_t n, struct err *e)
{
	return sql_run(s, &q_count_add, BIND(B_INT(n), B_INT(state)), e);
}

enum status reader_add(struct store *s, struct reader *r, epoch now, struct err *e)
{
	enum status st = sql_insert(s, &q_add,
	                            BIND(B_TEXT(r->addr), B_TEXT(r->name), B_ID(r->contract_id), B_INT(r->source),
	                                 B_INT(r->state), B_INT(now), B_INT(now), B_TEXT(r->why)), &r->id, e);
	if (st == ERR_EXISTS)
		return err_set(e, st, "%s は登録済みです", r->addr);
	if (st == OK)
		st = count_add(s, r->state, 1, e);
	if (st == OK)
		st = touch(s, e);
	return st == OK ? reader_event_add(s, r->id, READER_JOINED, 0, r->why, now, e) : st;
}

static void take_reader(sqlite3_stmt *st, struct arena *a, void *row)
{
	struct reader *r = row;
	r->id = sql_int(st, 0);
	r->addr = sql_text(st, 1, a);
	r->name = sql_text(st, 2, a);
	r->contract_id = sql_int(st, 3);
	r->source = (enum reader_source)sql_int(st, 4);
	r->state = (enum reader_state)sql_int(st, 5);
	r->added_at = sql_int(st, 6);
	r->changed_at = sql_int(st, 7);
	r->why = sql_text(st, 8, a);
}

enum status reader_get(struct store *s, int64_t id, struct arena *a, struct reader *r, struct err *e)
{
	return sql_one(s, &q_get, BIND(B_INT(id)), take_reader, a, r, e);
}

enum status reader_by_addr(struct store *s, const char *addr_key, struct arena *a, struct reader *r, struct err *e)
{
	enum status st = sql_one(s, &q_by_addr, BIND(B_TEXT(addr_key)), take_reader, a, r, e);
	return st == ERR_NOTFOUND ? err_set(e, st, "%.100s は読者の一覧にありません", addr_key) : st;
}

enum status reader_list(struct store *s, int64_t after, size_t limit, struct arena *a, struct reader **v_r, size_t *n_r,
                        struct err *e)
{
	return sql_list(s, &q_list, BIND(B_INT(after), B_INT(limit)), take_reader, sizeof **v_r, a, v_r, n_r, e);
}

enum status reader_counts(struct store *s, int64_t *v, struct err *e)
{
	sqlite3_stmt *row = NULL;
	enum status st = sql_open(s, &q_counts, BIND_NONE, &row, e);
	memset(v, 0, READER_STATES * sizeof *v);
	while (st == OK && (st = sql_step(s, row, e)) == OK)
		if ((uint64_t)sql_int(row, 0) < READER_STATES)
			v[sql_int(row, 0)] = sql_int(row, 1);
	sql_close(row);
	return st == ERR_NOTFOUND ? OK : st;
}

/* ---- changes ------------------------------------------------------------------ */

enum status reader_event_add(struct store *s, int64_t id, enum reader_what what, int64_t issue, const char *detail, epoch now,
                             struct err *e)
{
	int64_t seq;
	enum status st = sql_number(s, &q_event_seq, BIND(B_INT(id), B_INT(now)), &seq, e);
	return st == OK ? sql_run(s, &q_event, BIND(B_INT(id), B_INT(now), B_INT(seq), B_INT(what), B_INT(issue),
	                                             B_TEXT(detail)), e) : st;
}

enum status reader_set(struct store *s, int64_t id, enum reader_state to, enum reader_what what, int64_t issue,
                       const char *why, epoch now, struct err *e)
{
	int64_t from;
	enum status st = sql_number(s, &q_state, BIND(B_INT(id)), &from, e);
	if (st == OK && from != (int64_t)to) {
		st = sql_run(s, &q_set, BIND(B_INT(to), B_INT(now), B_TEXT(why), B_INT(id)), e);
		if (st == OK)
			st = count_add(s, from, -1, e);
		if (st == OK)
			st = count_add(s, to, 1, e);
		if (st == OK)
			st = touch(s, e);
	}
	return st == OK ? reader_event_add(s, id, what, issue, why, now, e) : st;
}

enum status reader_back(struct store *s, int64_t id, const char *why, epoch now, struct err *e)
{
	enum status st = sql_run(s, &q_stays, BIND(B_INT(id), B_INT(now)), e);
	return st == OK ? reader_set(s, id, READER_ACTIVE, READER_BACK, 0, why, now, e) : st;
}

enum status reader_rename(struct store *s, int64_t id, const char *name, epoch now, struct err *e)
{
	enum status st = sql_run(s, &q_rename, BIND(B_TEXT(name), B_INT(now), B_INT(id)), e);
	return st == OK ? touch(s, e) : st;
}

enum status reader_by_hand(struct store *s, int64_t id, struct err *e)
{
	return sql_run(s, &q_by_hand, BIND(B_INT(id)), e);
}

enum status reader_event_count(struct store *s, int64_t id, enum reader_what what, epoch since, int64_t *n_r,
                               struct err *e)
{
	return sql_number(s, &q_event_count, BIND(B_INT(id), B_INT(since), B_INT(what)), n_r, e);
}

static void take_event(sqlite3_stmt *st, struct arena *a, void *row)
{
	struct reader_event *v = row;
	v->at = sql_int(st, 0);
	v->what = (enum reader_what)sql_int(st, 1);
	v->issue_id = sql_int(st, 2);
	v->detail = sql_text(st, 3, a);
}

enum status reader_events(struct store *s, int64_t id, struct arena *a, struct reader_event **v_r, size_t *n_r,
                          struct err *e)
{
	return sql_list(s, &q_events, BIND(B_INT(id)), take_event, sizeof **v_r, a, v_r, n_r, e);
}

enum status reader_unsubscribe(struct store *s, int64_t id, int64_t issue, const char *how, epoch now, struct err *e)
{
	int64_t state;
	enum status st = sql_number(s, &q_state, BIND(B_INT(id)), &state, e);
	if (st != OK || state == READER_UNSUBSCRIBED)
		return st;
	return reader_set(s, id, READER_UNSUBSCRIBED, READER_STOPPED, issue, how, now, e);
}

enum status reader_remove(struct store *s, int64_t id, const char *why, epoch now, struct err *e)
{
	int64_t state;
	enum status st = sql_number(s, &q_state, BIND(B_INT(id)), &state, e);
	if (st == OK && (state == READER_SUPPRESSED || state == READER_UNSUBSCRIBED))
		return reader_event_add(s, id, READER_LEFT, 0, why, now, e);
	return st == OK ? reader_set(s, id, READER_REMOVED, READER_LEFT, 0, why, now, e) : st;
}

enum status reader_complained(struct store *s, int64_t id, int64_t issue, const char *why, epoch now, struct err *e)
{
	int64_t state;
	enum status st = sql_number(s, &q_state, BIND(B_INT(id)), &state, e);
	if (st == OK && state == READER_UNSUBSCRIBED)
		return reader_event_add(s, id, READER_COMPLAINED, issue, why, now, e);
	return st == OK ? reader_set(s, id, READER_SUPPRESSED, READER_COMPLAINED, issue, why, now, e) : st;
}

static enum status suppress(struct store *s, int64_t id, int64_t issue, enum reader_what what, const char *why, epoch now,
                            struct err *e)
{
	int64_t state;
	enum status st = sql_number(s, &q_state, BIND(B_INT(id)), &state, e);
	if (st == OK && state != READER_ACTIVE)
		return reader_event_add(s, id, what, issue, why, now, e);
	return st == OK ? reader_set(s, id, READER_SUPPRESSED, what, issue, why, now, e) : st;
}

enum status reader_returned(struct store *s, int64_t id, int64_t issue, bool stop, int limit, int days, const char *why,
                            epoch now, struct err *e)
{
	int64_t n = 0;
	if (stop)
		return suppress(s, id, issue, READER_HARD, why, now, e);
	if (!limit)
		return reader_event_add(s, id, READER_KEPT, issue, why, now, e);
	enum status st = reader_event_count(s, id, READER_SOFT, now - (epoch)days * 86400, &n, e);
	if (st == OK && n + 1 >= limit)
		return suppress(s, id, issue, READER_SOFT, why, now, e);
	return st == OK ? reader_event_add(s, id, READER_SOFT, issue, why, now, e) : st;
}

/* ---- following the contracts -------------------------------------------------- */

struct contract_span {
	int64_t id, started_at, ended_at;
};

static void take_span(sqlite3_stmt *st, struct arena *a, void *row)
{
	struct contract_span *c = row;
	(void)a;
	c->id = sql_int(st, 0);
	c->started_at = sql_int(st, 1);
	c->ended_at = sql_int(st, 2);
}

static void take_address(sqlite3_stmt *st, struct arena *a, void *row)
{
	struct reader *r = row;
	r->addr = sql_text(st, 0, a);
	r->name = sql_text(st, 1, a);
}

/* An address of a running contract. Whoever went by himself or was taken off by
 * hand stays away; whoever left with a contract is back with the next. */
static enum status join(struct store *s, const struct contract_span *c, struct reader *want, struct arena *a, epoch now,
                        size_t *changes, struct err *e)
{
	struct reader r;
	enum status st = reader_by_addr(s, want->addr, a, &r, e);
	if (st == ERR_NOTFOUND) {
		want->contract_id = c->id;
		want->source = READER_BY_CONTRACT;
		want->why = "ご契約の登録アドレス";
		++*changes;
		return reader_add(s, want, now, e);
	}
	if (st != OK)
		return st;
	bool left = r.state == READER_REMOVED && r.source == READER_BY_CONTRACT;
	bool moved = r.state == READER_ACTIVE && r.source == READER_BY_CONTRACT; /* an address is of one contract only */
	if (r.contract_id != c->id && (left || moved || !r.contract_id))
		st = sql_run(s, &q_adopt, BIND(B_INT(c->id), B_INT(r.state == READER_ACTIVE || left ? READER_BY_CONTRACT : r.source),
		                               B_INT(r.id)), e);
	if (st != OK || !left)
		return st;
	++*changes;
	return reader_set(s, r.id, READER_ACTIVE, READER_BACK, 0, "ご契約の登録アドレス", now, e);
}

static enum status leave(struct store *s, const struct contract_span *c, bool running, struct arena *a, epoch now,
                         size_t *changes, struct err *e)
{
	struct reader *v;
	size_t n;
	int64_t there;
	enum status st = sql_list(s, &q_of_contract, BIND(B_INT(c->id)), take_reader, sizeof *v, a, &v, &n, e);
	for (size_t i = 0; i < n && st == OK; i++) {
		if (v[i].state != READER_ACTIVE || v[i].source != READER_BY_CONTRACT)
			continue;
		st = running ? sql_number(s, &q_registered, BIND(B_TEXT(v[i].addr), B_INT(c->id)), &there, e) : ERR_NOTFOUND;
		if (st != ERR_NOTFOUND)
			continue;
		++*changes;
		st = reader_set(s, v[i].id, READER_REMOVED, READER_LEFT, 0, running ? "ご契約の登録から外れたため" : "ご契約の終了",
		                now, e);
	}
	return st;
}

static enum status follow_one(struct store *s, const struct contract_span *c, struct arena *a, epoch now, size_t *changes,
                              struct err *e)
{
	struct reader *v;
	size_t n = 0;
	bool running = c->started_at <= now && (!c->ended_at || now < c->ended_at);
	enum status st = leave(s, c, running, a, now, changes, e);
	if (st == OK && running)
		st = sql_list(s, &q_addresses, BIND(B_INT(c->id)), take_address, sizeof *v, a, &v, &n, e);
	for (size_t i = 0; i < n && st == OK; i++)
		st = join(s, c, &v[i], a, now, changes, e);
	return st;
}

enum status reader_follow(struct store *s, int64_t after, epoch now, int64_t *after_r, size_t *changes_r, struct err *e)
{
	struct contract_span *v;
	struct arena *a = arena_new();
	size_t n = 0;
	*changes_r = 0;
	enum status st = sql_list(s, &q_contracts, BIND(B_INT(after), B_INT(FOLLOW_BATCH)), take_span, sizeof *v, a, &v, &n, e);
	for (size_t i = 0; i < n && st == OK; i++)
		st = follow_one(s, &v[i], a, now, changes_r, e);
	*after_r = n == FOLLOW_BATCH ? v[n - 1].id : 0;
	arena_free(&a);
	return st;
}

/* ---- what was saved ------------------------------------------------------------ */

enum status reader_unsaved(struct store *s, int64_t *changed_r, bool *unsaved_r, struct err *e)
{
	int64_t saved = 0;
	enum status st = sql_number(s, &q_changed, BIND_NONE, changed_r, e);
	if (st == OK)
		st = sql_number(s, &q_saved, BIND_NONE, &saved, e);
	*unsaved_r = st == OK && *changed_r != saved;
	return st;
}

enum status reader_saved(struct store *s, int64_t changed, struct err *e)
{
	return sql_run(s, &q_save, BIND(B_INT(changed)), e);
}

enum status reader_warned(struct store *s, epoch *at_r, struct err *e)
{
	return sql_number(s, &q_warned, BIND_NONE, at_r, e);
}

enum status reader_warned_set(struct store *s, epoch at, struct err *e)
{
	return sql_run(s, &q_warn, BIND(B_INT(at)), e);
}
