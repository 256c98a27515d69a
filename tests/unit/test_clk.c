/* Civil time: days and epochs both ways, strict parsing, the forms in which
 * time is written, the movable clock. */
#include "base/clk.h"
#include "unit.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

START_TEST(days_both_ways)
{
	struct civil last = civil_of_day(day_of(-400, 1, 1) - 1);
	ck_assert_int_eq(day_of(1970, 1, 1), 0);
	ck_assert_int_eq(day_of(1969, 12, 31), -1);
	ck_assert_int_eq(day_of(2000, 3, 1), 11017);
	for (int64_t d = day_of(-400, 1, 1); d < day_of(3000, 1, 1); d++) {
		struct civil c = civil_of_day(d);
		bool back = day_of(c.year, c.mon, c.day) == d && c.wday == (last.wday + 1) % 7;
		bool next_day = c.day == last.day + 1 && c.mon == last.mon && c.year == last.year;
		bool next_month = c.day == 1 && c.mon == last.mon + 1 && c.year == last.year && last.day >= 28;
		bool next_year = c.day == 1 && c.mon == 1 && c.year == last.year + 1 && last.mon == 12 && last.day == 31;
		if (!back || next_day + next_month + next_year != 1) /* an assertion that holds is a write, each */
			ck_abort_msg("day %lld", (long long)d);
		last = c;
	}
}
END_TEST

/* Against the C library, which has its own arithmetic. */
START_TEST(epochs_both_ways)
{
	srand(7);
	for (int i = 0; i < 200000; i++) {
		epoch t = ((int64_t)rand() << 4) - ((int64_t)rand() << 4) + rand() % 16;
		time_t local = t + 9 * 3600;
		struct tm tm;
		gmtime_r(&local, &tm);
		struct civil c = civil_of(t);
		bool same_day = c.year == tm.tm_year + 1900 && c.mon == tm.tm_mon + 1 && c.day == tm.tm_mday && c.wday == tm.tm_wday;
		bool same_time = c.hour == tm.tm_hour && c.min == tm.tm_min && c.sec == tm.tm_sec;
		if (!same_day || !same_time || epoch_of(c.year, c.mon, c.day, c.hour, c.min, c.sec) != t)
			ck_abort_msg("second %lld", (long long)t);
	}
	ck_assert_int_eq(epoch_of(1970, 1, 1, 9, 0, 0), 0);
	struct civil c = civil_of(-1);
	ck_assert(c.year == 1970 && c.hour == 8 && c.min == 59 && c.sec == 59 && c.wday == 4);
	c = civil_of(-9 * 3600 - 1); /* the last second of 1969 in Japan */
	ck_assert(c.year == 1969 && c.mon == 12 && c.day == 31 && c.hour == 23 && c.sec == 59);
}
END_TEST

START_TEST(leap_years)
{
	static const struct {
		const char *s;
		bool ok;
	} t[] = {
		{ "2024-02-29", true }, { "2023-02-29", false }, { "2000-02-29", true }, { "1900-02-29", false },
		{ "2100-02-29", false }, { "2400-02-29", true }, { "2024-02-30", false }, { "2026-04-31", false },
		{ "2026-06-31", false }, { "2026-09-31", false }, { "2026-11-31", false }, { "2026-12-31", true },
	};
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		int64_t day;
		ck_assert_msg(civil_parse_date(t[i].s, &day) == t[i].ok, "%s", t[i].s);
	}
}
END_TEST

START_TEST(parsing_is_strict)
{
	static const char *const dates[] = {
		"", " ", "2026", "2026-11", "2026-11-", "2026-11-2", "2026-1-24", "26-11-24", "2026-11-24 ",
		" 2026-11-24", "2026-11-024", "2026-00-10", "2026-13-10", "2026-11-00", "2026-11-32", "2026-11/24",
		"2026.11.24", "20261124", "+026-11-24", "-026-11-24", "2026-11-24x", "2026-+1-24", "２０２６-11-24",
	};
	static const char *const times[] = {
		"2026-11-24", "2026-11-24 ", "2026-11-24 10", "2026-11-24 10:", "2026-11-24 10:0",
		"2026-11-24 1:00", "2026-11-24 24:00", "2026-11-24 10:60", "2026-11-24 10:00:60",
		"2026-11-24 10:00:", "2026-11-24 10:00:0", "2026-11-24 10:00 ", "2026-11-24  10:00",
		"2026-11-24_10:00", "2026-11-24 10:00:00Z", "2026-11-24 10:00+09:00", "2026-11-24t10:00",
		"2026-02-30 10:00", "2026-11-24 -1:00", "10:00",
	};
	int64_t day = 42;
	epoch t = 42;
	for (size_t i = 0; i < sizeof dates / sizeof *dates; i++)
		ck_assert_msg(!civil_parse_date(dates[i], &day), "\"%s\"", dates[i]);
	for (size_t i = 0; i < sizeof times / sizeof *times; i++)
		ck_assert_msg(!civil_parse_time(times[i], &t), "\"%s\"", times[i]);
	ck_assert_int_eq(t, 42);
}
END_TEST

