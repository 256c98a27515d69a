/*
 * A plain text and the HTML beside it. See msg_twin.h.
 *
 * Ordinary programs make the one from the other: nearly every row of three letters
 * of the plain text is in the HTML's, which may have more (a quoted mail, a footer).
 * SECURITY: who wants to show one reader another mail than the other reader can say
 * both in both; that much is told by what is read.
 */
#include "msg_twin.h"
#include "base/xalloc.h"
#include "text/begins.h"
#include "text/utf8.h"
#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

enum { NOTICE_MAX = 600, LONGER = 3, ROW = 3, ROWS_MIN = 8, SHARED_ONE_IN = 4, SEEN_BITS = 1 << 20 };

/* ---- "use another program" ------------------------------------------------------------ */

/* White space, "[image: …]", "[cid:…]" and nothing else. */
static bool is_pictures(const char *s)
{
	while (*s) {
		const char *end = text_begins(s, "[image") || text_begins(s, "[cid:") ? strchr(s, ']') : NULL;
		if (!end && !isspace((unsigned char)*s))
			return false;
		s = end ? end + 1 : s + 1;
	}
	return true;
}

static bool is_source(const char *s)
{
	while (isspace((unsigned char)*s))
		s++;
	return text_begins(s, "<html") || text_begins(s, "<!doctype html");
}

static bool says_so(const char *s)
{
	static const char *const words[] = { "HTML", "ＨＴＭＬ", "in your browser", "in a browser", "web browser", "web version", "mail client", "ブラウザ", "Web版", "ウェブ版",
		                             "メールソフト", "メーラー", NULL };
	for (const char *const *w = words; *w; w++)
		if (strcasestr(s, *w))
			return true;
	return false;
}

static const char *behind_address(const char *p, const char *end)
{
	while (p < end && (unsigned char)*p > ' ' && (unsigned char)*p < 0x7F && *p != '>')
		p++;
	return p;
}

/* A page that the HTML does not name is more than a notice. */
static bool has_own_address(const struct sb *plain, const struct sb *html)
{
	for (const char *p = plain->s, *end; (p = strcasestr(p, "http")); p = end) {
		end = behind_address(p, plain->s + plain->len);
		if (!memmem(html->s, html->len, p, (size_t)(end - p)))
			return true;
	}
	return false;
}

/* In one of its usual forms. */
static bool is_form(const struct sb *plain, const struct sb *html)
{
	static const char *const forms[] = { "HTML形式", "HTML 形式", "HTMLメール", "HTML メール", "HTML compatible", "HTML format",
		                             "HTML email", "HTML message", NULL };
	if (plain->len >= NOTICE_MAX || html->len <= plain->len || has_own_address(plain, html))
		return false;
	for (const char *const *f = forms; *f; f++)
		if (strcasestr(plain->s, *f))
			return true;
	return false;
}

/* Whole mails are written about HTML: the other has to be many times as long. */
static bool is_notice(const struct sb *plain, const struct sb *html)
{
	return plain->len < NOTICE_MAX && html->len >= plain->len * LONGER && says_so(plain->s) && !has_own_address(plain, html);
}

/* ---- two mails in one ------------------------------------------------------------------ */

/* Letters in rows of three, without the addresses of pages: HTML hides those. */
struct rows {
	const char *p, *end;
	uint32_t row[ROW];
	size_t n;
};

static bool is_letter(uint32_t cp)
{
	if (cp < 0x80)
		return isalnum((int)cp);
	return cp >= 0xC0 && !(cp >= 0x2000 && cp < 0x3041) && !(cp >= 0xFE00 && cp < 0xFF10) && cp != UTF8_BAD;
}

static bool next_row(struct rows *r, uint32_t *hash_r)
{
	while (r->p < r->end) {
		uint32_t cp;
		if (*r->p == 'h' && (text_begins(r->p, "http://") || text_begins(r->p, "https://"))) {
			r->p = behind_address(r->p, r->end);
			continue;
		}
		r->p += utf8_get(r->p, (size_t)(r->end - r->p), &cp);
		if (!is_letter(cp))
			continue;
		r->row[r->n++ % ROW] = cp < 0x80 ? (uint32_t)tolower((int)cp) : cp;
		if (r->n < ROW)
			continue;
		*hash_r = 2166136261u;
		for (size_t i = 0; i < ROW; i++)
			*hash_r = (*hash_r ^ r->row[(r->n + i) % ROW]) * 16777619u;
		*hash_r ^= *hash_r >> 15;
		*hash_r %= SEEN_BITS;
		return true;
	}
	return false;
}

static bool are_two(const struct sb *plain, const struct sb *html)
{
	uint8_t *seen = xcalloc(SEEN_BITS / 8, 1);
	struct rows h = { .p = html->s, .end = html->s + html->len }, t = { .p = plain->s, .end = plain->s + plain->len };
	size_t of_html = 0, all = 0, shared = 0;
	uint32_t k;
	for (; next_row(&h, &k); of_html++)
		seen[k / 8] |= (uint8_t)(1u << k % 8);
	for (; next_row(&t, &k); all++)
		shared += seen[k / 8] >> k % 8 & 1;
	free(seen);
	return of_html >= ROWS_MIN && all >= ROWS_MIN && shared * SHARED_ONE_IN < all;
}

enum twin msg_twin(const struct sb *plain, const struct sb *html, bool all)
{
	if (!html->len)
		return TWIN_SAME;
	if (is_source(plain->s) || is_pictures(plain->s) || is_form(plain, html))
		return TWIN_NOTICE;
	bool notice = is_notice(plain, html), two = (notice || all) && are_two(plain, html);
	if (notice && (all || two))
		return TWIN_NOTICE;
	return all && two ? TWIN_OTHER : TWIN_SAME;
}
