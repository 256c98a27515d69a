/* Many words in one text, and text folded for it. */
#include "text_util.h"
#include "text/fold.h"
#include "text/match.h"
#include "text/utf8.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <uninorm.h>

struct hits {
	struct sb text;
	const char *const *words;
	size_t n;
};

static void note(void *arg, unsigned word, size_t end)
{
	struct hits *h = arg;
	sb_addf(&h->text, "%s@%zu ", h->words[word], end);
	h->n++;
}

static void ck_hits(const char *const *words, const char *text, const char *want)
{
	struct match *m = match_new();
	struct hits h = { SB_INIT, words, 0 };
	for (unsigned i = 0; words[i]; i++)
		ck_assert_uint_eq(match_add(m, words[i], strlen(words[i])), i);
	ck_assert_uint_eq(match_add(m, words[0], strlen(words[0])), 0);
	match_ready(m);
	match_run(m, text, strlen(text), note, &h);
	ck_assert_str_eq(h.text.s, want);
	sb_free(&h.text);
	match_free(&m);
	match_free(&m);
}

START_TEST(test_words_in_words)
{
	ck_hits((const char *[]){ "he", "she", "his", "hers", NULL }, "ushers", "she@4 he@4 hers@6 ");
	ck_hits((const char *[]){ "a", "aa", "aaa", NULL }, "aaa", "a@1 aa@2 a@2 aaa@3 aa@3 a@3 ");
	ck_hits((const char *[]){ "abcd", "bc", NULL }, "abce abcd", "bc@3 bc@8 abcd@9 ");
	ck_hits((const char *[]){ "ランサム", "ランサムウエア", NULL }, "ランサムウエア", "ランサム@12 ランサムウエア@21 ");
	ck_hits((const char *[]){ "x", NULL }, "", "");
}
END_TEST

/* Random words over two letters against a search for each. */
START_TEST(test_against_strstr)
{
	enum { WORDS = 180, TEXT = 3000 };
	unsigned seed = 7;
	size_t want = 0, nwords = 0;
	char words[WORDS][9], text[TEXT + 1];
	struct match *m = match_new();
	const char *names[WORDS];
	struct hits h = { SB_INIT, names, 0 };
	for (int i = 0; i < TEXT; i++)
		text[i] = "ab"[rnd(&seed) & 1];
	text[TEXT] = '\0';
	while (nwords < WORDS) {
		size_t n = 1 + rnd(&seed) % 8;
		for (size_t k = 0; k < n; k++)
			words[nwords][k] = "ab"[rnd(&seed) & 1];
		words[nwords][n] = '\0';
		names[nwords] = words[nwords];
		if (match_add(m, words[nwords], n) < nwords)
			continue; /* had it before */
		for (const char *p = text; (p = strstr(p, words[nwords])); p++)
			want++;
		nwords++;
	}
	match_ready(m);
	match_run(m, text, TEXT, note, &h);
	ck_assert_uint_eq(h.n, want);
	sb_free(&h.text);
	match_free(&m);
}
END_TEST

static void ck_fold(const char *in, const char *want)
{
	struct sb out = SB_INIT;
	text_fold(in, strlen(in), &out);
	ck_assert_str_eq(out.s, want);
	ck_text(&out);
	sb_free(&out);
}

START_TEST(test_fold)
{
	ck_fold("ＡＢＣ Ransom", "abc ransom");
	ck_fold("ｳｨﾙｽ ウィルス", "ウイルスウイルス");
	ck_fold("サーバー、サーバーエラー、サーバ", "サーバ、サーバーエラ、サーバ");
	ck_fold("ランサムウ\r\nェア　感染", "ランサムウエア感染");
	ck_fold("Windows 7 の\tPC", "windows 7のpc");
	ck_fold("終わり。次！ なぜ？いま", "終わり\n次\nなぜ\nいま");
	ck_fold("一行\n\n\n二行\n・三\n■四", "一行\n二行\n・三\n■四");
	ck_fold("身\xE2\x80\x8B代\xC2\xAD金", "身代金");
	ck_fold("", "");
	ck_fold("\xFFx", "\xEF\xBF\xBDx");
	ck_fold("㈱", "(株)");
}
END_TEST

START_TEST(test_in_time)
{
	static const char *const units[] = { "あ", "か\xE3\x82\x99", "\xCC\x81\xCC\xA7", "ー", " \n", "ﾊﾟ", "㍿" };
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		struct sb in = SB_INIT, out = SB_INIT;
		repeat(&in, units[i], TEN_MB / 10);
		IN_TIME(text_fold(in.s, in.len, &out));
		ck_text(&out);
		sb_free(&in);
		sb_free(&out);
	}
}
END_TEST

/* Whatever the shortcut takes must be what the library would have made of it. */
static void ck_as_library(const char *before, uint32_t c, const char *after)
{
	struct sb in = SB_INIT, got = SB_INIT, want = SB_INIT;
	size_t n = 0;
	sb_adds(&in, before);
	utf8_put(&in, c);
	sb_adds(&in, after);
	uint8_t *ref = u8_casefold((const uint8_t *)in.s, in.len, NULL, UNINORM_NFKC, NULL, &n);
	text_fold((const char *)ref, n, &want);
	text_fold(in.s, in.len, &got);
	ck_assert_msg(strcmp(got.s, want.s) == 0, "U+%04X in \"%s\": \"%s\", not \"%s\"", c, in.s, got.s, want.s);
	free(ref);
	sb_free(&in);
	sb_free(&got);
	sb_free(&want);
}

START_TEST(test_fold_as_the_library)
{
	for (uint32_t c = 1; c < 0x10000; c++) {
		ck_as_library("", c, "");
		ck_as_library("か", c, "x");
		ck_as_library("Ａe", c, "\xE3\x82\x99\xCC\x81");
	}
}
END_TEST

UNIT_SUITE("text_match", test_words_in_words, test_against_strstr, test_fold, test_fold_as_the_library, test_in_time)
