/*
 * Columns and lines of Japanese text.
 *
 * Widths are those of a Japanese fixed-width font (MS Gothic, Noto Sans Mono
 * CJK): East Asian Wide = 2, and so are the ambiguous ones that Shift_JIS holds
 * in two bytes (○ ■ ① … ― → × Greek, Cyrillic, box drawing); é and © are 1.
 */
#include "text/layout.h"
#include "text/jis.h"
#include "text/utf8.h"
#include <ctype.h>
#include <string.h>
#include <uniwidth.h>

static unsigned char_width(uint32_t cp)
{
	if (cp == UTF8_BAD)
		return 1;
	if (cp < 0x80)
		return cp >= 0x20 && cp < 0x7F ? 1 : cp == '\t';
	if (cp >= 0xFF61 && cp <= 0xFF9F)
		return 1;
	int w = uc_width(cp, "UTF-8");
	if (w == 1 && jis_of_ucs(cp))
		return 2;
	return w < 0 ? 0 : (unsigned)w;
}

size_t text_width(const char *utf8, size_t n)
{
	size_t w = 0;
	for (size_t i = 0; i < n;) {
		uint32_t cp;
		i += utf8_get(utf8 + i, n - i, &cp);
		w += char_width(cp);
	}
	return w;
}

/* ---- format=flowed --------------------------------------------------------- */

struct flow {
	bool open; /* the line written last goes on */
	size_t depth;
};

static void flow_start(struct sb *out, size_t depth)
{
	for (size_t i = 0; i < depth; i++)
		sb_addc(out, '>');
	if (depth)
		sb_addc(out, ' ');
}

/* One line without its end (RFC 3676 §4). */
static void flow_line(struct flow *f, const char *p, size_t n, bool delsp, struct sb *out)
{
	size_t depth = 0;
	while (depth < n && p[depth] == '>')
		depth++;
	p += depth;
	n -= depth;
	if (n && p[0] == ' ')
		p++, n--; /* space-stuffing */
	bool sig = n == 3 && memcmp(p, "-- ", 3) == 0;
	if (f->open && (depth != f->depth || sig)) {
		sb_addc(out, '\n');
		f->open = false;
	}
	if (!f->open)
		flow_start(out, depth);
	f->depth = depth;
	f->open = n && p[n - 1] == ' ' && !sig;
	sb_add(out, p, n - (f->open && delsp));
}

void text_unflow(const char *utf8, size_t n, bool delsp, struct sb *out)
{
	struct flow f = { false, 0 };
	while (n) {
		const char *nl = memchr(utf8, '\n', n);
		size_t len = nl ? (size_t)(nl - utf8) : n, next = nl ? len + 1 : n;
		if (nl && len && utf8[len - 1] == '\r')
			len--;
		flow_line(&f, utf8, len, delsp, out);
		if (nl && !f.open)
			sb_addc(out, '\n');
		utf8 += next;
		n -= next;
		if (!n && nl && f.open)
			sb_addc(out, '\n');
	}
}

/* ---- wrapping -------------------------------------------------------------- */

static bool one_of(uint32_t cp, const char *set)
{
	char b[5] = { 0 };
	struct sb s = { b, 0, sizeof b };
	if (cp == UTF8_BAD || cp < 0x21 || (cp < 0x80 && isalnum((int)cp)))
		return false;
	utf8_put(&s, cp);
	return strstr(set, b) != NULL;
}

/* 行頭禁則 */
static bool no_start(uint32_t cp)
{
	return one_of(cp, ",.!?:;)]}>%、。，．・：；？！゛゜ヽヾゝゞ々〻ー）〕］｝〉》」』】〙〗"
	                  "ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶ…‥”’％‰℃°′″"
	                  "｡｣､･ｧｨｩｪｫｬｭｮｯｰﾞﾟ");
}

/* 行末禁則 */
static bool no_end(uint32_t cp)
{
	return one_of(cp, "([{（〔［｛〈《「『【〘〖“‘｢￥＄№＃");
}

