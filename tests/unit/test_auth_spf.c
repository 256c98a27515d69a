/* SPF against a real unbound: each record says in its name what it shows. */
#include "../../milter/auth_check.h"
#include "auth_fixture.h"
#include "base/clk.h"
#include "unit.h"

#define V "v=spf1 "
#define T100 "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
#define T200 T100 T100

static const char *const zone[] = {
	"pass.test. TXT \"" V "ip4:192.0.2.0/24 -all\"",
	"fail.test. TXT \"" V "ip4:192.0.2.7 -all\"",
	"softfail.test. TXT \"" V "~all\"",
	"neutral.test. TXT \"" V "?all\"",
	"silent.test. TXT \"" V "ip4:192.0.2.7\"", /* no all: neutral */
	"norecord.test. TXT \"something else\"",
	"nearly.test. TXT \"v=spf10 -all\"",
	"upper.test. TXT \"V=SPF1 IP4:192.0.2.1 -ALL\"",
	"two.test. TXT \"" V "+all\"", "two.test. TXT \"" V "-all\"",
	"one-of-many.test. TXT \"google-site-verification=x\"", "one-of-many.test. TXT \"" V "ip4:192.0.2.1 -all\"",
	"badmech.test. TXT \"" V "ipv4:192.0.2.1 -all\"",
	"badip.test. TXT \"" V "ip4:192.0.2.999 -all\"",
	"badcidr.test. TXT \"" V "ip4:192.0.2.0/33 -all\"",
	"eightbit.test. TXT \"" V "ip4:192.0.2.1 \\200 -all\"",
	"unknownmod.test. TXT \"" V "moo=cow ip4:192.0.2.1 -all\"",
	"exp.test. TXT \"" V "-all exp=nowhere.%{p}.test\"",
	"expexp.test. TXT \"" V "-all exp=a.test exp=b.test\"",
	/* strings */
	"split.test. TXT \"v=spf1 ip4:192.\" \"0.2.1 -a\" \"ll\"",
	"huge.test. TXT \"v=spf1 \" \"ip4:192.0.2.1 \" \"x=" T200 " \" \"y=" T200 " \" \"z=" T200 " \" \"u=" T200 " \" \"w=" T200 " -all\"",
	"enormous.test. TXT \"v=spf1 \" \"a=" T200 "\" \"b=" T200 "\" \"a=" T200 "\" \"b=" T200 "\" \"a=" T200 "\" \"b=" T200 "\" \"a=" T200 "\" \"b=" T200 "\""
	" \"a=" T200 "\" \"b=" T200 "\" \"a=" T200 "\" \"b=" T200 "\" \"a=" T200 "\" \"b=" T200 "\" \"a=" T200 "\" \"b=" T200 "\""
	" \"a=" T200 "\" \"b=" T200 "\" \"a=" T200 "\" \"b=" T200 "\" \"a=" T200 "\" \" +all\"",
	/* a, mx, ptr, exists */
	"a.test. TXT \"" V "a -all\"", "a.test. A 192.0.2.1", "a.test. AAAA 2001:db8::1",
	"acidr.test. TXT \"" V "a:host.test/24 -all\"", "host.test. A 192.0.2.200",
	"mx.test. TXT \"" V "mx -all\"", "mx.test. MX 10 mx1.test.", "mx.test. MX 20 mx2.test.",
	"mx1.test. A 192.0.2.99", "mx2.test. A 192.0.2.1", "mx2.test. AAAA 2001:db8::1",
	"nullmx.test. TXT \"" V "mx -all\"", "nullmx.test. MX 0 .",
	"ptr.test. TXT \"" V "ptr -all\"",
	"1.2.0.192.in-addr.arpa. PTR mail.ptr.test.", "mail.ptr.test. A 192.0.2.1",
	"2.2.0.192.in-addr.arpa. PTR mail.ptr.test.", /* not confirmed by an A */
	"exists.test. TXT \"" V "exists:%{ir}.%{v}._ok.test -all\"", "1.2.0.192.in-addr._ok.test. A 127.0.0.2",
	"local.test. TXT \"" V "exists:%{l}._lp.%{d2} -all\"", "taro._lp.local.test. A 127.0.0.2",
	"helo.test. TXT \"" V "exists:%{h}._h.test -all\"", "mail.sender.test._h.test. A 127.0.0.2",
	"badmacro.test. TXT \"" V "exists:%{x}.test -all\"",
	"p.test. TXT \"" V "exists:%{p}._p.test -all\"", "mail.ptr.test._p.test. A 127.0.0.2",
	"longmacro.test. TXT \"" V "exists:%{l}%{l}%{l}%{l}%{l}.ok.test -all\"",
	/* include, redirect, cname */
	"inc.test. TXT \"" V "include:pass.test -all\"",
	"incfail.test. TXT \"" V "include:fail.test ~all\"",
	"incnone.test. TXT \"" V "include:norecord.test -all\"",
	"incself.test. TXT \"" V "include:incself.test -all\"",
	"loop1.test. TXT \"" V "include:loop2.test -all\"", "loop2.test. TXT \"" V "include:loop1.test -all\"",
	"redir.test. TXT \"" V "redirect=pass.test\"",
	"redirfirst.test. TXT \"" V "redirect=fail.test ip4:192.0.2.1\"",
	"redirnone.test. TXT \"" V "redirect=norecord.test\"",
	"redirtwo.test. TXT \"" V "redirect=pass.test redirect=pass.test\"",
	"cname.test. CNAME pass.test.",
	"cnameloop.test. CNAME cnameloop2.test.", "cnameloop2.test. CNAME cnameloop.test.",
	/* limits */
	"ten.test. TXT \"" V "a:h.test a:h.test a:h.test a:h.test a:h.test a:h.test a:h.test a:h.test a:h.test a:host.test/24 -all\"",
	"eleven.test. TXT \"" V "a:h.test a:h.test a:h.test a:h.test a:h.test a:h.test a:h.test a:h.test a:h.test a:h.test a:host.test/24 -all\"",
	"h.test. A 10.9.9.9",
	/* each include has few look-ups, together they have many */
	"nest.test. TXT \"" V "include:n1.test include:n2.test include:n3.test ip4:192.0.2.1 -all\"",
	"n1.test. TXT \"" V "a:h.test a:h.test a:h.test ?all\"", "n2.test. TXT \"" V "a:h.test a:h.test a:h.test ?all\"",
	"n3.test. TXT \"" V "a:h.test a:h.test a:h.test ?all\"",
	"void2.test. TXT \"" V "a:nx1.test a:nx2.test ip4:192.0.2.1 -all\"",
	"void3.test. TXT \"" V "a:nx1.test a:nx2.test exists:nx3.test ip4:192.0.2.1 -all\"",
	"mx11.test. TXT \"" V "mx ip4:192.0.2.1 -all\"", "mx11.test. MX 1 h.test.",
	"mx11.test. MX 1 g1.test.", "mx11.test. MX 1 g2.test.", "mx11.test. MX 1 g3.test.", "mx11.test. MX 1 g4.test.",
	"mx11.test. MX 1 g5.test.", "mx11.test. MX 1 g6.test.", "mx11.test. MX 1 g7.test.", "mx11.test. MX 1 g8.test.",
	"mx11.test. MX 1 g9.test.", "mx11.test. MX 1 g10.test.",
	/* MX hosts belong to one term, also where none has the address family */
	"mxv4.test. TXT \"" V "mx ip6:2001:db8::1 -all\"", "mxv4.test. MX 1 h.test.", "mxv4.test. MX 2 mx1.test.",
	"mxv4.test. MX 3 host.test.", "mxv4.test. MX 4 mail.ptr.test.",
	"ip6.test. TXT \"" V "ip6:2001:db8::/32 -all\"",
	"all.test. TXT \"" V "+all\"",
	"xn--wgv71a119e.test. TXT \"" V "ip4:192.0.2.1 -all\"", /* 日本語.test */
	NULL
};

