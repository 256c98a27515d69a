/*
 * Templates of mails and pages. Ours, so a fault in one is an error with its line, found
 * by `yorozu check` and the tests; nothing is ever half rendered.
 *
 * SECURITY: values come from outside; they are copied, never expanded, and
 * can't leave the subject's line.
 */
#include "text/tmpl.h"
#include "base/io.h"
#include "text/charset.h"
#include "text/html.h"
#include <stdbool.h>
#include <string.h>

#define DEPTH 8
#define FILE_MAX (64 * 1024)

struct run {
	const char *s, *p;            /* the whole text, and where we are */
	size_t base;                  /* lines before s */
	const struct tmpl_var *vars;
	struct { const char *name; size_t len; bool keep; } open[DEPTH];
	size_t depth;
	bool one_line, html;
	struct sb *out;
	struct err *e;
};

static size_t line_of(const struct run *r, const char *at)
{
	size_t line = r->base + 1;
	for (const char *c = r->s; c < at; c++)
		line += *c == '\n';
	return line;
}

static bool same(const char *name, const char *p, size_t n)
{
	return strlen(name) == n && memcmp(name, p, n) == 0;
}

static const struct tmpl_var *find(const struct tmpl_var *v, const char *p, size_t n)
{
	for (; v && v->name; v++)
		if (same(v->name, p, n))
			return v;
	return NULL;
}

static bool is_name(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-", p[i]))
			return false;
	return n > 0;
}

static bool keeping(const struct run *r)
{
	return r->depth == 0 || r->open[r->depth - 1].keep;
}

static void put_value(struct run *r, const char *v)
{
	size_t from = r->out->len;
	text_valid(v, strlen(v), r->out);
	size_t to = from;
	for (size_t i = from; i < r->out->len; i++) {
		char c = r->out->s[i];
		if (c == '\r' && !r->one_line && r->out->s[i + 1] == '\n')
			continue;
		bool control = (unsigned char)c < 0x20 || c == 0x7F;
		if (control && (r->one_line || (c != '\n' && c != '\t')))
			c = !r->one_line && c == '\r' ? '\n' : ' ';
		r->out->s[to++] = c;
	}
	sb_setlen(r->out, to);
}

/* A value that is text, in a page. */
static void put_escaped(struct run *r, const char *v)
{
	struct sb plain = SB_INIT, *out = r->out;
	r->out = &plain;
	put_value(r, v);
	r->out = out;
	text_html_escape(plain.s, plain.len, out);
	sb_free(&plain);
}

static enum status open_block(struct run *r, const char *p, size_t n, const char *value)
{
	if (r->depth == DEPTH)
		return err_set(r->e, ERR_PERM, "line %zu: {{?%.*s}} nested deeper than %d",
		               line_of(r, p), (int)n, p, DEPTH);
	bool keep = keeping(r) && value && *value;
	r->open[r->depth].name = p;
	r->open[r->depth].len = n;
	r->open[r->depth++].keep = keep;
	return OK;
}

static enum status close_block(struct run *r, const char *p, size_t n)
{
	if (r->depth && r->open[r->depth - 1].len == n && !memcmp(r->open[r->depth - 1].name, p, n)) {
		r->depth--;
		return OK;
	}
	return err_set(r->e, ERR_PERM, "line %zu: {{/%.*s}} closes nothing", line_of(r, p), (int)n, p);
}

/* A block tag alone on its line takes the line with it. */
static bool alone(const struct run *r, const char *tag, const char *after)
{
	return (tag == r->s || tag[-1] == '\n') && *after == '\n';
}

/* At "{{": one tag. */
static enum status tag(struct run *r)
{
	const char *at = r->p, *p = at + 2, *end = strstr(p, "}}"), *nl = strchr(p, '\n');
	if (!end || (nl && nl < end))
		return err_set(r->e, ERR_PERM, "line %zu: \"{{\" without \"}}\"", line_of(r, at));
	char kind = *p == '?' || *p == '/' || (*p == '&' && r->html) ? *p++ : ' ';
	size_t n = (size_t)(end - p);
	if (!is_name(p, n))
		return err_set(r->e, ERR_PERM, "line %zu: bad name in \"%.*s\"", line_of(r, at),
		               (int)(n > 40 ? 40 : n) + 2, at);
	const struct tmpl_var *v = find(r->vars, p, n);
	if (!v)
		return err_set(r->e, ERR_PERM, "line %zu: unknown name {{%.*s}}", line_of(r, at),
		               (int)(n > 60 ? 60 : n), p);
	r->p = end + 2;
	if (kind == ' ' || kind == '&') {
		if (v->value && keeping(r))
			(kind == '&' ? put_value : r->html ? put_escaped : put_value)(r, v->value);
		return OK;
	}
	if (alone(r, at, r->p))
		r->p++;
	return kind == '?' ? open_block(r, p, n, v->value) : close_block(r, p, n);
}

