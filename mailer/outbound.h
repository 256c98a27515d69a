#ifndef MAILER_OUTBOUND_H
#define MAILER_OUTBOUND_H
/*
 * The monthly list of customers to call (DESK-13): on a business day of each
 * month, at the opening, staff get the contracts with which there was no
 * contact for a while. A mailer that was away then sends it when it is back,
 * within the reply hours; a new store owes none for the month it began in,
 * once that day has passed.
 */
#include "build.h"
#include "cal/cal.h"

struct outbound { /* immutable; borrowed */
	const struct build_ctx *build;
	const struct cal *cal;
};

/* Adds to *handled_r if the list was written. Costs one small read else. ERR_TEMP: the store. */
enum status outbound_run(const struct outbound *o, epoch now, size_t *handled_r, struct err *e) must_check;

#endif
