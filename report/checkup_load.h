#ifndef REPORT_CHECKUP_LOAD_H
#define REPORT_CHECKUP_LOAD_H
/* The facts of a month from the stores. Reads only, without a transaction: uploads don't wait. */
#include "checkup.h"
#include "site_kinds.h"
#include "cal/cal.h"
#include "store/agent_read.h"
#include "store/store_contract.h"
#include "store/store_terminal.h"

struct checkup_sources { /* borrowed */
	struct store *s;
	struct store *inventory;      /* agent.db; NULL: no terminal ever sent anything */
	struct agent_reader *reader;
	const struct cal *cal;
	const struct site_kinds *sites; /* or NULL */
	struct verdicts *verdicts;    /* checkup_verdict.h; or NULL: nothing is judged */
};

/* Strings are the arena's. ERR_NOTFOUND: no such contract. ERR_TEMP: a store. */
enum status checkup_load(const struct checkup_sources *src, int64_t contract, int month, epoch now, struct arena *a, struct checkup *c,
                         struct err *e) must_check;

/* Who gets it, by the contract as it is now. */
const char *checkup_contact(const struct contract *k, struct arena *a);
/* Inside: one line of at most so many columns, from whoever. */
const char *checkup_clean(struct arena *a, const char *s, size_t cols);
epoch checkup_from(int month);  /* 0:00 of its first day */
epoch checkup_until(int month); /* and of the next one's */

/* c->terminal[i] is of v[i]. checkup_load_use.c: sites, off hours, media. */
enum status checkup_load_sites(const struct checkup_sources *src, int64_t contract, const struct terminal *v, size_t n, struct arena *a,
                               struct checkup *c, struct err *e) must_check;
enum status checkup_load_use(const struct checkup_sources *src, const struct terminal *v, size_t n, struct arena *a, struct checkup *c,
                             struct err *e) must_check;
/* checkup_load_state.c: OS, patches, software. */
enum status checkup_load_state(const struct checkup_sources *src, const struct terminal *v, size_t n, struct arena *a, struct checkup *c,
                               struct err *e) must_check;

/* `all`: one product in one version, on several terminals; `row`: the same on one more. What is in question
 * there may be certain here: the worst certain row speaks for all, and where none is, the one in question. */
void checkup_speaks_for(struct checkup_software *all, const struct checkup_software *row);

#endif
