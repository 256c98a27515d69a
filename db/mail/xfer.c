/* Content transfer encodings. See xfer.h. */
#include "xfer.h"
#include "base/crypto.h"
#include <ctype.h>
#include <stdint.h>
#include <string.h>

enum { SAMPLE = 4096 }; /* bytes that show what a text is */

/* 0..63, 64 = skip, 65 = '=' */
static const uint8_t b64[256] = {
#define R16 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64
	R16, R16,
	64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 62, 64, 64, 64, 63,
	52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 64, 64, 64, 65, 64, 64,
	64, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
	15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 64, 64, 64, 64, 64,
	64, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40,
	41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 64, 64, 64, 64, 64,
	R16, R16, R16, R16, R16, R16, R16, R16,
#undef R16
};

/* Behind padding: more base64 (two texts glued together), or a footer that a
 * list server put there? One line's worth is looked at; *known_r is where that
 * ends, so that no byte is looked at twice. */
static bool more_base64(const unsigned char *p, const unsigned char *end, const unsigned char **known_r)
{
	if (end - p > 80)
		end = p + 80;
	while (p < end && (*p == '\r' || *p == '\n' || *p == ' ' || *p == '\t' || *p == '='))
		p++;
	for (; p < end && *p != '\r' && *p != '\n'; p++)
		if (b64[*p] == 64)
			return false;
	*known_r = p;
	return true;
}

/* The last 2 or 3 letters of a text that is no multiple of 4. */
static char *short_quantum(uint32_t acc, unsigned k, char *o)
{
	if (k == 3)
		acc >>= 2;
	else
		acc >>= 4;
	if (k == 3)
		*o++ = (char)(acc >> 8);
	if (k >= 2)
		*o++ = (char)acc;
	return o;
}

static char *quantum(uint32_t v, char *o)
{
	*o++ = (char)(v >> 16);
	*o++ = (char)(v >> 8);
	*o++ = (char)v;
	return o;
}

/* Four letters at p as a number, or false when one is none. */
static bool four(const unsigned char *p, uint32_t *v)
{
	uint8_t a = b64[p[0]], b = b64[p[1]], c = b64[p[2]], d = b64[p[3]];
	*v = (uint32_t)a << 18 | (uint32_t)b << 12 | (uint32_t)c << 6 | d;
	return (a | b | c | d) < 64;
}

static char *decode_base64(const unsigned char *p, const unsigned char *end, char *o)
{
	uint32_t acc = 0, v;
	unsigned k = 0;
	const unsigned char *known = p;
	while (p < end) {
		if (k == 0 && end - p >= 4 && four(p, &v)) {
			o = quantum(v, o);
			p += 4;
			continue;
		}
		v = b64[*p++];
		if (v == 65) {
			o = short_quantum(acc, k, o);
			acc = k = 0;
			if (p >= known && !more_base64(p, end, &known))
				break;
		} else if (v < 64) {
			acc = acc << 6 | v;
			if (++k == 4) {
				o = quantum(acc, o);
				acc = k = 0;
			}
		}
	}
	return short_quantum(acc, k, o);
}

static void from_base64(const char *p, size_t n, struct sb *out)
{
	const unsigned char *u = (const unsigned char *)p;
	sb_grow(out, n / 4 * 3 + 8);
	out->len = (size_t)(decode_base64(u, u + n, out->s + out->len) - out->s);
	out->s[out->len] = '\0';
}

/* One line without its end; true when a soft break ends it. */
static bool qp_line(const char *p, size_t n, bool last, struct sb *out)
{
	while (n && (p[n - 1] == ' ' || p[n - 1] == '\t'))
		n--;
	bool soft = n && p[n - 1] == '=';
	n -= soft;
	for (size_t i = 0; i < n; i++) {
		const char *eq = memchr(p + i, '=', n - i);
		size_t run = eq ? (size_t)(eq - p) - i : n - i;
		sb_add(out, p + i, run);
		i += run;
		if (i >= n)
			break;
		int hi = i + 2 < n ? hex_digit(p[i + 1]) : -1;
		int lo = i + 2 < n ? hex_digit(p[i + 2]) : -1;
		if (hi >= 0 && lo >= 0) {
			sb_addc(out, (char)(hi << 4 | lo));
			i += 2;
		} else {
			sb_addc(out, '=');
		}
	}
	return soft || last;
}

static void from_qp(const char *p, size_t n, struct sb *out)
{
	const char *end = p + n;
	sb_grow(out, n);
	while (p < end) {
		const char *q = memchr(p, '\n', (size_t)(end - p));
		const char *stop = q ? q : end;
		const char *eol = q && q > p && q[-1] == '\r' ? q - 1 : stop;
		if (!qp_line(p, (size_t)(eol - p), !q, out))
			sb_add(out, eol, (size_t)(q + 1 - eol));
		p = q ? q + 1 : end;
	}
}

