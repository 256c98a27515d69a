#ifndef STORE_AGENT_TALLY_H
#define STORE_AGENT_TALLY_H
/* A batch, counted: what its new events add to the roll-ups. Made before the
 * store is asked, so that its one writer has little to do. */
#include "base/arena.h"
#include "store/agent_ranges.h"

struct tally_site {
	int64_t day;        /* JST */
	const char *site;
	int64_t times, seconds;
};
struct tally_day {
	int64_t day;
	int64_t events, batches;
};
struct agent_tally {
	struct tally_site *sites; /* by day, then site */
	struct tally_day *days;   /* by day */
	size_t nsites, ndays;
};
int64_t agent_day_of(int64_t at_ms);
/* had: numbers that are counted already; NULL: none. */
void agent_tally(const struct agent_batch *b, const struct ranges *had, struct arena *a, struct agent_tally *t);

#endif
