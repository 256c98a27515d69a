#ifndef YOROZU_STAFF_PASSWORD_H
#define YOROZU_STAFF_PASSWORD_H
/* Staff passwords: only their hash is kept, in the form Dovecot reads. */
#include "base/err.h"
#include "base/strbuf.h"

/* "{SHA512-CRYPT}$6$…" (crypt(3)) of a password of 10 to 200 bytes without
 * control characters. ERR_PERM: it is none such. */
enum status staff_password_hash(const char *password, struct sb *out, struct err *e) must_check;

/* A new random one: 100 bits in groups that can be read out. */
void staff_password_make(struct sb *out);

#endif
