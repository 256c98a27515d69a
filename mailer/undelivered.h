#ifndef MAILER_UNDELIVERED_H
#define MAILER_UNDELIVERED_H
/*
 * What did not go out is told: to its author, or, where a machine wrote it (a
 * letter, an acknowledgement, what an operator ordered), to the desk. Only of
 * mails to customers, so that a mail about one that failed never begets another.
 */
#include "build.h"

struct undelivered {
	const struct build_ctx *b;
	const struct outbox *o;
	const char *why;         /* Postfix's words, or those of who built it */
	bool refused;            /* it must not go out */
	bool partly;             /* it went out, but not to all */
	bool reopened;           /* its ticket's clock runs again */
	epoch now;
};

/* Inside a transaction. A report whose mail reached nobody is held again. */
enum status undelivered_tell(const struct undelivered *u, struct arena *a, struct err *e) must_check;

#endif
