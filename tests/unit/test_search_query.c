/* What a searcher types and what is taken as the same (DESK-06). */
#include "unit.h"
#include "text/gram.h"
#include "text/search_query.h"
#include "text/snippet.h"
#include <string.h>

static struct arena *a;
static struct search_query q;
static struct err err;

static enum status parse(const char *typed)
{
	if (!a)
		a = arena_new();
	return search_query_parse(typed, a, &q, &err);
}

static const char *folded(const char *s)
{
	static struct sb b;
	sb_free(&b);
	b = SB_INIT;
	search_fold(s, strlen(s), &b);
	return b.s;
}

static const char *tokens(const char *s)
{
	static struct sb b;
	struct grams it;
	struct gram g;
	sb_free(&b);
	b = SB_INIT;
	const char *f = folded(s);
	it = grams_of(f, strlen(f));
	while (gram_next(&it, &g)) {
		if (b.len)
			sb_addc(&b, ' ');
		sb_add(&b, g.s, g.n);
	}
	return b.s;
}

START_TEST(twins_are_one_spelling)
{
	static const char *const twins[][2] = {
		{ "ｱﾝﾃｨｳｲﾙｽ", "アンチウイルス" }, { "ウィルス", "ウイルス" }, { "ＷＩＮＤＯＷＳ", "windows" },
		{ "ｶﾞｷﾞｸﾞ", "ガギグ" }, { "か\xE3\x82\x99", "が" }, { "㈱", "(株)" }, { "①", "1" }, { "ヴァイラス", "バイラス" },
		{ "セキュリティ", "セキュリチ" }, { "ディスク", "ジスク" }, { "　", " " }, { "É", "é" }, { "㍻", "平成" },
		{ "請\xE2\x80\x8B求", "請求" },
	};
	for (size_t i = 0; i < sizeof twins / sizeof *twins; i++) {
		char *left = strdup(folded(twins[i][0]));
		ck_assert_str_eq(left, folded(twins[i][1]));
		ck_assert_str_eq(folded(left), left);
		free(left);
	}
	ck_assert_str_eq(folded("りれき"), "りれき");
	ck_assert_str_eq(folded("\xFF\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD");
}
END_TEST

START_TEST(a_line_broken_inside_a_word_is_joined)
{
	ck_assert_str_eq(folded("請求\n書"), "請求書");
	ck_assert_str_eq(folded("請求\r\n書"), "請求書");
	ck_assert_str_eq(folded("> 請求\n> 書"), "> 請求書");
	ck_assert_str_eq(folded("請求\n\n書"), "請求\n\n書");
	ck_assert_str_eq(folded("abc\ndef"), "abc\ndef");
	ck_assert_str_eq(folded("請求。\n書"), "請求。\n書");
}
END_TEST

START_TEST(text_becomes_words_and_pairs)
{
	ck_assert_str_eq(tokens("請求書"), "請求 求書 書");
	ck_assert_str_eq(tokens("このPCの電源"), "この の pc の電 電源 源");
	ck_assert_str_eq(tokens("tanaka@Example.co.jp"), "tanaka example co jp");
	ck_assert_str_eq(tokens("、。!?"), "");
	ck_assert_str_eq(tokens("社"), "社");
	ck_assert_str_eq(tokens("\xEE\x80\x80mark"), "mark");
}
END_TEST

START_TEST(words_phrases_and_without)
{
	ck_assert_int_eq(parse("請求書　ウイルス \"添付 ファイル\" -迷惑 「口座番号」"), OK);
	ck_assert_uint_eq(q.n, 5);
	ck_assert_str_eq(q.v[0].text, "請求書");
	ck_assert(!q.v[0].exact && !q.v[0].without);
	ck_assert_str_eq(q.v[2].text, "添付 フアイル");
	ck_assert(q.v[2].exact);
	ck_assert(q.v[3].without);
	ck_assert_str_eq(q.v[4].text, "口座番号");
	ck_assert(q.v[4].exact);
}
END_TEST

START_TEST(a_final_long_mark_may_be_missing)
{
	ck_assert_int_eq(parse("サーバー \"サーバー\" キー"), OK);
	ck_assert_str_eq(q.v[0].text, "サーバ");
	ck_assert_str_eq(q.v[1].text, "サーバー");
	ck_assert_str_eq(q.v[2].text, "キー");
}
END_TEST

START_TEST(filters_in_both_languages)
{
	ck_assert_int_eq(parse("状態：未対応 担当:Suzuki 番号:#12 差出人:山田 期間:2026-11"), OK);
	ck_assert_int_eq(q.state, 0);
	ck_assert_str_eq(q.assignee, "suzuki");
	ck_assert_int_eq(q.ticket, 12);
	ck_assert_uint_eq(q.n, 1);
	ck_assert(q.v[0].from);
	ck_assert_int_eq(q.after, epoch_of(2026, 11, 1, 0, 0, 0));
	ck_assert_int_eq(q.before, epoch_of(2026, 12, 1, 0, 0, 0));
	ck_assert_int_eq(parse("state:closed assignee:none after:2026/11/24 before:2026-11-30 from:\"yamada\" -from:x1"), OK);
	ck_assert_int_eq(q.state, 2);
	ck_assert_str_eq(q.assignee, "");
	ck_assert_int_eq(q.after, epoch_of(2026, 11, 24, 0, 0, 0));
	ck_assert_int_eq(q.before, epoch_of(2026, 12, 1, 0, 0, 0));
	ck_assert(q.v[1].without && q.v[1].from);
	ck_assert_int_eq(parse("期間:2026-11-02〜2026-11-03"), OK);
	ck_assert_int_eq(q.before - q.after, 2 * 86400);
	ck_assert_int_eq(parse("#7"), OK);
	ck_assert_int_eq(q.ticket, 7);
	ck_assert_int_eq(parse("Re:請求 http://example.jp/a:b"), OK);
	ck_assert_uint_eq(q.n, 2);
}
END_TEST

START_TEST(a_wrong_query_is_answered_in_japanese)
{
	static const struct { const char *typed, *says; } wrong[] = {
		{ "", "指定してください" }, { "   ", "指定してください" }, { "-迷惑", "除外" }, { "状態:未対応 -迷惑", "除外" },
		{ "!!", "検索できる文字" }, { "の", "検索できる文字" }, { "番号:abc", "数字" }, { "番号:99999999999999999999", "数字" },
		{ "状態:たぶん", "状態" }, { "以降:2026-02-30", "日付" }, { "期間:2026-11-03..2026-11-01", "日付" },
		{ "期間:2026-13", "日付" }, { "-状態:完了 x", "除外" }, { "担当: x", "担当者" }, { "#x", "数字" },
		{ "a b c d e f g h i j k l m", "多すぎ" },
	};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		ck_assert_msg(parse(wrong[i].typed) != OK, "%s", wrong[i].typed);
		ck_assert_msg(strstr(err.msg, wrong[i].says) != NULL, "%s: %s", wrong[i].typed, err.msg);
	}
	char *long_one = calloc(1, 1 << 20);
	memset(long_one, 'a', (1 << 20) - 1);
	ck_assert_int_eq(parse(long_one), ERR_LIMIT);
	free(long_one);
}
END_TEST

