#ifndef PACK_XLSX_H
#define PACK_XLSX_H
/*
 * Excel workbooks (ISO/IEC 29500): reading the values of one sheet, and writing a
 * small one of our own. Values only: no formulas are computed (the value that
 * Excel saved with one is taken), no formats, no pictures. A merged area has its
 * value in each of its cells. Furigana (rPh) is no part of a text.
 *
 * SECURITY: a workbook from outside is a ZIP of XML. Nothing is written to a
 * disk; what is unpacked is bounded by what really comes out, whatever the
 * archive says (bombs); a DOCTYPE, hence any entity of its own, is refused before
 * it is looked at; relations to outside are never followed.
 */
#include "base/arena.h"
#include "base/clk.h"
#include "base/err.h"
#include "base/strbuf.h"
#include "text/grid.h"
#include <stdbool.h>

enum {
	XLSX_BYTES_MAX = 8 << 20,    /* of the file */
	XLSX_UNPACKED_MAX = 32 << 20, /* of all parts that are read */
	XLSX_ENTRIES_MAX = 2000,
	XLSX_SHEETS_MAX = 10,        /* more are not looked at */
	XLSX_CELLS_MAX = 100000,     /* that have a value, copies in merged areas included */
	XLSX_TEXT_MAX = 8 << 20,     /* bytes of all cells; of all shared strings */
	XLSX_DEPTH_MAX = 64
};

bool xlsx_is(const void *p, size_t n); /* a ZIP; whether it is a workbook xlsx_open tells */

struct xlsx;
/* p[0..n) is borrowed until xlsx_close. Errors have a Japanese text for whoever
 * sent the file. ERR_PERM: no workbook, encrypted or broken; ERR_LIMIT: over a bound. */
enum status xlsx_open(const void *p, size_t n, struct arena *a, struct xlsx **x_r, struct err *e) must_check;
void xlsx_close(struct xlsx **x); /* accepts NULL, sets NULL */
/* Visible sheets, in the workbook's order. */
size_t xlsx_sheets(const struct xlsx *x);
const char *xlsx_name(const struct xlsx *x, size_t i);
enum status xlsx_read(struct xlsx *x, size_t i, struct grid *r, struct err *e) must_check;

/* ---- writing (xlsx_write.c) --------------------------------------------------------- */

enum xlsx_style { XLSX_PLAIN, XLSX_TITLE, XLSX_HEAD, XLSX_TEXT /* wrapped, framed */, XLSX_CENTRE, XLSX_INPUT /* to be filled in */, XLSX_STYLES };

struct xlsx_new;
struct xlsx_new *xlsx_new(const char *sheet); /* its name */
/* Columns and rows from 1. A cell after those before it, row by row. */
void xlsx_width(struct xlsx_new *x, size_t col, double chars);
void xlsx_cell(struct xlsx_new *x, size_t row, size_t col, enum xlsx_style style, const char *text);
void xlsx_merge(struct xlsx_new *x, size_t row, size_t col, size_t rows, size_t cols);
/* Cells row..row+rows-1 of a column take one of the choices (commas between, at most 255 characters). */
void xlsx_choices(struct xlsx_new *x, size_t row, size_t col, size_t rows, const char *choices);
/* A row that is repeated on each printed page. */
void xlsx_repeat(struct xlsx_new *x, size_t row);
/* Ends it: the file is appended; `at` is the time its parts bear. ERR_TEMP: no memory. */
enum status xlsx_end(struct xlsx_new **x, epoch at, struct sb *out, struct err *e) must_check;

#endif
