#ifndef AGENT_SCHED_H
#define AGENT_SCHED_H
/*
 * When an agent calls. Each has its own place in the quarter of an hour, so
 * 10,000 agents spread evenly, also those that start at the same moment. A
 * failed call comes later and later; the server's own word on when to come
 * again counts more. Arithmetic only: clocks and chance come in as arguments.
 */
#include <stdint.h>

enum {
	SCHED_SLOT_S = 900,
	SCHED_JITTER_S = 20,      /* after the place in the slot */
	SCHED_BATCHES = 4,        /* in one slot: a backlog drains slowly */
	SCHED_BACKOFF_S = 60,     /* the first time; doubles */
	SCHED_BACKOFF_MAX_S = 3600,
	SCHED_RETRY_MAX_S = 86400 /* the longest that a server may ask for */
};

/* Seconds into the slot: hash of the id, mod 900. */
unsigned sched_place(const uint8_t *agent_id, unsigned n);
/* Milliseconds from `wall_ms` to the next call: at most a slot and the jitter,
 * whatever the clock says. `chance`: any number. */
int64_t sched_wait_ms(int64_t wall_ms, unsigned place, uint32_t chance);
/* After the n-th failure in a row (from 1): 60 s, 120 s … 1 h, each between 75
 * and 125 percent of it. retry_s > 0: what the server said, plus up to a quarter. */
int64_t sched_backoff_ms(unsigned n, int64_t retry_s, uint32_t chance);

#endif
