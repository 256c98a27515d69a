/* DMARC against a real unbound: discovery, alignment, policy. */
#include "../../milter/auth_check.h"
#include "auth_fixture.h"
#include "unit.h"

#define SPF "v=spf1 ip4:192.0.2.1 -all"

static const char *const zone[] = {
	"good.example. TXT \"" SPF "\"", "_dmarc.good.example. TXT \"v=DMARC1; p=reject; rua=mailto:d@good.example\"",
	"sub.good.example. TXT \"" SPF "\"",
	"strict.example. TXT \"" SPF "\"", "_dmarc.strict.example. TXT \"v=DMARC1; p=quarantine; adkim=s; aspf=s\"",
	"sub.strict.example. TXT \"" SPF "\"",
	"sp.example. TXT \"" SPF "\"", "_dmarc.sp.example. TXT \"v=DMARC1; p=reject; sp=none\"",
	"_dmarc.own.sp.example. TXT \"v=DMARC1;p=quarantine;sp=reject\"",
	"_dmarc.two.example. TXT \"v=DMARC1; p=reject\"", "_dmarc.two.example. TXT \"v=DMARC1; p=none\"",
	"_dmarc.noise.example. TXT \"v=spf1 -all\"", "_dmarc.noise.example. TXT \"v=DMARC1 ; p = none\"",
	"_dmarc.near.example. TXT \"v=DMARC10; p=reject\"",
	"_dmarc.nop.example. TXT \"v=DMARC1; adkim=s\"",
	"_dmarc.badp.example. TXT \"v=DMARC1; p=bounce\"",
	"_dmarc.badprua.example. TXT \"v=DMARC1; p=bounce; sp=reject; rua=mailto:x@y.example\"",
	"_dmarc.badopt.example. TXT \"v=DMARC1; p=reject; adkim=maybe; rf=iodef; fo=z; pct=900; ri=x; aspf=s; aspf=r\"",
	"_dmarc.cname.example. CNAME _dmarc.good.example.",
	"_dmarc.split.example. TXT \"v=DMA\" \"RC1; p=qua\" \"rantine\"",
	"other.example. TXT \"" SPF "\"",
	/* a public suffix in the private part of the list is nobody's parent */
	"_dmarc.victim.github.io. TXT \"v=DMARC1; p=reject\"", "_dmarc.github.io. TXT \"v=DMARC1; p=reject\"",
	"attacker.github.io. TXT \"" SPF "\"", "github.io. TXT \"" SPF "\"",
	"_dmarc.firma.co.jp. TXT \"v=DMARC1; p=reject\"", "mail.firma.co.jp. TXT \"" SPF "\"",
	"evil.co.jp. TXT \"" SPF "\"", "co.jp. TXT \"" SPF "\"",
	"_dmarc.xn--wgv71a119e.example. TXT \"v=DMARC1; p=reject\"",
	NULL
};

struct row {
	const char *ip, *mail_from, *from, *dkim, *dmarc, *policy;
};

static void check_rows(const struct row *rows, size_t n)
{
	struct fixture fx;
	struct auth_pool *pool;
	struct err e;
	fixture_start(&fx, zone);
	ck_assert_msg(auth_pool_start(fx.dns, 2, 4000, NULL, &pool, &e) == OK, "%s", e.msg);
	for (size_t i = 0; i < n; i++) {
		struct auth_query q = { rows[i].ip, "h.example", rows[i].mail_from, rows[i].from, rows[i].dkim };
		struct auth_result r;
		auth_check(pool, &q, &r);
		ck_assert_msg(strcmp(r.dmarc, rows[i].dmarc) == 0 && strcmp(r.dmarc_policy, rows[i].policy) == 0,
		              "%zu: from %s, by %s, dkim %s: %s p=%s, not %s p=%s", i, rows[i].from, rows[i].mail_from, rows[i].dkim,
		              r.dmarc, r.dmarc_policy, rows[i].dmarc, rows[i].policy);
	}
	auth_pool_stop(&pool);
	fixture_stop(&fx);
}

#define OK_IP "192.0.2.1"
#define NO_IP "192.0.2.99"

