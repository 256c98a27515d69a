/* Root keys of terminals, the first one and those in its place: see store_terminal.h. */
#include "store/store_terminal_impl.h"
#include <string.h>

/* The last column: when a later one was used first. */
SQL(q_first, "SELECT t.id, t.contract_id, t.root, c.ended_at, t.enrolled_at, t.id, 0, "
    "NOT EXISTS (SELECT 1 FROM terminal_key n WHERE n.terminal_id = t.id), "
    "(SELECT min(used_at) FROM terminal_key n WHERE n.terminal_id = t.id) "
    "FROM terminal t JOIN contract c ON c.id = t.contract_id WHERE t.agent_id = ? AND t.root IS NOT NULL");
SQL(q_later, "SELECT t.id, t.contract_id, k.root, c.ended_at, k.made_at, k.id, k.used_at IS NULL, "
    "NOT EXISTS (SELECT 1 FROM terminal_key n WHERE n.terminal_id = t.id AND n.key_id > k.key_id), "
    "(SELECT min(used_at) FROM terminal_key n WHERE n.terminal_id = t.id AND n.key_id > k.key_id) "
    "FROM terminal t JOIN contract c ON c.id = t.contract_id JOIN terminal_key k ON k.terminal_id = t.id "
    "WHERE t.agent_id = ? AND t.root IS NOT NULL AND k.key_id = ? AND k.root IS NOT NULL");
SQL(q_same, "SELECT key_id, server_pub FROM terminal_key WHERE terminal_id = ? AND pub = ?");
SQL(q_last, "SELECT key_id, made_at FROM terminal_key WHERE terminal_id = ? ORDER BY key_id DESC LIMIT 1");
SQL(q_add, "INSERT INTO terminal_key (terminal_id, key_id, pub, server_pub, made_at) VALUES (?, ?, ?, ?, ?) RETURNING id");
SQL(q_root, "UPDATE terminal_key SET root = ? WHERE id = ?");
SQL(q_over, "DELETE FROM terminal_key WHERE terminal_id = ?1 AND EXISTS (SELECT 1 FROM terminal_key n "
    "WHERE n.terminal_id = ?1 AND n.key_id > terminal_key.key_id AND n.used_at <= ?2)");
SQL(q_used, "UPDATE terminal_key SET used_at = ? WHERE terminal_id = ? AND key_id = ? AND used_at IS NULL");

struct key_row {
	int64_t terminal, contract, row;
	epoch ended_at, made_at, later;
	bool unused, newest;
	const void *root;
	size_t n;
};

static void take_key(sqlite3_stmt *st, struct arena *a, void *row)
{
	struct key_row *k = row;
	k->terminal = sql_int(st, 0);
	k->contract = sql_int(st, 1);
	k->root = sql_blob(st, 2, a, &k->n);
	k->ended_at = sql_int(st, 3);
	k->made_at = sql_int(st, 4);
	k->row = sql_int(st, 5);
	k->unused = sql_int(st, 6) != 0;
	k->newest = sql_int(st, 7) != 0;
	k->later = sql_int(st, 8);
}

/* Sealed columns hold text: the key as hex. */
enum status terminal_root_seal(struct store *s, const char *column, int64_t row, const uint8_t root[HC1_KEY], struct sb *out,
                               struct err *e)
{
	char hex[2 * HC1_KEY + 1];
	hex_encode(root, HC1_KEY, hex);
	enum status st = column_seal(s, column, row, hex, out, e);
	crypto_wipe(hex, sizeof hex);
	return st;
}

static enum status open_root(struct store *s, const char *column, const struct key_row *row, uint8_t root[HC1_KEY], struct err *e)
{
	struct sb hex = SB_INIT;
	enum status st = column_open(s, column, row->row, row->root, row->n, &hex, e);
	if (st == OK && !hex_to(hex.s, hex.len, root, HC1_KEY))
		st = err_set(e, ERR_BUG, "terminal %lld: a root key of another size", (long long)row->terminal);
	crypto_wipe(hex.s, hex.len);
	sb_free(&hex);
	return st;
}

