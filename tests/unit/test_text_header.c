/* Header words and parameters in the shapes of real mail (RFC 2047, 2231). */
#include "text_util.h"
#include "text/hdrword.h"

static void ck_header_n(const char *raw, size_t n, const char *want)
{
	struct sb out = SB_INIT;
	text_decode_header(raw, n, &out);
	ck_text(&out);
	ck_assert_msg(strcmp(out.s, want) == 0, "\"%s\": got \"%s\", want \"%s\"", raw, out.s, want);
	sb_free(&out);
}

static void ck_header(const char *raw, const char *want)
{
	ck_header_n(raw, strlen(raw), want);
}

START_TEST(test_words)
{
	ck_header("=?ISO-2022-JP?B?GyRCN29MPhsoQg==?=", "件名");
	ck_header("=?iso-2022-jp?b?GyRCN29MPhsoQg==?=", "件名");
	ck_header("=?UTF-8?Q?=E4=BB=B6=E5=90=8D_=3D_Subject?=", "件名 = Subject");
	ck_header("=?Shift_JIS?B?jI+WvA==?=", "件名");
	ck_header("=?x-sjis?Q?=8C=8F=96=BC?=", "件名");
	ck_header("=?EUC-JP?B?t+/Mvg==?=", "件名");
	ck_header("=?utf-8*ja?B?5Lu25ZCN?=", "件名");
	ck_header("Re: =?utf-8?B?5Lu25ZCN?= (2)", "Re: 件名 (2)");
	ck_header("=?utf-8?B?" "?=", "");
	ck_header("  plain text \r\n", "plain text");
	ck_header("folded\r\n text\n\there", "folded text here");
}
END_TEST

START_TEST(test_adjacent)
{
	ck_header("=?utf-8?B?5Lu2?= =?utf-8?B?5ZCN?=", "件名");
	ck_header("=?utf-8?B?5Lu2?=\r\n =?utf-8?B?5ZCN?=", "件名");
	ck_header("=?utf-8?B?5Lu2?=\r\n\t  =?utf-8?Q?=E5=90=8D?=", "件名");
	ck_header("=?utf-8?B?5Lu2?= x =?utf-8?B?5ZCN?=", "件 x 名");
	ck_header("=?utf-8?B?5Lu2?= =?Shift_JIS?Q?=96=BC?=", "件名");
	ck_header("=?utf-8?B?5Lu2?==?utf-8?B?5ZCN?=", "件名");
	ck_header("Re:=?utf-8?B?5Lu25ZCN?=です", "Re:件名です");
}
END_TEST

START_TEST(test_split_characters)
{
	ck_header("=?utf-8?B?5Lu25Q==?= =?utf-8?B?kI0=?=", "件名");
	ck_header("=?UTF-8?Q?=E4=BB=B6=E5?=\r\n =?utf-8?Q?=90=8D?=", "件名");
	ck_header("=?Shift_JIS?Q?=8C=8F=96?= =?Shift_JIS?Q?=BC?=", "件名");
	/* ISO-2022-JP that goes on in the next word */
	ck_header("=?ISO-2022-JP?B?GyRCN28=?= =?ISO-2022-JP?B?TD4bKEI=?=", "件名");
	ck_header("=?ISO-2022-JP?B?GyRCN29M?= =?ISO-2022-JP?B?PhsoQg==?=", "件名");
	/* base64 cut anywhere */
	ck_header("=?utf-8?B?5Lu25Z?=\r\n =?utf-8?B?CN?=", "件名");
	/* forgotten padding */
	ck_header("=?utf-8?B?5Lu25ZCNIQ?= =?utf-8?B?5Lu2?=", "件名!件");
}
END_TEST

START_TEST(test_broken_words)
{
	ck_header("=?utf-8?B?5Lu25ZCN", "件名");
	ck_header("=?utf-8?B?5Lu25ZCN?", "件名");
	ck_header("=?utf-8?Q?=E4=BB=B6=E5=90=8D", "件名");
	ck_header("=?utf-8?Q?=E4=BB=B6 =E5=90=8D?= x", "件 名 x");
	ck_header("=?utf-8?Q?a=ZZb=?=", "a=ZZb=");
	ck_header("=?utf-8?B?!!not base64!!?=", "=?utf-8?B?!!not base64!!?=");
	ck_header("=?utf-8?X?abc?= =?utf-8?", "=?utf-8?X?abc?= =?utf-8?");
	ck_header("=?", "=?");
	ck_header("=?x-nonsense?B?5Lu25ZCN?=", "件名");
	ck_header("=?us-ascii?Q?=8C=8F=96=BC=82=C5=82=B7?=", "件名です");
	ck_header("\"=?utf-8?B?5bGx55Sw?= =?utf-8?B?5aSq6YOO?=\" <t@example.jp>", "\"山田太郎\" <t@example.jp>");
	ck_header("a?=b=?c", "a?=b=?c");
}
END_TEST

