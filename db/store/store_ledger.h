#ifndef STORE_LEDGER_H
#define STORE_LEDGER_H
/*
 * The ledger of an issue: one row a reader, whatever became of his mail
 * (MAG-05, -07). Its counters change in the transaction that changes a row, so
 * their sum is the number of recipients at every moment.
 *
 *   pending ──▶ claimed ──▶ queued ──▶ delivered ──▶ bounced, complained (news that comes later)
 *      │           │           ├────▶ bounced
 *      ▼           └▶ pending  └────▶ expired (Postfix gave up; from pending: nobody decided in time)
 *   suppressed     (not taken)
 *
 * Claimed is durable before Postfix sees the mail: what is found claimed after
 * a crash is looked up in Postfix's log. News may overtake one another, so a
 * move that does not lead forward changes nothing and is no error.
 *
 * Everything that changes: inside a transaction.
 */
#include "base/arena.h"
#include "store/store.h"
#include <stdbool.h>

enum rcpt_state {
	RCPT_PENDING, RCPT_CLAIMED, RCPT_QUEUED, RCPT_DELIVERED, RCPT_BOUNCED, RCPT_EXPIRED, RCPT_COMPLAINED, RCPT_SUPPRESSED,
	RCPT_STATES
};
const char *rcpt_state_name(enum rcpt_state st);
const char *rcpt_state_ja(enum rcpt_state st);

struct rcpt {
	int64_t issue_id, reader_id;
	enum rcpt_state state;
	epoch at;
	const char *queue_id, *detail; /* "" if none */
	const char *addr;              /* the reader's */
};

/* Begins the ledger: nobody stands in it yet, and ledger_expand is to be called. */
enum status ledger_begin(struct store *s, int64_t issue, struct err *e) must_check;
/* Up to `max` more readers into the ledger: active ones pending, suppressed ones as such. *more_r: call again. */
enum status ledger_expand(struct store *s, int64_t issue, size_t max, epoch now, bool *more_r, struct err *e) must_check;

/* A row's next state. Empty queue_id or detail: as it stands; claimed is a new beginning, without what an earlier try said:
 * a queued row has a detail when Postfix put it off, and only then. *moved_r (may be NULL): it led forward. ERR_NOTFOUND:
 * no such row. */
enum status ledger_move(struct store *s, int64_t issue, int64_t reader, enum rcpt_state to, const char *queue_id,
                        const char *detail, epoch now, bool *moved_r, struct err *e) must_check;
/* Why it is still queued. */
enum status ledger_note(struct store *s, int64_t issue, int64_t reader, const char *detail, struct err *e) must_check;
/* All that are pending get no mail: suppressed (the issue is cancelled) or expired (nobody decided), with that reason. */
enum status ledger_cancel(struct store *s, int64_t issue, enum rcpt_state to, const char *detail, epoch now, struct err *e) must_check;

enum status ledger_get(struct store *s, int64_t issue, int64_t reader, struct arena *a, struct rcpt *r, struct err *e) must_check;
/* In order of readers, those behind `after`. */
enum status ledger_list(struct store *s, int64_t issue, int64_t after, size_t limit, struct arena *a, struct rcpt **v_r,
                        size_t *n_r, struct err *e) must_check;
/* What one reader was sent, newest issue first. */
enum status ledger_of_reader(struct store *s, int64_t reader, size_t limit, struct arena *a, struct rcpt **v_r, size_t *n_r,
                             struct err *e) must_check;

/* An array of RCPT_STATES numbers. */
enum status ledger_counts(struct store *s, int64_t issue, int64_t *v, struct err *e) must_check;
/* Counts the rows themselves, slowly, and compares. ERR_PERM: the ledger does not add up; e says where. */
enum status ledger_audit(struct store *s, int64_t issue, struct err *e) must_check;

/* How far Postfix's log was read. */
enum status ledger_log_get(struct store *s, int64_t *inode_r, int64_t *offset_r, struct err *e) must_check;
enum status ledger_log_set(struct store *s, int64_t inode, int64_t offset, struct err *e) must_check;

#endif
