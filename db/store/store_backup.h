#ifndef STORE_STORE_BACKUP_H
#define STORE_STORE_BACKUP_H
/*
 * Copies of stores, of any kind, while others use them (AGENT-07). A copy is of
 * one moment; it is written through SQLite, never as a file, and is complete in
 * itself (no -wal beside it).
 */
#include "base/err.h"

/* to: must not exist. Durable when OK. Nobody who writes waits for it. */
enum status store_copy(const char *from, const char *to, struct err *e) must_check;
/* Opens it as it is, without changing a byte: integrity and foreign keys.
 * ERR_PERM: damaged, or no store. */
enum status store_copy_check(const char *path, struct err *e) must_check;

#endif