static void uu_line(const unsigned char *p, size_t n, struct sb *out)
{
	size_t want = (size_t)((p[0] - 32) & 63), have = 0;
	for (size_t i = 1; have < want && i < n; i += 4) {
		unsigned char c[4];
		for (size_t k = 0; k < 4; k++)
			c[k] = i + k < n ? (unsigned char)((p[i + k] - 32) & 63) : 0;
		char o[3] = { (char)(c[0] << 2 | c[1] >> 4), (char)(c[1] << 4 | c[2] >> 2),
			      (char)(c[2] << 6 | c[3]) };
		size_t k = want - have < 3 ? want - have : 3;
		sb_add(out, o, k);
		have += k;
	}
}

static void from_uu(const char *p, size_t n, struct sb *out)
{
	const char *end = p + n;
	bool on = false;
	while (p < end) {
		const char *q = memchr(p, '\n', (size_t)(end - p));
		size_t len = (size_t)((q ? q : end) - p);
		if (len && p[len - 1] == '\r')
			len--;
		if (!on)
			on = len > 6 && memcmp(p, "begin ", 6) == 0;
		else if (len == 3 && memcmp(p, "end", 3) == 0)
			return;
		else if (len)
			uu_line((const unsigned char *)p, len, out);
		p = q ? q + 1 : end;
	}
}

const char *xfer_canonical(const char *v, size_t n)
{
	static const struct {
		const char *letters, *name;
	} known[] = { { "base64", "base64" }, { "quotedprintable", "quoted-printable" }, { "xuuencode", "x-uuencode" },
		      { "uuencode", "x-uuencode" }, { "xuue", "x-uuencode" }, { "uue", "x-uuencode" } };
	char key[24];
	size_t k = 0;
	for (size_t i = 0; i < n && k < sizeof key - 1 && !strchr(";(\r\n", v[i]); i++)
		if (isalnum((unsigned char)v[i]))
			key[k++] = (char)tolower((unsigned char)v[i]);
	key[k] = '\0';
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strcmp(known[i].letters, key) == 0)
			return known[i].name;
	return NULL;
}

/* "base64" on a text that was never encoded, by its first two lines: decoding
 * it would leave nothing to read. */
static bool not_base64(const char *p, size_t n)
{
	size_t other = 0, letters = 0, blanks = 0, lines = 0;
	for (size_t i = 0; i < n && i < SAMPLE && lines < 2; i++) {
		letters += b64[(unsigned char)p[i]] != 64;
		if (p[i] == ' ')
			blanks++;
		else if (p[i] == '\n')
			lines += letters > 0;
		else if (b64[(unsigned char)p[i]] == 64 && p[i] != '\t' && p[i] != '\r')
			other++;
	}
	return other * 4 > letters || (other && blanks > 1 && blanks * 12 > letters);
}

bool xfer_decode(const char *enc, const char *p, size_t n, size_t max, struct sb *out)
{
	size_t at = out->len;
	if (strcmp(enc, "base64") == 0 && !not_base64(p, n))
		from_base64(p, n, out);
	else if (strcmp(enc, "quoted-printable") == 0)
		from_qp(p, n, out);
	else if (strcmp(enc, "x-uuencode") == 0)
		from_uu(p, n, out);
	else
		sb_add(out, p, n < max ? n : max + (n > max));
	if (out->len - at <= max)
		return true;
	sb_setlen(out, at + max);
	return false;
}

void xfer_base64(const void *p, size_t n, const char *eol, struct sb *out)
{
	const char *s = p;
	while (n) {
		size_t k = n < 57 ? n : 57;
		b64_encode(s, k, out);
		sb_adds(out, eol);
		s += k;
		n -= k;
	}
}

/* Must this byte of a line be written as =XX? */
static bool qp_escapes(const char *p, size_t i, size_t n)
{
	unsigned char c = (unsigned char)p[i];
	if (c == '=' || c > 126 || (c < 32 && c != '\t'))
		return true;
	if ((c == ' ' || c == '\t') && i + 1 == n)
		return true;
	return i == 0 && ((c == 'F' && n >= 5 && memcmp(p, "From ", 5) == 0) || c == '.');
}

/* "--x" at a line's start may be a boundary of a multipart around it (RFC 2046 §5.1.1). */
static bool may_end_part(const char *p, size_t n)
{
	return n > 2 && p[0] == '-' && p[1] == '-' && (n > 3 || p[2] != ' ');
}

static void qp_out(const char *p, size_t n, const char *eol, struct sb *out)
{
	static const char hex[] = "0123456789ABCDEF";
	size_t col = 0;
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)p[i];
		bool esc = qp_escapes(p, i, n) || ((col == 0 || col >= 73) && may_end_part(p + i, n - i));
		if (col + (esc ? 3 : 1) > 75) {
			sb_addc(out, '=');
			sb_adds(out, eol);
			col = 0;
		}
		if (esc)
			sb_add(out, (char[]){ '=', hex[c >> 4], hex[c & 15] }, 3);
		else
			sb_addc(out, (char)c);
		col += esc ? 3 : 1;
	}
}

void xfer_qp(const char *p, size_t n, const char *eol, struct sb *out)
{
	const char *end = p + n;
	while (p < end) {
		const char *q = memchr(p, '\n', (size_t)(end - p));
		size_t len = (size_t)((q ? q : end) - p);
		if (q && len && p[len - 1] == '\r')
			len--;
		qp_out(p, len, eol, out);
		if (q)
			sb_adds(out, eol);
		p = q ? q + 1 : end;
	}
}
