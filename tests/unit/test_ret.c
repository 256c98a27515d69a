/*
 * Return mails (MAG-07, DESK-12): the table of reasons and its faults, what
 * wins over what, the facts beside the reason, and hostile sizes. What each
 * mail system's letter means is in tests/golden/bounce.
 */
#include "unit.h"
#include "base/io.h"
#include "base/strbuf.h"
#include "mail/auto_kind.h"
#include "mail/ret.h"
#include <stdio.h>
#include <string.h>
#include <time.h>

static struct ret_table *table(void)
{
	struct ret_table *t;
	struct err e;
	ck_assert_msg(ret_table_load("conf/mail", &t, &e) == OK, "%s", e.msg);
	return t;
}

/* ---- the table ---- */

START_TEST(table_faults_name_their_line)
{
	static const struct {
		const char *text, *fault;
	} t[] = {
		{ "nonsense\tx", "t:1: \"nonsense\" is no kind of line" },
		{ "# x\n\nclass\thard\tburn", "t:3: expected: class NAME keep|count|stop" },
		{ "class\thard\tstop\nclass\thard\tstop", "t:2: class \"hard\" again" },
		{ "class\tsoft\tcount\t0\t5", "t:1: expected: class NAME count LIMIT DAYS" },
		{ "class\thard\tstop\t5", "t:1: only \"count\" has a limit and days" },
		{ "reason\tx\thard\t9.9.9\ts", "t:1: \"9.9.9\" is no enhanced status" },
		{ "reason\tx\tdeadly\t-\ts", "t:1: expected: reason NAME CLASS STATUS SENTENCE" },
		{ "reason\tx\thard\t-\ts\nreason\tx\thard\t-\ts", "t:2: reason \"x\" again" },
		{ "status\t5.1.1\tx", "t:1: no reason \"x\" above" },
		{ "reason\tx\thard\t-\ts\nstatus\t5.1\tx", "t:2: expected: status 5.1.1 REASON" },
		{ "reason\tx\thard\t-\ts\ncode\t250\tx", "t:2: expected: code 552 REASON" },
		{ "reason\tx\thard\t-\ts\ncode\t550\tx\ncode\t550\tx", "t:3: 550 again" },
		{ "reason\tx\thard\t-\ts\ntext\ta**b\t*\tx", "t:2: empty pattern, or nothing beside a \"*\"" },
		{ "text\tfull\t*\tnobody", "t:1: no reason \"nobody\" above" },
		{ "end\ta\tb", "t:1: expected: end PATTERN" },
		{ "text\ta\tb\tc\td\te\tf", "t:1: more than 6 fields" },
		{ "class\thard\tstop", "t: no line for class \"soft\"" },
		{ "\xff", "t: not UTF-8, or too large" },
	};
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		struct ret_table *r;
		struct err e;
		ck_assert_int_eq(ret_table_parse("t", t[i].text, strlen(t[i].text), &r, &e), ERR_PERM);
		ck_assert_ptr_null(r);
		ck_assert_str_eq(e.msg, t[i].fault);
	}
}
END_TEST

START_TEST(what_a_class_does)
{
	struct ret_table *t = table();
	ck_assert_int_eq(ret_rule(t, RET_HARD)->effect, RET_STOP);
	ck_assert_int_eq(ret_rule(t, RET_COMPLAINT)->effect, RET_STOP);
	ck_assert_int_eq(ret_rule(t, RET_UNSUBSCRIBE)->effect, RET_STOP);
	/* refusals of us never blame the address */
	ck_assert_int_eq(ret_rule(t, RET_POLICY)->effect, RET_KEEP);
	ck_assert_int_eq(ret_rule(t, RET_SIZE)->effect, RET_KEEP);
	ck_assert_int_eq(ret_rule(t, RET_DELAYED)->effect, RET_KEEP);
	ck_assert_int_eq(ret_rule(t, RET_VACATION)->effect, RET_KEEP);
	/* soft ones count, and are forgotten */
	ck_assert_int_eq(ret_rule(t, RET_SOFT)->effect, RET_COUNT);
	ck_assert_int_gt(ret_rule(t, RET_SOFT)->limit, 1);
	ck_assert_int_gt(ret_rule(t, RET_SOFT)->days, 0);
	ret_table_free(&t);
	ret_table_free(&t);
}
END_TEST

/* ---- what wins ---- */