START_TEST(alignment)
{
	static const struct row rows[] = {
		/* by SPF */
		{ OK_IP, "a@good.example", "good.example", "", "pass", "reject" },
		{ OK_IP, "a@sub.good.example", "good.example", "", "pass", "reject" },
		{ OK_IP, "a@good.example", "sub.good.example", "", "pass", "reject" },
		{ OK_IP, "a@good.example", "GOOD.Example.", "", "pass", "reject" },
		{ NO_IP, "a@good.example", "good.example", "", "fail", "reject" },
		{ OK_IP, "a@other.example", "good.example", "", "fail", "reject" },
		{ OK_IP, "", "good.example", "", "fail", "reject" },
		/* by DKIM, whatever SPF says */
		{ NO_IP, "a@other.example", "good.example", "good.example", "pass", "reject" },
		{ NO_IP, "a@other.example", "good.example", "x.test, other.example,Sub.Good.example", "pass", "reject" },
		{ NO_IP, "a@other.example", "a.good.example", "b.good.example", "pass", "reject" },
		{ NO_IP, "a@other.example", "good.example", "other.example", "fail", "reject" },
		{ NO_IP, "a@other.example", "good.example", "notgood.example", "fail", "reject" },
		{ NO_IP, "a@other.example", "good.example", "example", "fail", "reject" },
		{ NO_IP, "a@other.example", "good.example", ",, ,", "fail", "reject" },
		/* strict: neither parent nor child */
		{ OK_IP, "a@strict.example", "strict.example", "", "pass", "quarantine" },
		{ OK_IP, "a@sub.strict.example", "strict.example", "", "fail", "quarantine" },
		{ NO_IP, "", "strict.example", "strict.example", "pass", "quarantine" },
		{ NO_IP, "", "strict.example", "sub.strict.example", "fail", "quarantine" },
		{ NO_IP, "", "sub.strict.example", "strict.example", "fail", "quarantine" },
		{ NO_IP, "", "sub.strict.example", "sub.strict.example", "pass", "quarantine" },
		/* public suffixes */
		{ OK_IP, "a@mail.firma.co.jp", "firma.co.jp", "", "pass", "reject" },
		{ OK_IP, "a@evil.co.jp", "firma.co.jp", "", "fail", "reject" },
		{ OK_IP, "a@co.jp", "firma.co.jp", "co.jp", "fail", "reject" },
		{ OK_IP, "a@github.io", "victim.github.io", "github.io", "fail", "reject" },
		{ OK_IP, "a@attacker.github.io", "victim.github.io", "", "fail", "reject" },
		{ OK_IP, "a@attacker.github.io", "github.io", "attacker.github.io", "fail", "reject" },
		{ OK_IP, "a@attacker.github.io", "attacker.github.io", "", "none", "" },
	};
	check_rows(rows, sizeof rows / sizeof *rows);
}
END_TEST

START_TEST(records)
{
	static const struct row rows[] = {
		/* sp= counts for children without a record of their own */
		{ NO_IP, "", "sp.example", "", "fail", "reject" },
		{ NO_IP, "", "child.sp.example", "", "fail", "none" },
		{ NO_IP, "", "own.sp.example", "", "fail", "quarantine" },
		{ NO_IP, "", "child.own.sp.example", "", "fail", "none" },
		{ NO_IP, "", "two.example", "two.example", "none", "" },
		{ NO_IP, "", "child.two.example", "two.example", "none", "" },
		{ NO_IP, "", "noise.example", "", "fail", "none" },
		{ NO_IP, "", "near.example", "near.example", "none", "" },
		{ NO_IP, "", "nop.example", "nop.example", "permerror", "" },
		{ NO_IP, "", "badp.example", "badp.example", "permerror", "" },
		{ NO_IP, "", "badprua.example", "", "fail", "none" },
		{ NO_IP, "", "badprua.example", "badprua.example", "pass", "none" },
		{ NO_IP, "", "badopt.example", "", "fail", "reject" },
		{ NO_IP, "", "badopt.example", "sub.badopt.example", "pass", "reject" },
		{ NO_IP, "", "cname.example", "cname.example", "pass", "reject" },
		{ NO_IP, "", "split.example", "", "fail", "quarantine" },
		{ NO_IP, "", "nothing.example", "nothing.example", "none", "" },
		{ NO_IP, "", "日本語.example", "xn--wgv71a119e.example", "pass", "reject" },
		{ NO_IP, "", "日本語.example", "日本語.example", "pass", "reject" },
		{ NO_IP, "", "", "good.example", "none", "" },
		{ NO_IP, "", NULL, "good.example", "none", "" },
		{ NO_IP, "", "localhost", "", "permerror", "" },
		{ NO_IP, "", "[192.0.2.1]", "", "permerror", "" },
		{ NO_IP, "", "good.example\r\n", "good.example", "permerror", "" },
		{ NO_IP, "", "\xff\xfe.example", "", "permerror", "" },
	};
	check_rows(rows, sizeof rows / sizeof *rows);
}
END_TEST

UNIT_SUITE("auth_dmarc", alignment, records)
