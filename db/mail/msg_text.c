/*
 * What a person reads of a mail: decoded bytes, text, and which part is the
 * one to read.
 */
#include "base/strbuf.h"
#include "hdr.h"
#include "msg_parse.h"
#include "part_scan.h"
#include "text/charset.h"
#include "text/html.h"
#include "text/ical.h"
#include "text/layout.h"
#include "text/utf8.h"
#include "xfer.h"
#include "msg_impl.h"
#include <string.h>
#include <strings.h>

enum { TEXT_MAX = 32 << 20, EMPTY_LOOK = 2048, PLACEHOLDER_MAX = 400, WORDS_LOOK = 40, RUBBISH_LOOK = 8192, CALENDAR_MAX = 1 << 20 };

enum status msg_part_bytes(const struct msg_part *p, size_t max, struct sb *out, struct err *e)
{
	if (xfer_decode(p->encoding, p->body, p->body_len, max, out))
		return OK;
	return err_set(e, ERR_LIMIT, "part %u is larger than %zu bytes", p->index, max);
}

static bool is(const struct msg_part *p, const char *type)
{
	return strcmp(p->type, type) == 0;
}

/* RFC 1896, and the text/richtext of RFC 1341 before it. */
static bool is_enriched(const struct msg_part *p)
{
	return is(p, "text/enriched") || is(p, "text/richtext");
}

bool msg_part_is_text(const struct msg_part *p)
{
	return p->kind == PART_LEAF && (is(p, "text/plain") || is(p, "text/html") || is_enriched(p));
}

/* Enriched text without its commands. Unlike in HTML "<<" is a "<", one line
 * end is a space and of n the first is none. */
static void from_enriched(const char *s, size_t n, struct sb *out)
{
	bool no_end = false; /* no "</param>" from here on */
	for (size_t i = 0; i < n; i++) {
		size_t run = 0;
		while (i + run < n && s[i + run] == '\n')
			run++;
		if (run) {
			sb_addc(out, run == 1 ? ' ' : '\n');
			for (size_t k = 2; k < run; k++)
				sb_addc(out, '\n');
			i += run - 1;
		} else if (s[i] == '<' && i + 1 < n && s[i + 1] == '<') {
			sb_addc(out, s[i++]);
		} else if (s[i] == '<') {
			bool param = n - i > 7 && strncasecmp(s + i, "<param>", 7) == 0; /* no text */
			const char *gt = param && !no_end ? memmem(s + i, n - i, "</param>", 8) : NULL;
			no_end |= param && !gt;
			gt = memchr(gt ? gt : s + i, '>', n - (size_t)((gt ? gt : s + i) - s));
			i = gt ? (size_t)(gt - s) : n;
		} else {
			sb_addc(out, s[i]);
		}
	}
}

/* <meta charset=…> in the first bytes, for HTML without a charset of its own. */
static const char *meta_charset(const char *p, size_t n, char *buf, size_t size)
{
	if (n > 1024)
		n = 1024;
	for (size_t i = 0; i + 8 < n; i++) {
		size_t k = 0;
		if ((p[i] != 'c' && p[i] != 'C') || strncasecmp(p + i, "charset=", 8) != 0)
			continue;
		for (i += 8; i < n && (p[i] == '"' || p[i] == '\'' || p[i] == ' '); i++)
			;
		for (; i < n && k + 1 < size && p[i] > 32 && !strchr("\"'>;/", p[i]); i++)
			buf[k++] = p[i];
		buf[k] = '\0';
		return buf;
	}
	return NULL;
}

/* CRLF and CR to LF, in place. */
static void lf_only(struct sb *b, size_t from)
{
	size_t k = from;
	for (size_t i = from; i < b->len; i++) {
		if (b->s[i] == '\r') {
			if (i + 1 < b->len && b->s[i + 1] == '\n')
				continue;
			b->s[k++] = '\n';
		} else {
			b->s[k++] = b->s[i];
		}
	}
	sb_setlen(b, k);
}

/* Lines of words: base64 has no white space inside of a line. */
static bool has_words(const char *p, size_t n)
{
	size_t lines = 0, words = 0;
	struct line l;
	for (const char *end = p + n; lines < WORDS_LOOK && hdr_line(p, end, false, &l); p = l.next) {
		const char *b = l.p, *e = l.p + l.n;
		while (b < e && (*b == ' ' || *b == '\t'))
			b++;
		while (e > b && strchr(" \t\r", e[-1]))
			e--;
		lines += b < e;
		words += memchr(b, ' ', (size_t)(e - b)) != NULL;
	}
	return words > lines / 2;
}

