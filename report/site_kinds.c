/* What sites are for: see site_kinds.h. */
#include "site_kinds.h"
#include "base/io.h"
#include "base/xalloc.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX = 4 << 20, ROWS_MAX = 20000 };

struct entry {
	const char *domain;
	struct site_kind k;
};
struct site_kinds {
	struct sb file;
	struct entry *v;
	size_t n;
};

static int by_domain(const void *a, const void *b)
{
	return strcmp(((const struct entry *)a)->domain, ((const struct entry *)b)->domain);
}

/* "domain TAB kind [TAB own|danger]" */
static bool take(char *line, struct entry *e)
{
	char *kind = strchr(line, '\t'), *flag;
	if (!kind || kind == line)
		return false;
	*kind++ = '\0';
	flag = strchr(kind, '\t');
	if (flag)
		*flag++ = '\0';
	*e = (struct entry){ line, { kind, flag && strcmp(flag, "own") == 0, flag && strcmp(flag, "danger") == 0 } };
	return !flag || !*flag || e->k.own || e->k.danger;
}

static enum status cut(struct site_kinds *k, const char *path, struct err *e)
{
	size_t line = 0;
	k->v = xcalloc(ROWS_MAX, sizeof *k->v);
	for (char *p = k->file.s, *nl; *p; p = nl) {
		nl = strchrnul(p, '\n');
		if (*nl)
			*nl++ = '\0';
		line++;
		if (!*p || *p == '#')
			continue;
		if (k->n == ROWS_MAX || !take(p, &k->v[k->n++]))
			return err_set(e, ERR_PERM, "%s: line %zu", path, line);
	}
	qsort(k->v, k->n, sizeof *k->v, by_domain);
	return OK;
}

enum status site_kinds_load(const char *path, struct site_kinds **k_r, struct err *e)
{
	struct site_kinds *k = xcalloc(1, sizeof *k);
	k->file = SB_INIT;
	enum status st = io_read_file(path, FILE_MAX, &k->file, e);
	if (st == OK)
		st = cut(k, path, e);
	if (st != OK)
		site_kinds_free(&k);
	*k_r = k;
	return st == OK ? OK : ERR_PERM;
}

void site_kinds_free(struct site_kinds **k)
{
	if (*k) {
		sb_free(&(*k)->file);
		free((*k)->v);
		free(*k);
	}
	*k = NULL;
}

/* A private IPv4 address, or a name without a dot: a machine of their own. */
static bool in_house(const char *host)
{
	unsigned a, b, c, d;
	char more;
	if (!strchr(host, '.'))
		return *host && !strpbrk(host, ":(");
	if (sscanf(host, "%3u.%3u.%3u.%3u%c", &a, &b, &c, &d, &more) != 4)
		return false;
	return a == 10 || (a == 172 && b >= 16 && b < 32) || (a == 192 && b == 168) || (a == 169 && b == 254);
}

const struct site_kind *site_kind(const struct site_kinds *k, const char *domain)
{
	const struct entry key = { .domain = domain };
	const struct entry *hit = k && k->n ? bsearch(&key, k->v, k->n, sizeof *k->v, by_domain) : NULL;
	static const struct site_kind own = { "社内", false, false };
	return hit ? &hit->k : in_house(domain) ? &own : NULL;
}
