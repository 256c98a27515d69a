/* Many patterns in one pass. */
#include "unit.h"
#include "text/patset.h"
#include <string.h>
#include <time.h>

static struct patset *set(const char *const *v)
{
	struct patset *p = patset_new();
	for (int i = 0; v[i]; i++)
		ck_assert_int_eq(patset_add(p, v[i], i, NULL), OK);
	ck_assert_int_eq(patset_build(p, NULL), OK);
	return p;
}

static int first(const struct patset *p, const char *text)
{
	struct sb b = SB_INIT;
	patset_fold(text, strlen(text), &b);
	int id = patset_first(p, b.s, b.len, NULL, NULL);
	sb_free(&b);
	return id;
}

START_TEST(plain_words)
{
	struct patset *p = set((const char *[]){ "he", "she", "his", "hers", "user unknown", NULL });
	ck_assert_int_eq(first(p, "ushers"), 0);
	ck_assert_int_eq(first(p, "this"), 2);
	ck_assert_int_eq(first(p, "550 USER\r\n\t Unknown."), 4);
	ck_assert_int_eq(first(p, "nothing"), PATSET_NONE);
	ck_assert_int_eq(first(p, ""), PATSET_NONE);
	patset_free(&p);
	patset_free(&p);
}
END_TEST

START_TEST(the_upper_line_wins)
{
	struct patset *p = set((const char *[]){ "mailbox is full", "full", "mailbox", NULL });
	ck_assert_int_eq(first(p, "the mailbox is full"), 0);
	ck_assert_int_eq(first(p, "mailbox not full"), 1);
	patset_free(&p);
}
END_TEST

START_TEST(anything_between)
{
	struct patset *p = set((const char *[]){ "ip * blocked", "a*b*c", NULL });
	struct sb b = SB_INIT;
	ck_assert_int_eq(first(p, "Your IP 192.0.2.1 was blocked"), 0);
	ck_assert_int_eq(first(p, "blocked by ip"), PATSET_NONE);
	ck_assert_int_eq(first(p, "b a c b c"), 1);
	ck_assert_int_eq(first(p, "c b a"), PATSET_NONE);
	sb_adds(&b, "ip ");
	for (int i = 0; i < PATSET_GAP + 2; i++)
		sb_addc(&b, 'x');
	sb_adds(&b, " blocked");
	ck_assert_int_eq(first(p, b.s), PATSET_NONE);
	sb_adds(&b, " ip y blocked");
	ck_assert_int_eq(first(p, b.s), 0);
	sb_free(&b);
	patset_free(&p);
}
END_TEST

START_TEST(begin_and_end)
{
	struct patset *p = set((const char *[]){ "^stop$", "^out of", "done$", NULL });
	ck_assert_int_eq(first(p, " STOP \n"), 0);
	ck_assert_int_eq(first(p, "stop it"), PATSET_NONE);
	ck_assert_int_eq(first(p, "out of office"), 1);
	ck_assert_int_eq(first(p, "he is out of office"), PATSET_NONE);
	ck_assert_int_eq(first(p, "well done"), 2);
	patset_free(&p);
}
END_TEST

/* Japanese lines are broken anywhere; full-width spaces and fancy quotes. */
START_TEST(folding)
{
	struct patset *p = set((const char *[]){ "存在しません", "doesn't exist", "宛先 不明", NULL });
	ck_assert_int_eq(first(p, "ユーザは存在しま\r\nせん。"), 0);
	ck_assert_int_eq(first(p, "it doesn\xE2\x80\x99t　 exist"), 1);
	ck_assert_int_eq(first(p, "宛先不明"), 2);
	patset_free(&p);
}
END_TEST

START_TEST(bad_patterns)
{
	static const char *const bad[] = { "", "*", "a*", "*a", "a**b", " ", "^", NULL };
	for (int i = 0; bad[i]; i++) {
		struct patset *p = patset_new();
		struct err e;
		enum status st = patset_add(p, bad[i], 0, &e);
		ck_assert_msg(st == (strcmp(bad[i], "^") == 0 ? OK : ERR_PERM), "\"%s\"", bad[i]);
		patset_free(&p);
	}
}
END_TEST

static bool odd(int id, void *arg)
{
	(void)arg;
	return id % 2;
}

START_TEST(only_what_is_accepted)
{
	struct patset *p = set((const char *[]){ "a", "b", NULL });
	ck_assert_int_eq(patset_first(p, "ab", 2, odd, NULL), 1);
	ck_assert_int_eq(patset_first(p, "a", 1, odd, NULL), PATSET_NONE);
	patset_free(&p);
}
END_TEST

static double seconds(const struct patset *p, size_t n)
{
	struct sb b = SB_INIT;
	struct timespec t0, t1;
	sb_grow(&b, n);
	while (b.len < n)
		sb_addc(&b, 'a');
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t0);
	ck_assert_int_eq(patset_first(p, b.s, b.len, NULL, NULL), PATSET_NONE);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t1);
	sb_free(&b);
	return (double)(t1.tv_sec - t0.tv_sec) + (double)(t1.tv_nsec - t0.tv_nsec) / 1e9;
}

/* The text that makes backtracking matchers explode. */
START_TEST(linear_on_hostile_text)
{
	struct patset *p = set((const char *[]){ "a*a*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaab", "aaaa*aaaa*c", NULL });
	double small = seconds(p, 2 << 20), large = seconds(p, 20 << 20);
	ck_assert_msg(large < 20 * small + 0.5, "2 MB %.3f s, 20 MB %.3f s", small, large);
	patset_free(&p);
}
END_TEST

UNIT_SUITE("patset", plain_words, the_upper_line_wins, anything_between, begin_and_end, folding, bad_patterns,
	   only_what_is_accepted, linear_on_hostile_text)
