#ifndef MAIL_SHOW_H
#define MAIL_SHOW_H
/* A mail as staff would read it, for `yorozu mail show`, support and tests. */
#include "mail/msg_parse.h"

/* From, To, Cc, Date, Subject, Message-ID; the text; a list of parts with type,
 * name, decoded size and SHA-256. Pure UTF-8, safe for a terminal. */
void mail_show(const struct msg *m, struct sb *out);

#endif
