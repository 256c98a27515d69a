#ifndef REPORT_STATS_H
#define REPORT_STATS_H
/*
 * Statistics of a month (DESK-16), pure: rows in, numbers out. stats_load.c
 * gets the rows from the store and gives the numbers their names.
 *
 * A consultation is a ticket; it counts in the month it was opened in. An
 * answer is what ends a customer's waiting; it counts in the month it was given
 * in, and its time is reply time: from the oldest mail that nobody had answered.
 * In time is what came within one business day of that mail; in the promised
 * time, what came before the due time as it stood at the end.
 */
#include "base/arena.h"
#include "cal/cal.h"
#include "store/store_period.h"
#include "store/store_stats.h"

enum {
	STATS_MONTHS = 13, /* the month, and the year before it */
	STATS_AGES = 5,    /* of what waits: up to 1, 2, 3, 5 business days, longer */
	STATS_TOP = 20     /* contracts told by name */
};
/* What is compared. */
enum stats_col { STATS_THIS, STATS_BEFORE, STATS_YEAR_AGO, STATS_COLS };

struct stats_month {
	int year, mon;
	epoch from, to;
	bool known;              /* the desk had begun */
	int64_t opened;
	int64_t answered, in_time, in_promise;
	int64_t unanswered;      /* closed while the customer waited */
	int64_t median, p90, longest; /* seconds of reply time; 0 where nothing was answered */
};
struct stats_backlog {
	int64_t n, overdue, age[STATS_AGES];
	int64_t longest;         /* seconds of reply time */
};
struct stats_item {
	int64_t key;
	const char *name;
	int64_t n[STATS_COLS];
};
struct stats_group { /* the most of this month first */
	struct stats_item *v;
	size_t n;
	size_t others;           /* how many are joined in the last item, whose key is -1; 0: there is none */
};

struct stats {
	struct stats_month m[STATS_MONTHS];
	epoch until;             /* the month's end, or now */
	bool whole;
	int64_t events[STATS_COLS][STATS_EVENTS];
	struct stats_backlog backlog[STATS_COLS];
	struct stats_group category, channel, contract, staff;
	struct stats_item weekday[7], hour[24];
};

struct stats_rows {
	epoch first;             /* the first ticket of all was opened; 0 = none was */
	struct stats_ticket *opened;
	size_t nopened;
	struct period *ended;    /* in order of their end */
	size_t nended;
	struct period *waited[STATS_COLS]; /* at the end of the month (stats_col_until) */
	size_t nwaited[STATS_COLS];
};

/* "2026-10" and nothing else. */
bool stats_month_parse(const char *text, int *year_r, int *mon_r);
/* 0:00 of the month's first day, and of the n-th month after (before) it. */
epoch stats_month_start(int year, int mon, int n);

/* The months, before any rows are there. */
void stats_begin(int year, int mon, epoch now, struct stats *r);
struct stats_month *stats_col_month(struct stats *r, enum stats_col c);
epoch stats_col_until(const struct stats *r, enum stats_col c);
/* All but events and names. Memory of the groups is the arena's. */
void stats_count_rows(const struct cal *cal, const struct stats_rows *rows, struct arena *a, struct stats *r);

/* The smallest value that so many percent of the sorted ones do not exceed. */
int64_t stats_percentile(const int64_t *sorted, size_t n, int percent);
/* The middle one, or the mean of the two. */
int64_t stats_median(const int64_t *sorted, size_t n);

#endif
