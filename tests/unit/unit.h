#ifndef TESTS_UNIT_H
#define TESTS_UNIT_H
/* One unit test program a module: tests with libcheck, main() from
 * UNIT_SUITE("cal", test_a, test_b, …). Each test runs in a process of its own
 * (CK_FORK=no to debug). */
#include <check.h>
#include <stdlib.h>

/* fontconfig 2.14 loses 288 bytes when it is read in, once a process. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libfontconfig.so\n";
}
const char *__lsan_default_options(void);
const char *__lsan_default_options(void)
{
	return "print_suppressions=0";
}

/* What check multiplies its own limits by: valgrind is slow. */
static inline double slower(void)
{
	const char *times = getenv("CK_TIMEOUT_MULTIPLIER");
	return times ? strtod(times, NULL) : 1;
}

#define UNIT_SUITE(suite_name, ...)                                             \
	int main(void)                                                          \
	{                                                                       \
		const TTest *tests[] = { __VA_ARGS__ };                         \
		Suite *suite = suite_create(suite_name);                        \
		TCase *tc = tcase_create(suite_name);                           \
		tcase_set_timeout(tc, 120);                                     \
		for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)       \
			tcase_add_test(tc, tests[i]);                           \
		suite_add_tcase(suite, tc);                                     \
		SRunner *sr = srunner_create(suite);                            \
		srunner_run_all(sr, CK_NORMAL);                                 \
		int failed = srunner_ntests_failed(sr);                         \
		srunner_free(sr);                                               \
		return failed ? EXIT_FAILURE : EXIT_SUCCESS;                    \
	}

#endif
