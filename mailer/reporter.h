#ifndef MAILER_REPORTER_H
#define MAILER_REPORTER_H
/*
 * Reports that are due (store_report.h): the mailer computes none, so that no
 * mail waits for one; it starts yorozu-report, one at a time, and goes on. It
 * starts it once at its own start as well, which begins the chain of regular
 * reports and takes up what was cut off.
 */
#include "base/cfg.h"
#include "store/store.h"
#include <stdbool.h>
#include <sys/types.h>

struct reporter {
	const struct cfg *cfg;
	pid_t child;       /* 0: none runs */
	bool begun;        /* it was started once */
	int64_t not_before; /* on the monotonic clock, in ms: after a failure */
};

/* One small read when nothing is due. ERR_TEMP: the store. */
enum status reporter_look(struct reporter *r, struct store *s, epoch now, struct err *e) must_check;
/* The one that runs is ended; what it was at is done by the next. */
void reporter_leave(struct reporter *r);

#endif
