#ifndef YOROZU_CONTRACT_EDIT_H
#define YOROZU_CONTRACT_EDIT_H
/*
 * What a command's FIELD=VALUE arguments, or a row of a CSV, want to make of a
 * contract: checked by the rules first, then laid over the contract as it is.
 *
 * A column is a field of text/contract_field.h or one of four more that no
 * order form has.
 */
#include "store/store_contract.h"

enum { COL_ADDRESSES = CF_COUNT, COL_DOMAINS, COL_STARTED, COL_ENDED, COL_COUNT };

const char *col_name(int col);   /* as FIELD */
const char *col_header(int col); /* as heading of a CSV */
const struct field_rule *col_rule(int col);
bool col_secret(int col);
int col_find(const char *name);  /* by either, as heading_is says; -1: none */

struct edit_op {
	int col;
	char op;           /* '=' sets; for the two lists also '+' adds, '-' takes away */
	const char *value; /* cleaned */
};
struct contract_edit {
	struct edit_op ops[COL_COUNT * 2];
	size_t n;
};

/* Adds one wish, or a fault's line; row 0 = not from a file. */
bool edit_set(struct contract_edit *x, struct arena *a, int col, char op, const char *raw, size_t row,
	      struct sb *faults);

/* The contract to write: `old` (NULL: a new one) and the wishes over it. What
 * was not wished for is NULL, as contract_update takes it. */
void edit_apply(const struct contract_edit *x, const struct contract *old, struct arena *a, struct contract *out);

/* Headings of the columns that differ from old, by "、"; a password counts
 * whenever one is given. Returns how many. */
size_t edit_changes(const struct contract *c, const struct contract *old, struct sb *what);

/* The value of a column for people and CSV; "" for passwords. */
const char *col_value(const struct contract *c, int col, struct arena *a);

#endif
