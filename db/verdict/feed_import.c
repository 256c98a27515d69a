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

bool import_room(struct feed_import *im)
{
	im->n += im->n < ALL_ROWS;
	return im->n < ALL_ROWS;
}

bool import_row(struct json *j, struct feed_import *im)
{
	return import_room(im) || json_fail(j, ERR_LIMIT, "too many rows");
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

static bool looks_like_page(const char *p, size_t n)
{
	return n > 4 && (memcmp(p, "---\n", 4) == 0 || memcmp(p, "---\r", 4) == 0);
}

enum status feed_import(const struct feed *known, const char *p, size_t n, struct feed_import *im, struct err *e)
{
	static void (*const readers[FEED_KINDS])(const struct feed *, struct json *, struct feed_import *) = {
		[FEED_KEV] = import_kev, [FEED_MSRC] = import_msrc, [FEED_CVE] = import_cve, [FEED_EOL] = import_eol, [FEED_JVN] = import_jvn,
	};
	struct json j;
	bool rss = looks_like_rss(p, n), page = looks_like_page(p, n);
	int kind = n > FEED_FILE_MAX ? -1 : rss ? (int)FEED_JVN : page ? (int)FEED_EOL : kind_of(p, n);
	if (kind < 0)
		return err_set(e, n > FEED_FILE_MAX ? ERR_LIMIT : ERR_PERM, "nothing that is known (KEV, MSRC, CVE, endoflife.date, JVN), or too large");
	im->kind = (enum feed_kind)kind;
	im->as_of = im->n ? im->as_of : INT64_MIN;
	im->rows = im->rows.s ? im->rows : SB_INIT;
	im->cves = im->cves.s ? im->cves : SB_INIT;
	if (rss)
		return import_jvn_rss(p, n, im, e);
	enum status st;
	if (page) {
		st = import_eol_page(known, p, n, im, e);
	} else {
		json_init(&j, p, n, DEEP);
		readers[kind](known, &j, im);
		st = json_end(&j, e);
	}
	/* a month of MSRC's may have nothing for us yet; of these nothing is a mistake */
	if (st == OK && !im->n && (kind == FEED_KEV || kind == FEED_EOL))
		return err_set(e, ERR_PERM, "no entry that can be used (%zu passed over); it would empty the table", im->passed);
	return st;
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

static bool collects(const struct feed_import *im)
{
	return im->kind == FEED_CVE || im->kind == FEED_JVN;
}

bool feed_import_empties(const struct feed_import *im, const char *before)
{
	bool rows = false;
	for (const char *p = before ? before : ""; *p; p += strcspn(p, "\n"), p += *p == '\n')
		rows = rows || strncmp(p, "source\t", 7) != 0;
	return !collects(im) && !im->n && rows;
}

bool feed_import_goes_back(const struct feed_import *im, int64_t in_use)
{
	return !collects(im) && im->as_of != INT64_MIN && im->as_of < in_use;
}

void feed_import_text(const struct feed_import *im, const struct feed_source *of, const char *before, struct sb *out)
{
	char day[16];
	sb_addf(out, "source\t%s\t%s\t%lld\t%s\t%s\t%s\t%s\n", im->name, im->as_of == INT64_MIN ? "-" : import_date(im->as_of, day), (long long)of->fetched,
		of->sha256, *of->etag ? of->etag : "-", *of->modified ? of->modified : "-", *of->url ? of->url : "-");
	for (const char *p = collects(im) && before ? before : ""; *p; p += strcspn(p, "\n"), p += *p == '\n')
		if ((strncmp(p, "vuln\t", 5) == 0 || strncmp(p, "jvn\t", 4) == 0) && !replaced(im, p))
			sb_add(out, p, strcspn(p, "\n")), sb_addc(out, '\n');
	sb_add(out, im->rows.s, im->rows.len);
}