START_TEST(test_twice_encoded)
{
	ck_header("=?utf-8?Q?=3D=3Futf-8=3FB=3F5Lu25ZCN=3F=3D?=", "件名");
	ck_header("=?utf-8?B?PT91dGYtOD9CPzVMdTI1WkNOPz0=?=", "件名");
}
END_TEST

START_TEST(test_raw_bytes)
{
	ck_header("\x8C\x8F\x96\xBC\x82\xC5\x82\xB7", "件名です");
	ck_header("\xB7\xEF\xCC\xBE\xA4\xC7\xA4\xB9", "件名です");
	ck_header("件名です", "件名です");
	ck_header("\x1B$B7oL>\x1B(B: test", "件名: test");
	ck_header_n(BYTES("a\0b\x01" "c\x1B[2J\x7F"), "a\xEF\xBF\xBD" "b c [2J");
	ck_header("=?utf-8?Q?a=0D=0ABcc:_x=40example.com=00?=", "a  Bcc: x@example.com\xEF\xBF\xBD");
}
END_TEST

static void ck_lines(const struct sb *s, size_t col, size_t max)
{
	for (size_t i = 0; i < s->len; i++, col++) {
		ck_assert((unsigned char)s->s[i] < 0x80);
		ck_assert_uint_lt(col, max + (s->s[i] == '\r' || s->s[i] == '\n') * 2);
		if (s->s[i] == '\r')
			ck_assert(memcmp(s->s + i, "\r\n ", 3) == 0 && s->s[i + 3] > ' ');
		if (s->s[i] == '\n')
			col = (size_t)-1;
	}
}

static void ck_round(const char *text, size_t col)
{
	struct sb enc = SB_INIT, dec = SB_INIT;
	text_encode_header(text, strlen(text), col, &enc);
	ck_lines(&enc, col, 78);
	text_decode_header(enc.s, enc.len, &dec);
	ck_assert_str_eq(dec.s, text);
	/* each word ends on a character */
	for (const char *p = enc.s; (p = strstr(p, "=?UTF-8?B?")); p += 10) {
		const char *end = strstr(p + 10, "?=");
		ck_assert(end && end + 2 - p <= 75);
		struct sb one = SB_INIT;
		text_decode_header(p, (size_t)(end + 2 - p), &one);
		ck_assert(strstr(text, "=?") || !strstr(one.s, "\xEF\xBF\xBD"));
		sb_free(&one);
	}
	sb_free(&enc);
	sb_free(&dec);
}

START_TEST(test_encode)
{
	struct sb out = SB_INIT;
	text_encode_header(BYTES("Re: [YOROZU #12] hello"), 9, &out);
	ck_assert_str_eq(out.s, "Re: [YOROZU #12] hello");
	sb_reset(&out);
	text_encode_header(BYTES("件名"), 9, &out);
	ck_assert_str_eq(out.s, "=?UTF-8?B?5Lu25ZCN?=");
	sb_reset(&out);
	text_encode_header(BYTES("a\r\nBcc: x@example.com\0\t"), 9, &out);
	ck_assert(!strpbrk(out.s, "\r\n") && !strstr(out.s, "\nBcc"));
	sb_free(&out);
	static const char *const texts[] = {
		"", "x", "=?utf-8?B?5Lu25ZCN?= literally", "$B$3$s$K$A$O(B", "件名",
		"お見積りのご依頼につきまして（第2回ご提案分・追加資料あり・2026年11月24日版）の件",
		"A long subject in plain ASCII that has to be folded somewhere because it is longer than seventy-eight columns, twice over and more",
		"two  spaces   stay  when  the  text is  folded    at   single ones, wherever those    may be found  in it, even so",
		"絵文字😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀", "Re: Re: Fwd: ご注文 ありがとう ございます 🎉 thanks a lot",
	};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		for (size_t col = 0; col < 80; col += 3)
			ck_round(texts[i], col);
}
END_TEST

START_TEST(test_encode_monster_word)
{
	struct sb s = SB_INIT, enc = SB_INIT, dec = SB_INIT;
	repeat(&s, "x", 5000);
	text_encode_header(s.s, s.len, 9, &enc);
	ck_lines(&enc, 9, 78);
	text_decode_header(enc.s, enc.len, &dec);
	ck_assert_str_eq(dec.s, s.s);
	sb_free(&s);
	sb_free(&enc);
	sb_free(&dec);
}
END_TEST

