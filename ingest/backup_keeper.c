/* The day's backup: see backup_keeper.h. */
#include "backup_keeper.h"
#include "base/io.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/notify.h"
#include "base/proc.h"
#include "store/store_outbox.h"
#include "store/store_people.h"
#include "store/store_terminal.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MINUTE = 60, HOUR = 3600, LEAVE_MS = 2000, OTHER_ONE = 75, SAID_MAX = 600 };

/* ---- the mail ---------------------------------------------------------------------------- */

struct failure {
	const struct ingest *in;
	const char *why;
	epoch now;
	bool told;
};

static enum status write_mail(struct store *s, void *arg, struct err *e)
{
	struct failure *x = arg;
	char at[48];
	epoch newest = 0;
	struct civil c = civil_of(x->now);
	struct sb vars = SB_INIT;
	char *folder = backup_folder(x->in->cfg);
	enum status st = terminal_notice_due(s, TERMINAL_NOTICE_BACKUP, 0, day_of(c.year, c.mon, c.day), &x->told, e);
	if (backup_newest(folder, x->now, &newest, NULL) != OK)
		newest = 0;
	outbox_var_add(&vars, "folder", folder);
	outbox_var_add(&vars, "why", x->why);
	outbox_var_add(&vars, "last", newest ? clk_ja(newest, at) : "");
	outbox_var_add(&vars, "at", clk_ja(x->now, at));
	if (st == OK && x->told)
		st = ingest_mail_staff(s, STAFF_OPERATOR, "backup-failed", &vars, x->now, e);
	sb_free(&vars);
	free(folder);
	return st;
}

enum status backup_keeper_tell(const struct ingest *in, const char *why, epoch now, struct err *e)
{
	struct failure x = { .in = in, .why = why, .now = now };
	enum status st = writer_run(in->writer, write_mail, &x, e);
	if (st == OK && x.told)
		notify_send(in->notify_path);
	return st;
}

/* ---- the process ------------------------------------------------------------------------- */

static int64_t size_of(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 ? st.st_size : 0;
}

/* What it said at the end of its log, or how it ended. */
static void read_said(const struct backup_keeper *k, int status, char said[SAID_MAX])
{
	char *log = cfg_path(k->in->cfg, "log/backup.log");
	int64_t size = size_of(log), from = k->log_at < size && size - k->log_at < SAID_MAX ? k->log_at : size - SAID_MAX + 1;
	int fd = open(log, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 && k->log_at < size ? pread(fd, said, SAID_MAX - 1, from < 0 ? 0 : from) : 0;
	said[n > 0 ? n : 0] = '\0';
	if (n <= 0 && WIFSIGNALED(status))
		snprintf(said, SAID_MAX, "killed by signal %d", WTERMSIG(status));
	else if (n <= 0)
		snprintf(said, SAID_MAX, "exit code %d", WEXITSTATUS(status));
	if (fd >= 0)
		close(fd);
	free(log);
}

static void failed(struct backup_keeper *k, int status, epoch now)
{
	struct err e;
	char said[SAID_MAX];
	read_said(k, status, said);
	log_error("backup", "error=%s", log_quote(said));
	metrics_add("backup_failed_total", 1);
	if (backup_keeper_tell(k->in, said, now, &e) != OK)
		log_error("backup", "told=no error=%s", log_quote(e.msg));
}

static void bury(struct backup_keeper *k, epoch now)
{
	int status;
	if (!k->child || waitpid(k->child, &status, WNOHANG) == 0)
		return;
	k->child = 0;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
		log_info("backup", "made=yes");
		metrics_add("backup_made_total", 1);
		return;
	}
	k->again = now + HOUR;
	if (!WIFEXITED(status) || WEXITSTATUS(status) != OTHER_ONE)
		failed(k, status, now);
}

static void start(struct backup_keeper *k, epoch now)
{
	struct err e;
	char *program = proc_sibling("yorozu"), *log = cfg_path(k->in->cfg, "log/backup.log");
	char *argv[] = { program, "-C", k->in->cfg->dir, "backup", "--due", "--key", k->key, NULL };
	k->log_at = size_of(log);
	k->child = proc_spawn(argv, log, &e);
	if (k->child < 0) {
		log_error("backup", "error=%s", log_quote(e.msg));
		k->child = 0;
		k->again = now + MINUTE;
	}
	free(program);
	free(log);
}

void backup_keeper_round(struct backup_keeper *k, epoch now)
{
	struct err e;
	epoch newest;
	bury(k, now);
	if (k->child || now / MINUTE == k->looked)
		return;
	k->looked = now / MINUTE;
	if (k->again > now + HOUR)
		k->again = 0; /* the clock went back */
	if (now < k->again)
		return;
	char *folder = backup_folder(k->in->cfg);
	/* A folder that can't be read fails there, and is told. */
	if (backup_newest(folder, now, &newest, &e) != OK || backup_is_due(k->in->cfg->backup_hour, newest, now))
		start(k, now);
	free(folder);
}

void backup_keeper_leave(struct backup_keeper *k)
{
	if (k->child)
		proc_stop(k->child, LEAVE_MS);
	k->child = 0;
}
