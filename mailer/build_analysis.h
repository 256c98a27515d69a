#ifndef MAILER_BUILD_ANALYSIS_H
#define MAILER_BUILD_ANALYSIS_H
/*
 * What the copy of a customer's mail says of files and forwarded mails
 * (DESK-09): the list of what was taken out, the table for the analyst, and the
 * mail in which nothing forwarded can be clicked.
 */
#include "build.h"
#include "mail/analyse_show.h"
#include "store/store_message.h"

struct copy_extra {
	struct strip_file *files;
	size_t nfiles;
	struct analysis found;
	struct analyse_ctx ctx;
	struct msg *inert; /* the mail to show instead, or NULL */
	struct sb raw;     /* its bytes */
};

/* For a mail from outside; x is empty for what colleagues wrote. msg may be NULL. */
enum status copy_extra_of(const struct build_ctx *b, const struct message *m, const struct msg *msg, struct arena *a,
                          struct copy_extra *x, struct err *e) must_check;
/* suspicious: the mail asks about a suspicious one; when it forwards none, the
 * links in its own text may be the bad ones. */
void copy_extra_inert(struct copy_extra *x, const struct msg *msg, bool suspicious);
void copy_extra_free(struct copy_extra *x);

/* "　・name (12.3 KB) SHA-256 0123456789ab…" a line each, or NULL. */
const char *copy_extra_list(const struct copy_extra *x, struct arena *a);
/* A signed mail from which something was taken. */
bool copy_extra_signature_lost(const struct copy_extra *x, const struct msg *msg);

#endif
