#ifndef MAILER_REPLY_NAMES_H
#define MAILER_REPLY_NAMES_H
/* Between reply_*.c only: names of the inside in a text for the outside. */
#include "reply_clean.h"

/* Appends the text with staff and ticket addresses replaced by the desk's, the
 * staff name in front of one too, and without the internal names. */
void reply_hide_names(const struct reply_ctx *c, const char *s, size_t n, struct sb *out);

/* A copy without white space, and without quote marks at the begin of lines. */
char *reply_squeezed(const char *s);

#endif
