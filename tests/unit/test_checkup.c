/* HEALTH-01 … -07: from facts to marks, words, pages and tables. */
#include "unit.h"
#include "checkup.h"
#include "checkup_load.h"
#include "base/io.h"
#include "base/xalloc.h"
#include "site_kinds.h"
#include "text/layout.h"
#include "text/site.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct err err;
static struct arena *a;
static struct words *words;
static struct checkup c;
static struct health_words w;

/* Weekdays of October 2026; the 12th is a holiday. */
static uint32_t workdays(void)
{
	uint32_t days = 0;
	for (int d = 1; d <= 31; d++) {
		const struct civil t = civil_of_day(day_of(2026, 10, d));
		days |= t.wday >= 1 && t.wday <= 5 && d != 12 ? 1u << (d - 1) : 0;
	}
	return days;
}

static void begin(void)
{
	a = arena_new();
	ck_assert_int_eq(words_load("conf/mail/health-words.txt", &words, &err), OK);
	c = (struct checkup){ .number = "N000123", .company = "株式会社見本", .contact = "山田 太郎", .month = 202610, .made_at = epoch_of(2026, 11, 2, 6, 0, 0),
	                      .feed = "2026-10-30", .until = "", .workdays = workdays() };
}

static void end(void)
{
	words_free(&words);
	arena_free(&a);
}

static struct checkup_terminal pc(const char *name, enum checkup_patch patch)
{
	return (struct checkup_terminal){ .name = name, .os = "Windows 11 Pro 24H2", .patch = patch, .action = "", .cves = "", .evidence = "26100.6899",
		                          .days = workdays(), .from = 1, .to = 31, .last_at = c.made_at - 86400 };
}

static void terminals(struct checkup_terminal *v, size_t n)
{
	c.terminal = v;
	c.nterminal = n;
}

static void judged(void)
{
	ck_assert_msg(checkup_judge(&c, words, a, &w, &err) == OK, "%s", err.msg);
}

#define marked(item, want) ck_assert_msg(w.mark[item] == (want), "%s: %s, want %s", health_title(item), health_sign(w.mark[item]), health_sign(want))
#define says(item, what) ck_assert_msg(strstr(w.text[item], what), "no \"%s\" in: %s", what, w.text[item])
#define silent(item, what) ck_assert_msg(!strstr(w.text[item], what), "\"%s\" in: %s", what, w.text[item])

START_TEST(all_is_well)
{
	begin();
	struct checkup_terminal v[] = { pc("PC-1", CHECKUP_PATCHED), pc("PC-2", CHECKUP_PATCHED) };
	struct checkup_software s[] = { { .name = "Chrome", .version = "1", .fixed = "", .cves = "", .hosts = "", .terminals = 2 } };
	terminals(v, 2);
	c.software = s, c.nsoftware = 1, c.sites = 10, c.web_seconds = 36000;
	judged();
	for (int i = 0; i < HEALTH_ITEMS; i++)
		marked((enum health_item)i, HEALTH_GOOD);
	says(HEALTH_OS, "2台すべて");
	says(HEALTH_DO, "急いで対応いただくことはありません");
	end();
}
END_TEST

START_TEST(nothing_came)
{
	begin();
	judged();
	for (int i = 0; i < HEALTH_ITEMS; i++)
		marked((enum health_item)i, HEALTH_NONE);
	struct checkup_terminal v[] = { pc("PC-1", CHECKUP_STALE) };
	v[0].days = 0, v[0].last_at = 0;
	terminals(v, 1);
	judged();
	for (int i = 0; i < HEALTH_ITEMS; i++)
		marked((enum health_item)i, HEALTH_NONE);
	says(HEALTH_DO, "届いていない期間");
	says(HEALTH_DO, "PC-1");
	end();
}
END_TEST

