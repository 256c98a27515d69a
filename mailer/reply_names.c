/*
 * Staff addresses, ticket addresses and names of machines in a text: see
 * reply_names.h.
 * SECURITY: what customers must not see goes out of the text here; time is
 * linear in it, for addresses are bounded.
 */
#include "reply_names.h"
#include "base/xalloc.h"
#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { ADDR_MAX = 400 }; /* bytes on either side of an "@" */

static bool addr_char(char c)
{
	return isalnum((unsigned char)c) || (c && strchr("._%+-", c));
}

/* Length of an "@" at p, also as URLs and Japanese keyboards write it; 0 if none. */
static size_t at_sign(const char *p)
{
	if (*p == '@')
		return 1;
	return strncmp(p, "%40", 3) == 0 || strncmp(p, "＠", 3) == 0 ? 3 : 0;
}

/* The token around the "@" of `len` bytes at `at`. */
static void addr_span(const char *s, size_t n, size_t at, size_t len, size_t *from, size_t *to)
{
	*from = at;
	while (*from > 0 && at - *from < ADDR_MAX && addr_char(s[*from - 1]))
		--*from;
	*to = at + len;
	while (*to < n && *to - at < ADDR_MAX && (isalnum((unsigned char)s[*to]) || s[*to] == '-' || s[*to] == '.'))
		++*to;
	while (*to > at + len && s[*to - 1] == '.')
		--*to;
}

static const struct reply_staff *staff_of(const struct reply_ctx *c, const char *s, size_t len)
{
	for (size_t i = 0; i < c->nstaff; i++)
		if (strlen(c->staff[i].address) == len && strncasecmp(c->staff[i].address, s, len) == 0)
			return &c->staff[i];
	return NULL;
}

/* A ticket or bounce address: the customer has the one, nobody needs the other. */
static bool is_token_address(const struct reply_ctx *c, const char *s, size_t len)
{
	if (!c->domain)
		return false; /* a subject only */
	size_t local = strlen(c->desk_localpart), domain = strlen(c->domain);
	if (len < domain + 2 || s[len - domain - 1] != '@' || strncasecmp(s + len - domain, c->domain, domain) != 0)
		return false;
	return strncasecmp(s, "bounce+", 7) == 0 ||
	       (strncasecmp(s, c->desk_localpart, local) == 0 && s[local] == '+');
}

/* Length of the text that ends with `name`, spaces ignored, before `len`; or SIZE_MAX. */
static size_t before_name(const char *s, size_t len, const char *name)
{
	char *want = reply_squeezed(name);
	size_t k = strlen(want), i = len;
	while (k && i > 0) {
		if (s[i - 1] == want[k - 1])
			i--, k--;
		else if (strchr(" \t\"'", s[i - 1]))
			i--;
		else if (i >= 3 && strncmp(s + i - 3, "\xe3\x80\x80", 3) == 0)
			i -= 3;
		else
			break;
	}
	bool found = *want && k == 0;
	free(want);
	return found ? i : (size_t)-1;
}

/* Length of what stands between a name and its address at the end of out: " <",
 * " [mailto:" … 0 if it is no such thing. */
static size_t name_gap(const struct sb *out)
{
	static const char *const gaps[] = { "<mailto:", "[mailto:", "(mailto:", "<", "[", "(", "＜", "（" };
	for (size_t i = 0; i < sizeof gaps / sizeof *gaps; i++) {
		size_t k = strlen(gaps[i]);
		if (out->len >= k && strncasecmp(out->s + out->len - k, gaps[i], k) == 0)
			return k;
	}
	return 0;
}

/* `… 鈴木 一郎 <` at the end of out becomes `… desk name <`. */
static void rename_author(const struct reply_ctx *c, const struct reply_staff *who, struct sb *out)
{
	size_t gap = name_gap(out);
	if (!gap)
		return;
	size_t keep = before_name(out->s, out->len - gap, who->name);
	if (keep == (size_t)-1)
		return;
	if (keep && (out->s[keep - 1] == '"' || out->s[keep - 1] == '\''))
		keep--;
	char *tail = xstrndup(out->s + out->len - gap, gap);
	sb_setlen(out, keep);
	sb_addf(out, "%s %s", c->desk_name, tail);
	free(tail);
}

/* The local part and domain at hand as one address in its plain form. */
static bool is_inside(const struct reply_ctx *c, const char *s, size_t from, size_t at, size_t len, size_t to,
                      const struct reply_staff **who_r)
{
	struct sb addr = SB_INIT;
	sb_add(&addr, s + from, at - from);
	sb_addc(&addr, '@');
	sb_add(&addr, s + at + len, to - at - len);
	*who_r = staff_of(c, addr.s, addr.len);
	bool inside = *who_r || is_token_address(c, addr.s, addr.len);
	sb_free(&addr);
	return inside;
}

static void replace_addresses(const struct reply_ctx *c, const char *s, size_t n, struct sb *out)
{
	size_t done = 0, from, to, len;
	const struct reply_staff *who;
	for (size_t i = 0; i < n; i++) {
		if (!(len = at_sign(s + i)))
			continue;
		addr_span(s, n, i, len, &from, &to);
		if (from < done)
			from = done;
		if (from > i || !is_inside(c, s, from, i, len, to, &who))
			continue;
		sb_add(out, s + done, from - done);
		if (who)
			rename_author(c, who, out);
		sb_adds(out, c->desk_address);
		done = to;
		i = to - 1;
	}
	sb_add(out, s + done, n - done);
}

static bool word_char(char c)
{
	return isalnum((unsigned char)c) || c == '-' || c == '_';
}

static void remove_word(struct sb *text, const char *word, size_t len)
{
	struct sb out = SB_INIT;
	size_t at = 0;
	for (size_t i = 0; i + len <= text->len; i++) {
		bool here = strncasecmp(text->s + i, word, len) == 0 && (i == 0 || !word_char(text->s[i - 1])) &&
		            !word_char(text->s[i + len]);
		if (!here)
			continue;
		sb_add(&out, text->s + at, i - at);
		at = i + len;
		i = at - 1;
	}
	sb_add(&out, text->s + at, text->len - at);
	sb_free(text);
	*text = out;
}

static void remove_internal_names(const struct reply_ctx *c, struct sb *text)
{
	for (const char *p = c->internal_names ? c->internal_names : ""; *p; p += strcspn(p, ","), p += *p == ',') {
		const char *word = p + strspn(p, " \t");
		size_t len = strcspn(word, ",");
		while (len && strchr(" \t", word[len - 1]))
			len--;
		if (len)
			remove_word(text, word, len);
	}
}

void reply_hide_names(const struct reply_ctx *c, const char *s, size_t n, struct sb *out)
{
	struct sb text = SB_INIT;
	replace_addresses(c, s, n, &text);
	remove_internal_names(c, &text);
	sb_add(out, text.s, text.len);
	sb_free(&text);
}
