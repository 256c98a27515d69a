/* The picture, text, scales: see draw.h. */
#include "draw/draw_int.h"
#include "base/xalloc.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SCALE = 2, TEXT_BYTES = 600, TICKS = 4, AXIS_GAP = 8 };

const char draw_font[] = "BIZ UDPGothic, Noto Sans CJK JP, Noto Sans, sans-serif";

/* One a thread, kept until it ends: to find and open the fonts takes as long as to
 * fill three pages. */
static PangoFontMap *font_map(void)
{
	static _Thread_local PangoFontMap *map;
	if (!map)
		map = pango_cairo_font_map_new();
	return g_object_ref(map);
}

struct draw *draw_on(cairo_surface_t *surface)
{
	struct draw *d = xcalloc(1, sizeof *d);
	d->surface = surface;
	d->cr = cairo_create(d->surface);
	d->fonts = font_map();
	PangoContext *context = pango_font_map_create_context(d->fonts);
	pango_context_set_language(context, pango_language_from_string("ja"));
	/* Grey levels, no subpixel colours; the same whatever the desktop says. */
	cairo_font_options_t *o = cairo_font_options_create();
	cairo_font_options_set_antialias(o, CAIRO_ANTIALIAS_GRAY);
	cairo_font_options_set_hint_style(o, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(o, CAIRO_HINT_METRICS_OFF);
	pango_cairo_context_set_font_options(context, o);
	cairo_font_options_destroy(o);
	pango_cairo_update_context(d->cr, context);
	d->layout = pango_layout_new(context);
	g_object_unref(context);
	return d;
}

void draw_free(struct draw **dp)
{
	struct draw *d = *dp;
	*dp = NULL;
	g_object_unref(d->layout);
	g_object_unref(d->fonts);
	cairo_destroy(d->cr);
	cairo_surface_destroy(d->surface);
	free(d);
}

struct draw *draw_new(int width, int height)
{
	int w = width < DRAW_SIZE_MAX ? width : DRAW_SIZE_MAX, h = height < DRAW_SIZE_MAX ? height : DRAW_SIZE_MAX;
	struct draw *d = draw_on(cairo_image_surface_create(CAIRO_FORMAT_RGB24, w * SCALE, h * SCALE));
	cairo_scale(d->cr, SCALE, SCALE);
	cairo_set_source_rgb(d->cr, 1, 1, 1);
	cairo_paint(d->cr);
	pango_cairo_update_layout(d->cr, d->layout);
	return d;
}

void draw_colour(struct draw *d, enum draw_colour c)
{
	static const unsigned rgb[] = {
		[DRAW_INK] = 0x222222, [DRAW_GREY] = 0x555555, [DRAW_STRONG] = 0x005588, [DRAW_SECOND] = 0xCC5500,
		[DRAW_THIRD] = 0x009977, [DRAW_SOFT] = 0x99BBDD, [DRAW_GRID] = 0xDDDDDD, [DRAW_ALARM] = 0xAA0022,
		[DRAW_TINT] = 0xEEF3F8, /* of steps the palette has */
	};
	unsigned v = rgb[c];
	cairo_set_source_rgb(d->cr, (v >> 16) / 255.0, (v >> 8 & 255) / 255.0, (v & 255) / 255.0);
}

/* ---- text ---------------------------------------------------------------------- */

/* Valid UTF-8 of one line: pango draws nothing of what it can't read. */
static void set_text(struct draw *d, const struct draw_text *how, const char *text)
{
	char line[TEXT_BYTES];
	PangoFontDescription *f = pango_font_description_from_string(draw_font);
	size_t n = strcspn(text, "\r\n");
	snprintf(line, sizeof line, "%.*s", (int)(n < sizeof line ? n : sizeof line - 1), text);
	char *safe = g_utf8_make_valid(line, -1);
	pango_font_description_set_absolute_size(f, how->size * PANGO_SCALE);
	pango_font_description_set_weight(f, how->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
	pango_layout_set_font_description(d->layout, f);
	pango_layout_set_ellipsize(d->layout, how->width > 0 ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_NONE);
	pango_layout_set_width(d->layout, how->width > 0 ? (int)(how->width * PANGO_SCALE) : -1);
	pango_layout_set_single_paragraph_mode(d->layout, TRUE);
	pango_layout_set_text(d->layout, safe, -1);
	pango_font_description_free(f);
	g_free(safe);
}

static void measure(struct draw *d, double *w, double *h)
{
	PangoRectangle r;
	pango_layout_get_extents(d->layout, NULL, &r);
	*w = (double)r.width / PANGO_SCALE;
	*h = (double)r.height / PANGO_SCALE;
}

void draw_text(struct draw *d, double x, double y, const struct draw_text *how, const char *text)
{
	double w, h;
	set_text(d, how, text);
	measure(d, &w, &h);
	x -= how->align == DRAW_RIGHT ? w : how->align == DRAW_MIDDLE ? w / 2 : 0;
	cairo_move_to(d->cr, x, y - h / 2);
	pango_cairo_show_layout(d->cr, d->layout);
}

double draw_text_width(struct draw *d, int size, const char *text)
{
	double w, h;
	set_text(d, &(struct draw_text){ .size = size }, text);
	measure(d, &w, &h);
	return w;
}

const char *draw_number(double v, int decimals, char buf[32])
{
	snprintf(buf, 32, "%.*f", decimals, v);
	return buf;
}

/* ---- scales and frames ---------------------------------------------------------------- */

struct draw_axis draw_axis(double max, int decimals)
{
	static const double steps[] = { 1, 2, 5, 10 };
	double least = decimals ? 0.5 : 1, raw = (max > 0 ? max : least) / TICKS;
	double base = pow(10, floor(log10(raw))), step = base;
	for (size_t i = 0; i < sizeof steps / sizeof *steps && step < raw; i++)
		step = base * steps[i];
	if (step < least)
		step = least;
	return (struct draw_axis){ .top = step * fmax(1, ceil(max / step - 1e-9)), .step = step };
}

double draw_chart_max(const struct draw_chart *c)
{
	double max = c->target;
	for (size_t s = 0; s < c->nseries; s++)
		for (size_t i = 0; i < c->n; i++)
			if (c->series[s].v[i] > max) /* not for NAN */
				max = c->series[s].v[i];
	return max;
}

void draw_title(struct draw *d, const struct draw_box *box, const struct draw_chart *c)
{
	char line[TEXT_BYTES];
	snprintf(line, sizeof line, c->unit ? "%s（%s）" : "%s%s", c->title, c->unit ? c->unit : "");
	draw_colour(d, DRAW_INK);
	draw_text(d, box->x, box->y + 10, &(struct draw_text){ .size = DRAW_TITLE, .bold = 1, .width = box->w }, line);
}

double draw_slot(const struct draw_box *plot, size_t n, size_t i)
{
	return plot->x + plot->w * ((double)i + 0.5) / (double)n;
}

static void grid(struct draw *d, const struct draw_box *plot, const struct draw_axis *axis)
{
	char buf[32];
	int decimals = axis->step < 1;
	for (double v = 0; v <= axis->top + axis->step / 100; v += axis->step) {
		double y = plot->y + plot->h * (1 - v / axis->top);
		draw_colour(d, v > 0 ? DRAW_GRID : DRAW_GREY);
		cairo_set_line_width(d->cr, 1);
		cairo_move_to(d->cr, plot->x, y);
		cairo_line_to(d->cr, plot->x + plot->w, y);
		cairo_stroke(d->cr);
		draw_colour(d, DRAW_GREY);
		draw_text(d, plot->x - AXIS_GAP, y, &(struct draw_text){ .size = DRAW_SMALL, .align = DRAW_RIGHT },
		          draw_number(v, decimals, buf));
	}
}

/* "2025年|10月": what stands before the bar goes below, where it is new. */
static void label(struct draw *d, double x, double y, const char *text)
{
	const struct draw_text how = { .size = DRAW_SMALL, .align = DRAW_MIDDLE };
	const char *bar = strchr(text, '|');
	char upper[64];
	snprintf(upper, sizeof upper, "%.*s", bar ? (int)(bar - text) : 0, text);
	draw_colour(d, DRAW_INK);
	draw_text(d, x, y + 10, &how, bar ? bar + 1 : text);
	draw_colour(d, DRAW_GREY);
	if (bar)
		draw_text(d, x, y + 25, &how, upper);
}

void draw_frame(struct draw *d, const struct draw_box *plot, const struct draw_chart *c, const struct draw_axis *axis)
{
	grid(d, plot, axis);
	for (size_t i = 0; i < c->n; i++)
		label(d, draw_slot(plot, c->n, i), plot->y + plot->h, c->labels[i]);
}
