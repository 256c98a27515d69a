#ifndef MAIL_FORWARD_H
#define MAIL_FORWARD_H
/*
 * Where a mail pasted into a text begins, and its header: the ways in which
 * Outlook, Gmail, Apple, Thunderbird, Becky! and webmails write it, in Japanese
 * and English, also quoted with "> ". For db/mail only.
 * SECURITY: hostile text; each line is looked at a bounded number of times.
 */
#include "base/strbuf.h"
#include <stdbool.h>
#include <stddef.h>

/* "-----Original Message-----", "---------- Forwarded message", … ; `line` ends
 * with LF or NUL. */
bool fwd_is_divider(const char *line);
/* A header pasted in: From with a date, recipient or subject close by. */
bool fwd_is_head(const char *line);

struct forward {
	size_t begin;  /* offset of the divider, or of the header without one */
	size_t body;   /* offset behind the header */
	bool forwarded; /* it says so; else it may be what a reply quotes */
	struct sb raw; /* the mail rebuilt: "From: …", an empty line, text; fields as UTF-8 */
};
/* The next one at or behind *pos, which moves behind its header; the caller
 * frees f->raw. False: none. */
bool fwd_next(const char *text, size_t n, size_t *pos, struct forward *f);

struct fwd_parties {
	const char *desk, *sender; /* our address and the mail's sender; "" = not known */
};
/* The first that is not just a reply's quote of what he and we wrote. */
bool fwd_first(const char *text, size_t n, const struct fwd_parties *c, struct forward *f);

#endif
