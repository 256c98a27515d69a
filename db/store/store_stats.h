#ifndef STORE_STATS_H
#define STORE_STATS_H
/* What statistics are counted from, besides the times of waiting (store_period.h). */
#include "base/arena.h"
#include "store/store.h"

struct stats_ticket {
	epoch opened_at;
	const char *channel;
	int64_t contract_id; /* 0 = unknown */
	int category;        /* 0 = none */
};
/* Opened in [from, to), in that order. */
enum status stats_opened(struct store *s, epoch from, epoch to, struct arena *a, struct stats_ticket **v_r, size_t *n_r,
                         struct err *e) must_check;
/* When the first ticket of all was opened; 0: there is none. */
enum status stats_first(struct store *s, epoch *at_r, struct err *e) must_check;

/* Events are counted in the audit (store_audit.h). */
enum stats_event { STATS_CLOSED, STATS_REOPENED, STATS_MERGED, STATS_UNMERGED, STATS_SPAM, STATS_EVENTS };
enum status stats_count(struct store *s, enum stats_event what, epoch from, epoch to, int64_t *n_r, struct err *e) must_check;

#endif
