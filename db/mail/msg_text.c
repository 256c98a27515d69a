/*
 * What a person reads of a mail: decoded bytes and text. Which parts: msg_choice.c.
 */
#include "base/strbuf.h"
#include "hdr.h"
#include "msg_parse.h"
#include "part_scan.h"
#include "text/begins.h"
#include "text/charset.h"
#include "text/html.h"
#include "text/ical.h"
#include "text/layout.h"
#include "xfer.h"
#include "msg_impl.h"
#include "msg_twin.h"
#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { TEXT_MAX = 32 << 20, WORDS_LOOK = 40, RUBBISH_LOOK = 8192, CALENDAR_MAX = 1 << 20,
       FULL_LINE = 40, HEAD_MIN = 16, PLAIN_LOOK = 2048,
       TWINS_MAX = 2 << 20 /* of HTML, compared in one mail */ };
#define TWO_MAILS "［以下は、この文面とは異なる HTML 版の文面です。HTML を表示するメールソフトでは、こちらだけが見えます。］"

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

/* Enriched text (RFC 1896, and the text/richtext of RFC 1341) without its commands. Unlike in HTML "<<" is a "<", one line
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

static const char *convert(const struct msg_part *p, const char *encoding, const char *body, size_t n, struct sb *out)
{
	struct sb raw = SB_INIT;
	char buf[64];
	xfer_decode(encoding, body, n, TEXT_MAX, &raw);
	const char *label = p->charset;
	if (!label && msg_part_is_html(p))
		label = meta_charset(raw.s, raw.len, buf, sizeof buf);
	const char *used = text_to_utf8(label, raw.s, raw.len, out);
	sb_free(&raw);
	return used;
}

static bool is_base64_line(const struct line *l)
{
	size_t n = l->n;
	while (n && strchr(" \t\r", l->p[n - 1]))
		n--;
	for (size_t i = 0; i < n; i++)
		if (!isalnum((unsigned char)l->p[i]) && !memchr("+/=", l->p[i], 3))
			return false;
	return n > 0;
}

/* Where the base64 ends and the footer begins that a list server put behind it
 * without a look at the encoding; 0: there is none. */
static size_t footer_at(const char *p, size_t n)
{
	size_t letters = 0, at = 0;
	struct line l;
	for (const char *q = p, *end = p + n; hdr_line(q, end, false, &l); q = l.next) {
		bool code = is_base64_line(&l);
		if (code && at && l.n >= FULL_LINE)
			return 0; /* a line in between was damaged */
		if (code && !at)
			letters += l.n;
		else if (!at && l.n && !memchr("\r \t", l.p[0], 3)) {
			if (letters < HEAD_MIN)
				return 0;
			at = (size_t)(q - p);
		}
	}
	return at;
}

static const char *with_footer(const struct msg_part *p, size_t footer, struct sb *out)
{
	size_t at = out->len;
	const char *used = convert(p, p->encoding, p->body, footer, out);
	if (out->len == at || is_rubbish(out->s + at, out->len - at)) {
		sb_setlen(out, at);
		return NULL;
	}
	if (out->s[out->len - 1] != '\n')
		sb_addc(out, '\n');
	convert(p, "8bit", p->body + footer, p->body_len - footer, out);
	return used;
}

/* Some programs say base64 and send the text as it is. What can be read
 * decoded, though, is decoded: else words in it would hide the rest. */
