/* What terminals did, from the month files that there are: see agent_read.h. */
#include "store/agent_read.h"
#include "base/xalloc.h"
#include "store/agent_month_impl.h"
#include <stdlib.h>
#include <string.h>

SQL_OF(STORE_MONTH, q_rows, "SELECT q, at_ms, moved, kind, user, op, class, name, detail, n FROM low "
       "WHERE terminal = ? AND at_ms >= ? AND at_ms < ?");
SQL_OF(STORE_MONTH, q_days, "SELECT day, batches, events FROM tday WHERE terminal = ? AND day >= ? AND day < ? ORDER BY day");
SQL_OF(STORE_MONTH, q_gaps, "SELECT q_from, q_to, reason, created_ms, received_at FROM gap WHERE terminal = ? "
       "AND created_ms >= ? AND created_ms < ?");
SQL_OF(STORE_MONTH, q_last, "SELECT last_at FROM term WHERE terminal = ?");

static int month_before(int month)
{
	return month % 100 > 1 ? month - 1 : month - 100 + 11;
}

/* A clock may be a day ahead: what happened on the 1st may have come on the last. */
enum status agent_reader_open(const char *folder, int from, struct agent_reader **r_r, struct err *e)
{
	struct arena *a = arena_new();
	struct agent_reader *r = xcalloc(1, sizeof *r);
	int *v;
	size_t n = 0;
	enum status st = agent_months(folder, a, &v, &n, e);
	if (st == OK)
		r->v = xcalloc(n + 1, sizeof *r->v);
	for (size_t i = 0; st == OK && i < n; i++) {
		if (v[i] < month_before(from))
			continue;
		st = agent_month_open(folder, v[i], true, &r->v[r->n], e);
		if (st == ERR_NOTFOUND)
			st = OK; /* it was dropped just now */
		else if (st == OK)
			r->n++;
	}
	arena_free(&a);
	*r_r = r;
	if (st != OK)
		agent_reader_close(r_r);
	return st;
}

void agent_reader_close(struct agent_reader **rp)
{
	struct agent_reader *r = rp ? *rp : NULL;
	if (!r)
		return;
	for (size_t i = 0; i < r->n; i++)
		store_close(&r->v[i]);
	free(r->v);
	free(r);
	*rp = NULL;
}

enum status agent_read_all(struct agent_reader *r, const struct sql *q, const struct sql_val *v, sql_row fn, size_t size,
                           struct arena *a, void *v_r, size_t *n_r, struct err *e)
{
	char *all = arena_alloc(a, 1);
	size_t n = 0;
	enum status st = OK;
	for (size_t i = 0; st == OK && i < r->n; i++) {
		char *some, *both;
		size_t m = 0;
		st = sql_list(r->v[i], q, v, fn, size, a, &some, &m, e);
		if (st != OK || m == 0)
			continue;
		both = arena_alloc(a, (n + m) * size);
		memcpy(both, all, n * size);
		memcpy(both + n * size, some, m * size);
		all = both;
		n += m;
	}
	memcpy(v_r, &all, sizeof all);
	*n_r = n;
	return st;
}

/* ---- rows --------------------------------------------------------------------------- */

static void take_row(sqlite3_stmt *st, struct arena *a, void *row)
{
	*(struct agent_row *)row = (struct agent_row){ .q = sql_int(st, 0), .at_ms = sql_int(st, 1), .moved = sql_int(st, 2),
		.kind = (enum agent_kind)sql_int(st, 3), .user = sql_text(st, 4, a), .op = sql_text(st, 5, a),
		.class = sql_text(st, 6, a), .name = sql_text(st, 7, a), .detail = sql_text(st, 8, a), .n = sql_int(st, 9) };
}

static int by_time(const void *x, const void *y)
{
	const struct agent_row *a = x, *b = y;
	return a->at_ms != b->at_ms ? (a->at_ms > b->at_ms) - (a->at_ms < b->at_ms) : (a->q > b->q) - (a->q < b->q);
}

