#ifndef AUTH_DOMAIN_H
#define AUTH_DOMAIN_H
/* Domain names as the sender check needs them: one canonical form, the
 * organisational domain by the public suffix list, DMARC alignment. */
#include <stdbool.h>

#define AUTH_DOMAIN_MAX 256 /* 253 bytes of a name, room for a NUL */

/*
 * Lower-case A-labels, no final dot; UTF-8 goes through IDNA2008 (UTS 46).
 * False, and out = "": no such name can stand in DNS (bad characters, label or
 * name too long, a single label, an address).
 * SECURITY: `in` is hostile; afterwards out is only [a-z0-9_.-].
 */
bool auth_domain_normal(const char *in, char out[AUTH_DOMAIN_MAX]);

/* Reads the public suffix list: the system's when newer, else the one built
 * into libpsl. Once, before helpers are forked. Without it (never called, or it
 * failed) no name has an organisational domain. */
void auth_domain_load(void);

/* RFC 7489 §3.2. False: a public suffix itself, or no list. */
bool auth_domain_org(const char *domain, char out[AUTH_DOMAIN_MAX]);

/* RFC 7489 §3.1, both in canonical form. Relaxed: same organisational domain. */
bool auth_domain_aligned(const char *from, const char *id, bool strict);

/* The same with any name of a list as it came (comma separated, blanks around). */
bool auth_domain_aligned_any(const char *from, const char *list, bool strict);

#endif
