#ifndef MAIL_ADDR_H
#define MAIL_ADDR_H
/* Addresses by RFC 5321 §4.1.2 and RFC 5322 §3.4, as mailers really write
 * them (docomo's dots, SMTPUTF8, quoted local parts). SECURITY: hostile. */
#include "base/strbuf.h"
#include "mail/msg_parse.h"
#include <stdbool.h>

/* A header value into addresses; groups flattened, garbage skipped, ≤ 1,000. */
void addr_list_parse(struct arena *a, const char *raw, struct msg_addrs *out);

/* True for an address we would write mail to: one @, bounds of RFC 5321
 * (64 / 255), no controls, spaces or <>; consecutive or final dots in the local
 * part (mobile carriers) are allowed. */
bool addr_is_sane(const char *addr);

/* The key to compare by: lower case (ASCII) throughout. */
char *addr_key(struct arena *a, const char *addr);
const char *addr_domain(const char *addr); /* after the last @, or "" */

/* "name <addr>" for a header, encoded, from column col. */
void addr_format(const char *name, const char *addr, size_t col, struct sb *out);

#endif
