/*
 * DESK-08: what kind a mail is suggested as, over mails of our own writing in
 * tests/golden/category (the format is in consult.txt). A suggestion that is
 * wrong is worse than none, so precision has the higher floor. unseen.txt was
 * written before the words were tuned and is counted apart.
 *
 * CATEGORY_VERBOSE=1 prints every mail that was not suggested as expected.
 */
#include "base/io.h"
#include "mail/evidence.h"
#include "unit.h"
#include <stdio.h>
#include <string.h>

struct tally {
	int mails, kinds;     /* all, and those that are one of the kinds */
	int suggested, right; /* right: the first choice */
	int second;           /* the second choice would have been right */
};

static struct categories *set;

static void load(void)
{
	struct err e;
	ck_assert_msg(categories_load("conf/desk", &set, &e) == OK, "%s", e.msg);
}

static bool expected(const char *numbers, const struct category *c)
{
	for (const char *p = numbers; p; p = strchr(p, '|') ? strchr(p, '|') + 1 : NULL)
		if (strtol(p, NULL, 10) == (c ? c->number : 0))
			return true;
	return false;
}

static void count(struct tally *t, const char *numbers, const struct category_suggestion *r)
{
	bool is_kind = !expected(numbers, NULL);
	t->mails++;
	t->kinds += is_kind;
	t->suggested += r->best != NULL;
	t->right += r->best && expected(numbers, r->best);
	t->second += is_kind && !expected(numbers, r->best) && r->second && expected(numbers, r->second);
}

static void one_mail(struct tally *t, const char *file, const char *numbers, const char *raw, size_t n)
{
	struct err e;
	struct msg *m;
	struct category_evidence ev;
	struct category_suggestion r;
	struct arena *a = arena_new();
	ck_assert_msg(msg_parse(raw, n, NULL, &m, &e) == OK, "%s", e.msg);
	mail_evidence(m, a, &ev);
	category_suggest(set, &ev, a, &r);
	count(t, numbers, &r);
	if (!expected(numbers, r.best) && getenv("CATEGORY_VERBOSE"))
		printf("%s: 「%s」 is %s, suggested %d (%d) %s; second %d (%d)\n", file, m->subject, numbers,
		       r.best ? r.best->number : 0, r.score, r.reason, r.second ? r.second->number : 0, r.second_score);
	msg_free(&m);
	arena_free(&a);
}

static void one_file(struct tally *t, const char *file)
{
	struct err e;
	struct sb text = SB_INIT;
	char path[80];
	snprintf(path, sizeof path, "tests/golden/category/%s.txt", file);
	ck_assert_msg(io_read_file(path, 1 << 20, &text, &e) == OK, "%s", e.msg);
	for (char *p = strstr(text.s, "\n%% "), *next; p; p = next) {
		char *numbers = p + 4, *raw = strchr(numbers, '\n') + 1;
		next = strstr(raw, "\n%% ");
		raw[-1] = '\0';
		one_mail(t, file, numbers, raw, next ? (size_t)(next + 1 - raw) : strlen(raw));
	}
	sb_free(&text);
}

static void print(const char *name, const struct tally *t)
{
	printf("category %-10s %3d mails, %3d of a kind: %3d suggested, %3d right: precision %.3f, recall %.3f "
	       "(%.3f with the second choice)\n", name, t->mails, t->kinds, t->suggested, t->right,
	       (double)t->right / t->suggested, (double)t->right / t->kinds, (double)(t->right + t->second) / t->kinds);
	fflush(stdout); /* a failed test leaves without it */
}

static void ck_floor(const struct tally *t, double precision, double recall)
{
	ck_assert_double_ge((double)t->right / t->suggested, precision);
	ck_assert_double_ge((double)t->right / t->kinds, recall);
}

START_TEST(test_tuned)
{
	static const char *const files[] = { "consult", "declined", "public", "unsolved", "none", "everyday", "odd" };
	struct tally all = { 0 };
	load();
	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		one_file(&all, files[i]);
	print("tuned on", &all);
	ck_assert_int_ge(all.mails, 80);
	ck_floor(&all, 0.95, 0.95);
	categories_free(&set);
}
END_TEST

START_TEST(test_unseen)
{
	struct tally t = { 0 };
	load();
	one_file(&t, "unseen");
	print("unseen", &t);
	ck_floor(&t, 0.85, 0.75);
	categories_free(&set);
}
END_TEST

UNIT_SUITE("category_golden", test_tuned, test_unseen)
