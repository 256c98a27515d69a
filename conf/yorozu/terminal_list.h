#ifndef YOROZU_TERMINAL_LIST_H
#define YOROZU_TERMINAL_LIST_H
/* Terminals, for operators: cmd_terminal.c's lists. */
#include "base/arena.h"
#include "base/cfg.h"
#include "store/store_terminal.h"

struct terminal_job {
	struct store *s;
	struct cfg *c;
	struct arena *a;
	const char *number;  /* of the contract; NULL: all */
	int64_t id, uses, days; /* 0 = not given */
	int month;
	bool all, tsv;
};
/* Sets *contract_r, 0 when none was named. */
enum status terminal_job_contract(const struct terminal_job *j, int64_t *contract_r, struct err *e) must_check;

/* silent: only those not heard of for so many days; 0: all. */
enum status terminal_print_list(const struct terminal_job *j, int64_t silent, struct err *e) must_check;
/* One, with its sections and how much came on the last days. */
enum status terminal_print_one(const struct terminal_job *j, struct err *e) must_check;

#endif
