#ifndef STORE_AGENT_MONTH_H
#define STORE_AGENT_MONTH_H
/*
 * The month files, DIR/store/agent-YYYYMM.db: by the month (JST) in which a
 * batch came. One of them, the newest, is written; a batch is one transaction
 * in it (schema_agent.c), or part of one that several share (store_writer.h).
 * Reports read by agent_read.h.
 *
 * At the first batch of a month a new file is made, and takes over from the
 * one before how far each terminal is. A clock that goes back makes no older file;
 * one that is more than a year ahead of the newest file is not believed: nothing
 * is taken then, and nothing goes.
 */
#include "base/arena.h"
#include "store/agent_read.h"
#include "store/agent_tally.h"
#include "store/store_writer.h"

struct agent_files; /* thread-safe but for open and close */
/* folder: DIR/store. max_batch: jobs that share a transaction. */
enum status agent_files_open(const char *folder, epoch now, unsigned max_batch, struct agent_files **f_r, struct err *e) must_check;
void agent_files_close(struct agent_files **f); /* accepts NULL, sets NULL */

/* ---- a batch */
enum agent_verdict {
	AGENT_STORED,
	AGENT_KNOWN,    /* it came before: nothing was changed */
	AGENT_CLONED,   /* two machines use this id: nothing was changed */
	AGENT_SCATTERED /* too many holes: nothing was changed */
};
struct agent_put {
	int64_t terminal, contract;
	int64_t epoch, seq;        /* of the envelope */
	int64_t now_ms;
	const struct agent_batch *b;
	const struct agent_tally *t; /* of all of b */
	const void *body;          /* as it came out of the envelope */
	size_t body_n, size;       /* size: decompressed */
	/* the answer */
	enum agent_verdict verdict;
	int64_t ack_to;
	struct ranges missing;
};
/* OK: durable, and p's answer is set. Waits for the disk. */
enum status agent_files_put(struct agent_files *f, struct agent_put *p, struct err *e) must_check;

/* ---- all files of a folder */
/* Months that have a file, in order. */
enum status agent_months(const char *folder, struct arena *a, int **v_r, size_t *n_r, struct err *e) must_check;
char *agent_month_path(const char *folder, int month); /* malloc'ed */

/* ERR_DENIED: `now` is more than AGENT_DOUBT months ahead of the newest file's. */
enum { AGENT_DOUBT = 12 };
enum status agent_months_believe(const char *folder, epoch now, struct err *e) must_check;

/* Unlinks files of months before `keep_from`, never the newest; their space is
 * given back in steps, so that the file system is not held up. */
enum status agent_months_drop(const char *folder, int keep_from, size_t *n_r, struct err *e) must_check;

/* Rows of these terminals, all of a contract, in all files. */
struct agent_sum {
	int64_t batches, rows; /* rows: all but batches */
};
enum status agent_months_count(const char *folder, int64_t contract, const int64_t *terminals, size_t n, struct agent_sum *r,
                               struct err *e) must_check;
/* They go, overwritten with zeros. */
enum status agent_months_delete(const char *folder, int64_t contract, const int64_t *terminals, size_t n, struct err *e) must_check;

/* The roll-ups of a month's file, made anew from its batches, a contract at a time
 * in a transaction of its own (a batch that comes meanwhile waits, or is told to
 * come again). Cut off, it may be begun again. *differ_r: how many rows are not
 * what they were. ERR_NOTFOUND: no such file. */
enum status agent_month_rebuild(const char *folder, int month, int64_t *batches_r, int64_t *differ_r, struct err *e) must_check;

#endif
