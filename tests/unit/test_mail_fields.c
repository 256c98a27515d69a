/* Addresses, dates, Message-IDs, kinds of automatic mail. */
#include "unit.h"
#include "mail/addr.h"
#include "mail/auto_kind.h"
#include "mail/maildate.h"
#include "mail/msgid.h"
#include <stdio.h>
#include <string.h>

static void one(const char *raw, const char *name, const char *addr)
{
	struct arena *a = arena_new();
	struct msg_addrs l;
	addr_list_parse(a, raw, &l);
	ck_assert_msg(l.n == 1, "%s: %zu addresses", raw, l.n);
	ck_assert_str_eq(l.v[0].addr, addr);
	ck_assert_str_eq(l.v[0].name, name);
	arena_free(&a);
}

static size_t count(const char *raw)
{
	struct arena *a = arena_new();
	struct msg_addrs l;
	addr_list_parse(a, raw, &l);
	size_t n = l.n;
	arena_free(&a);
	return n;
}

START_TEST(addresses)
{
	one("a@b.example", "", "a@b.example");
	one("<a@B.Example>", "", "a@b.example");
	one("Taro Yamada <taro@b.example>", "Taro Yamada", "taro@b.example");
	one("\"Yamada, Taro\" <taro@b.example>", "Yamada, Taro", "taro@b.example");
	one("taro@b.example (Yamada (Taro))", "Yamada (Taro)", "taro@b.example");
	one("=?UTF-8?B?5bGx55Sw?= <taro@b.example>", "山田", "taro@b.example");
	one("山田 <taro@b.example>", "山田", "taro@b.example");
	one("taro..yamada.@docomo.ne.jp", "", "taro..yamada.@docomo.ne.jp");
	one("<@r1,@r2:a@b.example>", "", "a@b.example");
	one("X <mailto:a@b.example>", "X", "a@b.example");
	one("A\r\n Name\r\n <a@b.example>", "A Name", "a@b.example");
	one("'Taro' <a@b.example>", "Taro", "a@b.example");
	ck_assert_uint_eq(count("undisclosed-recipients:;"), 0);
	ck_assert_uint_eq(count("G: a@b.c, d@e.f;, h@i.j"), 3);
	ck_assert_uint_eq(count(""), 0);
	ck_assert_uint_eq(count(",,, ; junk <> <@> a@ @b \"unclosed"), 0);
}
END_TEST

START_TEST(sane_addresses)
{
	static const char *const good[] = { "a@b.jp", "a..b.@docomo.ne.jp", "a+b-c_d@x", "鈴木@例え.テスト" };
	static const char *const bad[] = { "", "a", "@b", "a@", "a@b@c", "a b@c", "a@b c", "<a@b>", "a@b\r\nX: y", "a,b@c",
					   "\"a\"@b", "a@.b", "a@b.", "a@b..c" };
	char longer[400];
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		ck_assert_msg(addr_is_sane(good[i]), "%s", good[i]);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ck_assert_msg(!addr_is_sane(bad[i]), "%s", bad[i]);
	memset(longer, 'a', sizeof longer);
	memcpy(longer + 65, "@b", 3);
	ck_assert(!addr_is_sane(longer));
	ck_assert(addr_is_sane(longer + 1));
}
END_TEST

static void formats(const char *name, const char *addr)
{
	struct sb b = SB_INIT;
	struct arena *a = arena_new();
	struct msg_addrs l;
	addr_format(name, addr, 6, &b);
	addr_list_parse(a, b.s, &l);
	ck_assert_uint_eq(l.n, 1);
	ck_assert_str_eq(l.v[0].name, name);
	ck_assert_str_eq(l.v[0].addr, addr);
	for (const char *nl = b.s; (nl = strchr(nl, '\n')); nl++)
		ck_assert_int_eq(nl[1], ' ');
	arena_free(&a);
	sb_free(&b);
}

