#ifndef BASE_CRYPTO_H
#define BASE_CRYPTO_H
/*
 * The only user of OpenSSL in the ground floor. Functions without a status
 * cannot fail short of a broken library, and then log_bug.
 */
#include "base/err.h"
#include "base/hex.h"
#include "base/strbuf.h"
#include <stdbool.h>
#include <stdint.h>

#define SHA256_LEN 32
#define KEY_LEN 32

void crypto_random(void *p, size_t n);
void crypto_sha256(const void *p, size_t n, uint8_t out[SHA256_LEN]);
void crypto_hmac256(const uint8_t *key, size_t keylen, const void *p, size_t n, uint8_t out[SHA256_LEN]);
/* HKDF-SHA-256 (RFC 5869) without salt: one independent key for each purpose. */
void crypto_derive(const uint8_t master[KEY_LEN], const char *purpose, uint8_t out[KEY_LEN]);
bool crypto_equal(const void *a, const void *b, size_t n); /* constant time */
void crypto_wipe(void *p, size_t n); /* secrets that are no longer needed */

/* AES-256-GCM with a random 96-bit nonce: nonce || ciphertext || tag appended
 * to out. `aad` binds the box to its place (table, column, row). */
void crypto_seal(const uint8_t key[KEY_LEN], const char *aad, const void *p, size_t n, struct sb *out);
/* ERR_PERM when forged, truncated or in the wrong place. */
enum status crypto_open(const uint8_t key[KEY_LEN], const char *aad, const void *p, size_t n, struct sb *out, struct err *e) must_check;

/* Lower-case base32 (RFC 4648 alphabet a-z2-7, no padding): safe in a local
 * part whatever changes its case. Encoded length is (n*8+4)/5. */
void b32_encode(const void *p, size_t n, char *out);

/* Base64 (RFC 4648 §4); encode without line breaks. Decode skips white space. */
void b64_encode(const void *p, size_t n, struct sb *out);
bool b64_decode(const char *s, size_t n, struct sb *out);

/* Creates (0600, O_EXCL) or reads a 32-byte key file. */
enum status crypto_key_create(const char *path, struct err *e) must_check;
enum status crypto_key_load(const char *path, uint8_t key[KEY_LEN], struct err *e) must_check;

#endif