static void one(const struct ret_table *t, const char *status, const char *diag, const char *class, const char *reason)
{
	struct sb b = SB_INIT;
	struct msg *m;
	struct rets r;
	sb_addf(&b,
		"From: MAILER-DAEMON@relay.example\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=x\r\n"
		"\r\n--x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; relay.example\r\n\r\n"
		"Final-Recipient: rfc822; a@b.example\r\nAction: failed\r\nStatus: %s\r\nDiagnostic-Code: smtp; %s\r\n\r\n--x--\r\n",
		status, diag);
	ck_assert_int_eq(msg_parse(b.s, b.len, NULL, &m, NULL), OK);
	ck_assert(ret_read(t, m, NULL, &r));
	ck_assert_uint_eq(r.n, 1);
	ck_assert_str_eq(r.v[0].recipient, "a@b.example");
	ck_assert_msg(strcmp(ret_class_name(r.v[0].class), class) == 0 && strcmp(r.v[0].reason, reason) == 0, "%s | %s: %s %s", status,
		      diag, ret_class_name(r.v[0].class), r.v[0].reason);
	msg_free(&m);
	sb_free(&b);
}

START_TEST(specific_words_then_status_then_code_then_vague_words)
{
	struct ret_table *t = table();
	one(t, "5.1.1", "550 5.1.1 Your host is blocked by the RBL", "policy", "blocked");
	one(t, "5.7.1", "550 5.7.1 no such user", "hard", "userunknown");
	one(t, "5.0.0", "550 5.2.2 sorry", "full", "mailboxfull");
	one(t, "5.1.1", "550 5.7.1 sorry", "policy", "policyviolation");
	one(t, "5.0.0", "552 sorry", "full", "mailboxfull");
	one(t, "5.0.0", "550 cannot take it, quota", "full", "mailboxfull");
	one(t, "5.0.0", "550 sorry", "unknown", "onhold");
	one(t, "5.5.0", "550 5.1.1 unavailable", "hard", "userunknown");
	ret_table_free(&t);
}
END_TEST

/* The same words, of him or of us. */
START_TEST(what_fits_us_kills_nobody)
{
	struct ret_table *t = table();
	one(t, "5.0.0", "550 that address does not exist", "hard", "userunknown");
	one(t, "5.7.1", "550 5.7.1 that address does not exist", "policy", "policyviolation");
	one(t, "5.6.0", "554 5.6.0 that is invalid", "policy", "contenterror");
	one(t, "5.0.0", "550 the domain in your From does not exist", "policy", "policyviolation");
	one(t, "5.0.0", "550 the DKIM key could not be found", "policy", "authfailure");
	one(t, "5.0.0", "550 <tls@url.example>: that address does not exist", "hard", "userunknown");
	one(t, "5.1.1", "550 5.1.1 that address does not exist; spam filter gw1", "hard", "userunknown");
	one(t, "5.1.1", "550 5.1.1 spam filter gw1", "policy", "spamdetected");
	one(t, "5.3.0", "554 5.3.0 something not found", "soft", "systemerror");
	one(t, "5.7.888", "550 5.7.888 sorry", "policy", "securityerror");
	one(t, "5.1.888", "550 5.1.888 sorry", "unknown", "onhold");
	ret_table_free(&t);
}
END_TEST

/* A milter's mail has no Return-Path; the envelope's sender is told beside it. */
START_TEST(the_envelope_decides_who_writes)
{
	static const struct {
		const char *mail, *sender, *class;
	} v[] = {
		{ "From: Taro <taro@b.example>\r\nSubject: Re: news\r\nX-Auto-Response-Suppress: All\r\n\r\nAway. Mail could not be "
		  "delivered, my old address does not exist.\r\n", "", "none" },
		{ "From: Taro <taro@b.example>\r\nSubject: Re: news\r\nAuto-Submitted: auto-replied\r\n\r\nAway. Mail could not be "
		  "delivered, my old address does not exist.\r\n", "", "vacation" },
		{ "From: Gate <gate@b.example>\r\nSubject: Undelivered\r\n\r\na@d.example could not be delivered: unknown user\r\n", "", "hard" },
		{ "From: Gate <gate@b.example>\r\nSubject: Undeliverable?\r\n\r\na@d.example could not be delivered: unknown user\r\n",
		  "gate@b.example", "none" },
		{ "Return-Path: <>\r\nFrom: Gate <gate@b.example>\r\nSubject: Undeliverable?\r\n\r\na@d.example could not be delivered: "
		  "unknown user\r\n", "gate@b.example", "none" },
	};
	struct ret_table *t = table();
	for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
		struct msg *m;
		struct rets r;
		ck_assert_int_eq(msg_parse(v[i].mail, strlen(v[i].mail), NULL, &m, NULL), OK);
		bool is = ret_read(t, m, v[i].sender, &r);
		ck_assert_msg(strcmp(is ? ret_class_name(r.v[0].class) : "none", v[i].class) == 0, "%zu: %s", i,
			      is ? ret_class_name(r.v[0].class) : "none");
		msg_free(&m);
	}
	ret_table_free(&t);
}
END_TEST

