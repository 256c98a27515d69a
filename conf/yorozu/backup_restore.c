/* Putting a backup back: see backup.h. */
#include "backup.h"
#include "backup_files.h"
#include "base/io.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct putting {
	struct arena *a;
	const char *from, *store, *spool;
	const char **v; /* stores of the backup */
	size_t n;
};

static const char *beside(const struct putting *p, const char *name, const char *end)
{
	return arena_printf(p->a, "%s/%s%s", p->store, name, end);
}

/* All of them are on the disk before the first takes its place. */
static enum status bring(const struct putting *p, struct err *e)
{
	enum status st = OK;
	for (size_t i = 0; st == OK && i < p->n; i++)
		st = backup_copy(arena_printf(p->a, "%s/%s", p->from, p->v[i]), beside(p, p->v[i], ".restored"), e);
	if (st == OK && !io_sync_folder(beside(p, "x", "")))
		st = err_sys(e, ERR_TEMP, "%s", p->store);
	return st;
}

/* A -wal of the old file would be played into the new one. */
static enum status take_place(const struct putting *p, const char *name, struct err *e)
{
	const char *file = beside(p, name, "");
	bool ok = (unlink(beside(p, name, "-wal")) == 0 || errno == ENOENT) && (unlink(beside(p, name, "-shm")) == 0 || errno == ENOENT);
	ok = ok && rename(beside(p, name, ".restored"), file) == 0;
	return ok ? OK : err_sys(e, ERR_TEMP, "%s", file);
}

static bool in_backup(const struct putting *p, const char *name)
{
	for (size_t i = 0; i < p->n; i++)
		if (strcmp(p->v[i], name) == 0)
			return true;
	return false;
}

/* Months that came later: their terminals' place is told by the others' files. */
static enum status drop_others(const struct putting *p, struct err *e)
{
	static const char *const ends[] = { "", "-wal", "-shm" };
	const char **v;
	size_t n = 0;
	enum status st = backup_names(p->store, backup_is_store, p->a, &v, &n, e);
	for (size_t i = 0; st == OK && i < n; i++)
		for (size_t k = 0; !in_backup(p, v[i]) && k < sizeof ends / sizeof *ends; k++)
			if (unlink(beside(p, v[i], ends[k])) != 0 && errno != ENOENT)
				st = err_sys(e, ERR_TEMP, "%s", beside(p, v[i], ends[k]));
	return st;
}

static enum status bring_files(const struct putting *p, struct err *e)
{
	const char **v;
	size_t n = 0;
	const char *from = arena_printf(p->a, "%s/spool-files", p->from);
	enum status st = backup_names(from, backup_any_file, p->a, &v, &n, e);
	for (size_t i = 0; st == OK && i < n; i++)
		st = backup_link(arena_printf(p->a, "%s/%s", from, v[i]), arena_printf(p->a, "%s/%s", p->spool, v[i]), e);
	return st;
}

enum status backup_restore(const struct cfg *c, const char *generation, const char *key, struct backup_sum *r, struct err *e)
{
	char *store = cfg_path(c, "store"), *spool = cfg_path(c, "spool-files");
	struct putting p = { .a = arena_new(), .from = generation, .store = store, .spool = spool };
	enum status st = backup_verify(generation, key, r, e);
	if (st == OK)
		st = backup_names(generation, backup_is_store, p.a, &p.v, &p.n, e);
	if (st == OK)
		st = bring(&p, e);
	if (st == OK)
		st = bring_files(&p, e);
	if (st == OK)
		st = drop_others(&p, e);
	for (size_t i = 0; st == OK && i < p.n; i++)
		st = take_place(&p, p.v[i], e);
	if (st == OK && !io_sync_folder(beside(&p, "x", "")))
		st = err_sys(e, ERR_TEMP, "%s", store);
	arena_free(&p.a);
	free(store);
	free(spool);
	return st;
}
