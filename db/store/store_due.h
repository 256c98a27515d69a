#ifndef STORE_DUE_H
#define STORE_DUE_H
/*
 * What a running reply clock still has to cause (DESK-04).
 *
 * Each ticket whose clock runs has a time at which it is to be looked at
 * again: ticket_create and ticket_update set it when due_at changes, due_look
 * moves it on. So a round reads only what has fallen due, however many tickets
 * wait. What was done is a row for (ticket, due time, stage), written in the
 * transaction of the mails it stands for: nothing is done twice, whatever is
 * killed, and a due time that comes back after a bounce goes on where it was.
 */
#include "store/store_ticket.h"

/* Stages. 1 to 100: staff were told at so many percent of the time. */
enum { DUE_MOVED = 0, DUE_MISSED = 100, DUE_NOTICED = 101, DUE_UNNOTICED = 102 };

struct due_done {
	bool moved;          /* this due time was set while the clock ran, at moved_at (0: just now) */
	epoch moved_at;
	int told;            /* the highest stage told to staff, 0 = none */
	epoch noticed_at;    /* the customer was told, 0 = not */
	bool unnoticed;      /* he was to be told, but may not be written to by a machine */
};
/* What was done for the ticket's due time. */
enum status due_done(struct store *s, const struct ticket *t, struct due_done *r, struct err *e) must_check;
enum status due_record(struct store *s, const struct ticket *t, int stage, epoch now, struct err *e) must_check; /* again = OK */

/* When the next look is; 0 = none. */
enum status due_next(struct store *s, epoch *next_r, struct err *e) must_check;
/* Up to `max` tickets to be looked at by now, the longest overdue look first. */
enum status due_list(struct store *s, epoch now, size_t max, struct arena *a, struct ticket **v_r, size_t *n_r,
                     struct err *e) must_check;
enum status due_look(struct store *s, int64_t ticket, epoch next /* 0 = no more */, struct err *e) must_check;

/* Tickets that wait, by due time. */
struct due_filter {
	epoch from, to;      /* due in [from, to) */
	epoch before;        /* waiting since before that */
	bool unassigned;     /* only those nobody has taken */
};
enum status due_waiting(struct store *s, const struct due_filter *f, int limit, struct arena *a, struct ticket **v_r,
                        size_t *n_r, struct err *e) must_check;
enum status due_count(struct store *s, const struct due_filter *f, int64_t *n_r, struct err *e) must_check;

/* What rounds remember. */
struct due_round {
	int64_t digest_day;  /* the last day whose digest is done with, as day_of() counts */
	int64_t held;        /* tickets whose reminders were held back for a summary */
	epoch held_since;    /* when the first of them was due; 0 = it was not late */
};
enum status due_round_get(struct store *s, struct due_round *r, struct err *e) must_check; /* ERR_NOTFOUND: none was yet */
enum status due_round_set(struct store *s, const struct due_round *r, struct err *e) must_check;

#endif
