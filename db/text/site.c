/* Hosts and their sites: see site.h. */
#include "text/site.h"
#include <libpsl.h>
#include <pthread.h>
#include <string.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static const psl_ctx_t *list;

static void load(void)
{
	list = psl_latest(NULL);
	if (!list)
		list = psl_builtin();
}

static bool is_address(const char *s)
{
	return strchr(s, ':') || strspn(s, "0123456789.") == strlen(s);
}

/* Letters, digits, '-', '_' and bytes of UTF-8, in labels that are not empty. */
static bool well_formed(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c >= 0x80;
		if (!letter && (c != '.' || i == 0 || i + 1 == n || s[i - 1] == '.'))
			return false;
	}
	return n > 0;
}

/* "[::1]:80" */
static bool bracketed(const char *host, char out[SITE_MAX])
{
	size_t n = strspn(host + 1, "0123456789abcdefABCDEF:.");
	if (n == 0 || n > 45 || host[n + 1] != ']')
		return false;
	memcpy(out, host + 1, n);
	out[n] = '\0';
	return true;
}

bool site_of(const char *host, char out[SITE_MAX])
{
	out[0] = '\0';
	if (host[0] == '[')
		return bracketed(host, out);
	size_t n = strcspn(host, ":");
	if (n > 0 && host[n - 1] == '.')
		n--;
	if (n == 0 || n >= SITE_MAX)
		return false;
	for (size_t i = 0; i < n; i++)
		out[i] = host[i] >= 'A' && host[i] <= 'Z' ? (char)(host[i] - 'A' + 'a') : host[i];
	out[n] = '\0';
	if (!well_formed(out, n)) {
		out[0] = '\0';
		return false;
	}
	if (is_address(out))
		return true;
	pthread_once(&once, load);
	const char *org = list ? psl_registrable_domain(list, out) : NULL;
	if (org)
		memmove(out, org, strlen(org) + 1);
	return true;
}
