/* Flowed text, columns, wrapping, fitting. */
#include "text_util.h"
#include "text/layout.h"

static void ck_unflow(const char *in, bool delsp, const char *want)
{
	struct sb out = SB_INIT;
	text_unflow(in, strlen(in), delsp, &out);
	ck_assert_str_eq(out.s, want);
	sb_free(&out);
}

START_TEST(test_unflow)
{
	ck_unflow("", false, "");
	ck_unflow("a \nb\nc\n", false, "a b\nc\n");
	ck_unflow("a \r\nb\r\nc\r\n", false, "a b\nc\n");
	ck_unflow("日本 \n語\n", true, "日本語\n");
	ck_unflow("one  \ntwo\n", true, "one two\n");
	ck_unflow(" >stuffed\n From x\n  two\n", false, ">stuffed\nFrom x\n two\n");
	ck_unflow("> a \n> b\n>> c\nd\n", false, "> a b\n>> c\nd\n");
	ck_unflow(">a \n>>b\n", false, "> a \n>> b\n");
	ck_unflow("end \n-- \nsig \nx\n", false, "end \n-- \nsig x\n");
	ck_unflow("> -- \n> sig\n", false, "> -- \n> sig\n");
	ck_unflow("no line end ", false, "no line end ");
	ck_unflow("last \n", false, "last \n");
	ck_unflow("\n\n \nx", false, "\n\n\nx");
}
END_TEST

static size_t width(const char *s)
{
	return text_width(s, strlen(s));
}

START_TEST(test_width)
{
	ck_assert_uint_eq(width(""), 0);
	ck_assert_uint_eq(width("abc"), 3);
	ck_assert_uint_eq(width("日本語"), 6);
	ck_assert_uint_eq(width("ｱｲｳﾞ"), 4);
	ck_assert_uint_eq(width("①○■―…→α"), 14);
	ck_assert_uint_eq(width("é©"), 2);
	ck_assert_uint_eq(width("か\xE3\x82\x99"), 2); /* combining voiced mark */
	ck_assert_uint_eq(width("😀"), 2);
	ck_assert_uint_eq(width("a\xE2\x80\x8D" "b"), 2);
	ck_assert_uint_eq(width("\xFF"), 1);
}
END_TEST

static void ck_wrap(const char *in, size_t cols, const char *want)
{
	struct sb out = SB_INIT, again = SB_INIT;
	text_wrap(in, strlen(in), cols, &out);
	ck_assert_str_eq(out.s, want);
	text_wrap(out.s, out.len, cols, &again);
	ck_assert_str_eq(again.s, out.s);
	sb_free(&out);
	sb_free(&again);
}

START_TEST(test_wrap)
{
	ck_wrap("", 20, "");
	ck_wrap("短い\n\n行\n", 20, "短い\n\n行\n");
	ck_wrap("あいうえおかきくけこさしすせそ", 20, "あいうえおかきくけこ\nさしすせそ");
	/* 行頭禁則, 行末禁則 */
	ck_wrap("あいうえおかきくけこ。さしすせそ", 20, "あいうえおかきくけ\nこ。さしすせそ");
	ck_wrap("あいうえおかきくけ「こさ」しすせそ", 20, "あいうえおかきくけ\n「こさ」しすせそ");
	ck_wrap("あいうえおかきくけリャーさしすせそ", 20, "あいうえおかきくけ\nリャーさしすせそ");
	/* words, addresses and URLs stay whole */
	ck_wrap("the quick brown fox jumps over", 12, "the quick\nbrown fox\njumps over");
	ck_wrap("詳しくはhttps://example.com/a/b?c=d&e=fをどうぞ", 20, "詳しくは\nhttps://example.com/a/b?c=d&e=f\nをどうぞ");
	ck_wrap("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 10, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
	/* indentation, quotes */
	ck_wrap("  あいうえおかきくけこさ", 20, "  あいうえおかきくけ\nこさ");
	ck_wrap("> あいうえおかきくけこさしすせそ", 20, "> あいうえおかきくけこさしすせそ");
	ck_wrap("aaaa bbbb > cccc", 10, "aaaa\nbbbb >\ncccc"); /* must not become a quote */
	/* nothing but forbidden places */
	ck_wrap("！！！！！！！！！！！！", 10, "！！！！！\n！！！！！\n！！");
}
END_TEST

static void ck_fit(const char *in, size_t cols, bool pad, const char *want)
{
	struct sb out = SB_INIT;
	text_fit(in, cols, pad, &out);
	ck_assert_str_eq(out.s, want);
	sb_free(&out);
}

START_TEST(test_fit)
{
	ck_fit("日本語", 6, false, "日本語");
	ck_fit("日本語", 8, true, "日本語  ");
	ck_fit("日本語です", 8, false, "日本語…");
	ck_fit("日本語です", 7, true, "日本… ");
	ck_fit("abcdef", 4, false, "ab…");
	ck_fit("a\nb\tc", 8, false, "a b c");
	ck_fit("あ", 1, true, " ");
	ck_fit("abc", 0, true, "");
}
END_TEST

START_TEST(test_properties)
{
	static const char *const bits[] = { "あ", "。", "「", "a", " ", "\n", "> ", "ｶ", "…", "https://x/", "\t", "ー", "😀", "-- \n", "か\xE3\x82\x99", "\r\n" };
	unsigned seed = 3;
	for (int i = 0; i < 5000; i++) {
		struct sb in = SB_INIT, out = SB_INIT, again = SB_INIT;
		for (unsigned k = rnd(&seed) % 60; k; k--)
			sb_adds(&in, bits[rnd(&seed) % 16]);
		size_t cols = 2 + rnd(&seed) % 40;
		text_wrap(in.s, in.len, cols, &out);
		ck_text(&out);
		text_wrap(out.s, out.len, cols, &again);
		ck_assert_str_eq(out.s, again.s);
		/* nothing but blanks and line ends may differ */
		size_t a = 0, b = 0;
		for (;;) {
			while (strchr(" \t\n", in.s[a]) && in.s[a]) a++;
			while (strchr(" \t\n", out.s[b]) && out.s[b]) b++;
			ck_assert_int_eq(in.s[a], out.s[b]);
			if (!in.s[a])
				break;
			a++, b++;
		}
		sb_reset(&out);
		text_fit(in.s, cols, true, &out);
		ck_assert_uint_eq(text_width(out.s, out.len), cols);
		ck_text(&out);
		sb_reset(&out);
		text_unflow(in.s, in.len, i & 1, &out);
		ck_text(&out);
		sb_free(&in);
		sb_free(&out);
		sb_free(&again);
	}
}
END_TEST

START_TEST(test_linear)
{
	static const char *const units[] = { "あ", "。", "a", "「", "a ", " ", ">", "> ", "a \n", "\n", "a b > ", "> a \n>> b \n", "\xE3\x82\x99" };
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		struct sb in = SB_INIT, out = SB_INIT;
		repeat(&in, units[i], TEN_MB);
		IN_TIME(text_wrap(in.s, in.len, 72, &out));
		sb_reset(&out);
		IN_TIME(text_unflow(in.s, in.len, true, &out));
		IN_TIME(text_width(in.s, in.len));
		sb_reset(&out);
		IN_TIME(text_fit(in.s, 40, true, &out));
		sb_free(&in);
		sb_free(&out);
	}
}
END_TEST

UNIT_SUITE("text_layout", test_unflow, test_width, test_wrap, test_fit, test_properties, test_linear)
