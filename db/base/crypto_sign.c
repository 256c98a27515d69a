/* Signatures over OpenSSL. See crypto_sign.h. */
#include "base/crypto_sign.h"
#include "base/io.h"
#include "base/log.h"
#include "base/crypto.h"
#include "base/xalloc.h"
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdlib.h>

enum { PEM_MAX = 1 << 16, RSA_BITS_MIN = 1024 };

struct sign_key {
	EVP_PKEY *key;
	bool ed25519;
};

static EVP_PKEY *parse_pem(const struct sb *pem)
{
	BIO *in = BIO_new_mem_buf(pem->s, (int)pem->len);
	EVP_PKEY *key = in ? PEM_read_bio_PrivateKey(in, NULL, NULL, (void *)"") : NULL;
	BIO_free(in);
	return key;
}

enum status sign_key_load(const char *pem_path, struct sign_key **k_r, struct err *e)
{
	struct sb pem = SB_INIT;
	*k_r = NULL;
	enum status st = io_read_file(pem_path, PEM_MAX, &pem, e);
	if (st != OK)
		return st;
	EVP_PKEY *key = parse_pem(&pem);
	crypto_wipe(pem.s, pem.len);
	sb_free(&pem);
	int kind = key ? EVP_PKEY_get_base_id(key) : EVP_PKEY_NONE;
	if (kind != EVP_PKEY_ED25519 && (kind != EVP_PKEY_RSA || EVP_PKEY_get_bits(key) < RSA_BITS_MIN)) {
		EVP_PKEY_free(key);
		return err_set(e, ERR_PERM, "%s: no private key of RSA (1024 bits or more) or Ed25519", pem_path);
	}
	*k_r = xcalloc(1, sizeof **k_r);
	**k_r = (struct sign_key){ .key = key, .ed25519 = kind == EVP_PKEY_ED25519 };
	return OK;
}

void sign_key_free(struct sign_key **k)
{
	if (!k || !*k)
		return;
	EVP_PKEY_free((*k)->key);
	free(*k);
	*k = NULL;
}

bool sign_is_ed25519(const struct sign_key *k)
{
	return k->ed25519;
}

static const EVP_MD *digest_of(const struct sign_key *k)
{
	return k->ed25519 ? NULL : EVP_sha256();
}

void sign_bytes(const struct sign_key *k, const void *p, size_t n, struct sb *out)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	size_t len = (size_t)EVP_PKEY_get_size(k->key);
	sb_grow(out, len);
	if (!ctx || EVP_DigestSignInit(ctx, NULL, digest_of(k), NULL, k->key) != 1 ||
	    EVP_DigestSign(ctx, (unsigned char *)out->s + out->len, &len, p, n) != 1)
		log_bug("sign", " ");
	out->len += len;
	out->s[out->len] = '\0';
	EVP_MD_CTX_free(ctx);
}

bool sign_verify(const struct sign_key *k, const void *p, size_t n, const void *sig, size_t sig_n)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool ok = ctx && EVP_DigestVerifyInit(ctx, NULL, digest_of(k), NULL, k->key) == 1 &&
	          EVP_DigestVerify(ctx, sig, sig_n, p, n) == 1;
	EVP_MD_CTX_free(ctx);
	return ok;
}

void sign_public(const struct sign_key *k, struct sb *out)
{
	unsigned char *der = NULL, raw[32];
	size_t n = sizeof raw;
	if (k->ed25519) {
		if (EVP_PKEY_get_raw_public_key(k->key, raw, &n) != 1)
			log_bug("sign_public", " ");
		sb_add(out, raw, n);
		return;
	}
	int len = i2d_PUBKEY(k->key, &der);
	if (len <= 0)
		log_bug("sign_public", " ");
	sb_add(out, der, (size_t)len);
	OPENSSL_free(der);
}
