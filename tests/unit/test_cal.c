/* Holidays and business days against the law, year by year, and against a list
 * of 2000–2030 that was written by hand (golden/cal). */
#include "cal/cal.h"
#include "base/io.h"
#include "unit.h"
#include <stdio.h>
#include <string.h>

static struct cal *c;

static const char *holiday(int y, int m, int d)
{
	if (!c)
		c = cal_new();
	const char *name = cal_holiday(c, day_of(y, m, d));
	return name ? name : "";
}

struct fact {
	int y, m, d;
	const char *name; /* "" = no holiday */
};

static void check_facts(const struct fact *f, size_t n)
{
	for (; n > 0; n--, f++)
		ck_assert_msg(strcmp(holiday(f->y, f->m, f->d), f->name) == 0, "%04d-%02d-%02d: \"%s\", not \"%s\"",
		              f->y, f->m, f->d, holiday(f->y, f->m, f->d), f->name);
}
#define FACTS(f) check_facts(f, sizeof(f) / sizeof *(f))

START_TEST(names_and_moves_of_each_holiday)
{
	static const struct fact f[] = {
		{ 1955, 1, 1, "元日" }, { 2099, 1, 1, "元日" },
		{ 1955, 1, 15, "成人の日" }, { 1999, 1, 15, "成人の日" },
		{ 2000, 1, 15, "" }, { 2000, 1, 10, "成人の日" }, { 2099, 1, 12, "成人の日" },
		{ 1966, 2, 11, "" }, { 1967, 2, 11, "建国記念の日" }, { 2099, 2, 11, "建国記念の日" },
		{ 1955, 4, 29, "天皇誕生日" }, { 1988, 4, 29, "天皇誕生日" },
		{ 1989, 4, 29, "みどりの日" }, { 2006, 4, 29, "みどりの日" },
		{ 2007, 4, 29, "昭和の日" }, { 2099, 4, 29, "昭和の日" },
		{ 1955, 5, 3, "憲法記念日" }, { 1955, 5, 5, "こどもの日" },
		{ 2006, 5, 4, "国民の休日" }, { 2007, 5, 4, "みどりの日" },
		{ 1995, 7, 20, "" }, { 1996, 7, 20, "海の日" }, { 2002, 7, 20, "海の日" },
		{ 2003, 7, 20, "" }, { 2003, 7, 21, "海の日" }, { 2022, 7, 18, "海の日" },
		{ 2015, 8, 11, "" }, { 2016, 8, 11, "山の日" }, { 2022, 8, 11, "山の日" },
		{ 1965, 9, 15, "" }, { 1966, 9, 15, "敬老の日" }, { 2002, 9, 15, "敬老の日" },
		{ 2003, 9, 15, "敬老の日" }, { 2004, 9, 15, "" }, { 2004, 9, 20, "敬老の日" },
		{ 1965, 10, 10, "" }, { 1966, 10, 10, "体育の日" }, { 1999, 10, 10, "体育の日" },
		{ 2000, 10, 10, "" }, { 2000, 10, 9, "体育の日" }, { 2019, 10, 14, "体育の日" },
		{ 2022, 10, 10, "スポーツの日" },
		{ 1955, 11, 3, "文化の日" }, { 1955, 11, 23, "勤労感謝の日" },
		{ 1988, 12, 23, "" }, { 1989, 12, 23, "天皇誕生日" }, { 2018, 12, 23, "天皇誕生日" },
		{ 2019, 12, 23, "" }, { 2019, 2, 23, "" }, { 2020, 2, 23, "天皇誕生日" },
	};
	FACTS(f);
}
END_TEST

START_TEST(years_of_the_games)
{
	static const struct fact f[] = {
		{ 2020, 7, 23, "海の日" }, { 2020, 7, 24, "スポーツの日" }, { 2020, 8, 10, "山の日" },
		{ 2020, 7, 20, "" }, { 2020, 8, 11, "" }, { 2020, 10, 12, "" },
		{ 2021, 7, 22, "海の日" }, { 2021, 7, 23, "スポーツの日" }, { 2021, 8, 8, "山の日" },
		{ 2021, 8, 9, "振替休日" }, { 2021, 7, 19, "" }, { 2021, 8, 11, "" }, { 2021, 10, 11, "" },
	};
	FACTS(f);
}
END_TEST

