#ifndef AUTH_DMARC_H
#define AUTH_DMARC_H
/* DMARC (RFC 7489) with libopendmarc, for a helper process only. */
#include "auth_check.h"
#include "auth_dns.h"

/* After spf_check: fills r->dmarc and r->dmarc_policy. `scratch` is overwritten. */
void dmarc_check(struct dns *d, struct dns_answer *scratch, const struct auth_query *q, struct auth_result *r);

#endif
