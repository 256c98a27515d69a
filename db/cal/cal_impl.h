#ifndef CAL_CAL_IMPL_H
#define CAL_CAL_IMPL_H
/*
 * Inside db/cal only: one byte a day for 1955–2099, so that a look-up is an
 * index. Names are few (about 30 by law) and shared by all their days.
 */
#include "cal/cal.h"

enum {
	CAL_DAYS = 145 * 365 + 36, /* 1955–2099 with its 36 leap days */
	CAL_NAMES_MAX = 255,       /* what fits a byte; 0 is "no holiday" */
	DAY = 86400,
	JST = 9 * 3600,
	DAY_MIN = -719162, /* 0001-01-01 */
	DAY_MAX = 2932896  /* 9999-12-31 */
};

struct cal {
	int64_t first;          /* day number of 1955-01-01 */
	uint8_t name[CAL_DAYS]; /* 0, or the index of its name in names[] */
	bool closed[CAL_DAYS];  /* weekend, holiday, year end */
	char *names[CAL_NAMES_MAX + 1];
	unsigned n_names; /* names[1..n_names] are owned */
};

/* Days beyond the years 1–9999 are taken as that end: nothing can overflow, and
 * no loop runs longer than some 3.6 million days. */
static inline int64_t clamp_day(int64_t day)
{
	return day < DAY_MIN ? DAY_MIN : day > DAY_MAX ? DAY_MAX : day;
}

/* The number of `name`, entered if new; 0 when there is no more room. */
unsigned cal_intern(struct cal *c, const char *name);
/* Fills closed[] from name[]. */
void cal_close_days(struct cal *c);

/* law.c: enters every holiday of 1955–2099 into name[]. */
void law_apply(struct cal *c);

#endif
