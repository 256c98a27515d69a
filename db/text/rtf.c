/*
 * Rich Text Format to text, or to the HTML that Exchange hid in it. See rtf.h.
 *
 * Bytes of one charset are collected and decoded together, so that a character
 * written half as \'83 and half as a plain letter comes out whole.
 *
 * SECURITY: hostile input; every read is bounded by `end`, groups have a fixed
 * stack, nothing is done twice for a byte.
 */
#include "text/rtf.h"
#include "base/hex.h"
#include "base/xalloc.h"
#include "text/charset.h"
#include "text/utf8.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { FONTS_MAX = 256, NAME_MAX_LEN = 32, URL_MAX = 2000 };
#define SYMBOL "symbol" /* a font of pictures, no charset */

struct group {
	bool skip;    /* not for reading */
	bool fonts;   /* \fonttbl */
	bool link;    /* \fldinst: what a field is */
	bool result;  /* \fldrslt: the text it shows */
	bool no_html; /* \htmlrtf: for readers of RTF only */
	bool tag;     /* \htmltag */
	long uc;      /* characters behind \u for readers without Unicode */
	const char *charset; /* of its font; NULL: the document's */
	size_t from;  /* of the output, where it began */
};

struct font {
	long number;
	const char *charset;
};

struct rtf {
	const char *p, *end;
	struct group g[RTF_DEPTH];
	size_t depth, over;  /* groups, and those beyond the stack */
	struct font fonts[FONTS_MAX];
	size_t nfonts;
	const char *charset; /* \ansicpg */
	struct sb bytes;     /* of one charset, waiting */
	const char *label;   /* which */
	uint32_t high;       /* first half of a pair */
	long drop;           /* characters that \u has said already */
	bool star, html;
	struct sb link;      /* HYPERLINK "…" */
	struct sb *out;
};

static struct group *top(struct rtf *r)
{
	return &r->g[r->depth];
}

static bool hidden(struct rtf *r)
{
	const struct group *g = top(r);
	return r->over || g->skip || g->fonts || g->link || (r->html && g->no_html && !g->tag);
}

/* ---- output ---------------------------------------------------------------------- */

static void flush(struct rtf *r)
{
	if (r->high)
		sb_adds(r->out, UTF8_FFFD);
	r->high = 0;
	if (r->bytes.len)
		text_to_utf8(r->label, r->bytes.s, r->bytes.len, r->out);
	sb_reset(&r->bytes);
}

static void put_char(struct rtf *r, uint32_t cp)
{
	if (hidden(r))
		return;
	flush(r);
	utf8_put(r->out, cp);
}

static void put_symbol(struct rtf *r, unsigned char c)
{
	if (c == 0xB7 || c < 0x80)
		put_char(r, c == 0xB7 ? 0x2022 : c);
}

static void put_byte(struct rtf *r, char c)
{
	if (top(r)->link && !r->over && r->link.len < URL_MAX)
		sb_addc(&r->link, c);
	if (hidden(r))
		return;
	if (r->drop) {
		r->drop--;
		return;
	}
	const char *label = top(r)->charset ? top(r)->charset : r->charset;
	if (strcmp(label, SYMBOL) == 0) {
		put_symbol(r, (unsigned char)c);
		return;
	}
	if (r->high || (r->bytes.len && r->label != label))
		flush(r);
	r->label = label;
	sb_addc(&r->bytes, c);
}

static void put_unicode(struct rtf *r, long v)
{
	uint32_t cp = (uint32_t)v & 0xFFFF;
	if (hidden(r))
		return;
	r->drop = top(r)->uc;
	if (cp >= 0xDC00 && cp < 0xE000 && r->high) {
		cp = 0x10000 + ((r->high - 0xD800) << 10) + (cp - 0xDC00);
		r->high = 0;
	}
	flush(r);
	if (cp >= 0xD800 && cp < 0xDC00)
		r->high = cp;
	else
		utf8_put(r->out, cp);
}

/* ---- groups ----------------------------------------------------------------------- */

static void open_group(struct rtf *r)
{
	r->star = false;
	r->drop = 0;
	if (r->over || r->depth + 1 >= RTF_DEPTH) {
		r->over++;
		return;
	}
	r->depth++;
	r->g[r->depth] = r->g[r->depth - 1];
	top(r)->result = false;
	if (!hidden(r))
		flush(r);
	top(r)->from = r->out->len;
}

