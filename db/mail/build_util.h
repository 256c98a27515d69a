#ifndef MAIL_BUILD_UTIL_H
#define MAIL_BUILD_UTIL_H
/* What msg_build and msg_restyle share; not for others. */
#include "base/strbuf.h"
#include <stdbool.h>

enum { BUILD_BOUNDARY = 40 };

/* "Name: value" (UTF-8) as a safe, encoded, folded field with CRLF; a line that
 * has no proper name is left out. Address fields are built address by address. */
void build_line(const char *line, struct sb *out);

/* ASCII, lines of a length that SMTP takes, nothing that mailers would touch. */
bool build_is_7bit(const char *p, size_t n);
void build_eol(const char *p, size_t n, const char *eol, struct sb *out);

/* Text as 7bit, quoted-printable or base64, the shortest; returns which. */
const char *build_text(const char *p, size_t n, const char *eol, struct sb *out);
/* Header, blank line and body of a UTF-8 text part. */
void build_text_part(const char *subtype, const char *p, size_t n, const char *eol, struct sb *out);

/* The same seed gives the same boundary: a mail built twice is the same mail. */
void build_boundary(const char *seed, size_t n, int which, char out[BUILD_BOUNDARY]);

#endif
