/*
 * Passing a mail on in its original form with our header lines and a banner.
 * See msg_build.h. Whatever is not touched is copied byte for byte from the
 * raw mail; new lines take the line end that the mail itself uses.
 *
 * Where the banner goes, in this order: into the text to read and its HTML
 * twin; before the first part of a multipart/mixed that has no text; into a
 * new multipart/mixed around whatever it is (signed and encrypted mail: what
 * was signed stays as it was); around the whole original as message/rfc822
 * when its MIME is broken.
 * SECURITY: hostile mail; values of ours go through build_line.
 */
#include "msg_build.h"
#include "build_util.h"
#include "hdr.h"
#include "msg_impl.h"
#include "text/charset.h"
#include "text/hdrword.h"
#include "text/html.h"
#include "xfer.h"
#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

enum { LEAF_MAX = 16 << 20 };

struct job {
	const struct msg *m;
	const struct restyle *r;
	const char *eol;
	struct sb *out;
};

/* A text leaf with the banner in it. type/encoding NULL: as they were. */
struct change {
	const struct msg_part *p;
	struct sb body;
	bool in_body; /* HTML: behind its <body> */
	const char *type;
	const char *encoding;
};

/* ---- header ---- */

static void put_line(struct job *j, const char *line)
{
	struct sb b = SB_INIT;
	build_line(line, &b);
	build_eol(b.s, b.len, j->eol, j->out);
	sb_free(&b);
}

static void put_subject(struct job *j)
{
	struct sb b = SB_INIT;
	sb_adds(&b, "Subject: ");
	text_encode_header(j->r->subject, strlen(j->r->subject), 9, &b);
	sb_adds(&b, "\n");
	build_eol(b.s, b.len, j->eol, j->out);
	sb_free(&b);
}

static bool dropped(const struct job *j, const struct hdr_field *f)
{
	for (const char *const *d = j->r->drop; d && *d; d++)
		if (hdr_is(f, *d))
			return true;
	return false;
}

static bool is_content(const struct hdr_field *f)
{
	return f->name_len > 8 && strncasecmp(f->name, "Content-", 8) == 0;
}

/* A field as it was; one cut off by the end of the mail gets its line end. */
static void copy_field(struct job *j, const struct hdr_field *f)
{
	const char *end = f->end;
	bool cut = end[-1] != '\n';
	while (cut && end > f->start && end[-1] == '\r')
		end--;
	sb_add(j->out, f->start, (size_t)(end - f->start));
	if (cut)
		sb_adds(j->out, j->eol);
}

/* Content-Type and -Transfer-Encoding of a changed leaf. */
static bool put_changed(const struct change *c, const struct hdr_field *f)
{
	if (!c || !c->type)
		return false;
	return hdr_is(f, "Content-Type") || hdr_is(f, "Content-Transfer-Encoding");
}

static void put_type(struct job *j, const struct change *c)
{
	if (c && c->type)
		sb_addf(j->out, "Content-Type: %s%sContent-Transfer-Encoding: %s%s", c->type, j->eol, c->encoding, j->eol);
}

static void put_part_head(struct job *j, const struct change *c)
{
	struct hdr_field f;
	const char *pos = c->p->head;
	while (hdr_next(&pos, c->p->head + c->p->head_len, false, &f))
		if (!put_changed(c, &f))
			copy_field(j, &f);
	put_type(j, c);
	sb_adds(j->out, j->eol);
}

/* The mail's own header: without what is dropped, and without its Content
 * fields when they move into a part. */