START_TEST(holidays_of_one_year)
{
	static const struct fact f[] = {
		{ 1959, 4, 10, "皇太子明仁親王の結婚の儀" }, { 1958, 4, 10, "" }, { 1960, 4, 10, "" },
		{ 1989, 2, 24, "昭和天皇の大喪の礼" }, { 1990, 11, 12, "即位礼正殿の儀" },
		{ 1993, 6, 9, "皇太子徳仁親王の結婚の儀" }, { 2019, 10, 22, "即位礼正殿の儀" },
		{ 2019, 4, 30, "国民の休日" }, { 2019, 5, 1, "天皇の即位の日" }, { 2019, 5, 2, "国民の休日" },
		{ 2018, 5, 1, "" }, { 2020, 5, 1, "" }, { 2020, 10, 22, "" },
	};
	FACTS(f);
}
END_TEST

START_TEST(substitute_holidays)
{
	static const struct fact f[] = {
		{ 1973, 2, 12, "" }, /* before the law of 1973-04-12 */
		{ 1973, 4, 30, "振替休日" }, /* the first */
		{ 1973, 9, 24, "振替休日" }, { 1978, 1, 2, "振替休日" },
		{ 1981, 5, 4, "振替休日" }, { 1987, 5, 4, "振替休日" }, { 1998, 5, 4, "振替休日" },
		{ 2003, 5, 6, "" }, /* 5/4 was a Sunday, but no holiday */
		{ 2002, 5, 6, "振替休日" },
		{ 2008, 5, 6, "振替休日" }, { 2009, 5, 6, "振替休日" }, { 2012, 5, 6, "" },
		{ 2013, 5, 6, "振替休日" }, { 2014, 5, 6, "振替休日" }, { 2015, 5, 6, "振替休日" },
		{ 2016, 3, 21, "振替休日" }, { 2019, 8, 12, "振替休日" }, { 2020, 2, 24, "振替休日" },
		{ 2023, 1, 2, "振替休日" }, { 2024, 2, 12, "振替休日" }, { 2024, 9, 23, "振替休日" },
		{ 2026, 5, 6, "振替休日" }, { 2044, 9, 22, "秋分の日" },
	};
	FACTS(f);
}
END_TEST

START_TEST(days_between_holidays)
{
	static const struct fact f[] = {
		{ 1985, 5, 4, "" }, { 1986, 5, 4, "" }, /* a Sunday */
		{ 1988, 5, 4, "国民の休日" }, { 1991, 5, 4, "国民の休日" }, { 1996, 5, 4, "国民の休日" },
		{ 1992, 5, 4, "振替休日" }, { 1997, 5, 4, "" }, { 2003, 5, 4, "" },
		{ 2009, 9, 22, "国民の休日" }, { 2015, 9, 22, "国民の休日" }, { 2026, 9, 22, "国民の休日" },
		{ 2032, 9, 21, "国民の休日" }, { 2037, 9, 22, "国民の休日" }, { 2020, 9, 22, "秋分の日" },
		{ 2021, 9, 22, "" },
	};
	FACTS(f);
}
END_TEST

/* The published cycles of the equinoxes, which is not how law.c has them. */
static int spring(int y)
{
	int r = y % 4;
	if (y < 1960)
		return 21;
	if (y < 1992)
		return r == 0 ? 20 : 21;
	if (y < 2024)
		return r <= 1 ? 20 : 21;
	if (y < 2056)
		return r == 3 ? 21 : 20;
	return y < 2092 || r != 0 ? 20 : 19;
}

static int autumn(int y)
{
	int r = y % 4;
	if (y < 1980)
		return r == 3 ? 24 : 23;
	if (y < 2012)
		return 23;
	if (y < 2044)
		return r == 0 ? 22 : 23;
	if (y < 2076)
		return r <= 1 ? 22 : 23;
	return r == 3 ? 23 : 22;
}

