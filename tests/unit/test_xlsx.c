/* Workbooks (DIAG-01): what other programs write, what hostile people write, and what we write. */
#include "survey_fixture.h"
#include "pack/xlsx.h"
#include "text/charset.h"

/* Rows as "2:a|b|¶", or the error. */
static const char *shown(const struct sb *file, size_t sheet)
{
	struct xlsx *x = NULL;
	struct grid g;
	struct err e = { 0 };
	struct sb out = SB_INIT;
	enum status st = xlsx_open(file->s, file->len, a, &x, &e);
	if (st == OK)
		st = xlsx_read(x, sheet, &g, &e);
	for (size_t i = 0; st == OK && i < g.n; i++) {
		sb_addf(&out, "%zu:", g.rows[i].number);
		for (size_t c = 0; c < g.rows[i].n; c++)
			sb_addf(&out, "%s|", g.rows[i].v[c]);
		sb_adds(&out, "¶");
	}
	if (st != OK)
		sb_addf(&out, "%s %s", status_name(st), e.msg);
	xlsx_close(&x);
	const char *r = arena_memdup(a, out.s, out.len);
	sb_free(&out);
	return r;
}

static void reads(struct sb file, const char *want)
{
	const char *got = shown(&file, 0);
	ck_assert_msg(strcmp(got, want) == 0, "got %s\nwanted %s", got, want);
	sb_free(&file);
}

#define NO_STRINGS "<sst/>"
#define DATA(rows) "<worksheet><sheetData>" rows "</sheetData></worksheet>"

START_TEST(cells)
{
	survey_up();
	reads(ONE_SHEET(NO_STRINGS, DATA("<row r=\"2\"><c r=\"A2\"><v>1.5</v></c><c r=\"C2\" t=\"b\"><v>1</v></c></row>")), "2:1.5||1|¶");
	reads(ONE_SHEET(NO_STRINGS, DATA("<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>")), "1:1|2|¶2:3|¶");
	reads(ONE_SHEET(NO_STRINGS, DATA("<row r=\"1\"><c r=\"B1\" t=\"inlineStr\"><is><r><t>あ</t></r><r><t>い</t></r></is></c></row>")), "1:|あい|¶");
	reads(ONE_SHEET(NO_STRINGS, DATA("<row r=\"1\"><c r=\"A1\" t=\"str\"><f>\"x\"&amp;\"y\"</f><v>xy</v></c></row>")), "1:xy|¶");
	reads(ONE_SHEET("<sst><si><t>会社</t><rPh sb=\"0\" eb=\"2\"><t>カイシャ</t></rPh><phoneticPr/></si><si><r><t>a</t></r><r><t>b</t></r></si></sst>",
	                DATA("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c></row>")), "1:会社|ab|¶");
	/* any order, twice, styled but empty, prefixes */
	reads(ONE_SHEET(NO_STRINGS, DATA("<row r=\"3\"><c r=\"B3\"><v>b</v></c><c r=\"A3\"><v>a</v></c></row><row r=\"1\"><c r=\"A1\" s=\"3\"/><c r=\"A1\"><v>x</v></c><c r=\"A1\"><v>y</v></c></row>")),
	      "1:y|¶3:a|b|¶");
	reads(ONE_SHEET(NO_STRINGS, "<x:worksheet xmlns:x=\"m\"><x:sheetData><x:row r=\"1\"><x:c r=\"A1\"><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>"), "1:1|¶");
	survey_down();
}
END_TEST

