#ifndef BASE_CRYPTO_AGREE_H
#define BASE_CRYPTO_AGREE_H
/*
 * What two sides need that have never met: X25519 (RFC 7748), HKDF-SHA-256 with
 * salt and info (RFC 5869), and AES-256-GCM with a nonce that the caller brings.
 *
 * SECURITY: a nonce must not come twice under a key; crypto.h has a box that
 * sees to it by itself.
 */
#include "base/crypto.h"

enum { X25519_LEN = 32, GCM_NONCE_LEN = 12, GCM_TAG_LEN = 16 };

void x25519_new(uint8_t secret[X25519_LEN], uint8_t pub[X25519_LEN]);
/* ERR_PERM: a point of small order, with which nothing would be secret. */
enum status x25519_shared(const uint8_t secret[X25519_LEN], const uint8_t theirs[X25519_LEN], uint8_t out[X25519_LEN],
                          struct err *e) must_check;

void hkdf256(const void *secret, size_t n, const void *salt, size_t salt_n, const void *info, size_t info_n,
             uint8_t *out, size_t out_n);

/* n bytes to n + GCM_TAG_LEN at out. */
void gcm_seal(const uint8_t key[KEY_LEN], const uint8_t nonce[GCM_NONCE_LEN], const void *aad, size_t aad_n,
              const void *p, size_t n, uint8_t *out);
/* n bytes, at least GCM_TAG_LEN, to n - GCM_TAG_LEN at out. False: forged, and
 * out holds nothing. */
bool gcm_open(const uint8_t key[KEY_LEN], const uint8_t nonce[GCM_NONCE_LEN], const void *aad, size_t aad_n,
              const void *p, size_t n, uint8_t *out) must_check;

#endif
