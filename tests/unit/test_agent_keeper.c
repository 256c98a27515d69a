/* What is done for terminals by the clock. */
#include "agent_ingest.h"
#include "agent_keeper.h"
#include "backup_keeper.h"
#include "base/io.h"

static const char *mail_var(const char *tmpl, const char *name)
{
	sqlite3_stmt *st;
	const char *found = NULL;
	ck_assert_int_eq(sqlite3_prepare_v2(eyes[0], "SELECT rcpts, vars FROM outbox WHERE tmpl = ? ORDER BY id DESC", -1, &st, NULL), SQLITE_OK);
	sqlite3_bind_text(st, 1, tmpl, -1, SQLITE_STATIC);
	if (sqlite3_step(st) == SQLITE_ROW) {
		ck_assert_str_eq((const char *)sqlite3_column_text(st, 0), "boss@example.jp");
		int n = sqlite3_column_bytes(st, 1);
		struct outbox o = { .vars = arena_memdup(a, sqlite3_column_blob(st, 1), (size_t)n), .vars_len = (size_t)n };
		found = arena_strdup(a, outbox_var(&o, name));
	}
	sqlite3_finalize(st);
	return found ? found : "";
}

static void contract_ends(epoch at)
{
	struct contract c;
	ck_ok(contract_get(s, contract, a, &c, &err));
	for (int f = 0; f < CF_COUNT; f++)
		c.v[f] = NULL;
	c.addresses = c.domains = NULL;
	c.ended_at = at;
	ck_ok(store_begin(s, &err));
	ck_ok(contract_update(s, &c, at, &err));
	ck_ok(store_commit(s, &err));
}

static void with_software(struct hc1_client *c, uint64_t id)
{
	const char *body = "[{\"name\":\"KOKUHI\",\"version\":\"1\"}]";
	uint8_t hash[SHA256_LEN];
	char hex[2 * SHA256_LEN + 1];
	crypto_sha256(body, strlen(body), hash);
	hex_encode(hash, sizeof hash, hex);
	send_json(c, batch_json(id, NOW, 1, 3, logons(1, 3), arena_printf(a, ",\"sections\":{\"software\":{\"sha256\":\"%s\",\"taken\":1,\"full\":%s}}", hex, body)));
	ck_assert_int_eq(ans.status, 200);
}

START_TEST(a_contract_that_ended_leaves_nothing)
{
	struct hc1_client other;
	struct agent_sum sum;
	struct terminal t;
	static const int64_t mine[] = { 1, 2 };
	setup();
	enrol(&me, "PC-1", "");
	enrol(&other, "PC-2", "");
	with_software(&me, 1);
	with_software(&other, 2);
	const epoch end = NOW / 1000 + 86400, due = end + 21 * 86400;
	contract_ends(end);
	int64_t before = versions();
	ck_ok(agent_keeper_ended(&in, due - 1, &err));
	ck_assert_int_eq(versions(), before);
	ck_ok(agent_keeper_ended(&in, due, &err));
	ck_ok(agent_months_count(in.agents->folder, contract, mine, 2, &sum, &err));
	ck_assert_int_eq(sum.batches + sum.rows, 0);
	ck_assert_int_eq(mails("terminal-ended"), 1);
	ck_assert_ptr_nonnull(strstr(mail_var("terminal-ended", "list"), "受信データ　　　           2　　           0\n"));
	ck_assert_ptr_nonnull(strstr(mail_var("terminal-ended", "list"), "インベントリ　　           4　　           0\n"));
	ck_assert_ptr_nonnull(strstr(mail_var("terminal-ended", "hosts"), "PC-2"));
	ck_ok(terminal_get(s, 1, a, &t, &err));
	ck_assert_int_eq(t.state, TERMINAL_ENDED);
	ck_assert_str_eq(t.host, "");
	/* once */
	before = versions();
	ck_ok(agent_keeper_ended(&in, due + 86400, &err));
	ck_assert_int_eq(versions(), before);
	struct sb all = SB_INIT;
	agents_close(&in);
	ck_ok(io_read_file(arena_printf(a, "%s/store/agent.db", dir), 64 << 20, &all, &err));
	ck_assert_ptr_null(memmem(all.s, all.len, "KOKUHI", 6));
	sb_free(&all);
	teardown();
}
END_TEST

