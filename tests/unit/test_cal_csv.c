/* The Cabinet Office's CSV: what it replaces, what it leaves, what is refused. */
#include "cal/cal.h"
#include "base/io.h"
#include "unit.h"
#include <stdio.h>
#include <string.h>

#define HEAD "国民の祝日・休日月日,国民の祝日・休日名称\r\n"
#define GOLDEN "tests/golden/cal/"

static struct cal *c;
static struct err e;

static const char *holiday(int y, int m, int d)
{
	const char *name = cal_holiday(c, day_of(y, m, d));
	return name ? name : "";
}

static enum status override(const char *csv)
{
	if (!c)
		c = cal_new();
	return cal_override(c, csv, strlen(csv), &e);
}

/* The same days off as the law's; the names are the file's. */
START_TEST(the_real_form_in_shift_jis)
{
	struct cal *law = cal_new();
	ck_assert_int_eq(cal_load(GOLDEN "cabinet-2018-2021.sjis.csv", &c, &e), OK);
	for (int64_t d = day_of(2017, 1, 1); d < day_of(2023, 1, 1); d++) {
		ck_assert_int_eq(!cal_holiday(c, d), !cal_holiday(law, d));
		ck_assert_int_eq(cal_is_business_day(c, d), cal_is_business_day(law, d));
	}
	ck_assert_str_eq(holiday(2018, 1, 1), "元日");
	ck_assert_str_eq(holiday(2018, 2, 12), "休日");
	ck_assert_str_eq(holiday(2019, 5, 1), "休日（祝日扱い）");
	ck_assert_str_eq(holiday(2017, 1, 2), "振替休日"); /* not in the file */
	cal_free(&law);
}
END_TEST

START_TEST(a_changed_law_in_utf8)
{
	ck_assert_int_eq(cal_load(GOLDEN "changed-2018-2021.utf8.csv", &c, &e), OK);
	ck_assert_str_eq(holiday(2021, 8, 8), "");
	ck_assert_str_eq(holiday(2021, 8, 9), "");
	ck_assert_str_eq(holiday(2021, 8, 12), "会社の休日");
	ck_assert(cal_is_business_day(c, day_of(2021, 8, 9)));
	ck_assert(!cal_is_business_day(c, day_of(2021, 8, 12)));
	ck_assert_str_eq(holiday(2022, 8, 11), "山の日");
}
END_TEST

START_TEST(a_year_is_replaced_wholly)
{
	ck_assert_int_eq(override(HEAD "2027/12/31,大晦日\r\n2027/1/4,仕事始め\r\n"), OK);
	ck_assert_str_eq(holiday(2027, 1, 4), "仕事始め");
	ck_assert_str_eq(holiday(2027, 12, 31), "大晦日");
	ck_assert_str_eq(holiday(2027, 1, 1), "");
	ck_assert(!cal_is_business_day(c, day_of(2027, 1, 1))); /* year end stays */
	ck_assert(cal_is_business_day(c, day_of(2027, 2, 11)));
	ck_assert_str_eq(holiday(2026, 11, 3), "文化の日");
	ck_assert_str_eq(holiday(2028, 1, 1), "元日");
	/* a second file on top of the first */
	ck_assert_int_eq(override("2027/2/11,建国記念の日\n"), OK);
	ck_assert_str_eq(holiday(2027, 1, 4), "");
	ck_assert_str_eq(holiday(2027, 2, 11), "建国記念の日");
}
END_TEST

START_TEST(forms_that_are_taken)
{
	static const char *const ok[] = {
		"2027/1/4,X", "2027/01/04,X\n", "2027-01-04,X\r\n", "\xef\xbb\xbf" HEAD "2027/1/4,X\n",
		"\"2027/1/4\",\"X\"\r\n", HEAD "\r\n2027/1/4,X\r\n\r\n", " 2027/1/4 , X \r\n", "2027/1/4,X,,\r\n,,\r\n",
	};
	for (size_t i = 0; i < sizeof ok / sizeof *ok; i++) {
		ck_assert_msg(override(ok[i]) == OK, "%zu: %s", i, e.msg);
		ck_assert_str_eq(holiday(2027, 1, 4), "X");
		cal_free(&c);
	}
}
END_TEST

