/* Statistics of a month: months, times, what waits. See stats.h. */
#include "stats.h"
#include "stats_int.h"
#include <stdlib.h>
#include <string.h>

enum { FIRST_YEAR = 2000, LAST_YEAR = 2099 };

bool stats_month_parse(const char *text, int *year_r, int *mon_r)
{
	if (strlen(text) != 7 || strspn(text, "0123456789") != 4 || text[4] != '-' || strspn(text + 5, "0123456789") != 2)
		return false;
	*year_r = (int)strtol(text, NULL, 10);
	*mon_r = (int)strtol(text + 5, NULL, 10);
	return *year_r >= FIRST_YEAR && *year_r <= LAST_YEAR && *mon_r >= 1 && *mon_r <= 12;
}

/* Months since year 0. */
static int serial(int year, int mon)
{
	return year * 12 + mon - 1;
}

epoch stats_month_start(int year, int mon, int n)
{
	int m = serial(year, mon) + n;
	return epoch_of(m / 12, m % 12 + 1, 1, 0, 0, 0);
}

void stats_begin(int year, int mon, epoch now, struct stats *r)
{
	*r = (struct stats){ 0 };
	for (int i = 0; i < STATS_MONTHS; i++) {
		int m = serial(year, mon) + i - (STATS_MONTHS - 1);
		r->m[i] = (struct stats_month){ .year = m / 12, .mon = m % 12 + 1, .from = stats_month_start(m / 12, m % 12 + 1, 0),
		                                .to = stats_month_start(m / 12, m % 12 + 1, 1) };
	}
	epoch end = r->m[STATS_MONTHS - 1].to;
	r->whole = now >= end;
	r->until = r->whole ? end : now;
}

struct stats_month *stats_col_month(struct stats *r, enum stats_col c)
{
	static const int at[STATS_COLS] = { STATS_MONTHS - 1, STATS_MONTHS - 2, 0 };
	return &r->m[at[c]];
}

epoch stats_col_until(const struct stats *r, enum stats_col c)
{
	return c == STATS_THIS ? r->until : stats_col_month((struct stats *)r, c)->to;
}

/* ---- times ---------------------------------------------------------------------- */

int64_t stats_percentile(const int64_t *sorted, size_t n, int percent)
{
	return n ? sorted[(n * (size_t)percent + 99) / 100 - 1] : 0;
}

int64_t stats_median(const int64_t *sorted, size_t n)
{
	return !n ? 0 : n % 2 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
}

static int by_value(const void *x, const void *y)
{
	int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
	return (a > b) - (a < b);
}

static void count_answer(const struct cal *cal, const struct period *p, struct stats_month *m, int64_t *seconds)
{
	if (p->how != PERIOD_ANSWERED) {
		m->unanswered++;
		return;
	}
	seconds[m->answered++] = cal_reply_time(cal, p->since, p->ended_at);
	m->in_time += p->ended_at <= cal_due(cal, p->since);
	m->in_promise += p->ended_at <= p->due_at;
}

/* The month's own are in one piece: they are in order of their end. */
static size_t count_answers(const struct cal *cal, const struct stats_rows *rows, size_t i, int64_t *seconds, struct stats_month *m)
{
	for (; i < rows->nended && rows->ended[i].ended_at < m->to; i++)
		if (rows->ended[i].ended_at >= m->from)
			count_answer(cal, &rows->ended[i], m, seconds);
	size_t n = (size_t)m->answered;
	qsort(seconds, n, sizeof *seconds, by_value);
	m->median = stats_median(seconds, n);
	m->p90 = stats_percentile(seconds, n, 90);
	m->longest = n ? seconds[n - 1] : 0;
	return i;
}

/* ---- what waits --------------------------------------------------------------------- */

static void count_waiting(const struct cal *cal, const struct period *p, epoch until, struct stats_backlog *b)
{
	static const int days[STATS_AGES - 1] = { 1, 2, 3, 5 };
	int64_t seconds = cal_reply_time(cal, p->since, until);
	int age = 0;
	while (age < STATS_AGES - 1 && seconds > days[age] * (int64_t)CAL_BUSINESS_DAY_SECONDS)
		age++;
	b->n++;
	b->overdue += p->due_at < until;
	b->age[age]++;
	if (seconds > b->longest)
		b->longest = seconds;
}

/* ---- all ---------------------------------------------------------------------------- */

static void count_opened(const struct stats_rows *rows, struct stats *r)
{
	int i = 0;
	for (size_t k = 0; k < rows->nopened; k++) {
		while (i < STATS_MONTHS - 1 && rows->opened[k].opened_at >= r->m[i].to)
			i++;
		r->m[i].opened++;
	}
}

void stats_count_rows(const struct cal *cal, const struct stats_rows *rows, struct arena *a, struct stats *r)
{
	int64_t *seconds = arena_alloc(a, (rows->nended + 1) * sizeof *seconds);
	size_t at = 0;
	count_opened(rows, r);
	for (int i = 0; i < STATS_MONTHS; i++) {
		r->m[i].known = i == STATS_MONTHS - 1 || (rows->first && rows->first < r->m[i].to);
		at = count_answers(cal, rows, at, seconds, &r->m[i]);
	}
	for (enum stats_col c = 0; c < STATS_COLS; c++)
		for (size_t i = 0; i < rows->nwaited[c]; i++)
			count_waiting(cal, &rows->waited[c][i], stats_col_until(r, c), &r->backlog[c]);
	stats_group_rows(rows, a, r);
}
