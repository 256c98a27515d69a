#ifndef BENCH_DESK_H
#define BENCH_DESK_H
/* What a consultation mail does to the store, for measuring: a realistic mix of
 * look-ups and rows, with every key that is random in life random here. */
#include "base/arena.h"
#include "store/store.h"

struct desk_load {
	uint64_t seed;      /* each value gives other mails */
	int64_t tickets;    /* how many there are to join */
	size_t body;        /* bytes of a mail */
	const char *text;   /* at least body + 4096 bytes to cut mails from */
};

/* Text that compresses as Japanese mail does (about 3:1). malloc'ed. */
char *desk_text(size_t n);
/* One mail, inside a transaction: nine of ten go to an open ticket's thread
 * less often than not; see bench_desk.c. Sets *opened_r when it made a ticket. */
enum status desk_mail(struct store *s, const struct desk_load *l, uint64_t n, int64_t *opened_r, struct err *e);
/* So many mails, all sent on, in transactions of DESK_BATCH; progress to stderr.
 * After an error the store is only good for closing. */
enum { DESK_BATCH = 20000 };
enum status desk_fill(struct store *s, struct desk_load *l, uint64_t count, struct err *e);

#endif
