#ifndef DRAW_DRAW_H
#define DRAW_DRAW_H
/*
 * Charts for mails, as PNG, and for the pages of paper.h: bars, lines over time,
 * bars that lie, radars, signs. The only layer that includes cairo, pango and libpng.
 *
 * Made for any eyes and any paper: dark on an opaque white ground (also where
 * a client turns its pages dark), colours of Okabe and Ito that differ in
 * brightness too, and nothing told by colour alone: series have marks and
 * dashes of their own, bars bear their numbers. Sizes are in points as the
 * reader sees them; the picture has twice as many pixels each way. It is written
 * with a palette: a third of the bytes of full colours.
 *
 * The same input gives the same bytes on a machine with the same fonts.
 * SECURITY: texts may be from outside: they are cut, and never markup.
 */
#include "base/err.h"
#include "base/strbuf.h"
#include <stddef.h>

enum { DRAW_SIZE_MAX = 2000, DRAW_SERIES_MAX = 3 };

struct draw;
struct draw_box {
	double x, y, w, h;
};

/* An empty white picture of at most DRAW_SIZE_MAX each way. */
struct draw *draw_new(int width, int height);
/* Ends it: appends the file's bytes. ERR_TEMP: no memory. Sets *d NULL either way. */
enum status draw_png(struct draw **d, struct sb *out, struct err *e) must_check;

struct draw_series {
	const char *name;        /* for the legend; NULL: none */
	const double *v;         /* n values, not negative; NAN = not known */
};

struct draw_chart {
	const char *title;
	const char *const *labels; /* n */
	size_t n;
	struct draw_series series[DRAW_SERIES_MAX];
	size_t nseries;
	size_t strong;           /* bars: this one is told from the others; n = all alike */
	double target;           /* lines: a dotted line at this height; 0: none */
	const char *target_name;
	const char *unit;        /* behind the title: "件", "時間" */
	int decimals;            /* of the values that are written */
};

/* Upright bars of the first series, each with its number on top. */
void draw_bars(struct draw *d, const struct draw_box *box, const struct draw_chart *c);
/* Series over time, the last value of each written. */
void draw_lines(struct draw *d, const struct draw_box *box, const struct draw_chart *c);
/* Lying bars of the first series, for long labels. */
void draw_rows(struct draw *d, const struct draw_box *box, const struct draw_chart *c);
/* Series around a middle, one axis a label (3 or more), from 0 at the middle to `target` at the
 * rim; what lies below 0 is drawn at the middle. The first series is filled, its values written. */
void draw_radar(struct draw *d, const struct draw_box *box, const struct draw_chart *c);
/* How high a box draw_rows wants for n rows. */
double draw_rows_height(size_t n);

/* ---- signs: told apart by their shape, dark enough for grey paper */
enum draw_sign { DRAW_SIGN_NONE /* － */, DRAW_SIGN_GOOD /* ◎ */, DRAW_SIGN_FAIR /* ○ */, DRAW_SIGN_WARN /* △ */, DRAW_SIGN_BAD /* × */ };
void draw_sign(struct draw *d, double x, double y, double size, enum draw_sign sign); /* x, y: its middle */
/* By the first character of a text: "△ 注意" is DRAW_SIGN_WARN; *rest_r = what follows it and the space, or NULL. */
enum draw_sign draw_sign_of(const char *text, const char **rest_r);

#endif
