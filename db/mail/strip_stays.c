/* What goes, what stays: by what a part is called and by what it is. See strip_stays.h. */
#include "strip_stays.h"
#include "text/file_kind.h"
#include "xfer.h"
#include <string.h>

enum { SIGNATURE_MAX = 64 << 10, PEEK = 2 * FILE_KIND_BYTES };

static bool is(const struct msg_part *p, const char *type)
{
	return strcmp(p->type, type) == 0;
}

/* What the part really is, as far as its beginning tells. */
static const struct file_kind *peek(const struct msg_part *p, bool *nul_r)
{
	struct sb b = SB_INIT;
	xfer_decode(p->encoding, p->body, p->body_len < PEEK ? p->body_len : PEEK, FILE_KIND_BYTES, &b);
	const struct file_kind *k = file_kind_of(b.s, b.len);
	*nul_r = memchr(b.s, '\0', b.len) != NULL;
	sb_free(&b);
	return k;
}

/* Signatures and reports are read by machines and say something to staff. */
static bool is_paper(const struct msg_part *p)
{
	static const char *const types[] = { "application/pgp-signature", "application/pkcs7-signature",
		                             "application/x-pkcs7-signature", "application/pgp-encrypted",
		                             "message/delivery-status", "message/disposition-notification",
		                             "message/feedback-report", "text/rfc822-headers", NULL };
	for (const char *const *t = types; *t; t++)
		if (is(p, *t))
			return p->body_len <= SIGNATURE_MAX;
	return false;
}

static bool picture_stays(const struct strip_rules *r, const struct msg_part *p)
{
	bool embedded = p->content_id && !(p->disposition && strcmp(p->disposition, "attachment") == 0);
	size_t size = strcmp(p->encoding, "base64") == 0 ? p->body_len / 4 * 3 : p->body_len;
	return r->keep_images || (embedded && size <= r->inline_image_max);
}

bool strip_stays(const struct strip_rules *r, const struct msg_part *p)
{
	bool nul;
	if (!msg_part_is_file(p)) {
		const struct file_kind *k = peek(p, &nul);
		return !k;
	}
	if (is_paper(p))
		return !peek(p, &nul) && (!nul || strstr(p->type, "pkcs7"));
	if (strncmp(p->type, "image/", 6) == 0 && picture_stays(r, p)) {
		const struct file_kind *k = peek(p, &nul);
		return k && k->picture;
	}
	return false;
}
