/* Lists for people and for programs: see table.h. */
#include "table.h"
#include "base/strbuf.h"
#include "base/xalloc.h"
#include "text/charset.h"
#include "text/layout.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GAP = 2 };

struct table {
	const struct table_col *cols;
	size_t ncols, ncells, cap;
	bool tsv;
	char **cells;
};

struct table *table_new(const struct table_col *cols, size_t n, bool tsv)
{
	struct table *t = xcalloc(1, sizeof *t);
	t->cols = cols;
	t->ncols = n;
	t->tsv = tsv;
	return t;
}

void table_cell(struct table *t, const char *text)
{
	struct sb b = SB_INIT;
	const struct table_col *c = &t->cols[t->ncells % t->ncols];
	if (t->ncells == t->cap) {
		t->cap = t->cap ? t->cap * 2 : 256;
		t->cells = xrealloc(t->cells, t->cap * sizeof *t->cells);
	}
	text_visible(text ? text : "", text ? strlen(text) : 0, &b);
	for (size_t i = 0; i < b.len; i++)
		if (b.s[i] == '\t' || b.s[i] == '\n')
			b.s[i] = ' ';
	if (!t->tsv && c->max && text_width(b.s, b.len) > c->max) {
		struct sb cut = SB_INIT;
		text_fit(b.s, c->max, false, &cut);
		sb_free(&b);
		b = cut;
	}
	sb_addc(&b, '\0'); /* own memory even when empty */
	t->cells[t->ncells++] = sb_detach(&b, NULL);
}

void table_num(struct table *t, int64_t n)
{
	char buf[24];
	snprintf(buf, sizeof buf, "%lld", (long long)n);
	table_cell(t, buf);
}

void table_free(struct table **t)
{
	if (!t || !*t)
		return;
	for (size_t i = 0; i < (*t)->ncells; i++)
		free((*t)->cells[i]);
	free((*t)->cells);
	free(*t);
	*t = NULL;
}

static size_t width_of(const struct table *t, size_t col)
{
	const char *head = t->cols[col].head;
	size_t w = text_width(head, strlen(head));
	for (size_t i = col; i < t->ncells; i += t->ncols) {
		size_t cell = text_width(t->cells[i], strlen(t->cells[i]));
		if (cell > w)
			w = cell;
	}
	return w;
}

static void pad(struct sb *out, size_t n)
{
	while (n--)
		sb_addc(out, ' ');
}

static void add_cell(struct sb *out, const char *s, size_t width, bool right)
{
	size_t used = text_width(s, strlen(s));
	if (right)
		pad(out, width - used);
	sb_adds(out, s);
	pad(out, (right ? 0 : width - used) + GAP);
}

static void end_line(struct sb *out)
{
	while (out->len && out->s[out->len - 1] == ' ')
		sb_setlen(out, out->len - 1);
	sb_addc(out, '\n');
}

static void print_people(const struct table *t)
{
	struct sb line = SB_INIT;
	size_t *w = xcalloc(t->ncols, sizeof *w);
	for (size_t c = 0; c < t->ncols; c++)
		if (t->cols[c].head)
			add_cell(&line, t->cols[c].head, w[c] = width_of(t, c), t->cols[c].right);
	end_line(&line);
	fputs(line.s, stdout);
	for (size_t i = 0; i + t->ncols <= t->ncells; i += t->ncols) {
		sb_reset(&line);
		for (size_t c = 0; c < t->ncols; c++)
			if (t->cols[c].head)
				add_cell(&line, t->cells[i + c], w[c], t->cols[c].right);
		end_line(&line);
		fputs(line.s, stdout);
	}
	free(w);
	sb_free(&line);
}

void table_print(const struct table *t)
{
	if (!t->tsv) {
		print_people(t);
		return;
	}
	for (size_t c = 0; c < t->ncols; c++)
		printf("%s%c", t->cols[c].name, c + 1 < t->ncols ? '\t' : '\n');
	for (size_t i = 0; i < t->ncells; i++)
		printf("%s%c", t->cells[i], (i + 1) % t->ncols ? '\t' : '\n');
}
