/* HEALTH-07: documents on pages. What is checked is read back by pdftotext and qpdf, as readers' programs would. */
#include "unit.h"
#include "draw/paper.h"
#include "base/io.h"
#include "base/xalloc.h"
#include "pack/pack.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct err err;
static struct sb pdf;
static int pages;

static struct paper *begin(void)
{
	return paper_new(&(struct paper_info){ .title = "点検の記録", .author = "相談センター", .subject = "見本", .footer = "株式会社見本 様", .made = 1793500000 });
}

static void end(struct paper *p)
{
	sb_free(&pdf);
	pdf = SB_INIT;
	ck_assert_int_eq(paper_end(&p, &pdf, &pages, &err), OK);
	ck_assert_ptr_null(p);
}

/* The document's text, pages divided by form feeds; the caller frees. */
static char *text_of(const char *how)
{
	char path[] = "/tmp/yorozu-paper-XXXXXX";
	int fd = mkstemp(path);
	ck_assert(fd >= 0 && io_write_all(fd, pdf.s, pdf.len));
	close(fd);
	char *command = xasprintf("%s %s%s", how, path, strncmp(how, "pdftotext", 9) == 0 ? " -" : "");
	FILE *f = popen(command, "r");
	char *text = xcalloc(4, 1 << 20);
	size_t n = fread(text, 1, (4u << 20) - 1, f);
	ck_assert_int_eq(pclose(f), 0);
	ck_assert_uint_gt(n, 0);
	unlink(path);
	free(command);
	return text;
}

static size_t count(const char *text, const char *what)
{
	size_t n = 0;
	for (const char *s = text; (s = strstr(s, what)); s += strlen(what))
		n++;
	return n;
}

static void rows(struct paper *p, size_t n)
{
	const char **cell = xcalloc(3 * n, sizeof *cell);
	char(*buf)[2][32] = xcalloc(n, sizeof *buf);
	for (size_t i = 0; i < n; i++) {
		snprintf(buf[i][0], 32, "row-%zu.example.jp", i + 1);
		snprintf(buf[i][1], 32, "%zu", n - i);
		cell[3 * i] = buf[i][0];
		cell[3 * i + 1] = buf[i][1];
	}
	const struct paper_col col[] = { { "宛先の名前", PAPER_COL_TEXT, 0 }, { "回数", PAPER_COL_NUMBER, 0 }, { "備考", PAPER_COL_TEXT, 0 } };
	paper_table(p, &(struct paper_table){ .col = col, .ncol = 3, .cell = cell, .nrow = n, .style = PAPER_SMALL });
	free(cell);
	free(buf);
}

START_TEST(is_read_in_order_and_says_what_it_is)
{
	struct paper *p = begin();
	paper_title(p, "点検の記録", "株式会社見本 様");
	paper_figures(p, (struct paper_figure[]){ { "端末の数", "20", "台", "前月 19台" } }, 1);
	paper_panel(p, "今すること", (const char *const[]){ "更新する", "外す" }, 2, true);
	paper_heading(p, 1, "第一の章");
	paper_text(p, PAPER_BODY, "本文です。\n次の段落です。");
	paper_heading(p, 2, "第二の節");
	paper_keep(p, "表の前の注です。");
	rows(p, 3);
	end(p);
	static const char *const order[] = { "点検の記録", "株式会社見本", "端末の数", "20", "今すること", "更新する", "外す", "第一の章", "本文です。",
		                             "次の段落です。", "第二の節", "表の前の注です。", "宛先の名前", "row-1.example.jp", "row-2.example.jp" };
	char *text = text_of("pdftotext -raw"), *at = text;
	for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
		at = strstr(at, order[i]);
		ck_assert_msg(at != NULL, "%s is missing or out of order", order[i]);
	}
	free(text);
	text = text_of("pdfinfo -struct-text");
	ck_assert_ptr_nonnull(strstr(text, "Table"));
	ck_assert_ptr_nonnull(strstr(text, "H1"));
	free(text);
	ck_assert_ptr_nonnull(memmem(pdf.s, pdf.len, "/Lang (ja)", 10));
	ck_assert_ptr_nonnull(memmem(pdf.s, pdf.len, "/Outlines", 9));
	ck_assert_ptr_nonnull(memmem(pdf.s, pdf.len, "/MarkInfo", 9));
	ck_assert_uint_lt(pdf.len, 200000);
}
END_TEST

