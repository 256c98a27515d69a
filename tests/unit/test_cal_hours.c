/* Reply hours: a table of the hard moments, then random moments against a walk
 * minute by minute over days taken from the golden list, not from the calendar. */
#include "cal/cal.h"
#include "base/io.h"
#include "unit.h"
#include <stdio.h>
#include <string.h>

static struct cal *c;

static void setup(void)
{
	c = cal_new();
	srand(20261124);
}

static epoch at(const char *s)
{
	epoch t;
	ck_assert_msg(civil_parse_time(s, &t), "%s", s);
	return t;
}

static void check_time(const char *what, const char *from, epoch got, const char *want)
{
	char buf[32];
	ck_assert_msg(got == at(want), "%s of %s is %s, not %s", what, from, clk_iso(got, buf), want);
}

START_TEST(due_times)
{
	static const char *const t[][2] = {
		{ "2026-11-24 10:00", "2026-11-25 10:00" },    /* within the day */
		{ "2026-11-24 09:30", "2026-11-24 17:30" },    /* at opening: the same day's closing */
		{ "2026-11-24 09:29:59", "2026-11-24 17:30" }, /* before opening */
		{ "2026-11-24 00:00", "2026-11-24 17:30" },
		{ "2026-11-24 09:30:01", "2026-11-25 09:30:01" },
		{ "2026-11-24 11:59:59", "2026-11-25 11:59:59" },
		{ "2026-11-24 12:00", "2026-11-25 12:00" },    /* lunch counts from 13:00 */
		{ "2026-11-24 12:30", "2026-11-25 12:00" },
		{ "2026-11-24 13:00", "2026-11-25 12:00" },
		{ "2026-11-24 13:00:01", "2026-11-25 13:00:01" },
		{ "2026-11-24 17:29:59", "2026-11-25 17:29:59" },
		{ "2026-11-24 17:30", "2026-11-25 17:30" },    /* closed: from the next opening */
		{ "2026-11-24 23:59:59", "2026-11-25 17:30" },
		{ "2026-11-20 16:00", "2026-11-24 16:00" },    /* Friday, then a Monday holiday */
		{ "2026-11-21 12:00", "2026-11-24 17:30" },    /* Saturday */
		{ "2026-11-23 10:00", "2026-11-24 17:30" },    /* the holiday */
		{ "2026-12-28 10:00", "2027-01-04 10:00" },    /* year end */
		{ "2026-12-28 18:00", "2027-01-04 17:30" },
		{ "2026-12-31 23:59:59", "2027-01-04 17:30" },
		{ "2019-04-26 17:00", "2019-05-07 17:00" },    /* ten days off */
		{ "2026-09-18 15:00", "2026-09-24 15:00" },    /* in-between holiday */
		{ "2024-02-28 10:00", "2024-02-29 10:00" },    /* leap day */
		{ "2099-12-28 10:00", "2100-01-04 10:00" },    /* out of the table */
	};
	setup();
	for (size_t i = 0; i < sizeof t / sizeof *t; i++)
		check_time("due", t[i][0], cal_due(c, at(t[i][0])), t[i][1]);
}
END_TEST

START_TEST(rolling)
{
	static const char *const t[][2] = {
		{ "2026-11-24 09:29:59", "2026-11-24 09:30" }, { "2026-11-24 09:30", "2026-11-24 09:30" },
		{ "2026-11-24 11:59:59", "2026-11-24 11:59:59" }, { "2026-11-24 12:00", "2026-11-24 13:00" },
		{ "2026-11-24 12:59:59", "2026-11-24 13:00" }, { "2026-11-24 17:30", "2026-11-25 09:30" },
		{ "2026-11-20 17:30", "2026-11-24 09:30" }, { "2026-12-28 17:30", "2027-01-04 09:30" },
	};
	setup();
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		check_time("roll", t[i][0], cal_roll(c, at(t[i][0])), t[i][1]);
		check_time("0 s after", t[i][0], cal_add_reply_time(c, at(t[i][0]), 0), t[i][1]);
		check_time("-1 s after", t[i][0], cal_add_reply_time(c, at(t[i][0]), -1), t[i][1]);
		ck_assert_int_eq(cal_in_reply_hours(c, at(t[i][0])), strcmp(t[i][0], t[i][1]) == 0);
	}
}
END_TEST

START_TEST(reply_time_between)
{
	static const struct {
		const char *a, *b;
		int64_t seconds;
	} t[] = {
		{ "2026-11-24 10:00", "2026-11-24 10:00", 0 }, { "2026-11-24 10:00", "2026-11-24 09:00", 0 },
		{ "2026-11-25 10:00", "2026-11-24 10:00", 0 }, { "2026-11-24 10:00", "2026-11-24 10:00:01", 1 },
		{ "2026-11-24 00:00", "2026-11-25 00:00", 25200 }, { "2026-11-24 11:59", "2026-11-24 13:01", 120 },
		{ "2026-11-24 17:29", "2026-11-25 09:31", 120 }, { "2026-11-20 17:29:59", "2026-11-24 09:30", 1 },
		{ "2026-11-21 00:00", "2026-11-24 00:00", 0 }, { "2026-12-28 12:00", "2027-01-04 13:00", 16200 + 9000 },
	};
	setup();
	for (size_t i = 0; i < sizeof t / sizeof *t; i++)
		ck_assert_msg(cal_reply_time(c, at(t[i].a), at(t[i].b)) == t[i].seconds, "%s to %s", t[i].a, t[i].b);
}
END_TEST

