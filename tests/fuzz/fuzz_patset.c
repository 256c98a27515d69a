/*
 * Lines of patterns, a line "=", a text: the automaton finds what a search for
 * each pattern without `*` finds; and the table's reader takes any bytes.
 */
#include "mail/ret.h"
#include "text/patset.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

enum { PATTERNS = 64, TEXT = 4096 };

static bool naive(const char *pattern, const struct sb *text)
{
	struct sb b = SB_INIT;
	patset_fold(pattern, strlen(pattern), &b);
	bool has = memmem(text->s, text->len, b.s, b.len) != NULL;
	sb_free(&b);
	return has;
}

static void compare(char **v, int n, const struct sb *text)
{
	struct patset *ps = patset_new();
	int want = PATSET_NONE;
	for (int i = 0; i < n; i++)
		if (!strpbrk(v[i], "*^$") && patset_add(ps, v[i], i, NULL) == OK && want == PATSET_NONE && naive(v[i], text))
			want = i;
	if (patset_build(ps, NULL) == OK && patset_first(ps, text->s, text->len, NULL, NULL) != want)
		abort();
	patset_free(&ps);
}

/* With all signs: must not crash, and be bounded. */
static void run(char **v, int n, const struct sb *text)
{
	struct patset *ps = patset_new();
	for (int i = 0; i < n; i++)
		(void)!patset_add(ps, v[i], i, NULL);
	if (patset_build(ps, NULL) == OK)
		patset_first(ps, text->s, text->len, NULL, NULL);
	patset_free(&ps);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct ret_table *t;
	char *s = malloc(n + 1), *v[PATTERNS], *at = s, *text = NULL;
	struct sb folded = SB_INIT;
	int count = 0;
	memcpy(s, p, n);
	s[n] = '\0';
	(void)!ret_table_parse("fuzz", s, n, &t, NULL);
	ret_table_free(&t);
	while (!text && at && count < PATTERNS) {
		char *next = strchr(at, '\n');
		if (next)
			*next++ = '\0';
		if (strcmp(at, "=") == 0)
			text = next;
		else
			v[count++] = at;
		at = next;
	}
	if (text) {
		patset_fold(text, strnlen(text, TEXT), &folded);
		compare(v, count, &folded);
		run(v, count, &folded);
	}
	sb_free(&folded);
	free(s);
	return 0;
}
