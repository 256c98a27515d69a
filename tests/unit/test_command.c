/* The grammar of mail commands (DESK-06): what is one, what is nearly one, and
 * what must never be taken for one. */
#include "text/command.h"
#include "base/strbuf.h"
#include "unit.h"
#include <stdio.h>
#include <string.h>

static struct arena *a;
static struct command *v;
static size_t n, rest;

static void parse(const char *text, enum command_mode mode)
{
	if (!a)
		a = arena_new();
	command_parse(text, strlen(text), mode, epoch_of(2026, 11, 24, 10, 0, 0), a, &v, &n, &rest);
}

static void is_right(const char *text, enum command_verb verb, const char *word, int64_t number, int64_t ticket)
{
	parse(text, COMMAND_MAIL);
	ck_assert_msg(n == 1, "%s: %zu commands", text, n);
	ck_assert_msg(v[0].fault == COMMAND_RIGHT, "%s: fault %d", text, v[0].fault);
	ck_assert_msg(v[0].verb == verb, "%s: verb %d", text, v[0].verb);
	ck_assert_msg(strcmp(v[0].word, word) == 0, "%s: word \"%s\"", text, v[0].word);
	ck_assert_msg(v[0].number == number && v[0].ticket == ticket, "%s: number %lld ticket %lld", text,
	              (long long)v[0].number, (long long)v[0].ticket);
}

START_TEST(people_write_in_many_ways)
{
	is_right("担当 suzuki", COMMAND_ASSIGN, "suzuki", 0, 0);
	is_right("担当：ｓｕｚｕｋｉ\n", COMMAND_ASSIGN, "suzuki", 0, 0);
	is_right("　担当　鈴木　一郎　", COMMAND_ASSIGN, "鈴木 一郎", 0, 0);
	is_right("ASSIGN Suzuki", COMMAND_ASSIGN, "Suzuki", 0, 0);
	is_right("完了", COMMAND_CLOSE, "", 0, 0);
	is_right("完了。\r\n", COMMAND_CLOSE, "", 0, 0);
	is_right("ｸﾛｰｽﾞ", COMMAND_CLOSE, "", 0, 0);
	is_right("#12 完了", COMMAND_CLOSE, "", 0, 12);
	is_right("＃１２：完了", COMMAND_CLOSE, "", 0, 12);
	is_right("完了 #12", COMMAND_CLOSE, "", 0, 12);
	is_right("ﾍﾙﾌﾟ", COMMAND_HELP, "", 0, 0);
	is_right("？", COMMAND_HELP, "", 0, 0);
	is_right("統合 #123", COMMAND_MERGE, "", 123, 0);
	is_right("統合＃１２３", COMMAND_MERGE, "", 123, 0);
	is_right("merge 123", COMMAND_MERGE, "", 123, 0);
	is_right("#5 統合取消 #4", COMMAND_UNMERGE, "", 4, 5);
	is_right("分割3", COMMAND_SPLIT, "", 3, 0);
	is_right("分割", COMMAND_SPLIT, "", 0, 0);
	is_right("再送 控え", COMMAND_RESEND, "控え", 0, 0);
	is_right("検索　請求書　ウイルス", COMMAND_SEARCH, "請求書 ウイルス", 0, 0);
	is_right("search invoice attach", COMMAND_SEARCH, "invoice", 0, 0);
	ck_assert(v[0].attach);
	is_right("検索：#12", COMMAND_SEARCH, "#12", 0, 0);
	is_right("統計 2026-10", COMMAND_STATS, "2026-10", 0, 0);
	is_right("統計　１０月", COMMAND_STATS, "10月", 0, 0);
	is_right("ヘルプ 担当", COMMAND_HELP, "担当", 0, 0);
}
END_TEST

static void is_time(const char *text, int kind, epoch at, int64_t number)
{
	struct sb line = SB_INIT;
	sb_addf(&line, "期限 %s 調査のため 3日", text);
	parse(line.s, COMMAND_MAIL);
	ck_assert_msg(n == 1 && v[0].fault == COMMAND_RIGHT, "%s: fault %d", text, n ? (int)v[0].fault : -1);
	ck_assert_msg((int)v[0].when.kind == kind && v[0].when.at == at && v[0].when.n == number, "%s: kind %d at %lld n %lld", text,
	              (int)v[0].when.kind, (long long)v[0].when.at, (long long)v[0].when.n);
	ck_assert_str_eq(v[0].reason, "調査のため 3日");
	sb_free(&line);
}

