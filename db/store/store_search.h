#ifndef STORE_SEARCH_H
#define STORE_SEARCH_H
/*
 * Full-text search over every mail of every ticket (DESK-06).
 *
 * The index lags behind the mail: what takes mail in never waits for it. An
 * indexer (yorozu-mailer, when it has nothing to send) reads what came after
 * search_indexed() and hands it to search_add, then search_indexed_set, in one
 * short transaction: killed at any moment, nothing is lost and nothing doubled.
 *
 * The index is SQLite's FTS5 over text/gram.h's words and pairs of characters,
 * so any two Japanese characters in a row are found exactly where they are.
 * It holds no text; what is shown comes from search_text, compressed.
 */
#include "base/arena.h"
#include "store/store.h"
#include "store/store_message.h"
#include "store/store_ticket.h"
#include "text/search_query.h"
#include "text/snippet.h"
#include <stdbool.h>

/* ---- indexing ------------------------------------------------------------------ */

enum { SEARCH_TEXT_MAX = 64 << 10 /* bytes of a mail's text that are indexed */ };

struct search_doc {
	const struct message *m; /* id, at, subject, from_addr, from_name */
	const char *text;        /* readable text and names of files; UTF-8 */
	size_t len;              /* what is over SEARCH_TEXT_MAX is left out */
};

/* Adds a message that is stored. Again = OK, nothing changes. */
enum status search_add(struct store *s, const struct search_doc *d, struct err *e) must_check;
/* The newest message up to which all are indexed, 0 = none. */
enum status search_indexed(struct store *s, int64_t *id_r, struct err *e) must_check;
enum status search_indexed_set(struct store *s, int64_t id, struct err *e) must_check;
/* How many messages wait to be indexed. */
enum status search_lag(struct store *s, int64_t *n_r, struct err *e) must_check;

/* ---- searching ------------------------------------------------------------------ */

enum {
	SEARCH_LIMIT_MAX = 100, SEARCH_SKIP_MAX = 1000,
	SEARCH_BUDGET_MS = 350 /* then it stops and says so: search.partial */
};

struct search {
	const struct search_query *query;
	size_t skip, limit; /* tickets; limit 1..SEARCH_LIMIT_MAX */
	size_t cols;        /* width of a snippet */
};

struct search_hit {
	struct ticket ticket;
	struct message message;  /* the newest of the ticket that was found */
	const char *snippet;     /* one line, safe to show */
	struct snippet mark;     /* where in it the hit is */
};

struct search_result {
	struct search_hit *v; /* a ticket once, newest mail first */
	size_t n;
	bool more;            /* there are further ones: skip += n */
	bool partial;         /* the time ran out: mails before `reached` were not looked at */
	epoch reached;        /* 0 with partial: nothing was found in the time there was */
	int64_t behind;       /* messages that are not indexed yet */
};

/* ERR_PERM, ERR_LIMIT, ERR_NOTFOUND: the text is for the one who asked, in Japanese. */
enum status search_run(struct store *s, const struct search *what, struct arena *a, struct search_result *r,
                       struct err *e) must_check;

#endif