START_TEST(is_a_sound_file_that_can_be_sealed)
{
	struct sb sealed = SB_INIT;
	struct paper *p = begin();
	rows(p, 100);
	end(p);
	char *said = text_of("qpdf --check");
	ck_assert_ptr_nonnull(strstr(said, "No syntax or stream encoding errors"));
	free(said);
	ck_assert_int_eq(pack_pdf(pdf.s, pdf.len, "secret", 1 << 24, &sealed, &err), OK);
	sb_free(&sealed);
}
END_TEST

START_TEST(same_input_same_bytes)
{
	struct paper *p = begin();
	rows(p, 40);
	end(p);
	struct sb first = SB_INIT;
	sb_add(&first, pdf.s, pdf.len);
	p = begin();
	rows(p, 40);
	end(p);
	ck_assert_uint_eq(first.len, pdf.len);
	ck_assert(memcmp(first.s, pdf.s, pdf.len) == 0);
	sb_free(&first);
}
END_TEST

/* Wherever a table begins: its head is on each of its pages, and no page has one row. */
START_TEST(tables_break_well)
{
	for (int before = 0; before < 700; before += 53) {
		struct paper *p = begin();
		paper_text(p, PAPER_BODY, "前にある段落です。");
		paper_gap(p, before);
		paper_heading(p, 1, "表の見出し");
		rows(p, 61 + (size_t)before % 7);
		end(p);
		char *text = text_of("pdftotext -layout"), *next;
		for (char *page = text; page && *page; page = next) {
			next = strchr(page, '\f');
			if (next)
				*next++ = '\0';
			size_t n = count(page, "row-");
			ck_assert_uint_ne(n, 1);
			ck_assert_uint_eq(count(page, "宛先の名前"), n > 0);
			if (strstr(page, "表の見出し"))
				ck_assert_uint_ge(n, 2);
		}
		free(text);
	}
}
END_TEST

START_TEST(paragraphs_leave_no_line_alone)
{
	struct sb long_one = SB_INIT;
	for (int i = 0; i < 40; i++)
		sb_adds(&long_one, "脆弱性のある古いソフトウェアを使い続けると被害に遭うおそれがあります。");
	for (int before = 0; before < 720; before += 31) {
		struct paper *p = begin();
		paper_text(p, PAPER_BODY, "前にある段落です。");
		paper_gap(p, before);
		paper_text(p, PAPER_BODY, long_one.s);
		end(p);
		char *text = text_of("pdftotext -layout"), *next;
		for (char *page = text; page && *page; page = next) {
			next = strchr(page, '\f');
			if (next)
				*next++ = '\0';
			size_t lines = 0;
			for (char *l = strtok(page, "\n"); l; l = strtok(NULL, "\n"))
				lines += strlen(l) > 60; /* the short ones are the first paragraph and the footer */
			ck_assert_uint_ne(lines, 1);
		}
		free(text);
	}
	sb_free(&long_one);
}
END_TEST

START_TEST(columns_keep_to_the_page)
{
	char wide[400];
	memset(wide, 'w', sizeof wide - 1);
	wide[sizeof wide - 1] = '\0';
	const struct paper_col col[] = { { "名", PAPER_COL_TEXT, 0 }, { "数", PAPER_COL_NUMBER, 0 }, { "判定", PAPER_COL_SIGN, 50 }, { "名", PAPER_COL_TEXT, 0 } };
	const char *cell[] = { wide, "123,456", "△ 注意", wide, "x", "7", "×", NULL };
	struct paper *p = begin();
	paper_table(p, &(struct paper_table){ .col = col, .ncol = 4, .cell = cell, .nrow = 2, .lines = 3 });
	end(p);
	char *boxes = text_of("pdftotext -bbox");
	for (const char *s = boxes; (s = strstr(s, "xMax=\"")); s += 6)
		ck_assert_double_lt(strtod(s + 6, NULL), 48 + PAPER_WIDTH + 1);
	ck_assert_ptr_nonnull(strstr(boxes, "123,456"));
	ck_assert_ptr_nonnull(strstr(boxes, "注意"));
	free(boxes);
}
END_TEST

