#ifndef MAIL_NOTE_QUOTE_H
#define MAIL_NOTE_QUOTE_H
/*
 * Does an answer to the customer hold lines of a note (DESK-06)? Lines are
 * compared folded (text/fold.h), without quote marks and spaces, and as pieces of
 * the whole note, because clients wrap what they quote. What everybody writes
 * (よろしくお願いいたします) and a bare address of a page count for nothing.
 * Pure. SECURITY: hostile text; of a note 2,000 lines are looked at, of an answer
 * 1,000, each in time linear in it and in the notes.
 */
#include "base/strbuf.h"

/* Appends what its author wrote: no quotes, nothing of a mail pasted below, no
 * signature. For `inside`. */
void note_quote_own(const char *text, struct sb *out);
/* Appends all of it. For `known`: what the customer has read or written. */
void note_quote_all(const char *text, struct sb *out);
/* The first lines of `text`, as written, that stand inside and are not known: one
 * of 20 characters, or shorter ones in a row that come to as many. Else nothing. */
void note_quote_run(const char *inside, const char *known, const char *text, struct sb *run);

#endif
