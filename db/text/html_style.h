#ifndef TEXT_HTML_STYLE_H
#define TEXT_HTML_STYLE_H
/* What an element's own style says about how its text is seen. Between html*.c only.
 * Pure; one pass over hostile bytes. */
#include <stdbool.h>
#include <stddef.h>

struct html_style {
	bool unseen;                                      /* with all that is in it */
	bool struck;
	enum html_size { SIZE_INHERITED, SIZE_ZERO, SIZE_OWN } size;
	enum html_space { SPACE_INHERITED, SPACE_NORMAL, SPACE_LINES, SPACE_KEPT } space; /* LINES: line ends alone count */
};

void html_style(const char *value, size_t n, struct html_style *r);

#endif