static void ck_param(const char *value, const char *name, const char *want)
{
	struct sb out = SB_INIT;
	bool is = text_header_param(value, strlen(value), name, &out);
	ck_text(&out);
	ck_assert_msg(is == (want != NULL), "%s of \"%s\": %s", name, value, is ? out.s : "absent");
	if (want)
		ck_assert_str_eq(out.s, want);
	sb_free(&out);
}

START_TEST(test_plain_params)
{
	ck_param("text/plain; charset=iso-2022-jp", "charset", "iso-2022-jp");
	ck_param("text/plain; Charset = \"ISO-2022-JP\" ; format=flowed", "charset", "ISO-2022-JP");
	ck_param("text/plain; Charset=\"ISO-2022-JP\";format=flowed", "format", "flowed");
	ck_param("text/plain; charset=us-ascii (Plain text)", "charset", "us-ascii");
	ck_param("text/plain (a; charset=wrong) ; charset=right", "charset", "right");
	ck_param("text/plain", "charset", NULL);
	ck_param("", "charset", NULL);
	ck_param("text/plain;;; ;charset=x;", "charset", "x");
	ck_param("text/plain; xcharset=a; charset2=b", "charset", NULL);
	ck_param("attachment; filename=", "filename", "");
	ck_param("multipart/mixed; boundary=\"=_a;b c\"", "boundary", "=_a;b c");
	ck_param("attachment; filename=a.txt; filename=b.txt", "filename", "a.txt");
}
END_TEST

START_TEST(test_quoting)
{
	ck_param("attachment; filename=\"a;b \\\"c\\\".txt\"; size=3", "filename", "a;b \"c\".txt");
	ck_param("attachment; filename=\"a;b.txt\"; size=3", "size", "3");
	ck_param("attachment; filename=見積 書 (1).xlsx ; size=3", "filename", "見積 書 (1).xlsx");
	ck_param("attachment; filename=\"C:\\Users\\taro\\a.txt\"", "filename", "C:\\Users\\taro\\a.txt");
	ck_param("attachment; filename=\"no end.txt", "filename", "no end.txt");
	ck_param("attachment; filename=\"a\r\n b.txt\"", "filename", "a b.txt");
	/* halves of characters that look like quotes and backslashes */
	ck_param("attachment; filename=\"\x95\x5C\x8E\x86\x82\xCC\x95\x5C.txt\"; x=y", "filename", "表紙の表.txt");
	ck_param("attachment; filename=\"\x95\x5C\"; x=y", "x", "y");
	ck_param("attachment; filename=\"\x1B$B$\"$$$\\\x1B(B.txt\"; x=y", "filename", "あいぼ.txt");
	ck_param("attachment; filename=\"\x1B$B$\"$$\x1B(B.txt\"; x=y", "x", "y");
}
END_TEST

START_TEST(test_rfc2231)
{
	ck_param("attachment; filename*=UTF-8''%E8%A6%8B%E7%A9%8D.pdf", "filename", "見積.pdf");
	ck_param("attachment; filename*=utf-8'ja'%E8%A6%8B%E7%A9%8D.pdf", "filename", "見積.pdf");
	ck_param("attachment; filename*=Shift_JIS''%8C%A9%90%CF.pdf", "filename", "見積.pdf");
	ck_param("attachment; filename*=iso-2022-jp''%1B%24B8%2B%40Q%1B%28B.pdf", "filename", "見積.pdf");
	ck_param("attachment; filename*=\"UTF-8''%E8%A6%8B.pdf\"", "filename", "見.pdf");
	ck_param("attachment; filename*=%E8%A6%8B%E7%A9%8D.pdf", "filename", "見積.pdf");
	ck_param("attachment; filename=\"mitsumori.pdf\"; filename*=UTF-8''%E8%A6%8B.pdf", "filename", "見.pdf");
	ck_param("attachment; filename*=utf-8''100%25%zz%E8%A6%8B%E8", "filename", "100%%zz見\xEF\xBF\xBD");
}
END_TEST

START_TEST(test_sections)
{
	ck_param("a; filename*0*=UTF-8''%E8%A6; filename*1*=%8B%E7%A9%8D; filename*2=.pdf", "filename", "見積.pdf");
	ck_param("a; filename*2=.pdf; filename*0*=UTF-8''%E8%A6; filename*1*=%8B", "filename", "見.pdf");
	ck_param("a; filename*0=\"one \"; filename*1=two", "filename", "one two");
	ck_param("a; filename*1=one; filename*2=two", "filename", "onetwo");
	ck_param("a; filename*0=a; filename*2=c", "filename", "a");
	ck_param("a; filename*0=a; filename*0=b; filename*1=c", "filename", "ac");
	ck_param("a; filename*99999999999999999999=x; filename=ok", "filename", "ok");
	ck_param("a; filename*-1=x; filename*1x=y; filename*0**=z", "filename", NULL);
	ck_param("a; filename*10=x", "filename", NULL);
	ck_param("a; filename*0=\"=?utf-8?B?5Lu2\"; filename*1=\"5ZCN?=\"", "filename", "件名");
}
END_TEST

