#ifndef INGEST_AGENT_KEEPER_H
#define INGEST_AGENT_KEEPER_H
/*
 * What is done for terminals by the clock: months that are over are unlinked,
 * what a contract's terminals sent is deleted after its end and staff get the
 * proof, and every Monday staff are told who is silent (AGENT-05, -06). Every
 * step may be repeated.
 */
#include "agents.h"

struct agent_keeper {
	const struct ingest *in;
	int64_t hour;  /* of the last round; 0: none yet */
	bool quiet;    /* a fault was reported */
};
/* At least once a minute; works once an hour of the instance's clock. */
void agent_keeper_round(struct agent_keeper *k, epoch now);

/* The parts, for tests. */
enum status agent_keeper_months(const struct ingest *in, epoch now, struct err *e) must_check;
enum status agent_keeper_ended(const struct ingest *in, epoch now, struct err *e) must_check;
enum status agent_keeper_silent(const struct ingest *in, epoch now, struct err *e) must_check;

#endif
