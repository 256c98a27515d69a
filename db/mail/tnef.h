#ifndef MAIL_TNEF_H
#define MAIL_TNEF_H
/*
 * winmail.dat: what Outlook and Exchange send as TNEF (MS-OXTNEF) instead of
 * MIME, written again as a MIME entity (wrap_put.h): the text, then the files. An
 * attached Outlook item becomes a TNEF part of its own.
 *
 * SECURITY: hostile bytes; every length is checked before anything is read, one
 * pass over the attributes for the text and one for the files. What is cut off is
 * read as far as it goes.
 */
#include "base/strbuf.h"
#include <stdbool.h>
#include <stddef.h>

/* `have`: the text that stands beside it, UTF-8. Exchange sends the same text
 * twice; the inner one is left out then. False: not TNEF, nothing appended. */
bool tnef_open(const void *p, size_t n, const char *have, struct sb *entity);

#endif
