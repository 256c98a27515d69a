#ifndef REPORT_STATS_MAIL_H
#define REPORT_STATS_MAIL_H
/* The mail that tells the statistics of a month: table, picture, CSV (DESK-16). */
#include "stats.h"
#include "doc.h"
#include "store/store_outbox.h"

/* The sections, in this order: [0] month by month, then what is compared.
 * Answers by staff only if `staff`. Strings live in d->a. */
void stats_doc(struct stats *r, bool staff, struct doc *d); /* stats_doc.c */

/* Appends the picture. ERR_TEMP: it can't be drawn. */
enum status stats_chart(const struct stats *r, struct sb *png, struct err *e) must_check; /* stats_chart.c */
enum { STATS_CHART_W = 640 };

/* All parts of the mail, before anything is written. */
struct stats_mail {
	const char *month;       /* "2026-10" */
	struct sb vars;          /* of the template `stats`, and the HTML part */
	struct sb png, csv;
	const char *content_id;
};
/* The caller frees with stats_mail_free. A picture that can't be drawn is left out. */
void stats_mail(struct stats *r, bool staff, const char *domain, const char *in_reply_to, struct arena *a, struct stats_mail *m_r);
void stats_mail_free(struct stats_mail *m);
/* Subject and text as the mailer will have them. */
enum status stats_mail_text(const struct stats_mail *m, const char *templates, struct sb *subject, struct sb *body, struct err *e) must_check;
/* The outbox row with its files, inside a transaction. */
enum status stats_mail_send(struct store *s, const struct stats_mail *m, const char *rcpts, epoch now, int64_t *outbox_r, struct err *e) must_check;

#endif
