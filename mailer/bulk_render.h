#ifndef MAILER_BULK_RENDER_H
#define MAILER_BULK_RENDER_H
/*
 * An issue as readers get it (MAG-01, -06): the body is made once, hashed once
 * and the same for all; each reader's header is his own: envelope sender,
 * Message-ID and ways to unsubscribe name him by a MAC. To: stays the list
 * account, so no reader learns of another.
 */
#include "build.h"
#include "mail/dkim.h"
#include "mail/news_draft.h"
#include "store/store_issue.h"

struct bulk_body {
	struct sb head;        /* fields that all copies share, CRLF */
	struct sb body;        /* behind the empty line, CRLF */
	struct dkim_body hash;
};

/* "1.5 MB" */
const char *bulk_bytes(struct arena *a, int64_t n);
/* Its attachments are too large for every mail: readers get links to them (news_attach_link). */
bool bulk_by_link(const struct cfg *c, const struct news_draft *d);
/* From a draft of i. `at`: the Date of all copies. ERR_PERM: can't be made (e in Japanese). */
enum status bulk_render(const struct build_ctx *b, const struct issue *i, const struct news_draft *d, epoch at,
                        struct bulk_body *r, struct err *e) must_check;
/* Of an issue in the store. ERR_TEMP: the store. */
enum status bulk_render_issue(const struct build_ctx *b, const struct issue *i, epoch at, struct bulk_body *r,
                              struct err *e) must_check;
void bulk_body_free(struct bulk_body *r);

/* Appends one reader's header and the empty line. signer NULL: unsigned (somebody else signs). */
void bulk_head(const struct build_ctx *b, const struct dkim_signer *signer, const struct bulk_body *body, int64_t issue,
               int64_t reader, epoch now, struct arena *a, struct sb *out);

#endif
