/*
 * HTML of a mail as text that reads well: gumbo's tree, walked without
 * recursion, written line by line.
 *
 * SECURITY: the input passes html_clean first, which bounds depth and makes it
 * well-formed. Links are shown with their real target, never fetched.
 * BUGS: style sheets are not applied, so what only a class hides is shown.
 */
#include "text/html.h"
#include "base/xalloc.h"
#include "text/charset.h"
#include "text/html_int.h"
#include "text/layout.h"
#include "text/utf8.h"
#include <ctype.h>
#include <gumbo.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define CUT_OFF "\n[以下省略: HTML が大きすぎるため、続きは表示していません]\n"

#define STRUCK "［取り消し線："
#define STRUCK_END 0xFF3D /* ］ */

struct cell {
	size_t start, lines; /* length of output and lines when it began */
};

struct list {
	bool ordered;
	unsigned number;
};

struct link {
	size_t start; /* of its text in the output */
	bool image;
};

#define NEST (HTML_DEPTH + 8)

struct walk {
	struct sb *out;
	size_t begin;        /* our part of out */
	unsigned newlines;   /* to write before the next character */
	unsigned seps;       /* cell separators to write before it */
	bool space, space_nl; /* white space before it; it held a line break */
	size_t lines, line_start;
	uint32_t last;       /* character written last on this line */
	unsigned quotes, pre;
	unsigned breaks;     /* inside of so many that keep their line ends */
	unsigned struck;     /* inside of so many that have a line through them */
	bool struck_open;    /* and that is said */
	struct cell cells[NEST];
	size_t ncells;
	struct list lists[NEST];
	size_t nlists;
	bool bullet;         /* an item began, its mark is not written yet */
	unsigned bordered[NEST];
	size_t ntables;
	struct link link;
	bool show_hidden;
};

static bool cell_is_empty(const struct walk *w)
{
	return w->ncells && w->out->len == w->cells[w->ncells - 1].start;
}

static bool at_top(const struct walk *w)
{
	return w->out->len == w->begin;
}

/* At least n line ends before what follows, but none at the top of anything. */
static void want_lines(struct walk *w, unsigned n)
{
	w->space = w->space_nl = false;
	if (at_top(w) || cell_is_empty(w) || w->bullet)
		return;
	if (w->newlines < n)
		w->newlines = n;
}

static void trim_line(struct walk *w)
{
	while (w->out->len > w->line_start && w->out->s[w->out->len - 1] == ' ')
		sb_setlen(w->out, w->out->len - 1);
}

static void start_line(struct walk *w)
{
	w->line_start = w->out->len;
	w->last = 0;
	for (unsigned i = 0; i < w->quotes; i++)
		sb_adds(w->out, "> ");
	w->line_start = w->out->len - (w->quotes ? 1 : 0);
}

static void end_line(struct walk *w)
{
	trim_line(w);
	sb_addc(w->out, '\n');
	w->lines++;
	start_line(w);
}

static void indent(struct walk *w)
{
	for (size_t i = 1; i < w->nlists; i++)
		sb_adds(w->out, "  ");
}

static void put_bullet(struct walk *w)
{
	w->bullet = false;
	struct list *l = w->nlists ? &w->lists[w->nlists - 1] : NULL;
	indent(w);
	if (l && l->ordered)
		sb_addf(w->out, "%u. ", l->number++);
	else
		sb_adds(w->out, "・");
	w->last = 0;
}

/* Everything that was put off until there is something to write. */
static void put_off(struct walk *w, uint32_t next)
{
	if (at_top(w))
		start_line(w);
	bool fresh = w->newlines > 0;
	for (; w->newlines; w->newlines--)
		end_line(w);
	if (w->bullet) {
		w->space = false;
		put_bullet(w);
	} else if (fresh && w->nlists) {
		indent(w);
		sb_adds(w->out, "  ");
	}
	if (w->seps && !fresh && w->last) {
		trim_line(w);
		for (; w->seps; w->seps--)
			sb_adds(w->out, " | ");
		w->space = false;
	}
	w->seps = 0;
	if (w->space && w->last && w->last != ' ') {
		char b[5] = { 0 };
		struct sb one = { b, 0, sizeof b };
		utf8_put(&one, next);
		bool wide = w->space_nl && w->last >= 0x1100 && text_width(b, one.len) == 2;
		if (!wide)
			sb_addc(w->out, ' ');
	}
	w->space = w->space_nl = false;
}

