/*
 * A row of a table: fields between TABs, the first names the table, `#` in
 * front is a comment, `-` is an empty field.
 *
 *	source    NAME AS_OF FETCHED SHA256 ETAG MODIFIED URL
 *	release   BUILD client|server UBR KB DAY security|preview|oob|baseline|hotpatch
 *	fix       CVE BUILD client|server ARCH KB UBR SEVERITY
 *	component KB lcu|dotnet|ssu|office|other DAY
 *	eol       BUILD client|server *|w|e|ltsc|iot DAY ESU_DAY
 *	product   ID NAME one|many NAMES EXCEPT VENDORS VERSIONS
 *	vuln      CVE PRODUCT FROM <VERSION|<=VERSION SEVERITY
 *	support   PRODUCT VERSION-PREFIX DAY
 *	kev       CVE DAY
 *	jvn       CVE JVNDB-ID SEVERITY TITLE
 *	alias     VENDOR:PRODUCT PRODUCT
 *	fetch     NAME URL
 *
 * NAMES, EXCEPT, VENDORS, VERSIONS: patterns with `|` between, `*` is anything,
 * `?` one byte (product.c). one: a newer installation replaces the older (an older entry is
 * a leftover); many: versions live side by side.
 */
#include "base/xalloc.h"
#include "feed_impl.h"
#include "product.h"
#include "version.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { FIELDS_MAX = 9, FIELD_MAX = 1000, GLOBS_MAX = 32 };

const char *const release_kind_words[REL_KINDS] = { "security", "preview", "oob", "baseline", "hotpatch" };
const char *const component_words[COMPONENTS] = { "lcu", "dotnet", "ssu", "office", "other" };
const char *const edition_words[EDITIONS] = { "*", "w", "e", "ltsc", "iot" };
const char *const arch_words[ARCHS] = { "-", "x64", "x86", "arm64" };

struct row {
	struct feed *f;
	char *v[FIELDS_MAX];
	size_t n;
};

static int word_of(const char *const *words, size_t n, const char *s)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(words[i], s) == 0)
			return (int)i;
	return -1;
}

static bool number(const char *s, uint32_t max, uint32_t *v_r)
{
	char *end;
	if (*s < '0' || *s > '9' || strlen(s) > 10)
		return false;
	unsigned long long v = strtoull(s, &end, 10);
	*v_r = (uint32_t)v;
	return !*end && v <= max;
}

static bool kb_number(const char *s, uint32_t *kb_r)
{
	return strncmp(s, "KB", 2) == 0 && number(s + 2, 99999999, kb_r);
}

static bool side(const char *build, const char *word, host_key *k_r)
{
	uint32_t b;
	int s = strcmp(word, "client") == 0 ? 0 : strcmp(word, "server") == 0 ? 1 : -1;
	if (s < 0 || !number(build, 1u << 24, &b) || !b)
		return false;
	*k_r = host_key_of(b, s);
	return true;
}

static bool day_or_none(const char *s, int64_t *day_r)
{
	*day_r = INT64_MIN;
	return !*s || civil_parse_date(s, day_r);
}

/* Room for one more element, zeroed: doubled when n is a power of two. The old
 * array stays in the arena until the feed is freed. */
static void *add(struct feed *f, void *vp, size_t *n, size_t size)
{
	char **v = vp;
	if ((*n & (*n - 1)) == 0) {
		char *bigger = arena_zalloc(f->a, (*n ? *n * 2 : 1) * size);
		if (*n)
			memcpy(bigger, *v, *n * size);
		*v = bigger;
	}
	return *v + (*n)++ * size;
}
#define ADD(f, list) (typeof((f)->list))add(f, &(f)->list, &(f)->n_##list, sizeof *(f)->list)

static const char *keep(struct row *r, size_t i)
{
	return arena_strdup(r->f->a, r->v[i]);
}

static bool read_source(struct row *r)
{
	struct feed_source s = { .name = keep(r, 1), .sha256 = keep(r, 4), .etag = keep(r, 5), .modified = keep(r, 6), .url = keep(r, 7) };
	char *end;
	s.fetched = strtoll(r->v[3], &end, 10);
	if (!*s.name || *end || !day_or_none(r->v[2], &s.as_of))
		return false;
	*ADD(r->f, sources) = s;
	return true;
}

