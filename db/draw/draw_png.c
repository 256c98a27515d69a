/*
 * The finished picture as a PNG with a palette. A chart has few colours, and
 * the shades between them and the white ground; four bits of each primary
 * colour tell those apart as well as the eye does.
 */
#include "draw/draw_int.h"
#include "base/xalloc.h"
#include <png.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { COLOURS = 256, KEYS = 4096 /* 4 bits times 3 */, STEP = 17 /* of a primary: 0, 17, … 255 */ };

struct palette {
	uint8_t rgb[COLOURS][3];
	size_t n;
	int16_t index[KEYS]; /* -1: not met yet */
};

static unsigned nearest_step(uint32_t v)
{
	return ((v & 255) + STEP / 2) / STEP;
}

static unsigned far(const uint8_t a[3], const uint8_t b[3])
{
	unsigned sum = 0;
	for (int i = 0; i < 3; i++)
		sum += (unsigned)((a[i] - b[i]) * (a[i] - b[i]));
	return sum;
}

/* Where no place is left, the nearest there is. */
static uint8_t add_colour(struct palette *p, const uint8_t rgb[3])
{
	size_t best = 0;
	if (p->n < COLOURS) {
		memcpy(p->rgb[p->n], rgb, 3);
		return (uint8_t)p->n++;
	}
	for (size_t i = 1; i < p->n; i++)
		if (far(p->rgb[i], rgb) < far(p->rgb[best], rgb))
			best = i;
	return (uint8_t)best;
}

static uint8_t index_of(struct palette *p, uint32_t pixel)
{
	unsigned r = nearest_step(pixel >> 16), g = nearest_step(pixel >> 8), b = nearest_step(pixel);
	int16_t *slot = &p->index[r << 8 | g << 4 | b];
	if (*slot < 0)
		*slot = add_colour(p, (const uint8_t[]){ (uint8_t)(r * STEP), (uint8_t)(g * STEP), (uint8_t)(b * STEP) });
	return (uint8_t)*slot;
}

static uint8_t *indexed(cairo_surface_t *s, struct palette *p)
{
	int w = cairo_image_surface_get_width(s), h = cairo_image_surface_get_height(s), stride = cairo_image_surface_get_stride(s);
	const unsigned char *data = cairo_image_surface_get_data(s);
	uint8_t *out = xmalloc((size_t)w * (size_t)h);
	memset(p->index, -1, sizeof p->index);
	for (int y = 0; y < h; y++)
		for (int x = 0; x < w; x++) {
			uint32_t pixel; /* RGB24 is a 32-bit number in the machine's order */
			memcpy(&pixel, data + (size_t)y * (size_t)stride + (size_t)x * 4, sizeof pixel);
			out[(size_t)y * (size_t)w + (size_t)x] = index_of(p, pixel);
		}
	return out;
}

static enum status write_png(cairo_surface_t *s, struct sb *out, struct err *e)
{
	struct palette *p = xcalloc(1, sizeof *p);
	uint8_t *pixels = indexed(s, p);
	png_image image = { .version = PNG_IMAGE_VERSION, .format = PNG_FORMAT_RGB_COLORMAP,
	                    .width = (png_uint_32)cairo_image_surface_get_width(s),
	                    .height = (png_uint_32)cairo_image_surface_get_height(s),
	                    .colormap_entries = (png_uint_32)p->n };
	png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
	uint8_t *file = xmalloc(size);
	bool ok = png_image_write_to_memory(&image, file, &size, 0, pixels, 0, p->rgb);
	if (ok)
		sb_add(out, file, size);
	free(file);
	free(pixels);
	free(p);
	return ok ? OK : err_set(e, ERR_TEMP, "PNG: %s", image.message);
}

enum status draw_png(struct draw **d, struct sb *out, struct err *e)
{
	cairo_status_t rc = cairo_status((*d)->cr);
	cairo_surface_flush((*d)->surface);
	enum status st = rc == CAIRO_STATUS_SUCCESS ? write_png((*d)->surface, out, e)
	                                            : err_set(e, ERR_TEMP, "drawing: %s", cairo_status_to_string(rc));
	draw_free(d);
	return st;
}
