/*
 * Statements: preparing, binding, stepping, and what SQLite's result codes
 * mean to us. See store_impl.h.
 */
#include "base/log.h"
#include "base/xalloc.h"
#include "store/store_impl.h"
#include <stdlib.h>
#include <string.h>

/* The linker's names for the array that SQL() fills. */
extern const struct sql __start_store_sql[], __stop_store_sql[];

const struct sql *sql_all(size_t *n_r)
{
	/* the linker lays one array between the two */
	/* cppcheck-suppress comparePointers */
	*n_r = (size_t)(__stop_store_sql - __start_store_sql);
	return __start_store_sql;
}

static enum status constraint(int rc)
{
	switch (rc) {
	case SQLITE_CONSTRAINT_UNIQUE:
	case SQLITE_CONSTRAINT_PRIMARYKEY:
	case SQLITE_CONSTRAINT_ROWID:
		return ERR_EXISTS;
	case SQLITE_CONSTRAINT_FOREIGNKEY: /* names a row that is not there */
		return ERR_PERM;
	default:
		return ERR_BUG;
	}
}

/* A corrupt or read-only store is ERR_TEMP: mail waits at the sender's while
 * an operator repairs it, and nothing bounces. */
static enum status status_of(int rc)
{
	switch (rc & 0xff) {
	case SQLITE_CONSTRAINT:
		return constraint(rc);
	case SQLITE_TOOBIG:
		return ERR_LIMIT;
	case SQLITE_NOTADB:
		return ERR_PERM;
	case SQLITE_ERROR:
	case SQLITE_MISUSE:
	case SQLITE_MISMATCH:
	case SQLITE_RANGE:
		return ERR_BUG;
	default:
		return ERR_TEMP;
	}
}

enum status sql_fail(struct store *s, int rc, const char *doing, struct err *e)
{
	const char *why = s->db ? sqlite3_errmsg(s->db) : sqlite3_errstr(rc);
	return err_set(e, status_of(rc), "store: %s (%d): %s", why, rc, doing);
}

static enum status prepared(struct store *s, const struct sql *q, sqlite3_stmt **st_r, struct err *e)
{
	sqlite3_stmt **slot = &s->slots[q - __start_store_sql];
	if (!*slot) {
		int rc = sqlite3_prepare_v3(s->db, q->text, -1, SQLITE_PREPARE_PERSISTENT, slot, NULL);
		if (rc != SQLITE_OK)
			return sql_fail(s, rc, q->text, e);
	}
	*st_r = *slot;
	return OK;
}

static int bind_one(sqlite3_stmt *st, int at, const struct sql_val *v)
{
	switch (v->type) {
	case SQL_ID:
		if (v->i == 0)
			return sqlite3_bind_null(st, at);
		return sqlite3_bind_int64(st, at, v->i);
	case SQL_TEXT:
		return sqlite3_bind_text(st, at, v->p ? v->p : "", -1, SQLITE_STATIC);
	case SQL_BLOB:
		if (v->n == 0)
			return sqlite3_bind_zeroblob(st, at, 0);
		return sqlite3_bind_blob64(st, at, v->p, v->n, SQLITE_STATIC);
	default:
		return sqlite3_bind_int64(st, at, v->i);
	}
}

static enum status bind_all(struct store *s, sqlite3_stmt *st, const struct sql_val *v, struct err *e)
{
	int n = 0;
	for (; v->type != SQL_END; v++) {
		int rc = bind_one(st, ++n, v);
		if (rc != SQLITE_OK)
			return sql_fail(s, rc, "bind", e);
	}
	if (n != sqlite3_bind_parameter_count(st))
		log_bug("store_bind", "sql=%s", log_quote(sqlite3_sql(st)));
	return OK;
}

/* After some errors (disk full, I/O) SQLite rolls the whole transaction back by
 * itself. Going on would then write single rows outside of any: half a job. */
static enum status allowed(const struct store *s, sqlite3_stmt *st, struct err *e)
{
	if (s->in_tx && sqlite3_get_autocommit(s->db))
		return err_set(e, ERR_TEMP, "store: the transaction was rolled back");
	if (!s->in_tx && !sqlite3_stmt_readonly(st))
		return err_set(e, ERR_BUG, "store: write outside a transaction: %s", sqlite3_sql(st));
	return OK;
}

enum status sql_open(struct store *s, const struct sql *q, const struct sql_val *v,
                     sqlite3_stmt **st_r, struct err *e)
{
	enum status st = prepared(s, q, st_r, e);
	if (st == OK)
		st = allowed(s, *st_r, e);
	if (st == OK)
		st = bind_all(s, *st_r, v, e);
	return st;
}

enum status sql_control(struct store *s, const struct sql *q, struct err *e)
{
	sqlite3_stmt *st = NULL;
	enum status got = prepared(s, q, &st, e);
	if (got == OK)
		got = sql_step(s, st, e);
	sqlite3_reset(st);
	return got == ERR_NOTFOUND ? OK : got;
}

enum status sql_step(struct store *s, sqlite3_stmt *st, struct err *e)
{
	switch (sqlite3_step(st)) {
	case SQLITE_ROW:
		return OK;
	case SQLITE_DONE:
		return ERR_NOTFOUND;
	default:
		return sql_fail(s, sqlite3_extended_errcode(s->db), sqlite3_sql(st), e);
	}
}

