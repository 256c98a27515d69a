/* Known answers: every rule of verdict_patch.c, every trap of verdict_software.c. */
#include "base/arena.h"
#include "base/strbuf.h"
#include "text/json_put.h"
#include "unit.h"
#include "verdict/product.h"
#include "verdict/verdict.h"
#include "verdict/version.h"
#include <stdio.h>
#include <string.h>

static const char table[] =
	"source\ttest\t2025-06-28\t0\t-\t-\t-\t-\n"
	"release\t26100\tclient\t3775\tKB5055523\t2025-04-08\tsecurity\n"
	"release\t26100\tclient\t3915\tKB5055627\t2025-04-25\tpreview\n"
	"release\t26100\tclient\t3981\tKB5058497\t2025-05-13\thotpatch\n"
	"release\t26100\tclient\t4061\tKB5058411\t2025-05-13\tsecurity\n"
	"release\t26100\tclient\t4202\tKB5058499\t2025-05-28\tpreview\n"
	"release\t26100\tclient\t4270\tKB5060841\t2025-06-10\thotpatch\n"
	"release\t26100\tclient\t4349\tKB5060842\t2025-06-10\tsecurity\n"
	"release\t26100\tclient\t4351\tKB5063060\t2025-06-11\toob\n"
	"release\t26100\tserver\t32230\tKB9000001\t2025-06-10\tsecurity\n"
	"release\t19045\tclient\t5737\tKB5055518\t2025-04-08\tsecurity\n"
	"release\t19045\tclient\t5854\tKB5058379\t2025-05-13\tsecurity\n"
	"release\t19045\tclient\t5965\tKB5060533\t2025-06-10\tsecurity\n"
	"release\t19045\tclient\t6575\tKB5068781\t2025-11-11\tsecurity\n"
	"fix\tCVE-2025-30400\t26100\tclient\t-\tKB5058411\t4061\timportant\n"
	"fix\tCVE-2025-30400\t26100\tclient\t-\tKB5058497\t3981\timportant\n"
	"fix\tCVE-2025-29966\t26100\tclient\t-\tKB5058411\t4061\tcritical\n"
	"fix\tCVE-2025-33053\t26100\tclient\t-\tKB5060842\t4349\timportant\n"
	"fix\tCVE-2025-33071\t26100\tclient\t-\tKB5060842\t-\t-\n"
	"fix\tCVE-2025-11111\t26100\tclient\tarm64\tKB5060842\t-\tcritical\n"
	"fix\tCVE-2025-22222\t26100\tclient\t-\tKB5055528\t-\tcritical\n" /* no release here: mis-mapped */
	"fix\tCVE-2025-44444\t26100\tserver\t-\tKB9000001\t32230\tcritical\n"
	"component\tKB5054979\tdotnet\t2025-05-13\n"
	"component\tKB5059999\tdotnet\t2025-05-20\n"
	"fix\tCVE-2025-26646\t26100\tclient\t-\tKB5054979\t-\timportant\n"
	"eol\t26100\tclient\tw\t2026-10-13\t-\n"
	"eol\t26100\tclient\tltsc\t2029-10-09\t-\n"
	"eol\t22621\tclient\tw\t2024-10-08\t-\n"
	"eol\t22621\tclient\te\t2025-10-14\t-\n"
	"eol\t19045\tclient\t*\t2025-10-14\t2028-10-10\n"
	"kev\tCVE-2025-33053\t2025-06-10\n"
	"kev\tCVE-2025-30400\t2025-05-13\n"
	"kev\tCVE-2024-9680\t2024-10-15\n"
	"product\tfirefox-esr\tFirefox ESR\tone\tmozilla firefox* esr*\t-\tmozilla*\t-\n"
	"product\tfirefox\tFirefox\tone\tmozilla firefox*\t*esr*\tmozilla*\t?.0|??.0|???.0|*.0.?|*.0.??\n"
	"product\tfirefox-esr\tFirefox ESR\tone\tmozilla firefox*\t-\tmozilla*\t-\n"
	"product\tchrome\tGoogle Chrome\tone\tgoogle chrome\t-\tgoogle*\t-\n"
	"product\tltsc\tOffice LTSC 2021\tone\tmicrosoft office ltsc * 2021*\t-\tmicrosoft*\t-\n"
	"product\tm365\tMicrosoft 365 Apps\tone\tmicrosoft 365*\t*ltsc*\tmicrosoft*\t-\n"
	"product\tjava\tJava 8\tmany\tjava 8 update*\t-\toracle*\t-\n"
	"product\tichitaro\t一太郎\tmany\t一太郎*\t*ビューア*\t株式会社ジャストシステム*\t-\n"
	"product\tvb\tウイルスバスター\tone\tウイルスバスタ*\t-\t-\t-\n"
	"product\tflash\tFlash\tone\tadobe flash player*\t-\tadobe*\t-\n"
	"product\tpython\tPython\tmany\tpython 3*\t-\tpython*\t-\n"
	"support\tflash\t-\t2020-12-31\n"
	"support\tpython\t3.1\t2012-04-09\n"
	"support\tpython\t3.2.\t2016-02-20\n"
	"vuln\tCVE-2024-9680\tfirefox\t-\t<131.0.2\tcritical\n"
	"vuln\tCVE-2024-9680\tfirefox-esr\t-\t<115.16.1\tcritical\n"
	"vuln\tCVE-2024-9680\tfirefox-esr\t116\t<128.3.1\tcritical\n"
	"vuln\tCVE-2025-5001\tvb\t17.8.1400\t<17.9\tmedium\n"
	"vuln\tCVE-2025-2783\tchrome\t-\t<134.0.6998.177\thigh\n"
	"vuln\tCVE-2025-1000\tm365\t16.0.17928\t<16.0.17928.20538\thigh\n"
	"vuln\tCVE-2025-1000\tltsc\t16.0.14332\t<16.0.14332.20900\thigh\n"
	"vuln\tCVE-2025-2000\tjava\t8\t<8.0.4510\t-\n"
	"vuln\tCVE-2025-3000\tichitaro\t-\t<=34.0.3\thigh\n"
	"vuln\tCVE-2025-4000\tvb\t17\t<17.8.1476\tmedium\n";