/* What a link shows is followed by where it leads, unless that is the same. */
static void put_link(struct rtf *r)
{
	char *url = memmem(r->link.s, r->link.len, "HYPERLINK", 9);
	char *from = url ? strchr(url, '"') : NULL;
	size_t n = from ? strcspn(++from, "\"") : 0, at = top(r)->from;
	if (!n || hidden(r))
		return;
	flush(r);
	if (!memmem(r->out->s + at, r->out->len - at, from, n)) {
		sb_adds(r->out, " <");
		text_valid(from, n, r->out);
		sb_addc(r->out, '>');
	}
}

static void close_group(struct rtf *r)
{
	r->star = false;
	r->drop = 0;
	if (r->over) {
		r->over--;
		return;
	}
	if (r->depth == 0)
		return;
	if (top(r)->result)
		put_link(r);
	r->depth--;
}

/* ---- words ------------------------------------------------------------------------- */

/* Of a font, to the code page it was made for. */
static const char *of_charset(long n)
{
	static const short pages[][2] = { { 77, 1252 }, { 128, 932 }, { 129, 949 }, { 130, 1361 }, { 134, 936 }, { 136, 950 },
		                          { 161, 1253 }, { 162, 1254 }, { 163, 1258 }, { 177, 1255 }, { 178, 1256 },
		                          { 186, 1257 }, { 204, 1251 }, { 222, 874 }, { 238, 1250 }, { 255, 437 } };
	if (n == 2)
		return SYMBOL;
	for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
		if (pages[i][0] == n)
			return text_codepage(pages[i][1]);
	return NULL;
}

static void font(struct rtf *r, long number)
{
	if (top(r)->fonts) {
		if (r->nfonts < FONTS_MAX)
			r->fonts[r->nfonts++] = (struct font){ number, NULL };
		return;
	}
	top(r)->charset = NULL;
	for (size_t i = 0; i < r->nfonts; i++)
		if (r->fonts[i].number == number)
			top(r)->charset = r->fonts[i].charset;
}

static void font_charset(struct rtf *r, const char *charset)
{
	if (top(r)->fonts && r->nfonts && charset)
		r->fonts[r->nfonts - 1].charset = charset;
}

static bool in(const char *word, const char *const *v)
{
	while (*v && strcmp(*v, word) != 0)
		v++;
	return *v;
}

/* A destination: what its group holds is no text, or text of a special kind. */
static bool destination(struct rtf *r, const char *w)
{
	static const char *const skipped[] = { "colortbl", "stylesheet", "info", "pict", "object", "header", "headerl",
		                               "headerr", "headerf", "footer", "footerl", "footerr", "footerf", "listtables",
		                               "mhtmltag", "annotation", "xe", "tc", NULL };
	struct group *g = top(r);
	bool known = true;
	if (strcmp(w, "fonttbl") == 0)
		g->fonts = true;
	else if (strcmp(w, "fldinst") == 0)
		g->link = true, sb_reset(&r->link);
	else if (strcmp(w, "fldrslt") == 0)
		g->result = true;
	else if (strcmp(w, "htmltag") == 0)
		g->tag = true, g->skip |= !r->html;
	else if (in(w, skipped))
		g->skip = true;
	else
		known = false;
	if (!known && r->star)
		g->skip = true;
	return known || r->star;
}

static const struct {
	const char *word;
	uint32_t cp;
} characters[] = { { "par", '\n' }, { "line", '\n' }, { "sect", '\n' }, { "page", '\n' }, { "row", '\n' },
	           { "tab", '\t' }, { "cell", '\t' }, { "nestcell", '\t' }, { "nestrow", '\n' },
	           { "emdash", 0x2014 }, { "endash", 0x2013 }, { "lquote", 0x2018 }, { "rquote", 0x2019 },
	           { "ldblquote", 0x201C }, { "rdblquote", 0x201D }, { "bullet", 0x2022 },
	           { "emspace", 0x2003 }, { "enspace", 0x2002 } };

static bool character(struct rtf *r, const char *w)
{
	for (size_t i = 0; i < sizeof characters / sizeof *characters; i++)
		if (strcmp(characters[i].word, w) == 0) {
			put_char(r, characters[i].cp);
			return true;
		}
	return false;
}

