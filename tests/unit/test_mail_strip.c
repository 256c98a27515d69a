/* DESK-09: a mail's files are gone, what they were is known, and every other
 * byte is as it came. */
#include "mail/msg_strip.h"
#include "text/charset.h"
#include "text/file_kind.h"
#include "text/html.h"
#include "unit.h"
#include <stdio.h>
#include <string.h>

static struct arena *a;
static struct stripped r;
static struct sb out;

static void strip_with(const char *raw, size_t n, const struct strip_rules *rules)
{
	struct err e;
	struct msg *m;
	a = arena_new();
	out = SB_INIT;
	ck_assert_msg(msg_parse(raw, n, NULL, &m, &e) == OK, "%s", e.msg);
	msg_strip(m, rules, a, &r, &out);
	msg_free(&m);
}

static void strip(const char *raw)
{
	static const struct strip_rules rules = { .inline_image_max = 100 };
	strip_with(raw, strlen(raw), &rules);
}

static void done(void)
{
	sb_free(&out);
	arena_free(&a);
}

static void ck_has(const char *what)
{
	ck_assert_msg(strstr(out.s, what) != NULL, "no \"%s\" in:\n%s", what, out.s);
}

static void ck_hasnt(const char *what)
{
	ck_assert_msg(strstr(out.s, what) == NULL, "\"%s\" in:\n%s", what, out.s);
}

/* As staff would read it. */
static char *read_it(void)
{
	static char text[8192];
	struct msg *m;
	struct sb b = SB_INIT;
	ck_assert_int_eq(msg_parse(out.s, out.len, NULL, &m, NULL), OK);
	msg_read_text(m, &b);
	snprintf(text, sizeof text, "%s", b.s);
	sb_free(&b);
	msg_free(&m);
	return text;
}

#define HEAD "From: a@c.example\r\nTo: sodan@example.jp\r\nSubject: s\r\nMessage-ID: <x@c.example>\r\nMIME-Version: 1.0\r\n"
#define MIXED HEAD "Content-Type: multipart/mixed; boundary=B\r\n\r\n"
#define TEXT "--B\r\nContent-Type: text/plain; charset=iso-2022-jp\r\n\r\n\033$B$3$s\033(B\r\n"
/* "PK\3\4" and a line more */
#define ZIP "UEsDBBQAAAAIAAAAIQDqkP4nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\r\n"
#define MZ "TVqQAAMAAAAEAAAA//8AALgAAAAAAAAAQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\r\nAAAAAAAAgAAAAA4fug4AtAnNIbgBTM0hVGhpcw==\r\n"

START_TEST(test_a_mail_without_files_is_not_touched)
{
	static const char *const mails[] = {
		HEAD "\r\nhello\r\n",
		HEAD "\r\nbegin with this\r\nMZ is a name\r\n",
		HEAD "Content-Type: multipart/alternative; boundary=A\r\n\r\n--A\r\n\r\nx\r\n--A\r\nContent-Type: text/html\r\n\r\n<p>x\r\n--A--\r\n",
		MIXED TEXT "--B\r\nContent-Type: message/rfc822\r\n\r\nFrom: evil@x.example\r\n\r\nhttp://evil.example/\r\n--B--\r\n",
		"", "\r\n", HEAD,
	};
	for (size_t i = 0; i < sizeof mails / sizeof *mails; i++) {
		strip(mails[i]);
		ck_assert_msg(!r.changed && r.n == 0 && out.len == 0, "%s", mails[i]);
		done();
	}
}
END_TEST

START_TEST(test_a_file_becomes_a_line_about_it)
{
	strip(MIXED TEXT "--B\r\nContent-Type: application/vnd.openxmlformats-officedocument.wordprocessingml.document;\r\n"
	      " name=\"=?UTF-8?B?6KuL5rGC5pu4LmRvY3g=?=\"\r\nContent-Transfer-Encoding: base64\r\n"
	      "Content-Disposition: attachment\r\nX-Other: kept\r\n\r\n" ZIP "\r\n--B--\r\nend\r\n");
	ck_assert_uint_eq(r.n, 1);
	ck_assert_str_eq(r.v[0].name, "請求書.docx");
	ck_assert_str_eq(r.v[0].found, "ZIP 書庫");
	ck_assert_uint_eq(r.v[0].size, 57);
	ck_assert_uint_eq(r.v[0].depth, 0);
	ck_assert(memcmp(out.s, MIXED TEXT "--B\r\n", strlen(MIXED TEXT "--B\r\n")) == 0);
	ck_hasnt("UEsDB");
	ck_has("X-Other: kept\r\nX-Yorozu-File: =?UTF-8?B?");
	ck_assert(strcmp(out.s + out.len - strlen("\r\n--B--\r\nend\r\n"), "\r\n--B--\r\nend\r\n") == 0);
	ck_assert_ptr_nonnull(strstr(read_it(), "こん"));
	ck_assert_ptr_nonnull(strstr(read_it(), STRIP_MARK " 請求書.docx\n　種類："));
	ck_assert(text_is_ascii(out.s, out.len));
	done();
}
END_TEST

