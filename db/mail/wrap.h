#ifndef MAIL_WRAP_H
#define MAIL_WRAP_H
/*
 * Parts that are only a wrapping around what their sender wrote: opaque S/MIME
 * (RFC 8551 §3.5), TNEF (winmail.dat), RTF as the mail's text, the first piece of
 * message/partial. Opened, each is a MIME entity that the parser reads like any
 * other part, so the text is read, the files are listed and taken away by the
 * same rules. Not for others than msg_parse.c.
 *
 * SECURITY: hostile bytes; the entity is at most WRAP_GROWS times the part.
 */
#include "msg_parse.h"

enum wrap_found { WRAP_NONE, WRAP_OPENED, WRAP_SEALED /* encrypted: nobody here can read it */ };
enum { WRAP_GROWS = 32 };

/* A leaf as parsed so far, its parent and elder siblings with it. */
enum wrap_found wrap_open(const struct msg_part *p, struct sb *entity);

#endif
