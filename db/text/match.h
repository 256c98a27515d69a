#ifndef TEXT_MATCH_H
#define TEXT_MATCH_H
/*
 * Many words searched in one text at once (Aho and Corasick 1975): time goes
 * with the text, not with the number of words. Bytes are compared as they are;
 * who wants case or width ignored folds both sides first (text/fold.h).
 *
 * match_new, match_add…, match_ready, then any number of match_run, from any
 * number of threads. SECURITY: the text may be hostile; the words are ours.
 */
#include <stddef.h>

struct match;

struct match *match_new(void);
void match_free(struct match **m); /* accepts NULL, sets NULL */

/* The word's number: 0, 1, 2 … by first adding; the same word, the same number.
 * n > 0. Not after match_ready. */
unsigned match_add(struct match *m, const char *word, size_t n);
void match_ready(struct match *m);

/* Each occurrence of each word, in order of its end; `end` is the offset just
 * behind it. Words inside words are found too. */
typedef void match_hit(void *arg, unsigned word, size_t end);
void match_run(const struct match *m, const char *text, size_t n, match_hit *hit, void *arg);

#endif
