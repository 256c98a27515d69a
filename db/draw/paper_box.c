/* Boxes: what is to be done, and large numbers. See paper.h. */
#include "draw/paper_int.h"
#include <stdio.h>

enum { PAD = 12, INDENT = 17, ITEM_LINES = 5, ITEM_GAP = 4, BAR = 4, FIGURE_GAP = 10, FIGURE_H = 70 };

static void tinted(struct paper *p, double x, double y, double w, double h, enum draw_colour bar)
{
	draw_colour(p->d, DRAW_TINT);
	cairo_rectangle(p->d->cr, x, y, w, h);
	cairo_fill(p->d->cr);
	draw_colour(p->d, bar);
	cairo_rectangle(p->d->cr, x, y, BAR, h);
	cairo_fill(p->d->cr);
}

static const double item_width = PAPER_WIDTH - 2 * PAD - INDENT - BAR;

static double items_height(struct paper *p, const char *const *items, size_t n)
{
	double h = 0;
	for (size_t i = 0; i < n; i++)
		h += paper_set(p, p->cell[0], FACE_BODY, item_width, ITEM_LINES, items[i]) * paper_types[FACE_BODY].advance + ITEM_GAP;
	return h;
}

static double item(struct paper *p, double x, double y, const char *number, const char *text)
{
	int n = paper_set(p, p->cell[0], FACE_BODY, item_width, ITEM_LINES, text);
	paper_tag(p, "LI");
	draw_colour(p->d, DRAW_INK);
	paper_one(p, FACE_STRONG, x, y, false, number);
	paper_lines(p, p->cell[0], FACE_BODY, x + INDENT, y, item_width, 0, n);
	paper_untag(p, "LI");
	return n * paper_types[FACE_BODY].advance + ITEM_GAP;
}

void paper_panel(struct paper *p, const char *title, const char *const *items, size_t n, bool numbered)
{
	const double x = PAPER_LEFT + BAR + PAD, head = paper_types[FACE_H2].advance + 4;
	double h = 2 * PAD + head + items_height(p, items, n) - ITEM_GAP, y;
	if (!paper_place(p, h, &y))
		return;
	tinted(p, PAPER_LEFT, y, PAPER_WIDTH, h, DRAW_STRONG);
	draw_colour(p->d, DRAW_STRONG);
	paper_tag(p, "P");
	paper_one(p, FACE_H2, x, y + PAD, false, title);
	paper_untag(p, "P");
	paper_tag(p, "L");
	y += PAD + head;
	for (size_t i = 0; i < n; i++) {
		char number[24];
		snprintf(number, sizeof number, "%zu.", i + 1);
		y += item(p, x, y, numbered ? number : "・", items[i]);
	}
	paper_untag(p, "L");
	p->y += 8;
}

static void figure(struct paper *p, const struct paper_figure *f, double x, double y, double w)
{
	const double room = w - BAR - 14;
	tinted(p, x, y, w, FIGURE_H, DRAW_SOFT);
	x += BAR + 8;
	paper_tag(p, "P");
	draw_colour(p->d, DRAW_GREY);
	paper_set(p, p->cell[0], FACE_SMALL, room, 1, f->label);
	paper_lines(p, p->cell[0], FACE_SMALL, x, y + 6, 0, 0, 1);
	draw_colour(p->d, DRAW_INK);
	paper_set(p, p->cell[0], FACE_VALUE, room, 1, f->value);
	paper_lines(p, p->cell[0], FACE_VALUE, x, y + 19, 0, 0, 1);
	double used = paper_line_width(p->cell[0]);
	if (f->unit) {
		paper_set(p, p->cell[0], FACE_BODY, 0, 0, f->unit);
		paper_lines(p, p->cell[0], FACE_BODY, x + used + 3, y + 28, 0, 0, 1);
	}
	draw_colour(p->d, DRAW_GREY);
	if (f->note) {
		paper_set(p, p->cell[0], FACE_SMALL, room, 1, f->note);
		paper_lines(p, p->cell[0], FACE_SMALL, x, y + 50, 0, 0, 1);
	}
	paper_untag(p, "P");
}

void paper_figures(struct paper *p, const struct paper_figure *v, size_t n)
{
	double y;
	n = n < PAPER_FIGURES_MAX ? n : PAPER_FIGURES_MAX;
	if (!n || !paper_place(p, FIGURE_H, &y))
		return;
	double w = (PAPER_WIDTH - FIGURE_GAP * (double)(n - 1)) / (double)n;
	for (size_t i = 0; i < n; i++)
		figure(p, &v[i], PAPER_LEFT + (double)i * (w + FIGURE_GAP), y, w);
	p->y += 10;
}