START_TEST(test_the_whole_mail_is_a_file)
{
	strip(HEAD "Content-Type: application/pdf; name=\"a.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERi0xLjQK\r\n");
	ck_assert_uint_eq(r.n, 1);
	ck_assert_str_eq(r.v[0].found, "PDF 文書");
	ck_assert_ptr_nonnull(strstr(read_it(), "a.pdf"));
	ck_hasnt("JVBERi");
	ck_has("Message-ID: <x@c.example>\r\n");
	done();
}
END_TEST

START_TEST(test_programs_under_a_text_label_are_files)
{
	strip(MIXED TEXT "--B\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n" MZ "--B--\r\n");
	ck_assert_uint_eq(r.n, 1);
	ck_assert_str_eq(r.v[0].found, "Windows 実行ファイル");
	ck_assert_str_eq(r.v[0].type, "text/plain");
	ck_hasnt("TVqQAAM");
	done();
	strip(MIXED TEXT "--B\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n" ZIP "--B--\r\n");
	ck_assert_uint_eq(r.n, 1);
	done();
}
END_TEST

START_TEST(test_files_in_forwarded_mails)
{
	strip(MIXED TEXT "--B\r\nContent-Type: message/rfc822\r\n\r\nReceived: from evil\r\nFrom: evil@x.example\r\nSubject: bill\r\n"
	      "Content-Type: multipart/mixed; boundary=C\r\n\r\n--C\r\n\r\nhttp://evil.example/\r\n--C\r\n"
	      "Content-Type: application/octet-stream; name=bill.exe\r\nContent-Transfer-Encoding: base64\r\n\r\n" MZ
	      "--C--\r\n--B--\r\n");
	ck_assert_uint_eq(r.n, 1);
	ck_assert_uint_eq(r.v[0].depth, 1);
	ck_assert_str_eq(r.v[0].name, "bill.exe");
	ck_has("Received: from evil\r\nFrom: evil@x.example\r\n");
	ck_has("http://evil.example/");
	ck_hasnt("TVqQAAM");
	done();
}
END_TEST

/* message/rfc822 in base64, and an .eml that a client attached as a file. */
START_TEST(test_encoded_forwards_are_opened)
{
	static const char inner[] = "From: evil@x.example\r\nSubject: bill\r\nDate: Tue, 24 Nov 2026 10:00:00 +0900\r\n"
	                            "Content-Type: multipart/mixed; boundary=C\r\n\r\n--C\r\n\r\nlook\r\n--C\r\n"
	                            "Content-Type: application/zip; name=a.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n" ZIP
	                            "--C--\r\n";
	static const char *const types[] = { "message/rfc822", "application/octet-stream; name=mail.eml" };
	for (size_t i = 0; i < 2; i++) {
		struct sb raw = SB_INIT;
		sb_addf(&raw, MIXED TEXT "--B\r\nContent-Type: %s\r\nContent-Transfer-Encoding: base64\r\n\r\n", types[i]);
		b64_encode(inner, strlen(inner), &raw);
		sb_adds(&raw, "\r\n--B--\r\n");
		strip(raw.s);
		ck_assert_uint_eq(r.n, 1);
		ck_assert_str_eq(r.v[0].name, "a.zip");
		ck_assert_uint_eq(r.v[0].depth, 1);
		struct msg *m;
		ck_assert_int_eq(msg_parse(out.s, out.len, NULL, &m, NULL), OK);
		const struct msg_part *p = m->root->child->next;
		ck_assert_int_eq(p->kind, PART_MESSAGE);
		ck_assert_str_eq(p->embedded->subject, "bill");
		ck_assert_ptr_null(memmem(p->embedded->raw, p->embedded->raw_len, "UEsDB", 5));
		msg_free(&m);
		sb_free(&raw);
		done();
	}
}
END_TEST

