/* What terminals have: see agent_inventory.h. */
#include "store/agent_inventory.h"
#include "store/store_impl.h"
#include <string.h>

enum { CONFIRM_EVERY = 3600 };

SQL_OF(STORE_AGENT, q_get, "SELECT name, sha256, taken_ms, received_at, confirmed_at, size, body FROM section "
       "WHERE terminal = ? AND name = ?");
SQL_OF(STORE_AGENT, q_list, "SELECT name, sha256, taken_ms, received_at, confirmed_at, size FROM section WHERE terminal = ?");
SQL_OF(STORE_AGENT, q_put, "INSERT INTO section (terminal, name, sha256, taken_ms, received_at, confirmed_at, epoch, seq, size, body) "
       "VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (terminal, name) DO UPDATE SET sha256 = ?3, taken_ms = ?4, "
       "received_at = ?5, confirmed_at = ?5, epoch = ?6, seq = ?7, size = ?8, body = ?9 "
       "WHERE epoch < ?6 OR (epoch = ?6 AND seq < ?7)");
SQL_OF(STORE_AGENT, q_same, "SELECT confirmed_at FROM section WHERE terminal = ? AND name = ? AND sha256 = ?");
SQL_OF(STORE_AGENT, q_confirm, "UPDATE section SET confirmed_at = ? WHERE terminal = ? AND name = ?");
SQL_OF(STORE_AGENT, q_confirmed, "SELECT confirmed_at FROM section WHERE terminal = ? AND name = 'software'");
SQL_OF(STORE_AGENT, q_items, "SELECT name, version, vendor, scope, user, date, first_at, last_at, gone FROM software "
       "WHERE terminal = ? ORDER BY name, version, scope, user");
SQL_OF(STORE_AGENT, q_go, "UPDATE software SET gone = 1, last_at = ? WHERE terminal = ? AND gone = 0");
SQL_OF(STORE_AGENT, q_item, "INSERT INTO software (terminal, name, version, vendor, scope, user, date, first_at, last_at, gone) "
       "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, 0) ON CONFLICT (terminal, name, version, scope, user) "
       "DO UPDATE SET vendor = ?4, date = ?7, last_at = ?8, gone = 0");
SQL_OF(STORE_AGENT, q_sections_of, "SELECT count(*) FROM section WHERE terminal = ?");
SQL_OF(STORE_AGENT, q_software_of, "SELECT count(*) FROM software WHERE terminal = ?");
SQL_OF(STORE_AGENT, q_sections_del, "DELETE FROM section WHERE terminal = ?");
SQL_OF(STORE_AGENT, q_software_del, "DELETE FROM software WHERE terminal = ?");

enum status agent_open(const char *path, struct store **s_r, struct err *e)
{
	return store_open_kind(path, STORE_AGENT, false, s_r, e);
}

enum status agent_open_look(const char *path, struct store **s_r, struct err *e)
{
	return store_open_kind(path, STORE_AGENT, true, s_r, e);
}

/* ---- reading ------------------------------------------------------------------------ */

static void take_section(sqlite3_stmt *st, struct arena *a, void *row)
{
	struct agent_section *x = row;
	size_t n;
	x->name = sql_text(st, 0, a);
	const void *hash = sql_blob(st, 1, a, &n);
	if (n == SHA256_LEN)
		memcpy(x->sha256, hash, n);
	x->taken_ms = sql_int(st, 2);
	x->received_at = sql_int(st, 3);
	x->confirmed_at = sql_int(st, 4);
	x->len = (size_t)sql_int(st, 5);
}

struct packed {
	struct agent_section *x;
	const void *p;
	size_t n;
};

static void take_packed(sqlite3_stmt *st, struct arena *a, void *row)
{
	struct packed *p = row;
	take_section(st, a, p->x);
	p->p = sql_blob(st, 6, a, &p->n);
}

enum status agent_section_get(struct store *s, int64_t terminal, const char *name, struct arena *a,
                              struct agent_section *r, struct err *e)
{
	struct packed row = { .x = r };
	struct sb text = SB_INIT;
	*r = (struct agent_section){ 0 };
	enum status st = sql_one(s, &q_get, BIND(B_INT(terminal), B_TEXT(name)), take_packed, a, &row, e);
	if (st == OK)
		st = zip_unpack(&s->zip, row.p, row.n, r->len, &text, e);
	if (st == OK)
		r->json = arena_memdup(a, text.s, text.len);
	sb_free(&text);
	return st;
}

enum status agent_section_list(struct store *s, int64_t terminal, struct arena *a, struct agent_section **v_r, size_t *n_r,
                               struct err *e)
{
	return sql_list(s, &q_list, BIND(B_INT(terminal)), take_section, sizeof **v_r, a, v_r, n_r, e);
}

static void take_item(sqlite3_stmt *st, struct arena *a, void *row)
{
	*(struct agent_software *)row = (struct agent_software){ .name = sql_text(st, 0, a), .version = sql_text(st, 1, a),
		.vendor = sql_text(st, 2, a), .scope = sql_text(st, 3, a), .user = sql_text(st, 4, a), .date = sql_text(st, 5, a),
		.first_at = sql_int(st, 6), .last_at = sql_int(st, 7), .gone = sql_int(st, 8) };
}

