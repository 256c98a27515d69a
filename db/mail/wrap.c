/* Parts that are only a wrapping. See wrap.h. */
#include "wrap.h"
#include "base/crypto_cms.h"
#include "hdr.h"
#include "msg_impl.h"
#include "strip_text.h"
#include "text/charset.h"
#include "tnef.h"
#include "wrap_put.h"
#include "xfer.h"
#include <string.h>
#include <strings.h>

enum { DECODED_MAX = 64 << 20 };

static bool is(const struct msg_part *p, const char *type)
{
	return strcmp(p->type, type) == 0;
}

static bool named(const struct msg_part *p, const char *end)
{
	size_t n = p->filename ? strlen(p->filename) : 0, k = strlen(end);
	return n >= k && strcasecmp(p->filename + n - k, end) == 0;
}

static bool is_smime(const struct msg_part *p)
{
	return is(p, "application/pkcs7-mime") || is(p, "application/x-pkcs7-mime") ||
	       (is(p, "application/octet-stream") && named(p, ".p7m"));
}

static bool is_tnef(const struct msg_part *p)
{
	return is(p, "application/ms-tnef") || is(p, "application/vnd.ms-tnef") || named(p, "winmail.dat");
}

/* What a reader has before him when he comes to this part. */
static void text_beside(const struct msg_part *p, struct sb *out)
{
	if (p->parent && p->parent->kind == PART_MULTIPART)
		msg_part_read(p->parent, out);
}

static enum wrap_found open_tnef(const struct msg_part *p, const struct sb *bytes, struct sb *entity)
{
	struct sb have = SB_INIT;
	text_beside(p, &have);
	bool opened = tnef_open(bytes->s, bytes->len, have.s, entity);
	sb_free(&have);
	return opened ? WRAP_OPENED : WRAP_NONE;
}

static enum wrap_found open_cms(const struct sb *bytes, struct sb *entity)
{
	switch (crypto_cms_open(bytes->s, bytes->len, entity)) {
	case CMS_WRAPPED: return WRAP_OPENED;
	case CMS_ENCRYPTED: return WRAP_SEALED;
	default: return WRAP_NONE;
	}
}

enum wrap_found wrap_open(const struct msg_part *p, struct sb *entity)
{
	struct sb bytes = SB_INIT;
	enum wrap_found found = WRAP_NONE;
	bool smime = is_smime(p);
	if (!smime && !is_tnef(p))
		return WRAP_NONE;
	if (xfer_decode(p->encoding, p->body, p->body_len, DECODED_MAX, &bytes))
		found = smime ? open_cms(&bytes, entity) : open_tnef(p, &bytes, entity);
	sb_free(&bytes);
	return found;
}
