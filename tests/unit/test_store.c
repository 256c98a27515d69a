/* Opening, migrating and refusing stores; transactions; each table group. */
#include "store_fixture.h"
#include "store/store_impl.h"
#include <sys/stat.h>
#include <sys/wait.h>

static void begin(void)
{
	ck_ok(store_begin(s, &err));
}

static void commit(void)
{
	ck_ok(store_commit(s, &err));
}

static int64_t new_ticket(void)
{
	struct ticket t = a_ticket();
	ck_ok(ticket_create(s, &t, &err));
	return t.id;
}

SQL(q_journal, "SELECT journal_mode FROM pragma_journal_mode");
SQL(q_sync, "SELECT synchronous FROM pragma_synchronous");
SQL(q_fk, "SELECT foreign_keys FROM pragma_foreign_keys");
SQL(q_page, "SELECT page_size FROM pragma_page_size");

/* ---- opening ------------------------------------------------------------------ */

static void take_text(sqlite3_stmt *st, struct arena *arena, void *row)
{
	*(const char **)row = sql_text(st, 0, arena);
}

START_TEST(a_new_store_is_safe_by_its_settings)
{
	open_new();
	const char *mode;
	int64_t n;
	struct stat st;
	ck_ok(sql_one(s, &q_journal, BIND_NONE, take_text, a, &mode, &err));
	ck_assert_str_eq(mode, "wal");
	ck_ok(sql_number(s, &q_sync, BIND_NONE, &n, &err));
	ck_assert_int_eq(n, 2);
	ck_ok(sql_number(s, &q_fk, BIND_NONE, &n, &err));
	ck_assert_int_eq(n, 1);
	ck_ok(sql_number(s, &q_page, BIND_NONE, &n, &err));
	ck_assert_int_eq(n, 4096);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_int_eq(st.st_mode & 07777, 0640);
	struct sb text = SB_INIT;
	ck_ok(store_check(s, &text, &err));
	ck_assert_str_eq(text.s, "");
	done();
}
END_TEST

START_TEST(files_have_one_mode_under_any_umask)
{
	static const char *const ends[] = { "", "-wal", "-shm" };
	char file[128];
	struct stat st;
	umask(0077);
	open_new();
	begin();
	new_ticket();
	commit();
	for (size_t i = 0; i < 3; i++) {
		snprintf(file, sizeof file, "%s%s", path, ends[i]);
		ck_assert_int_eq(stat(file, &st), 0);
		ck_assert_int_eq(st.st_mode & 07777, 0640);
	}
	done();
}
END_TEST

START_TEST(a_newer_store_is_refused)
{
	open_new();
	ck_ok(sql_script(s, "PRAGMA user_version = 9999", &err));
	store_close(&s);
	ck_is(store_open(path, master, &s, &err), ERR_PERM);
	ck_assert_ptr_nonnull(strstr(err.msg, "9999"));
	ck_assert_ptr_null(s);
	done();
}
END_TEST

START_TEST(who_only_looks_changes_nothing)
{
	int behind = -1;
	epoch at = -1;
	uint8_t other[KEY_LEN] = { 1 };
	new_path();
	ck_is(store_open_look(path, master, &s, &behind, &err), ERR_NOTFOUND);
	ck_assert_int_ne(access(path, F_OK), 0);
	ck_ok(store_open(path, master, &s, &err));
	begin();
	struct audit row = { .at = 1234, .who = "system", .what = "test", .detail = "" };
	ck_ok(audit_add(s, &row, &err));
	commit();
	store_close(&s);
	ck_ok(store_open_look(path, master, &s, &behind, &err));
	ck_assert_int_eq(behind, 0);
	ck_ok(audit_last(s, &at, &err));
	ck_assert_int_eq(at, 1234);
	struct sb text = SB_INIT;
	ck_ok(store_check(s, &text, &err));
	sb_free(&text);
	ck_assert(store_begin(s, &err) != OK || audit_add(s, &row, &err) != OK);
	store_close(&s);
	ck_is(store_open_look(path, other, &s, &behind, &err), ERR_PERM);
	ck_ok(store_open(path, master, &s, &err));
	ck_ok(sql_script(s, "PRAGMA user_version = 0", &err));
	store_close(&s);
	ck_ok(store_open_look(path, master, &s, &behind, &err));
	ck_assert_int_gt(behind, 0);
	done();
}
END_TEST

START_TEST(what_is_no_store_is_refused_and_left_alone)
{
	new_path();
	FILE *f = fopen(path, "w");
	for (int i = 0; i < 500; i++)
		fputs("this is a letter, not a database\n", f);
	fclose(f);
	ck_is(store_open(path, master, &s, &err), ERR_PERM);
	ck_assert_int_eq(truncate(path, 0), 0);
	sqlite3 *db;
	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db, "CREATE TABLE other (x)", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	ck_is(store_open(path, master, &s, &err), ERR_PERM);
	ck_is(store_open("/nonexistent/dir/yorozu.db", master, &s, &err), ERR_PERM);
	ck_is(store_open(dir, master, &s, &err), ERR_PERM);
	done();
}
END_TEST

