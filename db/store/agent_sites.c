/* Sites, the greatest first: see agent_read.h. */
#include "store/agent_month_impl.h"
#include <stdlib.h>
#include <string.h>

SQL_OF(STORE_MONTH, q_month, "SELECT s.name, r.times, r.seconds FROM rmon r JOIN site s ON s.id = r.site "
       "WHERE r.contract = ? AND r.month = ?");
SQL_OF(STORE_MONTH, q_days, "SELECT s.name, r.times, r.seconds FROM rday r JOIN site s ON s.id = r.site "
       "WHERE r.terminal = ? AND r.day >= ? AND r.day < ?");

static void take(sqlite3_stmt *st, struct arena *a, void *row)
{
	*(struct agent_site *)row = (struct agent_site){ sql_text(st, 0, a), sql_int(st, 1), sql_int(st, 2) };
}

static int by_name(const void *x, const void *y)
{
	return strcmp(((const struct agent_site *)x)->name, ((const struct agent_site *)y)->name);
}

static int by_seconds(const void *x, const void *y)
{
	const struct agent_site *a = x, *b = y;
	return a->seconds != b->seconds ? (a->seconds < b->seconds) - (a->seconds > b->seconds) : by_name(x, y);
}

static int by_times(const void *x, const void *y)
{
	const struct agent_site *a = x, *b = y;
	return a->times != b->times ? (a->times < b->times) - (a->times > b->times) : by_name(x, y);
}

/* The same site from several files or days is one. */
static size_t merge(struct agent_site *v, size_t n, enum agent_sites_by by, size_t max)
{
	size_t kept = 0;
	qsort(v, n, sizeof *v, by_name);
	for (size_t i = 0; i < n; i++) {
		if (kept && by_name(&v[kept - 1], &v[i]) == 0) {
			v[kept - 1].times += v[i].times;
			v[kept - 1].seconds += v[i].seconds;
		} else {
			v[kept++] = v[i];
		}
	}
	qsort(v, kept, sizeof *v, by == AGENT_BY_SECONDS ? by_seconds : by_times);
	return max && kept > max ? max : kept;
}

enum status agent_sites(struct agent_reader *r, int64_t contract, int month, enum agent_sites_by by, size_t max,
                        struct arena *a, struct agent_site **v_r, size_t *n_r, struct err *e)
{
	enum status st = agent_read_all(r, &q_month, BIND(B_INT(contract), B_INT(month)), take, sizeof **v_r, a, v_r, n_r, e);
	*n_r = merge(*v_r, *n_r, by, max);
	return st;
}

enum status agent_terminal_sites(struct agent_reader *r, int64_t terminal, int64_t from, int64_t to, enum agent_sites_by by,
                                 size_t max, struct arena *a, struct agent_site **v_r, size_t *n_r, struct err *e)
{
	enum status st = agent_read_all(r, &q_days, BIND(B_INT(terminal), B_INT(from), B_INT(to)), take, sizeof **v_r, a, v_r,
	                                n_r, e);
	*n_r = merge(*v_r, *n_r, by, max);
	return st;
}