START_TEST(test_pictures)
{
	static const char mail[] = MIXED TEXT
		"--B\r\nContent-Type: image/png; name=logo.png\r\nContent-ID: <logo>\r\nContent-Transfer-Encoding: base64\r\n\r\n"
		"iVBORw0KGgoAAAANSUhEUg==\r\n"
		"--B\r\nContent-Type: image/jpeg; name=shot.jpg\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\n"
		"/9j/4AAQSkZJRgABAQAAAQABAAD=\r\n"
		"--B\r\nContent-Type: image/png; name=evil.png\r\nContent-ID: <evil>\r\nContent-Transfer-Encoding: base64\r\n\r\n"
		ZIP "--B\r\nContent-Type: image/svg+xml\r\nContent-ID: <svg>\r\n\r\n<svg onload=x>\r\n--B--\r\n";
	strip(mail);
	ck_assert_uint_eq(r.n, 3); /* the logo stays */
	ck_assert_str_eq(r.v[0].name, "shot.jpg");
	ck_assert_str_eq(r.v[1].name, "evil.png");
	ck_has("iVBORw0KGgo");
	done();
	struct strip_rules keep = { .keep_images = true };
	strip_with(mail, strlen(mail), &keep);
	ck_assert_uint_eq(r.n, 2);
	ck_has("/9j/4AAQ");
	done();
	struct strip_rules none = { .inline_image_max = 0 };
	strip_with(mail, strlen(mail), &none);
	ck_assert_uint_eq(r.n, 4);
	done();
}
END_TEST

START_TEST(test_an_alternative_keeps_its_text)
{
	strip(HEAD "Content-Type: multipart/alternative; boundary=B\r\n\r\n--B\r\n\r\nthe text\r\n--B\r\nContent-Type: text/html\r\n\r\n"
	      "<p>the text\r\n--B\r\nContent-Type: text/calendar; name=invite.ics\r\n\r\nBEGIN:VCALENDAR\r\n--B--\r\n");
	ck_assert_uint_eq(r.n, 1);
	ck_hasnt("VCALENDAR");
	ck_hasnt(STRIP_FIELD);
	ck_assert_str_eq(read_it(), "the text");
	done();
}
END_TEST

/* Its calendar goes; what it says is said in the texts beside it, whichever is shown. */
START_TEST(test_an_invitation_is_told_in_its_texts)
{
	static const char event[] = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nSUMMARY:定例 <1>\r\nDTSTART:20261127T010000Z\r\n"
				    "DURATION:PT1H30M\r\nLOCATION:会議室\r\nDESCRIPTION:https://meet.example/j/1\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
	static const char *const page[] = { "Content-Type: text/html; charset=iso-2022-jp\r\n\r\n<body><p>the text</p></body>\r\n",
		                            "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\nPHA+dGhlIHRleHQ8L3A+\r\n" };
	for (size_t i = 0; i < 2; i++) {
		struct sb raw = SB_INIT;
		sb_addf(&raw, HEAD "Content-Type: multipart/alternative; boundary=B\r\n\r\n--B\r\n\r\nthe text\r\n--B\r\n%s--B\r\n"
		        "Content-Type: text/calendar; charset=utf-8\r\n\r\n%s--B--\r\n", page[i], event);
		strip(raw.s);
		ck_hasnt("VCALENDAR");
		ck_assert_ptr_nonnull(strstr(read_it(), "the text\n\n［予定への招待］\n　件名：定例 <1>\n　日時：2026年11月27日（金）10:00～11:30\n"
		                                        "　場所：会議室\n　リンク：https://meet.example/j/1\n"));
		struct msg *m;
		struct sb html = SB_INIT, text = SB_INIT;
		ck_assert_int_eq(msg_parse(out.s, out.len, NULL, &m, NULL), OK);
		msg_part_text(msg_best_html(m), &html);
		text_from_html(html.s, html.len, &text);
		ck_assert_ptr_nonnull(strstr(text.s, "　件名：定例 <1>\n　日時：2026年11月27日（金）10:00～11:30\n　場所：会議室\n"));
		sb_free(&html), sb_free(&text), sb_free(&raw);
		msg_free(&m);
		done();
	}
}
END_TEST

