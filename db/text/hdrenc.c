/*
 * Header values of our own: folded ASCII, or UTF-8 in encoded words (RFC 2047).
 */
#include "base/crypto.h"
#include "text/charset.h"
#include "text/hdrword.h"
#include "text/utf8.h"
#include <string.h>

#define LINE_WORD 76  /* RFC 2047 §2: a line with an encoded word */
#define LINE_TEXT 78  /* RFC 5322 §2.1.1 */
#define WORD_MAX 75
#define WORD_FRAME 12 /* =?UTF-8?B? and ?= */

/* What goes in: valid UTF-8 without controls. */
static void clean(const char *p, size_t n, struct sb *out)
{
	for (size_t i = 0; i < n;) {
		uint32_t cp;
		i += utf8_get(p + i, n - i, &cp);
		bool control = cp < 0x20 || (cp >= 0x7F && cp < 0xA0) || cp == 0x2028 || cp == 0x2029;
		if (control)
			sb_addc(out, ' ');
		else
			utf8_put(out, cp);
	}
}

/* Folds at single spaces only, so that unfolding gives the same text back.
 * Longest stretch that could not be folded: *long_r. */
static void fold_ascii(const char *s, size_t n, size_t col, struct sb *out, size_t *long_r)
{
	*long_r = 0;
	for (size_t i = 0; i < n;) {
		size_t k = i + 1; /* one piece: its leading space and up to the next place */
		while (k < n && !(s[k] == ' ' && s[k - 1] != ' ' && k + 1 < n && s[k + 1] != ' '))
			k++;
		if (col + (k - i) > LINE_TEXT && (i > 0 || k < LINE_TEXT)) {
			sb_adds(out, i > 0 ? "\r\n" : "\r\n ");
			col = i == 0;
		}
		sb_add(out, s + i, k - i);
		col += k - i;
		if (k - i > *long_r)
			*long_r = k - i;
		i = k;
	}
}

static void encode_words(const char *s, size_t n, size_t col, struct sb *out)
{
	bool first = true;
	for (size_t i = 0; i < n;) {
		size_t room = LINE_WORD - (first ? 0 : 1) - WORD_FRAME;
		if (first)
			room = col + WORD_FRAME < LINE_WORD ? LINE_WORD - WORD_FRAME - col : 0;
		if (room > WORD_MAX - WORD_FRAME)
			room = WORD_MAX - WORD_FRAME;
		size_t max = room / 4 * 3, len = 0;
		while (i + len < n) {
			uint32_t cp;
			size_t c = utf8_get(s + i + len, n - i - len, &cp);
			if (len + c > max)
				break;
			len += c;
		}
		if (len) {
			sb_adds(out, "=?UTF-8?B?");
			b64_encode(s + i, len, out);
			sb_adds(out, "?=");
		}
		i += len;
		first = false;
		if (i < n)
			sb_adds(out, "\r\n ");
	}
}

void text_encode_header(const char *utf8, size_t n, size_t col, struct sb *out)
{
	struct sb t = SB_INIT, folded = SB_INIT;
	size_t longest;
	clean(utf8, n, &t);
	/* also what a reader would take for ISO-2022-JP that lost its escapes */
	bool plain = !strcmp(text_guess(t.s, t.len), "us-ascii") && !strstr(t.s, "=?");
	if (plain) {
		fold_ascii(t.s, t.len, col, &folded, &longest);
		plain = longest < 900; /* a line of 998 is the end of the road */
	}
	if (plain)
		sb_add(out, folded.s, folded.len);
	else
		encode_words(t.s, t.len, col, out);
	sb_free(&t);
	sb_free(&folded);
}

static void put_quoted(const char *name, const char *s, size_t n, struct sb *out)
{
	sb_addf(out, ";\r\n %s=\"", name);
	for (size_t i = 0; i < n; i++) {
		if (s[i] == '"' || s[i] == '\\')
			sb_addc(out, '\\');
		sb_addc(out, s[i]);
	}
	sb_addc(out, '"');
}

static bool attr_char(unsigned c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c && strchr("!#$&+-.^_`{|}~", (int)c));
}

/* RFC 2231: sections of one line each, split between characters. */
static void put_2231(const char *name, const char *s, size_t n, struct sb *out)
{
	size_t section = 0, i = 0, most = 78 - 20 - (strlen(name) < 40 ? strlen(name) : 40);
	bool whole = n * 3 <= most - 7;
	do {
		struct sb part = SB_INIT;
		if (section == 0)
			sb_adds(&part, "UTF-8''");
		while (i < n) {
			uint32_t cp;
			size_t len = utf8_get(s + i, n - i, &cp);
			if (part.len + len * 3 > most)
				break;
			for (; len; len--, i++) {
				unsigned char c = (unsigned char)s[i];
				sb_addf(&part, attr_char(c) ? "%c" : "%%%02X", c);
			}
		}
		if (whole)
			sb_addf(out, ";\r\n %s*=%s", name, part.s);
		else
			sb_addf(out, ";\r\n %s*%zu*=%s", name, section, part.s);
		section++;
		sb_free(&part);
	} while (i < n);
}

void text_encode_param(const char *name, const char *utf8, struct sb *out)
{
	struct sb t = SB_INIT;
	clean(utf8, strlen(utf8), &t);
	bool quoted = text_is_ascii(t.s, t.len) && !strstr(t.s, "=?") && t.len * 2 + strlen(name) < 70;
	if (quoted)
		put_quoted(name, t.s, t.len, out);
	else
		put_2231(name, t.s, t.len, out);
	sb_free(&t);
}
