/*
 * The automaton. States are the words' prefixes; edges lie in one open-addressed
 * table keyed by (state, byte), because most states of Japanese words have a
 * single edge and a row of 256 for each would be megabytes.
 */
#include "text/match.h"
#include "base/xalloc.h"
#include <stdint.h>
#include <stdlib.h>

#define NONE UINT32_MAX
enum { ROOT = 0, FIRST_CAP = 64 };

struct state {
	uint32_t parent, fail;
	uint32_t word;   /* that ends here, or NONE */
	uint32_t shorter; /* nearest suffix where a word ends, or ROOT */
	unsigned char byte;
};

struct edge {
	uint32_t from, to; /* to ROOT: an empty slot; no edge leads there */
	unsigned char byte;
};

struct match {
	struct state *states; /* parents before children */
	uint32_t nstates, cap, nwords;
	struct edge *edges;
	uint32_t mask;
	uint32_t first[256]; /* from the root, where most of a text stays */
};

static struct edge *slot(const struct match *m, uint32_t from, unsigned char byte)
{
	uint32_t i = (from * 256 + byte) * UINT32_C(2654435761);
	for (i = (i ^ i >> 15) & m->mask;; i = (i + 1) & m->mask) {
		struct edge *e = &m->edges[i];
		if (e->to == ROOT || (e->from == from && e->byte == byte))
			return e;
	}
}

/* Twice as many slots as states at least. */
static void grow(struct match *m)
{
	m->cap *= 2;
	m->states = xrealloc(m->states, m->cap * sizeof *m->states);
	free(m->edges);
	m->mask = m->cap * 2 - 1;
	m->edges = xcalloc((size_t)m->mask + 1, sizeof *m->edges);
	for (uint32_t i = 1; i < m->nstates; i++)
		*slot(m, m->states[i].parent, m->states[i].byte) =
			(struct edge){ m->states[i].parent, i, m->states[i].byte };
}

struct match *match_new(void)
{
	struct match *m = xcalloc(1, sizeof *m);
	m->cap = FIRST_CAP / 2;
	grow(m);
	m->states[m->nstates++] = (struct state){ .word = NONE };
	return m;
}

void match_free(struct match **m)
{
	if (!m || !*m)
		return;
	free((*m)->states);
	free((*m)->edges);
	free(*m);
	*m = NULL;
}

static uint32_t child(struct match *m, uint32_t from, unsigned char byte)
{
	struct edge *e = slot(m, from, byte);
	if (e->to != ROOT)
		return e->to;
	if (m->nstates == m->cap) {
		grow(m);
		e = slot(m, from, byte);
	}
	*e = (struct edge){ from, m->nstates, byte };
	m->states[m->nstates] = (struct state){ .parent = from, .word = NONE, .byte = byte };
	return m->nstates++;
}

unsigned match_add(struct match *m, const char *word, size_t n)
{
	uint32_t s = ROOT;
	for (size_t i = 0; i < n; i++)
		s = child(m, s, (unsigned char)word[i]);
	if (m->states[s].word == NONE)
		m->states[s].word = m->nwords++;
	return m->states[s].word;
}

/* Where to go from s on this byte: its own edge, or that of its longest suffix
 * with one. */
static uint32_t next(const struct match *m, uint32_t s, unsigned char byte)
{
	for (; s != ROOT; s = m->states[s].fail) {
		uint32_t to = slot(m, s, byte)->to;
		if (to != ROOT)
			return to;
	}
	return m->first[byte];
}

static void link_state(struct match *m, struct state *s)
{
	s->fail = s->parent == ROOT ? ROOT : next(m, m->states[s->parent].fail, s->byte);
	s->shorter = m->states[s->fail].word != NONE ? s->fail : m->states[s->fail].shorter;
}

/* Fail links lead to shorter prefixes, so the shortest are set first: a pass for
 * each length. Words are short, and this is done once. */
void match_ready(struct match *m)
{
	uint32_t *len = xcalloc(m->nstates, sizeof *len), longest = 0;
	for (unsigned b = 0; b < 256; b++)
		m->first[b] = slot(m, ROOT, (unsigned char)b)->to;
	for (uint32_t i = 1; i < m->nstates; i++)
		if ((len[i] = len[m->states[i].parent] + 1) > longest)
			longest = len[i];
	for (uint32_t l = 1; l <= longest; l++)
		for (uint32_t i = 1; i < m->nstates; i++)
			if (len[i] == l)
				link_state(m, &m->states[i]);
	free(len);
}

void match_run(const struct match *m, const char *text, size_t n, match_hit *hit, void *arg)
{
	uint32_t s = ROOT;
	for (size_t i = 0; i < n; i++) {
		s = next(m, s, (unsigned char)text[i]);
		uint32_t t = m->states[s].word != NONE ? s : m->states[s].shorter;
		for (; t != ROOT; t = m->states[t].shorter)
			hit(arg, m->states[t].word, i + 1);
	}
}