static bool read_release(struct row *r)
{
	struct release x = { 0 };
	int kind = word_of(release_kind_words, REL_KINDS, r->v[6]);
	if (kind < 0 || !side(r->v[1], r->v[2], &x.key) || !number(r->v[3], 1u << 24, &x.ubr) || !kb_number(r->v[4], &x.kb) ||
	    !civil_parse_date(r->v[5], &x.day))
		return false;
	x.kind = (enum release_kind)kind;
	x.order = r->f->n_releases;
	*ADD(r->f, releases) = x;
	return true;
}

static bool read_fix(struct row *r)
{
	struct fix x = { .cve = cve_of(r->v[1]), .severity = severity_of(r->v[7]) };
	int arch = *r->v[4] ? word_of(arch_words, ARCHS, r->v[4]) : 0;
	if (!x.cve || arch < 0 || !side(r->v[2], r->v[3], &x.key) || !kb_number(r->v[5], &x.kb) || (*r->v[6] && !number(r->v[6], 1u << 24, &x.ubr)))
		return false;
	x.arch = (enum arch)arch;
	*ADD(r->f, fixes) = x;
	return true;
}

static bool read_component(struct row *r)
{
	struct component_row x = { 0 };
	int kind = word_of(component_words, COMPONENTS, r->v[2]);
	if (kind < 0 || !kb_number(r->v[1], &x.kb) || !civil_parse_date(r->v[3], &x.day))
		return false;
	x.kind = (enum component)kind;
	*ADD(r->f, components) = x;
	return true;
}

static bool read_eol(struct row *r)
{
	struct eol x = { 0 };
	int ed = word_of(edition_words, EDITIONS, r->v[3]);
	if (ed < 0 || !side(r->v[1], r->v[2], &x.key) || !civil_parse_date(r->v[4], &x.day) || !day_or_none(r->v[5], &x.esu))
		return false;
	x.edition = (enum edition)ed;
	*ADD(r->f, eols) = x;
	return true;
}

/* "a|b" as a NULL-terminated list, folded as names are. NULL: too many. */
static char **globs(struct row *r, size_t i)
{
	char **v = arena_zalloc(r->f->a, (GLOBS_MAX + 1) * sizeof *v), *p = r->v[i], *one;
	struct sb fold = SB_INIT;
	size_t n = 0;
	while ((one = strsep(&p, "|")) && n <= GLOBS_MAX) {
		if (!*one)
			continue;
		sb_reset(&fold);
		product_fold(one, &fold);
		v[n++] = arena_strdup(r->f->a, fold.s);
	}
	sb_free(&fold);
	return n > GLOBS_MAX ? NULL : v;
}

static bool read_product(struct row *r)
{
	static const char *const words[] = { "one", "many" };
	int inst = word_of(words, 2, r->v[3]);
	struct product x = { .id = keep(r, 1), .name = keep(r, 2), .order = r->f->n_products };
	x.names = globs(r, 4), x.except = globs(r, 5), x.vendors = globs(r, 6), x.versions = globs(r, 7);
	if (inst < 0 || !*x.id || !*x.name || !x.names || !x.names[0] || !x.except || !x.vendors || !x.versions)
		return false;
	x.instances = (enum instances)inst;
	*ADD(r->f, products) = x;
	return true;
}

/* Only what is bounded above: everything else would hit every version. */
static bool read_vuln(struct row *r)
{
	const char *to = r->v[4];
	struct vuln x = { .product = keep(r, 2), .cve = cve_of(r->v[1]), .from = keep(r, 3), .severity = severity_of(r->v[5]) };
	if (*to++ != '<')
		return false;
	x.to_included = *to == '=';
	x.to = arena_strdup(r->f->a, to + x.to_included);
	if (!x.cve || !version_known(x.to) || (*x.from && !version_known(x.from)))
		return false;
	x.low = version_read(x.from);
	x.high = version_read(x.to);
	*ADD(r->f, vulns) = x;
	return true;
}

static bool read_support(struct row *r)
{
	struct support x = { .product = keep(r, 1), .prefix = keep(r, 2) };
	if (!civil_parse_date(r->v[3], &x.day))
		return false;
	*ADD(r->f, supports) = x;
	return true;
}

static bool read_kev(struct row *r)
{
	struct kev x = { .cve = cve_of(r->v[1]) };
	if (!x.cve || !civil_parse_date(r->v[2], &x.day))
		return false;
	*ADD(r->f, kevs) = x;
	return true;
}

