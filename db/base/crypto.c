/*
 * Wrappers over libcrypto (EVP only). What cannot fail short of a broken
 * library does not return a status.
 */
#include "base/crypto.h"
#include "base/io.h"
#include "base/log.h"
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

enum { NONCE = 12, TAG = 16 };

static void must(int ok, const char *what)
{
	if (ok != 1)
		log_bug("crypto", "call=%s", what);
}

void crypto_random(void *p, size_t n)
{
	must(RAND_bytes(p, (int)n), "RAND_bytes");
}

static EVP_MD *sha256;

static void fetch_sha256(void)
{
	sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
}

/* Looked up once: OpenSSL 3 would search its providers for it at each use. */
static const EVP_MD *the_sha256(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, fetch_sha256);
	must(sha256 != NULL, "SHA256");
	return sha256;
}

void crypto_sha256(const void *p, size_t n, uint8_t out[SHA256_LEN])
{
	must(EVP_Digest(p, n, out, NULL, the_sha256(), NULL), "EVP_Digest");
}

void crypto_hmac256(const uint8_t *key, size_t keylen, const void *p, size_t n, uint8_t out[SHA256_LEN])
{
	must(HMAC(the_sha256(), key, (int)keylen, p, n, out, NULL) != NULL, "HMAC");
}

void crypto_derive(const uint8_t master[KEY_LEN], const char *purpose, uint8_t out[KEY_LEN])
{
	EVP_PKEY_CTX *c = EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, NULL);
	size_t len = KEY_LEN;
	must(c != NULL, "HKDF");
	must(EVP_PKEY_derive_init(c), "HKDF");
	must(EVP_PKEY_CTX_set_hkdf_md(c, EVP_sha256()), "HKDF");
	must(EVP_PKEY_CTX_set1_hkdf_key(c, master, KEY_LEN), "HKDF");
	must(EVP_PKEY_CTX_add1_hkdf_info(c, (const uint8_t *)purpose, (int)strlen(purpose)), "HKDF");
	must(EVP_PKEY_derive(c, out, &len), "HKDF");
	EVP_PKEY_CTX_free(c);
}

void crypto_wipe(void *p, size_t n)
{
	OPENSSL_cleanse(p, n);
}

bool crypto_equal(const void *a, const void *b, size_t n)
{
	return CRYPTO_memcmp(a, b, n) == 0;
}

void crypto_seal(const uint8_t key[KEY_LEN], const char *aad, const void *p, size_t n, struct sb *out)
{
	int len;
	uint8_t nonce[NONCE];
	crypto_random(nonce, sizeof nonce);
	sb_add(out, nonce, sizeof nonce);
	sb_grow(out, n + TAG);
	uint8_t *to = (uint8_t *)out->s + out->len;
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	must(EVP_EncryptInit_ex(c, EVP_aes_256_gcm(), NULL, key, nonce), "seal");
	must(EVP_EncryptUpdate(c, NULL, &len, (const uint8_t *)aad, (int)strlen(aad)), "seal");
	must(EVP_EncryptUpdate(c, to, &len, p, (int)n), "seal");
	must(EVP_EncryptFinal_ex(c, to + len, &len), "seal");
	must(EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_GET_TAG, TAG, to + n), "seal");
	EVP_CIPHER_CTX_free(c);
	out->len += n + TAG;
	out->s[out->len] = '\0';
}

enum status crypto_open(const uint8_t key[KEY_LEN], const char *aad, const void *p, size_t n, struct sb *out,
                        struct err *e)
{
	int len;
	if (n < NONCE + TAG)
		return err_set(e, ERR_PERM, "sealed value is truncated");
	const uint8_t *nonce = p, *body = nonce + NONCE;
	size_t body_len = n - NONCE - TAG;
	uint8_t tag[TAG];
	memcpy(tag, body + body_len, TAG);
	sb_grow(out, body_len);
	uint8_t *to = (uint8_t *)out->s + out->len;
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	must(EVP_DecryptInit_ex(c, EVP_aes_256_gcm(), NULL, key, nonce), "open");
	must(EVP_DecryptUpdate(c, NULL, &len, (const uint8_t *)aad, (int)strlen(aad)), "open");
	must(EVP_DecryptUpdate(c, to, &len, body, (int)body_len), "open");
	must(EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_SET_TAG, TAG, tag), "open");
	bool good = EVP_DecryptFinal_ex(c, to + len, &len) == 1;
	EVP_CIPHER_CTX_free(c);
	if (!good) {
		OPENSSL_cleanse(to, body_len);
		out->s[out->len] = '\0';
		return err_set(e, ERR_PERM, "sealed value is forged, or the master key is another one");
	}
	out->len += body_len;
	out->s[out->len] = '\0';
	return OK;
}

void b32_encode(const void *p, size_t n, char *out)
{
	static const char abc[] = "abcdefghijklmnopqrstuvwxyz234567";
	const uint8_t *b = p;
	uint32_t acc = 0;
	int bits = 0;
	for (size_t i = 0; i < n; i++) {
		acc = acc << 8 | b[i];
		for (bits += 8; bits >= 5; bits -= 5)
			*out++ = abc[acc >> (bits - 5) & 31];
	}
	if (bits)
		*out++ = abc[acc << (5 - bits) & 31];
	*out = '\0';
}

void b64_encode(const void *p, size_t n, struct sb *out)
{
	sb_grow(out, n / 3 * 4 + 4);
	out->len += (size_t)EVP_EncodeBlock((uint8_t *)out->s + out->len, p, (int)n);
}

static int b64_value(unsigned char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

bool b64_decode(const char *s, size_t n, struct sb *out)
{
	uint32_t acc = 0;
	int bits = 0;
	size_t i = 0;
	for (; i < n && s[i] != '='; i++) {
		int v = b64_value((unsigned char)s[i]);
		if (v < 0) {
			if (strchr(" \t\r\n", s[i]) && s[i])
				continue;
			return false;
		}
		acc = acc << 6 | (uint32_t)v;
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			sb_addc(out, (char)(acc >> bits & 255));
		}
	}
	for (; i < n; i++)
		if (!strchr("= \t\r\n", s[i]) || !s[i])
			return false;
	return bits < 6;
}

enum status crypto_key_create(const char *path, struct err *e)
{
	uint8_t key[KEY_LEN];
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_sys(e, ERR_PERM, "key %s", path);
	crypto_random(key, sizeof key);
	bool ok = io_write_all(fd, key, sizeof key) && fsync(fd) == 0;
	OPENSSL_cleanse(key, sizeof key);
	close(fd);
	return ok ? OK : err_sys(e, ERR_TEMP, "key %s", path);
}

enum status crypto_key_load(const char *path, uint8_t key[KEY_LEN], struct err *e)
{
	uint8_t buf[KEY_LEN + 1];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_sys(e, ERR_PERM, "key %s", path);
	ssize_t n = read(fd, buf, sizeof buf);
	close(fd);
	if (n != KEY_LEN)
		return err_set(e, ERR_PERM, "key %s is not %d bytes long", path, KEY_LEN);
	memcpy(key, buf, KEY_LEN);
	OPENSSL_cleanse(buf, sizeof buf);
	return OK;
}
