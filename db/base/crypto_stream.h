#ifndef BASE_CRYPTO_STREAM_H
#define BASE_CRYPTO_STREAM_H
/*
 * What is too big for memory, a piece at a time: hashing, and sealing as a
 * row of records. Each record is AES-256-GCM by itself, its number and whether
 * it is the last one bound in, so a record that is forged, missing, doubled or
 * out of place is found before a byte of it is used, and a cut file at its end.
 *
 * SECURITY: the number is the nonce, so a key seals ONE stream, ever.
 * One stream belongs to one thread at a time.
 */
#include "base/crypto.h"
#include <stddef.h>

enum {
	STREAM_RECORD = 65536, /* bytes of a record; the last one may have fewer, or none */
	STREAM_TAG = 16,       /* and so many more when sealed */
	STREAM_SEALED = STREAM_RECORD + STREAM_TAG
};

struct crypto_stream;
struct crypto_stream *crypto_stream_new(const uint8_t key[KEY_LEN]); /* the key is copied */
void crypto_stream_free(struct crypto_stream **s); /* accepts NULL, sets NULL */

/* The next record: n <= STREAM_RECORD bytes to n + STREAM_TAG at out. */
void crypto_stream_seal(struct crypto_stream *s, const void *p, size_t n, bool last, uint8_t *out);
/* The next record: n bytes, at least STREAM_TAG, to n - STREAM_TAG at out.
 * ERR_PERM: not what was sealed here. */
enum status crypto_stream_open(struct crypto_stream *s, const void *p, size_t n, bool last, uint8_t *out,
                               struct err *e) must_check;

struct crypto_hash; /* SHA-256 */
struct crypto_hash *crypto_hash_new(void);
void crypto_hash_add(struct crypto_hash *h, const void *p, size_t n);
void crypto_hash_end(struct crypto_hash **h, uint8_t out[SHA256_LEN]); /* frees it */
void crypto_hash_free(struct crypto_hash **h);

#endif