START_TEST(hostile_text_is_harmless)
{
	char *huge = xcalloc(1, (1 << 20) + 1);
	memset(huge, 'A', 1 << 20);
	const char *const bad[] = { "\xff\xfe\x80 broken", "<b>&amp;</b>", "a\x01\x1b[2J\tb\r", "\xe2\x80\xae" "txt.exe", "\xf0\x9f\x94\x92 \xd9\x85\xd8\xb1", "", huge };
	const size_t n = sizeof bad / sizeof *bad;
	const char *cell[2 * sizeof bad / sizeof *bad];
	const struct paper_col col[] = { { "名", PAPER_COL_TEXT, 0 }, { "数", PAPER_COL_NUMBER, 0 } };
	struct paper *p = begin();
	paper_title(p, bad[2], bad[0]);
	for (size_t i = 0; i < n; i++) {
		paper_heading(p, 1, bad[i]);
		paper_keep(p, bad[i]);
		paper_text(p, PAPER_LEAD, bad[i]);
		cell[2 * i] = cell[2 * i + 1] = bad[i];
	}
	paper_panel(p, bad[3], bad, n, false);
	paper_figures(p, (struct paper_figure[]){ { bad[0], bad[6], bad[1], bad[4] } }, 1);
	paper_table(p, &(struct paper_table){ .col = col, .ncol = 2, .cell = cell, .nrow = n });
	end(p);
	char *text = text_of("pdftotext -raw");
	ck_assert_ptr_nonnull(strstr(text, "<b>&amp;</b>"));
	ck_assert_ptr_null(strstr(text, "\xe2\x80\xae"));
	ck_assert_ptr_null(strchr(text, '\x1b'));
	free(text);
	free(huge);
}
END_TEST

START_TEST(pages_are_bounded)
{
	struct paper *p = begin();
	rows(p, 20000);
	paper_heading(p, 1, "もう入らない章");
	paper_text(p, PAPER_BODY, "もう入らない本文");
	struct draw_box box;
	const double v[] = { 1 };
	const char *const label[] = { "x" };
	draw_bars(paper_chart(p, 100, &box), &box, &(struct draw_chart){ .title = "もう入らない図", .labels = label, .n = 1, .series = { { NULL, v } }, .nseries = 1 });
	paper_chart_end(p);
	end(p);
	ck_assert_int_eq(pages, PAPER_PAGES_MAX);
	char *text = text_of("pdftotext -raw");
	ck_assert_uint_eq(count(text, "以降は省略しました"), 1);
	ck_assert_uint_eq(count(text, "もう入らない"), 0);
	free(text);
}
END_TEST

START_TEST(signs_are_told_by_their_first_character)
{
	const char *rest;
	ck_assert_int_eq(draw_sign_of("△ 注意", &rest), DRAW_SIGN_WARN);
	ck_assert_str_eq(rest, "注意");
	ck_assert_int_eq(draw_sign_of("×", &rest), DRAW_SIGN_BAD);
	ck_assert_ptr_null(rest);
	ck_assert_int_eq(draw_sign_of("何か", &rest), DRAW_SIGN_NONE);
	ck_assert_str_eq(rest, "何か");
}
END_TEST

UNIT_SUITE("paper", is_read_in_order_and_says_what_it_is, is_a_sound_file_that_can_be_sealed, same_input_same_bytes, tables_break_well,
           paragraphs_leave_no_line_alone, columns_keep_to_the_page, hostile_text_is_harmless, pages_are_bounded,
           signs_are_told_by_their_first_character)