START_TEST(formatting)
{
	formats("Taro", "a@b.example");
	formats("Yamada, \"Taro\" \\ <x>", "a@b.example");
	formats("セキュリティ相談窓口のとても長い名前でヘッダーが折り返される場合", "a@b.example");
	formats("=?UTF-8?Q?not_decoded?=", "a@b.example");
}
END_TEST

START_TEST(dates)
{
	static const struct {
		const char *in, *out; /* JST */
	} t[] = {
		{ "Tue, 24 Nov 2026 10:00:00 +0900", "2026-11-24 10:00:00" },
		{ "Tue, 24 Nov 2026 10:00:00 +0900 (JST)", "2026-11-24 10:00:00" },
		{ "24 Nov 2026 01:00 -0000", "2026-11-24 10:00:00" },
		{ "Tue, 24 Nov 26 01:00:00 GMT", "2026-11-24 10:00:00" },
		{ "Tue, 24 Nov 126 01:00:00 GMT", "2026-11-24 10:00:00" },
		{ "Mon, 23 Nov 2026 20:00:00 EST", "2026-11-24 10:00:00" },
		{ "Tue Nov 24 10:00:00 2026", "2026-11-24 10:00:00" },
		{ "2026/11/24 10:00:00", "2026-11-24 10:00:00" },
		{ "2026/11/24 (火) 10:00:00 +0900", "2026-11-24 10:00:00" },
		{ "2026-11-24T01:00:00Z", "2026-11-24 10:00:00" },
		{ "2026-11-24T10:00:00.5+09:00", "2026-11-24 10:00:00" },
		{ "11/24/2026 10:00 PM", "2026-11-24 22:00:00" },
		{ "24-Nov-2026 12:00 AM", "2026-11-24 00:00:00" },
		{ "Tue, 24 Nov 2026 10:00:60 +0900", "2026-11-24 10:01:00" },
		{ "Tue, 24 (a (nested) comment) Nov 2026 10:00:00 +0900", "2026-11-24 10:00:00" },
		{ "Thu, 29 Feb 2028 10:00:00 +0900", "2028-02-29 10:00:00" },
		{ "Mon, 29 Feb 2027 10:00:00 +0900", "" },
		{ "Tue, 24 Nov 2026 25:00:00 +0900", "" },
		{ "Tue, 24 Nov 99999999999 10:00:00", "" },
		{ "mar, 24 nov 2026 10:00:00 +0900", "2026-11-24 10:00:00" },
		{ "Tue, 24 Nov 2026 Marketing 10:00:00 +0900", "2026-11-24 10:00:00" },
		{ "2026年11月24日 午後3:30", "2026-11-24 15:30:00" },
		{ "2026年11月24日 午前12:30", "2026-11-24 00:30:00" },
		{ "令和8年11月24日 10:00:00", "2026-11-24 10:00:00" },
		{ "R8.11.24 10:00:00", "2026-11-24 10:00:00" },
		{ "平成31年4月30日 10:00", "2019-04-30 10:00:00" },
		{ "Tue, 24 Nov 2026 09:00:00 SGT", "2026-11-24 10:00:00" },
		{ "Tue, 24 Nov 2026 06:30:00 IST", "2026-11-24 10:00:00" },
		{ "Tue, 24 Nov 2026 14:00:00 NZDT", "2026-11-24 10:00:00" },
		{ "Mon, 23 Nov 2026 15:00:00 HST", "2026-11-24 10:00:00" },
		{ "Tue, 24 Nov 2026 01:00:00 XYZ", "2026-11-24 10:00:00" },
		{ "Tue, 24 Nov 2026 10:00:00 XYZ+0900", "2026-11-24 10:00:00" },
		{ "Mon, 01 Jan 0001 00:00:00 +0000", "" },
		{ "24 Nov 2026 10:00 0900", "2026-11-24 10:00:00" },
		{ "24 Nov 2026", "" },
		{ "", "" },
		{ "(((((((", "" },
		{ "yesterday", "" },
	};
	char buf[32];
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		epoch e = mail_date_parse(t[i].in);
		ck_assert_msg(strcmp(e ? clk_iso(e, buf) : "", t[i].out) == 0, "%s -> %s", t[i].in, e ? buf : "none");
	}
}
END_TEST

