#ifndef STORE_IMAP_H
#define STORE_IMAP_H
/*
 * Which tickets' copies in the staff's mailboxes may show another state than
 * the ticket has (mailer/imap_state.h).
 *
 * A row a ticket: ticket_create, ticket_update and outbox_sent touch it in the
 * transaction of the change, so that nothing is forgotten, whatever is killed;
 * who has brought the mailboxes up to date sets the time of the next look. So a
 * round reads only what is to be done, however many tickets there are.
 */
#include "base/arena.h"
#include "store/store.h"

struct showing {
	int64_t ticket_id;
	int64_t changes;   /* touched so many times, when it was read */
	int64_t fresh;     /* a copy was sent: looks that are still to come, as it may arrive late */
	int64_t shown;     /* what was shown last, 0 = nothing yet */
};

/* To be looked at, at once. */
enum status showing_touch(struct store *s, int64_t ticket, struct err *e) must_check;
/* The same, if the outbox row is a ticket's copy for staff, with looks to come. */
enum { SHOWING_LOOKS = 5 };
enum status showing_touch_sent(struct store *s, int64_t outbox, struct err *e) must_check;

/* Up to `max` that are to be looked at by now. */
enum status showing_list(struct store *s, epoch now, size_t max, struct arena *a, struct showing **v_r, size_t *n_r,
                      struct err *e) must_check;
/* Looked at: r->shown and r->fresh as they are now, and the next look (0 = none).
 * Nothing, if it was touched since it was read. */
enum status showing_done(struct store *s, const struct showing *r, epoch next, struct err *e) must_check;

#endif
