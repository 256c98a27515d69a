#ifndef STORE_CALL_H
#define STORE_CALL_H
/*
 * Telephone calls that staff logged (DESK-13), and contracts with which there
 * was no contact. A call is a note on its ticket (the message holds its text);
 * here is what is reckoned with. Its call-back runs on the ticket's clock, which
 * is a mail's meanwhile when the customer writes (store_ticket_op.h).
 */
#include "base/arena.h"
#include "store/store.h"
#include <stdbool.h>

struct call {
	int64_t message_id, ticket_id, staff_id;
	epoch started_at, ended_at;   /* ended_at 0 = not said */
	const char *company, *person, *phone;
	epoch callback_at;            /* 0 = none was promised */
	epoch done_at;                /* of the call-back; 0 = still to be made */
};
enum status call_add(struct store *s, const struct call *c, struct err *e) must_check;
/* The call-back that is still to be made. ERR_NOTFOUND: none. */
enum status call_pending(struct store *s, int64_t ticket, struct arena *a, struct call *r, struct err *e) must_check;
/* Its clock: since when it runs (its log came in) and when it is due. 0, 0: none is pending. */
enum status call_clock(struct store *s, int64_t ticket, epoch *since_r, epoch *due_r, struct err *e) must_check;
/* It is put off. */
enum status call_put_off(struct store *s, int64_t ticket, epoch callback_at, struct err *e) must_check;
/* All of the ticket's call-backs are done with. */
enum status call_done(struct store *s, int64_t ticket, epoch now, struct err *e) must_check;

/* A contract as one looks for it by what a caller says of himself. */
struct contract_brief {
	int64_t id;
	const char *n_number, *name, *contact, *phone; /* of its first contact */
	const char *phones;           /* all of its numbers, / between them */
	epoch last_at;                /* contract_quiet: last contact, 0 = never */
};
/* Active ones. */
enum status contract_briefs(struct store *s, epoch now, struct arena *a, struct contract_brief **v_r, size_t *n_r,
                            struct err *e) must_check;
/* Those active since before `since` with no mail and no call since then, the
 * longest silent first. */
enum status contract_quiet(struct store *s, epoch since, epoch now, struct arena *a, struct contract_brief **v_r,
                           size_t *n_r, struct err *e) must_check;

/* The month (year * 12 + month - 1) whose list was sent last. ERR_NOTFOUND: none yet. */
enum status outbound_month(struct store *s, int64_t *month_r, struct err *e) must_check;
enum status outbound_month_set(struct store *s, int64_t month, struct err *e) must_check;

#endif
