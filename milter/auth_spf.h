#ifndef AUTH_SPF_H
#define AUTH_SPF_H
/* SPF (RFC 7208) by libspf2, for a helper process only: the library may abort. */
#include "auth_check.h"
#include "auth_dns.h"

struct spf;

struct spf *spf_new(struct dns *d); /* d is borrowed */
void spf_free(struct spf **s);

/* Fills r->spf and r->spf_domain. Strings of any content, below 1 KB each. */
void spf_check(struct spf *s, const struct auth_query *q, struct auth_result *r);

#endif
