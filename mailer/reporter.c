/* Starts yorozu-report when a report is due: see reporter.h. */
#include "reporter.h"
#include "base/log.h"
#include "base/proc.h"
#include "store/store_report.h"
#include <stdlib.h>
#include <sys/wait.h>

enum { AGAIN_MS = 60000, LEAVE_MS = 2000 };

static void bury(struct reporter *r)
{
	int status;
	if (!r->child || waitpid(r->child, &status, WNOHANG) == 0)
		return;
	r->child = 0;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return;
	log_warn("report", "status=%d", WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	r->not_before = clk_mono_ms() + AGAIN_MS;
}

static void start(struct reporter *r)
{
	struct err e;
	char *program = proc_sibling("yorozu-report"), *log = cfg_path(r->cfg, "log/report.log");
	char *argv[] = { program, "-C", r->cfg->dir, "due", NULL };
	pid_t pid = proc_spawn(argv, log, &e);
	r->begun = true;
	r->child = pid > 0 ? pid : 0;
	if (pid < 0) {
		log_warn("report", "error=%s", log_quote(e.msg));
		r->not_before = clk_mono_ms() + AGAIN_MS;
	}
	free(program);
	free(log);
}

enum status reporter_look(struct reporter *r, struct store *s, epoch now, struct err *e)
{
	epoch due = 0;
	bury(r);
	if (r->child || clk_mono_ms() < r->not_before)
		return OK;
	enum status st = report_job_next(s, &due, e);
	if (st == OK && (!r->begun || (due && due <= now)))
		start(r);
	return st;
}

void reporter_leave(struct reporter *r)
{
	if (r->child)
		proc_stop(r->child, LEAVE_MS);
	r->child = 0;
}
