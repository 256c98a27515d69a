#ifndef STORE_MERGE_H
#define STORE_MERGE_H
/*
 * Tickets joined into others (DESK-06, -14). The mails and the parties of the
 * source move to the target; the source is closed, and whatever names it from
 * then on (its addresses, our Message-IDs, ids seen on it) leads to the target
 * through ticket_current. Its Message-IDs therefore stay where they were seen.
 * What moved is recorded, so that taking it back is exact; mails that came
 * after the merge stay with the target.
 */
#include "store/store_ticket_op.h"

/* The ticket, or the one it was merged into, however often. ERR_NOTFOUND. */
enum status ticket_current(struct store *s, int64_t id, struct arena *a, struct ticket *t_r, struct err *e) must_check;

/* May they be joined? One customer must not get what was written to another:
 * the same contract, or somebody who takes part in both, or one that has nobody to
 * write to. Two contracts never fit. */
enum merge_fit { MERGE_FITS, MERGE_OTHER_SENDER /* only if a person says so */, MERGE_OTHER_CONTRACT };
enum status merge_fit(struct store *s, const struct ticket *source, const struct ticket *target, enum merge_fit *r, struct err *e) must_check;

/* Inside a transaction; both tickets as read in it, brought up to date. The
 * target's clock is the earlier one; one without a contract has the source's. ERR_PERM: they are one and the same. */
enum status ticket_merge(struct store *s, struct ticket *source, struct ticket *target, const struct ticket_by *by,
                         int64_t *mails_r, struct err *e) must_check;

struct merge {
	int64_t id, source_id, target_id;
	epoch at;
	struct ticket source, target; /* state and clock alone, as they were */
	int64_t gave_contract; /* what the target has by it, 0 = nothing */
};
/* Merges that hold. By source: ERR_NOTFOUND if it is not merged. */
enum status merge_of(struct store *s, int64_t source, struct merge *m_r, struct err *e) must_check;
enum status merges_into(struct store *s, int64_t target, struct arena *a, struct merge **v_r, size_t *n_r, struct err *e) must_check;

/* The target's clock goes back too, unless it has gone on since, and the contract
 * that it has by this merge alone. ERR_PERM: the
 * target itself was merged; that has to be taken back first. */
enum status ticket_unmerge(struct store *s, const struct merge *m, const struct ticket_by *by, struct arena *a,
                           int64_t *mails_r, struct err *e) must_check;

#endif
