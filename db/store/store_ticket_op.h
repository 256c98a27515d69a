#ifndef STORE_TICKET_OP_H
#define STORE_TICKET_OP_H
/*
 * What people do with a ticket, by mail command or front command: each changes
 * it and adds the audit row (DESK-06, -14). Inside a transaction. *t is the
 * ticket as read in that transaction, and is brought up to date.
 *
 * ERR_EXISTS: it is so already; nothing was changed.
 */
#include "store/store_outbox.h"
#include "store/store_people.h"
#include "store/store_ticket.h"

struct ticket_by {
	const char *who; /* "staff:suzuki", "operator:root" */
	epoch now;
};

/* `to` NULL: nobody. */
enum status ticket_assign(struct store *s, struct ticket *t, const struct staff *to, const struct ticket_by *by, struct err *e) must_check;
/* Stops the clock, whatever is unanswered or was promised. */
enum status ticket_close(struct store *s, struct ticket *t, const struct ticket_by *by, struct err *e) must_check;
/* A closed one is open again; its clock is the one given (ticket_unanswered). */
enum status ticket_reopen(struct store *s, struct ticket *t, epoch waiting_since, epoch due_at, const struct ticket_by *by, struct err *e) must_check;

/* A customer's mail or files came now, to be answered by `due`: *t is open, its clock
 * begins unless an older one of his waits. One that runs for a call-back alone is the
 * mail's from now on, due when the first of both is. Not written yet. */
enum status ticket_wait(struct store *s, struct ticket *t, epoch now, epoch due, struct err *e) must_check;
/* The clock runs for a call-back that was promised, and for no mail. */
enum status ticket_is_for_call(struct store *s, const struct ticket *t, bool *r, struct err *e) must_check;
/* A clock (0, 0: none) beside a call-back that is still to be made: its own, else due when the first of both is. */
enum status ticket_with_call(struct store *s, int64_t ticket, epoch *since, epoch *due, struct err *e) must_check;

/* The customer has to wait longer: the due time alone changes. */
enum status ticket_extend(struct store *s, struct ticket *t, epoch due_at, const char *reason, const struct ticket_by *by, struct err *e) must_check;

/* number 0: none. */
enum status ticket_set_category(struct store *s, struct ticket *t, int number, const char *name, const struct ticket_by *by, struct err *e) must_check;
/* A ticket that began before its customer was registered: its contract is that of
 * its parties, if they have one and no two. One that has a contract keeps it. */
enum status ticket_find_contract(struct store *s, struct ticket *t, const struct ticket_by *by, struct arena *a, struct err *e) must_check;
/* The customer has an answer of `author`: the clock stops, the time of waiting
 * is kept (store_period.h), and the author is in charge unless somebody is. The
 * clock of a call-back that was promised runs on, or again: see call_done. No
 * audit row: what kind of answer it is, is the caller's to say. */
enum status ticket_answer(struct store *s, struct ticket *t, int64_t author, epoch now, struct err *e) must_check;
/* The same on a ticket whose clock runs, for an answer that was written before the
 * customer mail received at `since` (ticket_unanswered), which it does not answer:
 * the clock runs on. One that began before then was for what is answered now: from
 * now on it is that mail's, due at `due_at`. */
enum status ticket_answer_older(struct store *s, struct ticket *t, int64_t author, epoch since, epoch due_at, epoch now, struct err *e) must_check;
/* He has none after all: `o`, an answer, could not be delivered. The clock runs as it
 * stood when that was written, and his waiting has not ended; when none ran, as for a
 * second answer, one begins now and ends at `due`: an open ticket without one reminds
 * nobody. *reopened_r false: a later mail's clock runs already. *t is the answer's
 * ticket, or the one it was merged into since. */
enum status ticket_answer_undo(struct store *s, struct ticket *t, const struct outbox *o, epoch now, epoch due, bool *reopened_r,
                               struct err *e) must_check;
/* A standard text goes to the customer as an answer. */
enum status ticket_text_sent(struct store *s, struct ticket *t, const struct staff *author, const char *name,
                             const struct ticket_by *by, struct err *e) must_check;

/* Receipt of the oldest customer mail behind the last answer that did not fail or
 * come back; 0: all are answered. */
enum status ticket_unanswered(struct store *s, int64_t ticket, epoch *since_r, struct err *e) must_check;

#endif