enum status terminal_key(struct store *s, const uint8_t agent_id[HC1_ID], uint32_t key_id, epoch now, struct terminal_key *k_r,
                         struct err *e)
{
	struct arena *a = arena_new();
	struct key_row row = { 0 };
	enum status st = key_id == 1 ? sql_one(s, &q_first, BIND(B_BLOB(agent_id, HC1_ID)), take_key, a, &row, e)
	                             : sql_one(s, &q_later, BIND(B_BLOB(agent_id, HC1_ID), B_INT(key_id)), take_key, a, &row, e);
	if (st == OK && row.later && now - row.later >= TERMINAL_KEY_OVERLAP)
		st = err_set(e, ERR_NOTFOUND, "another key has taken this one's place");
	if (st == OK && row.ended_at && now >= row.ended_at)
		st = err_set(e, ERR_DENIED, "the contract has ended");
	if (st == OK)
		st = open_root(s, key_id == 1 ? TERMINAL_ROOT : TERMINAL_KEY_ROOT, &row, k_r->root, e);
	k_r->terminal = row.terminal;
	k_r->contract = row.contract;
	k_r->made_at = row.made_at;
	k_r->newest = row.newest;
	k_r->unused = row.unused;
	arena_free(&a);
	return st;
}

/* ---- another one ----------------------------------------------------------------------- */

struct answered {
	uint32_t key_id;
	uint8_t *server_pub;
};

static void take_same(sqlite3_stmt *st, struct arena *a, void *row)
{
	struct answered *x = row;
	size_t n;
	x->key_id = (uint32_t)sql_int(st, 0);
	const void *pub = sql_blob(st, 1, a, &n);
	if (n == HC1_PUB)
		memcpy(x->server_pub, pub, HC1_PUB);
}

struct last {
	int64_t key_id;
	epoch made_at;
};

static void take_last(sqlite3_stmt *st, struct arena *a, void *row)
{
	(void)a;
	*(struct last *)row = (struct last){ sql_int(st, 0), sql_int(st, 1) };
}

static enum status add(struct store *s, int64_t terminal, int64_t key_id, const struct terminal_keys *k, epoch now, struct err *e)
{
	int64_t row = 0;
	struct sb sealed = SB_INIT;
	enum status st = sql_run(s, &q_over, BIND(B_INT(terminal), B_INT(now - TERMINAL_KEY_OVERLAP)), e);
	if (st == OK)
		st = sql_number(s, &q_add, BIND(B_INT(terminal), B_INT(key_id), B_BLOB(k->pub, HC1_PUB), B_BLOB(k->server_pub, HC1_PUB),
		                                B_INT(now)), &row, e);
	if (st == OK)
		st = terminal_root_seal(s, TERMINAL_KEY_ROOT, row, k->root, &sealed, e);
	if (st == OK)
		st = sql_run(s, &q_root, BIND(B_BLOB(sealed.s, sealed.len), B_INT(row)), e);
	sb_free(&sealed);
	return st;
}

enum status terminal_key_new(struct store *s, int64_t terminal, const struct terminal_keys *k, epoch now, uint32_t *key_id_r,
                             uint8_t server_pub_r[HC1_PUB], struct err *e)
{
	struct arena *a = arena_new();
	struct answered same = { 0, server_pub_r };
	struct last last = { 1, 0 };
	enum status st = sql_one(s, &q_same, BIND(B_INT(terminal), B_BLOB(k->pub, HC1_PUB)), take_same, a, &same, e);
	*key_id_r = same.key_id;
	arena_free(&a);
	if (st != ERR_NOTFOUND)
		return st;
	st = sql_one(s, &q_last, BIND(B_INT(terminal)), take_last, NULL, &last, e);
	if (st == OK && now - last.made_at < TERMINAL_KEY_REST && now >= last.made_at)
		return err_set(e, ERR_DENIED, "the last key is too young");
	if (st != OK && st != ERR_NOTFOUND)
		return st;
	*key_id_r = (uint32_t)last.key_id + 1;
	memcpy(server_pub_r, k->server_pub, HC1_PUB);
	return add(s, terminal, last.key_id + 1, k, now, e);
}

enum status terminal_key_used(struct store *s, int64_t terminal, uint32_t key_id, epoch now, struct err *e)
{
	return sql_run(s, &q_used, BIND(B_INT(now), B_INT(terminal), B_INT(key_id)), e);
}
