/* Forwarded mails as inert text. See msg_inert.h. */
#include "mail/msg_inert.h"
#include "mail/forward.h"
#include "mail/msg_edit.h"
#include "mail/msg_impl.h"
#include "text/charset.h"
#include "text/defang.h"
#include "text/html.h"
#include <string.h>

enum { HEAD_MAX = 64 << 10, TEXT_MAX = 1 << 20, MAILS_MAX = 20 };

struct job {
	const struct msg *m;
	struct msg_edits e;
	const struct analyse_ctx *c;
	struct fwd_parties parties;
	int mails;
};

static void inert(const char *s, size_t n, struct sb *out)
{
	struct sb seen = SB_INIT;
	text_visible(s, n, &seen);
	text_defang(seen.s, seen.len, out);
	sb_free(&seen);
}

/* ---- attached mails --------------------------------------------------------------------- */

static void header(const struct msg *m, struct sb *out)
{
	size_t from = out->len;
	for (size_t i = 0; i < m->nfields && out->len - from < HEAD_MAX; i++) {
		inert(m->fields[i].name, strlen(m->fields[i].name), out);
		sb_adds(out, ": ");
		inert(m->fields[i].value, strlen(m->fields[i].value), out);
		sb_addc(out, '\n');
	}
}

static void one_mail(const struct msg *m, struct sb *out)
{
	struct sb text = SB_INIT;
	sb_adds(out, "──── 転送されたメール (無害化した表示) ────\n");
	header(m, out);
	sb_addc(out, '\n');
	msg_read_all(m->root, &text);
	if (text.len > TEXT_MAX)
		sb_setlen(&text, TEXT_MAX);
	inert(text.s, text.len, out);
	sb_adds(out, "\n──── 転送されたメールここまで ────\n");
	sb_free(&text);
}

static bool is_below(const struct msg_part *q, const struct msg_part *p)
{
	return q && (q == p || q->depth > p->depth);
}

/* The mail in this part and those inside it, one behind the other. */
static void mails(struct job *j, const struct msg_part *p, struct sb *out)
{
	for (const struct msg_part *q = p; is_below(q, p); q = msg_part_next(q))
		if (q->kind == PART_MESSAGE && q->embedded && j->mails++ < MAILS_MAX)
			one_mail(q->embedded, out);
}

/* ---- pasted mails ------------------------------------------------------------------------ */

/* Where text stops being the sender's own. */
static bool begins_at(const struct job *j, const struct sb *text, size_t *at_r)
{
	struct forward f;
	*at_r = 0;
	if (j->c->itself)
		return true;
	if (!fwd_first(text->s, text->len, &j->parties, &f))
		return false;
	*at_r = f.begin;
	sb_free(&f.raw);
	return true;
}

static void own_then_inert(const struct sb *text, size_t at, struct sb *out)
{
	size_t n = text->len < TEXT_MAX ? text->len : TEXT_MAX;
	text_visible(text->s, at < n ? at : n, out);
	if (at < n)
		inert(text->s + at, n - at, out);
}

static void html_of(const struct sb *text, struct sb *out)
{
	sb_adds(out, "<div style=\"white-space:pre-wrap\">");
	text_html_escape(text->s, text->len, out);
	sb_adds(out, "</div>\n");
}

static void leaf(struct job *j, const struct msg_part *p)
{
	struct sb b = SB_INIT, text = SB_INIT, out = SB_INIT, page = SB_INIT;
	bool html = msg_part_is_html(p);
	size_t at;
	msg_part_text(p, html ? &b : &text);
	if (html)
		text_from_html(b.s, b.len, &text);
	if (begins_at(j, &text, &at)) {
		own_then_inert(&text, at, &out);
		if (html)
			html_of(&out, &page);
		edit_part(&j->e, p, html ? "html" : "plain", html ? page.s : out.s, html ? page.len : out.len, NULL);
	}
	sb_free(&b);
	sb_free(&text);
	sb_free(&out);
	sb_free(&page);
}

/* ---- the walk ----------------------------------------------------------------------------- */

static bool holds_mail(const struct msg_part *p)
{
	for (const struct msg_part *q = p; is_below(q, p); q = msg_part_next(q))
		if (q->kind == PART_MESSAGE && q->embedded)
			return true;
	return false;
}

/* What was opened is no part of the raw mail: it is one text, if anything in it
 * must be inert. */
static void wrapped(struct job *j, const struct msg_part *p)
{
	struct sb text = SB_INIT, out = SB_INIT;
	size_t at;
	msg_part_read(p, &text);
	bool pasted = begins_at(j, &text, &at);
	if (pasted || holds_mail(p)) {
		own_then_inert(&text, pasted ? at : text.len, &out);
		mails(j, p, &out);
		edit_part(&j->e, p, "plain", out.s, out.len, NULL);
	}
	sb_free(&text);
	sb_free(&out);
}

static void walk(struct job *j, const struct msg_part *p)
{
	struct sb text = SB_INIT;
	if (p->kind == PART_WRAP) {
		wrapped(j, p);
		return;
	}
	if (p->kind == PART_MESSAGE && p->embedded) {
		mails(j, p, &text);
		edit_part(&j->e, p, "plain", text.s, text.len, NULL);
		sb_free(&text);
		return;
	}
	if (p->kind == PART_LEAF && msg_part_is_text(p) && !msg_part_is_file(p))
		leaf(j, p);
	for (const struct msg_part *c = p->child; c; c = c->next)
		walk(j, c);
}

/* Readers would not agree on the parts of a broken mail: it is one text then. */
static void one_text(struct job *j)
{
	struct sb text = SB_INIT, out = SB_INIT;
	size_t at;
	edits_free(&j->e);
	edits_init(&j->e, j->m->raw, j->m->raw_len);
	j->mails = 0;
	msg_read_text(j->m, &text);
	if (!begins_at(j, &text, &at))
		at = text.len;
	own_then_inert(&text, at, &out);
	mails(j, j->m->root, &out);
	edit_part(&j->e, j->m->root, "plain", out.s, out.len, NULL);
	sb_free(&text);
	sb_free(&out);
}

bool msg_inert(const struct msg *m, const struct analyse_ctx *c, struct sb *out)
{
	struct job j = { .m = m, .c = c, .parties = { c->desk, m->from.n ? m->from.v[0].addr : "" } };
	edits_init(&j.e, m->raw, m->raw_len);
	walk(&j, m->root);
	bool any = j.e.n > 0;
	if (any && m->mime_broken)
		one_text(&j);
	if (any)
		edits_apply(&j.e, out);
	edits_free(&j.e);
	return any;
}