/* What XML can't bear, or Excel does not want to, it writes as _xHHHH_. */
START_TEST(escapes)
{
#define INLINE(text) "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>" text "</t></is></c></row>"
	survey_up();
	reads(ONE_SHEET(NO_STRINGS, DATA(INLINE("実施している_x000D_\n"))), "1:実施している\r\n|¶");
	reads(ONE_SHEET(NO_STRINGS, DATA(INLINE("_x0009_a_x005F_x000D_b_X000D_ _x00e9__x3042_"))), "1:\ta_x000D_b_X000D_ éあ|¶");
	reads(ONE_SHEET(NO_STRINGS, DATA(INLINE("_x0000_ _x0007_ _xD83D_ _x00_ _x000G_ _x000D"))), "1:_x0000_ _x0007_ _xD83D_ _x00_ _x000G_ _x000D|¶");
	reads(ONE_SHEET("<sst><si><t>a_x000D_</t></si><si><r><t>b_x00</t></r><r><t>0A_c</t></r></si></sst>",
	                DATA("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c><c r=\"C1\" t=\"str\"><v>_x0041_</v></c></row>")),
	      "1:a\r|b\nc|A|¶");
	survey_down();
#undef INLINE
}
END_TEST

START_TEST(merged)
{
	survey_up();
	reads(ONE_SHEET(NO_STRINGS, "<worksheet><sheetData><row r=\"1\"><c r=\"A1\"><v>t</v></c><c r=\"B1\"/><c r=\"C1\"><v>u</v></c></row>"
	                "<row r=\"2\"><c r=\"B2\"><v>x</v></c></row></sheetData><mergeCells><mergeCell ref=\"A1:B1\"/><mergeCell ref=\"C1:C2\"/></mergeCells></worksheet>"),
	      "1:t|t|u|¶2:|x|u|¶");
	/* a whole column, nonsense, upside down */
	reads(ONE_SHEET(NO_STRINGS, "<worksheet><sheetData><row r=\"1\"><c r=\"A1\"><v>t</v></c></row></sheetData><mergeCells><mergeCell ref=\"B2:B1048576\"/>"
	                "<mergeCell ref=\"x\"/><mergeCell ref=\"B2:A1\"/></mergeCells></worksheet>"), "1:t|¶");
	survey_down();
}
END_TEST

START_TEST(sheets)
{
	survey_up();
	struct sb b = zip_of("xl/workbook.xml", BOOK("<sheet name=\"隠し\" state=\"hidden\" r:id=\"h\"/><sheet name=\"説明\" r:id=\"one\"/><sheet name=\"二\" r:id=\"two\"/>"),
	                     "xl/_rels/workbook.xml.rels", RELS(REL("two", "/xl/worksheets/b.xml") REL("one", "worksheets/a.xml")),
	                     "xl/worksheets/a.xml", DATA("<row r=\"1\"><c r=\"A1\"><v>a</v></c></row>"),
	                     "xl/worksheets/b.xml", DATA("<row r=\"1\"><c r=\"A1\"><v>b</v></c></row>"), NULL);
	ck_assert_str_eq(shown(&b, 0), "1:a|¶");
	ck_assert_str_eq(shown(&b, 1), "1:b|¶");
	sb_free(&b);
	survey_down();
}
END_TEST

/* ---- hostile ------------------------------------------------------------------------------- */

static struct sb repeated(const char *before, const char *piece, size_t n, const char *after)
{
	struct sb b = SB_INIT;
	sb_adds(&b, before);
	for (size_t i = 0; i < n; i++)
		sb_adds(&b, piece);
	sb_adds(&b, after);
	return b;
}

static void long_one(const char *before, const char *piece, size_t n, const char *after, const char *want)
{
	struct sb xml = repeated(before, piece, n, after);
	reads(ONE_SHEET(NO_STRINGS, xml.s), want);
	sb_free(&xml);
}

