/*
 * How SQLite goes about every statement of the store: none may read a table or
 * an index from end to end, or sort, when that table grows with the mail.
 */
#include "store_fixture.h"
#include "store/agent_inventory.h"
#include "store/agent_month.h"
#include "store/store_imap.h"
#include "store/store_impl.h"
#include "store/store_terminal.h"

/* A few rows at most, whatever happens. */
static const char *const small[] = { "staff", "outbox_count", "reader_count", "sqlite_schema", "pragma_" };

static bool on_small(const char *step)
{
	for (size_t i = 0; i < sizeof small / sizeof *small; i++)
		if (strstr(step, small[i]))
			return true;
	return false;
}

static bool is_about_schema(const char *sql)
{
	return strstr(sql, "pragma_") || strstr(sql, "sqlite_schema");
}

/* Worth sorting: the parties of one ticket. */
static bool may_sort(const char *sql)
{
	return strstr(sql, "FROM ticket_party WHERE ticket_id = ?") != NULL || strstr(sql, "FROM staff") != NULL;
}

static bool good_step(const char *sql, const char *step)
{
	/* The foreign keys of other tables, should one be violated in this very
	 * statement; nothing_is_scanned_in_use proves it is not done. */
	if (strncmp(sql, "INSERT", 6) == 0)
		return true;
	/* The search index is asked for a word and a window of ids. */
	if (strstr(step, "VIRTUAL TABLE INDEX") && strstr(sql, " MATCH ?"))
		return true;
	/* These two indexes hold only rows that are under way. */
	if (strstr(step, "outbox_pending") || strstr(step, "outbox_claimed"))
		return true;
	if (strncmp(step, "SCAN", 4) == 0)
		return on_small(step);
	return !strstr(step, "TEMP B-TREE") || may_sort(sql);
}

static int bad_steps(struct store *of, const char *sql)
{
	sqlite3_stmt *st;
	int bad = 0;
	char *text = sqlite3_mprintf("EXPLAIN QUERY PLAN %s", sql);
	int rc = sqlite3_prepare_v2(of->db, text, -1, &st, NULL);
	ck_assert_msg(rc == SQLITE_OK, "%s: %s", sql, sqlite3_errmsg(of->db));
	while (sqlite3_step(st) == SQLITE_ROW) {
		const char *step = (const char *)sqlite3_column_text(st, 3);
		if (good_step(sql, step))
			continue;
		fprintf(stderr, "%s\n\t%s\n", sql, step);
		bad++;
	}
	sqlite3_finalize(st);
	sqlite3_free(text);
	return bad;
}

static struct store *open_empty(enum store_kind k)
{
	struct store *r;
	char db[96];
	snprintf(db, sizeof db, "%s/%d.db", dir, (int)k);
	ck_ok(store_open_kind(db, k, false, &r, &err));
	unlink_store(db);
	return r;
}

START_TEST(no_statement_reads_more_than_it_needs)
{
	struct store *of[STORE_KINDS] = { NULL };
	open_new();
	size_t n;
	int bad = 0;
	of[STORE_MAIN] = s;
	for (int k = STORE_MAIN + 1; k < STORE_KINDS; k++)
		of[k] = open_empty((enum store_kind)k);
	const struct sql *q = sql_all(&n);
	ck_assert_uint_gt(n, 40);
	for (size_t i = 0; i < n; i++)
		if (!is_about_schema(q[i].text))
			bad += bad_steps(of[q[i].kind], q[i].text);
	ck_assert_int_eq(bad, 0);
	for (int k = STORE_MAIN + 1; k < STORE_KINDS; k++)
		store_close(&of[k]);
	done();
}
END_TEST

