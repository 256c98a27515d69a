/*
 * Any bytes as CSV: no crash, every cell valid UTF-8, and what the writer makes
 * of the cells reads back as the same cells.
 */
#include "base/strbuf.h"
#include "text/charset.h"
#include "text/contract_field.h"
#include "text/csv.h"
#include <stdlib.h>
#include <string.h>

static void must(int ok)
{
	if (!ok)
		abort();
}

/* One row written and read again. A row of empty cells is skipped by the reader. */
static void again(const struct csv_row *row)
{
	struct sb out = SB_INIT;
	struct csv *c;
	struct csv_row back;
	struct err e;
	sb_adds(&out, "sep=,\r\n"); /* else cells with tabs could win the guess */
	for (size_t i = 0; i < row->n; i++)
		csv_put(&out, row->v[i], i == 0);
	sb_adds(&out, "\r\n");
	must(csv_open(out.s, out.len, &c, &e) == OK);
	must(csv_next(c, &back, &e) == OK);
	must(back.n == row->n);
	for (size_t i = 0; i < row->n; i++) {
		csv_unguard(back.v[i]);
		must(strcmp(back.v[i], row->v[i]) == 0);
	}
	csv_free(&c);
	sb_free(&out);
}

/* Every rule on every cell: what is cleaned stays as it is when cleaned again. */
static void rules(const char *cell)
{
	for (int f = 0; f < CF_COUNT; f++) {
		const struct field_rule *r = &contract_fields[f].rule;
		struct sb once = SB_INIT, twice = SB_INIT, fault = SB_INIT;
		field_clean(r, cell, &once);
		field_clean(r, once.s, &twice);
		must(strcmp(once.s, twice.s) == 0);
		if (!field_ok(r, once.s))
			field_fault(r, 1, contract_fields[f].header, once.s, &fault);
		must(!strchr(fault.s, '\n') && text_is_utf8(fault.s, fault.len));
		sb_free(&once);
		sb_free(&twice);
		sb_free(&fault);
	}
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t n)
{
	struct csv *c;
	struct csv_row row;
	struct err e;
	if (csv_open(data, n, &c, &e) != OK)
		return 0;
	for (int rows = 0; csv_next(c, &row, &e) == OK; rows++) {
		for (size_t i = 0; i < row.n; i++) {
			must(text_is_utf8(row.v[i], strlen(row.v[i])));
			if (rows < 4 && i < 4)
				rules(row.v[i]);
		}
		again(&row);
	}
	csv_free(&c);
	return 0;
}