/* What no charset made sense of, and control characters: one of sixteen. */
static bool is_rubbish(const char *utf8, size_t n)
{
	size_t bad = 0, i = 0;
	for (n = n < RUBBISH_LOOK ? n : RUBBISH_LOOK; i < n; i++)
		bad += (i + 3 <= n && memcmp(utf8 + i, "\xEF\xBF\xBD", 3) == 0) ||
		       ((unsigned char)utf8[i] < 32 && !strchr("\t\r\n\f", utf8[i]));
	return bad > n / 16;
}

static const char *convert(const struct msg_part *p, const char *encoding, struct sb *out)
{
	struct sb raw = SB_INIT;
	char buf[64];
	xfer_decode(encoding, p->body, p->body_len, TEXT_MAX, &raw);
	const char *label = p->charset;
	if (!label && is(p, "text/html"))
		label = meta_charset(raw.s, raw.len, buf, sizeof buf);
	const char *used = text_to_utf8(label, raw.s, raw.len, out);
	sb_free(&raw);
	return used;
}

/* Some programs say base64 and send the text as it is. What can be read
 * decoded, though, is decoded: else words in it would hide the rest. */
const char *msg_part_utf8(const struct msg_part *p, struct sb *out)
{
	size_t at = out->len;
	const char *used = convert(p, p->encoding, out);
	if (strcmp(p->encoding, "base64") == 0 && has_words(p->body, p->body_len) && is_rubbish(out->s + at, out->len - at)) {
		sb_setlen(out, at);
		used = convert(p, "8bit", out);
	}
	lf_only(out, at);
	return used;
}

void msg_part_text(const struct msg_part *p, struct sb *out)
{
	if (!p->flowed) {
		msg_part_utf8(p, out);
		return;
	}
	struct sb b = SB_INIT;
	msg_part_utf8(p, &b);
	text_unflow(b.s, b.len, p->delsp, out);
	sb_free(&b);
}

bool msg_part_invitation(const struct msg_part *p, struct sb *out)
{
	struct sb b = SB_INIT;
	if (p->kind != PART_LEAF || !(is(p, "text/calendar") || is(p, "application/ics")) || p->body_len > CALENDAR_MAX)
		return false;
	msg_part_utf8(p, &b);
	bool found = text_from_ical(b.s, b.len, out);
	sb_free(&b);
	return found;
}

/* The first leaf of the mail it is in. */
static bool is_first(const struct msg_part *p)
{
	for (; p->parent && p->parent->kind == PART_MULTIPART; p = p->parent)
		if (p->parent->child != p)
			return false;
	return true;
}

/* A text is for reading unless it is an attachment or, further on, has a name.
 * Some clients name the body as well, some call a mail that is nothing but its
 * text an attachment. */
bool msg_part_is_file(const struct msg_part *p)
{
	if (p->kind != PART_LEAF)
		return p->kind == PART_MESSAGE;
	if (!msg_part_is_text(p))
		return true;
	if (p->disposition && strcmp(p->disposition, "attachment") == 0)
		return p->filename || (p->parent && p->parent->kind != PART_MESSAGE);
	return p->filename && p->parent && !is_first(p) && !is(p->parent, "multipart/alternative");
}

/* Some send an empty text/plain beside the HTML that says it all. */
static bool is_empty(const struct msg_part *p)
{
	struct sb b = SB_INIT;
	uint32_t cp;
	if (p->body_len > EMPTY_LOOK)
		return false;
	msg_part_utf8(p, &b);
	size_t i = 0;
	for (size_t n; i < b.len; i += n) {
		n = utf8_get(b.s + i, b.len - i, &cp);
		if (cp != ' ' && cp != '\t' && cp != '\n' && cp != 0xA0 && cp != 0x3000 && cp != 0x200B && cp != 0xFEFF)
			break;
	}
	bool empty = i == b.len;
	sb_free(&b);
	return empty;
}

static struct msg_part *best(const struct msg_part *p, const char *want);

/* Shown as text for want of its boundary: no choice beside real ones. */
static bool was_multipart(const struct msg_part *p)
{
	return p->type_raw && part_type_is(p->type_raw, strlen(p->type_raw), "multipart/");
}

