/* What staff clients make of the desk's copy, and what a customer may see of it. */
#include "reply_clean.h"
#include "unit.h"
#include <stdio.h>
#include <string.h>

static const struct reply_staff people[] = { { "suzuki@example.jp", "鈴木 一郎" }, { "sato@example.jp", "佐藤 花子" } };
static const struct reply_ctx ctx = {
	.desk_address = "sodan@example.jp", .desk_name = "相談センター", .desk_localpart = "sodan", .domain = "example.jp",
	.staff = people, .nstaff = 2, .internal_names = "pc-suzuki.local, Blackbird", .ticket_tag = "YOROZU",
};

static char *clean(const char *in, enum status want)
{
	struct err e = { 0 };
	struct sb out = SB_INIT;
	ck_assert_int_eq(reply_clean_text(&ctx, in, strlen(in), &out, &e), want);
	return sb_detach(&out, NULL);
}

static void becomes(const char *in, const char *want)
{
	char *got = clean(in, OK);
	ck_assert_str_eq(got, want);
	free(got);
}

START_TEST(the_note_leaves_the_quote)
{
	becomes("回答です。\n\n> " BANNER_BEGIN "\n> 相談 #1\n> 差出人: a@b.example\n> " BANNER_END "\n> \n> 助けて\n",
	        "回答です。\n\n> 助けて\n");
	becomes(">> " BANNER_BEGIN "\n>> x\n>> " BANNER_END "\n>> 助けて", ">> 助けて");
	becomes("｜" BANNER_BEGIN "\n｜x\n｜" BANNER_END "\n｜助けて", "｜助けて");
	becomes(BANNER_BEGIN "\nx\n" BANNER_END "\n\n本文", "本文");
}
END_TEST

START_TEST(a_rewrapped_note_is_found)
{
	becomes("> ▼▼ 社内用 (お客さまには\n> 送信されません) ▼▼ 相談\n> #1 ▲▲ 社内用\n> ここまで ▲▲\n> 助けて\n", "> 助けて\n");
	becomes("> ▼▼\xc2\xa0社内用\xe3\x80\x80(お客さまには送信されません)\xc2\xa0▼▼\n> x\n> ▲▲\xc2\xa0社内用ここまで ▲▲\n本文\n", "本文\n");
}
END_TEST

START_TEST(two_notes_in_one_thread)
{
	becomes("a\n> " BANNER_BEGIN "\n> 1\n> " BANNER_END "\n> b\n>> " BANNER_BEGIN "\n>> 2\n>> " BANNER_END "\n>> c\n",
	        "a\n> b\n>> c\n");
}
END_TEST

START_TEST(half_a_note_goes_nowhere)
{
	free(clean("> " BANNER_BEGIN "\n> 相談 #1\n> 助けて", ERR_DENIED));
	free(clean("> 相談 #1\n> " BANNER_END "\n> 助けて", ERR_DENIED));
	free(clean("> " BANNER_END "\n> " BANNER_BEGIN "\n", ERR_DENIED));
	free(clean("本文 ▼▼社内用", ERR_DENIED));
	free(clean("> X-Yorozu-Ticket: 1\n", ERR_DENIED));
}
END_TEST

/* DESK-06: however a client shows it, and when only a part was selected. */
START_TEST(a_colleagues_note_goes_nowhere)
{
	free(clean("> " NOTE_MARK "\n> 相談 #1\n> " NOTE_RULE "\n> 内緒\n", ERR_DENIED));
	free(clean("> 相談 #1\n> 書いた人：鈴木\n> " NOTE_RULE "\n> 内緒\n", ERR_DENIED));
	free(clean("> ▲▲ 以下、社内\n> メモ ▲▲\n> 内緒\n", ERR_DENIED));
	free(clean("▼▼ 社内\xc2\xadメ\xe2\x81\xa0モ (お客さま", ERR_DENIED)); /* soft hyphen, word joiner */
	free(clean("▼▼ 社\xe2\x80\x8d内\xe2\x80\x8cメモ (お客さま", ERR_DENIED));
	becomes("社内メモは以下、別のメールで送ります。", "社内メモは以下、別のメールで送ります。");
}
END_TEST

START_TEST(words_inside_a_quoted_note_are_not_lost)
{
	free(clean("> " BANNER_BEGIN "\n> 差出人: a@b.example\nこの方は既知です。\n> " BANNER_END "\n> 助けて\n", ERR_DENIED));
	becomes("> " BANNER_BEGIN "\n>\n\n> x\n> " BANNER_END "\n助けて\n", "助けて\n");
}
END_TEST

