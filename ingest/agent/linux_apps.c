/*
 * Programs of people on Linux: which processes of users from app_uid_min on
 * were there, looked at every 10 s; told every 5 minutes. There is no window to
 * be in front on a server, so the seconds are those a program ran, counted once
 * however many processes it has.
 */
#include "linux_util.h"
#include "base/xalloc.h"
#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { APPS = 256, TELL_MS = 300000, LOOK_S = 10 };

struct app {
	char name[32];
	unsigned uid;
	int64_t first, ms;
	bool seen; /* in this look */
};

struct apps {
	struct app app[APPS];
	size_t n;
	unsigned uid_min;
	int64_t looked, told;
};

static struct app *app_of(struct apps *a, const char *name, unsigned uid)
{
	for (size_t i = 0; i < a->n; i++)
		if (a->app[i].uid == uid && strcmp(a->app[i].name, name) == 0)
			return &a->app[i];
	if (a->n == APPS)
		return NULL;
	struct app *p = &a->app[a->n++];
	memset(p, 0, sizeof *p);
	snprintf(p->name, sizeof p->name, "%s", name);
	p->uid = uid;
	return p;
}

static void look_at(struct apps *a, struct collect *c, const char *pid, int64_t since)
{
	char name[32], *path = linux_path(c, "/proc/%s", pid);
	struct stat f;
	bool ours = stat(path, &f) == 0 && f.st_uid >= a->uid_min;
	free(path);
	if (!ours || !*linux_line(c, name, sizeof name, "/proc/%s/comm", pid))
		return;
	struct app *p = app_of(a, name, f.st_uid);
	if (!p || p->seen)
		return;
	p->seen = true;
	if (!p->first)
		p->first = collect_wall(c);
	p->ms += since;
}

static void look(struct apps *a, struct collect *c)
{
	int64_t now = collect_mono(c), since = a->looked ? now - a->looked : 0;
	char *path = linux_path(c, "/proc");
	DIR *d = opendir(path);
	free(path);
	a->looked = now;
	if (since > LOOK_S * 3000) /* we were stopped, or the machine slept */
		since = LOOK_S * 1000;
	for (size_t i = 0; i < a->n; i++)
		a->app[i].seen = false;
	for (struct dirent *f; d && (f = readdir(d));)
		if (isdigit((unsigned char)f->d_name[0]))
			look_at(a, c, f->d_name, since);
	if (d)
		closedir(d);
}

static void tell(struct apps *a, struct collect *c)
{
	struct err e;
	char user[64];
	for (size_t i = 0; i < a->n; i++) {
		const struct app *p = &a->app[i];
		struct json_put *o = collect_event(c, p->first, "app", linux_user(p->uid, user, sizeof user));
		json_put_text_at(o, "n", p->name);
		json_put_int_at(o, "s", p->ms / 1000);
	}
	if (a->n && collect_flush(c, NULL, NULL, &e) != OK)
		return;
	a->n = 0;
	a->told = collect_mono(c);
}

static void *apps_open(struct collect *c)
{
	struct apps *a = xcalloc(1, sizeof *a);
	const char *min = collect_option(c, "app_uid_min");
	a->uid_min = min ? (unsigned)strtoul(min, NULL, 10) : 1000;
	a->told = collect_mono(c);
	return a;
}

static void apps_tick(void *self, struct collect *c)
{
	struct apps *a = self;
	look(a, c);
	if (a->looked - a->told >= TELL_MS)
		tell(a, c);
}

const struct collector linux_apps = { "app", LOOK_S, apps_open, apps_tick, free };
