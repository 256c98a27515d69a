#ifndef INGEST_MULTIPART_H
#define INGEST_MULTIPART_H
/*
 * multipart/form-data (RFC 7578) as it streams in, in constant memory. Bytes go
 * in as they come; what they hold comes out through the three functions.
 * SECURITY: hostile input; header of a part at most 8 KB, at most 200 parts.
 */
#include "base/err.h"
#include <stddef.h>

struct multipart_head {
	const char *name;     /* of the field, UTF-8 on one line */
	const char *filename; /* as given, decoded; NULL: not a file. Not clean: file_name_clean */
	const char *type;     /* media type in lower case, without parameters; "" if none */
};

/* Each may end the parsing with an error, which multipart_feed returns. */
struct multipart_sink {
	enum status (*begin)(void *arg, const struct multipart_head *h, struct err *e);
	enum status (*data)(void *arg, const void *p, size_t n, struct err *e);
	enum status (*end)(void *arg, struct err *e);
};

struct multipart;
/* NULL: the Content-Type has no usable boundary. `sink` and arg are borrowed. */
struct multipart *multipart_new(const char *content_type, const struct multipart_sink *sink, void *arg);
/* ERR_PERM: broken. ERR_LIMIT: too many parts, or too much header. After an
 * error nothing more may be fed. */
enum status multipart_feed(struct multipart *m, const void *p, size_t n, struct err *e) must_check;
/* The body is over. ERR_PERM: it was cut off. */
enum status multipart_finish(const struct multipart *m, struct err *e) must_check;
void multipart_free(struct multipart **m); /* accepts NULL */

#endif