START_TEST(hostile)
{
	survey_up();
	reads(ONE_SHEET(NO_STRINGS, "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><worksheet><sheetData><row r=\"1\"><c r=\"A1\"><v>&e;</v></c></row></sheetData></worksheet>"),
	      "PERM Excel ファイルに許されない記述 (DOCTYPE) があります");
	reads(ONE_SHEET("<!DOCTYPE sst SYSTEM \"http://x/\"><sst/>", DATA("")), "PERM Excel ファイルに許されない記述 (DOCTYPE) があります");
	reads(ONE_SHEET(NO_STRINGS, "<worksheet><sheetData><row r=\"1\"><c r=\"A1\"><v>&e;</v></c></row></sheetData></worksheet>"), "PERM Excel ファイルが壊れています (sheet の 1 行目)");
	reads(ONE_SHEET(NO_STRINGS, "<worksheet><sheetData>"), "PERM Excel ファイルが壊れています (sheet の 1 行目)");
	reads(ONE_SHEET(NO_STRINGS, ""), "PERM Excel ファイルが壊れています (sheet の 1 行目)");
	reads(ONE_SHEET(NO_STRINGS, DATA("<row r=\"0\"/>")), "PERM Excel ファイルが壊れています (行の番号)");
	reads(ONE_SHEET(NO_STRINGS, DATA("<row r=\"1\"><c r=\"A0\"/></row>")), "PERM Excel ファイルが壊れています (セルの番地)");
	reads(ONE_SHEET(NO_STRINGS, DATA("<row r=\"1\"><c r=\"AAAAAAAA1\"/></row>")), "PERM Excel ファイルが壊れています (セルの番地)");
	reads(ONE_SHEET(NO_STRINGS, DATA("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>7</v></c></row>")), "PERM Excel ファイルが壊れています (文字列の番号)");
	reads(ONE_SHEET(NO_STRINGS, DATA("<row r=\"1\"><c r=\"XFD1\"><v>1</v></c></row>")), "LIMIT 列が多すぎます (300 列まで)");
	long_one("<worksheet><sheetData>", "<row><c><v>1</v></c></row>", GRID_ROWS_MAX + 1, "</sheetData></worksheet>", "LIMIT 行が多すぎます (5000 行まで)");
	long_one("", "<a>", XLSX_DEPTH_MAX + 1, "", "LIMIT Excel ファイルの構造が深すぎます");
	/* 40 MB that are 40 kB in the file */
	long_one("<worksheet>", "          ", 4 << 20, "</worksheet>", "LIMIT Excel ファイルを展開すると大きすぎます");
	long_one("<worksheet><sheetData><row r=\"1\"><c r=\"A1\"><v>t</v></c></row></sheetData><mergeCells>", "<mergeCell ref=\"A1:KN4000\"/>", 3,
	         "</mergeCells></worksheet>", "LIMIT Excel のシートが大きすぎます");
	reads(zip_of("x", "y", NULL), "PERM Excel のブック (.xlsx) ではありません");
	reads(zip_of("xl/workbook.xml", BOOK(SHEET1), NULL), "PERM Excel ファイルが壊れています (シートの実体がありません)");
	reads(zip_of("xl/workbook.xml", BOOK(""), "xl/_rels/workbook.xml.rels", RELS(""), NULL), "PERM Excel ファイルに表示されているシートがありません");
	reads(zip_of("xl/workbook.xml", BOOK(SHEET1), "xl/_rels/workbook.xml.rels", RELS(REL("rId1", "../../x")), NULL), "PERM Excel ファイルが壊れています (シートの実体がありません)");
	reads(zip_of("xl/workbook.xml", BOOK(SHEET1), "xl/_rels/workbook.xml.rels",
	             RELS("<Relationship Id=\"rId1\" Target=\"http://x/\" TargetMode=\"External\"/>"), NULL), "PERM Excel ファイルが壊れています (シートの実体がありません)");
	struct sb cut = ONE_SHEET(NO_STRINGS, DATA("<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>"));
	sb_setlen(&cut, cut.len - 10);
	reads(cut, "PERM Excel ファイルが壊れています");
	survey_down();
}
END_TEST

/* ---- the diagnosis in workbooks ----------------------------------------------------------------- */