const char *msg_part_utf8(const struct msg_part *p, struct sb *out)
{
	size_t at = out->len;
	bool base64 = strcmp(p->encoding, "base64") == 0;
	size_t footer = base64 ? footer_at(p->body, p->body_len) : 0;
	const char *used = footer ? with_footer(p, footer, out) : NULL;
	if (!used)
		used = convert(p, p->encoding, p->body, p->body_len, out);
	if (base64 && has_words(p->body, p->body_len) && is_rubbish(out->s + at, out->len - at)) {
		sb_setlen(out, at);
		used = convert(p, "8bit", p->body, p->body_len, out);
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

/* By its name too: some mailers know no type for it. */
static bool is_calendar(const struct msg_part *p)
{
	return is(p, "text/calendar") || is(p, "application/ics") || (is(p, "application/octet-stream") && text_ends(p->filename, ".ics"));
}

bool msg_part_invitation(const struct msg_part *p, struct sb *out)
{
	struct sb b = SB_INIT;
	if (p->kind != PART_LEAF || !is_calendar(p) || p->body_len > CALENDAR_MAX)
		return false;
	msg_part_utf8(p, &b);
	bool found = text_from_ical(b.s, b.len, !msg_part_has_text(p), out);
	sb_free(&b);
	return found;
}

static void add_text(const struct sb *text, struct sb *out)
{
	if (text->len && out->len && out->s[out->len - 1] != '\n')
		sb_addc(out, '\n');
	sb_add(out, text->s, text->len);
}

static void add_leaf(const struct msg_part *p, struct sb *out)
{
	struct sb b = SB_INIT, text = SB_INIT;
	bool html = msg_part_is_html(p), marked = html || msg_part_is_enriched(p);
	msg_part_text(p, marked ? &b : &text);
	if (html)
		text_from_html(b.s, b.len, &text);
	else if (marked)
		from_enriched(b.s, b.len, &text);
	add_text(&text, out);
	sb_free(&b);
	sb_free(&text);
}

/* A reader has to be told, or he would take the mail for an empty one. */
static void say_sealed(const struct msg_part *p, struct sb *out)
{
	bool pgp = p->kind == PART_MULTIPART || (is(p, "application/octet-stream") && !text_ends(p->filename, ".p7m"));
	if (out->len && out->s[out->len - 1] != '\n')
		sb_addc(out, '\n');
	sb_addf(out, "［この部分は暗号化されています (%s)。こちらには復号する鍵がないため、内容を読むことができません。］\n", pgp ? "PGP" : "S/MIME");
}

/* One reading of a mail: what it may still spend on a second look at HTML. */
struct reading {
	bool all;
	size_t html_left;
};

static void read_part(struct reading *r, const struct msg_part *p, struct sb *out);

/* A plain text with HTML beside it, none too big to be compared. */
static bool has_twin(struct reading *r, const struct msg_part *leaf, const struct msg_part *html)
{
	if (!is(leaf, "text/plain") || leaf->blank || !is(html, "text/html") || html->body_len > r->html_left)
		return false;
	if (!r->all && leaf->body_len > PLAIN_LOOK)
		return false; /* no notice is that long */
	r->html_left -= html->body_len;
	return true;
}

/* A page of pictures alone, say: what it hides is not another mail. */
static bool is_seen(const struct msg_part *html)
{
	struct sb b = SB_INIT, text = SB_INIT;
	msg_part_text(html, &b);
	bool seen = text_from_html(b.s, b.len, &text);
	sb_free(&b);
	sb_free(&text);
	return seen;
}

/* The plain branch, unless the HTML beside it says what that keeps back: whoever
 * sent the mail chose which of the two its reader would see. */
static void read_alternative(struct reading *r, const struct msg_part *p, struct sb *out)
{
	const struct msg_part *leaf, *html_leaf;
	const struct msg_part *branch = msg_part_choose(p, "text/plain", &leaf), *html = msg_part_choose(p, "text/html", &html_leaf);
	struct sb plain = SB_INIT, other = SB_INIT;
	if (!branch)
		return;
	if (branch != leaf || branch == html || !has_twin(r, leaf, html_leaf)) {
		read_part(r, branch, out);
		return;
	}
	read_part(r, branch, &plain);
	read_part(r, html, &other);
	enum twin twin = msg_twin(&plain, &other, r->all);
	if (twin != TWIN_SAME && !is_seen(html_leaf))
		twin = TWIN_SAME;
	if (twin != TWIN_NOTICE)
		add_text(&plain, out);
	if (twin == TWIN_OTHER)
		sb_addf(out, "%s\n" TWO_MAILS "\n\n", plain.s[plain.len - 1] == '\n' ? "" : "\n");
	if (twin != TWIN_SAME)
		add_text(&other, out);
	sb_free(&plain);
	sb_free(&other);
}

static bool is_number(const struct sb *s)
{
	return s->len && s->len < 10 && strspn(s->s, "0123456789") == s->len;
}

/* "file (2/3)": what is in it only the mail put together again would tell. */
static void say_partial(const struct msg_part *p, struct sb *out)
{
	struct sb number = SB_INIT, total = SB_INIT, line = SB_INIT;
	size_t n = p->type_raw ? strlen(p->type_raw) : 0;
	sb_adds(&line, "［分割されたメールの");
	if (n && part_param(p->type_raw, n, "number", &number) && is_number(&number))
		sb_addf(&line, " %s 通目", number.s);
	else
		sb_adds(&line, "一つ");
	if (n && part_param(p->type_raw, n, "total", &total) && is_number(&total))
		sb_addf(&line, " (全 %s 通)", total.s);
	sb_adds(&line, "です。これだけでは内容を読むことができません。］\n");
	add_text(&line, out);
	sb_free(&number);
	sb_free(&total);
	sb_free(&line);
}

static void read_part(struct reading *r, const struct msg_part *p, struct sb *out)
{
	if (p->sealed) {
		say_sealed(p, out);
	} else if (p->kind == PART_LEAF && is(p, "message/partial")) {
		say_partial(p, out);
	} else if (p->kind == PART_LEAF) {
		if (!msg_part_is_file(p))
			add_leaf(p, out);
	} else if (p->kind == PART_MULTIPART && is(p, "multipart/alternative")) {
		read_alternative(r, p, out);
	} else if (p->kind != PART_MESSAGE) {
		for (const struct msg_part *c = p->child; c; c = c->next)
			read_part(r, c, out);
	}
}

void msg_part_read(const struct msg_part *p, struct sb *out)
{
	struct reading r = { false, TWINS_MAX };
	read_part(&r, p, out);
}

void msg_read_all(const struct msg_part *p, struct sb *out)
{
	struct reading r = { true, TWINS_MAX };
	read_part(&r, p, out);
}

void msg_read_text(const struct msg *m, struct sb *out)
{
	msg_part_read(m->root, out);
}
