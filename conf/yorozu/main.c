/*
 * yorozu: the front command. Finds the instance, then runs a builtin or
 * yorozu-NAME from its own folder.
 */
#include "front.h"
#include "base/proc.h"
#include "base/xalloc.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct front_cmd *const builtins[] = {
	&cmd_init,
	&cmd_start,
	&cmd_stop,
	&cmd_restart,
	&cmd_status,
	&cmd_check,
	&cmd_metrics,
	&cmd_clock,
	&cmd_dns,
	&cmd_contract,
	&cmd_staff,
	&cmd_ticket,
	&cmd_upload,
	&cmd_file,
	&cmd_terminal,
	&cmd_backup,
	&cmd_restore,
	&cmd_cal,
	&cmd_mail,
	&cmd_desk,
	&cmd_bounce,
	&cmd_reader,
	&cmd_issue,
	&cmd_feed,
	&cmd_verdict,
	&cmd_diagnosis,
	&cmd_world,
	&cmd_version,
};

static int usage(FILE *out)
{
	fprintf(out, "usage: yorozu [-C DIR] COMMAND [ARGS]\n\n");
	for (size_t i = 0; i < sizeof builtins / sizeof *builtins; i++)
		fprintf(out, "  %-28s%s %s\n", builtins[i]->usage,
			strlen(builtins[i]->usage) > 28 ? "\n                              " : "", builtins[i]->help);
	/* yorozu-report's own; it is no part of this program. */
	fprintf(out, "  %-28s\n%30s %s\n", "report stats [MONTH] [--to ADDRESS]... [--again] [--print]", "",
	        "a month's statistics to the supervisors");
	fprintf(out, "  %-28s\n%30s %s\n", "report month MONTH [--contract N --print FILE.pdf | --again [--contract N]]", "",
	        "a month's health checks: drafts to staff; --again: those not approved yet, anew");
	fprintf(out, "\nDIR is the instance's folder (or set YOROZU_DIR).\n");
	return 2;
}

int front_fail(const char *name, const struct err *e)
{
	fprintf(stderr, "yorozu %s: %s\n", name, e->msg);
	return 1;
}

int front_usage(const struct front_cmd *c)
{
	fprintf(stderr, "usage: yorozu [-C DIR] %s\n", c->usage);
	return 2;
}

struct cfg *front_cfg(const char *name, const struct front *f)
{
	struct err e;
	struct cfg *c = NULL;
	if (!f->dir)
		err_set(&e, ERR_PERM, "which instance? Say -C DIR or set YOROZU_DIR");
	else if (cfg_load(f->dir, &c, &e) == OK)
		return c;
	front_fail(name, &e);
	return NULL;
}

static int run_version(int argc, char **argv, const struct front *f)
{
	(void)argc, (void)argv, (void)f;
	puts("yorozu 0.1");
	return 0;
}
const struct front_cmd cmd_version = { "version", run_version, "version", "print the version" };

/* yorozu-NAME beside this program gets `-C DIR` and the rest. */
static int run_program(int argc, char **argv, const struct front *f)
{
	char *path;
	for (const char *p = argv[0]; *p; p++)
		if ((*p < 'a' || *p > 'z') && *p != '-')
			return usage(stderr);
	path = xasprintf("%s/yorozu-%s", f->bindir, argv[0]);
	if (access(path, X_OK) != 0) {
		fprintf(stderr, "yorozu: no command \"%s\" (see yorozu help)\n", argv[0]);
		return 2;
	}
	const char **v = xcalloc((size_t)argc + 3, sizeof *v);
	size_t n = 0;
	v[n++] = path;
	if (f->dir) {
		v[n++] = "-C";
		v[n++] = f->dir;
	}
	for (int i = 1; i < argc; i++)
		v[n++] = argv[i];
	execv(path, (char **)v);
	perror(path);
	return 1;
}

/* Absolute even when it does not exist yet (init makes it). */
static const char *absolute(const char *dir)
{
	char *cwd, *path;
	if (!dir || dir[0] == '/')
		return dir;
	if ((path = realpath(dir, NULL)))
		return path;
	cwd = getcwd(NULL, 0);
	path = xasprintf("%s/%s", cwd ? cwd : "", dir);
	free(cwd);
	return path;
}

int main(int argc, char **argv)
{
	static struct front f; /* its strings live as long as the process */
	char *bindir = proc_sibling("");
	bindir[strlen(bindir) - 1] = '\0'; /* without the slash */
	f = (struct front){ .dir = getenv("YOROZU_DIR"), .bindir = bindir };
	argc--, argv++;
	if (argc >= 2 && strcmp(argv[0], "-C") == 0) {
		f.dir = argv[1];
		argc -= 2, argv += 2;
	}
	f.dir = absolute(f.dir);
	if (argc < 1)
		return usage(stderr);
	if (strcmp(argv[0], "help") == 0 || strcmp(argv[0], "--help") == 0)
		return usage(stdout), 0;
	for (size_t i = 0; i < sizeof builtins / sizeof *builtins; i++)
		if (strcmp(argv[0], builtins[i]->name) == 0)
			return builtins[i]->run(argc, argv, &f);
	return run_program(argc, argv, &f);
}
