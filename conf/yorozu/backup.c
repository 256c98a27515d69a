/* Making and checking backups: see backup.h. */
#include "backup.h"
#include "backup_files.h"
#include "base/io.h"
#include "base/xalloc.h"
#include "store/store_backup.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MANIFEST_MAX = 64 << 20 };

struct making {
	const struct cfg *c;
	struct arena *a;
	const char *to;     /* the folder of the generations */
	const char *part;   /* the generation that is made */
	struct sb manifest;
	struct backup_sum *r;
};

/* ---- making --------------------------------------------------------------------------------- */

/* name: below the generation. */
static enum status write_down(struct making *m, const char *name, struct err *e)
{
	int64_t size = 0;
	char hex[2 * SHA256_LEN + 1];
	enum status st = backup_hash(arena_printf(m->a, "%s/%s", m->part, name), &size, hex, e);
	if (st == OK)
		sb_addf(&m->manifest, "%s %lld %s\n", name, (long long)size, hex);
	m->r->bytes += size;
	return st;
}

static enum status copy_stores(struct making *m, struct err *e)
{
	const char **v;
	size_t n = 0;
	char *folder = cfg_path(m->c, "store");
	enum status st = backup_names(folder, backup_is_store, m->a, &v, &n, e);
	for (size_t i = 0; st == OK && i < n; i++) {
		const char *copy = arena_printf(m->a, "%s/%s", m->part, v[i]);
		st = store_copy(arena_printf(m->a, "%s/%s", folder, v[i]), copy, e);
		if (st == OK)
			st = write_down(m, v[i], e);
		m->r->stores += st == OK;
	}
	free(folder);
	return st;
}

/* A file may be deleted while we look at it: then it is not in the backup. */
static enum status link_files(struct making *m, struct err *e)
{
	const char **v;
	size_t n = 0;
	char *folder = cfg_path(m->c, "spool-files");
	enum status st = io_mkdirs(arena_printf(m->a, "%s/spool-files", m->part), 0700, e);
	if (st == OK)
		st = backup_names(folder, backup_any_file, m->a, &v, &n, e);
	for (size_t i = 0; st == OK && i < n; i++) {
		const char *name = arena_printf(m->a, "spool-files/%s", v[i]);
		st = backup_link(arena_printf(m->a, "%s/%s", folder, v[i]), arena_printf(m->a, "%s/%s", m->part, name), e);
		if (st == OK) {
			st = write_down(m, name, e);
			m->r->files += st == OK;
		}
		if (st == ERR_NOTFOUND)
			st = OK;
	}
	free(folder);
	return st;
}

/* One generation of what the operator wrote, when it is not what it was. */
static enum status keep_system(const struct making *m, struct err *e)
{
	struct sb now = SB_INIT, then = SB_INIT;
	const char *to = arena_printf(m->a, "%s/system/yorozu.conf", m->to);
	char *from = cfg_path(m->c, "yorozu.conf");
	enum status st = io_mkdirs(arena_printf(m->a, "%s/system", m->to), 0700, e);
	if (st == OK)
		st = io_read_file(from, MANIFEST_MAX, &now, e);
	if (st == OK && io_exists(to))
		st = io_read_file(to, MANIFEST_MAX, &then, e);
	if (st == OK && (then.len != now.len || memcmp(now.s, then.s, now.len) != 0))
		st = io_write_file(to, 0600, now.s, now.len, e);
	free(from);
	sb_free(&now);
	sb_free(&then);
	return st;
}

static bool is_generation(const char *name)
{
	epoch at;
	return backup_generation(name, &at);
}

/* The one just made stays. Those with a later name, made while the clock was
 * wrong, go before older ones, or no new one would ever last. */
static enum status drop_oldest(const struct making *m, struct err *e)
{
	const char **v;
	size_t n = 0, left;
	enum status st = backup_names(m->to, is_generation, m->a, &v, &n, e);
	left = n;
	for (int later = 1; st == OK && later >= 0; later--)
		for (size_t i = 0; i < n && left > BACKUP_KEEP; i++)
			if (later ? strcmp(v[i], m->r->name) > 0 : strcmp(v[i], m->r->name) < 0) {
				backup_remove(arena_printf(m->a, "%s/%s", m->to, v[i]));
				left--;
			}
	return st;
}

/* Two within a second: the later one's name is the next second's. */
static void take_name(const struct making *m, epoch now)
{
	do {
		struct civil t = civil_of(now++);
		snprintf(m->r->name, sizeof m->r->name, "%04d%02d%02d-%02d%02d%02d", t.year, t.mon, t.day, t.hour, t.min, t.sec);
	} while (io_exists(arena_printf(m->a, "%s/%s", m->to, m->r->name)));
}

