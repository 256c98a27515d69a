/* A CSV as a table of cells. See grid.h. */
#include "text/grid.h"
#include "text/csv.h"
#include "text/utf8.h"
#include <string.h>

const char *grid_cell(struct arena *a, const char *utf8, size_t n)
{
	return arena_strndup(a, utf8, utf8_head(utf8, n, GRID_CELL_MAX));
}

static enum status take(const struct csv_row *row, struct arena *a, struct grid_row *r, struct err *e)
{
	if (row->n > GRID_COLS_MAX)
		return err_set(e, ERR_LIMIT, "列が多すぎます (%d 列まで)", GRID_COLS_MAX);
	const char **v = arena_zalloc(a, row->n * sizeof *v);
	for (size_t i = 0; i < row->n; i++) {
		csv_unguard(row->v[i]);
		v[i] = grid_cell(a, row->v[i], strlen(row->v[i]));
	}
	*r = (struct grid_row){ .number = row->line, .n = row->n, .v = v };
	return OK;
}

enum status grid_csv(const void *p, size_t n, struct arena *a, struct grid *r, struct err *e)
{
	struct csv *c = NULL;
	struct csv_row row;
	struct grid_row *rows = arena_alloc(a, GRID_ROWS_MAX * sizeof *rows);
	*r = (struct grid){ .rows = rows };
	enum status st = csv_open(p, n, &c, e);
	while (st == OK && (st = csv_next(c, &row, e)) == OK)
		if (r->n == GRID_ROWS_MAX)
			st = err_set(e, ERR_LIMIT, "行が多すぎます (%d 行まで)", GRID_ROWS_MAX);
		else
			st = take(&row, a, &rows[r->n++], e);
	csv_free(&c);
	return st == ERR_NOTFOUND ? OK : st;
}
