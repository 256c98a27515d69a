/* The tables sorted and joined, once, behind the last row; and look-ups. */
#include "feed_impl.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ORDER(a, b) ((a) < (b) ? -1 : (a) > (b))

static int by_ubr(const void *pa, const void *pb)
{
	const struct release *a = pa, *b = pb;
	return a->key != b->key ? ORDER(a->key, b->key) : a->ubr != b->ubr ? ORDER(a->ubr, b->ubr) : a->kb != b->kb ? ORDER(a->kb, b->kb) : ORDER(a->order, b->order);
}

static int by_fix(const void *pa, const void *pb)
{
	const struct fix *a = pa, *b = pb;
	if (a->key != b->key)
		return ORDER(a->key, b->key);
	if (a->component != b->component)
		return ORDER(a->component, b->component);
	if (a->ubr != b->ubr)
		return ORDER(a->ubr, b->ubr);
	return a->cve != b->cve ? ORDER(a->cve, b->cve) : a->kb != b->kb ? ORDER(a->kb, b->kb) : ORDER(a->arch, b->arch);
}

static int by_kb(const void *pa, const void *pb)
{
	const struct component_row *a = pa, *b = pb;
	return ORDER(a->kb, b->kb);
}

static int by_cve(const void *pa, const void *pb)
{
	const struct kev *a = pa, *b = pb;
	return ORDER(a->cve, b->cve);
}

static int by_jvn(const void *pa, const void *pb)
{
	const struct jvn *a = pa, *b = pb;
	return ORDER(a->cve, b->cve);
}

static int by_product(const void *pa, const void *pb)
{
	const struct vuln *a = pa, *b = pb;
	int c = strcmp(a->product, b->product);
	if (c)
		return c;
	if (a->cve != b->cve)
		return ORDER(a->cve, b->cve);
	return (c = strcmp(a->from, b->from)) ? c : strcmp(a->to, b->to);
}

static int by_alias(const void *pa, const void *pb)
{
	const struct alias *a = pa, *b = pb;
	return strcmp(a->name, b->name);
}

static int by_supported(const void *pa, const void *pb)
{
	const struct support *a = pa, *b = pb;
	int c = strcmp(a->product, b->product);
	return c ? c : strcmp(a->prefix, b->prefix);
}

/* By search in a sorted array of structs whose first field is the key. */
static const void *range(const void *v, size_t n, size_t size, host_key key, size_t *n_r)
{
	size_t lo = 0, hi = n;
	*n_r = 0;
	if (!n)
		return NULL;
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		host_key k;
		memcpy(&k, (const char *)v + mid * size, sizeof k);
		if (k < key)
			lo = mid + 1;
		else
			hi = mid;
	}
	const char *from = (const char *)v + lo * size;
	for (; lo + *n_r < n; ++*n_r) {
		host_key k;
		memcpy(&k, from + *n_r * size, sizeof k);
		if (k != key)
			break;
	}
	return *n_r ? from : NULL;
}

const struct release *feed_releases(const struct feed *f, host_key key, size_t *n_r)
{
	return range(f->releases, f->n_releases, sizeof *f->releases, key, n_r);
}

const struct fix *feed_fixes(const struct feed *f, host_key key, size_t *n_r)
{
	return range(f->fixes, f->n_fixes, sizeof *f->fixes, key, n_r);
}

bool feed_kev(const struct feed *f, uint64_t cve, int64_t cutoff)
{
	const struct kev want = { .cve = cve };
	const struct kev *k = f->n_kevs ? bsearch(&want, f->kevs, f->n_kevs, sizeof *f->kevs, by_cve) : NULL;
	return k && k->day <= cutoff;
}

const struct jvn *feed_jvn(const struct feed *f, uint64_t cve)
{
	const struct jvn want = { .cve = cve };
	return f->n_jvns ? bsearch(&want, f->jvns, f->n_jvns, sizeof *f->jvns, by_jvn) : NULL;
}

/* A KB that is a release of the product is an LCU whatever a fixed build says:
 * those are sometimes wrong. A fix that nothing can be compared with is dropped. */
static void join_fixes(struct feed *f)
{
	size_t kept = 0;
	for (size_t i = 0; i < f->n_fixes; i++) {
		struct fix x = f->fixes[i];
		const struct component_row want = { .kb = x.kb };
		const struct component_row *c = f->n_components ? bsearch(&want, f->components, f->n_components, sizeof want, by_kb) : NULL;
		size_t n;
		const struct release *r = feed_releases(f, x.key, &n);
		bool hotpatch = false;
		for (size_t k = 0; r && k < n; k++) {
			if (r[k].kb == x.kb) {
				x.ubr = r[k].ubr;
				hotpatch = r[k].kind == REL_HOTPATCH;
			}
		}
		if (c && c->kind != COMP_LCU) {
			x.component = c->kind;
			x.day = c->day;
			x.ubr = 0;
		}
		if (!hotpatch && (x.ubr || x.component != COMP_LCU))
			f->fixes[kept++] = x;
	}
	f->n_fixes = kept;
}