/* A reader that does not know the type would save or run it. */
START_TEST(test_other_texts_become_plain)
{
	strip(MIXED TEXT "--B\r\nContent-Type: text/x-anything; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n44Gv44GE\r\n"
	      "--B\r\nContent-Type: application/xhtml+xml\r\n\r\n<p onclick=\"x()\">page</p>\r\n"
	      "--B\r\nContent-Type: text/javascript\r\n\r\nrun()\r\n--B--\r\n");
	ck_assert_uint_eq(r.n, 1);
	ck_assert_str_eq(r.v[0].type, "text/javascript");
	ck_hasnt("anything");
	ck_hasnt("xhtml");
	ck_hasnt("onclick");
	ck_assert_ptr_nonnull(strstr(read_it(), "こん\nはい\npage\n"));
	done();
	strip(HEAD "Content-Type: multipart/alternative; boundary=B\r\n\r\n--B\r\nContent-Type: text/html\r\n\r\n<p>the text\r\n"
	      "--B\r\nContent-Type: text/x-anything\r\n\r\nsomething else\r\n--B--\r\n");
	ck_hasnt("something else");
	ck_assert_str_eq(read_it(), "the text\n");
	done();
}
END_TEST

START_TEST(test_files_inside_a_text)
{
	strip(HEAD "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n見てください\r\nbegin 644 資料.txt\r\n%:&5L;&\\`\r\n`\r\nend\r\n以上\r\n");
	ck_assert_uint_eq(r.n, 1);
	ck_assert_str_eq(r.v[0].name, "資料.txt");
	ck_assert_uint_eq(r.v[0].size, 5);
	ck_hasnt("begin 644");
	ck_assert_ptr_nonnull(strstr(read_it(), "見てください\n" STRIP_MARK " 資料.txt\n"));
	ck_assert_ptr_nonnull(strstr(read_it(), "\n以上\n"));
	done();
	strip(HEAD "\r\nbegin 644 a.txt\r\n%:&5L;&\\`\r\n`\r\nend\r\n"); /* no charset: ASCII */
	ck_has("[attached file removed] 5 bytes\r\n");
	done();
	strip(HEAD "Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n\033$B$3$s\033(B\r\n" MZ "bye\r\n");
	ck_assert_uint_eq(r.n, 1);
	ck_assert_str_eq(r.v[0].found, "Windows 実行ファイル");
	ck_assert_ptr_nonnull(strstr(read_it(), STRIP_MARK));
	ck_assert_ptr_nonnull(strstr(read_it(), "\nbye\n"));
	done();
}
END_TEST

/* No boundary ever comes: the tree is one text, and the file is in it. */
START_TEST(test_broken_mime)
{
	strip(HEAD "Content-Type: multipart/mixed; boundary=WRONG\r\n\r\n" TEXT "--B\r\nContent-Type: application/x-msdownload; name=x.exe\r\n"
	      "Content-Transfer-Encoding: base64\r\n\r\n" MZ "--B--\r\n");
	ck_assert_uint_eq(r.n, 1);
	ck_assert_str_eq(r.v[0].found, "Windows 実行ファイル");
	ck_hasnt("TVqQAAM");
	done();
	strip(MIXED TEXT "--B\r\nContent-Type: application/zip; name=x.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n" ZIP); /* no end */
	ck_assert_uint_eq(r.n, 1);
	ck_hasnt("UEsDB");
	done();
}
END_TEST

START_TEST(test_what_nobody_looks_at)
{
	struct sb raw = SB_INIT;
	sb_adds(&raw, MIXED);
	for (int i = 0; i < 100; i++)
		sb_adds(&raw, ZIP);
	sb_adds(&raw, TEXT "--B--\r\n");
	for (int i = 0; i < 100; i++)
		sb_adds(&raw, ZIP);
	strip(raw.s);
	ck_assert(r.changed);
	ck_assert_str_eq(out.s, MIXED TEXT "--B--\r\n");
	sb_free(&raw);
	done();
}
END_TEST

START_TEST(test_signatures_and_reports_stay)
{
	strip(HEAD "Content-Type: multipart/signed; protocol=\"application/pgp-signature\"; boundary=B\r\n\r\n" TEXT
	      "--B\r\nContent-Type: application/pgp-signature; name=signature.asc\r\n\r\n-----BEGIN PGP SIGNATURE-----\r\n--B--\r\n");
	ck_assert(!r.changed);
	done();
	strip(MIXED TEXT "--B\r\nContent-Type: message/delivery-status\r\n\r\nStatus: 5.1.1\r\n--B--\r\n");
	ck_assert(!r.changed);
	done();
	strip(MIXED TEXT "--B\r\nContent-Type: application/pkcs7-signature; name=smime.p7s\r\nContent-Transfer-Encoding: base64\r\n\r\n" MZ "--B--\r\n");
	ck_assert_uint_eq(r.n, 1);
	done();
}
END_TEST

static void strip_file(const char *path)
{
	static const struct strip_rules rules = { .inline_image_max = 100 };
	static char raw[1 << 16];
	FILE *f = fopen(path, "r");
	ck_assert_ptr_nonnull(f);
	size_t n = fread(raw, 1, sizeof raw, f);
	fclose(f);
	strip_with(raw, n, &rules);
}

