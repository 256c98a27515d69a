#ifndef MAIL_HDR_H
#define MAIL_HDR_H
/*
 * Lines and header fields of raw mail, in place: no copies, no allocation.
 * The gate (prescan), the part scanner and the parser all read through this,
 * so they can't disagree about where something begins.
 * SECURITY: hostile bytes; every read is bounded by `end`.
 */
#include <stdbool.h>
#include <stddef.h>

struct line {
	const char *p;    /* first byte */
	size_t n;         /* without its line end */
	const char *next; /* behind the line end */
};

/* LF or CRLF ends a line; `cr`: CR alone does (mail that has no LF at all). */
bool hdr_line(const char *p, const char *end, bool cr, struct line *l);

struct hdr_field {
	const char *name;
	size_t name_len;
	const char *val;    /* behind the colon, still folded, white space trimmed */
	size_t val_len;
	const char *start, *end; /* whole lines, with their line ends */
};

/* The next field of a header block from *pos; lines that are none (no colon,
 * mbox "From ") are passed over. False at the end. */
bool hdr_next(const char **pos, const char *end, bool cr, struct hdr_field *f);
bool hdr_is(const struct hdr_field *f, const char *name); /* ASCII case ignored */

/* First field of that name in the block. */
bool hdr_find(const char *head, size_t n, bool cr, const char *name, struct hdr_field *f);

/* "Name:" at the start of a line. */
bool hdr_looks_like(const struct line *l);
/* The same, and a name that mail really has: tells a stray line in a header
 * from the first line of a body without its blank line. */
bool hdr_is_known(const struct line *l);
bool hdr_blank(const struct line *l); /* nothing but white space */
/* "From someone Tue Nov 24 …" or ">From …" as mbox files leave them. */
bool hdr_is_mbox(const struct line *l);

#endif
