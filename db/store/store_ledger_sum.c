/* How an issue fares. See store_ledger_sum.h. */
#include "store/store_ledger_sum.h"
#include "base/xalloc.h"
#include <stdlib.h>
#include <string.h>

enum { PAGE = 2000, FIRST = 256 };

struct index { /* open addressing over domains, from 1 */
	uint32_t *v;
	size_t cap;
};

static size_t place(const char *s, size_t cap)
{
	uint64_t h = 1469598103934665603u;
	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 1099511628211u;
	return (size_t)(h ^ h >> 32) & (cap - 1);
}

static uint32_t *slot(const struct index *x, const struct ledger_sum *r, const char *name)
{
	size_t i = place(name, x->cap);
	while (x->v[i] && strcmp(r->domains[x->v[i] - 1].name, name) != 0)
		i = (i + 1) & (x->cap - 1);
	return &x->v[i];
}

static void grow(struct index *x, struct ledger_sum *r)
{
	free(x->v);
	x->cap = x->cap ? x->cap * 2 : FIRST;
	x->v = xcalloc(x->cap, sizeof *x->v);
	r->domains = xrealloc(r->domains, x->cap * sizeof *r->domains);
	for (size_t i = 0; i < r->ndomains; i++)
		*slot(x, r, r->domains[i].name) = (uint32_t)i + 1;
}

static void count(struct index *x, struct ledger_sum *r, const struct rcpt *row, struct arena *a)
{
	const char *at = strrchr(row->addr, '@'), *name = at ? at + 1 : "";
	if (r->ndomains * 2 >= x->cap)
		grow(x, r);
	uint32_t *place_of = slot(x, r, name);
	if (!*place_of) {
		r->domains[r->ndomains++] = (struct ledger_domain){ .name = arena_strdup(a, name) };
		*place_of = (uint32_t)r->ndomains;
	}
	struct ledger_domain *d = &r->domains[*place_of - 1];
	d->n[row->state]++;
	d->all++;
	d->deferred += row->state == RCPT_QUEUED && *row->detail;
}

static int most_first(const void *x, const void *y)
{
	const struct ledger_domain *a = x, *b = y;
	if (a->all != b->all)
		return a->all > b->all ? -1 : 1;
	return strcmp(a->name, b->name);
}

static void finish(struct ledger_sum *r, struct arena *a)
{
	if (r->ndomains)
		qsort(r->domains, r->ndomains, sizeof *r->domains, most_first);
	struct ledger_domain *v = arena_memdup(a, r->domains ? (void *)r->domains : "", r->ndomains * sizeof *v);
	free(r->domains);
	r->domains = v;
	for (size_t i = 0; i < r->ndomains; i++)
		for (int k = 0; k < RCPT_STATES; k++)
			r->n[k] += v[i].n[k];
	for (int k = 0; k < RCPT_STATES; k++)
		r->all += r->n[k];
	r->final = r->all - r->n[RCPT_PENDING] - r->n[RCPT_CLAIMED] - r->n[RCPT_QUEUED];
}

enum status ledger_sum(struct store *s, int64_t issue, struct arena *a, struct ledger_sum *r, struct err *e)
{
	struct index x = { 0 };
	int64_t after = 0;
	size_t n = PAGE;
	enum status st = OK;
	*r = (struct ledger_sum){ .all = 0 };
	while (st == OK && n == PAGE) {
		struct arena *page = arena_new();
		struct rcpt *v;
		st = ledger_list(s, issue, after, PAGE, page, &v, &n, e);
		for (size_t i = 0; st == OK && i < n; i++)
			count(&x, r, &v[i], a);
		if (st == OK && n)
			after = v[n - 1].reader_id;
		arena_free(&page);
	}
	finish(r, a);
	free(x.v);
	return st;
}

/* ---- over time ------------------------------------------------------------------------ */

enum status ledger_progress(struct store *s, int64_t issue, epoch from, int64_t step, size_t n, int64_t *v_r, struct err *e)
{
	int64_t after = 0;
	size_t rows = PAGE;
	enum status st = OK;
	memset(v_r, 0, n * sizeof *v_r);
	while (st == OK && rows == PAGE) {
		struct arena *page = arena_new();
		struct rcpt *v;
		st = ledger_list(s, issue, after, PAGE, page, &v, &rows, e);
		for (size_t i = 0; st == OK && i < rows; i++) {
			int64_t k = v[i].at > from ? (v[i].at - from + step - 1) / step - 1 : 0;
			after = v[i].reader_id;
			if (v[i].state == RCPT_DELIVERED && k < (int64_t)n)
				v_r[k]++;
		}
		arena_free(&page);
	}
	for (size_t i = 1; i < n; i++)
		v_r[i] += v_r[i - 1];
	return st;
}
