#ifndef YOROZU_READER_IMPORT_H
#define YOROZU_READER_IMPORT_H
/*
 * Readers from CSV (MAG-08): a column メールアドレス (or mail, email, address), and if there are
 * 氏名 (name) and 状態; others are passed over, so an export can be read back: it brings back none
 * who left, and whoever it calls stopped or removed is stored as that, so that a lost list can be made
 * again. All or nothing. `replace`: whoever came by hand or CSV and does not stand in the file is
 * removed; readers of contracts stay as their contracts say.
 */
#include "store/store_reader.h"

struct reader_import {
	size_t added, back, renamed, removed, same, kept_away, stopped /* by 状態 */, faults;
	struct sb fault_text, preview; /* one line each */
};

/* In one transaction; commits unless dry_run or there are faults (then still OK). */
enum status readers_import(struct store *s, const void *csv, size_t n, bool replace, bool dry_run, const char *who, epoch now,
                           struct reader_import *r, struct err *e) must_check;
/* One line without controls: nothing that a terminal or a header would stumble over. */
bool reader_name_ok(const char *name);
void reader_import_free(struct reader_import *r);

#endif
