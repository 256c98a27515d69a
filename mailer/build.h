#ifndef MAILER_BUILD_H
#define MAILER_BUILD_H
/*
 * From an outbox row to the bytes of a mail. Reads the store, changes nothing but
 * for the files of an answer that go by link (attach.h).
 * SECURITY: what customers and staff wrote comes through here; build_reply.c is
 * where nothing internal may get through to a customer.
 */
#include "base/arena.h"
#include "base/cfg.h"
#include "mail/token.h"
#include "store/store_outbox.h"
#include "text/category.h"

struct build_ctx { /* immutable; borrowed */
	const struct cfg *cfg;
	struct token_ctx token;
	struct store *s;
	const struct categories *categories; /* NULL: nothing is suggested */
};

struct built {
	struct sb mail;          /* CRLF; the caller frees */
	const char *env_from;    /* "" = null sender */
	const char *rcpts;       /* one a line */
	const char *message_id;  /* ours, to be indexed on the ticket, or NULL */
};

/* Strings of *r live in `a`. ERR_PERM: can't be built, ever; e->msg is fit to be
 * shown to staff. ERR_DENIED: must not go out (a mark of the inside was left in
 * a reply, a file is attached): its author is to be told, e->msg in Japanese.
 * ERR_TEMP: the store. */
enum status build_mail(const struct build_ctx *b, const struct outbox *o, struct arena *a, struct built *r,
                       struct err *e) must_check;

/* The kinds; build_mail picks. */
enum status build_copy(const struct build_ctx *b, const struct outbox *o, struct arena *a, struct built *r, struct err *e) must_check;
enum status build_reply(const struct build_ctx *b, const struct outbox *o, struct arena *a, struct built *r, struct err *e) must_check;
enum status build_issue(const struct build_ctx *b, const struct outbox *o, struct arena *a, struct built *r, struct err *e) must_check;
enum status build_templated(const struct build_ctx *b, const struct outbox *o, struct arena *a, struct built *r, struct err *e) must_check;

/* Shared: "[YOROZU #12]" before the subject without such tags of ours. */
char *build_tagged(const struct build_ctx *b, struct arena *a, int64_t ticket, const char *subject);
/* What an acknowledgement or a letter has as its subject, an answer as that of its ticket; in `a`. */
const char *build_subject(const struct build_ctx *b, const struct outbox *o, struct arena *a);
/* "a\nb" into a NULL-terminated list; into msg_addr entries. */
const char **build_lines(struct arena *a, const char *lines);
struct msg_addr *build_addrs(struct arena *a, const char *lines, size_t *n_r);

#endif
