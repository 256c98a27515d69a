#ifndef REPORT_MONTH_H
#define REPORT_MONTH_H
/*
 * The monthly run (HEALTH-06): closes a month, one row and one draft a contract,
 * and what follows from staff's words. Each step is a row of store_report.h, so
 * that what is killed is done again, once:
 *
 *   health          "2026-10"    on the second business day after the month at 6:00:
 *                                all contracts that have no report of it; then the overview
 *   health-remind   "2026-10 2"  what is open, 5 and 2 business days before the deadline and from then on each day
 *   health-draft    "12 3"       the draft of row 12 anew, with the words as they are in version 3
 *   health-again    "12 3"       row 12, still in version 3, from what is known now: after newer tables, say
 *   health-send     "12"         row 12, approved, to the contact
 *
 * Computing one contract touches no transaction; its row and its mail are
 * written in one. Contracts are shared out to a few processes, each with
 * connections of its own.
 *
 * No key is needed: the mailer seals what goes to a customer.
 */
#include "checkup_load.h"
#include "checkup_verdict.h"
#include "report_job.h"
#include "store/store_health.h"
#include "store/store_outbox.h"

enum { MONTH_WORKERS_MAX = 4 };

struct month { /* one process's */
	const struct reports *r;
	epoch now;
	struct words *words;
	struct site_kinds *sites;
	struct verdicts *verdicts;     /* NULL: no tables */
	struct store *inventory;       /* NULL: nothing ever came */
	struct agent_reader *reader;
};

/* ERR_PERM: a file of sentences or sites is broken. ERR_TEMP. *month: the first whose use is read. */
enum status month_open(const struct reports *r, int month, epoch now, struct month *m, struct err *e) must_check;
void month_close(struct month *m);

/* Carries out one of the rows above. */
enum status month_make(const struct reports *r, const struct report_job *j, epoch now, int64_t *outbox_r, struct err *e) must_check;
bool month_is_ours(const struct report_job *j);
/* A row for the month that runs now, where there never was one. */
enum status month_begin(const struct reports *r, epoch now, struct err *e) must_check;

/* All contracts of the month that have no report yet, by `workers` processes; *n_r: how many there were to make. */
enum status month_run(const struct reports *r, int month, epoch now, int workers, size_t *n_r, struct err *e) must_check;
/* What a report is made of. Begin with MONTH_MADE_INIT; numbers of the row point into it. */
struct month_made {
	struct checkup c;
	struct sb facts, numbers, pdf;
};
#define MONTH_MADE_INIT { .facts = SB_INIT, .numbers = SB_INIT, .pdf = SB_INIT }
void month_made_free(struct month_made *d);
/* Of row->contract_id and row->month, from what is known now; row gets its words and numbers. Writes nothing. */
enum status month_build(struct month *m, struct health_row *row, struct arena *a, struct month_made *d, struct err *e) must_check;
/* Inside a transaction: that a draft was made. */
enum status month_audit(struct month *m, const struct health_row *row, int64_t outbox, struct err *e) must_check;
/* One contract: its facts, row and draft. ERR_EXISTS: it has its report. */
enum status month_one(struct month *m, int64_t contract, int month, struct err *e) must_check;
/* Appends the pages of it, without writing anything. */
enum status month_print(struct month *m, int64_t contract, int month, struct sb *pdf, struct err *e) must_check;

/* When it closes, and by when it has to be out. */
epoch month_closes(const struct cal *cal, int month);
epoch month_due(const struct cal *cal, int month);
int month_next(int month);
/* "2026-10" as 202610; 0: none. */
int month_parse(const char *text);

/* ---- month_mail.c: inside a transaction */
/* Active staff of the desk, else supervisors; one a line. */
enum status month_staff(struct month *m, struct arena *a, const char **lines_r, struct err *e) must_check;
enum status month_draft_mail(struct month *m, const struct health_row *row, const struct checkup *c, const struct sb *pdf, const char *in_reply_to,
                             const char *rcpts, int64_t *outbox_r, struct err *e) must_check;
/* How a month stands. tmpl: health-month or health-remind. */
enum status month_overview_mail(struct month *m, int month, const char *tmpl, const char *rcpts, int64_t *outbox_r, struct err *e) must_check;
/* "× 2・△ 1" */
const char *month_marks(const struct health_words *w, char buf[64]);

/* ---- month_send.c */
enum status month_send(struct month *m, const struct report_job *j, struct health_row *row, int64_t *outbox_r, struct err *e) must_check;
/* The row's facts, in `a`. */
enum status month_facts(struct month *m, const struct health_row *row, struct arena *a, struct checkup *c, struct err *e) must_check;

#endif
