#ifndef VERDICT_PRODUCT_H
#define VERDICT_PRODUCT_H
/*
 * Which product of the dictionary an entry of Windows' list of programs is.
 * Names are compared folded: width, case and white space do not count, so that
 * 一太郎２０２４ is 一太郎2024. A pattern's `*` stands for anything, `?` for one byte
 * (a digit of a version).
 * SECURITY: names come from terminals: any bytes of UTF-8, bounded by facts.h.
 */
#include "base/strbuf.h"
#include <stdbool.h>

struct feed;
struct product;

/* Appends the text as names are compared. */
void product_fold(const char *utf8, struct sb *out);
bool product_glob(const char *pattern, const char *text);

/* The upper row of the dictionary wins. NULL: none. *unsure_r: the row names
 * vendors, but the entry has none. name and vendor folded. */
const struct product *product_find(const struct feed *f, const char *name, const char *vendor, const char *version, bool *unsure_r);

#endif
