#ifndef TEXT_LAYOUT_H
#define TEXT_LAYOUT_H
/* Lines: format=flowed (RFC 3676), columns of Japanese text, wrapping. */
#include "base/strbuf.h"
#include <stdbool.h>
#include <stddef.h>

void text_unflow(const char *utf8, size_t n, bool delsp, struct sb *out);

/* Columns in a fixed-width display: East Asian wide = 2, combining = 0. */
size_t text_width(const char *utf8, size_t n);

/* Wraps paragraphs at `cols` columns by Japanese line-breaking rules
 * (no 、。」 at a line's start, no 「 at its end); URLs and words stay whole.
 * Existing line breaks are kept, quoted lines ("> ") too. */
void text_wrap(const char *utf8, size_t n, size_t cols, struct sb *out);

/* Appends at most `cols` columns, "…" where cut, padded with spaces if `pad`. */
void text_fit(const char *utf8, size_t cols, bool pad, struct sb *out);

#endif
