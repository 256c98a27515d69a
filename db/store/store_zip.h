#ifndef STORE_ZIP_H
#define STORE_ZIP_H
/* Compression of bodies; the only user of zstd. One struct a connection keeps
 * the compressor's memory (about 1 MB) from one message to the next. */
#include "base/err.h"
#include "base/strbuf.h"
#include <stdint.h>

struct store_zip;

/* Appends one frame, with a checksum. *z is made when NULL. */
enum status zip_pack(struct store_zip **z, const void *p, size_t n, struct sb *out, struct err *e) must_check;
/* Appends exactly `size` bytes, or ERR_TEMP: what is stored is damaged. */
enum status zip_unpack(struct store_zip **z, const void *p, size_t n, size_t size, struct sb *out,
                       struct err *e) must_check;
void store_zip_free(struct store_zip **z);

#endif
