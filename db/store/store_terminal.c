/* Terminals and tokens: see store_terminal.h. */
#include "store/store_terminal.h"
#include "store/store_impl.h"
#include "store/store_terminal_impl.h"
#include <string.h>

#define COLS \
	"id, agent_id, contract_id, state, replaced_by, host, os, agent, smbios_uuid, board_serial, machine_guid, macs, " \
	"enrolled_at, ended_at, cloned_at"
enum { COL_SERVER_PUB = 15 };

SQL(q_get, "SELECT " COLS " FROM terminal WHERE id = ?");
SQL(q_by_agent, "SELECT " COLS " FROM terminal WHERE agent_id = ?");
SQL(q_by_pub, "SELECT " COLS ", server_pub FROM terminal WHERE pub = ?");
SQL(q_of, "SELECT " COLS " FROM terminal WHERE contract_id = ? ORDER BY id");
SQL(q_all, "SELECT " COLS " FROM terminal WHERE id > 0 ORDER BY id");
SQL(q_count, "SELECT count(*) FROM terminal WHERE contract_id = ? AND state = 0");
SQL(q_add, "INSERT INTO terminal (agent_id, contract_id, state, host, os, agent, smbios_uuid, board_serial, machine_guid, "
           "macs, pub, server_pub, enrolled_at) VALUES (?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id");
SQL(q_keys_forget, "DELETE FROM terminal_key WHERE terminal_id = ?");
SQL(q_keys_forget_all, "DELETE FROM terminal_key WHERE terminal_id IN (SELECT id FROM terminal WHERE contract_id = ?)");
SQL(q_root, "UPDATE terminal SET root = ? WHERE id = ?");
SQL(q_leave, "UPDATE terminal SET state = ?1, replaced_by = ?2, ended_at = ?3, root = NULL WHERE id = ?4 AND "
             "(state = 0 OR (?1 = 3 AND state <> 3))");
SQL(q_cloned, "UPDATE terminal SET cloned_at = ? WHERE id = ?");
SQL(q_renamed, "UPDATE terminal SET host = ?1 WHERE id = ?2 AND host <> ?1");

SQL(q_token_new, "INSERT INTO terminal_token (contract_id, hash, uses_left, created_at, expires_at) VALUES (?, ?, ?, ?, ?)");
SQL(q_token_use, "UPDATE terminal_token SET uses_left = uses_left - 1 "
                 "WHERE hash = ? AND contract_id = ? AND uses_left > 0 AND expires_at > ?");
SQL(q_token_list, "SELECT id, contract_id, uses_left, created_at, expires_at FROM terminal_token WHERE contract_id = ?");
SQL(q_notice, "INSERT INTO terminal_notice (kind, contract_id, day) VALUES (?1, ?2, ?3) "
              "ON CONFLICT (kind, contract_id) DO UPDATE SET day = ?3 WHERE day < ?3");

SQL(q_deletion, "INSERT INTO terminal_deletion (contract_id, begun_at, batches, rows, inventory) VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT DO NOTHING");
SQL(q_deletion_get, "SELECT begun_at, batches, rows, inventory FROM terminal_deletion WHERE contract_id = ?");
SQL(q_forget, "UPDATE terminal SET state = 3, root = NULL, ended_at = coalesce(ended_at, ?), host = '', os = '', agent = '', "
              "smbios_uuid = '', board_serial = '', machine_guid = '', macs = '' WHERE contract_id = ?");
SQL(q_token_forget, "DELETE FROM terminal_token WHERE contract_id = ?");

const char *terminal_state_name(enum terminal_state st)
{
	static const char *const names[] = { "active", "replaced", "revoked", "ended" };
	return names[st];
}

/* ---- reading ---------------------------------------------------------------------- */

static void take(sqlite3_stmt *st, struct arena *a, void *row)
{
	struct terminal *t = row;
	size_t n;
	*t = (struct terminal){ .id = sql_int(st, 0), .contract_id = sql_int(st, 2), .state = (enum terminal_state)sql_int(st, 3),
		.replaced_by = sql_int(st, 4), .host = sql_text(st, 5, a), .os = sql_text(st, 6, a), .agent = sql_text(st, 7, a),
		.smbios_uuid = sql_text(st, 8, a), .board_serial = sql_text(st, 9, a), .machine_guid = sql_text(st, 10, a),
		.macs = sql_text(st, 11, a), .enrolled_at = sql_int(st, 12), .ended_at = sql_int(st, 13),
		.cloned_at = sql_int(st, 14) };
	const void *id = sql_blob(st, 1, a, &n);
	if (n == HC1_ID)
		memcpy(t->agent_id, id, HC1_ID);
}