START_TEST(patches_by_what_is_lacking)
{
	static const struct { enum checkup_patch patch; int64_t critical, important; bool kev; enum health_mark want; const char *word; } rows[] = {
		{ CHECKUP_LACKING, 1, 0, false, HEALTH_BAD, "緊急（Critical）" }, { CHECKUP_LACKING, 0, 2, false, HEALTH_WARN, "重要（Important）" },
		{ CHECKUP_LACKING, 0, 1, true, HEALTH_BAD, "攻撃に悪用" },        { CHECKUP_REBOOT, 0, 0, false, HEALTH_WARN, "再起動" },
		{ CHECKUP_ENDED, 0, 0, false, HEALTH_BAD, "サポートが終了" },     { CHECKUP_STALE, 0, 0, false, HEALTH_FAIR, "情報が古い端末が1台" },
		{ CHECKUP_UNKNOWN, 0, 0, false, HEALTH_FAIR, "判定できない端末が1台" },
	};
	begin();
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct checkup_terminal v[6];
		for (int k = 0; k < 6; k++)
			v[k] = pc("PC-1", CHECKUP_PATCHED);
		v[3] = pc("OKASHII", rows[i].patch);
		v[3].critical = rows[i].critical, v[3].important = rows[i].important, v[3].kev = rows[i].kev, v[3].action = "KB5066835";
		terminals(v, 6);
		judged();
		marked(HEALTH_OS, rows[i].want);
		says(HEALTH_OS, rows[i].word);
		says(HEALTH_OS, "OKASHII");
	}
	end();
}
END_TEST

START_TEST(the_most_pressing_is_to_be_done_first)
{
	begin();
	struct checkup_terminal v[] = { pc("PC-1", CHECKUP_LACKING), pc("PC-2", CHECKUP_REBOOT), pc("PC-3", CHECKUP_ENDED) };
	v[0].critical = 1, v[0].kev = true, v[0].action = "KB1";
	struct checkup_software s[] = { { .name = "Chrome", .version = "1", .fixed = "2", .cves = "CVE-1", .hosts = "PC-9", .severity = CHECKUP_CRITICAL,
		                          .kev = true, .terminals = 1 } };
	terminals(v, 3);
	c.software = s, c.nsoftware = 1;
	judged();
	const char *first = strstr(w.text[HEALTH_DO], "1. PC-1に更新プログラム KB1"), *second = strstr(w.text[HEALTH_DO], "2. Chrome 1");
	ck_assert(first && second && first < second);
	says(HEALTH_DO, "3. サポートが終了したOSの端末（PC-3）");
	silent(HEALTH_DO, "4. ");
	end();
}
END_TEST

/* The tables lack the newest update: what is known is said, nobody is alarmed, nothing is praised. */
START_TEST(old_tables_are_no_fault_of_theirs)
{
	begin();
	struct checkup_terminal v[] = { pc("PC-1", CHECKUP_DATED), pc("PC-2", CHECKUP_DATED), pc("PC-3", CHECKUP_PATCHED) };
	c.until = "2026年9月8日";
	terminals(v, 3);
	judged();
	marked(HEALTH_OS, HEALTH_NONE);
	says(HEALTH_OS, "3台のうち2台は、2026年9月8日に公開された更新プログラムまで適用");
	silent(HEALTH_OS, "届いている端末がありません");
	says(HEALTH_DO, "急いで対応いただくことはありません");
	v[0] = pc("PC-1", CHECKUP_LACKING);
	v[0].important = 1;
	judged();
	marked(HEALTH_OS, HEALTH_WARN); /* what lacks in old tables lacks */
	says(HEALTH_OS, "1台は2026年9月8日公開分までの適用");
	end();
}
END_TEST

