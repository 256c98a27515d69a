/* Telephone calls and silent contracts: see store_call.h. */
#include "store/store_call.h"
#include "store/store_impl.h"
#include <stdlib.h>
#include <string.h>

SQL(q_add, "INSERT INTO ticket_call (message_id, ticket_id, staff_id, started_at, ended_at, company, person, phone, "
           "callback_at, done_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
/* A call is of the ticket where its log lies: merges, and what takes them back, move that. */
#define PROMISED "callback_at IS NOT NULL AND done_at IS NULL"
SQL(q_pending, "SELECT c.message_id, m.ticket_id, c.staff_id, c.started_at, c.ended_at, c.company, c.person, c.phone, c.callback_at, c.done_at "
               "FROM message m JOIN ticket_call c ON c.message_id = m.id WHERE m.ticket_id = ? AND " PROMISED " "
               "ORDER BY c.message_id DESC LIMIT 1");
SQL(q_clock, "SELECT m.at, c.callback_at FROM message m JOIN ticket_call c ON c.message_id = m.id "
             "WHERE m.ticket_id = ? AND " PROMISED " ORDER BY c.message_id DESC LIMIT 1");
SQL(q_put_off, "UPDATE ticket_call SET callback_at = ? WHERE message_id IN (SELECT id FROM message WHERE ticket_id = ?) AND " PROMISED);
SQL(q_done, "UPDATE ticket_call SET done_at = ? WHERE message_id IN (SELECT id FROM message WHERE ticket_id = ?) AND " PROMISED);

#define BRIEF "c.id, coalesce(c.n_number, ''), c.name, " \
	"CASE WHEN c.contact_name <> '' THEN c.contact_name ELSE c.officer_name END, " \
	"CASE WHEN c.contact_phone <> '' THEN c.contact_phone ELSE c.officer_phone END, " \
	"c.contact_phone || '/' || c.officer_phone || '/' || c.opening_phone || '/' || c.billing_phone"
/* Page by page, so that no statement goes through a table from end to end. */
#define PAGE_OF "FROM contract c WHERE c.n_number > ?1 ORDER BY c.n_number LIMIT 500"
enum { PAGE = 500 };
SQL(q_briefs, "SELECT " BRIEF ", c.ended_at, coalesce(c.started_at, c.created_at), 0 " PAGE_OF);
/* A ticket's last_at is its last mail, to or from the customer, or its last call. */
SQL(q_contacts, "SELECT " BRIEF ", c.ended_at, coalesce(c.started_at, c.created_at), "
                "(SELECT max(t.last_at) FROM ticket t WHERE t.contract_id = c.id) " PAGE_OF);
SQL(q_month, "SELECT month FROM outbound_round WHERE id = 1");
SQL(q_set_month, "INSERT INTO outbound_round (id, month) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET month = excluded.month");

enum status call_add(struct store *s, const struct call *c, struct err *e)
{
	return sql_run(s, &q_add,
	               BIND(B_INT(c->message_id), B_INT(c->ticket_id), B_INT(c->staff_id), B_INT(c->started_at),
	                    B_ID(c->ended_at), B_TEXT(c->company), B_TEXT(c->person), B_TEXT(c->phone), B_ID(c->callback_at),
	                    B_ID(c->done_at)), e);
}

static void take_call(sqlite3_stmt *st, struct arena *a, void *row)
{
	*(struct call *)row = (struct call){
		.message_id = sql_int(st, 0), .ticket_id = sql_int(st, 1), .staff_id = sql_int(st, 2),
		.started_at = sql_int(st, 3), .ended_at = sql_int(st, 4), .company = sql_text(st, 5, a),
		.person = sql_text(st, 6, a), .phone = sql_text(st, 7, a), .callback_at = sql_int(st, 8), .done_at = sql_int(st, 9),
	};
}

enum status call_pending(struct store *s, int64_t ticket, struct arena *a, struct call *r, struct err *e)
{
	return sql_one(s, &q_pending, BIND(B_INT(ticket)), take_call, a, r, e);
}

static void take_clock(sqlite3_stmt *st, struct arena *a, void *row)
{
	epoch *v = row;
	(void)a;
	v[0] = sql_int(st, 0);
	v[1] = sql_int(st, 1);
}

enum status call_clock(struct store *s, int64_t ticket, epoch *since_r, epoch *due_r, struct err *e)
{
	epoch v[2] = { 0, 0 };
	enum status st = sql_one(s, &q_clock, BIND(B_INT(ticket)), take_clock, NULL, v, e);
	*since_r = st == OK ? v[0] : 0;
	*due_r = st == OK ? v[1] : 0;
	return st == ERR_NOTFOUND ? OK : st;
}

enum status call_put_off(struct store *s, int64_t ticket, epoch callback_at, struct err *e)
{
	return sql_run(s, &q_put_off, BIND(B_INT(callback_at), B_INT(ticket)), e);
}

enum status call_done(struct store *s, int64_t ticket, epoch now, struct err *e)
{
	return sql_run(s, &q_done, BIND(B_INT(now), B_INT(ticket)), e);
}

struct brief {
	struct contract_brief brief;
	epoch ended_at, since;
};

static void take_brief(sqlite3_stmt *st, struct arena *a, void *row)
{
	*(struct brief *)row = (struct brief){
		.brief = { .id = sql_int(st, 0), .n_number = sql_text(st, 1, a), .name = sql_text(st, 2, a),
		           .contact = sql_text(st, 3, a), .phone = sql_text(st, 4, a), .phones = sql_text(st, 5, a),
		           .last_at = sql_int(st, 8) },
		.ended_at = sql_int(st, 6), .since = sql_int(st, 7),
	};
}

struct found {
	struct contract_brief *v;
	size_t n, cap;
};

static void keep(struct found *f, const struct contract_brief *b, struct arena *a)
{
	if (f->n == f->cap) {
		f->cap = f->cap ? 2 * f->cap : 64;
		struct contract_brief *v = arena_alloc(a, f->cap * sizeof *v);
		if (f->n)
			memcpy(v, f->v, f->n * sizeof *v);
		f->v = v;
	}
	f->v[f->n++] = *b;
}

/* Active at `now`; with `before`, since before then and silent since then. */
static enum status collect(struct store *s, const struct sql *q, epoch now, epoch before, struct arena *a,
                           struct found *f, struct err *e)
{
	struct brief *page;
	size_t n = PAGE;
	const char *after = "";
	enum status st = OK;
	while (st == OK && n == PAGE) {
		st = sql_list(s, q, BIND(B_TEXT(after)), take_brief, sizeof *page, a, &page, &n, e);
		for (size_t i = 0; st == OK && i < n; i++) {
			const struct brief *b = &page[i];
			bool active = !b->ended_at || b->ended_at > now;
			if (active && (!before || (b->since < before && b->brief.last_at < before)))
				keep(f, &b->brief, a);
			after = b->brief.n_number;
		}
	}
	return st;
}

enum status contract_briefs(struct store *s, epoch now, struct arena *a, struct contract_brief **v_r, size_t *n_r,
                            struct err *e)
{
	struct found f = { 0 };
	enum status st = collect(s, &q_briefs, now, 0, a, &f, e);
	*v_r = f.v;
	*n_r = f.n;
	return st;
}

static int by_silence(const void *x, const void *y)
{
	const struct contract_brief *b = x, *c = y;
	int r = (b->last_at > c->last_at) - (b->last_at < c->last_at);
	return r ? r : strcmp(b->n_number, c->n_number);
}

enum status contract_quiet(struct store *s, epoch since, epoch now, struct arena *a, struct contract_brief **v_r,
                           size_t *n_r, struct err *e)
{
	struct found f = { 0 };
	enum status st = collect(s, &q_contacts, now, since, a, &f, e);
	if (f.n)
		qsort(f.v, f.n, sizeof *f.v, by_silence);
	*v_r = f.v;
	*n_r = f.n;
	return st;
}

enum status outbound_month(struct store *s, int64_t *month_r, struct err *e)
{
	return sql_number(s, &q_month, BIND_NONE, month_r, e);
}

enum status outbound_month_set(struct store *s, int64_t month, struct err *e)
{
	return sql_run(s, &q_set_month, BIND(B_INT(month)), e);
}
