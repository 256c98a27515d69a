/* `yorozu cal` as people type it. */
#include "base/io.h"
#include "cmd_util.h"

#define CSV "tests/golden/cal/cabinet-2018-2021.sjis.csv"

START_TEST(answers)
{
	expect("cal due '2026-11-24 10:00'", 0, "2026-11-25 10:00\n");
	expect("cal due '2026-11-24 10:00:30'", 0, "2026-11-25 10:00:30\n");
	expect("cal due 2026-12-28T18:00", 0, "2027-01-04 17:30\n");
	expect("cal add 2026-11-20 1", 0, "2026-11-24\n");
	expect("cal add 2026-11-24 -1", 0, "2026-11-20\n");
	expect("cal add 2026-11-22 0", 0, "2026-11-24\n");
	expect("cal received '2026-11-20 15:00'", 0, "2026-11-20\n");
	expect("cal received '2026-11-20 15:01'", 0, "2026-11-24\n");
	expect("cal holidays 1955", 0,
	       "1955-01-01 元日\n1955-01-15 成人の日\n1955-03-21 春分の日\n1955-04-29 天皇誕生日\n"
	       "1955-05-03 憲法記念日\n1955-05-05 こどもの日\n1955-09-24 秋分の日\n1955-11-03 文化の日\n"
	       "1955-11-23 勤労感謝の日\n");
	expect_line("cal holidays 2026", 0, "2026-01-01 元日\n");
	expect_line("cal holidays 2099", 0, "2099-11-23 勤労感謝の日\n");
}
END_TEST

START_TEST(with_a_file)
{
	expect_line("cal holidays 2018 --csv " CSV, 0, "2018-02-12 休日\n");
	expect_line("cal --csv " CSV " holidays 2018", 0, "2018-02-12 休日\n");
	expect("cal add 2019-04-26 1 --csv " CSV, 0, "2019-05-07\n");
	expect("cal holidays 2018 --csv /nonexistent", 1,
	       "yorozu cal: /nonexistent: No such file or directory\n");
	expect_line("cal holidays 2018 --csv Makefile", 1, "yorozu cal: Makefile: line 2: ");
}
END_TEST

START_TEST(of_an_instance)
{
	char dir[] = "/tmp/test_cal_cmd.XXXXXX";
	struct err e;
	ck_assert_ptr_nonnull(mkdtemp(dir));
	char *conf = xasprintf("%s/yorozu.conf", dir), *csv = xasprintf("%s/h.csv", dir);
	char *args = xasprintf("-C %s cal holidays 2027", dir);
	const char *list = "2027/1/4,仕事始め\r\n", *text = "holidays_csv = h.csv\n"; /* below DIR */
	ck_assert_int_eq(io_write_file(csv, 0644, list, strlen(list), &e), OK);
	ck_assert_int_eq(io_write_file(conf, 0644, text, strlen(text), &e), OK);
	expect(args, 0, "2027-01-04 仕事始め\n");
	ck_assert_int_eq(unlink(csv), 0);
	expect_line(args, 1, "/h.csv: No such file or directory\n");
	ck_assert_int_eq(unlink(conf), 0);
	expect_line(args, 1, "yorozu cal: no instance in ");
	ck_assert_int_eq(rmdir(dir), 0);
	free(conf);
	free(csv);
	free(args);
}
END_TEST

START_TEST(wrong_usage)
{
	static const char *const usage[] = {
		"cal", "cal nothing", "cal holidays", "cal holidays 2026 2027", "cal add 2026-11-24", "cal due",
		"cal holidays 2026 --csv", "cal holidays 2026 --what", "cal holidays 2026 --csv a --csv b",
	};
	static const char *const wrong[] = {
		"cal holidays 1954", "cal holidays 2100", "cal holidays x", "cal holidays ''", "cal holidays 2026x",
		"cal holidays ' 2026'", "cal holidays 99999999999999999999", "cal due 2026-11-24",
		"cal due '2026-11-31 10:00'", "cal due '1954-12-31 10:00'", "cal due '2100-01-01 10:00'",
		"cal add 2026-02-29 1", "cal add 2026-11-24 1.5", "cal add 2026-11-24 100001",
		"cal add 1954-12-31 1", "cal received noon",
	};
	for (size_t i = 0; i < sizeof usage / sizeof *usage; i++)
		expect_line(usage[i], 2, "usage: yorozu [-C DIR] cal ");
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		expect_line(wrong[i], 2, "yorozu cal: \"");
	expect("cal add 2099-12-28 1", 1, "yorozu cal: the answer lies outside 1955-2099\n");
	expect("cal due '2099-12-28 16:00'", 1, "yorozu cal: the answer lies outside 1955-2099\n");
	expect("cal add 1955-01-04 -1", 1, "yorozu cal: the answer lies outside 1955-2099\n");
	expect_line("cal holidays 2026 > /dev/full", 1, "yorozu cal: standard output: No space left");
}
END_TEST

UNIT_SUITE("cal_cmd", answers, with_a_file, of_an_instance, wrong_usage)
