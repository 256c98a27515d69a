/*
 * DESK-08: the kinds of consultation as they are shipped (conf/desk), what
 * staff may type for one, the standard texts, and each fault in the file.
 */
#include "text_util.h"
#include "base/io.h"
#include "text/category.h"
#include "text/jis.h"
#include "text/layout.h"
#include "text/utf8.h"
#include <stdio.h>
#include <unistd.h>

static struct categories *shipped(void)
{
	struct err e;
	struct categories *set;
	ck_assert_msg(categories_load("conf/desk", &set, &e) == OK, "%s", e.msg);
	return set;
}

static const struct category_letter letter = {
	.name = "山田 太郎", .ticket = "12", .subject = "助けてください", .note = "お電話の件です。",
	.desk_name = "セキュリティ YOROZU 相談センター", .desk_address = "sodan@example.jp", .domain = "example.jp"
};

START_TEST(test_all_kinds_of_the_specification)
{
	static const struct { enum category_group group; int first, last; } groups[] = {
		{ CATEGORY_CONSULT, 1, 6 }, { CATEGORY_DECLINED, 11, 19 }, { CATEGORY_PUBLIC, 21, 24 },
		{ CATEGORY_UNSOLVED, 31, 36 }
	};
	struct categories *set = shipped();
	size_t n, seen = 0;
	categories_list(set, &n);
	for (size_t g = 0; g < sizeof groups / sizeof *groups; g++) {
		ck_assert(*category_group_ja(groups[g].group));
		for (int number = groups[g].first; number <= groups[g].last; number++, seen++) {
			const struct category *c = category_by_number(set, number);
			ck_assert_msg(c != NULL, "%d", number);
			ck_assert_int_eq(c->group, groups[g].group);
			ck_assert_msg(c->aliases[0] != NULL, "%d", number);
		}
	}
	ck_assert_uint_eq(n, seen);
	ck_assert(category_by_number(set, 0) == NULL && category_by_number(set, 7) == NULL);
	categories_free(&set);
	categories_free(&set);
}
END_TEST

/* What every client of a Japanese office shows: JIS X 0208, without the rows
 * that only some have. */
static bool fit_for_jis(uint32_t c)
{
	enum { NEC_ROW = 13, LAST_ROW = 84 };
	if (c < 0x80)
		return c >= 0x20 || c == '\n';
	unsigned row = jis_of_ucs(c) >> 8;
	return row && row != NEC_ROW && row <= LAST_ROW;
}

static void ck_customer_text(const struct category *c, const char *s, size_t n)
{
	enum { COLS = 70 };
	for (const char *p = s, *end; p < s + n; p = end + 1) {
		end = strchrnul(p, '\n');
		size_t len = (size_t)(end - p);
		ck_assert_msg(text_width(p, len) <= COLS, "%d: too wide: %.*s", c->number, (int)len, p);
		ck_assert_msg(len == 0 || !strchr(" \t", end[-1]), "%d: space at the end: %.*s", c->number, (int)len, p);
	}
	for (size_t i = 0; i < n;) {
		uint32_t cp;
		i += utf8_get(s + i, n - i, &cp);
		ck_assert_msg(fit_for_jis(cp), "%d: U+%04X", c->number, cp);
	}
}

START_TEST(test_standard_texts)
{
	struct categories *set = shipped();
	size_t n;
	const struct category *v = categories_list(set, &n);
	for (size_t i = 0; i < n; i++) {
		struct err e;
		struct sb subject = SB_INIT, body = SB_INIT, jis = SB_INIT;
		ck_assert_msg(category_text(set, &v[i], &letter, &subject, &body, &e) == OK, "%s", e.msg);
		ck_assert_str_eq(subject.s, "Re: 助けてください");
		ck_assert(strncmp(body.s, BYTES("山田 太郎 様\n\nお問い合わせいただき")) == 0);
		ck_assert(strstr(body.s, "お電話の件です。\n\n"));
		ck_assert(strstr(body.s, "sodan@example.jp\n受付番号：12\n"));
		ck_assert_msg(body.len > 600, "%d", v[i].number);
		ck_customer_text(&v[i], body.s, body.len);
		ck_assert(text_from_utf8("iso-2022-jp", body.s, body.len, &jis));
		sb_free(&subject), sb_free(&body), sb_free(&jis);
	}
	categories_free(&set);
}
END_TEST

static char *text_of(const struct categories *set, int number, const struct category_letter *l)
{
	struct err e;
	struct sb subject = SB_INIT, body = SB_INIT;
	ck_assert_msg(category_text(set, category_by_number(set, number), l, &subject, &body, &e) == OK, "%s", e.msg);
	sb_addf(&subject, "\n%s", body.s);
	sb_free(&body);
	return sb_detach(&subject, NULL);
}

