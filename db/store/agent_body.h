#ifndef STORE_AGENT_BODY_H
#define STORE_AGENT_BODY_H
/*
 * What is inside an envelope, decompressed: one zstd frame that says its size,
 * or one zlib stream. Of neither is a byte allocated before the size is known.
 *
 * SECURITY: a bomb costs the time of decompressing HC1_JSON_MAX, and no memory.
 */
#include "base/err.h"
#include "base/strbuf.h"

/* How many bytes it will be. ERR_PERM: neither of the two, or broken; ERR_LIMIT:
 * more than max. */
enum status agent_body_size(const void *p, size_t n, size_t max, size_t *size_r, struct err *e) must_check;
/* Appends exactly so many. ERR_PERM. */
enum status agent_body_open(const void *p, size_t n, size_t size, struct sb *out, struct err *e) must_check;

#endif
