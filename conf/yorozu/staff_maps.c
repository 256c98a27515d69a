/*
 * Staff into Postfix's and Dovecot's maps: see staff_maps.h.
 *
 * SECURITY: the writer is root and believes nobody: a value that could break
 * out of its place in a map (white space, ':', a path) is refused, whoever put
 * it into the store.
 */
#include "staff_maps.h"
#include "instance.h"
#include "base/arena.h"
#include "base/io.h"
#include "base/xalloc.h"
#include "store/store_people.h"
#include "text/field_rule.h"
#include <ctype.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <unistd.h>

enum { LOGIN_MAX = 32, DUMP_MAX = 16 << 20 };

bool staff_login_ok(const char *s)
{
	size_t n = strlen(s);
	return n >= 1 && n <= LOGIN_MAX && isalnum((unsigned char)s[0]) && s[n - 1] != '.' && !strstr(s, "..") &&
	       strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789._-") == n;
}

static bool hash_ok(const char *s)
{
	for (; *s; s++)
		if (!isalnum((unsigned char)*s) && !strchr("./$={}-", *s))
			return false;
	return true;
}

enum status staff_maps_begin(struct staff_maps *m, const struct cfg *c, struct err *e)
{
	char *dir = cfg_path(c, "etc/dovecot");
	*m = (struct staff_maps){ .cfg = c, .lock = -1, .fd = -1 };
	enum status st = OK;
	if (access(dir, W_OK) != 0)
		st = err_sys(e, ERR_DENIED, "the mail system's maps in %s", dir);
	else if ((m->lock = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0 || flock(m->lock, LOCK_EX) != 0)
		st = err_sys(e, ERR_TEMP, "%s", dir);
	else if ((m->fd = memfd_create("staff", MFD_CLOEXEC)) < 0)
		st = err_sys(e, ERR_TEMP, "memfd");
	free(dir);
	if (st != OK)
		staff_maps_end(m);
	return st;
}

void staff_maps_end(struct staff_maps *m)
{
	if (m->lock >= 0)
		close(m->lock);
	if (m->fd >= 0)
		close(m->fd);
	m->lock = m->fd = -1;
}

/* login, address, hash, "editor" or "", each ended by NUL. Who is disabled keeps the mailbox
 * (mail under way is not lost) but can't log in. */
enum status staff_maps_dump(const struct staff_maps *m, struct store *s, struct err *e)
{
	struct arena *a = arena_new();
	struct sb out = SB_INIT;
	struct staff *v;
	size_t n = 0;
	enum status st = staff_list(s, 0, a, &v, &n, e);
	for (size_t i = 0; i < n && st == OK; i++) {
		const char *hash = "";
		if (v[i].active)
			st = staff_password_get(s, v[i].id, a, &hash, e);
		sb_add(&out, v[i].login, strlen(v[i].login) + 1);
		sb_add(&out, v[i].address, strlen(v[i].address) + 1);
		sb_add(&out, hash, strlen(hash) + 1);
		const char *role = v[i].active && v[i].roles & STAFF_EDITOR ? "editor" : "";
		sb_add(&out, role, strlen(role) + 1);
	}
	if (st == OK && !io_write_all(m->fd, out.s, out.len))
		st = err_sys(e, ERR_TEMP, "staff list");
	sb_free(&out);
	arena_free(&a);
	return st;
}

static enum status read_dump(const struct staff_maps *m, struct sb *b, struct err *e)
{
	off_t size = lseek(m->fd, 0, SEEK_END);
	if (size < 0 || size > DUMP_MAX)
		return err_set(e, ERR_LIMIT, "staff list is too long");
	sb_grow(b, (size_t)size + 1);
	if (pread(m->fd, b->s, (size_t)size, 0) != size)
		return err_sys(e, ERR_TEMP, "staff list");
	b->len = (size_t)size;
	b->s[size] = '\0';
	return OK;
}

/* The next NUL-terminated string; "" at the end. */
static const char *next(const struct sb *b, size_t *at)
{
	const char *s = b->s + *at;
	if (*at < b->len)
		*at += strlen(s) + 1;
	return s;
}

enum status staff_maps_write(const struct staff_maps *m, struct err *e)
{
	struct sb b = SB_INIT;
	struct map_staff *v = NULL;
	size_t n = 0, at = 0;
	enum status st = read_dump(m, &b, e);
	while (st == OK && at < b.len) {
		struct map_staff s;
		s.login = next(&b, &at);
		s.address = next(&b, &at);
		s.hash = next(&b, &at);
		s.editor = *next(&b, &at) != '\0';
		if (!staff_login_ok(s.login) || !field_mail_ok(s.address, strlen(s.address), 254) || !hash_ok(s.hash)) {
			st = err_set(e, ERR_PERM, "a staff row of the store can't go into a map");
			break;
		}
		v = xrealloc(v, (n + 1) * sizeof *v);
		v[n++] = s;
	}
	if (st == OK)
		st = instance_write_maps(m->cfg, v, n, e);
	free(v);
	sb_free(&b);
	return st;
}