static enum status make_it(struct making *m, const char *key, epoch now, struct err *e)
{
	struct backup_sum again;
	backup_remove(m->part);
	enum status st = mkdir(m->part, 0700) == 0 ? OK : err_sys(e, ERR_TEMP, "%s", m->part);
	sb_addf(&m->manifest, "key %s\n", key);
	if (st == OK)
		st = copy_stores(m, e);
	if (st == OK)
		st = link_files(m, e);
	if (st == OK)
		st = io_write_file(arena_printf(m->a, "%s/MANIFEST", m->part), 0600, m->manifest.s, m->manifest.len, e);
	if (st == OK)
		st = backup_verify(m->part, key, &again, e);
	take_name(m, now);
	const char *name = arena_printf(m->a, "%s/%s", m->to, m->r->name);
	if (st == OK && (rename(m->part, name) != 0 || !io_sync_folder(name)))
		st = err_sys(e, ERR_TEMP, "%s", name);
	if (st != OK)
		backup_remove(m->part);
	return st;
}

enum status backup_make(const struct cfg *c, const char *to, const char *key, epoch now, struct backup_sum *r, struct err *e)
{
	struct making m = { .c = c, .a = arena_new(), .to = to, .manifest = SB_INIT, .r = r };
	*r = (struct backup_sum){ .name = "" };
	m.part = arena_printf(m.a, "%s/.making", to);
	enum status st = io_mkdirs(to, 0700, e);
	int lock = st == OK ? open(arena_printf(m.a, "%s/.lock", to), O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;
	if (st == OK && lock < 0)
		st = err_sys(e, ERR_TEMP, "%s/.lock", to);
	if (st == OK && flock(lock, LOCK_EX | LOCK_NB) != 0)
		st = err_set(e, ERR_EXISTS, "%s: another backup is made", to);
	if (st == OK)
		st = make_it(&m, key, now, e);
	if (st == OK)
		st = keep_system(&m, e);
	if (st == OK)
		st = drop_oldest(&m, e);
	if (lock >= 0)
		close(lock);
	sb_free(&m.manifest);
	arena_free(&m.a);
	return st;
}

/* ---- checking -------------------------------------------------------------------------------- */

/* "NAME SIZE SHA256": a store's name, or "spool-files/…" of one level. */
static bool name_ok(const char *name)
{
	const char *in = strncmp(name, "spool-files/", 12) == 0 ? name + 12 : name;
	return in != name ? *in && *in != '.' && !strchr(in, '/') : backup_is_store(name);
}

static enum status check_line(const char *generation, char *line, struct backup_sum *r, struct err *e)
{
	char hex[2 * SHA256_LEN + 1];
	int64_t size = 0;
	char *at = strchr(line, ' '), *sum = at ? strchr(at + 1, ' ') : NULL;
	if (!sum)
		return err_set(e, ERR_PERM, "MANIFEST: a line that is none");
	*at = *sum = '\0';
	if (!name_ok(line))
		return err_set(e, ERR_PERM, "MANIFEST: a name that can't be");
	char *path = xasprintf("%s/%s", generation, line);
	enum status st = backup_hash(path, &size, hex, e);
	if (st == OK && (strtoll(at + 1, NULL, 10) != size || strcmp(sum + 1, hex) != 0))
		st = err_set(e, ERR_PERM, "%s is not what was written", path);
	if (st == OK && backup_is_store(line))
		st = store_copy_check(path, e);
	r->bytes += size;
	if (strchr(line, '/'))
		r->files++;
	else
		r->stores++;
	free(path);
	return st == ERR_NOTFOUND ? ERR_PERM : st;
}

static enum status check_key(const char *line, const char *key, struct err *e)
{
	if (!line || strncmp(line, "key ", 4) != 0)
		return err_set(e, ERR_PERM, "MANIFEST: does not say under which key");
	if (strcmp(line + 4, key) != 0)
		return err_set(e, ERR_PERM, "this backup is of another master key: put back the keys/master.key that belongs to it");
	return OK;
}

enum status backup_verify(const char *generation, const char *key, struct backup_sum *r, struct err *e)
{
	struct sb text = SB_INIT;
	char *path = xasprintf("%s/MANIFEST", generation), *rest = NULL;
	*r = (struct backup_sum){ .name = "" };
	enum status st = io_read_file(path, MANIFEST_MAX, &text, e);
	char *line = st == OK ? strtok_r(text.s, "\n", &rest) : NULL;
	if (st == OK)
		st = check_key(line, key, e);
	while (st == OK && (line = strtok_r(NULL, "\n", &rest)))
		st = check_line(generation, line, r, e);
	if (st == OK && r->stores == 0)
		st = err_set(e, ERR_PERM, "%s: no store in it", generation);
	free(path);
	sb_free(&text);
	return st;
}
