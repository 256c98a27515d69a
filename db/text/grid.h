#ifndef TEXT_GRID_H
#define TEXT_GRID_H
/*
 * A table of text cells, whatever file it came from (CSV here, a workbook:
 * pack/xlsx.h). Rows keep the number a person sees in his spreadsheet, so that
 * a fault can name it. Everything lives in the arena of whoever made it.
 */
#include "base/arena.h"
#include "base/err.h"
#include <stdbool.h>

struct grid_row {
	size_t number;        /* from 1, as the spreadsheet counts; a CSV's line */
	size_t n;
	const char *const *v; /* n cells, valid UTF-8, "" = empty */
};
struct grid {
	const struct grid_row *rows; /* those that have anything in them */
	size_t n;
	bool date1904;        /* serial dates count from 1904 (an old Mac's workbook) */
};
enum { GRID_ROWS_MAX = 5000, GRID_COLS_MAX = 300, GRID_CELL_MAX = 4000 /* bytes kept of a cell */ };

/* A CSV as text/csv.h reads it. ERR_PERM: broken; ERR_LIMIT: too large; both with
 * a Japanese text for whoever sent it. */
enum status grid_csv(const void *p, size_t n, struct arena *a, struct grid *r, struct err *e) must_check;

/* The first bytes of a cell, cut at a character. */
const char *grid_cell(struct arena *a, const char *utf8, size_t n);

#endif
