/*
 * What the world's DNS says about our domain: the DKIM keys that go with our
 * private ones, SPF, DMARC and MX. Asked where the desk asks (`dns`).
 * SECURITY: answers come from the network; libresolv parses them, lengths are
 * bounded, and nothing of them is printed.
 */
#include "checkup.h"
#include "base/xalloc.h"
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>
#include <stdlib.h>
#include <string.h>

enum { ANSWER_MAX = 65536 };

/* "IP" or "IP:PORT" as the only server; "system" leaves what there is. */
static bool use_server(struct __res_state *r, const char *server)
{
	char ip[64];
	const char *colon = strrchr(server, ':');
	struct sockaddr_in sa = { .sin_family = AF_INET, .sin_port = htons(53) };
	if (strcmp(server, "system") == 0)
		return true;
	snprintf(ip, sizeof ip, "%.*s", (int)(colon ? colon - server : 60), server);
	if (colon)
		sa.sin_port = htons((uint16_t)strtoul(colon + 1, NULL, 10));
	if (inet_pton(AF_INET, ip, &sa.sin_addr) != 1)
		return false;
	r->nscount = 1;
	r->nsaddr_list[0] = sa;
	return true;
}

/* TXT: the strings joined. MX: the host. */
static void add_record(ns_msg *msg, const ns_rr *rr, struct sb *out)
{
	const unsigned char *p = ns_rr_rdata(*rr), *end = p + ns_rr_rdlen(*rr);
	char host[NS_MAXDNAME];
	if (ns_rr_type(*rr) == ns_t_txt)
		for (; p < end && *p < end - p; p += 1 + *p)
			sb_add(out, p + 1, *p);
	else if (ns_rr_type(*rr) == ns_t_mx && end - p > 2 &&
	         dn_expand(ns_msg_base(*msg), ns_msg_end(*msg), p + 2, host, sizeof host) >= 0)
		sb_adds(out, host);
	sb_addc(out, '\n');
}

/* One record a line. False: nobody answered; no such record is true and "". */
static bool ask(const struct check *k, const char *name, int type, struct sb *out)
{
	struct __res_state r = { 0 };
	unsigned char *buf = xmalloc(ANSWER_MAX);
	ns_msg msg;
	ns_rr rr;
	if (res_ninit(&r) != 0)
		return free(buf), false;
	r.retrans = 2;
	r.retry = 1;
	bool set = use_server(&r, k->c->dns);
	int n = set ? res_nquery(&r, name, ns_c_in, type, buf, ANSWER_MAX) : -1;
	bool none = n < 0 && set && (r.res_h_errno == HOST_NOT_FOUND || r.res_h_errno == NO_DATA);
	if (n > 0 && ns_initparse(buf, n < ANSWER_MAX ? n : ANSWER_MAX, &msg) == 0)
		for (int i = 0; i < ns_msg_count(msg, ns_s_an); i++)
			if (ns_parserr(&msg, ns_s_an, i, &rr) == 0 && (int)ns_rr_type(rr) == type)
				add_record(&msg, &rr, out);
	res_nclose(&r);
	free(buf);
	return n > 0 || none;
}

/* A line that begins with `start` (and, if not NULL, has `in` in it). */
static bool has_line(const struct sb *b, const char *start, const char *in)
{
	for (const char *p = b->s; *p; p += strcspn(p, "\n"), p += *p == '\n')
		if (strncasecmp(p, start, strlen(start)) == 0 && (!in || memmem(p, strcspn(p, "\n"), in, strlen(in))))
			return true;
	return false;
}

/* The key as OpenDKIM has it, not as it was written down once. */
static bool public_key(const struct check *k, struct sb *out)
{
	struct sb pem = SB_INIT;
	char *path = cfg_path(k->c, "keys/dkim.private");
	char *argv[] = { "openssl", "pkey", "-in", path, "-pubout", NULL };
	bool good = check_run(argv, &pem) == 0;
	sb_adds(out, "p=");
	for (const char *p = pem.s; good && *p; p += strcspn(p, "\n"), p += *p == '\n')
		if (*p != '-')
			sb_add(out, p, strcspn(p, "\r\n"));
	sb_free(&pem);
	free(path);
	return good;
}