static struct fixture fx;
static struct auth_pool *pool;

static void up(int helpers, int timeout_ms)
{
	struct err e;
	fixture_start(&fx, zone);
	ck_assert_msg(auth_pool_start(fx.dns, helpers, timeout_ms, NULL, &pool, &e) == OK, "%s", e.msg);
}

static void down(void)
{
	auth_pool_stop(&pool);
	fixture_stop(&fx);
}

struct row {
	const char *ip, *helo, *mail_from, *spf, *domain;
};

static void check_rows(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct auth_query q = { rows[i].ip, rows[i].helo, rows[i].mail_from, "", "" };
		struct auth_result r;
		auth_check(pool, &q, &r);
		ck_assert_msg(strcmp(r.spf, rows[i].spf) == 0 && (!rows[i].domain || strcmp(r.spf_domain, rows[i].domain) == 0),
		              "%.60s from %.60s: %s (%s), not %s", q.mail_from, q.client_ip ? q.client_ip : "NULL", r.spf, r.spf_domain, rows[i].spf);
		ck_assert_str_eq(r.dmarc, "none");
	}
}

#define H "mail.sender.test"
#define IP "192.0.2.1"

START_TEST(results)
{
	static const struct row rows[] = {
		{ IP, H, "taro@pass.test", "pass", "pass.test" },
		{ IP, H, "taro@PASS.Test.", "pass", "pass.test" },
		{ "192.0.3.1", H, "taro@pass.test", "fail", NULL },
		{ IP, H, "a@fail.test", "fail", NULL },
		{ IP, H, "a@softfail.test", "softfail", NULL },
		{ IP, H, "a@neutral.test", "neutral", NULL },
		{ IP, H, "a@silent.test", "neutral", NULL },
		{ IP, H, "a@norecord.test", "none", NULL },
		{ IP, H, "a@nearly.test", "none", NULL },
		{ IP, H, "a@nxdomain.test", "none", "nxdomain.test" },
		{ IP, H, "a@upper.test", "pass", NULL },
		{ IP, H, "a@two.test", "permerror", NULL },
		{ IP, H, "a@one-of-many.test", "pass", NULL },
		{ IP, H, "a@badmech.test", "permerror", NULL },
		{ IP, H, "a@badip.test", "permerror", NULL },
		{ IP, H, "a@badcidr.test", "permerror", NULL },
		{ IP, H, "a@eightbit.test", "permerror", NULL },
		{ IP, H, "a@unknownmod.test", "pass", NULL },
		{ IP, H, "a@exp.test", "fail", NULL },
		{ IP, H, "a@expexp.test", "permerror", NULL },
		{ IP, H, "a@split.test", "pass", NULL },
		{ IP, H, "a@huge.test", "pass", NULL },
		{ IP, H, "a@enormous.test", "permerror", NULL },
		{ "2001:db8::1", H, "a@ip6.test", "pass", NULL },
		{ "IPv6:2001:db8::1", H, "a@ip6.test", "pass", NULL },
		{ "2001:db9::1", H, "a@ip6.test", "fail", NULL },
		{ "::ffff:192.0.2.1", H, "a@pass.test", "pass", NULL },
		{ IP, H, "a@日本語.test", "pass", "xn--wgv71a119e.test" },
	};
	up(2, 4000);
	check_rows(rows, sizeof rows / sizeof *rows);
	down();
}
END_TEST