/* Cells that are still empty begin where their first character stands. */
static void before_ink(struct walk *w, uint32_t next)
{
	size_t was = w->out->len;
	put_off(w, next);
	if (w->out->len == was)
		return;
	for (size_t k = w->ncells; k > 0 && w->cells[k - 1].start == was; k--)
		w->cells[k - 1] = (struct cell){ w->out->len, w->lines };
}

static void put_text(struct walk *w, const char *s);
static void put_break(struct walk *w);

static void put_char(struct walk *w, uint32_t cp)
{
	if (w->struck && !w->struck_open) {
		w->struck_open = true;
		put_text(w, STRUCK);
	}
	before_ink(w, cp);
	utf8_put(w->out, cp);
	if (cp != 0x200D && cp != 0xFE0F)
		w->last = cp >= 0x1100 && text_width(w->out->s + w->out->len - (cp > 0xFFFF ? 4 : 3), cp > 0xFFFF ? 4 : 3) < 2 ? 'a' : cp;
}

static void put_text(struct walk *w, const char *s)
{
	size_t n = strlen(s);
	for (size_t i = 0; i < n;) {
		uint32_t cp;
		i += utf8_get(s + i, n - i, &cp);
		bool blank = cp == ' ' || cp == '\t' || cp == '\n' || cp == '\r' || cp == '\f';
		if (w->breaks && cp == '\n') {
			put_break(w);
		} else if (w->pre && cp == '\n') {
			w->newlines++;
		} else if (w->pre && cp == '\r') {
			;
		} else if (blank && !w->pre) {
			w->space = true;
			w->space_nl |= cp == '\n';
		} else if (cp == 0x200B || cp == 0xFEFF || cp == 0x034F || cp == 0xAD) {
			; /* only say where a line may break */
		} else if (cp == 0xA0) {
			put_char(w, ' ');
		} else {
			put_char(w, cp < 0x20 && cp != '\t' ? 0xFFFD : cp);
		}
	}
}

static const char *attr(const GumboElement *e, const char *name)
{
	const GumboAttribute *a = gumbo_get_attribute(&e->attributes, name);
	return a ? a->value : NULL;
}

static void end_link(struct walk *w, const GumboElement *e)
{
	const char *href = attr(e, "href");
	struct sb url = SB_INIT;
	size_t from = w->link.start < w->out->len ? w->link.start : w->out->len;
	size_t n = w->out->len - from;
	bool any = n > 0 || w->link.image;
	if (href && any && html_link_target(href, &url) && !html_link_said(w->out->s + from, n, url.s)) {
		w->space = w->last != 0;
		w->space_nl = false;
		unsigned keep = w->newlines;
		if (n)
			w->newlines = 0; /* beside its text */
		put_char(w, '<');
		sb_add(w->out, url.s, url.len);
		put_char(w, '>');
		if (n)
			w->newlines = keep;
	}
	sb_free(&url);
}

static void start_cell(struct walk *w)
{
	if (w->ncells == NEST)
		return;
	bool bordered = w->ntables && w->bordered[w->ntables - 1];
	if (w->newlines == 0 && w->last && (bordered || !w->seps) && !cell_is_empty(w))
		w->seps++;
	w->space = w->space_nl = false;
	w->cells[w->ncells++] = (struct cell){ w->out->len, w->lines };
}

static void end_cell(struct walk *w)
{
	if (!w->ncells)
		return;
	struct cell c = w->cells[--w->ncells];
	if (w->lines == c.lines && w->out->len > c.start)
		w->newlines = 0; /* one line: the next cell goes beside it */
	w->space = w->space_nl = false;
}

static void put_rule(struct walk *w)
{
	want_lines(w, 1);
	for (int i = 0; i < 40; i++)
		put_char(w, '-');
	want_lines(w, 1);
}