START_TEST(test_right_public_desks)
{
	static const struct { int number; const char *desk; } desks[] = {
		{ 21, "消費者ホットライン　188" }, { 21, "国民生活センター" }, { 22, "都道府県警察本部のサイバー犯罪相談窓口" },
		{ 22, "#9110" }, { 23, "違法・有害情報相談センター" }, { 23, "インターネット・ホットラインセンター" },
		{ 24, "フィッシング対策協議会" }, { 24, "警察庁 フィッシング 110 番" },
	};
	struct categories *set = shipped();
	for (size_t i = 0; i < sizeof desks / sizeof *desks; i++) {
		char *text = text_of(set, desks[i].number, &letter);
		ck_assert_msg(strstr(text, desks[i].desk) != NULL, "%s", desks[i].desk);
		free(text);
	}
	categories_free(&set);
}
END_TEST

START_TEST(test_letter_without_name_and_subject)
{
	struct categories *set = shipped();
	const struct category_letter bare = { .ticket = "3", .desk_name = "窓口", .desk_address = "a@example.jp",
		                              .domain = "example.jp" };
	char *text = text_of(set, 6, &bare);
	ck_assert(strncmp(text, BYTES("ランサムウェア感染が疑われるときの初動について\nお問い合わせ")) == 0);
	ck_assert(!strstr(text, " 様\n"));
	free(text);
	categories_free(&set);
}
END_TEST

START_TEST(test_what_staff_type)
{
	static const struct { const char *typed; int number; } typed[] = {
		{ "6", 6 }, { "６", 6 }, { " 24 ", 24 }, { "ランサム", 6 }, { "ﾗﾝｻﾑ", 6 }, { "RANSOM", 6 }, { "らんさむ", 6 },
		{ "ランサムウェアー", 6 }, { "偽警告", 5 }, { "偽け", 0 }, { "偽警", 5 }, { "サポート詐欺", 5 }, { "188", 21 },
		{ "ワンク", 4 }, { "フィッシング", 24 }, { "警察", 22 }, { "被害", 22 }, { "内部不正", 34 }, { "脆弱性", 2 },
		{ "迷惑メール", 3 }, { "不審なメール", 3 }, { "メール", 3 }, { "契約", 14 }, { "契約トラブル", 21 }, { "契約ト", 21 },
		{ "警告画面", 5 }, { "調査", 15 }, { "", 0 }, { "  ", 0 }, { "0", 0 }, { "7", 0 }, { "1x", 0 }, { "\xFF", 0 }, { "ん", 0 },
	};
	struct categories *set = shipped();
	for (size_t i = 0; i < sizeof typed / sizeof *typed; i++) {
		const struct category *c = category_find(set, typed[i].typed);
		ck_assert_msg((c ? c->number : 0) == typed[i].number, "%s: %d", typed[i].typed, c ? c->number : 0);
	}
	categories_free(&set);
}
END_TEST

START_TEST(test_did_you_mean)
{
	static const struct { const char *typed; int number; } typed[] = {
		{ "ランサムエウア", 6 }, { "法律相談", 11 }, { "フィシング", 24 }, { "ransomwear", 6 }, { "ワンクリク", 4 },
		{ "誤送心", 34 },
	};
	struct categories *set = shipped();
	const struct category *near[CATEGORY_NEAR];
	for (size_t i = 0; i < sizeof typed / sizeof *typed; i++) {
		ck_assert_msg(category_near(set, typed[i].typed, near) > 0, "%s", typed[i].typed);
		ck_assert_msg(near[0]->number == typed[i].number, "%s: %d", typed[i].typed, near[0]->number);
	}
	ck_assert_uint_eq(category_near(set, "xyzzy", near), 0);
	ck_assert_uint_eq(category_near(set, "", near), 0);
	categories_free(&set);
}
END_TEST

/* ---- suggestions: the rules, on a small set of their own ------------------------ */

static char dir[] = "/tmp/test_category.XXXXXX";

static void put(const char *name, const char *text)
{
	struct err e;
	char path[120];
	snprintf(path, sizeof path, "%s/%s", dir, name);
	ck_assert_msg(io_write_file(path, 0644, text, strlen(text), &e) == OK, "%s", e.msg);
}

static void make_folder(void)
{
	char path[120];
	ck_assert(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/text", dir);
	struct err e;
	ck_assert(io_mkdirs(path, 0755, &e) == OK);
	put("text/frame.ja.txt", "Subject: {{subject}}\n\n{{text}}\n");
	put("text/a.ja.txt", "Subject: a\n\n本文 {{ticket}}\n");
}

static void remove_folder(void)
{
	static const char *const files[] = { "text/frame.ja.txt", "text/a.ja.txt", "text", "categories.txt", "" };
	char path[120];
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		snprintf(path, sizeof path, "%s/%s", dir, files[i]);
		remove(path);
	}
}

