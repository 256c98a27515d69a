#ifndef STORE_PERIOD_H
#define STORE_PERIOD_H
/*
 * How long customers waited (DESK-16): a row for each time of waiting that has
 * ended, from the receipt of the oldest unanswered mail to the answer, or to
 * the closing of the ticket without one. Those that run are the tickets' own
 * (waiting_since, due_at; store_due.h).
 *
 * Written and taken back by the functions of store_ticket_op.h, together with
 * the ticket's change; nobody else does.
 */
#include "store/store_ticket.h"

enum period_how { PERIOD_ANSWERED, PERIOD_CLOSED /* without an answer */ };

struct period {
	int64_t ticket_id;
	epoch since;
	epoch due_at;        /* as it was promised last: later than one business day where it was put off */
	epoch ended_at;
	enum period_how how;
	int64_t staff_id;    /* whose answer it was; 0 = nobody's */
};

/* The ticket's clock, as it stands before the change, ends now. None: nothing is done. */
enum status period_end(struct store *s, const struct ticket *t, enum period_how how, int64_t staff, epoch now, struct err *e) must_check;
/* It had not ended after all. */
enum status period_undo(struct store *s, int64_t ticket, epoch since, struct err *e) must_check;

/* Those that ended in [from, to) and began before `began`, in order of their end. */
enum status period_list(struct store *s, epoch from, epoch to, epoch began, struct arena *a, struct period **v_r,
                        size_t *n_r, struct err *e) must_check;

#endif