static void put_image(struct walk *w, const GumboElement *e)
{
	const char *alt = attr(e, "alt");
	w->link.image = true;
	if (!alt || alt[strspn(alt, " \t\r\n")] == '\0')
		return;
	put_char(w, '[');
	put_text(w, alt);
	w->space = w->space_nl = false;
	put_char(w, ']');
}

static void put_break(struct walk *w)
{
	w->space = w->space_nl = false;
	if (at_top(w) || cell_is_empty(w))
		return;
	if (w->bullet)
		before_ink(w, ' ');
	w->newlines++;
}

static void start_list(struct walk *w, const GumboElement *e, bool ordered)
{
	const char *start = attr(e, "start");
	long number = start ? strtol(start, NULL, 10) : 1;
	want_lines(w, 1);
	if (w->nlists < NEST)
		w->lists[w->nlists++] = (struct list){ ordered, number > 0 && number < 1000000 ? (unsigned)number : 1 };
}

/* In white space that counts, or struck out: a price, a word taken back. */
static void enter_span(struct walk *w, const GumboElement *e)
{
	w->breaks += attr(e, "lines") != NULL;
	w->pre += attr(e, "kept") != NULL;
	w->struck += attr(e, "struck") != NULL;
}

static void leave_span(struct walk *w, const GumboElement *e)
{
	w->breaks -= attr(e, "lines") != NULL;
	w->pre -= attr(e, "kept") != NULL;
	w->struck -= attr(e, "struck") != NULL;
	if (w->struck || !w->struck_open)
		return;
	unsigned keep = w->newlines;
	w->newlines = 0; /* beside its text */
	w->space = w->space_nl = w->struck_open = false;
	put_char(w, STRUCK_END);
	w->newlines = keep;
}

static void enter(struct walk *w, const GumboElement *e)
{
	switch (e->tag) {
	case GUMBO_TAG_BR: put_break(w); break;
	case GUMBO_TAG_HR: put_rule(w); break;
	case GUMBO_TAG_IMG: put_image(w, e); break;
	case GUMBO_TAG_P: want_lines(w, w->nlists ? 1 : 2); break;
	case GUMBO_TAG_DIV: case GUMBO_TAG_TR: want_lines(w, 1); break;
	case GUMBO_TAG_PRE: want_lines(w, 1); w->pre++; break;
	case GUMBO_TAG_BLOCKQUOTE: want_lines(w, 1); w->quotes++; break;
	case GUMBO_TAG_UL: start_list(w, e, false); break;
	case GUMBO_TAG_OL: start_list(w, e, true); break;
	case GUMBO_TAG_LI: w->bullet = false; want_lines(w, 1); w->bullet = true; break;
	case GUMBO_TAG_TD: case GUMBO_TAG_TH: start_cell(w); break;
	case GUMBO_TAG_TABLE:
		want_lines(w, 1);
		if (w->ntables < NEST)
			w->bordered[w->ntables++] = attr(e, "border") != NULL;
		break;
	case GUMBO_TAG_SPAN: enter_span(w, e); break;
	case GUMBO_TAG_A:
		w->link = (struct link){ w->out->len, false };
		break;
	default: break;
	}
}

static void leave(struct walk *w, const GumboElement *e)
{
	switch (e->tag) {
	case GUMBO_TAG_P: want_lines(w, w->nlists ? 1 : 2); break;
	case GUMBO_TAG_DIV: want_lines(w, 1); break;
	case GUMBO_TAG_TR: want_lines(w, 1); w->seps = 0; break;
	case GUMBO_TAG_LI: w->bullet = false; want_lines(w, 1); break;
	case GUMBO_TAG_PRE: want_lines(w, 1); w->pre--; break;
	case GUMBO_TAG_BLOCKQUOTE: w->quotes--; want_lines(w, 1); break;
	case GUMBO_TAG_UL: case GUMBO_TAG_OL:
		if (w->nlists)
			w->nlists--;
		want_lines(w, 1);
		break;
	case GUMBO_TAG_TD: case GUMBO_TAG_TH: end_cell(w); break;
	case GUMBO_TAG_TABLE:
		if (w->ntables)
			w->ntables--;
		want_lines(w, 1);
		break;
	case GUMBO_TAG_SPAN: leave_span(w, e); break;
	case GUMBO_TAG_A: end_link(w, e); break;
	default: break;
	}
}

