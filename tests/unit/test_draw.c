/* DESK-16: charts. What is checked does not depend on the fonts: size, colours at places, sameness. */
#include "unit.h"
#include "draw/draw.h"
#include <math.h>
#include <png.h>
#include <string.h>

static struct err err;
static const char *const labels[] = { "2025年|12月", "2026年|1月", "2月" };
static const double values[] = { 10, 20, 5 }, gaps[] = { 2, NAN, 4 }, zero[] = { 0, 0, 0 };

enum { W = 300, H = 200 };

static struct draw_chart chart(const double *v)
{
	return (struct draw_chart){ .title = "相談", .unit = "件", .labels = labels, .n = 3, .series = { { NULL, v } }, .nseries = 1, .strong = 1 };
}

typedef void paint(struct draw *d, const struct draw_box *box, const struct draw_chart *c);

static struct sb drawn(paint *fn, const struct draw_chart *c)
{
	struct sb out = SB_INIT;
	struct draw *d = draw_new(W, H);
	fn(d, &(struct draw_box){ 10, 10, W - 20, H - 20 }, c);
	ck_assert_int_eq(draw_png(&d, &out, &err), OK);
	ck_assert_ptr_null(d);
	return out;
}

/* Decoded as RGB; the caller frees. */
static unsigned char *pixels(const struct sb *png)
{
	png_image im = { .version = PNG_IMAGE_VERSION };
	ck_assert(png_image_begin_read_from_memory(&im, png->s, png->len));
	ck_assert_uint_eq(im.width, 2 * W);
	ck_assert_uint_eq(im.height, 2 * H);
	im.format = PNG_FORMAT_RGB;
	unsigned char *p = malloc(PNG_IMAGE_SIZE(im));
	ck_assert(png_image_finish_read(&im, NULL, p, 0, NULL));
	return p;
}

static size_t of_colour(const unsigned char *p, unsigned rgb)
{
	size_t n = 0;
	for (size_t i = 0; i < (size_t)4 * W * H; i++)
		n += (unsigned)(p[3 * i] << 16 | p[3 * i + 1] << 8 | p[3 * i + 2]) == rgb;
	return n;
}

/* Perceived brightness, 0 to 255. */
static double brightness(unsigned rgb)
{
	return 0.299 * (rgb >> 16) + 0.587 * (rgb >> 8 & 255) + 0.114 * (rgb & 255);
}

enum { STRONG = 0x005588, SECOND = 0xCC5500, SOFT = 0x99BBDD, WHITE = 0xFFFFFF };

START_TEST(bars_are_as_long_as_their_values)
{
	const struct draw_chart c = chart(values);
	struct sb png = drawn(draw_bars, &c);
	unsigned char *p = pixels(&png);
	/* 20 is dark, 10 and 5 are light: areas as 20 to 15, and the ground is white. */
	double ratio = (double)of_colour(p, STRONG) / (double)of_colour(p, SOFT);
	ck_assert_double_eq_tol(ratio, 20.0 / 15, 0.06);
	ck_assert_uint_gt(of_colour(p, WHITE), 2u * W * H);
	ck_assert_uint_lt(png.len, 20000);
	free(p);
	sb_free(&png);
}
END_TEST

START_TEST(rows_are_as_long_as_their_values)
{
	struct draw_chart c = chart(values);
	struct sb png = drawn(draw_rows, &c);
	unsigned char *p = pixels(&png);
	ck_assert_double_eq_tol((double)of_colour(p, STRONG) / (double)of_colour(p, SOFT), 20.0 / 15, 0.06);
	free(p);
	sb_free(&png);
	c.strong = c.n; /* all alike */
	png = drawn(draw_rows, &c);
	p = pixels(&png);
	ck_assert_uint_eq(of_colour(p, SOFT), 0);
	free(p);
	sb_free(&png);
}
END_TEST

START_TEST(two_lines_differ_without_colour)
{
	struct draw_chart c = chart(values);
	c.series[1] = (struct draw_series){ "p90", gaps };
	c.nseries = 2;
	c.target = 7;
	c.target_name = "target";
	struct sb png = drawn(draw_lines, &c);
	unsigned char *p = pixels(&png);
	ck_assert_uint_gt(of_colour(p, STRONG), 300);
	ck_assert_uint_gt(of_colour(p, SECOND), 60); /* only its marks: the value between is not known */
	ck_assert_double_gt(fabs(brightness(STRONG) - brightness(SECOND)), 30);
	ck_assert_double_gt(brightness(SOFT) - brightness(STRONG), 90);
	free(p);
	sb_free(&png);
}
END_TEST

