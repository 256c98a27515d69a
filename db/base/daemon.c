/* The first steps of a daemon: see daemon.h. */
#include "base/daemon.h"
#include "base/clk.h"
#include "base/log.h"
#include "base/proc.h"
#include "base/xalloc.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void daemon_need(enum status st, const struct err *e)
{
	if (st != OK)
		log_fatal("start", "error=%s", log_quote(e->msg));
}

/* DIR/FOLDER/NAME.SUFFIX */
static char *path_of(const struct cfg *c, const char *folder, const char *name, const char *suffix)
{
	return xasprintf("%s/%s/%s.%s", c->dir, folder, name, suffix);
}

struct cfg *daemon_open(int argc, char **argv, const char *name)
{
	struct err e;
	struct cfg *c;
	if (argc != 3 || strcmp(argv[1], "-C") != 0) {
		fprintf(stderr, "usage: %s -C DIR\n", argv[0]);
		exit(2);
	}
	daemon_need(cfg_load(argv[2], &c, &e), &e);
	char *ident = xasprintf("yorozu-%s", name), *log = path_of(c, "log", name, "log");
	char *clock = cfg_path(c, "clock"), *pid = path_of(c, "run", name, "pid");
	log_open(ident, log, log_level_of(c->log_level)); /* keeps both */
	daemon_need(clk_open(cfg_is_private(c) ? clock : NULL, &e), &e);
	daemon_need(proc_pidfile(pid, &e), &e);
	free(clock);
	free(pid);
	return c;
}
