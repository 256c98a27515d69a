/* Which answers hold lines of a note (DESK-06). */
#include "mail/note_quote.h"
#include "unit.h"
#include <string.h>

static const char note[] =
	"鈴木です。お疲れ様です。\n"
	"先方の情シスは退職者のアカウントを消していない様子。\n"
	"たぶん内部犯行だと思う。\n"
	"社長には言わない方がよい。\n"
	"次の文面で返してください：\n"
	"https://www.ipa.go.jp/security/anshin/measures/fakealert.html\n"
	"よろしくお願いいたします。\n"
	"\n"
	"2026/11/24 10:00、田中 さん (さくら商事) は書きました：\n"
	"> パソコンの画面に警告が出て、電話番号が表示されています。\n"
	"-- \n"
	"鈴木 一郎 / サイバーセキュリティ相談センター 技術担当\n";
static const char mail[] = "パソコンの画面に警告が出て、電話番号が表示されています。\nお世話になっております。\n";

static void holds(const char *text, const char *want)
{
	struct sb inside = SB_INIT, known = SB_INIT, run = SB_INIT;
	note_quote_own(note, &inside);
	note_quote_all(mail, &known);
	note_quote_run(inside.s, known.s, text, &run);
	ck_assert_msg(strcmp(run.s, want) == 0, "wanted \"%s\", got \"%s\"", want, run.s);
	sb_free(&inside);
	sb_free(&known);
	sb_free(&run);
}

START_TEST(a_line_of_it)
{
	holds("ご回答します。\n先方の情シスは退職者のアカウントを消していない様子。\n以上です。\n", "先方の情シスは退職者のアカウントを消していない様子。");
	holds("> 先方の情シスは退職者のアカウントを消していない様子。\n", "> 先方の情シスは退職者のアカウントを消していない様子。");
	holds("＞ ＞　先方の情シスは退職者の アカウントを消していない様子", "＞ ＞　先方の情シスは退職者の アカウントを消していない様子");
	holds("先方の情ｼｽは退職者のｱｶｳﾝﾄを消していない様子｡\n", "先方の情ｼｽは退職者のｱｶｳﾝﾄを消していない様子｡");
}
END_TEST

START_TEST(short_lines_in_a_row)
{
	holds("> たぶん内部犯行だと思う。\n>\n> 社長には言わない方がよい。\n", "> たぶん内部犯行だと思う。\n> 社長には言わない方がよい。");
	holds("たぶん内部犯行だと思う。\nと申しました。\n社長には言わない方がよい。\n", ""); /* neither is long enough */
	holds("> 先方の情シスは退職者\n> のアカウントを消して\n> いない様子。\n", "> 先方の情シスは退職者\n> のアカウントを消して"); /* wrapped anew */
}
END_TEST

START_TEST(what_is_no_note)
{
	holds("", "");
	holds("いつもお世話になっております。\nよろしくお願いいたします。\n鈴木 一郎\n", "");
	holds("ご確認のほど、何卒よろしくお願い申し上げます。\n", "");
	/* the customer's own words, and his name above them, quoted in both */
	holds("2026/11/24 10:00、田中 さん (さくら商事) は書きました：\n> パソコンの画面に警告が出て、電話番号が表示されています。\n", "");
	holds("https://www.ipa.go.jp/security/anshin/measures/fakealert.html\n", "");
	holds("-- \n鈴木 一郎 / サイバーセキュリティ相談センター 技術担当\n", "");
	holds("退職者のアカウントは消してください。\n", "");
}
END_TEST

/* Below the divider of an Outlook mail all is quoted, without marks. */
START_TEST(a_mail_pasted_below)
{
	struct sb out = SB_INIT;
	note_quote_own("確認中\n-----Original Message-----\nFrom: a@b.example\nSent: x\nSubject: y\n\n長い長い引用の本文です\n", &out);
	ck_assert_str_eq(out.s, "確認中\n");
	sb_free(&out);
}
END_TEST

UNIT_SUITE("note_quote", a_line_of_it, short_lines_in_a_row, what_is_no_note, a_mail_pasted_below)
