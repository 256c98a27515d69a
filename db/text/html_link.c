/* Where a link of a mail goes. See html_int.h. */
#include "text/html_int.h"
#include <ctype.h>
#include <string.h>
#include <strings.h>

/* The target as it may be shown, without white space and controls. */
bool html_link_target(const char *href, struct sb *url)
{
	while (*href && isspace((unsigned char)*href))
		href++;
	if (!*href || *href == '#' || strncasecmp(href, "javascript:", 11) == 0)
		return false;
	size_t n = strlen(href);
	while (n && isspace((unsigned char)href[n - 1]))
		n--;
	for (; n; n--, href++) {
		unsigned char c = (unsigned char)*href;
		if (c == '\t' || c == '\n' || c == '\r')
			continue; /* as browsers do */
		if (c <= ' ' || c == '<' || c == '>' || c == 0x7F)
			sb_addf(url, "%%%02X", c);
		else
			sb_addc(url, (char)c);
	}
	return url->len > 0;
}

/* Is the text just the address again? */
bool html_link_said(const char *text, size_t n, const char *url)
{
	static const char *const prefix[] = { "", "http://", "https://", "mailto:", "tel:" };
	size_t len = strlen(url);
	while (n && isspace((unsigned char)*text))
		text++, n--;
	while (n && (isspace((unsigned char)text[n - 1]) || text[n - 1] == '/'))
		n--;
	while (len && url[len - 1] == '/')
		len--;
	for (size_t i = 0; i < sizeof prefix / sizeof *prefix; i++) {
		size_t k = strlen(prefix[i]);
		if (len == n + k && strncasecmp(url, prefix[i], k) == 0 && memcmp(url + k, text, n) == 0)
			return true;
	}
	return false;
}
