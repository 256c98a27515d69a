/* JSON: what is read, what is refused and where, what is written. */
#include "base/arena.h"
#include "text/json.h"
#include "text/json_put.h"
#include "unit.h"
#include <stdio.h>
#include <string.h>

/* Everything read by the typed calls and written again. */
static void copy_value(struct json *j, struct json_put *o)
{
	struct json_str s;
	char buf[256];
	int64_t i = 0;
	double d = 0;
	bool b = false;
	switch (json_peek(j)) {
	case JSON_OBJECT:
		json_object(j);
		json_put_open(o, '{');
		while (json_key(j, &s)) {
			json_copy(&s, buf, sizeof buf);
			json_put_key(o, buf);
			copy_value(j, o);
		}
		json_put_close(o, '}');
		break;
	case JSON_ARRAY:
		json_array(j);
		json_put_open(o, '[');
		while (json_item(j))
			copy_value(j, o);
		json_put_close(o, ']');
		break;
	case JSON_STRING:
		if (json_string(j, &s)) {
			json_copy(&s, buf, sizeof buf);
			json_put_text(o, buf);
		}
		break;
	case JSON_NUMBER: {
		struct json peeked = *j;
		if (json_number(&peeked, &s) && (memchr(s.s, '.', s.n) || memchr(s.s, 'e', s.n) || memchr(s.s, 'E', s.n)))
			json_double(j, &d), json_put_double(o, d);
		else
			json_int(j, &i), json_put_int(o, i);
		break;
	}
	case JSON_BOOL:
		json_bool(j, &b);
		json_put_bool(o, b);
		break;
	default:
		if (json_null(j))
			json_put_null(o);
		else
			json_skip(j);
	}
}

/* The value again, or "!" and the error; skipping must say the same. */
static void reads(const void *p, size_t n, const char *want)
{
	struct sb out = SB_INIT;
	struct json_put o = { &out, false };
	struct json j;
	struct err e, skipped;
	char *exact = malloc(n ? n : 1); /* so that AddressSanitizer sees a step too far */
	memcpy(exact, p, n);
	json_init(&j, exact, n, 4);
	copy_value(&j, &o);
	if (json_end(&j, &e) != OK) {
		sb_reset(&out);
		sb_addf(&out, "!%s", e.msg);
	}
	ck_assert_str_eq(out.s, want);
	json_init(&j, exact, n, 4);
	enum status st = json_end(&j, &skipped);
	ck_assert_int_eq(st == OK, out.s[0] != '!');
	if (st != OK)
		ck_assert_str_eq(skipped.msg, e.msg);
	free(exact);
	sb_free(&out);
}
#define READS(text, want) reads(text, sizeof(text) - 1, want)
#define SAME(text) READS(text, text)

START_TEST(values)
{
	SAME("{}");
	SAME("[]");
	SAME("[1,-2,0,true,false,null,\"a\"]");
	SAME("{\"a\":{\"b\":[[],{}]},\"\":1}");
	SAME("\"root\"");
	SAME("9223372036854775807");
	SAME("-9223372036854775808");
	READS(" { \"a\" :\t1 ,\r\n\"b\": [ ] } \n", "{\"a\":1,\"b\":[]}");
	READS("\xEF\xBB\xBF[1]", "[1]");
	READS("[0.5,1e3,-1.25E-2,1e-999,-0.0]", "[0.5,1000,-0.0125,0,-0]");
	READS("[0.1,1.7976931348623157e308]", "[0.1,1.7976931348623157e+308]");
	SAME("{\"a\":1,\"a\":2}");
}
END_TEST

START_TEST(strings)
{
	SAME("\"日本語のファイル名.xlsx\"");
	SAME("\"é𠮷😀\"");
	READS("\"\\u65e5\\u672C\\ud842\\udfb7\\/\\b\\f\\n\\r\\t\\\"\\\\\"", "\"日本𠮷/\\b\\f\\n\\r\\t\\\"\\\\\"");
	READS("\"a\\u0000b\"", "\"a\xEF\xBF\xBD" "b\"");
	READS("\"\\u001f\x7f\"", "\"\\u001f\x7f\"");
	SAME("\"0123456789abcdef\"");  /* the stride of 16 */
	SAME("\"0123456789abcde\"");
	SAME("\"0123456789abcdef0\"");
	SAME("\"0123456789abcd日本\"");
	SAME("\"0123456789abcdef0123456789abcde\\\"\"");
}
END_TEST

