/* Files of tickets: see store_file.h. */
#include "store/store_file.h"
#include "base/sealed_file.h"
#include "store/store_file_impl.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { PIECE = 8192 };

#define SELECT "SELECT " FILE_COLS("") " FROM file "

SQL(q_add, "INSERT INTO file (ticket_id, link_id, state, name, type, size, sha256, spool, key, created_at, delete_at) "
           "VALUES (?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?)");
SQL(q_twin, "SELECT id FROM file WHERE link_id = ? AND state = 0 AND sha256 = ? AND name = ?");
SQL(q_get, SELECT "WHERE id = ?");
SQL(q_key, "SELECT key, spool FROM file WHERE id = ? AND state = 0");
SQL(q_of_ticket, SELECT "WHERE ticket_id = ? ORDER BY id");
SQL(q_of_link, SELECT "WHERE link_id = ? ORDER BY id");
SQL(q_recent, SELECT "WHERE id < ? ORDER BY id DESC LIMIT ?");
SQL(q_link_n, "SELECT count(*) FROM file WHERE link_id = ?");
SQL(q_link_bytes, "SELECT coalesce(sum(size), 0) FROM file WHERE link_id = ?");
SQL(q_due, SELECT "WHERE state = 0 AND delete_at <= ? ORDER BY delete_at LIMIT ?");
SQL(q_deleted, "UPDATE file SET state = 1, deleted_at = ?, key = ? WHERE id = ? AND state = 0");
SQL(q_stored, SELECT "WHERE id > ? AND +state = 0 ORDER BY id LIMIT ?");
SQL(q_by_spool, "SELECT id FROM file WHERE spool = ? AND state = 0");

void file_spool_name(char out[FILE_SPOOL_SIZE])
{
	uint8_t bytes[16];
	crypto_random(bytes, sizeof bytes);
	b32_encode(bytes, sizeof bytes, out);
}

static enum status copy_in(int fd, int64_t max, struct sealed_out *o, struct err *e)
{
	char piece[PIECE];
	int64_t n = 0;
	for (;;) {
		ssize_t k = read(fd, piece, sizeof piece);
		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0)
			return err_sys(e, ERR_TEMP, "reading the file");
		if (k == 0)
			return OK;
		if ((n += k) > max)
			return err_set(e, ERR_LIMIT, "the file has more than %lld bytes", (long long)max);
		enum status st = sealed_put(o, piece, (size_t)k, e);
		if (st != OK)
			return st;
	}
}

enum status file_spool_fd(const char *folder, int fd, int64_t max, struct arena *a, struct stored_file *f,
                          uint8_t key_r[KEY_LEN], struct err *e)
{
	char *spool = arena_zalloc(a, FILE_SPOOL_SIZE);
	struct sealed_out *o;
	struct sealed_sum sum;
	file_spool_name(spool);
	crypto_random(key_r, KEY_LEN);
	enum status st = sealed_create(arena_printf(a, "%s/%s", folder, spool), key_r, &o, e);
	if (st == OK)
		st = copy_in(fd, max, o, e);
	if (st == OK)
		st = sealed_finish(&o, &sum, e);
	sealed_abandon(&o);
	if (st != OK)
		return st;
	f->spool = spool;
	f->size = sum.size;
	memcpy(f->sha256, sum.sha256, SHA256_LEN);
	return OK;
}

/* Bound to the file on disk: a key moved to another row opens nothing. */
static void key_place(const char *spool, char out[64])
{
	snprintf(out, 64, "file.key:%.40s", spool);
}

static enum status insert(struct store *s, struct stored_file *f, const struct sb *sealed, struct err *e)
{
	return sql_insert(s, &q_add,
	                  BIND(B_INT(f->ticket_id), B_ID(f->link_id), B_TEXT(f->name), B_TEXT(f->type), B_INT(f->size),
	                       B_BLOB(f->sha256, SHA256_LEN), B_TEXT(f->spool), B_BLOB(sealed->s, sealed->len),
	                       B_INT(f->created_at), B_INT(f->delete_at)), &f->id, e);
}

enum status file_add(struct store *s, struct stored_file *f, const uint8_t key[KEY_LEN], struct err *e)
{
	char place[64];
	struct sb sealed = SB_INIT;
	enum status st = ERR_NOTFOUND;
	if (!s->has_key)
		return err_set(e, ERR_DENIED, "store: opened without the master key");
	if (f->link_id)
		st = sql_number(s, &q_twin, BIND(B_INT(f->link_id), B_BLOB(f->sha256, SHA256_LEN), B_TEXT(f->name)), &f->id, e);
	if (st == OK)
		return err_set(e, ERR_EXISTS, "file %lld is the same", (long long)f->id);
	if (st != ERR_NOTFOUND)
		return st;
	key_place(f->spool, place);
	crypto_seal(s->column_key, place, key, KEY_LEN, &sealed);
	st = insert(s, f, &sealed, e);
	sb_free(&sealed);
	return st;
}

