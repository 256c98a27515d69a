#ifndef MAIL_PART_SCAN_H
#define MAIL_PART_SCAN_H
/*
 * MIME structure in one linear pass (RFC 2046): a part opens, a part closes.
 * Used by the gate to count and by the parser to build, so that nothing the
 * gate let through can look different to the parser. libetpan's own
 * mailmime_parse is not used for this: it searches each level's text again
 * (quadratic in depth) and gives up on mail that people do get.
 *
 * Leniency: a missing final boundary ends at the enclosing one; a missing blank
 * line ends the header at the first line that is none; a boundary line must
 * match whole (trailing white space apart), the innermost open one first.
 * SECURITY: hostile bytes; a fixed stack, no recursion, no allocation but the
 * decoding of one parameter.
 */
#include "base/strbuf.h"
#include "hdr.h"
#include <stdint.h>

enum { SCAN_LEVELS = 512 }; /* hard bound of the nesting; the struct is too big for a stack */

enum scan_kind { SCAN_LEAF, SCAN_MULTIPART, SCAN_MESSAGE };

struct scan_level {
	enum scan_kind kind;
	bool closed, digest;
	size_t blen;    /* boundary: length and hash are enough to know it again */
	uint64_t bhash;
	const char *body;
};

struct part_scan {
	const char *p, *end;
	bool cr;         /* lines end with CR alone */
	bool want_open;  /* a part begins at p */
	unsigned depth;  /* levels on the stack */
	unsigned keep;   /* close down to this many levels first */
	unsigned open_multiparts;
	const char *close_at;
	struct scan_level stack[SCAN_LEVELS + 1];
};

enum scan_event { SCAN_OPEN, SCAN_CLOSE, SCAN_EOF, SCAN_TOO_DEEP };

struct scan_part {
	enum scan_kind kind;
	unsigned depth;
	const char *head;
	size_t head_len;      /* with its last line end, without the blank line */
	const char *body;     /* at SCAN_OPEN */
	const char *body_end; /* at SCAN_CLOSE */
	bool broken;          /* a multipart without boundary, a header without blank line */
};

void part_scan_init(struct part_scan *s, const char *p, size_t n);
enum scan_event part_scan_next(struct part_scan *s, struct scan_part *r);

/* Parameter `name` of a structured value, also where the semicolon in front of
 * it is missing. */
bool part_param(const char *v, size_t n, const char *name, struct sb *out);
/* The type of a Content-Type value, "text/plain", in lower case into buf; "" if
 * it is none or too long. Quotes and blanks around and within don't count. */
enum { PART_TYPE = 128 };
void part_type(const char *v, size_t n, char buf[PART_TYPE]);
/* Is it this type, or of this kind when `type` ends in "/"? */
bool part_type_is(const char *v, size_t n, const char *type);
/* base64 or quoted-printable: what hides structure from a scan. */
bool part_encoded(const char *v, size_t n);

#endif
