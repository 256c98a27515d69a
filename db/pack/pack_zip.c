/*
 * An encrypted ZIP by libzip, built in memory. Names are UTF-8 and say so
 * (general purpose bit 11), so that Japanese names open right on any system.
 */
#include "pack_impl.h"
#include <string.h>
#include <zip.h>

enum { CHUNK = 64 << 10 };

static enum status fault(zip_error_t *z, struct err *e)
{
	enum status code = zip_error_code_zip(z) == ZIP_ER_MEMORY ? ERR_TEMP : ERR_PERM;
	return err_set(e, code, "zip: %.200s", zip_error_strerror(z));
}

/* MS-DOS time, in the time of this country whatever the machine's zone. */
static bool set_time(zip_t *z, zip_uint64_t i, epoch at)
{
	struct civil c = civil_of(at);
	unsigned date = (unsigned)(c.year < 1980 ? 0 : c.year - 1980) << 9 | (unsigned)c.mon << 5 | (unsigned)c.day;
	unsigned time = (unsigned)c.hour << 11 | (unsigned)c.min << 5 | (unsigned)c.sec / 2;
	return zip_file_set_dostime(z, i, (zip_uint16_t)time, (zip_uint16_t)date, 0) == 0;
}

static enum status add_file(zip_t *z, const struct pack_file *f, const char *password, epoch at, struct err *e)
{
	zip_source_t *src = zip_source_buffer(z, f->n ? f->p : "", f->n, 0);
	zip_int64_t i = src ? zip_file_add(z, f->name, src, ZIP_FL_ENC_UTF_8) : -1;
	if (i < 0) {
		zip_source_free(src);
		return fault(zip_get_error(z), e);
	}
	zip_int32_t how = pack_is_compressed(f->p, f->n) ? ZIP_CM_STORE : ZIP_CM_DEFLATE;
	if (zip_set_file_compression(z, (zip_uint64_t)i, how, 0) != 0 || !set_time(z, (zip_uint64_t)i, at) ||
	    zip_file_set_encryption(z, (zip_uint64_t)i, ZIP_EM_AES_256, password) != 0)
		return fault(zip_get_error(z), e);
	return OK;
}

/* zip_close writes into `to`; on an error nothing is left open. */
static enum status fill(zip_source_t *to, const struct pack_file *v, size_t n, const char *password, epoch at,
                        struct err *e)
{
	zip_error_t ze;
	zip_error_init(&ze);
	zip_t *z = zip_open_from_source(to, ZIP_TRUNCATE, &ze);
	if (!z) {
		zip_source_free(to);
		enum status st = fault(&ze, e);
		zip_error_fini(&ze);
		return st;
	}
	enum status st = OK;
	for (size_t i = 0; st == OK && i < n; i++)
		st = add_file(z, &v[i], password, at, e);
	if (st == OK && zip_close(z) == 0)
		return OK;
	if (st == OK)
		st = fault(zip_get_error(z), e);
	zip_discard(z);
	return st;
}

enum status pack_zip_take(zip_source_t *from, struct sb *out, struct err *e)
{
	zip_int64_t k = -1;
	if (zip_source_open(from) != 0)
		return fault(zip_source_error(from), e);
	do {
		sb_grow(out, CHUNK);
		k = zip_source_read(from, out->s + out->len, CHUNK);
		if (k > 0)
			out->len += (size_t)k;
		out->s[out->len] = '\0';
	} while (k > 0);
	enum status st = k < 0 ? fault(zip_source_error(from), e) : OK;
	zip_source_close(from);
	return st;
}

/* ---- AE-2 ------------------------------------------------------------------------
 * libzip says AE-2, whose CRC fields are 0 because the MAC vouches for the
 * bytes, but fills them from 20 bytes on: a check sum of the secret in the open.
 * (APPNOTE 4.3.7, 4.3.12, 4.3.16 for the offsets.) */

enum { END_SIZE = 22, END_COUNT = 10, END_CENTRAL = 16 };
enum { CENTRAL_SIZE = 46, CENTRAL_FLAGS = 8, CENTRAL_CRC = 16, CENTRAL_NAME = 28, CENTRAL_LOCAL = 42, LOCAL_CRC = 14 };
enum { FLAG_TRAILER = 8 };

static size_t number(const char *p, size_t bytes)
{
	size_t n = 0;
	while (bytes--)
		n = n << 8 | (unsigned char)p[bytes];
	return n;
}

/* It is our own archive: what does not look so is a fault of ours. */
static enum status clear_sums(char *zip, size_t n, struct err *e)
{
	const char *end = zip + n - END_SIZE;
	size_t count = n > END_SIZE ? number(end + END_COUNT, 2) : 0, at = count ? number(end + END_CENTRAL, 4) : n;
	for (size_t i = 0; i < count; i++) {
		char *c = zip + at;
		if (at + CENTRAL_SIZE > n || memcmp(c, "PK\1\2", 4) != 0 || number(c + CENTRAL_FLAGS, 2) & FLAG_TRAILER)
			return err_set(e, ERR_BUG, "zip: entry %zu is not where it should be", i);
		size_t local = number(c + CENTRAL_LOCAL, 4);
		if (local + LOCAL_CRC + 4 > at || memcmp(zip + local, "PK\3\4", 4) != 0)
			return err_set(e, ERR_BUG, "zip: file %zu is not where it should be", i);
		memset(c + CENTRAL_CRC, 0, 4);
		memset(zip + local + LOCAL_CRC, 0, 4);
		at += CENTRAL_SIZE + number(c + CENTRAL_NAME, 2) + number(c + CENTRAL_NAME + 2, 2) + number(c + CENTRAL_NAME + 4, 2);
	}
	return count ? OK : err_set(e, ERR_BUG, "zip: no end of the archive");
}

static enum status check(const struct pack_file *v, size_t n, const char *password, size_t max, struct err *e)
{
	size_t left = max;
	if (!n || !password || !*password)
		return err_set(e, ERR_PERM, "zip: no %s", n ? "password" : "file");
	if (n > PACK_FILES_MAX)
		return err_set(e, ERR_LIMIT, "zip: %zu files, at most %d", n, PACK_FILES_MAX);
	for (size_t i = 0; i < n; i++) {
		if (v[i].n > left)
			return err_set(e, ERR_LIMIT, "zip: more than %zu bytes", max);
		left -= v[i].n;
	}
	return OK;
}

enum status pack_zip(const struct pack_file *v, size_t n, const char *password, epoch at, size_t max, struct sb *out,
                     struct err *e)
{
	zip_error_t ze;
	const size_t before = out->len;
	enum status st = check(v, n, password, max, e);
	if (st != OK)
		return st;
	zip_error_init(&ze);
	zip_source_t *mem = zip_source_buffer_create(NULL, 0, 0, &ze);
	if (mem) {
		zip_source_keep(mem); /* past zip_close */
		st = fill(mem, v, n, password, at, e);
		if (st == OK)
			st = pack_zip_take(mem, out, e);
		if (st == OK)
			st = clear_sums(out->s + before, out->len - before, e);
		if (st != OK)
			sb_setlen(out, before);
		zip_source_free(mem);
	} else {
		st = fault(&ze, e);
	}
	zip_error_fini(&ze);
	return st;
}
