#ifndef MAILER_SETTLE_H
#define MAILER_SETTLE_H
/*
 * After a crash: did Postfix take it, or not? Rows found `claimed` when the
 * mailer starts are uncertain; each is looked up in what Postfix knows:
 *
 *   its log     "QID: from=<bounce+N-…>" of the queue manager: only what is safe
 *               in the queue gets such a line, and gets it again when Postfix
 *               starts with it in the queue; for a null sender the QID comes from
 *               "QID: message-id=<…>"
 *   its queue   postqueue -j names the envelope sender, which names the row. Only
 *               where an unprivileged user may ask (not in a private instance:
 *               Postfix must have been told of its folder system-wide)
 *
 * Found: sent, with that queue id. Not found: pending again.
 *
 * The window that remains: an acknowledgement (null sender) whose Message-ID
 * line was lost with Postfix's log daemon in the same power cut; a log rotated
 * twice since (the one before is read too, also packed as .gz); a queue manager
 * that needs longer than SETTLE_MS to say what it has. Then it is sent again, with the same Message-ID.
 */
#include "base/arena.h"
#include "base/cfg.h"
#include "store/store_outbox.h"

struct settled {
	int64_t id;             /* outbox row */
	const char *sender;     /* its envelope sender, "" for none */
	const char *message_id; /* without <>, or NULL */
	char queue_id[64];      /* out: Postfix's, or "" = not taken */
};

/* Pure: the log's text and the queue's listing. */
void settle_match(const char *log, size_t log_len, const char *queue, struct settled *v, size_t n);

/* Appends the log, behind what it was when it was rotated last; 64 MB in all.
 * ERR_TEMP: there is neither. */
enum status settle_read_log(const char *path, struct sb *out, struct err *e) must_check;

enum { SETTLE_MS = 2000 };

/* Waits SETTLE_MS for the queue manager, reads both (the last 64 MB of the log)
 * and matches. Call when Postfix answers. ERR_TEMP: its log can't be read. */
enum status settle_look(const struct cfg *c, struct settled *v, size_t n, struct err *e) must_check;

#endif
