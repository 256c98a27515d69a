/*
 * Shared strings and the cells of a sheet. Cells are gathered as they come, then
 * sorted into rows, so that a file that names them in any order, or twice, costs
 * no more than its size. See xlsx.h.
 */
#include "pack/xlsx_impl.h"
#include "base/xalloc.h"
#include "text/charset.h"
#include "text/utf8.h"
#include <stdlib.h>
#include <string.h>

enum { MERGES_MAX = 2000, MERGED_MAX = 4 * XLSX_CELLS_MAX /* cells looked at */, EXCEL_ROWS = 1048576, EXCEL_COLS = 16384 };

/* ---- text ------------------------------------------------------------------------------- */

/* Four hexadecimal digits between "_x" and "_", or -1. */
static int escape_at(const char *p)
{
	if (p[0] != '_' || p[1] != 'x' || strspn(p + 2, "0123456789abcdefABCDEF") < 4 || p[6] != '_')
		return -1;
	return (int)strtol((const char[5]){ p[2], p[3], p[4], p[5], '\0' }, NULL, 16);
}

/* ST_Xstring (ECMA-376 part 1, 22.9.2.19): "_x000D_" is a carriage return, "_x005F_" an
 * underscore. What no text has (NUL, other controls, half a surrogate pair) is left as it stands. */
static void unescape(struct sb *text)
{
	char *to = text->s;
	for (const char *p = text->s, *end = text->s + text->len; p < end;) {
		int cp = end - p >= 7 ? escape_at(p) : -1;
		bool control = cp < ' ' || (cp >= 0x7F && cp < 0xA0), space = cp == '\t' || cp == '\n' || cp == '\r';
		bool good = control ? space : cp < 0xD800 || cp > 0xDFFF;
		if (good) {
			to += utf8_bytes((uint32_t)cp, to);
			p += 7;
		} else {
			*to++ = *p++;
		}
	}
	sb_setlen(text, (size_t)(to - text->s));
}

/* ---- shared strings -------------------------------------------------------------------- */

struct strings {
	struct xlsx *x;
	struct sb now;
	size_t cap, bytes;
	int in_t, in_rph;
	struct err why;
};

static bool strings_open(void *arg, const char *name, const char **attrs)
{
	struct strings *s = arg;
	(void)attrs;
	if (strcmp(name, "si") == 0)
		sb_reset(&s->now);
	s->in_t += strcmp(name, "t") == 0;
	s->in_rph += strcmp(name, "rPh") == 0;
	return true;
}

static bool strings_close(void *arg, const char *name)
{
	struct strings *s = arg;
	struct xlsx *x = s->x;
	s->in_t -= strcmp(name, "t") == 0;
	s->in_rph -= strcmp(name, "rPh") == 0;
	if (strcmp(name, "si") != 0)
		return true;
	if (x->nstrings == XLSX_CELLS_MAX || (s->bytes += s->now.len) > XLSX_TEXT_MAX)
		return err_set(&s->why, ERR_LIMIT, "Excel ファイルの文字が多すぎます"), false;
	if (x->nstrings == s->cap) {
		size_t cap = s->cap ? s->cap * 2 : 256;
		const char **v = arena_alloc(x->a, cap * sizeof *v);
		if (s->cap)
			memcpy(v, x->strings, s->cap * sizeof *v);
		x->strings = v;
		s->cap = cap;
	}
	unescape(&s->now);
	x->strings[x->nstrings++] = grid_cell(x->a, s->now.s, s->now.len);
	return true;
}

static bool strings_text(void *arg, const char *p, size_t n)
{
	struct strings *s = arg;
	if (s->in_t && !s->in_rph && s->now.len <= GRID_CELL_MAX)
		sb_add(&s->now, p, n);
	return true;
}

enum status xlsx_read_strings(struct xlsx *x, const struct sb *xml, struct err *e)
{
	struct strings s = { .x = x, .now = SB_INIT };
	const struct xlsx_handler h = { strings_open, strings_close, strings_text, &s, &s.why };
	enum status st = xlsx_xml("sharedStrings", xml, &h, e);
	sb_free(&s.now);
	return st;
}

/* ---- cells -------------------------------------------------------------------------------- */

struct cell {
	unsigned row, col; /* from 1 */
	unsigned order;
	const char *text;
};
struct area {
	unsigned row, col, row2, col2;
};
struct sheet {
	struct xlsx *x;
	struct cell *v;          /* malloc'ed */
	size_t n, cap, bytes;
	struct area *merges;     /* malloc'ed */
	size_t nmerges;
	unsigned row, col;       /* of the cell that is read */
	char type[12];
	struct sb now;
	int in_value, in_rph;
	struct err why;
};

