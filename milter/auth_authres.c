/*
 * Authentication-Results (RFC 8601): OpenDKIM's read, our own written.
 *
 * SECURITY: the value read may have been sent by anyone; without our secret
 * authserv-id in front it is nothing. Even OpenDKIM's own carries strings of
 * the signer's choice (header.d, header.i, reasons), so it is parsed strictly
 * and any error voids the whole header. What is written holds foreign values
 * only as domain names, or with every other byte replaced.
 */
#include "auth_authres.h"
#include "auth_domain.h"
#include <stdio.h>
#include <string.h>

enum { VALUE_MAX = 65536, TOKEN_MAX = 512, COMMENT_DEPTH_MAX = 20, WRITE_MAX = 200, DKIM_SHOWN = 5 };

/* ---- reading ------------------------------------------------------------------ */

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* White space and comments (RFC 5322 §3.2.2). False: a comment without end. */
static bool skip_cfws(const char **pp)
{
	int depth = 0;
	const char *p = *pp;
	for (; *p; p++) {
		if (depth > 0 && *p == '\\' && p[1])
			p++;
		else if (*p == '(' && ++depth > COMMENT_DEPTH_MAX)
			return false;
		else if (depth > 0 && *p == ')')
			depth--;
		else if (depth == 0 && *p != '(' && !is_space(*p))
			break;
	}
	*pp = p;
	return depth == 0;
}

/* A quoted string, or what runs to white space or one of `stop`. At most
 * TOKEN_MAX - 1 bytes. */
static bool read_value(const char **pp, const char *stop, char out[TOKEN_MAX])
{
	const char *p = *pp;
	size_t n = 0;
	bool quoted = *p == '"';
	if (quoted)
		p++;
	for (; *p; p++) {
		if (quoted ? *p == '"' : is_space(*p) || strchr(stop, *p))
			break;
		if (quoted && *p == '\\' && p[1])
			p++;
		else if (!quoted && (*p == '"' || *p == ')'))
			return false;
		if (n == TOKEN_MAX - 1)
			return false;
		out[n++] = *p;
	}
	if (quoted && *p++ != '"')
		return false;
	out[n] = '\0';
	*pp = p;
	return n > 0 || quoted;
}

/* key = value; the key is cut at a version ("dkim/1"). */
static bool read_pair(const char **pp, char key[TOKEN_MAX], char value[TOKEN_MAX])
{
	char version[TOKEN_MAX];
	if (!read_value(pp, "=/;(", key) || !skip_cfws(pp))
		return false;
	if (**pp == '/') {
		++*pp;
		if (!skip_cfws(pp) || !read_value(pp, "=;(", version) || !skip_cfws(pp))
			return false;
	}
	if (**pp != '=')
		return false;
	++*pp;
	return skip_cfws(pp) && read_value(pp, ";(", value) && skip_cfws(pp);
}

/* The best of several signatures counts: index 0 is no known word. */
static const char *const ranks[] = { "", "none", "permerror", "neutral", "policy", "fail", "temperror", "pass" };
enum { RANK_PASS = sizeof ranks / sizeof *ranks - 1 };

static int rank(const char *result)
{
	for (int i = RANK_PASS; i > 0; i--)
		if (strcasecmp(result, ranks[i]) == 0)
			return i;
	return 0;
}

static void add_domain(struct authres_dkim *r, const char *raw)
{
	char domain[AUTH_DOMAIN_MAX];
	size_t used = strlen(r->domains);
	if (!auth_domain_normal(raw, domain))
		return;
	size_t n = strlen(domain);
	for (const char *p = r->domains; *p;) {
		size_t k = strcspn(p, ",");
		if (k == n && memcmp(p, domain, n) == 0)
			return;
		p += k + (p[k] == ',');
	}
	if (used + n + 2 <= sizeof r->domains)
		snprintf(r->domains + used, sizeof r->domains - used, "%s%s", used ? "," : "", domain);
}

/* One resinfo: method=result, then reason and properties up to ';' or the end. */
static bool read_result(const char **pp, struct authres_dkim *r)
{
	char key[TOKEN_MAX], value[TOKEN_MAX], d[TOKEN_MAX] = "", i[TOKEN_MAX] = "";
	if (!read_pair(pp, key, value))
		return false;
	bool dkim = strcasecmp(key, "dkim") == 0;
	int rk = rank(value);
	while (**pp && **pp != ';') {
		if (!read_pair(pp, key, value))
			return false;
		char *to = strcasecmp(key, "header.d") == 0 ? d : strcasecmp(key, "header.i") == 0 ? i : NULL;
		if (to && to[0])
			return false; /* OpenDKIM writes each once */
		if (to)
			memcpy(to, value, TOKEN_MAX);
	}
	if (!dkim || rk == 0)
		return true;
	if (rk > rank(r->result))
		snprintf(r->result, sizeof r->result, "%s", ranks[rk]);
	const char *at = strrchr(i, '@');
	if (rk == RANK_PASS)
		add_domain(r, d[0] ? d : at ? at + 1 : i);
	return true;
}