START_TEST(ids)
{
	struct arena *a = arena_new();
	struct msgid_list l;
	struct sb b = SB_INIT;
	ck_assert_str_eq(msgid_first(a, "<a@b>"), "a@b");
	ck_assert_str_eq(msgid_first(a, " bare@id.example \n"), "bare@id.example");
	ck_assert_str_eq(msgid_first(a, "Your message of \"Tue\" <x@y>"), "x@y");
	ck_assert_str_eq(msgid_first(a, "Your message of Tue a@b"), "");
	ck_assert_str_eq(msgid_first(a, "<folded\n in@side>"), "foldedin@side");
	ck_assert_str_eq(msgid_first(a, "<OF1234.5678-ON49258>"), "OF1234.5678-ON49258");
	ck_assert_str_eq(msgid_first(a, "<not an id> <a@b>"), "a@b");
	ck_assert_str_eq(msgid_first(a, "<unclosed <a@b>"), "a@b");
	ck_assert_str_eq(msgid_first(a, ""), "");
	msgid_refs(a, "<a@b><c@d> junk <a@b>", "<e@f>", &l);
	ck_assert_uint_eq(l.n, 3);
	ck_assert_str_eq(l.v[2], "e@f");
	ck_assert_ptr_null(l.v[3]);
	sb_addc(&b, '<');
	for (int i = 0; i < 999; i++)
		sb_addc(&b, 'x');
	sb_addc(&b, '>');
	ck_assert_str_eq(msgid_first(a, b.s), "");
	sb_reset(&b);
	for (int i = 0; i < 1000; i++)
		sb_addf(&b, "<%d@r>\n ", i);
	msgid_refs(a, b.s, "<last@r>", &l);
	ck_assert_uint_eq(l.n, MSGID_REFS);
	ck_assert_str_eq(l.v[0], "0@r");
	ck_assert_str_eq(l.v[l.n - 1], "last@r");
	ck_assert_str_eq(l.v[l.n - 2], "999@r");
	sb_free(&b);
	arena_free(&a);
}
END_TEST

static enum auto_kind kind(const char *head, const char *envelope)
{
	struct msg *m;
	struct sb b = SB_INIT;
	sb_addf(&b, "%s\r\n\r\nbody\r\n", head);
	ck_assert_int_eq(msg_parse(b.s, b.len, NULL, &m, NULL), OK);
	enum auto_kind k = mail_auto_kind(m, envelope);
	msg_free(&m);
	sb_free(&b);
	return k;
}

