/* Bars, upright and lying. See draw.h. */
#include "draw/draw_int.h"
#include <math.h>
#include <string.h>

enum { TITLE_H = 34, AXIS_W = 40, LABEL_H = 36, ROW_H = 24, BAR_H = 15, ROW_LABEL_MAX = 230, NUMBER_W = 56, GAP = 8 };

static void bar(struct draw *d, double x, double y, double w, double h, int strong)
{
	draw_colour(d, strong ? DRAW_STRONG : DRAW_SOFT);
	cairo_rectangle(d->cr, x, y, w, h);
	cairo_fill(d->cr);
}

static int is_strong(const struct draw_chart *c, size_t i)
{
	return c->strong >= c->n || i == c->strong;
}

void draw_bars(struct draw *d, const struct draw_box *box, const struct draw_chart *c)
{
	char buf[32];
	const struct draw_axis axis = draw_axis(draw_chart_max(c), c->decimals);
	const struct draw_box plot = { box->x + AXIS_W, box->y + TITLE_H + GAP, box->w - AXIS_W, box->h - TITLE_H - GAP - LABEL_H };
	double slot = c->n ? plot.w / (double)c->n : 0, width = fmin(slot * 0.64, 48);
	draw_title(d, box, c);
	draw_frame(d, &plot, c, &axis);
	for (size_t i = 0; i < c->n; i++) {
		double v = c->series[0].v[i], h = plot.h * v / axis.top, x = draw_slot(&plot, c->n, i);
		if (isnan(v))
			continue;
		bar(d, x - width / 2, plot.y + plot.h - h, width, h, is_strong(c, i));
		draw_colour(d, DRAW_INK);
		draw_text(d, x, plot.y + plot.h - h - 9,
		          &(struct draw_text){ .size = DRAW_SMALL, .align = DRAW_MIDDLE, .bold = c->strong == i },
		          draw_number(v, c->decimals, buf));
	}
}

double draw_rows_height(size_t n)
{
	return TITLE_H + (double)n * ROW_H;
}

static double widest_label(struct draw *d, const struct draw_chart *c)
{
	double w = 0;
	for (size_t i = 0; i < c->n; i++)
		w = fmax(w, draw_text_width(d, DRAW_NORMAL, c->labels[i]));
	return fmin(w, ROW_LABEL_MAX);
}

void draw_rows(struct draw *d, const struct draw_box *box, const struct draw_chart *c)
{
	char buf[32];
	double labels = widest_label(d, c), max = draw_chart_max(c), x = box->x + labels + GAP;
	double room = box->w - labels - GAP - NUMBER_W;
	draw_title(d, box, c);
	for (size_t i = 0; i < c->n; i++) {
		double v = c->series[0].v[i], y = box->y + TITLE_H + ((double)i + 0.5) * ROW_H, w = max > 0 && v > 0 ? room * v / max : 0;
		draw_colour(d, DRAW_INK);
		draw_text(d, box->x, y, &(struct draw_text){ .size = DRAW_NORMAL, .width = labels }, c->labels[i]);
		bar(d, x, y - BAR_H / 2.0, w, BAR_H, is_strong(c, i));
		draw_colour(d, DRAW_INK);
		draw_text(d, x + w + GAP - 2, y, &(struct draw_text){ .size = DRAW_NORMAL }, isnan(v) ? "－" : draw_number(v, c->decimals, buf));
	}
	draw_colour(d, DRAW_GREY);
	cairo_set_line_width(d->cr, 1);
	cairo_move_to(d->cr, x, box->y + TITLE_H);
	cairo_line_to(d->cr, x, box->y + TITLE_H + (double)c->n * ROW_H);
	cairo_stroke(d->cr);
}
