/* Authentication-Results: what OpenDKIM writes, what others forge, what we write. */
#include "../../milter/auth_authres.h"
#include "unit.h"
#include <stdio.h>
#include <string.h>

#define ID "k7x2secret"

struct row {
	const char *value;
	bool ours;
	const char *result, *domains;
};

START_TEST(reading)
{
	static const struct row rows[] = {
		{ ID "; dkim=pass (2048-bit key; unprotected) header.d=Example.JP header.i=@example.jp header.a=rsa-sha256 header.s=s1 header.b=\"ab/cd+=\"; dkim-atps=neutral", true, "pass", "example.jp" },
		{ ID ";\n\tdkim=pass (1024-bit key) header.d=a.test header.i=@sub.a.test;\n\tdkim=fail reason=\"signature verification failed\" (2048-bit key) header.d=b.test", true, "pass", "a.test" },
		{ ID "; dkim=fail reason=\"x; dkim=pass header.d=evil.test\" header.d=b.test", true, "fail", "" },
		{ ID "; dkim=fail (dkim=pass; \\) (nested (deep)) ; dkim=pass) header.d=b.test", true, "fail", "" },
		{ ID "; dkim=pass header.i=user@c.test", true, "pass", "c.test" },
		{ ID "; dkim=pass header.i=\"odd\\\"user\"@c.test", false, "none", "" },
		{ ID "; dkim=pass header.d=a.test; dkim=pass header.d=A.test; dkim=pass header.d=b.test", true, "pass", "a.test,b.test" },
		{ ID "; dkim=temperror header.d=a.test; dkim=neutral header.d=a.test", true, "temperror", "" },
		{ ID "; dkim=policy header.d=a.test", true, "policy", "" },
		{ ID "; dkim=permerror (bad)", true, "permerror", "" },
		{ ID "; dkim=Pass header.d=a.test", true, "pass", "a.test" },
		{ ID "; none", true, "none", "" },
		{ ID "; dkim=none", true, "none", "" },
		{ ID, true, "none", "" },
		{ ID " 1; dkim/1 = pass header.d = a.test;", true, "pass", "a.test" },
		{ "(c) " ID " (d) ; (e) dkim (f) = (g) pass (h) header.d (i)=(j) a.test (k)", true, "pass", "a.test" },
		{ ID "; spf=pass smtp.mailfrom=x@y.test; auth=pass smtp.auth=bob", true, "none", "" },
		{ ID "; dkim=wonderful header.d=a.test", true, "none", "" },
		{ "\"" ID "\"; dkim=pass header.d=a.test", true, "pass", "a.test" },
		{ "K7X2SECRET; dkim=pass header.d=a.test", true, "pass", "a.test" },
		/* hostile d= : no domain is taken over */
		{ ID "; dkim=pass header.d=\"a.test,bank.example\"", true, "pass", "" },
		{ ID "; dkim=pass header.d=\"a.test\r\nX: y\"", true, "pass", "" },
		{ ID "; dkim=pass header.d=localhost", true, "pass", "" },
		/* a selector or identity with a space in it */
		{ ID "; dkim=pass header.d=evil.test header.i=@evil.test header.s=x header.d=bank.example", false, "none", "" },
		/* not ours */
		{ "mail.example.org; dkim=pass header.d=a.test", false, "none", "" },
		{ ID ".evil.test; dkim=pass header.d=a.test", false, "none", "" },
		{ "x" ID "; dkim=pass header.d=a.test", false, "none", "" },
		{ "evil.test (" ID "); dkim=pass header.d=a.test", false, "none", "" },
		{ "; dkim=pass header.d=a.test", false, "none", "" },
		{ "", false, "none", "" },
		/* ours but broken: nothing counts */
		{ ID " 2; dkim=pass header.d=a.test", false, "none", "" },
		{ ID "; dkim=pass header.d=a.test; garbage", false, "none", "" },
		{ ID "; dkim=pass header.d=a.test (open", false, "none", "" },
		{ ID "; dkim=pass header.d=\"a.test", false, "none", "" },
		{ ID "; dkim=pass header.d=", false, "none", "" },
		{ ID "; none; dkim=pass header.d=a.test", false, "none", "" },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct authres_dkim r;
		ck_assert_msg(auth_authres_parse(rows[i].value, ID, &r) == rows[i].ours, "%s", rows[i].value);
		ck_assert_msg(strcmp(r.result, rows[i].result) == 0, "%s: %s", rows[i].value, r.result);
		ck_assert_msg(strcmp(r.domains, rows[i].domains) == 0, "%s: %s", rows[i].value, r.domains);
	}
	struct authres_dkim r;
	ck_assert(!auth_authres_parse("; dkim=pass header.d=a.test", "", &r)); /* no secret set */
}
END_TEST

