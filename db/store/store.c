/*
 * The connection: opening, transactions, checking. See store.h.
 *
 * A file made here is 0640 whatever the umask; SQLite gives -wal and -shm the
 * owner and mode of the file itself, also when root opens it.
 *
 * SECURITY: DEFENSIVE and trusted_schema=OFF keep a doctored file from running
 * functions or writing its own schema.
 */
#include "store/store.h"
#include "base/xalloc.h"
#include "store/store_impl.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	BUSY_MS = 5000,       /* how long one process waits for another's transaction */
	BUSY_STEP_US = 20000
};

/* journal_size_limit: a WAL that a big mail has blown up is cut back.
 * wal_autocheckpoint: 1,000 pages, so that the commit that does it waits for
 * some milliseconds, not for seconds. */
static const char settings[] =
	"PRAGMA synchronous = FULL;"
	"PRAGMA foreign_keys = ON;"
	"PRAGMA trusted_schema = OFF;"
	"PRAGMA temp_store = MEMORY;"
	"PRAGMA cache_size = -16384;"
	"PRAGMA journal_size_limit = 16777216;"
	"PRAGMA wal_autocheckpoint = 4000;";

SQL(q_begin, "BEGIN IMMEDIATE");
SQL(q_commit, "COMMIT");
SQL(q_rollback, "ROLLBACK");
SQL(q_savepoint, "SAVEPOINT job");
SQL(q_release, "RELEASE job");
SQL(q_rollback_to, "ROLLBACK TO job");
SQL(q_wal, "PRAGMA journal_mode = WAL");
SQL(q_integrity, "SELECT integrity_check FROM pragma_integrity_check(100)");
SQL(q_foreign_keys, "SELECT \"table\", rowid, parent FROM pragma_foreign_key_check LIMIT 100");

/* ---- transactions -------------------------------------------------------- */

bool store_tx_alive(const struct store *s)
{
	return s->in_tx && !s->doubt && !sqlite3_get_autocommit(s->db);
}

enum status store_begin(struct store *s, struct err *e)
{
	if (s->in_tx)
		return err_set(e, ERR_BUG, "store: a transaction inside another");
	enum status st = sql_control(s, &q_begin, e);
	s->in_tx = st == OK;
	s->doubt = false;
	return st;
}

enum status store_commit(struct store *s, struct err *e)
{
	if (!s->in_tx)
		return err_set(e, ERR_BUG, "store: commit without a transaction");
	enum status st = OK;
	if (!store_tx_alive(s))
		st = err_set(e, ERR_TEMP, "store: the transaction was rolled back");
	else
		st = sql_control(s, &q_commit, e);
	if (st == OK)
		s->in_tx = false;
	else
		store_rollback(s);
	return st;
}

void store_rollback(struct store *s)
{
	if (!sqlite3_get_autocommit(s->db))
		(void)!sql_control(s, &q_rollback, NULL);
	s->in_tx = false;
}

enum status store_savepoint(struct store *s, struct err *e)
{
	return sql_control(s, &q_savepoint, e);
}

enum status store_release(struct store *s, struct err *e)
{
	return sql_control(s, &q_release, e);
}

void store_rollback_to(struct store *s)
{
	if (sql_control(s, &q_rollback_to, NULL) != OK || sql_control(s, &q_release, NULL) != OK)
		s->doubt = true;
}

/* ---- opening --------------------------------------------------------------- */

static void create_file(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0640);
	if (fd < 0)
		return; /* it is there, or can't be: SQLite will say */
	(void)!fchmod(fd, 0640);
	close(fd);
}

/* The change to WAL needs the file alone for a moment and does not call the
 * busy handler in every case: two first openers would meet there. */
static enum status wal_mode(struct store *s, struct err *e)
{
	enum status st = OK;
	for (int waited = 0; waited < BUSY_MS * 1000; waited += BUSY_STEP_US) {
		st = sql_control(s, &q_wal, e);
		if (st != ERR_TEMP || (sqlite3_errcode(s->db) & 0xff) != SQLITE_BUSY)
			return st;
		usleep(BUSY_STEP_US);
	}
	return st;
}