static void is_no_time(const char *text)
{
	struct sb line = SB_INIT;
	sb_addf(&line, "期限 %s 調査のため", text);
	parse(line.s, COMMAND_MAIL);
	ck_assert_msg(n == 1 && v[0].fault == COMMAND_BAD_TIME, "%s: fault %d", text, n ? (int)v[0].fault : -1);
	sb_free(&line);
}

/* It is Tuesday, 24 November 2026, 10:00. */
START_TEST(times_as_people_write_them)
{
	const epoch fri = epoch_of(2026, 11, 27, 12, 0, 0);
	is_time("11/27 12:00", WHEN_MOMENT, fri, 0);
	is_time("１１／２７　１２：００", WHEN_MOMENT, fri, 0);
	is_time("11月27日(金) 12時", WHEN_MOMENT, fri, 0);
	is_time("11月27日（金）正午まで", WHEN_MOMENT, fri, 0);
	is_time("11月27日12:00", WHEN_MOMENT, fri, 0);
	is_time("11月27日 (金) 12時", WHEN_MOMENT, fri, 0);
	is_time("11月27日 （金）", WHEN_DAY, epoch_of(2026, 11, 27, 0, 0, 0), 0);
	is_time("2026-11-27 12:00", WHEN_MOMENT, fri, 0);
	is_time("2026年11月27日 12:00", WHEN_MOMENT, fri, 0);
	is_time("金曜 12:00", WHEN_MOMENT, fri, 0);
	is_time("金曜日12時", WHEN_MOMENT, fri, 0);
	is_time("明日 15時半", WHEN_MOMENT, epoch_of(2026, 11, 25, 15, 30, 0), 0);
	is_time("明後日 午後3時", WHEN_MOMENT, epoch_of(2026, 11, 26, 15, 0, 0), 0);
	is_time("tomorrow 9:30", WHEN_MOMENT, epoch_of(2026, 11, 25, 9, 30, 0), 0);
	is_time("17:00", WHEN_MOMENT, epoch_of(2026, 11, 24, 17, 0, 0), 0);
	is_time("11/27", WHEN_DAY, epoch_of(2026, 11, 27, 0, 0, 0), 0);
	is_time("火曜", WHEN_DAY, epoch_of(2026, 12, 1, 0, 0, 0), 0);
	is_time("1/8", WHEN_DAY, epoch_of(2027, 1, 8, 0, 0, 0), 0);
	is_time("11/20", WHEN_DAY, epoch_of(2026, 11, 20, 0, 0, 0), 0);
	is_time("+2h", WHEN_HOURS, 0, 7200);
	is_time("２時間", WHEN_HOURS, 0, 7200);
	is_time("3営業日", WHEN_BUSINESS_DAYS, 0, 3);
	is_time("+3d", WHEN_BUSINESS_DAYS, 0, 3);
	static const char *const bad[] = { "13/40", "2/30", "25:00", "11/27/28/29", "99999", "そのうち", "2026-13-01",
		                           "+0h", "3", "11月", "午後13時", "12:99", "11/27 24:00", "明日 午後 3時", "11/27 15 時",
		                           "tomorrow 3pm", "12:00 PM", "11/27 午後", "11/27 (金) 25時" };
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		is_no_time(bad[i]);
}
END_TEST

static void is_wrong(const char *text, enum command_fault fault)
{
	parse(text, COMMAND_MAIL);
	ck_assert_msg(n >= 1 && v[n - 1].fault == fault, "%s: %zu commands, fault %d", text, n, n ? v[n - 1].fault : 0);
}

