/* Hashing and sealing a piece at a time: see crypto_stream.h. */
#include "base/crypto_stream.h"
#include "base/log.h"
#include "base/xalloc.h"
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

enum { NONCE = 12, BOUND = 16 };

struct crypto_stream {
	EVP_CIPHER_CTX *c;
	uint64_t next; /* number of the next record */
	uint8_t key[KEY_LEN];
};

static void must(int ok, const char *what)
{
	if (ok != 1)
		log_bug("crypto", "call=%s", what);
}

struct crypto_stream *crypto_stream_new(const uint8_t key[KEY_LEN])
{
	struct crypto_stream *s = xcalloc(1, sizeof *s);
	s->c = EVP_CIPHER_CTX_new();
	must(s->c != NULL, "stream");
	memcpy(s->key, key, KEY_LEN);
	return s;
}

void crypto_stream_free(struct crypto_stream **sp)
{
	struct crypto_stream *s = *sp;
	if (!s)
		return;
	EVP_CIPHER_CTX_free(s->c);
	crypto_wipe(s, sizeof *s);
	free(s);
	*sp = NULL;
}

/* What a record is sealed under beside the key: its number as the nonce, and
 * format, number and end as bound data. */
struct place {
	uint8_t nonce[NONCE], bound[BOUND];
};

static struct place next_place(struct crypto_stream *s, bool last)
{
	struct place p = { .bound = "YRZF1\0\0" };
	for (int i = 0; i < 8; i++)
		p.nonce[NONCE - 1 - i] = p.bound[BOUND - 1 - i] = (uint8_t)(s->next >> 8 * i);
	p.bound[7] = last;
	s->next++;
	return p;
}

void crypto_stream_seal(struct crypto_stream *s, const void *p, size_t n, bool last, uint8_t *out)
{
	int len;
	struct place at = next_place(s, last);
	must(EVP_EncryptInit_ex(s->c, EVP_aes_256_gcm(), NULL, s->key, at.nonce), "seal");
	must(EVP_EncryptUpdate(s->c, NULL, &len, at.bound, BOUND), "seal");
	must(EVP_EncryptUpdate(s->c, out, &len, p, (int)n), "seal");
	must(EVP_EncryptFinal_ex(s->c, out + n, &len), "seal");
	must(EVP_CIPHER_CTX_ctrl(s->c, EVP_CTRL_GCM_GET_TAG, STREAM_TAG, out + n), "seal");
}

enum status crypto_stream_open(struct crypto_stream *s, const void *p, size_t n, bool last, uint8_t *out,
                               struct err *e)
{
	int len;
	uint8_t tag[STREAM_TAG];
	struct place at = next_place(s, last);
	if (n < STREAM_TAG || n > STREAM_SEALED)
		return err_set(e, ERR_PERM, "a sealed record of %zu bytes", n);
	n -= STREAM_TAG;
	memcpy(tag, (const uint8_t *)p + n, STREAM_TAG);
	must(EVP_DecryptInit_ex(s->c, EVP_aes_256_gcm(), NULL, s->key, at.nonce), "open");
	must(EVP_DecryptUpdate(s->c, NULL, &len, at.bound, BOUND), "open");
	must(EVP_DecryptUpdate(s->c, out, &len, p, (int)n), "open");
	must(EVP_CIPHER_CTX_ctrl(s->c, EVP_CTRL_GCM_SET_TAG, STREAM_TAG, tag), "open");
	if (EVP_DecryptFinal_ex(s->c, out + n, &len) == 1)
		return OK;
	crypto_wipe(out, n);
	return err_set(e, ERR_PERM, "record %llu of a sealed file is forged, missing or out of place",
	               (unsigned long long)s->next - 1);
}

struct crypto_hash {
	EVP_MD_CTX *c;
};

struct crypto_hash *crypto_hash_new(void)
{
	struct crypto_hash *h = xcalloc(1, sizeof *h);
	h->c = EVP_MD_CTX_new();
	must(h->c && EVP_DigestInit_ex(h->c, EVP_sha256(), NULL) == 1, "hash");
	return h;
}

void crypto_hash_add(struct crypto_hash *h, const void *p, size_t n)
{
	must(EVP_DigestUpdate(h->c, p, n), "hash");
}

void crypto_hash_end(struct crypto_hash **h, uint8_t out[SHA256_LEN])
{
	must(EVP_DigestFinal_ex((*h)->c, out, NULL), "hash");
	crypto_hash_free(h);
}

void crypto_hash_free(struct crypto_hash **h)
{
	if (!*h)
		return;
	EVP_MD_CTX_free((*h)->c);
	free(*h);
	*h = NULL;
}
