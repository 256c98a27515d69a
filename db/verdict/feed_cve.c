/*
 * CVE records (CVE JSON 5) and lists of CPE ranges (NVD's API 2.0, and files of
 * that form): which versions of a program of the dictionary are vulnerable. A range needs an upper end, and has to hold
 * on Windows: "platforms" that name only others, another target_sw, and the AND
 * of a CPE configuration that asks for another system, pass.
 */
#include "feed_import_impl.h"
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

struct record {
	char cve[IMPORT_TEXT];
	enum severity severity;
};

/* "Mozilla", "Firefox ESR" as "mozilla:firefox_esr". */
static void alias_name(char *out, size_t cap, const char *vendor, const char *product)
{
	snprintf(out, cap, "%s:%s", vendor, product);
	for (char *p = out; *p; p++)
		*p = *p == ' ' ? '_' : (char)tolower((unsigned char)*p);
}

/* One range, from "" any; a row when the dictionary knows the product. */
static void import_range(const struct feed *known, struct json *j, struct feed_import *im, const struct record *r, const char *vendor, const char *product,
                         const char *from, const char *to, bool included)
{
	static const char *const words[SEVERITIES] = { "-", "low", "medium", "high", "critical" };
	char name[2 * IMPORT_TEXT + 2];
	alias_name(name, sizeof name, vendor, product);
	const char *id = feed_alias(known, name);
	bool any = !*from || strcmp(from, "0") == 0 || strcmp(from, "*") == 0 || strcmp(from, "unspecified") == 0;
	if (!id || !import_version(to) || (!any && !import_version(from)) || !import_row(j, im)) {
		im->passed++;
		return;
	}
	sb_addf(&im->rows, "vuln\t%s\t%s\t%s\t<%s%s\t%s\n", r->cve, id, any ? "-" : from, included ? "=" : "", to, words[r->severity]);
}

/* ---- CPE ranges ---- */

struct cpe {
	char criteria[IMPORT_TEXT], start[IMPORT_TEXT], before[IMPORT_TEXT], upto[IMPORT_TEXT];
	bool vulnerable;
};

/* The fields of a CPE 2.3 name, cut apart in place; "\:" is a colon of a field. */
static size_t cut_cpe(char *s, char *v[13])
{
	size_t n = 0;
	v[n++] = s;
	for (char *to = s;; s++) {
		if (*s == '\\' && s[1])
			*to++ = *++s;
		else if (*s == ':' && n < 13) {
			*to++ = '\0';
			v[n++] = to;
		} else if ((*to++ = *s) == '\0')
			return n;
	}
}

static void read_cpe(struct json *j, struct cpe *c)
{
	struct json_str key;
	*c = (struct cpe){ .vulnerable = true };
	for (json_object(j); json_key(j, &key);) {
		if (json_eq(&key, "criteria"))
			import_text(j, c->criteria);
		else if (json_eq(&key, "versionStartIncluding"))
			import_text(j, c->start);
		else if (json_eq(&key, "versionEndExcluding"))
			import_text(j, c->before);
		else if (json_eq(&key, "versionEndIncluding"))
			import_text(j, c->upto);
		else if (json_eq(&key, "vulnerable") && json_peek(j) == JSON_BOOL)
			json_bool(j, &c->vulnerable);
	}
}

/* One pass asks whether the configuration is for Windows, the other takes. */
static void one_cpe(const struct feed *known, struct json *j, struct feed_import *im, const struct record *r, bool take, bool *other)
{
	struct cpe c;
	char *v[13];
	read_cpe(j, &c);
	if (cut_cpe(c.criteria, v) < 13)
		return;
	if (!c.vulnerable && strcmp(v[2], "o") == 0 && strncmp(v[4], "windows", 7) != 0)
		*other = true;
	bool here = strcmp(v[10], "*") == 0 || strcmp(v[10], "-") == 0 || strcmp(v[10], "windows") == 0;
	if (!take || !c.vulnerable || strcmp(v[2], "a") != 0 || !here)
		return;
	char product[IMPORT_TEXT];
	snprintf(product, sizeof product, "%s%s", v[4], strcmp(v[9], "esr") == 0 ? "_esr" : "");
	import_range(known, j, im, r, v[3], product, c.start, *c.before ? c.before : c.upto, !*c.before);
}

