/*
 * One spelling for searching. See search_fold.h.
 *
 * A piece is a character with the marks behind it; pieces are normalised one
 * by one, which keeps the map to the original simple and most of Japanese text
 * (kana, kanji, ASCII) away from the tables.
 *
 * SECURITY: any bytes. A piece has a bounded number of marks, so hostile runs
 * of them cost linear time.
 */
#include "text/search_fold.h"
#include "base/xalloc.h"
#include "text/utf8.h"
#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>

enum { PIECE_MARKS = 8, PASSES = 3 };

struct folder {
	struct sb *out;
	uint32_t last;       /* the character written last, 0 = none */
	size_t last_at;      /* where in out */
	uint32_t origin;     /* of the piece in hand */
	uint32_t *map;       /* NULL: not wanted */
	size_t cap;
};

/* ---- classes ------------------------------------------------------------------ */

static bool is_kana_kanji(uint32_t c)
{
	return (c >= 0x3041 && c <= 0x3096) || (c >= 0x30A1 && c <= 0x30FA) || c == 0x30FC ||
	       (c >= 0x4E00 && c <= 0x9FFF);
}

enum char_class text_char_class(uint32_t c)
{
	if (c < 0x80)
		return isalnum((int)c) ? CH_WORD : CH_BREAK;
	if (is_kana_kanji(c))
		return CH_GRAM;
	if (c > 0x10FFFF || !uc_is_general_category_withtable(c, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_M |
	                                                             UC_CATEGORY_MASK_N))
		return CH_BREAK;
	bool gram = (c >= 0x0E00 && c <= 0x0EFF) || (c >= 0x1100 && c <= 0x11FF) || (c >= 0x3005 && c <= 0x3007) ||
	            (c >= 0x3099 && c <= 0x30FF) || (c >= 0x3400 && c <= 0x4DBF) || (c >= 0xAC00 && c <= 0xD7A3) ||
	            (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFF66 && c <= 0xFF9F) || (c >= 0x20000 && c <= 0x3FFFF);
	return gram ? CH_GRAM : CH_WORD;
}

/* ---- writing -------------------------------------------------------------------- */

static void write_char(struct folder *f, uint32_t cp, uint32_t origin)
{
	size_t at = f->out->len;
	utf8_put(f->out, cp);
	f->last = cp;
	f->last_at = at;
	if (!f->map)
		return;
	if (f->out->len + 1 > f->cap) {
		f->cap = f->out->len * 2 + 64;
		f->map = xrealloc(f->map, f->cap * sizeof *f->map);
	}
	for (; at < f->out->len; at++)
		f->map[at] = origin;
}

/* テ + ィ and the like: one character for the two, 0 = none. */
static uint32_t loan_pair(uint32_t a, uint32_t b)
{
	static const uint32_t pairs[][3] = {
		{ 0x30C6, 0x30A3, 0x30C1 }, { 0x30C7, 0x30A3, 0x30B8 }, /* ティ チ, ディ ジ */
		{ 0x30D6, 0x30A1, 0x30D0 }, { 0x30D6, 0x30A3, 0x30D3 }, /* ヴァ バ, ヴィ ビ (ヴ is ブ by then) */
		{ 0x30D6, 0x30A7, 0x30D9 }, { 0x30D6, 0x30A9, 0x30DC }, /* ヴェ ベ, ヴォ ボ */
	};
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
		if (pairs[i][0] == a && pairs[i][1] == b)
			return pairs[i][2];
	return 0;
}

static uint32_t loan_char(uint32_t c)
{
	if (c >= 0x30A1 && c <= 0x30A9 && c % 2 == 1)
		return c + 1; /* ァ ア */
	return c == 0x30F4 ? 0x30D6 /* ヴ ブ */ : c == 0x30F5 ? 0x30AB /* ヵ カ */ : c == 0x30F6 ? 0x30B1 /* ヶ ケ */ : c;
}

static void put(struct folder *f, uint32_t cp)
{
	uint32_t pair = cp >= 0x30A1 && cp <= 0x30A9 ? loan_pair(f->last, cp) : 0;
	uint32_t origin = f->origin;
	if (pair) {
		if (f->map)
			origin = f->map[f->last_at];
		sb_setlen(f->out, f->last_at);
	}
	write_char(f, pair ? pair : loan_char(cp), origin);
}