static enum status expand(struct run *r)
{
	for (r->p = r->s; *r->p;) {
		const char *next = strstr(r->p, "{{");
		size_t n = next ? (size_t)(next - r->p) : strlen(r->p);
		if (keeping(r))
			sb_add(r->out, r->p, n);
		r->p += n;
		enum status st = next ? tag(r) : OK;
		if (st)
			return st;
	}
	if (r->depth)
		return err_set(r->e, ERR_PERM, "line %zu: {{?%.*s}} is not closed",
		               line_of(r, r->open[r->depth - 1].name), (int)r->open[r->depth - 1].len,
		               r->open[r->depth - 1].name);
	return OK;
}

static enum status render(char *s, bool html, const struct tmpl_var *vars, struct sb *subject,
                          struct sb *body, struct err *e)
{
	const char *head = html ? "Title:" : "Subject:";
	char *nl = strchr(s, '\n');
	if (strncmp(s, head, strlen(head)) != 0)
		return err_set(e, ERR_PERM, "line 1: does not begin with \"%s\"", head);
	if (!nl || nl[1] != '\n')
		return err_set(e, ERR_PERM, "line 2: must be blank, between subject and body");
	*nl = '\0';
	char *sub = s + strlen(head);
	sub += strspn(sub, " \t");
	struct run r = { .s = sub, .vars = vars, .one_line = true, .out = subject, .e = e };
	enum status st = expand(&r);
	if (st)
		return st;
	r = (struct run){ .s = nl + 2, .base = 2, .vars = vars, .html = html, .out = body, .e = e };
	return expand(&r);
}

static enum status render_text(const char *text, bool html, const struct tmpl_var *vars, struct sb *subject,
                               struct sb *body, struct err *e)
{
	size_t was_subject = subject->len, was_body = body->len, n = strlen(text), to = 0;
	if (!text_is_utf8(text, n))
		return err_set(e, ERR_PERM, "is not UTF-8");
	struct sb copy = SB_INIT;
	sb_add(&copy, text, n);
	sb_grow(&copy, 0);
	for (size_t i = 0; i < n; i++)
		if (!(copy.s[i] == '\r' && copy.s[i + 1] == '\n'))
			copy.s[to++] = copy.s[i];
	sb_setlen(&copy, to);
	const char *bom = "\xEF\xBB\xBF";
	enum status st = render(copy.s + (strncmp(copy.s, bom, 3) == 0 ? 3 : 0), html, vars, subject, body, e);
	sb_free(&copy);
	if (st) {
		sb_setlen(subject, was_subject);
		sb_setlen(body, was_body);
	}
	return st;
}

enum status tmpl_render(const char *text, const struct tmpl_var *vars, struct sb *subject, struct sb *body,
                        struct err *e)
{
	return render_text(text, false, vars, subject, body, e);
}

enum status tmpl_render_html(const char *text, const struct tmpl_var *vars, struct sb *title, struct sb *body,
                             struct err *e)
{
	return render_text(text, true, vars, title, body, e);
}

static enum status render_file(const char *dir, const char *name, bool html, const struct tmpl_var *vars,
                               struct sb *subject, struct sb *body, struct err *e)
{
	if (!*name || strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(name))
		return err_set(e, ERR_BUG, "template name \"%.60s\" is none", name);
	struct sb path = SB_INIT, text = SB_INIT;
	struct err why = { OK, "" };
	sb_addf(&path, html ? "%s/%s.html" : "%s/%s.ja.txt", dir, name);
	enum status st = io_read_file(path.s, FILE_MAX, &text, e);
	if (st == OK && memchr(text.s, '\0', text.len))
		st = err_set(e, ERR_PERM, "%s: holds a NUL byte", path.s);
	else if (st == OK && (st = render_text(text.s, html, vars, subject, body, &why)))
		err_set(e, st, "%s: %s", path.s, why.msg);
	sb_free(&path);
	sb_free(&text);
	return st;
}

enum status tmpl_render_file(const char *dir, const char *name, const struct tmpl_var *vars, struct sb *subject,
                             struct sb *body, struct err *e)
{
	return render_file(dir, name, false, vars, subject, body, e);
}

enum status tmpl_render_html_file(const char *dir, const char *name, const struct tmpl_var *vars, struct sb *title,
                                  struct sb *body, struct err *e)
{
	return render_file(dir, name, true, vars, title, body, e);
}
