/* The site of a host, as the Public Suffix List has it. */
#include "text/site.h"
#include "unit.h"
#include <string.h>

START_TEST(hosts_have_sites)
{
	static const struct { const char *host, *site; } v[] = {
		{ "www.example.co.jp", "example.co.jp" }, { "WWW.Example.CO.JP.", "example.co.jp" }, { "a.b.example.com:8443", "example.com" },
		{ "co.jp", "co.jp" }, { "localhost", "localhost" }, { "192.0.2.7:80", "192.0.2.7" }, { "[2001:db8::1]:443", "2001:db8::1" },
		{ "user.github.io", "user.github.io" }, { "日本語.example.jp", "example.jp" },
		{ "", "" }, { ".", "" }, { "..", "" }, { "a..b", "" }, { ".a", "" }, { "a b", "" }, { "a/b", "" }, { "[x]", "" }, { "[::1", "" },
		{ "a\x01.jp", "" }, { "-", "-" }
	};
	char out[SITE_MAX];
	for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
		ck_assert_int_eq(site_of(v[i].host, out), v[i].site[0] != '\0');
		ck_assert_str_eq(out, v[i].site);
	}
}
END_TEST

START_TEST(long_hosts_are_none)
{
	char host[SITE_MAX + 10], out[SITE_MAX];
	memset(host, 'a', sizeof host);
	host[sizeof host - 1] = '\0';
	ck_assert(!site_of(host, out));
}
END_TEST

UNIT_SUITE("site", hosts_have_sites, long_hosts_are_none)