static struct arena *arena;
static struct feed *feed;
static struct facts facts;
static struct verdict v;

static void load_text(const char *text)
{
	struct err e;
	feed_free(&feed);
	ck_assert_msg(feed_parse(text, strlen(text), &feed, &e) == OK, "%s", e.msg);
}

static epoch at(const char *day)
{
	int64_t d;
	ck_assert(civil_parse_date(day, &d));
	struct civil c = civil_of_day(d);
	return epoch_of(c.year, c.mon, c.day, 12, 0, 0);
}

/* os and patches as members of JSON objects; facts of the cut-off's day. */
static void judge(const char *os, const char *patches, const char *software, const char *day)
{
	struct sb json = SB_INIT;
	struct err e;
	if (!arena)
		arena = arena_new();
	if (!feed)
		load_text(table);
	sb_addf(&json, "{\"as_of\":%lld,\"os\":{\"family\":\"windows\",\"name\":\"Windows\",\"arch\":\"x64\"%s},\"patches\":{%s},\"software\":[%s]}",
		(long long)at(day) * 1000, os, patches, software);
	ck_assert_msg(facts_parse(json.s, json.len, arena, &facts, &e) == OK, "%s in %s", e.msg, json.s);
	verdict_of(feed, &facts, at(day), arena, &v);
	sb_free(&json);
}
#define W24H2(ubr) ",\"version\":\"24H2\",\"build\":26100,\"ubr\":" #ubr ",\"edition\":\"Professional\",\"installation\":\"Client\""
#define IS(want) ck_assert_msg(v.patch == (want), "%s: %s", patch_state_word(v.patch), v.why)
#define SAYS(text) ck_assert_msg(strstr(v.why, text), "%s", v.why)

static void end_test(void)
{
	feed_free(&feed);
	arena_free(&arena);
}

START_TEST(fully_patched)
{
	judge(W24H2(4349), "", "", "2025-06-28");
	IS(PATCH_SATISFIED);
	SAYS("26100.4349");
	ck_assert_uint_eq(v.n_missing, 0);
	ck_assert_uint_eq(v.critical + v.important + v.cves + v.kev, 0);
	/* by an out-of-band update, which nobody has to have */
	judge(W24H2(4351), "", "", "2025-06-28");
	IS(PATCH_SATISFIED);
	ck_assert(!v.table_old && !v.n_missing);
	end_test();
}
END_TEST

START_TEST(behind)
{
	judge(W24H2(3775), "", "", "2025-06-28");
	IS(PATCH_MISSING);
	SAYS("26100.3775");
	SAYS("26100.4349 (KB5060842、2025年6月10日)");
	ck_assert_uint_eq(v.need.kb, 5060842);
	ck_assert_uint_eq(v.action.kb, 5060842);
	ck_assert_uint_eq(v.n_missing, 2);
	ck_assert_uint_eq(v.missing[0].kb, 5060842); /* newest first, previews and hotpatches never */
	ck_assert_uint_eq(v.missing[1].kb, 5058411);
	/* by this product's and architecture's rows alone; blank is unrated */
	ck_assert_int_eq(v.missing[0].severity, SEV_IMPORTANT);
	ck_assert_int_eq(v.missing[1].severity, SEV_CRITICAL);
	ck_assert_uint_eq(v.missing[0].cves.total, 2);
	ck_assert_uint_eq(v.missing[0].cves.v[0], cve_of("CVE-2025-33053")); /* exploited first */
	ck_assert(v.critical == 1 && v.important == 1 && v.cves == 4 && v.kev == 2);
	/* a preview satisfies what is older */
	judge(W24H2(4202), "", "", "2025-06-28");
	IS(PATCH_MISSING);
	ck_assert_uint_eq(v.n_missing, 1);
	end_test();
}
END_TEST

START_TEST(grace)
{
	judge(W24H2(4061), "", "", "2025-06-23"); /* 13 days after the June update */
	IS(PATCH_SATISFIED);
	ck_assert_uint_eq(v.n_missing, 1);
	ck_assert(v.missing[0].in_grace && v.critical + v.important == 0);
	judge(W24H2(4061), "", "", "2025-06-24");
	IS(PATCH_MISSING);
	ck_assert(!v.missing[0].in_grace);
	judge(W24H2(4061), "", "", "2025-06-09"); /* not yet released */
	IS(PATCH_SATISFIED);
	ck_assert_uint_eq(v.n_missing, 0);
	end_test();
}
END_TEST

START_TEST(hotpatch)
{
	judge(W24H2(3981), "", "", "2025-05-30"); /* lower than 4061, and yet May's */
	IS(PATCH_SATISFIED);
	ck_assert(v.by_hotpatch && !v.n_missing);
	SAYS("ホットパッチ KB5058497");
	judge(W24H2(3981), "", "", "2025-06-28");
	IS(PATCH_MISSING);
	ck_assert_uint_eq(v.n_missing, 1);
	ck_assert_uint_eq(v.missing[0].kb, 5060842);
	ck_assert_uint_eq(v.missing[0].cves.total, 2);
	judge(W24H2(3981), "\"reboot\":true", "", "2025-05-30"); /* not in effect yet */
	IS(PATCH_MISSING);
	judge(W24H2(3980), "", "", "2025-05-30");
	IS(PATCH_MISSING);
	end_test();
}
END_TEST

START_TEST(hotpatch_not_in_table)
{
#define HOT ",\"hotpatch\":true"
	judge(W24H2(4300) HOT, "", "", "2025-06-28"); /* above June's hotpatch, below June's update */
	IS(PATCH_UNKNOWN);
	SAYS("ホットパッチが有効です");
	ck_assert(!v.n_missing && v.critical + v.important + v.cves == 0);
	judge(W24H2(4300), "", "", "2025-06-28");
	IS(PATCH_MISSING);
	judge(W24H2(3980) HOT, "", "", "2025-06-28"); /* below May's: not June's */
	IS(PATCH_MISSING);
	judge(W24H2(4061) HOT, "", "", "2025-06-28"); /* an update like any other */
	IS(PATCH_MISSING);
	judge(W24H2(3981) HOT, "", "", "2025-06-28");
	IS(PATCH_MISSING);
	judge(W24H2(3981) HOT, "", "", "2025-05-30");
	IS(PATCH_SATISFIED);
	judge(W24H2(4349) HOT, "", "", "2025-06-28");
	IS(PATCH_SATISFIED);
	judge(W24H2(4300) HOT, "\"qfe\":[\"KB5060842\"]", "", "2025-06-28"); /* the update waits */
	IS(PATCH_REBOOT);
	end_test();
}
END_TEST

