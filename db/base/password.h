#ifndef BASE_PASSWORD_H
#define BASE_PASSWORD_H
/* Staff passwords: only their hash is kept, in the form Dovecot reads. */
#include "base/crypto.h"
#include "base/err.h"
#include "base/strbuf.h"
#include <stdbool.h>

/* "{SHA512-CRYPT}$6$…" (crypt(3)) of a password of 10 to 200 bytes without
 * control characters. ERR_PERM: it is none such. */
enum status password_hash(const char *password, struct sb *out, struct err *e) must_check;

/* A new random one: 100 bits in groups that can be read out. */
void password_make(struct sb *out);

/* The desk's own to all mailboxes, made from the master key: the login of
 * DESK_LOGIN at Dovecot, from this machine alone. */
#define DESK_LOGIN "yorozu-desk"
enum { DESK_PASSWORD_SIZE = 53 };
void password_of_desk(const uint8_t master[KEY_LEN], char out[DESK_PASSWORD_SIZE]);

/* password: hostile, any length. Takes about 10 ms, whatever the answer. */
bool password_matches(const char *password, const char *hash);

#endif
