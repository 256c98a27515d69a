#ifndef STORE_PEOPLE_H
#define STORE_PEOPLE_H
/* Staff, and which contract a sender belongs to (DESK-05, -10).
 * The contract table itself: store_contract.h. */
#include "base/arena.h"
#include "store/store.h"
#include <stdbool.h>

enum staff_role { STAFF_AGENT = 1, STAFF_SUPERVISOR = 2, STAFF_EDITOR = 4, STAFF_OPERATOR = 8 }; /* bits */

struct staff {
	int64_t id;
	const char *login;   /* SASL user name, [a-z0-9._-] */
	const char *name;    /* "鈴木 一郎" */
	const char *address; /* mailbox, key form */
	unsigned roles;
	bool active;
};

enum status staff_add(struct store *s, struct staff *st, struct err *e) must_check; /* ERR_EXISTS */
enum status staff_update(struct store *s, const struct staff *st, struct err *e) must_check;
enum status staff_by_login(struct store *s, const char *login, struct arena *a, struct staff *r, struct err *e) must_check;
enum status staff_by_address(struct store *s, const char *addr_key, struct arena *a, struct staff *r, struct err *e) must_check;
enum status staff_by_id(struct store *s, int64_t id, struct arena *a, struct staff *r, struct err *e) must_check;
/* Active ones having any of the role bits (0 = all, inactive too). */
enum status staff_list(struct store *s, unsigned roles, struct arena *a, struct staff **v_r, size_t *n_r, struct err *e) must_check;
/* Their addresses as an outbox row's recipients, one a line; "" = nobody. */
enum status staff_lines(struct store *s, unsigned roles, struct arena *a, const char **lines_r, struct err *e) must_check;

/* The hash of a staff password, "{SHA512-CRYPT}$6$…" as Dovecot reads it; "" = can't log in. */
enum status staff_password_set(struct store *s, int64_t id, const char *hash, struct err *e) must_check;
enum status staff_password_get(struct store *s, int64_t id, struct arena *a, const char **hash_r, struct err *e) must_check;

struct contract_match {
	int64_t id;               /* 0 = no contract */
	const char *n_number, *name;
	bool by_address;          /* a registered address, not just the domain */
};
/* Registered address first, then company domain (exact, then parents). Free
 * mail domains can't be registered as company domains. A contract that has
 * ended (by clk_now) matches nobody. */
enum status contract_match(struct store *s, const char *addr_key, struct arena *a, struct contract_match *r, struct err *e) must_check;

#endif
