#ifndef MAIL_EVIDENCE_H
#define MAIL_EVIDENCE_H
/*
 * What of a mail can speak for a kind of consultation (text/category.h): the
 * sender's own words without what he quotes or forwards, names of files, links,
 * and whether a mail is attached or pasted in. A fake invoice that a customer
 * passes on must not count as his own words.
 * SECURITY: hostile; bounded; strings live in `a`.
 */
#include "mail/msg_parse.h"
#include "text/category.h"

void mail_evidence(const struct msg *m, struct arena *a, struct category_evidence *ev_r);
/* The same of the first `most` bytes of its text, for where every mail pays. */
void mail_evidence_head(const struct msg *m, size_t most, struct arena *a, struct category_evidence *ev_r);

#endif
