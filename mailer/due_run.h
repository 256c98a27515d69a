#ifndef MAILER_DUE_RUN_H
#define MAILER_DUE_RUN_H
/*
 * The rounds of the reply clock (DESK-04): looks at the tickets whose time has
 * come, writes the mails that follow into the outbox, and records what was done,
 * all in one transaction a batch. Killed at any moment, nothing is told twice
 * and nothing is left out.
 *
 * No flood: where more than DUE_MANY reminders fall due at once, or more than
 * one is late (the mailer, the store or Postfix was away, or the clock jumped),
 * they are held back and told in one summary when the last has been looked at.
 * Customers still get their notice, each his own.
 */
#include "build.h"
#include "due.h"

enum { DUE_BATCH = 200, DUE_MANY = 5 };

struct due_run { /* immutable; borrowed */
	const struct build_ctx *build;
	struct due_rules rules;
};

/* One batch: how many tickets were looked at, and the digest or summary if its
 * time has come. Costs two small reads when there is nothing to do. ERR_TEMP:
 * the store is away; nothing is lost, try again later. */
enum status due_run(const struct due_run *d, epoch now, size_t *handled_r, struct err *e) must_check;

#endif
