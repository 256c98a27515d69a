/*
 * multipart/form-data as it streams in: see multipart.h.
 *
 * What is not yet understood is held: at most a part's header, or as many bytes
 * as could be the beginning of a delimiter. The body is read as if a line end
 * stood before it, so that the first delimiter looks like all others.
 */
#include "multipart.h"
#include "base/strbuf.h"
#include "base/xalloc.h"
#include "text/hdrword.h"
#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { HEAD_MAX = 8192, PARTS_MAX = 200, BOUNDARY_MAX = 70 /* RFC 2046 §5.1.1 */, PAD_MAX = 64 };

enum state { PREAMBLE, DELIMITER, HEAD, DATA, EPILOGUE };

struct multipart {
	const struct multipart_sink *sink;
	void *arg;
	enum state state;
	struct sb hold;
	size_t at;          /* bytes of hold that are done with */
	size_t parts;
	char delimiter[4 + BOUNDARY_MAX + 1]; /* CRLF "--" boundary */
	size_t delimiter_len;
};

struct multipart *multipart_new(const char *content_type, const struct multipart_sink *sink, void *arg)
{
	struct sb boundary = SB_INIT;
	bool good = content_type && strncasecmp(content_type, "multipart/form-data", 19) == 0 &&
	            text_header_param(content_type, strlen(content_type), "boundary", &boundary) && boundary.len > 0 &&
	            boundary.len <= BOUNDARY_MAX && !strpbrk(boundary.s, "\r\n");
	struct multipart *m = NULL;
	if (good) {
		m = xcalloc(1, sizeof *m);
		m->sink = sink;
		m->arg = arg;
		m->hold = SB_INIT;
		memcpy(m->delimiter, "\r\n--", 4);
		memcpy(m->delimiter + 4, boundary.s, boundary.len);
		m->delimiter_len = 4 + boundary.len;
		sb_adds(&m->hold, "\r\n");
	}
	sb_free(&boundary);
	return m;
}

void multipart_free(struct multipart **m)
{
	if (!*m)
		return;
	sb_free(&(*m)->hold);
	free(*m);
	*m = NULL;
}

static const char *rest(const struct multipart *m, size_t *n)
{
	*n = m->hold.len - m->at;
	return m->hold.s + m->at;
}

/* ---- the header of a part --------------------------------------------------------- */

/* The value of a header line, or NULL. */
static const char *value_of(const char *line, size_t n, const char *name, size_t *len_r)
{
	size_t k = strlen(name);
	if (n <= k || strncasecmp(line, name, k) != 0 || line[k] != ':')
		return NULL;
	*len_r = n - k - 1;
	return line + k + 1;
}

/* Browsers write these three so (WHATWG HTML, multipart/form-data encoding). */
static void unescape(struct sb *name)
{
	static const struct { const char *from; char to; } rows[] = { { "%22", '"' }, { "%0D", '\r' }, { "%0A", '\n' } };
	size_t to = 0;
	for (size_t i = 0; i < name->len; i++) {
		char c = name->s[i];
		for (size_t k = 0; k < 3; k++)
			if (strncasecmp(name->s + i, rows[k].from, 3) == 0) {
				c = rows[k].to;
				i += 2;
				break;
			}
		name->s[to++] = c;
	}
	sb_setlen(name, to);
}

static void media_type(const char *v, size_t n, struct sb *out)
{
	while (n && (*v == ' ' || *v == '\t'))
		v++, n--;
	for (size_t i = 0; i < n && out->len < 100 && v[i] > ' ' && v[i] != ';' && v[i] != 0x7F && !(v[i] & 0x80); i++)
		sb_addc(out, (char)tolower((unsigned char)v[i]));
}

