/* CSV as it comes from people: what is read, what is refused, what is written. */
#include "text/csv.h"
#include "unit.h"
#include <stdio.h>
#include <string.h>

/* Rows as "a|b¶c|d¶", then "!TEXT" for an error. */
static void read_all(const void *p, size_t n, struct sb *out)
{
	struct csv *c;
	struct csv_row row;
	struct err e;
	enum status st = csv_open(p, n, &c, &e);
	while (st == OK && (st = csv_next(c, &row, &e)) == OK) {
		for (size_t i = 0; i < row.n; i++)
			sb_addf(out, "%s%s", i ? "|" : "", row.v[i]);
		sb_adds(out, "¶");
	}
	if (st != ERR_NOTFOUND)
		sb_addf(out, "!%s", e.msg);
	csv_free(&c);
}

static void reads(const void *p, size_t n, const char *want)
{
	struct sb out = SB_INIT;
	read_all(p, n, &out);
	ck_assert_str_eq(out.s, want);
	sb_free(&out);
}
#define READS(text, want) reads(text, sizeof(text) - 1, want)

START_TEST(shapes)
{
	READS("", "");
	READS("\n\n", "");
	READS("a,b\r\nc,d\r\n", "a|b¶c|d¶");
	READS("a,b\nc,d", "a|b¶c|d¶");
	READS("a,b\rc,d\r", "a|b¶c|d¶");
	READS("a,\"b\r\nb2\"\r\nc,d\r\n", "a|b\nb2¶c|d¶");
	READS("\"a\"\"b\",\"\",\"c,d\"\n", "a\"b||c,d¶");
	READS("a,b,\n,,\nc,d,e\n", "a|b|¶c|d|e¶");
	READS("a,b,", "a|b|¶");
	READS("\"a\"", "a¶");
	READS(" a , b \n", " a | b ¶");
}
END_TEST

START_TEST(separators)
{
	READS("a;b;c\n1,5;2;3\n", "a|b|c¶1,5|2|3¶");
	READS("a\tb\n1,5\t2\n", "a|b¶1,5|2¶");
	READS("sep=;\r\na,b;c\n", "a,b|c¶");
	READS("sep=,\na;b,c\n", "a;b|c¶");
	READS("\"a;b;c\",d\n", "a;b;c|d¶");
	READS("one\ntwo\n", "one¶two¶");
}
END_TEST

START_TEST(charsets)
{
	READS("\xEF\xBB\xBF" "契約,名\n", "契約|名¶");
	READS("\xEF\xBB\xBF\"a\",b\n", "a|b¶");
	READS("契約,名\n", "契約|名¶");
	/* CP932: 株式会社,㈱ (NEC row 13),ソ (second byte 5C),髙 (IBM extension) */
	READS("\x8A\x94\x8E\xAE\x89\xEF\x8E\xD0,\x87\x8A,\x83\x5C,\xFB\xFC\n", "株式会社|㈱|ソ|髙¶");
	READS("\xFF\xFE" "a\0\t\0\x42\x30\r\0\n\0", "a|あ¶");
	READS("\xFE\xFF" "\0a\0\t\x30\x42\0\n", "a|あ¶");
	READS("\xFF\xFE\x42\xD8\xB7\xDF\n\0", "𠮷¶");
	READS("\xFF\xFE\x42\xD8\n\0", "!1行目: 文字コードが読めません (UTF-8 か Shift_JIS (CP932) で保存してください)");
	READS("\xFF\xFE" "a\0b", "!1行目: 文字コードが読めません (UTF-8 か Shift_JIS (CP932) で保存してください)");
	READS("a\x81\n", "!1行目: 文字コードが読めません (UTF-8 か Shift_JIS (CP932) で保存してください)");
	READS("\xEF\xBB\xBF" "a\x81\n", "!1行目: UTF-8 の印 (BOM) がありますが UTF-8 として読めません");
	READS("a\0b\n", "!CSV ファイルではありません (NUL バイトがあります)");
	READS("PK\x03\x04\0\0", "!CSV ファイルではありません (NUL バイトがあります)");
}
END_TEST

/* A name cut in the middle of a character makes no CP932 of a UTF-8 file; and CP932 that looks like UTF-8 here and
 * there (邉様) stays CP932. */