/* Counted, and then the process died: the proof still says what there was. */
START_TEST(a_deletion_that_was_cut_off)
{
	struct terminal_deletion d = { .begun_at = 1, .batches = 77, .rows = 88, .inventory = 99 };
	setup();
	enrol(&me, "PC-1", "");
	contract_ends(NOW / 1000);
	ck_ok(store_begin(s, &err));
	ck_ok(terminal_deletion_begin(s, contract, &d, &err));
	ck_ok(store_commit(s, &err));
	ck_ok(agent_keeper_ended(&in, NOW / 1000 + 21 * 86400, &err));
	ck_assert_ptr_nonnull(strstr(mail_var("terminal-ended", "list"), "77"));
	teardown();
}
END_TEST

START_TEST(months_that_are_over)
{
	int *v;
	size_t n;
	setup();
	enrol(&me, "PC-1", "");
	with_software(&me, 1);
	sb_reset(&ans.json);
	struct sb env = SB_INIT;
	const char *json = batch_json(2, NOW, 4, 4, logons(4, 4), "");
	hc1_client_seal(&me, json, strlen(json), &env);
	agent_batch(&in, env.s, env.len, NOW + 130 * MS_DAY, &ans); /* March */
	ck_assert_int_eq(ans.status, 200);
	sb_free(&env);
	ck_ok(agent_keeper_months(&in, epoch_of(2027, 2, 28, 23, 59, 59), &err));
	ck_ok(agent_months(in.agents->folder, a, &v, &n, &err));
	ck_assert_uint_eq(n, 2);
	ck_ok(agent_keeper_months(&in, epoch_of(2027, 3, 1, 0, 0, 0), &err));
	ck_ok(agent_months(in.agents->folder, a, &v, &n, &err));
	ck_assert_uint_eq(n, 1);
	ck_assert_int_eq(v[0], 202703);
	teardown();
}
END_TEST

START_TEST(the_silent_are_told_on_mondays)
{
	struct hc1_client other;
	setup();
	enrol(&me, "PC-1", "");
	enrol(&other, "経理-2", "");
	send_json(&me, batch_json(1, NOW, 1, 3, logons(1, 3), "")); /* Wednesday the 11th; the other never sent anything */
	ck_ok(agent_keeper_silent(&in, epoch_of(2026, 11, 16, 9, 0, 0), &err));
	ck_assert_int_eq(mails("terminal-silent"), 0); /* five days */
	ck_ok(agent_keeper_silent(&in, epoch_of(2026, 11, 23, 8, 59, 59), &err));
	ck_assert_int_eq(mails("terminal-silent"), 0);
	for (int i = 0; i < 3; i++)
		ck_ok(agent_keeper_silent(&in, epoch_of(2026, 11, 23, 9, 0, i), &err));
	ck_assert_int_eq(mails("terminal-silent"), 1);
	ck_assert_str_eq(mail_var("terminal-silent", "count"), "2");
	ck_assert_ptr_nonnull(strstr(mail_var("terminal-silent", "list"), "最終受信：11月11日(水) 0:00"));
	ck_assert_ptr_nonnull(strstr(mail_var("terminal-silent", "list"), "経理-2\n　　最終受信：なし"));
	ck_ok(agent_keeper_silent(&in, epoch_of(2026, 12, 1, 12, 0, 0), &err)); /* Monday was missed */
	ck_assert_int_eq(mails("terminal-silent"), 2);
	teardown();
}
END_TEST

/* The server's clock is ten years ahead for an hour: no month is made in 2036, and
 * what is kept, and the end of contracts, wait for a clock that can be believed. */
