/* The outside of an S/MIME body. See crypto_cms.h. */
#include "base/crypto_cms.h"
#include <limits.h>
#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/objects.h>

static enum cms_kind take_content(CMS_ContentInfo *cms, struct sb *content)
{
	ASN1_OCTET_STRING **o = CMS_get0_content(cms);
	if (!o || !*o || ASN1_STRING_length(*o) <= 0)
		return CMS_NONE;
	sb_add(content, ASN1_STRING_get0_data(*o), (size_t)ASN1_STRING_length(*o));
	return CMS_WRAPPED;
}

enum cms_kind crypto_cms_open(const void *p, size_t n, struct sb *content)
{
	enum cms_kind kind = CMS_NONE;
	BIO *in = n && n <= INT_MAX ? BIO_new_mem_buf(p, (int)n) : NULL;
	CMS_ContentInfo *cms = in ? d2i_CMS_bio(in, NULL) : NULL;
	int type = cms ? OBJ_obj2nid(CMS_get0_type(cms)) : NID_undef;
	if (type == NID_pkcs7_signed)
		kind = take_content(cms, content);
	else if (type == NID_pkcs7_enveloped || type == NID_pkcs7_encrypted || type == NID_id_smime_ct_authEnvelopedData)
		kind = CMS_ENCRYPTED;
	CMS_ContentInfo_free(cms);
	BIO_free(in);
	ERR_clear_error();
	return kind;
}
