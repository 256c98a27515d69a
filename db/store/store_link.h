#ifndef STORE_LINK_H
#define STORE_LINK_H
/*
 * Links by which files come in and go out (DESK-09, -17). A link is a row here
 * and an address made of its number (base/link.h); the address itself is
 * stored nowhere. Both kinds are made inside the transaction that causes the
 * mail: put the number into the mail's variables,
 *
 *	outbox_var_add(&vars, "upload_link", "12");     or "download_link"
 *
 * and its template has {{upload_url}} or {{download_url}}.
 */
#include "base/arena.h"
#include "base/link.h"
#include "store/store_file.h"
#include <stdbool.h>

/* The instance's key for addresses; lives as long as s. Opened without the
 * master key: the links made are nobody's. */
const struct link_ctx *store_links(const struct store *s);

/* ---- uploads: good until ended by its user, expired, or full */

struct upload_link {
	int64_t id, ticket_id;
	epoch created_at, expires_at, ended_at; /* ended_at 0 = not */
	int64_t files_max, bytes_max;
};
enum link_verdict { LINK_GOOD, LINK_EXPIRED, LINK_SPENT /* ended, or used as often as allowed */ };

/* With the limits of the configuration; l_r->id is set. ERR_PERM: no such ticket. */
enum status upload_link_new(struct store *s, const struct cfg *c, int64_t ticket, epoch now,
                            struct upload_link *l_r, struct err *e) must_check;
/* The same for a time of the caller's choosing. */
enum status upload_link_add(struct store *s, struct upload_link *l, struct err *e) must_check;
enum status upload_link_get(struct store *s, int64_t id, struct upload_link *l_r, struct err *e) must_check; /* ERR_NOTFOUND */
enum status upload_link_end(struct store *s, int64_t id, epoch now, struct err *e) must_check; /* again = OK */
enum link_verdict upload_link_verdict(const struct upload_link *l, epoch now);

/* ---- downloads: each file of the link can be fetched uses_max times */

enum download_kind {
	DOWNLOAD_STAFF,    /* by staff_id, with login and password */
	DOWNLOAD_CONTRACT  /* by a customer, with the password of contract_id's opening notice */
};
enum {
	DOWNLOAD_FAILS_MAX = 10,    /* wrong passwords; then the link is dead */
	DOWNLOAD_CUSTOMER_USES = 5
};

struct download_link {
	int64_t id;
	enum download_kind kind;
	int64_t ticket_id, staff_id, contract_id; /* the one that the kind does not use is 0 */
	epoch created_at, expires_at;
	int64_t uses_max, fails;
};
struct download_file {
	struct stored_file f;
	int64_t uses;
};

/* l->id is set. */
enum status download_link_add(struct store *s, struct download_link *l, const int64_t *files, size_t n, struct err *e) must_check;
/* For the customer of a ticket, under his contract's password. ERR_NOTFOUND: no
 * contract, or no password on record: the files must not go out (DESK-17). */
enum status download_link_customer(struct store *s, const struct cfg *c, int64_t ticket, epoch now,
                                   const int64_t *files, size_t n, struct download_link *l_r, struct err *e) must_check;
enum status download_link_get(struct store *s, int64_t id, struct download_link *l_r, struct err *e) must_check; /* ERR_NOTFOUND */
enum status download_link_files(struct store *s, int64_t id, struct arena *a, struct download_file **v_r, size_t *n_r, struct err *e) must_check;
enum status download_used(struct store *s, int64_t link, int64_t file, struct err *e) must_check;
enum status download_failed(struct store *s, int64_t link, struct err *e) must_check;
enum link_verdict download_link_verdict(const struct download_link *l, epoch now);
bool download_file_left(const struct download_link *l, const struct download_file *f);

#endif
