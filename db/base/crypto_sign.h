#ifndef BASE_CRYPTO_SIGN_H
#define BASE_CRYPTO_SIGN_H
/*
 * Signatures by a private key from a PEM file: RSA (PKCS #1 v1.5 over SHA-256)
 * and Ed25519. A key is immutable: threads may sign with one at the same time.
 */
#include "base/err.h"
#include "base/strbuf.h"
#include <stdbool.h>
#include <stddef.h>

struct sign_key;

/* ERR_NOTFOUND: no such file; ERR_PERM: no key, or of another kind. */
enum status sign_key_load(const char *pem_path, struct sign_key **k_r, struct err *e) must_check;
void sign_key_free(struct sign_key **k);
bool sign_is_ed25519(const struct sign_key *k);

/* Appends the raw signature of p[0..n). */
void sign_bytes(const struct sign_key *k, const void *p, size_t n, struct sb *out);
/* Is it one of ours? */
bool sign_verify(const struct sign_key *k, const void *p, size_t n, const void *sig, size_t sig_n);
/* Appends the public key as DKIM publishes it, before base64: SubjectPublicKeyInfo
 * of RSA, the 32 bytes of Ed25519. */
void sign_public(const struct sign_key *k, struct sb *out);

#endif
