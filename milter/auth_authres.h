#ifndef AUTH_AUTHRES_H
#define AUTH_AUTHRES_H
/*
 * Authentication-Results (RFC 8601): reading OpenDKIM's, writing our own.
 *
 * SECURITY: anyone can send such a header. Only one that carries our secret
 * authserv-id counts, and of that only words of RFC 8601 and well-formed domain
 * names are taken over. Pure functions, thread-safe, no allocation on reading.
 */
#include "auth_check.h"
#include "base/strbuf.h"
#include <stdbool.h>

struct authres_dkim {
	char result[12];   /* pass fail none temperror permerror neutral policy; best of all signatures */
	char domains[768]; /* d= of passing signatures (that of i= where d= is missing): lower case,
	                    * comma separated, each once; what does not fit is left out */
};

/*
 * value: header body (may be folded). False, and *r = "none" without domains,
 * when it is not ours or is malformed. Ours without a dkim part: true, "none".
 */
bool auth_authres_parse(const char *value, const char *authserv_id, struct authres_dkim *r);

/*
 * Appends our value for staff (no header name, no final newline; folded with
 * "\n\t" as libmilter wants it):
 *   HOST; spf=pass smtp.mailfrom=a@example.jp;
 *   	dkim=pass header.d=example.jp; dmarc=pass (p=reject) header.from=example.jp
 */
void auth_authres_format(struct sb *out, const char *hostname, const struct auth_query *q,
                         const struct auth_result *r, const struct authres_dkim *dkim);

#endif