/* The form's export: shared strings, a serial date, furigana, a group's title merged above the questions. */
START_TEST(forms_export)
{
	struct sb strings = SB_INIT, rows = SB_INIT;
	struct survey_sheet r;
	char ref[8];
	survey_up();
	sb_adds(&strings, "<sst><si><t>はい</t></si><si><t>第1部</t></si><si><t>完了時刻</t></si><si><t>お客様番号</t></si><si><t>会社名</t><rPh sb=\"0\" eb=\"3\"><t>カイシャメイ</t></rPh></si>");
	for (size_t i = 0; i < 25; i++)
		sb_addf(&strings, "<si><t>%s</t></si>", survey->items[i].ask);
	sb_adds(&strings, "</sst>");
	sb_adds(&rows, "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>2</v></c><c r=\"B1\" t=\"s\"><v>3</v></c><c r=\"C1\" t=\"s\"><v>4</v></c><c r=\"D1\" t=\"s\"><v>1</v></c></row><row r=\"2\">");
	for (size_t i = 0; i < 25; i++) {
		snprintf(ref, sizeof ref, i < 23 ? "%c" : "A%c", (char)(i < 23 ? 'D' + i : 'A' + i - 23));
		sb_addf(&rows, "<c r=\"%s2\" t=\"s\"><v>%zu</v></c>", ref, i + 5);
	}
	sb_adds(&rows, "</row><row r=\"3\"><c r=\"A3\"><v>46350.4375</v></c><c r=\"B3\" t=\"inlineStr\"><is><t>N000000001</t></is></c><c r=\"C3\" t=\"str\"><v>さくら</v></c>");
	for (size_t i = 0; i < 25; i++) {
		snprintf(ref, sizeof ref, i < 23 ? "%c" : "A%c", (char)(i < 23 ? 'D' + i : 'A' + i - 23));
		sb_addf(&rows, "<c r=\"%s3\" t=\"s\"><v>0</v></c>", ref);
	}
	sb_adds(&rows, "</row></sheetData><mergeCells><mergeCell ref=\"D1:AB1\"/><mergeCell ref=\"A1:A2\"/><mergeCell ref=\"B1:B2\"/><mergeCell ref=\"C1:C2\"/></mergeCells></worksheet>");
	struct sb file = ONE_SHEET(strings.s, rows.s);
	read_bytes(file.s, file.len, &r);
	ck_assert_str_eq(codes(&r, 0), ALL_A);
	ck_assert_str_eq(r.v[0].field[SURVEY_NUMBER], "N000000001");
	ck_assert_str_eq(r.v[0].field[SURVEY_COMPANY], "さくら");
	ck_assert_int_eq(r.v[0].at, epoch_of(2026, 11, 24, 10, 30, 0));
	ck_assert_int_eq(r.v[0].row, 3);
	sb_free(&r.faults);
	sb_free(&file), sb_free(&strings), sb_free(&rows);
	survey_down();
}
END_TEST

/* As Forms' own writer and Excel for the web leave it: prefixed names, a table's columns made unique by
 * a digit, "anonymous" for who need not sign in, columns of a quiz, a line end as _x000D_, choices that end in ;. */
