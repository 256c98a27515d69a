/* MIME structure in one linear pass. See part_scan.h. */
#include "part_scan.h"
#include "text/hdrword.h"
#include "xfer.h"
#include <string.h>
#include <strings.h>

/* A byte order mark or blank lines in front of the header, as tools that save
 * mails leave them; but a mail may well have no header and begin with blank
 * lines. */
static void skip_to_header(struct part_scan *s)
{
	struct line l;
	const char *p = s->p;
	if (s->end - p >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0)
		p += 3;
	while (hdr_line(p, s->end, s->cr, &l) && l.n == 0)
		p = l.next;
	if (p != s->p && hdr_line(p, s->end, s->cr, &l) && (hdr_is_known(&l) || hdr_is_mbox(&l)))
		s->p = p;
}

void part_scan_init(struct part_scan *s, const char *p, size_t n)
{
	s->p = p;
	s->end = p + n;
	s->cr = n && !memchr(p, '\n', n) && memchr(p, '\r', n);
	s->want_open = true;
	s->depth = s->keep = s->open_multiparts = 0;
	skip_to_header(s);
}

static uint64_t hash(const char *p, size_t n)
{
	uint64_t h = 14695981039346656037u;
	for (size_t i = 0; i < n; i++)
		h = (h ^ (unsigned char)p[i]) * 1099511628211u;
	return h;
}

static size_t trimmed(const char *p, size_t n)
{
	while (n && (p[n - 1] == ' ' || p[n - 1] == '\t' || p[n - 1] == '\r'))
		n--;
	return n;
}

/* The stack index whose boundary this line is, or -1. */
static int boundary(const struct part_scan *s, const struct line *l, bool *close_r)
{
	if (!s->open_multiparts || l->n < 3 || l->p[0] != '-' || l->p[1] != '-')
		return -1;
	size_t n = trimmed(l->p, l->n) - 2, n2 = 0;
	uint64_t h = hash(l->p + 2, n), h2 = 0;
	if (n > 2 && memcmp(l->p + n, "--", 2) == 0) {
		n2 = n - 2;
		h2 = hash(l->p + 2, n2);
	}
	for (unsigned i = s->depth; i-- > 0;) {
		const struct scan_level *v = &s->stack[i];
		if (v->kind != SCAN_MULTIPART || v->closed)
			continue;
		if (v->blen == n && v->bhash == h)
			return *close_r = false, (int)i;
		if (n2 && v->blen == n2 && v->bhash == h2)
			return *close_r = true, (int)i;
	}
	return -1;
}

/* A line of white space only: folded by accident, or meant as the blank line? */
static bool ends_header(const struct part_scan *s, const struct line *l)
{
	struct line next;
	if (l->n == 0)
		return true;
	if (!hdr_blank(l) || !hdr_line(l->next, s->end, s->cr, &next))
		return false;
	return next.n && !hdr_looks_like(&next) && next.p[0] != ' ' && next.p[0] != '\t';
}

/* A line that is no field: stray, when real mail header goes on behind it. */
static bool stray(const struct part_scan *s, const struct line *l)
{
	struct line next;
	return hdr_line(l->next, s->end, s->cr, &next) && hdr_is_known(&next);
}

static void read_head(struct part_scan *s, struct scan_part *r)
{
	struct line l;
	bool close;
	const char *p = s->p;
	r->head = p;
	r->broken = false;
	for (; hdr_line(p, s->end, s->cr, &l); p = l.next) {
		if (ends_header(s, &l)) {
			r->head_len = (size_t)(p - r->head);
			s->p = r->body = l.next;
			return;
		}
		if (boundary(s, &l, &close) >= 0)
			break;
		if (hdr_looks_like(&l) || (p == r->head && hdr_is_mbox(&l)) ||
		    ((l.p[0] == ' ' || l.p[0] == '\t') && p != r->head))
			continue;
		if (!stray(s, &l)) {
			r->broken = true;
			break;
		}
	}
	r->head_len = (size_t)(p - r->head);
	s->p = r->body = p;
}

bool part_param(const char *v, size_t n, const char *name, struct sb *out)
{
	size_t at = out->len, k = strlen(name);
	if (text_header_param(v, n, name, out) && out->len > at)
		return true;
	sb_setlen(out, at);
	for (size_t i = 0; i + k + 1 < n && i < 65536; i++) {
		if (strncasecmp(v + i, name, k) != 0 || v[i + k] != '=' ||
		    (i && v[i - 1] != ' ' && v[i - 1] != '\t' && v[i - 1] != '\n' && v[i - 1] != ','))
			continue;
		const char *p = v + i + k + 1, *end = v + n;
		bool quoted = p < end && *p == '"';
		const char *from = p += quoted;
		while (p < end && *p != '"' && (quoted || !*p || !strchr("; \t\r\n,", *p)))
			p++;
		text_decode_header(from, (size_t)(p - from), out);
		return out->len > at;
	}
	return false;
}