START_TEST(many_may_open_a_new_store_at_once)
{
	new_path();
	pid_t pids[8];
	for (int i = 0; i < 8; i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			enum status st = store_open(path, master, &s, &err);
			store_close(&s);
			_exit((int)st);
		}
	}
	for (int i = 0; i < 8; i++) {
		int status;
		ck_assert_int_eq(waitpid(pids[i], &status, 0), pids[i]);
		ck_assert_int_eq(status, 0);
	}
	ck_ok(store_open(path, master, &s, &err));
	done();
}
END_TEST

/* ---- transactions ---------------------------------------------------------------- */

START_TEST(writing_needs_a_transaction)
{
	open_new();
	struct ticket t = a_ticket();
	ck_is(ticket_create(s, &t, &err), ERR_BUG);
	ck_is(store_commit(s, &err), ERR_BUG);
	begin();
	ck_is(store_begin(s, &err), ERR_BUG);
	int64_t id = new_ticket();
	store_rollback(s);
	ck_is(ticket_get(s, id, a, &t, &err), ERR_NOTFOUND);
	done();
}
END_TEST

START_TEST(after_sqlites_own_rollback_nothing_is_written)
{
	open_new();
	begin();
	new_ticket();
	ck_ok(sql_script(s, "ROLLBACK", &err)); /* as SQLite does by itself when the disk is full */
	struct ticket t = a_ticket();
	ck_is(ticket_create(s, &t, &err), ERR_TEMP);
	ck_is(ticket_get(s, 1, a, &t, &err), ERR_TEMP);
	ck_is(store_commit(s, &err), ERR_TEMP);
	begin();
	int64_t id = new_ticket();
	commit();
	ck_assert_int_eq(id, 1);
	done();
}
END_TEST

START_TEST(a_failed_statement_leaves_the_transaction_usable)
{
	open_new();
	begin();
	int64_t id = new_ticket();
	struct message m = a_message(777, 1);
	ck_is(message_insert(s, &m, "x", 1, &err), ERR_PERM); /* no ticket 777 */
	m = a_message(id, 1);
	ck_ok(message_insert(s, &m, "x", 1, &err));
	commit();
	ck_ok(message_get(s, m.id, a, &m, &err));
	done();
}
END_TEST

START_TEST(another_process_sees_only_what_is_committed)
{
	open_new();
	struct store *other;
	struct ticket t;
	ck_ok(store_open(path, NULL, &other, &err));
	begin();
	int64_t id = new_ticket();
	ck_is(ticket_get(other, id, a, &t, &err), ERR_NOTFOUND);
	commit();
	ck_ok(ticket_get(other, id, a, &t, &err));
	store_close(&other);
	done();
}
END_TEST

START_TEST(sealed_columns_are_bound_to_their_place)
{
	open_new();
	struct sb box = SB_INIT, plain = SB_INIT;
	ck_ok(column_seal(s, "contract.opening_password", 5, "Abc12345", &box, &err));
	ck_ok(column_open(s, "contract.opening_password", 5, box.s, box.len, &plain, &err));
	ck_assert_str_eq(plain.s, "Abc12345");
	ck_is(column_open(s, "contract.opening_password", 6, box.s, box.len, &plain, &err), ERR_PERM);
	ck_is(column_open(s, "contract.report_password", 5, box.s, box.len, &plain, &err), ERR_PERM);
	store_close(&s);
	ck_ok(store_open(path, NULL, &s, &err));
	ck_is(column_seal(s, "contract.opening_password", 5, "x", &box, &err), ERR_DENIED);
	ck_is(column_open(s, "contract.opening_password", 5, box.s, box.len, &plain, &err), ERR_DENIED);
	sb_free(&box);
	sb_free(&plain);
	done();
}
END_TEST

START_TEST(a_damaged_store_is_found_out)
{
	open_new();
	begin();
	int64_t id = new_ticket();
	struct message m = a_message(id, 1);
	ck_ok(message_insert(s, &m, "x", 1, &err));
	commit();
	ck_ok(sql_script(s, "PRAGMA foreign_keys = OFF; DELETE FROM ticket;", &err));
	struct sb text = SB_INIT;
	ck_is(store_check(s, &text, &err), ERR_PERM);
	ck_assert_ptr_nonnull(strstr(text.s, "message row 1 names a row of ticket"));
	sb_free(&text);
	done();
}
END_TEST

UNIT_SUITE("store", a_new_store_is_safe_by_its_settings, files_have_one_mode_under_any_umask,
           a_newer_store_is_refused, who_only_looks_changes_nothing, what_is_no_store_is_refused_and_left_alone,
           many_may_open_a_new_store_at_once, writing_needs_a_transaction,
           after_sqlites_own_rollback_nothing_is_written, a_failed_statement_leaves_the_transaction_usable,
           another_process_sees_only_what_is_committed, sealed_columns_are_bound_to_their_place,
           a_damaged_store_is_found_out)
