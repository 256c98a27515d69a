/*
 * Typesetting: lines, their justification, paragraphs over pages, headings.
 * See paper.h.
 *
 * Pango breaks lines by the rules of Japanese (no closing mark at a line's
 * start, no opening one at its end). Justified is between Japanese characters
 * only, so that the one blank of a product's name does not become a hole.
 */
#include "draw/paper_int.h"
#include "base/xalloc.h"
#include <cairo/cairo-pdf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_BYTES_MAX = 20000, HEADING_BYTES_MAX = 300, H1_ABOVE = 20, H1_BELOW = 7, H2_ABOVE = 11, H2_BELOW = 4, LEAST_LINES = 2 };
#define STRETCH_MAX 2.5  /* a line that lacks more of this many characters stays ragged */

/* ---- what can be shown ------------------------------------------------------------- */

static bool is_plain(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)s[i] < 0x20 || (unsigned char)s[i] > 0x7E)
			return false;
	return true;
}

/* What a Japanese printer sets for a letter he does not have. */
enum { GETA = 0x3013 };

static bool is_pictograph(gunichar c)
{
	return c >= 0x1F000 && c < 0x20000;
}

/* Appends one character: blanks for what ends lines, nothing for what only steers,
 * 〓 for what no font has, or only one in colour. */
static void add_shown(GString *out, gunichar c)
{
	switch (g_unichar_type(c)) {
	case G_UNICODE_CONTROL:
	case G_UNICODE_LINE_SEPARATOR:
	case G_UNICODE_PARAGRAPH_SEPARATOR:
		g_string_append_c(out, ' ');
		break;
	case G_UNICODE_FORMAT:
		break;
	case G_UNICODE_UNASSIGNED:
	case G_UNICODE_PRIVATE_USE:
	case G_UNICODE_SURROGATE:
		g_string_append_unichar(out, GETA);
		break;
	default:
		g_string_append_unichar(out, is_pictograph(c) || c == 0xFFFD ? GETA : c);
	}
}

static GString *shown(const char *text, size_t max, bool lf)
{
	size_t n = strnlen(text, max);
	if (is_plain(text, n))
		return g_string_new_len(text, (gssize)n);
	char *valid = g_utf8_make_valid(text, (gssize)n);
	GString *out = g_string_sized_new(n);
	for (const char *s = valid; *s; s = g_utf8_next_char(s))
		if (lf && *s == '\n')
			g_string_append_c(out, '\n');
		else
			add_shown(out, g_utf8_get_char(s));
	g_free(valid);
	return out;
}

/* ---- lines --------------------------------------------------------------------------- */

int paper_set(struct paper *p, PangoLayout *l, enum paper_face f, double width, int lines, const char *text)
{
	GString *s = shown(text, TEXT_BYTES_MAX, p->lf);
	pango_layout_set_font_description(l, p->font[f]);
	pango_layout_set_auto_dir(l, FALSE);
	pango_layout_set_wrap(l, PANGO_WRAP_WORD_CHAR);
	pango_layout_set_width(l, width > 0 ? (int)(width * PANGO_SCALE) : -1);
	pango_layout_set_height(l, -lines);
	pango_layout_set_ellipsize(l, lines ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_NONE);
	pango_layout_set_text(l, s->str, (int)s->len);
	pango_layout_set_attributes(l, p->as_it_is);
	g_string_free(s, TRUE);
	return pango_layout_get_line_count(l);
}

static int units_wide(PangoLayoutLine *line)
{
	PangoRectangle r;
	pango_layout_line_get_extents(line, NULL, &r);
	return r.width;
}

double paper_line_width(PangoLayout *l)
{
	return (double)units_wide(pango_layout_get_line_readonly(l, 0)) / PANGO_SCALE;
}

void paper_measure_ascii(struct paper *p)
{
	char all[95 + 1] = "";
	for (int i = 0; i < 95; i++)
		all[i] = (char)(' ' + i);
	paper_set(p, p->cell[0], FACE_BODY, 0, 0, all);
	for (int i = 0; i < 95; i++) {
		PangoRectangle r;
		pango_layout_index_to_pos(p->cell[0], i, &r);
		p->ascii[i] = (double)r.width / PANGO_SCALE / paper_types[FACE_BODY].size;
	}
}

