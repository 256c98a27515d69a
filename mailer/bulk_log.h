#ifndef MAILER_BULK_LOG_H
#define MAILER_BULK_LOG_H
/*
 * What became of each mail, from Postfix's own log (MAG-07).
 *
 * Why the log and not delivery notices (RFC 3461 success, relay): those would be
 * another 50,000 mails through Postfix and the desk for every issue; the log has
 * the same facts at once and for nothing, and it also says which mails Postfix
 * took before a crash. Its position is stored in the transaction that books
 * what it said, so each line counts once. A rotated file is read until the new
 * one has a first line: Postfix goes on with the old one until it is told.
 *
 *   qmgr … QID: from=<news+4.123-MAC@domain>, …      QID is issue 4 to reader 123
 *   smtp … QID: to=<…>, …, dsn=2.0.0, status=sent    and this became of it
 *   qmgr … QID: from=<…>, status=expired, …
 *
 * SECURITY: lines hold what strangers sent, but one record is one line, the
 * daemon's name comes first, and the sender's MAC is ours.
 */
#include "mail/token.h"
#include "base/err.h"
#include "base/strbuf.h"
#include <sys/types.h>

enum blog_kind { BLOG_NONE, BLOG_QUEUED, BLOG_SENT, BLOG_DEFERRED, BLOG_BOUNCED, BLOG_EXPIRED, BLOG_REMOVED, BLOG_DELETED /* by hand */,
	BLOG_STARTED /* Postfix, anew */
};

struct blog_line {
	enum blog_kind kind;
	char queue_id[32];
	struct token_news who;     /* QUEUED, EXPIRED */
	char dsn[16], relay[120];
	char words[400];           /* what the other side said */
};

/* One line without its line end. */
void blog_parse(const struct token_ctx *t, const char *line, size_t n, struct blog_line *r);

/* A file that is followed. */
struct blog {
	const char *path;          /* borrowed */
	int fd;                    /* -1: not open */
	int64_t inode, offset;     /* of what was handed out */
	int64_t line_at;           /* where the last line began */
	struct sb buf;             /* read, not handed out */
	size_t used;
};
/* Goes on at a stored position; where that file is gone, at the beginning of what is there (inode 0: at its end). */
void blog_open(struct blog *b, const char *path, int64_t inode, int64_t offset);
void blog_close(struct blog *b);
/* The next whole line, or false: nothing new. Valid until the next call. */
bool blog_next(struct blog *b, const char **line_r, size_t *n_r);

#endif
