/* Compression of bodies. See store_zip.h. */
#include "store/store_zip.h"
#include "base/log.h"
#include "base/xalloc.h"
#include <stdlib.h>
#include <zstd.h>

enum { LEVEL = 3 };

struct store_zip {
	ZSTD_CCtx *c;
	ZSTD_DCtx *d;
};

static struct store_zip *zip_new(void)
{
	struct store_zip *z = xcalloc(1, sizeof *z);
	z->c = ZSTD_createCCtx();
	z->d = ZSTD_createDCtx();
	if (!z->c || !z->d)
		log_bug("zip", "why=\"out of memory\"");
	ZSTD_CCtx_setParameter(z->c, ZSTD_c_compressionLevel, LEVEL);
	ZSTD_CCtx_setParameter(z->c, ZSTD_c_checksumFlag, 1);
	return z;
}

enum status zip_pack(struct store_zip **z, const void *p, size_t n, struct sb *out, struct err *e)
{
	if (!*z)
		*z = zip_new();
	size_t most = ZSTD_compressBound(n), start = out->len;
	sb_grow(out, most);
	size_t k = ZSTD_compress2((*z)->c, out->s + start, most, p, n);
	if (ZSTD_isError(k))
		return err_set(e, ERR_TEMP, "compress: %s", ZSTD_getErrorName(k));
	out->len = start + k;
	out->s[out->len] = '\0';
	return OK;
}

enum status zip_unpack(struct store_zip **z, const void *p, size_t n, size_t size, struct sb *out, struct err *e)
{
	if (!*z)
		*z = zip_new();
	if (ZSTD_getFrameContentSize(p, n) != size)
		return err_set(e, ERR_TEMP, "stored body is damaged: not of %zu bytes", size);
	sb_grow(out, size);
	size_t k = ZSTD_decompressDCtx((*z)->d, out->s + out->len, size, p, n);
	if (ZSTD_isError(k) || k != size)
		return err_set(e, ERR_TEMP, "stored body is damaged: %s",
		               ZSTD_isError(k) ? ZSTD_getErrorName(k) : "short");
	out->len += k;
	out->s[out->len] = '\0';
	return OK;
}

void store_zip_free(struct store_zip **z)
{
	if (!*z)
		return;
	ZSTD_freeCCtx((*z)->c);
	ZSTD_freeDCtx((*z)->d);
	free(*z);
	*z = NULL;
}