void file_take(sqlite3_stmt *st, struct arena *a, void *row)
{
	struct stored_file *f = row;
	size_t n;
	f->id = sql_int(st, 0);
	f->ticket_id = sql_int(st, 1);
	f->link_id = sql_int(st, 2);
	f->state = (enum file_state)sql_int(st, 3);
	f->name = sql_text(st, 4, a);
	f->type = sql_text(st, 5, a);
	f->size = sql_int(st, 6);
	const void *sum = sql_blob(st, 7, a, &n);
	if (n == SHA256_LEN)
		memcpy(f->sha256, sum, n);
	f->spool = sql_text(st, 8, a);
	f->created_at = sql_int(st, 9);
	f->delete_at = sql_int(st, 10);
	f->deleted_at = sql_int(st, 11);
}

static enum status no_file(enum status st, int64_t id, struct err *e)
{
	return st == ERR_NOTFOUND ? err_set(e, st, "no file %lld", (long long)id) : st;
}

enum status file_get(struct store *s, int64_t id, struct arena *a, struct stored_file *f_r, struct err *e)
{
	return no_file(sql_one(s, &q_get, BIND(B_INT(id)), file_take, a, f_r, e), id, e);
}

struct sealed_key {
	const void *p;
	size_t n;
	const char *spool;
};

static void take_key(sqlite3_stmt *st, struct arena *a, void *row)
{
	struct sealed_key *k = row;
	k->p = sql_blob(st, 0, a, &k->n);
	k->spool = sql_text(st, 1, a);
}

enum status file_key(struct store *s, int64_t id, uint8_t key_r[KEY_LEN], struct err *e)
{
	char place[64];
	struct sealed_key k;
	struct sb plain = SB_INIT;
	struct arena *a = arena_new();
	if (!s->has_key) {
		arena_free(&a);
		return err_set(e, ERR_DENIED, "store: opened without the master key");
	}
	enum status st = no_file(sql_one(s, &q_key, BIND(B_INT(id)), take_key, a, &k, e), id, e);
	if (st == OK) {
		key_place(k.spool, place);
		st = crypto_open(s->column_key, place, k.p, k.n, &plain, e);
	}
	if (st == OK && plain.len != KEY_LEN)
		st = err_set(e, ERR_PERM, "the key of file %lld is damaged", (long long)id);
	if (st == OK)
		memcpy(key_r, plain.s, KEY_LEN);
	if (plain.len)
		crypto_wipe(plain.s, plain.len);
	sb_free(&plain);
	arena_free(&a);
	return st;
}

/* ---- lists --------------------------------------------------------------------- */

static enum status list(struct store *s, const struct sql *q, const struct sql_val *v, struct arena *a,
                        struct stored_file **v_r, size_t *n_r, struct err *e)
{
	return sql_list(s, q, v, file_take, sizeof **v_r, a, v_r, n_r, e);
}

enum status file_of_ticket(struct store *s, int64_t ticket, struct arena *a, struct stored_file **v_r, size_t *n_r,
                           struct err *e)
{
	return list(s, &q_of_ticket, BIND(B_INT(ticket)), a, v_r, n_r, e);
}

enum status file_of_link(struct store *s, int64_t link, struct arena *a, struct stored_file **v_r, size_t *n_r,
                         struct err *e)
{
	return list(s, &q_of_link, BIND(B_INT(link)), a, v_r, n_r, e);
}

enum status file_recent(struct store *s, size_t max, struct arena *a, struct stored_file **v_r, size_t *n_r,
                        struct err *e)
{
	return list(s, &q_recent, BIND(B_INT(INT64_MAX), B_INT(max)), a, v_r, n_r, e);
}

enum status file_due(struct store *s, epoch now, size_t max, struct arena *a, struct stored_file **v_r, size_t *n_r,
                     struct err *e)
{
	return list(s, &q_due, BIND(B_INT(now), B_INT(max)), a, v_r, n_r, e);
}

enum status file_stored(struct store *s, int64_t after, size_t max, struct arena *a, struct stored_file **v_r,
                        size_t *n_r, struct err *e)
{
	return list(s, &q_stored, BIND(B_INT(after), B_INT(max)), a, v_r, n_r, e);
}

enum status file_link_sums(struct store *s, int64_t link, int64_t *n_r, int64_t *bytes_r, struct err *e)
{
	enum status st = sql_number(s, &q_link_n, BIND(B_INT(link)), n_r, e);
	return st == OK ? sql_number(s, &q_link_bytes, BIND(B_INT(link)), bytes_r, e) : st;
}

enum status file_deleted(struct store *s, int64_t id, epoch now, struct err *e)
{
	return sql_run(s, &q_deleted, BIND(B_INT(now), B_BLOB("", 0), B_INT(id)), e);
}

enum status file_by_spool(struct store *s, const char *spool, int64_t *id_r, struct err *e)
{
	return sql_number(s, &q_by_spool, BIND(B_TEXT(spool)), id_r, e);
}
