#ifndef STORE_REPORT_H
#define STORE_REPORT_H
/*
 * Reports to be made (DESK-16): a row says which, for whom and when. Whoever
 * wants one adds a row in his transaction; yorozu-mailer notices what is due
 * and starts yorozu-report, which computes without any transaction and then
 * writes the mail and the row's end in one. So a report is made once, whatever
 * is killed, and no mail waits for it.
 *
 * A regular report is a chain: the one that ends adds the row of the next
 * (report_job_add says ERR_EXISTS where it is there).
 */
#include "base/arena.h"
#include "store/store.h"
#include <stdbool.h>

#define REPORT_STATS "stats" /* `what` is the month, "2026-10" */
/* The monthly health checks: what each is and its `what`, see report/month.h. */
#define REPORT_HEALTH        "health"
#define REPORT_HEALTH_REMIND "health-remind"
#define REPORT_HEALTH_DRAFT  "health-draft"
#define REPORT_HEALTH_AGAIN  "health-again"
#define REPORT_HEALTH_SEND   "health-send"
#define REPORT_ISSUE "issue" /* the closing report of an issue of the newsletter: `what` is its number */

enum report_state { REPORT_PENDING, REPORT_DONE, REPORT_FAILED, REPORT_SKIPPED };

struct report_job {
	int64_t id;
	enum report_state state;
	const char *kind, *what;
	const char *rcpts;       /* one a line; "" = the regular one, for those in charge when it is made */
	const char *who;         /* for the audit */
	const char *in_reply_to; /* of the mail that asked for it, or "" */
	epoch asked_at, due_at;
	int attempts;
	epoch done_at;           /* 0 = not yet */
};

/* j->id is set. ERR_EXISTS: that regular report has its row. */
enum status report_job_add(struct store *s, struct report_job *j, struct err *e) must_check;
/* An order of staff's: once it has ended it can be given again, for what kept it may be mended.
 * One that is pending stays as it is. j->id is not set. */
enum status report_job_order(struct store *s, const struct report_job *j, struct err *e) must_check;
/* When the next pending one is due; 0 = none. */
enum status report_job_next(struct store *s, epoch *due_r, struct err *e) must_check;
/* The pending one that has been due longest. ERR_NOTFOUND: none is due by now. */
enum status report_job_due(struct store *s, epoch now, struct arena *a, struct report_job *j_r, struct err *e) must_check;
/* The newest that was done, for exactly these recipients. ERR_NOTFOUND. */
enum status report_job_last(struct store *s, const char *kind, const char *what, const char *rcpts, struct arena *a,
                            struct report_job *j_r, struct err *e) must_check;
/* Has there ever been a regular one of the kind? */
enum status report_job_regular(struct store *s, const char *kind, bool *has_r, struct err *e) must_check;

/* Its end. ERR_EXISTS: it has ended already, so nothing is to be done for it. outbox 0: no mail. */
enum status report_job_end(struct store *s, int64_t id, enum report_state state, int64_t outbox, const char *why, epoch now,
                           struct err *e) must_check;
enum status report_job_retry(struct store *s, int64_t id, epoch next, const char *why, struct err *e) must_check;

#endif
