#ifndef BASE_CRYPTO_CMS_H
#define BASE_CRYPTO_CMS_H
/*
 * The outside of an S/MIME body (RFC 8551): a CMS message (RFC 5652), opened as
 * far as that takes no key. Nothing is verified here: who signed is not asked.
 * Thread-safe. SECURITY: hostile bytes; OpenSSL reads them, in BER as mailers
 * send it.
 */
#include "base/strbuf.h"

enum cms_kind {
	CMS_NONE,      /* not CMS, or of no use to a reader: certificates alone */
	CMS_WRAPPED,   /* signed-data: the content went to `content` */
	CMS_ENCRYPTED
};

/* Appends to `content` for CMS_WRAPPED only. */
enum cms_kind crypto_cms_open(const void *p, size_t n, struct sb *content);

#endif
