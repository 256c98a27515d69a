/* The diagnosis (DIAG-01, -02): the questionnaire's loader, the score, and answers in every shape a file or mail has. */
#include "survey_fixture.h"
#include "base/io.h"
#include "text/charset.h"
#include "text/survey_impl.h"
#include "text/utf8.h"

/* ---- the questionnaire ------------------------------------------------------------------- */

START_TEST(shipped)
{
	survey_up();
	ck_assert_int_eq(survey->nitems, 25);
	ck_assert_int_eq(survey->parts[0].last, 5);
	ck_assert_int_eq(survey->parts[1].last, 18);
	ck_assert_int_eq(survey->parts[2].last, 25);
	ck_assert_int_eq(survey->choices[0].points, 4);
	ck_assert_int_eq(survey->choices[3].points, -1);
	survey_down();
}
END_TEST

/* The shipped file with `old` replaced; the error must name that line and say `want`. */
static void broken(const char *old, const char *new, const char *want)
{
	struct sb text = SB_INIT, changed = SB_INIT;
	struct survey *s = NULL;
	struct err e;
	char place[40];
	int line = 1;
	ck_assert_int_eq(io_read_file("conf/diagnosis/questionnaire.txt", 1 << 20, &text, &e), OK);
	const char *at = strstr(text.s, old);
	ck_assert_msg(at, "%s", old);
	for (const char *p = text.s; p < at; p++)
		line += *p == '\n';
	sb_add(&changed, text.s, (size_t)(at - text.s));
	sb_adds(&changed, new);
	sb_adds(&changed, at + strlen(old));
	ck_assert_int_eq(survey_parse("q.txt", changed.s, changed.len, &s, &e), ERR_PERM);
	ck_assert(!s);
	snprintf(place, sizeof place, "q.txt:%d: ", line);
	if (*want == ':') {
		ck_assert_msg(strncmp(e.msg, place, strlen(place)) == 0, "%s, wanted line %d", e.msg, line);
		want++;
	}
	ck_assert_msg(strstr(e.msg, want), "%s", e.msg);
	sb_free(&text), sb_free(&changed);
}

START_TEST(loader)
{
	broken("choice = B 2 ", "choice = A 2 ", ":no code of its own");
	broken("choice = B 2 ", "choice = B x ", ":no points");
	broken("choice = B 2 ", "choice = B 5 ", "falling points");
	broken("| いいえ |", "| はい |", ":another choice");
	broken("choice = D -1 わからない | 分からない", "choice = D -1  | 分からない", ":no name");
	broken("column = person ", "column = nobody ", ":unknown column");
	broken("column = person ", "column = mail ", ":set twice");
	broken("column = answer 回答 | ", "# ", "column is missing");
	broken("part = 6 18 ", "part = 7 18 ", ":without a gap");
	broken("part = 19 25 ", "part = 19 26 ", "same number");
	broken("part = 19 25 ", "part = 19 24 ", "of no part");
	broken("area = office 職場の管理", "area = office", ":no name, or set twice");
	broken("area = office 職場", "area = mail 職場", ":no name, or set twice");
	broken("band = 50 ", "band = 75 ", ":the highest first");
	broken("band = -100 ", "band = 0 ", "last band");
	broken("band = 70 おおむね良い |", "band = 70 おおむね良い", ":NAME | TEXT");
	broken("version = 1", "version = x", ":bad version");
	broken("version = 1\n", "\n", "no version");
	broken("[7]", "[8]", ":numbered 1, 2, 3");
	broken("[7]", "[7", ":expected [NUMBER]");
	broken("area = people\neffect = 3\nlabel = 取引先", "area = nowhere\neffect = 3\nlabel = 取引先", ":no such area");
	broken("effect = 5\nlabel = OS", "effect = 6\nlabel = OS", ":bad effect");
	broken("effect = 5\nlabel = OS", "weight = 0\neffect = 5\nlabel = OS", ":bad weight");
	broken("label = ウイルス対策", "label = ウイルス対策\nlabel = x", "set twice");
	broken("label = ウイルス対策", "labell = ウイルス対策", ":unknown key");
	broken("label = ウイルス対策", "label", ":expected \"key = value\"");
	broken("label = ウイルス対策", "label =", ":no value");
	broken("label = ウイルス対策\n", "\n", "are needed");
	broken("label = 対策の規則化\n", "\n", "are needed");
	broken("title = ", "title = \xff", "is not UTF-8");
}
END_TEST

