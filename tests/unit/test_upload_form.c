/* What browsers and others send: multipart bodies, file names, small forms. */
#include "base/arena.h"
#include "form.h"
#include "multipart.h"
#include "text/file_name.h"
#include "text_util.h"
#include "unit.h"
#include <stdio.h>
#include <string.h>

/* ---- multipart ---------------------------------------------------------------------- */

/* What came out, as text: name|filename|type[bytes] */
static struct sb seen;

static enum status on_begin(void *arg, const struct multipart_head *h, struct err *e)
{
	(void)arg, (void)e;
	sb_addf(&seen, "%s|%s|%s[", h->name, h->filename ? h->filename : "-", h->type);
	return OK;
}

static enum status on_data(void *arg, const void *p, size_t n, struct err *e)
{
	(void)arg, (void)e;
	sb_add(&seen, p, n);
	return OK;
}

static enum status on_end(void *arg, struct err *e)
{
	(void)arg, (void)e;
	sb_addc(&seen, ']');
	return OK;
}

static const struct multipart_sink sink = { on_begin, on_data, on_end };
#define TYPE "multipart/form-data; boundary=B"

static enum status run(const char *type, const char *body, size_t n, size_t piece)
{
	struct err e;
	struct multipart *m = multipart_new(type, &sink, NULL);
	enum status st = m ? OK : ERR_BUG;
	seen = SB_INIT;
	for (size_t at = 0; st == OK && at < n; at += piece)
		st = multipart_feed(m, body + at, piece < n - at ? piece : n - at, &e);
	if (st == OK)
		st = multipart_finish(m, &e);
	multipart_free(&m);
	return st;
}

