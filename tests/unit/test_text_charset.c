/* Charsets of Japanese mail: as sent, as labelled, as broken (DESK-15). */
#include "text_util.h"
#include <pthread.h>
#include <iconv.h>

static void convert(const char *to, const char *s, struct sb *out)
{
	char buf[4096], *in = (char *)s, *o = buf;
	size_t n = strlen(s), room = sizeof buf;
	iconv_t cd = iconv_open(to, "UTF-8");
	ck_assert(cd != (iconv_t)-1);
	ck_assert_uint_ne(iconv(cd, &in, &n, &o, &room), (size_t)-1);
	iconv(cd, NULL, NULL, &o, &room);
	iconv_close(cd);
	sb_add(out, buf, sizeof buf - room);
}

static void ck_decode(const char *label, const void *p, size_t n, const char *want, const char *as)
{
	struct sb out = SB_INIT;
	const char *used = text_to_utf8(label, p, n, &out);
	ck_text(&out);
	ck_assert_msg(strcmp(out.s, want) == 0, "label %s: got \"%s\", want \"%s\"", label ? label : "-", out.s, want);
	if (as)
		ck_assert_str_eq(used, as);
	sb_free(&out);
}

static const char letter[] =
	"お世話になっております。株式会社山田商事の田中です。\n"
	"先日お送りした「見積書」の件、ご確認いただけましたでしょうか？\n"
	"よろしくお願いいたします。\n";

START_TEST(test_right_labels)
{
	static const char *const labels[][3] = {
		{ "ISO-2022-JP", "ISO-2022-JP", "iso-2022-jp" }, { "Shift_JIS", "CP932", "cp932" },
		{ "x-sjis", "CP932", "cp932" }, { "\"windows-31j\"", "CP932", "cp932" },
		{ "EUC-JP", "EUC-JP", "euc-jp" }, { "utf-8", "UTF-8", "utf-8" },
		{ "UTF8", "UTF-8", "utf-8" }, { "utf-16", "UTF-16LE", "utf-16" },
		{ "utf-16", "UTF-16BE", "utf-16" }, { "utf-16be", "UTF-16BE", "utf-16be" },
		{ "utf-7", "UTF-7", "utf-7" }, { "cp50221", "ISO-2022-JP", "iso-2022-jp" },
		{ "gb2312", "GB18030", "gb18030" },
	};
	for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
		struct sb raw = SB_INIT;
		convert(labels[i][1], letter, &raw);
		ck_decode(labels[i][0], raw.s, raw.len, letter, labels[i][2]);
		sb_free(&raw);
	}
}
END_TEST

START_TEST(test_no_or_wrong_label)
{
	static const char *const said[] = { NULL, "", "x-unknown", "us-ascii", "utf-8", "iso-2022-jp",
		"iso-8859-1", "windows-1252", "shift_jis", "euc-jp" };
	static const char *const is[][2] = { { "CP932", "cp932" }, { "EUC-JP", "euc-jp" },
		{ "UTF-8", "utf-8" }, { "ISO-2022-JP", "iso-2022-jp" } };
	for (size_t k = 0; k < 4; k++)
		for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
			struct sb raw = SB_INIT;
			convert(is[k][0], letter, &raw);
			ck_decode(said[i], raw.s, raw.len, letter, NULL);
			sb_reset(&raw);
			convert(is[k][0], "ご注文の確認", &raw); /* a subject */
			ck_decode(said[i], raw.s, raw.len, "ご注文の確認", NULL);
			if (!said[i])
				ck_assert_str_eq(text_guess(raw.s, raw.len), is[k][1]);
			sb_free(&raw);
		}
}
END_TEST

START_TEST(test_short_names)
{
	static const char *const names[] = { "田中", "鈴木太郎", "件", "請求書", "東京", "見積依頼", "ご連絡", "テスト" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct sb raw = SB_INIT;
		convert("CP932", names[i], &raw);
		ck_decode(NULL, raw.s, raw.len, names[i], "cp932");
		sb_reset(&raw);
		convert("EUC-JP", names[i], &raw);
		ck_decode(NULL, raw.s, raw.len, names[i], "euc-jp");
		sb_free(&raw);
	}
}
END_TEST

