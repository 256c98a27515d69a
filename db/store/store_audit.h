#ifndef STORE_AUDIT_H
#define STORE_AUDIT_H
/* Who changed what, when (DESK-14). Rows are only ever added. */
#include "base/arena.h"
#include "store/store.h"

struct audit {
	int64_t id;
	epoch at;
	const char *who;    /* "staff:suzuki", "customer", "system" */
	const char *what;   /* "ticket.open", "ticket.reply", … */
	int64_t ticket_id;  /* 0 = none */
	const char *detail; /* one line, no secrets, no bodies */
};
enum status audit_add(struct store *s, const struct audit *row, struct err *e) must_check;
enum status audit_list(struct store *s, int64_t ticket, struct arena *a, struct audit **v_r, size_t *n_r, struct err *e) must_check;
/* When the newest row was written, by the clock of then; 0: there is none. */
enum status audit_last(struct store *s, epoch *at_r, struct err *e) must_check;

#endif
