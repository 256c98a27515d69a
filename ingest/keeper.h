#ifndef INGEST_KEEPER_H
#define INGEST_KEEPER_H
/* The spool's keeper: deletes files whose time is over, sweeps what a crash
 * left, reports files whose bytes are gone. Every step may be repeated. */
#include "ingest.h"

struct keeper {
	const struct ingest *in;
	int64_t next_sweep_ms; /* monotonic; 0: now */
	bool quiet;            /* a fault was reported */
};

/* One round; at least once a second, for a private instance's clock can move. */
void keeper_round(struct keeper *k, epoch now);

/* The parts, for tests. */
enum status keeper_delete_due(const struct ingest *in, epoch now, size_t *n_r, struct err *e) must_check;
/* Files without a row that nobody has touched for SWEEP_AGE of real time. */
enum status keeper_sweep(const struct ingest *in, time_t real_now, size_t *n_r, struct err *e) must_check;
enum status keeper_missing(const struct ingest *in, size_t *n_r, struct err *e) must_check;
enum { SWEEP_AGE = 3600 };

#endif
