/*
 * Taking the inside out of what staff wrote: see reply_clean.h.
 *
 * The note is found in the text as a reader sees it, not as the client broke it:
 * white space, line ends and the quote marks at the beginning of lines don't
 * count, so a re-wrapped or twice quoted note is found as well.
 */
#include "reply_clean.h"
#include "base/xalloc.h"
#include "text/layout.h"
#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { SUBJECT_COLS = 200 };

/* ---- reading past white space and quote marks ----------------------------- */

/* Bytes of white space at p: ASCII, NBSP, the ideographic and thin spaces. */
static size_t space_at(const char *p)
{
	static const char *const wide[] = { "\xc2\xa0", "\xe3\x80\x80", "\xe2\x80\x89", "\xe2\x80\x8b", "\xef\xbb\xbf" };
	if (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r')
		return 1;
	for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
		if (strncmp(p, wide[i], strlen(wide[i])) == 0)
			return strlen(wide[i]);
	return 0;
}

static size_t quote_at(const char *p)
{
	static const char *const marks[] = { "｜", "＞", "│", "▌" };
	if (*p == '>' || *p == '|')
		return 1;
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (strncmp(p, marks[i], strlen(marks[i])) == 0)
			return strlen(marks[i]);
	return 0;
}

/* The text without white space and quote marks, and where each byte came from. */
struct squeezed {
	struct sb s;
	size_t *from;
};

static void squeeze(const char *text, size_t n, struct squeezed *q)
{
	bool line_start = true;
	q->s = SB_INIT;
	q->from = xcalloc(n + 1, sizeof *q->from);
	for (size_t i = 0; i < n;) {
		size_t skip = space_at(text + i);
		if (text[i] == '\n')
			line_start = true;
		if (!skip && line_start)
			skip = quote_at(text + i);
		if (skip) {
			i += skip;
			continue;
		}
		line_start = false;
		q->from[q->s.len] = i;
		sb_addc(&q->s, text[i++]);
	}
	q->from[q->s.len] = n;
}

static void squeeze_free(struct squeezed *q)
{
	sb_free(&q->s);
	free(q->from);
}

static char *squeezed_copy(const char *s)
{
	struct squeezed q;
	squeeze(s, strlen(s), &q);
	free(q.from);
	return sb_detach(&q.s, NULL);
}

/* ---- the note -------------------------------------------------------------- */

static size_t line_begin(const char *text, size_t at)
{
	while (at > 0 && text[at - 1] != '\n')
		at--;
	return at;
}

static size_t line_end(const char *text, size_t n, size_t at)
{
	const char *nl = memchr(text + at, '\n', n - at);
	return nl ? (size_t)(nl - text) + 1 : n;
}

/* True if the line holds only quote marks and spaces. */
static bool line_is_empty(const char *text, size_t from, size_t to)
{
	while (from < to) {
		size_t k = space_at(text + from);
		if (!k)
			k = quote_at(text + from);
		if (!k)
			return false;
		from += k;
	}
	return true;
}

static enum status left_over(struct err *e)
{
	return err_set(e, ERR_DENIED, "引用に「社内用」の囲みの一部が残っています");
}

/* Copies the text without its notes. */
static enum status cut_notes(const char *text, size_t n, struct sb *out, struct err *e)
{
	struct squeezed q;
	squeeze(text, n, &q);
	char *begin = squeezed_copy(BANNER_BEGIN), *end = squeezed_copy(BANNER_END);
	size_t at = 0;
	const char *p = q.s.s, *b;
	enum status st = OK;
	while (st == OK && (b = strstr(p, begin))) {
		const char *z = strstr(b, end);
		if (!z) {
			st = left_over(e);
			break;
		}
		size_t from = line_begin(text, q.from[b - q.s.s]);
		size_t to = line_end(text, n, q.from[z - q.s.s + (ptrdiff_t)strlen(end) - 1]);
		size_t next = to < n ? line_end(text, n, to) : n;
		if (to < n && line_is_empty(text, to, next))
			to = next;
		sb_add(out, text + at, from > at ? from - at : 0);
		at = to;
		p = z + strlen(end);
	}
	sb_add(out, text + at, n - at);
	free(begin), free(end);
	squeeze_free(&q);
	return st;
}

static bool has_header_of_ours(const char *text)
{
	for (const char *p = text; (p = strcasestr(p, "X-Yorozu-")); p++)
		if (line_is_empty(text, line_begin(text, (size_t)(p - text)), (size_t)(p - text)))
			return true;
	return false;
}

static enum status nothing_left(const struct sb *text, struct err *e)
{
	struct squeezed q;
	squeeze(text->s, text->len, &q);
	bool marks = strstr(q.s.s, "▼▼社内用") || strstr(q.s.s, "▲▲社内用");
	bool memo = strstr(q.s.s, "▼▼社内メモ");
	squeeze_free(&q);
	if (memo)
		return err_set(e, ERR_DENIED, "社内メモの引用が残っています");
	return marks || has_header_of_ours(text->s) ? left_over(e) : OK;
}

/* ---- addresses and names ---------------------------------------------------- */

static bool addr_char(char c)
{
	return isalnum((unsigned char)c) || (c && strchr("._%+-", c));
}

/* The token around the '@' at `at`. */
static void addr_span(const char *s, size_t n, size_t at, size_t *from, size_t *to)
{
	*from = at;
	while (*from > 0 && addr_char(s[*from - 1]))
		--*from;
	*to = at + 1;
	while (*to < n && (isalnum((unsigned char)s[*to]) || s[*to] == '-' || s[*to] == '.'))
		++*to;
	while (*to > at + 1 && s[*to - 1] == '.')
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
	size_t local = strlen(c->desk_localpart), domain = strlen(c->domain);
	if (len < domain + 2 || s[len - domain - 1] != '@' || strncasecmp(s + len - domain, c->domain, domain) != 0)
		return false;
	return strncasecmp(s, "bounce+", 7) == 0 ||
	       (strncasecmp(s, c->desk_localpart, local) == 0 && s[local] == '+');
}

/* Length of the text that ends with `name`, spaces ignored, before `len`; or SIZE_MAX. */
static size_t before_name(const char *s, size_t len, const char *name)
{
	char *want = squeezed_copy(name);
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

/* `… 鈴木 一郎 <` at the end of out becomes `… desk name <`. */
static void rename_author(const struct reply_ctx *c, const struct reply_staff *who, struct sb *out)
{
	size_t len = out->len;
	if (!len || out->s[len - 1] != '<')
		return;
	size_t keep = before_name(out->s, len - 1, who->name);
	if (keep == (size_t)-1)
		return;
	if (keep && (out->s[keep - 1] == '"' || out->s[keep - 1] == '\''))
		keep--;
	sb_setlen(out, keep);
	sb_addf(out, "%s <", c->desk_name);
}

static void replace_addresses(const struct reply_ctx *c, const char *s, size_t n, struct sb *out)
{
	size_t at = 0, from, to;
	for (size_t i = 0; i < n; i++) {
		if (s[i] != '@')
			continue;
		addr_span(s, n, i, &from, &to);
		if (from < at)
			from = at;
		const struct reply_staff *who = staff_of(c, s + from, to - from);
		if (!who && !is_token_address(c, s + from, to - from))
			continue;
		sb_add(out, s + at, from - at);
		if (who)
			rename_author(c, who, out);
		sb_adds(out, c->desk_address);
		at = to;
		i = to - 1;
	}
	sb_add(out, s + at, n - at);
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
	for (const char *p = c->internal_names; *p; p += strcspn(p, ","), p += *p == ',') {
		const char *word = p + strspn(p, " \t");
		size_t len = strcspn(word, ",");
		while (len && strchr(" \t", word[len - 1]))
			len--;
		if (len)
			remove_word(text, word, len);
	}
}

/* ---- the three doors -------------------------------------------------------- */

enum status reply_clean_text(const struct reply_ctx *c, const char *utf8, size_t n, struct sb *out, struct err *e)
{
	struct sb text = SB_INIT, clean = SB_INIT;
	enum status st = cut_notes(utf8, n, &text, e);
	if (st == OK)
		st = nothing_left(&text, e);
	if (st == OK) {
		replace_addresses(c, text.s, text.len, &clean);
		remove_internal_names(c, &clean);
		sb_add(out, clean.s, clean.len);
	}
	sb_free(&text);
	sb_free(&clean);
	return st;
}

/* Length of "[TAG #12] " of any number at p, or 0. */
static size_t tag_at(const struct reply_ctx *c, const char *p)
{
	size_t len = strlen(c->ticket_tag);
	const char *s = p;
	if (*s++ != '[' || strncasecmp(s, c->ticket_tag, len) != 0)
		return 0;
	s += len;
	s += strspn(s, " ");
	if (*s++ != '#' || !isdigit((unsigned char)*s))
		return 0;
	s += strspn(s, "0123456789");
	if (*s++ != ']')
		return 0;
	return (size_t)(s - p) + strspn(s, " ");
}

/* Length of a reply or forward prefix at p, or 0. */
static size_t prefix_at(const char *p)
{
	static const char *const words[] = { "Re", "Fwd", "Fw", "返信", "転送", "ＲＥ" };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		size_t len = strlen(words[i]);
		if (strncasecmp(p, words[i], len) != 0)
			continue;
		if (p[len] == '[' || p[len] == '^') /* "Re[2]:" */
			len += 1 + strspn(p + len + 1, "0123456789]");
		if (p[len] == ':')
			return len + 1;
		if (strncmp(p + len, "：", 3) == 0)
			return len + 3;
	}
	return 0;
}

void reply_clean_subject(const struct reply_ctx *c, int64_t ticket, const char *subject, struct sb *out)
{
	struct sb rest = SB_INIT;
	bool head = true;
	for (const char *p = subject; *p;) {
		size_t k = tag_at(c, p);
		if (!k && head)
			k = prefix_at(p);
		if (!k && head)
			k = space_at(p);
		if (k) {
			p += k;
			continue;
		}
		head = false;
		sb_addc(&rest, (unsigned char)*p < ' ' ? ' ' : *p);
		p++;
	}
	sb_addf(out, "Re: [%s #%lld] ", c->ticket_tag, (long long)ticket);
	text_fit(rest.s, SUBJECT_COLS, false, out);
	sb_free(&rest);
}