/* ---- the score --------------------------------------------------------------------------------- */

static int score(const char *code, struct survey_score *r)
{
	struct err e;
	ck_assert_int_eq(survey_score(survey, code, r, &e), OK);
	return r->score;
}

START_TEST(scores)
{
	struct survey_score r;
	struct err e;
	survey_up();
	ck_assert_int_eq(score(ALL_A, &r), 100);
	ck_assert_str_eq(r.band->name, survey->bands[0].name);
	for (size_t i = 0; i < survey->nareas; i++)
		ck_assert_int_eq(r.area[i], 100);
	ck_assert_int_eq(score("BBBBBBBBBBBBBBBBBBBBBBBBB", &r), 50);
	ck_assert_str_eq(r.band->name, survey->bands[2].name);
	ck_assert_int_eq(score("CCCCCCCCCCCCCCCCCCCCCCCCC", &r), 0);
	ck_assert_int_eq(score(ALL_D, &r), -25); /* 25 times -1 of 100 */
	ck_assert_str_eq(r.band->name, survey->bands[3].name);
	ck_assert_int_eq(r.count[3], 25);
	ck_assert_int_eq(score("AAAAAAAAAAAAAAAAAAAAAAAAB", &r), 98);
	ck_assert_str_eq(r.band->name, survey->bands[1].name);
	ck_assert_int_eq(score("AAAAAAAAAAAAAAAAAACCCCCCC", &r), 72);
	ck_assert_int_eq(score("AAAAAAAAAAAAAAAAACCCCCCCC", &r), 68);
	ck_assert_str_eq(r.band->name, survey->bands[2].name);
	/* 12 done, 1 partly: exactly 50; one "don't know" less is 49 */
	ck_assert_int_eq(score("AAAAAAAAAAAABCCCCCCCCCCCC", &r), 50);
	ck_assert_str_eq(r.band->name, survey->bands[2].name);
	ck_assert_int_eq(score("AAAAAAAAAAAABDCCCCCCCCCCC", &r), 49);
	ck_assert_str_eq(r.band->name, survey->bands[3].name);
	ck_assert_int_eq(survey_score(survey, "AAA", &r, &e), ERR_PERM);
	ck_assert_int_eq(survey_score(survey, "AAAAAAAAAAAAAAAAAAAAAAAAX", &r, &e), ERR_PERM);
	survey_down();
}
END_TEST

START_TEST(weights)
{
	static const char text[] = "version = 3\ntitle = t\nchoice = A 4 する\nchoice = B 0 しない\n"
		"column = number n1\ncolumn = company n2\ncolumn = mail n3\ncolumn = person n4\ncolumn = time n5\ncolumn = answer n6\n"
		"part = 1 3 p\narea = x x\narea = y y\narea = z z\nband = 100 a | a\nband = -100 b | b\n"
		"[1]\narea = x\nweight = 10\neffect = 1\nlabel = a\nask = 一\nadvice = a\n"
		"[2]\narea = y\neffect = 5\nlabel = b\nask = 二\nadvice = b\n[3]\narea = z\nweight = 3\neffect = 5\nlabel = c\nask = 三\nadvice = c\n";
	struct err e;
	struct survey_score r;
	size_t v[SURVEY_ITEMS_MAX];
	ck_assert_int_eq(survey_parse("t", text, sizeof text - 1, &survey, &e), OK);
	ck_assert_int_eq(score("ABB", &r), 71); /* 10 of 14 */
	ck_assert_int_eq(score("BAB", &r), 7);
	ck_assert_int_eq(r.area[1], 100);
	/* missing points x weight x effect: 3 x 5 before 10 x 1 before 1 x 5 */
	ck_assert_int_eq(survey_advice(survey, "BBB", v), 3);
	ck_assert(v[0] == 2 && v[1] == 0 && v[2] == 1);
	ck_assert_int_eq(survey_advice(survey, "AAA", v), 0);
	survey_free(&survey);
}
END_TEST

