/*
 * The month files of a folder, and the one that is written: see agent_month.h.
 *
 * Batches share the lock, a change of month takes it alone. What a new file
 * takes over is written in one transaction with the row that says it is whole:
 * a crash before that leaves a file without it, which is then begun again.
 */
#include "base/io.h"
#include "base/log.h"
#include "base/xalloc.h"
#include "store/agent_month_impl.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

SQL_OF(STORE_MONTH, q_month, "SELECT month FROM month WHERE id = 1");
SQL_OF(STORE_MONTH, q_month_set, "INSERT INTO month (id, month, made_at) VALUES (1, ?, ?)");

#define STEP ((off_t)256 << 20) /* bytes given back at a time */

struct agent_files {
	char *folder;
	unsigned max_batch;
	pthread_rwlock_t lock; /* what is below */
	int month;
	struct store_writer *w;
};

int agent_month_of(epoch t)
{
	struct civil c = civil_of(t);
	return c.year * 100 + c.mon;
}

char *agent_month_path(const char *folder, int month)
{
	return xasprintf("%s/agent-%06d.db", folder, month);
}

/* "agent-202611.db" */
static int month_of_name(const char *name)
{
	int month = 0;
	if (strlen(name) != 15 || strncmp(name, "agent-", 6) != 0 || strcmp(name + 12, ".db") != 0)
		return 0;
	for (const char *p = name + 6; p < name + 12; p++) {
		if (*p < '0' || *p > '9')
			return 0;
		month = month * 10 + (*p - '0');
	}
	return month;
}

static int by_number(const void *x, const void *y)
{
	return (*(const int *)x > *(const int *)y) - (*(const int *)x < *(const int *)y);
}

enum { MONTHS_MAX = 1200 };

enum status agent_months(const char *folder, struct arena *a, int **v_r, size_t *n_r, struct err *e)
{
	int *v = arena_alloc(a, MONTHS_MAX * sizeof *v), month;
	size_t n = 0;
	DIR *d = opendir(folder);
	if (!d)
		return err_sys(e, ERR_TEMP, "%s", folder);
	for (struct dirent *x; (x = readdir(d)) && n < MONTHS_MAX;)
		if ((month = month_of_name(x->d_name)) != 0)
			v[n++] = month;
	closedir(d);
	qsort(v, n, sizeof *v, by_number);
	*v_r = v;
	*n_r = n;
	return OK;
}

static int months_since_0(int month)
{
	return month / 100 * 12 + month % 100;
}

/* newest 0: there is none. */
static enum status believe(int newest, int month, struct err *e)
{
	if (newest && months_since_0(month) - months_since_0(newest) > AGENT_DOUBT)
		return err_set(e, ERR_DENIED, "the clock says %d, the newest month is %d: set the clock, or if it is right move agent-%d.db away",
		               month, newest, newest);
	return OK;
}

enum status agent_months_believe(const char *folder, epoch now, struct err *e)
{
	struct arena *a = arena_new();
	int *v;
	size_t n = 0;
	enum status st = agent_months(folder, a, &v, &n, e);
	if (st == OK)
		st = believe(n ? v[n - 1] : 0, agent_month_of(now), e);
	arena_free(&a);
	return st;
}

/* Every terminal has its own leaves in the roll-ups: what is written over and
 * over is to stay in memory, and to reach the file seldom. */
static const char settings[] =
	"PRAGMA cache_size = -65536;"
	"PRAGMA wal_autocheckpoint = 8000;"
	"PRAGMA journal_size_limit = 67108864;";

enum status agent_month_open(const char *folder, int month, bool look, struct store **s_r, struct err *e)
{
	char *path = agent_month_path(folder, month);
	enum status st = store_open_kind(path, STORE_MONTH, look, s_r, e);
	free(path);
	if (st == OK && !look && (st = sql_script(*s_r, settings, e)) != OK)
		store_close(s_r);
	return st;
}

/* ---- a new month ------------------------------------------------------------------------ */

static enum status take_over(struct store *s, struct err *e)
{
	return sql_script(s, "INSERT INTO main.term (terminal, contract, epoch, seq, strays, have, last_at, skew_ms) "
	                  "SELECT terminal, contract, epoch, seq, strays, have, last_at, skew_ms FROM prev.term", e);
}

static enum status attach(struct store *s, const char *folder, int before, struct err *e)
{
	char *path = agent_month_path(folder, before);
	char *sql = sqlite3_mprintf("ATTACH %Q AS prev", path);
	enum status st = sql_script(s, sql, e);
	sqlite3_free(sql);
	free(path);
	return st;
}