static void put_head(struct job *j, bool move_content, const struct change *c)
{
	const struct msg_part *root = j->m->root;
	struct hdr_field f;
	const char *pos = root->head;
	bool subject = false, version = false;
	for (const char *const *a = j->r->add; a && *a; a++)
		put_line(j, *a);
	while (hdr_next(&pos, root->head + root->head_len, false, &f)) {
		if (dropped(j, &f) || (move_content && is_content(&f)) || put_changed(c, &f))
			continue;
		version |= hdr_is(&f, "MIME-Version");
		if (j->r->subject && hdr_is(&f, "Subject")) {
			if (!subject)
				put_subject(j);
			subject = true;
			continue;
		}
		copy_field(j, &f);
	}
	if (j->r->subject && !subject)
		put_subject(j);
	if (!version && (move_content || (c && c->type)))
		sb_addf(j->out, "MIME-Version: 1.0%s", j->eol);
	put_type(j, c);
}

/* ---- the banner in a leaf ---- */

static const char *family(const char *charset)
{
	static const struct {
		const char *label, *family;
	} t[] = { { "iso-2022-jp", "iso-2022-jp" }, { "csiso2022jp", "iso-2022-jp" }, { "iso-2022-jp-ms", "iso-2022-jp" },
		  { "shift_jis", "cp932" }, { "shift-jis", "cp932" }, { "sjis", "cp932" }, { "x-sjis", "cp932" },
		  { "cp932", "cp932" }, { "windows-31j", "cp932" }, { "ms932", "cp932" },
		  { "utf-8", "utf-8" }, { "utf8", "utf-8" }, { "euc-jp", "euc-jp" }, { "us-ascii", "us-ascii" },
		  { "ascii", "us-ascii" } };
	for (size_t i = 0; charset && i < sizeof t / sizeof *t; i++)
		if (strcasecmp(charset, t[i].label) == 0)
			return t[i].family;
	return NULL;
}

/* The banner in the leaf's own charset; false when that can't hold it or the
 * label is not true. */
static bool own_charset(const struct msg_part *p, const struct sb *raw, const char *used, const struct sb *ins,
                        struct sb *out)
{
	const char *label = family(p->charset), *really = family(used);
	bool plain = text_is_ascii(raw->s, raw->len) && !memchr(raw->s, 033, raw->len);
	if (text_is_ascii(ins->s, ins->len) && plain) {
		sb_add(out, ins->s, ins->len);
		return true;
	}
	if (!label || strcmp(label, "us-ascii") == 0 || (!plain && (!really || strcmp(label, really) != 0)))
		return false;
	return text_from_utf8(label, ins->s, ins->len, out);
}

/* Behind <body …>, else at the start; ISO-2022-JP's two-byte runs, which may
 * hold any of these letters, are passed over. */
static size_t body_tag(const char *s, size_t n)
{
	bool kanji = false;
	for (size_t i = 0; i + 5 < n; i++) {
		if (s[i] == 033)
			kanji = s[i + 1] == '$';
		if (kanji || s[i] != '<' || strncasecmp(s + i, "<body", 5) != 0)
			continue;
		const char *gt = memchr(s + i, '>', n - i);
		return gt ? (size_t)(gt + 1 - s) : 0;
	}
	return 0;
}

/* Nothing but what belongs into a <head> before this place: <body> inside a
 * hidden <div> would hide the banner. */
static bool only_head(const char *s, size_t n)
{
	static const char *const names[] = { "html", "head", "meta", "title", "style", "link", "base", "script", "body" };
	for (size_t i = 0; i + 1 < n; i++) {
		bool ok = s[i] != '<' || s[i + 1] == '!' || s[i + 1] == '/';
		for (size_t k = 0; !ok && k < sizeof names / sizeof *names; k++)
			ok = n - i > strlen(names[k]) && strncasecmp(s + i + 1, names[k], strlen(names[k])) == 0;
		if (!ok)
			return false;
	}
	return true;
}

/* Would a reader see what is put at this place? Not inside an unclosed <title>,
 * attribute, comment or script, which a hostile mail may hold. The mark can't
 * stand in the mail, whose hash it is. */
