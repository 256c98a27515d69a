/* Counting a batch: see agent_tally.h. */
#include "store/agent_tally.h"
#include "base/clk.h"
#include <stdlib.h>
#include <string.h>

#define DAY_MS ((int64_t)86400 * 1000)
#define JST_MS ((int64_t)9 * 3600 * 1000)

int64_t agent_day_of(int64_t at_ms)
{
	int64_t t = at_ms + JST_MS;
	return t >= 0 ? t / DAY_MS : -((-t + DAY_MS - 1) / DAY_MS);
}

static int by_day_site(const void *x, const void *y)
{
	const struct tally_site *a = x, *b = y;
	return a->day != b->day ? (a->day > b->day) - (a->day < b->day) : strcmp(a->site, b->site);
}

static int by_day(const void *x, const void *y)
{
	const struct tally_day *a = x, *b = y;
	return (a->day > b->day) - (a->day < b->day);
}

static void merge_sites(struct agent_tally *t)
{
	size_t n = 0;
	qsort(t->sites, t->nsites, sizeof *t->sites, by_day_site);
	for (size_t i = 0; i < t->nsites; i++) {
		if (n && by_day_site(&t->sites[n - 1], &t->sites[i]) == 0) {
			t->sites[n - 1].times += t->sites[i].times;
			t->sites[n - 1].seconds += t->sites[i].seconds;
		} else {
			t->sites[n++] = t->sites[i];
		}
	}
	t->nsites = n;
}

static void merge_days(struct agent_tally *t)
{
	size_t n = 0;
	qsort(t->days, t->ndays, sizeof *t->days, by_day);
	for (size_t i = 0; i < t->ndays; i++) {
		if (n && t->days[n - 1].day == t->days[i].day) {
			t->days[n - 1].events += t->days[i].events;
			t->days[n - 1].batches += t->days[i].batches;
		} else {
			t->days[n++] = t->days[i];
		}
	}
	t->ndays = n;
}

/* A day's events come one behind the other: few rows to sort. */
static void add_event_day(struct agent_tally *t, int64_t day)
{
	if (t->ndays && t->days[t->ndays - 1].day == day)
		t->days[t->ndays - 1].events++;
	else
		t->days[t->ndays++] = (struct tally_day){ .day = day, .events = 1 };
}

void agent_tally(const struct agent_batch *b, const struct ranges *had, struct arena *a, struct agent_tally *t)
{
	size_t web = 0;
	for (size_t i = 0; i < b->nevents; i++)
		web += b->events[i].kind == AGENT_WEB;
	*t = (struct agent_tally){ .sites = arena_alloc(a, (web + 1) * sizeof *t->sites),
		.days = arena_alloc(a, (b->nevents + 1) * sizeof *t->days) };
	for (size_t i = 0; i < b->nevents; i++) {
		const struct agent_event *v = &b->events[i];
		if (had && ranges_have(had, v->q))
			continue;
		add_event_day(t, agent_day_of(v->at_ms));
		if (v->kind == AGENT_WEB && v->name[0])
			t->sites[t->nsites++] = (struct tally_site){ agent_day_of(v->at_ms), v->name, v->n, v->seconds };
	}
	t->days[t->ndays++] = (struct tally_day){ .day = agent_day_of(b->created_ms), .batches = 1 };
	merge_sites(t);
	merge_days(t);
}
