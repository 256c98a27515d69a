#ifndef STORE_STORE_DIAGNOSIS_H
#define STORE_STORE_DIAGNOSIS_H
/*
 * Diagnoses: one row an answered questionnaire (DIAG-01 to -03).
 *
 *   received ─report made─▶ draft ◀──▶ held     by staff (store_diagnosis_op.h)
 *      │                      └─approve─┴──▶ sent
 *      └──────────── cancel ──┴─────────┴──▶ cancelled: it never counted
 *
 * Functions that write must be called inside a transaction.
 */
#include "base/arena.h"
#include "store/store.h"
#include <stdbool.h>

enum diagnosis_state { DIAGNOSIS_RECEIVED, DIAGNOSIS_DRAFT, DIAGNOSIS_HELD, DIAGNOSIS_SENT, DIAGNOSIS_CANCELLED, DIAGNOSIS_STATES };
const char *diagnosis_state_name(enum diagnosis_state st);
const char *diagnosis_state_ja(enum diagnosis_state st);

struct diagnosis {
	int64_t id, contract_id;
	int64_t message_id;       /* 0 = imported at the machine */
	enum diagnosis_state state;
	int version;              /* of the questionnaire */
	const char *code;         /* text/survey.h */
	int score;
	const char *person;       /* who answered, "" = not told */
	epoch answered_at, received_at;
	epoch due_at;             /* the report is to be out by then */
	epoch changed_at;
	const char *why;          /* held: the reason */
	const char *who;          /* who approved, held or cancelled it */
	int64_t ticket_id, outbox_id; /* of the mail to the contact; 0 = none yet */
};

/* Sets d->id. */
enum status diagnosis_add(struct store *s, struct diagnosis *d, struct err *e) must_check;
/* State, why, who, changed_at, ticket_id, outbox_id. */
enum status diagnosis_update(struct store *s, const struct diagnosis *d, struct err *e) must_check;
enum status diagnosis_get(struct store *s, int64_t id, struct arena *a, struct diagnosis *d_r, struct err *e) must_check; /* ERR_NOTFOUND */
/* Newest first, those before `before` (0 = from the newest). */
enum status diagnosis_list(struct store *s, int64_t before, size_t limit, struct arena *a, struct diagnosis **v_r, size_t *n_r,
                           struct err *e) must_check;
/* Those of a contract that count, the newest answers first. */
enum status diagnosis_of(struct store *s, int64_t contract, size_t limit, struct arena *a, struct diagnosis **v_r, size_t *n_r,
                         struct err *e) must_check;
/* The newest of every other contract, answered with this version. */
enum status diagnosis_others(struct store *s, int64_t contract, int version, struct arena *a, struct diagnosis **v_r, size_t *n_r,
                             struct err *e) must_check;
/* How many still have to go out, and how many of them should have by `now`. */
enum status diagnosis_open(struct store *s, epoch now, int64_t *open_r, int64_t *late_r, struct err *e) must_check;

enum status diagnosis_pdf_set(struct store *s, int64_t id, const void *p, size_t n, struct err *e) must_check; /* again replaces */
enum status diagnosis_pdf(struct store *s, int64_t id, struct arena *a, const void **p_r, size_t *n_r, struct err *e) must_check; /* ERR_NOTFOUND */

/* 0:00 of the day half a year after: from then on another one is taken. */
epoch diagnosis_next(epoch answered_at);

#endif