/* Who waits for a restart does not lack anything; who is in a hurry is named, each once. */
START_TEST(all_that_is_pressing_is_named)
{
	begin();
	struct checkup_terminal v[] = { pc("PC-1", CHECKUP_LACKING), pc("PC-2", CHECKUP_LACKING), pc("PC-3", CHECKUP_REBOOT) };
	struct checkup_software s[] = { { .name = "7-Zip 19.00 (x64)", .version = "19.00.1", .fixed = "", .cves = "", .hosts = "PC-1", .severity = CHECKUP_HIGH, .kev = true },
		                        { .name = "Chrome", .version = "1.2.3", .fixed = "", .cves = "", .hosts = "PC-2", .severity = CHECKUP_HIGH } };
	v[0].kev = true, v[0].important = 1, v[1].critical = 1, v[2].critical = 1;
	v[0].action = v[1].action = "KB1", v[2].action = "再起動";
	terminals(v, 3);
	c.software = s, c.nsoftware = 2;
	judged();
	says(HEALTH_OS, "うち2台（PC-1、PC-2）で");
	says(HEALTH_OS, "このうち1台では、緊急");
	says(HEALTH_DO, "1. PC-1、PC-2に更新プログラム KB1 を今週中に");
	says(HEALTH_DO, "PC-3を再起動");
	says(HEALTH_SOFTWARE, "重要（High）の脆弱性があるソフトウェアが2件あります。このうち1件（7-Zip 19.00 (x64)）には");
	says(HEALTH_DO, "7-Zip 19.00 (x64)を最新版に更新してください（対象 PC-1）");
	end();
}
END_TEST

START_TEST(what_is_to_be_looked_at_is_no_finding)
{
	begin();
	struct checkup_software s[] = { { .name = "Java", .version = "8", .fixed = "", .cves = "CVE-1", .hosts = "PC-1", .severity = CHECKUP_CRITICAL, .check = true } };
	c.software = s, c.nsoftware = 1;
	judged();
	marked(HEALTH_SOFTWARE, HEALTH_FAIR);
	says(HEALTH_SOFTWARE, "確認が必要なソフトウェアが1件");
	end();
}
END_TEST

/* A leftover on the first terminal hides nothing that really runs on the second. */
START_TEST(what_is_certain_somewhere_is_a_finding)
{
	const struct checkup_software doubt = { .name = "Chrome", .version = "120", .hosts = "PC-01", .severity = CHECKUP_CRITICAL, .check = true, .cves = "", .fixed = "" };
	const struct checkup_software bad = { .name = "Chrome", .version = "120", .hosts = "PC-02", .severity = CHECKUP_HIGH, .kev = true, .cves = "CVE-1", .fixed = "140" };
	const struct checkup_software over = { .name = "Chrome", .version = "120", .hosts = "PC-03", .ended = true, .cves = "", .fixed = "" };
	const struct checkup_software fine = { .name = "Chrome", .version = "120", .hosts = "PC-04", .cves = "", .fixed = "" };
	struct checkup_software s = doubt;
	checkup_speaks_for(&s, &over);
	ck_assert(s.ended && !s.check);
	checkup_speaks_for(&s, &bad);
	checkup_speaks_for(&s, &doubt);
	ck_assert(s.kev && !s.check && s.severity == CHECKUP_HIGH);
	ck_assert_str_eq(s.fixed, "140");
	s = fine;
	checkup_speaks_for(&s, &doubt);
	ck_assert(s.check);
}
END_TEST

/* Out of support, without a serious hole: a thing to do all the same. */
START_TEST(what_is_out_of_support_is_to_be_replaced)
{
	begin();
	struct checkup_software s[] = { { .name = "Acrobat 2020", .version = "20.1", .fixed = "", .cves = "", .hosts = "PC-1", .ended = true, .terminals = 1 } };
	c.software = s, c.nsoftware = 1;
	judged();
	marked(HEALTH_SOFTWARE, HEALTH_WARN);
	says(HEALTH_DO, "サポートが終了した Acrobat 2020");
	silent(HEALTH_DO, "急いで対応いただくことはありません");
	end();
}
END_TEST

