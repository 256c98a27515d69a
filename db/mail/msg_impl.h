#ifndef MAIL_MSG_IMPL_H
#define MAIL_MSG_IMPL_H
/* What the files of db/mail share about a parsed mail; not for others. */
#include "base/strbuf.h"
#include "msg_parse.h"

bool msg_part_is_text(const struct msg_part *p);       /* a leaf of plain, HTML, enriched or other text */
bool msg_part_is_html(const struct msg_part *p);       /* such a leaf, to be read as HTML */
bool msg_part_is_enriched(const struct msg_part *p);
bool msg_part_is_other_text(const struct msg_part *p); /* of a type that not every reader shows as text */
/* Decodes it: nothing but white space. msg_part's `blank` remembers. */
bool msg_part_is_blank(const struct msg_part *p);
/* The branch of an alternative to read where `want` is liked best, and the leaf that
 * speaks for it; NULL if there is nothing to read. */
const struct msg_part *msg_part_choose(const struct msg_part *alternative, const char *want, const struct msg_part **leaf_r);

/* The leaf's bytes as UTF-8 with LF, not unflowed; the charset they were in. */
const char *msg_part_utf8(const struct msg_part *p, struct sb *out);

/* What a person reads below this part. */
void msg_part_read(const struct msg_part *p, struct sb *out);
/* The same for who judges the mail: where plain text and HTML are two different mails,
 * both. Never for what is sent on in our name. */
void msg_read_all(const struct msg_part *p, struct sb *out);

/* Is there anything to read in the mail that p is in? */
bool msg_part_has_text(const struct msg_part *p);
bool msg_part_is_readable(const struct msg_part *root); /* what msg_part's `readable` remembers */

/* A text/calendar in words (text/ical.h); false: the part is none. */
bool msg_part_invitation(const struct msg_part *p, struct sb *out);

/* True when the part's bytes lie in the raw mail (not in a decoded message). */
bool msg_part_in_raw(const struct msg *m, const struct msg_part *p);

#endif
