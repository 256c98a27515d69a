/* X25519, HKDF and GCM over libcrypto: see crypto_agree.h. */
#include "base/crypto_agree.h"
#include "base/log.h"
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <string.h>

static void must(int ok, const char *what)
{
	if (ok != 1)
		log_bug("crypto", "call=%s", what);
}

void x25519_new(uint8_t secret[X25519_LEN], uint8_t pub[X25519_LEN])
{
	size_t n = X25519_LEN;
	crypto_random(secret, X25519_LEN);
	EVP_PKEY *k = EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, NULL, secret, X25519_LEN);
	must(k != NULL, "X25519");
	must(EVP_PKEY_get_raw_public_key(k, pub, &n), "X25519");
	EVP_PKEY_free(k);
}

enum status x25519_shared(const uint8_t secret[X25519_LEN], const uint8_t theirs[X25519_LEN], uint8_t out[X25519_LEN],
                          struct err *e)
{
	size_t n = X25519_LEN;
	EVP_PKEY *mine = EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, NULL, secret, X25519_LEN);
	EVP_PKEY *other = EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, NULL, theirs, X25519_LEN);
	EVP_PKEY_CTX *c = mine ? EVP_PKEY_CTX_new(mine, NULL) : NULL;
	must(c && other, "X25519");
	must(EVP_PKEY_derive_init(c), "X25519");
	/* libcrypto refuses the shared secret that is all zeros */
	bool good = EVP_PKEY_derive_set_peer(c, other) == 1 && EVP_PKEY_derive(c, out, &n) == 1;
	EVP_PKEY_CTX_free(c);
	EVP_PKEY_free(other);
	EVP_PKEY_free(mine);
	return good ? OK : err_set(e, ERR_PERM, "a public key that agrees on nothing");
}

void hkdf256(const void *secret, size_t n, const void *salt, size_t salt_n, const void *info, size_t info_n,
             uint8_t *out, size_t out_n)
{
	EVP_PKEY_CTX *c = EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, NULL);
	must(c != NULL, "HKDF");
	must(EVP_PKEY_derive_init(c), "HKDF");
	must(EVP_PKEY_CTX_set_hkdf_md(c, EVP_sha256()), "HKDF");
	must(EVP_PKEY_CTX_set1_hkdf_salt(c, salt, (int)salt_n), "HKDF");
	must(EVP_PKEY_CTX_set1_hkdf_key(c, secret, (int)n), "HKDF");
	must(EVP_PKEY_CTX_add1_hkdf_info(c, info, (int)info_n), "HKDF");
	must(EVP_PKEY_derive(c, out, &out_n), "HKDF");
	EVP_PKEY_CTX_free(c);
}

void gcm_seal(const uint8_t key[KEY_LEN], const uint8_t nonce[GCM_NONCE_LEN], const void *aad, size_t aad_n,
              const void *p, size_t n, uint8_t *out)
{
	int len;
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	must(EVP_EncryptInit_ex(c, EVP_aes_256_gcm(), NULL, key, nonce), "gcm_seal");
	must(EVP_EncryptUpdate(c, NULL, &len, aad, (int)aad_n), "gcm_seal");
	must(EVP_EncryptUpdate(c, out, &len, p, (int)n), "gcm_seal");
	must(EVP_EncryptFinal_ex(c, out + len, &len), "gcm_seal");
	must(EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_GET_TAG, GCM_TAG_LEN, out + n), "gcm_seal");
	EVP_CIPHER_CTX_free(c);
}

bool gcm_open(const uint8_t key[KEY_LEN], const uint8_t nonce[GCM_NONCE_LEN], const void *aad, size_t aad_n,
              const void *p, size_t n, uint8_t *out)
{
	int len;
	uint8_t tag[GCM_TAG_LEN];
	size_t body = n - GCM_TAG_LEN;
	memcpy(tag, (const uint8_t *)p + body, GCM_TAG_LEN);
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	must(EVP_DecryptInit_ex(c, EVP_aes_256_gcm(), NULL, key, nonce), "gcm_open");
	must(EVP_DecryptUpdate(c, NULL, &len, aad, (int)aad_n), "gcm_open");
	must(EVP_DecryptUpdate(c, out, &len, p, (int)body), "gcm_open");
	must(EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_SET_TAG, GCM_TAG_LEN, tag), "gcm_open");
	bool good = EVP_DecryptFinal_ex(c, out + len, &len) == 1;
	EVP_CIPHER_CTX_free(c);
	if (!good)
		OPENSSL_cleanse(out, body);
	return good;
}
