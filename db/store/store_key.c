/*
 * Is this the master key the store was made under? Without this a wrong key
 * would only be noticed when the first password does not open, after others
 * were sealed under it. Kept is a MAC of a constant under the derived key,
 * which says nothing about either.
 */
#include "store/store_impl.h"
#include <string.h>

SQL(q_read, "SELECT mac FROM key_check WHERE id = 1");
SQL(q_write, "INSERT INTO key_check (id, mac) VALUES (1, ?) ON CONFLICT DO NOTHING");

static enum status first_time(struct store *s, const uint8_t *mac, struct err *e)
{
	enum status st = store_begin(s, e);
	if (st != OK)
		return st;
	st = sql_run(s, &q_write, BIND(B_BLOB(mac, SHA256_LEN)), e);
	if (st == OK)
		return store_commit(s, e);
	store_rollback(s);
	return st;
}

static enum status compare(struct store *s, const uint8_t *mac, struct err *e)
{
	struct arena *a = arena_new();
	const void *kept;
	size_t n;
	enum status st = sql_bytes(s, &q_read, BIND_NONE, a, &kept, &n, e);
	if (st == OK && (n != SHA256_LEN || !crypto_equal(kept, mac, SHA256_LEN)))
		st = err_set(e, ERR_PERM, "the store was made under another master key: put back the keys/master.key "
			     "that belongs to it");
	arena_free(&a);
	return st;
}

enum status store_key_check(struct store *s, struct err *e)
{
	static const char text[] = "yorozu key check";
	uint8_t mac[SHA256_LEN];
	if (!s->has_key)
		return OK;
	crypto_hmac256(s->column_key, sizeof s->column_key, text, strlen(text), mac);
	enum status st = compare(s, mac, e);
	if (st == ERR_NOTFOUND && s->look)
		return OK; /* nothing was ever sealed */
	if (st == ERR_NOTFOUND) {
		st = first_time(s, mac, e);
		if (st == OK)
			st = compare(s, mac, e); /* another process may have been first, with another key */
	}
	return st;
}
