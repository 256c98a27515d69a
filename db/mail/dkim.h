#ifndef MAIL_DKIM_H
#define MAIL_DKIM_H
/*
 * DKIM signatures of our own (RFC 6376, 8463): relaxed/relaxed, for many mails
 * that share one body. The body is hashed once (dkim_body); each mail then costs
 * its header and one signature. OpenDKIM signs everything else; for the
 * newsletter it would stream and hash every copy of the body.
 *
 * Everything in h= that the header has is signed, From twice, so that no second
 * one can be added (oversigning). Immutable after dkim_init; thread-safe.
 */
#include "base/clk.h"
#include "base/crypto.h"
#include "base/crypto_sign.h"
#include "base/strbuf.h"

enum { DKIM_KEYS_MAX = 2 };

struct dkim_signer {
	const char *domain;
	struct { const struct sign_key *key; const char *selector; } keys[DKIM_KEYS_MAX]; /* borrowed */
	size_t nkeys;
};

struct dkim_body {
	char bh[48]; /* base64 of the hash */
};

/* body: CRLF line ends, as it goes out (before dot-stuffing). */
void dkim_body_hash(const char *body, size_t n, struct dkim_body *b);

/* Appends one DKIM-Signature field a key, CRLF at the end, to stand above `head`:
 * the mail's header, CRLF, without the empty line. */
void dkim_sign(const struct dkim_signer *d, const struct dkim_body *b, const char *head, size_t n, epoch now, struct sb *out);

/* RFC 6376 §3.4.4 and §3.4.2, for tests. */
void dkim_relax_body(const char *body, size_t n, struct sb *out);
void dkim_relax_field(const char *name, size_t name_n, const char *value, size_t value_n, struct sb *out);

#endif
