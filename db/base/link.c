/* Capability links: see link.h. */
#include "base/link.h"
#include "base/xalloc.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAC_BYTES = 16, MAC_LETTERS = 26 /* (16 * 8 + 4) / 5 */, DIGITS_MAX = 18, HTTPS = 443 };

void link_init(struct link_ctx *l, const uint8_t master[KEY_LEN])
{
	crypto_derive(master, "web.links", l->key);
}

static void mac_of(const struct link_ctx *l, enum link_kind k, int64_t id, char out[MAC_LETTERS + 1])
{
	char text[32];
	uint8_t mac[SHA256_LEN];
	int n = snprintf(text, sizeof text, "%c:%lld", (char)k, (long long)id);
	crypto_hmac256(l->key, sizeof l->key, text, (size_t)n, mac);
	b32_encode(mac, MAC_BYTES, out);
}

void link_token(const struct link_ctx *l, enum link_kind k, int64_t id, char out[LINK_TOKEN_SIZE])
{
	char mac[MAC_LETTERS + 1];
	mac_of(l, k, id, mac);
	snprintf(out, LINK_TOKEN_SIZE, "%lld-%s", (long long)id, mac);
}

bool link_parse(const struct link_ctx *l, enum link_kind k, const char *text, int64_t *id_r)
{
	char mac[MAC_LETTERS + 1];
	size_t digits = strspn(text, "0123456789");
	if (digits == 0 || digits > DIGITS_MAX || text[0] == '0' || text[digits] != '-')
		return false;
	const char *given = text + digits + 1;
	int64_t id = strtoll(text, NULL, 10);
	if (strlen(given) != MAC_LETTERS)
		return false;
	mac_of(l, k, id, mac);
	if (!crypto_equal(given, mac, MAC_LETTERS))
		return false;
	*id_r = id;
	return true;
}

char *link_url(const struct link_ctx *l, const struct cfg *c, enum link_kind k, int64_t id)
{
	char token[LINK_TOKEN_SIZE];
	link_token(l, k, id, token);
	if (cfg_https_port(c) == HTTPS)
		return xasprintf("https://%s/%c/%s", c->web_host, (char)k, token);
	return xasprintf("https://%s:%d/%c/%s", c->web_host, cfg_https_port(c), (char)k, token);
}
