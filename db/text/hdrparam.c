/*
 * Parameters of structured headers: RFC 2045 as written by everyone, RFC 2231.
 *
 * SECURITY: hostile input, at most 64 KB of it; sections are bounded and
 * sorted, so time is n log n.
 */
#include "base/hex.h"
#include "base/xalloc.h"
#include "text/charset.h"
#include "text/hdrword.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define LOOK_MAX (64 * 1024)
#define SECTION_MAX 9999

struct scan {
	const char *s;
	size_t n, i;
	bool bytes; /* not UTF-8: a lead byte may hide a '\' or '"' */
};

struct section {
	int number;      /* -1: plain name=; 0… */
	bool percent;    /* name*= or name*N*= */
	size_t seen;     /* order of appearance */
	size_t from, len; /* in `bytes` */
};

struct found {
	struct section *v;
	size_t n, cap;
	struct sb bytes;
};

static bool space(unsigned c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Skips a comment, nested, at '('. */
static void skip_comment(struct scan *c)
{
	size_t depth = 0;
	for (; c->i < c->n; c->i++) {
		if (c->s[c->i] == '\\')
			c->i++;
		else if (c->s[c->i] == '(')
			depth++;
		else if (c->s[c->i] == ')' && --depth == 0) {
			c->i++;
			return;
		}
	}
	c->i = c->n;
}

static void skip_blank(struct scan *c)
{
	while (c->i < c->n) {
		if (c->s[c->i] == '(')
			skip_comment(c);
		else if (space((unsigned char)c->s[c->i]))
			c->i++;
		else
			return;
	}
}

/* Bytes at i that belong together in the multi-byte charsets of Japan; in
 * them '"' and '\' are halves of characters. 1 for all else. */
static size_t glued(const struct scan *c, bool *jis)
{
	unsigned a = (unsigned char)c->s[c->i], b = c->i + 1 < c->n ? (unsigned char)c->s[c->i + 1] : 0;
	if (a == 0x1B) {
		*jis = b == '$';
		return b == '$' || b == '(' ? (c->i + 2 < c->n ? 3 : 2) : 1;
	}
	if (*jis)
		return a > 0x20 && a < 0x7F && b > 0x20 && b < 0x7F ? 2 : 1;
	bool lead = (a >= 0x81 && a <= 0x9F) || (a >= 0xE0 && a <= 0xFC);
	return c->bytes && lead && b >= 0x40 && b != 0x7F && b <= 0xFC ? 2 : 1;
}

/* At '"': the string between the quotes; a missing quote ends at the end. */
static void read_quoted(struct scan *c, struct sb *out)
{
	bool jis = false;
	for (c->i++; c->i < c->n;) {
		char a = c->s[c->i], b = c->i + 1 < c->n ? c->s[c->i + 1] : '\0';
		size_t k = glued(c, &jis);
		if (k == 1 && !jis && a == '"') {
			c->i++;
			return;
		}
		if (k == 1 && !jis && a == '\\' && (b == '"' || b == '\\'))
			a = b, c->i++; /* other backslashes are paths of Windows */
		if (k == 1 && (a == '\r' || a == '\n')) {
			jis = false;
			c->i++;
			continue;
		}
		if (k == 1)
			sb_addc(out, a);
		else
			sb_add(out, c->s + c->i, k);
		c->i += k;
	}
}

/* Unquoted, up to ';': names with blanks are common. A comment at the end of
 * anything but a file name goes. */
static void read_bare(struct scan *c, bool filename, struct sb *out)
{
	size_t from = c->i, to;
	bool jis = false;
	while (c->i < c->n && (jis || c->s[c->i] != ';')) {
		if (!filename && !jis && c->s[c->i] == '(' && c->i > from && space((unsigned char)c->s[c->i - 1]))
			break;
		c->i += glued(c, &jis);
	}
	if (c->i > c->n)
		c->i = c->n;
	for (to = c->i; to > from && space((unsigned char)c->s[to - 1]); to--)
		;
	for (; from < to; from++)
		if (c->s[from] != '\r' && c->s[from] != '\n')
			sb_addc(out, c->s[from]);
}

/* After a value: on to behind the next ';'. */
static void skip_rest(struct scan *c)
{
	struct sb none = SB_INIT;
	while (c->i < c->n && c->s[c->i] != ';') {
		if (c->s[c->i] == '(')
			skip_comment(c);
		else if (c->s[c->i] == '"')
			sb_reset(&none), read_quoted(c, &none);
		else
			c->i++;
	}
	if (c->i < c->n)
		c->i++;
	sb_free(&none);
}

/* "*", "*N" or "*N*" behind the name. */
static bool read_star(const char *p, size_t n, struct section *s)
{
	s->number = -1;
	s->percent = false;
	if (n == 0)
		return true;
	if (p[0] != '*')
		return false;
	if (n == 1) {
		s->percent = true;
		return true;
	}
	size_t i = 1;
	for (s->number = 0; i < n && isdigit((unsigned char)p[i]); i++) {
		s->number = s->number * 10 + (p[i] - '0');
		if (s->number > SECTION_MAX)
			return false;
	}
	s->percent = i + 1 == n && p[i] == '*';
	return i > 1 && (i == n || s->percent);
}

static void keep(struct found *f, struct section s)
{
	if (f->n == f->cap) {
		f->cap = f->cap ? f->cap * 2 : 8;
		f->v = xrealloc(f->v, f->cap * sizeof *f->v);
	}
	s.seen = f->n;
	f->v[f->n++] = s;
}

static void collect(struct scan *c, const char *name, struct found *f)
{
	size_t len = strlen(name);
	bool filename = strcasecmp(name, "filename") == 0 || strcasecmp(name, "name") == 0;
	skip_rest(c);
	while (c->i < c->n) {
		struct section s = { 0 };
		skip_blank(c);
		size_t from = c->i;
		while (c->i < c->n && !strchr("=; \t\r\n(\"", c->s[c->i]))
			c->i++;
		size_t to = c->i;
		skip_blank(c);
		if (c->i >= c->n || c->s[c->i] != '=') {
			skip_rest(c);
			continue;
		}
		c->i++;
		skip_blank(c);
		bool mine = to - from >= len && strncasecmp(c->s + from, name, len) == 0 &&
		            read_star(c->s + from + len, to - from - len, &s);
		if (!mine) {
			skip_rest(c);
			continue;
		}
		s.from = f->bytes.len;
		if (c->i < c->n && c->s[c->i] == '"')
			read_quoted(c, &f->bytes);
		else
			read_bare(c, filename, &f->bytes);
		s.len = f->bytes.len - s.from;
		keep(f, s);
		skip_rest(c);
	}
}

static int by_number(const void *a, const void *b)
{
	const struct section *x = a, *y = b;
	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	return x->seen < y->seen ? -1 : x->seen > y->seen;
}

static void unpercent(const char *p, size_t n, struct sb *out)
{
	for (size_t i = 0; i < n; i++) {
		int hi = p[i] == '%' && i + 2 < n ? hex_digit(p[i + 1]) : -1;
		int lo = hi >= 0 ? hex_digit(p[i + 2]) : -1;
		if (lo >= 0)
			i += 2;
		sb_addc(out, lo >= 0 ? (char)(hi << 4 | lo) : p[i]);
	}
}

/* Takes charset'language' off the front; false if it isn't there. */
static bool take_charset(const char **p, size_t *n, char charset[64])
{
	const char *a = memchr(*p, '\'', *n);
	const char *b = a ? memchr(a + 1, '\'', *n - (size_t)(a + 1 - *p)) : NULL;
	if (!b || a - *p >= 64)
		return false;
	memcpy(charset, *p, (size_t)(a - *p));
	charset[a - *p] = '\0';
	*n -= (size_t)(b + 1 - *p);
	*p = b + 1;
	return true;
}

static void put_section(const struct found *f, const struct section *s, bool first, char charset[64], struct sb *out)
{
	const char *p = f->bytes.s + s->from;
	size_t n = s->len;
	if (!s->percent) {
		sb_add(out, p, n);
		return;
	}
	if (first)
		take_charset(&p, &n, charset);
	unpercent(p, n, out);
}

/* The sections from *0 (or *1, as some count) on, up to a gap. */
static bool join(const struct found *f, char charset[64], struct sb *out)
{
	int want = -1;
	for (size_t i = 0; i < f->n; i++) {
		const struct section *s = &f->v[i];
		if (s->number < 0 || (want >= 0 && s->number < want))
			continue; /* the same number again */
		if (want >= 0 ? s->number != want : s->number > 1)
			break;
		put_section(f, s, want < 0, charset, out);
		want = s->number + 1;
	}
	return want >= 0;
}

static bool pick(const struct found *f, bool percent, char charset[64], struct sb *out)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->v[i].number < 0 && f->v[i].percent == percent) {
			put_section(f, &f->v[i], true, charset, out);
			return true;
		}
	return false;
}

bool text_header_param(const char *value, size_t n, const char *name, struct sb *out)
{
	struct scan c = { .s = value, .n = n < LOOK_MAX ? n : LOOK_MAX };
	struct found f = { .bytes = SB_INIT };
	struct sb bytes = SB_INIT, text = SB_INIT;
	char charset[64] = "";
	c.bytes = !text_is_utf8(c.s, c.n);
	collect(&c, name, &f);
	if (f.n)
		qsort(f.v, f.n, sizeof *f.v, by_number);
	bool is = pick(&f, true, charset, &bytes) || join(&f, charset, &bytes) ||
	          pick(&f, false, charset, &bytes);
	if (is && !*charset && strstr(bytes.s, "=?")) {
		text_decode_header(bytes.s, bytes.len, out);
	} else if (is) {
		text_to_utf8(charset, bytes.s, bytes.len, &text);
		text_one_line(text.s, text.len, out);
	}
	free(f.v);
	sb_free(&f.bytes);
	sb_free(&bytes);
	sb_free(&text);
	return is;
}
