/* See feed_import.h: what is it, and the small formats. */
#include "feed_import.h"
#include "feed_import_impl.h"
#include "version.h"
#include <stdio.h>
#include <string.h>

enum { DEEP = 24, ALL_ROWS = FEED_ROWS_MAX / 2 };

void import_text(struct json *j, char buf[IMPORT_TEXT])
{
	struct json_str s;
	buf[0] = '\0';
	if (json_peek(j) == JSON_STRING && json_string(j, &s))
		json_copy(&s, buf, IMPORT_TEXT);
	else
		json_skip(j);
}

int64_t import_day(const char *s)
{
	char day[11];
	int64_t d;
	snprintf(day, sizeof day, "%.10s", s);
	return civil_parse_date(day, &d) ? d : INT64_MIN;
}

const char *import_date(int64_t day, char buf[16])
{
	struct civil c = civil_of_day(day);
	snprintf(buf, 16, "%04d-%02d-%02d", c.year % 10000, c.mon % 100, c.day % 100);
	return buf;
}

bool import_row(struct json *j, struct feed_import *im)
{
	if (im->n >= ALL_ROWS)
		return json_fail(j, ERR_LIMIT, "too many rows");
	im->n++;
	return true;
}

bool import_version(const char *s)
{
	size_t n = strlen(s);
	return n && n <= 60 && version_known(s) && strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,_+()- ") == n;
}

/* ---- KEV ---- */

static void kev_entry(struct json *j, struct feed_import *im)
{
	struct json_str key;
	char cve[IMPORT_TEXT] = "", day[IMPORT_TEXT] = "";
	for (json_object(j); json_key(j, &key);) {
		if (json_eq(&key, "cveID"))
			import_text(j, cve);
		else if (json_eq(&key, "dateAdded"))
			import_text(j, day);
	}
	char buf[16];
	if (!cve_of(cve) || import_day(day) == INT64_MIN)
		im->passed++;
	else if (import_row(j, im))
		sb_addf(&im->rows, "kev\t%s\t%s\n", cve, import_date(import_day(day), buf));
}

void import_kev(const struct feed *known, struct json *j, struct feed_import *im)
{
	struct json_str key;
	char text[IMPORT_TEXT];
	(void)known;
	snprintf(im->name, sizeof im->name, "kev");
	for (json_object(j); json_key(j, &key);) {
		if (json_eq(&key, "dateReleased")) {
			import_text(j, text);
			im->as_of = import_day(text);
		} else if (json_eq(&key, "vulnerabilities")) {
			for (json_array(j); json_item(j);)
				kev_entry(j, im);
		}
	}
}

/* ---- endoflife.date ---- */

struct cycle {
	char name[IMPORT_TEXT], eol[IMPORT_TEXT], eoes[IMPORT_TEXT], latest[IMPORT_TEXT];
};

static void read_cycle(struct json *j, struct cycle *c)
{
	struct json_str key, in;
	*c = (struct cycle){ .name = "" };
	for (json_object(j); json_key(j, &key);) {
		if (json_eq(&key, "name"))
			import_text(j, c->name);
		else if (json_eq(&key, "eolFrom"))
			import_text(j, c->eol);
		else if (json_eq(&key, "eoesFrom"))
			import_text(j, c->eoes);
		else if (json_eq(&key, "latest") && json_peek(j) == JSON_OBJECT)
			for (json_object(j); json_key(j, &in);)
				if (json_eq(&in, "name"))
					import_text(j, c->latest);
	}
}

/* "11-24h2-e-lts": the editions of a cycle. */
static enum edition edition_of(const char *name)
{
	size_t n = strlen(name);
	if (strstr(name, "-iot"))
		return ED_IOT;
	if (n > 4 && strcmp(name + n - 4, "-lts") == 0)
		return ED_LTSC;
	if (n > 2 && strcmp(name + n - 2, "-e") == 0)
		return ED_E;
	return n > 2 && strcmp(name + n - 2, "-w") == 0 ? ED_W : ED_ANY;
}

static void windows_cycle(struct json *j, const struct cycle *c, bool server, struct feed_import *im)
{
	unsigned major, minor, build;
	char day[16], esu[16];
	int end = 0;
	if (sscanf(c->latest, "%2u.%2u.%6u%n", &major, &minor, &build, &end) != 3 || c->latest[end] || (server && strstr(c->name, "-sac"))) {
		im->passed++;
		return;
	}
	if (import_row(j, im))
		sb_addf(&im->rows, "eol\t%u\t%s\t%s\t%s\t%s\n", build, server ? "server" : "client", edition_words[server ? ED_ANY : edition_of(c->name)],
			import_date(import_day(c->eol), day), import_day(c->eoes) == INT64_MIN ? "-" : import_date(import_day(c->eoes), esu));
}

/* The product is called as in the dictionary, or has one entry a cycle there
 * ("office" 2016: office-2016). */
static void other_cycle(struct json *j, const struct feed *known, const char *product, const struct cycle *c, struct feed_import *im)
{
	char own[2 * IMPORT_TEXT], day[16];
	snprintf(own, sizeof own, "%s-%s", product, c->name);
	bool by_cycle = feed_has_product(known, own);
	if (!by_cycle && (!feed_has_product(known, product) || !import_version(c->name)))
		im->passed++;
	else if (import_row(j, im))
		sb_addf(&im->rows, "support\t%s\t%s\t%s\n", by_cycle ? own : product, by_cycle ? "-" : c->name, import_date(import_day(c->eol), day));
}