/* The character a glyph stands for. */
static gunichar glyph_char(PangoLayout *l, const PangoGlyphItem *run, int i)
{
	return g_utf8_get_char(pango_layout_get_text(l) + run->item->offset + run->glyphs->log_clusters[i]);
}

static bool can_stretch(gunichar c)
{
	return c >= 0x2E80;
}

/* Adds `each` behind each Japanese character but the line's last; counts them. */
static int stretch(PangoLayout *l, PangoLayoutLine *line, int each)
{
	int n = 0;
	for (GSList *r = line->runs; r; r = r->next) {
		PangoGlyphItem *run = r->data;
		int glyphs = run->glyphs->num_glyphs - !r->next;
		if (run->item->analysis.level & 1)
			continue;
		for (int i = 0; i < glyphs; i++)
			if (can_stretch(glyph_char(l, run, i))) {
				run->glyphs->glyphs[i].geometry.width += each;
				n++;
			}
	}
	return n;
}

static void justify(PangoLayout *l, enum paper_face f, PangoLayoutLine *line, double width)
{
	int lack = (int)(width * PANGO_SCALE) - units_wide(line), places = stretch(l, line, 0);
	if (lack > 0 && lack < paper_types[f].size * STRETCH_MAX * PANGO_SCALE && places > 0)
		stretch(l, line, lack / places);
}

void paper_lines(struct paper *p, PangoLayout *l, enum paper_face f, double x, double y, double width, int from, int to)
{
	const struct paper_type *t = &paper_types[f];
	int n = pango_layout_get_line_count(l);
	for (int i = from; i < to && i < n; i++) {
		PangoLayoutLine *line = pango_layout_get_line(l, i);
		if (width > 0 && i < n - 1)
			justify(l, f, line, width);
		cairo_move_to(p->d->cr, x, y + (i - from) * t->advance + t->advance / 2 + t->size * 0.37);
		pango_cairo_show_layout_line(p->d->cr, line);
	}
}

void paper_one(struct paper *p, enum paper_face f, double x, double y, bool right, const char *text)
{
	paper_set(p, p->d->layout, f, right ? 0 : PAPER_WIDTH, right ? 0 : 1, text);
	paper_lines(p, p->d->layout, f, right ? x - paper_line_width(p->d->layout) : x, y, 0, 0, 1);
}

/* ---- paragraphs ------------------------------------------------------------------------ */

/* How many of the lines [from, n) go on this page: all, or so many that neither
 * page has one alone; 0: the next page. */
static int lines_here(const struct paper *p, double kept, double advance, int from, int n)
{
	int fit = (int)((PAPER_BOTTOM - p->y - kept) / advance), left = n - from;
	if (fit >= left)
		return left;
	if (left - fit < LEAST_LINES)
		fit = left - LEAST_LINES;
	if (fit < LEAST_LINES && !p->fresh)
		return 0;
	return fit > 0 ? fit : 1;
}

static void paragraph(struct paper *p, enum paper_face f, const char *text)
{
	const double advance = paper_types[f].advance;
	double y;
	PangoLayout *l = p->cell[0]; /* what waits uses the other one */
	int n = paper_set(p, l, f, PAPER_WIDTH, 0, text), from = 0;
	paper_tag(p, "P");
	while (from < n && !p->full) {
		int k = lines_here(p, paper_kept_height(p), advance, from, n);
		if (!k) {
			paper_turn(p);
			continue;
		}
		if (!paper_place(p, k * advance, &y))
			break;
		draw_colour(p->d, DRAW_INK);
		paper_lines(p, l, f, PAPER_LEFT, y, PAPER_WIDTH, from, from + k);
		from += k;
	}
	paper_untag(p, "P");
	p->y += advance * 0.35;
}

void paper_text(struct paper *p, enum paper_style style, const char *text)
{
	while (*text && !p->full) {
		size_t n = strcspn(text, "\n");
		char *line = xstrndup(text, n);
		if (*line)
			paragraph(p, (enum paper_face)style, line);
		else
			paper_gap(p, paper_types[style].advance / 2);
		free(line);
		text += n + (text[n] == '\n');
	}
}

