/*
 * The calendar's table and what is asked of it: holidays and business days.
 * The table owns its names. Outside 1955–2099 only weekends and the year end
 * are known.
 */
#include "cal_impl.h"
#include "base/io.h"
#include "base/xalloc.h"
#include <stdlib.h>
#include <string.h>

unsigned cal_intern(struct cal *c, const char *name)
{
	for (unsigned i = 1; i <= c->n_names; i++)
		if (strcmp(c->names[i], name) == 0)
			return i;
	if (c->n_names == CAL_NAMES_MAX)
		return 0;
	c->names[++c->n_names] = xstrdup(name);
	return c->n_names;
}

/* 12/29–1/3: the service's own year end, no holidays by law but for 1/1. */
static bool weekend_or_year_end(int64_t day)
{
	int64_t wday = ((day + 4) % 7 + 7) % 7;
	if (wday == 0 || wday == 6)
		return true;
	struct civil d = civil_of_day(day);
	return (d.mon == 12 && d.day >= 29) || (d.mon == 1 && d.day <= 3);
}

void cal_close_days(struct cal *c)
{
	for (int i = 0; i < CAL_DAYS; i++)
		c->closed[i] = c->name[i] || weekend_or_year_end(c->first + i);
}

struct cal *cal_new(void)
{
	struct cal *c = xcalloc(1, sizeof *c);
	c->first = day_of(CAL_FIRST_YEAR, 1, 1);
	law_apply(c);
	cal_close_days(c);
	return c;
}

void cal_free(struct cal **c)
{
	if (!*c)
		return;
	for (unsigned i = 1; i <= (*c)->n_names; i++)
		free((*c)->names[i]);
	free(*c);
	*c = NULL;
}

static enum status override_from(struct cal *c, const char *path, struct err *e)
{
	struct sb text = SB_INIT;
	struct err inner;
	enum status st = io_read_file(path, CAL_CSV_MAX, &text, e);
	if (st == OK && (st = cal_override(c, text.s, text.len, &inner)) != OK)
		err_set(e, st, "%s: %s", path, inner.msg);
	sb_free(&text);
	return st;
}

enum status cal_load(const char *holidays_csv, struct cal **c_r, struct err *e)
{
	struct cal *c = cal_new();
	enum status st = holidays_csv && *holidays_csv ? override_from(c, holidays_csv, e) : OK;
	if (st != OK)
		cal_free(&c);
	else
		*c_r = c;
	return st;
}

static bool in_table(const struct cal *c, int64_t day)
{
	return day >= c->first && day < c->first + CAL_DAYS;
}

const char *cal_holiday(const struct cal *c, int64_t day)
{
	return in_table(c, day) ? c->names[c->name[day - c->first]] : NULL;
}

bool cal_is_business_day(const struct cal *c, int64_t day)
{
	return in_table(c, day) ? !c->closed[day - c->first] : !weekend_or_year_end(clamp_day(day));
}

int64_t cal_add_days(const struct cal *c, int64_t day, int n)
{
	int64_t step = n < 0 ? -1 : 1, left = n < 0 ? -(int64_t)n : n;
	day = clamp_day(day);
	if (n == 0 && cal_is_business_day(c, day))
		return day;
	for (left += n == 0; left > 0 && clamp_day(day + step) != day; left -= cal_is_business_day(c, day))
		day += step;
	return day;
}