/* An address is dead only when they say so for good. */
START_TEST(dead_for_now_is_not_dead)
{
	struct ret_table *t = table();
	one(t, "4.1.1", "450 4.1.1 user unknown", "soft", "userunknown");
	one(t, "5.0.0", "450 user unknown", "soft", "userunknown");
	one(t, "4.4.7", "550 5.1.1 user unknown", "hard", "userunknown");
	one(t, "4.2.2", "452 4.2.2 mailbox full", "full", "mailboxfull");
	one(t, "4.7.1", "451 4.7.1 try again", "soft", "greylisted");
	ret_table_free(&t);
}
END_TEST

/* Numbers that are no codes. */
START_TEST(codes_are_told_from_numbers)
{
	struct ret_table *t = table();
	one(t, "5.0.0", "550 mail from 5.1.1.10 [Postfix 4.2.10] gone", "unknown", "onhold");
	one(t, "5.0.0", "limit is 552 KB, version 5.5.2653.19", "unknown", "undefined");
	ret_table_free(&t);
}
END_TEST

/* ---- the facts beside ---- */

static struct msg *load(const char *path, struct sb *raw)
{
	struct msg *m;
	struct err e;
	ck_assert_msg(io_read_file(path, 1 << 20, raw, &e) == OK, "%s", e.msg);
	ck_assert_int_eq(msg_parse(raw->s, raw->len, NULL, &m, NULL), OK);
	return m;
}

START_TEST(the_desk_s_own_mails_come_back)
{
	static const struct {
		const char *file, *recipient, *action, *status, *id;
	} v[] = {
		{ "dsn-postfix", "gone@customer.example", "failed", "5.1.1", "t12.o34.abcdefghijklmnop@example.jp" },
		{ "dsn-delayed", "slow@customer.example", "delayed", "4.4.1", "t13.o35.abcdefghijklmnop@example.jp" },
		{ "dsn-exchange", "full@corp.example", "failed", "5.2.2", "t14.o36.abcdefghijklmnop@example.jp" },
		{ "bounce-qmail", "nobody@qm.example", "failed", "5.1.1", "t15.o37.abcdefghijklmnop@example.jp" },
		{ "bounce-exim", "who@exim.example", "failed", "5.1.1", "t16.o38.abcdefghijklmnop@example.jp" },
		{ "bounce-docomo", "old.address@docomo.ne.jp", "failed", "5.1.1", "" },
		{ "bounce-notes", "tanaka@notes.example", "failed", "5.1.1", "t17.o40.abcdefghijklmnop@example.jp" },
	};
	struct ret_table *t = table();
	for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
		char path[200];
		struct sb raw = SB_INIT;
		struct rets r;
		snprintf(path, sizeof path, "tests/golden/mail/%s.eml", v[i].file);
		struct msg *m = load(path, &raw);
		ck_assert_int_eq(mail_auto_kind(m, ""), AUTO_BOUNCE);
		ck_assert(ret_read(t, m, NULL, &r));
		ck_assert_uint_eq(r.n, 1);
		ck_assert_str_eq(r.v[0].recipient, v[i].recipient);
		ck_assert_str_eq(r.v[0].action, v[i].action);
		ck_assert_str_eq(r.v[0].status, v[i].status);
		ck_assert_str_eq(r.original_id, v[i].id);
		ck_assert_str_ne(r.v[0].diagnostic, "");
		msg_free(&m);
		sb_free(&raw);
	}
	ret_table_free(&t);
}
END_TEST

