/*
 * NAME
 *	yorozu-report - statistics by mail
 * SYNOPSIS
 *	yorozu-report -C DIR stats [MONTH] [--to ADDRESS]... [--again] [--print]
 *	yorozu-report -C DIR month MONTH [--contract N000123 --print FILE.pdf | --again [--contract N000123]]
 *	yorozu-report -C DIR due
 * DESCRIPTION
 *	stats: the statistics of MONTH (2026-10; the last one) to the supervisors,
 *	or to the addresses. What was sent once is sent again only with --again.
 *	--print: to standard output instead. month: the health checks of MONTH, of
 *	contracts that have none yet, and an overview to staff; or one contract's
 *	pages into a file, and nothing else. due: what is due, and ends;
 *	yorozu-mailer starts it.
 * SECURITY
 *	Root, if at all, only until it is known who asks. It needs no key.
 */
#include "month_cli.h"
#include "report_cli.h"
#include "base/log.h"
#include "base/proc.h"
#include "text/survey.h"
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LATER = 75 /* EX_TEMPFAIL */ };

static int usage(void)
{
	fprintf(stderr, "usage: yorozu -C DIR report stats [MONTH] [--to ADDRESS]... [--again] [--print]\n"
	                "       yorozu -C DIR report month MONTH [--contract N000123 --print FILE.pdf]\n");
	return 2;
}

static int fail(const struct err *e)
{
	fprintf(stderr, "yorozu report: %s\n", e->msg);
	return 1;
}

/* sudo's caller for root. */
static const char *who_asks(void)
{
	static char who[80];
	const char *sudo = getuid() == 0 ? getenv("SUDO_USER") : NULL;
	struct passwd *pw = getpwuid(getuid());
	snprintf(who, sizeof who, "operator:%.60s", sudo ? sudo : pw ? pw->pw_name : "?");
	return who;
}

/* Only reports of diagnoses need it. */
static struct survey *open_survey(const struct cfg *c)
{
	struct err e;
	struct survey *s = NULL;
	if (survey_load(c->diagnosis, &s, &e) != OK)
		log_warn("diagnosis", "error=%s", log_quote(e.msg));
	return s;
}

/* false: *e says why. */
static bool open_all(const char *dir, struct reports *r, struct cfg **c, struct cal **cal, struct categories **categories,
                     struct survey **survey, struct err *e)
{
	if (cfg_load(dir, c, e) != OK)
		return false;
	char *clock = cfg_path(*c, "clock"), *db = cfg_path(*c, "store/yorozu.db");
	bool ok = clk_open(cfg_is_private(*c) ? clock : NULL, e) == OK && cal_load((*c)->holidays_csv, cal, e) == OK &&
	          proc_drop((*c)->run_user, e) == OK && store_open(db, NULL, &r->s, e) == OK;
	free(clock);
	free(db);
	struct err why;
	if (ok && categories_load((*c)->categories, categories, &why) != OK)
		log_warn("categories", "error=%s", log_quote(why.msg));
	r->cfg = *c;
	r->cal = *cal;
	r->categories = *categories;
	r->survey = *survey = ok ? open_survey(*c) : NULL;
	return ok;
}

/* One at a time; the other does what is due. */
static int run_due(const struct reports *r)
{
	struct err e;
	size_t n;
	char *pid = cfg_path(r->cfg, "run/report.pid");
	enum status st = proc_pidfile(pid, &e);
	free(pid);
	if (st == OK)
		st = report_due(r, clk_now(), &n, &e);
	if (st != OK)
		log_warn("due", "error=%s", log_quote(e.msg));
	return st == OK ? 0 : LATER;
}

int main(int argc, char **argv)
{
	struct err e;
	struct cfg *c = NULL;
	struct cal *cal = NULL;
	struct categories *categories = NULL;
	struct survey *survey = NULL;
	struct reports r = { .cfg = NULL };
	struct report_cli cli = { .who = who_asks() };
	int rc = 1;
	if (argc < 4 || strcmp(argv[1], "-C") != 0)
		return usage();
	bool due = strcmp(argv[3], "due") == 0 && argc == 4, month = strcmp(argv[3], "month") == 0;
	struct month_cli mc = { .who = cli.who };
	if (month ? !month_cli_parse(argc - 4, argv + 4, &mc) : !due && (strcmp(argv[3], "stats") != 0 || !report_cli_parse(argc - 4, argv + 4, &cli)))
		return usage();
	log_open("yorozu-report", NULL, due ? LOG_LV_INFO : LOG_LV_WARN);
	if (!open_all(argv[2], &r, &c, &cal, &categories, &survey, &e))
		rc = fail(&e);
	else if (due)
		rc = run_due(&r);
	else
		rc = (month ? month_cli(&r, &mc, clk_now(), &e) : report_cli(&r, &cli, clk_now(), &e)) == OK ? 0 : fail(&e);
	store_close(&r.s);
	categories_free(&categories);
	survey_free(&survey);
	cal_free(&cal);
	cfg_free(&c);
	return rc;
}
