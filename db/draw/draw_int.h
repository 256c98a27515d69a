#ifndef DRAW_DRAW_INT_H
#define DRAW_DRAW_INT_H
/* Inside db/draw only: the picture and what every chart needs. */
#include "draw/draw.h"
#include <cairo/cairo.h>
#include <pango/pangocairo.h>

struct draw {
	cairo_surface_t *surface;
	cairo_t *cr;
	PangoFontMap *fonts;
	PangoLayout *layout;
};
/* Drawing on any surface, which then is its own. */
struct draw *draw_on(cairo_surface_t *surface);
void draw_free(struct draw **d);
/* Japanese first: of the Han characters that differ, its forms are meant. BIZ UD has
 * outlines that cairo 1.16 embeds by the glyph; of Noto's CFF it often embeds all
 * 900 KB of subroutines (it counts the hints wrong), so that serves what BIZ UD lacks. */
extern const char draw_font[];

/* ---- colours: brightness falls in the order INK, STRONG, SECOND, SOFT, GRID */
enum draw_colour { DRAW_INK, DRAW_GREY, DRAW_STRONG, DRAW_SECOND, DRAW_THIRD, DRAW_SOFT, DRAW_GRID, DRAW_ALARM, DRAW_TINT };
void draw_colour(struct draw *d, enum draw_colour c);

/* ---- text: at x, y by its left, middle or right; y is the middle of the line */
enum draw_align { DRAW_LEFT, DRAW_MIDDLE, DRAW_RIGHT };
enum { DRAW_SMALL = 11, DRAW_NORMAL = 12, DRAW_TITLE = 14 };
struct draw_text {
	int size;
	enum draw_align align;
	double width;  /* cut to it with an ellipsis; 0 = as long as it is */
	int bold;
};
void draw_text(struct draw *d, double x, double y, const struct draw_text *how, const char *text);
double draw_text_width(struct draw *d, int size, const char *text);

/* ---- frames: title and legend are drawn, *plot_r is what is left for the values */
struct draw_axis {
	double top;    /* value of the plot's upper edge */
	double step;
};
/* A round scale for values up to `max`: 1, 2 or 5 times a power of ten a step. */
struct draw_axis draw_axis(double max, int decimals);
double draw_chart_max(const struct draw_chart *c);
void draw_title(struct draw *d, const struct draw_box *box, const struct draw_chart *c);
/* Grid lines and their numbers, and the labels below; for bars and lines. */
void draw_frame(struct draw *d, const struct draw_box *plot, const struct draw_chart *c, const struct draw_axis *axis);
/* The middle of the i-th of n equal slots. */
double draw_slot(const struct draw_box *plot, size_t n, size_t i);
/* Series told apart without colour: full, dashed, dash-dot; disc, triangle, square. */
void draw_line_style(struct draw *d, size_t series);
void draw_mark(struct draw *d, size_t series, double x, double y);
/* Names of series side by side from x, their middle at y. */
void draw_legend(struct draw *d, double x, double y, const struct draw_chart *c);
/* A value as it is written. buf >= 32. */
const char *draw_number(double v, int decimals, char buf[32]);

#endif