enum status agent_rows(struct agent_reader *r, int64_t terminal, unsigned kinds, epoch from, epoch to, struct arena *a,
                       struct agent_row **v_r, size_t *n_r, struct err *e)
{
	struct agent_row *v;
	size_t n = 0, kept = 0;
	enum status st = agent_read_all(r, &q_rows, BIND(B_INT(terminal), B_INT(from * 1000), B_INT(to * 1000)), take_row,
	                                sizeof *v, a, &v, &n, e);
	for (size_t i = 0; st == OK && i < n; i++) {
		v[i].terminal = terminal;
		if (kinds & AGENT_BIT(v[i].kind))
			v[kept++] = v[i];
	}
	qsort(v, kept, sizeof *v, by_time);
	*v_r = v;
	*n_r = kept;
	return st;
}

bool agent_off_hours(const struct cal *c, epoch t)
{
	struct civil x = civil_of(t);
	return x.hour >= 22 || x.hour < 5 || x.wday == 0 || x.wday == 6 || cal_holiday(c, day_of(x.year, x.mon, x.day)) != NULL;
}

enum status agent_off_hours_rows(struct agent_reader *r, const struct cal *c, int64_t terminal, epoch from, epoch to,
                                 struct arena *a, struct agent_row **v_r, size_t *n_r, struct err *e)
{
	struct agent_row *v;
	size_t n = 0, kept = 0;
	enum status st = agent_rows(r, terminal, AGENT_BIT(AGENT_BOOT) | AGENT_BIT(AGENT_LOGON) | AGENT_BIT(AGENT_UNLOCK), from, to,
	                            a, &v, &n, e);
	for (size_t i = 0; st == OK && i < n; i++)
		if (agent_off_hours(c, v[i].at_ms / 1000))
			v[kept++] = v[i];
	*v_r = v;
	*n_r = kept;
	return st;
}

/* ---- what came ----------------------------------------------------------------------- */

static void take_day(sqlite3_stmt *st, struct arena *a, void *row)
{
	(void)a;
	*(struct agent_day *)row = (struct agent_day){ sql_int(st, 0), sql_int(st, 1), sql_int(st, 2) };
}

static int by_day(const void *x, const void *y)
{
	const struct agent_day *a = x, *b = y;
	return (a->day > b->day) - (a->day < b->day);
}

enum status agent_days(struct agent_reader *r, int64_t terminal, int64_t from, int64_t to, struct arena *a,
                       struct agent_day **v_r, size_t *n_r, struct err *e)
{
	struct agent_day *v;
	size_t n = 0, kept = 0;
	enum status st = agent_read_all(r, &q_days, BIND(B_INT(terminal), B_INT(from), B_INT(to)), take_day, sizeof *v, a, &v, &n, e);
	qsort(v, n, sizeof *v, by_day);
	for (size_t i = 0; i < n; i++) {
		if (kept && v[kept - 1].day == v[i].day) {
			v[kept - 1].batches += v[i].batches;
			v[kept - 1].events += v[i].events;
		} else {
			v[kept++] = v[i];
		}
	}
	*v_r = v;
	*n_r = kept;
	return st;
}

static void take_gap(sqlite3_stmt *st, struct arena *a, void *row)
{
	*(struct agent_gap *)row = (struct agent_gap){ sql_int(st, 0), sql_int(st, 1), sql_text(st, 2, a), sql_int(st, 3),
		sql_int(st, 4) };
}

enum status agent_gaps(struct agent_reader *r, int64_t terminal, epoch from, epoch to, struct arena *a,
                       struct agent_gap **v_r, size_t *n_r, struct err *e)
{
	return agent_read_all(r, &q_gaps, BIND(B_INT(terminal), B_INT(from * 1000), B_INT(to * 1000)), take_gap, sizeof **v_r, a,
	                      v_r, n_r, e);
}

enum status agent_last_at(struct agent_reader *r, int64_t terminal, epoch *at_r, struct err *e)
{
	*at_r = 0;
	if (r->n == 0)
		return OK;
	enum status st = sql_number(r->v[r->n - 1], &q_last, BIND(B_INT(terminal)), at_r, e);
	return st == ERR_NOTFOUND ? OK : st;
}