START_TEST(test_latin_stays_latin)
{
	ck_decode("iso-8859-1", BYTES("caf\xE9 et cr\xE8me br\xFBl\xE9""e, d\xE9j\xE0 vu"), "café et crème brûlée, déjà vu", "windows-1252");
	ck_decode("windows-1252", BYTES("It\x92s \x93quoted\x94 \x97 50 \x80"), "It’s “quoted” — 50 €", "windows-1252");
	ck_decode(NULL, BYTES("Gr\xFC\xDF""e aus M\xFCnchen"), "Grüße aus München", "windows-1252");
	ck_decode("utf-8", BYTES("caf\xE9 noir"), "café noir", "windows-1252");
	ck_decode("iso-8859-1", BYTES("caf\xC3\xA9"), "café", "utf-8");
	ck_decode("iso-8859-1", BYTES("a\xE7\xE3o S\xE3o Jos\xE9"), "ação São José", "windows-1252");
	ck_decode("koi8-r", BYTES("\xF0\xD2\xC9\xD7\xC5\xD4"), "Привет", "koi8-r");
	ck_decode("us-ascii", BYTES("It\x92s fine, don\x92t worry"), "It’s fine, don’t worry", "windows-1252");
}
END_TEST

START_TEST(test_machine_characters)
{
	/* NEC row 13, NEC's and IBM's extensions, in ISO-2022-JP-MS and CP932 */
	ck_decode("iso-2022-jp", BYTES("\x1B$B-!-\"-j\x1B(B"), "①②㈱", "iso-2022-jp");
	ck_decode("iso-2022-jp", BYTES("\x1B$By\"yu|b\x1B(B"), "褜﨑髙", NULL);
	ck_decode("shift_jis", BYTES("\x87\x40\x87\x8A\xFB\xFC\xFA\xB1\xED\x95"), "①㈱髙﨑﨑", "cp932");
	ck_decode("euc-jp", BYTES("\xAD\xA1\xAD\xEA\xFC\xE2"), "①㈱髙", "euc-jp");
	/* IBM's rows 115-119 as naive software writes them */
	ck_decode("iso-2022-jp", BYTES("\x1B$B\x96\x7E\x1B(B"), "髙", NULL);
	/* JIS X 0212, 0213, GB 2312, KS X 1001, Latin-1 by ISO-2022-JP-1/-2/-3 */
	ck_decode("iso-2022-jp-1", BYTES("\x1B$(D\x30\x21\x1B(B"), "丂", NULL);
	ck_decode("iso-2022-jp-3", BYTES("\x1B$(Q\x24\x77\x1B(B"), "か゚", NULL);
	ck_decode("iso-2022-jp-2", BYTES("\x1B$A0!\x1B$(C0!\x1B.A\x1BNi\x1B(B"), "啊가é", NULL);
}
END_TEST

START_TEST(test_half_width_kana)
{
	ck_decode("iso-2022-jp", BYTES("\x1B(I6@6E\x1B(B!"), "ｶﾀｶﾅ!", NULL);
	ck_decode("iso-2022-jp", BYTES("\xB6\xC0\xB6\xC5!"), "ｶﾀｶﾅ!", NULL);
	ck_decode("iso-2022-jp", BYTES("\x1B$B7oL>\x1B(B: \xB1\xB2\xB3"), "件名: ｱｲｳ", NULL);
	ck_decode("iso-2022-jp", BYTES("\x0E""6@\x0F OK"), "ｶﾀ OK", NULL);
	ck_decode("shift_jis", BYTES("\xB6\xC0\xB6\xC5"), "ｶﾀｶﾅ", "cp932");
	ck_decode("euc-jp", BYTES("\x8E\xB6\x8E\xC0"), "ｶﾀ", "euc-jp");
	ck_decode(NULL, BYTES("\xB8\xB2\xB1\xDD\xC4\x92\x53\x93\x96\x97\x6C\n\xB6\xC0\xB6\xC5\n"), "ｸｲｱﾝﾄ担当様\nｶﾀｶﾅ\n", "cp932");
}
END_TEST

START_TEST(test_roman)
{
	ck_decode("iso-2022-jp", BYTES("\x1B(J\\1,200 ~user\x1B(B\\"), "¥1,200 ~user\\", NULL);
}
END_TEST