START_TEST(reception_by_the_cut_off)
{
	static const char *const t[][2] = {
		{ "2026-11-24 00:00", "2026-11-24" }, { "2026-11-24 15:00", "2026-11-24" },
		{ "2026-11-24 15:00:01", "2026-11-25" }, { "2026-11-20 15:01", "2026-11-24" },
		{ "2026-11-21 10:00", "2026-11-24" }, { "2026-11-23 23:00", "2026-11-24" },
		{ "2026-12-28 15:00", "2026-12-28" }, { "2026-12-28 16:00", "2027-01-04" },
		{ "2026-12-30 09:00", "2027-01-04" },
	};
	setup();
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		int64_t want;
		ck_assert(civil_parse_date(t[i][1], &want));
		ck_assert_msg(cal_reception_day(c, at(t[i][0])) == want, "%s", t[i][0]);
	}
}
END_TEST

/* ---- the walk ---- */
static struct sb list = SB_INIT;

static bool open_day(time_t local)
{
	struct tm tm;
	char key[16];
	gmtime_r(&local, &tm); /* `local` is JST already */
	strftime(key, sizeof key, "\n%Y-%m-%d ", &tm);
	if (tm.tm_wday == 0 || tm.tm_wday == 6 || strstr(list.s, key))
		return false;
	return !(tm.tm_mon == 11 && tm.tm_mday >= 29) && !(tm.tm_mon == 0 && tm.tm_mday <= 3);
}

static bool open_minute(epoch t)
{
	static time_t day = -1;
	static bool day_open;
	time_t local = t + 9 * 3600;
	if (local / 86400 != day) {
		day = local / 86400;
		day_open = open_day(local);
	}
	int m = (int)(local / 60 % 1440);
	return day_open && ((m >= 570 && m < 720) || (m >= 780 && m < 1050));
}

static epoch random_minute(void)
{
	epoch from = at("2000-01-04 00:00"), to = at("2030-11-01 00:00");
	return from + (epoch)(((unsigned long)rand() << 15 ^ (unsigned long)rand()) % (unsigned long)(to - from)) / 60 * 60;
}

START_TEST(as_a_walk_by_minutes)
{
	struct err e;
	setup();
	sb_addc(&list, '\n');
	ck_assert_int_eq(io_read_file("tests/golden/cal/holidays-2000-2030.ref", 1 << 20, &list, &e), OK);
	for (int i = 0; i < 2000; i++) {
		epoch t = random_minute(), end = t;
		int minutes = i % 2 ? 420 : 1 + rand() % 2000;
		ck_assert_int_eq(cal_in_reply_hours(c, t), open_minute(t));
		for (int left = minutes; left > 0; end += 60)
			left -= open_minute(end);
		char a[32], b[32];
		ck_assert_msg(cal_add_reply_time(c, t, minutes * 60) == end, "%s + %d min is %s", clk_iso(t, a),
		              minutes, clk_iso(end, b));
		ck_assert_int_eq(cal_reply_time(c, t, end), minutes * 60);
	}
	sb_free(&list);
}
END_TEST

START_TEST(properties_of_due_times)
{
	setup();
	for (int i = 0; i < 5000; i++) {
		epoch t = at("1955-01-05 00:00") + (epoch)(rand() % 140) * 365 * 86400 + rand() % 31536000;
		epoch due = cal_due(c, t), later = t + rand() % 200000;
		ck_assert_int_eq(cal_reply_time(c, t, due), CAL_BUSINESS_DAY_SECONDS);
		ck_assert_int_eq(cal_reply_time(c, t, due - 1), CAL_BUSINESS_DAY_SECONDS - 1);
		ck_assert(cal_in_reply_hours(c, due - 1)); /* inside, or at a closing */
		ck_assert(cal_due(c, later) >= due);
		ck_assert_int_eq(cal_due(c, cal_roll(c, t)), due);
		int64_t n = rand() % 100000;
		ck_assert_int_eq(cal_reply_time(c, t, cal_add_reply_time(c, t, n)), n);
		ck_assert_int_eq(cal_add_reply_time(c, cal_add_reply_time(c, t, 1000), n + 1),
		                 cal_add_reply_time(c, t, 1001 + n));
	}
}
END_TEST

START_TEST(any_time_is_safe)
{
	epoch lo = epoch_of(1, 1, 1, 0, 0, 0), hi = epoch_of(9999, 12, 31, 23, 59, 59);
	epoch t[] = { INT64_MIN, INT64_MIN + 1, lo - 1, lo, 0, hi, hi + 1, INT64_MAX };
	setup();
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		epoch r[] = { cal_roll(c, t[i]), cal_due(c, t[i]), cal_add_reply_time(c, t[i], INT64_MAX),
			      cal_add_reply_time(c, t[i], INT64_MIN) };
		for (size_t j = 0; j < sizeof r / sizeof *r; j++)
			ck_assert(r[j] >= lo && r[j] <= hi);
		ck_assert_int_eq(r[2], hi);
		cal_in_reply_hours(c, t[i]);
		ck_assert(cal_reception_day(c, t[i]) <= day_of(9999, 12, 31));
		ck_assert_int_eq(cal_reply_time(c, INT64_MAX, t[i]), 0);
		ck_assert(cal_reply_time(c, INT64_MIN, t[i]) >= 0);
	}
	cal_free(&c);
}
END_TEST

UNIT_SUITE("cal_hours", due_times, rolling, reply_time_between, reception_by_the_cut_off, as_a_walk_by_minutes,
           properties_of_due_times, any_time_is_safe)