static void walk_configuration(const struct feed *known, struct json *j, struct feed_import *im, const struct record *r, bool take, bool *other)
{
	struct json_str key, in;
	for (json_object(j); json_key(j, &key);) {
		if (!json_eq(&key, "nodes"))
			continue;
		for (json_array(j); json_item(j);)
			for (json_object(j); json_key(j, &in);)
				if (json_eq(&in, "cpeMatch"))
					for (json_array(j); json_item(j);)
						one_cpe(known, j, im, r, take, other);
	}
}

static void take_cpes(const struct feed *known, struct json *j, struct feed_import *im, const struct record *r)
{
	struct json_str key;
	for (json_object(j); json_key(j, &key);) {
		if (!json_eq(&key, "configurations"))
			continue;
		for (json_array(j); json_item(j);) {
			struct json look = *j;
			bool other = false;
			walk_configuration(known, &look, im, r, false, &other);
			walk_configuration(known, j, im, r, !other, &other);
		}
	}
}

/* ---- CVE JSON 5 ---- */

struct affected {
	char vendor[IMPORT_TEXT], product[IMPORT_TEXT];
	bool windows; /* or nothing is said */
};

static void read_platforms(struct json *j, struct affected *a)
{
	char text[IMPORT_TEXT];
	bool some = false, windows = false;
	for (json_array(j); json_item(j);) {
		import_text(j, text);
		some = true;
		windows = windows || strcasestr(text, "windows") || strcasecmp(text, "x64") == 0 || strcasecmp(text, "32 bit") == 0 || strcasecmp(text, "all") == 0;
	}
	a->windows = !some || windows;
}

static void one_version(const struct feed *known, struct json *j, struct feed_import *im, const struct record *r, const struct affected *a)
{
	struct json_str key;
	char from[IMPORT_TEXT] = "", before[IMPORT_TEXT] = "", upto[IMPORT_TEXT] = "", status[IMPORT_TEXT] = "";
	for (json_object(j); json_key(j, &key);) {
		if (json_eq(&key, "version"))
			import_text(j, from);
		else if (json_eq(&key, "lessThan"))
			import_text(j, before);
		else if (json_eq(&key, "lessThanOrEqual"))
			import_text(j, upto);
		else if (json_eq(&key, "status"))
			import_text(j, status);
	}
	if (strcmp(status, "affected") == 0 && (*before || *upto))
		import_range(known, j, im, r, a->vendor, a->product, from, *before ? before : upto, !*before);
	else
		im->passed++;
}

/* Versions may come before the names they belong to: two looks. */
static void one_affected(const struct feed *known, struct json *j, struct feed_import *im, const struct record *r)
{
	struct json_str key;
	struct json again = *j;
	struct affected a = { .windows = true };
	for (json_object(j); json_key(j, &key);) {
		if (json_eq(&key, "vendor"))
			import_text(j, a.vendor);
		else if (json_eq(&key, "product"))
			import_text(j, a.product);
		else if (json_eq(&key, "platforms") && json_peek(j) == JSON_ARRAY)
			read_platforms(j, &a);
	}
	if (!a.windows || j->st != OK)
		return;
	for (json_object(&again); json_key(&again, &key);)
		if (json_eq(&key, "versions") && json_peek(&again) == JSON_ARRAY)
			for (json_array(&again); json_item(&again);)
				one_version(known, &again, im, r, &a);
	if (again.st != OK)
		json_fail(j, again.st, again.what);
}

/* The worst that any metric of any scorer says. */
static void read_metrics(struct json *j, struct record *r)
{
	struct json_str key, in;
	char text[IMPORT_TEXT];
	for (json_array(j); json_item(j);) {
		for (json_object(j); json_key(j, &key);) {
			if (json_peek(j) != JSON_OBJECT)
				continue;
			for (json_object(j); json_key(j, &in);) {
				if (!json_eq(&in, "baseSeverity"))
					continue;
				import_text(j, text);
				enum severity s = severity_of(text);
				r->severity = s > r->severity ? s : r->severity;
			}
		}
	}
}

