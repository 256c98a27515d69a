#ifndef MAIL_STRIP_TEXT_H
#define MAIL_STRIP_TEXT_H
/* Files inside a text: uuencode, base64 left over; a part of msg_strip. */
#include "base/strbuf.h"
#include "text/file_kind.h"
#include <stdbool.h>

struct text_file {
	const char *from, *to;    /* whole lines of the text */
	const char *name;         /* not terminated; n 0: none */
	size_t name_len;
	const char *encoding;     /* for xfer_decode */
};

/* The next file in p..end, from *pos on, which moves behind it. */
bool strip_text_next(const char **pos, const char *end, struct text_file *f);

#endif
