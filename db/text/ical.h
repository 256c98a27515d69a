#ifndef TEXT_ICAL_H
#define TEXT_ICAL_H
/*
 * An invitation (RFC 5545 in a mail, RFC 6047) in words: what, when, where, who.
 * Pure. SECURITY: hostile input; one pass, a few fields of the first events, each
 * cut at ICAL_TEXT bytes, the description at ICAL_LONG.
 */
#include "base/strbuf.h"
#include <stdbool.h>
#include <stddef.h>

enum { ICAL_TEXT = 500, ICAL_LONG = 4000, ICAL_EVENTS = 5 };

/* Appends some lines of Japanese, `whole` with the description too. False: there is
 * no event, nothing appended. */
bool text_from_ical(const char *utf8, size_t n, bool whole, struct sb *out);

#endif
