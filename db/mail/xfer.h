#ifndef MAIL_XFER_H
#define MAIL_XFER_H
/*
 * Content transfer encodings (RFC 2045 §6) both ways. Own code: libetpan's
 * decoder moves results of 8 MB and more to files in /tmp and stops at what
 * mailers in the field get wrong.
 * SECURITY: decoding takes any bytes and never fails; garbage is passed over
 * (base64) or kept (quoted-printable).
 */
#include "base/strbuf.h"
#include <stdbool.h>
#include <stddef.h>

/* The encoding that a Content-Transfer-Encoding value means: "base64",
 * "quoted-printable" or "x-uuencode", also where it says "base-64" or has quotes
 * around; NULL for all that needs no decoding. */
const char *xfer_canonical(const char *value, size_t n);

/* By canonical name; an unknown one copies, and so does base64 on text that
 * plainly never was. False: more than `max` bytes,
 * `out` got the first max. */
bool xfer_decode(const char *encoding, const char *p, size_t n, size_t max, struct sb *out);

void xfer_base64(const void *p, size_t n, const char *eol, struct sb *out); /* 76 columns */
/* Text: line ends (LF or CRLF) become `eol`, "From " and "." at a line's start
 * are hidden from mailers that would touch them. */
void xfer_qp(const char *p, size_t n, const char *eol, struct sb *out);

#endif
