#ifndef MAILER_IMAP_CLIENT_H
#define MAILER_IMAP_CLIENT_H
/*
 * Keywords on the copies of a ticket in one mailbox (RFC 3501), over the IMAP
 * port like any client. One connection at a time; not thread-safe.
 *
 * SECURITY: the desk logs in for the mailbox's owner, so the connection is
 * encrypted, and the server shows the instance's certificate or one that the
 * system's authorities vouch for. Read and other flags stay as the owner left
 * them; of other mails than the ticket's copies only one header field is seen.
 */
#include "base/err.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { KEYWORDS = 4, KEYWORD_MAX = 40 };
/* Exactly one is on every copy. */
struct keywords {
	char v[KEYWORDS][KEYWORD_MAX + 1];
};
/* "a,b,c,d": letters, digits and "$_.-", all different. ERR_PERM. */
enum status keywords_parse(const char *list, struct keywords *k, struct err *e) must_check;

struct imap_server { /* borrowed */
	const char *ip_port;   /* where it is */
	const char *name;      /* in its certificate */
	const char *ca_file;   /* its certificate, if it is one of its own making */
	const char *password;  /* of DESK_LOGIN */
};

struct imap_box;
struct imap_box *imap_box_new(const struct imap_server *s, const struct keywords *k, const char *login); /* no connection yet */
void imap_box_free(struct imap_box **b);

/* Every copy of the ticket in the INBOX bears keyword `want` and none of the
 * others; *changed_r: how many did not. ERR_TEMP: no answer. ERR_DENIED: this
 * mailbox can't be had. */
enum status imap_box_mark(struct imap_box *b, int64_t ticket, int want, size_t *changed_r, struct err *e) must_check;

/* A line of the server's answer to UID FETCH, for the copies of `ticket`. */
struct imap_fetched {
	int64_t ticket;
	uint32_t uid;          /* of the mail that the lines are about, 0 = none */
	bool ours;             /* it is a copy of the ticket */
	unsigned has;          /* which keywords it bears, bits */
};
void imap_fetched_line(struct imap_fetched *f, const struct keywords *k, const char *line, size_t n);

#endif