/* In a list by product, whose name is the first member: where that product begins. */
static size_t first_of(const void *v, size_t n, size_t size, const char *product)
{
	size_t lo = 0, hi = n;
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		const char *name;
		memcpy(&name, (const char *)v + mid * size, sizeof name);
		if (strcmp(name, product) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static enum status join_products(struct feed *f, struct err *e)
{
	for (size_t i = 0; i < f->n_products; i++) {
		struct product *p = &f->products[i];
		p->vuln_from = first_of(f->vulns, f->n_vulns, sizeof *f->vulns, p->id);
		while (p->vuln_from + p->vuln_n < f->n_vulns && strcmp(f->vulns[p->vuln_from + p->vuln_n].product, p->id) == 0)
			p->vuln_n++;
		p->support_from = first_of(f->supports, f->n_supports, sizeof *f->supports, p->id);
		while (p->support_from + p->support_n < f->n_supports && strcmp(f->supports[p->support_from + p->support_n].product, p->id) == 0)
			p->support_n++;
	}
	return product_index(f, e);
}

/* The same row from two files counts once, with the worse severity. */
static void no_doubles(struct feed *f)
{
	size_t n = 0;
	for (size_t i = 0; i < f->n_releases; i++) {
		const struct release *r = &f->releases[i];
		if (!n || f->releases[n - 1].key != r->key || f->releases[n - 1].ubr != r->ubr || f->releases[n - 1].kb != r->kb)
			f->releases[n++] = *r;
	}
	f->n_releases = n;
	n = 0;
	for (size_t i = 0; i < f->n_fixes; i++) {
		struct fix *last = n ? &f->fixes[n - 1] : NULL;
		if (!last || by_fix(last, &f->fixes[i]) != 0)
			f->fixes[n++] = f->fixes[i];
		else if (f->fixes[i].severity > last->severity)
			last->severity = f->fixes[i].severity;
	}
	f->n_fixes = n;
	n = 0;
	for (size_t i = 0; i < f->n_vulns; i++) {
		struct vuln *last = n ? &f->vulns[n - 1] : NULL;
		if (!last || by_product(last, &f->vulns[i]) != 0)
			f->vulns[n++] = f->vulns[i];
		else if (f->vulns[i].severity > last->severity)
			last->severity = f->vulns[i].severity;
	}
	f->n_vulns = n;
}

const char *feed_alias(const struct feed *f, const char *name)
{
	const struct alias want = { name, NULL };
	const struct alias *a = f->n_aliases ? bsearch(&want, f->aliases, f->n_aliases, sizeof want, by_alias) : NULL;
	return a ? a->product : NULL;
}

bool feed_has_product(const struct feed *f, const char *id)
{
	for (size_t i = 0; i < f->n_products; i++)
		if (strcmp(f->products[i].id, id) == 0)
			return true;
	return false;
}

const char *feed_title_ja(const struct feed *f, uint64_t cve)
{
	const struct jvn *j = feed_jvn(f, cve);
	return j ? j->title : NULL;
}

static void sort(void *v, size_t n, size_t size, int (*cmp)(const void *, const void *))
{
	if (n)
		qsort(v, n, size, cmp);
}

enum status feed_index(struct feed *f, struct err *e)
{
	sort(f->releases, f->n_releases, sizeof *f->releases, by_ubr);
	sort(f->components, f->n_components, sizeof *f->components, by_kb);
	join_fixes(f);
	sort(f->fixes, f->n_fixes, sizeof *f->fixes, by_fix);
	sort(f->kevs, f->n_kevs, sizeof *f->kevs, by_cve);
	sort(f->jvns, f->n_jvns, sizeof *f->jvns, by_jvn);
	sort(f->vulns, f->n_vulns, sizeof *f->vulns, by_product);
	sort(f->supports, f->n_supports, sizeof *f->supports, by_supported);
	sort(f->aliases, f->n_aliases, sizeof *f->aliases, by_alias);
	no_doubles(f);
	/* Where nobody rated a program's CVE, IPA did. Windows is rated by Microsoft alone. */
	for (size_t i = 0; i < f->n_vulns; i++) {
		const struct jvn *j = f->vulns[i].severity == SEV_UNRATED ? feed_jvn(f, f->vulns[i].cve) : NULL;
		f->vulns[i].severity = j ? j->severity : f->vulns[i].severity;
	}
	return join_products(f, e);
}

const char *cve_text(uint64_t cve, char buf[24])
{
	snprintf(buf, 24, "CVE-%u-%04u", (unsigned)(cve >> 32) % 10000, (unsigned)cve);
	return buf;
}
