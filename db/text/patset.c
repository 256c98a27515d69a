/*
 * Aho-Corasick over folded text. Each piece of a pattern between its `*` is a
 * word of the automaton; a piece counts when the one in front of it ended at
 * most PATSET_GAP bytes before. The latest end of each piece is remembered, so
 * the work a byte causes is bounded by the words that end there.
 * Alphabet: only bytes that occur in patterns have a column, others share one.
 */
#include "text/patset.h"
#include "base/arena.h"
#include "base/xalloc.h"
#include <stdlib.h>
#include <string.h>

enum { BEGIN = 1, END = 2, NODES_MAX = 65535, PIECES_MAX = 20000 };

struct piece {
	const char *s;
	size_t n;
	int id;         /* of the pattern */
	bool first, last;
	int same;       /* next piece that ends in the same node, -1: none */
};

struct patset {
	struct arena *a;
	struct piece *v;
	size_t n, cap;
	uint8_t column[256];
	unsigned columns;
	uint16_t *next; /* [node * columns + column] */
	uint16_t *shorter; /* longest proper suffix that is a word's end, 0: none */
	int *words;     /* first piece that ends in the node, -1: none */
	size_t nodes;
};

struct patset *patset_new(void)
{
	struct patset *p = xcalloc(1, sizeof *p);
	p->a = arena_new();
	return p;
}

void patset_free(struct patset **p)
{
	if (!p || !*p)
		return;
	arena_free(&(*p)->a);
	free((*p)->v);
	free((*p)->next);
	free((*p)->shorter);
	free((*p)->words);
	free(*p);
	*p = NULL;
}

/* ---- folding ---- */

static size_t space_len(const unsigned char *p, size_t n)
{
	if (p[0] <= ' ' || p[0] == 127)
		return 1;
	if (n >= 2 && p[0] == 0xC2 && p[1] == 0xA0)
		return 2;
	return n >= 3 && p[0] == 0xE3 && p[1] == 0x80 && p[2] == 0x80 ? 3 : 0;
}

void patset_fold(const char *utf8, size_t n, struct sb *out)
{
	const unsigned char *p = (const unsigned char *)utf8;
	bool space = false;
	size_t start = out->len;
	sb_grow(out, n + 1);
	for (size_t i = 0, k; i < n; i += k) {
		if ((k = space_len(p + i, n - i))) {
			space = true;
			continue;
		}
		if (space && out->len > start && !((unsigned char)out->s[out->len - 1] >= 0x80 && p[i] >= 0x80))
			sb_addc(out, ' ');
		space = false;
		k = 1;
		if (p[i] >= 'A' && p[i] <= 'Z')
			sb_addc(out, (char)(p[i] + 32));
		else if (n - i >= 3 && memcmp(p + i, "\xE2\x80\x99", 3) == 0)
			sb_addc(out, '\''), k = 3;
		else
			sb_addc(out, (char)p[i]);
	}
}

/* ---- patterns ---- */

static void add_piece(struct patset *p, const char *s, size_t n, int id, bool first, bool last)
{
	if (p->n == p->cap) {
		p->cap = p->cap ? p->cap * 2 : 64;
		p->v = xrealloc(p->v, p->cap * sizeof *p->v);
	}
	p->v[p->n++] = (struct piece){ arena_memdup(p->a, s, n), n, id, first, last, -1 };
}

enum status patset_add(struct patset *p, const char *pattern, int id, struct err *e)
{
	struct sb b = SB_INIT;
	bool begin = *pattern == '^', first = true;
	if (begin)
		sb_addc(&b, BEGIN);
	patset_fold(pattern + begin, strlen(pattern + begin), &b);
	if (b.len && b.s[b.len - 1] == '$')
		b.s[b.len - 1] = END;
	for (const char *s = b.s, *end = b.s + b.len; s <= end; first = false) {
		size_t n = strcspn(s, "*");
		if (!n || p->n >= PIECES_MAX) {
			sb_free(&b);
			return p->n >= PIECES_MAX ? err_set(e, ERR_LIMIT, "too many patterns") :
						    err_set(e, ERR_PERM, "empty pattern, or nothing beside a \"*\"");
		}
		add_piece(p, s, n, id, first, s + n == end);
		s += n + 1;
	}
	sb_free(&b);
	return OK;
}

/* ---- the automaton ---- */