START_TEST(test_truncated_jis)
{
	/* no way back to ASCII at the end, and at the end of a line */
	ck_decode("iso-2022-jp", BYTES("\x1B$B7oL>"), "件名", NULL);
	ck_decode("iso-2022-jp", BYTES("\x1B$B7oL>\nHello, world\n"), "件名\nHello, world\n", NULL);
	ck_decode("iso-2022-jp", BYTES("\x1B$B7oL>\r\n$3$l$O$=$NB3$-\x1B(B\r\n"), "件名\r\nこれはその続き\r\n", NULL);
	/* cut in mid-character */
	ck_decode("iso-2022-jp", BYTES("\x1B$B7oL"), "件\xEF\xBF\xBD", NULL);
	ck_decode("iso-2022-jp", BYTES("\x1B$B7oL\x1B(B ok"), "件\xEF\xBF\xBD ok", NULL);
	/* the escape back lost its ESC */
	ck_decode("iso-2022-jp", BYTES("\x1B$B7oL>(B: 12"), "件名: 12", NULL);
}
END_TEST

START_TEST(test_lost_escapes)
{
	ck_decode("iso-2022-jp", BYTES("Re: $B7oL>(B ok"), "Re: 件名 ok", "iso-2022-jp");
	ck_decode("iso-2022-jp", BYTES("$B$*@$OC$K$J$C$F$*$j$^$9!#(B\n"), "お世話になっております。\n", NULL);
	ck_decode(NULL, BYTES("$B$*@$OC$K$J$C$F$*$j$^$9!#(B\n"), "お世話になっております。\n", "iso-2022-jp");
	ck_decode("us-ascii", BYTES("$B$3$s$K$A$O(B"), "こんにちは", NULL);
	/* what only looks similar stays */
	ck_decode(NULL, BYTES("cost $BASE(B) and $B12(B"), "cost $BASE(B) and $B12(B", "us-ascii");
	ck_decode("us-ascii", BYTES("echo $BUILD_DIR (Beta)"), "echo $BUILD_DIR (Beta)", "us-ascii");
	ck_decode("utf-8", BYTES("$B$3$s$K$A$O(B"), "$B$3$s$K$A$O(B", "us-ascii");
}
END_TEST

START_TEST(test_mixed)
{
	/* a gateway's UTF-8 or CP932 footer below an ISO-2022-JP body */
	struct sb raw = SB_INIT;
	convert("ISO-2022-JP", "本文です。\n", &raw);
	convert("CP932", "社外からのメールです。\n", &raw);
	sb_adds(&raw, "添付にご注意ください。\n");
	ck_decode("iso-2022-jp", raw.s, raw.len, "本文です。\n社外からのメールです。\n添付にご注意ください。\n", "iso-2022-jp");
	sb_free(&raw);
	/* escapes of a terminal are no charset */
	ck_decode("utf-8", BYTES("\x1B[31m赤\x1B(B\x1B[m"), "\x1B[31m赤\x1B(B\x1B[m", "utf-8");
}
END_TEST

