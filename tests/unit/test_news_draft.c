/*
 * MAG-04: drafts as editors' mail clients make them, shapes of our own after
 * those of Outlook, Thunderbird, Gmail and Apple Mail.
 */
#include "unit.h"
#include "mail/news_draft.h"
#include "mail/msg_parse.h"
#include <stdio.h>
#include <string.h>

static struct msg *m;
static struct news_draft d;

#define HEAD "From: mori@example.jp\nTo: henshu@example.jp\nSubject: [2] Number\nMessage-ID: <d@pc>\nMIME-Version: 1.0\n"
#define PNG "Content-Transfer-Encoding: base64\n\niVBORw0KGgo=\n"

static void read_draft(const char *raw)
{
	struct err e;
	ck_assert_int_eq(msg_parse(raw, strlen(raw), &prescan_default, &m, &e), OK);
	news_draft_read(m, m->arena, &d);
}

static void has(const char *where, const char *what)
{
	ck_assert_msg(where && strstr(where, what), "no \"%s\" in: %s", what, where ? where : "(nothing)");
}

static void hasnt(const char *where, const char *what)
{
	ck_assert_msg(where && !strstr(where, what), "\"%s\" in: %s", what, where ? where : "(nothing)");
}

START_TEST(outlook)
{
	read_draft(HEAD "Content-Type: multipart/related; boundary=R; type=\"multipart/alternative\"\n\n"
	           "--R\nContent-Type: multipart/alternative; boundary=A\n\n"
	           "--A\nContent-Type: text/plain; charset=\"iso-2022-jp\"\n\n\x1b$B$3$s$K$A$O\x1b(B [cid:image001.png@01DC5E00.12345678]\n"
	           "--A\nContent-Type: text/html; charset=\"iso-2022-jp\"\n\n"
	           "<html xmlns:o=\"urn:schemas-microsoft-com:office:office\"><head>"
	           "<META HTTP-EQUIV=\"Content-Type\" CONTENT=\"text/html; charset=iso-2022-jp\"><meta name=Generator content=\"Microsoft Word 15\"></head>"
	           "<body lang=JA><p class=MsoNormal>\x1b$B$3$s$K$A$O\x1b(B<o:p></o:p></p><img src=\"cid:image001.png@01DC5E00.12345678\" alt=\"x\"></body></html>\n"
	           "--A--\n--R\nContent-Type: image/png; name=\"image001.png\"\nContent-ID: <image001.png@01DC5E00.12345678>\n" PNG
	           "--R\nContent-Type: image/png; name=\"image001.png\"\nContent-ID: <image001.png@01DC5E00>\n" PNG "--R--\n");
	ck_assert_str_eq(d.text, "こんにちは "); /* no name of a picture */
	has(d.html, "こんにちは");
	has(d.html, "CONTENT=\"text/html; charset=utf-8\"");
	has(d.html, "<meta name=Generator content=\"Microsoft Word 15\">");
	hasnt(d.html, "iso-2022-jp");
	ck_assert(!d.text_made);
	ck_assert_uint_eq(d.nfiles, 2);
	ck_assert_uint_eq(d.nattached, 1); /* the beginning of another's Content-ID is not its own */
	ck_assert(news_draft_is_picture(&d.files[0]));
	msg_free(&m);
}
END_TEST

START_TEST(thunderbird)
{
	read_draft(HEAD "Content-Type: multipart/alternative; boundary=A\n\n"
	           "--A\nContent-Type: text/plain; charset=UTF-8; format=flowed\n\nこれは長い段落で、\nflowed text goes \non and on.\n"
	           "--A\nContent-Type: multipart/related; boundary=R\n\n"
	           "--R\nContent-Type: text/html; charset=UTF-8\n\n<!DOCTYPE html><html><head><meta charset='Shift_JIS'></head>"
	           "<body><p>段落</p><img moz-do-not-send=\"false\" src=\"cid:part1.AbC.dEf@example.jp\" alt=\"\"></body></html>\n"
	           "--R\nContent-Type: image/png; name=a.png\nContent-Id: <part1.AbC.dEf@example.jp>\nContent-Disposition: inline; filename=a.png\n" PNG
	           "--R--\n--A--\n");
	has(d.text, "flowed text goes on and on.");
	has(d.html, "<meta charset='utf-8'>");
	ck_assert_uint_eq(d.nattached, 0);
	ck_assert_uint_eq(d.nfiles, 1);
	msg_free(&m);
}
END_TEST

START_TEST(gmail)
{
	read_draft(HEAD "Content-Type: multipart/related; boundary=R\n\n"
	           "--R\nContent-Type: multipart/alternative; boundary=A\n\n--A\nContent-Type: text/plain; charset=\"UTF-8\"\n\n[image: 図]\n*今週*\n"
	           "--A\nContent-Type: text/html; charset=\"UTF-8\"\n\n<div dir=\"ltr\"><img src=\"cid:ii_mabc1\" alt=\"図\"><br><b>今週</b></div>\n--A--\n"
	           "--R\nContent-Type: image/png; name=\"図.png\"\nContent-Disposition: attachment; filename=\"图.png\"\nX-Attachment-Id: ii_mabc1\n"
	           "Content-ID: <ii_mabc1>\n" PNG "--R--\n");
	has(d.html, "<b>今週</b>");
	hasnt(d.html, "charset");
	ck_assert_uint_eq(d.nattached, 0);
	ck_assert_uint_eq(d.nfiles, 1);
	msg_free(&m);
}
END_TEST