/* "BC12". False: no reference. */
static bool reference(const char *s, unsigned *row_r, unsigned *col_r, const char **end_r)
{
	unsigned col = 0, row = 0;
	while (*s == '$')
		s++;
	for (; *s >= 'A' && *s <= 'Z' && col <= EXCEL_COLS; s++)
		col = col * 26 + (unsigned)(*s - 'A') + 1;
	while (*s == '$')
		s++;
	for (; *s >= '0' && *s <= '9' && row <= EXCEL_ROWS; s++)
		row = row * 10 + (unsigned)(*s - '0');
	*row_r = row;
	*col_r = col;
	*end_r = s;
	return col && row && col <= EXCEL_COLS && row <= EXCEL_ROWS;
}

static bool add(struct sheet *s, unsigned row, unsigned col, const char *text)
{
	if (!*text)
		return true;
	if (col > GRID_COLS_MAX)
		return err_set(&s->why, ERR_LIMIT, "列が多すぎます (%d 列まで)", GRID_COLS_MAX), false;
	if (s->n == XLSX_CELLS_MAX || (s->bytes += strlen(text)) > XLSX_TEXT_MAX)
		return err_set(&s->why, ERR_LIMIT, "Excel のシートが大きすぎます"), false;
	if (s->n == s->cap) {
		s->cap = s->cap ? s->cap * 2 : 256;
		s->v = xrealloc(s->v, s->cap * sizeof *s->v);
	}
	s->v[s->n] = (struct cell){ row, col, (unsigned)s->n, text };
	s->n++;
	return true;
}

static bool cell_end(struct sheet *s)
{
	if (strcmp(s->type, "s") == 0) {
		char *end;
		unsigned long i = strtoul(s->now.s, &end, 10);
		if (!s->now.len)
			return true;
		if (*end || i >= s->x->nstrings)
			return err_set(&s->why, ERR_PERM, "Excel ファイルが壊れています (文字列の番号)"), false;
		return add(s, s->row, s->col, s->x->strings[i]);
	}
	if (strcmp(s->type, "inlineStr") == 0 || strcmp(s->type, "str") == 0)
		unescape(&s->now);
	return add(s, s->row, s->col, grid_cell(s->x->a, s->now.s, s->now.len));
}

static bool row_open(struct sheet *s, const char **attrs)
{
	const char *r = xlsx_attr(attrs, "r");
	char *end;
	unsigned long row = r ? strtoul(r, &end, 10) : s->row + 1UL;
	if ((r && *end) || row < 1 || row > EXCEL_ROWS)
		return err_set(&s->why, ERR_PERM, "Excel ファイルが壊れています (行の番号)"), false;
	s->row = (unsigned)row;
	s->col = 0;
	return true;
}

static bool cell_open(struct sheet *s, const char **attrs)
{
	const char *r = xlsx_attr(attrs, "r"), *t = xlsx_attr(attrs, "t"), *end;
	unsigned row = s->row, col = s->col + 1;
	if (r && (!reference(r, &row, &col, &end) || *end))
		return err_set(&s->why, ERR_PERM, "Excel ファイルが壊れています (セルの番地)"), false;
	s->row = row;
	s->col = col;
	size_t n = t ? strnlen(t, sizeof s->type - 1) : 0;
	memcpy(s->type, t ? t : "", n);
	s->type[n] = '\0';
	sb_reset(&s->now);
	return true;
}

static bool merge_open(struct sheet *s, const char **attrs)
{
	const char *ref = xlsx_attr(attrs, "ref"), *end;
	struct area m;
	if (!ref || !reference(ref, &m.row, &m.col, &end) || *end != ':' || !reference(end + 1, &m.row2, &m.col2, &end) || *end ||
	    m.row2 < m.row || m.col2 < m.col)
		return true; /* Excel would repair it; without it only a copy is missing */
	if (s->nmerges == MERGES_MAX)
		return err_set(&s->why, ERR_LIMIT, "結合されたセルが多すぎます"), false;
	s->merges[s->nmerges++] = m;
	return true;
}