START_TEST(a_forwarded_recipient_and_what_came_back)
{
	struct ret_table *t = table();
	struct sb raw = SB_INIT;
	struct rets r;
	struct msg *m = load("tests/golden/bounce/sendmail-expanded.eml", &raw);
	ck_assert(ret_read(t, m, NULL, &r));
	ck_assert_str_eq(r.v[0].recipient, "sm2@customer.example");
	ck_assert_str_eq(r.v[0].final, "sm2@forward.example");
	ck_assert_str_eq(r.v[0].remote_mta, "mx.customer.example");
	ck_assert_str_eq(r.v[0].code, "550");
	ck_assert(r.v[0].status_told);
	ck_assert_str_eq(r.return_path, r.sent_to);
	ck_assert_ptr_nonnull(strstr(r.sent_to, "-abcdefghijklmnop@example.jp"));
	ck_assert_ptr_nonnull(strstr(r.original_id, ".abcdefghijklmnop@example.jp"));
	msg_free(&m);
	sb_free(&raw);
	ret_table_free(&t);
}
END_TEST

START_TEST(a_person_is_no_return)
{
	static const char *const mails[] = {
		"From: a@b.c\r\nSubject: question\r\n\r\nI got 550 5.1.1 <x@y.example> user unknown.\r\n",
		"From: a@b.c\r\nSubject: Re: Undelivered Mail\r\n\r\nPlease help, my mail was not delivered to x@y.example.\r\n",
		"", "\r\n", "Subject: x", "From: a@b.c\r\nContent-Type: multipart/report\r\n\r\n--\r\n",
	};
	struct ret_table *t = table();
	for (size_t i = 0; i < sizeof mails / sizeof *mails; i++) {
		struct msg *m;
		struct rets r;
		ck_assert_int_eq(msg_parse(mails[i], strlen(mails[i]), NULL, &m, NULL), OK);
		ck_assert_msg(!ret_read(t, m, NULL, &r), "%zu", i);
		ck_assert_uint_eq(r.n, 0);
		ck_assert_str_eq(r.sent_to[0] ? "" : r.original_id, "");
		msg_free(&m);
	}
	ret_table_free(&t);
}
END_TEST

/* ---- hostile sizes ---- */

static double seconds(const struct ret_table *t, const char *head, const char *piece, size_t size)
{
	struct sb b = SB_INIT;
	struct timespec t0, t1;
	struct msg *m;
	struct rets r;
	sb_adds(&b, head);
	while (b.len < size)
		sb_adds(&b, piece);
	ck_assert_int_eq(msg_parse(b.s, b.len, NULL, &m, NULL), OK);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t0);
	ret_read(t, m, NULL, &r);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t1);
	msg_free(&m);
	sb_free(&b);
	return (double)(t1.tv_sec - t0.tv_sec) + (double)(t1.tv_nsec - t0.tv_nsec) / 1e9;
}

START_TEST(linear_in_twenty_megabytes)
{
	static const char letter[] = "From: MAILER-DAEMON@x.example\r\nSubject: failure notice\r\n\r\n";
	static const char report[] = "From: MAILER-DAEMON@x.example\r\nContent-Type: multipart/report; boundary=b\r\n\r\n"
				     "--b\r\nContent-Type: message/delivery-status\r\n\r\n";
	static const char html[] = "From: MAILER-DAEMON@x.example\r\nContent-Type: text/html\r\n\r\n";
	static const struct {
		const char *head, *piece;
	} v[] = {
		{ letter, "a@b.c " },
		{ letter, "<a@b.example>:\r\n550 user unknown\r\n" },
		{ letter, "@@@@@@@@@@@@" },
		{ letter, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" },
		{ letter, "\n" },
		{ letter, "550 5.1.1 " },
		{ letter, "a@b.example\nx@y.example (expanded from: z@w.example)\n" },
		{ report, "Final-Recipient: rfc822; a@b.example\r\nAction: failed\r\n\r\n" },
		{ report, "Diagnostic-Code: smtp; 550\r\nmore\r\n" },
		{ html, "<p>a@b.example<br>550</p>" },
	};
	struct ret_table *t = table();
	for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
		double small = seconds(t, v[i].head, v[i].piece, 2 << 20), large = seconds(t, v[i].head, v[i].piece, 20 << 20);
		ck_assert_msg(large < 20 * small + 1.0, "%zu: 2 MB %.2f s, 20 MB %.2f s", i, small, large);
	}
	ret_table_free(&t);
}
END_TEST

UNIT_SUITE("ret", table_faults_name_their_line, what_a_class_does, specific_words_then_status_then_code_then_vague_words,
	   what_fits_us_kills_nobody, the_envelope_decides_who_writes,
	   dead_for_now_is_not_dead, codes_are_told_from_numbers, the_desk_s_own_mails_come_back,
	   a_forwarded_recipient_and_what_came_back, a_person_is_no_return, linear_in_twenty_megabytes)
