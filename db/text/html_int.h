#ifndef TEXT_HTML_INT_H
#define TEXT_HTML_INT_H
/* Between html*.c only. */
#include "base/strbuf.h"
#include <stdbool.h>
#include <stddef.h>

#define HTML_DEPTH 256
/* More than any person reads of one mail: gumbo needs about 0.1 s a megabyte. */
#define HTML_CLEAN_MAX ((size_t)4 << 20)

/* Rewrites hostile HTML as a small, well-formed dialect that any parser reads
 * in linear time: div p br hr img a span ul ol li table tr td th blockquote
 * pre, at most HTML_DEPTH deep, with the attributes href, alt, start, border,
 * hidden (for what a style hides), and of a span: struck (a line through it),
 * lines (line ends count), kept (all white space does). False: cut off at HTML_CLEAN_MAX bytes
 * (what is open is closed). */
bool html_clean(const char *s, size_t n, struct sb *out);

/* The target as it may be shown; false: it goes nowhere. html_link.c */
bool html_link_target(const char *href, struct sb *url);
/* Is the text just that address again? */
bool html_link_said(const char *text, size_t n, const char *url);

#endif