START_TEST(a_clock_ahead_by_years_costs_nothing)
{
	struct agent_keeper k = { .in = &in };
	const int64_t ahead = NOW + 10 * 366 * MS_DAY;
	struct sb env = SB_INIT;
	setup();
	enrol(&me, "PC-1", "");
	send_json(&me, batch_json(1, NOW, 1, 3, logons(1, 3), ""));
	ck_assert_int_eq(ans.status, 200);
	contract_ends(NOW / 1000 + 30 * 86400);
	int64_t before = versions();
	agent_keeper_round(&k, ahead / 1000);
	ck_assert(io_exists(arena_printf(a, "%s/store/agent-202611.db", dir)));
	ck_assert_int_eq(versions(), before);

	const char *json = batch_json(2, NOW, 4, 5, logons(4, 5), "");
	hc1_client_seal(&me, json, strlen(json), &env);
	sb_reset(&ans.json);
	agent_batch(&in, env.s, env.len, NOW + 20 * MS_DAY, &ans); /* within the month's reach */
	ck_assert_int_eq(ans.status, 200);
	agent_files_close(&in.agents->files);
	ck_is(agent_files_open(in.agents->folder, ahead / 1000, 8, &in.agents->files, &err), ERR_TEMP);
	ck_ok(agent_files_open(in.agents->folder, NOW / 1000, 8, &in.agents->files, &err));
	contract_ends(0);
	json = batch_json(3, NOW, 6, 7, logons(6, 7), "");
	sb_reset(&env);
	hc1_client_seal(&me, json, strlen(json), &env);
	sb_reset(&ans.json);
	agent_batch(&in, env.s, env.len, ahead, &ans);
	ck_assert_int_eq(ans.status, 503);
	sb_reset(&ans.json);
	agent_batch(&in, env.s, env.len, NOW, &ans);
	ck_assert_int_eq(ans.status, 200);
	ck_assert(strstr(ans.json.s, "\"ack_to\":7"));
	ck_assert(!io_exists(arena_printf(a, "%s/store/agent-203611.db", dir)));
	sb_free(&env);
	teardown();
}
END_TEST

START_TEST(a_backup_that_fails_is_told_once_a_day)
{
	const epoch at = NOW / 1000;
	setup();
	for (int hour = 0; hour < 3; hour++)
		ck_ok(backup_keeper_tell(&in, "backup: disk full", at + hour * 3600, &err));
	ck_assert_int_eq(mails("backup-failed"), 1);
	ck_assert_str_eq(mail_var("backup-failed", "why"), "backup: disk full");
	ck_assert_str_eq(mail_var("backup-failed", "last"), "");
	ck_ok(backup_keeper_tell(&in, "backup: disk full", at + 86400, &err));
	ck_assert_int_eq(mails("backup-failed"), 2);
	struct staff op = { .login = "op", .name = "運用", .address = "op@example.jp", .roles = STAFF_OPERATOR, .active = true };
	ck_ok(store_begin(s, &err));
	ck_ok(staff_add(s, &op, &err));
	ck_ok(store_commit(s, &err));
	ck_ok(backup_keeper_tell(&in, "x", at + 2 * 86400, &err));
	sqlite3_stmt *st;
	ck_assert_int_eq(sqlite3_prepare_v2(eyes[0], "SELECT rcpts FROM outbox ORDER BY id DESC", -1, &st, NULL), SQLITE_OK);
	ck_assert_int_eq(sqlite3_step(st), SQLITE_ROW);
	ck_assert_str_eq((const char *)sqlite3_column_text(st, 0), "op@example.jp");
	sqlite3_finalize(st);
	teardown();
}
END_TEST

UNIT_SUITE("agent_keeper", a_contract_that_ended_leaves_nothing, a_deletion_that_was_cut_off, months_that_are_over,
           the_silent_are_told_on_mondays, a_clock_ahead_by_years_costs_nothing, a_backup_that_fails_is_told_once_a_day)