START_TEST(restart)
{
	/* listed, but the UBR says otherwise: pending, or rolled back */
	judge(W24H2(4061), "\"qfe\":[\"KB5060842\"]", "", "2025-06-28");
	IS(PATCH_REBOOT);
	SAYS("KB5060842");
	ck_assert(v.important == 1); /* it counts as missing */
	judge(W24H2(4061), "\"pending\":[\"KB5060842\"],\"reboot\":true", "", "2025-06-28");
	IS(PATCH_REBOOT);
	judge(W24H2(4061), "\"pending\":[\"KB5060842\"],\"reboot\":false", "", "2025-06-28");
	IS(PATCH_MISSING);
	judge(W24H2(4061), "\"reboot\":true", "", "2025-06-28"); /* of something else */
	IS(PATCH_MISSING);
	judge(W24H2(4061), "\"installed\":[\"KB5063060\"]", "", "2025-06-28"); /* a later one will do */
	IS(PATCH_REBOOT);
	judge(W24H2(4061), "\"installed\":[\"KB5058411\"]", "", "2025-06-28"); /* an older one will not */
	IS(PATCH_MISSING);
	judge(W24H2(4349), "\"pending\":[\"KB5060842\"],\"reboot\":true", "", "2025-06-28");
	IS(PATCH_REBOOT);
	judge(W24H2(4349), "\"reboot\":true", "", "2025-06-28");
	IS(PATCH_SATISFIED);
	end_test();
}
END_TEST

START_TEST(server_and_client)
{
	judge(",\"build\":26100,\"ubr\":32230,\"installation\":\"Server\",\"edition\":\"ServerStandard\"", "", "", "2025-06-28");
	IS(PATCH_SATISFIED);
	judge(",\"build\":26100,\"ubr\":4349,\"installation\":\"Server Core\",\"edition\":\"ServerStandard\"", "", "", "2025-06-28");
	IS(PATCH_MISSING); /* the client's number means nothing on a server */
	ck_assert_uint_eq(v.missing[0].cves.v[0], cve_of("CVE-2025-44444"));
	ck_assert_uint_eq(v.cves, 1);
	end_test();
}
END_TEST

START_TEST(support_ends)
{
	judge(",\"version\":\"22H2\",\"build\":22621,\"ubr\":4317,\"edition\":\"Core\",\"installation\":\"Client\"", "", "", "2025-06-28");
	IS(PATCH_ENDED);
	SAYS("2024年10月8日");
	ck_assert_uint_eq(v.n_missing, 0); /* no updates are listed */
	judge(",\"version\":\"22H2\",\"build\":22621,\"ubr\":4317,\"edition\":\"Education\",\"installation\":\"Client\"", "", "", "2025-06-28");
	IS(PATCH_UNKNOWN); /* supported until October, but the table has no rows */
	judge(",\"build\":26100,\"ubr\":4349,\"edition\":\"Professional\",\"installation\":\"Client\"", "", "", "2026-10-14");
	IS(PATCH_ENDED);
	judge(",\"build\":26100,\"ubr\":4349,\"edition\":\"Professional\",\"installation\":\"Client\"", "", "", "2026-10-13");
	ck_assert(v.patch != PATCH_ENDED); /* its last day */
	judge(",\"build\":26100,\"ubr\":4349,\"edition\":\"EnterpriseS\",\"installation\":\"Client\"", "", "", "2026-10-14");
	ck_assert(v.patch != PATCH_ENDED);
	judge(",\"build\":26100,\"ubr\":4349,\"installation\":\"Client\"", "", "", "2026-10-14"); /* edition unknown */
	ck_assert(v.patch != PATCH_ENDED);
	end_test();
}
END_TEST

START_TEST(extended_support)
{
#define W22H2(ubr) ",\"version\":\"22H2\",\"build\":19045,\"ubr\":" #ubr ",\"edition\":\"Professional\",\"installation\":\"Client\""
	judge(W22H2(5965), "", "", "2025-11-28");
	IS(PATCH_ENDED);
	judge(W22H2(6575), "", "", "2025-11-28"); /* has what only ESU gives */
	IS(PATCH_SATISFIED);
	ck_assert(v.esu);
	judge(W22H2(6575), "", "", "2028-10-11");
	IS(PATCH_ENDED);
	SAYS("2028年10月10日");
	end_test();
}
END_TEST

START_TEST(old_table)
{
	judge(W24H2(4349), "", "", "2025-07-21"); /* July's day was the 8th, still in grace */
	IS(PATCH_SATISFIED);
	judge(W24H2(4349), "", "", "2025-07-22"); /* the table should know July */
	IS(PATCH_UNKNOWN);
	ck_assert(v.table_old);
	judge(W24H2(4061), "", "", "2025-08-30"); /* missing stays missing */
	IS(PATCH_MISSING);
	ck_assert(v.table_old);
	judge(W24H2(4652), "", "", "2025-07-30"); /* newer than the table, which lacks July alone */
	IS(PATCH_SATISFIED);
	ck_assert(v.table_old);
	judge(W24H2(4652), "", "", "2025-08-25"); /* August's is in grace still */
	IS(PATCH_SATISFIED);
	judge(W24H2(4652), "", "", "2025-08-26"); /* July's, or August's? */
	IS(PATCH_UNKNOWN);
	SAYS("その後の更新の有無が分かりません");
	ck_assert(v.table_old && !v.n_missing);
	end_test();
}
END_TEST

