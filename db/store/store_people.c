/* Staff, and which contract a sender belongs to. See store_people.h. */
#include "store/store_people.h"
#include "store/store_impl.h"
#include "text/freemail.h"
#include <string.h>

#define STAFF "id, login, name, address, roles, active"

SQL(q_add, "INSERT INTO staff (login, name, address, roles, active) VALUES (?, ?, ?, ?, ?)");
SQL(q_update, "UPDATE staff SET login = ?, name = ?, address = ?, roles = ?, active = ? WHERE id = ?");
SQL(q_by_login, "SELECT " STAFF " FROM staff WHERE login = ?");
SQL(q_by_address, "SELECT " STAFF " FROM staff WHERE address = ?");
SQL(q_by_id, "SELECT " STAFF " FROM staff WHERE id = ?");
SQL(q_list, "SELECT " STAFF " FROM staff WHERE ? = 0 OR (active = 1 AND (roles & ?) <> 0) ORDER BY login");

SQL(q_set_hash, "UPDATE staff SET password_hash = ? WHERE id = ?");
SQL(q_get_hash, "SELECT password_hash FROM staff WHERE id = ?");

SQL(q_match_address, "SELECT c.id, c.n_number, c.name FROM contract_address a "
                     "JOIN contract c ON c.id = a.contract_id WHERE a.addr_key = ? AND (c.ended_at IS NULL OR c.ended_at > ?)");
SQL(q_match_domain, "SELECT c.id, c.n_number, c.name FROM contract_domain d "
                    "JOIN contract c ON c.id = d.contract_id WHERE d.domain = ? AND (c.ended_at IS NULL OR c.ended_at > ?)");

static enum status told(enum status st, const char *what, struct err *e)
{
	if (st == ERR_NOTFOUND)
		return err_set(e, st, "no such staff member: %s", what);
	return st;
}

enum status staff_add(struct store *s, struct staff *m, struct err *e)
{
	enum status st = sql_insert(s, &q_add,
	                            BIND(B_TEXT(m->login), B_TEXT(m->name), B_TEXT(m->address),
	                                 B_INT(m->roles), B_INT(m->active)), &m->id, e);
	if (st == ERR_EXISTS)
		return err_set(e, st, "login %s or address %s is taken", m->login, m->address);
	return st;
}

enum status staff_update(struct store *s, const struct staff *m, struct err *e)
{
	enum status st = sql_run(s, &q_update,
	                         BIND(B_TEXT(m->login), B_TEXT(m->name), B_TEXT(m->address), B_INT(m->roles),
	                              B_INT(m->active), B_ID(m->id)), e);
	if (st == ERR_EXISTS)
		return err_set(e, st, "login %s or address %s is taken", m->login, m->address);
	return st == OK && sql_changes(s) == 0 ? told(ERR_NOTFOUND, m->login, e) : st;
}

static void take_staff(sqlite3_stmt *st, struct arena *a, void *row)
{
	struct staff *m = row;
	m->id = sql_int(st, 0);
	m->login = sql_text(st, 1, a);
	m->name = sql_text(st, 2, a);
	m->address = sql_text(st, 3, a);
	m->roles = (unsigned)sql_int(st, 4);
	m->active = sql_int(st, 5) != 0;
}

enum status staff_by_login(struct store *s, const char *login, struct arena *a, struct staff *r, struct err *e)
{
	return told(sql_one(s, &q_by_login, BIND(B_TEXT(login)), take_staff, a, r, e), login, e);
}

enum status staff_by_address(struct store *s, const char *addr_key, struct arena *a, struct staff *r,
                             struct err *e)
{
	return told(sql_one(s, &q_by_address, BIND(B_TEXT(addr_key)), take_staff, a, r, e), addr_key, e);
}

enum status staff_by_id(struct store *s, int64_t id, struct arena *a, struct staff *r, struct err *e)
{
	return told(sql_one(s, &q_by_id, BIND(B_INT(id)), take_staff, a, r, e), "by that number", e);
}

enum status staff_list(struct store *s, unsigned roles, struct arena *a, struct staff **v_r, size_t *n_r,
                       struct err *e)
{
	return sql_list(s, &q_list, BIND(B_INT(roles), B_INT(roles)), take_staff, sizeof **v_r, a, v_r, n_r, e);
}

enum status staff_lines(struct store *s, unsigned roles, struct arena *a, const char **lines_r, struct err *e)
{
	struct staff *v;
	size_t n;
	struct sb b = SB_INIT;
	enum status st = staff_list(s, roles, a, &v, &n, e);
	for (size_t i = 0; st == OK && i < n; i++)
		sb_addf(&b, "%s%s", b.len ? "\n" : "", v[i].address);
	*lines_r = arena_memdup(a, b.s, b.len);
	sb_free(&b);
	return st;
}

enum status staff_password_set(struct store *s, int64_t id, const char *hash, struct err *e)
{
	enum status st = sql_run(s, &q_set_hash, BIND(B_TEXT(hash), B_INT(id)), e);
	return st == OK && sql_changes(s) == 0 ? told(ERR_NOTFOUND, "by that number", e) : st;
}

static void take_hash(sqlite3_stmt *st, struct arena *a, void *row)
{
	*(const char **)row = sql_text(st, 0, a);
}

enum status staff_password_get(struct store *s, int64_t id, struct arena *a, const char **hash_r, struct err *e)
{
	return told(sql_one(s, &q_get_hash, BIND(B_INT(id)), take_hash, a, hash_r, e), "by that number", e);
}

/* ---- the contract of a sender ---------------------------------------------- */

static void take_match(sqlite3_stmt *st, struct arena *a, void *row)
{
	struct contract_match *m = row;
	m->id = sql_int(st, 0);
	m->n_number = sql_text(st, 1, a);
	m->name = sql_text(st, 2, a);
}

/* The domain, then its parents. At a shared domain the walk ends: whoever
 * registered "gmail.com" or "co.jp" by mistake does not get everybody's mail. */
static enum status match_domain(struct store *s, const char *domain, struct arena *a, struct contract_match *r,
                                struct err *e)
{
	while (domain && strchr(domain, '.') && !freemail_domain(domain)) {
		enum status st = sql_one(s, &q_match_domain, BIND(B_TEXT(domain), B_INT(clk_now())), take_match, a, r, e);
		if (st != ERR_NOTFOUND)
			return st;
		domain = strchr(domain, '.') + 1;
	}
	return OK;
}

enum status contract_match(struct store *s, const char *addr_key, struct arena *a, struct contract_match *r,
                           struct err *e)
{
	*r = (struct contract_match){ .n_number = "", .name = "" };
	enum status st = sql_one(s, &q_match_address, BIND(B_TEXT(addr_key), B_INT(clk_now())), take_match, a, r, e);
	r->by_address = st == OK;
	if (st != ERR_NOTFOUND)
		return st;
	const char *at = strrchr(addr_key, '@');
	return match_domain(s, at ? at + 1 : NULL, a, r, e);
}