START_TEST(days_and_times_are_counted_once)
{
	begin();
	struct checkup_terminal v[] = { pc("PC-1", CHECKUP_PATCHED), pc("PC-2", CHECKUP_PATCHED) };
	v[0].days &= ~(0x1fu << 4); /* 5–9 October: a week */
	v[1].days &= ~(0x3u << 4);  /* two days: nobody is told */
	struct checkup_off off[] = {
		{ "PC-1", "", "起動", epoch_of(2026, 10, 3, 9, 0, 0), false, true },  { "PC-1", "", "ログオン", epoch_of(2026, 10, 3, 9, 1, 0), false, true },
		{ "PC-1", "", "起動", epoch_of(2026, 10, 5, 23, 0, 0), true, false }, { "PC-2", "", "起動", epoch_of(2026, 10, 3, 9, 0, 0), false, true },
	};
	struct checkup_counts n;
	struct sb days = SB_INIT;
	terminals(v, 2);
	c.off = off, c.noff = 4;
	checkup_count(&c, a, &n);
	ck_assert_int_eq(n.off_days, 3);
	ck_assert_int_eq(n.off_terminals, 2);
	ck_assert_int_eq(n.nights, 1);
	ck_assert_int_eq(n.silent, 1);
	ck_assert_int_eq(n.days_expected, 2 * 21);
	ck_assert_int_eq(n.days, 2 * 21 - 5 - 2);
	checkup_missing_days(&c, &v[0], &days);
	ck_assert_str_eq(days.s, "10/3–10/12"); /* with the days off around */
	sb_reset(&days);
	checkup_missing_days(&c, &v[1], &days);
	ck_assert_str_eq(days.s, "");
	judged();
	marked(HEALTH_HOURS, HEALTH_FAIR);
	sb_free(&days);
	end();
}
END_TEST

START_TEST(sites_by_their_share)
{
	begin();
	struct checkup_site bad[] = { { "video.example", "動画", "", false, true, 10, 5000 }, { "crack.example", "不正配布", "PC-7", true, false, 1, 10 } };
	c.sites = 10, c.web_seconds = 100000, c.bad = bad, c.nbad = 1;
	static const struct { int64_t own; enum health_mark want; } rows[] = { { 0, HEALTH_GOOD }, { 900, HEALTH_GOOD }, { 1000, HEALTH_FAIR }, { 9900, HEALTH_FAIR }, { 10000, HEALTH_WARN } };
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		c.own_seconds = rows[i].own;
		judged();
		marked(HEALTH_WEB, rows[i].want);
	}
	c.nbad = 2;
	judged();
	marked(HEALTH_WEB, HEALTH_BAD);
	says(HEALTH_WEB, "crack.example");
	says(HEALTH_DO, "crack.example（PC-7）"); /* where to look */
	end();
}
END_TEST

/* One trouble at a time, so that each is among the things to do. */
START_TEST(each_trouble_can_be_said)
{
	static const char *const want[] = { "不足している更新プログラム KB9", "再起動してください", "重要な脆弱性がある 道具 1", "届いていない期間", "申請された利用か",
		                            "予定された業務か", "利用ルール", "緊急の更新プログラム KB9", "緊急の脆弱性があります" };
	for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
		begin();
		struct checkup_terminal v[] = { pc("PC-1", i == 0 || i == 7 ? CHECKUP_LACKING : i == 1 ? CHECKUP_REBOOT : CHECKUP_PATCHED) };
		struct checkup_software soft[] = { { .name = "道具", .version = "1", .fixed = "", .cves = "", .hosts = "PC-1", .terminals = 1,
			                             .severity = i == 2 ? CHECKUP_HIGH : i == 8 ? CHECKUP_CRITICAL : CHECKUP_FINE } };
		struct checkup_media media[] = { { "PC-1", "USBメモリ", "m", "", 9, 1, 2 } };
		struct checkup_site own[] = { { "v.example", "動画", "", false, true, 1, 5000 } };
		struct checkup_off off[5];
		for (int d = 0; d < 5; d++)
			off[d] = (struct checkup_off){ "PC-1", "", "起動", epoch_of(2026, 10, 5 + d, 23, 0, 0), true, false };
		v[0].action = i == 0 || i == 7 ? "KB9" : "";
		v[0].important = i == 0, v[0].critical = i == 7;
		v[0].lost = i == 3;
		terminals(v, 1);
		c.software = soft, c.nsoftware = 1;
		c.media = media, c.nmedia = i == 4;
		c.off = off, c.noff = i == 5 ? 5 : 0;
		c.sites = 1, c.web_seconds = 10000, c.bad = own, c.nbad = i == 6, c.own_seconds = i == 6 ? 5000 : 0;
		judged();
		says(HEALTH_DO, want[i]);
		silent(HEALTH_DO, "2. ");
		end();
	}
}
END_TEST

