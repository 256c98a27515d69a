/*
 * Hostile HTML to a small well-formed dialect, in one pass.
 *
 * Why: gumbo has no limit on depth, walks its stack of open elements for many
 * tags and frees the tree by recursion; unclosed formatting elements multiply.
 * Here every element that is opened is closed, in order, and depth is bounded,
 * so gumbo's worst cases can't be reached.
 *
 * SECURITY: untrusted bytes; nothing that is not in the table below passes.
 */
#include "text/html_int.h"
#include "text/html_style.h"
#include <ctype.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#define TAGS_MAX 200000 /* more are dropped, their text stays */
#define ATTR_MAX 4096

enum kind { K_INLINE, K_BLOCK, K_CELL, K_ROW, K_TABLE, K_LIST, K_ITEM, K_PARA, K_LINK, K_VOID, K_DROP, K_RAW };

struct elem {
	const char *name, *as;
	enum kind kind;
};

static const struct elem elems[] = {
	{ "a", "a", K_LINK }, { "address", "div", K_BLOCK }, { "article", "div", K_BLOCK },
	{ "aside", "div", K_BLOCK }, { "base", NULL, K_DROP }, { "blockquote", "blockquote", K_BLOCK },
	{ "body", NULL, K_DROP }, { "br", "br", K_VOID }, { "caption", "div", K_BLOCK },
	{ "center", "div", K_BLOCK }, { "col", NULL, K_DROP }, { "colgroup", NULL, K_DROP },
	{ "dd", "div", K_BLOCK }, { "del", "span", K_INLINE }, { "details", "div", K_BLOCK }, { "dir", "ul", K_LIST },
	{ "div", "div", K_BLOCK }, { "dl", "div", K_BLOCK }, { "dt", "div", K_BLOCK },
	{ "embed", NULL, K_DROP }, { "fieldset", "div", K_BLOCK }, { "figcaption", "div", K_BLOCK },
	{ "figure", "div", K_BLOCK }, { "footer", "div", K_BLOCK }, { "form", "div", K_BLOCK },
	{ "frame", NULL, K_DROP }, { "h1", "p", K_PARA }, { "h2", "p", K_PARA }, { "h3", "p", K_PARA },
	{ "h4", "p", K_PARA }, { "h5", "p", K_PARA }, { "h6", "p", K_PARA }, { "head", NULL, K_DROP },
	{ "header", "div", K_BLOCK }, { "hr", "hr", K_VOID }, { "html", NULL, K_DROP },
	{ "iframe", NULL, K_RAW }, { "img", "img", K_VOID }, { "input", NULL, K_DROP },
	{ "legend", "div", K_BLOCK }, { "li", "li", K_ITEM }, { "link", NULL, K_DROP },
	{ "listing", "pre", K_BLOCK }, { "main", "div", K_BLOCK }, { "menu", "ul", K_LIST },
	{ "meta", NULL, K_DROP }, { "nav", "div", K_BLOCK }, { "noembed", NULL, K_RAW },
	{ "noframes", NULL, K_RAW }, { "ol", "ol", K_LIST }, { "option", "div", K_BLOCK },
	{ "p", "p", K_PARA }, { "param", NULL, K_DROP }, { "pre", "pre", K_BLOCK },
	{ "s", "span", K_INLINE }, { "script", NULL, K_RAW }, { "section", "div", K_BLOCK }, { "source", NULL, K_DROP },
	{ "strike", "span", K_INLINE }, { "style", NULL, K_RAW }, { "summary", "div", K_BLOCK }, { "table", "table", K_TABLE },
	{ "tbody", NULL, K_DROP }, { "td", "td", K_CELL }, { "tfoot", NULL, K_DROP },
	{ "th", "th", K_CELL }, { "thead", NULL, K_DROP }, { "title", NULL, K_RAW },
	{ "tr", "tr", K_ROW }, { "track", NULL, K_DROP }, { "ul", "ul", K_LIST },
	{ "wbr", NULL, K_DROP }, { "xmp", "pre", K_BLOCK },
};
static const struct elem other = { "span", "span", K_INLINE };