START_TEST(test_broken)
{
	ck_decode("utf-8", BYTES("日本\xE8\xAA"), "日本\xEF\xBF\xBD", "utf-8");
	ck_decode("utf-8", BYTES("日本\xFF語です。テスト"), "日本\xEF\xBF\xBD語です。テスト", "utf-8");
	ck_decode("shift_jis", BYTES("\x93\xFA\x96\x7B\x8C"), "日本\xEF\xBF\xBD", "cp932");
	ck_decode("shift_jis", BYTES("\x93\xFA\x8C\nA\x96\x7B"), "日\xEF\xBF\xBD\nA本", "cp932");
	ck_decode("euc-jp", BYTES("\xC6\xFC\xCB\n\xCB\xDC"), "日\xEF\xBF\xBD\n本", "euc-jp");
	ck_decode("utf-8", BYTES("a\0b"), "a\xEF\xBF\xBD""b", NULL);
	ck_decode("utf-8", BYTES("\xEF\xBB\xBFx"), "x", NULL);
	ck_decode("utf-8", BYTES("\xC0\xAF\xED\xA0\x80日本語"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD日本語", "utf-8");
	ck_decode("utf-16", BYTES("plain text, mislabelled"), "plain text, mislabelled", "us-ascii");
}
END_TEST

START_TEST(test_wave_dash)
{
	ck_decode("shift_jis", BYTES("\x81\x60\x81\x7C\x81\x61"), "\xEF\xBD\x9E\xEF\xBC\x8D\xE2\x88\xA5", NULL);
	ck_decode("iso-2022-jp", BYTES("\x1B$B!A!]!B\x1B(B"), "\xEF\xBD\x9E\xEF\xBC\x8D\xE2\x88\xA5", NULL);
	struct sb out = SB_INIT;
	ck_assert(text_from_utf8("iso-2022-jp", BYTES("\xEF\xBD\x9E\xE3\x80\x9C\xE2\x88\x92"), &out));
	ck_assert_str_eq(out.s, "\x1B$B!A!A!]\x1B(B");
	sb_reset(&out);
	ck_assert(text_from_utf8("shift_jis", BYTES("\xEF\xBD\x9E\xE3\x80\x9C"), &out));
	ck_assert_str_eq(out.s, "\x81\x60\x81\x60");
	sb_free(&out);
}
END_TEST

START_TEST(test_encode)
{
	struct sb out = SB_INIT;
	ck_assert(text_from_utf8("ISO-2022-JP", letter, strlen(letter), &out));
	ck_assert(text_is_ascii(out.s, out.len));
	ck_decode("iso-2022-jp", out.s, out.len, letter, NULL);
	sb_reset(&out);
	sb_adds(&out, "kept");
	ck_assert(!text_from_utf8("iso-2022-jp", BYTES("件名①"), &out)); /* RFC 1468 has no ① */
	ck_assert(!text_from_utf8("iso-2022-jp", BYTES("ｶﾅ"), &out));
	ck_assert(!text_from_utf8("cp932", BYTES("絵文字😀"), &out));
	ck_assert(!text_from_utf8("us-ascii", BYTES("é"), &out));
	ck_assert(!text_from_utf8("no-such", BYTES("é"), &out));
	ck_assert(!text_from_utf8("utf-8", BYTES("\xFF"), &out));
	ck_assert_str_eq(out.s, "kept");
	sb_reset(&out);
	ck_assert(text_from_utf8("cp932", BYTES("①㈱髙ｶﾅ\\"), &out));
	ck_assert_str_eq(out.s, "\x87\x40\x87\x8A\xFB\xFC\xB6\xC5\\");
	sb_free(&out);
}
END_TEST

/* Every character CP932 and EUC-JP hold comes back as it went. */
START_TEST(test_round_trip_all)
{
	static const char *const cs[] = { "cp932", "euc-jp", "iso-2022-jp" };
	size_t seen[3] = { 0 };
	for (unsigned cp = 0x80; cp < 0x10000; cp++) {
		if (cp >= 0xD800 && cp <= 0xDFFF)
			continue;
		char u[3];
		size_t n = cp < 0x800 ? 2 : 3;
		u[0] = (char)(n == 2 ? 0xC0 | cp >> 6 : 0xE0 | cp >> 12);
		u[1] = (char)(n == 2 ? 0x80 | (cp & 0x3F) : 0x80 | (cp >> 6 & 0x3F));
		u[2] = (char)(0x80 | (cp & 0x3F));
		for (size_t k = 0; k < 3; k++) {
			struct sb raw = SB_INIT, back = SB_INIT, again = SB_INIT;
			sb_adds(&raw, "");
			/* in the company of kana, so that the label stays believable */
			struct sb s = SB_INIT;
			sb_adds(&s, "これは");
			sb_add(&s, u, n);
			sb_adds(&s, "です。");
			if (text_from_utf8(cs[k], s.s, s.len, &raw)) {
				seen[k]++;
				ck_assert_str_eq(text_to_utf8(cs[k], raw.s, raw.len, &back), cs[k]);
				ck_assert(text_from_utf8(cs[k], back.s, back.len, &again));
				ck_assert_str_eq(raw.s, again.s);
			}
			sb_free(&s);
			sb_free(&raw);
			sb_free(&back);
			sb_free(&again);
		}
	}
	ck_assert_uint_gt(seen[0], 9000);
	ck_assert_uint_gt(seen[1], 7000);
	ck_assert_uint_gt(seen[2], 6800);
}
END_TEST

START_TEST(test_random_is_valid)
{
	static const char *const labels[] = { NULL, "utf-8", "iso-2022-jp", "shift_jis", "euc-jp",
		"iso-8859-1", "utf-16", "utf-7", "gb2312", "big5", "euc-kr", "iso-2022-kr", "utf-32" };
	unsigned seed = 7;
	for (int i = 0; i < 20000; i++) {
		unsigned char b[64];
		size_t n = rnd(&seed) % sizeof b;
		for (size_t k = 0; k < n; k++)
			b[k] = (unsigned char)(rnd(&seed) % 5 == 0 ? "\x1B$(BJI\x0E\n"[rnd(&seed) % 8] : (int)rnd(&seed));
		struct sb out = SB_INIT, vis = SB_INIT;
		text_to_utf8(labels[i % 13], b, n, &out);
		ck_text(&out);
		text_visible(out.s, out.len, &vis);
		ck_text(&vis);
		sb_free(&out);
		sb_free(&vis);
	}
}
END_TEST

START_TEST(test_visible)
{
	struct sb out = SB_INIT;
	text_visible(BYTES("a\x1B[2J\tb\r\nc\x07 invoice\xE2\x80\xAE" "fdp.exe\xC2\x9B" "1m\xE2\x80\xA8z\xFF\0\x7F"), &out);
	ck_assert_str_eq(out.s, "a␛[2J\tb\nc␇ invoice[U+202E]fdp.exe[U+009B]1m[U+2028]z\xEF\xBF\xBD␀␡");
	sb_reset(&out);
	text_visible(BYTES("家族👨‍👩‍👧と①髙㈱"), &out);
	ck_assert_str_eq(out.s, "家族👨‍👩‍👧と①髙㈱");
	sb_free(&out);
}
END_TEST

START_TEST(test_linear)
{
	static const char *const units[] = { "$B", "$B$3", "\x1B$B$3", "\x1B$B$3\n", "\x1B(B\xB1", "\x1B", "(B$B", "\xE3\x81",
		"\x82\xA0\xA4", "\xFF", "$@!!(", "\x0E\xB1\n", "\x1B$B\n$3$\"" };
	static const char *const labels[] = { NULL, "iso-2022-jp", "shift_jis", "utf-7", "utf-16" };
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		for (size_t k = 0; k < 5; k++) {
			struct sb in = SB_INIT, out = SB_INIT;
			repeat(&in, units[i], TEN_MB / 4);
			IN_TIME(text_to_utf8(labels[k], in.s, in.len, &out));
			sb_free(&in);
			sb_free(&out);
		}
}
END_TEST

/* Names that programs write for charsets (WHATWG's list among others). */
START_TEST(test_names)
{
	static const char *const v[][3] = {
		{ "cp1253", "\xCA\xE1\xEB\xE7", "Καλη" }, { "cp1254", "\xDDstanbul", "İstanbul" }, { "cp1255", "\xF9\xEC\xE5\xED", "שלום" },
		{ "cp1256", "\xE3\xD1\xCD\xC8\xC7", "مرحبا" }, { "cp1257", "\xE0\xE8\xE6", "ąčę" }, { "cp874", "\xCA\xC7", "สว" },
		{ "windows-874", "\x93\xCA\xC7\x94", "“สว”" }, { "latin2", "\xAElu\xBB", "Žluť" }, { "Latin-9", "\xBDuvre", "œuvre" },
		{ "ms936", "\xC4\xFA\xBA\xC3", "您好" }, { "x-windows-950", "\xB4\xFA\xB8\xD5", "測試" }, { "iso-8859-8-e", "\xF9\xEC\xE5\xED", "שלום" },
		{ "koi8-ru", "\xF0\xD2\xC9\xD7\xA6\xD4", "Привіт" }, { "x-mac-ce", "\xEBlu\xE9", "Žluť" },
		{ "Shift_JIS-2004", "\x82\xA8\x90\xA2\x98\x62", "お世話" }, { "EUC-JIS-2004", "\xA4\xAA\xC0\xA4\xCF\xC3", "お世話" },
	};
	for (size_t i = 0; i < sizeof v / sizeof *v; i++)
		ck_decode(v[i][0], v[i][1], strlen(v[i][1]), v[i][2], NULL);
	/* a character that Big5 has not takes no half of the next with it */
	ck_decode("big5", BYTES("\xB1\x7A\xA3\xE1\xB8\xCC"), "您\xEF\xBF\xBD裡", "big5");
}
END_TEST

/* Mailers that know one foreign charset put its name on everything. */
START_TEST(test_cp932_under_foreign_names)
{
	static const char *const names[] = { "gb2312", "big5", "windows-1251", "euc-kr", "iso-8859-7", "cp1252" };
	struct sb raw = SB_INIT;
	convert("CP932", letter, &raw);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		ck_decode(names[i], raw.s, raw.len, letter, "cp932");
	sb_free(&raw);
	/* none of theirs is taken for Japanese */
	ck_decode("gbk", BYTES("\x8E\xCD\x86\x65\x8E\xCD\x86\x65\xC4\xFA\xBA\xC3"), "幫唀幫唀您好", "gb18030");
	ck_decode("windows-1251", BYTES("\x93\xCF\xF0\xE8\xE2\xE5\xF2\x94 \x96 \x84\xF2\xE5\xF1\xF2\x93"), "“Привет” – „тест“", "windows-1251");
}
END_TEST

/* What a gateway adds is in its own charset. */
START_TEST(test_line_of_another_charset)
{
	struct sb sjis = SB_INIT, both = SB_INIT, want = SB_INIT;
	convert("CP932", "このメールは検査済みです\n", &sjis);
	sb_addf(&both, "%s%s%s", letter, letter, sjis.s);
	sb_addf(&want, "%s%sこのメールは検査済みです\n", letter, letter);
	ck_decode("utf-8", both.s, both.len, want.s, "utf-8");
	sb_reset(&sjis), sb_reset(&both);
	convert("CP932", letter, &sjis);
	sb_addf(&both, "%s%sこのメールは検査済みです\n", sjis.s, sjis.s);
	ck_decode("shift_jis", both.s, both.len, want.s, "cp932");
	sb_free(&sjis), sb_free(&both), sb_free(&want);
	ck_decode("utf-8", BYTES("caf\xE9 あいうえお\n"), "caf\xEF\xBF\xBD あいうえお\n", "utf-8");
}
END_TEST

/* Carriers' pictures. */
START_TEST(test_pictures)
{
	ck_decode("iso-2022-jp", BYTES("\x1B$B:#F|uAxk\x1B(B"), "今日〓〓", "iso-2022-jp");
	ck_decode("shift_jis", BYTES("\x8D\xA1\x93\xFA\x1B$GjO\x0F\x82\xC5\x82\xB7"), "今日〓〓です", "cp932");
	ck_decode("iso-2022-jp", BYTES("\x1B$B:#F|\x1B(B\x1B$Gj\x0F!"), "今日〓!", "iso-2022-jp");
	ck_decode("shift_jis", BYTES("\x8D\xA1\x93\xFA\x1B$Gj"), "今日\x1B$Gj", "cp932");
	struct sb out = SB_INIT;
	text_visible(BYTES("\xEE\x98\xBE\xF3\xBE\x80\x80x"), &out);
	ck_assert_str_eq(out.s, "〓〓x");
	sb_free(&out);
}
END_TEST

/* Many a "$B" before one "(B", and between them what does not read as Japanese: each
 * looks ahead, but not to the end of what may be a line of megabytes. */
START_TEST(test_linear_lost_runs)
{
	static const char *const units[] = { "$B$BP!P!P!P!P!P!P!", "$BP!P!P!P!x", "$B!!", "?$BP!P!P!P!P!P!" };
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		for (size_t k = 0; k < 4; k++) {
			struct sb line = SB_INIT, in = SB_INIT, out = SB_INIT;
			repeat(&line, units[i], k % 2 ? TEN_MB / 4 : 900);
			sb_adds(&line, "(B ");
			repeat(&in, line.s, TEN_MB / 4 + line.len);
			IN_TIME(text_to_utf8(k < 2 ? "iso-2022-jp" : NULL, in.s, in.len, &out));
			sb_free(&line);
			sb_free(&in);
			sb_free(&out);
		}
}
END_TEST

static void *decode_often(void *arg)
{
	struct sb raw = SB_INIT;
	convert("ISO-2022-JP", letter, &raw);
	for (int i = 0; i < 200; i++) {
		struct sb out = SB_INIT;
		text_to_utf8(i % 2 ? NULL : "gb2312", i % 2 ? raw.s : "\xB0\xA1", i % 2 ? raw.len : 2, &out);
		if (strcmp(out.s, i % 2 ? letter : "啊") != 0)
			*(int *)arg = 1;
		sb_free(&out);
	}
	sb_free(&raw);
	return NULL;
}

static void ck_guess(const char *bytes, const char *label, const char *text)
{
	struct sb out = SB_INIT;
	ck_assert_str_eq(text_to_utf8(NULL, bytes, strlen(bytes), &out), label);
	ck_assert_str_eq(out.s, text);
	sb_free(&out);
}

struct guess {
	const char *bytes, *label, *text;
};

/* Mail from elsewhere, unlabelled. */
START_TEST(test_the_world)
{
	static const struct guess v[] = {
		{ "\372\304\322\301\327\323\324\327\325\312\324\305! \367\331\323\331\314\301\300 \304\317\307\317\327\317\322.", "koi8-r", "Здравствуйте! Высылаю договор." },
		{ "\360\322\311\327\305\324", "koi8-r", "Привет" },
		{ "\307\344\360\340\342\361\362\342\363\351\362\345! \302\373\361\373\353\340\376 \344\356\343\356\342\356\360.", "windows-1251", "Здравствуйте! Высылаю договор." },
		{ "\321\320\316\327\315\316: \316\317\313\300\322\300 \321\327\305\322\300", "windows-1251", "СРОЧНО: ОПЛАТА СЧЕТА" },
		{ "\264\336\321\340\353\331 \324\325\335\354, \270\322\320\335", "iso-8859-5", "Добрый день, Иван" },
		{ "\204\256\241\340\353\251 \244\245\255\354, \210\242\240\255", "cp866", "Добрый день, Иван" },
		{ "\304\372\272\303\243\254\307\353\262\351\312\325\270\275\274\376\326\320\265\304\272\317\315\254\243\254\320\273\320\273\243\241", "gb18030", "您好，请查收附件中的合同，谢谢！" },
		{ "\261z\246n\241A\275\320\254d\246\254\252\376\245\363\244\244\252\272\246X\254\371\241A\301\302\301\302\241I", "big5", "您好，請查收附件中的合約，謝謝！" },
		{ "\276\310\263\347\307\317\274\274\277\344. \260\337\300\373\274\255\270\246 \272\270\263\273 \265\345\270\263\264\317\264\331.", "euc-kr", "안녕하세요. 견적서를 보내 드립니다." },
	};
	for (size_t i = 0; i < sizeof v / sizeof *v; i++)
		ck_guess(v[i].bytes, v[i].label, v[i].text);
}
END_TEST

/* What has no kana to be known by, or nothing but half-width ones, stays Japanese. */
START_TEST(test_the_world_takes_no_japanese)
{
	static const struct guess v[] = {
		{ "\266\314\336\274\267\266\336\262\274\254 \324\317\300\336", "cp932", "ｶﾌﾞｼｷｶﾞｲｼｬ ﾔﾏﾀﾞ" },
		{ "\315\370\315\321\263\253\273\317\264\365\313\276\306\374", "euc-jp", "利用開始希望日" },
		{ "\272\307\304\343\315\370\315\321\264\374\264\326", "euc-jp", "最低利用期間" },
		{ "\270\346\270\253\300\321\275\361\301\367\311\325", "euc-jp", "御見積書送付" },
		{ "\204\237\204\237\204\237 \216\320\223\340\230A\227\215 \204\237\204\237\204\237", "cp932", "─── 社内連絡 ───" },
		{ "\242\243 \303\274\313\366", "euc-jp", "■ 端末" },
	};
	for (size_t i = 0; i < sizeof v / sizeof *v; i++)
		ck_guess(v[i].bytes, v[i].label, v[i].text);
}
END_TEST

START_TEST(test_threads)
{
	pthread_t t[8];
	int bad[8] = { 0 };
	for (int i = 0; i < 8; i++)
		ck_assert_int_eq(pthread_create(&t[i], NULL, decode_often, &bad[i]), 0);
	for (int i = 0; i < 8; i++) {
		pthread_join(t[i], NULL);
		ck_assert_int_eq(bad[i], 0);
	}
}
END_TEST

UNIT_SUITE("text_charset", test_right_labels, test_no_or_wrong_label, test_short_names, test_latin_stays_latin,
           test_machine_characters, test_half_width_kana, test_roman, test_truncated_jis, test_lost_escapes,
           test_mixed, test_broken, test_wave_dash, test_encode, test_round_trip_all, test_random_is_valid,
           test_visible, test_names, test_cp932_under_foreign_names, test_line_of_another_charset, test_pictures,
           test_linear, test_linear_lost_runs, test_the_world, test_the_world_takes_no_japanese, test_threads)
