#ifndef STORE_OUTBOX_H
#define STORE_OUTBOX_H
/*
 * The outbox: one row a mail to send, written in the transaction that causes
 * it; yorozu-mailer alone turns rows into mail ("one way out").
 *
 *   pending ─claim─▶ claimed ─250─▶ sent ──DSN──▶ bounced
 *      ▲               │  │
 *      └──retry later──┘  └─5xx─▶ failed
 *
 * `held` waits for a person's word: it becomes pending, or failed.
 *
 * A row found `claimed` when the mailer starts is uncertain: Postfix may or
 * may not have it. See mailer/settle.h.
 */
#include "base/arena.h"
#include "store/store.h"
#include <stdbool.h>

enum outbox_kind {
	OUT_STAFF_COPY,  /* a customer's mail (message_id) to staff: restyled original */
	OUT_REPLY,       /* a staff reply (message_id) to the customer: rebuilt, nothing internal */
	OUT_ACK,         /* acknowledgement: template, RFC 3834 */
	OUT_NOTICE,      /* any other templated mail, to staff */
	OUT_LETTER,      /* a templated mail to the customer, in his ticket's thread */
	OUT_ISSUE        /* an issue of the newsletter (variable `issue`) as readers get it: a proof, a test */
};
enum outbox_state { OUT_PENDING, OUT_CLAIMED, OUT_SENT, OUT_FAILED, OUT_BOUNCED, OUT_HELD, OUT_STATES };

struct outbox {
	int64_t id;
	enum outbox_kind kind;
	enum outbox_state state;
	int64_t ticket_id, message_id; /* 0 = none; message_id: the store's message it is made from */
	const char *rcpts;       /* addresses, one a line */
	const char *tmpl;        /* template name for ACK and NOTICE, else "" */
	const char *vars;        /* "name=value" records, each ended by NUL; see outbox_var */
	size_t vars_len;
	epoch created_at, due_at, next_at;
	int attempts;
	const char *queue_id;    /* Postfix's, once sent */
	const char *last_error;
};
/* The letter that is an answer: a kind's standard text (variable `category`). */
#define OUTBOX_ANSWER "answer"
/* It answers the customer: when it can't be delivered, the clock runs again. */
bool outbox_is_answer(const struct outbox *o);
/* A customer is to have it: that it did not reach him is worth a mail to staff. A mail about
 * one that is not (a notice) never begets another. */
bool outbox_to_customer(const struct outbox *o);
/* Set where it goes to some of the recipients of an older row alone: that row. */
#define OUTBOX_PART_OF "part_of"
/* Recipients, one a line, as a sentence names them: "a@x.jp、b@x.jp"; in `a`. */
char *outbox_rcpts_shown(const char *lines, struct arena *a);
/* The line of its recipients that is this address, however it is written; in `a`, NULL = none is. */
const char *outbox_rcpt(const struct outbox *o, const char *addr, struct arena *a);
/* The same mail went to that recipient (of outbox_rcpt) once more since; `ticket`: what its own is now. */
enum status outbox_again(struct store *s, const struct outbox *o, int64_t ticket, const char *rcpt, bool *again_r, struct err *e) must_check;
/* The variables by which a mail to staff says what could not be delivered:
 * failed_answer, failed_ack or failed_letter; reopened: the clock runs again. */
void outbox_failure_vars(const struct outbox *o, bool reopened, struct sb *vars);
const char *outbox_kind_name(enum outbox_kind k);
const char *outbox_state_name(enum outbox_state st);

/* For writing and reading `vars`. */
void outbox_var_add(struct sb *vars, const char *name, const char *value);
const char *outbox_var(const struct outbox *o, const char *name); /* NULL if unset */

/* A file that goes along: bytes of its own, or (message_id) a stored mail. */
struct outbox_file {
	const char *filename, *type;
	const char *content_id;  /* "" = attachment; else `cid:` of a picture in the HTML part */
	int64_t message_id;      /* 0: the bytes are p[0..n) */
	const void *p;
	size_t n;
};
enum { OUTBOX_FILES_MAX = 100 };
/* Behind outbox_add, in the same transaction; order is kept. */
enum status outbox_file_add(struct store *s, int64_t outbox, const struct outbox_file *f, struct err *e) must_check;
enum status outbox_files(struct store *s, int64_t outbox, struct arena *a, struct outbox_file **v_r, size_t *n_r,
                         struct err *e) must_check;

enum status outbox_add(struct store *s, struct outbox *o /* id is set */, struct err *e) must_check;
/* The mail of row `old` once more, with its files: *o has its own ticket, recipients,
 * variables and time, and gets the rest from it. `a` for the files meanwhile. */
enum status outbox_repeat(struct store *s, const struct outbox *old, struct outbox *o, struct arena *a, struct err *e) must_check;
enum status outbox_get(struct store *s, int64_t id, struct arena *a, struct outbox *o_r, struct err *e) must_check;
/* The newest answer to the customer that was handed over, or tried: a reply, or
 * the letter `answer`. ERR_NOTFOUND. */
enum status outbox_last_answer(struct store *s, int64_t ticket, struct arena *a, struct outbox *o_r, struct err *e) must_check;
/* As the reply that mail `message` is was sent first. ERR_NOTFOUND. */
enum status outbox_of_reply(struct store *s, int64_t message, struct arena *a, struct outbox *o_r, struct err *e) must_check;
/* The answer that mail `message` of the ticket was did not come to the customer, by any of its rows. */
bool outbox_came_back(struct store *s, int64_t ticket, int64_t message);
/* Claims up to `max` rows due by `now`, oldest due first. */
enum status outbox_claim(struct store *s, epoch now, size_t max, struct arena *a,
                         struct outbox **v_r, size_t *n_r, struct err *e) must_check;
enum status outbox_sent(struct store *s, int64_t id, const char *queue_id, epoch now, struct err *e) must_check;
enum status outbox_retry(struct store *s, int64_t id, epoch next, const char *why, struct err *e) must_check;
enum status outbox_failed(struct store *s, int64_t id, const char *why, epoch now, struct err *e) must_check;
/* pending to held and back. ERR_PERM: it is in another state. */
enum status outbox_hold(struct store *s, int64_t id, struct err *e) must_check;
enum status outbox_release(struct store *s, int64_t id, epoch now, struct err *e) must_check;
enum status outbox_bounced(struct store *s, int64_t id, const char *why, epoch now, struct err *e) must_check;
/* Rows in OUT_CLAIMED. */
enum status outbox_uncertain(struct store *s, struct arena *a, struct outbox **v_r, size_t *n_r, struct err *e) must_check;
/* When the next pending row is due; 0 = none. */
enum status outbox_next(struct store *s, epoch *next_r, struct err *e) must_check;
/* Counts by state, for status and metrics; v[OUT_STATES]. */
enum status outbox_counts(struct store *s, int64_t *v, struct err *e) must_check;

/* The acknowledgement limit (DESK-03): how many went to this address, and in
 * all (addr_key NULL), since then. */
enum status ack_count(struct store *s, const char *addr_key, epoch since, int64_t *n_r, struct err *e) must_check;
enum status ack_record(struct store *s, const char *addr_key, epoch now, struct err *e) must_check;

#endif
