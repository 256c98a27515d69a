/*
 * The dictionary, indexed by the first two bytes of its patterns: a name is
 * held only against the few rows that can begin like it.
 */
#include "product.h"
#include "feed_impl.h"
#include "text/fold.h"
#include <ctype.h>
#include <string.h>

enum { STARTS = 65536, PRODUCTS_MAX = 20000 };

void product_fold(const char *utf8, struct sb *out)
{
	size_t from = out->len;
	bool ascii = true, space = false;
	for (const char *p = utf8; *p && ascii; p++)
		ascii = (unsigned char)*p < 0x80;
	if (!ascii) {
		text_fold(utf8, strlen(utf8), out);
		for (size_t i = from; i < out->len; i++)
			out->s[i] = out->s[i] == '\n' ? ' ' : out->s[i];
		return;
	}
	for (; *utf8; utf8++) { /* most names: the same, without the tables of Unicode */
		if (isspace((unsigned char)*utf8)) {
			space = out->len > from;
			continue;
		}
		if (space)
			sb_addc(out, ' ');
		space = false;
		sb_addc(out, (char)tolower((unsigned char)*utf8));
	}
}

bool product_glob(const char *pattern, const char *text)
{
	const char *star = NULL, *again = NULL;
	while (*text) {
		if (*pattern == '*') {
			star = ++pattern;
			again = text;
		} else if (*pattern == *text || *pattern == '?') {
			pattern++;
			text++;
		} else if (star) {
			pattern = star;
			text = ++again;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return !*pattern;
}

static bool any(char *const *globs, const char *text)
{
	for (; *globs; globs++)
		if (product_glob(*globs, text))
			return true;
	return false;
}

static size_t start_of(const char *s)
{
	return (size_t)(unsigned char)s[0] << 8 | (unsigned char)(s[0] ? s[1] : 0);
}

/* Two passes: how many a start has, then their places. */
enum status product_index(struct feed *f, struct err *e)
{
	if (f->n_products > PRODUCTS_MAX)
		return err_set(e, ERR_LIMIT, "more than %d products", PRODUCTS_MAX);
	size_t total = 0;
	f->starts = arena_zalloc(f->a, (STARTS + 1) * sizeof *f->starts);
	for (size_t i = 0; i < f->n_products; i++) {
		for (char **n = f->products[i].names; *n; n++, total++) {
			if (strlen(*n) < 2 || (*n)[0] == '*' || (*n)[1] == '*')
				return err_set(e, ERR_PERM, "product %s: the pattern \"%.60s\" has to begin with two letters", f->products[i].id, *n);
			f->starts[start_of(*n) + 1]++;
		}
	}
	for (size_t i = 0; i < STARTS; i++)
		f->starts[i + 1] += f->starts[i];
	f->by_start = arena_zalloc(f->a, (total + 1) * sizeof *f->by_start);
	uint32_t *at = arena_memdup(f->a, f->starts, STARTS * sizeof *at);
	for (size_t i = 0; i < f->n_products; i++)
		for (char **n = f->products[i].names; *n; n++)
			f->by_start[at[start_of(*n)]++] = (uint16_t)i;
	return OK;
}

const struct product *product_find(const struct feed *f, const char *name, const char *vendor, const char *version, bool *unsure_r)
{
	size_t s = start_of(name);
	for (uint32_t i = f->starts[s]; i < f->starts[s + 1]; i++) {
		const struct product *p = &f->products[f->by_start[i]];
		if (!any(p->names, name) || any(p->except, name) || (*p->versions && !any(p->versions, version)))
			continue;
		if (*p->vendors && *vendor && !any(p->vendors, vendor))
			continue;
		*unsure_r = *p->vendors && !*vendor;
		return p;
	}
	return NULL;
}