void paper_title(struct paper *p, const char *title, const char *below)
{
	const double h = paper_types[FACE_TITLE].advance + (below ? paper_types[FACE_BODY].advance : 0) + 12;
	double y;
	if (!paper_place(p, h, &y))
		return;
	paper_tag(p, "H");
	draw_colour(p->d, DRAW_STRONG);
	paper_one(p, FACE_TITLE, PAPER_LEFT, y, false, title);
	paper_untag(p, "H");
	draw_colour(p->d, DRAW_GREY);
	paper_tag(p, "P");
	if (below)
		paper_one(p, FACE_BODY, PAPER_LEFT, y + paper_types[FACE_TITLE].advance + 2, false, below);
	paper_untag(p, "P");
	draw_colour(p->d, DRAW_STRONG);
	cairo_rectangle(p->d->cr, PAPER_LEFT, y + h - 7, PAPER_WIDTH, 1.6);
	cairo_fill(p->d->cr);
}

/* ---- what waits -------------------------------------------------------------------------- */

static void keep(struct paper *p, int level, const char *text)
{
	if (p->nkept == PAPER_KEPT_MAX) { /* the oldest gives way */
		free(p->kept[0].text);
		memmove(p->kept, p->kept + 1, --p->nkept * sizeof *p->kept);
	}
	p->kept[p->nkept++] = (struct paper_kept){ level, xstrndup(text, level ? HEADING_BYTES_MAX : TEXT_BYTES_MAX) };
}

void paper_heading(struct paper *p, int level, const char *text)
{
	keep(p, level == 1 ? 1 : 2, text);
}

void paper_keep(struct paper *p, const char *text)
{
	keep(p, 0, text);
}

static double above(int level, bool fresh)
{
	return fresh || !level ? 0 : level == 1 ? H1_ABOVE : H2_ABOVE;
}

static double below(int level)
{
	return !level ? 4 : level == 1 ? H1_BELOW : H2_BELOW;
}

static enum paper_face face_of(int level)
{
	return !level ? FACE_BODY : level == 1 ? FACE_H1 : FACE_H2;
}

double paper_kept_height(struct paper *p)
{
	double h = 0;
	for (size_t i = 0; i < p->nkept; i++) {
		const struct paper_kept *k = &p->kept[i];
		int n = k->level ? 1 : paper_set(p, p->d->layout, FACE_BODY, PAPER_WIDTH, 0, k->text);
		h += above(k->level, p->fresh && i == 0) + n * paper_types[face_of(k->level)].advance + below(k->level);
	}
	return h;
}

static void bookmark(struct paper *p, int level, const char *text)
{
	char where[80];
	GString *s = shown(text, HEADING_BYTES_MAX, false);
	snprintf(where, sizeof where, "page=%d pos=[0 %d]", p->page, (int)p->y > 12 ? (int)p->y - 12 : 0);
	int parent = level == 1 ? CAIRO_PDF_OUTLINE_ROOT : p->outline;
	int id = cairo_pdf_surface_add_outline(p->d->surface, parent, s->str, where, CAIRO_PDF_OUTLINE_FLAG_OPEN);
	if (level == 1)
		p->outline = id;
	g_string_free(s, TRUE);
}

static void draw_kept(struct paper *p, const struct paper_kept *k)
{
	const enum paper_face f = face_of(k->level);
	const char *tag = !k->level ? "P" : k->level == 1 ? "H1" : "H2";
	int n = paper_set(p, p->d->layout, f, PAPER_WIDTH, k->level ? 1 : 0, k->text);
	double h = n * paper_types[f].advance;
	if (k->level)
		bookmark(p, k->level, k->text);
	paper_tag(p, tag);
	draw_colour(p->d, k->level ? DRAW_STRONG : DRAW_INK);
	paper_lines(p, p->d->layout, f, PAPER_LEFT, p->y, k->level ? 0 : PAPER_WIDTH, 0, n);
	paper_untag(p, tag);
	p->y += h + below(k->level);
}

void paper_kept_draw(struct paper *p)
{
	for (size_t i = 0; i < p->nkept; i++) {
		p->y += above(p->kept[i].level, p->fresh && i == 0);
		draw_kept(p, &p->kept[i]);
		free(p->kept[i].text);
	}
	p->nkept = 0;
}