START_TEST(forms_own_file)
{
	struct sb rows = SB_INIT;
	struct survey_sheet r;
	unsigned col = 0;
	char ref[16];
	survey_up();
#define CELL(row, ...) (snprintf(ref, sizeof ref, col < 26 ? "%c" : "%c%c", col < 26 ? (char)('A' + col) : (char)('A' + col / 26 - 1), (char)('A' + col % 26)), col++, \
	sb_addf(&rows, "<x:c r=\"%s" #row "\" t=\"inlineStr\"><x:is><x:t xml:space=\"preserve\">", ref), sb_addf(&rows, __VA_ARGS__), sb_adds(&rows, "</x:t></x:is></x:c>"))
	sb_adds(&rows, "<?xml version=\"1.0\" encoding=\"utf-8\"?><x:worksheet xmlns:x=\"m\"><x:dimension ref=\"A1:BK2\"/><x:sheetData><x:row r=\"1\">");
	static const char *const heads[] = { "ID", "開始時刻", "完了時刻", "メール", "名前", "合計点", "クイズのフィードバック", "最終変更時刻", "お客様番号", "貴社名", "お名前2",
		                             "ご回答者のメールアドレス" };
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
		CELL(1, "%s", heads[i]);
	for (size_t i = 0; i < 25; i++) {
		CELL(1, "%s_x000D_\n（1 つお選びください）", survey->items[i].ask);
		CELL(1, "点数 - %s", survey->items[i].ask);
	}
	sb_adds(&rows, "</x:row><x:row r=\"2\">");
	col = 0;
	CELL(2, "1");
	col = 2;
	sb_adds(&rows, "<x:c r=\"B2\" s=\"1\"><x:v>46350.434027777781</x:v></x:c><x:c r=\"C2\" s=\"1\"><x:v>46350.4375</x:v></x:c>");
	col = 3;
	CELL(2, "anonymous"), CELL(2, " "), CELL(2, "0"), CELL(2, " "), CELL(2, " ");
	CELL(2, "N000000001"), CELL(2, "さくら"), CELL(2, "田中 一郎"), CELL(2, "tanaka@sakura.example");
	for (size_t i = 0; i < 25; i++)
		CELL(2, "実施している;"), CELL(2, "0");
	sb_adds(&rows, "</x:row></x:sheetData></x:worksheet>");
#undef CELL
	struct sb file = zip_of("xl/workbook.xml", "<x:workbook xmlns:x=\"m\" xmlns:r=\"r\"><x:sheets><x:sheet name=\"Sheet1\" sheetId=\"1\" r:id=\"R1\"/></x:sheets></x:workbook>",
	                        "xl/_rels/workbook.xml.rels", RELS(REL("R1", "/xl/worksheets/sheet.xml")), "xl/worksheets/sheet.xml", rows.s, NULL);
	read_bytes(file.s, file.len, &r);
	ck_assert_str_eq(codes(&r, 0), ALL_A);
	ck_assert_str_eq(r.v[0].field[SURVEY_NUMBER], "N000000001");
	ck_assert_str_eq(r.v[0].field[SURVEY_COMPANY], "さくら");
	ck_assert_str_eq(r.v[0].field[SURVEY_PERSON], "田中 一郎");
	ck_assert_str_eq(r.v[0].field[SURVEY_MAIL], "tanaka@sakura.example");
	ck_assert_int_eq(r.v[0].at, epoch_of(2026, 11, 24, 10, 30, 0));
	sb_free(&r.faults);
	sb_free(&file), sb_free(&rows);
	survey_down();
}
END_TEST

/* Our sheet: empty it has no answers; filled in as Excel saves it, they are read. */
START_TEST(our_sheet)
{
	struct sb sheet = SB_INIT;
	struct survey_sheet r;
	struct err e;
	struct xlsx *x;
	struct grid g;
	survey_up();
	ck_assert_int_eq(survey_make_sheet(survey, "N000000001", "株式会社さくら & \"花\" <本店>", epoch_of(2026, 11, 24, 0, 0, 0), &sheet, &e), OK);
	read_bytes(sheet.s, sheet.len, &r);
	ck_assert_str_eq(codes(&r, 0), "回答が一つもありません\n");
	sb_free(&r.faults);
	ck_assert_int_eq(xlsx_open(sheet.s, sheet.len, a, &x, &e), OK);
	ck_assert_str_eq(xlsx_name(x, 0), "診断シート");
	ck_assert_int_eq(xlsx_read(x, 0, &g, &e), OK);
	ck_assert_str_eq(g.rows[3].v[1], "株式会社さくら & \"花\" <本店>");
	xlsx_close(&x);
	/* with answers: written anew cell by cell */
	struct xlsx_new *y = xlsx_new("Sheet1");
	size_t at = 1;
	for (size_t i = 0; i < g.n; i++, at++)
		for (size_t c = 0; c < 3; c++) {
			const char *v = c < g.rows[i].n ? g.rows[i].v[c] : "";
			if (c == 2 && g.rows[i].v[0][0] == 'Q')
				v = i % 2 ? "実施していない" : " 実施している\n";
			xlsx_cell(y, at, c + 1, XLSX_PLAIN, v);
		}
	sb_reset(&sheet);
	ck_assert_int_eq(xlsx_end(&y, 0, &sheet, &e), OK);
	read_bytes(sheet.s, sheet.len, &r);
	ck_assert_msg(strspn(codes(&r, 0), "AC") == 25, "%s", codes(&r, 0));
	ck_assert_str_eq(r.v[0].field[SURVEY_NUMBER], "N000000001");
	sb_free(&r.faults);
	sb_free(&sheet);
	survey_down();
}
END_TEST

/* A workbook's sheet laid out as ours is: the fields' values, the headings from
 * column B on ("|" between), and what stands in column C and on in each question's row. */
static void put_own(struct xlsx_new *x, const char *const field[5], const char *heads, const char *row)
{
	size_t at = 1, col;
	char num[24];
	xlsx_cell(x, at++, 1, XLSX_PLAIN, survey->title);
	for (int f = 0; f < 5; f++, at++) {
		static const char *const labels[] = { "お客様番号", "会社名", "ご回答者のお名前", "ご回答者のメールアドレス", "ご記入日" };
		xlsx_cell(x, at, 1, XLSX_PLAIN, labels[f]);
		xlsx_cell(x, at, 2, XLSX_PLAIN, field[f]);
	}
	for (size_t i = 0; i <= 25; i++, at++) {
		snprintf(num, sizeof num, "Q%zu", i);
		xlsx_cell(x, at, 1, XLSX_PLAIN, i ? num : "番号");
		xlsx_cell(x, at, 2, XLSX_PLAIN, i ? survey->items[i - 1].ask : "質問");
		col = 3;
		for (const char *p = i ? row : heads; *p; p += strcspn(p, "|"), p += *p == '|')
			xlsx_cell(x, at, col++, XLSX_PLAIN, arena_strndup(a, p, strcspn(p, "|")));
	}
}

static const char *own(const char *const field[5], const char *heads, const char *row, struct survey_sheet *r)
{
	struct xlsx_new *x = xlsx_new("S");
	struct sb file = SB_INIT;
	struct err e;
	put_own(x, field, heads, row);
	ck_assert_int_eq(xlsx_end(&x, 0, &file, &e), OK);
	read_bytes(file.s, file.len, r);
	const char *got = arena_strdup(a, codes(r, 0));
	sb_free(&r->faults);
	sb_free(&file);
	return got;
}

/* What is written into our fields is no question's number. */
START_TEST(fields_like_numbers)
{
	static const char *const written[][5] = {
		{ "N000000001", "3-1 商会", "No.1 太郎", "10-tanaka@a.example", "11/24" }, { "N000000001", "25", "1. 山田", "7@a.example", "2026/11/24" },
		{ "N000000001", "(9) 商店", "Q 田中", "1.2@a.example", "8/11/24" },
	};
	struct survey_sheet r;
	survey_up();
	for (size_t i = 0; i < sizeof written / sizeof *written; i++) {
		ck_assert_str_eq(own(written[i], "回答", "実施している", &r), ALL_A);
		for (int f = 0; f < 3; f++) {
			static const enum survey_field of[] = { SURVEY_NUMBER, SURVEY_COMPANY, SURVEY_PERSON };
			ck_assert_str_eq(r.v[0].field[of[f]], written[i][f]);
		}
		ck_assert_str_eq(r.v[0].field[SURVEY_MAIL], written[i][3]);
	}
	/* in a column beside the answers */
	ck_assert_str_eq(own(written[0], "回答|備考", "いいえ|1-2 月に予定", &r), "CCCCCCCCCCCCCCCCCCCCCCCCC");
	survey_down();
}
END_TEST

/* A column a choice and a mark in one of them. */
START_TEST(choice_columns)
{
#define FOUR "実施している|一部実施している|実施していない|わからない"
	static const char *const field[5] = { "N000000001", "", "", "", "" };
	static const struct { const char *heads, *row, *want; } t[] = {
		{ FOUR, "||○|", "CCCCCCCCCCCCCCCCCCCCCCCCC" }, { FOUR, "|1||", "BBBBBBBBBBBBBBBBBBBBBBBBB" }, { FOUR, "|||✓", ALL_D }, { FOUR, "レ|||", ALL_A },
		{ FOUR, "|||わからない", ALL_D }, { "わからない|実施していない|一部実施している|実施している", "○|||", ALL_D },
		{ FOUR "|備考", "||○||はい", "CCCCCCCCCCCCCCCCCCCCCCCCC" },
		{ FOUR, "○||○|", "Q1 OS・ソフトの更新：「○ ○」は選択肢にありません\n" }, { FOUR, "12|3|4|1", "Q1 OS・ソフトの更新：「12 3 4 1」は" },
		{ FOUR, "||実施している|", "Q1 OS・ソフトの更新：「実施している」は" }, { FOUR, "×|||", "Q1 OS・ソフトの更新：「×」は" },
		{ FOUR, "|||", "回答が一つもありません\n" }, { "a|b|c|d", FOUR, "8行目 回答の欄が分かりません\n" }, { "a|回答", "はい|いいえ", "CCCCCCCCCCCCCCCCCCCCCCCCC" },
		{ "a|b", "|いいえ", "CCCCCCCCCCCCCCCCCCCCCCCCC" },
	};
	struct survey_sheet r;
	survey_up();
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		const char *got = own(field, t[i].heads, t[i].row, &r);
		ck_assert_msg(strstr(got, t[i].want) != NULL, "%zu: %s", i, got);
	}
	survey_down();
}
END_TEST

