/*
 * SPF by libspf2; the only user of that library. It compiles and evaluates
 * records; DNS, the choice of the record and the limits are ours, because of
 * what version 1.2.10 does:
 *
 * - an include starts its count of look-ups anew, so the limit of 10 terms
 *   (RFC 7208 §4.6.4) does not hold; there is no limit on void look-ups;
 * - it asks for type SPF (99) first, takes most DNS errors for "no match", and
 *   gives every domain a pass when the client is the loopback address;
 * - it expands the explanation (exp=), whose text nobody here will read;
 * - redirect= is evaluated where it stands, not last; macros: auth_spfmacro.c.
 *
 * SECURITY: runs in a helper process with a deadline; a record that crashes it
 * costs that helper. Records must be printable ASCII; names in look-ups are
 * checked; the local part reaches macros with other bytes replaced by '_'.
 *
 * BUGS: ip4:…/0 is a permerror.
 */
#include "auth_spf.h"
#include "auth_domain.h"
#include "auth_spfmacro.h"
#include "base/xalloc.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <spf2/spf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TERMS_MAX = 10, VOID_MAX = 2, SUB_MAX = 11, RECORD_MAX = 4400 };

struct spf {
	struct dns *dns;
	SPF_dns_server_t layer;
	SPF_server_t *server;
	struct dns_answer answer;
	/* of the check under way */
	int terms, voids;
	bool term_void;   /* this term was counted in voids already */
	bool over_limit;
	bool ptr_names;   /* `sub` came from PTR: errors just skip a name (§5.5) */
	int sub_n, sub_next; /* names of the last MX or PTR answer, asked next in order */
	char sub[SUB_MAX][NS_MAXDNAME];
	char ip[72];      /* of the client as %{i} */
	char record[RECORD_MAX], text[2 * RECORD_MAX];
};

/* ---- limits (RFC 7208 §4.6.4) ------------------------------------------------ */

/* The address of an MX host or PTR name belongs to the term that brought it. */
static bool is_sub_lookup(struct spf *s, const char *name, ns_type type)
{
	if (type != ns_t_a && type != ns_t_aaaa)
		return false;
	return s->sub_next < s->sub_n && strcasecmp(s->sub[s->sub_next], name) == 0;
}

static bool begin_term(struct spf *s)
{
	s->sub_n = s->sub_next = 0;
	s->term_void = false;
	if (++s->terms > TERMS_MAX)
		s->over_limit = true;
	return !s->over_limit;
}

static void count_void(struct spf *s)
{
	if (!s->term_void && ++s->voids > VOID_MAX)
		s->over_limit = true;
	s->term_void = true;
}

/* ---- DNS for libspf2 ------------------------------------------------------------ */

/* Longer than 253 bytes: labels are dropped on the left (§7.3). NULL: no name. */
static const char *lookup_name(const char *name)
{
	while (name && strlen(name) > 253) {
		name = strchr(name, '.');
		name = name ? name + 1 : NULL;
	}
	if (!name || !*name)
		return NULL;
	for (const char *p = name; *p; p++)
		if (*p <= ' ' || *p > '~' || *p == '\\' || *p == '"')
			return NULL;
	return name;
}

static void remember_names(struct spf *s, ns_type type)
{
	s->ptr_names = type == ns_t_ptr;
	s->sub_next = 0;
	for (s->sub_n = 0; s->sub_n < s->answer.n && s->sub_n < SUB_MAX; s->sub_n++)
		snprintf(s->sub[s->sub_n], NS_MAXDNAME, "%s", s->answer.rr[s->sub_n].data);
}

static SPF_dns_rr_t *to_rr(struct spf *s, const char *name, ns_type type, SPF_dns_stat_t status)
{
	SPF_dns_rr_t *rr = SPF_dns_rr_new_init(&s->layer, name, type, 0, status);
	if (!rr)
		abort();
	if (status != NETDB_SUCCESS)
		return rr;
	/* Of many PTR names ten are used (§4.6.4); libspf2 would give an error. */
	int n = type == ns_t_ptr && s->answer.n > TERMS_MAX ? TERMS_MAX : s->answer.n;
	for (int i = 0; i < n; i++) {
		size_t len = s->answer.rr[i].len;
		if (SPF_dns_rr_buf_realloc(rr, i, len + 1) != SPF_E_SUCCESS)
			abort();
		memcpy(rr->rr[i], s->answer.rr[i].data, len + 1);
	}
	rr->num_rr = n;
	return rr;
}