/* ---- kept as text ------------------------------------------------------------------ */

static void fill(size_t nterminals, size_t nsoftware)
{
	struct checkup_terminal *v = arena_zalloc(a, (nterminals + 1) * sizeof *v);
	struct checkup_software *s = arena_zalloc(a, (nsoftware + 1) * sizeof *s);
	struct checkup_past *past = arena_zalloc(a, 2 * sizeof *past);
	for (size_t i = 0; i < nterminals; i++) {
		v[i] = pc(arena_printf(a, "PC-%05zu", i), i % 7 ? CHECKUP_PATCHED : CHECKUP_LACKING);
		v[i].action = i % 7 ? "" : "KB5066835", v[i].cves = i % 7 ? "" : "CVE-2025-59230", v[i].critical = i % 7 == 0;
	}
	for (size_t i = 0; i < nsoftware; i++)
		s[i] = (struct checkup_software){ arena_printf(a, "道具 %zu", i), "1.0", "", "", "PC-1", CHECKUP_FINE, false, false, false, (int64_t)i };
	past[0] = (struct checkup_past){ .month = 202609, .mark = { 1, 2, 3, 4, 0 }, .number = { 5, 6, 7, 8, 9 }, .terminals = 11 };
	past[1].month = 202608;
	terminals(v, nterminals);
	c.software = s, c.nsoftware = nsoftware, c.past = past, c.npast = 2;
}

START_TEST(facts_survive_as_text)
{
	struct sb once = SB_INIT, twice = SB_INIT;
	struct checkup back;
	begin();
	fill(3, 2);
	c.terminal[1].name = "a\tb\nc\\d";
	checkup_write(&c, &once);
	ck_assert_int_eq(checkup_read(once.s, once.len, a, &back, &err), OK);
	ck_assert_str_eq(back.terminal[1].name, "a\tb\nc\\d");
	ck_assert_int_eq(back.past[0].mark[3], HEALTH_BAD);
	checkup_write(&back, &twice);
	ck_assert_str_eq(once.s, twice.s);
	sb_free(&once);
	sb_free(&twice);
	end();
}
END_TEST

START_TEST(damaged_facts_are_refused)
{
	static const char *const bad[] = { "", "contract\tN1", "contract\tN1\tx\ty\t202613\t1\tz\t0\n", "nothing\t1\n", "web\tx\t1\t1\t1\n",
		                           "contract\tN1\tx\ty\t202610\t1\tz\t0\nterminal\tPC\tW\t99\t0\t0\t0\t\t\t\t0\t0\t1\t31\t0\t0\n" };
	struct checkup back;
	begin();
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ck_assert_msg(checkup_read(bad[i], strlen(bad[i]), a, &back, &err) == ERR_PERM, "%zu", i);
	end();
}
END_TEST

/* ---- the forms ------------------------------------------------------------------------ */

static struct sb paged(int *pages)
{
	struct sb pdf = SB_INIT;
	const struct checkup_look look = { words, "相談センター", false };
	judged();
	ck_assert_msg(checkup_pdf(&c, &w, &look, &pdf, pages, &err) == OK, "%s", err.msg);
	return pdf;
}

START_TEST(pages_stay_few_however_much_there_is)
{
	int pages;
	begin();
	fill(1, 5);
	struct sb pdf = paged(&pages);
	ck_assert_int_le(pages, 4);
	sb_free(&pdf);
	fill(5000, 10000);
	pdf = paged(&pages);
	ck_assert_int_le(pages, 12);
	ck_assert_uint_lt(pdf.len, 400000);
	sb_free(&pdf);
	fill(0, 0);
	pdf = paged(&pages);
	ck_assert_int_le(pages, 3);
	sb_free(&pdf);
	end();
}
END_TEST

