/* Bodies of batches: see agent_body.h. */
#include "store/agent_body.h"
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

enum { SCRATCH = 8192 };

static bool is_zstd(const uint8_t *p, size_t n)
{
	return n >= 4 && memcmp(p, "\x28\xB5\x2F\xFD", 4) == 0;
}

/* RFC 1950 §2.2: method 8, no dictionary, check bits. */
static bool is_zlib(const uint8_t *p, size_t n)
{
	return n >= 6 && (p[0] & 15) == 8 && !(p[1] & 32) && (p[0] << 8 | p[1]) % 31 == 0;
}

static enum status broken(struct err *e)
{
	return err_set(e, ERR_PERM, "compression is broken");
}

static enum status too_large(size_t max, struct err *e)
{
	return err_set(e, ERR_LIMIT, "more than %zu bytes when decompressed", max);
}

static enum status zstd_size(const void *p, size_t n, size_t max, size_t *size_r, struct err *e)
{
	unsigned long long size = ZSTD_getFrameContentSize(p, n);
	if (size == ZSTD_CONTENTSIZE_UNKNOWN || size == ZSTD_CONTENTSIZE_ERROR || ZSTD_findFrameCompressedSize(p, n) != n)
		return broken(e);
	if (size > max)
		return too_large(max, e);
	*size_r = (size_t)size;
	return OK;
}

/* Through a small buffer, only to count. */
static enum status zlib_size(const void *p, size_t n, size_t max, size_t *size_r, struct err *e)
{
	uint8_t scratch[SCRATCH];
	z_stream z = { .next_in = (uint8_t *)p, .avail_in = (unsigned)n };
	int rc = Z_OK;
	if (inflateInit(&z) != Z_OK)
		return err_set(e, ERR_TEMP, "zlib: out of memory");
	while (rc == Z_OK && z.total_out <= max) {
		z.next_out = scratch;
		z.avail_out = sizeof scratch;
		rc = inflate(&z, Z_NO_FLUSH);
	}
	*size_r = z.total_out;
	bool all = rc == Z_STREAM_END && z.avail_in == 0;
	inflateEnd(&z);
	if (*size_r > max)
		return too_large(max, e);
	return all ? OK : broken(e);
}

enum status agent_body_size(const void *p, size_t n, size_t max, size_t *size_r, struct err *e)
{
	if (is_zstd(p, n))
		return zstd_size(p, n, max, size_r, e);
	return is_zlib(p, n) ? zlib_size(p, n, max, size_r, e) : broken(e);
}

enum status agent_body_open(const void *p, size_t n, size_t size, struct sb *out, struct err *e)
{
	size_t got = size;
	bool good;
	sb_grow(out, size);
	if (is_zstd(p, n)) {
		got = ZSTD_decompress(out->s + out->len, size, p, n);
		good = got == size;
	} else {
		unsigned long to = size;
		good = uncompress((uint8_t *)out->s + out->len, &to, p, n) == Z_OK && to == size;
	}
	if (!good)
		return broken(e);
	out->len += size;
	out->s[out->len] = '\0';
	return OK;
}
