/* The signs of a report: ◎ ○ △ × －, as shapes with strokes that survive a copier. */
#include "draw/draw_int.h"
#include <math.h>
#include <string.h>

static void ring(cairo_t *cr, double x, double y, double r)
{
	cairo_new_sub_path(cr);
	cairo_arc(cr, x, y, r, 0, 2 * M_PI);
}

static void triangle(cairo_t *cr, double x, double y, double r)
{
	cairo_move_to(cr, x, y - r);
	cairo_line_to(cr, x + r * 1.1, y + r * 0.85);
	cairo_line_to(cr, x - r * 1.1, y + r * 0.85);
	cairo_close_path(cr);
}

static void cross(cairo_t *cr, double x, double y, double r)
{
	cairo_move_to(cr, x - r, y - r);
	cairo_line_to(cr, x + r, y + r);
	cairo_move_to(cr, x + r, y - r);
	cairo_line_to(cr, x - r, y + r);
}

void draw_sign(struct draw *d, double x, double y, double size, enum draw_sign sign)
{
	static const enum draw_colour colour[] = { DRAW_GREY, DRAW_THIRD, DRAW_THIRD, DRAW_SECOND, DRAW_ALARM };
	const double r = size / 2, width = size * 0.14;
	cairo_save(d->cr);
	cairo_new_path(d->cr);
	cairo_set_line_join(d->cr, CAIRO_LINE_JOIN_ROUND);
	cairo_set_line_width(d->cr, width);
	draw_colour(d, colour[sign]);
	if (sign == DRAW_SIGN_NONE) {
		cairo_move_to(d->cr, x - r * 0.6, y);
		cairo_line_to(d->cr, x + r * 0.6, y);
	} else if (sign == DRAW_SIGN_WARN)
		triangle(d->cr, x, y, r - width / 2);
	else if (sign == DRAW_SIGN_BAD)
		cross(d->cr, x, y, (r - width / 2) * 0.85);
	else
		ring(d->cr, x, y, r - width / 2);
	if (sign == DRAW_SIGN_GOOD)
		ring(d->cr, x, y, r * 0.42);
	cairo_stroke(d->cr);
	cairo_restore(d->cr);
}

enum draw_sign draw_sign_of(const char *text, const char **rest_r)
{
	static const char *const signs[] = { "－", "◎", "○", "△", "×" };
	enum draw_sign sign = DRAW_SIGN_NONE;
	const char *rest = text;
	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
		if (strncmp(text, signs[i], strlen(signs[i])) == 0) {
			sign = (enum draw_sign)i;
			rest = text + strlen(signs[i]);
		}
	while (*rest == ' ')
		rest++;
	if (rest_r)
		*rest_r = *rest ? rest : NULL;
	return sign;
}