static bool sheet_open(void *arg, const char *name, const char **attrs)
{
	struct sheet *s = arg;
	if (strcmp(name, "row") == 0)
		return row_open(s, attrs);
	if (strcmp(name, "c") == 0)
		return cell_open(s, attrs);
	if (strcmp(name, "mergeCell") == 0)
		return merge_open(s, attrs);
	s->in_value += strcmp(name, "v") == 0 || strcmp(name, "t") == 0;
	s->in_rph += strcmp(name, "rPh") == 0;
	return true;
}

static bool sheet_close(void *arg, const char *name)
{
	struct sheet *s = arg;
	if (strcmp(name, "c") == 0)
		return cell_end(s);
	s->in_value -= strcmp(name, "v") == 0 || strcmp(name, "t") == 0;
	s->in_rph -= strcmp(name, "rPh") == 0;
	return true;
}

static bool sheet_text(void *arg, const char *p, size_t n)
{
	struct sheet *s = arg;
	if (s->in_value > 0 && s->in_rph <= 0 && s->now.len <= GRID_CELL_MAX)
		sb_add(&s->now, p, n);
	return true;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static int by_place(const void *x, const void *y)
{
	const struct cell *a = x, *b = y;
	if (a->row != b->row)
		return a->row < b->row ? -1 : 1;
	if (a->col != b->col)
		return a->col < b->col ? -1 : 1;
	return a->order < b->order ? -1 : 1;
}

static const struct cell *find(const struct sheet *s, size_t n, unsigned row, unsigned col)
{
	const struct cell key = { row, col, 0, "" };
	size_t lo = 0, hi = n;
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		if (by_place(&s->v[mid], &key) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < n && s->v[lo].row == row && s->v[lo].col == col ? &s->v[lo] : NULL;
}

/* Each cell of a merged area says what its first one says. Only rows that have something are filled. */
static bool spread(struct sheet *s)
{
	size_t n = s->n, looked = 0;
	for (size_t i = 0; i < s->nmerges; i++) {
		const struct area *m = &s->merges[i];
		const struct cell *first = find(s, n, m->row, m->col);
		const char *text = first ? first->text : "";
		unsigned right = m->col2 < GRID_COLS_MAX ? m->col2 : GRID_COLS_MAX, down = m->row2 - m->row < GRID_ROWS_MAX ? m->row2 : m->row + GRID_ROWS_MAX;
		for (unsigned row = m->row; *text && row <= down; row++)
			for (unsigned col = m->col; col <= right; col++)
				if (++looked > MERGED_MAX)
					return err_set(&s->why, ERR_LIMIT, "結合されたセルが広すぎます"), false;
				else if (!find(s, n, row, col) && !add(s, row, col, text))
					return false;
	}
	if (s->n > n)
		qsort(s->v, s->n, sizeof *s->v, by_place);
	return true;
}

static enum status fill(struct sheet *s, struct grid *r, struct err *e)
{
	struct arena *a = s->x->a;
	struct grid_row *rows = arena_alloc(a, GRID_ROWS_MAX * sizeof *rows);
	r->rows = rows;
	for (size_t i = 0, next; i < s->n; i = next) {
		unsigned row = s->v[i].row;
		for (next = i; next < s->n && s->v[next].row == row; next++)
			;
		if (r->n == GRID_ROWS_MAX)
			return err_set(e, ERR_LIMIT, "行が多すぎます (%d 行まで)", GRID_ROWS_MAX);
		size_t cols = s->v[next - 1].col;
		const char **v = arena_alloc(a, cols * sizeof *v);
		for (size_t c = 0; c < cols; c++)
			v[c] = "";
		for (size_t k = i; k < next; k++)
			v[s->v[k].col - 1] = s->v[k].text;
		rows[r->n++] = (struct grid_row){ .number = row, .n = cols, .v = v };
	}
	return OK;
}

enum status xlsx_read_sheet(struct xlsx *x, const struct sb *xml, struct grid *r, struct err *e)
{
	struct sheet s = { .x = x, .now = SB_INIT };
	const struct xlsx_handler h = { sheet_open, sheet_close, sheet_text, &s, &s.why };
	s.merges = xcalloc(MERGES_MAX, sizeof *s.merges);
	enum status st = xlsx_xml("sheet", xml, &h, e);
	if (st == OK && s.n)
		qsort(s.v, s.n, sizeof *s.v, by_place);
	if (st == OK && !spread(&s)) {
		*e = s.why;
		st = e->code;
	}
	if (st == OK)
		st = fill(&s, r, e);
	sb_free(&s.now);
	free(s.v);
	free(s.merges);
	return st;
}
