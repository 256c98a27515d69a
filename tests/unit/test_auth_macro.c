/* SPF macros: the examples of RFC 7208 §7.4, and what must not pass. */
#include "../../milter/auth_spfmacro.h"
#include "unit.h"
#include <string.h>

static const char *name(void *arg)
{
	return arg;
}

static struct spf_vars vars(void)
{
	return (struct spf_vars){ .local = "strong-bad", .sender_domain = "email.example.com",
	                          .domain = "email.example.com", .helo = "mx.example.org", .ip = "192.0.2.3",
	                          .client_name = name, .arg = "mx.example.org" };
}

static void gives(const struct spf_vars *v, const char *spec, const char *want)
{
	char out[512];
	bool ok = spf_expand(spec, strlen(spec), v, out, sizeof out);
	ck_assert_msg(ok == (want != NULL), "%s", spec);
	if (want)
		ck_assert_msg(strcmp(out, want) == 0, "%s gives %s, not %s", spec, out, want);
}

START_TEST(rfc_examples)
{
	static const char *const rows[][2] = {
		{ "%{s}", "strong-bad@email.example.com" }, { "%{o}", "email.example.com" },
		{ "%{d}", "email.example.com" }, { "%{d4}", "email.example.com" },
		{ "%{d3}", "email.example.com" }, { "%{d2}", "example.com" },
		{ "%{d1}", "com" }, { "%{dr}", "com.example.email" },
		{ "%{d2r}", "example.email" }, { "%{l}", "strong-bad" },
		{ "%{l-}", "strong.bad" }, { "%{lr}", "strong-bad" },
		{ "%{lr-}", "bad.strong" }, { "%{l1r-}", "strong" },
		{ "%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com" },
		{ "%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com" },
		{ "%{lr-}.lp.%{ir}.%{v}._spf.%{d2}", "bad.strong.lp.3.2.0.192.in-addr._spf.example.com" },
		{ "%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}", "3.2.0.192.in-addr.strong.lp._spf.example.com" },
		{ "%{d2}.trusted-domains.example.net", "example.com.trusted-domains.example.net" },
		{ "%{h}/%{p}", "mx.example.org/mx.example.org" }, { "%{S}", "strong-bad%%40email.example.com" },
		{ "a%%b%_c%-d", "a%%b%_c%-d" },
		{ "%{x}", NULL }, { "%{c}", NULL }, { "%{t}", NULL }, { "%{d0}", NULL }, { "%{d", NULL }, { "%{", NULL },
		{ "%", NULL }, { "%a", NULL }, { "%{d2r.-x}", NULL }, { "%{}", NULL }, { "%{d99999999999999999999}", "email.example.com" },
	};
	struct spf_vars v = vars();
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		gives(&v, rows[i][0], rows[i][1]);
	v.ip = "2.0.0.1.0.d.b.8.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.c.b.0.1";
	v.ipv6 = true;
	gives(&v, "%{ir}.%{v}._spf.%{d2}",
	      "1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6._spf.example.com");
}
END_TEST

START_TEST(records)
{
	static const char *const rows[][2] = {
		{ "v=spf1 a  mx/24 -all ", "v=spf1 a mx/24 -all" },
		{ "v=spf1 redirect=%{d2} a", "v=spf1 a redirect=example.com" },
		{ "v=spf1 exp=x.%{p} moo=%{x} exp-text=hi -all", "v=spf1 -all" },
		{ "v=spf1 a:%{d2}/24//64", "v=spf1 a:example.com/24//64" },
		{ "v=spf1 a:%{l/-}.x/24", "v=spf1 a:strong.bad.x/24" },
		{ "v=spf1 exists:%{x}", NULL },
		{ "v=spf1 %{d}", NULL },
		{ "v=spf1 redirect=a redirect=b", NULL },
		{ "v=spf1 exp=a exp=b", NULL },
		{ "v=spf1 \x01", NULL },
	};
	struct spf_vars v = vars();
	char out[256];
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		bool ok = spf_rewrite(rows[i][0], &v, out, sizeof out);
		ck_assert_msg(ok == (rows[i][1] != NULL), "%s", rows[i][0]);
		if (ok)
			ck_assert_str_eq(out, rows[i][1]);
	}
}
END_TEST

START_TEST(bounds)
{
	static char big[3000], record[4000];
	char out[1024], tiny[8];
	struct spf_vars v = vars();
	memset(big, 'x', 240);
	v.local = big;
	/* 253 bytes at most, whole labels dropped on the left */
	ck_assert(spf_rewrite("v=spf1 exists:%{l}.aaaaaaaaa.bbbbbbbbbb.ok.test", &v, out, sizeof out));
	ck_assert_str_eq(out, "v=spf1 exists:aaaaaaaaa.bbbbbbbbbb.ok.test");
	ck_assert(!spf_rewrite("v=spf1 a:test.example -all", &v, tiny, sizeof tiny));
	memset(big, '.', sizeof big - 1);
	ck_assert(!spf_expand("%{lr}", 5, &v, out, sizeof out));
	memcpy(record, "v=spf1 a:", 9);
	for (int i = 0; i < 900; i++)
		memcpy(record + 9 + 4 * i, "%{s}", 5);
	v.local = "a";
	ck_assert(!spf_rewrite(record, &v, out, sizeof out));
}
END_TEST

UNIT_SUITE("auth_macro", rfc_examples, records, bounds)
