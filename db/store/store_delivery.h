#ifndef STORE_DELIVERY_H
#define STORE_DELIVERY_H
/*
 * How files reach a customer (DESK-17): one policy a contract, set by a person
 * or learned from a bounce that said encrypted files are refused. A contract
 * without a row has the instance's (configuration key `delivery`).
 */
#include "base/arena.h"
#include "store/store.h"
#include <stdbool.h>

enum delivery {
	DELIVERY_ZIP,   /* all in one ZIP, AES-256 */
	DELIVERY_PDF,   /* PDFs each under the password, the rest in such a ZIP */
	DELIVERY_LINK,  /* not in the mail: a page to fetch them from */
	DELIVERY_PLAIN, /* as they are: the contract says so, and its MX is reached by TLS only */
	DELIVERIES
};

struct contract_delivery {
	enum delivery policy;
	epoch set_at, learned_at; /* learned_at 0 = set by a person */
	const char *reason;       /* the other side's words, when learned; else "" */
};

/* "zip", "pdf", "link", "plain" */
const char *delivery_name(enum delivery d);
bool delivery_parse(const char *name, enum delivery *d_r);
/* "暗号化ZIP" … for people */
const char *delivery_title(enum delivery d);

/* ERR_NOTFOUND: the instance's applies. */
enum status delivery_get(struct store *s, int64_t contract, struct arena *a, struct contract_delivery *d_r,
                         struct err *e) must_check;
enum status delivery_set(struct store *s, int64_t contract, const struct contract_delivery *d, struct err *e) must_check;

/* The download link that a mail's files went behind: made once, however often
 * the mail is built. ERR_NOTFOUND: none yet. */
enum status delivery_link_get(struct store *s, int64_t outbox, int64_t *link_r, struct err *e) must_check;
enum status delivery_link_set(struct store *s, int64_t outbox, int64_t link, struct err *e) must_check;

#endif