static bool read_jvn(struct row *r)
{
	struct jvn x = { cve_of(r->v[1]), keep(r, 2), keep(r, 4), severity_of(r->v[3]) };
	if (!x.cve)
		return false;
	*ADD(r->f, jvns) = x;
	return true;
}

static bool read_alias(struct row *r)
{
	struct alias x = { keep(r, 1), keep(r, 2) };
	if (!strchr(x.name, ':') || !*x.product)
		return false;
	*ADD(r->f, aliases) = x;
	return true;
}

static bool read_fetch(struct row *r)
{
	struct feed_fetch x = { keep(r, 1), keep(r, 2) };
	if (!*x.name)
		return false;
	*ADD(r->f, fetches) = x;
	return true;
}

static const struct table {
	const char *name;
	size_t fields;
	bool (*read)(struct row *r);
	size_t count; /* offset of its n_ in struct feed */
} tables[] = {
	{ "source", 8, read_source, offsetof(struct feed, n_sources) },
	{ "release", 7, read_release, offsetof(struct feed, n_releases) },
	{ "fix", 8, read_fix, offsetof(struct feed, n_fixes) },
	{ "component", 4, read_component, offsetof(struct feed, n_components) },
	{ "eol", 6, read_eol, offsetof(struct feed, n_eols) },
	{ "product", 8, read_product, offsetof(struct feed, n_products) },
	{ "vuln", 6, read_vuln, offsetof(struct feed, n_vulns) },
	{ "support", 4, read_support, offsetof(struct feed, n_supports) },
	{ "kev", 3, read_kev, offsetof(struct feed, n_kevs) },
	{ "jvn", 5, read_jvn, offsetof(struct feed, n_jvns) },
	{ "alias", 3, read_alias, offsetof(struct feed, n_aliases) },
	{ "fetch", 3, read_fetch, offsetof(struct feed, n_fetches) },
};

static const struct table *table_named(const char *name)
{
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		if (strcmp(tables[i].name, name) == 0)
			return &tables[i];
	return NULL;
}

size_t feed_rows(const struct feed *f, const char *table)
{
	const struct table *t = table_named(table);
	return t ? *(const size_t *)((const char *)f + t->count) : 0;
}

enum status feed_add_row(struct feed *f, char *line, struct err *e)
{
	struct row r = { .f = f };
	line[strcspn(line, "\r\n")] = '\0';
	if (!*line || *line == '#')
		return ERR_NOTFOUND;
	if (++f->rows > FEED_ROWS_MAX)
		return err_set(e, ERR_LIMIT, "more than %d rows", FEED_ROWS_MAX);
	for (char *p = line, *one; (one = strsep(&p, "\t"));) {
		if (r.n == FIELDS_MAX || strlen(one) > FIELD_MAX)
			return err_set(e, ERR_PERM, "too many or too long fields");
		r.v[r.n++] = strcmp(one, "-") == 0 ? one + 1 : one;
	}
	const struct table *t = table_named(r.v[0]);
	if (!t)
		return err_set(e, ERR_PERM, "no table \"%.40s\"", r.v[0]);
	if (r.n != t->fields)
		return err_set(e, ERR_PERM, "\"%s\" wants %zu fields, here are %zu", t->name, t->fields, r.n);
	return t->read(&r) ? OK : err_set(e, ERR_PERM, "a field of \"%s\" can't be (feed_row.c says how it is written)", t->name);
}

/* ---- words ---- */

const char *severity_ja(enum severity s)
{
	static const char *const ja[SEVERITIES] = { "不明", "注意", "警告", "重要", "緊急" };
	return ja[s];
}

enum severity severity_of(const char *word)
{
	static const struct { const char *word; enum severity s; } words[] = {
		{ "critical", SEV_CRITICAL }, { "important", SEV_IMPORTANT }, { "high", SEV_IMPORTANT },
		{ "moderate", SEV_MODERATE }, { "medium", SEV_MODERATE }, { "low", SEV_LOW },
	};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcasecmp(words[i].word, word) == 0)
			return words[i].s;
	return SEV_UNRATED;
}

uint64_t cve_of(const char *s)
{
	uint32_t year, n;
	char y[5];
	if (strncmp(s, "CVE-", 4) != 0 || strspn(s + 4, "0123456789") != 4 || s[8] != '-')
		return 0;
	memcpy(y, s + 4, 4);
	y[4] = '\0';
	if (!number(y, 2200, &year) || !number(s + 9, UINT32_MAX, &n) || year < 1999)
		return 0;
	return (uint64_t)year << 32 | n;
}
