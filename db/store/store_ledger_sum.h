#ifndef STORE_LEDGER_SUM_H
#define STORE_LEDGER_SUM_H
/* How an issue fares, by domain and in all: for `issue status` and the editors' mails. */
#include "store/store_ledger.h"

struct ledger_domain {
	const char *name;
	int64_t n[RCPT_STATES], all, deferred; /* deferred: queued, and refused for now at least once */
};

struct ledger_sum {
	int64_t n[RCPT_STATES], all, final; /* final: everybody with a result */
	struct ledger_domain *domains;      /* most readers first */
	size_t ndomains;
};

/* Reads the whole ledger of the issue: a tenth of a second for 50,000. */
enum status ledger_sum(struct store *s, int64_t issue, struct arena *a, struct ledger_sum *r, struct err *e) must_check;

/* How many had their mail by from + k * step, k = 1 … n: v_r[n]. Reads the whole ledger too. */
enum status ledger_progress(struct store *s, int64_t issue, epoch from, int64_t step, size_t n, int64_t *v_r, struct err *e) must_check;

#endif
