#ifndef REPORT_ISSUE_MAIL_H
#define REPORT_ISSUE_MAIL_H
/*
 * The closing report of an issue of the newsletter, to its editors (MAG-05): the
 * picture and the HTML part are made here; the text, with its bar and the same
 * numbers, by the mailer (mailer/report_issue.c, the row's `want`).
 */
#include "base/arena.h"
#include "store/store_issue.h"
#include "store/store_ledger_sum.h"
#include "store/store_outbox.h"

enum { ISSUE_CHART_W = 640, ISSUE_CHART_TIMES = 12 };

struct issue_facts { /* what there is to tell; strings in the caller's arena */
	struct issue i;
	struct ledger_sum sum;
	int64_t step;                        /* seconds; 0: it was over at once */
	int64_t delivered[ISSUE_CHART_TIMES];/* by i.started_at + k * step, k from 1 */
};
/* Appends the picture. ERR_TEMP: it can't be drawn. */
enum status issue_chart(const struct issue_facts *f, struct sb *png, struct err *e) must_check; /* issue_chart.c */

struct issue_mail {
	const char *name;        /* "issue-12" */
	struct sb vars, png;
	const char *content_id;
};
/* Reads only. A picture that can't be drawn is left out. The caller frees. ERR_NOTFOUND: no such issue. */
enum status issue_mail(struct store *s, int64_t issue, const char *domain, struct arena *a, struct issue_mail *m_r, struct err *e) must_check;
void issue_mail_free(struct issue_mail *m);
/* The outbox row with its picture, inside a transaction. */
enum status issue_mail_send(struct store *s, const struct issue_mail *m, const char *rcpts, epoch now, int64_t *outbox_r, struct err *e) must_check;

#endif
