/* Lines and header fields of raw mail, in place. */
#include "hdr.h"
#include <string.h>
#include <strings.h>

bool hdr_line(const char *p, const char *end, bool cr, struct line *l)
{
	if (p >= end)
		return false;
	const char *q = memchr(p, cr ? '\r' : '\n', (size_t)(end - p));
	l->p = p;
	l->next = q ? q + 1 : end;
	l->n = (size_t)((q ? q : end) - p);
	if (!cr && l->n && q && p[l->n - 1] == '\r')
		l->n--;
	return true;
}

/* Length of the name in front of a colon, 0 if the line is no field. */
static size_t name_len(const struct line *l)
{
	size_t n = 0, i;
	while (n < l->n && l->p[n] > 32 && l->p[n] < 127 && l->p[n] != ':')
		n++;
	for (i = n; i < l->n && (l->p[i] == ' ' || l->p[i] == '\t'); i++)
		;
	return i < l->n && l->p[i] == ':' ? n : 0;
}

bool hdr_looks_like(const struct line *l)
{
	return name_len(l) > 0;
}

bool hdr_is_known(const struct line *l)
{
	static const char *const known[] = {
		"Received", "From", "To", "Cc", "Subject", "Date", "Message-ID", "Reply-To", "Sender",
		"MIME-Version", "Return-Path", "References", "In-Reply-To", "Delivered-To", "Bcc",
		"Authentication-Results", "DKIM-Signature", "User-Agent", "Thread-Topic", "Thread-Index",
		"Auto-Submitted", "Precedence", "Importance", "Priority",
	};
	size_t n = name_len(l);
	if ((n > 2 && strncasecmp(l->p, "X-", 2) == 0) || (n > 8 && strncasecmp(l->p, "Content-", 8) == 0) ||
	    (n > 5 && strncasecmp(l->p, "List-", 5) == 0))
		return true;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strlen(known[i]) == n && strncasecmp(l->p, known[i], n) == 0)
			return true;
	return false;
}

static bool wsp(char c)
{
	return c == ' ' || c == '\t';
}

bool hdr_blank(const struct line *l)
{
	for (size_t i = 0; i < l->n; i++)
		if (!wsp(l->p[i]) && l->p[i] != '\r')
			return false;
	return true;
}

bool hdr_is_mbox(const struct line *l)
{
	return (l->n >= 5 && memcmp(l->p, "From ", 5) == 0) || (l->n >= 6 && memcmp(l->p, ">From ", 6) == 0);
}

static bool space(char c)
{
	return wsp(c) || c == '\r' || c == '\n';
}

static void set_value(struct hdr_field *f, const char *p, const char *end)
{
	while (p < end && space(*p))
		p++;
	while (end > p && space(end[-1]))
		end--;
	f->val = p;
	f->val_len = (size_t)(end - p);
}

/* Some programs fold without the blank; no field's name begins with an encoded word. */
static bool continues(const struct line *l)
{
	return l->n && (wsp(l->p[0]) || (l->n > 2 && memcmp(l->p, "=?", 2) == 0 && !memchr(l->p, ' ', l->n)));
}

bool hdr_next(const char **pos, const char *end, bool cr, struct hdr_field *f)
{
	struct line l, more;
	while (hdr_line(*pos, end, cr, &l)) {
		*pos = l.next;
		if (!(f->name_len = name_len(&l)))
			continue;
		f->start = f->name = l.p;
		while (hdr_line(*pos, end, cr, &more) && continues(&more))
			*pos = more.next;
		f->end = *pos;
		const char *colon = memchr(l.p + f->name_len, ':', l.n - f->name_len);
		set_value(f, colon + 1, f->end);
		return true;
	}
	return false;
}

bool hdr_is(const struct hdr_field *f, const char *name)
{
	return strlen(name) == f->name_len && strncasecmp(f->name, name, f->name_len) == 0;
}

bool hdr_find(const char *head, size_t n, bool cr, const char *name, struct hdr_field *f)
{
	const char *pos = head, *end = head + n;
	while (hdr_next(&pos, end, cr, f))
		if (hdr_is(f, name))
			return true;
	return false;
}