void part_type(const char *v, size_t n, char buf[PART_TYPE])
{
	size_t k = 0;
	bool ink = false;
	for (size_t i = 0; i < n && k < PART_TYPE - 1; i++) {
		unsigned char c = (unsigned char)v[i];
		bool slash = k && (buf[k - 1] == '/' || c == '/');
		if (c > 32 && strchr(";,(<>", c))
			break;
		if (c == '"' || c == '\'' || c <= 32) {
			ink = false;
			continue;
		}
		if (c > 126 || (k && !ink && !slash))
			break; /* a second word: the semicolon is missing */
		buf[k++] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : (char)c;
		ink = true;
	}
	buf[k < PART_TYPE - 1 ? k : 0] = '\0';
}

bool part_type_is(const char *v, size_t n, const char *type)
{
	char buf[PART_TYPE];
	size_t k = strlen(type);
	part_type(v, n, buf);
	return type[k - 1] == '/' ? strncmp(buf, type, k) == 0 : strcmp(buf, type) == 0;
}

bool part_encoded(const char *v, size_t n)
{
	return xfer_canonical(v, n) != NULL;
}

static bool is_message(const char *v, size_t n)
{
	return part_type_is(v, n, "message/rfc822") || part_type_is(v, n, "message/global") ||
	       part_type_is(v, n, "message/news");
}

static void read_boundary(struct scan_level *l, struct scan_part *r, const char *v, size_t n)
{
	struct sb b = SB_INIT;
	if (part_param(v, n, "boundary", &b) && (l->blen = trimmed(b.s, b.len)) > 0) {
		l->kind = SCAN_MULTIPART;
		l->digest = part_type_is(v, n, "multipart/digest");
		l->bhash = hash(b.s, l->blen);
	} else {
		r->broken = true;
	}
	sb_free(&b);
}

static void classify(struct part_scan *s, struct scan_level *l, struct scan_part *r)
{
	struct hdr_field type, enc;
	bool digest = s->depth && s->stack[s->depth - 1].kind == SCAN_MULTIPART && s->stack[s->depth - 1].digest;
	bool encoded = hdr_find(r->head, r->head_len, s->cr, "Content-Transfer-Encoding", &enc) &&
		       part_encoded(enc.val, enc.val_len);
	*l = (struct scan_level){ .kind = SCAN_LEAF, .body = r->body };
	if (!hdr_find(r->head, r->head_len, s->cr, "Content-Type", &type)) {
		if (digest)
			l->kind = SCAN_MESSAGE;
	} else if (part_type_is(type.val, type.val_len, "multipart/")) {
		read_boundary(l, r, type.val, type.val_len);
	} else if (is_message(type.val, type.val_len) && !encoded) {
		l->kind = SCAN_MESSAGE;
	}
}

static enum scan_event open_part(struct part_scan *s, struct scan_part *r)
{
	if (s->depth >= SCAN_LEVELS)
		return SCAN_TOO_DEEP;
	read_head(s, r);
	struct scan_level *l = &s->stack[s->depth];
	classify(s, l, r);
	s->open_multiparts += l->kind == SCAN_MULTIPART;
	s->want_open = l->kind == SCAN_MESSAGE;
	r->kind = l->kind;
	r->depth = s->depth++;
	s->keep = s->depth;
	return SCAN_OPEN;
}

static enum scan_event close_part(struct part_scan *s, struct scan_part *r)
{
	struct scan_level *l = &s->stack[--s->depth];
	if (l->kind == SCAN_MULTIPART && !l->closed)
		s->open_multiparts--;
	r->kind = l->kind;
	r->depth = s->depth;
	r->body = l->body;
	r->body_end = s->close_at > l->body ? s->close_at : l->body;
	return SCAN_CLOSE;
}

/* The line end in front of a boundary belongs to the boundary. */
static const char *before_eol(const struct part_scan *s, const char *begin, const char *p)
{
	if (p > begin && p[-1] == (s->cr ? '\r' : '\n'))
		p--;
	if (!s->cr && p > begin && p[-1] == '\r')
		p--;
	return p;
}

static void at_boundary(struct part_scan *s, int k, bool close, const struct line *l)
{
	s->keep = (unsigned)k + 1;
	s->close_at = before_eol(s, s->stack[k].body, l->p);
	if (close) {
		s->stack[k].closed = true;
		s->open_multiparts--;
	}
	s->want_open = !close && l->next < s->end;
}

enum scan_event part_scan_next(struct part_scan *s, struct scan_part *r)
{
	struct line l;
	bool close;
	int k;
	for (;;) {
		if (s->depth > s->keep)
			return close_part(s, r);
		if (s->want_open)
			return open_part(s, r);
		if (!s->open_multiparts)
			s->p = s->end;
		if (!hdr_line(s->p, s->end, s->cr, &l)) {
			if (s->depth == 0)
				return SCAN_EOF;
			s->keep = 0;
			s->close_at = s->end;
			continue;
		}
		s->p = l.next;
		if ((k = boundary(s, &l, &close)) >= 0)
			at_boundary(s, k, close, &l);
	}
}
