#ifndef BENCH_BENCH_OFFICE_H
#define BENCH_BENCH_OFFICE_H
/*
 * Two companies as they are in life, for looking at what a health check says of
 * them: `clean` keeps its terminals in order, `bad` has what goes wrong in small
 * companies. Nothing is random. Their Windows is judged against the October 2026
 * update that bench_office_feed is about.
 */
#include "base/arena.h"
#include "base/strbuf.h"
#include <stdbool.h>
#include <stdint.h>

struct agent_item;
struct office_pc;
struct office {
	const char *name;
	const struct office_pc *pc;
	int n;
};
const struct office *office_of(const char *name); /* "clean", "bad"; NULL: no such */

const char *office_host(const struct office *o, int pc);
/* The sections as a terminal sends them, and the day of the month they are of. */
const char *office_os(const struct office *o, int pc, struct arena *a);
const char *office_patches(const struct office *o, int pc, int64_t scan_ms, struct arena *a);
size_t office_software(const struct office *o, int pc, const struct agent_item **v_r, struct arena *a);
/* The day of the month by which its state is known; its last day, if nothing is wrong. */
int office_last_day(const struct office *o, int pc, int days);

/* What it did in a month, as events of a batch; *q: the last number used. */
void office_use(const struct office *o, int pc, int year, int mon, struct sb *events, int64_t *q);

/* Tables with the update of October 2026 (its number is made up). */
extern const char office_feed[];

#endif
