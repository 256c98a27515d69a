#ifndef STORE_STORE_BACKUP_H
#define STORE_STORE_BACKUP_H
/*
 * Copies of stores, of any kind, while others use them (AGENT-07). A copy is of
 * one moment; it is written through SQLite, never as a file, and is complete in
 * itself (no -wal beside it). And the folder of backups, as those who wait for
 * the day's one see it: conf/yorozu/backup.h makes them.
 */
#include "base/cfg.h"
#include "base/clk.h"
#include "base/crypto.h"

/* to: must not exist. Durable when OK. Nobody who writes waits for it. */
enum status store_copy(const char *from, const char *to, struct err *e) must_check;
/* Opens it as it is, without changing a byte: integrity and foreign keys.
 * ERR_PERM: damaged, or no store. */
enum status store_copy_check(const char *path, struct err *e) must_check;

/* Of which master key a backup is, without telling the key. */
enum { BACKUP_KEY_PRINT = 2 * SHA256_LEN + 1 };
void backup_key_print(const uint8_t master[KEY_LEN], char out[BACKUP_KEY_PRINT]);

char *backup_folder(const struct cfg *c); /* malloc'ed */
/* A generation's name is when it was made: YYYYMMDD-HHMMSS, JST. false: it is none. */
bool backup_generation(const char *name, epoch *at_r);
/* When the newest was made, of those that no wrong clock made after `now`; 0:
 * there is none. A folder that is missing has none. */
enum status backup_newest(const char *folder, epoch now, epoch *at_r, struct err *e) must_check;
/* None was made since the clock last struck `hour` (JST)? 24: it never is due. */
bool backup_is_due(int64_t hour, epoch newest, epoch now);

#endif
