#ifndef TEXT_ICAL_H
#define TEXT_ICAL_H
/*
 * An invitation (RFC 5545 in a mail, RFC 6047) in words: what, when, where, who.
 * Pure. SECURITY: hostile input; one pass, a few fields of the first event, each
 * cut at ICAL_TEXT bytes.
 */
#include "base/strbuf.h"
#include <stdbool.h>
#include <stddef.h>

enum { ICAL_TEXT = 500 };

/* Appends some lines of Japanese. False: there is no event, nothing appended. */
bool text_from_ical(const char *utf8, size_t n, struct sb *out);

#endif
