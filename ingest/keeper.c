/*
 * The spool's keeper: see keeper.h.
 *
 * A file is unlinked before its row says so: after a crash between the two the
 * row is due still, and a file that is gone already is as good as unlinked.
 */
#include "keeper.h"
#include "base/io.h"
#include "base/log.h"
#include "base/metrics.h"
#include "store/store_audit.h"
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BATCH = 64, SWEEP_EVERY_MS = 3600 * 1000 };

struct due {
	struct arena *a;
	epoch now;
	struct stored_file *v;
	size_t n;
};

static enum status load_due(struct store *s, void *arg, struct err *e)
{
	struct due *d = arg;
	return file_due(s, d->now, BATCH, d->a, &d->v, &d->n, e);
}

static enum status mark_deleted(struct store *s, void *arg, struct err *e)
{
	const struct due *d = arg;
	enum status st = OK;
	for (size_t i = 0; st == OK && i < d->n; i++) {
		struct audit row = { .at = d->now, .who = "system", .what = "file.delete", .ticket_id = d->v[i].ticket_id,
			.detail = arena_printf(d->a, "file %lld: %s", (long long)d->v[i].id, d->v[i].name) };
		st = file_deleted(s, d->v[i].id, d->now, e);
		if (st == OK)
			st = audit_add(s, &row, e);
	}
	return st;
}

static enum status unlink_all(const struct ingest *in, const struct due *d, struct err *e)
{
	enum status st = OK;
	for (size_t i = 0; st == OK && i < d->n; i++) {
		char *path = ingest_spool_path(in, d->v[i].spool);
		if (unlink(path) != 0 && errno != ENOENT)
			st = err_sys(e, ERR_TEMP, "%s", path);
		free(path);
	}
	char *any = ingest_spool_path(in, "x");
	if (st == OK && !io_sync_folder(any))
		st = err_sys(e, ERR_TEMP, "%s", in->spool);
	free(any);
	return st;
}

enum status keeper_delete_due(const struct ingest *in, epoch now, size_t *n_r, struct err *e)
{
	enum status st;
	struct due d = { .now = now };
	*n_r = 0;
	do {
		d.a = arena_new();
		d.n = 0;
		st = ingest_read(in, load_due, &d, e);
		if (st == OK && d.n)
			st = unlink_all(in, &d, e);
		if (st == OK && d.n)
			st = writer_run(in->writer, mark_deleted, &d, e);
		if (st == OK)
			*n_r += d.n;
		arena_free(&d.a);
	} while (st == OK && d.n == BATCH);
	return st;
}

/* ---- what a crash left ------------------------------------------------------------------- */

struct entry {
	const char *name;
	int64_t id;
};

static enum status find_row(struct store *s, void *arg, struct err *e)
{
	struct entry *x = arg;
	return file_by_spool(s, x->name, &x->id, e);
}

/* ERR_NOTFOUND: nobody will miss it. */
static enum status look_at(const struct ingest *in, const char *name, const char *path, time_t real_now, struct err *e)
{
	struct stat st;
	struct entry x = { .name = name };
	const char *dot = strrchr(name, '.');
	if (name[0] == '.' || stat(path, &st) != 0 || !S_ISREG(st.st_mode) || real_now - st.st_mtime < SWEEP_AGE)
		return OK;
	if (dot && strcmp(dot, ".part") == 0)
		return ERR_NOTFOUND;
	return ingest_read(in, find_row, &x, e);
}

enum status keeper_sweep(const struct ingest *in, time_t real_now, size_t *n_r, struct err *e)
{
	enum status st = OK;
	DIR *d = opendir(in->spool);
	*n_r = 0;
	if (!d)
		return err_sys(e, ERR_TEMP, "%s", in->spool);
	for (struct dirent *x; st == OK && (x = readdir(d));) {
		char *path = ingest_spool_path(in, x->d_name);
		st = look_at(in, x->d_name, path, real_now, e);
		if (st == ERR_NOTFOUND) {
			st = unlink(path) == 0 || errno == ENOENT ? OK : err_sys(e, ERR_TEMP, "%s", path);
			*n_r += st == OK;
		}
		free(path);
	}
	closedir(d);
	return st;
}

struct page {
	struct arena *a;
	int64_t after;
	struct stored_file *v;
	size_t n;
};

static enum status load_page(struct store *s, void *arg, struct err *e)
{
	struct page *p = arg;
	return file_stored(s, p->after, BATCH, p->a, &p->v, &p->n, e);
}

enum status keeper_missing(const struct ingest *in, size_t *n_r, struct err *e)
{
	enum status st;
	struct page p = { .after = 0 };
	*n_r = 0;
	do {
		p.a = arena_new();
		p.n = 0;
		st = ingest_read(in, load_page, &p, e);
		for (size_t i = 0; st == OK && i < p.n; i++) {
			char *path = ingest_spool_path(in, p.v[i].spool);
			if (!io_exists(path)) {
				log_error("file_missing", "file=%lld ticket=%lld", (long long)p.v[i].id, (long long)p.v[i].ticket_id);
				++*n_r;
			}
			free(path);
			p.after = p.v[i].id;
		}
		arena_free(&p.a);
	} while (st == OK && p.n == BATCH);
	return st;
}

static enum status sweep(const struct ingest *in, struct err *e)
{
	size_t swept = 0, missing = 0;
	enum status st = keeper_sweep(in, time(NULL), &swept, e);
	if (st == OK)
		st = keeper_missing(in, &missing, e);
	if (swept)
		log_info("swept", "files=%zu", swept);
	metrics_add("files_swept_total", swept);
	metrics_add("files_missing_total", missing);
	return st;
}

void keeper_round(struct keeper *k, epoch now)
{
	struct err e;
	size_t deleted = 0;
	enum status st = keeper_delete_due(k->in, now, &deleted, &e);
	if (deleted) {
		log_info("deleted", "files=%zu", deleted);
		metrics_add("files_deleted_total", deleted);
	}
	if (st == OK && clk_mono_ms() >= k->next_sweep_ms) {
		st = sweep(k->in, &e);
		k->next_sweep_ms = clk_mono_ms() + SWEEP_EVERY_MS;
	}
	if (st != OK && !k->quiet)
		log_error("keeper", "status=%s error=%s", status_name(st), log_quote(e.msg));
	k->quiet = st != OK;
}
