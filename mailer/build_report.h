#ifndef MAILER_BUILD_REPORT_H
#define MAILER_BUILD_REPORT_H
/*
 * What commands asked for and the mailer looks up when it builds their answer
 * (DESK-06, -14): the row's variables `want` = "history 12", "mbox 12",
 * "search QUERY", "search+ QUERY" (with the mails), "quiet 60" (DESK-13), "issue 4",
 * "issue-check 4", "reader ADDRESS" (MAG-04, -07). The desk's transaction is
 * no place for it: it would keep customers' mail waiting.
 */
#include "build.h"
#include "mail/msg_build.h"

struct report {
	const struct build_ctx *b;
	const struct outbox *o;
	struct arena *a;
	struct sb text;           /* for {{report}} */
	struct build_file *files; /* in `a` */
	size_t nfiles;
	size_t bytes;             /* of files so far */
};

/* All of the row's wants. The caller frees r->text. ERR_TEMP: the store. */
enum status build_report(struct report *r, struct err *e) must_check;

/* The kinds. */
enum status report_history(struct report *r, int64_t ticket, struct err *e) must_check; /* report_history.c */
enum status report_search(struct report *r, const char *words, bool attach, struct err *e) must_check; /* report_search.c */
enum status report_quiet(struct report *r, int64_t days, struct err *e) must_check;     /* report_quiet.c */
enum status report_mbox(struct report *r, int64_t ticket, struct err *e) must_check;    /* build_report.c */

enum status report_issue(struct report *r, int64_t issue, struct err *e) must_check;  /* report_issue.c: how it fares */
enum status report_issue_check(struct report *r, int64_t issue, struct err *e) must_check; /* issue_check.c: before it is sent */
enum status report_reader(struct report *r, const char *addr, struct err *e) must_check; /* report_issue.c */

/* Attaches p[0..n), kept in the arena; says why in the text when it is too much. */
void report_attach(struct report *r, const char *filename, const char *type, const void *p, size_t n);

#endif
