/* Series over time. See draw.h. */
#include "draw/draw_int.h"
#include <math.h>
#include <stdbool.h>

enum { TITLE_H = 28, LEGEND_H = 24, AXIS_W = 40, LABEL_H = 36, MARK = 4, SAMPLE_W = 26, GAP = 8, LAST_H = 13 };

void draw_line_style(struct draw *d, size_t s)
{
	static const enum draw_colour colours[] = { DRAW_STRONG, DRAW_SECOND, DRAW_THIRD };
	static const double dashes[] = { 7, 4 }, dots[] = { 7, 3, 2, 3 };
	draw_colour(d, colours[s]);
	cairo_set_line_width(d->cr, 2);
	cairo_set_dash(d->cr, s == 1 ? dashes : dots, s == 0 ? 0 : s == 1 ? 2 : 4, 0);
}

void draw_mark(struct draw *d, size_t s, double x, double y)
{
	cairo_set_dash(d->cr, NULL, 0, 0);
	cairo_new_path(d->cr);
	if (s == 0)
		cairo_arc(d->cr, x, y, MARK, 0, 2 * M_PI);
	else if (s == 1) {
		cairo_move_to(d->cr, x, y - MARK - 1);
		cairo_line_to(d->cr, x + MARK + 1, y + MARK);
		cairo_line_to(d->cr, x - MARK - 1, y + MARK);
		cairo_close_path(d->cr);
	} else
		cairo_rectangle(d->cr, x - MARK, y - MARK, 2 * MARK, 2 * MARK);
	cairo_fill(d->cr);
}

static double height_of(const struct draw_box *plot, const struct draw_axis *axis, double v)
{
	return plot->y + plot->h * (1 - v / axis->top);
}

/* The line breaks where a value is not known. */
static void series(struct draw *d, const struct draw_box *plot, const struct draw_axis *axis, const struct draw_chart *c, size_t s)
{
	const double *v = c->series[s].v;
	cairo_new_path(d->cr);
	for (size_t i = 0; i < c->n; i++) {
		double x = draw_slot(plot, c->n, i), y = height_of(plot, axis, v[i]);
		if (isnan(v[i]))
			continue;
		if (i && !isnan(v[i - 1]))
			cairo_line_to(d->cr, x, y);
		else
			cairo_move_to(d->cr, x, y);
	}
	draw_line_style(d, s);
	cairo_stroke(d->cr);
	for (size_t i = 0; i < c->n; i++)
		if (!isnan(v[i]))
			draw_mark(d, s, draw_slot(plot, c->n, i), height_of(plot, axis, v[i]));
}

/* Last values beside the plot, apart from one another: from the lowest upwards, as below are the labels. */
static void last_values(struct draw *d, const struct draw_box *plot, const struct draw_axis *axis, const struct draw_chart *c)
{
	char buf[32];
	double order[DRAW_SERIES_MAX], y = plot->y + plot->h + LAST_H;
	size_t n = 0;
	for (size_t s = 0; c->n && s < c->nseries && s < DRAW_SERIES_MAX; s++) {
		const double v = c->series[s].v[c->n - 1];
		size_t at = n;
		if (isnan(v))
			continue;
		for (; at > 0 && order[at - 1] > v; at--)
			order[at] = order[at - 1];
		order[at] = v;
		n++;
	}
	for (size_t i = 0; i < n; i++) {
		const double v = order[i];
		y = fmin(height_of(plot, axis, v), y - LAST_H);
		const char *text = draw_number(v, c->decimals, buf);
		double x = draw_slot(plot, c->n, c->n - 1) + 10;
		cairo_set_source_rgb(d->cr, 1, 1, 1); /* no grid line through a number */
		cairo_rectangle(d->cr, x - 1, y - 7, draw_text_width(d, DRAW_SMALL, text) + 5, 14);
		cairo_fill(d->cr);
		draw_colour(d, DRAW_INK);
		draw_text(d, x, y, &(struct draw_text){ .size = DRAW_SMALL, .bold = 1 }, text);
	}
}

static void target_style(struct draw *d)
{
	static const double dots[] = { 2, 3 };
	draw_colour(d, DRAW_INK);
	cairo_set_line_width(d->cr, 1.2);
	cairo_set_dash(d->cr, dots, 2, 0);
}

static double sample(struct draw *d, double x, double y, const char *name)
{
	cairo_move_to(d->cr, x, y);
	cairo_line_to(d->cr, x + SAMPLE_W, y);
	cairo_stroke(d->cr);
	cairo_set_dash(d->cr, NULL, 0, 0);
	draw_colour(d, DRAW_INK);
	draw_text(d, x + SAMPLE_W + 5, y, &(struct draw_text){ .size = DRAW_SMALL }, name);
	return x + SAMPLE_W + 5 + draw_text_width(d, DRAW_SMALL, name) + 18;
}

void draw_legend(struct draw *d, double x, double y, const struct draw_chart *c)
{
	for (size_t s = 0; s < c->nseries; s++) {
		if (!c->series[s].name)
			continue;
		draw_line_style(d, s);
		double next = sample(d, x, y, c->series[s].name);
		draw_line_style(d, s);
		draw_mark(d, s, x + SAMPLE_W / 2.0, y);
		x = next;
	}
	if (c->target > 0 && c->target_name) {
		target_style(d);
		sample(d, x, y, c->target_name);
	}
}

void draw_lines(struct draw *d, const struct draw_box *box, const struct draw_chart *c)
{
	const struct draw_axis axis = draw_axis(draw_chart_max(c), c->decimals);
	const struct draw_box plot = { box->x + AXIS_W, box->y + TITLE_H + LEGEND_H + GAP, box->w - AXIS_W,
	                               box->h - TITLE_H - LEGEND_H - GAP - LABEL_H };
	draw_title(d, box, c);
	draw_legend(d, plot.x, box->y + TITLE_H + LEGEND_H / 2.0, c);
	draw_frame(d, &plot, c, &axis);
	if (c->target > 0) {
		double y = height_of(&plot, &axis, c->target);
		target_style(d);
		cairo_move_to(d->cr, plot.x, y);
		cairo_line_to(d->cr, plot.x + plot.w, y);
		cairo_stroke(d->cr);
		cairo_set_dash(d->cr, NULL, 0, 0);
	}
	for (size_t s = 0; s < c->nseries && s < DRAW_SERIES_MAX; s++)
		series(d, &plot, &axis, c, s);
	last_values(d, &plot, &axis, c);
}
