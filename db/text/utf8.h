#ifndef TEXT_UTF8_H
#define TEXT_UTF8_H
/* UTF-8, one character at a time. Internal to db/text, but harmless elsewhere. */
#include "base/strbuf.h"
#include <stdint.h>

#define UTF8_BAD 0xFFFFFFFFu /* no character: malformed bytes */
#define UTF8_FFFD "\xEF\xBF\xBD"

/* Decodes the character at p (n > 0); returns the bytes it takes (≥ 1). For
 * malformed input *cp is UTF8_BAD and the length is the maximal subpart
 * (Unicode 15 §3.9), so that decoding resynchronises like browsers do. */
static inline size_t utf8_get(const void *at, size_t n, uint32_t *cp)
{
	const unsigned char *p = at;
	unsigned c = p[0], lo = 0x80, hi = 0xBF, more;
	*cp = c;
	if (c < 0x80)
		return 1;
	if (c >= 0xC2 && c <= 0xDF) {
		more = 1;
		*cp = c & 0x1F;
	} else if (c >= 0xE0 && c <= 0xEF) {
		more = 2;
		*cp = c & 0x0F;
		lo = c == 0xE0 ? 0xA0 : 0x80;
		hi = c == 0xED ? 0x9F : 0xBF;
	} else if (c >= 0xF0 && c <= 0xF4) {
		more = 3;
		*cp = c & 0x07;
		lo = c == 0xF0 ? 0x90 : 0x80;
		hi = c == 0xF4 ? 0x8F : 0xBF;
	} else {
		*cp = UTF8_BAD;
		return 1;
	}
	for (size_t i = 1; i <= more; i++) {
		if (i >= n || p[i] < lo || p[i] > hi) {
			*cp = UTF8_BAD;
			return i;
		}
		*cp = *cp << 6 | (p[i] & 0x3F);
		lo = 0x80;
		hi = 0xBF;
	}
	return more + 1;
}

/* How much of p[0..n) fits into max bytes without cutting a character. */
static inline size_t utf8_head(const char *p, size_t n, size_t max)
{
	if (n <= max)
		return n;
	while (max && ((unsigned char)p[max] & 0xC0) == 0x80)
		max--;
	return max;
}

/* One character into b, returns its bytes (≤ 4); what is none (surrogates, NUL,
 * too big) is U+FFFD. */
static inline size_t utf8_bytes(uint32_t cp, char b[4])
{
	if (cp == 0 || cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF))
		cp = 0xFFFD;
	if (cp < 0x80) {
		b[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		b[0] = (char)(0xC0 | cp >> 6);
		b[1] = (char)(0x80 | (cp & 0x3F));
		return 2;
	}
	if (cp < 0x10000) {
		b[0] = (char)(0xE0 | cp >> 12);
		b[1] = (char)(0x80 | (cp >> 6 & 0x3F));
		b[2] = (char)(0x80 | (cp & 0x3F));
		return 3;
	}
	b[0] = (char)(0xF0 | cp >> 18);
	b[1] = (char)(0x80 | (cp >> 12 & 0x3F));
	b[2] = (char)(0x80 | (cp >> 6 & 0x3F));
	b[3] = (char)(0x80 | (cp & 0x3F));
	return 4;
}

static inline void utf8_put(struct sb *out, uint32_t cp)
{
	sb_grow(out, 4);
	out->len += utf8_bytes(cp, out->s + out->len);
	out->s[out->len] = '\0';
}

#endif