START_TEST(hostile_names_stay_text)
{
	int pages;
	const char *name;
	struct sb html = SB_INIT, csv = SB_INIT;
	begin();
	fill(2, 1);
	c.terminal[0].name = "<script>alert(1)</script>";
	c.software[0].name = "=cmd|' /C calc'!A0";
	c.software[0].severity = CHECKUP_CRITICAL;
	struct sb pdf = paged(&pages);
	checkup_html(&c, &w, "ご挨拶", &html);
	ck_assert_ptr_null(strstr(html.s, "<script>"));
	ck_assert_ptr_nonnull(strstr(html.s, "&lt;script&gt;"));
	ck_assert(checkup_csv(&c, 1, &name, &csv));
	ck_assert_str_eq(name, "software");
	ck_assert_ptr_nonnull(strstr(csv.s, "'=cmd|"));
	ck_assert(memcmp(csv.s, "\xEF\xBB\xBF", 3) == 0);
	sb_free(&pdf);
	sb_free(&html);
	sb_free(&csv);
	end();
}
END_TEST

/* ---- what sites are for ------------------------------------------------------------------ */

/* Sites are counted by registrable domain: a row for anything else would never be found. */
START_TEST(shipped_sites_can_be_found)
{
	struct sb file = SB_INIT;
	struct site_kinds *k = NULL;
	struct err e;
	char site[SITE_MAX], before[SITE_MAX] = "";
	size_t rows = 0;
	ck_assert_int_eq(io_read_file("conf/mail/health-sites.tsv", 1 << 20, &file, &e), OK);
	ck_assert_int_eq(site_kinds_load("conf/mail/health-sites.tsv", &k, &e), OK);
	for (char *p = file.s, *nl; *p; p = nl + 1) {
		nl = strchrnul(p, '\n');
		*nl = '\0';
		if (*p == '#')
			continue;
		char *tab = strchr(p, '\t');
		ck_assert_ptr_nonnull(tab);
		*tab = '\0';
		ck_assert_msg(site_of(p, site) && strcmp(site, p) == 0, "%s is counted as %s", p, site);
		ck_assert_str_ne(p, before);
		ck_assert_ptr_nonnull(site_kind(k, p));
		ck_assert_msg(text_width(site_kind(k, p)->kind, strlen(site_kind(k, p)->kind)) <= 12, "%s: the column is narrow", p);
		snprintf(before, sizeof before, "%s", p);
		rows++;
	}
	ck_assert_uint_gt(rows, 600);
	ck_assert(site_kind(k, "youtube.com")->own && site_kind(k, "thepiratebay.org")->danger);
	site_kinds_free(&k);
	sb_free(&file);
}
END_TEST

START_TEST(machines_of_their_own_are_in_house)
{
	static const char *const own[] = { "192.168.1.20", "10.0.0.1", "172.16.0.9", "172.31.255.1", "169.254.3.4", "nas", NULL };
	static const char *const others[] = { "8.8.8.8", "172.32.0.1", "192.168.1", "192.168.1.20.example", "example.jp", "", "(other)", "::1", NULL };
	for (const char *const *h = own; *h; h++)
		ck_assert_str_eq(site_kind(NULL, *h)->kind, "社内");
	for (const char *const *h = others; *h; h++)
		ck_assert_msg(!site_kind(NULL, *h), "%s", *h);
}
END_TEST

UNIT_SUITE("checkup", all_is_well, nothing_came, patches_by_what_is_lacking, the_most_pressing_is_to_be_done_first, old_tables_are_no_fault_of_theirs, all_that_is_pressing_is_named,
           what_is_to_be_looked_at_is_no_finding, what_is_certain_somewhere_is_a_finding, what_is_out_of_support_is_to_be_replaced, days_and_times_are_counted_once, sites_by_their_share, each_trouble_can_be_said, facts_survive_as_text,
           damaged_facts_are_refused, pages_stay_few_however_much_there_is, hostile_names_stay_text,
           shipped_sites_can_be_found, machines_of_their_own_are_in_house)