START_TEST(advice_order)
{
	size_t v[SURVEY_ITEMS_MAX];
	survey_up();
	/* all alike: by effect, then by number */
	size_t n = survey_advice(survey, "CCCCCCCCCCCCCCCCCCCCCCCCC", v);
	ck_assert_int_eq(n, 25);
	for (size_t i = 1; i < n; i++) {
		const struct survey_item *x = &survey->items[v[i - 1]], *y = &survey->items[v[i]];
		ck_assert(x->effect > y->effect || (x->effect == y->effect && v[i - 1] < v[i]));
	}
	ck_assert_int_eq(v[0], 0);
	/* an unknown 15 (effect 2, 5 missing: 10) comes after a partly done 1 (effect 5, 2 missing: 10), by number */
	n = survey_advice(survey, "BAAAAAAAAAAAAADAAAAAAAAAA", v);
	ck_assert_int_eq(n, 2);
	ck_assert(v[0] == 0 && v[1] == 14);
	survey_down();
}
END_TEST

/* ---- mails --------------------------------------------------------------------------------------- */

static void mail_reads(const char *text, const char *want)
{
	struct survey_sheet r;
	struct err e;
	enum status st = survey_read_text(survey, text, strlen(text), a, &r, &e);
	const char *got = st == OK ? codes(&r, 0) : e.msg;
	ck_assert_msg(strcmp(got, want) == 0, "%s\n%s\nwanted %s", text, got, want);
	sb_free(&r.faults);
}

/* 25 lines by a pattern: %d is the number. */
static const char *lines(const char *before, const char *pattern, const char *after)
{
	struct sb b = SB_INIT;
	sb_adds(&b, before);
	for (int i = 1; i <= 25; i++) {
		const char *at = strstr(pattern, "%d");
		sb_add(&b, pattern, (size_t)(at - pattern));
		sb_addf(&b, "%d%s\n", i, at + 2);
	}
	sb_adds(&b, after);
	const char *r = arena_memdup(a, b.s, b.len);
	sb_free(&b);
	return r;
}

START_TEST(mail_shapes)
{
	static const char *const shapes[] = {
		"Q%d: 実施している", "Q%d：実施している。", "q%d 実施", "問%d　実施している", "【Q%d】実施している", "[%d] はい", "%d. はい", "%d) ○",
		"(%d)実施している", "・Q%d → 実施している", "Q%d=実施している", "Q%d, 実施している", "%d\t実施している", "設問%d：はい",
		"Q%d. この対策を行っていますか？ → 実施している", "Q%d この対策を行っていますか？ 実施している", "Q%d この対策を行っていますか\n　実施している",
		"Q%d\n回答：実施している", "Q%d. この対策を\n行っていますか？\n\nA. 実施している", "> Q%d: 実施している", "Q%d:1. 実施している",
		"No.%d 実施済み", "■質問%d\nはい\n", "Ｑ%d：実施している",
	};
	survey_up();
	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
		mail_reads(lines("お世話になっております。\n山田です。\n\n", shapes[i], "\n以上、よろしくお願いします。\n-- \n山田 03-1234-5678\n"), ALL_A);
		mail_reads(lines("", shapes[i], ""), ALL_A);
	}
	mail_reads("Q1-Q25: わからない\n", ALL_D);
	mail_reads("Q1〜18：実施している\nQ19～Q25 はわからない\nQ19-25 わからない\n", "AAAAAAAAAAAAAAAAAADDDDDDD");
	/* questions without numbers */
	struct sb b = SB_INIT;
	for (size_t i = 0; i < 25; i++)
		sb_addf(&b, "%s\n一部実施している\n\n", survey->items[i].ask);
	mail_reads(b.s, "BBBBBBBBBBBBBBBBBBBBBBBBB");
	sb_free(&b);
	survey_down();
}
END_TEST

/* Above our form, in it, and both. */
START_TEST(mail_quotes)
{
	survey_up();
	mail_reads(lines("", "Q%d はい", lines("", "> Q%d わからない", "")), ALL_A);
	mail_reads(lines("Q3 いいえ\n", "> Q%d はい", ""), "AACAAAAAAAAAAAAAAAAAAAAAA");
	mail_reads(lines("", "> Q%d. ご質問\nはい", ""), "回答が読み取れません"); /* whose answer an unquoted word is can't be told */
	mail_reads(lines("", "Q%d はい", "Q3 いいえ\n"), "Q3 推測されにくいパスワード：異なる回答が 2 つあります\n");
	mail_reads(lines("", "Q%d はい", "Q3 はい\n"), ALL_A);
	survey_down();
}
END_TEST

