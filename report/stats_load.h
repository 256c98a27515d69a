#ifndef REPORT_STATS_LOAD_H
#define REPORT_STATS_LOAD_H
/* From the store to the numbers. Reads only, without a transaction: nobody waits for it. */
#include "stats.h"
#include "text/category.h"

struct stats_load { /* borrowed */
	struct store *s;
	const struct cal *cal;
	const struct categories *categories; /* NULL: they stay numbers */
};

/* Strings are the arena's. ERR_TEMP: the store. */
enum status stats_load(const struct stats_load *l, int year, int mon, epoch now, struct arena *a, struct stats *r,
                       struct err *e) must_check;

#endif