START_TEST(unknown_and_stale)
{
	judge(",\"build\":99999,\"ubr\":1,\"installation\":\"Client\"", "", "", "2025-06-28");
	IS(PATCH_UNKNOWN);
	judge(",\"build\":26100,\"installation\":\"Client\"", "", "", "2025-06-28");
	IS(PATCH_UNKNOWN);
	SAYS("UBR");
	judge(",\"installation\":\"Client\"", "", "", "2025-06-28");
	IS(PATCH_UNKNOWN);
	judge(",\"family\":\"linux\"", "", "", "2025-06-28");
	IS(PATCH_UNKNOWN);
	judge(W24H2(4061), "", "", "2025-06-28");
	facts.as_of = v.cutoff - 14 * 86400;
	verdict_of(feed, &facts, v.cutoff, arena, &v);
	IS(PATCH_MISSING);
	facts.as_of--;
	verdict_of(feed, &facts, v.cutoff, arena, &v);
	IS(PATCH_STALE);
	SAYS("2025年6月14日");
	facts.as_of = 0;
	verdict_of(feed, &facts, v.cutoff, arena, &v);
	IS(PATCH_STALE);
	end_test();
}
END_TEST

START_TEST(dotnet)
{
	judge(W24H2(4349), "\"pending\":[\"KB5054979\"]", "", "2025-06-28");
	IS(PATCH_MISSING);
	SAYS("KB5054979");
	ck_assert(v.important == 1 && v.need.kb == 5054979);
	judge(W24H2(4349), "\"pending\":[\"KB5054979\"],\"qfe\":[\"KB5054979\"]", "", "2025-06-28");
	IS(PATCH_SATISFIED);
	judge(W24H2(4349), "\"pending\":[\"KB5054979\"],\"installed\":[\"KB5059999\"]", "", "2025-06-28"); /* a later one */
	IS(PATCH_SATISFIED);
	judge(W24H2(4349), "\"last_scan\":1751000000000", "", "2025-06-28"); /* Windows Update has nothing pending */
	IS(PATCH_SATISFIED);
	ck_assert_ptr_null(strstr(v.why, "KB5054979"));
	judge(W24H2(4349), "\"last_scan\":1740000000000", "", "2025-06-28"); /* asked long ago */
	IS(PATCH_SATISFIED);
	SAYS("KB5054979 の有無は");
	judge(W24H2(4349), "\"last_scan\":1751000000000,\"error\":\"0x80240438\"", "", "2025-06-28");
	SAYS("KB5054979 の有無は");
	end_test();
}
END_TEST

/* ---- the tables that ship ---- */

/* The hosts of which lists of supersedence claim hundreds of CVEs. */
START_TEST(no_false_positives)
{
	static const struct { const char *os; } hosts[] = {
		{ ",\"version\":\"24H2\",\"build\":26100,\"ubr\":8655,\"edition\":\"Professional\",\"installation\":\"Client\"" },
		{ ",\"version\":\"25H2\",\"build\":26200,\"ubr\":8655,\"edition\":\"Professional\",\"installation\":\"Client\"" },
		{ ",\"version\":\"23H2\",\"build\":22631,\"ubr\":7219,\"edition\":\"Enterprise\",\"installation\":\"Client\"" },
	};
	struct err e;
	ck_assert_msg(feed_load("conf/feed", NULL, &feed, &e) == OK, "%s", e.msg);
	for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
		judge(hosts[i].os, "\"qfe\":[\"KB5094126\"]", "", "2026-07-10");
		IS(PATCH_SATISFIED);
		ck_assert_msg(!v.n_missing && !v.cves, "%s", hosts[i].os);
	}
	judge(",\"version\":\"22H2\",\"build\":19045,\"ubr\":7058,\"edition\":\"Professional\",\"installation\":\"Client\"", "", "", "2026-04-10");
	IS(PATCH_SATISFIED);
	ck_assert(v.esu && !v.n_missing);
	/* the build has updates beyond the end of its Pro, and no ESU */
	judge(",\"version\":\"23H2\",\"build\":22631,\"ubr\":7582,\"edition\":\"Professional\",\"installation\":\"Client\"", "", "", "2026-09-24");
	IS(PATCH_ENDED);
	ck_assert(!v.esu);
	judge(",\"version\":\"21H2\",\"build\":19044,\"ubr\":7725,\"edition\":\"Professional\",\"installation\":\"Client\"", "", "", "2026-09-24");
	IS(PATCH_ENDED);
	ck_assert(!v.esu);
	SAYS("2023年6月13日");
	/* Server 2016: the table ends in March */
	judge(",\"build\":14393,\"ubr\":8960,\"installation\":\"Server\",\"edition\":\"ServerStandard\"", "", "", "2026-09-24");
	IS(PATCH_UNKNOWN);
	judge(",\"build\":14393,\"ubr\":8957,\"installation\":\"Server\",\"edition\":\"ServerStandard\"", "", "", "2026-09-24");
	IS(PATCH_UNKNOWN);
	judge(W24H2(3981), "", "", "2025-05-30");
	IS(PATCH_SATISFIED);
	judge(W24H2(3981), "", "", "2025-06-28");
	IS(PATCH_MISSING);
	ck_assert_uint_eq(v.need.kb, 5060842);
	ck_assert_uint_eq(v.n_missing, 1);
	ck_assert(feed_rows(feed, "product") >= 150);
	end_test();
}
END_TEST

/* ---- software ---- */

#define SOFT(name, version, vendor) "{\"name\":\"" name "\",\"version\":\"" version "\",\"vendor\":\"" vendor "\"}"

static const struct software_finding *one(const char *json)
{
	judge(W24H2(4349), "", json, "2025-06-28");
	return v.n_software ? &v.software[0] : NULL;
}
#define FINE(json) ck_assert_ptr_null(one(json))
#define FOUND(json, want)                                                                               \
	do {                                                                                            \
		const struct software_finding *s = one(json);                                           \
		ck_assert_ptr_nonnull(s);                                                               \
		ck_assert_msg(s->state == (want), "%s %s", software_state_word(s->state), s->why);     \
		ck_assert_uint_eq(v.states[want], 1);                                                  \
	} while (0)

