#ifndef MAIL_STRIP_INVITE_H
#define MAIL_STRIP_INVITE_H
/*
 * The calendar of an alternative goes with the files, and our lines in its place would
 * be shown instead of the mail's text: its date and place are told in the texts beside
 * it. For msg_strip.c.
 */
#include "msg_parse.h"

/* The invitations among the branches, as lines of visible text; false: none, or the
 * mail has the same as a file, where they are told. *left: how often the whole mail may
 * still be searched for one. */
bool strip_invited(const struct msg_part *alternative, unsigned *left, struct sb *out);

/* Puts them at the end of a page, in ASCII: whatever its charset is, that it has. */
void strip_invite_html(const struct sb *words, const char *eol, struct sb *html);

#endif