START_TEST(mechanisms)
{
	static const struct row rows[] = {
		{ IP, H, "a@a.test", "pass", NULL },
		{ "192.0.2.2", H, "a@a.test", "fail", NULL },
		{ "2001:db8::1", H, "a@a.test", "pass", NULL },
		{ IP, H, "a@acidr.test", "pass", NULL },
		{ "192.0.3.2", H, "a@acidr.test", "fail", NULL },
		{ IP, H, "a@mx.test", "pass", NULL },
		{ "192.0.2.99", H, "a@mx.test", "pass", NULL },
		{ "192.0.2.98", H, "a@mx.test", "fail", NULL },
		{ IP, H, "a@nullmx.test", "fail", NULL },
		{ IP, H, "a@ptr.test", "pass", NULL },
		{ "192.0.2.2", H, "a@ptr.test", "fail", NULL },
		{ "192.0.2.3", H, "a@ptr.test", "fail", NULL },
		{ "2001:db8::7", H, "a@ptr.test", "fail", NULL },
		{ IP, H, "a@exists.test", "pass", NULL },
		{ "192.0.2.2", H, "a@exists.test", "fail", NULL },
		{ IP, H, "taro@local.test", "pass", NULL },
		{ IP, H, "jiro@local.test", "fail", NULL },
		{ IP, H, "a b\"\\%{l}\xe3\x81\x82@local.test", "fail", NULL },
		{ IP, H, "a@helo.test", "pass", NULL },
		{ IP, "other.test", "a@helo.test", "fail", NULL },
		{ IP, "[192.0.2.1]", "a@helo.test", "fail", NULL },
		{ IP, H, "a@badmacro.test", "permerror", NULL },
		{ IP, H, "a@p.test", "pass", NULL },
		{ "192.0.2.3", H, "a@p.test", "fail", NULL },
		{ IP, H, "a.b.c." T100 "@longmacro.test", "fail", NULL },
		{ IP, H, T200 "@longmacro.test", "fail", NULL },
		{ IP, H, "a@inc.test", "pass", NULL },
		{ IP, H, "a@incfail.test", "softfail", NULL },
		{ IP, H, "a@incnone.test", "permerror", NULL },
		{ IP, H, "a@incself.test", "permerror", NULL },
		{ IP, H, "a@loop1.test", "permerror", NULL },
		{ IP, H, "a@redir.test", "pass", NULL },
		{ "192.0.9.1", H, "a@redir.test", "fail", NULL },
		{ IP, H, "a@redirfirst.test", "pass", NULL },
		{ IP, H, "a@redirnone.test", "permerror", NULL },
		{ IP, H, "a@redirtwo.test", "permerror", NULL },
		{ IP, H, "a@cname.test", "pass", NULL },
		{ IP, H, "a@cnameloop.test", "temperror", NULL },
	};
	up(2, 4000);
	check_rows(rows, sizeof rows / sizeof *rows);
	down();
}
END_TEST

