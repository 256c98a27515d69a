#ifndef INGEST_INGEST_H
#define INGEST_INGEST_H
/* What the pages of yorozu-ingest share. Immutable while requests are served,
 * but for the parts that lock themselves. */
#include "base/cfg.h"
#include "cal/cal.h"
#include "mail/token.h"
#include "store/store_link.h"
#include "store/store_people.h"
#include "store/store_writer.h"
#include <pthread.h>

struct ingest {
	const struct cfg *cfg;
	const struct cal *cal;
	struct store_writer *writer;
	const char *notify_path;  /* the mailer's door bell */
	const char *spool;        /* DIR/spool-files */
	const struct link_ctx *links;
	struct token_ctx token;   /* of the newsletter's links */
	struct store *reader;     /* use ingest_read */
	pthread_mutex_t reader_lock;
	pthread_mutex_t fetch_lock;
	struct fetch *fetches;    /* downloads under way; download.c */
	struct agents *agents;    /* terminals; agents.h */
	pthread_mutex_t issue_lock;
	struct issue_file *issue_files; /* in memory; page_issue.c */
};

/* Opens reader and sets links; `in` is otherwise filled by the caller. */
enum status ingest_open(struct ingest *in, const char *db, const uint8_t master[KEY_LEN], struct err *e) must_check;
void ingest_close(struct ingest *in);

/* Reads, one job at a time: short ones only. */
enum status ingest_read(const struct ingest *in, store_job job, void *arg, struct err *e) must_check;

/* A mail to those of that role, or else to supervisors, or else to all staff;
 * inside a transaction. vars: of the template. */
enum status ingest_mail_staff(struct store *s, enum staff_role to, const char *tmpl, const struct sb *vars, epoch now,
                              struct err *e) must_check;

/* "DIR/spool-files/NAME", malloc'ed. */
char *ingest_spool_path(const struct ingest *in, const char *spool);

#endif