/* What a round of the reply clock asks and writes. */
static void reply_clock(const struct ticket *t)
{
	static const struct due_filter all = { .to = INT64_MAX, .before = INT64_MAX };
	static const struct due_filter untaken = { .to = INT64_MAX, .before = INT64_MAX, .unassigned = true };
	struct due_done d;
	struct due_round r;
	struct ticket *v;
	struct message m;
	epoch next;
	int64_t n;
	size_t rows;
	ck_ok(due_next(s, &next, &err));
	ck_ok(due_list(s, next, 10, a, &v, &rows, &err));
	ck_ok(due_done(s, t, &d, &err));
	ck_ok(due_record(s, t, 50, 1, &err));
	ck_ok(due_look(s, t->id, 1 + next, &err));
	ck_ok(message_waiting(s, t->id, 1, a, &m, &err));
	ck_ok(message_count_replies(s, 1, 2, &n, &err));
	ck_ok(due_waiting(s, &all, 5, a, &v, &rows, &err));
	ck_ok(due_waiting(s, &untaken, 5, a, &v, &rows, &err));
	ck_ok(due_count(s, &all, &n, &err));
	ck_ok(due_count(s, &untaken, &n, &err));
	ck_ok(due_round_set(s, &(struct due_round){ .digest_day = 1 }, &err));
	ck_ok(due_round_get(s, &r, &err));
}

/* What a round that shows states in mailboxes asks and writes. */
static void showing(void)
{
	struct showing *v;
	size_t n;
	ck_ok(showing_list(s, 1, 1, a, &v, &n, &err));
	ck_assert_uint_eq(n, 1);
	ck_ok(showing_done(s, &v[0], 1000000, &err));
}

/* What a mail causes, some times over. */
static void desk_work(void)
{
	for (uint64_t i = 0; i < 20; i++) {
		struct ticket t = a_ticket();
		struct outbox *v, o = { .kind = OUT_ACK, .rcpts = "a@x", .created_at = 1 };
		struct msgid_hit hit;
		int64_t n;
		size_t claimed;
		ck_ok(store_begin(s, &err));
		ck_ok(ticket_create(s, &t, &err));
		struct message m = a_message(t.id, i);
		ck_ok(message_insert(s, &m, "x", 1, &err));
		ck_ok(msgid_add(s, "a@x", MSGID_SEEN, t.id, &err));
		ck_assert_uint_eq(msgid_find(s, "a@x", &hit, 1), 1);
		ck_ok(party_add(s, t.id, "a@x", "", 1, &err));
		ck_ok(ack_count(s, "a@x", 1, &n, &err));
		ck_ok(ack_record(s, "a@x", 1, &err));
		o.ticket_id = t.id;
		o.message_id = m.id;
		ck_ok(outbox_add(s, &o, &err));
		ck_ok(audit_add(s, &(struct audit){ .what = "ticket.open", .ticket_id = t.id }, &err));
		ck_ok(ticket_update(s, &t, &err));
		ck_ok(outbox_claim(s, 1, 1, a, &v, &claimed, &err));
		ck_assert_uint_eq(claimed, 1);
		ck_ok(outbox_sent(s, o.id, "Q", 2, &err));
		reply_clock(&t);
		showing();
		ck_ok(store_commit(s, &err));
	}
}

/* Not the plan but the deed: rows stepped over in a full scan. */
START_TEST(nothing_is_scanned_in_use)
{
	open_new();
	size_t n, used = 0;
	sql_all(&n);
	desk_work();
	for (size_t i = 0; i < n; i++) {
		if (!s->slots[i] || is_about_schema(sqlite3_sql(s->slots[i])))
			continue;
		int rows = sqlite3_stmt_status(s->slots[i], SQLITE_STMTSTATUS_FULLSCAN_STEP, 0);
		ck_assert_msg(rows == 0, "%d rows: %s", rows, sqlite3_sql(s->slots[i]));
		used++;
	}
	ck_assert_uint_gt(used, 15);
	done();
}
END_TEST

/* The plans above are of all groups only if the linker took all of them in. */
START_TEST(every_group_is_linked_in)
{
	open_new();
	struct staff *people;
	size_t n;
	ck_ok(staff_list(s, 0, a, &people, &n, &err));
	static void (*const others[])(void) = { (void (*)(void))terminal_get, (void (*)(void))agent_section_get,
		(void (*)(void))agent_files_put, (void (*)(void))agent_rows, (void (*)(void))agent_sites,
		(void (*)(void))agent_months_delete, (void (*)(void))agent_month_rebuild };
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		ck_assert(others[i] != NULL);
	done();
}
END_TEST

UNIT_SUITE("store_plan", no_statement_reads_more_than_it_needs, nothing_is_scanned_in_use,
           every_group_is_linked_in)