static enum status connect_file(struct store *s, const char *path, struct err *e)
{
	if (!s->look)
		create_file(path);
	else if (access(path, F_OK) != 0)
		return err_sys(e, ERR_NOTFOUND, "store %s", path);
	int flags = (s->look ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
	int rc = sqlite3_open_v2(path, &s->db, flags, NULL);
	if (rc == SQLITE_OK)
		return OK;
	int sys = s->db ? sqlite3_system_errno(s->db) : 0;
	bool misplaced = sys == ENOENT || sys == ENOTDIR || sys == EACCES || sys == EISDIR;
	if (misplaced || access(path, R_OK | W_OK) != 0)
		return err_set(e, ERR_PERM, "store %s: %s", path, strerror(misplaced ? sys : errno));
	return sql_fail(s, rc, path, e);
}

static enum status prepare_connection(struct store *s, struct err *e)
{
	sqlite3_busy_timeout(s->db, BUSY_MS);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	enum status st = s->look ? OK : wal_mode(s, e);
	return st == OK ? sql_script(s, settings, e) : st;
}

/* behind_r: only to look, and there to say how far behind it is. */
static enum status open_as(const char *path, enum store_kind kind, const uint8_t *master, int *behind_r,
                           struct store **s_r, struct err *e)
{
	size_t statements;
	sql_all(&statements);
	struct store *s = xcalloc(1, sizeof *s);
	s->slots = xcalloc(statements, sizeof *s->slots);
	s->kind = kind;
	s->look = behind_r != NULL;
	s->has_key = master != NULL;
	if (master) {
		crypto_derive(master, "store.columns", s->column_key);
		link_init(&s->links, master);
	} else {
		crypto_random(&s->links, sizeof s->links);
	}
	enum status st = connect_file(s, path, e);
	if (st == OK)
		st = prepare_connection(s, e);
	if (st == OK)
		st = s->look ? store_behind(s, behind_r, e) : store_migrate(s, e);
	if (st == OK)
		st = store_key_check(s, e);
	if (st != OK)
		store_close(&s);
	*s_r = s;
	return st;
}

enum status store_open(const char *path, const uint8_t *master, struct store **s_r, struct err *e)
{
	return open_as(path, STORE_MAIN, master, NULL, s_r, e);
}

enum status store_open_look(const char *path, const uint8_t *master, struct store **s_r, int *behind_r, struct err *e)
{
	return open_as(path, STORE_MAIN, master, behind_r, s_r, e);
}

enum status store_open_kind(const char *path, enum store_kind kind, bool look, struct store **s_r, struct err *e)
{
	int behind = 0;
	enum status st = open_as(path, kind, NULL, look ? &behind : NULL, s_r, e);
	if (st != OK || behind == 0)
		return st;
	store_close(s_r);
	return err_set(e, ERR_TEMP, "%s: of an older version, yorozu-ingest brings it forward", path);
}

void store_close(struct store **sp)
{
	struct store *s = sp ? *sp : NULL;
	if (!s)
		return;
	size_t statements;
	sql_all(&statements);
	for (size_t i = 0; i < statements; i++)
		sqlite3_finalize(s->slots[i]);
	sqlite3_close(s->db);
	store_zip_free(&s->zip);
	crypto_wipe(s->column_key, sizeof s->column_key);
	crypto_wipe(&s->links, sizeof s->links);
	free(s->slots);
	free(s);
	*sp = NULL;
}

/* ---- sealed columns --------------------------------------------------------- */

static const char *place(char *buf, size_t n, const char *column, int64_t row)
{
	snprintf(buf, n, "%s:%lld", column, (long long)row);
	return buf;
}

enum status column_seal(struct store *s, const char *column, int64_t row, const char *plain,
                        struct sb *out, struct err *e)
{
	char aad[128];
	if (!s->has_key)
		return err_set(e, ERR_DENIED, "store: opened without the master key");
	crypto_seal(s->column_key, place(aad, sizeof aad, column, row), plain, strlen(plain), out);
	return OK;
}

enum status column_open(struct store *s, const char *column, int64_t row, const void *p, size_t n,
                        struct sb *out, struct err *e)
{
	char aad[128];
	if (!s->has_key)
		return err_set(e, ERR_DENIED, "store: opened without the master key");
	return crypto_open(s->column_key, place(aad, sizeof aad, column, row), p, n, out, e);
}

/* ---- checking ------------------------------------------------------------------ */

static void take_text(sqlite3_stmt *st, struct arena *a, void *row)
{
	*(const char **)row = sql_text(st, 0, a);
}

static void take_orphan(sqlite3_stmt *st, struct arena *a, void *row)
{
	*(const char **)row = arena_printf(a, "%s row %lld names a row of %s that is not there",
	                                   sql_text(st, 0, a), (long long)sql_int(st, 1), sql_text(st, 2, a));
}

static enum status check_by(struct store *s, const struct sql *q, sql_row fn, struct sb *text, struct err *e)
{
	struct arena *a = arena_new();
	const char **lines;
	size_t n = 0;
	enum status st = sql_list(s, q, BIND_NONE, fn, sizeof *lines, a, &lines, &n, e);
	for (size_t i = 0; st == OK && i < n; i++)
		if (strcmp(lines[i], "ok") != 0)
			sb_addf(text, "%s\n", lines[i]);
	arena_free(&a);
	return st;
}

enum status store_check(struct store *s, struct sb *text, struct err *e)
{
	size_t before = text->len;
	enum status st = check_by(s, &q_integrity, take_text, text, e);
	if (st == OK)
		st = check_by(s, &q_foreign_keys, take_orphan, text, e);
	if (st == OK && text->len > before)
		st = err_set(e, ERR_PERM, "the store is damaged");
	return st;
}