void sql_close(sqlite3_stmt *st)
{
	if (!st)
		return;
	sqlite3_reset(st); /* its result repeats the error of sql_step */
	sqlite3_clear_bindings(st);
}

enum status sql_run(struct store *s, const struct sql *q, const struct sql_val *v, struct err *e)
{
	sqlite3_stmt *row = NULL;
	enum status st = sql_open(s, q, v, &row, e);
	while (st == OK)
		st = sql_step(s, row, e);
	sql_close(row);
	return st == ERR_NOTFOUND ? OK : st;
}

enum status sql_put_packed(struct store *s, const struct sql *q, int64_t id, const void *p, size_t n, struct err *e)
{
	struct sb z = SB_INIT;
	enum status st = zip_pack(&s->zip, p, n, &z, e);
	if (st == OK)
		st = sql_run(s, q, BIND(B_INT(id), B_BLOB(z.s, z.len)), e);
	sb_free(&z);
	return st;
}

enum status sql_insert(struct store *s, const struct sql *q, const struct sql_val *v, int64_t *id_r, struct err *e)
{
	enum status st = sql_run(s, q, v, e);
	if (st == OK && !sql_changes(s))
		return err_set(e, ERR_NOTFOUND, "store: the row is there");
	if (st == OK)
		*id_r = sqlite3_last_insert_rowid(s->db);
	return st;
}

enum status sql_one(struct store *s, const struct sql *q, const struct sql_val *v, sql_row fn,
                    struct arena *a, void *row_r, struct err *e)
{
	sqlite3_stmt *row = NULL;
	enum status st = sql_open(s, q, v, &row, e);
	if (st == OK)
		st = sql_step(s, row, e);
	if (st == OK)
		fn(row, a, row_r);
	else if (st == ERR_NOTFOUND)
		err_set(e, st, "store: no such row");
	sql_close(row);
	return st;
}

static void take_number(sqlite3_stmt *st, struct arena *a, void *n_r)
{
	(void)a;
	*(int64_t *)n_r = sql_int(st, 0);
}

enum status sql_number(struct store *s, const struct sql *q, const struct sql_val *v, int64_t *n_r,
                       struct err *e)
{
	return sql_one(s, q, v, take_number, NULL, n_r, e);
}

struct bytes {
	const void *p;
	size_t n;
};

static void take_bytes(sqlite3_stmt *st, struct arena *a, void *row)
{
	struct bytes *b = row;
	b->p = sql_blob(st, 0, a, &b->n);
}

enum status sql_bytes(struct store *s, const struct sql *q, const struct sql_val *v, struct arena *a,
                      const void **p_r, size_t *n_r, struct err *e)
{
	struct bytes b = { NULL, 0 };
	enum status st = sql_one(s, q, v, take_bytes, a, &b, e);
	*p_r = b.p;
	*n_r = b.n;
	return st;
}

struct rows {
	char *v;
	size_t n, cap, size;
};

static void *rows_add(struct rows *r)
{
	if (r->n == r->cap) {
		r->cap = r->cap ? r->cap * 2 : 16;
		r->v = xrealloc(r->v, r->cap * r->size);
	}
	return memset(r->v + r->size * r->n++, 0, r->size);
}

enum status sql_list(struct store *s, const struct sql *q, const struct sql_val *v, sql_row fn, size_t size,
                     struct arena *a, void *v_r, size_t *n_r, struct err *e)
{
	struct rows r = { .size = size };
	sqlite3_stmt *row = NULL;
	enum status st = sql_open(s, q, v, &row, e);
	while (st == OK && (st = sql_step(s, row, e)) == OK)
		fn(row, a, rows_add(&r));
	sql_close(row);
	if (st == ERR_NOTFOUND) {
		void *copy = arena_memdup(a, r.v ? r.v : "", r.n * size);
		memcpy(v_r, &copy, sizeof copy);
		*n_r = r.n;
		st = OK;
	}
	free(r.v);
	return st;
}

int64_t sql_int(sqlite3_stmt *st, int col)
{
	return sqlite3_column_int64(st, col);
}

const char *sql_text(sqlite3_stmt *st, int col, struct arena *a)
{
	const void *p = sqlite3_column_text(st, col);
	return p ? arena_memdup(a, p, (size_t)sqlite3_column_bytes(st, col)) : "";
}

const void *sql_blob(sqlite3_stmt *st, int col, struct arena *a, size_t *n_r)
{
	const void *p = sqlite3_column_blob(st, col);
	*n_r = p ? (size_t)sqlite3_column_bytes(st, col) : 0;
	return arena_memdup(a, p ? p : "", *n_r);
}

int sql_changes(struct store *s)
{
	return sqlite3_changes(s->db);
}

enum status sql_script(struct store *s, const char *text, struct err *e)
{
	int rc = sqlite3_exec(s->db, text, NULL, NULL, NULL);
	return rc == SQLITE_OK ? OK : sql_fail(s, sqlite3_extended_errcode(s->db), "script", e);
}