static bool is_visible(const struct sb *html, size_t at)
{
	struct sb all = SB_INIT, seen = SB_INIT;
	char mark[BUILD_BOUNDARY];
	build_boundary(html->s, html->len, 0, mark);
	sb_add(&all, html->s, at);
	sb_addf(&all, "<p>%s</p>", mark);
	sb_add(&all, html->s + at, html->len - at);
	text_from_html(all.s, all.len, &seen);
	bool ok = only_head(html->s, at) && strstr(seen.s, mark);
	sb_free(&all);
	sb_free(&seen);
	return ok;
}

static size_t place(const struct change *c, const struct sb *raw)
{
	size_t at = c->in_body ? body_tag(raw->s, raw->len) : 0;
	if (!at && raw->len >= 3 && memcmp(raw->s, "\xEF\xBB\xBF", 3) == 0)
		at = 3;
	return at;
}

static void splice(const struct sb *raw, size_t at, const struct sb *ins, const char *eol, struct sb *out)
{
	sb_add(out, raw->s, at);
	build_eol(ins->s, ins->len, eol, out);
	sb_add(out, raw->s + at, raw->len - at);
}

/* Charset and transfer encoding stay as they were. */
static bool keep_form(struct job *j, struct change *c, const struct sb *raw, const struct sb *ins)
{
	struct sb all = SB_INIT;
	size_t at = place(c, raw);
	bool base64 = strcmp(c->p->encoding, "base64") == 0, qp = strcmp(c->p->encoding, "quoted-printable") == 0;
	if (!base64 && !qp) {
		bool eight = strcmp(c->p->encoding, "8bit") == 0 || strcmp(c->p->encoding, "binary") == 0;
		if ((!eight && !text_is_ascii(ins->s, ins->len)) || strstr(c->p->encoding, "uu"))
			return false;
		splice(raw, at, ins, j->eol, &c->body);
		return true;
	}
	if (qp && at == 0) {
		xfer_qp(ins->s, ins->len, j->eol, &c->body);
		sb_add(&c->body, c->p->body, c->p->body_len);
		return true;
	}
	splice(raw, at, ins, "\r\n", &all);
	if (qp)
		xfer_qp(all.s, all.len, j->eol, &c->body);
	else
		xfer_base64(all.s, all.len, j->eol, &c->body);
	sb_free(&all);
	return true;
}

static void as_utf8(struct job *j, struct change *c, const struct sb *text, const struct sb *ins)
{
	struct sb all = SB_INIT;
	splice(text, place(c, text), ins, "\n", &all);
	c->encoding = build_text(all.s, all.len, j->eol, &c->body);
	if (strcmp(c->p->type, "text/html") == 0)
		c->type = "text/html; charset=utf-8";
	else if (!c->p->flowed)
		c->type = "text/plain; charset=utf-8";
	else
		c->type = c->p->delsp ? "text/plain; charset=utf-8; format=flowed; delsp=yes"
		                      : "text/plain; charset=utf-8; format=flowed";
	sb_free(&all);
}

/* Lines of the banner end hard in flowed text (RFC 3676 §4): no space at the
 * end, and those that would look quoted or stuffed are stuffed. */
static void unflowable(const char *s, struct sb *out)
{
	while (*s) {
		size_t n = strcspn(s, "\n"), keep = n;
		while (keep && s[keep - 1] == ' ')
			keep--;
		if (keep && (*s == ' ' || *s == '>' || strncmp(s, "From ", 5) == 0))
			sb_addc(out, ' ');
		sb_add(out, s, keep);
		sb_addc(out, '\n');
		s += n + (s[n] == '\n');
	}
}

static void banner_for(const struct job *j, const struct msg_part *p, struct sb *out)
{
	const char *s = j->r->banner;
	if (strcmp(p->type, "text/html") == 0) {
		if (j->r->banner_html) {
			sb_adds(out, j->r->banner_html);
		} else {
			sb_adds(out, "<pre>");
			text_html_escape(s, strlen(s), out);
			sb_adds(out, "</pre>\n");
		}
		return;
	}
	if (p->flowed)
		unflowable(s, out);
	else
		sb_adds(out, s);
	if (out->len && out->s[out->len - 1] != '\n')
		sb_addc(out, '\n');
}

