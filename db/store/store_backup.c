/* Copies of stores: see store_backup.h. */
#include "store/store_backup.h"
#include "base/io.h"
#include "base/xalloc.h"
#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BUSY_MS = 10000 };

static enum status failed(sqlite3 *db, int rc, const char *path, struct err *e)
{
	enum status st = rc == SQLITE_CORRUPT || rc == SQLITE_NOTADB ? ERR_PERM : ERR_TEMP;
	return err_set(e, st, "%s: %s", path, db ? sqlite3_errmsg(db) : sqlite3_errstr(rc));
}

/* All pages in one read transaction: a moment of the source. */
static int copy_pages(sqlite3 *from, sqlite3 *to)
{
	sqlite3_backup *b = sqlite3_backup_init(to, "main", from, "main");
	if (!b)
		return sqlite3_errcode(to);
	int rc = sqlite3_backup_step(b, -1);
	int end = sqlite3_backup_finish(b);
	return rc == SQLITE_DONE ? end : rc;
}

static bool sync_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool ok = fd >= 0 && fsync(fd) == 0;
	if (fd >= 0)
		close(fd);
	return ok && io_sync_folder(path);
}

enum status store_copy(const char *from, const char *to, struct err *e)
{
	sqlite3 *in = NULL, *out = NULL;
	enum status st = OK;
	int fd = open(to, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_sys(e, ERR_TEMP, "%s", to);
	close(fd);
	int rc = sqlite3_open_v2(from, &in, SQLITE_OPEN_READONLY, NULL);
	if (rc != SQLITE_OK)
		st = failed(in, rc, from, e);
	if (st == OK && (rc = sqlite3_open_v2(to, &out, SQLITE_OPEN_READWRITE, NULL)) != SQLITE_OK)
		st = failed(out, rc, to, e);
	if (st == OK) {
		sqlite3_busy_timeout(in, BUSY_MS);
		rc = copy_pages(in, out);
		if (rc == SQLITE_OK)
			rc = sqlite3_exec(out, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
		if (rc != SQLITE_OK)
			st = failed(out, rc, to, e);
	}
	sqlite3_close(out);
	sqlite3_close(in);
	if (st == OK && !sync_file(to))
		st = err_sys(e, ERR_TEMP, "%s", to);
	if (st != OK)
		unlink(to);
	return st;
}

/* The first row of a pragma: "ok", or what is wrong; none is as good as "ok". */
static enum status ask(sqlite3 *db, const char *sql, const char *path, struct err *e)
{
	sqlite3_stmt *st = NULL;
	enum status r = OK;
	int rc = sqlite3_prepare_v2(db, sql, -1, &st, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(st);
	const char *says = rc == SQLITE_ROW ? (const char *)sqlite3_column_text(st, 0) : "ok";
	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		r = err_set(e, ERR_PERM, "%s: %s", path, sqlite3_errmsg(db));
	else if (!says || strcmp(says, "ok") != 0)
		r = err_set(e, ERR_PERM, "%s: %s", path, says ? says : "?");
	sqlite3_finalize(st);
	return r;
}

enum status store_copy_check(const char *path, struct err *e)
{
	sqlite3 *db = NULL;
	char *uri = xasprintf("file:%s?immutable=1", path);
	int rc = sqlite3_open_v2(uri, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL);
	enum status st = rc == SQLITE_OK ? OK : failed(db, rc, path, e);
	free(uri);
	if (st == OK)
		st = ask(db, "SELECT CASE application_id / 256 WHEN 5853786 THEN 'ok' ELSE 'not a Yorozu store' END "
		         "FROM pragma_application_id", path, e);
	if (st == OK)
		st = ask(db, "PRAGMA integrity_check(1)", path, e);
	if (st == OK)
		st = ask(db, "PRAGMA foreign_key_check", path, e);
	sqlite3_close(db);
	return st;
}
