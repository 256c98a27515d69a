/* Who is asking: see store_identity.h. */
#include "store/store_identity.h"
#include "store/store_impl.h"

/* The ticket and those merged into it: what was found out there counts here, and
 * goes back with them when the merge is undone. */
#define FAMILY "WITH RECURSIVE family(id) AS (SELECT ?1 UNION SELECT m.source_id FROM family f " \
	"JOIN ticket_merge m ON m.target_id = f.id AND m.undone_at IS NULL) "

SQL(q_ticket, FAMILY "SELECT i.kind, coalesce(i.asked_at, 0) FROM family f JOIN ticket_identity i ON i.ticket_id = f.id "
              "ORDER BY coalesce(i.asked_at, 0) DESC, i.bound_at DESC LIMIT 1");
SQL(q_bind, "INSERT INTO ticket_identity (ticket_id, kind, bound_at, asked_at) VALUES (?1, ?2, ?3, ?4) "
            "ON CONFLICT (ticket_id) DO UPDATE SET kind = excluded.kind, asked_at = excluded.asked_at");

#define SAID "number, company, content, since, person, mail, phone, device" /* as enum identity_item */
SQL(q_put, "INSERT INTO ticket_identity_sender (ticket_id, addr_key, contract_id, message_id, at, state, why, " SAID ") "
           "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15) "
           "ON CONFLICT (ticket_id, addr_key) DO UPDATE SET (contract_id, message_id, at, state, why, " SAID ") = "
           "(excluded.contract_id, excluded.message_id, excluded.at, excluded.state, excluded.why, excluded.number, "
           "excluded.company, excluded.content, excluded.since, excluded.person, excluded.mail, excluded.phone, "
           "excluded.device)");
#define SELECT FAMILY "SELECT ticket_id, addr_key, contract_id, message_id, at, state, why, " SAID \
	" FROM family f JOIN ticket_identity_sender s ON s.ticket_id = f.id "
enum { COL_SAID = 7 };
SQL(q_of, SELECT "WHERE s.addr_key = ?2 ORDER BY at DESC, ticket_id DESC LIMIT 1");
SQL(q_list, SELECT "ORDER BY at DESC, addr_key");

static void take_ticket(sqlite3_stmt *st, struct arena *a, void *row)
{
	struct ticket_identity *r = row;
	(void)a;
	r->kind = (enum inquiry)sql_int(st, 0);
	r->asked_at = sql_int(st, 1);
}

enum status identity_ticket(struct store *s, int64_t ticket, struct ticket_identity *r, struct err *e)
{
	*r = (struct ticket_identity){ .ticket_id = ticket };
	return sql_one(s, &q_ticket, BIND(B_INT(ticket)), take_ticket, NULL, r, e);
}

enum status identity_bind(struct store *s, const struct ticket_identity *t, epoch now, struct err *e)
{
	return sql_run(s, &q_bind, BIND(B_INT(t->ticket_id), B_INT(t->kind), B_INT(now), B_ID(t->asked_at)), e);
}

enum status identity_put(struct store *s, const struct sender_identity *r, struct err *e)
{
	const char *const *v = r->said.v;
	return sql_run(s, &q_put,
	               BIND(B_INT(r->ticket_id), B_TEXT(r->addr_key), B_ID(r->contract_id), B_ID(r->message_id), B_INT(r->at),
	                    B_INT(r->state), B_TEXT(r->why), B_TEXT(v[ITEM_NUMBER]), B_TEXT(v[ITEM_COMPANY]),
	                    B_TEXT(v[ITEM_CONTENT]), B_TEXT(v[ITEM_SINCE]), B_TEXT(v[ITEM_PERSON]), B_TEXT(v[ITEM_MAIL]),
	                    B_TEXT(v[ITEM_PHONE]), B_TEXT(v[ITEM_DEVICE])), e);
}

static void take_sender(sqlite3_stmt *st, struct arena *a, void *row)
{
	struct sender_identity *r = row;
	r->ticket_id = sql_int(st, 0);
	r->addr_key = sql_text(st, 1, a);
	r->contract_id = sql_int(st, 2);
	r->message_id = sql_int(st, 3);
	r->at = sql_int(st, 4);
	r->state = (enum identity_state)sql_int(st, 5);
	r->why = sql_text(st, 6, a);
	for (int i = 0; i < IDENTITY_ITEMS; i++)
		r->said.v[i] = sql_text(st, COL_SAID + i, a);
}

enum status identity_of(struct store *s, int64_t ticket, const char *addr_key, struct arena *a,
                        struct sender_identity *r, struct err *e)
{
	return sql_one(s, &q_of, BIND(B_INT(ticket), B_TEXT(addr_key)), take_sender, a, r, e);
}

enum status identity_list(struct store *s, int64_t ticket, struct arena *a, struct sender_identity **v_r, size_t *n_r,
                          struct err *e)
{
	return sql_list(s, &q_list, BIND(B_INT(ticket)), take_sender, sizeof **v_r, a, v_r, n_r, e);
}

bool identity_authorised(struct store *s, int64_t ticket, const char *addr_key)
{
	struct sender_identity r;
	struct arena *a = arena_new();
	enum status st = identity_of(s, ticket, addr_key, a, &r, NULL);
	bool yes = st == OK && r.state == IDENTITY_AUTHORISED;
	arena_free(&a);
	return yes;
}
