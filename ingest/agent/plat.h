#ifndef AGENT_PLAT_H
#define AGENT_PLAT_H
/*
 * What the core of the agent asks of the system it runs on. Two systems answer:
 * linux_*.c (OpenSSL, libcurl, zstd) and windows_*.c (BCrypt, WinHTTP, DPAPI,
 * zlib). The core itself includes no header of either.
 *
 * The agent has one thread. Paths are UTF-8. Errors as in base/err.h.
 */
#include "base/err.h"
#include "base/strbuf.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PLAT_KEY = 32, PLAT_TAG = 16, PLAT_NONCE = 12, PLAT_HASH = 32 };

/* ---- crypto. Functions without a status end the program when they fail. */
void plat_random(void *p, size_t n);
void plat_sha256(const void *p, size_t n, uint8_t out[PLAT_HASH]);
void plat_hmac256(const uint8_t *key, size_t nkey, const void *p, size_t n, uint8_t out[PLAT_HASH]);
/* AES-256-GCM, tag behind the text: n octets to n + PLAT_TAG and back. */
void plat_seal(const uint8_t key[PLAT_KEY], const uint8_t nonce[PLAT_NONCE], const void *aad, size_t naad,
               const void *p, size_t n, uint8_t *out);
bool plat_unseal(const uint8_t key[PLAT_KEY], const uint8_t nonce[PLAT_NONCE], const void *aad, size_t naad,
                 const void *p, size_t n, uint8_t *out); /* n with the tag; false: forged */
/* RFC 7748. false: a public key that gives nothing. */
bool plat_x25519(const uint8_t own[32], const uint8_t theirs[32], uint8_t out[32]);
void plat_x25519_public(const uint8_t own[32], uint8_t out[32]);
/* What only this machine reads: DPAPI; on Linux as it is, in a file that only
 * root reads. */
enum status plat_protect(const void *p, size_t n, struct sb *out, struct err *e) must_check;
enum status plat_unprotect(const void *p, size_t n, struct sb *out, struct err *e) must_check;
/* zstd or zlib, whichever is at hand; the server takes both. */
void plat_compress(const void *p, size_t n, struct sb *out);

/* ---- HTTPS. OK: the server answered, *status_r is what; the answer is cut
 * off with ERR_LIMIT beyond 1 MB. `ca`: a file of certificates to trust
 * instead of the system's; NULL: the system's. */
struct plat_http {
	const char *url, *ca, *type;
	int timeout_s;
};
enum status plat_post(const struct plat_http *h, const void *body, size_t n, struct sb *answer, int *status_r,
                      struct err *e) must_check;

/* ---- files */
enum status plat_read_file(const char *path, size_t max, struct sb *out, struct err *e) must_check; /* ERR_NOTFOUND */
enum status plat_write_file(const char *path, const void *p, size_t n, struct err *e) must_check; /* whole and durable, or not at all */
enum status plat_mkdirs(const char *path, struct err *e) must_check; /* for the agent alone */
bool plat_unlink(const char *path); /* true: it is gone */
typedef void (*plat_name_fn)(void *arg, const char *name);
enum status plat_list(const char *dir, plat_name_fn fn, void *arg, struct err *e) must_check;

/* Appends up to `max` octets from `offset` on. *id: the file's identity, which a
 * new file of that name does not share; 0: any, and is set. ERR_NOTFOUND: no
 * such file, or another. *size_r: how large it is. */
enum status plat_read_from(const char *path, uint64_t *id, uint64_t offset, size_t max, struct sb *out, uint64_t *size_r,
                           struct err *e) must_check;

struct plat_file; /* a new file that grows at its end */
enum status plat_create(const char *path, struct plat_file **f_r, struct err *e) must_check;
enum status plat_append(struct plat_file *f, const void *p, size_t n, struct err *e) must_check;
enum status plat_sync(struct plat_file *f, struct err *e) must_check;
void plat_close(struct plat_file **f); /* accepts NULL */

/* Only one agent a folder: one lock a process, held until plat_unlock or its
 * end. ERR_EXISTS: another has it. */
enum status plat_lock(const char *path, struct err *e) must_check;
void plat_unlock(void);

/* ---- clock */
int64_t plat_wall_ms(void);
int64_t plat_mono_ms(void); /* goes on while the machine sleeps, where the system can tell */
int plat_tz_minutes(void);  /* east of UTC, now */

/* ---- what it costs: of this process, for `status` */
struct plat_cost {
	int64_t resident_kb, cpu_ms;
};
void plat_cost(struct plat_cost *c);

#endif
