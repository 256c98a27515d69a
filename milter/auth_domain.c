/*
 * Domain names for the sender check; the only user of libidn2 and libpsl.
 *
 * SECURITY: names come from the client, its header and its DNS. Lengths are
 * bounded before a library sees them.
 */
#include "auth_domain.h"
#include <idn2.h>
#include <libpsl.h>
#include <stdio.h>
#include <string.h>

static const psl_ctx_t *psl;

static bool ascii_only(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s >= 0x80)
			return false;
	return true;
}

static bool label_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/* At least two labels of 1 to 63 allowed bytes, the last not a number. */
static bool well_formed(const char *s)
{
	size_t labels = 0;
	bool number = true;
	while (*s) {
		size_t n = strcspn(s, ".");
		if (n == 0 || n > 63)
			return false;
		number = true;
		for (size_t i = 0; i < n; i++) {
			if (!label_char(s[i]))
				return false;
			number = number && s[i] >= '0' && s[i] <= '9';
		}
		labels++;
		s += n;
		if (*s == '.' && *++s == '\0')
			return false;
	}
	return labels >= 2 && !number;
}

static bool to_ascii(const char *in, char out[AUTH_DOMAIN_MAX])
{
	char *ascii = NULL;
	int rc = idn2_to_ascii_8z(in, &ascii, IDN2_NONTRANSITIONAL);
	bool ok = rc == IDN2_OK && strlen(ascii) < AUTH_DOMAIN_MAX;
	if (ok)
		snprintf(out, AUTH_DOMAIN_MAX, "%s", ascii);
	if (rc == IDN2_OK)
		idn2_free(ascii);
	return ok;
}

bool auth_domain_normal(const char *in, char out[AUTH_DOMAIN_MAX])
{
	out[0] = '\0';
	size_t n = strlen(in);
	if (n == 0 || n >= 2 * AUTH_DOMAIN_MAX)
		return false;
	if (!ascii_only(in)) {
		if (!to_ascii(in, out))
			goto bad;
	} else {
		if (n >= AUTH_DOMAIN_MAX)
			return false;
		memcpy(out, in, n + 1);
	}
	n = strlen(out);
	if (n > 0 && out[n - 1] == '.')
		out[--n] = '\0';
	for (char *p = out; *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	if (n <= 253 && well_formed(out))
		return true;
bad:
	out[0] = '\0';
	return false;
}

void auth_domain_load(void)
{
	if (!psl)
		psl = psl_latest(NULL);
	if (!psl)
		psl = psl_builtin();
}

bool auth_domain_org(const char *domain, char out[AUTH_DOMAIN_MAX])
{
	const char *org = psl ? psl_registrable_domain(psl, domain) : NULL;
	out[0] = '\0';
	if (!org || strlen(org) >= AUTH_DOMAIN_MAX)
		return false;
	snprintf(out, AUTH_DOMAIN_MAX, "%s", org);
	return true;
}

bool auth_domain_aligned(const char *from, const char *id, bool strict)
{
	char a[AUTH_DOMAIN_MAX], b[AUTH_DOMAIN_MAX];
	if (strcmp(from, id) == 0)
		return true;
	return !strict && auth_domain_org(from, a) && auth_domain_org(id, b) && strcmp(a, b) == 0;
}

bool auth_domain_aligned_any(const char *from, const char *list, bool strict)
{
	char one[2 * AUTH_DOMAIN_MAX], domain[AUTH_DOMAIN_MAX];
	while (*list) {
		list += strspn(list, ", \t");
		size_t n = strcspn(list, ", \t");
		snprintf(one, sizeof one, "%.*s", (int)n, list);
		if (auth_domain_normal(one, domain) && auth_domain_aligned(from, domain, strict))
			return true;
		list += n;
	}
	return false;
}
