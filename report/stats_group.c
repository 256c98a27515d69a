/* The same tickets by category, channel, contract, weekday and hour; answers by staff. See stats.h. */
#include "stats_int.h"
#include <stdlib.h>
#include <string.h>

enum { CHANNELS_MAX = 16, OTHERS = -1 };

/* One ticket or answer of a month that is compared. */
struct mark {
	int64_t key;
	enum stats_col col;
};

static int by_key(const void *x, const void *y)
{
	const struct mark *a = x, *b = y;
	return (a->key > b->key) - (a->key < b->key);
}

static int most_first(const void *x, const void *y)
{
	const struct stats_item *a = x, *b = y;
	for (enum stats_col c = 0; c < STATS_COLS; c++)
		if (a->n[c] != b->n[c])
			return a->n[c] < b->n[c] ? 1 : -1;
	return (a->key > b->key) - (a->key < b->key);
}

/* Those from the top-th on become one. */
static void join_others(struct stats_group *g, size_t top)
{
	if (!top || g->n <= top + 1)
		return;
	struct stats_item sum = { .key = OTHERS };
	for (size_t i = top; i < g->n; i++)
		for (enum stats_col c = 0; c < STATS_COLS; c++)
			sum.n[c] += g->v[i].n[c];
	g->others = g->n - top;
	g->n = top + 1;
	g->v[top] = sum;
}

static struct stats_group group(struct mark *v, size_t n, size_t top, struct arena *a)
{
	struct stats_group g = { .v = arena_zalloc(a, (n + 1) * sizeof *g.v) };
	qsort(v, n, sizeof *v, by_key);
	for (size_t i = 0; i < n; i++) {
		if (!i || v[i].key != v[i - 1].key)
			g.v[g.n++].key = v[i].key;
		g.v[g.n - 1].n[v[i].col]++;
	}
	qsort(g.v, g.n, sizeof *g.v, most_first);
	join_others(&g, top);
	return g;
}

/* Which of the compared months a time lies in; false: in none. */
static bool col_of(struct stats *r, epoch t, enum stats_col *col_r)
{
	for (enum stats_col c = 0; c < STATS_COLS; c++) {
		const struct stats_month *m = stats_col_month(r, c);
		if (t >= m->from && t < m->to) {
			*col_r = c;
			return true;
		}
	}
	return false;
}

/* ---- tickets ---------------------------------------------------------------------- */

/* Channels are few; beyond the bound they count as the last one. */
struct channels {
	const char *v[CHANNELS_MAX];
	size_t n;
};

static int64_t channel_key(struct channels *k, const char *name)
{
	for (size_t i = 0; i < k->n; i++)
		if (strcmp(k->v[i], name) == 0)
			return (int64_t)i;
	if (k->n < CHANNELS_MAX)
		k->v[k->n++] = name;
	return (int64_t)k->n - 1;
}

static void by_time(const struct stats_ticket *t, enum stats_col c, struct stats *r)
{
	struct civil at = civil_of(t->opened_at);
	r->weekday[at.wday].n[c]++;
	r->hour[at.hour].n[c]++;
}

static void group_tickets(const struct stats_rows *rows, struct arena *a, struct stats *r)
{
	struct channels k = { .n = 0 };
	size_t n = 0, room = (rows->nopened + 1) * sizeof(struct mark);
	struct mark *category = arena_alloc(a, room), *channel = arena_alloc(a, room), *contract = arena_alloc(a, room);
	for (size_t i = 0; i < rows->nopened; i++) {
		const struct stats_ticket *t = &rows->opened[i];
		enum stats_col c;
		if (!col_of(r, t->opened_at, &c))
			continue;
		by_time(t, c, r);
		category[n] = (struct mark){ t->category, c };
		channel[n] = (struct mark){ channel_key(&k, t->channel), c };
		contract[n++] = (struct mark){ t->contract_id, c };
	}
	r->category = group(category, n, 0, a);
	r->channel = group(channel, n, 0, a);
	r->contract = group(contract, n, STATS_TOP, a);
	for (size_t i = 0; i < r->channel.n; i++)
		r->channel.v[i].name = k.v[r->channel.v[i].key];
}

/* ---- answers ---------------------------------------------------------------------- */

static void group_answers(const struct stats_rows *rows, struct arena *a, struct stats *r)
{
	struct mark *staff = arena_alloc(a, (rows->nended + 1) * sizeof *staff);
	size_t n = 0;
	for (size_t i = 0; i < rows->nended; i++)
		if (rows->ended[i].how == PERIOD_ANSWERED && col_of(r, rows->ended[i].ended_at, &staff[n].col))
			staff[n++].key = rows->ended[i].staff_id;
	r->staff = group(staff, n, 0, a);
}

void stats_group_rows(const struct stats_rows *rows, struct arena *a, struct stats *r)
{
	for (int i = 0; i < 7; i++)
		r->weekday[i].key = i;
	for (int i = 0; i < 24; i++)
		r->hour[i].key = i;
	group_tickets(rows, a, r);
	group_answers(rows, a, r);
}
