#ifndef STORE_STORE_HEALTH_H
#define STORE_STORE_HEALTH_H
/*
 * The monthly health check of a contract (HEALTH-06): one row a contract and
 * month, made once, with the facts it was made from, so that its pages can be
 * made again after the terminals' state has moved on, and the words as staff
 * left them.
 *
 *   draft ◀──────▶ held          by staff's mails (text/health_reply.h)
 *     └─approve─▶ approved ──▶ sent ──▶ held, when its mail does not arrive
 *
 * Functions that write must be called inside a transaction.
 */
#include "base/arena.h"
#include "store/store.h"
#include "text/health_reply.h"
#include <stdbool.h>

enum health_state { HEALTH_DRAFT, HEALTH_HELD, HEALTH_APPROVED, HEALTH_SENT, HEALTH_STATES };
const char *health_state_ja(enum health_state st);

struct health_row {
	int64_t id, contract_id;
	int month;                  /* YYYYMM */
	enum health_state state;
	epoch made_at, due_at;      /* due: the end of the last day to be out (HEALTH-06) */
	epoch changed_at;
	int64_t version;            /* of the words: 1, and one more for each change */
	struct health_words words;
	const char *numbers;        /* for the comparison with other months: integers, blanks between */
	const char *why;            /* held: the reason; else "" */
	const char *who;            /* approved it: "staff:suzuki"; "" = nobody yet */
	int64_t outbox_id;          /* its mail to the contact; 0 = none yet */
};

/* Sets r->id; facts are kept compressed. ERR_EXISTS: that contract has its report of the month. */
enum status health_add(struct store *s, struct health_row *r, const void *facts, size_t n, struct err *e) must_check;
/* A draft made anew: words, numbers, facts, version and changed_at. r->version is the
 * new one. ERR_EXISTS: the row is no draft any more, or not of the version before. */
enum status health_again(struct store *s, const struct health_row *r, const void *facts, size_t n, struct err *e) must_check;
/* Words, state, why, who, outbox_id. */
enum status health_update(struct store *s, const struct health_row *r, struct err *e) must_check;

enum status health_get(struct store *s, int64_t id, struct arena *a, struct health_row *r, struct err *e) must_check; /* ERR_NOTFOUND */
enum status health_of(struct store *s, int64_t contract, int month, struct arena *a, struct health_row *r, struct err *e) must_check; /* ERR_NOTFOUND */
/* Appends them. ERR_TEMP: damaged too. */
enum status health_facts(struct store *s, int64_t id, struct sb *out, struct err *e) must_check;
/* All of a month, by N-number; only those not sent yet if `open`. */
enum status health_list(struct store *s, int month, bool open, struct arena *a, struct health_row **v_r, size_t *n_r, struct err *e) must_check;
/* The contract's months before, the newest first. */
enum status health_before(struct store *s, int64_t contract, int month, size_t max, struct arena *a, struct health_row **v_r, size_t *n_r,
                          struct err *e) must_check;
/* How many are in each state; v[HEALTH_STATES]. */
enum status health_counts(struct store *s, int month, int64_t *v, struct err *e) must_check;
/* Contracts that had terminals before `until` and have no report of the month, by N-number behind `after`. */
enum status health_missing(struct store *s, int month, epoch from, epoch until, const char *after, size_t max, struct arena *a, int64_t **ids_r,
                           size_t *n_r, struct err *e) must_check;

#endif
