/* Answers from a file, and the sheet that asks for them. See survey_file.h. */
#include "pack/survey_file.h"
#include "pack/xlsx.h"
#include "text/begins.h"
#include "text/charset.h"
#include <string.h>
#include <strings.h>

/* ---- reading ------------------------------------------------------------------------------ */

bool survey_is_file(const char *name, const void *p, size_t n)
{
	return xlsx_is(p, n) || text_ends(name, ".csv") || text_ends(name, ".xlsx") || text_ends(name, ".xls") || text_ends(name, ".xlsm") ||
	       text_ends(name, ".tsv");
}

/* What Excel 97 wrote, and what Excel makes of a workbook with a password. */
static bool is_compound(const void *p, size_t n)
{
	return n > 8 && memcmp(p, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8) == 0;
}

static enum status read_book(const struct survey *s, struct xlsx *x, struct arena *a, struct survey_sheet *r, struct err *e)
{
	struct grid g;
	struct err first = { 0 }, why;
	for (size_t i = 0; i < xlsx_sheets(x); i++) {
		enum status st = xlsx_read(x, i, &g, &why);
		if (st == OK)
			st = survey_read_grid(s, &g, a, r, &why);
		if (st != ERR_NOTFOUND) {
			*e = why;
			return st;
		}
		sb_free(&r->faults);
		if (!first.code)
			err_set(&first, st, "シート「%.60s」に%s", xlsx_name(x, i), why.msg);
	}
	*e = first;
	return first.code;
}

static enum status read_any(const struct survey *s, const void *p, size_t n, struct arena *a, struct survey_sheet *r, struct err *e)
{
	struct grid g;
	struct xlsx *x = NULL;
	enum status st;
	if (n > SURVEY_FILE_MAX)
		return err_set(e, ERR_LIMIT, "ファイルが大きすぎます (%d MB まで)", SURVEY_FILE_MAX >> 20);
	if (!n)
		return err_set(e, ERR_PERM, "ファイルが空です");
	if (is_compound(p, n))
		return err_set(e, ERR_PERM, "古い形式 (.xls) か、パスワードの付いた Excel ファイルです。パスワードを付けずに .xlsx 形式で保存し直してください");
	if (!xlsx_is(p, n)) {
		st = grid_csv(p, n, a, &g, e);
		return st == OK ? survey_read_grid(s, &g, a, r, e) : st;
	}
	st = xlsx_open(p, n, a, &x, e);
	if (st == OK)
		st = read_book(s, x, a, r, e);
	xlsx_close(&x);
	return st;
}

enum status survey_read_file(const struct survey *s, const void *p, size_t n, struct arena *a, struct survey_sheet *r, struct err *e)
{
	struct err why = { 0 };
	*r = (struct survey_sheet){ .faults = SB_INIT };
	enum status st = read_any(s, p, n, a, r, &why);
	if (st == ERR_TEMP)
		*e = why;
	if (st == OK || st == ERR_TEMP)
		return st;
	sb_free(&r->faults);
	*r = (struct survey_sheet){ .faults = SB_INIT, .nfaults = 1 };
	text_valid(why.msg, strlen(why.msg), &r->faults);
	sb_addc(&r->faults, '\n');
	return OK;
}

/* ---- the sheet ------------------------------------------------------------------------------ */

enum { COL_NO = 1, COL_ASK, COL_ANSWER };

static size_t put_field(struct xlsx_new *x, size_t row, const char *label, const char *value)
{
	xlsx_cell(x, row, COL_NO, XLSX_HEAD, label);
	xlsx_cell(x, row, COL_ASK, XLSX_INPUT, value);
	return row + 1;
}

static size_t put_head(struct xlsx_new *x, const struct survey *s, const char *number, const char *company)
{
	size_t row = 1;
	xlsx_cell(x, row, COL_NO, XLSX_TITLE, s->title);
	row += 1;
	xlsx_cell(x, row, COL_NO, XLSX_PLAIN, "色の付いた欄にご記入のうえ、このファイルをメールに添付してご返信ください。");
	row += 2;
	row = put_field(x, row, s->column[SURVEY_NUMBER], number);
	row = put_field(x, row, s->column[SURVEY_COMPANY], company);
	row = put_field(x, row, s->column[SURVEY_PERSON], "");
	row = put_field(x, row, s->column[SURVEY_MAIL], "");
	row = put_field(x, row, "ご記入日", "");
	return row + 1;
}

static void put_questions(struct xlsx_new *x, const struct survey *s, size_t row)
{
	struct sb choices = SB_INIT, num = SB_INIT;
	for (size_t i = 0; i < s->nchoices; i++)
		sb_addf(&choices, "%s%s", i ? "," : "", s->choices[i].name);
	xlsx_cell(x, row, COL_NO, XLSX_HEAD, "番号");
	xlsx_cell(x, row, COL_ASK, XLSX_HEAD, "質問");
	xlsx_cell(x, row, COL_ANSWER, XLSX_HEAD, s->column[SURVEY_ANSWER]);
	xlsx_repeat(x, row);
	xlsx_choices(x, row + 1, COL_ANSWER, s->nitems, choices.s);
	for (size_t i = 0; i < s->nitems; i++) {
		sb_reset(&num);
		sb_addf(&num, "Q%zu", i + 1);
		xlsx_cell(x, row + 1 + i, COL_NO, XLSX_CENTRE, num.s);
		xlsx_cell(x, row + 1 + i, COL_ASK, XLSX_TEXT, s->items[i].ask);
		xlsx_cell(x, row + 1 + i, COL_ANSWER, XLSX_INPUT, "");
	}
	sb_free(&choices), sb_free(&num);
}

enum status survey_make_sheet(const struct survey *s, const char *number, const char *company, epoch now, struct sb *out, struct err *e)
{
	struct xlsx_new *x = xlsx_new("診断シート");
	xlsx_width(x, COL_NO, 26);
	xlsx_width(x, COL_ASK, 72);
	xlsx_width(x, COL_ANSWER, 22);
	put_questions(x, s, put_head(x, s, number, company));
	return xlsx_end(&x, now, out, e);
}
