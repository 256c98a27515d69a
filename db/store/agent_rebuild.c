/*
 * Roll-ups made anew from the batches that are kept: see agent_month.h. One
 * transaction a contract, so readers see the old ones or the new ones, and whoever
 * writes waits for one contract at most: no row is of two of them. What a batch
 * said is read with the time at which it came, so that everything falls where it
 * fell.
 */
#include "base/io.h"
#include "store/agent_body.h"
#include "store/agent_month_impl.h"
#include <stdio.h>
#include <stdlib.h>

/* All terminals are walked for each contract, but of their batches its own alone (CROSS: in this order). */
SQL_OF(STORE_MONTH, q_ids, "SELECT b.id FROM term t CROSS JOIN batch b ON b.terminal = t.terminal "
       "WHERE t.terminal > 0 AND t.contract = ?");
SQL_OF(STORE_MONTH, q_batch, "SELECT b.id, b.terminal, t.contract, b.received_ms, b.had, b.size, b.body FROM batch b "
       "JOIN term t ON t.terminal = b.terminal WHERE b.id = ?");
/* The next contract of which there is a row or a terminal. */
SQL_OF(STORE_MONTH, q_contract, "SELECT min(c) FROM (SELECT min(contract) c FROM term WHERE contract > ?1 "
       "UNION ALL SELECT min(contract) FROM rmon WHERE contract > ?1)");

#define OF_TERMINALS "terminal IN (SELECT terminal FROM term WHERE contract = %lld)"
static const struct {
	const char *name;
	bool by_contract; /* its rows have the contract; else the terminal */
} rollups[] = { { "rday", false }, { "rmon", true }, { "tday", false }, { "low", false }, { "gap", false } };
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

static void take_id(sqlite3_stmt *st, struct arena *a, void *row)
{
	(void)a;
	*(int64_t *)row = sql_int(st, 0);
}

static int by_id(const void *x, const void *y)
{
	const int64_t *a = x, *b = y;
	return (*a > *b) - (*a < *b);
}

/* As they came: the first sites of a day are those that are named. */
static enum status recount_all(struct store *s, int64_t contract, int64_t *n_r, struct err *e)
{
	struct arena *ids = arena_new();
	int64_t *v;
	size_t n = 0;
	enum status st = sql_list(s, &q_ids, BIND(B_INT(contract)), take_id, sizeof *v, ids, &v, &n, e);
	if (st == OK)
		qsort(v, n, sizeof *v, by_id);
	for (size_t i = 0; st == OK && i < n; i++) {
		struct kept k = { 0 };
		struct arena *a = arena_new();
		st = sql_one(s, &q_batch, BIND(B_INT(v[i])), take, a, &k, e);
		if (st == OK)
			st = recount(s, &k, a, e);
		*n_r += st == OK;
		arena_free(&a);
	}
	arena_free(&ids);
	return st;
}

/* For each of the roll-ups a statement: before NAME between, and its rows of the contract. */
static enum status script_for(struct store *s, int64_t contract, const char *before, const char *between, struct err *e)
{
	struct sb sql = SB_INIT;
	for (size_t i = 0; i < ROLLUPS; i++) {
		sb_addf(&sql, "%s%s%s%s WHERE ", before, rollups[i].name, between, *between ? rollups[i].name : "");
		sb_addf(&sql, rollups[i].by_contract ? "contract = %lld;" : OF_TERMINALS ";", (long long)contract);
	}
	enum status st = sql_script(s, sql.s, e);
	sb_free(&sql);
	return st;
}

static void add_differ(struct sb *sql, const char *name, const char *of)
{
	sb_addf(sql, " + (SELECT count(*) FROM (SELECT * FROM main.%s WHERE %s EXCEPT SELECT * FROM old_%s))", name, of, name);
	sb_addf(sql, " + (SELECT count(*) FROM (SELECT * FROM old_%s EXCEPT SELECT * FROM main.%s WHERE %s))", name, name, of);
}

/* Rows that are in one of the two and not in the other. */
static enum status differ(struct store *s, int64_t contract, int64_t *n_r, struct err *e)
{
	struct sb sql = SB_INIT;
	char of[2][96];
	sqlite3_stmt *st = NULL;
	snprintf(of[0], sizeof of[0], OF_TERMINALS, (long long)contract);
	snprintf(of[1], sizeof of[1], "contract = %lld", (long long)contract);
	sb_adds(&sql, "SELECT 0");
	for (size_t i = 0; i < ROLLUPS; i++)
		add_differ(&sql, rollups[i].name, of[rollups[i].by_contract]);
	int rc = sqlite3_prepare_v2(s->db, sql.s, -1, &st, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(st);
	if (rc == SQLITE_ROW)
		*n_r += sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	sb_free(&sql);
	return rc == SQLITE_ROW ? OK : sql_fail(s, rc, "comparing roll-ups", e);
}

static enum status drop_old(struct store *s, struct err *e)
{
	struct sb sql = SB_INIT;
	for (size_t i = 0; i < ROLLUPS; i++)
		sb_addf(&sql, "DROP TABLE IF EXISTS temp.old_%s;", rollups[i].name);
	enum status st = sql_script(s, sql.s, e);
	sb_free(&sql);
	return st;
}

struct sums {
	int64_t batches, differ;
};

static enum status rebuild(struct store *s, int64_t contract, struct sums *x, struct err *e)
{
	enum status st = drop_old(s, e);
	if (st == OK)
		st = script_for(s, contract, "CREATE TEMP TABLE old_", " AS SELECT * FROM main.", e);
	if (st == OK)
		st = script_for(s, contract, "DELETE FROM main.", "", e);
	if (st == OK)
		st = recount_all(s, contract, &x->batches, e);
	return st == OK ? differ(s, contract, &x->differ, e) : st;
}

/* Rows of terminals that the file does not know. */
static enum status drop_strays(struct store *s, struct sums *x, struct err *e)
{
	enum status st = OK;
	for (size_t i = 0; st == OK && i < ROLLUPS; i++) {
		struct sb sql = SB_INIT;
		sb_addf(&sql, "DELETE FROM %s WHERE terminal NOT IN (SELECT terminal FROM term)", rollups[i].name);
		if (!rollups[i].by_contract) {
			st = sql_script(s, sql.s, e);
			x->differ += st == OK ? sql_changes(s) : 0;
		}
		sb_free(&sql);
	}
	return st;
}

/* contract 0: the strays. */
static enum status step(struct store *s, int64_t contract, struct sums *x, struct err *e)
{
	enum status st = store_begin(s, e);
	if (st != OK)
		return st;
	st = contract ? rebuild(s, contract, x, e) : drop_strays(s, x, e);
	if (st == OK)
		return store_commit(s, e);
	store_rollback(s);
	return st;
}

static enum status all_steps(struct store *s, struct sums *x, struct err *e)
{
	int64_t contract = 0;
	enum status st = step(s, 0, x, e);
	while (st == OK) {
		st = sql_number(s, &q_contract, BIND(B_INT(contract)), &contract, e);
		if (st != OK || !contract)
			return st;
		st = step(s, contract, x, e);
	}
	return st;
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
	struct sums x = { 0, 0 };
	st = all_steps(s, &x, e);
	*batches_r = x.batches;
	*differ_r = x.differ;
	store_close(&s);
	return st;
}
