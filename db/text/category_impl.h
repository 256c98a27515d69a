#ifndef TEXT_CATEGORY_IMPL_H
#define TEXT_CATEGORY_IMPL_H
/* A loaded set of categories. Internal to db/text/category*.c. */
#include "text/category.h"
#include "text/match.h"
#include <stdint.h>

/* Where a word may stand. */
enum place { IN_SUBJECT, IN_TEXT, IN_URL, IN_FILE, IN_SENDER, IN_MAIL, PLACES };

enum { CLAUSE_WORDS = 4 };

/* One line of evidence: counts once, however many of its clauses hit. */
struct piece {
	size_t kind;     /* index of the category */
	int weight;
	unsigned places; /* bits of enum place */
};

/* A word in a clause: `word * 2 + whole`, whole = nothing may follow its ASCII
 * end. So each word has two keys. */
struct clause {
	size_t piece;
	unsigned n, keys[CLAUSE_WORDS];
	const char *shown; /* as written: "a…b" */
	struct clause *next_use[CLAUSE_WORDS]; /* the next clause in which keys[i] stands */
};

struct word {
	size_t len;        /* folded */
	bool left, right;  /* begins, ends with an ASCII letter or digit: needs a boundary there */
	struct clause *uses[2];
};

struct categories {
	struct arena *a;
	const char *text_dir;
	struct category *kinds; /* by number; CATEGORY_NONE first if there is one */
	size_t nkinds;
	struct piece *pieces;
	size_t npieces;
	struct word *words;
	size_t nwords;
	unsigned sentence_end; /* the word "\n" */
	struct match *match;
	int threshold;
};

/* Position of `key` in the clause. */
static inline unsigned clause_at(const struct clause *c, unsigned key)
{
	unsigned i = 0;
	while (c->keys[i] != key)
		i++;
	return i;
}

/* `s` folded (text/fold.h), in the arena. */
char *category_folded(struct arena *a, const char *s, size_t n);

#endif