static void change_leaf(struct job *j, const struct msg_part *p, struct change *c)
{
	struct sb raw = SB_INIT, text = SB_INIT, ins = SB_INIT, enc = SB_INIT;
	*c = (struct change){ .p = p, .body = SB_INIT };
	banner_for(j, p, &ins);
	xfer_decode(p->encoding, p->body, p->body_len, 2 * LEAF_MAX, &raw);
	const char *used = msg_part_utf8(p, &text);
	if (strcmp(p->type, "text/html") == 0) {
		size_t at = body_tag(text.s, text.len);
		c->in_body = at && is_visible(&text, at);
	}
	if (!own_charset(p, &raw, used, &ins, &enc) || !keep_form(j, c, &raw, &enc))
		as_utf8(j, c, &text, &ins);
	sb_free(&raw);
	sb_free(&text);
	sb_free(&ins);
	sb_free(&enc);
}

/* ---- whole mails ---- */

static bool sealed(const struct msg_part *p)
{
	for (; p; p = p->parent)
		if (strcmp(p->type, "multipart/signed") == 0 || strcmp(p->type, "multipart/encrypted") == 0)
			return true;
	return false;
}

static bool usable(const struct msg *m, const struct msg_part *p)
{
	return p && !sealed(p) && msg_part_in_raw(m, p) && p->body_len <= LEAF_MAX;
}

static const char *body_of(const struct msg *m)
{
	return m->root->body;
}

static void copy_rest(struct job *j, const char *from)
{
	sb_add(j->out, from, (size_t)(j->m->raw + j->m->raw_len - from));
}

/* Header, then the rest with one or two leaves replaced. */
static void with_changes(struct job *j, struct change *c, size_t n)
{
	bool root = c[0].p == j->m->root;
	put_head(j, false, root ? &c[0] : NULL);
	sb_adds(j->out, j->eol);
	if (root) {
		sb_add(j->out, c[0].body.s, c[0].body.len);
		return;
	}
	const char *at = body_of(j->m);
	for (size_t i = 0; i < n; i++) {
		sb_add(j->out, at, (size_t)(c[i].p->head - at));
		put_part_head(j, &c[i]);
		sb_add(j->out, c[i].body.s, c[i].body.len);
		at = c[i].p->body + c[i].p->body_len;
	}
	copy_rest(j, at);
}

static void into_text(struct job *j, struct msg_part *text, struct msg_part *html)
{
	struct change c[2];
	size_t n = 0;
	if (html && html != text && html->head < text->head)
		change_leaf(j, html, &c[n++]);
	change_leaf(j, text, &c[n++]);
	if (html && html != text && html->head > text->head)
		change_leaf(j, html, &c[n++]);
	with_changes(j, c, n);
	for (size_t i = 0; i < n; i++)
		sb_free(&c[i].body);
}

static void banner_part(struct job *j)
{
	build_text_part("plain", j->r->banner, strlen(j->r->banner), j->eol, j->out);
}

/* A multipart/mixed without text: a new first part, under its own boundary. */
static void before_first(struct job *j)
{
	const char *body = body_of(j->m), *first = j->m->root->child->head, *line = first;
	if (line > body)
		line--;
	while (line > body && line[-1] != '\n')
		line--;
	put_head(j, false, NULL);
	sb_adds(j->out, j->eol);
	sb_add(j->out, body, (size_t)(line - body));
	sb_add(j->out, line, (size_t)(first - line));
	banner_part(j);
	copy_rest(j, line);
}

static void pick_boundary(const struct job *j, char boundary[BUILD_BOUNDARY])
{
	const struct msg *m = j->m;
	int which = 3;
	do
		build_boundary(m->raw, m->header_len, which++, boundary);
	while (memmem(m->raw, m->raw_len, boundary, strlen(boundary)));
}

