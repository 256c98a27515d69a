#ifndef MAILER_IMAP_STATE_H
#define MAILER_IMAP_STATE_H
/*
 * The state of tickets on their copies in the staff's mailboxes, as IMAP
 * keywords, which mail clients show in colours: nothing need be opened to see
 * what waits. Derived from the ticket and the clock alone, so it can be set
 * again at any time: after a crash, or when Dovecot was away, it catches up.
 *
 * No mail waits for it: a child process talks to Dovecot, one batch at a time,
 * and knows nothing of the store; what it has brought up to date is recorded
 * when it has ended well.
 */
#include "imap_client.h"
#include "base/cfg.h"
#include "base/password.h"
#include "store/store_ticket.h"
#include <sys/types.h>

enum ticket_mark { MARK_OPEN, MARK_TODAY, MARK_OVERDUE, MARK_DONE }; /* the order of imap_keywords */

/* What a ticket shows: due on this day in JST, due time over, answered or closed.
 * *next_r: when time alone changes that, 0 = never. */
enum ticket_mark mark_of(const struct ticket *t, epoch now, epoch *next_r);

struct mark_batch;
struct marking {
	const struct cfg *cfg;
	char password[DESK_PASSWORD_SIZE];
	char *ca_file;
	struct keywords keywords;
	pid_t child;              /* 0: none runs */
	struct mark_batch *batch; /* what it works on */
	struct err *why;          /* shared with it */
	int64_t not_before;       /* on the monotonic clock, in ms: after a failure */
	bool quiet;               /* Dovecot's absence has been logged */
};
/* master: the key. ERR_PERM: the configuration. */
enum status marking_open(struct marking *m, const struct cfg *c, const uint8_t master[KEY_LEN], struct err *e) must_check;
/* One small read when nothing is due. ERR_TEMP: the store. */
enum status marking_look(struct marking *m, struct store *s, epoch now, struct err *e) must_check;
/* The one that runs is ended; what it was at is done by the next. */
void marking_close(struct marking *m);

#endif
