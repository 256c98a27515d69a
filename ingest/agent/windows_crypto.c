/* Crypto on Windows: BCrypt, DPAPI; zlib for compression. See plat.h. */
#include "plat.h"
#include "x25519.h"
#include "windows_util.h"
#include "base/log.h"
#include <bcrypt.h>
#include <wincrypt.h>
#include <zlib.h>
#include <string.h>

static void must(NTSTATUS s, const char *what)
{
	if (s != 0)
		log_bug("bcrypt", "call=%s status=%08lx", what, (unsigned long)s);
}

void plat_random(void *p, size_t n)
{
	must(BCryptGenRandom(NULL, p, (ULONG)n, BCRYPT_USE_SYSTEM_PREFERRED_RNG), "random");
}

static void hash(bool keyed, const uint8_t *key, size_t nkey, const void *p, size_t n, uint8_t out[PLAT_HASH])
{
	static BCRYPT_ALG_HANDLE alg[2];
	static uint8_t none;
	BCRYPT_HASH_HANDLE h;
	if (!alg[keyed])
		must(BCryptOpenAlgorithmProvider(&alg[keyed], BCRYPT_SHA256_ALGORITHM, NULL, keyed ? BCRYPT_ALG_HANDLE_HMAC_FLAG : 0), "sha256");
	must(BCryptCreateHash(alg[keyed], &h, NULL, 0, keyed ? (PUCHAR)(uintptr_t)(nkey ? key : &none) : NULL, (ULONG)nkey, 0), "hash");
	must(BCryptHashData(h, (PUCHAR)(uintptr_t)p, (ULONG)n, 0), "hash data");
	must(BCryptFinishHash(h, out, PLAT_HASH, 0), "hash end");
	BCryptDestroyHash(h);
}

void plat_sha256(const void *p, size_t n, uint8_t out[PLAT_HASH])
{
	hash(false, NULL, 0, p, n, out);
}

void plat_hmac256(const uint8_t *key, size_t nkey, const void *p, size_t n, uint8_t out[PLAT_HASH])
{
	hash(true, key, nkey, p, n, out);
}

static BCRYPT_KEY_HANDLE gcm_key(const uint8_t key[PLAT_KEY])
{
	static BCRYPT_ALG_HANDLE alg;
	BCRYPT_KEY_HANDLE h;
	if (!alg) {
		must(BCryptOpenAlgorithmProvider(&alg, BCRYPT_AES_ALGORITHM, NULL, 0), "aes");
		must(BCryptSetProperty(alg, BCRYPT_CHAINING_MODE, (PUCHAR)(uintptr_t)BCRYPT_CHAIN_MODE_GCM, sizeof BCRYPT_CHAIN_MODE_GCM, 0), "gcm");
	}
	must(BCryptGenerateSymmetricKey(alg, &h, NULL, 0, (PUCHAR)(uintptr_t)key, PLAT_KEY, 0), "key");
	return h;
}

static void gcm_info(BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO *i, const uint8_t nonce[PLAT_NONCE], const void *aad, size_t naad, uint8_t *tag)
{
	BCRYPT_INIT_AUTH_MODE_INFO(*i);
	i->pbNonce = (PUCHAR)(uintptr_t)nonce;
	i->cbNonce = PLAT_NONCE;
	i->pbAuthData = (PUCHAR)(uintptr_t)aad;
	i->cbAuthData = (ULONG)naad;
	i->pbTag = tag;
	i->cbTag = PLAT_TAG;
}

void plat_seal(const uint8_t key[PLAT_KEY], const uint8_t nonce[PLAT_NONCE], const void *aad, size_t naad,
               const void *p, size_t n, uint8_t *out)
{
	BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO i;
	BCRYPT_KEY_HANDLE h = gcm_key(key);
	ULONG k;
	gcm_info(&i, nonce, aad, naad, out + n);
	must(BCryptEncrypt(h, (PUCHAR)(uintptr_t)p, (ULONG)n, &i, NULL, 0, out, (ULONG)n, &k, 0), "seal");
	BCryptDestroyKey(h);
}

bool plat_unseal(const uint8_t key[PLAT_KEY], const uint8_t nonce[PLAT_NONCE], const void *aad, size_t naad,
                 const void *p, size_t n, uint8_t *out)
{
	BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO i;
	uint8_t tag[PLAT_TAG];
	ULONG k;
	if (n < PLAT_TAG)
		return false;
	n -= PLAT_TAG;
	memcpy(tag, (const uint8_t *)p + n, PLAT_TAG);
	BCRYPT_KEY_HANDLE h = gcm_key(key);
	gcm_info(&i, nonce, aad, naad, tag);
	NTSTATUS s = BCryptDecrypt(h, (PUCHAR)(uintptr_t)p, (ULONG)n, &i, NULL, 0, out, (ULONG)n, &k, 0);
	BCryptDestroyKey(h);
	return s == 0;
}

bool plat_x25519(const uint8_t own[32], const uint8_t theirs[32], uint8_t out[32])
{
	return x25519(own, theirs, out);
}

void plat_x25519_public(const uint8_t own[32], uint8_t out[32])
{
	static const uint8_t base[32] = { 9 };
	if (!x25519(own, base, out))
		log_bug("x25519", "base=%d", 9);
}

/* For the machine: the service and who installs it are different users. */
static enum status protect(bool on, const void *p, size_t n, struct sb *out, struct err *e)
{
	DATA_BLOB in = { (DWORD)n, (BYTE *)(uintptr_t)p }, o = { 0, NULL };
	DWORD flags = CRYPTPROTECT_LOCAL_MACHINE | CRYPTPROTECT_UI_FORBIDDEN;
	BOOL ok = on ? CryptProtectData(&in, L"yorozu-agent", NULL, NULL, NULL, flags, &o) : CryptUnprotectData(&in, NULL, NULL, NULL, NULL, flags, &o);
	if (!ok)
		return err_win(e, ERR_PERM, "DPAPI", GetLastError());
	sb_add(out, o.pbData, o.cbData);
	SecureZeroMemory(o.pbData, o.cbData);
	LocalFree(o.pbData);
	return OK;
}

enum status plat_protect(const void *p, size_t n, struct sb *out, struct err *e)
{
	return protect(true, p, n, out, e);
}

enum status plat_unprotect(const void *p, size_t n, struct sb *out, struct err *e)
{
	return protect(false, p, n, out, e);
}

void plat_compress(const void *p, size_t n, struct sb *out)
{
	uLongf k = compressBound((uLong)n);
	sb_grow(out, k);
	if (compress2((Bytef *)out->s + out->len, &k, p, (uLong)n, 6) != Z_OK)
		log_bug("zlib", "octets=%zu", n);
	out->len += k;
	out->s[out->len] = '\0';
}