/* ---- pieces ----------------------------------------------------------------------- */

static bool is_mark(uint32_t c)
{
	return c >= 0x300 && (c == 0xFF9E || c == 0xFF9F || (!is_kana_kanji(c) && uc_combining_class(c) != 0));
}

/* What NFKC and case leave alone or change in a way that is known. 0: ask the tables. */
static uint32_t plain(uint32_t c)
{
	if (c == UTF8_BAD)
		return 0xFFFD;
	if (c < 0x80)
		return (uint32_t)tolower((int)c);
	if (is_kana_kanji(c) || c == 0x3001 || c == 0x3002)
		return c;
	if (c >= 0xFF01 && c <= 0xFF5E)
		return (uint32_t)tolower((int)(c - 0xFEE0));
	return c == 0x3000 ? ' ' : 0;
}

/* Some characters need the round twice: casing opens what NFKC then closes. */
static uint8_t *normal(const char *p, size_t *n)
{
	uint8_t *now = xmemdup(p, *n);
	for (int pass = 0; pass < PASSES; pass++) {
		size_t k, m;
		uint8_t *flat = u8_normalize(UNINORM_NFKC, now, *n, NULL, &k);
		uint8_t *low = flat ? u8_casefold(flat, k, NULL, UNINORM_NFKC, NULL, &m) : NULL;
		free(flat);
		if (!low)
			break; /* out of memory: as it is */
		free(now);
		now = low;
		*n = m;
	}
	return now;
}

static void fold_piece(struct folder *f, const char *p, size_t n)
{
	uint8_t *v = normal(p, &n);
	for (size_t i = 0; i < n;) {
		uint32_t cp;
		i += utf8_get(v + i, n - i, &cp);
		put(f, cp);
	}
	free(v);
}

static size_t piece_len(const char *p, size_t n, uint32_t *first_r)
{
	uint32_t cp;
	size_t k = utf8_get(p, n, first_r);
	if (*first_r == UTF8_BAD)
		return k;
	for (int marks = 0; marks < PIECE_MARKS && k < n; marks++) {
		size_t more = utf8_get(p + k, n - k, &cp);
		if (cp == UTF8_BAD || !is_mark(cp))
			break;
		k += more;
	}
	return k;
}

/* A line end between Japanese characters, with the next line's quote marks:
 * how much to leave out, 0 = nothing. */
static size_t joint(const struct folder *f, const char *p, size_t n)
{
	size_t k = p[0] == '\r' && n > 1 ? 1 : 0;
	uint32_t cp = 0;
	if (p[k] != '\n' || text_char_class(f->last) != CH_GRAM)
		return 0;
	for (k++; k < n && (p[k] == '>' || p[k] == ' '); k++)
		;
	if (k < n)
		utf8_get(p + k, n - k, &cp);
	return text_char_class(cp) == CH_GRAM ? k : 0;
}

static bool is_invisible(uint32_t c)
{
	return c == 0xAD || (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || c == 0x2060 ||
	       (c >= 0xFE00 && c <= 0xFE0F) || c == 0xFEFF;
}

static void fold(struct folder *f, const char *p, size_t n)
{
	for (size_t i = 0; i < n;) {
		uint32_t cp;
		size_t skip = p[i] == '\n' || p[i] == '\r' ? joint(f, p + i, n - i) : 0;
		if (skip) {
			i += skip;
			continue;
		}
		size_t k = piece_len(p + i, n - i, &cp), own = utf8_get(p + i, n - i, &cp);
		uint32_t same = plain(cp);
		f->origin = (uint32_t)i;
		if (k == own && same)
			put(f, same);
		else if (!is_invisible(cp))
			fold_piece(f, p + i, k);
		i += k;
	}
}

void search_fold(const char *utf8, size_t n, struct sb *out)
{
	struct folder f = { .out = out };
	fold(&f, utf8, n);
}

void search_fold_map(const char *utf8, size_t n, struct sb *out, uint32_t **map_r)
{
	struct folder f = { .out = out, .cap = n + 64 };
	f.map = xmalloc(f.cap * sizeof *f.map);
	fold(&f, utf8, n);
	f.map[out->len] = (uint32_t)n;
	*map_r = f.map;
}