START_TEST(parsing_what_is_right)
{
	int64_t day;
	epoch t, want = epoch_of(2026, 11, 24, 10, 5, 0);
	ck_assert(civil_parse_date("2026-11-24", &day) && day == day_of(2026, 11, 24));
	ck_assert(civil_parse_date("2026/11/24", &day) && day == day_of(2026, 11, 24));
	ck_assert(civil_parse_time("2026-11-24 10:05", &t) && t == want);
	ck_assert(civil_parse_time("2026-11-24T10:05", &t) && t == want);
	ck_assert(civil_parse_time("2026/11/24 10:05:00", &t) && t == want);
	ck_assert(civil_parse_time("2026-11-24 23:59:59", &t) && t == epoch_of(2026, 11, 24, 23, 59, 59));
	ck_assert(civil_parse_time("0001-01-01 00:00", &t) && t == epoch_of(1, 1, 1, 0, 0, 0));
}
END_TEST

START_TEST(written_forms)
{
	char a[40], b[32], c[48];
	epoch t = epoch_of(2026, 11, 24, 10, 0, 0);
	ck_assert_str_eq(clk_rfc5322(t, a), "Tue, 24 Nov 2026 10:00:00 +0900");
	ck_assert_str_eq(clk_iso(t, b), "2026-11-24 10:00:00");
	ck_assert_str_eq(clk_ja(t, c), "11月24日(火) 10:00");
	t = epoch_of(2024, 2, 4, 9, 5, 7);
	ck_assert_str_eq(clk_rfc5322(t, a), "Sun, 4 Feb 2024 09:05:07 +0900");
	ck_assert_str_eq(clk_iso(t, b), "2024-02-04 09:05:07");
	ck_assert_str_eq(clk_ja(t, c), "2月4日(日) 9:05");
	for (int d = 1; d <= 365; d++) { /* what is written is read again */
		epoch back;
		t = epoch_of(2026, 1, d, 1, 2, 3);
		ck_assert(civil_parse_time(clk_iso(t, b), &back) && back == t);
	}
}
END_TEST

static char path[] = "/tmp/test_clk.XXXXXX";

START_TEST(a_clock_that_is_moved)
{
	struct err e;
	int64_t offset = 1;
	int fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(clk_open(path, &e), ERR_PERM); /* empty */
	ck_assert_int_eq(clk_get_offset(path, &offset, &e), ERR_PERM);
	ck_assert_int_eq(clk_set_offset(path, 86400, &e), OK);
	ck_assert_int_eq(clk_get_offset(path, &offset, &e), OK);
	ck_assert_int_eq(offset, 86400);
	ck_assert_int_eq(clk_open(path, &e), OK);
	ck_assert_int_le(llabs((long long)(clk_now() - time(NULL) - 86400)), 1);
	ck_assert_int_eq(clk_set_offset(path, -3600, &e), OK); /* seen at once */
	ck_assert_int_le(llabs((long long)(clk_now() - time(NULL) + 3600)), 1);
	close(fd);
	unlink(path);
}
END_TEST

START_TEST(a_clock_that_is_not_there)
{
	struct err e;
	int64_t offset;
	ck_assert_int_eq(clk_open("/nonexistent/clock", &e), ERR_PERM);
	ck_assert_ptr_nonnull(strstr(e.msg, "/nonexistent/clock"));
	ck_assert_int_eq(clk_get_offset("/nonexistent/clock", &offset, &e), ERR_PERM);
	ck_assert_int_eq(clk_set_offset("/nonexistent/clock", 1, &e), ERR_PERM);
	ck_assert_int_eq(clk_open(NULL, &e), OK);
	ck_assert_int_le(llabs((long long)(clk_now() - time(NULL))), 1);
	int64_t m = clk_mono_ms();
	ck_assert(clk_mono_ms() >= m);
}
END_TEST

START_TEST(spans_are_read_to_the_minute)
{
	static const struct { int64_t seconds; const char *want; } t[] = {
		{ 0, "1分未満" }, { 29, "1分未満" }, { 30, "1分" }, { 2700, "45分" }, { 3599, "1時間" }, { 5400, "1時間30分" },
		{ 12599, "3時間30分" }, { 25200, "7時間" }, { INT64_C(3600) * 123456, "123456時間" },
	};
	char buf[48];
	for (size_t i = 0; i < sizeof t / sizeof *t; i++)
		ck_assert_str_eq(clk_span_ja(t[i].seconds, buf), t[i].want);
}
END_TEST

UNIT_SUITE("clk", spans_are_read_to_the_minute, days_both_ways, epochs_both_ways, leap_years, parsing_is_strict, parsing_what_is_right,
           written_forms, a_clock_that_is_moved, a_clock_that_is_not_there)
