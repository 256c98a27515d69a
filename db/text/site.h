#ifndef TEXT_SITE_H
#define TEXT_SITE_H
/*
 * The site a host belongs to, as it is counted: its registrable domain by the
 * Public Suffix List (the system's, Debian's publicsuffix). An address, a name
 * of one label and a public suffix itself count as themselves.
 *
 * SECURITY: hosts come from terminals, or from whoever wrote a page there.
 */
#include <stdbool.h>
#include <stddef.h>

enum { SITE_MAX = 254 };

/* False: this could not be a host; out is "". Any case, a trailing dot and a
 * port are taken off. UTF-8 names stay as they are. Thread-safe. */
bool site_of(const char *host, char out[SITE_MAX]);

#endif
