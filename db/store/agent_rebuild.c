/*
 * Roll-ups made anew from the batches that are kept: see agent_month.h. One
 * transaction, so readers see the old ones or the new ones. What a batch said
 * is read with the time at which it came, so that everything falls where it fell.
 */
#include "base/io.h"
#include "store/agent_body.h"
#include "store/agent_month_impl.h"
#include <stdlib.h>

SQL_OF(STORE_MONTH, q_next, "SELECT b.id, b.terminal, t.contract, b.received_ms, b.had, b.size, b.body FROM batch b "
       "JOIN term t ON t.terminal = b.terminal WHERE b.id > ? ORDER BY b.id LIMIT 1");

static const char *const rollups[] = { "rday", "rmon", "tday", "low", "gap" };
enum { ROLLUPS = sizeof rollups / sizeof *rollups };

struct kept {
	int64_t id, terminal, contract, received_ms;
	struct ranges had;
	size_t size, n;
	const void *body;
	bool good;
};

static void take(sqlite3_stmt *st, struct arena *a, void *row)
{
	struct kept *k = row;
	size_t n;
	k->id = sql_int(st, 0);
	k->terminal = sql_int(st, 1);
	k->contract = sql_int(st, 2);
	k->received_ms = sql_int(st, 3);
	const void *had = sql_blob(st, 4, a, &n);
	k->good = ranges_load(&k->had, had, n);
	k->size = (size_t)sql_int(st, 5);
	k->body = sql_blob(st, 6, a, &k->n);
}

static enum status recount(struct store *s, const struct kept *k, struct arena *a, struct err *e)
{
	struct agent_batch b;
	struct agent_tally t;
	struct sb json = SB_INIT;
	const struct ranges *had = k->had.n ? &k->had : NULL;
	enum status st = k->good ? agent_body_open(k->body, k->n, k->size, &json, e) : err_set(e, ERR_PERM, "ranges");
	if (st == OK)
		st = agent_batch_read(json.s, json.len, k->received_ms, a, &b, e);
	if (st == OK) {
		agent_tally(&b, had, a, &t);
		st = agent_count(s, &(struct agent_counted){ k->terminal, k->contract, k->received_ms / 1000, &b, &t, had }, e);
	}
	sb_free(&json);
	return st;
}

static enum status recount_all(struct store *s, int64_t *n_r, struct err *e)
{
	struct kept k = { 0 };
	enum status st = OK;
	for (*n_r = 0; st == OK; ++*n_r) {
		struct arena *a = arena_new();
		st = sql_one(s, &q_next, BIND(B_INT(k.id)), take, a, &k, e);
		if (st == OK)
			st = recount(s, &k, a, e);
		arena_free(&a);
		if (st == ERR_NOTFOUND)
			return OK;
	}
	return st;
}

/* A statement for each of them, its name put in once or twice. */
static enum status script_for(struct store *s, const char *before, const char *between, struct err *e)
{
	struct sb sql = SB_INIT;
	for (size_t i = 0; i < ROLLUPS; i++)
		sb_addf(&sql, "%s%s%s%s;", before, rollups[i], between, between[0] ? rollups[i] : "");
	enum status st = sql_script(s, sql.s, e);
	sb_free(&sql);
	return st;
}

/* Rows that are in one of the two and not in the other. */
static enum status differ(struct store *s, int64_t *n_r, struct err *e)
{
	struct sb sql = SB_INIT;
	sqlite3_stmt *st = NULL;
	sb_adds(&sql, "SELECT 0");
	for (size_t i = 0; i < ROLLUPS; i++)
		sb_addf(&sql, " + (SELECT count(*) FROM (SELECT * FROM %s EXCEPT SELECT * FROM old_%s))"
		        " + (SELECT count(*) FROM (SELECT * FROM old_%s EXCEPT SELECT * FROM %s))",
		        rollups[i], rollups[i], rollups[i], rollups[i]);
	int rc = sqlite3_prepare_v2(s->db, sql.s, -1, &st, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(st);
	if (rc == SQLITE_ROW)
		*n_r = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	sb_free(&sql);
	return rc == SQLITE_ROW ? OK : sql_fail(s, rc, "comparing roll-ups", e);
}

static enum status rebuild(struct store *s, int64_t *batches_r, int64_t *differ_r, struct err *e)
{
	enum status st = script_for(s, "CREATE TABLE old_", " AS SELECT * FROM ", e);
	if (st == OK)
		st = script_for(s, "DELETE FROM ", "", e);
	if (st == OK)
		st = recount_all(s, batches_r, e);
	if (st == OK)
		st = differ(s, differ_r, e);
	return st == OK ? script_for(s, "DROP TABLE old_", "", e) : st;
}

enum status agent_month_rebuild(const char *folder, int month, int64_t *batches_r, int64_t *differ_r, struct err *e)
{
	struct store *s;
	char *path = agent_month_path(folder, month);
	bool there = io_exists(path);
	free(path);
	if (!there)
		return err_set(e, ERR_NOTFOUND, "no data came in %d", month);
	enum status st = agent_month_open(folder, month, false, &s, e);
	if (st != OK)
		return st;
	st = store_begin(s, e);
	if (st == OK) {
		st = rebuild(s, batches_r, differ_r, e);
		if (st == OK)
			st = store_commit(s, e);
		else
			store_rollback(s);
	}
	store_close(&s);
	return st;
}
