/* MAG-04: a photograph that says where it was taken is not sent to 50,000 readers unseen. */
#include "unit.h"
#include "exif.h"
#include <string.h>

/* A JPEG with two directories in either byte order: one entry that points at three of the GPS directory. */
static size_t make(unsigned char *out, bool big, unsigned first, unsigned second)
{
	static const unsigned char start[] = { 0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 'x', 'x', 0xFF, 0xE1, 0, 0, 'E', 'x', 'i', 'f', 0, 0 };
	unsigned char tiff[80] = { 0 };
	const struct { unsigned at, bytes, v; } put[] = {
		{ 2, 2, 42 }, { 4, 4, 8 }, { 8, 2, 1 }, { 10, 2, 0x8825 }, { 12, 2, 4 }, { 14, 4, 1 }, { 18, 4, 26 },
		{ 26, 2, 2 }, { 28, 2, first }, { 30, 2, 5 }, { 32, 4, 3 }, { 36, 4, 60 },
		{ 40, 2, second }, { 42, 2, 5 }, { 44, 4, 3 }, { 48, 4, 70 },
	};
	memset(tiff, big ? 'M' : 'I', 2);
	for (size_t i = 0; i < sizeof put / sizeof *put; i++)
		for (unsigned k = 0; k < put[i].bytes; k++)
			tiff[put[i].at + (big ? put[i].bytes - 1 - k : k)] = (unsigned char)(put[i].v >> 8 * k);
	memcpy(out, start, sizeof start);
	memcpy(out + sizeof start, tiff, sizeof tiff);
	out[11] = 2 + 6 + sizeof tiff;
	memcpy(out + sizeof start + sizeof tiff, "\xFF\xDA", 2);
	return sizeof start + sizeof tiff + 2;
}

START_TEST(a_place_is_found)
{
	unsigned char jpeg[200];
	for (int big = 0; big < 2; big++) {
		size_t n = make(jpeg, big, 2, 4);
		ck_assert(exif_has_place(jpeg, n));
		n = make(jpeg, big, 0, 29); /* a version and a date: no place */
		ck_assert(!exif_has_place(jpeg, n));
	}
	ck_assert(!exif_has_place("\x89PNG", 4));
	ck_assert(!exif_has_place("", 0));
}
END_TEST

/* Cut off, and every byte changed: nothing is read beyond the end. */
START_TEST(a_broken_one_is_survived)
{
	unsigned char whole[200];
	size_t n = make(whole, false, 2, 4), found = 0;
	for (size_t cut = 0; cut < n; cut++) {
		unsigned char *copy = malloc(cut ? cut : 1);
		memcpy(copy, whole, cut);
		found += exif_has_place(copy, cut);
		free(copy);
	}
	ck_assert_uint_eq(found, 2); /* without the end of the picture, or half of it */
	for (size_t at = 0; at < n * 256; at++) {
		unsigned char *copy = malloc(n);
		memcpy(copy, whole, n);
		copy[at / 256] = (unsigned char)at;
		found += exif_has_place(copy, n);
		free(copy);
	}
	ck_assert_uint_gt(found, 0);
}
END_TEST

UNIT_SUITE("exif", a_place_is_found, a_broken_one_is_survived)
