#ifndef MAILER_BULK_PACE_H
#define MAILER_BULK_PACE_H
/*
 * How fast one domain gets the newsletter (MAG-02). Pure: the time is an
 * argument. The rate doubles while all goes well; a deferral puts it back one
 * doubling; too many of them, or of dead addresses, stop the domain until a
 * person frees it: going on is what gets a sender blocked.
 */
#include "base/cfg.h"
#include <stdbool.h>
#include <stdint.h>

enum {
	PACE_SLOW_MS = 10000,     /* deferrals of one moment count once */
	PACE_LEAST_DEFERRED = 20, /* results, before a share means anything */
	PACE_LEAST_HARD = 50,
	PACE_HARD_MIN = 3
};

struct pace_rules {
	int64_t start, max, double_ms; /* mails a second */
	int64_t hard, deferred;        /* percent; PACE_NEVER */
};
enum { PACE_NEVER = 100 };
/* So many percent or more, where there is a limit. */
bool pace_over(int64_t n, int64_t of, int64_t percent);

struct pace {
	int64_t at_ms, since_ms;  /* last look; the ramp's beginning; 0 = never */
	int64_t slowed_ms;
	int64_t credit;           /* thousandths of a mail */
	int64_t results, hard, deferrals;
	bool stopped;
};

enum pace_word { PACE_SENT, PACE_DEFERRED, PACE_HARD, PACE_FAILED };
enum pace_turn { PACE_GOES_ON, PACE_STOPS };

void pace_rules_load(const struct cfg *c, struct pace_rules *r);
/* May one mail go now? Then it counts. */
bool pace_take(const struct pace_rules *r, struct pace *p, int64_t now_ms);
/* A result; what changes by it. */
enum pace_turn pace_result(const struct pace_rules *r, struct pace *p, enum pace_word w, int64_t now_ms);
/* Mails a second at this moment. */
int64_t pace_rate(const struct pace_rules *r, const struct pace *p, int64_t now_ms);

#endif
