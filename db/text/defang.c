/*
 * Links as inert text. See defang.h.
 *
 * text_defang works on single characters and their neighbours, not on found
 * addresses: what no grammar of ours takes for a link, a client's may.
 */
#include "text/defang.h"
#include "text/utf8.h"
#include <ctype.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

static bool alnum(unsigned char c)
{
	return isalnum(c) && c < 0x80;
}

static bool name_char(char c)
{
	return alnum((unsigned char)c) || c == '-' || c == '_';
}

static bool wordlike(unsigned char c)
{
	return name_char((char)c) || c >= 0x80;
}

/* ---- character by character -------------------------------------------------- */

/* Schemes that do something when clicked, besides those with "//". */
static bool is_scheme(const char *p, size_t n)
{
	static const char *const names[] = { "mailto", "tel", "sms", "smsto", "callto", "skype", "javascript", "vbscript",
		                             "data", "file", "intent", "search-ms", "ms-appinstaller", "ms-word",
		                             "ms-excel", "ms-powerpoint", "ms-msdt", "ms-search", "blob", "cid",
		                             "magnet", "facetime", "line", "http", "https", "ftp", NULL };
	for (const char *const *s = names; *s; s++)
		if (strlen(*s) == n && strncasecmp(*s, p, n) == 0)
			return true;
	return false;
}

static bool slash(char c)
{
	return c == '/' || c == '\\';
}

/* ":" at i: behind a scheme, or in front of slashes. */
static bool scheme_colon(const char *s, size_t n, size_t i)
{
	enum { SCHEME_MAX = 20 };
	size_t from = i;
	if (i + 2 < n && slash(s[i + 1]) && slash(s[i + 2]))
		return true;
	while (from && i - from < SCHEME_MAX && (alnum((unsigned char)s[from - 1]) || s[from - 1] == '-'))
		from--;
	return is_scheme(s + from, i - from);
}

/* "." at i: between the labels of a host, or the numbers of an address. Decimal
 * numbers stay, for they are read, not clicked. */
static bool label_dot(const char *s, size_t n, size_t i)
{
	unsigned char l = i ? (unsigned char)s[i - 1] : ' ', r = i + 1 < n ? (unsigned char)s[i + 1] : ' ';
	if (!wordlike(l) || !wordlike(r) || (l >= 0x80 && r >= 0x80))
		return false;
	if (!isdigit(l) || !isdigit(r))
		return true;
	size_t j = i + 1, k = i;
	while (j < n && j - i < 12 && isdigit((unsigned char)s[j]))
		j++;
	while (k && i - k < 12 && isdigit((unsigned char)s[k - 1]))
		k--;
	bool more_right = j + 1 < n && s[j] == '.' && alnum((unsigned char)s[j + 1]);
	bool more_left = k && (s[k - 1] == '.' || s[k - 1] == ']' || name_char(s[k - 1]));
	return more_right || more_left || (j < n && name_char(s[j]));
}

static bool at_sign(const char *s, size_t n, size_t i)
{
	return i && i + 1 < n && (unsigned char)s[i - 1] > ' ' && wordlike((unsigned char)s[i + 1]);
}

/* "http" that goes on as a scheme does. */
static bool http(const char *s, size_t n, size_t i)
{
	if (n - i < 5 || strncasecmp(s + i, "http", 4) != 0)
		return false;
	size_t k = i + 4 + (s[i + 4] == 's' || s[i + 4] == 'S');
	return k < n && (s[k] == ':' || (k + 1 < n && s[k] == '[' && s[k + 1] == ':'));
}

void text_defang(const char *s, size_t n, struct sb *out)
{
	sb_grow(out, n);
	for (size_t i = 0; i < n; i++) {
		char c = s[i];
		if ((c == 'h' || c == 'H') && http(s, n, i)) {
			sb_add(out, "hxxp", 4);
			i += 3;
		} else if (c == ':' && scheme_colon(s, n, i)) {
			sb_add(out, "[:]", 3);
		} else if (c == '.' && label_dot(s, n, i)) {
			sb_add(out, "[.]", 3);
		} else if (c == '@' && at_sign(s, n, i)) {
			sb_add(out, "[@]", 3);
		} else {
			sb_addc(out, c);
		}
	}
}