static SPF_dns_rr_t *lookup(SPF_dns_server_t *layer, const char *domain, ns_type type, int should_cache)
{
	struct spf *s = layer->hook;
	const char *name = lookup_name(domain);
	(void)should_cache;
	bool sub = name && is_sub_lookup(s, name, type);
	if (sub)
		s->sub_next++;
	else if (!begin_term(s))
		return to_rr(s, domain, type, TRY_AGAIN);
	enum dns_rc rc = name ? dns_ask(s->dns, name, (int)type, &s->answer) : DNS_NONE;
	if (rc == DNS_FAIL && (type == ns_t_ptr || (sub && s->ptr_names)))
		rc = DNS_NONE; /* this name or this mechanism just does not match (§5.5) */
	if (rc == DNS_NONE)
		count_void(s);
	if (rc == DNS_FAIL || s->over_limit)
		return to_rr(s, domain, type, TRY_AGAIN);
	if (rc == DNS_NONE)
		return to_rr(s, domain, type, NO_DATA);
	if (type == ns_t_mx || type == ns_t_ptr)
		remember_names(s, type);
	return to_rr(s, domain, type, NETDB_SUCCESS);
}

/* ---- the record ------------------------------------------------------------------ */

static bool is_spf_record(const char *txt)
{
	return strncasecmp(txt, SPF_VER_STR, 6) == 0 && (txt[6] == ' ' || txt[6] == '\0');
}

static SPF_errcode_t give_up(SPF_response_t *resp, SPF_result_t result, SPF_errcode_t code)
{
	resp->result = result;
	resp->reason = SPF_REASON_FAILURE;
	resp->err = code;
	return code;
}

/* The client's validated name, for %{p}; not counted as a term. */
static const char *client_name(void *arg)
{
	SPF_request_t *req = arg;
	struct spf *s = req->spf_server->resolver->hook;
	int terms = s->terms, voids = s->voids;
	s->terms = s->voids = 0;
	const char *name = SPF_request_get_client_dom(req);
	s->terms = terms;
	s->voids = voids;
	return name && strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") == strlen(name) ? name : "unknown";
}

static bool rewrite(struct spf *s, SPF_request_t *req, const char *record)
{
	struct spf_vars v = {
		.local = req->env_from_lp, .sender_domain = req->env_from_dp, .domain = req->cur_dom,
		.helo = req->helo_dom, .ip = s->ip, .ipv6 = req->client_ver == AF_INET6,
		.client_name = client_name, .arg = req,
	};
	snprintf(s->record, sizeof s->record, "%s", record); /* %{p} asks DNS again */
	return strlen(record) < sizeof s->record && spf_rewrite(s->record, &v, s->text, sizeof s->text);
}

static SPF_errcode_t fetch_record(struct spf *s, SPF_request_t *req, SPF_response_t *resp, SPF_record_t **record_r)
{
	const char *name = lookup_name(req->cur_dom), *txt = NULL;
	*record_r = NULL;
	enum dns_rc rc = name ? dns_ask(s->dns, name, ns_t_txt, &s->answer) : DNS_NONE;
	if (rc == DNS_FAIL)
		return give_up(resp, SPF_RESULT_TEMPERROR, SPF_E_DNS_ERROR);
	for (int i = 0; rc == DNS_FOUND && i < s->answer.n; i++) {
		if (!is_spf_record(s->answer.rr[i].data))
			continue;
		if (txt)
			return give_up(resp, SPF_RESULT_PERMERROR, SPF_E_MULTIPLE_RECORDS);
		txt = s->answer.rr[i].data;
	}
	if (!txt)
		return give_up(resp, SPF_RESULT_NONE, SPF_E_NOT_SPF);
	if (!rewrite(s, req, txt) || SPF_record_compile(s->server, resp, record_r, s->text) != SPF_E_SUCCESS)
		return give_up(resp, SPF_RESULT_PERMERROR, SPF_E_SYNTAX);
	return SPF_E_SUCCESS;
}

/* include: and redirect= */
static SPF_errcode_t get_spf(SPF_server_t *server, SPF_request_t *req, SPF_response_t *resp, SPF_record_t **record_r)
{
	struct spf *s = server->resolver->hook;
	*record_r = NULL;
	if (!begin_term(s))
		return give_up(resp, SPF_RESULT_PERMERROR, SPF_E_BIG_DNS);
	return fetch_record(s, req, resp, record_r);
}

/* ---- one check --------------------------------------------------------------------- */

static void quiet(const char *file, int line, const char *msg)
{
	(void)file, (void)line, (void)msg;
}

struct spf *spf_new(struct dns *d)
{
	struct spf *s = xcalloc(1, sizeof *s);
	SPF_response_t *resp = NULL;
	SPF_warning_handler = SPF_info_handler = SPF_debug_handler = quiet;
	s->dns = d;
	s->layer.lookup = lookup;
	s->layer.get_spf = get_spf;
	s->layer.name = "yorozu";
	s->layer.hook = s;
	s->server = SPF_server_new_dns(&s->layer, 0);
	if (!s->server || SPF_server_set_rec_dom(s->server, "unknown") != SPF_E_SUCCESS ||
	    SPF_server_set_explanation(s->server, "denied", &resp) != SPF_E_SUCCESS)
		abort();
	SPF_response_free(resp);
	/* Counted here; its own counter would only blur which limit was met. */
	SPF_server_set_max_dns_mech(s->server, 1000);
	return s;
}

