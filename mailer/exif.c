/* Does a JPEG say where it was taken? See exif.h. */
#include "exif.h"
#include <stdint.h>
#include <string.h>

enum { SOI = 0xD8, SOS = 0xDA, APP1 = 0xE1, GPS_DIRECTORY = 0x8825, LATITUDE = 2, LONGITUDE = 4, ENTRY = 12 };

struct tiff {
	const uint8_t *p;
	size_t n;
	bool big; /* endian */
};

/* 0 beyond the end. */
static uint32_t number(const struct tiff *t, size_t at, size_t bytes)
{
	uint32_t v = 0;
	if (at > t->n || bytes > t->n - at)
		return 0;
	for (size_t i = 0; i < bytes; i++)
		v = v << 8 | t->p[at + (t->big ? i : bytes - 1 - i)];
	return v;
}

/* The value of the directory's entry `tag`; 0: it has none. */
static uint32_t entry(const struct tiff *t, size_t directory, unsigned tag)
{
	uint32_t all = number(t, directory, 2);
	for (size_t i = 0, at = directory + 2; i < all && at < t->n; i++, at += ENTRY)
		if (number(t, at, 2) == tag)
			return number(t, at + 8, 4);
	return 0;
}

static bool place_in(const uint8_t *p, size_t n)
{
	struct tiff t = { p, n, false };
	if (n < 8 || (memcmp(p, "II*\0", 4) != 0 && memcmp(p, "MM\0*", 4) != 0))
		return false;
	t.big = *p == 'M';
	uint32_t gps = entry(&t, number(&t, 4, 4), GPS_DIRECTORY);
	return gps && entry(&t, gps, LATITUDE) && entry(&t, gps, LONGITUDE);
}

bool exif_has_place(const void *jpeg, size_t n)
{
	static const char exif[6] = "Exif\0";
	const uint8_t *p = jpeg;
	if (n < 4 || p[0] != 0xFF || p[1] != SOI)
		return false;
	for (size_t at = 2; n - at >= 4 && p[at] == 0xFF && p[at + 1] != SOS;) {
		size_t len = (size_t)p[at + 2] << 8 | p[at + 3];
		if (len < 2 || len > n - at - 2)
			return false;
		const uint8_t *data = p + at + 4;
		if (p[at + 1] == APP1 && len >= 2 + sizeof exif && memcmp(data, exif, sizeof exif) == 0 &&
		    place_in(data + sizeof exif, len - 2 - sizeof exif))
			return true;
		at += 2 + len;
	}
	return false;
}
