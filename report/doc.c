/* A report as sections of rows: see doc.h. */
#include "doc.h"
#include "base/clk.h"
#include <stdio.h>
#include <string.h>

/* Room for one more of `size` bytes; old places are left to the arena. */
static void *room(struct arena *a, void *v, size_t n, size_t *cap, size_t size)
{
	if (n < *cap)
		return v;
	size_t more = *cap ? *cap * 2 : 8;
	void *r = arena_zalloc(a, more * size);
	if (n)
		memcpy(r, v, n * size);
	*cap = more;
	return r;
}

struct doc_section *doc_section(struct doc *d, const char *title)
{
	d->v = room(d->a, d->v, d->n, &d->cap, sizeof *d->v);
	struct doc_section *s = &d->v[d->n++];
	s->title = title;
	return s;
}

void doc_col(struct doc_section *s, const char *head, const char *full)
{
	if (s->cols == DOC_COLS_MAX)
		return;
	s->head[s->cols] = head;
	s->full[s->cols++] = full;
}

struct doc_row *doc_row(struct doc *d, struct doc_section *s, const char *label)
{
	s->rows = room(d->a, s->rows, s->n, &s->cap, sizeof *s->rows);
	struct doc_row *r = &s->rows[s->n++];
	r->label = label;
	for (size_t i = 0; i < DOC_COLS_MAX; i++)
		r->v[i] = DOC_UNKNOWN;
	return r;
}

void doc_set(struct doc_row *r, size_t col, enum doc_unit unit, int64_t v)
{
	if (col >= DOC_COLS_MAX)
		return;
	r->unit[col] = unit;
	r->v[col] = v;
}

const char *doc_value(int64_t v, enum doc_unit unit, char buf[48])
{
	if (v == DOC_UNKNOWN)
		return "－";
	if (unit == DOC_SPAN)
		return v ? clk_span_ja(v, buf) : "0分";
	if (unit == DOC_PERMILLE)
		snprintf(buf, 48, "%lld.%lld%%", (long long)(v / 10), (long long)(v % 10));
	else
		snprintf(buf, 48, "%lld", (long long)v);
	return buf;
}
