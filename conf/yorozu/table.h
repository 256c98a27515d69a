#ifndef YOROZU_TABLE_H
#define YOROZU_TABLE_H
/*
 * A list for people (columns aligned by display width, Japanese included) or
 * for programs (--tsv: a line of names, then tab-separated values; the names
 * and their order are stable, new ones come last).
 *
 * Cells may come from strangers: what could move a terminal's cursor or break
 * a line is made visible or becomes a space.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct table;
struct table_col {
	const char *name;  /* of the TSV column */
	const char *head;  /* for people; NULL: only in TSV */
	bool right;        /* numbers */
	size_t max;        /* widest in columns for people, 0 = any */
};

struct table *table_new(const struct table_col *cols, size_t n, bool tsv);
/* The next cell, row by row. NULL is "". Copied. */
void table_cell(struct table *t, const char *text);
void table_num(struct table *t, int64_t n);
void table_print(const struct table *t); /* to stdout */
void table_free(struct table **t);

#endif