/* When the software was last there as it stands; 0: never told. */
static enum status confirmed(struct store *s, int64_t terminal, epoch *at_r, struct err *e)
{
	enum status st = sql_number(s, &q_confirmed, BIND(B_INT(terminal)), at_r, e);
	if (st == ERR_NOTFOUND)
		*at_r = 0;
	return st == ERR_NOTFOUND ? OK : st;
}

enum status agent_software_list(struct store *s, int64_t terminal, bool gone, struct arena *a, struct agent_software **v_r,
                                size_t *n_r, struct err *e)
{
	struct agent_software *v;
	size_t n = 0, kept = 0;
	epoch at = 0;
	enum status st = confirmed(s, terminal, &at, e);
	if (st == OK)
		st = sql_list(s, &q_items, BIND(B_INT(terminal)), take_item, sizeof *v, a, &v, &n, e);
	if (st != OK)
		return st;
	for (size_t i = 0; i < n; i++) {
		if (!v[i].gone)
			v[i].last_at = at;
		if (!v[i].gone || gone)
			v[kept++] = v[i];
	}
	*v_r = v;
	*n_r = kept;
	return OK;
}

/* ---- writing ------------------------------------------------------------------------ */

static enum status put_items(struct store *s, int64_t terminal, epoch before, epoch now, const struct agent_item *v, size_t n,
                             struct err *e)
{
	enum status st = sql_run(s, &q_go, BIND(B_INT(before), B_INT(terminal)), e);
	for (size_t i = 0; st == OK && i < n; i++)
		st = sql_run(s, &q_item, BIND(B_INT(terminal), B_TEXT(v[i].name), B_TEXT(v[i].version), B_TEXT(v[i].vendor),
		                              B_TEXT(v[i].scope), B_TEXT(v[i].user), B_TEXT(v[i].date), B_INT(now)), e);
	return st;
}

enum status agent_section_put(struct store *s, int64_t terminal, const struct agent_part *x, epoch now, struct agent_order at,
                              bool *put_r, struct err *e)
{
	struct sb z = SB_INIT;
	epoch before = 0;
	bool software = strcmp(x->name, "software") == 0;
	enum status st = software ? confirmed(s, terminal, &before, e) : OK;
	if (st == OK)
		st = zip_pack(&s->zip, x->full, x->len, &z, e);
	if (st == OK)
		st = sql_run(s, &q_put, BIND(B_INT(terminal), B_TEXT(x->name), B_BLOB(x->sha256, SHA256_LEN), B_INT(x->taken_ms),
		                             B_INT(now), B_INT(at.epoch), B_INT(at.seq), B_INT(x->len), B_BLOB(z.s, z.len)), e);
	*put_r = st == OK && sql_changes(s) == 1;
	if (*put_r && software)
		st = put_items(s, terminal, before, now, x->items, x->nitems, e);
	sb_free(&z);
	return st;
}

enum status agent_section_same(struct store *s, int64_t terminal, const char *name, const uint8_t sha256[SHA256_LEN],
                               epoch now, enum agent_same *is_r, struct err *e)
{
	epoch at;
	enum status st = sql_number(s, &q_same, BIND(B_INT(terminal), B_TEXT(name), B_BLOB(sha256, SHA256_LEN)), &at, e);
	*is_r = st == ERR_NOTFOUND ? AGENT_SAME_NOT : st == OK && now - at >= CONFIRM_EVERY ? AGENT_SAME_STALE : AGENT_SAME;
	return st == ERR_NOTFOUND ? OK : st;
}

enum status agent_section_confirm(struct store *s, int64_t terminal, const char *name, epoch now, struct err *e)
{
	return sql_run(s, &q_confirm, BIND(B_INT(now), B_INT(terminal), B_TEXT(name)), e);
}

enum status agent_inventory_count(struct store *s, int64_t terminal, int64_t *n_r, struct err *e)
{
	int64_t sections = 0, software = 0;
	enum status st = sql_number(s, &q_sections_of, BIND(B_INT(terminal)), &sections, e);
	if (st == OK)
		st = sql_number(s, &q_software_of, BIND(B_INT(terminal)), &software, e);
	*n_r = sections + software;
	return st;
}

enum status agent_inventory_delete(struct store *s, int64_t terminal, int64_t *n_r, struct err *e)
{
	enum status st = sql_script(s, "PRAGMA secure_delete = ON", e);
	*n_r = 0;
	if (st == OK)
		st = sql_run(s, &q_sections_del, BIND(B_INT(terminal)), e);
	if (st == OK)
		*n_r += sql_changes(s);
	if (st == OK)
		st = sql_run(s, &q_software_del, BIND(B_INT(terminal)), e);
	if (st == OK)
		*n_r += sql_changes(s);
	return st;
}

enum status agent_empty_wal(struct store *s, struct err *e)
{
	return sql_script(s, "PRAGMA wal_checkpoint(TRUNCATE)", e);
}