START_TEST(bounds)
{
	static char v[200000];
	struct authres_dkim r;
	size_t n = (size_t)snprintf(v, sizeof v, ID "; dkim=pass header.d=a.test ");
	memset(v + n, '(', 100000);
	ck_assert(!auth_authres_parse(v, ID, &r));
	n = (size_t)snprintf(v, sizeof v, ID);
	for (int i = 0; i < 60; i++)
		n += (size_t)snprintf(v + n, sizeof v - n, "; dkim=pass header.d=quite-a-long-domain-name-%d.example.test", i);
	ck_assert(auth_authres_parse(v, ID, &r));
	ck_assert_uint_lt(strlen(r.domains), sizeof r.domains);
	ck_assert_int_eq(r.domains[strlen(r.domains) - 1], 't'); /* no name cut in two */
}
END_TEST

static void writes(const struct auth_query *q, const struct auth_result *r, const struct authres_dkim *d, const char *want)
{
	struct sb out = SB_INIT;
	auth_authres_format(&out, "mx.sodan.example", q, r, d);
	ck_assert_str_eq(out.s, want);
	sb_free(&out);
}

START_TEST(writing)
{
	struct auth_result r = { "pass", "example.jp", "pass", "reject" };
	struct authres_dkim d = { "pass", "example.jp,b.test" }, none = { "none", "" };
	struct auth_query q = { "192.0.2.1", "h.test", "taro@example.jp", "日本語.test", "" };
	writes(&q, &r, &d, "mx.sodan.example; spf=pass smtp.mailfrom=taro@example.jp;\n\tdkim=pass header.d=example.jp;\n\t"
	                   "dkim=pass header.d=b.test;\n\tdmarc=pass (p=reject) header.from=xn--wgv71a119e.test");
	struct auth_result r2 = { "none", "", "none", "" };
	struct auth_query q2 = { "192.0.2.1", "h(i\n\"x", "", "", "" };
	writes(&q2, &r2, &none, "mx.sodan.example; spf=none smtp.helo=\"h(i??x\";\n\tdkim=none;\n\tdmarc=none");
	struct auth_query q3 = { NULL, NULL, "a\r\nEvil: yes;\\ dkim=pass\"@x", "x\n; dkim=pass", NULL };
	writes(&q3, &r2, &none, "mx.sodan.example; spf=none smtp.mailfrom=\"a??Evil: yes;? dkim=pass?@x\";\n\tdkim=none;\n\t"
	                        "dmarc=none header.from=\"x?; dkim=pass\"");
}
END_TEST

/* What OpenDKIM would print unquoted. */
START_TEST(signatures)
{
	static const struct { const char *value; bool plain; } rows[] = {
		{ "v=1; a=rsa-sha256; c=relaxed/simple; d=example.jp; s=s1;\r\n\tt=1; bh=ab/c+d=; h=From:To;\r\n\tb=AAAA/BB==", true },
		{ "v=1; a=rsa-sha256; d = example.jp ; i = @mail.example.jp; s=s_1.x;", true },
		{ "v=1; d=evil.test; i=x=3B=20dkim=3Dpass=20header.d=3Dbank.example=20header.i=3D@evil.test; s=a; b=x", false },
		{ "d=evil.test; i=\"x y\"@evil.test", false },
		{ "d=bank.example header.x=.evil.test; s=a", false },
		{ "d=evil.test; s=x header.d=bank.example", false },
		{ "d=evil.test; I=a(b@evil.test", false },
		{ "d=evil\r\n .test", false },
		{ "d=\xe3\x81\x82.test", false },
		{ "a=rsa-sha256\"; s=a; d=b.test", false },
		{ "", true }, { ";;;", true }, { "d", true }, { "=", true }, { "d=", true },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		ck_assert_msg(auth_signature_plain(rows[i].value) == rows[i].plain, "%s", rows[i].value);
	struct authres_dkim r = { "pass", "a.test" };
	auth_authres_distrust(&r);
	ck_assert_str_eq(r.result, "policy");
	ck_assert_str_eq(r.domains, "");
}
END_TEST

/* What we write, we read alike: nothing in it breaks out. */
START_TEST(round_trip)
{
	static const char *const evil[] = { "x\"; dkim=pass header.d=evil.test", "a(b", "a;b", "a\\", "\\\"", "", "(((", "\x80\xff", "a@b@c" };
	struct auth_result r = { "fail", "", "fail", "none" };
	struct authres_dkim in = { "pass", "ok.test" }, out;
	for (size_t i = 0; i < sizeof evil / sizeof *evil; i++) {
		struct auth_query q = { "192.0.2.1", evil[i], i % 2 ? evil[i] : "", evil[i], "" };
		struct sb s = SB_INIT;
		auth_authres_format(&s, ID, &q, &r, &in);
		ck_assert_msg(auth_authres_parse(s.s, ID, &out), "%s", s.s);
		ck_assert_str_eq(out.domains, "ok.test");
		sb_free(&s);
	}
}
END_TEST

UNIT_SUITE("auth_authres", reading, bounds, signatures, writing, round_trip)
