#ifndef STORE_TICKET_H
#define STORE_TICKET_H
/* Tickets, who takes part in them, and their reply clock (DESK-02, -04, -14). */
#include "base/arena.h"
#include "store/store.h"
#include <stdbool.h>

enum ticket_state { TICKET_OPEN, TICKET_ANSWERED, TICKET_CLOSED };

struct ticket {
	int64_t id;              /* the number people see */
	enum ticket_state state;
	const char *channel;     /* "mail", "phone"; "diagnosis": bears a report, is no consultation (not in statistics) */
	int64_t contract_id;     /* 0 = unknown */
	int64_t assignee_id;     /* staff, 0 = nobody */
	int64_t previous_id;     /* linked earlier ticket, 0 = none */
	int category;            /* 0 = none */
	const char *subject;
	epoch opened_at, closed_at, last_at; /* 0 = not */
	epoch waiting_since;     /* receipt of the oldest unanswered customer mail; 0 = clock stopped */
	epoch due_at;            /* 0 = clock stopped */
};

const char *ticket_state_name(enum ticket_state st); /* "open" … */

enum status ticket_create(struct store *s, struct ticket *t /* id is set */, struct err *e) must_check;
enum status ticket_get(struct store *s, int64_t id, struct arena *a, struct ticket *t_r, struct err *e) must_check; /* ERR_NOTFOUND */
/* Writes back every field but id and opened_at. */
enum status ticket_update(struct store *s, const struct ticket *t, struct err *e) must_check;

struct ticket_filter {
	int state;          /* -1 = any */
	int64_t contract_id;/* 0 = any */
	int64_t before_id;  /* paging: ids below; 0 = newest */
	int limit;
};
/* Newest first. */
enum status ticket_list(struct store *s, const struct ticket_filter *f, struct arena *a,
                        struct ticket **v_r, size_t *n_r, struct err *e) must_check;

/* Tickets that are open, and those of them whose due time has passed. */
enum status ticket_count(struct store *s, epoch now, int64_t *open_r, int64_t *overdue_r, struct err *e) must_check;

/* Customers of a ticket, by address key (addr_key form). */
enum status party_add(struct store *s, int64_t ticket, const char *addr_key, const char *name, epoch now, struct err *e) must_check; /* again = OK */
bool party_has(struct store *s, int64_t ticket, const char *addr_key);
enum status party_list(struct store *s, int64_t ticket, struct arena *a, const char ***addrs_r /* NULL-terminated */, struct err *e) must_check;

#endif