/* A signature around the whole mail hides nothing from staff, and no file from us. */
START_TEST(test_a_wrapping_goes_and_its_text_stays)
{
	strip_file("tests/golden/mail/smime-opaque.eml");
	ck_assert_uint_eq(r.n, 1);
	ck_assert_str_eq(r.v[0].name, "list.csv");
	ck_has("From: Suzuki <suzuki@smime.example>");
	ck_hasnt("pkcs7-mime");
	ck_assert_ptr_nonnull(strstr(read_it(), "署名を付けてお送りします。"));
	ck_assert_ptr_nonnull(strstr(read_it(), STRIP_MARK " list.csv"));
	done();

	strip_file("tests/golden/mail/tnef-text-and-files.eml");
	ck_assert_uint_eq(r.n, 2);
	ck_assert_str_eq(r.v[0].name, "見積もり 一覧.csv");
	ck_assert_str_eq(r.v[1].name, "note.txt");
	ck_hasnt("ms-tnef");
	ck_assert_ptr_nonnull(strstr(read_it(), "見積もりの表(①～③)をお送りします。"));
	ck_assert_ptr_nonnull(strstr(read_it(), "添付した予定の本文"));
	done();
}
END_TEST

START_TEST(test_what_is_encrypted_is_said_to_be)
{
	strip_file("tests/golden/mail/smime-encrypted.eml");
	ck_assert_uint_eq(r.n, 1);
	ck_assert_ptr_nonnull(strstr(read_it(), STRIP_MARK " smime.p7m"));
	ck_assert_ptr_nonnull(strstr(read_it(), "暗号化されており、こちらには復号する鍵がないため"));
	done();
}
END_TEST

START_TEST(test_a_storm_of_files_is_bounded)
{
	struct sb raw = SB_INIT;
	sb_adds(&raw, HEAD "\r\n");
	for (int i = 0; i < 2000; i++)
		sb_adds(&raw, "begin 644 a\r\n%:&5L;&\\`\r\n`\r\nend\r\n");
	strip(raw.s);
	ck_assert_uint_eq(r.n, STRIP_FILES_MAX);
	ck_assert_uint_eq(r.more, 2000 - STRIP_FILES_MAX);
	ck_hasnt("begin 644");
	sb_free(&raw);
	done();
}
END_TEST

/* Names come from strangers: nothing in them may turn a line round. */
START_TEST(test_names_are_safe_to_show)
{
	strip(MIXED TEXT "--B\r\nContent-Type: application/octet-stream;\r\n name*=UTF-8''a%E2%80%AEcod.exe%0D%0AX-Evil%3A%20y\r\n\r\nx\r\n--B--\r\n");
	ck_assert_uint_eq(r.n, 1);
	ck_assert_ptr_null(strstr(r.v[0].name, "\xE2\x80\xAE"));
	ck_hasnt("\r\nX-Evil");
	done();
}
END_TEST

START_TEST(test_kinds)
{
	ck_assert_ptr_null(file_kind_of("", 0));
	ck_assert_ptr_null(file_kind_of("MZ is a name", 12));
	ck_assert_ptr_null(file_kind_of("BM", 2));
	ck_assert_str_eq(file_kind_of("PK\3\4\24\0\1\0", 8)->name, "ZIP 書庫 (パスワード付き)");
	ck_assert_str_eq(file_kind_of("PK\3\4\24\0\0\0[Content_Types].xml", 28)->name, "Office 文書");
	ck_assert_str_eq(file_kind_of("\x1F\x8B\x08", 3)->type, "application/gzip");
	ck_assert(file_kind_of("RIFF\1\1\1\1WEBP", 12)->picture);
}
END_TEST

UNIT_SUITE("mail_strip", test_a_mail_without_files_is_not_touched, test_a_file_becomes_a_line_about_it,
           test_the_whole_mail_is_a_file, test_programs_under_a_text_label_are_files, test_files_in_forwarded_mails,
           test_encoded_forwards_are_opened, test_pictures, test_an_alternative_keeps_its_text,
           test_an_invitation_is_told_in_its_texts, test_other_texts_become_plain, test_files_inside_a_text,
           test_broken_mime, test_what_nobody_looks_at, test_signatures_and_reports_stay,
           test_a_wrapping_goes_and_its_text_stays, test_what_is_encrypted_is_said_to_be, test_a_storm_of_files_is_bounded,
           test_names_are_safe_to_show, test_kinds)