void spf_free(struct spf **s)
{
	if (*s)
		SPF_server_free((*s)->server);
	free(*s);
	*s = NULL;
}

static bool set_ipv4(struct spf *s, SPF_request_t *req, const void *addr)
{
	struct in_addr v4;
	memcpy(&v4, addr, sizeof v4);
	inet_ntop(AF_INET, &v4, s->ip, sizeof s->ip);
	return SPF_request_set_ipv4(req, v4) == SPF_E_SUCCESS;
}

static bool set_client(struct spf *s, SPF_request_t *req, const char *ip)
{
	struct in6_addr v6;
	struct in_addr v4;
	if (strncasecmp(ip, "IPv6:", 5) == 0)
		ip += 5;
	if (inet_pton(AF_INET, ip, &v4) == 1)
		return set_ipv4(s, req, &v4);
	if (inet_pton(AF_INET6, ip, &v6) != 1)
		return false;
	if (IN6_IS_ADDR_V4MAPPED(&v6))
		return set_ipv4(s, req, &v6.s6_addr[12]);
	for (size_t i = 0; i < sizeof v6; i++)
		snprintf(s->ip + 4 * i, 5, "%x.%x.", v6.s6_addr[i] >> 4, v6.s6_addr[i] & 15);
	s->ip[63] = '\0'; /* over the last dot */
	return SPF_request_set_ipv6(req, v6) == SPF_E_SUCCESS;
}

/* "local@domain" for the macros; domain is canonical. */
static void make_sender(char *out, size_t size, const char *mail_from, const char *domain)
{
	const char *at = strrchr(mail_from, '@');
	size_t n = at ? (size_t)(at - mail_from) : 0;
	if (n == 0 || n > 255) {
		snprintf(out, size, "postmaster@%s", domain);
		return;
	}
	snprintf(out, size, "%.*s@%s", (int)n, mail_from, domain);
	for (char *p = out; p < out + n; p++)
		if (*p <= ' ' || *p > '~' || strchr("@%/", *p))
			*p = '_';
}

static const char *word(const struct spf *s, SPF_response_t *resp)
{
	if (s->over_limit)
		return "permerror";
	switch (SPF_response_result(resp)) {
	case SPF_RESULT_NEUTRAL: return "neutral";
	case SPF_RESULT_PASS: return "pass";
	case SPF_RESULT_FAIL: return "fail";
	case SPF_RESULT_SOFTFAIL: return "softfail";
	case SPF_RESULT_NONE: return "none";
	case SPF_RESULT_TEMPERROR: return "temperror";
	default: return "permerror";
	}
}

static const char *evaluate(struct spf *s, SPF_request_t *req)
{
	SPF_response_t *resp = SPF_response_new(req);
	SPF_record_t *record;
	if (!resp)
		abort();
	s->terms = s->voids = s->sub_n = s->sub_next = 0;
	s->term_void = s->over_limit = s->ptr_names = false;
	req->cur_dom = req->env_from_dp;
	if (fetch_record(s, req, resp, &record) == SPF_E_SUCCESS) {
		resp->spf_record_exp = record;
		SPF_record_interpret(record, req, resp, 0);
	}
	if (record)
		SPF_record_free(record);
	const char *w = word(s, resp);
	SPF_response_free(resp);
	return w;
}

void spf_check(struct spf *s, const struct auth_query *q, struct auth_result *r)
{
	char sender[2 * AUTH_DOMAIN_MAX], helo[AUTH_DOMAIN_MAX];
	const char *at = strrchr(q->mail_from, '@');
	bool has_helo = auth_domain_normal(q->helo, helo);
	snprintf(r->spf, sizeof r->spf, "none");
	r->spf_domain[0] = '\0';
	/* A null sender stands for postmaster@HELO (§2.4). */
	if (q->mail_from[0] == '\0' && has_helo)
		snprintf(r->spf_domain, sizeof r->spf_domain, "%s", helo);
	else if (!at || !auth_domain_normal(at + 1, r->spf_domain))
		return;
	SPF_request_t *req = SPF_request_new(s->server);
	if (!req)
		abort();
	make_sender(sender, sizeof sender, q->mail_from, r->spf_domain);
	if (set_client(s, req, q->client_ip) &&
	    SPF_request_set_helo_dom(req, has_helo ? helo : "unknown") == SPF_E_SUCCESS &&
	    SPF_request_set_env_from(req, sender) == SPF_E_SUCCESS)
		snprintf(r->spf, sizeof r->spf, "%s", evaluate(s, req));
	SPF_request_free(req);
}