/* 「回答」 above all of the choices; a legend above 「回答」. */
START_TEST(two_heads)
{
	static const char *const heads[][2] = { { "番号|質問|回答|||", "||はい|一部|いいえ|不明" }, { "例|○|△|×|", "番号|質問|回答||" } };
	static const char *const rows[][2] = { { "||○|", "CCCCCCCCCCCCCCCCCCCCCCCCC" }, { "△||", "BBBBBBBBBBBBBBBBBBBBBBBBB" } };
	struct survey_sheet r;
	survey_up();
	for (int k = 0; k < 2; k++) {
		struct sb csv = SB_INIT;
		for (int h = 0; h < 2; h++) {
			for (const char *p = heads[k][h]; *p; p++)
				sb_addc(&csv, *p == '|' ? ',' : *p);
			sb_addc(&csv, '\n');
		}
		for (size_t i = 0; i < 25; i++) {
			sb_addf(&csv, "Q%zu,\"%s\",", i + 1, survey->items[i].ask);
			for (const char *p = rows[k][0]; *p; p++)
				sb_addc(&csv, *p == '|' ? ',' : *p);
			sb_addc(&csv, '\n');
		}
		read_bytes(csv.s, csv.len, &r);
		ck_assert_str_eq(codes(&r, 0), rows[k][1]);
		sb_free(&r.faults);
		sb_free(&csv);
	}
	survey_down();
}
END_TEST

