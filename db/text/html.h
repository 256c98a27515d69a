#ifndef TEXT_HTML_H
#define TEXT_HTML_H
/* HTML of mails to readable text (over gumbo), and text into HTML.
 * SECURITY: hostile input; bounded depth and size; nothing is fetched. */
#include "base/strbuf.h"
#include <stdbool.h>
#include <stddef.h>

/* UTF-8 HTML to text: blocks, lists, tables by row, quotes as "> ", links as
 * "text <url>" when they differ, image alt texts, no scripts or styles. Text
 * beyond 4 MB of it is cut off, and the reader told. False: nothing is to be
 * seen; appended is what a style hides, if anything. */
bool text_from_html(const char *utf8, size_t n, struct sb *out);

/* & < > " ' escaped; LF kept. */
void text_html_escape(const char *utf8, size_t n, struct sb *out);

#endif