START_TEST(faults_are_named)
{
	is_wrong("担当", COMMAND_MISSING);
	is_wrong("期限 11/27 12:00", COMMAND_NO_REASON);
	is_wrong("統合 #", COMMAND_BAD_NUMBER);
	is_wrong("統合 #12 #13", COMMAND_EXTRA);
	is_wrong("完了 しました", COMMAND_EXTRA);
	is_wrong("#1 完了 #2", COMMAND_EXTRA);
	is_wrong("#99999999999999999999 完了", COMMAND_UNKNOWN);
	is_wrong("お疲れさまです。", COMMAND_UNKNOWN);
	struct sb many = SB_INIT;
	for (int i = 0; i < 100; i++)
		sb_adds(&many, "完了\n");
	is_wrong(many.s, COMMAND_MANY);
	ck_assert_uint_eq(n, COMMANDS_MAX + 1);
	sb_reset(&many);
	for (int i = 0; i < 400; i++)
		sb_adds(&many, "担当 ");
	is_wrong(many.s, COMMAND_LONG);
	sb_free(&many);
}
END_TEST

static void nearest(const char *typed, enum command_verb verb)
{
	parse(typed, COMMAND_MAIL);
	ck_assert_msg(n == 1 && v[0].fault == COMMAND_UNKNOWN && v[0].nnear > 0 && v[0].near[0] == verb,
	              "%s: %zu near, first %d", typed, v[0].nnear, v[0].nnear ? (int)v[0].near[0] : -1);
}

START_TEST(did_you_mean)
{
	nearest("完了しました", COMMAND_CLOSE);
	nearest("完治", COMMAND_CLOSE);
	nearest("かんりよう", COMMAND_CLOSE);
	nearest("clsoe", COMMAND_CLOSE);
	nearest("asign suzuki", COMMAND_ASSIGN);
	nearest("再会", COMMAND_REOPEN);
	nearest("ヘルブ", COMMAND_HELP);
	parse("本日はお日柄もよく", COMMAND_MAIL);
	ck_assert_uint_eq(v[0].nnear, 0);
}
END_TEST

START_TEST(only_the_beginning_counts)
{
	parse("\n\n担当 sato\n完了\n\n再開\n", COMMAND_MAIL);
	ck_assert_uint_eq(n, 2);
	ck_assert_uint_eq(v[0].line, 3);
	ck_assert_uint_eq(v[1].line, 4);
	parse("完了\n-- \n鈴木", COMMAND_MAIL);
	ck_assert_uint_eq(n, 1);
	parse("完了\n----------\n鈴木", COMMAND_MAIL);
	ck_assert_uint_eq(n, 1);
	parse("完了\n────────\n鈴木", COMMAND_MAIL);
	ck_assert_uint_eq(n, 1);
	parse("完了\n> 再開", COMMAND_MAIL);
	ck_assert_uint_eq(n, 1);
	parse("2026/11/24 11:00 相談センター wrote:\n> 再開\n> 完了\n\n完了\n", COMMAND_MAIL);
	ck_assert_uint_eq(n, 1);
	ck_assert_int_eq(v[0].verb, COMMAND_CLOSE);
	parse("", COMMAND_MAIL);
	ck_assert_uint_eq(n, 0);
}
END_TEST

static void note(const char *text, size_t commands, const char *below)
{
	parse(text, COMMAND_NOTE);
	ck_assert_msg(n == commands, "%s: %zu commands", text, n);
	ck_assert_msg(strcmp(text + rest, below) == 0, "%s: rest \"%s\"", text, text + rest);
}

START_TEST(prose_in_a_note_does_nothing)
{
	note("完了しました。ご確認ください。", 0, "完了しました。ご確認ください。");
	note("完了 しました", 0, "完了 しました");
	note("担当", 0, "担当");
	note("再開の件ですが、明日電話します。\n完了", 0, "再開の件ですが、明日電話します。\n完了");
	note("完了\nお客さまに電話済みです。", 1, "お客さまに電話済みです。");
	note("担当 sato\n完了\n\n電話済み", 2, "\n電話済み");
	note("close the door", 0, "close the door");
	note("延長 明日 できませんか", 0, "延長 明日 できませんか");
	note("期限 明日 までに返事が必要とのことです", 0, "期限 明日 までに返事が必要とのことです");
	note("延長 月曜 に出社する佐藤さんに聞いてください。", 0, "延長 月曜 に出社する佐藤さんに聞いてください。");
	note("期限 11/27 12:00 ログの解析に時間を要しております。\n", 1, "");
}
END_TEST

UNIT_SUITE("command", people_write_in_many_ways, times_as_people_write_them, faults_are_named, did_you_mean, only_the_beginning_counts,
           prose_in_a_note_does_nothing)
