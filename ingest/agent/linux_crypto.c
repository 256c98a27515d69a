/* Crypto and compression on Linux: OpenSSL and zstd. See plat.h. */
#include "plat.h"
#include "base/crypto.h"
#include "base/log.h"
#include <openssl/evp.h>
#include <string.h>
#include <zstd.h>

void plat_random(void *p, size_t n)
{
	crypto_random(p, n);
}

void plat_sha256(const void *p, size_t n, uint8_t out[PLAT_HASH])
{
	crypto_sha256(p, n, out);
}

void plat_hmac256(const uint8_t *key, size_t nkey, const void *p, size_t n, uint8_t out[PLAT_HASH])
{
	crypto_hmac256(key, nkey, p, n, out);
}

/* One context for all: the agent has one thread; the simulator's threads have
 * one each. */
static EVP_CIPHER_CTX *gcm(const uint8_t *key, const uint8_t *nonce, const void *aad, size_t naad, int seal)
{
	static _Thread_local EVP_CIPHER_CTX *c;
	int k;
	if (!c && !(c = EVP_CIPHER_CTX_new()))
		log_bug("gcm", "openssl=failed");
	if (EVP_CipherInit_ex(c, EVP_aes_256_gcm(), NULL, key, nonce, seal) != 1 ||
	    (naad && EVP_CipherUpdate(c, NULL, &k, aad, (int)naad) != 1))
		log_bug("gcm", "openssl=failed");
	return c;
}

void plat_seal(const uint8_t key[PLAT_KEY], const uint8_t nonce[PLAT_NONCE], const void *aad, size_t naad,
               const void *p, size_t n, uint8_t *out)
{
	EVP_CIPHER_CTX *c = gcm(key, nonce, aad, naad, 1);
	int k;
	if ((n && EVP_EncryptUpdate(c, out, &k, p, (int)n) != 1) || EVP_EncryptFinal_ex(c, out + n, &k) != 1 ||
	    EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_GET_TAG, PLAT_TAG, out + n) != 1)
		log_bug("gcm", "openssl=failed");
}

bool plat_unseal(const uint8_t key[PLAT_KEY], const uint8_t nonce[PLAT_NONCE], const void *aad, size_t naad,
                 const void *p, size_t n, uint8_t *out)
{
	uint8_t tag[PLAT_TAG], none[16];
	int k;
	if (n < PLAT_TAG)
		return false;
	n -= PLAT_TAG;
	memcpy(tag, (const uint8_t *)p + n, PLAT_TAG);
	EVP_CIPHER_CTX *c = gcm(key, nonce, aad, naad, 0);
	return (!n || EVP_DecryptUpdate(c, out, &k, p, (int)n) == 1) &&
	       EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_SET_TAG, PLAT_TAG, tag) == 1 && EVP_DecryptFinal_ex(c, none, &k) == 1;
}

bool plat_x25519(const uint8_t own[32], const uint8_t theirs[32], uint8_t out[32])
{
	EVP_PKEY *a = EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, NULL, own, 32);
	EVP_PKEY *b = EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, NULL, theirs, 32);
	EVP_PKEY_CTX *c = a ? EVP_PKEY_CTX_new(a, NULL) : NULL;
	size_t n = 32;
	bool ok = c && b && EVP_PKEY_derive_init(c) == 1 && EVP_PKEY_derive_set_peer(c, b) == 1 && EVP_PKEY_derive(c, out, &n) == 1 && n == 32;
	EVP_PKEY_CTX_free(c);
	EVP_PKEY_free(a);
	EVP_PKEY_free(b);
	return ok;
}

void plat_x25519_public(const uint8_t own[32], uint8_t out[32])
{
	EVP_PKEY *a = EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, NULL, own, 32);
	size_t n = 32;
	if (!a || EVP_PKEY_get_raw_public_key(a, out, &n) != 1)
		log_bug("x25519", "openssl=failed");
	EVP_PKEY_free(a);
}

void plat_compress(const void *p, size_t n, struct sb *out)
{
	size_t cap = ZSTD_compressBound(n);
	sb_grow(out, cap);
	size_t k = ZSTD_compress(out->s + out->len, cap, p, n, 3);
	if (ZSTD_isError(k))
		log_bug("zstd", "error=%s", ZSTD_getErrorName(k));
	out->len += k;
	out->s[out->len] = '\0';
}