START_TEST(broken_characters)
{
	READS("mail,name\r\na@x.example,山田\r\nb@x.example,山\xE7\x94\r\n",
	      "!UTF-8 のファイルですが、3行目に読めない文字があります");
	READS("名前\r山田\r\xE7\x94\r", "!UTF-8 のファイルですが、3行目に読めない文字があります");
	READS("名前\n\"山\n田\"\n\xFF\n", "!UTF-8 のファイルですが、4行目に読めない文字があります");
	READS("\xEF\xBB\xBF" "名前\n山田\n\xE7\x94\n", "!3行目: UTF-8 の印 (BOM) がありますが UTF-8 として読めません");
	READS("\x8A\x94\n\x8E\xAE\n\x81\n", "!3行目: 文字コードが読めません (UTF-8 か Shift_JIS (CP932) で保存してください)");
	READS("\x93\x6E\xE7\xB3\x97\x6C\n\x93\x6E\xE7\xB3\x97\x6C\n", "渡邉様¶渡邉様¶");
	READS("\xC3\xB1\xC3\xB1\x81\x41\n", "ﾃｱﾃｱ、¶");
}
END_TEST

START_TEST(refused)
{
	READS("a,b\nc,\"d\n\ne\n", "a|b¶!2行目: 引用符 (\") が閉じられていません");
	READS("a\n\"b\"c\n", "a¶!2行目: 閉じる引用符 (\") の後に文字があります");
	READS("a\nb\"c\n", "a¶!2行目: 値の途中に引用符 (\") があります (値全体を \" で囲み、中の \" は \"\" と書きます)");
	READS("\"a\n\n\"\nb\"\n", "a\n\n¶!4行目: 値の途中に引用符 (\") があります (値全体を \" で囲み、中の \" は \"\" と書きます)");
}
END_TEST

/* `count` times a text, then an end. */
static void repeated(const char *text, size_t count, const char *end, struct sb *out)
{
	sb_reset(out);
	for (size_t i = 0; i < count; i++)
		sb_adds(out, text);
	sb_adds(out, end);
}

START_TEST(bounds)
{
	struct sb in = SB_INIT, out = SB_INIT;
	repeated("x", CSV_FIELD_MAX, "\n", &in);
	read_all(in.s, in.len, &out);
	ck_assert_uint_eq(out.len, CSV_FIELD_MAX + strlen("¶"));
	repeated("x", CSV_FIELD_MAX + 1, "\n", &in);
	reads(in.s, in.len, "!1行目: 値が長すぎます (65536 バイトまで)");
	repeated(",", CSV_FIELDS_MAX - 1, "x\n", &in);
	sb_reset(&out);
	read_all(in.s, in.len, &out);
	ck_assert_ptr_nonnull(strstr(out.s, "|x¶"));
	repeated(",", CSV_FIELDS_MAX, "x\n", &in);
	reads(in.s, in.len, "!1行目: 列が多すぎます (256 列まで)");
	repeated("x\n", CSV_ROWS_MAX + 1, "", &in);
	sb_reset(&out);
	read_all(in.s, in.len, &out);
	ck_assert_str_eq(strchr(out.s, '!'), "!200001行目: 行が多すぎます (200000 行まで)");
	sb_free(&in);
	sb_free(&out);
}
END_TEST

/* Cells that Excel would run, or that need quotes; and what they become. */
START_TEST(writer)
{
	static const char *const cells[][2] = {
		{ "", "" }, { "plain", "plain" }, { "a,b", "\"a,b\"" }, { "a\"b", "\"a\"\"b\"" },
		{ "a\nb", "\"a\nb\"" }, { "a;b", "\"a;b\"" }, { " a", "\" a\"" }, { "a ", "\"a \"" },
		{ "=1+1", "'=1+1" }, { "+81", "'+81" }, { "-1", "'-1" }, { "@SUM(A1)", "'@SUM(A1)" },
		{ "\t=1", "\"'\t=1\"" }, { "\r=1", "\"'\r=1\"" }, { "＝1", "'＝1" }, { "－", "'－" },
		{ "=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"" },
		{ "'=1", "''=1" }, { "''@", "'''@" }, { "'a", "'a" }, { "03-1234", "03-1234" }, { "ー", "ー" },
	};
	for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
		struct sb out = SB_INIT;
		struct csv *c;
		struct csv_row row;
		struct err e;
		csv_put(&out, "x", 1);
		csv_put(&out, cells[i][0], 0);
		ck_assert_str_eq(out.s + 2, cells[i][1]);
		sb_adds(&out, "\r\n");
		ck_assert_int_eq(csv_open(out.s, out.len, &c, &e), OK);
		ck_assert_int_eq(csv_next(c, &row, &e), OK);
		ck_assert_uint_eq(row.n, 2);
		csv_unguard(row.v[1]);
		if (!strchr(cells[i][0], '\r')) /* line ends in cells become LF */
			ck_assert_str_eq(row.v[1], cells[i][0]);
		csv_free(&c);
		sb_free(&out);
	}
}
END_TEST

UNIT_SUITE("csv", shapes, separators, charsets, broken_characters, refused, bounds, writer)