#define HEAD "threshold = 5\n"
#define KIND(number, name) "[" #number "]\ngroup = consult\nname = " name "\ntext = a\nalias = a" #number "\n"

static struct categories *load(const char *text)
{
	struct err e;
	struct categories *set;
	put("categories.txt", text);
	ck_assert_msg(categories_load(dir, &set, &e) == OK, "%s", e.msg);
	return set;
}

static void ck_suggest(const struct categories *set, const struct category_evidence *ev, int number, int score,
                       const char *reason)
{
	struct arena *a = arena_new();
	struct category_suggestion r;
	category_suggest(set, ev, a, &r);
	ck_assert_msg((r.best ? r.best->number : 0) == number, "%s: %d", ev->text ? ev->text : "", r.best ? r.best->number : 0);
	ck_assert_int_eq(r.score, score);
	ck_assert_str_eq(r.reason, reason);
	arena_free(&a);
}

#define TEXT(s) (&(struct category_evidence){ .text = s })

START_TEST(test_rules_of_suggesting)
{
	make_folder();
	struct categories *set = load(HEAD
		"[0]\ngroup = none\nword = 9 配信停止\n"
		KIND(1, "一") "word = 5 身代金 | ランサム\nword = 6 拡張子 & 変わ\nword = 5 rat\nword = 5 ransom*\n"
		KIND(2, "二") "word = 5 警告\nword = -3 ニュース\nsender = 2 フリーメール\nfile = 6 .docm\nurl = 5 .xyz\n"
		"mail = 5 転送メール\nsubject = 6 請求\n");
	ck_suggest(set, TEXT("身代金とランサムと身代金"), 1, 5, "本文に「身代金」");
	ck_suggest(set, TEXT("拡張子が\nかわって変わりました"), 1, 6, "本文に「拡張子…変わ」");
	ck_suggest(set, TEXT("拡張子です。名前が変わりました"), 0, 0, "");
	ck_suggest(set, TEXT("変わったのは拡張子"), 1, 6, "本文に「拡張子…変わ」");
	ck_suggest(set, TEXT("RAT に感染"), 1, 5, "本文に「rat」");
	ck_suggest(set, TEXT("rate operation strat"), 0, 0, "");
	ck_suggest(set, TEXT("Ransomware"), 1, 5, "本文に「ransom」");
	ck_suggest(set, TEXT("myransom"), 0, 0, "");
	ck_suggest(set, TEXT("警告"), 2, 5, "本文に「警告」");
	ck_suggest(set, TEXT("警告のニュース"), 0, 0, "");
	ck_suggest(set, TEXT("身代金 配信停止"), 0, 0, "");
	ck_suggest(set, TEXT("請求"), 0, 0, "");
	ck_suggest(set, &(struct category_evidence){ .subject = "身代金" }, 1, 8, "件名に「身代金」");
	ck_suggest(set, &(struct category_evidence){ .subject = "請求", .text = "警告" }, 2, 14, "件名に「請求」、本文に「警告」");
	ck_suggest(set, &(struct category_evidence){ .files = "a.DOCM\n\n", .from_domain = "yahoo.co.jp" }, 2, 8,
	           "添付ファイル名に「.docm」、差出人は「フリーメール」");
	ck_suggest(set, &(struct category_evidence){ .files = "a.docmx\n" }, 0, 0, "");
	ck_suggest(set, &(struct category_evidence){ .urls = "http://a.xyz/\n", .forwarded = true }, 2, 10,
	           "URL に「.xyz」、「転送メール」あり");
	ck_suggest(set, &(struct category_evidence){ .text = NULL }, 0, 0, "");
	categories_free(&set);
	remove_folder();
}
END_TEST

START_TEST(test_equals_and_second_choice)
{
	make_folder();
	struct categories *set = load(HEAD KIND(1, "一") "word = 5 感染\n" KIND(31, "三十一") "word = 5 感染\n");
	struct arena *a = arena_new();
	struct category_suggestion r;
	category_suggest(set, TEXT("感染"), a, &r);
	ck_assert_int_eq(r.best->number, 31);
	ck_assert_int_eq(r.second->number, 1);
	arena_free(&a);
	categories_free(&set);
	remove_folder();
}
END_TEST

/* A megabyte of words, and one of what most often nearly is one. */
START_TEST(test_in_time)
{
	static const char *const units[] = { "身代金。", "拡張子が変わ", "ランサムウェ", "警察 ", "\xE3\x83", "aaaaaaa" };
	struct categories *set = shipped();
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		struct sb in = SB_INIT;
		struct arena *a = arena_new();
		struct category_suggestion r;
		repeat(&in, units[i], TEN_MB / 10);
		IN_TIME(category_suggest(set, TEXT(in.s), a, &r));
		arena_free(&a);
		sb_free(&in);
	}
	categories_free(&set);
}
END_TEST

