/*
 * Reply hours: 9:30–12:00 and 13:00–17:30 JST on business days. A span holds
 * its opening second and not its closing one.
 */
#include "cal_impl.h"
#include <stddef.h>

static const struct span {
	int from, to; /* seconds of the day */
} spans[] = {
	{ 9 * 3600 + 30 * 60, 12 * 3600 },
	{ 13 * 3600, 17 * 3600 + 30 * 60 },
};
enum { SPANS = sizeof spans / sizeof *spans };

struct moment {
	int64_t day;
	int sec; /* of that day, JST */
};

static epoch at(int64_t day, int64_t sec)
{
	return day * DAY + sec - JST;
}

static epoch clamp(epoch t)
{
	epoch lo = at(DAY_MIN, 0), hi = at(DAY_MAX, DAY - 1);
	return t < lo ? lo : t > hi ? hi : t;
}

static struct moment moment_of(epoch t)
{
	t = clamp(t) + JST;
	int64_t day = t >= 0 ? t / DAY : (t - DAY + 1) / DAY;
	return (struct moment){ day, (int)(t - day * DAY) };
}

bool cal_in_reply_hours(const struct cal *c, epoch t)
{
	return cal_roll(c, t) == t;
}

epoch cal_roll(const struct cal *c, epoch t)
{
	struct moment m = moment_of(t);
	for (; m.day <= DAY_MAX; m.day++, m.sec = 0) {
		if (!cal_is_business_day(c, m.day))
			continue;
		for (int i = 0; i < SPANS; i++)
			if (m.sec < spans[i].to)
				return at(m.day, m.sec > spans[i].from ? m.sec : spans[i].from);
	}
	return clamp(INT64_MAX);
}

epoch cal_add_reply_time(const struct cal *c, epoch t, int64_t seconds)
{
	if (seconds <= 0)
		return cal_roll(c, t);
	struct moment m = moment_of(t);
	for (; m.day <= DAY_MAX; m.day++, m.sec = 0) {
		if (!cal_is_business_day(c, m.day))
			continue;
		for (int i = 0; i < SPANS; i++) {
			int from = m.sec > spans[i].from ? m.sec : spans[i].from;
			int room = spans[i].to - from;
			if (room <= 0)
				continue;
			if (seconds <= room)
				return at(m.day, from + seconds);
			seconds -= room;
		}
	}
	return clamp(INT64_MAX);
}

/* Reply seconds of a business day that lie in [from, to). */
static int64_t overlap(int64_t from, int64_t to)
{
	int64_t sum = 0;
	for (int i = 0; i < SPANS; i++) {
		int64_t lo = from > spans[i].from ? from : spans[i].from;
		int64_t hi = to < spans[i].to ? to : spans[i].to;
		sum += hi > lo ? hi - lo : 0;
	}
	return sum;
}

int64_t cal_reply_time(const struct cal *c, epoch a, epoch b)
{
	struct moment from = moment_of(a), to = moment_of(b);
	int64_t sum = 0;
	for (int64_t day = from.day; day <= to.day; day++)
		if (cal_is_business_day(c, day))
			sum += overlap(day == from.day ? from.sec : 0, day == to.day ? to.sec : DAY);
	return sum;
}

epoch cal_due(const struct cal *c, epoch received)
{
	return cal_add_reply_time(c, received, CAL_BUSINESS_DAY_SECONDS);
}

int64_t cal_reception_day(const struct cal *c, epoch t)
{
	struct moment m = moment_of(t);
	return cal_add_days(c, m.day + (m.sec > CAL_CUTOFF_SECOND), 0);
}