/* ---- finding them ---------------------------------------------------------------- */

/* Bytes of "https://", "hxxp[:]//", "http:/\", "www." at p, or 0. */
static size_t url_start(const char *p, size_t n)
{
	size_t k = 0;
	if (n < 5)
		return 0;
	if (strncasecmp(p, "www.", 4) == 0)
		return alnum((unsigned char)p[4]) ? 4 : 0;
	if (strncasecmp(p, "http", 4) == 0 || strncasecmp(p, "hxxp", 4) == 0)
		k = 4 + (p[4] == 's' || p[4] == 'S');
	else if (strncasecmp(p, "ftp", 3) == 0)
		k = 3;
	else
		return 0;
	if (n - k >= 3 && strncmp(p + k, "[:]", 3) == 0)
		k += 3;
	else if (k < n && p[k] == ':')
		k++;
	else
		return 0;
	size_t slashes = 0;
	while (k < n && slash(p[k]) && slashes < 8)
		k++, slashes++;
	return slashes ? k : 0;
}

/* Letters of other scripts in a host count when a "." follows them: right behind
 * an address Japanese text often goes on without a space. */
static size_t foreign_label(const char *p, size_t n)
{
	enum { LABEL = 190 };
	size_t i = 0;
	while (i < n && i < LABEL && ((unsigned char)p[i] >= 0x80 || alnum((unsigned char)p[i]) || p[i] == '-'))
		i++;
	return i + 1 < n && p[i] == '.' && wordlike((unsigned char)p[i + 1]) ? i : 0;
}

static size_t url_length(const char *p, size_t n, size_t start)
{
	bool host = true;
	size_t i = start;
	if (n > TEXT_URL_MAX)
		n = TEXT_URL_MAX;
	while (i < n) {
		unsigned char c = (unsigned char)p[i];
		size_t k;
		if (c >= 0x80 && host && (k = foreign_label(p + i, n - i))) {
			i += k;
			continue;
		}
		if (c <= ' ' || c >= 0x7F || strchr("<>\"`{}|^", c))
			break;
		host &= !strchr("/\\?#", c);
		i++;
	}
	/* what ends a sentence or a bracket is no part of it */
	while (i > start && strchr(".,;:!?'*_~", p[i - 1]))
		i--;
	int open = 0;
	for (size_t k = 0; k < i; k++)
		open += (p[k] == '(') - (p[k] == ')');
	for (; i > start && p[i - 1] == ')' && open < 0; open++)
		i--;
	return i;
}

bool text_url_next(const char *s, size_t n, size_t *pos, size_t *at_r, size_t *len_r)
{
	for (size_t i = *pos; i < n; i++) {
		char c = (char)(s[i] | 0x20);
		if (c != 'h' && c != 'w' && c != 'f')
			continue;
		if (i && alnum((unsigned char)s[i - 1]))
			continue;
		size_t start = url_start(s + i, n - i);
		size_t len = start ? url_length(s + i, n - i, start) : 0;
		if (len <= start)
			continue;
		*at_r = i;
		*len_r = len;
		*pos = i + len;
		return true;
	}
	*pos = n;
	return false;
}

/* ---- hosts ------------------------------------------------------------------------ */

static void lower_host(const char *p, size_t n, struct sb *host)
{
	for (size_t i = 0; i < n; i++) {
		if (n - i >= 3 && (strncmp(p + i, "[.]", 3) == 0 || strncmp(p + i, "(.)", 3) == 0)) {
			sb_addc(host, '.');
			i += 2;
		} else {
			sb_addc(host, (char)((unsigned char)p[i] < 0x80 ? tolower((unsigned char)p[i]) : p[i]));
		}
	}
	while (host->len && host->s[host->len - 1] == '.')
		sb_setlen(host, host->len - 1);
}

