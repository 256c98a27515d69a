/* Series around a middle. See draw.h. */
#include "draw/draw_int.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { TITLE_H = 28, LEGEND_H = 24, LABEL_W = 120, LABEL_H = 30, RINGS = 4 };

struct radar {
	struct draw *d;
	const struct draw_chart *c;
	double x, y, r; /* the middle and the rim */
};

/* A point at a share of the radius on axis i; the first axis stands upright. */
static void place(const struct radar *g, size_t i, double share, double *x, double *y)
{
	double angle = 2 * M_PI * (double)i / (double)g->c->n - M_PI / 2;
	*x = g->x + cos(angle) * g->r * share;
	*y = g->y + sin(angle) * g->r * share;
}

static double share_of(const struct radar *g, double v)
{
	double s = v / g->c->target;
	return isnan(s) || s < 0 ? 0 : s > 1 ? 1 : s;
}

static void outline(const struct radar *g, const double *v, double share)
{
	double x, y;
	cairo_new_path(g->d->cr);
	for (size_t i = 0; i < g->c->n; i++) {
		place(g, i, v ? share_of(g, v[i]) : share, &x, &y);
		cairo_line_to(g->d->cr, x, y);
	}
	cairo_close_path(g->d->cr);
}

static void web(const struct radar *g)
{
	char buf[32];
	double x, y;
	cairo_t *cr = g->d->cr;
	cairo_set_line_width(cr, 1);
	for (int k = 1; k <= RINGS; k++) {
		outline(g, NULL, (double)k / RINGS);
		draw_colour(g->d, k == RINGS ? DRAW_GREY : DRAW_GRID);
		cairo_stroke(cr);
	}
	draw_colour(g->d, DRAW_GRID);
	for (size_t i = 0; i < g->c->n; i++) {
		place(g, i, 1, &x, &y);
		cairo_move_to(cr, g->x, g->y);
		cairo_line_to(cr, x, y);
		cairo_stroke(cr);
	}
	draw_colour(g->d, DRAW_GREY);
	for (int k = 1; k <= RINGS; k++)
		draw_text(g->d, g->x - 5, g->y - g->r * k / RINGS + 8, &(struct draw_text){ .size = DRAW_SMALL, .align = DRAW_RIGHT },
		          draw_number(g->c->target * k / RINGS, 0, buf));
}

/* The name, and below it the value of the first series. */
static void labels(const struct radar *g)
{
	double x, y;
	char text[40];
	for (size_t i = 0; i < g->c->n; i++) {
		double side = cos(2 * M_PI * (double)i / (double)g->c->n - M_PI / 2);
		enum draw_align align = fabs(side) < 0.2 ? DRAW_MIDDLE : side < 0 ? DRAW_RIGHT : DRAW_LEFT;
		place(g, i, 1, &x, &y);
		x += fabs(side) < 0.2 ? 0 : side < 0 ? -12 : 12;
		y += y < g->y - g->r * 0.9 ? -LABEL_H : y > g->y + g->r * 0.9 ? 12 : -7;
		draw_colour(g->d, DRAW_INK);
		draw_text(g->d, x, y, &(struct draw_text){ .size = DRAW_NORMAL, .align = align }, g->c->labels[i]);
		if (!g->c->nseries || isnan(g->c->series[0].v[i]))
			continue;
		snprintf(text, sizeof text, "%.*f", g->c->decimals, g->c->series[0].v[i]);
		draw_text(g->d, x, y + 15, &(struct draw_text){ .size = DRAW_NORMAL, .align = align, .bold = 1 }, text);
	}
}

static void series(const struct radar *g, size_t s)
{
	double x, y;
	outline(g, g->c->series[s].v, 0);
	draw_line_style(g->d, s);
	cairo_stroke(g->d->cr);
	cairo_set_dash(g->d->cr, NULL, 0, 0);
	for (size_t i = 0; i < g->c->n; i++) {
		place(g, i, share_of(g, g->c->series[s].v[i]), &x, &y);
		draw_mark(g->d, s, x, y);
	}
}

void draw_radar(struct draw *d, const struct draw_box *box, const struct draw_chart *c)
{
	double w = box->w / 2 - LABEL_W, h = (box->h - TITLE_H - LEGEND_H) / 2 - LABEL_H - 16;
	struct radar g = { .d = d, .c = c, .x = box->x + box->w / 2, .y = box->y + TITLE_H + LEGEND_H + LABEL_H + 16 + h, .r = w < h ? w : h };
	size_t n = c->nseries < DRAW_SERIES_MAX ? c->nseries : DRAW_SERIES_MAX;
	draw_title(d, box, c);
	draw_legend(d, box->x, box->y + TITLE_H + LEGEND_H / 2.0, &(struct draw_chart){ .series = { c->series[0], c->series[1], c->series[2] }, .nseries = n });
	if (c->n < 3 || !(c->target > 0) || g.r <= 0)
		return;
	if (n) { /* below the web, which stays readable through it */
		outline(&g, c->series[0].v, 0);
		draw_colour(d, DRAW_TINT);
		cairo_fill(d->cr);
	}
	web(&g);
	for (size_t s = n; s-- > 0;)
		series(&g, s);
	labels(&g);
}
