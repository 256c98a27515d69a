#ifndef INGEST_BACKUP_KEEPER_H
#define INGEST_BACKUP_KEEPER_H
/*
 * Sees to it that the day's backup is made (AGENT-07): starts `yorozu backup
 * --due` when none is there since backup_hour, also one that was missed while
 * the machine was off, and tells the operators once a day when it fails. In a
 * process of its own, so that nobody who uploads waits for it.
 */
#include "ingest.h"
#include "store/store_backup.h"
#include <sys/types.h>

struct backup_keeper {
	const struct ingest *in;
	char key[BACKUP_KEY_PRINT];
	pid_t child;     /* 0: none runs */
	int64_t log_at;  /* where what it says begins in its log */
	epoch looked, again; /* the minute of the last look; not before, after a failure */
};

void backup_keeper_round(struct backup_keeper *k, epoch now);
/* The one that runs is ended; it is begun anew at the next start. */
void backup_keeper_leave(struct backup_keeper *k);

/* For tests: the mail about a failure, once a day; why: what the backup said. */
enum status backup_keeper_tell(const struct ingest *in, const char *why, epoch now, struct err *e) must_check;

#endif
