/* Text folded for searching: see fold.h. */
#include "text/fold.h"
#include "text/utf8.h"
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <uninorm.h>

enum {
	LONG_MARK = 0x30FC,
	IDEOGRAPHIC_STOP = 0x3002,
};

static bool is_space(uint32_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == 0xA0 || c == 0x3000;
}

static bool is_invisible(uint32_t c)
{
	return c == 0xAD || (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || c == 0x2060 ||
	       (c >= 0xFE00 && c <= 0xFE0F) || c == 0xFEFF;
}

static bool is_katakana(uint32_t c)
{
	return c >= 0x30A1 && c <= LONG_MARK;
}

static bool ends_sentence(uint32_t c)
{
	return c == IDEOGRAPHIC_STOP || c == '!' || c == '?';
}

/* ・ ■ □ ● ○ ◆ ◇ ※ * and what else begins a line of a list. */
static bool is_bullet(uint32_t c)
{
	return c == 0x30FB || (c >= 0x25A0 && c <= 0x25EF) || c == 0x203B || c == '*' || c == '-';
}

static uint32_t small_to_large(uint32_t c)
{
	bool small = c >= 0x30A1 && c <= 0x30A9 && (c & 1);
	return small ? c + 1 : c;
}

struct folder {
	struct sb *out;
	uint32_t last;   /* the character put last, 0 at the beginning of a sentence */
	unsigned breaks; /* line ends in the white space before this character */
	bool space, mark;
};

static void end_sentence(struct folder *f)
{
	if (f->last)
		sb_addc(f->out, '\n');
	f->last = 0;
}

/* The white space before c, if any: a sentence's end, one space, or nothing. */
static void settle_space(struct folder *f, uint32_t c)
{
	if (f->breaks > 1 || (f->breaks && is_bullet(c)))
		end_sentence(f);
	else if (f->space && f->last && f->last < 0x80 && c < 0x80)
		sb_addc(f->out, ' ');
	f->space = false;
	f->breaks = 0;
}

static void put(struct folder *f, uint32_t c)
{
	if (f->mark && is_katakana(c))
		utf8_put(f->out, LONG_MARK);
	f->mark = c == LONG_MARK;
	settle_space(f, c);
	if (ends_sentence(c)) {
		end_sentence(f);
		return;
	}
	f->last = c;
	if (!f->mark)
		utf8_put(f->out, small_to_large(c));
}

static void each(struct folder *f, uint32_t c)
{
	if (is_invisible(c))
		return;
	if (!is_space(c)) {
		put(f, c);
		return;
	}
	f->space = true;
	f->breaks += c == '\n';
}

/* A character whose NFKC case folding is one character that nothing before it
 * combines with, or 0: ASCII, full-width ASCII, kana, the unified ideographs,
 * which is nearly all of a Japanese mail. */
static uint32_t fold_simple(uint32_t c)
{
	if (c == 0x3000)
		return ' ';
	if (c >= 0xFF01 && c <= 0xFF5E)
		c -= 0xFEE0;
	if (c < 0x80)
		return c >= 'A' && c <= 'Z' ? c + 32 : c;
	bool simple = (c >= 0x3001 && c <= 0x3029) || (c >= 0x3041 && c <= 0x3096) || (c >= 0x30A1 && c <= 0x30FE) ||
	              (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x4E00 && c <= 0x9FFF);
	return simple ? c : 0;
}

/* The library, which takes ten times as long; it can fail only for lack of memory. */
static void compose_any(const char *utf8, size_t n, struct sb *out)
{
	size_t len = 0;
	uint8_t *folded = u8_casefold((const uint8_t *)utf8, n, NULL, UNINORM_NFKC, NULL, &len);
	if (folded)
		sb_add(out, folded, len);
	free(folded);
}

/* What is not simple, NFKC and case folded with the simple character before it,
 * which it may combine with. Returns where the run ends. */
static size_t fold_run(struct folder *f, uint32_t before, const char *s, size_t i, size_t n)
{
	struct sb run = SB_INIT, folded = SB_INIT;
	uint32_t c;
	size_t k;
	if (before)
		utf8_put(&run, before);
	for (; i < n && (k = utf8_get(s + i, n - i, &c)) && !fold_simple(c); i += k)
		utf8_put(&run, c);
	compose_any(run.s, run.len, &folded);
	for (size_t j = 0; j < folded.len; j += k) {
		k = utf8_get(folded.s + j, folded.len - j, &c);
		each(f, c);
	}
	sb_free(&run);
	sb_free(&folded);
	return i;
}

/* A simple character waits until it is known that the next does not combine with it. */
void text_fold(const char *utf8, size_t n, struct sb *out)
{
	struct folder f = { .out = out };
	uint32_t c, plain, waiting = 0;
	sb_grow(out, n); /* nearly all text gets shorter */
	for (size_t i = 0; i < n;) {
		size_t k = utf8_get(utf8 + i, n - i, &c);
		plain = fold_simple(c);
		if (!plain) {
			i = fold_run(&f, waiting, utf8, i, n);
			waiting = 0;
			continue;
		}
		if (waiting)
			each(&f, waiting);
		waiting = plain;
		i += k;
	}
	if (waiting)
		each(&f, waiting);
}
