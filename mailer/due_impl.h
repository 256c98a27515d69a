#ifndef MAILER_DUE_IMPL_H
#define MAILER_DUE_IMPL_H
/* Shared by the due_*.c files only: one round on its way. */
#include "due_run.h"
#include "store/store_due.h"

struct due_ctx {
	const struct due_run *d;
	struct store *s;
	struct arena *a; /* the round's */
	epoch now;
	struct due_round round;
	bool first;      /* no round was there before */
	bool digest;     /* today's is due */
};

/* One ticket that is looked at. */
struct due_case {
	struct ticket t;
	struct due_done done;
	struct due_clock clock;
	struct due_plan plan;
};

/* due_mail.c: a mail to staff in the words of the plan; the notice to the customer. */
enum status due_tell(const struct due_ctx *x, const struct due_case *c, struct err *e) must_check;
enum status due_letter(const struct due_ctx *x, const struct due_case *c, bool *sent_r, struct err *e) must_check;

/* due_digest.c: the digest of the day, or the summary of what was held back, or
 * both in one. Writes nothing when there is nothing to say. */
enum status due_digest(const struct due_ctx *x, struct err *e) must_check;
/* The opening of the day `now` lies in; may be days ahead on a day off. */
epoch due_opening(const struct cal *cal, epoch now);

/* due_mail.c: a templated mail of this round, and its audit row. */
enum status due_send(const struct due_ctx *x, enum outbox_kind kind, const char *tmpl, int64_t ticket,
                     const char *rcpts, const struct sb *vars, struct err *e) must_check;
/* Addresses of the active staff having any of the roles, one a line. */
enum status due_staff(const struct due_ctx *x, unsigned roles, const char **lines_r, struct err *e) must_check;

#endif
