#ifndef TEXT_PATSET_H
#define TEXT_PATSET_H
/*
 * Many patterns looked for in one pass (Aho-Corasick): the time is linear in
 * the text whatever the patterns and whoever wrote the text; nothing backtracks.
 *
 * A pattern is plain text. `*` stands for anything of at most PATSET_GAP
 * bytes, `^` in front and `$` behind bind it to the text's begin and end.
 * Patterns and text are compared folded: see patset_fold.
 *
 * Immutable once built, then thread-safe.
 */
#include "base/err.h"
#include "base/strbuf.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PATSET_GAP = 160, PATSET_NONE = -1 };

struct patset;
struct patset *patset_new(void);
void patset_free(struct patset **p); /* accepts NULL, sets NULL */

/* Adds a pattern; its id is `id` (≥ 0, any order). ERR_PERM: nothing to look
 * for between two `*`. */
enum status patset_add(struct patset *p, const char *pattern, int id, struct err *e) must_check;
/* Once, behind the last add. ERR_LIMIT: too many patterns. */
enum status patset_build(struct patset *p, struct err *e) must_check;

/* The smallest id that occurs in the folded text and that accept() takes
 * (NULL: all); PATSET_NONE if none. */
int patset_first(const struct patset *p, const char *folded, size_t n, bool (*accept)(int id, void *arg), void *arg);

/* Appends UTF-8 as it is compared: ASCII in lower case, each run of white
 * space (line ends, U+3000, U+00A0) one space, and none between two characters
 * that are not ASCII, where mailers break Japanese lines; ’ is '. */
void patset_fold(const char *utf8, size_t n, struct sb *out);

#endif
