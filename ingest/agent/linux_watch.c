/*
 * File operations on Linux, by inotify on the folders of the configuration and
 * what is below them. Who did it is not told by inotify: the file's owner is
 * named. A copy shows as create and write. Beyond WATCHES folders nothing more
 * is watched; when the kernel's queue overflows, what is lost is unknown.
 */
#include "linux_util.h"
#include "base/log.h"
#include "base/xalloc.h"
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WATCHES = 4096, DEPTH = 16, PATH_LEN = 4096 };

struct watch {
	int fd;
	char **path; /* by watch descriptor */
	int npath, count;
	char *folders; /* as configured when they were set up, joined by LF */
	uint32_t cookie;
	char *moved; /* from where, until its other half comes */
};

static const uint32_t mask = IN_CREATE | IN_CLOSE_WRITE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF | IN_ONLYDIR;

static void forget(struct watch *w, int wd)
{
	if (wd < 0 || wd >= w->npath || !w->path[wd])
		return;
	free(w->path[wd]);
	w->path[wd] = NULL;
	w->count--;
}

static void add(struct watch *w, const char *path, int depth)
{
	if (w->count >= WATCHES || depth > DEPTH || strlen(path) > PATH_LEN - 300)
		return;
	int wd = inotify_add_watch(w->fd, path, mask | IN_DONT_FOLLOW);
	if (wd < 0)
		return;
	if (wd >= w->npath) {
		w->path = xrealloc(w->path, ((size_t)wd + 64) * sizeof *w->path);
		memset(w->path + w->npath, 0, ((size_t)wd + 64 - (size_t)w->npath) * sizeof *w->path);
		w->npath = wd + 64;
	}
	forget(w, wd);
	w->path[wd] = xstrdup(path);
	w->count++;
	DIR *d = opendir(path);
	for (struct dirent *f; d && (f = readdir(d));) {
		if (f->d_type != DT_DIR || strcmp(f->d_name, ".") == 0 || strcmp(f->d_name, "..") == 0)
			continue;
		char *below = xasprintf("%s/%s", path, f->d_name);
		add(w, below, depth + 1);
		free(below);
	}
	if (d)
		closedir(d);
}

static void drop_all(struct watch *w)
{
	for (int i = 0; i < w->npath; i++)
		if (w->path[i]) {
			inotify_rm_watch(w->fd, i);
			forget(w, i);
		}
}

/* The configuration may have changed. */
static void follow_config(struct watch *w, struct collect *c)
{
	struct sb b = SB_INIT;
	const char *p;
	for (size_t i = 0; (p = collect_watch(c, i)); i++)
		sb_addf(&b, "%s\n", p);
	if (w->folders && strcmp(w->folders, b.s) == 0) {
		sb_free(&b);
		return;
	}
	drop_all(w);
	for (size_t i = 0; (p = collect_watch(c, i)); i++)
		add(w, p, 0);
	free(w->folders);
	sb_grow(&b, 1);
	w->folders = sb_detach(&b, NULL);
}

static void tell(struct collect *c, const char *op, const char *path, const char *to)
{
	struct stat f;
	char user[64] = "";
	if (lstat(to ? to : path, &f) == 0)
		linux_user(f.st_uid, user, sizeof user);
	struct json_put *o = collect_event(c, collect_wall(c), "file", user);
	json_put_text_at(o, "op", op);
	json_put_text_at(o, "p", path);
	if (to)
		json_put_text_at(o, "to", to);
}

/* Moved away, and no other half came: gone from where we look. */
static void settle_move(struct watch *w, struct collect *c)
{
	if (w->moved)
		tell(c, "delete", w->moved, NULL);
	free(w->moved);
	w->moved = NULL;
}

static void moved_to(struct watch *w, struct collect *c, uint32_t cookie, const char *path)
{
	if (w->moved && w->cookie == cookie) {
		tell(c, "rename", w->moved, path);
		free(w->moved);
		w->moved = NULL;
	} else {
		settle_move(w, c);
		tell(c, "create", path, NULL);
	}
}

static void happened(struct watch *w, struct collect *c, const struct inotify_event *v)
{
	if (v->mask & IN_Q_OVERFLOW)
		log_warn("watch", "lost=unknown");
	if (v->mask & (IN_IGNORED | IN_DELETE_SELF)) {
		forget(w, v->wd);
		return;
	}
	if (v->wd < 0 || v->wd >= w->npath || !w->path[v->wd] || !v->len)
		return;
	char *path = xasprintf("%s/%s", w->path[v->wd], v->name);
	if (!(v->mask & IN_MOVED_TO))
		settle_move(w, c);
	if (v->mask & IN_MOVED_FROM) {
		w->moved = xstrdup(path);
		w->cookie = v->cookie;
	} else if (v->mask & IN_MOVED_TO) {
		moved_to(w, c, v->cookie, path);
	} else {
		tell(c, v->mask & IN_CREATE ? "create" : v->mask & IN_DELETE ? "delete" : "write", path, NULL);
	}
	if ((v->mask & IN_ISDIR) && (v->mask & (IN_CREATE | IN_MOVED_TO)))
		add(w, path, 1);
	free(path);
}

static void *watch_open(struct collect *c)
{
	struct watch *w;
	int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	(void)c;
	if (fd < 0)
		return NULL;
	w = xcalloc(1, sizeof *w);
	w->fd = fd;
	follow_config(w, c);
	return w;
}

static void watch_tick(void *self, struct collect *c)
{
	struct watch *w = self;
	_Alignas(struct inotify_event) char buf[8192];
	struct err e;
	ssize_t n;
	follow_config(w, c);
	while (collect_waiting(c) < COLLECT_PIECE && (n = read(w->fd, buf, sizeof buf)) > 0)
		for (char *p = buf; p < buf + n;) {
			const struct inotify_event *v = (const struct inotify_event *)(const void *)p;
			happened(w, c, v);
			p += sizeof *v + v->len;
		}
	settle_move(w, c);
	if (collect_waiting(c) && collect_flush(c, NULL, NULL, &e) != OK)
		return;
}

static void watch_close(void *self)
{
	struct watch *w = self;
	drop_all(w);
	close(w->fd);
	free(w->path);
	free(w->folders);
	free(w->moved);
	free(w);
}

const struct collector linux_watch = { "file", 1, watch_open, watch_tick, watch_close };
