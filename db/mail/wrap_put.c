/* The entity that an opened wrapping becomes. See wrap_put.h. */
#include "wrap_put.h"
#include "text/hdrword.h"
#include "xfer.h"

#define BOUNDARY "=_yorozu_opened_%zu"

void wrap_put_begin(size_t tag, struct sb *entity)
{
	sb_addf(entity, "Content-Type: multipart/mixed; boundary=\"" BOUNDARY "\"\r\n\r\n", tag);
}

/* A name or an id from the wrapping may not end its header line. */
static void put_safe(const char *s, struct sb *out)
{
	for (; *s; s++)
		sb_addc(out, (unsigned char)*s < 33 || (unsigned char)*s > 126 || *s == '<' || *s == '>' ? '_' : *s);
}

void wrap_put(size_t tag, const struct wrap_part *w, const void *p, size_t n, struct sb *entity)
{
	sb_addf(entity, "--" BOUNDARY "\r\nContent-Type: ", tag);
	put_safe(w->type ? w->type : "application/octet-stream", entity);
	if (w->charset)
		sb_addf(entity, "; charset=%s", w->charset);
	sb_adds(entity, "\r\nContent-Transfer-Encoding: base64\r\n");
	if (w->name) {
		sb_adds(entity, "Content-Disposition: attachment");
		text_encode_param("filename", w->name, entity);
		sb_adds(entity, "\r\n");
	}
	if (w->cid) {
		sb_adds(entity, "Content-ID: <");
		put_safe(w->cid, entity);
		sb_adds(entity, ">\r\n");
	}
	sb_adds(entity, "\r\n");
	xfer_base64(p, n, "\r\n", entity);
}

void wrap_put_end(size_t tag, struct sb *entity)
{
	sb_addf(entity, "--" BOUNDARY "--\r\n", tag);
}
