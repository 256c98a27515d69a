#ifndef STORE_IMPL_H
#define STORE_IMPL_H
/*
 * Inside db/store only: the connection, and a thin layer over SQLite that
 * keeps the files of the table groups down to SQL and field lists. Nobody
 * else sees sqlite3.h.
 *
 * A statement is a constant made by SQL(); the linker gathers them all in one
 * array, so each has a slot in a connection's cache (prepared at first use)
 * and a test can look at the query plan of every one. A statement is in use
 * from sql_open to sql_close; the same one can't be open twice.
 */
#include "base/arena.h"
#include "base/link.h"
#include "store/store.h"
#include "store/store_zip.h"
#include <sqlite3.h>
#include <stdbool.h>

/* The files that there are: yorozu.db; agent.db; agent-YYYYMM.db. */
enum store_kind { STORE_MAIN, STORE_AGENT, STORE_MONTH, STORE_KINDS };

struct store {
	sqlite3 *db;
	enum store_kind kind;
	sqlite3_stmt **slots;        /* by SQL() constant */
	struct store_zip *zip;       /* made at first use */
	uint8_t column_key[KEY_LEN]; /* of sealed columns */
	struct link_ctx links;       /* what addresses of links are made under */
	bool has_key;
	bool look;    /* opened read-only */
	bool in_tx;   /* between store_begin and its end */
	bool doubt;   /* a read that could not report its error failed: no commit */
};

struct sql {
	const char *text;
	enum store_kind kind; /* whose tables it names */
};
#define SQL_OF(kind, name, sql_text) \
	static const struct sql name __attribute__((section("store_sql"), used)) = { sql_text, kind }
#define SQL(name, sql_text) SQL_OF(STORE_MAIN, name, sql_text)

/* What a statement's parameters are given, in order. */
struct sql_val {
	enum { SQL_END, SQL_INT, SQL_ID, SQL_TEXT, SQL_BLOB } type;
	int64_t i;
	const void *p;
	size_t n;
};
#define B_INT(x)     ((struct sql_val){ .type = SQL_INT, .i = (int64_t)(x) })
#define B_ID(x)      ((struct sql_val){ .type = SQL_ID, .i = (int64_t)(x) }) /* 0 becomes NULL */
#define B_TEXT(s)    ((struct sql_val){ .type = SQL_TEXT, .p = (s) })        /* NULL becomes "" */
#define B_BLOB(b, l) ((struct sql_val){ .type = SQL_BLOB, .p = (b), .n = (l) })
#define BIND(...)    ((const struct sql_val[]){ __VA_ARGS__, { .type = SQL_END } })
#define BIND_NONE    ((const struct sql_val[]){ { .type = SQL_END } })

/* Bound bytes must live until sql_close. Writing outside a transaction is
 * ERR_BUG; inside one that SQLite has rolled back by itself, ERR_TEMP. */
enum status sql_open(struct store *s, const struct sql *q, const struct sql_val *v,
                     sqlite3_stmt **st_r, struct err *e) must_check;
enum status sql_step(struct store *s, sqlite3_stmt *st, struct err *e) must_check; /* ERR_NOTFOUND: no more rows */
void sql_close(sqlite3_stmt *st);

/* BEGIN, COMMIT and the like: past the guard of sql_open. */
enum status sql_control(struct store *s, const struct sql *q, struct err *e) must_check;

/* The usual shapes. A row function copies one row into the arena. */
typedef void (*sql_row)(sqlite3_stmt *st, struct arena *a, void *row);
enum status sql_run(struct store *s, const struct sql *q, const struct sql_val *v, struct err *e) must_check;
/* First column of the first row, as an integer; ERR_NOTFOUND without a row. */
enum status sql_number(struct store *s, const struct sql *q, const struct sql_val *v, int64_t *n_r,
                       struct err *e) must_check;
/* An INSERT of one row and its id; ERR_NOTFOUND: ON CONFLICT DO NOTHING did
 * nothing. (RETURNING costs SQLite a table of its own for each row.) */
enum status sql_insert(struct store *s, const struct sql *q, const struct sql_val *v, int64_t *id_r,
                       struct err *e) must_check;
/* A statement of an id and a blob, which is p compressed. */
enum status sql_put_packed(struct store *s, const struct sql *q, int64_t id, const void *p, size_t n, struct err *e) must_check;
enum status sql_one(struct store *s, const struct sql *q, const struct sql_val *v, sql_row fn,
                    struct arena *a, void *row, struct err *e) must_check;
/* First column of the first row, as bytes in the arena; ERR_NOTFOUND without a row. */
enum status sql_bytes(struct store *s, const struct sql *q, const struct sql_val *v, struct arena *a,
                      const void **p_r, size_t *n_r, struct err *e) must_check;
/* An array of rows of `size` bytes in the arena, zeroed before fn. */
enum status sql_list(struct store *s, const struct sql *q, const struct sql_val *v, sql_row fn, size_t size,
                     struct arena *a, void *v_r, size_t *n_r, struct err *e) must_check;

int64_t sql_int(sqlite3_stmt *st, int col);                             /* NULL is 0 */
const char *sql_text(sqlite3_stmt *st, int col, struct arena *a);       /* NULL is "" */
const void *sql_blob(sqlite3_stmt *st, int col, struct arena *a, size_t *n_r);

/* Rows changed by the last INSERT, UPDATE or DELETE. */
int sql_changes(struct store *s);

/* A failed SQLite call: its status and text. */
enum status sql_fail(struct store *s, int rc, const char *doing, struct err *e);
/* Several statements, without parameters (schema, pragmas). */
enum status sql_script(struct store *s, const char *text, struct err *e) must_check;

/* Every statement of the program, for the test of query plans. */
const struct sql *sql_all(size_t *n_r);

/* Sealed columns (OPS-07): AES-256-GCM bound to table, column and row. */
enum status column_seal(struct store *s, const char *column, int64_t row, const char *plain,
                        struct sb *out, struct err *e) must_check;
enum status column_open(struct store *s, const char *column, int64_t row, const void *p, size_t n,
                        struct sb *out, struct err *e) must_check;

/* store_key.c: ERR_PERM when the store was made under another master key. */
enum status store_key_check(struct store *s, struct err *e) must_check;

/* False when SQLite had to give up the transaction, or a silent read failed. */
bool store_tx_alive(const struct store *s);

/* store_ticket.c: a ticket's columns and its row function, for other lists of tickets. */
#define TICKET_ROW \
	"id, opened_at, state, channel, contract_id, assignee_id, previous_id, category, subject, " \
	"closed_at, last_at, waiting_since, due_at"
void ticket_take(sqlite3_stmt *st, struct arena *a, void *ticket);

/* schema.c: entry n brings a store of version n to n + 1. */
struct store_schema {
	int32_t app_id;
	const char *const *migrations;
	int version;
};
extern const struct store_schema store_schemas[STORE_KINDS];
/* As store_open, or (look) store_open_look; sealed columns only in STORE_MAIN. */
enum status store_open_kind(const char *path, enum store_kind kind, bool look, struct store **s_r, struct err *e) must_check;
/* store_migrate.c: brings the schema forward to this program's. */
enum status store_behind(struct store *s, int *behind_r, struct err *e) must_check;
enum status store_migrate(struct store *s, struct err *e) must_check;

#endif