START_TEST(test_faults)
{
	static const struct { const char *text, *says; } bad[] = {
		{ HEAD KIND(1, "一") "wrod = 5 x\n", ":7: unknown key \"wrod\"" },
		{ HEAD "word = 5 xx\n", ":2: not in a section: \"word\"" },
		{ HEAD "[x]\n", ":2: bad number of a section: \"x\"" },
		{ HEAD "[100]\n", ":2: bad number of a section: \"100\"" },
		{ HEAD "[1\n", ":2: expected [NUMBER]: \"[1\"" },
		{ HEAD KIND(2, "二") KIND(1, "一"), ":7: sections must come in order" },
		{ HEAD KIND(2, "二") KIND(2, "一"), ":7: sections must come in order" },
		{ HEAD KIND(1, "一") "name = x\n", ":7: set twice: \"name\"" },
		{ HEAD KIND(1, "一") "word = x\n", ":7: no weight: \"x\"" },
		{ HEAD KIND(1, "一") "word = 0 xx\n", ":7: no weight: \"0\"" },
		{ HEAD KIND(1, "一") "word = 21 xx\n", ":7: no weight: \"21\"" },
		{ HEAD KIND(1, "一") "word = 5\n", ":7: no word to look for: \"\"" },
		{ HEAD KIND(1, "一") "word = 5 xx ||yy\n", ":7: no word to look for: \"\"" },
		{ HEAD KIND(1, "一") "word = 5 x\n", ":7: no word to look for: \"x\"" },
		{ HEAD KIND(1, "一") "word = 5 x*y\n", ":7: no word to look for: \"x*y\"" },
		{ HEAD KIND(1, "一") "word = 5 a。b\n", ":7: no word to look for: \"a。b\"" },
		{ HEAD KIND(1, "一") "word = 5 aa & bb & aa\n", ":7: twice the same word: \"aa\"" },
		{ HEAD KIND(1, "一") "word = 5 aa&bb&cc&dd&ee\n", ":7: too many words joined by &: \"ee\"" },
		{ HEAD KIND(1, "一") "group = x\n", ":7: unknown group \"x\"" },
		{ HEAD KIND(1, "一") "alias = a,,b\n", ":7: bad alias \"\"" },
		{ HEAD KIND(1, "一") "alias =\n", ":7: no value for \"alias\"" },
		{ HEAD KIND(1, "一") "hello\n", ":7: expected \"key = value\": \"hello\"" },
		{ HEAD "[1]\nname = x\ntext = a\n", "[1] has the wrong group or none" },
		{ HEAD "[0]\ngroup = consult\n", "[0] has the wrong group or none" },
		{ HEAD "[1]\ngroup = consult\nname = x\n", "[1] has no name or no text" },
		{ HEAD KIND(1, "一") KIND(2, "一"), "[2] shares its name" },
		{ HEAD KIND(1, "一") "[2]\ngroup = public\nname = x\ntext = a\nalias = A1\n", "[2] shares the alias \"A1\"" },
		{ HEAD "[1]\ngroup = consult\nname = x\ntext = nofile\n", "nofile.ja.txt" },
		{ "threshold = 0\n", ":1: bad threshold \"0\"" },
		{ KIND(1, "一"), "has no threshold" },
		{ HEAD "\xFF", "is not UTF-8 text" },
	};
	make_folder();
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct err e = { OK, "" };
		struct categories *set;
		put("categories.txt", bad[i].text);
		ck_assert_msg(categories_load(dir, &set, &e) != OK, "%s", bad[i].says);
		ck_assert_msg(strstr(e.msg, bad[i].says) != NULL, "got \"%s\", want \"%s\"", e.msg, bad[i].says);
		ck_assert(set == NULL);
	}
	put("categories.txt", HEAD KIND(1, "一"));
	put("text/a.ja.txt", "Subject: a\n\n{{nobody}}\n");
	struct err e;
	struct categories *set;
	ck_assert_int_eq(categories_load(dir, &set, &e), ERR_PERM);
	ck_assert_msg(strstr(e.msg, "a.ja.txt: line 3: unknown name {{nobody}}") != NULL, "%s", e.msg);
	remove_folder();
}
END_TEST

UNIT_SUITE("category", test_all_kinds_of_the_specification, test_standard_texts, test_right_public_desks,
           test_letter_without_name_and_subject, test_what_staff_type, test_did_you_mean, test_rules_of_suggesting,
           test_equals_and_second_choice, test_in_time, test_faults)