/* ---- several sheets ---- */

/* A sheet as XML: the questions down, one answer to all of them ("" = not filled in). */
static const char *sheet_xml(const char *number, const char *head, const char *answer)
{
	struct sb b = SB_INIT;
	sb_adds(&b, "<worksheet><sheetData>");
#define TEXT_CELL "<c t=\"inlineStr\"><is><t>%s</t></is></c>"
	sb_addf(&b, "<row>" TEXT_CELL TEXT_CELL "</row><row>" TEXT_CELL TEXT_CELL "</row>", "お客様番号", number, "質問", head);
	for (size_t i = 0; i < 25; i++)
		sb_addf(&b, "<row>" TEXT_CELL TEXT_CELL "</row>", survey->items[i].ask, answer);
#undef TEXT_CELL
	sb_adds(&b, "</sheetData></worksheet>");
	const char *r = arena_memdup(a, b.s, b.len);
	sb_free(&b);
	return r;
}

static void three(const char *const xml[3], const char *want, const char *number)
{
	struct survey_sheet r;
	struct sb b = zip_of("xl/workbook.xml", BOOK("<sheet name=\"集計\" r:id=\"a\"/><sheet name=\"さくら\" r:id=\"b\"/><sheet name=\"三\" r:id=\"c\"/>"),
	                     "xl/_rels/workbook.xml.rels", RELS(REL("a", "a.xml") REL("b", "b.xml") REL("c", "c.xml")),
	                     "xl/a.xml", xml[0], "xl/b.xml", xml[1], "xl/c.xml", xml[2], NULL);
	read_bytes(b.s, b.len, &r);
	ck_assert_msg(strncmp(codes(&r, 0), want, strlen(want)) == 0, "%s", codes(&r, 0));
	if (number)
		ck_assert_str_eq(r.v[0].field[SURVEY_NUMBER], number);
	sb_free(&r.faults);
	sb_free(&b);
}