START_TEST(faults_name_their_line_and_change_nothing)
{
	static const struct {
		const char *csv, *line;
	} bad[] = {
		{ "", "line 1:" },
		{ HEAD, "line 2:" },
		{ "<html>\n<body>404</body>\n", "line 2:" },
		{ HEAD HEAD "2027/1/4,X\n", "line 2:" },
		{ HEAD "2027/1/4,X\n2027/2/29,Y\n", "line 3:" },
		{ HEAD "2027/1/4,X\n2027/13/1,Y\n", "line 3:" },
		{ HEAD "2027/1/4,X\n2027/0/1,Y\n", "line 3:" },
		{ HEAD "2027/1/4,X\n2027/1/32,Y\n", "line 3:" },
		{ HEAD "2027/1/4,X\n20270105,Y\n", "line 3:" },
		{ HEAD "2027/1/4,X\n2027/1-5,Y\n", "line 3:" },
		{ HEAD "2027/1/4,X\n2027/1/5 0:00,Y\n", "line 3:" },
		{ HEAD "2027/1/4,X\n2027/001/5,Y\n", "line 3:" },
		{ HEAD "2027/1/4,X\n12027/1/5,Y\n", "line 3:" },
		{ HEAD "2027/1/4,X\n-2027/1/5,Y\n", "line 3:" },
		{ HEAD "2027/1/4,X\n1954/1/1,Y\n", "line 3:" },
		{ HEAD "2027/1/4,X\n2100/1/1,Y\n", "line 3:" },
		{ HEAD "2027/1/4,X\n2027/1/4,Y\n", "line 3:" },
		{ HEAD "2027/1/4,X\n2027/1/5\n", "line 3:" },
		{ HEAD "2027/1/4,X\n2027/1/5,\n", "line 3:" },
		{ HEAD "2027/1/4,X\n2027/1/5,Y,Z\n", "line 3:" },
		{ HEAD "2027/1/4,X\n,Y\n", "line 3:" },
		{ HEAD "2027/1/4,X\n2027/1/5,Y\"Z\n", "line 3:" },
		{ HEAD "2027/1/4,X\n2027/1/5,Y\033[31m\n", "line 3:" },
		{ HEAD "2027/1/4,X\n2027/1/5,Y\u202eZ\n", "line 3:" },
		{ HEAD "2027/1/4,X\n2027/1/5,Y\xc2\x85Z\n", "line 3:" },
		{ HEAD "2027/1/4,X\r2027/1/5,Y\r", "line 2:" },
		{ HEAD "2027/1/4,\xff\xfe\n", "line 1:" },
		/* no headings: a day was meant */
		{ "'2027/1/4,X\n2027/1/5,Y\n", "line 1:" },
		{ "２０２７/1/4,X\n2027/1/5,Y\n", "line 1:" },
		{ "２０２７／１／４,X\n2027/1/5,Y\n", "line 1:" },
		{ "R9.1.4,X\n2027/1/5,Y\n", "line 1:" },
		{ "令和９年１月４日,X\n2027/1/5,Y\n", "line 1:" },
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		ck_assert_msg(override(bad[i].csv) == ERR_PERM, "%zu was taken", i);
		ck_assert_msg(strncmp(e.msg, bad[i].line, strlen(bad[i].line)) == 0, "%zu: %s", i, e.msg);
		ck_assert_str_eq(holiday(2027, 1, 4), "");
		ck_assert_str_eq(holiday(2027, 1, 1), "元日");
	}
	ck_assert_int_eq(cal_override(c, HEAD "2027/1/4,X\n2027\0/1/5,Y\n", sizeof HEAD + 21, &e), ERR_PERM);
	ck_assert_str_eq(e.msg, "line 3: a NUL byte");
}
END_TEST

START_TEST(bounds)
{
	struct sb s = SB_INIT;
	for (int i = 0; i < 300; i++)
		sb_addf(&s, "%d/1/%d,name %d\n", 2000 + i / 30, 1 + i % 30, i);
	ck_assert_int_eq(override(s.s), ERR_LIMIT);
	ck_assert_msg(strncmp(e.msg, "line 2", 6) == 0, "%s", e.msg);
	ck_assert_str_eq(holiday(2000, 1, 10), "成人の日");
	sb_reset(&s);
	for (int i = 0; i < 130; i++)
		sb_addc(&s, 'x');
	char *row = NULL;
	ck_assert(asprintf(&row, "2027/1/4,%s\n", s.s) > 0);
	ck_assert_int_eq(override(row), ERR_PERM);
	free(row);
	sb_reset(&s);
	while (s.len <= CAL_CSV_MAX)
		sb_adds(&s, "2027/1/4,X\n");
	ck_assert_int_eq(override(s.s), ERR_LIMIT);
	sb_free(&s);
}
END_TEST

START_TEST(loading)
{
	ck_assert_int_eq(cal_load("", &c, &e), OK);
	cal_free(&c);
	ck_assert_int_eq(cal_load("/nonexistent/holidays.csv", &c, &e), ERR_NOTFOUND);
	ck_assert_ptr_null(c);
	ck_assert_ptr_nonnull(strstr(e.msg, "/nonexistent/holidays.csv"));
	ck_assert_int_eq(cal_load(GOLDEN "holidays-2000-2030.ref", &c, &e), ERR_PERM);
	ck_assert_ptr_null(c);
	ck_assert_ptr_nonnull(strstr(e.msg, ".ref: line 1:"));
}
END_TEST

UNIT_SUITE("cal_csv", the_real_form_in_shift_jis, a_changed_law_in_utf8, a_year_is_replaced_wholly,
           forms_that_are_taken, faults_name_their_line_and_change_nothing, bounds, loading)