/* The newsletter's second key. *there_r: an instance from before there was one has none. */
static bool public_ed25519(const struct check *k, bool *there_r, struct sb *out)
{
	struct err e;
	struct sb record = SB_INIT;
	enum status st = instance_dkim_ed25519(k->c->dir, &record, &e);
	const char *p = strstr(record.s, "p=");
	*there_r = st != ERR_NOTFOUND;
	sb_adds(out, st == OK && p ? p : "p=");
	sb_free(&record);
	return st == OK;
}

/* The record's p= and nothing behind it: a key is not the beginning of a longer one. */
static bool publishes(const struct sb *records, const char *key)
{
	const char *at = strstr(records->s, key);
	return at && strchr("\n; ", at[strlen(key)]);
}

/* One key beside its record. False: nobody answered. */
static bool dkim_key(struct check *k, const char *selector, const char *file, const char *key)
{
	struct sb theirs = SB_INIT;
	char *name = xasprintf("%s._domainkey.%s", selector, k->c->domain);
	bool answered = ask(k, name, ns_t_txt, &theirs);
	if (!answered)
		;
	else if (!theirs.len)
		check_say(k, CHECK_FAIL, "dkim", "%s has no TXT record: publish what yorozu -C %s dns records prints", name,
		          k->c->dir);
	else if (!key || !publishes(&theirs, key))
		check_say(k, CHECK_FAIL, "dkim", "%s does not go with keys/%s, so everybody finds our signatures "
		          "bad: publish what yorozu -C %s dns records prints", name, file, k->c->dir);
	else
		check_say(k, CHECK_OK, "dkim", "%s goes with keys/%s", name, file);
	sb_free(&theirs);
	free(name);
	return answered;
}

static bool dkim(struct check *k)
{
	struct sb rsa = SB_INIT, ed = SB_INIT;
	bool there, good = public_key(k, &rsa);
	bool answered = dkim_key(k, "yorozu", "dkim.private", good ? rsa.s : NULL);
	good = public_ed25519(k, &there, &ed);
	if (answered && there)
		answered = dkim_key(k, "yorozu-ed", "dkim-ed25519.private", good ? ed.s : NULL);
	sb_free(&rsa), sb_free(&ed);
	return answered;
}

static void records(struct check *k)
{
	struct sb txt = SB_INIT, policy = SB_INIT, mx = SB_INIT;
	char *dmarc = xasprintf("_dmarc.%s", k->c->domain);
	bool all = ask(k, k->c->domain, ns_t_txt, &txt) && ask(k, dmarc, ns_t_txt, &policy) &&
	           ask(k, k->c->domain, ns_t_mx, &mx);
	const char *lacks = !all                                ? "an answer"
	                    : !has_line(&mx, k->c->hostname, NULL) ? "an MX to our hostname"
	                    : !has_line(&txt, "v=spf1", NULL)      ? "an SPF record"
	                    : !has_line(&policy, "v=DMARC1", "p=") ? "a DMARC record"
	                                                           : NULL;
	if (lacks)
		check_say(k, CHECK_WARN, "dns", "%s lacks %s: compare yorozu -C %s dns records", k->c->domain, lacks, k->c->dir);
	else
		check_say(k, CHECK_OK, "dns", "%s has MX, SPF and DMARC", k->c->domain);
	sb_free(&txt), sb_free(&policy), sb_free(&mx);
	free(dmarc);
}

void check_dns(struct check *k)
{
	if (strcmp(k->c->dns, "off") == 0)
		check_say(k, CHECK_OK, "dns", "not asked (dns = off)");
	else if (!dkim(k))
		check_say(k, CHECK_WARN, "dns", "nobody answers at dns = %s%s", k->c->dns,
		          cfg_is_private(k->c) ? ": it comes with start" : ": without it no sender can be verified");
	else
		records(k);
}
