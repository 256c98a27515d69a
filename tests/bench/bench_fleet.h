#ifndef BENCH_FLEET_H
#define BENCH_FLEET_H
/*
 * Terminals of Japanese offices, played: what each does in each quarter of an
 * hour of a day. All of it follows from the seed, the terminal and the time, so
 * the same call gives the same bytes, on any machine and in any order.
 *
 * People come between 8:20 and 9:40, have lunch, leave between 17:20 and 19:30,
 * some late at night; on holidays and weekends (cal/cal.h) three in a hundred
 * are there. Of what they do three quarters is web access, the rest files and
 * programs; some times a day they print and unlock, once in some days they
 * attach a device. One in twelve terminals lacks patches, one
 * in fifteen waits for its reboot, one in forty runs a system without support.
 */
#include "base/strbuf.h"
#include "cal/cal.h"
#include <stdint.h>

enum { FLEET_SLOT_S = 900, FLEET_SLOTS = 96 };

struct fleet {
	uint64_t seed;
	unsigned per_slot;      /* events in a busy slot, about */
	const struct cal *cal;
};

struct fleet_terminal { /* the n-th of all; the caller keeps it */
	uint64_t n, company;
	int64_t next_q;         /* number of its next event */
	uint64_t batches;
};

void fleet_host(const struct fleet *f, const struct fleet_terminal *t, char out[32]); /* "PC-0412" */
/* Is it on at all in this slot of the day? */
bool fleet_on(const struct fleet *f, const struct fleet_terminal *t, int64_t day, int slot);
/* A batch of what happened in the slots [from, to) of the day, as JSON, appended
 * to out; next_q moves on. `inventory`: with all sections in full. pad: so many
 * bytes of events that do not compress are added, for loads of a given size. */
void fleet_batch(const struct fleet *f, struct fleet_terminal *t, int64_t day, int from, int to, bool inventory, size_t pad,
                 struct sb *out);
/* The body of its enrolment; `pub` is base64. */
void fleet_enrol(const struct fleet *f, const struct fleet_terminal *t, const char *code, const char *token, const char *pub,
                 struct sb *out);

/* Straight into the store of an instance that does not run: contracts are made,
 * N9xxxxx, and their terminals, and what they did from the day `from` to before
 * `to`, in `per_day` batches a day, each with `pad` as above. Prints what was
 * written, a line a day, and stops behind the day that fills `stop_mb` (0: never). */
struct fleet_fill {
	const char *instance;
	unsigned contracts, terminals, per_day;
	size_t pad;
	unsigned stop_mb;
	int64_t from, to;
};
enum status fleet_fill(const struct fleet *f, const struct fleet_fill *p, struct err *e) must_check;

#endif
