#ifndef AUTH_CHECK_H
#define AUTH_CHECK_H
/*
 * Who sent this mail: SPF (RFC 7208) by libspf2 and DMARC (RFC 7489) by
 * libopendmarc, run in helper processes, because those libraries may abort,
 * hang on DNS or fall to a hostile record. DKIM is not computed here: the
 * caller brings OpenDKIM's verdict (auth_authres.h).
 *
 * One "auth master" process is forked before any thread starts; it forks the
 * helpers and replaces those that die or pass their deadline.
 */
#include "base/err.h"
#include <sys/types.h>

struct auth_query { /* strings are borrowed; NULL counts as "" */
	const char *client_ip;   /* "192.0.2.1", "2001:db8::1" ("IPv6:" in front is taken too) */
	const char *helo;
	const char *mail_from;   /* without <>; "" for the null sender */
	const char *from_domain; /* of RFC5322.From, UTF-8 or A-labels; "" if there is none or several */
	const char *dkim;        /* d= domains with a passing signature, comma separated; "" */
};

struct auth_result {
	char spf[12];          /* pass fail softfail neutral none temperror permerror */
	char spf_domain[256];  /* the domain SPF was evaluated for (MAIL FROM, else HELO), or "" */
	char dmarc[12];        /* pass fail none temperror permerror */
	char dmarc_policy[12]; /* what the domain asks for: none quarantine reject, or "" without a record */
};

struct auth_pool;

/*
 * Forks the master and its helpers: call before any thread exists, while still
 * root if `user` (may be NULL: stay who we are) is to be taken.
 * dns: "system" (resolv.conf), "IP:PORT", or "off" (no processes; all "none").
 * timeout_ms: for all look-ups of one mail together, waiting for a free helper
 * included. ERR_PERM: bad dns or user; ERR_TEMP: no processes.
 */
enum status auth_pool_start(const char *dns, int helpers, int timeout_ms, const char *user,
                            struct auth_pool **pool_r, struct err *e) must_check;

/*
 * Thread-safe; never fails and never takes (much) longer than timeout_ms: crash,
 * time-out or overload of the helpers give "temperror". *r is always filled.
 */
void auth_check(struct auth_pool *p, const struct auth_query *q, struct auth_result *r);

/* For status and tests: the master, then the helpers that are up now. The number
 * written; 0 when "off". Thread-safe. */
int auth_pool_pids(struct auth_pool *p, pid_t *pids, int max);

/* Ends the helpers; no auth_check may run any more. Accepts NULL, sets NULL. */
void auth_pool_stop(struct auth_pool **p);

#endif
