#ifndef MAIL_PRESCAN_H
#define MAIL_PRESCAN_H
/*
 * One linear pass over a raw mail before any parser sees it.
 * SECURITY: this is the gate. libetpan recurses on comments and nests parts
 * without a limit, so what it can't bear is stopped here, in O(n) time and
 * O(1) memory (design: style.md §4).
 */
#include "base/err.h"
#include <stdbool.h>
#include <stddef.h>

struct prescan_limits {
	size_t size;        /* bytes of the mail */
	size_t header;      /* bytes of the top header block */
	size_t line;        /* bytes of one header line, folded lines apart */
	unsigned comments;  /* nesting of ( in a structured header */
	unsigned depth;     /* multipart and message/rfc822 nesting */
	unsigned parts;     /* MIME parts in all */
	unsigned headers;   /* header fields in the top block */
};
extern const struct prescan_limits prescan_default; /* 50 MB, 100 KB·…, 100, 10,000 */

struct prescan {
	size_t header_end;  /* offset of the body */
	bool has_nul, has_bare_cr, has_bare_lf, has_8bit_header, has_8bit_body;
	unsigned parts, depth, comments, headers;
};

/* OK, or ERR_LIMIT with an English one-liner fit for an SMTP reply. *r is
 * filled as far as the scan got. */
enum status mail_prescan(const void *p, size_t n, const struct prescan_limits *lim,
			 struct prescan *r, struct err *e) must_check;

#endif
