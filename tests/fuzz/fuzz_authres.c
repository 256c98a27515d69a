/* Authentication-Results: the reader never misbehaves, and what we write of the
 * same bytes never adds a domain that was not proven. */
#include "../../milter/auth_authres.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct authres_dkim r, proven = { "pass", "ok.test" };
	struct auth_result res = { "fail", "", "fail", "reject" };
	struct sb out = SB_INIT;
	char *s = malloc(size + 1);
	if (!s)
		abort();
	memcpy(s, data, size);
	s[size] = '\0';
	bool ours = auth_authres_parse(s, "k7x2secret", &r);
	if (!ours && (r.domains[0] || strcmp(r.result, "none") != 0))
		abort();
	if (strspn(r.domains, "abcdefghijklmnopqrstuvwxyz0123456789-_.,") != strlen(r.domains))
		abort();
	auth_signature_plain(s);
	struct auth_query q = { s, s, s, s, s };
	auth_authres_format(&out, "k7x2secret", &q, &res, &proven);
	if (!auth_authres_parse(out.s, "k7x2secret", &r) || strcmp(r.domains, "ok.test") != 0)
		abort();
	sb_free(&out);
	free(s);
	return 0;
}
