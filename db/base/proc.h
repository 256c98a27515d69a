#ifndef BASE_PROC_H
#define BASE_PROC_H
/* What every daemon does the same way: pid files, privileges, signals, children. */
#include "base/err.h"
#include <stdbool.h>
#include <sys/types.h>

/* Writes and locks (fcntl) the pid file; the lock lives as long as the process,
 * so a stale file never looks like a running daemon. ERR_EXISTS: it runs. */
enum status proc_pidfile(const char *path, struct err *e) must_check;
/* The pid that holds the lock, or 0. */
pid_t proc_running(const char *path);

/* Root only, otherwise nothing: groups, gid, uid, no way back. */
enum status proc_drop(const char *user, struct err *e) must_check;

void proc_raise_nofile(void);    /* soft limit to the hard one, at most 65,536 */

/* Tells systemd, where it waits for that (Type=notify), that we serve. */
void proc_ready(void);

/* The path of the program NAME that lies beside this one, malloc'ed. */
char *proc_sibling(const char *name);

/* Runs argv to its end (no shell); stdout and stderr to out_fd (-1: inherit).
 * Returns the exit status, 128+signal, or -1 with e. */
int proc_run(char *const argv[], int out_fd, struct err *e);

/* fork, setsid, no signal blocked, stdin from /dev/null, stdout+stderr appended to log; exec. */
pid_t proc_spawn(char *const argv[], const char *log, struct err *e);

/* SIGTERM, waits up to ms for it to leave, then SIGKILL. */
void proc_stop(pid_t pid, int ms);

#endif