START_TEST(editions_of_firefox)
{
	FOUND(SOFT("Mozilla Firefox (x64 ja)", "131.0", "Mozilla"), SOFT_VULNERABLE);
	ck_assert(v.soft_critical == 1 && v.soft_kev == 1);
	ck_assert_str_eq(v.software[0].wanted, "131.0.2 以上");
	FINE(SOFT("Mozilla Firefox (x64 ja)", "131.0.2", "Mozilla"));
	FINE(SOFT("Mozilla Firefox ESR (x64 ja)", "128.3.1", "Mozilla")); /* lower than 131.0.2, and fixed */
	FINE(SOFT("Mozilla Firefox 115.16.1 ESR (x64 ja)", "115.16.1", "Mozilla"));
	FINE(SOFT("Mozilla Firefox (x64 ja)", "128.3.1", "Mozilla")); /* an ESR without the word: its number says so */
	FINE(SOFT("Mozilla Firefox (x64 ja)", "128.10.0", "Mozilla"));
	FOUND(SOFT("Mozilla Firefox (x64 ja)", "131.0.1", "Mozilla"), SOFT_VULNERABLE); /* not every third number is an ESR's */
	ck_assert_str_eq(v.software[0].product, "firefox");
	FOUND(SOFT("Mozilla Firefox ESR (x64 ja)", "128.3.0", "Mozilla"), SOFT_VULNERABLE);
	ck_assert_str_eq(v.software[0].wanted, "128.3.1 以上");
	FOUND(SOFT("Mozilla Firefox ESR (x64 ja)", "115.16.0", "Mozilla"), SOFT_VULNERABLE);
	ck_assert_str_eq(v.software[0].wanted, "115.16.1 以上");
	end_test();
}
END_TEST

#define CHROME(version, scope, user)                                                                    \
	"{\"name\":\"Google Chrome\",\"version\":\"" version "\",\"vendor\":\"Google LLC\",\"scope\":\"" scope "\",\"user\":\"" user "\"}"

START_TEST(users_and_leftovers)
{
	/* the machine's is current, one user's own is not */
	FOUND(CHROME("135.0.1", "machine", "") "," CHROME("120.0.1", "user", "K\\\\suzuki"), SOFT_VULNERABLE);
	ck_assert(v.software[0].software->per_user && strcmp(v.software[0].software->user, "K\\suzuki") == 0);
	/* old and new in one place: what an update left behind */
	FOUND(CHROME("135.0.1", "machine", "") "," CHROME("120.0.1", "machine", ""), SOFT_UNCLEAR);
	ck_assert_uint_eq(v.states[SOFT_VULNERABLE], 0);
	ck_assert(strstr(v.software[0].why, "135.0.1"));
	/* but both old: one finding for the newer, the other is unclear */
	one(CHROME("121.0.1", "machine", "") "," CHROME("120.0.1", "machine", ""));
	ck_assert(v.states[SOFT_VULNERABLE] == 1 && v.states[SOFT_UNCLEAR] == 1);
	/* versions that live side by side are no leftovers */
	one(SOFT("Java 8 Update 411", "8.0.4110.9", "Oracle Corporation") "," SOFT("Java 8 Update 451", "8.0.4510.9", "Oracle Corporation"));
	ck_assert(v.states[SOFT_MINOR] == 1 && v.states[SOFT_UNCLEAR] == 0 && v.states[SOFT_FINE] == 1); /* unrated: minor */
	end_test();
}
END_TEST

START_TEST(side_by_side)
{
	struct err e;
	ck_assert_msg(feed_load("conf/feed", NULL, &feed, &e) == OK, "%s", e.msg);
	FOUND(SOFT("7-Zip 19.00", "19.00", "Igor Pavlov") "," SOFT("7-Zip 25.01 (x64)", "25.01", "Igor Pavlov"), SOFT_VULNERABLE);
	FOUND(SOFT("Mozilla Firefox (x64 ja)", "120.0", "Mozilla") "," SOFT("Mozilla Firefox (x86 ja)", "151.0", "Mozilla"), SOFT_VULNERABLE);
	FOUND(SOFT("7-Zip 19.00 (x64)", "19.00", "Igor Pavlov") "," SOFT("7-Zip 25.01 (x64 edition)", "25.01.00.0", "Igor Pavlov"), SOFT_UNCLEAR);
	FOUND(SOFT("WinRAR 6.11 (64 ビット)", "6.11.0", "win.rar GmbH") "," SOFT("WinRAR 7.13 (64-bit)", "7.13.0", "win.rar GmbH"), SOFT_UNCLEAR);
	FOUND(SOFT("WinRAR 6.11 (３２ビット)", "6.11.0", "win.rar GmbH") "," SOFT("WinRAR 7.13 (64-bit)", "7.13.0", "win.rar GmbH"), SOFT_VULNERABLE);
	end_test();
}
END_TEST

START_TEST(channels_of_office)
{
	FOUND(SOFT("Microsoft 365 Apps for business - ja-jp", "16.0.17928.20500", "Microsoft Corporation"), SOFT_VULNERABLE);
	FINE(SOFT("Microsoft 365 Apps for business - ja-jp", "16.0.17928.20538", "Microsoft Corporation"));
	FINE(SOFT("Microsoft 365 Apps for business - ja-jp", "16.0.17328.20000", "Microsoft Corporation")); /* no row of its branch */
	FINE(SOFT("Microsoft Office LTSC Professional Plus 2021 - ja-jp", "16.0.14332.20900", "Microsoft Corporation"));
	FOUND(SOFT("Microsoft Office LTSC Professional Plus 2021 - ja-jp", "16.0.14332.20800", "Microsoft Corporation"), SOFT_VULNERABLE);
	ck_assert_str_eq(v.software[0].product, "ltsc");
	end_test();
}
END_TEST

enum { UNMATCHED = SOFT_STATES };
/* The state of one entry by the tables that ship; or that it is none of their products. */
static void shipped(const char *json, const char *day, int want)
{
	struct err e;
	if (!feed)
		ck_assert_msg(feed_load("conf/feed", NULL, &feed, &e) == OK, "%s", e.msg);
	judge(W24H2(4349), "", json, day);
	ck_assert_msg(want == UNMATCHED ? !v.matched : v.matched == 1 && v.states[want] == 1, "%s: matched %zu, %s", json, v.matched, v.n_software ? v.software[0].why : "fine");
}

