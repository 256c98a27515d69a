#ifndef REPORT_REPORT_JOB_H
#define REPORT_REPORT_JOB_H
/*
 * Carrying out the rows of store_report.h. A report is computed without a
 * transaction; then its mail, the end of its row, the audit and the next row of
 * the chain are written in one. Killed at any moment it is made once: what was
 * not written is computed again.
 */
#include "stats_load.h"
#include "base/cfg.h"
#include "store/store_report.h"

enum {
	REPORT_HOUR = 9,   /* regular ones: of the 1st */
	REPORT_CATCH_UP = 3 /* months that are made up for, at most */
};

struct reports { /* borrowed */
	const struct cfg *cfg;
	struct store *s;
	const struct cal *cal;
	const struct categories *categories; /* or NULL */
	const struct survey *survey; /* or NULL: no report of a diagnosis can be made */
};

/* Makes one, or says why not in its row. *outbox_r: its mail, 0 = none. ERR_TEMP:
 * the store; it stays due. */
enum status report_make(const struct reports *r, const struct report_job *j, epoch now, int64_t *outbox_r, struct err *e) must_check;
/* All that are due, and the chain is begun where there is none; how many. */
enum status report_due(const struct reports *r, epoch now, size_t *n_r, struct err *e) must_check;

/* Whom a regular report goes to: supervisors, else all of the desk; one a line. */
enum status report_rcpts(const struct reports *r, struct arena *a, const char **lines_r, struct err *e) must_check;

#endif
