#ifndef STORE_READER_CSV_H
#define STORE_READER_CSV_H
/*
 * The list of readers as CSV (MAG-08, specification 3.5(1)③): columns
 * メールアドレス, 氏名, 状態, 契約, 登録日, 理由; UTF-8 with BOM, or CP932.
 */
#include "store/store_reader.h"

/* ERR_PERM names what CP932 has no place for. */
enum status readers_export(struct store *s, bool cp932, struct sb *out, struct err *e) must_check;

/* DIR/store/readers.csv, the one before as readers.1.csv: two generations, each
 * whole. Notes that the list is saved as it stands. Outside a transaction. */
enum status readers_backup(struct store *s, const char *dir, struct err *e) must_check;

#endif