START_TEST(refused)
{
	READS("", "!JSON, byte 0: a value is missing");
	READS("  ", "!JSON, byte 2: a value is missing");
	READS("{\"a\":1,}", "!JSON, byte 7: a member's name is expected");
	READS("[1,]", "!JSON, byte 3: a value is missing");
	READS("[,1]", "!JSON, byte 1: a value is missing");
	READS("[1 2]", "!JSON, byte 3: a comma or the end of a list is expected");
	READS("{\"a\" 1}", "!JSON, byte 5: a colon is expected");
	READS("{\"a\":}", "!JSON, byte 5: a value is missing");
	READS("{a:1}", "!JSON, byte 1: a member's name is expected");
	READS("{,}", "!JSON, byte 1: a member's name is expected");
	READS("[1}", "!JSON, byte 2: a comma or the end of a list is expected");
	READS("[", "!JSON, byte 1: a value is missing");
	READS("[1", "!JSON, byte 2: a comma or the end of a list is expected");
	READS("{\"a\":1", "!JSON, byte 6: a comma or the end of a list is expected");
	READS("[]]", "!JSON, byte 2: something behind the value");
	READS("1 1", "!JSON, byte 2: something behind the value");
	READS("[tru]", "!JSON, byte 1: a word that is none");
	READS("[truex]", "!JSON, byte 5: a comma or the end of a list is expected");
	READS("nul", "!JSON, byte 0: a word that is none");
	READS("'a'", "!JSON, byte 0: a value is missing");
	READS("[1]\0", "!JSON, byte 3: something behind the value");
	READS("[[[[[]]]]]", "!JSON, byte 4: too deep");
	READS("NaN", "!JSON, byte 0: a value is missing");
}
END_TEST

START_TEST(numbers_refused)
{
	READS("01", "!JSON, byte 0: a number that is none");
	READS("-", "!JSON, byte 0: a number that is none");
	READS("1.", "!JSON, byte 0: a number that is none");
	READS("[1.e1]", "!JSON, byte 1: a number that is none");
	READS("1e+", "!JSON, byte 0: a number that is none");
	READS("+1", "!JSON, byte 0: a value is missing");
	READS(".5", "!JSON, byte 0: a value is missing");
	READS("[1234567890123456789012345678901234567890123456789012345678901.234]", "!JSON, byte 1: a number is too long");
}
END_TEST

START_TEST(strings_refused)
{
	READS("\"a", "!JSON, byte 2: a string has no end");
	READS("\"a\\\"", "!JSON, byte 4: a string has no end");
	READS("\"a\nb\"", "!JSON, byte 2: a control character in a string");
	READS("\"\\x\"", "!JSON, byte 1: an escape that is none");
	READS("\"\\", "!JSON, byte 1: an escape that is none");
	READS("\"\\\0\"", "!JSON, byte 1: an escape that is none");
	READS("\"\\u12\"", "!JSON, byte 1: an escape that is none");
	READS("\"\\u12g4\"", "!JSON, byte 1: an escape that is none");
	READS("\"a\\ud83d\"", "!JSON, byte 2: an escape that is none");
	READS("\"\\ude00\"", "!JSON, byte 1: an escape that is none");
	READS("\"\\ud83d\\ud83d\"", "!JSON, byte 1: an escape that is none");
	READS("\"\xFF\"", "!JSON, byte 1: a string is not UTF-8");
	READS("\"\xC0\xAF\"", "!JSON, byte 1: a string is not UTF-8");
	READS("\"\xE0\x80\xAF\"", "!JSON, byte 1: a string is not UTF-8");
	READS("\"\xED\xA0\x80\"", "!JSON, byte 1: a string is not UTF-8"); /* a surrogate */
	READS("\"\xF4\x90\x80\x80\"", "!JSON, byte 1: a string is not UTF-8");
	READS("\"日\xE6\x97\"", "!JSON, byte 1: a string is not UTF-8");
	READS("\"\xE6\x97", "!JSON, byte 1: a string is not UTF-8");
}
END_TEST

#define BEGIN(text, deep) struct json j; struct err e; json_init(&j, text, sizeof(text) - 1, deep)

START_TEST(types)
{
	struct json_str s;
	int64_t i = 7;
	double d = 7;
	bool b = true;
	BEGIN("{\"a\":\"x\",\"b\":2}", 2);
	ck_assert(json_object(&j) && json_key(&j, &s) && json_eq(&s, "a"));
	ck_assert(!json_int(&j, &i) && !json_bool(&j, &b) && !json_key(&j, &s));
	ck_assert_int_eq(json_end(&j, &e), ERR_PERM);
	ck_assert_str_eq(e.msg, "JSON, byte 5: a number is expected");
	ck_assert(i == 7 && b);
	static const char *const not_int[] = { "1.5", "1e3", "9223372036854775808", "-9223372036854775809", "99999999999999999999", "\"1\"" };
	for (size_t k = 0; k < sizeof not_int / sizeof *not_int; k++) {
		json_init(&j, not_int[k], strlen(not_int[k]), 1);
		ck_assert_msg(!json_int(&j, &i) && i == 7, "%s", not_int[k]);
		ck_assert_int_eq(json_end(&j, &e), ERR_PERM);
	}
	json_init(&j, "1e999", 5, 1);
	ck_assert(!json_double(&j, &d) && d == 7);
	ck_assert_int_eq(json_end(&j, &e), ERR_PERM);
}
END_TEST