static void one_container(const struct feed *known, struct json *j, struct feed_import *im, struct record *r, bool take)
{
	struct json_str key;
	for (json_object(j); json_key(j, &key);) {
		if (!take && json_eq(&key, "metrics") && json_peek(j) == JSON_ARRAY)
			read_metrics(j, r);
		else if (take && json_eq(&key, "affected") && json_peek(j) == JSON_ARRAY)
			for (json_array(j); json_item(j);)
				one_affected(known, j, im, r);
	}
}

static void containers(const struct feed *known, struct json *j, struct feed_import *im, struct record *r, bool take)
{
	struct json_str key;
	for (json_object(j); json_key(j, &key);) {
		if (json_eq(&key, "cna") && json_peek(j) == JSON_OBJECT)
			one_container(known, j, im, r, take);
		else if (json_eq(&key, "adp") && json_peek(j) == JSON_ARRAY)
			for (json_array(j); json_item(j);)
				one_container(known, j, im, r, take);
	}
}

/* ---- a record ---- */

/* NVD: {"cvssMetricV31":[{"cvssData":{"baseSeverity":…}}]}. */
static void nvd_metrics(struct json *j, struct record *r)
{
	struct json_str key;
	for (json_object(j); json_key(j, &key);)
		if (json_peek(j) == JSON_ARRAY)
			read_metrics(j, r);
}

static void take_name(struct json *j, struct record *r, struct feed_import *im)
{
	struct json_str key;
	char text[IMPORT_TEXT];
	for (json_object(j); json_key(j, &key);) {
		if (json_eq(&key, "cveId") || json_eq(&key, "cve_id") || json_eq(&key, "id")) {
			import_text(j, r->cve);
		} else if (json_eq(&key, "metrics") && json_peek(j) == JSON_OBJECT) {
			nvd_metrics(j, r);
		} else if (json_eq(&key, "dateUpdated") || json_eq(&key, "modified") || json_eq(&key, "lastModified")) {
			import_text(j, text);
			int64_t day = import_day(text);
			im->as_of = day > im->as_of ? day : im->as_of;
		}
	}
}

static void one_record(const struct feed *known, struct json *j, struct feed_import *im)
{
	struct json_str key;
	struct json again = *j;
	struct record r = { .cve = "" };
	for (json_object(j); json_key(j, &key);) {
		if ((json_eq(&key, "cveMetadata") || json_eq(&key, "_annotation") || json_eq(&key, "cve")) && json_peek(j) == JSON_OBJECT)
			take_name(j, &r, im);
		else if (json_eq(&key, "containers") && json_peek(j) == JSON_OBJECT)
			containers(known, j, im, &r, false);
	}
	if (!cve_of(r.cve) || j->st != OK) {
		im->passed++;
		return;
	}
	sb_addf(&im->cves, "%s%s\n", im->cves.len ? "" : "\n", r.cve);
	for (json_object(&again); json_key(&again, &key);) {
		if (json_eq(&key, "containers") && json_peek(&again) == JSON_OBJECT)
			containers(known, &again, im, &r, true);
		else if (json_eq(&key, "cve") && json_peek(&again) == JSON_OBJECT)
			take_cpes(known, &again, im, &r);
	}
	if (again.st != OK)
		json_fail(j, again.st, again.what);
}

static void records(const struct feed *known, struct json *j, struct feed_import *im)
{
	for (json_array(j); json_item(j);)
		one_record(known, j, im);
}

void import_cve(const struct feed *known, struct json *j, struct feed_import *im)
{
	struct json_str key;
	struct json look = *j;
	bool nvd = false;
	snprintf(im->name, sizeof im->name, "cve");
	if (json_peek(j) == JSON_ARRAY) {
		records(known, j, im);
		return;
	}
	for (json_object(&look); !nvd && json_key(&look, &key);)
		nvd = json_eq(&key, "resultsPerPage");
	if (!nvd) {
		one_record(known, j, im);
		return;
	}
	for (json_object(j); json_key(j, &key);)
		if (json_eq(&key, "vulnerabilities") && json_peek(j) == JSON_ARRAY)
			records(known, j, im);
}
