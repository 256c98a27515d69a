#ifndef MAILER_BULK_IMPL_H
#define MAILER_BULK_IMPL_H
/* Shared by the bulk_*.c files only. */
#include "bulk.h"

/* bulk_run.c: issues in memory. */
uint32_t bulk_domain(struct bulk *b, const char *addr);
void bulk_wait_add(struct bulk_run *r, uint32_t domain, int64_t reader);
/* The next reader whose domain may be written to now; false: none. */
bool bulk_wait_take(struct bulk *b, struct bulk_run *r, int64_t now_ms, int64_t *reader_r, uint32_t *domain_r);
void bulk_wait_clear(struct bulk_run *r);
/* What one mail takes of Postfix's disk; r NULL: of an issue that is over. */
int64_t bulk_mail_bytes(const struct bulk_run *r);
struct bulk_run *bulk_run_of(const struct bulk *b, int64_t issue);
enum status bulk_run_load(struct bulk *b, const struct issue *i, struct err *e) must_check;
void bulk_run_free(struct bulk *b, struct bulk_run *r);
void bulk_doubt(struct bulk *b, int64_t issue, int64_t reader);

/* bulk_work.c */
void bulk_give(struct bulk *b, struct bulk_job *first, size_t n);
struct bulk_job *bulk_take_finished(struct bulk *b);
/* Nobody has anything in hand any more: what was not begun is not, and the rest has ended. */
void bulk_take_back(struct bulk *b);
void bulk_free_jobs(struct bulk_job *j);

/* bulk_book.c: inside the round's transaction. */
enum status bulk_book_job(struct bulk *b, struct bulk_job *j, epoch now, struct err *e) must_check;
enum status bulk_book_log(struct bulk *b, epoch now, bool *more_r, struct err *e) must_check;
/* What Postfix had before it was cut off and does not name any more: delivered, but its log says no more of it. */
enum status bulk_book_lost(struct bulk *b, epoch now, struct err *e) must_check;
enum status bulk_book_doubts(struct bulk *b, epoch now, struct err *e) must_check;
enum status bulk_pause(struct bulk *b, struct bulk_run *r, const char *why, epoch now, struct err *e) must_check;

/* bulk_issue.c: issues begin and end; what editors are told. */
enum status bulk_issues(struct bulk *b, epoch now, struct err *e) must_check;
/* A step in a transaction of its own: its end. */
enum status bulk_end(struct store *s, enum status st, struct err *e) must_check;
/* issue_advance, inside a transaction. Not moved: a person was faster, and the next look at the issue finds what he wants. */
enum status bulk_advance(struct bulk *b, const struct issue *was, const struct issue *to, bool *moved_r, struct err *e) must_check;
/* By it, with all that belongs to the new state; tmpl NULL: nobody is told. *i is as it was read, and stays so when it is not moved. */
enum status bulk_set_state(struct bulk *b, struct issue *i, enum issue_state state, const char *why, epoch now, const char *tmpl,
                           struct err *e) must_check;
enum status bulk_tell(struct bulk *b, const struct issue *i, const char *tmpl, const char *what, epoch now, struct err *e) must_check;

/* bulk_stop.c: domains that stop, and are freed. */
enum status bulk_stop_domain(struct bulk *b, const struct bulk_run *r, uint32_t domain, enum pace_word w, const char *words,
                             epoch now, struct err *e) must_check; /* inside the round's transaction */
enum status bulk_stops(struct bulk *b, epoch now, struct err *e) must_check; /* steps of its own: what people changed, what they are told */

/* bulk_remind.c: a step of its own. */
enum status bulk_remind(struct bulk *b, epoch now, struct err *e) must_check;

/* bulk_watch.c */
enum status bulk_watch_missing(struct bulk *b, epoch now, struct err *e) must_check;
enum status bulk_watch_run(struct bulk *b, struct bulk_run *r, struct issue *i, epoch now, struct err *e) must_check;

#endif
