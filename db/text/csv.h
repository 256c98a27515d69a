#ifndef TEXT_CSV_H
#define TEXT_CSV_H
/*
 * CSV as RFC 4180 says and as Excel really writes it: UTF-8 with or without
 * BOM, CP932, "Unicode text" (UTF-16 with BOM and tabs); commas, semicolons or
 * tabs; CRLF, LF or CR; quotes with line ends inside; a first line "sep=;".
 *
 * The reader is strict where a guess could shift a column: a quote inside an
 * unquoted field, anything behind a closing quote, an open quote at the end, a
 * byte that is no character are errors with their line.
 *
 * The writer guards against formula injection: a spreadsheet runs a cell that
 * begins with = + - @ TAB CR (or full-width ＝ ＋ － ＠) as a formula, and our
 * values come from strangers. Such a cell gets a ' in front; so does one that
 * begins with ' and then such a character, which makes csv_unguard an exact
 * inverse. Whoever reads back what csv_put wrote calls csv_unguard on each cell.
 *
 * SECURITY: input is hostile; everything is bounded by the constants below.
 */
#include "base/err.h"
#include "base/strbuf.h"
#include <stddef.h>

enum {
	CSV_BYTES_MAX = 64 << 20,
	CSV_FIELDS_MAX = 256,
	CSV_FIELD_MAX = 65536, /* bytes of a cell */
	CSV_ROWS_MAX = 200000
};

struct csv;
struct csv_row {
	size_t line; /* where it begins, from 1 */
	size_t n;
	int open;    /* no line end behind it: the file may have been cut */
	char **v;    /* n cells, NUL-terminated UTF-8; valid until the next call */
};

/* Copies and decodes p[0..n). ERR_PERM: not text; ERR_LIMIT: too large. */
enum status csv_open(const void *p, size_t n, struct csv **c_r, struct err *e) must_check;
void csv_free(struct csv **c);

/* The next row that has anything in it. ERR_NOTFOUND: no more; ERR_PERM and
 * ERR_LIMIT: broken there (Japanese text with the line); reading can't go on. */
enum status csv_next(struct csv *c, struct csv_row *row_r, struct err *e) must_check;

/* "utf-8", "cp932", "utf-16le", "utf-16be": what the file was. */
const char *csv_charset(const struct csv *c);

/* Appends one cell, guarded and quoted where needed, with a comma before it
 * unless it is the row's first. The caller ends rows with "\r\n". */
void csv_put(struct sb *out, const char *cell, int first);
/* Takes csv_put's guard off, in place. */
void csv_unguard(char *cell);

#endif
