#ifndef YOROZU_BACKUP_H
#define YOROZU_BACKUP_H
/*
 * Backups of an instance's data (AGENT-07): a folder a generation,
 *
 *	yorozu.db, agent.db, agent-YYYYMM.db   each a copy of one moment
 *	spool-files/                           sealed files, as they are
 *	MANIFEST                               "NAME SIZE SHA256" a line, and
 *	                                       "key FINGERPRINT" of the master key
 *
 * and beside them `system`, one generation: yorozu.conf, renewed when it has
 * changed. The keys themselves are in no backup: keep them elsewhere.
 *
 * A generation is made under another name, checked as a restore would check it
 * (every byte read again, every store opened: integrity and foreign keys), and
 * only then takes its name; the oldest ones go behind that. As run_user; one at
 * a time. yorozu-ingest sees to it that one is made each day.
 */
#include "base/cfg.h"
#include "base/clk.h"
#include "base/crypto.h"
#include "store/store_backup.h"

enum { BACKUP_KEEP = 2 };

struct backup_sum {
	char name[32];       /* backup_generation() */
	int64_t stores, files, bytes;
};
/* to: the folder of the generations. key: backup_key_print of the master key.
 * ERR_EXISTS: another one is under way. */
enum status backup_make(const struct cfg *c, const char *to, const char *key, epoch now, struct backup_sum *r, struct err *e) must_check;
/* Every byte is as it was written, every store opens whole. ERR_PERM. */
enum status backup_verify(const char *generation, const char *key, struct backup_sum *r, struct err *e) must_check;
/* Verified, then put in the place of what is there; months that are not in it
 * go. Not while the instance runs. May be begun again after a crash. */
enum status backup_restore(const struct cfg *c, const char *generation, const char *key, struct backup_sum *r, struct err *e) must_check;

#endif