static bool parse(const char *p, const char *authserv_id, struct authres_dkim *r)
{
	char token[TOKEN_MAX];
	if (strnlen(p, VALUE_MAX) == VALUE_MAX || !skip_cfws(&p) || !read_value(&p, ";(", token) ||
	    strcasecmp(token, authserv_id) != 0 || !skip_cfws(&p))
		return false;
	if (*p && *p != ';' && (!read_value(&p, ";(", token) || strcmp(token, "1") != 0 || !skip_cfws(&p)))
		return false; /* a version we do not know */
	while (*p == ';') {
		p++;
		if (!skip_cfws(&p))
			return false;
		if (*p == '\0')
			break; /* a final ';' is forgiven */
		if (strncasecmp(p, "none", 4) == 0 && (p[4] == '\0' || is_space(p[4]) || p[4] == '(')) {
			p += 4;
			return skip_cfws(&p) && *p == '\0';
		}
		if (!read_result(&p, r))
			return false;
	}
	return *p == '\0';
}

bool auth_authres_parse(const char *value, const char *authserv_id, struct authres_dkim *r)
{
	memset(r, 0, sizeof *r);
	snprintf(r->result, sizeof r->result, "none");
	if (*authserv_id && parse(value, authserv_id, r))
		return true;
	memset(r, 0, sizeof *r);
	snprintf(r->result, sizeof r->result, "none");
	return false;
}

/* ---- signatures whose words OpenDKIM repeats unquoted ---------------------------- */

/* The tags that end up in the header: d, s, i and a, without quoted-printable. */
static bool plain_tag(const char *name, size_t n, const char *value, size_t len)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_+@";
	if (n != 1 || !memchr("dDsSiIaA", name[0], 8))
		return true;
	for (size_t i = 0; i < len; i++)
		if (!value[i] || !strchr(allowed, value[i]))
			return false;
	return true;
}

static void trim(const char **p, size_t *n)
{
	while (*n > 0 && is_space(**p))
		++*p, --*n;
	while (*n > 0 && is_space((*p)[*n - 1]))
		--*n;
}

bool auth_signature_plain(const char *value)
{
	while (*value) {
		size_t n = strcspn(value, ";"), eq = strcspn(value, "=");
		const char *name = value, *v = value + eq + 1;
		if (eq < n) {
			size_t vlen = n - eq - 1;
			trim(&name, &eq);
			trim(&v, &vlen);
			if (!plain_tag(name, eq, v, vlen))
				return false;
		}
		value += n + (value[n] == ';');
	}
	return true;
}

void auth_authres_distrust(struct authres_dkim *r)
{
	memset(r, 0, sizeof *r);
	snprintf(r->result, sizeof r->result, "policy");
}

/* ---- writing -------------------------------------------------------------------- */

/* A foreign value: bare when it looks like an address, else quoted, with what
 * could end the string or the line replaced. */
static void add_value(struct sb *out, const char *s)
{
	static const char bare[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_+@";
	size_t n = strnlen(s, WRITE_MAX);
	bool plain = n > 0 && strspn(s, bare) >= n;
	if (!plain)
		sb_addc(out, '"');
	for (size_t i = 0; i < n; i++)
		sb_addc(out, s[i] < ' ' || s[i] > '~' || s[i] == '"' || s[i] == '\\' ? '?' : s[i]);
	if (!plain)
		sb_addc(out, '"');
}

static const char *text(const char *s)
{
	return s ? s : "";
}

static void add_spf(struct sb *out, const struct auth_query *q, const struct auth_result *r)
{
	bool null = text(q->mail_from)[0] == '\0';
	sb_addf(out, "; spf=%s %s=", r->spf, null ? "smtp.helo" : "smtp.mailfrom");
	add_value(out, null ? text(q->helo) : q->mail_from);
}

static void add_dkim(struct sb *out, const struct authres_dkim *dkim)
{
	const char *p = dkim->domains;
	if (!*p) {
		sb_addf(out, ";\n\tdkim=%s", dkim->result);
		return;
	}
	for (int i = 0; *p && i < DKIM_SHOWN; i++) {
		char one[AUTH_DOMAIN_MAX];
		size_t n = strcspn(p, ",");
		snprintf(one, sizeof one, "%.*s", (int)n, p);
		sb_adds(out, ";\n\tdkim=pass header.d=");
		add_value(out, one);
		p += n + (p[n] == ',');
	}
}

void auth_authres_format(struct sb *out, const char *hostname, const struct auth_query *q,
                         const struct auth_result *r, const struct authres_dkim *dkim)
{
	char from[AUTH_DOMAIN_MAX];
	add_value(out, hostname);
	add_spf(out, q, r);
	add_dkim(out, dkim);
	sb_addf(out, ";\n\tdmarc=%s", r->dmarc);
	if (r->dmarc_policy[0])
		sb_addf(out, " (p=%s)", r->dmarc_policy);
	if (text(q->from_domain)[0]) {
		sb_adds(out, " header.from=");
		add_value(out, auth_domain_normal(q->from_domain, from) ? from : q->from_domain);
	}
}
