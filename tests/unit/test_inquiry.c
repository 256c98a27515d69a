/*
 * DESK-10: which mails §4.5 binds, over mails of our own writing. A customer in
 * an incident who is asked for his number is the worse fault, so precision has
 * the higher floor.
 *
 * INQUIRY_VERBOSE=1 prints every mail that was not taken as expected.
 */
#include "base/io.h"
#include "mail/evidence.h"
#include "text/inquiry.h"
#include "unit.h"
#include <stdio.h>
#include <string.h>

static struct categories *set, *kinds;

struct tally {
	int mails, bound, found, right, disturbed;
};

static bool expected(const char *numbers, enum inquiry k)
{
	for (const char *p = numbers; p; p = strchr(p, '|') ? strchr(p, '|') + 1 : NULL)
		if (strtol(p, NULL, 10) == (long)k)
			return true;
	return false;
}

static void one_mail(struct tally *t, const char *numbers, const char *raw, size_t n)
{
	struct err e;
	struct msg *m;
	struct category_evidence ev;
	const char *reason;
	struct arena *a = arena_new();
	ck_assert_msg(msg_parse(raw, n, NULL, &m, &e) == OK, "%s", e.msg);
	mail_evidence(m, a, &ev);
	enum inquiry k = inquiry_of(set, kinds, &ev, a, &reason);
	t->mails++;
	t->bound += !expected(numbers, INQUIRY_NONE);
	t->found += k != INQUIRY_NONE;
	t->right += k != INQUIRY_NONE && expected(numbers, k);
	t->disturbed += k != INQUIRY_NONE && expected(numbers, INQUIRY_NONE);
	if (!expected(numbers, k) && getenv("INQUIRY_VERBOSE"))
		printf("「%s」 is %s, taken for %d: %s\n", m->subject, numbers, (int)k, reason);
	msg_free(&m);
	arena_free(&a);
}

static void one_file(struct tally *t, const char *path)
{
	struct err e;
	struct sb text = SB_INIT;
	ck_assert_msg(io_read_file(path, 1 << 20, &text, &e) == OK, "%s", e.msg);
	for (char *p = strstr(text.s, "\n%% "), *next; p; p = next) {
		char *numbers = p + 4, *raw = strchr(numbers, '\n') + 1;
		next = strstr(raw, "\n%% ");
		raw[-1] = '\0';
		one_mail(t, numbers, raw, next ? (size_t)(next + 1 - raw) : strlen(raw));
	}
	sb_free(&text);
}

static void evaluate(const char *name, const char *const *files, double precision, double recall)
{
	struct err e;
	struct tally t = { 0 };
	ck_assert_msg(inquiry_load("conf/desk", &set, &e) == OK, "%s", e.msg);
	ck_assert_msg(categories_load("conf/desk", &kinds, &e) == OK, "%s", e.msg);
	for (; *files; files++)
		one_file(&t, *files);
	printf("inquiry %-8s %3d mails, %3d bound: %3d found, %3d right, %d disturbed: precision %.3f, recall %.3f\n", name,
	       t.mails, t.bound, t.found, t.right, t.disturbed, (double)t.right / t.found, (double)t.right / t.bound);
	fflush(stdout);
	ck_assert_double_ge((double)t.right / t.found, precision);
	ck_assert_double_ge((double)t.right / t.bound, recall);
	categories_free(&set);
	categories_free(&kinds);
}

START_TEST(test_mails)
{
	static const char *const files[] = { "tests/golden/inquiry/mails.txt", NULL };
	evaluate("tuned on", files, 0.97, 0.95);
}
END_TEST

START_TEST(test_unseen)
{
	static const char *const files[] = { "tests/golden/inquiry/unseen.txt", NULL };
	evaluate("unseen", files, 0.9, 0.7);
}
END_TEST

/* The mails about kinds of consultation: none of them is bound but those of
 * group 0 that are about the service, which none.txt has. */
START_TEST(test_consultations)
{
	static const char *const names[] = { "consult", "public", "unsolved", "unseen", "odd", "everyday" };
	struct err e;
	struct tally t = { 0 };
	ck_assert_msg(inquiry_load("conf/desk", &set, &e) == OK, "%s", e.msg);
	ck_assert_msg(categories_load("conf/desk", &kinds, &e) == OK, "%s", e.msg);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct sb text = SB_INIT;
		char path[80];
		snprintf(path, sizeof path, "tests/golden/category/%s.txt", names[i]);
		ck_assert_msg(io_read_file(path, 1 << 20, &text, &e) == OK, "%s", e.msg);
		for (char *p = strstr(text.s, "\n%% "), *next; p; p = next) {
			char *number = p + 4, *raw = strchr(number, '\n') + 1;
			next = strstr(raw, "\n%% ");
			if (strtol(number, NULL, 10) != 0)
				one_mail(&t, "0", raw, next ? (size_t)(next + 1 - raw) : strlen(raw));
		}
		sb_free(&text);
	}
	printf("inquiry consultations: %d mails, %d disturbed\n", t.mails, t.disturbed);
	fflush(stdout);
	ck_assert_int_ge(t.mails, 60);
	ck_assert_int_le(t.disturbed * 100, t.mails * 2);
	categories_free(&set);
	categories_free(&kinds);
}
END_TEST

UNIT_SUITE("inquiry", test_mails, test_unseen, test_consultations)
