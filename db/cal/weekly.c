/* When the newsletter goes out. See weekly.h. */
#include "cal/weekly.h"
#include <string.h>

static int weekday(const char *name)
{
	static const char *const names[] = { "sun", "mon", "tue", "wed", "thu", "fri", "sat" };
	for (int i = 0; i < 7; i++)
		if (strcmp(names[i], name) == 0)
			return i;
	return 3;
}

/* Before or after it, or not at all. */
static int64_t moved(const struct cfg *c, const struct cal *cal, int64_t day)
{
	if (cal_is_business_day(cal, day) || strcmp(c->news_dayoff, "same") == 0)
		return day;
	return cal_add_days(cal, day, strcmp(c->news_dayoff, "before") == 0 ? -1 : 1);
}

epoch weekly_of(const struct cfg *c, const struct cal *cal, int64_t day)
{
	int64_t sunday = day - civil_of_day(day).wday;
	struct civil d = civil_of_day(moved(c, cal, sunday + weekday(c->news_weekday)));
	return epoch_of(d.year, d.mon, d.day, (int)c->news_time / 100, (int)c->news_time % 100, 0);
}

/* A week whose day was moved may reach into its neighbours. */
epoch weekly_next(const struct cfg *c, const struct cal *cal, epoch t)
{
	struct civil now = civil_of(t);
	int64_t day = day_of(now.year, now.mon, now.day);
	for (int week = -2;; week++) {
		epoch at = weekly_of(c, cal, day + 7 * week);
		if (at > t || week > 10)
			return at;
	}
}
