/* Contracts of the store as CSV: see contract_csv.h. */
#include "contract_csv.h"
#include "contract_edit.h"
#include "text/charset.h"
#include "text/csv.h"
#include <stdio.h>
#include <string.h>

enum { PAGE = 500 };

static void add_headings(struct sb *out)
{
	for (int col = 0, first = 1; col < COL_COUNT; col++)
		if (!col_secret(col)) {
			csv_put(out, col_header(col), first);
			first = 0;
		}
	sb_adds(out, "\r\n");
}

static void add_row(const struct contract *c, struct arena *a, struct sb *out)
{
	for (int col = 0, first = 1; col < COL_COUNT; col++)
		if (!col_secret(col)) {
			csv_put(out, col_value(c, col, a), first);
			first = 0;
		}
	sb_adds(out, "\r\n");
}

/* Which value is it that CP932 can't say? */
static enum status blame(const struct contract *c, struct arena *a, struct err *e)
{
	struct sb b = SB_INIT;
	enum status st = ERR_BUG;
	for (int col = 0; col < COL_COUNT && st == ERR_BUG; col++) {
		const char *v = col_value(c, col, a);
		sb_reset(&b);
		if (!text_from_utf8("cp932", v, strlen(v), &b))
			st = err_set(e, ERR_PERM, "%s 「%s」に Shift_JIS (CP932) で表せない文字があります "
				     "(--cp932 を付けずに書き出してください)", c->v[CF_N_NUMBER], col_header(col));
	}
	sb_free(&b);
	return st == ERR_BUG ? err_set(e, st, "CP932 refuses a row but none of its values") : st;
}

static enum status add_encoded(const struct sb *row, bool cp932, const struct contract *c, struct arena *a,
			       struct sb *out, struct err *e)
{
	if (!cp932)
		sb_add(out, row->s, row->len);
	else if (!text_from_utf8("cp932", row->s, row->len, out))
		return c ? blame(c, a, e) : err_set(e, ERR_BUG, "headings don't fit CP932");
	return OK;
}

static enum status add_page(const struct contract *v, size_t n, bool cp932, struct arena *a, struct sb *out,
			    struct err *e)
{
	struct sb row = SB_INIT;
	enum status st = OK;
	for (size_t i = 0; i < n && st == OK; i++) {
		sb_reset(&row);
		add_row(&v[i], a, &row);
		st = add_encoded(&row, cp932, &v[i], a, out, e);
	}
	sb_free(&row);
	return st;
}

enum status contracts_export(struct store *s, bool cp932, struct sb *out, struct err *e)
{
	struct sb row = SB_INIT;
	char after[16] = "";
	size_t n = PAGE;
	if (!cp932)
		sb_adds(out, "\xEF\xBB\xBF");
	add_headings(&row);
	enum status st = add_encoded(&row, cp932, NULL, NULL, out, e);
	sb_free(&row);
	while (st == OK && n == PAGE) {
		struct contract *v;
		struct arena *a = arena_new();
		st = contract_list(s, after, PAGE, a, &v, &n, e);
		if (st == OK)
			st = add_page(v, n, cp932, a, out, e);
		if (st == OK && n)
			snprintf(after, sizeof after, "%s", v[n - 1].v[CF_N_NUMBER]);
		arena_free(&a);
	}
	return st;
}
