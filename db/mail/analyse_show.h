#ifndef MAIL_ANALYSE_SHOW_H
#define MAIL_ANALYSE_SHOW_H
/*
 * An analysis as a table for people, in text of at most ANALYSE_COLS columns
 * and in HTML; both hold nothing that a client makes a link of.
 */
#include "mail/analyse.h"
#include "mail/msg_strip.h"

enum { ANALYSE_COLS = 76 };

/* `files`: those of the whole mail, as they were removed. */
void analysis_text(const struct analysis *r, const struct strip_file *files, size_t n, struct sb *out);
void analysis_html(const struct analysis *r, const struct strip_file *files, size_t n, struct sb *out);

#endif
