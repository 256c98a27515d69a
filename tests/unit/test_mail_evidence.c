/* DESK-08: what of a mail counts as its sender's own words, and what else is
 * told of it. */
#include "mail/evidence.h"
#include "unit.h"
#include <string.h>

static struct arena *a;

static struct category_evidence of(const char *raw, struct msg **m)
{
	struct err e;
	struct category_evidence ev;
	a = arena_new();
	ck_assert_msg(msg_parse(raw, strlen(raw), NULL, m, &e) == OK, "%s", e.msg);
	mail_evidence(*m, a, &ev);
	return ev;
}

static void ck_own(const char *text, const char *own, bool forwarded)
{
	struct msg *m;
	struct sb raw = SB_INIT;
	sb_addf(&raw, "From: A <a@Sakura.example>\nSubject: s\nContent-Type: text/plain; charset=utf-8\n\n%s", text);
	struct category_evidence ev = of(raw.s, &m);
	ck_assert_str_eq(ev.text, own);
	ck_assert_msg(ev.forwarded == forwarded, "%s", text);
	ck_assert_str_eq(ev.from_domain, "sakura.example");
	msg_free(&m);
	arena_free(&a);
	sb_free(&raw);
}

START_TEST(test_own_words)
{
	ck_own("助けて\n", "助けて\n", false);
	ck_own("見て\n> 身代金\n  > 脅迫\n＞全角\nどうぞ\n", "見て\nどうぞ\n", false);
	ck_own("見て\n\n-----Original Message-----\nFrom: x\n身代金\n", "見て\n\n", true);
	ck_own("見て\n---------- Forwarded message ---------\n身代金\n", "見て\n", true);
	ck_own("見て\n-------- 転送メッセージ --------\n身代金\n", "見て\n", true);
	ck_own("見て\nBegin forwarded message:\n身代金\n", "見て\n", true);
	ck_own("見て\n差出人: x\n送信日時: 2026年\n件名: 身代金\n", "見て\n", true);
	ck_own("差出人: 覚えがありません\n助けて\n", "差出人: 覚えがありません\n助けて\n", false);
	ck_own("From: の欄が変です\n", "From: の欄が変です\n", false);
	ck_own("- 転送メッセージについて\n", "- 転送メッセージについて\n", false);
	ck_own("", "", false);
}
END_TEST

START_TEST(test_links)
{
	struct msg *m;
	struct category_evidence ev = of("From: a@b.example\nSubject: s\nContent-Type: text/plain; charset=utf-8\n\n"
		"http://a.example/x と <https://b.example> 、hxxps://c.xyz/ です hhttp:/d\n> http://quoted.example/\n", &m);
	ck_assert_str_eq(ev.urls, "http://a.example/x\n\nhttps://b.example\n\nhxxps://c.xyz/\n\nhttp://quoted.example/\n\n");
	msg_free(&m);
	arena_free(&a);
}
END_TEST

START_TEST(test_attached_mail_and_its_files)
{
	struct msg *m;
	struct category_evidence ev = of("From: a@b.example\nSubject: s\nMIME-Version: 1.0\n"
		"Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain; charset=utf-8\n\n見て\n--x\n"
		"Content-Type: message/rfc822\n\nFrom: evil@bad.example\nSubject: 身代金\nMIME-Version: 1.0\n"
		"Content-Type: multipart/mixed; boundary=y\n\n--y\nContent-Type: text/plain; charset=utf-8\n\n脅迫\n--y\n"
		"Content-Type: application/zip; name=\"a.zip\"\nContent-Disposition: attachment; filename=\"a.zip\"\n\nx\n--y--\n"
		"--x--\n", &m);
	ck_assert(ev.forwarded && !ev.bulk && !ev.automatic);
	ck_assert_str_eq(ev.files, "a.zip\n\n");
	ck_assert(strstr(ev.text, "見て") && !strstr(ev.text, "脅迫"));
	msg_free(&m);
	arena_free(&a);
}
END_TEST

START_TEST(test_not_written_by_a_person)
{
	struct msg *m;
	struct category_evidence ev = of("From: a@b.example\nList-Unsubscribe: <https://b.example/u>\n\nx\n", &m);
	ck_assert(ev.bulk && !ev.automatic);
	msg_free(&m), arena_free(&a);
	ev = of("From: a@b.example\nAuto-Submitted: auto-replied\nPrecedence: bulk\n\nx\n", &m);
	ck_assert(ev.bulk && ev.automatic);
	msg_free(&m), arena_free(&a);
	ev = of("Auto-Submitted: no\n\nx\n", &m);
	ck_assert(!ev.bulk && !ev.automatic && !ev.from_domain);
	msg_free(&m), arena_free(&a);
}
END_TEST

UNIT_SUITE("mail_evidence", test_own_words, test_links, test_attached_mail_and_its_files, test_not_written_by_a_person)