static bool narrow_word(uint32_t cp)
{
	return cp != ' ' && cp != '\t' && cp != UTF8_BAD && char_width(cp) == 1;
}

/* May a line end between these two? */
static bool may_break(uint32_t a, uint32_t b)
{
	if (char_width(b) == 0) /* combining, joiners, variation selectors */
		return false;
	if (a == 0x200D || no_start(b) || no_end(a))
		return false;
	if (b == ' ' || b == '\t')
		return false; /* the break comes after the spaces */
	if (a == ' ' || a == '\t')
		return true;
	if (a == b && one_of(a, "―…‥─"))
		return false;
	return !(narrow_word(a) && narrow_word(b));
}

struct piece {
	size_t len, width;  /* up to the next place to break */
	size_t tailw;       /* trailing spaces in it */
};

/* Nothing but forbidden places for longer than a line: one is forced, at a
 * wide character, for words and URLs stay whole. */
static struct piece next_piece(const char *p, size_t n, size_t cols)
{
	struct piece c = { 0 };
	uint32_t a = 0, b;
	while (c.len < n) {
		size_t len = utf8_get(p + c.len, n - c.len, &b);
		unsigned w = char_width(b);
		if (c.len && (may_break(a, b) || (w == 2 && c.width + w > cols)))
			break;
		bool space = b == ' ' || b == '\t';
		c.tailw = space ? c.tailw + w : 0;
		c.len += len;
		c.width += w;
		a = b;
	}
	return c;
}

static void trim_end(struct sb *out, size_t start)
{
	while (out->len > start && (out->s[out->len - 1] == ' ' || out->s[out->len - 1] == '\t'))
		sb_setlen(out, out->len - 1);
}

static void wrap_line(const char *p, size_t n, size_t cols, struct sb *out)
{
	size_t col = 0, start = out->len, spaces = 0;
	while (n) {
		struct piece c = next_piece(p, n, cols);
		size_t ink = c.width - c.tailw;
		if (col > spaces && ink && col + ink > cols) {
			trim_end(out, start);
			sb_addc(out, '\n');
			start = out->len;
			col = spaces = 0;
		}
		sb_add(out, p, c.len);
		col += c.width;
		if (ink == 0 && col == c.width)
			spaces = col; /* indentation alone is no line */
		p += c.len;
		n -= c.len;
	}
}

void text_wrap(const char *utf8, size_t n, size_t cols, struct sb *out)
{
	if (cols < 2)
		cols = 2;
	while (n) {
		const char *nl = memchr(utf8, '\n', n);
		size_t len = nl ? (size_t)(nl - utf8) : n;
		if (len <= cols || utf8[0] == '>')
			sb_add(out, utf8, len);
		else
			wrap_line(utf8, len, cols, out);
		if (nl)
			sb_addc(out, '\n'), len++;
		utf8 += len;
		n -= len;
	}
}

void text_fit(const char *utf8, size_t cols, bool pad, struct sb *out)
{
	size_t n = strlen(utf8), w = 0, i = 0, fit = 0, fitw = 0, mark = text_width("…", 3);
	while (i < n && w <= cols) {
		uint32_t cp;
		i += utf8_get(utf8 + i, n - i, &cp);
		w += cp < 0x20 || cp == 0x7F ? 1 : char_width(cp); /* becomes a space */
		if (w + mark <= cols)
			fit = i, fitw = w;
	}
	size_t from = out->len;
	if (w <= cols) {
		sb_add(out, utf8, n);
	} else {
		sb_add(out, utf8, fit);
		w = fitw;
		if (mark <= cols)
			sb_adds(out, "…"), w += mark;
	}
	for (size_t k = from; k < out->len; k++)
		if ((unsigned char)out->s[k] < 0x20 || out->s[k] == 0x7F)
			out->s[k] = ' ';
	for (; pad && w < cols; w++)
		sb_addc(out, ' ');
}
