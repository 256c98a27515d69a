/*
 * Header text: RFC 2047 words, as the RFC has them and as mailers write them.
 *
 * Words of one charset that follow each other are joined as bytes and decoded
 * together, so a character, a base64 quantum or an ISO-2022-JP state that was
 * split over two words comes out whole.
 *
 * SECURITY: hostile input; every look-ahead stops at the next "=?", so time is
 * linear. The output is one line: controls and line separators are spaces.
 * BUGS: a value that is itself wholly an encoded word inside an encoded word
 * is decoded twice, because gateways encode twice; who meant it literally
 * loses it.
 */
#include "text/hdrword.h"
#include "base/hex.h"
#include "text/charset.h"
#include "text/utf8.h"
#include <ctype.h>
#include <string.h>
#include <strings.h>

#define NAME_MAX_LEN 64 /* of a charset or language */

struct word {
	char charset[NAME_MAX_LEN + 1];
	bool base64;
	const char *text;
	size_t len;  /* of text */
	size_t size; /* of the whole word */
};

static bool is_wsp(unsigned c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static int sextet(unsigned c)
{
	if (c >= 'A' && c <= 'Z')
		return (int)c - 'A';
	if (c >= 'a' && c <= 'z')
		return (int)c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return (int)c - '0' + 52;
	return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

/* Whether a "?=" ends a word here, also after the '=' of padding. */
static bool ends(const char *s, size_t n, size_t k)
{
	return k + 1 < n && s[k] == '?' && s[k + 1] == '=';
}

static bool begins(const char *s, size_t n, size_t k)
{
	return k + 1 < n && s[k] == '=' && s[k + 1] == '?' && !(k + 2 < n && s[k + 2] == '=');
}

static size_t text_end_b64(const char *s, size_t n, size_t k, size_t *size)
{
	size_t from = k, ink = k;
	while (k < n && !begins(s, n, k) && (sextet((unsigned char)s[k]) >= 0 || s[k] == '=' || is_wsp((unsigned char)s[k]))) {
		if (!is_wsp((unsigned char)s[k]))
			ink = k + 1;
		k++;
	}
	if (ends(s, n, k)) {
		*size = k + 2;
		return k;
	}
	if (k + 1 == n && s[k] == '?') {
		*size = n;
		return k;
	}
	/* no "?=": the word ends where the base64 does, at a space or the end */
	for (k = from; k < ink && !is_wsp((unsigned char)s[k]); k++)
		;
	if (k - from < 4 || (k < n && !is_wsp((unsigned char)s[k]) && !begins(s, n, k)))
		return 0;
	*size = k;
	return k;
}

static size_t text_end_q(const char *s, size_t n, size_t k, size_t *size)
{
	size_t space = 0;
	for (; k < n && !ends(s, n, k) && !begins(s, n, k); k++)
		if (!space && is_wsp((unsigned char)s[k]))
			space = k;
	if (ends(s, n, k)) {
		*size = k + 2;
		return k;
	}
	*size = space ? space : k;
	return *size - (*size == n && s[n - 1] == '?');
}

/* Some gateways put blanks into "=? UTF-8 ?B?". */
static size_t skip_blanks(const char *s, size_t n, size_t k, size_t limit)
{
	while (k < n && k < limit && (s[k] == ' ' || s[k] == '\t'))
		k++;
	return k;
}

/* Reads =?charset*lang?B?text?= at s + i. */
static bool read_word(const char *s, size_t n, size_t i, struct word *w)
{
	size_t limit = i + 2 + NAME_MAX_LEN, k = skip_blanks(s, n, i + 2, limit), c = 0;
	for (; k < n && k < limit && isgraph((unsigned char)s[k]) && s[k] != '?' && s[k] != '*' && s[k] != '='; k++)
		w->charset[c++] = s[k];
	w->charset[c] = '\0';
	for (; k < n && s[k] != '?' && k < limit && isgraph((unsigned char)s[k]); k++)
		;
	k = skip_blanks(s, n, k, limit);
	if (c == 0 || k + 2 >= n || s[k] != '?' || !strchr("bBqQ", s[k + 1]) || !s[k + 1])
		return false;
	w->base64 = (s[k + 1] | 0x20) == 'b';
	k = skip_blanks(s, n, k + 2, limit);
	if (k >= n || s[k] != '?')
		return false;
	size_t from = k + 1, size = 0;
	size_t end = w->base64 ? text_end_b64(s, n, from, &size) : text_end_q(s, n, from, &size);
	if (end < from)
		return false;
	w->text = s + from;
	w->len = end - from;
	w->size = size - i;
	return true;
}

static void put_q(const struct word *w, struct sb *out)
{
	for (size_t i = 0; i < w->len; i++) {
		unsigned char c = (unsigned char)w->text[i];
		int hi = -1, lo = -1;
		if (c == '=' && i + 2 < w->len) {
			hi = hex_digit(w->text[i + 1]);
			lo = hex_digit(w->text[i + 2]);
		}
		if (hi >= 0 && lo >= 0) {
			sb_addc(out, (char)(hi << 4 | lo));
			i += 2;
		} else if (c == '\r' || c == '\n') {
			while (i + 1 < w->len && is_wsp((unsigned char)w->text[i + 1]))
				i++; /* folded inside the word, against the RFC: no space was meant */
		} else {
			sb_addc(out, c == '_' ? ' ' : (char)c);
		}
	}
}

struct b64 {
	unsigned acc, count; /* sextets waiting */
	bool split;          /* a word ended in mid-quantum without padding */
};

static void b64_flush(struct b64 *b, struct sb *out)
{
	if (b->count >= 2)
		sb_addc(out, (char)(b->acc >> (b->count == 2 ? 4 : 10)));
	if (b->count == 3)
		sb_addc(out, (char)(b->acc >> 2));
	if (b->count == 1)
		sb_adds(out, UTF8_FFFD); /* six bits of something */
	b->acc = b->count = 0;
}

static void put_b64(const struct word *w, bool carry, struct b64 *b, struct sb *out)
{
	for (size_t i = 0; i < w->len; i++) {
		int v = sextet((unsigned char)w->text[i]);
		if (w->text[i] == '=')
			b64_flush(b, out);
		if (v < 0)
			continue;
		b->acc = b->acc << 6 | (unsigned)v;
		if (++b->count == 4) {
			char q[3] = { (char)(b->acc >> 16), (char)(b->acc >> 8), (char)b->acc };
			sb_add(out, q, 3);
			b->acc = b->count = 0;
		}
	}
	b->split |= b->count > 0;
	if (!carry)
		b64_flush(b, out);
}

/* A run of words that belong together: [from, to) of the value. */
static bool put_run(const char *s, size_t from, size_t to, bool carry, struct sb *bytes)
{
	struct b64 b = { 0, 0, false };
	for (size_t i = from; i < to;) {
		struct word w;
		if (is_wsp((unsigned char)s[i]) || !read_word(s, to, i, &w)) {
			i++;
			continue;
		}
		if (w.base64) {
			put_b64(&w, carry, &b, bytes);
		} else {
			b64_flush(&b, bytes);
			put_q(&w, bytes);
		}
		i += w.size;
	}
	b64_flush(&b, bytes);
	return b.split;
}

static size_t faults(const struct sb *s)
{
	size_t n = 0;
	for (const char *p = s->s; (p = strstr(p, UTF8_FFFD)); p += 3)
		n++;
	return n;
}

/* Where the run of words that starts with *w at i ends. */
static size_t run_end(const char *s, size_t n, size_t i, const struct word *w)
{
	size_t end = i + w->size;
	for (;;) {
		struct word next;
		size_t k = end;
		while (k < n && is_wsp((unsigned char)s[k]))
			k++;
		if (!begins(s, n, k) || !read_word(s, n, k, &next) || strcasecmp(next.charset, w->charset) != 0)
			return end;
		end = k + next.size;
	}
}

static void decode_run(const char *s, size_t from, size_t to, const char *charset, struct sb *out)
{
	struct sb bytes = SB_INIT, text = SB_INIT, other = SB_INIT;
	bool split = put_run(s, from, to, true, &bytes);
	text_to_utf8(charset, bytes.s, bytes.len, &text);
	if (split && faults(&text)) { /* perhaps the padding was only forgotten */
		sb_reset(&bytes);
		put_run(s, from, to, false, &bytes);
		text_to_utf8(charset, bytes.s, bytes.len, &other);
		if (faults(&other) < faults(&text)) {
			struct sb t = text;
			text = other;
			other = t;
		}
	}
	sb_add(out, text.s, text.len);
	sb_free(&bytes);
	sb_free(&text);
	sb_free(&other);
}

/* Text between words: folds become one space, the rest is guessed as a whole. */
static void put_plain(const char *s, size_t n, struct sb *out)
{
	struct sb flat = SB_INIT;
	for (size_t i = 0; i < n;) {
		size_t k = i;
		bool fold = false;
		while (k < n && is_wsp((unsigned char)s[k]))
			fold |= s[k] == '\n' || s[k] == '\r', k++;
		if (fold)
			sb_addc(&flat, ' ');
		else if (k > i)
			sb_add(&flat, s + i, k - i);
		for (i = k; k < n && !is_wsp((unsigned char)s[k]); k++)
			;
		sb_add(&flat, s + i, k - i);
		i = k;
	}
	text_to_utf8(NULL, flat.s, flat.len, out);
	sb_free(&flat);
}

static void decode_words(const char *s, size_t n, struct sb *out)
{
	size_t plain = 0, i = 0;
	while (i + 1 < n) {
		struct word w;
		const char *q = memchr(s + i, '=', n - i);
		if (!q)
			break;
		i = (size_t)(q - s);
		if (!begins(s, n, i) || !read_word(s, n, i, &w)) {
			i++;
			continue;
		}
		size_t gap = plain;
		while (plain > 0 && gap < i && is_wsp((unsigned char)s[gap]))
			gap++;
		if (gap < i || plain == 0) /* white space between two words is none */
			put_plain(s + plain, i - plain, out);
		size_t end = run_end(s, n, i, &w);
		decode_run(s, i, end, w.charset, out);
		plain = i = end;
	}
	put_plain(s + plain, n - plain, out);
}

void text_one_line(const char *s, size_t n, struct sb *out)
{
	struct sb t = SB_INIT;
	for (size_t i = 0; i < n;) {
		uint32_t cp;
		size_t len = utf8_get(s + i, n - i, &cp);
		bool space = cp < 0x20 || (cp >= 0x7F && cp < 0xA0) || cp == 0x2028 || cp == 0x2029;
		utf8_put(&t, space ? ' ' : cp);
		i += len;
	}
	size_t from = 0, to = t.len;
	while (from < to && t.s[from] == ' ')
		from++;
	while (to > from && t.s[to - 1] == ' ')
		to--;
	sb_add(out, t.s + from, to - from);
	sb_free(&t);
}

static bool wholly_a_word(const struct sb *s)
{
	struct word w;
	return s->len > 8 && text_is_ascii(s->s, s->len) && begins(s->s, s->len, 0) &&
	       read_word(s->s, s->len, 0, &w) && run_end(s->s, s->len, 0, &w) == s->len;
}

void text_decode_header(const char *raw, size_t n, struct sb *out)
{
	struct sb t = SB_INIT;
	decode_words(raw, n, &t);
	if (wholly_a_word(&t)) {
		struct sb again = SB_INIT;
		decode_words(t.s, t.len, &again);
		sb_free(&t);
		t = again;
	}
	text_one_line(t.s, t.len, out);
	sb_free(&t);
}
