/*
 * `yorozu cal`: the business calendar, asked by hand. Works without an
 * instance; with -C DIR the instance's holidays_csv counts, with --csv FILE
 * that file.
 */
#include "front.h"
#include "base/xalloc.h"
#include "cal/cal.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ADD_MAX = 100000 };

static int wrong(const char *text, const char *arg)
{
	fprintf(stderr, "yorozu cal: \"%s\" %s\n", arg, text);
	return 2;
}

static bool known(int64_t day)
{
	return day >= day_of(CAL_FIRST_YEAR, 1, 1) && day <= day_of(CAL_LAST_YEAR, 12, 31);
}

static int put_day(int64_t day)
{
	struct err e;
	struct civil d = civil_of_day(day);
	if (!known(day)) {
		err_set(&e, ERR_LIMIT, "the answer lies outside %d-%d", CAL_FIRST_YEAR, CAL_LAST_YEAR);
		return front_fail("cal", &e);
	}
	printf("%04d-%02d-%02d", d.year, d.mon, d.day);
	return 0;
}

static int put_time(epoch t)
{
	struct civil d = civil_of(t);
	int rc = put_day(day_of(d.year, d.mon, d.day));
	if (rc == 0)
		printf(d.sec ? " %02d:%02d:%02d\n" : " %02d:%02d\n", d.hour, d.min, d.sec);
	return rc;
}

static int day_arg(const char *arg, int64_t *day_r)
{
	if (!civil_parse_date(arg, day_r))
		return wrong("is no date (YYYY-MM-DD)", arg);
	return known(*day_r) ? 0 : wrong("lies outside 1955-2099, where holidays are known", arg);
}

static int time_arg(const char *arg, epoch *t_r)
{
	if (!civil_parse_time(arg, t_r))
		return wrong("is no time ('YYYY-MM-DD HH:MM')", arg);
	struct civil d = civil_of(*t_r);
	return known(day_of(d.year, d.mon, d.day)) ? 0
	                                           : wrong("lies outside 1955-2099, where holidays are known", arg);
}

static int number_arg(const char *arg, long lo, long hi, int *n_r)
{
	char *end, text[80];
	errno = 0;
	long n = strtol(arg, &end, 10);
	if (errno || end == arg || *end || *arg == ' ' || n < lo || n > hi) {
		snprintf(text, sizeof text, "is no whole number from %ld to %ld", lo, hi);
		return wrong(text, arg);
	}
	*n_r = (int)n;
	return 0;
}

static int run_holidays(const struct cal *c, char **arg)
{
	int year, rc = number_arg(arg[0], CAL_FIRST_YEAR, CAL_LAST_YEAR, &year);
	if (rc)
		return rc;
	for (int64_t day = day_of(year, 1, 1); day < day_of(year + 1, 1, 1); day++) {
		const char *name = cal_holiday(c, day);
		if (name && put_day(day) == 0)
			printf(" %s\n", name);
	}
	return 0;
}

static int run_due(const struct cal *c, char **arg)
{
	epoch t;
	int rc = time_arg(arg[0], &t);
	return rc ? rc : put_time(cal_due(c, t));
}

static int run_received(const struct cal *c, char **arg)
{
	epoch t;
	int rc = time_arg(arg[0], &t);
	if (rc == 0 && (rc = put_day(cal_reception_day(c, t))) == 0)
		putchar('\n');
	return rc;
}

static int run_add(const struct cal *c, char **arg)
{
	int64_t day;
	int n, rc = day_arg(arg[0], &day);
	if (rc == 0)
		rc = number_arg(arg[1], -ADD_MAX, ADD_MAX, &n);
	if (rc == 0 && (rc = put_day(cal_add_days(c, day, n))) == 0)
		putchar('\n');
	return rc;
}

static const struct question {
	const char *name;
	int args;
	int (*run)(const struct cal *c, char **arg);
} questions[] = {
	{ "holidays", 1, run_holidays },
	{ "due", 1, run_due },
	{ "received", 1, run_received },
	{ "add", 2, run_add },
};

/* --csv before -C DIR before the law. NULL: said why not. */
static struct cal *calendar(const char *csv, const struct front *f)
{
	struct err e;
	struct cal *c = NULL;
	char *path = NULL;
	if (!csv && f->dir) {
		struct cfg *cfg = front_cfg("cal", f);
		if (!cfg)
			return NULL;
		bool below = *cfg->holidays_csv && *cfg->holidays_csv != '/';
		path = below ? cfg_path(cfg, cfg->holidays_csv) : xstrdup(cfg->holidays_csv);
		cfg_free(&cfg);
	}
	if (cal_load(csv ? csv : path ? path : "", &c, &e) != OK)
		front_fail("cal", &e);
	free(path);
	return c;
}

static int answer(const struct question *q, char **arg, const char *csv, const struct front *f)
{
	struct err e;
	struct cal *c = calendar(csv, f);
	if (!c)
		return 1;
	int rc = q->run(c, arg);
	cal_free(&c);
	if (fflush(stdout) != 0 && rc == 0) {
		err_sys(&e, ERR_TEMP, "standard output");
		return front_fail("cal", &e);
	}
	return rc;
}

/* Takes `--csv FILE` out of the arguments, wherever it stands. False: wrong. */
static bool take_csv(int *argc, char **argv, const char **csv_r)
{
	int n = 0;
	for (int i = 0; i < *argc; i++) {
		if (strcmp(argv[i], "--csv") == 0) {
			if (++i == *argc || *csv_r || !*argv[i])
				return false;
			*csv_r = argv[i];
		} else if (strncmp(argv[i], "--", 2) == 0) {
			return false;
		} else {
			argv[n++] = argv[i];
		}
	}
	*argc = n;
	return true;
}

static int run_cal(int argc, char **argv, const struct front *f)
{
	const char *csv = NULL;
	if (!take_csv(&argc, argv, &csv) || argc < 2)
		return front_usage(&cmd_cal);
	for (size_t i = 0; i < sizeof questions / sizeof *questions; i++)
		if (strcmp(argv[1], questions[i].name) == 0 && argc == 2 + questions[i].args)
			return answer(&questions[i], argv + 2, csv, f);
	return front_usage(&cmd_cal);
}

const struct front_cmd cmd_cal = {
	"cal", run_cal,
	"cal holidays YEAR | due|received 'DATE HH:MM' | add DATE N [--csv FILE]",
	"ask the business calendar",
};
