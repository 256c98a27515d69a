#ifndef STORE_STORE_LETTER_H
#define STORE_STORE_LETTER_H
/*
 * Reports that go out as letters: monthly health checks (HEALTH-06) and diagnoses
 * (DIAG-03). One that was approved is "sent" when its letter stands in the outbox,
 * which names it by a variable. Should that fail for good, or come back, the report
 * is held again: staff approve it once more when the reason is gone.
 */
#include "base/strbuf.h"
#include "store/store_outbox.h"

#define LETTER_HEALTH    "health"    /* the variables; each a row's id */
#define LETTER_DIAGNOSIS "diagnosed"

bool letter_is_report(const struct outbox *o);
/* Inside a transaction. The letter `o`, or the same sent again, did not reach anybody. To `vars`, of a
 * mail to staff: "held", and where an answer to it is about the report. Neither where it is no report,
 * or has gone out with another letter since. why: in words for staff. */
enum status letter_undelivered(struct store *s, const struct outbox *o, const char *why, epoch now, struct sb *vars, struct err *e) must_check;

#endif