START_TEST(addresses_in_every_spelling)
{
	becomes("差出人: 鈴木 一郎 [mailto:suzuki@example.jp]\n", "差出人: 相談センター [mailto:sodan@example.jp]\n");
	becomes("鈴木一郎<mailto:suzuki@example.jp>:", "相談センター <mailto:sodan@example.jp>:");
	becomes("鈴木 一郎 (suzuki@example.jp)", "相談センター (sodan@example.jp)");
	becomes("http://x.example/?to=suzuki%40example.jp&a", "http://x.example/?to=sodan@example.jp&a");
	becomes("suzuki＠example.jp まで", "sodan@example.jp まで");
	becomes("100%40 と a%40b.example", "100%40 と a%40b.example");
}
END_TEST

START_TEST(staff_stay_behind_the_desk)
{
	becomes("2026/11/24 10:00 に 鈴木 一郎 <suzuki@example.jp> は書きました:\n",
	        "2026/11/24 10:00 に 相談センター <sodan@example.jp> は書きました:\n");
	becomes("2026年11月24日(火) 10:00 鈴木一郎 <Suzuki@Example.JP>:", "2026年11月24日(火) 10:00 相談センター <sodan@example.jp>:");
	becomes("On Tue, \"佐藤 花子\" <sato@example.jp> wrote:", "On Tue, 相談センター <sodan@example.jp> wrote:");
	becomes("差出人: 鈴木　一郎 <suzuki@example.jp>\n", "差出人: 相談センター <sodan@example.jp>\n");
	becomes("mail suzuki@example.jp, please", "mail sodan@example.jp, please");
	becomes("xsuzuki@example.jp と suzuki@example.jp.example", "xsuzuki@example.jp と suzuki@example.jp.example");
	becomes("鈴木 一郎\n相談センター", "鈴木 一郎\n相談センター"); /* his own signature */
}
END_TEST

START_TEST(tokens_and_machines)
{
	becomes("To: <sodan+t12-abcdefghijklmnop@example.jp>", "To: <sodan@example.jp>");
	becomes("bounce+3-abcdefghijklmnop@EXAMPLE.jp", "sodan@example.jp");
	becomes("from pc-suzuki.local, blackbird and Blackbirds", "from ,  and Blackbirds");
	becomes("sodan+t12@other.example", "sodan+t12@other.example");
}
END_TEST

START_TEST(hostile_shapes_are_linear)
{
	struct sb b = SB_INIT;
	for (int i = 0; i < 200000; i++)
		sb_adds(&b, "a@");
	free(clean(b.s, OK));
	sb_reset(&b);
	for (int i = 0; i < 200000; i++)
		sb_adds(&b, "%40");
	free(clean(b.s, OK));
	sb_reset(&b);
	for (int i = 0; i < 100000; i++)
		sb_adds(&b, "> ▼▼ 社内");
	free(clean(b.s, OK));
	sb_free(&b);
}
END_TEST

START_TEST(subjects)
{
	static const struct { const char *in, *want; } rows[] = {
		{ "Re: [YOROZU #12] メール", "Re: [YOROZU #12] メール" },
		{ "メール", "Re: [YOROZU #12] メール" },
		{ "RE: Re: 返信： [YOROZU #12] [yorozu #3] x", "Re: [YOROZU #12] x" },
		{ "Re[2]: x [YOROZU #12]", "Re: [YOROZU #12] x " },
		{ "RE：AW: Re2: 回复: Fw: x", "Re: [YOROZU #12] x" },
		{ "Re: x (suzuki@example.jp, pc-suzuki.local)", "Re: [YOROZU #12] x (sodan@example.jp, )" },
		{ "Report: x", "Re: [YOROZU #12] Report: x" },
		{ "a\r\nBcc: b", "Re: [YOROZU #12] a  Bcc: b" },
		{ "", "Re: [YOROZU #12] " },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct sb out = SB_INIT;
		reply_clean_subject(&ctx, 12, rows[i].in, &out);
		ck_assert_str_eq(out.s, rows[i].want);
		sb_free(&out);
	}
}
END_TEST

UNIT_SUITE("reply_clean", the_note_leaves_the_quote, a_rewrapped_note_is_found, two_notes_in_one_thread,
           half_a_note_goes_nowhere, a_colleagues_note_goes_nowhere,
           words_inside_a_quoted_note_are_not_lost, addresses_in_every_spelling, staff_stay_behind_the_desk, tokens_and_machines, hostile_shapes_are_linear, subjects)