enum status terminal_get(struct store *s, int64_t id, struct arena *a, struct terminal *t_r, struct err *e)
{
	enum status st = sql_one(s, &q_get, BIND(B_INT(id)), take, a, t_r, e);
	return st == ERR_NOTFOUND ? err_set(e, st, "no terminal %lld", (long long)id) : st;
}

enum status terminal_by_agent(struct store *s, const uint8_t agent_id[HC1_ID], struct arena *a, struct terminal *t_r,
                              struct err *e)
{
	return sql_one(s, &q_by_agent, BIND(B_BLOB(agent_id, HC1_ID)), take, a, t_r, e);
}

enum status terminal_list(struct store *s, int64_t contract, bool all, struct arena *a, struct terminal **v_r, size_t *n_r,
                          struct err *e)
{
	struct terminal *v;
	size_t n = 0, kept = 0;
	enum status st = contract ? sql_list(s, &q_of, BIND(B_INT(contract)), take, sizeof *v, a, &v, &n, e)
	                          : sql_list(s, &q_all, BIND_NONE, take, sizeof *v, a, &v, &n, e);
	if (st != OK)
		return st;
	for (size_t i = 0; i < n; i++)
		if (all || v[i].state == TERMINAL_ACTIVE)
			v[kept++] = v[i];
	*v_r = v;
	*n_r = kept;
	return OK;
}

enum status terminal_count(struct store *s, int64_t contract, int64_t *n_r, struct err *e)
{
	return sql_number(s, &q_count, BIND(B_INT(contract)), n_r, e);
}

/* ---- enrolling -------------------------------------------------------------------- */

enum status terminal_add(struct store *s, struct terminal *t, const struct terminal_keys *k, struct err *e)
{
	struct sb sealed = SB_INIT;
	enum status st = sql_number(s, &q_add,
	                            BIND(B_BLOB(t->agent_id, HC1_ID), B_INT(t->contract_id), B_TEXT(t->host), B_TEXT(t->os),
	                                 B_TEXT(t->agent), B_TEXT(t->smbios_uuid), B_TEXT(t->board_serial),
	                                 B_TEXT(t->machine_guid), B_TEXT(t->macs), B_BLOB(k->pub, HC1_PUB),
	                                 B_BLOB(k->server_pub, HC1_PUB), B_INT(t->enrolled_at)), &t->id, e);
	if (st == OK)
		st = terminal_root_seal(s, TERMINAL_ROOT, t->id, k->root, &sealed, e);
	if (st == OK)
		st = sql_run(s, &q_root, BIND(B_BLOB(sealed.s, sealed.len), B_INT(t->id)), e);
	sb_free(&sealed);
	return st;
}

struct pub_row {
	struct terminal *t;
	uint8_t *server_pub;
};

static void take_pub(sqlite3_stmt *st, struct arena *a, void *row)
{
	struct pub_row *p = row;
	size_t n;
	take(st, a, p->t);
	const void *pub = sql_blob(st, COL_SERVER_PUB, a, &n);
	if (n == HC1_PUB)
		memcpy(p->server_pub, pub, HC1_PUB);
}

enum status terminal_by_pub(struct store *s, const uint8_t pub[HC1_PUB], struct arena *a, struct terminal *t_r,
                            uint8_t server_pub_r[HC1_PUB], struct err *e)
{
	struct pub_row row = { t_r, server_pub_r };
	return sql_one(s, &q_by_pub, BIND(B_BLOB(pub, HC1_PUB)), take_pub, a, &row, e);
}

static bool same(const char *x, const char *y)
{
	return *x && strcmp(x, y) == 0;
}

enum status terminal_same_machine(struct store *s, int64_t contract, const char *smbios_uuid, const char *board_serial,
                                  struct arena *a, struct terminal **v_r, size_t *n_r, struct err *e)
{
	size_t n = 0, kept = 0;
	struct terminal *v = NULL;
	enum status st = terminal_list(s, contract, false, a, &v, &n, e);
	for (size_t i = 0; st == OK && i < n; i++)
		if (same(smbios_uuid, v[i].smbios_uuid) || same(board_serial, v[i].board_serial))
			v[kept++] = v[i];
	*v_r = v;
	*n_r = kept;
	return st;
}

