#ifndef MAILER_BULK_QUEUE_H
#define MAILER_BULK_QUEUE_H
/*
 * Which of Postfix's queue ids is whose mail: those in its queue now, so it is
 * bounded by the high-water mark. The store has the same; this is its index.
 */
#include "base/clk.h"
#include "mail/token.h"
#include <stdbool.h>
#include <stddef.h>

struct bulk_mail { /* one in Postfix's queue */
	char queue_id[32]; /* "" = free */
	struct token_news who;
	int64_t bytes;     /* on its disk */
	epoch since;
	bool deferred;
	bool doubtful;     /* Postfix started anew, and has not named it since */
};

struct bulk_queue {
	struct bulk_mail *v; /* open addressing */
	size_t cap, n, deferred;
	int64_t bytes;       /* of all */
};

void bulk_queue_free(struct bulk_queue *q);
struct bulk_mail *bulk_queue_find(const struct bulk_queue *q, const char *queue_id); /* NULL: not ours */
/* Known already: nothing. */
struct bulk_mail *bulk_queue_add(struct bulk_queue *q, const char *queue_id, struct token_news who, int64_t bytes, epoch since);
void bulk_queue_defer(struct bulk_queue *q, struct bulk_mail *m);
void bulk_queue_remove(struct bulk_queue *q, struct bulk_mail *m);

#endif