/* In an alternative: the last choice that is not in the wanted type yields to
 * one that is. */
static struct msg_part *best_alternative(const struct msg_part *p, const char *want)
{
	struct msg_part *any = NULL;
	for (struct msg_part *c = p->child; c; c = c->next) {
		struct msg_part *b = best(c, want);
		if (b && is(b, want) && !is_empty(b) && !was_multipart(b))
			return b;
		if (b && (!any || is_empty(any)) && !(any && was_multipart(b)))
			any = b;
	}
	return any;
}

static struct msg_part *best(const struct msg_part *p, const char *want)
{
	if (p->kind == PART_LEAF)
		return msg_part_is_file(p) ? NULL : (struct msg_part *)p;
	if (p->kind == PART_MESSAGE)
		return NULL;
	if (is(p, "multipart/alternative"))
		return best_alternative(p, want);
	for (struct msg_part *c = p->child; c; c = c->next) {
		struct msg_part *b = best(c, want);
		if (b)
			return b;
	}
	return NULL;
}

struct msg_part *msg_best_text(const struct msg *m)
{
	return best(m->root, "text/plain");
}

struct msg_part *msg_best_html(const struct msg *m)
{
	struct msg_part *p = best(m->root, "text/html");
	return p && is(p, "text/html") ? p : NULL;
}

static void add_leaf(const struct msg_part *p, struct sb *out)
{
	struct sb b = SB_INIT, text = SB_INIT;
	bool marked = is(p, "text/html") || is_enriched(p);
	msg_part_text(p, marked ? &b : &text);
	if (is(p, "text/html"))
		text_from_html(b.s, b.len, &text);
	else if (marked)
		from_enriched(b.s, b.len, &text);
	if (text.len) {
		if (out->len && out->s[out->len - 1] != '\n')
			sb_addc(out, '\n');
		sb_add(out, text.s, text.len);
	}
	sb_free(&b);
	sb_free(&text);
}

/* "This is an HTML mail, use another program": then the HTML is the mail. */
static const struct msg_part *or_html(const struct msg_part *alternative, const struct msg_part *plain)
{
	struct sb text = SB_INIT;
	const struct msg_part *html = plain && is(plain, "text/plain") ? best_alternative(alternative, "text/html") : NULL;
	if (!html || !is(html, "text/html") || plain->body_len > EMPTY_LOOK || html->body_len / 2 < plain->body_len)
		return plain;
	msg_part_text(plain, &text);
	bool only_says_so = text.len < PLACEHOLDER_MAX && strcasestr(text.s, "HTML") &&
	                    (strcasestr(text.s, "HTML形式") || strcasestr(text.s, "HTML 形式") ||
	                     strcasestr(text.s, "HTMLメール") || strcasestr(text.s, "HTML メール") ||
	                     strcasestr(text.s, "HTML compatible") || strcasestr(text.s, "HTML format") ||
	                     strcasestr(text.s, "HTML email") || strcasestr(text.s, "HTML message"));
	sb_free(&text);
	return only_says_so ? html : plain;
}

/* A reader has to be told, or he would take the mail for an empty one. */
static void say_sealed(const struct msg_part *p, struct sb *out)
{
	const char *how = strncmp(p->type, "multipart/", 10) == 0 ? "PGP" : "S/MIME";
	if (out->len && out->s[out->len - 1] != '\n')
		sb_addc(out, '\n');
	sb_addf(out, "［この部分は暗号化されています (%s)。こちらには復号する鍵がないため、内容を読むことができません。］\n", how);
}

static void read_part(const struct msg_part *p, struct sb *out)
{
	if (p->sealed) {
		say_sealed(p, out);
	} else if (p->kind == PART_LEAF) {
		if (!msg_part_is_file(p))
			add_leaf(p, out);
	} else if (p->kind == PART_MULTIPART && is(p, "multipart/alternative")) {
		const struct msg_part *b = or_html(p, best_alternative(p, "text/plain"));
		if (b)
			add_leaf(b, out);
	} else if (p->kind != PART_MESSAGE) {
		for (const struct msg_part *c = p->child; c; c = c->next)
			read_part(c, out);
	}
}

void msg_part_read(const struct msg_part *p, struct sb *out)
{
	read_part(p, out);
}

void msg_read_text(const struct msg *m, struct sb *out)
{
	read_part(m->root, out);
}
