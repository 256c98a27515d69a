#ifndef YOROZU_BACKUP_FILES_H
#define YOROZU_BACKUP_FILES_H
/* Files and their names, for backup.c and backup_restore.c. */
#include "base/arena.h"
#include "base/crypto.h"
#include <stdbool.h>

/* yorozu.db, agent.db or agent-YYYYMM.db. */
bool backup_is_store(const char *name);
/* Names in a folder that `want` likes, sorted; a folder that is not there is empty. */
enum status backup_names(const char *folder, bool (*want)(const char *name), struct arena *a, const char ***v_r, size_t *n_r,
                         struct err *e) must_check;
bool backup_any_file(const char *name); /* not hidden, not `.part` */

enum status backup_hash(const char *path, int64_t *size_r, char hex_r[2 * SHA256_LEN + 1], struct err *e) must_check;
/* Another name for the same bytes where that can be, else a copy; durable. `to`
 * there already: OK. For files that never change. */
enum status backup_link(const char *from, const char *to, struct err *e) must_check;
enum status backup_copy(const char *from, const char *to, struct err *e) must_check;
/* The folder and the files in it, one level of folders down. */
void backup_remove(const char *folder);

#endif
