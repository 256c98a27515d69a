/* Parts that are only a wrapping. See wrap.h. */
#include "wrap.h"
#include "base/crypto_cms.h"
#include "msg_impl.h"
#include "part_scan.h"
#include "text/begins.h"
#include "text/rtf.h"
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

static bool is_smime(const struct msg_part *p)
{
	return is(p, "application/pkcs7-mime") || is(p, "application/x-pkcs7-mime") ||
	       (is(p, "application/octet-stream") && text_ends(p->filename, ".p7m"));
}

static bool is_tnef(const struct msg_part *p)
{
	return is(p, "application/ms-tnef") || is(p, "application/vnd.ms-tnef") || text_ends(p->filename, "winmail.dat");
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

/* Text of base64 between two lines of dashes, as tools write it (RFC 7468 §8). */
static bool from_pem(const struct sb *bytes, struct sb *der)
{
	const char *begin = bytes->len > 11 && memcmp(bytes->s, "-----BEGIN ", 11) == 0 ? strchr(bytes->s, '\n') : NULL;
	const char *end = begin ? strstr(begin, "-----END ") : NULL;
	return end && xfer_decode("base64", begin, (size_t)(end - begin), DECODED_MAX, der);
}

static enum wrap_found open_cms(const struct sb *bytes, struct sb *entity)
{
	struct sb der = SB_INIT;
	bool pem = from_pem(bytes, &der);
	enum cms_kind kind = crypto_cms_open(pem ? der.s : bytes->s, pem ? der.len : bytes->len, entity);
	sb_free(&der);
	switch (kind) {
	case CMS_WRAPPED: return WRAP_OPENED;
	case CMS_ENCRYPTED: return WRAP_SEALED;
	default: return WRAP_NONE;
	}
}

/* RTF for reading: with a name or as an attachment it is a file like others. */
static bool is_rtf_text(const struct msg_part *p)
{
	return (is(p, "text/rtf") || is(p, "application/rtf")) && !p->filename &&
	       (!p->disposition || strcmp(p->disposition, "inline") == 0 || !p->parent);
}

static enum wrap_found open_rtf(const struct sb *bytes, struct sb *entity)
{
	struct sb text = SB_INIT;
	enum rtf_found found = text_from_rtf(bytes->s, bytes->len, &text);
	struct wrap_part w = { .type = found == RTF_HTML ? "text/html" : "text/plain", .charset = "utf-8" };
	if (found != RTF_NONE) {
		wrap_put_begin(bytes->len, entity);
		wrap_put(bytes->len, &w, text.s, text.len, entity);
		wrap_put_end(bytes->len, entity);
	}
	sb_free(&text);
	return found == RTF_NONE ? WRAP_NONE : WRAP_OPENED;
}

/* The first piece begins with the mail's own header (RFC 2046 §5.2.2); of the
 * others nobody can say what they are. */
static enum wrap_found open_partial(const struct msg_part *p, const struct sb *bytes, struct sb *entity)
{
	struct sb number = SB_INIT;
	bool first = p->type_raw && part_param(p->type_raw, strlen(p->type_raw), "number", &number) &&
	             strcmp(number.s, "1") == 0;
	sb_free(&number);
	if (first)
		sb_add(entity, bytes->s, bytes->len);
	return first ? WRAP_OPENED : WRAP_NONE;
}

enum wrap_found wrap_open(const struct msg_part *p, struct sb *entity)
{
	struct sb bytes = SB_INIT;
	enum wrap_found found = WRAP_NONE;
	bool smime = is_smime(p), rtf = is_rtf_text(p), partial = is(p, "message/partial");
	if (!smime && !rtf && !partial && !is_tnef(p))
		return WRAP_NONE;
	if (!xfer_decode(p->encoding, p->body, p->body_len, DECODED_MAX, &bytes))
		found = WRAP_NONE;
	else if (smime)
		found = open_cms(&bytes, entity);
	else if (rtf)
		found = open_rtf(&bytes, entity);
	else
		found = partial ? open_partial(p, &bytes, entity) : open_tnef(p, &bytes, entity);
	sb_free(&bytes);
	return found;
}
