/*
 * Is the address in From more than a claim? (DESK-02, -10, -11)
 *
 * SPF speaks of the envelope only: a stranger's own envelope passes, whatever he
 * wrote into From. So where a guess or a claim would do harm (to join a ticket by
 * its number, to be taken for a contract's own person) something must speak for
 * From: DMARC, a signature of its domain, or an envelope of its domain. Companies
 * that publish nothing at all are customers too; of their envelope it is enough
 * that nothing speaks against it.
 */
#include "auth_domain.h"
#include "desk_impl.h"
#include "mail/addr.h"
#include "mail/auto_answer.h"
#include <string.h>

bool desk_auth_credible(const struct auth_result *r)
{
	return strcmp(r->spf, "fail") != 0 && strcmp(r->dmarc, "fail") != 0;
}

bool desk_sender_vouched(const struct intake *in)
{
	char from[AUTH_DOMAIN_MAX];
	const char *envelope = *in->auth.spf_domain ? in->auth.spf_domain : addr_domain(in->m->env_from);
	if (strcmp(in->auth.dmarc, "pass") == 0)
		return true;
	if (strcmp(in->auth.dmarc, "fail") == 0 || !auth_domain_normal(addr_domain(in->from_key), from))
		return false;
	return auth_domain_aligned_any(from, in->dkim.domains, false) ||
	       (auto_sender_trusted(in->auth.spf, in->auth.dmarc) &&
	        auth_domain_aligned_any(from, envelope, false));
}
