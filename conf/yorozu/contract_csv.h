#ifndef YOROZU_CONTRACT_CSV_H
#define YOROZU_CONTRACT_CSV_H
/*
 * Contracts as CSV (text/csv.h): the headings are the columns of
 * contract_edit.h, in any order; お客様番号 is the key.
 *
 * Import: a column that the file does not have stays as it is, an empty cell
 * empties the value (one that the row lacks at its end does not, for Excel leaves
 * those out); but an empty password cell keeps the password, because an
 * export has none. All or nothing: one fault anywhere and nothing is changed.
 */
#include "store/store_contract.h"

struct import_result {
	size_t added, changed, same, faults;
	struct sb fault_text;  /* one line a fault */
	struct sb preview;     /* one line an added or changed contract */
};

/* In one transaction; commits unless dry_run or there are faults (then still
 * OK is returned). Errors are those of the store, or of a file that is no CSV
 * (also counted and told as a fault). */
enum status contracts_import(struct store *s, const void *csv, size_t n, bool dry_run, const char *who, epoch now,
			     struct import_result *r, struct err *e) must_check;
void import_result_free(struct import_result *r);

/* All contracts, without passwords. UTF-8 with BOM (Excel needs it), or CP932;
 * ERR_PERM names the value that CP932 has no place for. */
enum status contracts_export(struct store *s, bool cp932, struct sb *out, struct err *e) must_check;

#endif