START_TEST(equinoxes_of_every_year)
{
	for (int y = 1955; y <= 2099; y++) {
		ck_assert_msg(strcmp(holiday(y, 3, spring(y)), "春分の日") == 0, "%d-03-%d", y, spring(y));
		ck_assert_msg(strcmp(holiday(y, 9, autumn(y)), "秋分の日") == 0, "%d-09-%d", y, autumn(y));
	}
}
END_TEST

/* How many holidays a year has, substitutes and in-between days apart. */
START_TEST(number_of_holidays_by_law)
{
	holiday(1955, 1, 1);
	for (int y = 1955; y <= 2099; y++) {
		int law = 9 + 2 * (y >= 1966) + (y >= 1967) + (y >= 1989) + (y >= 1996) + (y >= 2007) + (y >= 2016);
		law += (y == 1959) + (y == 1989) + (y == 1990) + (y == 1993);
		law += y == 2019 ? 2 - 1 : 0; /* two ceremonies, no birthday */
		int n = 0;
		for (int64_t d = day_of(y, 1, 1); d < day_of(y + 1, 1, 1); d++) {
			const char *name = cal_holiday(c, d);
			n += name && strcmp(name, CAL_SUBSTITUTE) != 0 && strcmp(name, CAL_BETWEEN) != 0;
		}
		ck_assert_msg(n == law, "%d has %d holidays, not %d", y, n, law);
	}
}
END_TEST

/* Each Sunday holiday since 1973-04-12 is made up for by the next day that is
 * none, and a substitute has such a Sunday behind it. */
START_TEST(substitutes_follow_from_sundays)
{
	holiday(1955, 1, 1);
	for (int64_t d = day_of(1973, 4, 12); d < day_of(2099, 12, 1); d++) {
		const char *name = cal_holiday(c, d);
		if (name && civil_of_day(d).wday == 0) {
			int64_t next = d;
			while (cal_holiday(c, next) && strcmp(cal_holiday(c, next), CAL_SUBSTITUTE) != 0)
				next++;
			ck_assert_ptr_nonnull(cal_holiday(c, next));
		}
		if (name && strcmp(name, CAL_SUBSTITUTE) == 0) {
			int64_t back = d;
			while (civil_of_day(back).wday != 0)
				ck_assert_ptr_nonnull(cal_holiday(c, back--));
			ck_assert_ptr_nonnull(cal_holiday(c, back));
		}
	}
}
END_TEST

START_TEST(as_the_list_written_by_hand)
{
	struct sb want = SB_INIT, got = SB_INIT;
	struct err e;
	holiday(1955, 1, 1);
	ck_assert_int_eq(io_read_file("tests/golden/cal/holidays-2000-2030.ref", 1 << 20, &want, &e), OK);
	for (int64_t d = day_of(2000, 1, 1); d < day_of(2031, 1, 1); d++) {
		struct civil v = civil_of_day(d);
		if (cal_holiday(c, d))
			sb_addf(&got, "%04d-%02d-%02d %s\n", v.year, v.mon, v.day, cal_holiday(c, d));
	}
	ck_assert_str_eq(got.s, want.s);
	sb_free(&want);
	sb_free(&got);
}
END_TEST

START_TEST(business_days)
{
	static const struct {
		int y, m, d;
		bool open;
	} t[] = {
		{ 2026, 11, 20, true }, { 2026, 11, 21, false }, { 2026, 11, 22, false }, { 2026, 11, 23, false },
		{ 2026, 11, 24, true }, { 2026, 12, 28, true }, { 2026, 12, 29, false }, { 2026, 12, 31, false },
		{ 2027, 1, 1, false }, { 2027, 1, 2, false }, { 2027, 1, 3, false }, { 2027, 1, 4, true },
		{ 2023, 12, 29, false }, { 2024, 1, 3, false }, { 2024, 1, 4, true },
		/* outside the table: weekends and the year end */
		{ 1954, 11, 3, true }, { 1954, 12, 29, false }, { 1954, 12, 25, false }, { 2100, 1, 1, false },
		{ 2100, 1, 4, true }, { 2100, 2, 11, true }, { 2100, 1, 9, false }, { 1, 1, 1, false },
	};
	holiday(1955, 1, 1);
	for (size_t i = 0; i < sizeof t / sizeof *t; i++)
		ck_assert_msg(cal_is_business_day(c, day_of(t[i].y, t[i].m, t[i].d)) == t[i].open, "%04d-%02d-%02d",
		              t[i].y, t[i].m, t[i].d);
}
END_TEST