START_TEST(many_sheets)
{
	survey_up();
	const char *none = DATA("<row><c><v>1</v></c></row>"), *form = sheet_xml("", "回答", ""), *one = sheet_xml("N000000001", "回答", "はい"),
	           *two = sheet_xml("N000000002", "最多の回答", "いいえ"), *bad = sheet_xml("N000000003", "回答", "たぶん"), *broken = "<worksheet>";
	three((const char *[]){ none, form, one }, ALL_A, "N000000001");
	three((const char *[]){ one, form, none }, ALL_A, "N000000001");
	three((const char *[]){ two, one, none }, "回答のあるシートが 2 枚あります (「集計」「さくら」)。1 枚だけを残してお送りください\n", NULL);
	three((const char *[]){ two, one, one }, "回答のあるシートが 3 枚あります (「集計」「さくら」ほか)。", NULL);
	three((const char *[]){ form, one, bad }, "回答のあるシートが 2 枚あります (「さくら」「三」)。", NULL);
	three((const char *[]){ form, bad, none }, "シート「さくら」の Q1 OS・ソフトの更新：「たぶん」は選択肢にありません\n", NULL);
	three((const char *[]){ form, none, none }, "シート「集計」の 回答が一つもありません\n", NULL);
	three((const char *[]){ none, none, none }, "シート「集計」に質問の見出しが見つかりません", NULL);
	three((const char *[]){ one, none, broken }, "シート「三」：Excel ファイルが壊れています", NULL);
	survey_down();
}
END_TEST

START_TEST(wrong_sheet)
{
	struct survey_sheet r;
	survey_up();
	struct sb b = ONE_SHEET(NO_STRINGS, DATA("<row r=\"1\"><c r=\"A1\"><v>売上</v></c></row>"));
	read_bytes(b.s, b.len, &r);
	ck_assert_str_eq(codes(&r, 0), "シート「Sheet1」に質問の見出しが見つかりません (25 問のうち 0 問)\n");
	sb_free(&r.faults);
	sb_free(&b);
	survey_down();
}
END_TEST

UNIT_SUITE("xlsx", cells, escapes, merged, sheets, hostile, forms_export, forms_own_file, our_sheet, fields_like_numbers, choice_columns, two_heads, many_sheets, wrong_sheet)
