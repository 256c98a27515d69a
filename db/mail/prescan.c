/*
 * One linear pass over a raw mail before any parser sees it. See prescan.h.
 * SECURITY: hostile bytes; nothing here recurses or allocates by their will.
 */
#include "prescan.h"
#include "base/xalloc.h"
#include "part_scan.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

const struct prescan_limits prescan_default = {
	.size = 50u << 20,
	.header = 256u << 10,
	.line = 64u << 10,
	.comments = 100,
	.depth = 100,
	.parts = 10000,
	.headers = 2000,
};

static bool has_8bit(const char *p, size_t n)
{
	uint64_t w, all = 0;
	for (; n >= sizeof w; p += sizeof w, n -= sizeof w) {
		memcpy(&w, p, sizeof w);
		all |= w;
	}
	while (n--)
		all |= (uint64_t)(unsigned char)*p++ & 0x80;
	return all & 0x8080808080808080u;
}

/* Line ends that SMTP doesn't know. */
static void bare_ends(const char *p, size_t n, struct prescan *r)
{
	const char *q, *end = p + n;
	for (q = p; (q = memchr(q, '\n', (size_t)(end - q))); q++)
		if (q == p || q[-1] != '\r') {
			r->has_bare_lf = true;
			break;
		}
	for (q = p; (q = memchr(q, '\r', (size_t)(end - q))); q++)
		if (q + 1 == end || q[1] != '\n') {
			r->has_bare_cr = true;
			break;
		}
}

/* Deepest nesting of "(". A quoted "(" counts in one reading and not in the
 * other; the worse of the two is taken. */
static unsigned comment_depth(const char *p, size_t n)
{
	unsigned plain = 0, quoting = 0, max = 0;
	bool quoted = false;
	for (size_t i = 0; i < n; i++) {
		if (p[i] == '\\' && i + 1 < n) {
			i++;
		} else if (p[i] == '"' && !quoting) {
			quoted = !quoted;
		} else if (p[i] == '(') {
			plain++;
			quoting += !quoted;
		} else if (p[i] == ')') {
			plain -= plain > 0;
			quoting -= !quoted && quoting > 0;
		}
		if (plain > max)
			max = plain;
		if (quoting > max)
			max = quoting;
	}
	return max;
}

static bool is_structured(const struct hdr_field *f)
{
	static const char *const names[] = {
		"From", "To", "Cc", "Bcc", "Sender", "Reply-To", "Resent-From", "Resent-To", "Resent-Cc",
		"Resent-Sender", "Return-Path", "Date", "Resent-Date", "Message-ID", "In-Reply-To",
		"References", "MIME-Version", "Content-Type", "Content-Disposition", "Content-ID",
		"Content-Transfer-Encoding", "Received", "Disposition-Notification-To",
	};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (hdr_is(f, names[i]))
			return true;
	return false;
}

static size_t longest_line(const struct hdr_field *f, bool cr)
{
	struct line l;
	size_t max = 0;
	for (const char *p = f->start; hdr_line(p, f->end, cr, &l); p = l.next)
		if (l.n > max)
			max = l.n;
	return max;
}

static enum status check_head(const struct scan_part *part, bool cr, const struct prescan_limits *lim,
			      struct prescan *r, struct err *e)
{
	struct hdr_field f;
	unsigned fields = 0;
	const char *pos = part->head, *end = part->head + part->head_len;
	if (part->head_len > lim->header)
		return err_set(e, ERR_LIMIT, "message header too large (limit %zu bytes)", lim->header);
	while (hdr_next(&pos, end, cr, &f)) {
		if (longest_line(&f, cr) > lim->line)
			return err_set(e, ERR_LIMIT, "header line too long (limit %zu bytes)", lim->line);
		if (++fields > lim->headers)
			return err_set(e, ERR_LIMIT, "too many header fields (limit %u)", lim->headers);
		unsigned d = is_structured(&f) ? comment_depth(f.val, f.val_len) : 0;
		if (d > r->comments)
			r->comments = d;
		if (d > lim->comments)
			return err_set(e, ERR_LIMIT, "comments in header nested too deeply (limit %u)",
				       lim->comments);
	}
	if (part->depth == 0)
		r->headers = fields;
	return OK;
}

static enum status opened(const struct scan_part *part, bool cr, const struct prescan_limits *lim,
			  struct prescan *r, struct err *e)
{
	if (part->depth > r->depth)
		r->depth = part->depth;
	if (part->depth > lim->depth)
		return err_set(e, ERR_LIMIT, "MIME parts nested too deeply (limit %u)", lim->depth);
	if (++r->parts > lim->parts)
		return err_set(e, ERR_LIMIT, "too many MIME parts (limit %u)", lim->parts);
	return check_head(part, cr, lim, r, e);
}

static enum status scan_parts(struct part_scan *s, const char *raw, const struct prescan_limits *lim,
			      struct prescan *r, struct err *e)
{
	struct scan_part part;
	for (;;) {
		switch (part_scan_next(s, &part)) {
		case SCAN_EOF:
			return OK;
		case SCAN_TOO_DEEP:
			return err_set(e, ERR_LIMIT, "MIME parts nested too deeply (limit %d)", SCAN_LEVELS);
		case SCAN_CLOSE:
			continue;
		case SCAN_OPEN:
			if (part.depth == 0)
				r->header_end = (size_t)(part.body - raw);
			enum status st = opened(&part, s->cr, lim, r, e);
			if (st != OK)
				return st;
		}
	}
}

enum status mail_prescan(const void *p, size_t n, const struct prescan_limits *lim, struct prescan *r,
			 struct err *e)
{
	const char *raw = p ? p : "";
	*r = (struct prescan){ 0 };
	if (n > lim->size)
		return err_set(e, ERR_LIMIT, "message too large (%zu bytes, limit %zu)", n, lim->size);
	r->has_nul = memchr(raw, '\0', n) != NULL;
	bare_ends(raw, n, r);
	struct part_scan *s = xmalloc(sizeof *s);
	part_scan_init(s, raw, n);
	enum status st = scan_parts(s, raw, lim, r, e);
	free(s);
	r->has_8bit_header = has_8bit(raw, r->header_end);
	r->has_8bit_body = has_8bit(raw + r->header_end, n - r->header_end);
	return st;
}