START_TEST(mail_faults)
{
	survey_up();
	mail_reads("いつもお世話になっております。診断について質問です。\n1. 費用はかかりますか\n", "回答が読み取れません");
	mail_reads("", "回答が読み取れません");
	mail_reads("Q1-24: はい\n", "Q25 対策の規則化：回答がありません\n");
	mail_reads("Q1-24: はい\nQ25: たぶん\n", "Q25 対策の規則化：「たぶん」は選択肢にありません\n");
	mail_reads("Q1-24: はい\nQ26: はい\nQ25\n", "Q25 対策の規則化：回答がありません\n");
	survey_down();
}
END_TEST

START_TEST(mail_fields)
{
	struct survey_sheet r;
	struct err e;
	const char *text = "お客様番号：Ｎ１２３４５６７８９\n会社名: ㈱さくら\n回答日時：２０２６年１１月２４日 10時\nQ1-25 はい\n";
	survey_up();
	ck_assert_int_eq(survey_read_text(survey, text, strlen(text), a, &r, &e), OK);
	ck_assert_str_eq(r.v[0].field[SURVEY_NUMBER], "N123456789");
	ck_assert_str_eq(r.v[0].field[SURVEY_COMPANY], "(株)さくら");
	ck_assert_int_eq(r.v[0].at, epoch_of(2026, 11, 24, 10, 0, 0));
	sb_free(&r.faults);
	survey_down();
}
END_TEST

/* ---- tables as CSV -------------------------------------------------------------------------------- */

static void row(struct sb *out, const char *id, const char *time, const char *number, const char *company, const char *answer)
{
	sb_addf(out, "%s,%s,%s,anonymous,,%s,%s", id, time, time, number, company);
	for (int i = 0; i < 25; i++)
		sb_addf(out, ",%s", answer);
	sb_adds(out, "\r\n");
}

static struct sb export_csv(const char *head)
{
	struct sb b = SB_INIT;
	csv_head(&b, head);
	row(&b, "1", "2026/11/24 10:00:00", "N000000001", "株式会社さくら", "実施している");
	row(&b, "2", "11/24/26 10:05:00 PM", "Ｎ０００００００02", "みなと有限会社", "わからない");
	return b;
}

static void is_export(const void *p, size_t n)
{
	struct survey_sheet r;
	read_bytes(p, n, &r);
	ck_assert_str_eq(codes(&r, 0), ALL_A);
	ck_assert_str_eq(codes(&r, 1), ALL_D);
	ck_assert_int_eq(r.n, 2);
	ck_assert_int_eq(r.v[0].row, 2);
	ck_assert_str_eq(r.v[1].field[SURVEY_NUMBER], "N000000002");
	ck_assert_str_eq(r.v[1].field[SURVEY_COMPANY], "みなと有限会社");
	ck_assert_int_eq(r.v[0].at, epoch_of(2026, 11, 24, 10, 0, 0));
	ck_assert_int_eq(r.v[1].at, epoch_of(2026, 11, 24, 22, 5, 0));
	sb_free(&r.faults);
}

START_TEST(csv_exports)
{
	static const char *const heads[] = { "text alone", "Q%", "%" };
	survey_up();
	for (int i = 0; i < 3; i++) {
		struct sb b = export_csv(heads[i]), x = SB_INIT;
		is_export(b.s, b.len);
		sb_adds(&x, "\xEF\xBB\xBF"); /* as Forms saves */
		sb_add(&x, b.s, b.len);
		is_export(x.s, x.len);
		sb_reset(&x); /* as Excel saves in Japan */
		ck_assert(text_from_utf8("cp932", b.s, b.len, &x));
		is_export(x.s, x.len);
		sb_reset(&x); /* a title above the headings, empty lines between */
		sb_adds(&x, "情報漏えいリスク診断の回答\r\n\r\n");
		sb_add(&x, b.s, b.len);
		struct survey_sheet r;
		read_bytes(x.s, x.len, &r);
		ck_assert_str_eq(codes(&r, 1), ALL_D);
		ck_assert_int_eq(r.v[0].row, 4);
		sb_free(&r.faults);
		sb_free(&b), sb_free(&x);
	}
	survey_down();
}
END_TEST

