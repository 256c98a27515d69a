#ifndef STORE_AGENT_MONTH_IMPL_H
#define STORE_AGENT_MONTH_IMPL_H
/* Between the files that write a month: agent_files.c, agent_put.c,
 * agent_count.c, agent_rebuild.c. */
#include "store/agent_month.h"
#include "store/store_impl.h"

/* agent_count.c: what a batch adds to the roll-ups. had: as for agent_tally. */
struct agent_counted {
	int64_t terminal, contract;
	epoch received_at;
	const struct agent_batch *b;
	const struct agent_tally *t;
	const struct ranges *had;
};
enum status agent_count(struct store *s, const struct agent_counted *c, struct err *e) must_check;

/* agent_put.c: a store_job; arg is a struct agent_put. */
enum status agent_put_job(struct store *s, void *arg, struct err *e) must_check;

/* agent_files.c */
enum status agent_month_open(const char *folder, int month, bool look, struct store **s_r, struct err *e) must_check;

/* agent_read.c: the rows of a statement from all files together. */
struct agent_reader {
	struct store **v; /* by month */
	size_t n;
};
enum status agent_read_all(struct agent_reader *r, const struct sql *q, const struct sql_val *v, sql_row fn, size_t size,
                           struct arena *a, void *v_r, size_t *n_r, struct err *e) must_check;

#endif