static void eol_releases(const struct feed *known, struct json *j, const char *product, struct feed_import *im)
{
	struct cycle c;
	bool server = strcmp(product, "windows-server") == 0;
	for (json_array(j); json_item(j);) {
		read_cycle(j, &c);
		if (import_day(c.eol) == INT64_MIN)
			im->passed++; /* no end is fixed yet */
		else if (server || strcmp(product, "windows") == 0)
			windows_cycle(j, &c, server, im);
		else
			other_cycle(j, known, product, &c, im);
	}
}

static bool plain_name(const char *s)
{
	size_t n = strlen(s);
	return n && n <= 40 && strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == n;
}

void import_eol(const struct feed *known, struct json *j, struct feed_import *im)
{
	struct json_str key;
	char product[IMPORT_TEXT] = "", text[IMPORT_TEXT];
	for (json_object(j); json_key(j, &key);) {
		if (json_eq(&key, "last_modified")) {
			import_text(j, text);
			im->as_of = import_day(text);
		}
		if (!json_eq(&key, "result"))
			continue;
		for (json_object(j); json_key(j, &key);) {
			if (json_eq(&key, "name"))
				import_text(j, product);
			else if (json_eq(&key, "releases") && plain_name(product))
				eol_releases(known, j, product, im);
		}
	}
	if (!plain_name(product))
		json_fail(j, ERR_PERM, "endoflife.date: the product has no name");
	snprintf(im->name, sizeof im->name, "eol-%.40s", product);
}

/* ---- which of them ---- */

/* By the members of the outermost object, or of an array's first. */
static int kind_of(const char *p, size_t n)
{
	static const struct { const char *member; enum feed_kind kind; } signs[] = {
		{ "catalogVersion", FEED_KEV }, { "DocumentTracking", FEED_MSRC }, { "cveMetadata", FEED_CVE }, { "cve", FEED_CVE },
		{ "resultsPerPage", FEED_CVE }, { "result", FEED_EOL },
		{ "feed", FEED_JVN },
	};
	struct json j;
	struct json_str key;
	json_init(&j, p, n, DEEP);
	if (json_peek(&j) == JSON_ARRAY && (!json_array(&j) || !json_item(&j)))
		return -1;
	if (json_peek(&j) != JSON_OBJECT)
		return -1;
	for (json_object(&j); json_key(&j, &key);)
		for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
			if (json_eq(&key, signs[i].member))
				return (int)signs[i].kind;
	return -1;
}

static bool looks_like_rss(const char *p, size_t n)
{
	while (n && ((unsigned char)*p <= ' ' || (unsigned char)*p >= 0x80)) /* white space, BOM */
		p++, n--;
	return n && *p == '<' && memmem(p, n < 4096 ? n : 4096, "<rdf:RDF", 8);
}

enum status feed_import(const struct feed *known, const char *p, size_t n, struct feed_import *im, struct err *e)
{
	static void (*const readers[FEED_KINDS])(const struct feed *, struct json *, struct feed_import *) = {
		[FEED_KEV] = import_kev, [FEED_MSRC] = import_msrc, [FEED_CVE] = import_cve, [FEED_EOL] = import_eol, [FEED_JVN] = import_jvn,
	};
	struct json j;
	bool rss = looks_like_rss(p, n);
	int kind = n > FEED_FILE_MAX ? -1 : rss ? (int)FEED_JVN : kind_of(p, n);
	if (kind < 0)
		return err_set(e, n > FEED_FILE_MAX ? ERR_LIMIT : ERR_PERM, "nothing that is known (KEV, MSRC, CVE, endoflife.date, JVN), or too large");
	im->kind = (enum feed_kind)kind;
	im->as_of = im->n ? im->as_of : INT64_MIN;
	im->rows = im->rows.s ? im->rows : SB_INIT;
	im->cves = im->cves.s ? im->cves : SB_INIT;
	if (rss)
		return import_jvn_rss(p, n, im, e);
	json_init(&j, p, n, DEEP);
	readers[kind](known, &j, im);
	return json_end(&j, e);
}

void feed_import_free(struct feed_import *im)
{
	if (im->rows.s)
		sb_free(&im->rows);
	if (im->cves.s)
		sb_free(&im->cves);
	*im = (struct feed_import){ 0 };
}

/* ---- the file ---- */

/* Is the row's CVE among those that came anew? */
static bool replaced(const struct feed_import *im, const char *row)
{
	char line[40];
	const char *cve = strchr(row, '\t');
	if (!cve)
		return false;
	snprintf(line, sizeof line, "\n%.*s\n", (int)strcspn(cve + 1, "\t\n") % 30, cve + 1);
	return strstr(im->cves.s, line) != NULL;
}

void feed_import_text(const struct feed_import *im, const struct feed_source *of, const char *before, struct sb *out)
{
	char day[16];
	sb_addf(out, "source\t%s\t%s\t%lld\t%s\t%s\t%s\t%s\n", im->name, im->as_of == INT64_MIN ? "-" : import_date(im->as_of, day), (long long)of->fetched,
		of->sha256, *of->etag ? of->etag : "-", *of->modified ? of->modified : "-", *of->url ? of->url : "-");
	bool collects = im->kind == FEED_CVE || im->kind == FEED_JVN;
	for (const char *p = collects && before ? before : ""; *p; p += strcspn(p, "\n"), p += *p == '\n')
		if ((strncmp(p, "vuln\t", 5) == 0 || strncmp(p, "jvn\t", 4) == 0) && !replaced(im, p))
			sb_add(out, p, strcspn(p, "\n")), sb_addc(out, '\n');
	sb_add(out, im->rows.s, im->rows.len);
}
