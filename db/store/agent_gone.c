/* What a contract's terminals left in the month files: counted, and deleted.
 * See agent_month.h. */
#include "store/agent_month_impl.h"
#include <string.h>

SQL_OF(STORE_MONTH, n_batch, "SELECT count(*) FROM batch WHERE terminal = ?");
SQL_OF(STORE_MONTH, n_term, "SELECT count(*) FROM term WHERE terminal = ?");
SQL_OF(STORE_MONTH, n_rday, "SELECT count(*) FROM rday WHERE terminal = ?");
SQL_OF(STORE_MONTH, n_tday, "SELECT count(*) FROM tday WHERE terminal = ?");
SQL_OF(STORE_MONTH, n_low, "SELECT count(*) FROM low WHERE terminal = ?");
SQL_OF(STORE_MONTH, n_gap, "SELECT count(*) FROM gap WHERE terminal = ?");
SQL_OF(STORE_MONTH, n_rmon, "SELECT count(*) FROM rmon WHERE contract = ?");
SQL_OF(STORE_MONTH, d_batch, "DELETE FROM batch WHERE terminal = ?");
SQL_OF(STORE_MONTH, d_term, "DELETE FROM term WHERE terminal = ?");
SQL_OF(STORE_MONTH, d_rday, "DELETE FROM rday WHERE terminal = ?");
SQL_OF(STORE_MONTH, d_tday, "DELETE FROM tday WHERE terminal = ?");
SQL_OF(STORE_MONTH, d_low, "DELETE FROM low WHERE terminal = ?");
SQL_OF(STORE_MONTH, d_gap, "DELETE FROM gap WHERE terminal = ?");
SQL_OF(STORE_MONTH, d_rmon, "DELETE FROM rmon WHERE contract = ?");

static const struct sql *const counts[] = { &n_term, &n_rday, &n_tday, &n_low, &n_gap };
static const struct sql *const deletes[] = { &d_batch, &d_term, &d_rday, &d_tday, &d_low, &d_gap };

struct whose {
	int64_t contract;
	const int64_t *terminals;
	size_t n;
	struct agent_sum *sum;
};

static enum status add(struct store *s, const struct sql *q, int64_t of, int64_t *sum, struct err *e)
{
	int64_t n = 0;
	enum status st = sql_number(s, q, BIND(B_INT(of)), &n, e);
	*sum += n;
	return st;
}

static enum status count_month(struct store *s, const struct whose *w, struct err *e)
{
	enum status st = add(s, &n_rmon, w->contract, &w->sum->rows, e);
	for (size_t i = 0; st == OK && i < w->n; i++) {
		st = add(s, &n_batch, w->terminals[i], &w->sum->batches, e);
		for (size_t k = 0; st == OK && k < sizeof counts / sizeof *counts; k++)
			st = add(s, counts[k], w->terminals[i], &w->sum->rows, e);
	}
	return st;
}

static enum status delete_rows(struct store *s, const struct whose *w, struct err *e)
{
	enum status st = sql_run(s, &d_rmon, BIND(B_INT(w->contract)), e);
	for (size_t i = 0; st == OK && i < w->n; i++)
		for (size_t k = 0; st == OK && k < sizeof deletes / sizeof *deletes; k++)
			st = sql_run(s, deletes[k], BIND(B_INT(w->terminals[i])), e);
	return st;
}

/* The WAL still had what is gone now: it is emptied, where no reader keeps it. */
static enum status delete_month(struct store *s, const struct whose *w, struct err *e)
{
	enum status st = sql_script(s, "PRAGMA secure_delete = ON", e);
	if (st == OK)
		st = store_begin(s, e);
	if (st != OK)
		return st;
	st = delete_rows(s, w, e);
	if (st == OK)
		st = store_commit(s, e);
	else
		store_rollback(s);
	return st == OK ? sql_script(s, "PRAGMA wal_checkpoint(TRUNCATE)", e) : st;
}

typedef enum status (*month_fn)(struct store *s, const struct whose *w, struct err *e);

static enum status each_month(const char *folder, month_fn fn, bool look, const struct whose *w, struct err *e)
{
	struct arena *a = arena_new();
	int *v;
	size_t n = 0;
	enum status st = agent_months(folder, a, &v, &n, e);
	for (size_t i = 0; st == OK && i < n; i++) {
		struct store *s;
		st = agent_month_open(folder, v[i], look, &s, e);
		if (st != OK)
			break;
		st = fn(s, w, e);
		store_close(&s);
	}
	arena_free(&a);
	return st;
}

enum status agent_months_count(const char *folder, int64_t contract, const int64_t *terminals, size_t n, struct agent_sum *r,
                               struct err *e)
{
	struct whose w = { contract, terminals, n, r };
	*r = (struct agent_sum){ 0 };
	return each_month(folder, count_month, true, &w, e);
}

enum status agent_months_delete(const char *folder, int64_t contract, const int64_t *terminals, size_t n, struct err *e)
{
	struct whose w = { contract, terminals, n, NULL };
	return each_month(folder, delete_month, false, &w, e);
}