START_TEST(parts_come_out_whatever_the_pieces)
{
	static const struct { const char *body, *want; } rows[] = {
		{ "--B\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a.txt\"\r\nContent-Type: Text/Plain; charset=x\r\n\r\nhello\r\n--B--\r\n",
		  "files|a.txt|text/plain[hello]" },
		{ "--B\r\ncontent-disposition: form-data; name=x\r\n\r\n\r\n--B\r\nContent-Disposition: form-data; name=y\r\n\r\n2\r\n--B--",
		  "x|-|[]y|-|[2]" },
		{ "before\r\n--B \t\r\nContent-Disposition: form-data; name=f; filename=\"\"\r\n\r\n\r\n--B--after", "f||[]" },
		{ "--B\r\nContent-Disposition: form-data; name=f; filename=\"a%22b.txt\"\r\n\r\n\r\n--A\r\n-\r\n--\r\n\r\n--B--", "f|a\"b.txt|[\r\n--A\r\n-\r\n--\r\n]" },
		{ "--B\r\nContent-Disposition: form-data; name=f; filename=\"写真.jpg\"\r\n\r\n\r\n\r\n--B--", "f|写真.jpg|[\r\n]" },
		{ "--B\r\nContent-Disposition: form-data; name=f; filename*=UTF-8''%E5%86%99.jpg\r\n\r\nx\r\n--B--", "f|写.jpg|[x]" },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		for (size_t piece = 1; piece <= strlen(rows[i].body); piece++) {
			ck_assert_int_eq(run(TYPE, rows[i].body, strlen(rows[i].body), piece), OK);
			ck_assert_str_eq(seen.s, rows[i].want);
			sb_free(&seen);
		}
}
END_TEST

START_TEST(bytes_are_not_text)
{
	static char body[70000];
	struct sb b = SB_INIT;
	for (size_t i = 0; i < sizeof body; i++)
		body[i] = (char)(i * 7 + (i >> 8));
	sb_adds(&b, "--B\r\nContent-Disposition: form-data; name=f; filename=a\r\n\r\n");
	sb_add(&b, body, sizeof body);
	sb_adds(&b, "\r\n--B--\r\n");
	ck_assert_int_eq(run(TYPE, b.s, b.len, 1000), OK);
	ck_assert_uint_eq(seen.len, sizeof body + 6);
	ck_assert_mem_eq(seen.s + 5, body, sizeof body);
	sb_free(&seen);
	sb_free(&b);
}
END_TEST

START_TEST(broken_bodies)
{
	static const struct { const char *body; enum status want; } rows[] = {
		{ "", ERR_PERM },
		{ "--B", ERR_PERM },
		{ "--B\r\nContent-Disposition: form-data; name=f; filename=a\r\n\r\nhel", ERR_PERM },
		{ "--B\r\nContent-Disposition: form-data; name=f; filename=a\r\n\r\nhello\r\n--B", ERR_PERM },
		{ "--B\r\nContent-Type: text/plain\r\n\r\nx\r\n--B--", ERR_PERM },
		{ "--B\r\n\r\nx\r\n--B--", ERR_PERM },
		{ "--Bx\r\nContent-Disposition: form-data; name=f\r\n\r\nx\r\n--B--", ERR_PERM },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		ck_assert_msg(run(TYPE, rows[i].body, strlen(rows[i].body), 3) == rows[i].want, "%s", rows[i].body);
		sb_free(&seen);
	}
	static const char *const types[] = { "", "text/plain", "multipart/form-data", "multipart/form-data; boundary=\"\"",
		"multipart/form-data; boundary=aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggggggggghh" };
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		ck_assert_ptr_null(multipart_new(types[i], &sink, NULL));
	ck_assert_ptr_null(multipart_new(NULL, &sink, NULL));
}
END_TEST

START_TEST(bounds)
{
	struct sb b = SB_INIT;
	sb_adds(&b, "--B\r\nContent-Disposition: form-data; name=f\r\nX: ");
	for (int i = 0; i < 9000; i++)
		sb_addc(&b, 'x');
	ck_assert_int_eq(run(TYPE, b.s, b.len, 500), ERR_LIMIT);
	sb_free(&seen);
	sb_reset(&b);
	for (int i = 0; i < 300; i++)
		sb_adds(&b, "--B\r\nContent-Disposition: form-data; name=f\r\n\r\n\r\n");
	sb_adds(&b, "--B--");
	ck_assert_int_eq(run(TYPE, b.s, b.len, 500), ERR_LIMIT);
	sb_free(&seen);
	sb_free(&b);
}
END_TEST

/* ---- names ------------------------------------------------------------------------------ */

START_TEST(names_of_strangers)
{
	static const struct { const char *raw, *want; } rows[] = {
		{ "a.txt", "a.txt" },
		{ "請求書.xlsm", "請求書.xlsm" },
		{ "../../etc/passwd", "passwd" },
		{ "C:\\Users\\tanaka\\表.doc", "表.doc" },
		{ "/", "名称なし" },
		{ "..", "名称なし" },
		{ "", "名称なし" },
		{ "   ", "名称なし" },
		{ "a\r\nSet-Cookie: x", "a  Set-Cookie: x" },
		{ "photo\xE2\x80\xAEgpj.exe", "photo[U+202E]gpj.exe" },
		{ "\x90\xBF\x8B\x81\x8F\x91.pdf", "請求書.pdf" }, /* CP932 */
		{ "<b>\"'&.txt", "<b>\"'&.txt" },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct sb out = SB_INIT;
		file_name_clean(rows[i].raw, strlen(rows[i].raw), &out);
		ck_assert_str_eq(out.s, rows[i].want);
		sb_free(&out);
	}
}
END_TEST

START_TEST(a_long_name_keeps_its_ending)
{
	struct sb raw = SB_INIT, out = SB_INIT;
	for (int i = 0; i < 400; i++)
		sb_adds(&raw, "長");
	sb_adds(&raw, ".xlsx");
	file_name_clean(raw.s, raw.len, &out);
	size_t n = 0;
	for (size_t i = 0; i < out.len; i++)
		n += (out.s[i] & 0xC0) != 0x80;
	ck_assert_uint_eq(n, FILE_NAME_CHARS);
	ck_assert_str_eq(out.s + out.len - strlen("長….xlsx"), "長….xlsx");
	sb_free(&raw);
	sb_free(&out);
}
END_TEST

START_TEST(the_name_to_save_under)
{
	struct sb out = SB_INIT;
	file_name_disposition("請 \"求;.txt", &out);
	ck_assert_str_eq(out.s, "attachment; filename=\"_ ___.txt\"; filename*=UTF-8''%E8%AB%8B%20%22%E6%B1%82%3B.txt");
	sb_free(&out);
}
END_TEST

/* ---- small forms ---------------------------------------------------------------------------- */

START_TEST(fields)
{
	static const struct { const char *form, *name, *want; } rows[] = {
		{ "file=12&password=a+b%26c", "password", "a b&c" },
		{ "file=12&password=a+b%26c", "file", "12" },
		{ "p%61ss=1", "pass", "1" },
		{ "a=%", "a", "%" },
		{ "a=%4", "a", "%4" },
		{ "a=%zz&a=2", "a", "%zz" },
		{ "a=", "a", "" },
		{ "a=%E3%81%82", "a", "あ" },
		{ "a=%FF", "a", "\xEF\xBF\xBD" },
		{ "a", "a", NULL },
		{ "", "a", NULL },
		{ "&&&=", "a", NULL },
		{ "a=%00x", "a", NULL },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct sb out = SB_INIT;
		bool found = form_field(rows[i].form, strlen(rows[i].form), rows[i].name, &out);
		ck_assert_msg(found == (rows[i].want != NULL), "%s", rows[i].form);
		if (found)
			ck_assert_str_eq(out.s, rows[i].want);
		sb_free(&out);
	}
	ck_assert_int_eq(form_number("file=12", 7, "file"), 12);
	ck_assert_int_eq(form_number("file=-1", 7, "file"), 0);
	ck_assert_int_eq(form_number("file=1x", 7, "file"), 0);
	ck_assert_int_eq(form_number("file=99999999999999999999", 25, "file"), 0);
	ck_assert_int_eq(form_number("x=1", 3, "file"), 0);
}
END_TEST

UNIT_SUITE("upload_form", parts_come_out_whatever_the_pieces, bytes_are_not_text, broken_bodies, bounds, names_of_strangers,
           a_long_name_keeps_its_ending, the_name_to_save_under, fields)
