/*
 * Taking the inside out of what staff wrote: see reply_clean.h.
 *
 * The note is found in the text as a reader sees it, not as the client broke it:
 * white space, line ends and the quote marks at the beginning of lines don't
 * count, so a re-wrapped or twice quoted note is found as well.
 */
#include "reply_clean.h"
#include "reply_names.h"
#include "base/xalloc.h"
#include "text/layout.h"
#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { SUBJECT_COLS = 200 };

/* ---- reading past white space and quote marks ----------------------------- */

/* Bytes of white space at p: ASCII, NBSP, the ideographic and thin spaces, and
 * what no reader sees: zero-width characters, joiners, soft hyphens. */
static size_t space_at(const char *p)
{
	static const char *const wide[] = { "\xc2\xa0", "\xe3\x80\x80", "\xe2\x80\x89", "\xe2\x80\x8b", "\xef\xbb\xbf",
		                            "\xc2\xad", "\xe2\x80\x8c", "\xe2\x80\x8d", "\xe2\x80\xaf", "\xe2\x81\xa0" };
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

char *reply_squeezed(const char *s)
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

/* A line that is not quoted between the marks of a quoted note: words that the
 * author wrote there would leave with it. */
static bool written_inside(const char *text, size_t from, size_t to)
{
	size_t begin = line_begin(text, from), k;
	while ((k = space_at(text + begin)) && begin < from)
		begin += k;
	if (text[begin] != '>' && strncmp(text + begin, "＞", 3) != 0)
		return false; /* Outlook marks no quotes, and a '|' may be a table: nothing can be told */
	for (size_t at = line_end(text, to, from); at < to; at = line_end(text, to, at)) {
		size_t ink = at;
		while (ink < to && text[ink] != '\n' && (k = space_at(text + ink)))
			ink += k;
		if (ink < to && text[ink] != '\n' && !quote_at(text + ink))
			return true;
	}
	return false;
}

/* Copies the text without its notes. */
static enum status cut_notes(const char *text, size_t n, struct sb *out, struct err *e)
{
	struct squeezed q;
	squeeze(text, n, &q);
	char *begin = reply_squeezed(BANNER_BEGIN), *end = reply_squeezed(BANNER_END);
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
		if (written_inside(text, q.from[b - q.s.s], q.from[z - q.s.s])) {
			st = err_set(e, ERR_DENIED, "「社内用」の囲みの中に書き込みがあります");
			break;
		}
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
	bool memo = strstr(q.s.s, "▼▼社内メモ") || strstr(q.s.s, "以下、社内メモ▲▲");
	squeeze_free(&q);
	if (memo)
		return err_set(e, ERR_DENIED, "社内メモの引用が残っています");
	return marks || has_header_of_ours(text->s) ? left_over(e) : OK;
}

/* ---- the doors -------------------------------------------------------- */

void reply_cut_notes(const char *utf8, size_t n, struct sb *out)
{
	struct err e;
	if (cut_notes(utf8, n, out, &e) != OK)
		return; /* the rest is there all the same */
}

enum status reply_clean_text(const struct reply_ctx *c, const char *utf8, size_t n, struct sb *out, struct err *e)
{
	struct sb text = SB_INIT, clean = SB_INIT;
	enum status st = cut_notes(utf8, n, &text, e);
	if (st == OK)
		st = nothing_left(&text, e);
	if (st == OK) {
		reply_hide_names(c, text.s, text.len, &clean);
		sb_add(out, clean.s, clean.len);
	}
	sb_free(&text);
	sb_free(&clean);
	return st;
}

size_t reply_tag_length(const char *tag, const char *p)
{
	size_t len = strlen(tag);
	const char *s = p;
	if (*s++ != '[' || strncasecmp(s, tag, len) != 0)
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
	static const char *const words[] = { "Re", "Fwd", "Fw", "返信", "転送", "回答", "ＲＥ", "Ｒｅ", "ＦＷ", "Ｆｗ",
					     "AW", "WG", "SV", "回复", "答复", "回覆", "轉寄", "转发" };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		size_t len = strlen(words[i]);
		if (strncasecmp(p, words[i], len) != 0)
			continue;
		len += strspn(p + len, "[(^0123456789])"); /* "Re[2]:", "Re2:" */
		if (p[len] == ':')
			return len + 1;
		if (strncmp(p + len, "：", 3) == 0)
			return len + 3;
	}
	return 0;
}

void reply_clean_subject(const struct reply_ctx *c, int64_t ticket, const char *subject, struct sb *out)
{
	struct sb rest = SB_INIT, clean = SB_INIT;
	bool head = true;
	for (const char *p = subject; *p;) {
		size_t k = reply_tag_length(c->ticket_tag, p);
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
	reply_hide_names(c, rest.s, rest.len, &clean);
	sb_addf(out, "Re: [%s #%lld] ", c->ticket_tag, (long long)ticket);
	text_fit(clean.s, SUBJECT_COLS, false, out);
	sb_free(&rest);
	sb_free(&clean);
}