START_TEST(shipped_ends_of_support)
{
	static const struct { const char *json, *day; enum software_state want; } t[] = {
		{ SOFT("Microsoft .NET Runtime - 6.0.27 (x64)", "6.0.27.33321", "Microsoft Corporation"), "2026-09-24", SOFT_ENDED },
		{ SOFT("Microsoft .NET Runtime - 5.0.17 (x64)", "5.0.17.31213", "Microsoft Corporation"), "2026-09-24", SOFT_ENDED },
		{ SOFT("Microsoft ASP.NET Core 7.0.20 - Shared Framework (x64)", "7.0.20.24266", "Microsoft Corporation"), "2026-09-24", SOFT_ENDED },
		{ SOFT("Microsoft .NET Runtime - 8.0.11 (x64)", "8.0.11.34221", "Microsoft Corporation"), "2026-11-10", SOFT_FINE },
		{ SOFT("Microsoft .NET Runtime - 8.0.11 (x64)", "8.0.11.34221", "Microsoft Corporation"), "2026-11-11", SOFT_ENDED },
		{ SOFT("Python 2.7.18 (64-bit)", "2.7.18150", "Python Software Foundation"), "2026-09-24", SOFT_ENDED },
		{ SOFT("Node.js", "16.20.2", "Node.js Foundation"), "2026-09-24", SOFT_ENDED },
		{ SOFT("Node.js", "18.20.8", "Node.js Foundation"), "2026-09-24", SOFT_ENDED },
		{ SOFT("Node.js", "20.20.0", "OpenJS Foundation"), "2026-09-24", SOFT_ENDED },
		{ SOFT("Adobe Reader XI (11.0.23) - Japanese", "11.0.23", "Adobe Systems Incorporated"), "2026-09-24", SOFT_ENDED },
	};
	for (size_t i = 0; i < sizeof t / sizeof *t; i++)
		shipped(t[i].json, t[i].day, t[i].want);
	end_test();
}
END_TEST

START_TEST(shipped_firefox)
{
	static const struct { const char *json; enum software_state want; } t[] = {
		{ SOFT("Mozilla Firefox (x64 ja)", "140.0.4", "Mozilla"), SOFT_VULNERABLE },
		{ SOFT("Mozilla Firefox (x64 ja)", "141.0.3", "Mozilla"), SOFT_VULNERABLE },
		{ SOFT("Mozilla Firefox (x64 ja)", "150.0.1", "Mozilla"), SOFT_VULNERABLE },
		{ SOFT("Mozilla Firefox (x64 ja)", "151.0", "Mozilla"), SOFT_FINE },
		{ SOFT("Mozilla Firefox (x64 ja)", "151.0.10", "Mozilla"), SOFT_FINE },
		{ SOFT("Mozilla Firefox (x64 ja)", "140.11.0", "Mozilla"), SOFT_FINE },
		{ SOFT("Mozilla Firefox ESR (x64 ja)", "140.11.0", "Mozilla"), SOFT_FINE },
		{ SOFT("Mozilla Firefox ESR (x64 ja)", "140.0.4", "Mozilla"), SOFT_VULNERABLE },
		{ SOFT("Mozilla Firefox ESR (x64 ja)", "128.14.0", "Mozilla"), SOFT_VULNERABLE },
		{ SOFT("Mozilla Thunderbird ESR (x64 ja)", "115.10.0", "Mozilla"), SOFT_VULNERABLE },
		{ SOFT("Mozilla Thunderbird ESR (x64 ja)", "115.16.0", "Mozilla"), SOFT_FINE },
		{ SOFT("Mozilla Thunderbird ESR (x64 ja)", "128.3.0", "Mozilla"), SOFT_VULNERABLE },
		{ SOFT("Mozilla Thunderbird ESR (x64 ja)", "140.11.0", "Mozilla"), SOFT_FINE },
	};
	for (size_t i = 0; i < sizeof t / sizeof *t; i++)
		shipped(t[i].json, "2026-09-24", t[i].want);
	shipped(SOFT("Mozilla Firefox (x64 ja)", "131.0.1", "Mozilla"), "2026-09-24", SOFT_VULNERABLE);
	ck_assert(v.soft_kev == 1 && v.soft_critical == 1);
	end_test();
}
END_TEST

/* Installers whose version is not what the maker calls it. */
START_TEST(shipped_scaled)
{
	static const struct { const char *json; enum software_state want; } t[] = {
		{ SOFT("OpenOffice 4.1.15", "4.115.9813", "Apache Software Foundation"), SOFT_MINOR },
		{ SOFT("OpenOffice 4.1.7", "4.17.9800", "Apache Software Foundation"), SOFT_MINOR },
		{ SOFT("OpenOffice 4.0.1", "4.01.9714", "Apache Software Foundation"), SOFT_MINOR },
		{ SOFT("OpenOffice 4.1.16", "4.116.9814", "Apache Software Foundation"), SOFT_FINE },
		{ SOFT("OpenOffice 4.1.15", "4.1.15", "Apache Software Foundation"), SOFT_MINOR },
		{ SOFT("OpenOffice 4.1.16", "4.1.16", "Apache Software Foundation"), SOFT_FINE },
		{ SOFT("OpenVPN 2.6.9-I001 amd64", "2.6.901", "OpenVPN, Inc."), SOFT_VULNERABLE },
		{ SOFT("OpenVPN 2.6.0-I003 amd64", "2.6.003", "OpenVPN, Inc."), SOFT_VULNERABLE },
		{ SOFT("OpenVPN 2.6.12-I001 amd64", "2.6.1201", "OpenVPN, Inc."), SOFT_MINOR },
		{ SOFT("OpenVPN 2.6.22-I001 amd64", "2.6.2201", "OpenVPN, Inc."), SOFT_FINE },
		{ SOFT("OpenVPN 2.6.22", "2.6.22", "OpenVPN, Inc."), SOFT_FINE },
		{ SOFT("OpenVPN 2.7.5-I001 amd64", "2.7.501", "OpenVPN, Inc."), SOFT_MINOR },
		{ SOFT("OpenVPN 2.7.6-I001 amd64", "2.7.601", "OpenVPN, Inc."), SOFT_FINE },
	};
	for (size_t i = 0; i < sizeof t / sizeof *t; i++)
		shipped(t[i].json, "2026-09-24", t[i].want);
	end_test();
}
END_TEST