START_TEST(test_words_in_params)
{
	ck_param("a; filename=\"=?ISO-2022-JP?B?GyRCN29MPhsoQg==?=.pdf\"", "filename", "件名.pdf");
	ck_param("a; filename=\"=?utf-8?B?5Lu2?=\r\n =?utf-8?B?5ZCN?=.pdf\"", "filename", "件名.pdf");
	ck_param("a; name==?utf-8?Q?=E4=BB=B6.pdf?=; x=y", "name", "件.pdf");
	ck_param("a; filename=\"\x8C\x8F\x96\xBC.pdf\"", "filename", "件名.pdf");
}
END_TEST

START_TEST(test_encode_param)
{
	static const char *const names[] = { "a.txt", "", "a \"b\" \\ c;d.txt", "見積書.pdf", "=?x?", "100%'*.txt",
		"とても長いファイル名の添付資料（第三版・最終・本当の最終・お客様確認済み）2026年11月24日_山田商事株式会社御中.xlsx",
		"a-very-long-ascii-file-name-that-does-not-fit-into-one-line-of-a-header-at-all-and-goes-on.txt", ("a\xE2\x80\xA8" "b") };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct sb enc = SB_INIT, want = SB_INIT;
		text_one_line(names[i], strlen(names[i]), &want);
		sb_adds(&enc, "attachment");
		text_encode_param("filename", names[i], &enc);
		ck_lines(&enc, 21, 78);
		ck_param(enc.s, "filename", want.s);
		sb_free(&enc);
		sb_free(&want);
	}
}
END_TEST

START_TEST(test_linear)
{
	static const char *const units[] = {
		"=?utf-8?B?44GC?= ", "=?utf-8?B?44GC?=", "=?x?q?a ", "=?a?b?YQ", "=?utf-8?Q?=?=", "=?", "?=", "=?utf-8?B?4",
		"=?utf-8?B?44G?= ", " ", "\r\n ", "=?a*b?q?x?= =?c?q?y?= ", "\x82\xA0 ", ("=?utf-8?Q?" "?= "),
	};
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		struct sb in = SB_INIT, out = SB_INIT;
		repeat(&in, units[i], TEN_MB);
		IN_TIME(text_decode_header(in.s, in.len, &out));
		ck_text(&out);
		sb_reset(&out);
		IN_TIME(text_encode_header(in.s, in.len, 9, &out));
		sb_free(&in);
		sb_free(&out);
	}
	static const char *const params[] = { "; filename*0=a", "(", ";filename=\"", "; a=\"\\", "; filename*1*=%", ";" , "; filename=(((" };
	for (size_t i = 0; i < sizeof params / sizeof *params; i++) {
		struct sb in = SB_INIT, out = SB_INIT;
		repeat(&in, params[i], TEN_MB);
		IN_TIME(text_header_param(in.s, in.len, "filename", &out));
		ck_assert_uint_le(out.len, 3 * 65536);
		sb_free(&in);
		sb_free(&out);
	}
}
END_TEST

START_TEST(test_random)
{
	static const char *const bits[] = { "=?utf-8?B?", "44GC", "?=", "=?iso-2022-jp?q?", "=1B$B", " ", "\r\n ", "x", "=",
		"?", "\x82\xA0", "あ", "; filename*0*=", "\"", "\\", "utf-8''%E3", "(", ")", ";", "filename=" };
	unsigned seed = 11;
	for (int i = 0; i < 20000; i++) {
		struct sb in = SB_INIT, out = SB_INIT, one = SB_INIT;
		for (unsigned k = rnd(&seed) % 12; k; k--)
			sb_adds(&in, bits[rnd(&seed) % 20]);
		text_decode_header(in.s, in.len, &out);
		ck_text(&out);
		text_one_line(out.s, out.len, &one);
		ck_assert_str_eq(out.s, one.s);
		sb_reset(&out);
		text_header_param(in.s, in.len, "filename", &out);
		ck_text(&out);
		sb_free(&in);
		sb_free(&out);
		sb_free(&one);
	}
}
END_TEST

UNIT_SUITE("text_header", test_words, test_adjacent, test_split_characters, test_broken_words, test_twice_encoded,
           test_raw_bytes, test_encode, test_encode_monster_word, test_plain_params, test_quoting, test_rfc2231,
           test_sections, test_words_in_params, test_encode_param, test_linear, test_random)
