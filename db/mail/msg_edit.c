/* Changes to the parts of a mail. See msg_edit.h. */
#include "msg_edit.h"
#include "base/xalloc.h"
#include "build_util.h"
#include "hdr.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

void edits_init(struct msg_edits *e, const char *raw, size_t n)
{
	const char *lf = memchr(raw, '\n', n);
	*e = (struct msg_edits){ .raw = raw, .end = raw + n, .text = SB_INIT };
	e->cr = !lf && memchr(raw, '\r', n);
	e->eol = e->cr ? "\r" : lf && (lf == raw || lf[-1] != '\r') ? "\n" : "\r\n";
}

void edits_free(struct msg_edits *e)
{
	free(e->v);
	sb_free(&e->text);
	e->v = NULL;
	e->n = e->cap = 0;
}

static void add(struct msg_edits *e, const char *from, const char *to, size_t at)
{
	if (e->n == e->cap) {
		e->cap = e->cap ? 2 * e->cap : 16;
		e->v = xrealloc(e->v, e->cap * sizeof *e->v);
	}
	e->v[e->n++] = (struct msg_edit){ from, to, at, e->text.len - at };
}

void edit_bytes(struct msg_edits *e, const char *from, const char *to, const char *by, size_t n)
{
	size_t at = e->text.len;
	if (by)
		sb_add(&e->text, by, n);
	add(e, from, to, at);
}

static bool is_content(const struct hdr_field *f)
{
	return f->name_len > 8 && strncasecmp(f->name, "Content-", 8) == 0;
}

/* The fields that say nothing about the content. */
static void other_fields(struct msg_edits *e, const struct msg_part *p)
{
	struct hdr_field f;
	const char *pos = p->head;
	while (hdr_next(&pos, p->head + p->head_len, e->cr, &f)) {
		if (is_content(&f))
			continue;
		const char *end = f.end;
		while (end > f.start && (end[-1] == '\n' || end[-1] == '\r'))
			end--;
		sb_add(&e->text, f.start, (size_t)(end - f.start));
		sb_adds(&e->text, e->eol);
	}
}

void edit_part(struct msg_edits *e, const struct msg_part *p, const char *subtype, const char *text, size_t n,
               const char *field)
{
	size_t at = e->text.len;
	other_fields(e, p);
	if (field) {
		struct sb line = SB_INIT;
		build_line(field, &line);
		build_eol(line.s, line.len, e->eol, &e->text);
		sb_free(&line);
	}
	build_text_part(subtype, text, n, e->eol, &e->text);
	add(e, p->head, p->body + p->body_len, at);
}

void edit_whole(struct msg_edits *e, const struct msg_part *p, const char *head, const char *body, size_t n)
{
	size_t at = e->text.len;
	other_fields(e, p);
	build_eol(head, strlen(head), e->eol, &e->text);
	sb_adds(&e->text, e->eol);
	sb_add(&e->text, body, n);
	add(e, p->head, p->body + p->body_len, at);
}

void edit_drop(struct msg_edits *e, const struct msg_part *before, const struct msg_part *p)
{
	add(e, before->body + before->body_len, p->body + p->body_len, e->text.len);
}

void edits_apply(const struct msg_edits *e, struct sb *out)
{
	const char *at = e->raw;
	for (size_t i = 0; i < e->n; i++) {
		const struct msg_edit *v = &e->v[i];
		if (v->from > at)
			sb_add(out, at, (size_t)(v->from - at));
		sb_add(out, e->text.s + v->at, v->len);
		at = v->to > at ? v->to : at;
	}
	sb_add(out, at, (size_t)(e->end - at));
}