START_TEST(shipped_namesakes)
{
	static const struct { const char *json; int want; } t[] = {
		{ SOFT("Microsoft SQL Server 2012 Management Objects  (x64)", "11.1.3000.0", "Microsoft Corporation"), UNMATCHED },
		{ SOFT("Microsoft SQL Server 2014 管理オブジェクト  (x64)", "12.0.2000.8", "Microsoft Corporation"), UNMATCHED },
		{ SOFT("Microsoft SQL Server 2014 Transact-SQL ScriptDom ", "12.0.2000.8", "Microsoft Corporation"), UNMATCHED },
		{ SOFT("Microsoft SQL Server 2014 Policies ", "12.0.2000.8", "Microsoft Corporation"), UNMATCHED },
		{ SOFT("Microsoft SQL Server 2014 ポリシー ", "12.0.2000.8", "Microsoft Corporation"), UNMATCHED },
		{ SOFT("Microsoft SQL Server 2012 Express LocalDB ", "11.0.2100.60", "Microsoft Corporation"), UNMATCHED },
		{ SOFT("Microsoft SQL Server 2016 LocalDB ", "13.1.4001.0", "Microsoft Corporation"), UNMATCHED },
		{ SOFT("Microsoft SQL Server 2012 Data-Tier App Framework ", "11.1.2902.0", "Microsoft Corporation"), UNMATCHED },
		{ SOFT("Microsoft SQL Server 2012 Transact-SQL Compiler Service ", "11.1", "Microsoft Corporation"), UNMATCHED },
		{ SOFT("Microsoft SQL Server 2012 (64-bit)", "11.4.7001.0", "Microsoft Corporation"), SOFT_ENDED },
		{ SOFT("Microsoft SQL Server 2014 Express", "12.0.2000.8", "Microsoft Corporation"), SOFT_ENDED },
		{ SOFT("ScreenConnect Client (a1b2c3d4e5f60718)", "23.8.5.8707", "ScreenConnect Software"), SOFT_FINE }, /* the holes are the server's */
		{ SOFT("ScreenConnect", "23.8.5.8707", "ScreenConnect Software"), SOFT_VULNERABLE },
		{ SOFT("Git", "2.49.0", "The Git Development Community"), SOFT_FINE }, /* CVE-2025-48384 is none of Windows */
		{ SOFT("Git", "2.39.3", "The Git Development Community"), SOFT_VULNERABLE },
		{ SOFT("SKYSEA Client View", "19.210.04b", "Sky株式会社"), SOFT_MINOR },
		{ SOFT("SKYSEA Client View", "19.210.03b", "Sky株式会社"), SOFT_VULNERABLE },
		{ SOFT("AnyDesk", "ad 8.0.8", "AnyDesk Software GmbH"), SOFT_MINOR },
		{ SOFT("AnyDesk", "ad 9.0.1", "AnyDesk Software GmbH"), SOFT_FINE },
		{ SOFT("Microsoft Visual C++ 2010 Express - JPN", "10.0.30319", "Microsoft Corporation"), UNMATCHED },
		{ SOFT("Microsoft Visual C++ 2010  x64 Redistributable - 10.0.40219", "10.0.40219", "Microsoft Corporation"), SOFT_ENDED },
		{ SOFT("Microsoft Visual C++ 2010 x86 再頒布可能パッケージ - 10.0.40219", "10.0.40219", "Microsoft Corporation"), SOFT_ENDED },
	};
	for (size_t i = 0; i < sizeof t / sizeof *t; i++)
		shipped(t[i].json, "2026-09-24", t[i].want);
	end_test();
}
END_TEST

START_TEST(names_versions_vendors)
{
	FOUND(SOFT("一太郎２０２３", "34.0.3", "株式会社ジャストシステム"), SOFT_VULNERABLE);
	ck_assert_str_eq(v.software[0].wanted, "34.0.3 より新しい版");
	FINE(SOFT("一太郎 2023", "34.0.4", "株式会社ジャストシステム"));
	FINE(SOFT("一太郎ビューア", "1.0", "株式会社ジャストシステム"));
	ck_assert_uint_eq(v.unmatched, 1);
	FOUND(SOFT("ウイルスバスター クラウド", "17.8.1000", "トレンドマイクロ株式会社"), SOFT_MINOR);
	ck_assert_str_eq(v.software[0].wanted, "17.9 以上"); /* not 17.8.1476, which another hole is in */
	ck_assert_uint_eq(v.software[0].cves.total, 1);
	FOUND(SOFT("Google Chrome", "", "Google LLC"), SOFT_UNCLEAR); /* no version is not version 0 */
	FOUND(SOFT("Google Chrome", "unknown", "Google LLC"), SOFT_UNCLEAR);
	FOUND(SOFT("Google Chrome", "120.0.1", ""), SOFT_UNCLEAR); /* whose? */
	FINE(SOFT("Google Chrome", "120.0.1", "Evil Twin Ltd."));  /* another's of that name */
	ck_assert_uint_eq(v.unmatched, 1);
	FINE(SOFT("Google Chrome Remote Desktop Host", "1.0", "Google LLC"));
	FINE(SOFT("\\u0001\\u202e*", "1.0", "*"));
	FINE(SOFT("", "", ""));
	FOUND(SOFT("GOOGLE  CHROME", "120.0.1", "google llc"), SOFT_VULNERABLE);
	FOUND(SOFT("Adobe Flash Player 32 NPAPI", "32.0.0.465", "Adobe"), SOFT_ENDED);
	FINE(SOFT("Python 3.12.4 (64-bit)", "3.12.4150.0", "Python Software Foundation")); /* 3.1 is another */
	FOUND(SOFT("Python 3.1", "3.1.5", "Python Software Foundation"), SOFT_ENDED);
	FOUND(SOFT("Python 3.2", "3.2.5", "Python Software Foundation"), SOFT_ENDED); /* its row ends in a dot */
	FINE(SOFT("Python 3.20", "3.20.1", "Python Software Foundation"));
	end_test();
}
END_TEST

