#ifndef BASE_LINK_H
#define BASE_LINK_H
/*
 * Capability links: https://HOST/u/TOKEN and the like. Who holds the link may
 * do what it stands for; nobody else can make or guess one.
 *
 *   TOKEN = ID-MAC   the row's number, and 130 bits of HMAC-SHA-256 over kind
 *                    and number under a key derived from the master key
 *
 * So no token is ever stored: a row of the outbox names the link's number, and
 * the mailer writes the address when it builds the mail. Whether a link is
 * still good (expiry, uses) is its row's matter, see store_link.h.
 *
 * SECURITY: never log a token. Immutable after link_init; thread-safe.
 */
#include "base/cfg.h"
#include "base/crypto.h"
#include <stdbool.h>
#include <stdint.h>

/* The letter is the first folder of the address. */
enum link_kind { LINK_UPLOAD = 'u', LINK_DOWNLOAD = 'd', LINK_ISSUE = 'a' /* an attachment of the newsletter */ };

struct link_ctx {
	uint8_t key[KEY_LEN];
};

void link_init(struct link_ctx *l, const uint8_t master[KEY_LEN]);

enum { LINK_TOKEN_SIZE = 48 };
void link_token(const struct link_ctx *l, enum link_kind k, int64_t id, char out[LINK_TOKEN_SIZE]);
/* text: hostile. False: no token of this kind, or a forged one. */
bool link_parse(const struct link_ctx *l, enum link_kind k, const char *text, int64_t *id_r);

/* "https://HOST[:PORT]/u/TOKEN", malloc'ed. */
char *link_url(const struct link_ctx *l, const struct cfg *c, enum link_kind k, int64_t id);

#endif
