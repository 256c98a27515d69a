/*
 * The text form: columns that stand under one another in any fixed-width font
 * where a Japanese character is two columns wide, and bars of ■, which every
 * Japanese character set has.
 */
#include "doc.h"
#include "text/layout.h"
#include <string.h>

enum { INDENT = 2, GAP = 2, BAR_MAX = 10 /* of ■, two columns each */, LABEL_LEAST = 20, LABEL_MOST = 40 };

static size_t width(const char *s)
{
	return text_width(s, strlen(s));
}

static void spaces(size_t n, struct sb *out)
{
	while (n--)
		sb_addc(out, ' ');
}

static void right(const char *s, size_t cols, struct sb *out)
{
	size_t w = width(s);
	spaces(w < cols ? cols - w : 0, out);
	sb_adds(out, s);
}

/* How wide each column has to be. */
static void measure(const struct doc_section *s, size_t w[DOC_COLS_MAX])
{
	char buf[48];
	for (size_t c = 0; c < s->cols; c++) {
		w[c] = width(s->head[c]);
		for (size_t i = 0; i < s->n; i++) {
			size_t x = width(doc_value(s->rows[i].v[c], s->rows[i].unit[c], buf));
			w[c] = x > w[c] ? x : w[c];
		}
	}
}

static size_t label_width(const struct doc_section *s, const size_t w[DOC_COLS_MAX])
{
	size_t used = INDENT + (s->bars ? GAP + 2 * BAR_MAX : 0), most = LABEL_LEAST;
	for (size_t c = 0; c < s->cols; c++)
		used += GAP + w[c];
	size_t room = used + LABEL_LEAST < DOC_TEXT_COLS ? DOC_TEXT_COLS - used : LABEL_LEAST;
	for (size_t i = 0; i < s->n; i++)
		most = width(s->rows[i].label) > most ? width(s->rows[i].label) : most;
	most = most < LABEL_MOST ? most : LABEL_MOST;
	return most < room ? most : room;
}

/* Anything at all is at least one ■. */
static void bar(int64_t v, int64_t max, struct sb *out)
{
	int64_t n = v > 0 ? (v * BAR_MAX + max / 2) / max : 0;
	if (v > 0 && !n)
		n = 1;
	if (n > 0)
		spaces(GAP, out);
	while (n-- > 0)
		sb_adds(out, "■");
}

static void row(const struct doc_section *s, const struct doc_row *r, size_t label, const size_t w[DOC_COLS_MAX], int64_t max,
                struct sb *out)
{
	char buf[48];
	spaces(INDENT, out);
	text_fit(r->label, label, true, out);
	for (size_t c = 0; c < s->cols; c++) {
		spaces(GAP, out);
		right(doc_value(r->v[c], r->unit[c], buf), w[c], out);
	}
	if (s->bars)
		bar(r->v[0], max, out);
	sb_addc(out, '\n');
}

static void section(const struct doc_section *s, struct sb *out)
{
	size_t w[DOC_COLS_MAX] = { 0 };
	int64_t max = 1;
	measure(s, w);
	size_t label = label_width(s, w);
	for (size_t i = 0; i < s->n; i++)
		max = s->rows[i].v[0] > max ? s->rows[i].v[0] : max;
	sb_addf(out, "【%s】\n", s->title);
	if (s->note)
		sb_addf(out, "%*s%s\n", INDENT, "", s->note);
	spaces(INDENT + label, out);
	for (size_t c = 0; c < s->cols; c++) {
		spaces(GAP, out);
		right(s->head[c], w[c], out);
	}
	sb_addc(out, '\n');
	for (size_t i = 0; i < s->n; i++)
		row(s, &s->rows[i], label, w, max, out);
}

void doc_text(const struct doc *d, size_t from, size_t to, struct sb *out)
{
	for (size_t i = from; i < to && i < d->n; i++) {
		if (i > from)
			sb_addc(out, '\n');
		section(&d->v[i], out);
	}
}
