/*
 * Any bytes as a batch: no crash; what is taken is in order, whole and bounded,
 * counts to its own number of events, and its ranges add up.
 */
#include "store/agent_tally.h"
#include "text/charset.h"
#include "wire/hc1.h"
#include <stdlib.h>
#include <string.h>

static void must(int ok)
{
	if (!ok)
		abort();
}

static void text_ok(const char *s)
{
	must(strlen(s) < 3 * AGENT_TEXT_MAX && text_is_utf8(s, strlen(s)));
}

static void look(const struct agent_batch *b, int64_t now)
{
	int64_t last = 0, covered = 0;
	for (size_t i = 0; i < b->nevents; i++) {
		const struct agent_event *v = &b->events[i];
		must(v->q > last && v->q >= b->q.from && v->q <= b->q.to);
		must(v->at_ms <= now + 86400000LL && v->at_ms >= now - 400 * 86400000LL);
		must(v->n >= -(1LL << 53) && v->seconds >= 0 && v->seconds <= 86400);
		text_ok(v->user), text_ok(v->name), text_ok(v->op), text_ok(v->class), text_ok(v->detail);
		last = v->q;
		covered++;
	}
	for (size_t i = 0; i < b->ngaps; i++)
		covered += b->gaps[i].q.to - b->gaps[i].q.from + 1;
	must(covered == b->q.to - b->q.from + 1);
	must(b->nparts <= AGENT_PARTS_MAX && b->ngaps <= HC1_GAPS_MAX && b->nevents <= HC1_EVENTS_MAX);
	for (size_t i = 0; i < b->nparts; i++)
		for (size_t k = 0; k < b->parts[i].nitems; k++)
			text_ok(b->parts[i].items[k].name);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t n)
{
	const int64_t now = 1793458800000;
	struct arena *a = arena_new();
	struct agent_batch b;
	struct agent_tally t;
	struct ranges r = { 0 };
	struct err e;
	if (agent_batch_read((const char *)data, n, now, a, &b, &e) == OK) {
		int64_t events = 0;
		look(&b, now);
		agent_tally(&b, NULL, a, &t);
		for (size_t i = 0; i < t.ndays; i++)
			events += t.days[i].events;
		must(events == (int64_t)b.nevents);
		must(ranges_add(&r, b.q) && ranges_have_all(&r, b.q));
		agent_tally(&b, &r, a, &t);
		must(t.nsites == 0);
	}
	arena_free(&a);
	return 0;
}