static void open_mixed(struct job *j, const char *boundary, bool eight)
{
	put_head(j, true, NULL);
	sb_addf(j->out, "Content-Type: multipart/mixed;%s boundary=\"%s\"%s", j->eol, boundary, j->eol);
	if (eight)
		sb_addf(j->out, "Content-Transfer-Encoding: 8bit%s", j->eol);
	sb_addf(j->out, "%s--%s%s", j->eol, boundary, j->eol);
	banner_part(j);
	sb_addf(j->out, "--%s%s", boundary, j->eol);
}

static void close_mixed(struct job *j, const char *boundary)
{
	sb_addf(j->out, "%s--%s--%s", j->eol, boundary, j->eol);
}

/* The original structure as the second part of a new multipart/mixed. */
static void wrap(struct job *j)
{
	char boundary[BUILD_BOUNDARY];
	struct hdr_field f;
	const struct msg_part *root = j->m->root;
	const char *pos = root->head;
	pick_boundary(j, boundary);
	open_mixed(j, boundary, j->m->scan.has_8bit_body);
	while (hdr_next(&pos, root->head + root->head_len, false, &f))
		if (is_content(&f))
			copy_field(j, &f);
	sb_adds(j->out, j->eol);
	copy_rest(j, body_of(j->m));
	close_mixed(j, boundary);
}

static void wrap_broken(struct job *j)
{
	char boundary[BUILD_BOUNDARY];
	bool eight = j->m->scan.has_8bit_body || j->m->scan.has_8bit_header;
	pick_boundary(j, boundary);
	open_mixed(j, boundary, eight);
	sb_addf(j->out, "Content-Type: message/rfc822%s", j->eol);
	if (eight)
		sb_addf(j->out, "Content-Transfer-Encoding: 8bit%s", j->eol);
	sb_adds(j->out, j->eol);
	copy_rest(j, j->m->raw);
	close_mixed(j, boundary);
}

static void header_only(struct job *j)
{
	put_head(j, false, NULL);
	sb_adds(j->out, j->eol);
	copy_rest(j, body_of(j->m));
}

static void restyle(const struct msg *m, const struct restyle *r, struct sb *out)
{
	const char *lf = memchr(m->raw, '\n', m->raw_len);
	bool bare = lf && (lf == m->raw || lf[-1] != '\r');
	struct job j = { m, r, bare ? "\n" : "\r\n", out };
	struct msg_part *text = msg_best_text(m), *html = msg_best_html(m);
	if (!r->banner)
		header_only(&j);
	else if (m->mime_broken)
		wrap_broken(&j);
	else if (usable(m, text))
		into_text(&j, text, usable(m, html) ? html : NULL);
	else if (m->root->child && strcmp(m->root->type, "multipart/mixed") == 0)
		before_first(&j);
	else
		wrap(&j);
}

/* CR alone as line end can't be mixed with ours: such a mail gets CRLF first. */
static void restyle_cr(const struct msg *m, const struct restyle *r, struct sb *out)
{
	struct prescan_limits lim = prescan_default;
	struct msg *fixed;
	struct sb raw = SB_INIT;
	for (size_t i = 0; i < m->raw_len; i++) {
		sb_addc(&raw, m->raw[i]);
		if (m->raw[i] == '\r')
			sb_addc(&raw, '\n');
	}
	lim.size = lim.header = lim.line = SIZE_MAX;
	lim.comments = lim.depth = lim.parts = lim.headers = UINT_MAX;
	if (msg_parse(raw.s, raw.len, &lim, &fixed, NULL) == OK)
		restyle(fixed, r, out);
	else
		restyle(m, r, out);
	msg_free(&fixed);
	sb_free(&raw);
}

void msg_restyle(const struct msg *m, const struct restyle *r, struct sb *out)
{
	if (!memchr(m->raw, '\n', m->raw_len) && memchr(m->raw, '\r', m->raw_len))
		restyle_cr(m, r, out);
	else
		restyle(m, r, out);
}
