/* Suspicious mails inside a mail. See analyse.h. */
#include "mail/analyse.h"
#include "mail/addr.h"
#include "mail/analyse_impl.h"
#include "mail/forward.h"
#include "mail/msg_impl.h"
#include "text/charset.h"
#include "text/hdrword.h"
#include "text/html.h"
#include "text/utf8.h"
#include <string.h>

enum { TEXT_MAX = 1 << 20 };

const char *analyse_line(struct arena *a, const char *s, size_t n, size_t max)
{
	struct sb line = SB_INIT, seen = SB_INIT;
	text_one_line(s, n < 8 * max ? n : 8 * max, &line);
	text_visible(line.s, line.len, &seen);
	if (seen.len > max) {
		sb_setlen(&seen, utf8_head(seen.s, seen.len, max));
		sb_adds(&seen, "…");
	}
	const char *r = arena_memdup(a, seen.s, seen.len);
	sb_free(&line);
	sb_free(&seen);
	return r;
}

static struct suspect *next(struct analysis *r, struct arena *a, enum suspect_how how)
{
	if (r->n == ANALYSE_MAILS) {
		r->more++;
		return NULL;
	}
	struct suspect *s = r->v[r->n++] = arena_zalloc(a, sizeof *s);
	s->how = how;
	return s;
}

/* ---- attached ---------------------------------------------------------------------- */

static unsigned mails_above(const struct msg_part *p)
{
	unsigned n = 0;
	for (p = p->parent; p; p = p->parent)
		n += p->kind == PART_MESSAGE;
	return n;
}

static void attached(const struct msg *m, const struct analyse_ctx *c, struct arena *a, struct analysis *r)
{
	for (const struct msg_part *p = m->root; p; p = msg_part_next(p)) {
		struct suspect *s;
		if (p->kind != PART_MESSAGE || !p->embedded || !(s = next(r, a, SUSPECT_ATTACHED)))
			continue;
		s->depth = mails_above(p) + 1;
		analyse_head(p->embedded, c->own_domain, a, s);
		analyse_urls(p->embedded->root, c->own_domain, a, s);
	}
}

/* ---- pasted -------------------------------------------------------------------------- */

/* The HTML twin has the addresses that its links really go to. */
static void html_urls(const struct msg *m, const struct fwd_parties *parties, const char *own, struct arena *a,
                      struct suspect *s)
{
	const struct msg_part *html = msg_best_html(m);
	struct sb b = SB_INIT, text = SB_INIT;
	struct forward f;
	if (html) {
		msg_part_text(html, &b);
		text_from_html(b.s, b.len, &text);
		if (fwd_first(text.s, text.len, parties, &f)) {
			analyse_page_urls(text.s + f.begin, text.len - f.begin, own, a, s);
			analyse_source_urls(b.s, b.len, own, a, s);
			sb_free(&f.raw);
		}
	}
	sb_free(&b);
	sb_free(&text);
}

static void pasted(const struct msg *m, const struct analyse_ctx *c, struct arena *a, struct analysis *r)
{
	struct fwd_parties parties = { .desk = c->desk, .sender = m->from.n ? m->from.v[0].addr : "" };
	struct sb text = SB_INIT;
	struct forward f;
	struct msg *inner;
	struct suspect *s;
	msg_read_text(m, &text);
	if (text.len > TEXT_MAX)
		sb_setlen(&text, TEXT_MAX);
	if (fwd_first(text.s, text.len, &parties, &f)) {
		if ((s = next(r, a, SUSPECT_PASTED)) && msg_parse(f.raw.s, f.raw.len, NULL, &inner, NULL) == OK) {
			analyse_head(inner, c->own_domain, a, s);
			analyse_urls(inner->root, c->own_domain, a, s);
			html_urls(m, &parties, c->own_domain, a, s);
			msg_free(&inner);
		}
		sb_free(&f.raw);
	}
	sb_free(&text);
}

void mail_analyse(const struct msg *m, const struct analyse_ctx *c, struct arena *a, struct analysis *r)
{
	*r = (struct analysis){ .n = 0 };
	attached(m, c, a, r);
	pasted(m, c, a, r);
	if (c->itself && r->n == 0) {
		struct suspect *s = next(r, a, SUSPECT_ITSELF);
		analyse_head(m, "", a, s);
		analyse_urls(m->root, "", a, s);
	}
}
