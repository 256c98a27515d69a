/*
 * Any bytes as a query and as the text of a mail: no crash; what was parsed is
 * bounded, folded and has something to look for; a snippet is one valid line
 * and its hit lies in it.
 */
#include "fuzz_text.h"
#include "text/gram.h"
#include "text/search_query.h"
#include "text/snippet.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void folds_once(const char *s)
{
	struct sb once = SB_INIT, twice = SB_INIT;
	search_fold(s, strlen(s), &once);
	search_fold(once.s, once.len, &twice);
	FUZZ_CHECK(text_is_utf8(once.s, once.len));
	FUZZ_CHECK(text_is_utf8(twice.s, twice.len));
	sb_free(&once);
	sb_free(&twice);
}

static void tokens_are_clean(const char *s)
{
	struct grams it = grams_of(s, strlen(s));
	struct gram g;
	while (gram_next(&it, &g)) {
		FUZZ_CHECK(g.n > 0 && g.n <= GRAM_WORD_MAX);
		FUZZ_CHECK(text_is_utf8(g.s, g.n));
		FUZZ_CHECK(!memchr(g.s, '"', g.n) && !memchr(g.s, ' ', g.n) && !memchr(g.s, '*', g.n));
	}
}

static void shows(const char *s, const struct search_query *q)
{
	struct sb line = SB_INIT;
	struct snippet r = text_snippet(s, strlen(s), q, 60, &line);
	FUZZ_CHECK(r.hit + r.hit_len <= line.len);
	FUZZ_CHECK(text_is_utf8(line.s, line.len) && !memchr(line.s, '\n', line.len));
	sb_free(&line);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct arena *a = arena_new();
	struct sb text = SB_INIT;
	struct search_query q;
	struct err e;
	char *typed = arena_strndup(a, (const char *)p, n);
	text_valid(typed, strlen(typed), &text);
	folds_once(text.s);
	tokens_are_clean(text.s);
	enum status st = search_query_parse(typed, a, &q, &e);
	FUZZ_CHECK(st == OK || text_is_utf8(e.msg, strlen(e.msg)));
	FUZZ_CHECK(q.n <= QUERY_TERMS);
	for (size_t i = 0; st == OK && i < q.n; i++)
		tokens_are_clean(q.v[i].text);
	if (st == OK)
		shows(text.s, &q);
	sb_free(&text);
	arena_free(&a);
	return 0;
}