static void make_alphabet(struct patset *p)
{
	p->columns = 1; /* column 0: bytes of no pattern */
	for (size_t i = 0; i < p->n; i++)
		for (size_t k = 0; k < p->v[i].n; k++) {
			uint8_t *c = &p->column[(unsigned char)p->v[i].s[k]];
			if (!*c)
				*c = (uint8_t)p->columns++;
		}
}

static uint16_t *edge(const struct patset *p, size_t node, char c)
{
	return &p->next[node * p->columns + p->column[(unsigned char)c]];
}

static size_t count_nodes(const struct patset *p)
{
	size_t n = 1;
	for (size_t i = 0; i < p->n; i++)
		n += p->v[i].n;
	return n;
}

static void insert(struct patset *p, int i)
{
	size_t node = 0;
	for (size_t k = 0; k < p->v[i].n; k++) {
		uint16_t *to = edge(p, node, p->v[i].s[k]);
		if (!*to) {
			*to = (uint16_t)p->nodes;
			p->words[p->nodes++] = -1;
		}
		node = *to;
	}
	p->v[i].same = p->words[node];
	p->words[node] = i;
}

/* Breadth first: where a word breaks off, go on in its longest suffix. */
static void link_suffixes(struct patset *p)
{
	uint16_t *queue = xcalloc(p->nodes, sizeof *queue), *fail = xcalloc(p->nodes, sizeof *fail);
	size_t head = 0, tail = 0;
	queue[tail++] = 0;
	while (head < tail) {
		size_t node = queue[head++];
		for (unsigned c = 1; c < p->columns; c++) {
			uint16_t *to = &p->next[node * p->columns + c];
			uint16_t back = node ? p->next[fail[node] * p->columns + c] : 0;
			if (!*to) {
				*to = back;
				continue;
			}
			fail[*to] = back;
			p->shorter[*to] = p->words[back] >= 0 ? back : p->shorter[back];
			queue[tail++] = *to;
		}
	}
	free(queue);
	free(fail);
}

enum status patset_build(struct patset *p, struct err *e)
{
	size_t n = count_nodes(p);
	if (n > NODES_MAX)
		return err_set(e, ERR_LIMIT, "patterns have more than %d bytes together", NODES_MAX);
	make_alphabet(p);
	p->next = xcalloc(n * p->columns, sizeof *p->next);
	p->shorter = xcalloc(n, sizeof *p->shorter);
	p->words = xcalloc(n, sizeof *p->words);
	p->words[0] = -1;
	p->nodes = 1;
	for (size_t i = 0; i < p->n; i++)
		insert(p, (int)i);
	link_suffixes(p);
	return OK;
}

struct run {
	const struct patset *p;
	size_t *end; /* of each piece: where it ended last, from 1; 0: not yet */
	int best;
	bool (*accept)(int id, void *arg);
	void *arg;
};

/* Piece i ends at `at` (from 1). */
static void hit(struct run *r, size_t i, size_t at)
{
	const struct piece *w = &r->p->v[i];
	if (r->best >= 0 && w->id >= r->best)
		return;
	if (!w->first) {
		size_t before = r->end[i - 1], begin = at - w->n;
		if (!before || before > begin || begin - before > PATSET_GAP)
			return;
	}
	r->end[i] = at;
	if (w->last && (!r->accept || r->accept(w->id, r->arg)))
		r->best = w->id;
}

static size_t step(struct run *r, size_t node, char c, size_t at)
{
	const struct patset *p = r->p;
	uint8_t column = p->column[(unsigned char)c];
	node = column ? p->next[node * p->columns + column] : 0;
	for (size_t w = p->words[node] >= 0 ? node : p->shorter[node]; w; w = p->shorter[w])
		for (int i = p->words[w]; i >= 0; i = p->v[i].same)
			hit(r, (size_t)i, at);
	return node;
}

int patset_first(const struct patset *p, const char *folded, size_t n, bool (*accept)(int id, void *arg), void *arg)
{
	struct run r = { p, xcalloc(p->n + 1, sizeof *r.end), PATSET_NONE, accept, arg };
	size_t node = step(&r, 0, BEGIN, 1), i = 0;
	for (; i < n; i++)
		node = step(&r, node, folded[i], i + 2);
	step(&r, node, END, i + 2);
	free(r.end);
	return r.best;
}