/* How many pixels of a larger picture are filled by the first series. */
static size_t filled(const double *v)
{
	enum { SIDE = 600, TINT = 0xEEEEFF /* as the palette has it */ };
	static const char *const axes[] = { "a", "b", "c", "d" };
	struct sb out = SB_INIT;
	struct draw *d = draw_new(SIDE, SIDE);
	const struct draw_chart c = { .title = "t", .labels = axes, .n = 4, .series = { { NULL, v } }, .nseries = 1, .target = 100 };
	png_image im = { .version = PNG_IMAGE_VERSION };
	draw_radar(d, &(struct draw_box){ 10, 10, SIDE - 20, SIDE - 20 }, &c);
	ck_assert_int_eq(draw_png(&d, &out, &err), OK);
	ck_assert(png_image_begin_read_from_memory(&im, out.s, out.len));
	im.format = PNG_FORMAT_RGB;
	unsigned char *p = malloc(PNG_IMAGE_SIZE(im));
	size_t n = 0;
	ck_assert(png_image_finish_read(&im, NULL, p, 0, NULL));
	for (size_t i = 0; i < (size_t)im.width * im.height; i++)
		n += (p[3 * i] << 16 | p[3 * i + 1] << 8 | p[3 * i + 2]) == TINT;
	free(p);
	sb_free(&out);
	return n;
}

/* Areas of the first series are as the squares of its values; below 0 is the middle. */
START_TEST(radars_are_as_wide_as_their_values)
{
	static const double full[] = { 100, 100, 100, 100 }, half[] = { 50, 50, 50, 50 }, below[] = { -25, -25, -25, -25 };
	ck_assert_uint_gt(filled(half), 10000);
	ck_assert_double_eq_tol((double)filled(full) / (double)filled(half), 4, 0.4);
	ck_assert_uint_lt(filled(below), 100);
}
END_TEST

START_TEST(nothing_to_draw_is_drawn)
{
	struct draw_chart c = chart(zero), none = chart(zero);
	none.n = 0;
	paint *const all[] = { draw_bars, draw_lines, draw_rows, draw_radar };
	for (size_t i = 0; i < 4; i++) {
		struct sb a = drawn(all[i], &c), b = drawn(all[i], &none);
		ck_assert_uint_gt(a.len, 100);
		ck_assert_uint_gt(b.len, 100);
		sb_free(&a);
		sb_free(&b);
	}
}
END_TEST

START_TEST(the_same_gives_the_same_bytes)
{
	const struct draw_chart c = chart(values);
	struct sb a = drawn(draw_bars, &c), b = drawn(draw_bars, &c);
	ck_assert_uint_eq(a.len, b.len);
	ck_assert_int_eq(memcmp(a.s, b.s, a.len), 0);
	sb_free(&a);
	sb_free(&b);
}
END_TEST

/* Names of contracts come from outside. */
START_TEST(hostile_labels_do_no_harm)
{
	static char longest[70000];
	memset(longest, 'x', sizeof longest - 1);
	const char *const bad[] = { "<b>&\xff\xfe\xe3\x81", longest, "a\nb\x01" };
	struct draw_chart c = chart(values);
	c.labels = bad;
	c.title = longest;
	struct sb a = drawn(draw_rows, &c), b = drawn(draw_bars, &c);
	ck_assert_uint_lt(a.len, 60000);
	ck_assert_uint_lt(b.len, 60000);
	sb_free(&a);
	sb_free(&b);
	struct draw *d = draw_new(1 << 30, 1 << 30); /* and no size does */
	ck_assert_int_eq(draw_png(&d, &a, &err), OK);
	sb_free(&a);
}
END_TEST

UNIT_SUITE("draw", bars_are_as_long_as_their_values, rows_are_as_long_as_their_values, two_lines_differ_without_colour,
           radars_are_as_wide_as_their_values,
           nothing_to_draw_is_drawn, the_same_gives_the_same_bytes, hostile_labels_do_no_harm)
