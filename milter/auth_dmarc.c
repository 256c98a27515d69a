/*
 * DMARC; the only user of libopendmarc. It parses the record and decides.
 * Fetching the record and alignment are ours, because in version 1.4.2
 *
 * - relaxed alignment takes any parent or child for aligned, public suffixes
 *   too, and strict alignment takes a child of the From domain;
 * - a bad optional tag makes the record an error, "rf=iodef" changes aspf, and
 *   long values are read past their buffer.
 *
 * So it sees a record reduced to the tags that matter, and an aligned
 * identifier is handed over as the From domain itself.
 *
 * BUGS: pct is not applied: the policy shown is the one published.
 */
#include "auth_dmarc.h"
#include "auth_domain.h"
#include <arpa/nameser.h>
#include <opendmarc/dmarc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum found { NO_RECORD, AT_FROM, AT_ORG, DNS_ERROR };

struct tags {
	char p[12], sp[12], adkim[2], aspf[2];
	bool bad_policy, reports;
};

/* ---- the record ---------------------------------------------------------------- */

static bool is_dmarc_record(const char *txt)
{
	return strncmp(txt, "v=DMARC1", 8) == 0 && (txt[8] == '\0' || strchr("; \t", txt[8]));
}

/* RFC 7489 §6.6.3: exactly one record, else none at all. */
static enum found ask(struct dns *d, struct dns_answer *a, const char *domain, const char **record_r)
{
	char name[AUTH_DOMAIN_MAX + 8];
	int seen = 0;
	*record_r = NULL;
	snprintf(name, sizeof name, "_dmarc.%s", domain);
	enum dns_rc rc = strlen(name) > 253 ? DNS_NONE : dns_ask(d, name, ns_t_txt, a);
	if (rc == DNS_FAIL)
		return DNS_ERROR;
	for (int i = 0; rc == DNS_FOUND && i < a->n; i++)
		if (is_dmarc_record(a->rr[i].data) && ++seen)
			*record_r = a->rr[i].data;
	if (seen > 1)
		*record_r = NULL;
	return seen > 0 ? AT_FROM : NO_RECORD;
}

static enum found find_record(struct dns *d, struct dns_answer *a, const char *from, const char **record_r)
{
	char org[AUTH_DOMAIN_MAX];
	enum found f = ask(d, a, from, record_r);
	if (f == NO_RECORD && auth_domain_org(from, org) && strcmp(org, from) != 0) {
		f = ask(d, a, org, record_r);
		if (f == AT_FROM)
			f = AT_ORG;
	}
	return f;
}

static bool one_of(const char *value, const char *const words[], char *out, size_t size)
{
	for (; *words; words++)
		if (strcasecmp(value, *words) == 0) {
			if (out[0] == '\0') /* the first of several counts */
				snprintf(out, size, "%s", *words);
			return true;
		}
	return false;
}

static void take_tag(struct tags *t, const char *name, const char *value)
{
	static const char *const policies[] = { "none", "quarantine", "reject", NULL };
	static const char *const modes[] = { "r", "s", NULL };
	if (strcasecmp(name, "p") == 0)
		t->bad_policy |= !one_of(value, policies, t->p, sizeof t->p);
	else if (strcasecmp(name, "sp") == 0)
		t->bad_policy |= !one_of(value, policies, t->sp, sizeof t->sp);
	else if (strcasecmp(name, "adkim") == 0)
		one_of(value, modes, t->adkim, sizeof t->adkim);
	else if (strcasecmp(name, "aspf") == 0)
		one_of(value, modes, t->aspf, sizeof t->aspf);
	else if (strcasecmp(name, "rua") == 0)
		t->reports = strncasecmp(value, "mailto:", 7) == 0;
}

static void trim(char *s)
{
	size_t n = strlen(s), lead = strspn(s, " \t");
	while (n > lead && (s[n - 1] == ' ' || s[n - 1] == '\t'))
		n--;
	memmove(s, s + lead, n - lead);
	s[n - lead] = '\0';
}

static void parse_tags(const char *record, struct tags *t)
{
	memset(t, 0, sizeof *t);
	for (const char *p = record; *p;) {
		char name[16], value[64];
		size_t n = strcspn(p, ";"), eq = strcspn(p, "=");
		if (eq < n && eq < sizeof name) {
			snprintf(name, sizeof name, "%.*s", (int)eq, p);
			snprintf(value, sizeof value, "%.*s", (int)(n - eq - 1), p + eq + 1);
			trim(name);
			trim(value);
			take_tag(t, name, value);
		}
		p += n + (p[n] == ';');
	}
	/* §6.6.3, 6: without a sound policy the record still asks for reports. */
	if (t->p[0] == '\0')
		t->bad_policy = true;
	if (t->bad_policy && t->reports) {
		snprintf(t->p, sizeof t->p, "none");
		t->sp[0] = '\0';
		t->bad_policy = false;
	}
}