START_TEST(kinds)
{
	static const struct {
		const char *head, *envelope;
		enum auto_kind kind;
	} t[] = {
		{ "From: a@b.c\r\nSubject: hello", "a@b.c", AUTO_NO },
		{ "From: a@b.c\r\nSubject: Re: 自動返信について", "a@b.c", AUTO_NO },
		{ "From: a@b.c\r\nSubject: 自動返信について教えてください", "a@b.c", AUTO_NO },
		{ "From: a@b.c\r\nSubject: 自動返信が届きません", "a@b.c", AUTO_NO },
		{ "From: a@b.c\r\nSubject: 不在時の連絡先", "a@b.c", AUTO_NO },
		{ "From: a@b.c\r\nSubject: 自動応答: 見積", "a@b.c", AUTO_REPLY },
		{ "From: a@b.c\r\nSubject: 【自動返信】お問い合わせありがとうございます", "", AUTO_REPLY },
		{ "From: a@b.c\r\nIn-Reply-To: <x@y.z>\r\nSubject: 【自動返信】受け付けました", "a@b.c", AUTO_REPLY },
		{ "From: a@b.c\r\nIn-Reply-To: <x@y.z>\r\nSubject: 不在のお知らせ", "a@b.c", AUTO_REPLY },
		{ "From: a@b.c\r\nX-Auto-Response-Suppress: All\r\nSubject: 不在のお知らせ", "a@b.c", AUTO_REPLY },
		/* nothing but the subject: a person may ask about it, a ticket opens */
		{ "From: a@b.c\r\nSubject: 【自動返信】というメールが届きました", "a@b.c", AUTO_GENERATED },
		{ "From: a@b.c\r\nSubject: 自動返信メール", "a@b.c", AUTO_GENERATED },
		{ "From: a@b.c\r\nSubject: お申込み受付のお知らせ（自動返信）", "a@b.c", AUTO_GENERATED },
		{ "From: a@b.c\r\nSubject: ※自動返信※ ご連絡を承りました", "a@b.c", AUTO_GENERATED },
		{ "From: a@b.c\r\nSubject: 【自動送信】 受付番号 17", "a@b.c", AUTO_GENERATED },
		{ "From: a@b.c\r\nReferences: <x@y.z>\r\nSubject: Re: 見積 [自動配信]", "a@b.c", AUTO_REPLY },
		{ "From: a@b.c\r\nX-Auto-Response-Suppress: All\r\nSubject: 【不在通知】の SMS が届きました", "a@b.c", AUTO_NO },
		{ "From: a@b.c\r\nX-MS-Exchange-Inbox-Rules-Loop: x\r\nSubject: 「自動返信」が勝手に送られます", "a@b.c", AUTO_GENERATED },
		{ "From: a@b.c\r\nSubject: 不在通知", "a@b.c", AUTO_GENERATED },
		{ "From: a@b.c\r\nSubject: 【不在通知】という SMS が届きました", "a@b.c", AUTO_NO },
		{ "From: a@b.c\r\nSubject: 「不在通知」について", "a@b.c", AUTO_NO },
		{ "From: a@b.c\r\nSubject: 不在連絡：宅配便を名乗る SMS", "a@b.c", AUTO_NO },
		{ "From: a@b.c\r\nSubject: Fwd: 自動応答: 見積", "a@b.c", AUTO_NO },
		{ "From: a@b.c\r\nSubject: Auto: x", "a@b.c", AUTO_NO },
		{ "From: a@b.c\r\nReferences: <x@y.z>\r\nSubject: Auto: x", "a@b.c", AUTO_REPLY },
		{ "From: a@b.c\r\nSubject: Automatische Antwort: x", "a@b.c", AUTO_REPLY },
		{ "From: a@b.c\r\nX-Autoreply: yes", "a@b.c", AUTO_REPLY },
		{ "From: a@b.c\r\nX-Autorespond: sodan", "a@b.c", AUTO_REPLY },
		{ "From: a@b.c\r\nX-Autoreply: no", "a@b.c", AUTO_NO },
		{ "From: a@b.c\r\nPrecedence: auto_reply", "a@b.c", AUTO_REPLY },
		{ "From: a@b.c\r\nPrecedence: junk", "a@b.c", AUTO_GENERATED },
		{ "From: a@b.c\r\nX-FC-MachineGenerated: true", "a@b.c", AUTO_GENERATED },
		{ "From: a@b.c\r\nFeedback-ID: 1:2:3:x", "a@b.c", AUTO_GENERATED },
		{ "From: a@b.c\r\nX-SFDC-EmailCategory: caseAutoResponse\r\nSubject: ref", "a@b.c", AUTO_REPLY },
		{ "From: a@b.c\r\nSubject: Report Domain: example.jp Submitter: b.c Report-ID: 1", "a@b.c", AUTO_GENERATED },
		{ "From: a@b.c\r\nFeedback-ID: rr1:zu2:rf3:ZohoMail", "a@b.c", AUTO_NO },
		{ "From: a@b.c\r\nContent-Type: multipart/report; report-type=feedback-report; boundary=x", "a@b.c",
		  AUTO_GENERATED },
		{ "From: a@b.c\r\nList-Owner: <mailto:x@b.c>", "a@b.c", AUTO_LIST },
		{ "From: a@b.c\r\nX-ML-Name: ml", "a@b.c", AUTO_LIST },
		{ "From: a@b.c\r\nX-MLServer: fml", "a@b.c", AUTO_LIST },
		{ "From: a@b.c\r\nSubject: Out of Office: answer", "a@b.c", AUTO_REPLY },
		{ "From: a@b.c\r\nSubject: Automatic reply: answer", "a@b.c", AUTO_REPLY },
		{ "From: a@b.c\r\nSubject: Out of Office settings", "a@b.c", AUTO_NO },
		{ "From: a@b.c\r\nSubject: Automatic replies are broken", "a@b.c", AUTO_NO },
		{ "From: a@b.c\r\nSubject: Auto insurance", "a@b.c", AUTO_NO },
		{ "From: a@b.c\r\nAuto-Submitted: auto-replied (vacation)", "a@b.c", AUTO_REPLY },
		{ "From: a@b.c\r\nAuto-Submitted: auto-generated", "a@b.c", AUTO_GENERATED },
		{ "From: a@b.c\r\nAuto-Submitted: no", "a@b.c", AUTO_NO },
		{ "From: a@b.c\r\nX-Auto-Response-Suppress: All", "a@b.c", AUTO_NO },
		{ "From: a@b.c\r\nPrecedence: bulk", "a@b.c", AUTO_LIST },
		{ "From: a@b.c\r\nList-Id: <l.b.c>", "l-bounces@b.c", AUTO_LIST },
		{ "From: a@b.c\r\nSubject: Undelivered Mail Returned to Sender", "", AUTO_BOUNCE },
		{ "From: MAILER-DAEMON@b.c\r\nSubject: failure notice", "a@b.c", AUTO_BOUNCE },
		{ "From: postmaster@b.c\r\nSubject: I have a question", "postmaster@b.c", AUTO_GENERATED },
		{ "From: x@b.c\r\nSubject: Undeliverable: answer", "postmaster@b.c", AUTO_BOUNCE },
		{ "From: x@b.c\r\nSubject: x", "MAILER-DAEMON@b.c", AUTO_BOUNCE },
		{ "From: postmaster@b.c\r\nSubject: I have a question", "a@b.c", AUTO_NO },
		{ "From: a@b.c\r\nSubject: x", "", AUTO_BOUNCE },
		{ "From: a@b.c\r\nSubject: 自動応答: x", "", AUTO_REPLY },
		{ "From: a@b.c\r\nContent-Type: multipart/report; report-type=disposition-notification; boundary=x",
		  "", AUTO_RECEIPT },
		{ "From: a@b.c\r\nContent-Type: multipart/report; report-type=\"delivery-status\"; boundary=x", "a@b.c",
		  AUTO_BOUNCE },
	};
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		enum auto_kind k = kind(t[i].head, t[i].envelope);
		ck_assert_msg(k == t[i].kind, "%s: %s", t[i].head, auto_kind_name(k));
	}
}
END_TEST

START_TEST(machine_addresses)
{
	static const char *const yes[] = { "noreply@a.b", "no-reply+x@a.b", "donotreply@a.b", "MAILER-DAEMON@a.b",
					   "owner-ml@a.b", "ml-request@a.b", "ml-bounces@a.b", "dmarc-noreply@a.b",
					   "noreply-dmarc-support@a.b", "cron@a.b", "bounces+12-3@a.b", "nobody@a.b", "send-only@a.b", "zabbix@a.b" };
	static const char *const no[] = { "tanaka@a.b", "cronin@a.b", "bounceland@a.b", "request@a.b", "owner@a.b",
					  "postmaster@a.b", "root@a.b", "info@a.b", "reply@a.b" };
	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
		ck_assert_msg(mail_is_machine_address(yes[i]), "%s", yes[i]);
	for (size_t i = 0; i < sizeof no / sizeof *no; i++)
		ck_assert_msg(!mail_is_machine_address(no[i]), "%s", no[i]);
}
END_TEST

UNIT_SUITE("mail_fields", addresses, sane_addresses, formatting, dates, ids, kinds, machine_addresses)
