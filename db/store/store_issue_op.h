#ifndef STORE_ISSUE_OP_H
#define STORE_ISSUE_OP_H
/*
 * What editors and operators may order (MAG-04, -05), by mail or command:
 * the same rules for both. Inside a transaction. ERR_DENIED: not in this state;
 * e says why in Japanese, for whoever gave the order.
 */
#include "store/store_issue.h"

struct issue_by {
	const char *who;     /* "staff:suzuki", "operator:root", for the audit */
	int64_t staff_id;    /* 0 = an operator at the machine */
	epoch now;
};

/* An editor's word; *done_r: it is scheduled now. needed 2: two people must stand behind it, the editor who sent the last
 * draft and another one who approves. */
enum status issue_approve(struct store *s, struct issue *i, int needed, epoch default_at, const struct issue_by *by, bool *done_r,
                          struct err *e) must_check;
enum status issue_set_time(struct store *s, struct issue *i, epoch at, const struct issue_by *by, struct err *e) must_check;
/* Another draft: what was approved is no longer. */
enum status issue_redraft(struct store *s, struct issue *i, const struct issue *from, const struct issue_by *by, struct err *e) must_check;
enum status issue_pause(struct store *s, struct issue *i, const struct issue_by *by, struct err *e) must_check;
/* A paused one goes on; a held one goes out now. */
enum status issue_resume(struct store *s, struct issue *i, const struct issue_by *by, struct err *e) must_check;
/* A domain that was stopped (store_stop.h) gets its mails again, slowly at first. */
enum status issue_free_domain(struct store *s, const struct issue *i, const char *domain, const struct issue_by *by, struct err *e) must_check;
enum status issue_cancel(struct store *s, struct issue *i, const struct issue_by *by, struct err *e) must_check;

#endif