static const char *snippet(const char *text, const char *typed, struct snippet *r)
{
	static struct sb b;
	sb_free(&b);
	b = SB_INIT;
	ck_assert_int_eq(parse(typed), OK);
	*r = text_snippet(text, strlen(text), &q, 40, &b);
	return b.s;
}

START_TEST(the_line_shows_the_hit_as_it_was_written)
{
	struct snippet r;
	const char *s = snippet("お世話になっております。\nｱﾝﾃｨｳｲﾙｽが期限切れ\nです。", "アンチウイルス", &r);
	ck_assert_uint_eq(r.hit_len, strlen("ｱﾝﾃｨｳｲﾙｽ"));
	ck_assert_int_eq(strncmp(s + r.hit, "ｱﾝﾃｨｳｲﾙｽ", r.hit_len), 0);
	ck_assert_ptr_null(strchr(s, '\n'));
	ck_assert_ptr_nonnull(strstr(s, "が期限切れ"));
	s = snippet("届いた請求\n> 書です", "請求書", &r);
	ck_assert_str_eq(s, "届いた請求 書です");
	s = snippet("unknown now", "now", &r);
	ck_assert_uint_eq(r.hit, strlen("unknown "));
	s = snippet("本文だけ", "件名", &r);
	ck_assert_uint_eq(r.hit_len, 0);
	ck_assert_str_eq(s, "本文だけ");
	s = snippet("", "件名", &r);
	ck_assert_str_eq(s, "");
	s = snippet("\x1B[31m赤", "赤い -赤", &r);
	ck_assert_ptr_null(strchr(s, 0x1B));
}
END_TEST

UNIT_SUITE("search_query", twins_are_one_spelling, a_line_broken_inside_a_word_is_joined, text_becomes_words_and_pairs,
           words_phrases_and_without, a_final_long_mark_may_be_missing, filters_in_both_languages,
           a_wrong_query_is_answered_in_japanese, the_line_shows_the_hit_as_it_was_written)