/* before: the month that it takes over from; 0: none. */
static enum status begin_month(struct store *s, const char *folder, int month, int before, epoch now, struct err *e)
{
	enum status st = before ? attach(s, folder, before, e) : OK;
	if (st != OK || (st = store_begin(s, e)) != OK)
		return st;
	if (before)
		st = take_over(s, e);
	if (st == OK)
		st = sql_run(s, &q_month_set, BIND(B_INT(month), B_INT(now)), e);
	if (st == OK)
		st = store_commit(s, e);
	else
		store_rollback(s);
	if (before && sql_script(s, "DETACH prev", NULL) != OK && st == OK)
		st = err_set(e, ERR_TEMP, "month %d: the one before can't be let go", month);
	return st;
}

static enum status open_current(const char *folder, int month, int before, epoch now, struct store **s_r, struct err *e)
{
	int64_t is;
	enum status st = agent_month_open(folder, month, false, s_r, e);
	if (st != OK)
		return st;
	st = sql_number(*s_r, &q_month, BIND_NONE, &is, e);
	if (st == ERR_NOTFOUND)
		st = begin_month(*s_r, folder, month, before, now, e);
	if (st != OK)
		store_close(s_r);
	return st;
}

/* Has f write the newest file, or a newer one if it is time. Alone. */
static enum status turn(struct agent_files *f, epoch now, struct err *e)
{
	struct arena *a = arena_new();
	struct store *s = NULL;
	int *v, month = agent_month_of(now), before = 0;
	size_t n = 0;
	enum status st = agent_months(f->folder, a, &v, &n, e);
	if (st == OK && believe(n ? v[n - 1] : 0, month, e) != OK)
		st = ERR_TEMP; /* it may be set right at any moment */
	if (n && v[n - 1] > month)
		month = v[n - 1];
	for (size_t i = 0; i < n && v[i] < month; i++)
		before = v[i];
	arena_free(&a);
	if (st == OK)
		st = open_current(f->folder, month, before, now, &s, e);
	if (st != OK)
		return st;
	writer_stop(&f->w);
	writer_start_on(&s, f->max_batch, &f->w);
	f->month = month;
	return OK;
}

enum status agent_files_open(const char *folder, epoch now, unsigned max_batch, struct agent_files **f_r, struct err *e)
{
	struct agent_files *f = xcalloc(1, sizeof *f);
	f->folder = xstrdup(folder);
	f->max_batch = max_batch;
	pthread_rwlock_init(&f->lock, NULL);
	*f_r = f;
	enum status st = turn(f, now, e);
	if (st != OK)
		agent_files_close(f_r);
	return st;
}

void agent_files_close(struct agent_files **fp)
{
	struct agent_files *f = fp ? *fp : NULL;
	if (!f)
		return;
	writer_stop(&f->w);
	pthread_rwlock_destroy(&f->lock);
	free(f->folder);
	free(f);
	*fp = NULL;
}

enum status agent_files_put(struct agent_files *f, struct agent_put *p, struct err *e)
{
	epoch now = p->now_ms / 1000;
	enum status st = OK;
	pthread_rwlock_rdlock(&f->lock);
	if (agent_month_of(now) > f->month) {
		pthread_rwlock_unlock(&f->lock);
		pthread_rwlock_wrlock(&f->lock);
		if (agent_month_of(now) > f->month)
			st = turn(f, now, e);
		pthread_rwlock_unlock(&f->lock);
		pthread_rwlock_rdlock(&f->lock);
	}
	if (st == OK)
		st = writer_run(f->w, agent_put_job, p, e);
	pthread_rwlock_unlock(&f->lock);
	return st;
}

/* ---- months that are over ---------------------------------------------------------------- */

/* The name goes first; then its space, a step at a time. */
static enum status drop(const char *path, struct err *e)
{
	static const char *const ends[] = { "-wal", "-shm" };
	struct stat st;
	int fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? OK : err_sys(e, ERR_TEMP, "%s", path);
	bool ok = unlink(path) == 0 && fstat(fd, &st) == 0;
	for (off_t n = ok ? st.st_size : 0; ok && n > STEP; n -= STEP)
		ok = ftruncate(fd, n - STEP) == 0;
	close(fd);
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		char *beside = xasprintf("%s%s", path, ends[i]);
		unlink(beside);
		free(beside);
	}
	return ok ? OK : err_sys(e, ERR_TEMP, "%s", path);
}

enum status agent_months_drop(const char *folder, int keep_from, size_t *n_r, struct err *e)
{
	struct arena *a = arena_new();
	int *v;
	size_t n = 0;
	*n_r = 0;
	enum status st = agent_months(folder, a, &v, &n, e);
	for (size_t i = 0; st == OK && i + 1 < n && v[i] < keep_from; i++) {
		char *path = agent_month_path(folder, v[i]);
		st = drop(path, e);
		*n_r += st == OK;
		free(path);
	}
	arena_free(&a);
	return st;
}
