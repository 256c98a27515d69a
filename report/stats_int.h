#ifndef REPORT_STATS_INT_H
#define REPORT_STATS_INT_H
/* Shared by stats.c and stats_group.c only. */
#include "stats.h"

/* By category, channel, contract, staff, weekday and hour. */
void stats_group_rows(const struct stats_rows *rows, struct arena *a, struct stats *r);

#endif
