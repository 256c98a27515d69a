/* Tickets and their parties. See store_ticket.h. */
#include "store/store_ticket.h"
#include "base/log.h"
#include "store/store_imap.h"
#include "store/store_impl.h"

#define ALL "SELECT " TICKET_ROW " FROM ticket "

enum { LIST_MAX = 1000 };

SQL(q_count_open, "SELECT count(*) FROM ticket WHERE state = 0");
SQL(q_count_overdue, "SELECT count(*) FROM ticket WHERE state = 0 AND due_at < ?");
SQL(q_create, "INSERT INTO ticket (opened_at, state, channel, contract_id, assignee_id, previous_id, category, "
              "subject, closed_at, last_at, waiting_since, due_at, look_at) "
              "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
SQL(q_get, ALL "WHERE id = ?");
/* A clock that was started, stopped or moved is to be looked at again. */
SQL(q_update, "UPDATE ticket SET due_at = ?1, look_at = CASE WHEN due_at IS NOT DISTINCT FROM ?1 THEN look_at ELSE ?2 END, "
              "state = ?, channel = ?, contract_id = ?, assignee_id = ?, previous_id = ?, category = ?, "
              "subject = ?, closed_at = ?, last_at = ?, waiting_since = ? WHERE id = ?");
SQL(q_list, ALL "WHERE id < ? ORDER BY id DESC LIMIT ?");
SQL(q_list_state, ALL "WHERE id < ? AND state = ? ORDER BY id DESC LIMIT ?");
SQL(q_list_contract, ALL "WHERE id < ? AND contract_id = ? ORDER BY id DESC LIMIT ?");
SQL(q_list_both, ALL "WHERE id < ? AND contract_id = ? AND +state = ? ORDER BY id DESC LIMIT ?");

SQL(q_party_add, "INSERT INTO ticket_party (ticket_id, addr_key, name, added_at) VALUES (?, ?, ?, ?) "
                 "ON CONFLICT (ticket_id, addr_key) DO NOTHING");
SQL(q_party_has, "SELECT 1 FROM ticket_party WHERE ticket_id = ? AND addr_key = ?");
SQL(q_party_list, "SELECT addr_key FROM ticket_party WHERE ticket_id = ? ORDER BY added_at, addr_key");

const char *ticket_state_name(enum ticket_state st)
{
	static const char *const names[] = { "open", "answered", "closed" };
	return (unsigned)st < sizeof names / sizeof *names ? names[st] : "unknown";
}

/* When the reply clock is first looked at: as soon as it runs. */
static epoch first_look(const struct ticket *t)
{
	return !t->due_at ? 0 : t->waiting_since ? t->waiting_since : t->due_at;
}

enum status ticket_create(struct store *s, struct ticket *t, struct err *e)
{
	enum status st = sql_insert(s, &q_create,
	                            BIND(B_INT(t->opened_at), B_INT(t->state), B_TEXT(t->channel), B_ID(t->contract_id),
	                                 B_ID(t->assignee_id), B_ID(t->previous_id), B_INT(t->category),
	                                 B_TEXT(t->subject), B_ID(t->closed_at), B_ID(t->last_at),
	                                 B_ID(t->waiting_since), B_ID(t->due_at), B_ID(first_look(t))), &t->id, e);
	return st == OK ? showing_touch(s, t->id, e) : st;
}

static enum status no_ticket(int64_t id, struct err *e)
{
	return err_set(e, ERR_NOTFOUND, "no ticket %lld", (long long)id);
}

enum status ticket_update(struct store *s, const struct ticket *t, struct err *e)
{
	enum status st = sql_run(s, &q_update,
	                         BIND(B_ID(t->due_at), B_ID(first_look(t)), B_INT(t->state), B_TEXT(t->channel),
	                              B_ID(t->contract_id), B_ID(t->assignee_id), B_ID(t->previous_id),
	                              B_INT(t->category), B_TEXT(t->subject), B_ID(t->closed_at),
	                              B_ID(t->last_at), B_ID(t->waiting_since), B_INT(t->id)), e);
	if (st == OK && sql_changes(s) == 0)
		return no_ticket(t->id, e);
	return st == OK ? showing_touch(s, t->id, e) : st;
}

void ticket_take(sqlite3_stmt *st, struct arena *a, void *row)
{
	struct ticket *t = row;
	t->id = sql_int(st, 0);
	t->opened_at = sql_int(st, 1);
	t->state = (enum ticket_state)sql_int(st, 2);
	t->channel = sql_text(st, 3, a);
	t->contract_id = sql_int(st, 4);
	t->assignee_id = sql_int(st, 5);
	t->previous_id = sql_int(st, 6);
	t->category = (int)sql_int(st, 7);
	t->subject = sql_text(st, 8, a);
	t->closed_at = sql_int(st, 9);
	t->last_at = sql_int(st, 10);
	t->waiting_since = sql_int(st, 11);
	t->due_at = sql_int(st, 12);
}

enum status ticket_get(struct store *s, int64_t id, struct arena *a, struct ticket *t_r, struct err *e)
{
	enum status st = sql_one(s, &q_get, BIND(B_INT(id)), ticket_take, a, t_r, e);
	return st == ERR_NOTFOUND ? no_ticket(id, e) : st;
}

enum status ticket_list(struct store *s, const struct ticket_filter *f, struct arena *a, struct ticket **v_r,
                        size_t *n_r, struct err *e)
{
	int64_t before = f->before_id ? f->before_id : INT64_MAX;
	int64_t limit = f->limit > 0 && f->limit < LIST_MAX ? f->limit : LIST_MAX;
	size_t size = sizeof **v_r;
	if (f->state >= 0 && f->contract_id)
		return sql_list(s, &q_list_both,
		                BIND(B_INT(before), B_INT(f->contract_id), B_INT(f->state), B_INT(limit)),
		                ticket_take, size, a, v_r, n_r, e);
	if (f->state >= 0)
		return sql_list(s, &q_list_state, BIND(B_INT(before), B_INT(f->state), B_INT(limit)),
		                ticket_take, size, a, v_r, n_r, e);
	if (f->contract_id)
		return sql_list(s, &q_list_contract, BIND(B_INT(before), B_INT(f->contract_id), B_INT(limit)),
		                ticket_take, size, a, v_r, n_r, e);
	return sql_list(s, &q_list, BIND(B_INT(before), B_INT(limit)), ticket_take, size, a, v_r, n_r, e);
}

/* ---- parties ------------------------------------------------------------------ */

enum status party_add(struct store *s, int64_t ticket, const char *addr_key, const char *name, epoch now,
                      struct err *e)
{
	return sql_run(s, &q_party_add, BIND(B_INT(ticket), B_TEXT(addr_key), B_TEXT(name), B_INT(now)), e);
}

enum status ticket_count(struct store *s, epoch now, int64_t *open_r, int64_t *overdue_r, struct err *e)
{
	enum status st = sql_number(s, &q_count_open, BIND_NONE, open_r, e);
	return st == OK ? sql_number(s, &q_count_overdue, BIND(B_INT(now)), overdue_r, e) : st;
}

bool party_has(struct store *s, int64_t ticket, const char *addr_key)
{
	int64_t one;
	struct err e;
	enum status st = sql_number(s, &q_party_has, BIND(B_INT(ticket), B_TEXT(addr_key)), &one, &e);
	if (st != OK && st != ERR_NOTFOUND) {
		log_error("party_has", "why=%s", log_quote(e.msg));
		s->doubt = true;
	}
	return st == OK;
}

static void take_addr(sqlite3_stmt *st, struct arena *a, void *row)
{
	*(const char **)row = sql_text(st, 0, a);
}

enum status party_list(struct store *s, int64_t ticket, struct arena *a, const char ***addrs_r, struct err *e)
{
	const char **v;
	size_t n;
	enum status st = sql_list(s, &q_party_list, BIND(B_INT(ticket)), take_addr, sizeof *v, a, &v, &n, e);
	if (st != OK)
		return st;
	*addrs_r = arena_zalloc(a, (n + 1) * sizeof **addrs_r);
	for (size_t i = 0; i < n; i++)
		(*addrs_r)[i] = v[i];
	return OK;
}
