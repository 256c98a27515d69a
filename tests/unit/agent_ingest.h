#ifndef TESTS_AGENT_INGEST_H
#define TESTS_AGENT_INGEST_H
/* An ingest with a contract and terminals, for tests; its stores are watched. */
#include "../hc1_client.h"
#include "agent_fixture.h"
#include "agents.h"
#include "store/store_contract.h"
#include <sys/stat.h>

#define NOW (BEGAN + 10 * MS_DAY)
static struct ingest in;
static struct cfg *cfg;
static struct hc1_client me;
static struct agent_answer ans;
static char token[TERMINAL_TOKEN_SIZE];
static int64_t contract;
static sqlite3 *eyes[STORE_KINDS];

/* ---- an ingest, a contract, a terminal --------------------------------------------- */

static inline void add_contract(const char *number, epoch ended)
{
	struct contract c = { .ended_at = ended };
	c.v[CF_N_NUMBER] = number;
	c.v[CF_NAME] = "例示商事";
	ck_ok(store_begin(s, &err));
	ck_ok(contract_insert(s, &c, 1, &err));
	ck_ok(terminal_token_new(s, c.id, 100, 1, NOW / 1000 + 3 * 86400, token, &err));
	ck_ok(store_commit(s, &err));
	contract = c.id;
}

static inline void setup(void)
{
	static const char *const names[] = { "yorozu.db", "agent.db", "agent-202611.db" };
	new_path();
	snprintf(path, sizeof path, "%s/store", dir);
	ck_assert_int_eq(mkdir(path, 0700), 0);
	snprintf(path, sizeof path, "%s/store/yorozu.db", dir);
	ck_ok(store_open(path, master, &s, &err));
	ck_ok(cfg_parse("t", "upload_free_mb = 0\n", dir, &cfg, &err));
	struct staff boss = { .login = "boss", .name = "部長", .address = "boss@example.jp", .roles = STAFF_SUPERVISOR, .active = true };
	ck_ok(store_begin(s, &err));
	ck_ok(staff_add(s, &boss, &err));
	ck_ok(store_commit(s, &err));
	add_contract("N000000001", 0);
	in = (struct ingest){ .cfg = cfg, .notify_path = "/nonexistent" };
	ck_ok(ingest_open(&in, path, master, &err));
	ck_ok(writer_start(path, master, 8, &in.writer, &err));
	ck_ok(agents_open(&in, NOW / 1000, &err));
	ans = (struct agent_answer){ .json = SB_INIT };
	for (int i = 0; i < STORE_KINDS; i++)
		ck_assert_int_eq(sqlite3_open(arena_printf(a, "%s/store/%s", dir, names[i]), &eyes[i]), SQLITE_OK);
}

static inline void teardown(void)
{
	for (int i = 0; i < STORE_KINDS; i++)
		sqlite3_close(eyes[i]);
	agents_close(&in);
	writer_stop(&in.writer);
	ingest_close(&in);
	store_close(&s);
	sb_free(&ans.json);
	cfg_free(&cfg);
	arena_free(&a);
	empty_folder("/store");
	empty_folder("");
}

/* A number that changes with every commit in any of the stores but ours. */
static inline int64_t versions(void)
{
	int64_t sum = 0;
	for (int i = 0; i < STORE_KINDS; i++) {
		sqlite3_stmt *st;
		ck_assert_int_eq(sqlite3_prepare_v2(eyes[i], "PRAGMA data_version", -1, &st, NULL), SQLITE_OK);
		ck_assert_int_eq(sqlite3_step(st), SQLITE_ROW);
		sum = sum * 100000 + sqlite3_column_int64(st, 0);
		sqlite3_finalize(st);
	}
	return sum;
}

static inline void ask(struct hc1_client *c, const char *code, const char *with, const char *host, const char *hw, int64_t now)
{
	struct sb body = SB_INIT;
	hc1_client_ask(c, code, with, host, hw, &body);
	sb_reset(&ans.json);
	agent_enroll(&in, body.s, body.len, now / 1000, &ans);
	sb_free(&body);
}

static inline void enrol(struct hc1_client *c, const char *host, const char *hw)
{
	hc1_client_new(c);
	ask(c, "N000000001", token, host, hw, NOW);
	ck_assert_msg(ans.status == 200, "%d %s", ans.status, ans.json.s);
	ck_assert(hc1_client_enrolled(c, ans.json.s));
}

static inline void send_bytes(const void *p, size_t n)
{
	sb_reset(&ans.json);
	agent_batch(&in, p, n, NOW, &ans);
}

static inline void send_json_n(struct hc1_client *c, const char *json, size_t n)
{
	struct sb env = SB_INIT;
	hc1_client_seal(c, json, n, &env);
	send_bytes(env.s, env.len);
	sb_free(&env);
}

static inline void send_json(struct hc1_client *c, const char *json)
{
	send_json_n(c, json, strlen(json));
}

static inline const char *logons(int64_t from, int64_t to)
{
	struct sb v = SB_INIT;
	for (int64_t q = from; q <= to; q++)
		sb_addf(&v, "%s{\"q\":%lld,\"t\":%lld,\"k\":\"logon\"}", q > from ? "," : "", (long long)q, NOW);
	char *copy = arena_strdup(a, v.s);
	sb_free(&v);
	return copy;
}

static inline int64_t mails(const char *tmpl)
{
	sqlite3_stmt *st;
	ck_assert_int_eq(sqlite3_prepare_v2(eyes[0], "SELECT count(*) FROM outbox WHERE tmpl = ?", -1, &st, NULL), SQLITE_OK);
	sqlite3_bind_text(st, 1, tmpl, -1, SQLITE_STATIC);
	ck_assert_int_eq(sqlite3_step(st), SQLITE_ROW);
	int64_t n = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return n;
}

#endif
