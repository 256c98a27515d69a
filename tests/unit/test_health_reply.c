/* HEALTH-06: staff's words on a draft, whatever their mail client does to it. */
#include "unit.h"
#include "text/health_reply.h"
#include <string.h>

static struct arena *a;
static struct health_reply r;
static const struct health_words old = {
	.mark = { HEALTH_BAD, HEALTH_WARN, HEALTH_GOOD, HEALTH_NONE, HEALTH_FAIR },
	.text = { "対象端末20台のうち1台（PC-07）で、緊急の更新プログラムが適用されていません。この端末が踏み台となるおそれがあります。\n※早めに KB5066835 を適用してください。",
	          "Google Chrome 139.0.7258.66 に脆弱性があります。", "接続はありませんでした。", "情報がありません。", "1台で延べ1日ありました。",
	          "1. PC-07 を更新してください。\n2. Chrome を更新してください。" },
};

static void read(const char *text, const struct health_words *of)
{
	arena_free(&a);
	a = arena_new();
	health_reply_read(text, strlen(text), of, a, &r);
}

static struct sb shown(void)
{
	struct sb b = SB_INIT;
	health_words_show(&old, 3, &b);
	return b;
}

/* Each line behind `mark`. */
static struct sb quoted(const char *text, const char *mark)
{
	struct sb b = SB_INIT;
	for (const char *p = text, *end; *p; p = end + (*end == '\n')) {
		end = strchrnul(p, '\n');
		sb_addf(&b, "%s%.*s\n", mark, (int)(end - p), p);
	}
	return b;
}

START_TEST(approved_alone_or_many)
{
	struct sb draft = shown(), q = quoted(draft.s, "> "), mail = SB_INIT;
	sb_addf(&mail, "承認\r\n\r\n2026年11月4日 10:00 相談センター:\r\n%s", q.s);
	read(mail.s, &old);
	ck_assert_uint_eq(r.norders, 1);
	ck_assert_int_eq(r.order[0].kind, HEALTH_APPROVE);
	ck_assert_uint_eq(r.order[0].n, 0);
	ck_assert(!r.changed && !r.fault);
	ck_assert_int_eq(r.version, 3);
	read("承認 N000123、N000124 ｎ０００１２５\n保留 N000126 端末を確認中です\n", NULL);
	ck_assert_uint_eq(r.norders, 2);
	ck_assert_uint_eq(r.order[0].n, 3);
	ck_assert_str_eq(r.order[0].numbers[2], "N000125");
	ck_assert_int_eq(r.order[1].kind, HEALTH_HOLD);
	ck_assert_str_eq(r.order[1].reason, "端末を確認中です");
	read("承認\nよろしくお願いします。\n", &old);
	ck_assert(r.norders == 1 && !r.fault);
	read("承認\n2番の数字が違っています。直してから送ってください。\n", &old);
	ck_assert(r.fault && strstr(r.fault, "承認だけの"));
	sb_free(&draft), sb_free(&q), sb_free(&mail);
}
END_TEST

START_TEST(prose_is_no_order)
{
	static const char *const mails[] = { "承認できません。数字が違います。", "承認はまだです", "こちらは保留で", "よろしくお願いします" };
	for (size_t i = 0; i < sizeof mails / sizeof *mails; i++) {
		read(mails[i], &old);
		ck_assert_msg(r.norders == 0, "%s", mails[i]);
	}
	read("承認 N000123 と思います", NULL);
	ck_assert_ptr_nonnull(r.fault);
	read("> 承認\n", &old);
	ck_assert_uint_eq(r.norders, 0);
}
END_TEST

START_TEST(what_clients_do_changes_nothing)
{
	static const char *const marks[] = { "", "> ", ">", "> > ", "　", "> 　" };
	struct sb draft = shown();
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		struct sb q = quoted(draft.s, marks[i]);
		read(q.s, &old);
		ck_assert_msg(!r.changed, "\"%s\"", marks[i]);
		sb_free(&q);
	}
	sb_free(&draft);
}
END_TEST

START_TEST(a_text_is_changed_in_the_quote)
{
	struct sb draft = shown(), q = quoted(draft.s, "> ");
	char *at = strstr(q.s, "接続はありませんでした。");
	memcpy(at, "接続は二件有りました。。", strlen("接続はありませんでした。"));
	read(q.s, &old);
	ck_assert(r.changed && !r.fault);
	ck_assert_str_eq(r.words.text[HEALTH_MEDIA], "接続は二件有りました。。");
	ck_assert_str_eq(r.words.text[HEALTH_OS], old.text[HEALTH_OS]);
	sb_free(&draft), sb_free(&q);
}
END_TEST

START_TEST(his_own_words_go_before_the_quote)
{
	struct sb draft = shown(), q = quoted(draft.s, "> "), mail = SB_INIT;
	sb_addf(&mail, "直しました。\n\n【２】ソフトウェア：×\nGoogle Chrome の古い版が\n残っています。\n※更新してください。\n\n2026/11/04 相談センター wrote:\n%s", q.s);
	read(mail.s, &old);
	ck_assert(r.changed);
	ck_assert_str_eq(r.words.text[HEALTH_SOFTWARE], "Google Chrome の古い版が残っています。\n※更新してください。");
	ck_assert_int_eq(r.words.mark[HEALTH_SOFTWARE], HEALTH_BAD);
	ck_assert_int_eq(r.words.mark[HEALTH_OS], HEALTH_BAD);
	/* a client that quotes without a mark */
	sb_reset(&mail);
	sb_addf(&mail, "【3】記憶媒体：○\n1件ありました。\n\n-----Original Message-----\n%s", draft.s);
	read(mail.s, &old);
	ck_assert(strncmp(r.words.text[HEALTH_MEDIA], "1件ありました。", strlen("1件ありました。")) == 0);
	ck_assert_int_eq(r.words.mark[HEALTH_MEDIA], HEALTH_FAIR);
	sb_free(&draft), sb_free(&q), sb_free(&mail);
}
END_TEST

START_TEST(words_that_are_cut_by_lines_stay_words)
{
	read("【2】ソフトウェア\nGoogle\nChrome 141 を使ってくだ\nさい。\n", &old);
	ck_assert_str_eq(r.words.text[HEALTH_SOFTWARE], "Google Chrome 141 を使ってください。");
	read("【6】今月の対応\n1. 再起動する\n2. 外す\n3. 聞く\n", &old);
	ck_assert_str_eq(r.words.text[HEALTH_DO], "1. 再起動する\n2. 外す\n3. 聞く");
}
END_TEST

START_TEST(it_is_bounded)
{
	struct sb mail = SB_INIT;
	sb_adds(&mail, "【1】x\n");
	for (int i = 0; i < 3000; i++)
		sb_adds(&mail, "長い文です。\n");
	for (int i = 0; i < 300; i++)
		sb_adds(&mail, "【1】x：×\nあ\n");
	read(mail.s, &old);
	ck_assert_ptr_nonnull(r.fault);
	sb_reset(&mail);
	for (int i = 0; i < 100; i++)
		sb_adds(&mail, "承認 N000123\n");
	read(mail.s, NULL);
	ck_assert_ptr_nonnull(r.fault);
	ck_assert_uint_eq(r.norders, HEALTH_ORDERS_MAX);
	sb_free(&mail);
}
END_TEST

UNIT_SUITE("health_reply", approved_alone_or_many, prose_is_no_order, what_clients_do_changes_nothing, a_text_is_changed_in_the_quote,
           his_own_words_go_before_the_quote, words_that_are_cut_by_lines_stay_words, it_is_bounded)
