#ifndef STORE_IDENTITY_H
#define STORE_IDENTITY_H
/*
 * Who is asking (DESK-10): tickets that §4.5 binds, and what each sender said
 * of himself on them. The verdict is about a sender on a ticket, never about
 * the ticket: whoever joins it later has to prove himself again.
 *
 * A ticket that was merged into another takes none of this along.
 */
#include "base/arena.h"
#include "store/store.h"
#include "text/identity.h"

struct ticket_identity {
	int64_t ticket_id;
	enum inquiry kind;
	epoch asked_at; /* the one mail that asks for what is missing; 0 = not sent */
};
enum status identity_ticket(struct store *s, int64_t ticket, struct ticket_identity *r, struct err *e) must_check; /* ERR_NOTFOUND: it binds nobody */
enum status identity_bind(struct store *s, const struct ticket_identity *t, epoch now, struct err *e) must_check; /* again = OK, overwrites */

struct sender_identity {
	int64_t ticket_id;
	const char *addr_key;
	int64_t contract_id;  /* of his address, 0 = none */
	int64_t message_id;   /* the mail that changed this last */
	epoch at;
	struct identity said; /* all that he said on the ticket */
	enum identity_state state;
	const char *why;      /* Japanese, for staff */
};
/* By ticket and address. */
enum status identity_put(struct store *s, const struct sender_identity *r, struct err *e) must_check;
/* ERR_NOTFOUND: he has said nothing there. */
enum status identity_of(struct store *s, int64_t ticket, const char *addr_key, struct arena *a,
                        struct sender_identity *r, struct err *e) must_check;
/* Of a ticket, the one who wrote last first. */
enum status identity_list(struct store *s, int64_t ticket, struct arena *a, struct sender_identity **v_r, size_t *n_r,
                          struct err *e) must_check;

/* Before anything is disclosed to, or changed for, this sender. Not OK: no. */
bool identity_authorised(struct store *s, int64_t ticket, const char *addr_key);

#endif
