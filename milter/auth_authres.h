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
 * value: body of a DKIM-Signature header. False when its d=, s=, i= or a= holds
 * more than the bytes of an address.
 * SECURITY: OpenDKIM 2.11 decodes i= and prints it bare into its result, so a
 * signer can write `; dkim=pass header.d=bank.example` into a header that
 * carries our authserv-id. The caller must show every DKIM-Signature of a mail
 * to this function; if one is not plain, no DKIM pass of that mail counts
 * (auth_authres_distrust).
 */
bool auth_signature_plain(const char *value);

/* Makes it {"policy", no domains}: for a mail with a signature that is not plain. */
void auth_authres_distrust(struct authres_dkim *r);

/*
 * Appends our value for staff (no header name, no final newline; folded with
 * "\n\t" as libmilter wants it):
 *   HOST; spf=pass smtp.mailfrom=a@example.jp;
 *   	dkim=pass header.d=example.jp; dmarc=pass (p=reject) header.from=example.jp
 */
void auth_authres_format(struct sb *out, const char *hostname, const struct auth_query *q,
                         const struct auth_result *r, const struct authres_dkim *dkim);

#endif