struct open {
	uint32_t id;
	const char *as;
	enum kind kind;
	bool tiny;             /* its text has no size */
	enum html_space space; /* white space that counts in its text; INHERITED: <pre> sees to it */
};

struct clean {
	const char *s;
	size_t n, i;
	struct open stack[HTML_DEPTH];
	size_t depth, tags;
	bool no_comment_end; /* no "-->" from here on */
	bool full;           /* as much as is read */
	struct sb *out;
};

enum { A_HREF, A_ALT, A_STYLE, A_CLASS, A_BORDER, A_START, A_SIZE, ATTRS };
/* Interesting attributes of one tag, as bytes of the input. */
struct attrs {
	const char *v[ATTRS];
	size_t n[ATTRS];
	bool hidden;
};
static const char *const attr_name[ATTRS] = { "href", "alt", "style", "class", "border", "start", "size" };

static uint32_t ident(const char *p, size_t n)
{
	uint32_t h = 2166136261u;
	for (size_t i = 0; i < n; i++)
		h = (h ^ (uint32_t)tolower((unsigned char)p[i])) * 16777619u;
	return h;
}

static const struct elem *lookup(const char *p, size_t n)
{
	size_t lo = 0, hi = sizeof elems / sizeof *elems;
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		int c = strncasecmp(p, elems[mid].name, n);
		if (c == 0 && elems[mid].name[n] == '\0')
			return &elems[mid];
		if (c < 0 || c == 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return &other;
}

static bool space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static void push(struct clean *c, struct open o)
{
	c->stack[c->depth++] = o;
}

static void pop(struct clean *c)
{
	sb_adds(c->out, "</");
	sb_adds(c->out, c->stack[--c->depth].as);
	sb_addc(c->out, '>');
}

static bool find_ci(const char *p, size_t n, const char *needle)
{
	size_t len = strlen(needle), k = 0;
	/* style values: white space does not count, and none is skipped from two places */
	for (size_t i = 0; i < n; i++) {
		if (space(p[i]))
			continue;
		k = 0;
		size_t j = i;
		for (; j < n && k < len; j++) {
			if (space(p[j]))
				continue;
			if (tolower((unsigned char)p[j]) != needle[k])
				break;
			k++;
		}
		if (k == len)
			return true;
	}
	return false;
}

static bool has(const struct attrs *a, int which, const char *needle)
{
	return a->v[which] && find_ci(a->v[which], a->n[which], needle);
}

static bool is_hidden(const struct attrs *a)
{
	return a->hidden || has(a, A_STYLE, "display:none") || has(a, A_STYLE, "visibility:hidden") ||
	       (has(a, A_STYLE, "max-height:0") && !has(a, A_STYLE, "max-height:0.") && has(a, A_STYLE, "overflow:hidden"));
}

/* Paragraphs that only end a line: Outlook's, and those without margins. */
static bool no_margin(const struct attrs *a)
{
	return has(a, A_CLASS, "mso") || has(a, A_STYLE, "margin:0") ||
	       (has(a, A_STYLE, "margin-top:0") && has(a, A_STYLE, "margin-bottom:0"));
}

/* The line that Outlook draws above the mail it quotes, its only mark of a quote. */
static bool begins_quote(const struct attrs *a)
{
	return has(a, A_STYLE, "border:none;border-top:solid");
}

static void note_attr(struct attrs *a, const char *name, size_t nn, const char *v, size_t vn)
{
	if (nn == 6 && strncasecmp(name, "hidden", 6) == 0)
		a->hidden = true;
	for (size_t k = 0; k < ATTRS; k++)
		if (strlen(attr_name[k]) == nn && strncasecmp(name, attr_name[k], nn) == 0 && !a->v[k] && v) {
			a->v[k] = v;
			a->n[k] = vn < ATTR_MAX ? vn : ATTR_MAX;
		}
}

/* From behind the tag's name to behind its '>'; false: the input ended. */
static bool read_attrs(struct clean *c, struct attrs *a)
{
	const char *s = c->s;
	size_t i = c->i, n = c->n;
	for (;;) {
		while (i < n && (space(s[i]) || s[i] == '/'))
			i++;
		if (i >= n)
			return false;
		if (s[i] == '>') {
			c->i = i + 1;
			return true;
		}
		size_t name = i++;
		while (i < n && !space(s[i]) && s[i] != '/' && s[i] != '>' && s[i] != '=')
			i++;
		size_t nn = i - name;
		while (i < n && space(s[i]))
			i++;
		const char *v = NULL;
		size_t vn = 0;
		if (i < n && s[i] == '=') {
			for (i++; i < n && space(s[i]); i++)
				;
			char q = i < n ? s[i] : '>';
			if (q == '"' || q == '\'') {
				v = s + ++i;
				const char *e = memchr(v, q, n - i);
				if (!e)
					return false;
				vn = (size_t)(e - v);
				i += vn + 1;
			} else {
				for (v = s + i; i < n && !space(s[i]) && s[i] != '>'; i++)
					;
				vn = (size_t)(s + i - v);
			}
		}
		note_attr(a, s + name, nn, v, vn);
	}
}

static void put_attr(struct clean *c, const char *name, const struct attrs *a, int which)
{
	if (!a->v[which])
		return;
	size_t n = a->n[which];
	while (n && n == ATTR_MAX && ((unsigned char)a->v[which][n - 1] & 0xC0) == 0x80)
		n--; /* not in mid-character */
	sb_addf(c->out, " %s=\"", name);
	for (size_t i = 0; i < n; i++) {
		if (a->v[which][i] == '"')
			sb_adds(c->out, "&quot;");
		else
			sb_addc(c->out, a->v[which][i]);
	}
	sb_adds(c->out, a->n[which] == ATTR_MAX ? "…\"" : "\"");
}

static bool scope_wall(enum kind k)
{
	return k == K_CELL || k == K_TABLE;
}

/* Closes the nearest open element of a kind in `mask`, and what is in it,
 * unless a wall (cell, table, or `wall`) stands before it. */
static void close_kind(struct clean *c, unsigned mask, unsigned wall)
{
	for (size_t k = c->depth; k > 0; k--) {
		enum kind kind = c->stack[k - 1].kind;
		if (mask >> kind & 1) {
			while (c->depth >= k)
				pop(c);
			return;
		}
		if (wall >> kind & 1)
			return;
	}
}

#define BIT(k) (1u << (k))
static void imply_ends(struct clean *c, enum kind k)
{
	const unsigned cell = BIT(K_CELL), table = BIT(K_TABLE);
	if (k == K_BLOCK || k == K_PARA || k == K_LIST || k == K_TABLE || k == K_ITEM)
		close_kind(c, BIT(K_PARA), cell | table | BIT(K_ITEM) | BIT(K_BLOCK));
	if (k == K_ITEM)
		close_kind(c, BIT(K_ITEM), BIT(K_LIST) | cell | table);
	if (k == K_LINK)
		close_kind(c, BIT(K_LINK), cell | table);
	if (k == K_CELL)
		close_kind(c, cell, table);
	if (k == K_ROW)
		close_kind(c, BIT(K_ROW), table);
}

/* The only inline elements that the table knows. */
static bool strikes(const struct elem *e)
{
	return e->kind == K_INLINE && e != &other;
}

/* No size is inherited until an element has one of its own. So has a class perhaps,
 * and tables take none in pages without a doctype. */
static bool is_tiny(const struct clean *c, const struct elem *e, const struct attrs *a, const struct html_style *st)
{
	if (st->size != SIZE_INHERITED)
		return st->size == SIZE_ZERO;
	return c->depth && c->stack[c->depth - 1].tiny && e->kind != K_TABLE && !a->v[A_CLASS] && !a->v[A_SIZE];
}

static enum html_space space_in(const struct clean *c, const char *as, const struct html_style *st)
{
	enum html_space outer = c->depth ? c->stack[c->depth - 1].space : SPACE_NORMAL;
	if (strcmp(as, "pre") == 0 || outer == SPACE_INHERITED)
		return SPACE_INHERITED;
	return st->space == SPACE_INHERITED ? outer : st->space;
}

static void start_tag(struct clean *c, const struct elem *e, uint32_t id, const struct attrs *a)
{
	const char *as = e->as;
	struct html_style st;
	imply_ends(c, e->kind);
	if (e->kind == K_PARA && no_margin(a))
		as = "div";
	if (++c->tags > TAGS_MAX || (c->depth == HTML_DEPTH && e->kind != K_VOID)) {
		sb_addc(c->out, e->kind == K_INLINE || e->kind == K_LINK ? ' ' : '\n');
		return;
	}
	if (e->kind == K_BLOCK && begins_quote(a))
		sb_adds(c->out, "<hr>");
	sb_addc(c->out, '<');
	sb_adds(c->out, as);
	if (e->kind == K_LINK)
		put_attr(c, "href", a, A_HREF);
	if (e->kind == K_VOID)
		put_attr(c, "alt", a, A_ALT);
	if (e->kind == K_LIST)
		put_attr(c, "start", a, A_START);
	if (e->kind == K_TABLE && a->v[A_BORDER] && a->n[A_BORDER] && a->v[A_BORDER][0] != '0')
		sb_adds(c->out, " border");
	html_style(a->v[A_STYLE] ? a->v[A_STYLE] : "", a->v[A_STYLE] ? a->n[A_STYLE] : 0, &st);
	if (e->kind == K_INLINE && (strikes(e) || st.struck))
		sb_adds(c->out, " struck");
	sb_adds(c->out, is_hidden(a) || st.unseen ? " hidden>" : ">");
	if (strcmp(as, "pre") == 0)
		sb_addc(c->out, '\n'); /* the parser drops one */
	if (e->kind != K_VOID)
		push(c, (struct open){ id, as, e->kind, is_tiny(c, e, a, &st), space_in(c, as, &st) });
}

static void end_tag(struct clean *c, const struct elem *e, uint32_t id)
{
	if (e->kind == K_VOID && strcmp(e->as, "br") == 0) {
		struct attrs none = { 0 };
		start_tag(c, e, id, &none); /* </br>, as browsers do */
	}
	bool table = e->kind == K_CELL || e->kind == K_ROW || e->kind == K_TABLE;
	for (size_t k = c->depth; k > 0; k--) {
		if (c->stack[k - 1].id == id) {
			while (c->depth >= k)
				pop(c);
			return;
		}
		if (c->stack[k - 1].kind == K_TABLE || (!table && scope_wall(c->stack[k - 1].kind)))
			return;
		if (e->kind == K_INLINE && c->stack[k - 1].kind != K_INLINE && c->stack[k - 1].kind != K_LINK)
			return; /* </b> does not end a block */
	}
}

/* Behind the end tag of a raw text element; its text is not for reading. */
static void skip_raw(struct clean *c, const char *name)
{
	size_t len = strlen(name);
	while (c->i < c->n) {
		const char *p = memchr(c->s + c->i, '<', c->n - c->i);
		if (!p)
			break;
		c->i = (size_t)(p - c->s) + 1;
		if (c->n - c->i > len && p[1] == '/' && strncasecmp(p + 2, name, len) == 0) {
			p = memchr(p, '>', c->n - c->i);
			c->i = p ? (size_t)(p - c->s) + 1 : c->n;
			return;
		}
	}
	c->i = c->n;
}

static void skip_comment(struct clean *c)
{
	const char *p = c->s + c->i, *end = NULL;
	if (c->n - c->i >= 4 && memcmp(p, "<!--", 4) == 0) {
		if (c->n - c->i >= 5 && p[4] == '>') {
			c->i += 5;
			return;
		}
		if (!c->no_comment_end)
			end = memmem(p + 4, c->n - c->i - 4, "-->", 3);
		if (end) {
			c->i = (size_t)(end - c->s) + 3;
			return;
		}
		c->no_comment_end = true; /* cut off: show the rest */
	}
	end = memchr(p, '>', c->n - c->i);
	c->i = end ? (size_t)(end - c->s) + 1 : c->n;
}

/* At a '<'. */
static void markup(struct clean *c)
{
	size_t left = c->n - c->i;
	const char *p = c->s + c->i;
	bool end = left > 1 && p[1] == '/';
	if (left > 1 && (p[1] == '!' || p[1] == '?')) {
		skip_comment(c);
		return;
	}
	size_t from = c->i + 1 + end, k = from;
	if (k >= c->n || !isalpha((unsigned char)c->s[k])) {
		sb_adds(c->out, "&lt;");
		c->i++;
		return;
	}
	while (k < c->n && !space(c->s[k]) && c->s[k] != '/' && c->s[k] != '>')
		k++;
	const struct elem *e = lookup(c->s + from, k - from);
	uint32_t id = ident(c->s + from, k - from);
	struct attrs a = { 0 };
	size_t tag = c->i;
	c->i = k;
	if (!read_attrs(c, &a)) { /* the mail was cut here: nothing else follows */
		for (c->i = tag; c->i < c->n && c->out->len < HTML_CLEAN_MAX; c->i++)
			if (c->s[c->i] == '<')
				sb_adds(c->out, "&lt;");
			else
				sb_addc(c->out, c->s[c->i]);
		return;
	}
	if (end)
		end_tag(c, e, id);
	else if (e->kind == K_RAW)
		skip_raw(c, e->name);
	else if (e->kind != K_DROP)
		start_tag(c, e, id, &a);
}

/* What text here must be put in to be read as it is seen. */
static const char *around_text(const struct clean *c)
{
	static const char *const by_space[] = { [SPACE_INHERITED] = NULL, [SPACE_NORMAL] = NULL, [SPACE_LINES] = "<span lines>",
		                                [SPACE_KEPT] = "<span lines kept>" };
	const struct open *o = c->depth ? &c->stack[c->depth - 1] : NULL;
	if (!o || o->tiny)
		return o ? "<span hidden>" : NULL;
	return o->kind == K_TABLE || o->kind == K_ROW ? NULL : by_space[o->space]; /* no place for a span */
}

/* Text, not beyond what is read of one mail and never half a character. */
static void put_text(struct clean *c, size_t len)
{
	size_t room = c->out->len < HTML_CLEAN_MAX ? HTML_CLEAN_MAX - c->out->len : 0, k = len;
	if (len > room)
		for (k = room; k && ((unsigned char)c->s[c->i + k] & 0xC0) == 0x80; k--)
			;
	const char *kept = k ? around_text(c) : NULL;
	sb_adds(c->out, kept ? kept : "");
	sb_add(c->out, c->s + c->i, k);
	sb_adds(c->out, kept ? "</span>" : "");
	c->i += k;
	c->full = k < len;
}

bool html_clean(const char *s, size_t n, struct sb *out)
{
	struct clean c = { .s = s, .n = n, .out = out };
	sb_grow(out, n < HTML_CLEAN_MAX ? n : HTML_CLEAN_MAX);
	while (c.i < n && !c.full) {
		const char *lt = memchr(s + c.i, '<', n - c.i);
		put_text(&c, lt ? (size_t)(lt - s) - c.i : n - c.i);
		if (lt && !c.full && !(c.full = out->len >= HTML_CLEAN_MAX))
			markup(&c);
	}
	while (c.depth)
		pop(&c);
	return !c.full;
}
