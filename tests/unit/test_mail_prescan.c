/* The gate: what it lets through, what it stops and how fast it is at that. */
#include "unit.h"
#include "base/clk.h"
#include "base/strbuf.h"
#include "mail/msg_parse.h"
#include <string.h>

static enum status scan(const struct sb *b, struct prescan *r, struct err *e)
{
	return mail_prescan(b->s, b->len, &prescan_default, r, e);
}

static void repeat(struct sb *b, const char *s, size_t n)
{
	while (n--)
		sb_adds(b, s);
}

/* A quadratic scan would need minutes and run into the suite's time limit. */
static void stopped(struct sb *b, const char *words)
{
	struct prescan r;
	struct err e;
	ck_assert_int_eq(scan(b, &r, &e), ERR_LIMIT);
	ck_assert_ptr_nonnull(strstr(e.msg, words));
	sb_free(b);
}

static void passes(struct sb *b)
{
	struct prescan r;
	struct err e;
	ck_assert_int_eq(scan(b, &r, &e), OK);
	sb_free(b);
}

START_TEST(counts)
{
	struct prescan r;
	struct err e;
	const char *mail = "From: a@b\r\nTo: x (one (two))\r\nContent-Type: multipart/mixed; boundary=q\r\n\r\n"
			   "--q\r\n\r\none\r\n--q\r\nContent-Type: message/rfc822\r\n\r\nFrom: c@d\r\n\r\ntwo\r\n--q--\r\n";
	ck_assert_int_eq(mail_prescan(mail, strlen(mail), &prescan_default, &r, &e), OK);
	ck_assert_uint_eq(r.parts, 4);
	ck_assert_uint_eq(r.depth, 2);
	ck_assert_uint_eq(r.comments, 2);
	ck_assert_uint_eq(r.headers, 3);
	ck_assert_ptr_eq(mail + r.header_end, strstr(mail, "--q"));
	ck_assert(!r.has_nul && !r.has_bare_cr && !r.has_bare_lf && !r.has_8bit_header && !r.has_8bit_body);
}
END_TEST

START_TEST(flags)
{
	struct prescan r;
	ck_assert_int_eq(mail_prescan("A: \xE3\n\r\nb\0c\rd", 12, &prescan_default, &r, NULL), OK);
	ck_assert(r.has_nul && r.has_bare_cr && r.has_bare_lf && r.has_8bit_header && !r.has_8bit_body);
	ck_assert_int_eq(mail_prescan("", 0, &prescan_default, &r, NULL), OK);
	ck_assert_uint_eq(r.parts, 1);
	ck_assert_int_eq(mail_prescan(NULL, 0, &prescan_default, &r, NULL), OK);
}
END_TEST

START_TEST(comments)
{
	struct sb b = SB_INIT;
	sb_adds(&b, "From: ");
	for (int i = 0; i < 60; i++)
		repeat(&b, "(", 1000), sb_adds(&b, "\r\n ");
	stopped(&b, "comments");
	/* quoted, they are none; a quote inside a comment is no quote */
	sb_adds(&b, "From: \"");
	repeat(&b, "(", 90);
	sb_adds(&b, "\" <a@b>\r\n\r\n");
	passes(&b);
	sb_adds(&b, "From: (\"");
	repeat(&b, "(", 200);
	stopped(&b, "comments");
	/* people write such subjects */
	sb_adds(&b, "Subject: ");
	repeat(&b, "(", 200);
	sb_adds(&b, "\r\n\r\n");
	passes(&b);
}
END_TEST

START_TEST(million_comments)
{
	struct sb b = SB_INIT;
	sb_adds(&b, "From: ");
	repeat(&b, "(", 1000000);
	sb_adds(&b, "\r\n\r\nbody\r\n");
	stopped(&b, "header too large");
}
END_TEST

START_TEST(lines_and_fields)
{
	struct sb b = SB_INIT;
	sb_adds(&b, "X: ");
	repeat(&b, "x", 100000);
	sb_adds(&b, "\r\n\r\n");
	stopped(&b, "line too long");
	repeat(&b, "A: b\r\n", 3000);
	stopped(&b, "too many header fields");
	repeat(&b, "A: bcdefghijklmnopqrstuvwxyz\r\n", 20000);
	stopped(&b, "header too large");
}
END_TEST

static void nest(struct sb *b, unsigned levels)
{
	for (unsigned i = 0; i < levels; i++)
		sb_addf(b, "Content-Type: multipart/mixed; boundary=b%u\r\n\r\n--b%u\r\n", i, i);
	sb_adds(b, "\r\ndeep\r\n");
}

START_TEST(depth)
{
	struct sb b = SB_INIT;
	nest(&b, 20000);
	stopped(&b, "nested too deeply");
	nest(&b, 101);
	stopped(&b, "nested too deeply");
	nest(&b, 100);
	passes(&b);
	for (int i = 0; i < 5000; i++)
		sb_adds(&b, "Content-Type: message/rfc822\r\n\r\n");
	stopped(&b, "nested too deeply");
}
END_TEST

START_TEST(parts)
{
	struct sb b = SB_INIT;
	sb_adds(&b, "Content-Type: multipart/mixed; boundary=x\r\n\r\n");
	repeat(&b, "--x\r\n\r\na\r\n", 9999);
	sb_adds(&b, "--x--\r\n");
	passes(&b);
	sb_adds(&b, "Content-Type: multipart/mixed; boundary=x\r\n\r\n");
	repeat(&b, "--x\r\n\r\na\r\n", 20000);
	stopped(&b, "too many MIME parts");
}
END_TEST

/* Lines that look like boundaries under the deepest nesting. */
START_TEST(boundary_storm)
{
	struct sb b = SB_INIT;
	nest(&b, 100);
	repeat(&b, "--bx\r\n", 1000000);
	passes(&b);
	nest(&b, 100);
	sb_adds(&b, "--");
	repeat(&b, "b", 10000000);
	passes(&b);
}
END_TEST

START_TEST(size)
{
	struct prescan_limits lim = prescan_default;
	struct prescan r;
	struct err e;
	lim.size = 10;
	ck_assert_int_eq(mail_prescan("12345678901", 11, &lim, &r, &e), ERR_LIMIT);
	ck_assert_ptr_nonnull(strstr(e.msg, "too large"));
}
END_TEST

/* Whatever passes, the parser bears: the worst that is allowed, in time. */
START_TEST(parser_bears_it)
{
	struct sb b = SB_INIT;
	struct msg *m;
	nest(&b, 100);
	repeat(&b, "text\r\n", 1000000);
	ck_assert_int_eq(msg_parse(b.s, b.len, NULL, &m, NULL), OK);
	ck_assert_ptr_nonnull(msg_best_text(m));
	msg_free(&m);
	sb_reset(&b);
	sb_adds(&b, "From: ");
	repeat(&b, "<<\"a@b,;:\" ", 5000);
	sb_adds(&b, "\r\nReferences: ");
	repeat(&b, "<a@b><", 10000);
	sb_adds(&b, "\r\nSubject: ");
	repeat(&b, "=?utf-8?B?", 5000);
	sb_adds(&b, "\r\nContent-Type: text/plain");
	repeat(&b, "; charset*0*=", 3000);
	sb_adds(&b, "\r\n\r\n");
	ck_assert_int_eq(msg_parse(b.s, b.len, NULL, &m, NULL), OK);
	msg_free(&m);
	sb_free(&b);
}
END_TEST

UNIT_SUITE("mail_prescan", counts, flags, comments, million_comments, lines_and_fields, depth, parts, boundary_storm,
	   size, parser_bears_it)