bool text_url_host(const char *url, size_t n, struct sb *host, bool *user_r)
{
	size_t start = url_start(url, n), end, from, old = host->len;
	*user_r = false;
	if (n >= 4 && strncasecmp(url, "www.", 4) == 0)
		start = 0;
	else if (!start)
		return false;
	for (end = from = start; end < n && !strchr("/\\?#", url[end]); end++)
		if (url[end] == '@') {
			from = end + 1;
			*user_r = true;
		}
	if (from < end && url[from] == '[' && memchr(url + from, ']', end - from)) /* IPv6 */
		end = (size_t)((const char *)memchr(url + from, ']', end - from) + 1 - url);
	else
		for (size_t i = from; i < end; i++)
			if (url[i] == ':')
				end = i;
	lower_host(url + from, end - from, host);
	return host->len > old;
}

/* RFC 3492 §6.2, for one label behind "xn--"; false: not Punycode. */
static bool punycode(const char *p, size_t n, uint32_t *v, size_t max, size_t *len_r)
{
	enum { BASE = 36, TMIN = 1, TMAX = 26, SKEW = 38, DAMP = 700 };
	uint32_t cp = 128, i = 0, bias = 72;
	const char *dash = memrchr(p, '-', n);
	size_t basic = dash ? (size_t)(dash - p) : 0, len = 0;
	if (basic >= max)
		return false;
	for (; len < basic; len++)
		v[len] = (unsigned char)p[len];
	for (size_t in = dash ? basic + 1 : 0; in < n;) {
		uint32_t old = i, w = 1, d;
		for (uint32_t k = BASE;; k += BASE) {
			if (in >= n)
				return false;
			unsigned char c = (unsigned char)p[in++];
			d = isdigit(c) ? c - 22u : isalpha(c) ? (uint32_t)tolower(c) - 'a' : BASE;
			if (d >= BASE || d > (UINT32_MAX - i) / w)
				return false;
			i += d * w;
			uint32_t t = k <= bias ? TMIN : k >= bias + TMAX ? TMAX : k - bias;
			if (d < t)
				break;
			if (w > UINT32_MAX / (BASE - t))
				return false;
			w *= BASE - t;
		}
		uint32_t delta = old ? (i - old) / 2 : (i - old) / DAMP, k = 0;
		for (delta += delta / (uint32_t)(len + 1); delta > (BASE - TMIN) * TMAX / 2; k += BASE)
			delta /= BASE - TMIN;
		bias = k + (BASE - TMIN + 1) * delta / (delta + SKEW);
		cp += i / (uint32_t)(len + 1);
		i %= (uint32_t)(len + 1);
		if (len >= max || cp > 0x10FFFF)
			return false;
		memmove(v + i + 1, v + i, (len - i) * sizeof *v);
		v[i++] = cp;
		len++;
	}
	*len_r = len;
	return true;
}

bool text_host_unicode(const char *host, size_t n, struct sb *out)
{
	uint32_t cp[64];
	size_t count, at = out->len;
	bool any = false;
	for (size_t i = 0; i < n;) {
		const char *dot = memchr(host + i, '.', n - i);
		size_t len = dot ? (size_t)(dot - host) - i : n - i;
		if (len > 4 && len < 64 && strncasecmp(host + i, "xn--", 4) == 0 &&
		    punycode(host + i + 4, len - 4, cp, 64, &count)) {
			any = true;
			for (size_t k = 0; k < count; k++)
				utf8_put(out, cp[k]);
		} else {
			sb_add(out, host + i, len);
		}
		if (dot)
			sb_addc(out, '.');
		i += len + 1;
	}
	if (!any)
		sb_setlen(out, at);
	return any;
}