static void binary(struct rtf *r, long n)
{
	if (n > 0)
		r->p += n < r->end - r->p ? n : r->end - r->p;
}

static void word(struct rtf *r, const char *w, bool has, long v)
{
	if (strcmp(w, "bin") == 0)
		binary(r, has ? v : 0);
	else if (r->over || destination(r, w) || character(r, w))
		;
	else if (strcmp(w, "u") == 0 && has)
		put_unicode(r, v);
	else if (strcmp(w, "uc") == 0)
		top(r)->uc = has && v >= 0 && v < 16 ? v : 1;
	else if (strcmp(w, "f") == 0 && has)
		font(r, v);
	else if (strcmp(w, "fcharset") == 0 && has)
		font_charset(r, of_charset(v));
	else if (strcmp(w, "cpg") == 0 && has)
		font_charset(r, text_codepage(v));
	else if (strcmp(w, "ansicpg") == 0 && has && text_codepage(v))
		r->charset = text_codepage(v);
	else if (strcmp(w, "plain") == 0)
		top(r)->charset = NULL;
	else if (strcmp(w, "fromhtml") == 0)
		r->html = true;
	else if (strcmp(w, "htmlrtf") == 0)
		top(r)->no_html = !has || v;
	r->star = false;
}

/* \word, \word-123, each with one blank behind it that belongs to it. */
static void read_word(struct rtf *r)
{
	char w[NAME_MAX_LEN];
	size_t n = 0;
	long v = 0;
	while (r->p < r->end && ((*r->p >= 'a' && *r->p <= 'z') || (*r->p >= 'A' && *r->p <= 'Z'))) {
		if (n < sizeof w - 1)
			w[n++] = *r->p;
		r->p++;
	}
	w[n] = '\0';
	bool minus = r->end - r->p > 1 && *r->p == '-' && r->p[1] >= '0' && r->p[1] <= '9';
	r->p += minus;
	const char *digits = r->p;
	for (; r->p < r->end && *r->p >= '0' && *r->p <= '9'; r->p++)
		v = v < 100000000 ? v * 10 + (*r->p - '0') : v;
	bool has = r->p > digits;
	if (r->p < r->end && *r->p == ' ')
		r->p++;
	word(r, w, has, minus ? -v : v);
}

/* Behind a backslash. */
static void read_control(struct rtf *r)
{
	if (r->p == r->end)
		return;
	char c = *r->p;
	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
		read_word(r);
		return;
	}
	r->p++;
	if (c == '*')
		r->star = true;
	else if (c == '\\' || c == '{' || c == '}')
		put_byte(r, c);
	else if (c == '\n' || c == '\r')
		put_char(r, '\n');
	else if (c == '~')
		put_char(r, 0xA0);
	else if (c == '_')
		put_byte(r, '-');
	else if (c == '\'' && r->end - r->p >= 2) {
		int hi = hex_digit(r->p[0]), lo = hex_digit(r->p[1]);
		r->p += 2;
		if (hi >= 0 && lo >= 0)
			put_byte(r, (char)(hi << 4 | lo));
	}
}

static void read_all(struct rtf *r)
{
	while (r->p < r->end) {
		char c = *r->p++;
		if (c == '{')
			open_group(r);
		else if (c == '}')
			close_group(r);
		else if (c == '\\')
			read_control(r);
		else if (c != '\r' && c != '\n' && c != '\0')
			put_byte(r, c);
	}
	flush(r);
}

enum rtf_found text_from_rtf(const void *p, size_t n, struct sb *out)
{
	const char *s = p;
	while (n && (*s == ' ' || *s == '\r' || *s == '\n'))
		s++, n--;
	if (n < 6 || memcmp(s, "{\\rtf", 5) != 0)
		return RTF_NONE;
	struct rtf *r = xcalloc(1, sizeof *r);
	r->p = s;
	r->end = s + n;
	r->charset = "cp1252";
	r->label = r->charset;
	r->bytes = r->link = SB_INIT;
	r->g[0].uc = 1;
	r->out = out;
	read_all(r);
	bool html = r->html;
	sb_free(&r->bytes);
	sb_free(&r->link);
	free(r);
	return html ? RTF_HTML : RTF_TEXT;
}
