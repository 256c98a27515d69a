/* Whose address is it: redirectors, sites, lookalikes. See defang.h. */
#include "text/defang.h"
#include "base/hex.h"
#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { HOST_BYTES = 253, NAME_LABEL = 64 };

/* ---- redirectors ------------------------------------------------------------------ */

/* %xx; `mark` is another service's percent sign. Controls stay encoded. */
static void decode(const char *p, size_t n, char mark, struct sb *out)
{
	for (size_t i = 0; i < n; i++) {
		int hi = p[i] == mark && i + 2 < n ? hex_digit(p[i + 1]) : -1;
		int lo = hi >= 0 ? hex_digit(p[i + 2]) : -1;
		if (lo >= 0 && (hi << 4 | lo) > ' ' && (hi << 4 | lo) < 0x7F) {
			sb_addc(out, (char)(hi << 4 | lo));
			i += 2;
		} else {
			sb_addc(out, mark == '-' && p[i] == '_' ? '/' : p[i]);
		}
	}
}

static bool is_http(const char *p, size_t n)
{
	return n > 8 && (strncasecmp(p, "http://", 7) == 0 || strncasecmp(p, "https://", 8) == 0);
}

/* Keeps what was decoded if it is an address. */
static bool keep_http(struct sb *out, size_t at)
{
	if (is_http(out->s + at, out->len - at))
		return true;
	sb_setlen(out, at);
	return false;
}

static bool from_query(const char *q, size_t n, char mark, struct sb *out)
{
	size_t at = out->len;
	for (size_t i = 0; i < n;) {
		size_t end = i;
		while (end < n && q[end] != '&' && q[end] != ';' && q[end] != '#')
			end++;
		const char *eq = memchr(q + i, '=', end - i);
		if (eq) {
			decode(eq + 1, (size_t)(q + end - eq) - 1, mark, out);
			if (keep_http(out, at))
				return true;
		}
		i = end + 1;
	}
	return false;
}

/* https://gate.example/v3/__https://evil.example/x__;… and paths that end in a
 * whole address. */
static bool from_path(const char *p, size_t n, struct sb *out)
{
	size_t at = out->len;
	for (size_t i = 8; i + 8 < n; i++) {
		if ((p[i - 1] != '/' && p[i - 1] != '_' && p[i - 1] != '*') || !is_http(p + i, n - i))
			continue;
		const char *end = memmem(p + i, n - i, "__;", 3);
		sb_add(out, p + i, end ? (size_t)(end - p) - i : n - i);
		return keep_http(out, at);
	}
	return false;
}

bool text_url_unwrap(const char *url, size_t n, struct sb *out)
{
	const char *q = memchr(url, '?', n);
	if (q) {
		size_t left = n - (size_t)(q + 1 - url);
		if (from_query(q + 1, left, '%', out) || from_query(q + 1, left, '-', out))
			return true;
	}
	return from_path(url, q ? (size_t)(q - url) : n, out);
}

/* ---- sites -------------------------------------------------------------------------- */

static bool is_address(const char *host)
{
	return *host == '[' || host[strspn(host, "0123456789.")] == '\0';
}

static const char *label_before(const char *host, const char *p)
{
	while (p > host && p[-1] != '.')
		p--;
	return p;
}

/* The part of a host that somebody registered. */
static const char *site(const char *host)
{
	static const char *const second[] = { "co", "ne", "or", "ac", "go", "ed", "gr", "lg", "ad", "com", "net", "org",
		                              "edu", "gov", NULL };
	if (is_address(host))
		return host;
	const char *tld = label_before(host, host + strlen(host));
	if (tld == host)
		return host;
	const char *sld = label_before(host, tld - 1);
	size_t n = (size_t)(tld - 1 - sld);
	if (sld == host || strlen(tld) != 2)
		return sld;
	for (const char *const *s = second; *s; s++)
		if (strlen(*s) == n && strncasecmp(*s, sld, n) == 0)
			return label_before(host, sld - 1);
	return sld;
}

bool text_same_site(const char *a, const char *b)
{
	return strcasecmp(site(a), site(b)) == 0;
}

/* ---- lookalikes ----------------------------------------------------------------------- */

/* A label as the eye takes it: 0 is o, rn is m. */
static size_t skeleton(const char *p, size_t n, char out[NAME_LABEL])
{
	size_t k = 0;
	for (size_t i = 0; i < n && k + 1 < NAME_LABEL; i++) {
		char c = (char)tolower((unsigned char)p[i]);
		if (c == '-' || c == '_')
			continue;
		if (c == 'r' && i + 1 < n && tolower((unsigned char)p[i + 1]) == 'n')
			c = 'm', i++;
		else if (c == 'v' && i + 1 < n && tolower((unsigned char)p[i + 1]) == 'v')
			c = 'w', i++;
		else if (c == '0')
			c = 'o';
		else if (c == '1' || c == 'i' || c == '|')
			c = 'l';
		else if (c == '5')
			c = 's';
		out[k++] = c;
	}
	out[k] = '\0';
	return k;
}

/* At most one letter more, fewer, other, or two swapped. */
static bool one_off(const char *a, size_t n, const char *b, size_t m)
{
	size_t i = 0, j = 0;
	while (i < n && i < m && a[i] == b[i])
		i++;
	while (j < n - i && j < m - i && a[n - 1 - j] == b[m - 1 - j])
		j++;
	size_t da = n - i - j, db = m - i - j;
	return (da <= 1 && db <= 1) || (da == 2 && db == 2 && a[i] == b[i + 1] && a[i + 1] == b[i]);
}

bool text_host_lookalike(const char *host, const char *own)
{
	enum { SHORT = 5 };
	char mine[NAME_LABEL], its[NAME_LABEL];
	const char *name = site(own);
	size_t n = strcspn(name, "."), k, m = skeleton(name, n, mine);
	if (strlen(host) > HOST_BYTES || is_address(host) || m < SHORT || text_same_site(host, own))
		return false;
	for (const char *p = host; *p; p += k + (p[k] == '.')) {
		k = strcspn(p, ".");
		size_t len = skeleton(p, k, its);
		if (strstr(its, mine) || (len + 1 >= m && one_off(its, len, mine, m)))
			return true;
	}
	return false;
}
