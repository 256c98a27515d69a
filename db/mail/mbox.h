#ifndef MAIL_MBOX_H
#define MAIL_MBOX_H
/* Mails in one file, as mail programs import it: the mboxrd form of RFC 4155
 * (a From_ line before each, ">" before lines that look like one). */
#include "base/clk.h"
#include "base/strbuf.h"

/* Appends a mail, its line ends made LF. env_from "" = null sender. */
void mbox_add(struct sb *out, const char *env_from, epoch at, const char *raw, size_t n);

#endif