/* A page before the picture, and one behind it. */
START_TEST(apple_mail)
{
	read_draft(HEAD "Content-Type: multipart/alternative; boundary=A\n\n"
	           "--A\nContent-Type: text/plain; charset=utf-8\n\n前の文\n\n\n後の文\n"
	           "--A\nContent-Type: multipart/mixed; boundary=M\n\n"
	           "--M\nContent-Type: text/html; charset=us-ascii\n\n<html><head><meta http-equiv=\"content-type\" content=\"text/html; charset=us-ascii\"></head>"
	           "<body>before<br></body></html>\n"
	           "--M\nContent-Type: image/png; name=a.png\nContent-Disposition: inline; filename=a.png\n" PNG
	           "--M\nContent-Type: text/html; charset=utf-8\n\n<html><head><meta charset=utf-8></head><body style=\"x\">後の文</body></html>\n--M--\n--A--\n");
	has(d.html, "<body>before<br>後の文</body></html>");
	ck_assert_uint_eq(d.nattached, 1);
	msg_free(&m);
	/* the same without an alternative: the text is in two parts */
	read_draft(HEAD "Content-Type: multipart/mixed; boundary=M\n\n--M\nContent-Type: text/plain; charset=utf-8\n\n前の文\n"
	           "--M\nContent-Type: image/png; name=a.png\nContent-Disposition: inline; filename=a.png\n" PNG
	           "--M\nContent-Type: text/plain; charset=utf-8\n\n後の文\n--M--\n");
	has(d.text, "前の文\n");
	has(d.text, "\n後の文");
	ck_assert_ptr_null(d.html);
	msg_free(&m);
}
END_TEST

START_TEST(names_of_pictures)
{
	read_draft(HEAD "Content-Type: text/plain\n\na\n[cid:image001.png@01]\nb [cid:x] c\n[cid:open\n[cid:]\n[cid:last]");
	ck_assert_str_eq(d.text, "a\nb  c\n[cid:open\n");
	msg_free(&m);
}
END_TEST

START_TEST(pages_that_are_broken)
{
	static const char *const pages[] = { "<meta", "<meta charset", "<meta charset=", "<meta charset=\"", "<meta charset>x", "<meta name=a><meta charset=sjis",
		                             "</body", "<body", "x</body></body>" };
	for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
		char raw[600];
		snprintf(raw, sizeof raw, HEAD "Content-Type: multipart/mixed; boundary=M\n\n--M\nContent-Type: text/html\n\n%s\n--M\nContent-Type: text/html\n\n%s\n--M--\n",
		         pages[i], pages[i]);
		read_draft(raw);
		ck_assert_ptr_nonnull(d.html);
		hasnt(d.html, "sjis");
		msg_free(&m);
	}
}
END_TEST

#define WITH_FILES(file, cid)                                                                                                          \
	"Content-Type: multipart/mixed; boundary=M\n\n--M\nContent-Type: text/html\n\n<img src='cid:" cid "'>\n"                          \
	"--M\nContent-Type: image/png\nContent-ID: <" cid ">\nContent-Disposition: inline; filename=p.png\n" PNG                         \
	"--M\nContent-Type: application/pdf\nContent-Disposition: attachment; filename=" file "\n" PNG "--M--\n"

/* What is kept of a draft is kept without its mail: the next mail takes the place of what was freed. */
START_TEST(outlives_its_mail)
{
	static const char first[] = HEAD WITH_FILES("september.pdf", "picture-one"), next[] = HEAD WITH_FILES("elsewhere.pdf", "picture-two");
	struct arena *a = arena_new();
	struct err e;
	ck_assert_int_eq(msg_parse(first, strlen(first), &prescan_default, &m, &e), OK);
	news_draft_read(m, a, &d);
	msg_free(&m);
	ck_assert_int_eq(msg_parse(next, strlen(next), &prescan_default, &m, &e), OK);
	ck_assert_uint_eq(d.nfiles, 2);
	ck_assert_str_eq(d.subject, "Number");
	ck_assert_str_eq(d.files[0].content_id, "picture-one");
	ck_assert_str_eq(d.files[0].type, "image/png");
	ck_assert(news_draft_is_picture(&d.files[0]));
	ck_assert_str_eq(news_draft_name(&d.files[1], a), "september.pdf");
	ck_assert_str_eq(d.files[1].type, "application/pdf");
	msg_free(&m);
	arena_free(&a);
}
END_TEST

UNIT_SUITE("news_draft", outlives_its_mail, outlook, thunderbird, gmail, apple_mail, names_of_pictures, pages_that_are_broken)