static bool is_element(const GumboNode *n)
{
	return n->type == GUMBO_NODE_ELEMENT || n->type == GUMBO_NODE_TEMPLATE;
}

static bool skips(const struct walk *w, const GumboNode *n)
{
	return !w->show_hidden && is_element(n) && attr(&n->v.element, "hidden");
}

/* The node after n in document order, leaving what ends on the way. */
static const GumboNode *step(struct walk *w, const GumboNode *n, const GumboNode *root, bool down)
{
	if (down && is_element(n) && n->v.element.children.length)
		return n->v.element.children.data[0];
	for (;;) {
		if (down && is_element(n))
			leave(w, &n->v.element);
		down = true;
		if (n == root)
			return NULL;
		const GumboVector *sibs = &n->parent->v.element.children;
		if (n->index_within_parent + 1 < sibs->length)
			return sibs->data[n->index_within_parent + 1];
		n = n->parent;
	}
}

static void walk(struct walk *w, const GumboNode *root)
{
	const GumboNode *n = root;
	while (n) {
		bool hidden = skips(w, n);
		if (is_element(n) && !hidden)
			enter(w, &n->v.element);
		else if (n->type == GUMBO_NODE_TEXT || n->type == GUMBO_NODE_CDATA)
			put_text(w, n->v.text.text);
		else if (n->type == GUMBO_NODE_WHITESPACE)
			put_text(w, n->v.text.text);
		n = step(w, n, root, !hidden);
	}
}

static void *take(void *ud, size_t n)
{
	(void)ud;
	return xmalloc(n);
}

static void give(void *ud, void *p)
{
	(void)ud;
	free(p);
}

static void render(const GumboOutput *tree, bool show_hidden, struct sb *out)
{
	struct walk *w = xcalloc(1, sizeof *w);
	w->out = out;
	w->begin = out->len;
	w->show_hidden = show_hidden;
	walk(w, tree->root);
	trim_line(w);
	if (!at_top(w))
		sb_addc(out, '\n');
	free(w);
}

/* At most two blank lines together, none at the top. */
static void tidy(const char *s, size_t n, struct sb *out)
{
	size_t run = 2, begin = out->len;
	for (size_t i = 0; i < n; i++) {
		run = s[i] == '\n' ? run + 1 : 0;
		if (run <= 3 && !(s[i] == '\n' && out->len == begin))
			sb_addc(out, s[i]);
	}
	while (out->len - begin > 1 && out->s[out->len - 2] == '\n')
		sb_setlen(out, out->len - 1);
}

bool text_from_html(const char *utf8, size_t n, struct sb *out)
{
	struct sb valid = SB_INIT, clean = SB_INIT, text = SB_INIT;
	text_valid(utf8, n, &valid);
	bool whole = html_clean(valid.s, valid.len, &clean);
	sb_free(&valid);
	GumboOptions opt = kGumboDefaultOptions;
	opt.allocator = take;
	opt.deallocator = give;
	opt.max_errors = 0;
	GumboOutput *tree = gumbo_parse_with_options(&opt, clean.s, clean.len);
	render(tree, false, &text);
	bool seen = text.len > 0;
	if (!seen && memmem(clean.s, clean.len, " hidden>", 8))
		render(tree, true, &text); /* better than a blank mail */
	gumbo_destroy_output(&opt, tree);
	tidy(text.s, text.len, out);
	if (!whole)
		sb_adds(out, CUT_OFF);
	sb_free(&text);
	sb_free(&clean);
	return seen;
}

void text_html_escape(const char *utf8, size_t n, struct sb *out)
{
	for (size_t i = 0; i < n; i++) {
		switch (utf8[i]) {
		case '&': sb_adds(out, "&amp;"); break;
		case '<': sb_adds(out, "&lt;"); break;
		case '>': sb_adds(out, "&gt;"); break;
		case '"': sb_adds(out, "&quot;"); break;
		case '\'': sb_adds(out, "&#39;"); break;
		default: sb_addc(out, utf8[i]);
		}
	}
}
