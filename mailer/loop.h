#ifndef MAILER_LOOP_H
#define MAILER_LOOP_H
/*
 * Claim, build, hand over, mark. A round takes a batch of due rows in one short
 * transaction, talks to Postfix with none open, and marks all results in
 * another; what failed for good is told (undelivered.h). Killed in between, the
 * batch is `claimed`: settled at the next start.
 */
#include "build.h"
#include "smtp_client.h"
#include "cal/cal.h"
#include <stdbool.h>

struct loop {
	struct build_ctx build;
	struct smtp *smtp;
	const struct cfg *cfg;
	const struct cal *cal;  /* borrowed */
	bool quiet;             /* Postfix's absence has been logged */
};

/* One round: how many rows were handled. ERR_TEMP: Postfix or the store is
 * away; nothing is lost, try again later. */
enum status loop_round(struct loop *l, epoch now, size_t *handled_r, struct err *e) must_check;

/* At start: rows left `claimed` by a crash. ERR_TEMP: Postfix is not there yet. */
enum status loop_settle(struct loop *l, epoch now, struct err *e) must_check;

#endif
