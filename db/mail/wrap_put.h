#ifndef MAIL_WRAP_PUT_H
#define MAIL_WRAP_PUT_H
/* Writes the entity of wrap.h: multipart/mixed, everything in base64, so that no
 * content can look like a boundary. `tag`: a number of its own, so that one entity
 * can stand in another. */
#include "base/strbuf.h"
#include <stddef.h>

struct wrap_part {
	const char *type;    /* "text/plain"; NULL: application/octet-stream */
	const char *charset; /* or NULL */
	const char *name;    /* of a file, UTF-8; NULL: a text to read */
	const char *cid;     /* or NULL */
};

void wrap_put_begin(size_t tag, struct sb *entity);
void wrap_put(size_t tag, const struct wrap_part *w, const void *p, size_t n, struct sb *entity);
void wrap_put_end(size_t tag, struct sb *entity);

#endif