START_TEST(unread_is_skipped)
{
	struct json_str s;
	int64_t i = 0;
	BEGIN("{\"x\":{\"deep\":[1,{\"y\":null}]},\"n\":5,\"z\":[]}", 4);
	ck_assert(json_object(&j));
	while (json_key(&j, &s))
		if (json_eq(&s, "n"))
			json_int(&j, &i);
	ck_assert_int_eq(json_end(&j, &e), OK);
	ck_assert_int_eq(i, 5);
	/* but read strictly, and to the allowed depth */
	json_init(&j, "{\"x\":[[01]],\"n\":5}", 18, 4);
	for (json_object(&j); json_key(&j, &s);)
		;
	ck_assert_int_eq(json_end(&j, &e), ERR_PERM);
	json_init(&j, "{\"x\":[[1]],\"n\":5}", 17, 2);
	for (json_object(&j); json_key(&j, &s);)
		;
	ck_assert_int_eq(json_end(&j, &e), ERR_LIMIT);
}
END_TEST

START_TEST(raw_and_own_errors)
{
	struct json_str s, raw;
	BEGIN("{\"full\" : [1, {\"a\":2} ] ,\"n\":5}", 4);
	ck_assert(json_object(&j) && json_key(&j, &s) && json_raw(&j, &raw));
	ck_assert(raw.n == 13 && memcmp(raw.s, "[1, {\"a\":2} ]", 13) == 0);
	ck_assert(json_key(&j, &s) && json_eq(&s, "n"));
	ck_assert(!json_fail(&j, ERR_LIMIT, "enough"));
	ck_assert(!json_fail(&j, ERR_PERM, "later"));
	ck_assert_int_eq(json_end(&j, &e), ERR_LIMIT);
	ck_assert_str_eq(e.msg, "JSON, byte 29: enough");
	json_init(&j, "[1]", 3, 1);
	json_array(&j);
	ck_assert_int_eq(json_end(&j, &e), ERR_BUG);
	json_init(&j, "[1]", 3, 1);
	json_array(&j);
	ck_assert(!json_key(&j, &s));
	ck_assert_int_eq(json_end(&j, &e), ERR_BUG);
}
END_TEST

START_TEST(copies)
{
	char buf[8];
	struct json_str s = { "日本語", 9, false };
	ck_assert(!json_copy(&s, buf, sizeof buf));
	ck_assert_str_eq(buf, "日本");
	s = (struct json_str){ "\\u65e5本\\u8a9e", 15, true };
	ck_assert(!json_copy(&s, buf, sizeof buf));
	ck_assert_str_eq(buf, "日本");
	ck_assert(json_eq(&s, "日本語") && !json_eq(&s, "日本") && !json_eq(&s, "日本語x"));
	ck_assert(!json_copy(&s, buf, 1) && !*buf);
	struct arena *a = arena_new();
	ck_assert_str_eq(json_dup(&s, a), "日本語");
	struct json j;
	json_init(&j, "\"a\\nb\"", 6, 1);
	ck_assert_str_eq(json_text(&j, a), "a\nb");
	json_init(&j, "1", 1, 1);
	ck_assert_ptr_null(json_text(&j, a));
	arena_free(&a);
	s = (struct json_str){ "abc", 2, false };
	ck_assert(json_eq(&s, "ab") && !json_eq(&s, "abc") && !json_eq(&s, "a") && !json_eq(&s, ""));
}
END_TEST

START_TEST(writes)
{
	struct sb b = SB_INIT;
	struct json_put o = { &b, false };
	json_put_open(&o, '{');
	json_put_text_at(&o, "a\"", "x\x01\xFFy\n");
	json_put_int_at(&o, "b", INT64_MIN);
	json_put_bool_at(&o, "c", false);
	json_put_key(&o, "d");
	json_put_open(&o, '[');
	json_put_double(&o, 1.0 / 3);
	json_put_double(&o, 1.0 / 0.0);
	json_put_text(&o, NULL);
	json_put_raw(&o, "{}", 2);
	json_put_close(&o, ']');
	json_put_key(&o, "e");
	json_put_open(&o, '{');
	json_put_close(&o, '}');
	json_put_close(&o, '}');
	ck_assert_str_eq(b.s, "{\"a\\\"\":\"x\\u0001\xEF\xBF\xBDy\\n\",\"b\":-9223372036854775808,\"c\":false,"
			 "\"d\":[0.33333333333333331,null,null,{}],\"e\":{}}");
	sb_free(&b);
}
END_TEST

UNIT_SUITE("json", values, strings, refused, numbers_refused, strings_refused, types, unread_is_skipped, raw_and_own_errors, copies, writes)
