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
#include "restyle_leaf.h"
#include "text/hdrword.h"
#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

struct job {
	const struct msg *m;
	const struct restyle *r;
	const char *eol;
	struct sb *out;
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
static bool put_changed(const struct restyled_leaf *c, const struct hdr_field *f)
{
	if (!c || !c->type)
		return false;
	return hdr_is(f, "Content-Type") || hdr_is(f, "Content-Transfer-Encoding");
}

static void put_type(struct job *j, const struct restyled_leaf *c)
{
	if (c && c->type)
		sb_addf(j->out, "Content-Type: %s%sContent-Transfer-Encoding: %s%s", c->type, j->eol, c->encoding, j->eol);
}

static void put_part_head(struct job *j, const struct restyled_leaf *c)
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
static void put_head(struct job *j, bool move_content, const struct restyled_leaf *c)
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
	bool plain = p && (strcmp(p->type, "text/plain") == 0 || strcmp(p->type, "text/html") == 0);
	return plain && !sealed(p) && msg_part_in_raw(m, p) && p->body_len <= RESTYLE_LEAF_MAX;
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
static void with_changes(struct job *j, struct restyled_leaf *c, size_t n)
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
	struct restyled_leaf c[2];
	size_t n = 0;
	if (html && html != text && html->head < text->head)
		restyle_leaf(html, j->r, j->eol, &c[n++]);
	restyle_leaf(text, j->r, j->eol, &c[n++]);
	if (html && html != text && html->head > text->head)
		restyle_leaf(html, j->r, j->eol, &c[n++]);
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
	copy_rest(j, j->m->root->head); /* blank lines in front of the header stay behind */
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