/* Copied out of Excel for the web, saved as "Unicode text", or with the head's line ends and blanks as people have them. */
START_TEST(csv_of_excel)
{
	survey_up();
	struct sb b = export_csv("Q%"), x = SB_INIT, wide = SB_INIT;
	for (const char *p = b.s; *p; p++) /* tabs part the cells; no cell of ours has a comma */
		sb_addc(&x, *p == ',' ? '\t' : *p);
	is_export(x.s, x.len);
	sb_adds(&wide, "\xFF\xFE");
	for (size_t i = 0, len; i < x.len; i += len) {
		uint32_t cp;
		len = utf8_get(x.s + i, x.len - i, &cp);
		sb_addc(&wide, (char)(cp & 0xFF)), sb_addc(&wide, (char)(cp >> 8));
	}
	is_export(wide.s, wide.len);
	sb_reset(&x); /* multiple choice, of which one was taken; a blank that does not break; Mac's line ends */
	for (const char *p = b.s; *p; p++) {
		if (strncmp(p, ",実施している", strlen(",実施している")) == 0 || strncmp(p, ",わからない", strlen(",わからない")) == 0) {
			const size_t n = *(p + 1) == *"実" && strncmp(p, ",実", 4) == 0 ? strlen(",実施している") : strlen(",わからない");
			sb_add(&x, p, n);
			sb_adds(&x, ";\xC2\xA0");
			p += n - 1;
		} else if (*p != '\n') {
			sb_addc(&x, *p);
		}
	}
	is_export(x.s, x.len);
	sb_free(&b), sb_free(&x), sb_free(&wide);
	survey_down();
}
END_TEST

/* Who need not sign in is "anonymous" to Forms; what he wrote himself counts. */
START_TEST(anonymous_is_nobody)
{
	struct survey_sheet r;
	struct sb b = SB_INIT;
	survey_up();
	sb_adds(&b, "ID,メール,名前,お客様番号,ご回答者のメールアドレス,お名前");
	for (size_t i = 0; i < 25; i++)
		sb_addf(&b, ",Q%zu", i + 1);
	sb_adds(&b, "\r\n1,anonymous,匿名,N000000001,a@b.example,佐藤");
	for (size_t i = 0; i < 25; i++)
		sb_adds(&b, ",はい");
	read_bytes(b.s, b.len, &r);
	ck_assert_str_eq(codes(&r, 0), ALL_A);
	ck_assert_str_eq(r.v[0].field[SURVEY_MAIL], "a@b.example");
	ck_assert_str_eq(r.v[0].field[SURVEY_PERSON], "佐藤");
	sb_free(&r.faults);
	sb_free(&b);
	survey_down();
}
END_TEST

START_TEST(csv_faults)
{
	struct survey_sheet r;
	struct sb b = SB_INIT;
	survey_up();
	csv_head(&b, "Q%");
	row(&b, "1", "", "N000000001", "", "はい");
	row(&b, "2", "", "N000000002", "", "たぶん");
	row(&b, "3", "", "N000000003", "", "");
	sb_adds(&b, ",,,,,,,,,,\r\n");
	read_bytes(b.s, b.len, &r);
	ck_assert_int_eq(r.n, 0); /* the good first row is not used either */
	ck_assert_int_eq(r.nfaults, 26);
	ck_assert_ptr_nonnull(strstr(r.faults.s, "3行目 Q1 OS・ソフトの更新：「たぶん」は選択肢にありません\n"));
	ck_assert_ptr_nonnull(strstr(r.faults.s, "4行目 回答が一つもありません\n"));
	ck_assert_ptr_null(strstr(r.faults.s, "5行目"));
	sb_free(&r.faults);
	sb_free(&b);
	read_bytes("a,b\nc,d\n", 8, &r);
	ck_assert_str_eq(codes(&r, 0), "質問の見出しが見つかりません (25 問のうち 0 問)\n");
	sb_free(&r.faults);
	read_bytes("", 0, &r);
	ck_assert_str_eq(codes(&r, 0), "ファイルが空です\n");
	sb_free(&r.faults);
	read_bytes("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1xx", 10, &r);
	ck_assert_ptr_nonnull(strstr(r.faults.s, "古い形式"));
	sb_free(&r.faults);
	/* one question lacks, one is there twice */
	csv_head(&b, "Q%");
	char *q = strstr(b.s, "Q7. ");
	memcpy(q, "Q6. ", 4);
	memset(q + 4, 'x', 60); /* no longer its text */
	row(&b, "1", "", "N000000001", "", "はい");
	read_bytes(b.s, b.len, &r);
	ck_assert_str_eq(codes(&r, 0), "1行目 見出しに Q6 が 2 回あります\n1行目 見出しに Q7 宛先の確認 がありません\n");
	sb_free(&r.faults);
	sb_free(&b);
	survey_down();
}
END_TEST

