#ifndef TEXT_GRAM_H
#define TEXT_GRAM_H
/*
 * Folded text as the search index sees it: words of scripts with spaces, and
 * for Japanese overlapping pairs of characters. 請求書 is 請求 求書 書, so that a
 * row of pairs is found exactly where the characters stand in a row, for any
 * two characters and more. The last character of a run stands alone, for
 * phrases that go on in another script (このPC: この の pc).
 */
#include "text/search_fold.h"
#include <stdbool.h>

enum { GRAM_WORD_MAX = 40 /* bytes; a longer word is known by its beginning */ };

struct gram {
	const char *s; /* in the folded text */
	size_t n;
	enum char_class cls; /* CH_WORD or CH_GRAM */
	bool lone;           /* one character of CH_GRAM, at the end of its run */
	bool first;          /* begins its run */
};

struct grams {
	const char *p, *end;
	bool inside; /* of a run of CH_GRAM */
};
static inline struct grams grams_of(const char *folded, size_t n)
{
	return (struct grams){ folded, folded + n, false };
}
bool gram_next(struct grams *g, struct gram *r);

/* Begins with a kanji: a character that means something alone. */
bool gram_is_kanji(const struct gram *g);

#endif
