/* Answers from a file, and the sheet that asks for them. See survey_file.h. */
#include "pack/survey_file.h"
#include "pack/xlsx.h"
#include "text/begins.h"
#include "text/charset.h"
#include "text/layout.h"
#include <string.h>
#include <strings.h>

enum { NAME_COLS = 18 /* shown of a sheet's name */, NAMES_MAX = 2 };

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

/* 「Sheet1」, whatever it is called in one short line. */
static const char *shown_name(const struct xlsx *x, size_t i, struct arena *a)
{
	struct sb b = SB_INIT;
	text_fit(xlsx_name(x, i), NAME_COLS, false, &b);
	for (size_t k = 0; k < b.len; k++)
		if ((unsigned char)b.s[k] < ' ')
			b.s[k] = ' ';
	const char *r = arena_printf(a, "「%s」", b.s);
	sb_free(&b);
	return r;
}

/* Each fault says in which sheet it is. */
static void name_faults(const char *name, struct sb *faults)
{
	struct sb b = SB_INIT;
	for (const char *p = faults->s, *end; *p; p = end) {
		end = p + strcspn(p, "\n");
		end += *end == '\n';
		sb_addf(&b, "シート%s%s%.*s", name, *p >= '0' && *p <= '9' ? " " : "の ", (int)(end - p), p);
	}
	sb_reset(faults);
	sb_add(faults, b.s, b.len);
	sb_free(&b);
}

struct book {
	const struct survey *s;
	struct xlsx *x;
	struct arena *a;
	struct survey_sheet *r;   /* of the sheet that is used */
	struct err first;         /* why the first sheet that is no table of answers is none */
	bool found;               /* a table of answers, maybe an empty one: r */
	size_t nanswered, at;     /* how many have answers, which is used */
	const char *names;        /* of those that have */
};

static enum status look_at(struct book *b, size_t i, struct err *e)
{
	struct grid g;
	struct err why = { 0 };
	struct survey_sheet r = { .faults = SB_INIT };
	const char *name = shown_name(b->x, i, b->a);
	enum status st = xlsx_read(b->x, i, &g, &why);
	if (st == OK)
		st = survey_read_grid(b->s, &g, b->a, &r, &why);
	bool use = st == OK && (r.any ? !b->nanswered : !b->found);
	if (use) {
		sb_free(&b->r->faults);
		*b->r = r;
		b->found = true;
		b->at = i;
	} else {
		sb_free(&r.faults);
	}
	if (st == OK && r.any && b->nanswered++ < NAMES_MAX)
		b->names = arena_printf(b->a, "%s%s", b->names, name);
	if (st == ERR_NOTFOUND && !b->first.code)
		err_set(&b->first, st, "シート%sに%s", name, why.msg);
	if (st == OK || st == ERR_NOTFOUND)
		return OK;
	if (st != ERR_TEMP && xlsx_sheets(b->x) > 1)
		return err_set(e, st, "シート%s：%s", name, why.msg);
	*e = why;
	return st;
}

/* All sheets are looked at: of two with answers one may be a summary, and nobody but the sender knows. */
static enum status read_book(const struct survey *s, struct xlsx *x, struct arena *a, struct survey_sheet *r, struct err *e)
{
	struct book b = { .s = s, .x = x, .a = a, .r = r, .names = "" };
	*r = (struct survey_sheet){ .faults = SB_INIT };
	for (size_t i = 0; i < xlsx_sheets(x); i++) {
		enum status st = look_at(&b, i, e);
		if (st != OK)
			return st;
	}
	if (b.nanswered > 1)
		return err_set(e, ERR_PERM, "回答のあるシートが %zu 枚あります (%s%s)。1 枚だけを残してお送りください", b.nanswered, b.names,
		               b.nanswered > NAMES_MAX ? "ほか" : "");
	if (!b.found) {
		*e = b.first;
		return b.first.code;
	}
	if (xlsx_sheets(x) > 1)
		name_faults(shown_name(x, b.at, a), &r->faults);
	return OK;
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
