#ifndef MAILER_SETTLE_H
#define MAILER_SETTLE_H
/*
 * After a crash: did Postfix take it, or not? Rows found `claimed` when the
 * mailer starts are uncertain; each is looked up in what Postfix knows:
 *
 *   its queue   postqueue -j names the envelope sender, which names the row
 *   its log     "QID: message-id=<…>" or "QID: from=<bounce+N-…>", and for that
 *               QID a line of the queue manager: only then it was taken
 *
 * Found: sent, with that queue id. Not found: pending again.
 *
 * The window that remains: an acknowledgement (null sender) whose Message-ID
 * line was lost with Postfix's log daemon in the same power cut, or a log cut
 * off by rotation. Then it is sent again, with the same Message-ID.
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

/* Reads both (the last 64 MB of the log) and matches. ERR_TEMP: Postfix does not
 * answer, so its queue can't be seen yet. */
enum status settle_look(const struct cfg *c, struct settled *v, size_t n, struct err *e) must_check;

#endif
