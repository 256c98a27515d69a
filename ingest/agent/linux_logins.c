/* Boots, shutdowns and logins on Linux, from wtmp. SECURITY: its records are
 * of fixed size and their texts need no NUL. */
#include "linux_util.h"
#include "base/xalloc.h"
#include <stdlib.h>
#include <string.h>
#include <utmp.h>

enum { LINES = 64 };

struct logins { /* who sits at which line: the record of a logout has no name */
	struct {
		char line[UT_LINESIZE], user[UT_NAMESIZE + 1];
	} on[LINES];
	size_t next;
};

static int64_t when(const struct utmp *u)
{
	return (int64_t)u->ut_tv.tv_sec * 1000 + u->ut_tv.tv_usec / 1000;
}

static void logged_on(struct logins *l, struct collect *c, const struct utmp *u)
{
	char *name = xstrndup(u->ut_user, UT_NAMESIZE);
	struct json_put *o = collect_event(c, when(u), "logon", name);
	json_put_text_at(o, "how", u->ut_host[0] && u->ut_host[0] != ':' ? "remote" : "console");
	memcpy(l->on[l->next].line, u->ut_line, UT_LINESIZE);
	memcpy(l->on[l->next].user, name, strlen(name) + 1);
	l->next = (l->next + 1) % LINES;
	free(name);
}

static void logged_off(struct logins *l, struct collect *c, const struct utmp *u)
{
	for (size_t i = 0; i < LINES; i++) {
		if (!l->on[i].user[0] || strncmp(l->on[i].line, u->ut_line, UT_LINESIZE) != 0)
			continue;
		collect_event(c, when(u), "logoff", l->on[i].user);
		l->on[i].user[0] = '\0';
		return;
	}
}

static void tell(struct logins *l, struct collect *c, const struct utmp *u)
{
	if (u->ut_type == BOOT_TIME)
		collect_event(c, when(u), "boot", NULL);
	else if (u->ut_type == RUN_LVL && strncmp(u->ut_user, "shutdown", UT_NAMESIZE) == 0)
		collect_event(c, when(u), "shutdown", NULL);
	else if (u->ut_type == USER_PROCESS && u->ut_user[0])
		logged_on(l, c, u);
	else if (u->ut_type == DEAD_PROCESS && u->ut_line[0])
		logged_off(l, c, u);
}

static void *logins_open(struct collect *c)
{
	(void)c;
	return xcalloc(1, sizeof(struct logins));
}

static void logins_tick(void *self, struct collect *c)
{
	struct logins *l = self;
	const char *own = collect_option(c, "wtmp");
	struct tail t = { .path = own ? own : "/var/log/wtmp", .bookmark = "wtmp", .record = sizeof(struct utmp),
		          .from_start = own != NULL, .text = SB_INIT };
	struct err e;
	for (int pieces = 0; pieces < 64 && tail_read(c, &t); pieces++) {
		for (size_t at = 0; at + sizeof(struct utmp) <= t.text.len; at += sizeof(struct utmp)) {
			struct utmp u;
			memcpy(&u, t.text.s + at, sizeof u);
			tell(l, c, &u);
		}
		if (collect_flush(c, t.bookmark, t.place, &e) != OK)
			break;
	}
	sb_free(&t.text);
}

const struct collector linux_logins = { "logon", 15, logins_open, logins_tick, free };
