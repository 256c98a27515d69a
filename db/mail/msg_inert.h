#ifndef MAIL_MSG_INERT_H
#define MAIL_MSG_INERT_H
/*
 * A mail in which nothing of what was forwarded can be clicked (DESK-09): each
 * message/rfc822 becomes text with its whole header, links inert; of a mail
 * pasted into the text the same from where it begins, and the HTML twin becomes
 * HTML made of its own text. What the sender wrote himself stays as it was.
 * SECURITY: hostile; bounded; the result is parsed again by whoever uses it.
 */
#include "mail/analyse.h"

/* False: nothing is forwarded, nothing appended. A mail whose MIME is broken
 * becomes one text. */
bool msg_inert(const struct msg *m, const struct analyse_ctx *c, struct sb *out);

#endif
