/* DESK-13: the log of a telephone call as staff write it. */
#include "text/call.h"
#include "text_util.h"

static struct arena *a;
static struct call_form f;
static struct sb faults;
static epoch now;

static bool reads(const char *text)
{
	sb_reset(&faults);
	return call_form_read(text, strlen(text), now, a, &f, &faults);
}

static void setup(void)
{
	a = arena_new();
	faults = SB_INIT;
	now = epoch_of(2026, 11, 24, 15, 0, 0);
}

static void done(void)
{
	sb_free(&faults);
	arena_free(&a);
}

static void ck_at(epoch t, const char *want)
{
	char buf[48];
	ck_assert_str_eq(t ? clk_ja(t, buf) : "-", want);
}

START_TEST(test_a_full_form)
{
	setup();
	ck_assert(reads("会社：株式会社さくら商事\n氏名： 田中\n電話番号：０３－１２３４－５６７８\nメール：tanaka@sakura.example\n"
	                "お客様番号：Ｎ123-456-789\n内容：画面に警告が出た\n　LANケーブルを抜いてもらった\n開始：14:00\n終了：14:42\n"
	                "折り返し：11/27 14:00頃\n担当：suzuki\n"));
	ck_assert_str_eq(f.company, "株式会社さくら商事");
	ck_assert_str_eq(f.number, "N123456789");
	ck_assert_str_eq(f.phone, "03-1234-5678");
	ck_assert_str_eq(f.content, "画面に警告が出た\nLANケーブルを抜いてもらった");
	ck_at(f.started_at, "11月24日(火) 14:00");
	ck_at(f.ended_at, "11月24日(火) 14:42");
	ck_assert(f.promised && f.when.kind == WHEN_MOMENT);
	ck_at(f.when.at, "11月27日(金) 14:00");
	ck_assert_uint_eq(f.filled, 10);
	done();
}
END_TEST

START_TEST(test_prose_will_do)
{
	setup();
	ck_assert(reads("さくら商事の田中様から。ワンクリック請求のご相談。\n無視するようご案内した。\n\n-- \n鈴木\n"));
	ck_assert_str_eq(f.content, "さくら商事の田中様から。ワンクリック請求のご相談。\n無視するようご案内した。");
	ck_assert(!f.promised && !f.started_at && f.filled == 0);
	done();
}
END_TEST

START_TEST(test_times)
{
	setup();
	ck_assert(reads("内容：x\n終了：25分\n"));
	ck_at(f.started_at, "11月24日(火) 14:35");
	ck_assert(reads("内容：x\n開始：昨日は留守\n") == false);
	ck_assert(strstr(faults.s, "「開始」 (昨日は留守)：時刻が読み取れません"));
	ck_assert(reads("内容：x\n開始：16:00\n") == false);
	ck_assert(strstr(faults.s, "これからの時刻です"));
	ck_assert(reads("内容：x\n開始：14:00\n終了：13:00\n") == false);
	ck_assert(strstr(faults.s, "開始より前です"));
	static const char *const none[] = { "", "なし", "不要", "－" }, *const some[] = { "要", "あり", "する" };
	for (size_t i = 0; i < 4; i++)
		ck_assert_msg(reads(arena_printf(a, "内容：x\n折り返し：%s\n", none[i])) && !f.promised, "%s", none[i]);
	for (size_t i = 0; i < 3; i++)
		ck_assert_msg(reads(arena_printf(a, "内容：x\n折り返し：%s\n", some[i])) && f.promised && f.when.kind == WHEN_NONE, "%s", some[i]);
	ck_assert(reads("内容：x\n折り返し：明日 午前10時\n"));
	ck_at(f.when.at, "11月25日(水) 10:00");
	ck_assert(!reads("内容：x\n折り返し：そのうち\n"));
	done();
}
END_TEST

START_TEST(test_faults_and_the_form_again)
{
	struct sb out = SB_INIT;
	setup();
	ck_assert(!reads("会社：さくら商事\nお客様番号：N12\nメール：たなか\n"));
	ck_assert(strstr(faults.s, "「お客様番号」 (N12)：N と数字 9 桁"));
	ck_assert(strstr(faults.s, "「メール」 (たなか)"));
	ck_assert(strstr(faults.s, "「内容」：何の電話"));
	call_form_print(&f, &out);
	ck_assert_str_eq(out.s, "電話\n会社：さくら商事\nお客様番号：N12\n氏名：\n電話番号：\nメール：たなか\n開始：\n終了：\n折り返し：\n担当：\n内容：\n");
	sb_reset(&out);
	call_form_print(NULL, &out);
	ck_assert(!reads(out.s + strlen("電話\n")) && f.filled == 0);
	sb_free(&out);
	done();
}
END_TEST

/* The command takes the rest of the mail as its form; commands above it stand. */
START_TEST(test_command)
{
	static const char text[] = "#12 担当 sato\n＃12　電話\n会社：さくら商事\n\n内容：解約したい\n";
	struct command *v;
	size_t n, rest;
	setup();
	command_parse(text, strlen(text), COMMAND_MAIL, now, a, &v, &n, &rest);
	ck_assert_uint_eq(n, 2);
	ck_assert_int_eq(v[1].verb, COMMAND_CALL);
	ck_assert_int_eq(v[1].ticket, 12);
	ck_assert_str_eq(v[1].below, "会社：さくら商事\n\n内容：解約したい\n");
	ck_assert_uint_eq(rest, strlen(text));
	command_parse("電話しました\n", 19, COMMAND_NOTE, now, a, &v, &n, &rest);
	ck_assert_uint_eq(n, 0);
	command_parse("電話済\n", 10, COMMAND_NOTE, now, a, &v, &n, &rest);
	ck_assert(n == 1 && v[0].verb == COMMAND_CALLED);
	command_parse("電話済 留守でした\n", 26, COMMAND_NOTE, now, a, &v, &n, &rest);
	ck_assert_uint_eq(n, 0);
	static const char calls[] = "電話済 n123456789 お変わりなし\n架電済　Ｎ２２２２２２２２２\n電話済 #12\n電話済 N12\n";
	command_parse(calls, strlen(calls), COMMAND_MAIL, now, a, &v, &n, &rest);
	ck_assert_uint_eq(n, 4);
	ck_assert_str_eq(v[0].word, "N123456789");
	ck_assert_str_eq(v[0].reason, "お変わりなし");
	ck_assert_str_eq(v[1].word, "N222222222");
	ck_assert_str_eq(v[1].reason, "");
	ck_assert(v[2].ticket == 12 && !*v[2].word && v[2].fault == COMMAND_RIGHT);
	ck_assert_int_eq(v[3].fault, COMMAND_EXTRA);
	done();
}
END_TEST

UNIT_SUITE("call", test_a_full_form, test_prose_will_do, test_times, test_faults_and_the_form_again, test_command)
