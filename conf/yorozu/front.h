#ifndef YOROZU_FRONT_H
#define YOROZU_FRONT_H
/*
 * The front command `yorozu`, in the manner of git: it finds the instance and
 * hands over to a builtin (cmd_*.c) or to the program yorozu-NAME beside it.
 * Exit codes: 0 done, 1 failed (with one line on stderr), 2 wrong usage.
 */
#include "base/cfg.h"
#include "base/err.h"

struct front {
	const char *dir;    /* -C DIR made absolute, or NULL */
	const char *bindir; /* where this program lies, for its siblings */
};

struct front_cmd {
	const char *name;
	int (*run)(int argc, char **argv, const struct front *f); /* argv[0] = name */
	const char *usage, *help;
};

/* Prints "yorozu NAME: text" and returns 1 (fail) or 2 (usage). */
int front_fail(const char *name, const struct err *e);
int front_usage(const struct front_cmd *c);
/* Loads DIR/yorozu.conf or prints why not and returns NULL. */
struct cfg *front_cfg(const char *name, const struct front *f);

/* Each cmd_*.c defines its commands as `const struct front_cmd`. */
extern const struct front_cmd cmd_version;

#endif