START_TEST(adding_business_days)
{
	static const struct {
		int y, m, d, n, ym, mm, dm;
	} t[] = {
		{ 2026, 11, 20, 1, 2026, 11, 24 }, { 2026, 11, 24, -1, 2026, 11, 20 },
		{ 2026, 11, 21, 0, 2026, 11, 24 }, { 2026, 11, 24, 0, 2026, 11, 24 },
		{ 2026, 11, 22, 1, 2026, 11, 24 }, { 2026, 11, 22, -1, 2026, 11, 20 },
		{ 2026, 12, 28, 1, 2027, 1, 4 }, { 2027, 1, 4, -1, 2026, 12, 28 },
		{ 2026, 4, 28, 5, 2026, 5, 11 }, { 2019, 4, 26, 1, 2019, 5, 7 },
		{ 2026, 9, 18, 1, 2026, 9, 24 }, { 2026, 12, 15, 8, 2026, 12, 25 },
		{ 2024, 2, 28, 1, 2024, 2, 29 }, { 2099, 12, 28, 1, 2100, 1, 4 },
	};
	holiday(1955, 1, 1);
	for (size_t i = 0; i < sizeof t / sizeof *t; i++)
		ck_assert_msg(cal_add_days(c, day_of(t[i].y, t[i].m, t[i].d), t[i].n) ==
		                      day_of(t[i].ym, t[i].mm, t[i].dm), "%04d-%02d-%02d %+d", t[i].y, t[i].m,
		              t[i].d, t[i].n);
}
END_TEST

START_TEST(adding_is_undone_by_subtracting)
{
	holiday(1955, 1, 1);
	srand(4);
	for (int i = 0; i < 3000; i++) {
		int64_t day = cal_add_days(c, day_of(1956, 1, 1) + rand() % 52000, 0);
		int n = rand() % 60;
		int64_t later = cal_add_days(c, day, n);
		int open = 0;
		for (int64_t d = day; d < later; d++)
			open += cal_is_business_day(c, d);
		ck_assert_int_eq(open, n);
		ck_assert(cal_is_business_day(c, later));
		ck_assert_int_eq(cal_add_days(c, later, -n), day);
	}
}
END_TEST

START_TEST(any_day_is_safe)
{
	static const int64_t days[] = { INT64_MIN, INT64_MIN + 1, -719163, -719162, 2932896, 2932897, INT64_MAX };
	holiday(1955, 1, 1);
	for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
		ck_assert_ptr_null(cal_holiday(c, days[i]));
		cal_is_business_day(c, days[i]);
		int64_t d = cal_add_days(c, days[i], i % 2 ? 1 : -1);
		ck_assert(d >= -719162 && d <= 2932896);
	}
	ck_assert_int_eq(cal_add_days(c, 0, INT32_MAX), 2932896);
	ck_assert_int_eq(cal_add_days(c, 0, INT32_MIN), -719162);
	ck_assert_ptr_null(cal_holiday(c, day_of(1954, 11, 3)));
	ck_assert_ptr_null(cal_holiday(c, day_of(2100, 1, 1)));
	cal_free(&c);
	ck_assert_ptr_null(c);
	cal_free(&c);
}
END_TEST

UNIT_SUITE("cal", names_and_moves_of_each_holiday, years_of_the_games, holidays_of_one_year, substitute_holidays,
           days_between_holidays, equinoxes_of_every_year, number_of_holidays_by_law,
           substitutes_follow_from_sundays, as_the_list_written_by_hand, business_days, adding_business_days,
           adding_is_undone_by_subtracting, any_day_is_safe)