enum status terminal_leave(struct store *s, int64_t id, enum terminal_state to, int64_t by, epoch now, struct err *e)
{
	enum status st = sql_run(s, &q_leave, BIND(B_INT(to), B_ID(by), B_INT(now), B_INT(id)), e);
	return st == OK ? sql_run(s, &q_keys_forget, BIND(B_INT(id)), e) : st;
}

enum status terminal_cloned(struct store *s, int64_t id, epoch now, struct err *e)
{
	return sql_run(s, &q_cloned, BIND(B_INT(now), B_INT(id)), e);
}

enum status terminal_renamed(struct store *s, int64_t id, const char *host, struct err *e)
{
	return sql_run(s, &q_renamed, BIND(B_TEXT(host), B_INT(id)), e);
}

/* ---- the end of a contract ------------------------------------------------------------ */

static void take_deletion(sqlite3_stmt *st, struct arena *a, void *row)
{
	(void)a;
	*(struct terminal_deletion *)row = (struct terminal_deletion){ sql_int(st, 0), sql_int(st, 1), sql_int(st, 2),
		sql_int(st, 3) };
}

enum status terminal_deletion_begin(struct store *s, int64_t contract, struct terminal_deletion *d, struct err *e)
{
	enum status st = sql_run(s, &q_deletion, BIND(B_INT(contract), B_INT(d->begun_at), B_INT(d->batches), B_INT(d->rows),
	                                              B_INT(d->inventory)), e);
	return st == OK ? sql_one(s, &q_deletion_get, BIND(B_INT(contract)), take_deletion, NULL, d, e) : st;
}

enum status terminal_forget(struct store *s, int64_t contract, epoch now, struct err *e)
{
	enum status st = sql_run(s, &q_forget, BIND(B_INT(now), B_INT(contract)), e);
	if (st == OK)
		st = sql_run(s, &q_keys_forget_all, BIND(B_INT(contract)), e);
	return st == OK ? sql_run(s, &q_token_forget, BIND(B_INT(contract)), e) : st;
}

/* ---- tokens ------------------------------------------------------------------------ */

enum status terminal_token_new(struct store *s, int64_t contract, int64_t uses, epoch now, epoch expires,
                               char token_r[TERMINAL_TOKEN_SIZE], struct err *e)
{
	uint8_t bits[20], hash[SHA256_LEN];
	_Static_assert(sizeof bits * 8 / 5 + 1 == TERMINAL_TOKEN_SIZE, "a token's length");
	crypto_random(bits, sizeof bits);
	b32_encode(bits, sizeof bits, token_r);
	crypto_sha256(token_r, strlen(token_r), hash);
	return sql_run(s, &q_token_new, BIND(B_INT(contract), B_BLOB(hash, sizeof hash), B_INT(uses), B_INT(now), B_INT(expires)), e);
}

/* By its hash: what the time of a look-up tells is nothing about a token. */
enum status terminal_token_use(struct store *s, int64_t contract, const char *token, epoch now, struct err *e)
{
	uint8_t hash[SHA256_LEN];
	crypto_sha256(token, strlen(token), hash);
	enum status st = sql_run(s, &q_token_use, BIND(B_BLOB(hash, sizeof hash), B_INT(contract), B_INT(now)), e);
	if (st == OK && sql_changes(s) != 1)
		st = err_set(e, ERR_DENIED, "no token that is good for this contract");
	return st;
}

static void take_token(sqlite3_stmt *st, struct arena *a, void *row)
{
	(void)a;
	*(struct terminal_token *)row = (struct terminal_token){ .id = sql_int(st, 0), .contract_id = sql_int(st, 1),
		.uses_left = sql_int(st, 2), .created_at = sql_int(st, 3), .expires_at = sql_int(st, 4) };
}

enum status terminal_token_list(struct store *s, int64_t contract, struct arena *a, struct terminal_token **v_r, size_t *n_r,
                                struct err *e)
{
	return sql_list(s, &q_token_list, BIND(B_INT(contract)), take_token, sizeof **v_r, a, v_r, n_r, e);
}

enum status terminal_notice_due(struct store *s, enum terminal_notice kind, int64_t contract, int64_t day, bool *due_r,
                                struct err *e)
{
	enum status st = sql_run(s, &q_notice, BIND(B_INT(kind), B_INT(contract), B_INT(day)), e);
	*due_r = st == OK && sql_changes(s) == 1;
	return st;
}