START_TEST(limits)
{
	static const struct row rows[] = {
		{ IP, H, "a@ten.test", "pass", NULL },
		{ IP, H, "a@eleven.test", "permerror", NULL },
		{ IP, H, "a@nest.test", "permerror", NULL },
		{ IP, H, "a@void2.test", "pass", NULL },
		{ IP, H, "a@void3.test", "permerror", NULL },
		{ IP, H, "a@mx11.test", "permerror", NULL },
		{ "2001:db8::1", H, "a@mxv4.test", "pass", NULL },
	};
	up(2, 4000);
	check_rows(rows, sizeof rows / sizeof *rows);
	down();
}
END_TEST

START_TEST(identities)
{
	static const struct row rows[] = {
		{ IP, "pass.test", "", "pass", "pass.test" },       /* null sender: HELO */
		{ "192.0.3.1", "pass.test", "", "fail", "pass.test" },
		{ IP, "fail.test", "", "fail", "fail.test" },
		{ IP, "[192.0.2.1]", "", "none", "" },
		{ IP, "", "", "none", "" },
		{ IP, "fail.test", "a@pass.test", "pass", "pass.test" }, /* HELO alone decides nothing */
		/* the client being loopback proves nothing */
		{ "127.0.0.1", H, "a@pass.test", "fail", NULL },
		{ "::1", H, "a@pass.test", "fail", NULL },
		{ "127.0.0.1", H, "a@all.test", "pass", NULL },
	};
	up(1, 4000);
	check_rows(rows, sizeof rows / sizeof *rows);
	down();
}
END_TEST

START_TEST(hostile)
{
	static char huge[100001];
	memset(huge, 'a', sizeof huge - 1);
	char label64[80], many[700] = "x@";
	snprintf(label64, sizeof label64, "x@%.64s.test", huge);
	for (int i = 0; i < 120; i++)
		strncat(many, "a.b.c", sizeof many - strlen(many) - 1);
	const struct row rows[] = {
		{ IP, H, "root", "none", "" },
		{ IP, H, "@", "none", "" },
		{ IP, H, "a@", "none", "" },
		{ IP, H, "a@localhost", "none", "" },
		{ IP, H, "a@[192.0.2.1]", "none", "" },
		{ IP, H, "a@192.0.2.1", "none", "" },
		{ IP, H, "a@a..test", "none", "" },
		{ IP, H, "a@.test", "none", "" },
		{ IP, H, "a@-%{d}.test", "none", "" },
		{ IP, H, "a@b c.test", "none", "" },
		{ IP, H, "a@b\r\nc.test", "none", "" },
		{ IP, H, "a@\xff\xfe.test", "none", "" },
		{ IP, H, label64, "none", "" },
		{ IP, H, many, "none", "" },
		{ IP, H, huge, "none", "" },
		{ IP, huge, "a@pass.test", "pass", NULL },
		{ "", H, "a@pass.test", "none", NULL },
		{ "unknown", H, "a@pass.test", "none", NULL },
		{ huge, H, "a@pass.test", "none", NULL },
		{ NULL, NULL, "a@all.test", "none", NULL },
	};
	up(1, 4000);
	check_rows(rows, sizeof rows / sizeof *rows);
	pid_t pids[2];
	ck_assert_int_eq(auth_pool_pids(pool, pids, 2), 2);
	down();
}
END_TEST

UNIT_SUITE("auth_spf", results, mechanisms, limits, identities, hostile)