START_TEST(versions)
{
	static const struct { const char *a, *b; int want; } v_[] = {
		{ "1.10", "1.9", 1 }, { "1.0", "1", 0 }, { "8u471", "8.471", 0 }, { "v2.0", "2.0", 0 }, { "2.0-rc1", "2.0", -1 },
		{ "2.0b2", "2.0", -1 }, { "19.210.04a", "19.210.04", 0 }, { "ad 8.0.8", "8.0.8", 0 }, { "2.0 b", "2.0", 0 }, { "2.0-beta", "2.0", -1 }, { "2.0 (64-bit)", "2.0", 0 }, { "5.16.5 (24296)", "5.16.5", 0 }, { "1.8.0_501", "1.8.0.501", 0 },
		{ "99999999999999999999.1", "1", 1 }, { "Ver.3.2", "3.2", 0 }, { "1,2,3", "1.2.3", 0 }, { "10.1.0-M1", "10.1.0", -1 },
	};
	for (size_t i = 0; i < sizeof v_ / sizeof *v_ - 1; i++) {
		int c = version_cmp(v_[i].a, v_[i].b);
		ck_assert_msg((c > 0) - (c < 0) == v_[i].want, "%s %s", v_[i].a, v_[i].b);
	}
	ck_assert(!version_known("") && !version_known("unknown") && version_known(" v1") && version_known("0"));
	ck_assert(product_glob("a*c", "abbbc") && !product_glob("a*c", "abbb") && product_glob("a*", "a") && product_glob("*", ""));
	ck_assert(product_glob("*b*b*", "abcb") && !product_glob("", "a"));
	ck_assert(product_glob("*.0.?", "141.0.3") && !product_glob("*.0.?", "141.0.") && !product_glob("*.0.?", "141.0.33") && product_glob("?", "*"));
}
END_TEST

/* ---- tables and facts that can't be ---- */

START_TEST(broken_tables)
{
	static const char *const bad[] = {
		"nothing\there", "release\t26100\tclient\t1\tKB1\t2025-02-30\tsecurity", "release\t26100\tboth\t1\tKB1\t2025-02-03\tsecurity",
		"release\t-1\tclient\t1\tKB1\t2025-02-03\tsecurity", "kev\tCVE-25-1\t2025-01-01", "kev\tCVE-2025-1",
		"vuln\tCVE-2025-1\tx\t-\t*\thigh", "vuln\tCVE-2025-1\tx\t-\t<\thigh", "vuln\tCVE-2025-1\tx\t-\t1.0\thigh", /* unbounded */
		"product\tx\tX\tone\t*\t-\t-\t-", "product\tx\tX\ttwo\tab\t-\t-\t-", "product\tx\tX\tone\t-\t-\t-\t-", "\xFF",
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct err e;
		ck_assert_msg(feed_parse(bad[i], strlen(bad[i]), &feed, &e) == ERR_PERM, "%s", bad[i]);
		ck_assert_ptr_null(feed);
	}
	load_text("# nothing\n\n");
	ck_assert_uint_eq(feed_rows(feed, "release"), 0);
	judge(W24H2(1), "", SOFT("a", "1", "b"), "2025-06-28");
	IS(PATCH_UNKNOWN);
	end_test();
}
END_TEST

START_TEST(broken_facts)
{
	static const char *const bad[] = { "", "[]", "{\"os\":[]}", "{\"os\":{\"build\":\"26100\"}}", "{\"patches\":{\"qfe\":[1]}}", "{\"software\":{}}",
					   "{\"software\":[[]]}" };
	static const char odd[] = "{\"as_of\":-5,\"os\":{\"family\":\"windows\",\"build\":-1,\"ubr\":99999999999,\"name\":null},"
				  "\"patches\":{\"qfe\":[\"File 1\",\"KB\",\"5058411\",\"kb1\"],\"last_scan\":9999999999999999},\"more\":[[[]]]}";
	struct err e;
	arena = arena_new();
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ck_assert_msg(facts_parse(bad[i], strlen(bad[i]), arena, &facts, &e) == ERR_PERM, "%s", bad[i]);
	ck_assert_int_eq(facts_parse(odd, sizeof odd - 1, arena, &facts, &e), OK);
	ck_assert(facts.as_of == 0 && facts.build == 0 && facts.ubr == -1 && facts.last_scan == 0 && facts.qfe.n == 2);
	facts_init(&facts, arena);
	ck_assert_int_eq(facts_section(&facts, "os", "{\"family\":\"windows\",\"build\":26100}", 34, &e), OK);
	ck_assert_int_eq(facts_section(&facts, "devices", "[]", 2, &e), OK);
	ck_assert(facts.windows && facts.build == 26100 && !facts.have_patches);
	/* half a section is none */
	ck_assert_int_eq(facts_section(&facts, "os", "{\"family\":\"linux\",\"build\":1", 27, &e), ERR_PERM);
	ck_assert_int_eq(facts_section(&facts, "patches", "{\"reboot\":true,\"qfe\":[\"KB5058411\",", 35, &e), ERR_PERM);
	ck_assert(facts.windows && facts.build == 26100 && !facts.have_patches && !facts.reboot && !facts.qfe.n);
	end_test();
}
END_TEST

UNIT_SUITE("verdict", fully_patched, behind, grace, hotpatch, hotpatch_not_in_table, restart, server_and_client, support_ends, extended_support, old_table, unknown_and_stale,
	   dotnet, no_false_positives, editions_of_firefox, users_and_leftovers, side_by_side, channels_of_office, shipped_ends_of_support, shipped_firefox, shipped_scaled, shipped_namesakes,
	   names_versions_vendors, versions, broken_tables, broken_facts)
