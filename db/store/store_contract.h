#ifndef STORE_STORE_CONTRACT_H
#define STORE_STORE_CONTRACT_H
/*
 * Contracts: one row a company, its fields as text/contract_field.h lists
 * them, the mail addresses registered for it and its company domains
 * (DESK-10, ORDER-01). A contract is never deleted; it gets an end date.
 *
 * Passwords are sealed (OPS-07): struct contract only tells whether there is
 * one; contract_password() alone reads it.
 *
 * The store checks what other rows decide (uniqueness); what a value must look
 * like is contract_fields_check()'s, which the caller runs first.
 */
#include "base/arena.h"
#include "store/store.h"
#include "text/contract_field.h"
#include <stdbool.h>

struct contract {
	int64_t id;
	/* Read: "" = empty, secret fields always "". Written: NULL = leave as it
	 * is, "" = empty it. */
	const char *v[CF_COUNT];
	bool secret_set[CF_COUNT];   /* read only */
	/* Lower case. Written: NULL = leave as they are. */
	const char *const *addresses, *const *domains;
	size_t naddresses, ndomains;
	epoch started_at;            /* 0:00 of the first day; 0 = not known */
	epoch ended_at;              /* 0:00 of the day after the last; 0 = runs on */
	epoch created_at, updated_at;
};

enum { CONTRACT_ADDRESSES_MAX = 1000, CONTRACT_DOMAINS_MAX = 100 };

/* Not ended; whether begun or not. */
static inline bool contract_active(const struct contract *c, epoch now)
{
	return c->ended_at == 0 || now < c->ended_at;
}
/* IDs of the agent: the basic 5 and those added. */
int64_t contract_ids(const struct contract *c);

/* Inside a transaction; on an error it is to be rolled back. ERR_EXISTS: the
 * N-number, an address or a domain belongs to another contract still active at
 * `now` (one that has ended gives it up); ERR_PERM: a bad address, or a domain
 * of everybody (freemail.h); ERR_DENIED: a password, but the store is open
 * without its key. Text in Japanese, as a fault in a list. Sets c->id. */
enum status contract_insert(struct store *s, struct contract *c, epoch now, struct err *e) must_check;
/* By c->id. started_at and ended_at are always written. */
enum status contract_update(struct store *s, const struct contract *c, epoch now, struct err *e) must_check;

enum status contract_get(struct store *s, int64_t id, struct arena *a, struct contract *c_r, struct err *e) must_check;
enum status contract_by_number(struct store *s, const char *n_number, struct arena *a, struct contract *c_r,
			       struct err *e) must_check;
/* By N-number, those behind `after` ("" = from the first), at most `limit`. */
enum status contract_list(struct store *s, const char *after, size_t limit, struct arena *a,
			  struct contract **v_r, size_t *n_r, struct err *e) must_check;

/* Opens one sealed password. ERR_NOTFOUND: none is set. ERR_PERM: forged, or
 * another master key. The caller wipes `out`. */
enum status contract_password(struct store *s, int64_t id, enum contract_field which, struct sb *out,
			      struct err *e) must_check;

/* To whom what is made for a contract goes: one address (担当者, else 開通案内, else the
 * first 連絡先), in `a`, and his name; "" = there is none. */
const char *contract_contact(const struct contract *c, struct arena *a);
const char *contract_contact_name(const struct contract *c);

#endif