/* ---- the decision ------------------------------------------------------------------ */

static const char *verdict(DMARC_POLICY_T *ctx, const struct auth_query *q, const struct auth_result *r, const char *from)
{
	int adkim = DMARC_RECORD_A_STRICT, aspf = DMARC_RECORD_A_STRICT;
	opendmarc_policy_fetch_adkim(ctx, &adkim);
	opendmarc_policy_fetch_aspf(ctx, &aspf);
	bool spf_ours = r->spf_domain[0] && auth_domain_aligned(from, r->spf_domain, aspf == DMARC_RECORD_A_STRICT);
	if (spf_ours && strcmp(r->spf, "pass") == 0)
		opendmarc_policy_store_spf(ctx, (unsigned char *)from, DMARC_POLICY_SPF_OUTCOME_PASS,
		                           q->mail_from[0] ? DMARC_POLICY_SPF_ORIGIN_MAILFROM : DMARC_POLICY_SPF_ORIGIN_HELO, NULL);
	if (auth_domain_aligned_any(from, q->dkim, adkim == DMARC_RECORD_A_STRICT))
		opendmarc_policy_store_dkim(ctx, (unsigned char *)from, NULL, DMARC_POLICY_DKIM_OUTCOME_PASS, NULL);
	switch (opendmarc_get_policy_to_enforce(ctx)) {
	case DMARC_POLICY_PASS:
		return "pass";
	case DMARC_POLICY_NONE:
	case DMARC_POLICY_QUARANTINE:
	case DMARC_POLICY_REJECT:
		/* It might have passed, had DNS answered: not the sender's fault. */
		return spf_ours && strcmp(r->spf, "temperror") == 0 ? "temperror" : "fail";
	default:
		return "permerror";
	}
}

static void decide(const struct tags *t, bool at_org, const struct auth_query *q, const char *from, struct auth_result *r)
{
	char record[96], org[AUTH_DOMAIN_MAX];
	snprintf(record, sizeof record, "v=DMARC1;p=%s%s%s%s%s%s%s", t->p, t->sp[0] ? ";sp=" : "", t->sp,
	         t->adkim[0] ? ";adkim=" : "", t->adkim, t->aspf[0] ? ";aspf=" : "", t->aspf);
	DMARC_POLICY_T *ctx = opendmarc_policy_connect_init((unsigned char *)"0.0.0.0", 0);
	if (!ctx)
		abort();
	at_org = at_org && auth_domain_org(from, org);
	if (opendmarc_policy_store_dmarc(ctx, (unsigned char *)record, (unsigned char *)from,
	                                 at_org ? (unsigned char *)org : NULL) == DMARC_PARSE_OKAY) {
		snprintf(r->dmarc, sizeof r->dmarc, "%s", verdict(ctx, q, r, from));
		snprintf(r->dmarc_policy, sizeof r->dmarc_policy, "%s", at_org && t->sp[0] ? t->sp : t->p);
	} else {
		snprintf(r->dmarc, sizeof r->dmarc, "permerror");
	}
	opendmarc_policy_connect_shutdown(ctx);
}

void dmarc_check(struct dns *d, struct dns_answer *scratch, const struct auth_query *q, struct auth_result *r)
{
	char from[AUTH_DOMAIN_MAX];
	const char *record, *word = NULL;
	struct tags t;
	r->dmarc_policy[0] = '\0';
	if (q->from_domain[0] == '\0')
		word = "none";
	else if (!auth_domain_normal(q->from_domain, from))
		word = "permerror"; /* a name that nobody can have published for */
	if (word) {
		snprintf(r->dmarc, sizeof r->dmarc, "%s", word);
		return;
	}
	enum found f = find_record(d, scratch, from, &record);
	if (record)
		parse_tags(record, &t);
	if (f == DNS_ERROR)
		word = "temperror";
	else if (!record)
		word = "none";
	else if (t.bad_policy)
		word = "permerror";
	if (word)
		snprintf(r->dmarc, sizeof r->dmarc, "%s", word);
	else
		decide(&t, f == AT_ORG, q, from, r);
}
