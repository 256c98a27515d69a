#ifndef TEXT_SNIPPET_H
#define TEXT_SNIPPET_H
/* The line of a mail that shows why it was found. */
#include "base/strbuf.h"
#include "text/search_query.h"

struct snippet {
	size_t hit, hit_len; /* in the line that was appended; hit_len 0 = it shows the beginning */
};

/* Appends one line of about `cols` columns of the text around the first of the
 * query's words that is in it, "…" where it is cut. Inert on a terminal. */
struct snippet text_snippet(const char *utf8, size_t n, const struct search_query *q, size_t cols, struct sb *out);

#endif
