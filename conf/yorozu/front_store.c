/*
 * How a command opens the store: see front.h.
 *
 * SECURITY: a command is often run by root, while the daemons run as run_user.
 * The key is read as the caller (root may be the only one who can), then the
 * privileges go for good before the first byte of the store is touched.
 */
#include "front.h"
#include "base/clk.h"
#include "base/crypto.h"
#include "base/io.h"
#include "base/proc.h"
#include "store/store.h"
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

bool front_number(const char *s, int64_t max, int64_t *r)
{
	char *end;
	s += *s == '#';
	errno = 0;
	*r = strtoll(s, &end, 10);
	return *s >= '1' && *s <= '9' && !*end && errno == 0 && *r <= max;
}

/* A private instance that was never given a clock file runs on real time. */
enum status front_clock(const struct cfg *c, struct err *e)
{
	if (!cfg_is_private(c))
		return OK;
	char *path = cfg_path(c, "clock");
	enum status st = io_exists(path) ? clk_open(path, e) : OK;
	free(path);
	return st;
}

static enum status open_store(const struct cfg *c, struct store **s_r, struct err *e)
{
	uint8_t master[KEY_LEN];
	char *key = cfg_key_path(c, "master.key"), *db = cfg_path(c, "store/yorozu.db");
	enum status st = crypto_key_load(key, master, e);
	if (st == OK)
		st = proc_drop(c->run_user, e);
	if (st == OK) {
		umask(027);
		st = store_open(db, master, s_r, e);
	}
	crypto_wipe(master, sizeof master);
	free(key);
	free(db);
	return st;
}

static char who[64] = "operator:?";

/* Letters that are safe in a log and in the audit. */
static void remember_who(void)
{
	struct passwd *pw = getpwuid(getuid());
	const char *sudo = getuid() == 0 ? getenv("SUDO_USER") : NULL;
	const char *name = sudo && *sudo ? sudo : pw ? pw->pw_name : "?";
	size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");
	snprintf(who, sizeof who, "operator:%.*s", (int)(n < 40 ? n : 40), n ? name : "?");
}

const char *front_who(void)
{
	return who;
}

struct store *front_store(const char *name, const struct front *f, struct cfg **cfg_r)
{
	struct err e;
	struct store *s = NULL;
	*cfg_r = front_cfg(name, f);
	if (!*cfg_r)
		return NULL;
	remember_who();
	if (front_clock(*cfg_r, &e) == OK && open_store(*cfg_r, &s, &e) == OK)
		return s;
	front_fail(name, &e);
	cfg_free(cfg_r);
	return NULL;
}

int front_fork(const char *name, int (*work)(void *arg), void *arg)
{
	struct err e;
	int status;
	fflush(NULL); /* nothing buffered may be printed twice */
	pid_t pid = fork();
	if (pid == 0) {
		int rc = work(arg);
		fflush(NULL);
		_exit(rc);
	}
	if (pid < 0) {
		err_sys(&e, ERR_TEMP, "fork");
		return front_fail(name, &e);
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR) {
			err_sys(&e, ERR_TEMP, "wait");
			return front_fail(name, &e);
		}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
