#ifndef AGENT_BATCH_H
#define AGENT_BATCH_H
/* One upload as JSON (ingest/PROTOCOL.md), from the spool and the sections. */
#include "spool.h"
#include "state.h"

struct section { /* what this machine is, as it was last looked at */
	char name[STATE_NAME];
	struct sb full; /* JSON */
	uint8_t sha256[PLAT_HASH];
	int64_t taken; /* wall clock, ms; 0: never */
	bool refused;  /* the server did not want this text: not again */
};

struct batch_plan {
	int64_t created;
	int tz;
	int64_t server_ack;  /* what it last acknowledged, by its numbers; -1: unknown */
	const struct section *section;
	size_t nsection;
	size_t octets;       /* of events, about */
	unsigned nfull;      /* sections in full, at most */
};

struct batch {
	struct sb json;
	uint64_t from, to;   /* numbers in the spool; from = to + 1: none */
	int64_t from_wire, to_wire;
	unsigned nevents;
	uint32_t full;       /* bit i: section i is there in full */
	bool more;           /* the spool holds more */
};

/* b->json is emptied first. */
enum status batch_build(struct spool *s, const struct state *st, const struct batch_plan *p, struct batch *b,
                        struct err *e) must_check;
/* 26 characters (a ULID): time and chance, so that no two batches share one. */
void batch_ulid(int64_t wall_ms, char out[27]);

#endif
