/*
 * SPF macros, expanded here because libspf2's expansion is where its overflows
 * were, and because 1.2.10 still loses a character of a name that has just as
 * many labels as %{d2} wants. What comes out has no macro left, only literals.
 *
 * SECURITY: record and variables are hostile; every byte goes through put().
 */
#include "auth_spfmacro.h"
#include <stdio.h>
#include <string.h>

enum { PART_MAX = 128, SPEC_MAX = 2048, VALUE_MAX = 1024 };

struct out {
	char *s;
	size_t len, size;
	bool ok;
};

static void put(struct out *o, const char *p, size_t n)
{
	if (!o->ok || n >= o->size - o->len) {
		o->ok = false;
		return;
	}
	memcpy(o->s + o->len, p, n);
	o->len += n;
	o->s[o->len] = '\0';
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_alpha(char c)
{
	return lower(c) >= 'a' && lower(c) <= 'z';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* ---- one macro ------------------------------------------------------------------ */

static const char *variable(const struct spf_vars *v, char letter, char buf[VALUE_MAX])
{
	switch (letter) {
	case 's':
		snprintf(buf, VALUE_MAX, "%s@%s", v->local, v->sender_domain);
		return buf;
	case 'l': return v->local;
	case 'o': return v->sender_domain;
	case 'd': return v->domain;
	case 'i': return v->ip;
	case 'v': return v->ipv6 ? "ip6" : "in-addr";
	case 'h': return v->helo;
	case 'p': return v->client_name(v->arg);
	default: return NULL; /* c, r and t are for exp= only */
	}
}

/* A capital letter asks for URL encoding; "%%" is libspf2's way to write '%'. */
static void put_part(struct out *o, const char *p, size_t n, bool url)
{
	for (size_t i = 0; i < n; i++) {
		char hex[5];
		if (!url || is_alpha(p[i]) || is_digit(p[i]) || strchr("-._~", p[i])) {
			put(o, p + i, 1);
			continue;
		}
		snprintf(hex, sizeof hex, "%%%%%02X", (unsigned char)p[i]);
		put(o, hex, 4);
	}
}

/* Split at any of `delims`, keep the last `keep` parts (after turning them
 * round, if `reverse`), join with dots (§7.3). */
static void put_parts(struct out *o, const char *value, const char *delims, size_t keep, bool reverse, bool url)
{
	struct { const char *s; size_t n; } part[PART_MAX];
	size_t n = 0;
	for (;;) {
		if (n == PART_MAX) {
			o->ok = false;
			return;
		}
		part[n].s = value;
		part[n].n = strcspn(value, delims);
		value += part[n++].n;
		if (*value++ == '\0')
			break;
	}
	if (keep == 0 || keep > n)
		keep = n;
	for (size_t i = n - keep; i < n; i++) {
		size_t at = reverse ? n - 1 - i : i;
		if (i > n - keep)
			put(o, ".", 1);
		put_part(o, part[at].s, part[at].n, url);
	}
}

/* "%{" is behind us. The bytes up to and with '}', 0: bad. */
static size_t put_macro(struct out *o, const char *p, size_t n, const struct spf_vars *v)
{
	char delims[8] = "", buf[VALUE_MAX];
	size_t i = 1, keep = 0, d = 0;
	bool digits = false, reverse = false;
	const char *value = n > 0 ? variable(v, lower(p[0]), buf) : NULL;
	if (!value)
		return 0;
	for (; i < n && is_digit(p[i]); i++, digits = true)
		keep = keep > 1000 ? keep : keep * 10 + (size_t)(p[i] - '0');
	if (digits && keep == 0)
		return 0;
	if (i < n && lower(p[i]) == 'r')
		reverse = true, i++;
	for (; i < n && strchr(".-+,/_=", p[i]) && p[i]; i++)
		if (d < sizeof delims - 1 && !strchr(delims, p[i]))
			delims[d++] = p[i];
	if (i == n || p[i] != '}')
		return 0;
	put_parts(o, value, d ? delims : ".", keep, reverse, p[0] != lower(p[0]));
	return i + 1;
}

bool spf_expand(const char *spec, size_t n, const struct spf_vars *v, char *out, size_t size)
{
	struct out o = { out, 0, size, true };
	out[0] = '\0';
	for (size_t i = 0; i < n && o.ok; i++) {
		if (spec[i] != '%') {
			put(&o, spec + i, 1);
			continue;
		}
		char next = i + 1 < n ? spec[i + 1] : '\0';
		if (next == '%' || next == '_' || next == '-') {
			put(&o, spec + i++, 2); /* libspf2 knows these */
		} else if (next == '{') {
			size_t used = put_macro(&o, spec + i + 2, n - i - 2, v);
			if (used == 0)
				return false;
			i += 1 + used;
		} else {
			return false;
		}
	}
	return o.ok;
}

/* ---- the record --------------------------------------------------------------------- */

/* name [: or =] spec [/cidr], spec with macros */
static void put_term(struct out *o, const char *term, size_t n, const struct spf_vars *v)
{
	char spec[SPEC_MAX];
	size_t head = 0;
	while (head < n && term[head] != ':' && term[head] != '=' && term[head] != '/')
		head++;
	if (!memchr(term, '%', n)) {
		put(o, term, n);
		return;
	}
	if (head == n || term[head] == '/' || !spf_expand(term + head + 1, n - head - 1, v, spec, sizeof spec)) {
		o->ok = false;
		return;
	}
	size_t len = strcspn(spec, "/");
	const char *from = spec;
	while (len > 253) {
		size_t k = strcspn(from, ".");
		if (k >= len) {
			from += len - 253; /* one giant label: no name, and none is found */
			len = 253;
			break;
		}
		from += k + 1;
		len -= k + 1;
	}
	put(o, term, head + 1);
	put(o, from, strlen(from));
}

/* Its length up to '=' when the term is a modifier (§4.6.1), else 0. */
static size_t modifier(const char *term, size_t n)
{
	size_t i = 0;
	if (n == 0 || !is_alpha(term[0]))
		return 0;
	while (i < n && (is_alpha(term[i]) || is_digit(term[i]) || strchr("-_.", term[i])))
		i++;
	return i < n && term[i] == '=' ? i : 0;
}

bool spf_rewrite(const char *record, const struct spf_vars *v, char *out, size_t size)
{
	struct out o = { out, 0, size, true };
	const char *redirect = NULL;
	size_t redirect_len = 0;
	int exps = 0;
	out[0] = '\0';
	for (const char *p = record; *p; p++)
		if (*p < ' ' || *p > '~')
			return false;
	while (*record && o.ok) {
		size_t n = strcspn(record, " "), m = modifier(record, n);
		bool version = strncasecmp(record, "v=spf1", 6) == 0 && n == 6;
		if (m == 8 && strncasecmp(record, "redirect", 8) == 0) {
			if (redirect)
				return false; /* §6: at most once, exp= likewise */
			redirect = record;
			redirect_len = n;
		} else if (m == 3 && strncasecmp(record, "exp", 3) == 0) {
			if (exps++ > 0)
				return false;
		} else if (n > 0 && (m == 0 || version)) {
			put(&o, o.len ? " " : "", o.len ? 1 : 0);
			put_term(&o, record, n, v);
		}
		record += n;
		record += *record == ' ';
	}
	if (redirect && o.ok) {
		put(&o, " ", 1);
		put_term(&o, redirect, redirect_len, v);
	}
	return o.ok;
}