/* When an answer was given must be readable in an export, and no mistake. */
START_TEST(csv_times)
{
	struct survey_sheet r;
	struct sb b = SB_INIT;
	survey_up();
	csv_head(&b, "Q%");
	row(&b, "1", "Nov-26", "N000000001", "", "はい");
	row(&b, "2", "", "N000000002", "", "はい");
	row(&b, "3", "24/11/2026", "N000000003", "", "はい");
	row(&b, "4", "2001/01/02 10:00", "N000000004", "", "はい");
	read_bytes(b.s, b.len, &r);
	ck_assert_str_eq(codes(&r, 0), "2行目 完了時刻「Nov-26」が読み取れません\n5行目 完了時刻「2001/01/02 10:00」が古すぎます\n");
	sb_free(&r.faults);
	sb_free(&b);
	survey_down();
}
END_TEST

START_TEST(times)
{
	ck_assert_int_eq(survey_time("2026-11-24 10:00", false), epoch_of(2026, 11, 24, 10, 0, 0));
	ck_assert_int_eq(survey_time("2026-11-24T01:00:00Z", false), epoch_of(2026, 11, 24, 10, 0, 0));
	ck_assert_int_eq(survey_time("11/24/26 12:05:00 AM", false), epoch_of(2026, 11, 24, 0, 5, 0));
	ck_assert_int_eq(survey_time("2026/11/24 午後 1:05", false), epoch_of(2026, 11, 24, 13, 5, 0));
	ck_assert_int_eq(survey_time("46350.5", false), epoch_of(2026, 11, 24, 12, 0, 0));
	ck_assert_int_eq(survey_time("44888.5", true), epoch_of(2026, 11, 24, 12, 0, 0));
	ck_assert_int_eq(survey_time("R8.11.24", false), epoch_of(2026, 11, 24, 0, 0, 0));
	ck_assert_int_eq(survey_time("r08/11/24 10:00", false), epoch_of(2026, 11, 24, 10, 0, 0));
	ck_assert_int_eq(survey_time("令和8年11月24日 午後1時05分", false), epoch_of(2026, 11, 24, 13, 5, 0));
	ck_assert_int_eq(survey_time("令和 元年12月1日", false), epoch_of(2019, 12, 1, 0, 0, 0));
	ck_assert_int_eq(survey_time("平成30年4月1日", false), epoch_of(2018, 4, 1, 0, 0, 0));
	ck_assert_int_eq(survey_time("H31.4.1", false), epoch_of(2019, 4, 1, 0, 0, 0));
	ck_assert_int_eq(survey_time("R8.13.1", false), 0);
	ck_assert_int_eq(survey_time("24/11/2026 9:05", false), epoch_of(2026, 11, 24, 9, 5, 0));
	ck_assert_int_eq(survey_time("Nov-26", false), 0);
	ck_assert_int_eq(survey_time("24/11/26", false), 0);
	ck_assert_int_eq(survey_time("2026/2/29", false), 0);
	ck_assert_int_eq(survey_time("13/13/26", false), 0);
	ck_assert_int_eq(survey_time("昨日", false), 0);
	ck_assert_int_eq(survey_time("99999999999", false), 0);
	ck_assert_int_eq(survey_time("1e300", false), 0);
	ck_assert_int_eq(survey_time("nan", false), 0);
}
END_TEST

UNIT_SUITE("survey", shipped, loader, scores, weights, advice_order, mail_shapes, mail_quotes, mail_faults, mail_fields, csv_exports, csv_of_excel,
           anonymous_is_nobody, csv_faults, csv_times, times)
