#ifndef YOROZU_FRONT_H
#define YOROZU_FRONT_H
/*
 * The front command `yorozu`, in the manner of git: it finds the instance and
 * hands over to a builtin (cmd_*.c) or to the program yorozu-NAME beside it.
 * Exit codes: 0 done, 1 failed (with one line on stderr), 2 wrong usage.
 */
#include "base/cfg.h"
#include "base/err.h"
#include <stdbool.h>
#include <stdint.h>

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
/* "12" or "#12": 1 to max, nothing before or behind it. */
bool front_number(const char *s, int64_t max, int64_t *r);
/* Loads DIR/yorozu.conf or prints why not and returns NULL. */
struct cfg *front_cfg(const char *name, const struct front *f);

/*
 * Opens the instance's store for a command: configuration, the instance's
 * clock, master key, then becomes run_user FOR GOOD (proc_drop) and only then
 * opens the store, so that no file of the store ever belongs to root and
 * hostile input (an imported CSV) is never handled as root. Files that only
 * the caller may read or write are to be opened before this.
 * Prints why not and returns NULL. The caller does store_close and cfg_free.
 */
struct store;
struct store *front_store(const char *name, const struct front *f, struct cfg **cfg_r);

/* The instance's clock, for a command that opens no store by front_store. */
enum status front_clock(const struct cfg *c, struct err *e) must_check;

/* Who gave the command, for the audit: "operator:NAME" (sudo's caller for
 * root). Known once front_store was called. */
const char *front_who(void);

/* Runs work(arg) in a child and returns its exit code: for a command whose
 * store work is done as run_user, but which must stay root itself for what
 * follows (instance_write_maps). */
int front_fork(const char *name, int (*work)(void *arg), void *arg);

/* Each cmd_*.c defines its commands as `const struct front_cmd`. */
extern const struct front_cmd cmd_mail;
extern const struct front_cmd cmd_bounce;
extern const struct front_cmd cmd_reader, cmd_issue;
extern const struct front_cmd cmd_ticket;
extern const struct front_cmd cmd_init, cmd_start, cmd_stop, cmd_restart, cmd_status;
extern const struct front_cmd cmd_clock, cmd_dns, cmd_metrics;
extern const struct front_cmd cmd_version;
extern const struct front_cmd cmd_cal;
extern const struct front_cmd cmd_contract, cmd_staff;
extern const struct front_cmd cmd_desk;
extern const struct front_cmd cmd_check;
extern const struct front_cmd cmd_upload, cmd_file;
extern const struct front_cmd cmd_diagnosis;
extern const struct front_cmd cmd_feed, cmd_verdict;
extern const struct front_cmd cmd_terminal;
extern const struct front_cmd cmd_world;
extern const struct front_cmd cmd_backup, cmd_restore;

#endif