static enum status read_head(struct multipart *m, const char *head, size_t n, struct err *e)
{
	struct sb name = SB_INIT, filename = SB_INIT, type = SB_INIT;
	bool named = false, file = false;
	for (size_t i = 0, len; i < n; i += len + 2) {
		const char *end = memmem(head + i, n - i, "\r\n", 2), *v;
		len = end ? (size_t)(end - head) - i : n - i;
		size_t k;
		if ((v = value_of(head + i, len, "Content-Disposition", &k)) && !named) {
			named = text_header_param(v, k, "name", &name);
			file = text_header_param(v, k, "filename", &filename);
		} else if ((v = value_of(head + i, len, "Content-Type", &k)) && !type.len) {
			media_type(v, k, &type);
		}
	}
	unescape(&filename);
	struct multipart_head h = { .name = name.s, .filename = file ? filename.s : NULL, .type = type.s };
	enum status st = named ? m->sink->begin(m->arg, &h, e) : err_set(e, ERR_PERM, "a part without a name");
	sb_free(&name), sb_free(&filename), sb_free(&type);
	return st;
}

/* ---- the states: each returns true when it got on, false when it needs more ---- */

/* Up to the next delimiter, all but what could be its beginning. */
static bool pass_data(struct multipart *m, enum status *st, struct err *e)
{
	size_t n, k;
	const char *p = rest(m, &n), *hit = memmem(p, n, m->delimiter, m->delimiter_len);
	if (hit)
		k = (size_t)(hit - p);
	else
		k = n >= m->delimiter_len ? n - (m->delimiter_len - 1) : 0;
	if (m->state == DATA && k)
		*st = m->sink->data(m->arg, p, k, e);
	if (hit && m->state == DATA && *st == OK)
		*st = m->sink->end(m->arg, e);
	m->at += k + (hit ? m->delimiter_len : 0);
	if (hit)
		m->state = DELIMITER;
	return hit != NULL;
}

/* Behind a delimiter: "--" ends it all, a line end (after blanks) begins a part. */
static bool pass_delimiter(struct multipart *m, enum status *st, struct err *e)
{
	size_t n, blanks = 0;
	const char *p = rest(m, &n);
	if (n < 2)
		return false;
	if (p[0] == '-' && p[1] == '-') {
		m->state = EPILOGUE;
		return true;
	}
	while (blanks < n && (p[blanks] == ' ' || p[blanks] == '\t'))
		blanks++;
	if (blanks > PAD_MAX) {
		*st = err_set(e, ERR_LIMIT, "a delimiter line is too long");
		return false;
	}
	if (n < blanks + 2)
		return false;
	if (p[blanks] != '\r' || p[blanks + 1] != '\n')
		*st = err_set(e, ERR_PERM, "a delimiter line goes on");
	else if (++m->parts > PARTS_MAX)
		*st = err_set(e, ERR_LIMIT, "more than %d parts", PARTS_MAX);
	m->at += blanks; /* the line end stays: an empty header is CRLF CRLF then */
	m->state = HEAD;
	return *st == OK;
}

static bool pass_head(struct multipart *m, enum status *st, struct err *e)
{
	size_t n;
	const char *p = rest(m, &n), *end = memmem(p, n, "\r\n\r\n", 4);
	size_t len = end ? (size_t)(end - p) : n;
	if (len > HEAD_MAX)
		*st = err_set(e, ERR_LIMIT, "the header of a part is too long");
	if (!end || *st != OK)
		return false;
	*st = len > 2 ? read_head(m, p + 2, len - 2, e) : err_set(e, ERR_PERM, "a part without a header");
	m->at += len + 4;
	m->state = DATA;
	return *st == OK;
}

static bool step(struct multipart *m, enum status *st, struct err *e)
{
	switch (m->state) {
	case PREAMBLE:
	case DATA:
		return pass_data(m, st, e);
	case DELIMITER:
		return pass_delimiter(m, st, e);
	case HEAD:
		return pass_head(m, st, e);
	default:
		m->at = m->hold.len;
		return false;
	}
}

enum status multipart_feed(struct multipart *m, const void *p, size_t n, struct err *e)
{
	enum status st = OK;
	sb_add(&m->hold, p, n);
	while (st == OK && step(m, &st, e))
		;
	size_t left = m->hold.len - m->at;
	memmove(m->hold.s, m->hold.s + m->at, left);
	sb_setlen(&m->hold, left);
	m->at = 0;
	return st;
}

enum status multipart_finish(const struct multipart *m, struct err *e)
{
	return m->state == EPILOGUE ? OK : err_set(e, ERR_PERM, "the upload was cut off");
}
