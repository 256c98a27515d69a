#ifndef STORE_SEARCH_IMPL_H
#define STORE_SEARCH_IMPL_H
/* Between the files of store_search.h. */
#include "store/store_impl.h"
#include "store/store_search.h"

#define SEARCH_FROM "\xEE\x80\x80" /* U+E000 before each token of a sender */
#define SEARCH_GAP  "\xEE\x80\x81" /* U+E001 as a token: no phrase goes over it */
enum { SEARCH_STEM = 3 /* bytes by which search_word is sorted */ };

/* JST day number. */
int64_t search_day_of(epoch t);

/* Appends the query as an FTS5 expression; nothing is appended for a query of
 * filters alone. */
enum status search_match(struct store *s, const struct search_query *q, struct sb *out, struct err *e) must_check;

#endif
