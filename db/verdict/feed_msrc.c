/*
 * Microsoft's monthly document (CVRF 3.0 as JSON, api.msrc.microsoft.com): which
 * KB fixes which CVE of which Windows at which build.
 *
 * Fixed builds are sometimes wrong (19043 for 21H2, "10.0.20348..2762") or
 * several: one counts only when it is well formed and its build is the named
 * product's. Two passes: products are named behind their use in some documents.
 */
#include "feed_import_impl.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PRODUCTS_MAX = 4000, IDS_MAX = 600 };

struct product_row {
	char id[24];
	uint32_t build;
	bool server, dotnet;
	enum arch arch;
};

struct doc {
	struct feed_import *im;
	struct arena *a;
	struct product_row *v;
	size_t n;
	int64_t day;
	char cve[IMPORT_TEXT];
};

/* ---- products ---- */

/* Which Windows a name means; the upper row wins. 0: none of ours. */
static uint32_t build_of(const char *name)
{
	static const struct { const char *a, *b; uint32_t build; } names[] = {
		{ "Windows 11", "26H2", 26300 }, { "Windows 11", "26H1", 28000 }, { "Windows 11", "25H2", 26200 }, { "Windows 11", "24H2", 26100 },
		{ "Windows 11", "23H2", 22631 }, { "Windows 11", "22H2", 22621 }, { "Windows 11", "21H2", 22000 }, { "Windows 10", "22H2", 19045 },
		{ "Windows 10", "21H2", 19044 }, { "Windows 10", "1809", 17763 }, { "Windows 10", "1607", 14393 }, { "Windows Server 2025", "", 26100 },
		{ "Windows Server 2022, 23H2", "", 25398 }, { "Windows Server 2022", "", 20348 }, { "Windows Server 2019", "", 17763 },
		{ "Windows Server 2016", "", 14393 },
	};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strstr(name, names[i].a) && strstr(name, names[i].b))
			return names[i].build;
	return 0;
}

static void add_product(struct doc *d, const char *id, const char *name)
{
	const char *on = strstr(name, " on Windows");
	bool dotnet = on && strstr(name, ".NET Framework");
	const char *windows = on ? on + 4 : name;
	uint32_t build = build_of(windows);
	if (!build || d->n == PRODUCTS_MAX || strlen(id) >= sizeof d->v->id || (on && !dotnet) || (!on && strncmp(name, "Windows", 7) != 0))
		return;
	struct product_row *p = &d->v[d->n++];
	snprintf(p->id, sizeof p->id, "%s", id);
	p->build = build;
	p->server = strstr(windows, "Server") != NULL;
	p->dotnet = dotnet;
	p->arch = p->server ? ARCH_ANY : strstr(windows, "x64") ? ARCH_X64 : strstr(windows, "ARM64") ? ARCH_ARM64 : strstr(windows, "32-bit") ? ARCH_X86 : ARCH_ANY;
}

static void product_names(struct json *j, struct doc *d)
{
	struct json_str key;
	for (json_array(j); json_item(j);) {
		char id[IMPORT_TEXT] = "", name[IMPORT_TEXT] = "";
		for (json_object(j); json_key(j, &key);) {
			if (json_eq(&key, "ProductID"))
				import_text(j, id);
			else if (json_eq(&key, "Value"))
				import_text(j, name);
		}
		add_product(d, id, name);
	}
}

static void tracking(struct json *j, struct doc *d)
{
	struct json_str key;
	char text[IMPORT_TEXT] = "", id[IMPORT_TEXT] = "";
	for (json_object(j); json_key(j, &key);) {
		if (json_eq(&key, "InitialReleaseDate")) {
			import_text(j, text);
			d->day = import_day(text);
		} else if (json_eq(&key, "CurrentReleaseDate")) {
			import_text(j, text);
			d->im->as_of = import_day(text);
		} else if (json_eq(&key, "Identification") && json_peek(j) == JSON_OBJECT) {
			struct json_str in;
			for (json_object(j); json_key(j, &in);) {
				if (!json_eq(&in, "ID") || json_peek(j) != JSON_OBJECT)
					continue;
				struct json_str value;
				for (json_object(j); json_key(j, &value);)
					if (json_eq(&value, "Value"))
						import_text(j, id);
			}
		}
	}
	size_t n = strspn(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");
	snprintf(d->im->name, sizeof d->im->name, "msrc-%.*s", n && !id[n] && n <= 20 ? (int)n : 7, n && !id[n] && n <= 20 ? id : "unnamed");
}

/* The id is the first member: a text is a key, too. */
static int by_id(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void first_pass(struct json *j, struct doc *d)
{
	struct json_str key;
	for (json_object(j); json_key(j, &key);) {
		if (json_eq(&key, "DocumentTracking")) {
			tracking(j, d);
		} else if (json_eq(&key, "ProductTree") && json_peek(j) == JSON_OBJECT) {
			for (json_object(j); json_key(j, &key);)
				if (json_eq(&key, "FullProductName"))
					product_names(j, d);
		}
	}
	if (d->n)
		qsort(d->v, d->n, sizeof *d->v, by_id);
}

/* ---- vulnerabilities ---- */

struct ids {
	const struct product_row *v[IDS_MAX];
	size_t n;
};

static void take_ids(struct json *j, const struct doc *d, struct ids *to)
{
	char id[IMPORT_TEXT];
	to->n = 0;
	for (json_array(j); json_item(j);) {
		import_text(j, id);
		const struct product_row *p = d->n ? bsearch(id, d->v, d->n, sizeof *d->v, by_id) : NULL;
		if (p && to->n < IDS_MAX)
			to->v[to->n++] = p;
	}
}

/* {"Value":"…"} or a text. */
static void take_value(struct json *j, char buf[IMPORT_TEXT])
{
	struct json_str key;
	if (json_peek(j) != JSON_OBJECT) {
		import_text(j, buf);
		return;
	}
	for (json_object(j); json_key(j, &key);)
		if (json_eq(&key, "Value"))
			import_text(j, buf);
}

/* By product: the severity that this CVE has there. */
static void take_threats(struct json *j, struct doc *d, uint8_t *severity)
{
	struct json_str key;
	struct ids *ids = arena_alloc(d->a, sizeof *ids);
	for (json_array(j); json_item(j);) {
		char text[IMPORT_TEXT] = "";
		int64_t type = -1;
		ids->n = 0;
		for (json_object(j); json_key(j, &key);) {
			if (json_eq(&key, "Type") && json_peek(j) == JSON_NUMBER)
				json_int(j, &type);
			else if (json_eq(&key, "Description"))
				take_value(j, text);
			else if (json_eq(&key, "ProductID"))
				take_ids(j, d, ids);
		}
		for (size_t i = 0; type == 3 && i < ids->n; i++)
			severity[ids->v[i] - d->v] = (uint8_t)severity_of(text);
	}
}

struct remedy {
	char kb[IMPORT_TEXT], subtype[IMPORT_TEXT];
	char builds[8][IMPORT_TEXT]; /* FixedBuild is a text, or an array of them */
	size_t n_builds;
	int64_t type;
	struct ids ids;
};

static void take_builds(struct json *j, struct remedy *r)
{
	r->n_builds = 0;
	if (json_peek(j) != JSON_ARRAY) {
		import_text(j, r->builds[r->n_builds++]);
		return;
	}
	for (json_array(j); json_item(j);)
		if (r->n_builds < 8)
			import_text(j, r->builds[r->n_builds++]);
}

/* The UBR of a well-formed build of this product; 0: none. */
static uint32_t ubr_of(const struct remedy *r, uint32_t build)
{
	for (size_t i = 0; i < r->n_builds; i++) {
		unsigned major, minor, b, ubr;
		int end = 0;
		if (sscanf(r->builds[i], "%2u.%1u.%6u.%7u%n", &major, &minor, &b, &ubr, &end) == 4 && !r->builds[i][end] && b == build)
			return ubr;
	}
	return 0;
}

static void put_fix(struct json *j, struct doc *d, const struct remedy *r, const struct product_row *p, enum severity s)
{
	static const char *const words[SEVERITIES] = { "-", "low", "moderate", "important", "critical" };
	struct feed_import *im = d->im;
	const char *side = p->server ? "server" : "client";
	uint32_t ubr = p->dotnet ? 0 : ubr_of(r, p->build);
	char day[16], number[16] = "-";
	if ((!ubr && !p->dotnet) || !import_row(j, im)) {
		im->passed++;
		return;
	}
	if (ubr)
		snprintf(number, sizeof number, "%u", ubr);
	sb_addf(&im->rows, "fix\t%s\t%u\t%s\t%s\tKB%s\t%s\t%s\n", d->cve, p->build, side, arch_words[p->arch], r->kb, number, words[s]);
	import_date(d->day, day);
	if (p->dotnet)
		sb_addf(&im->rows, "component\tKB%s\tdotnet\t%s\n", r->kb, day);
	else
		sb_addf(&im->rows, "release\t%u\t%s\t%u\tKB%s\t%s\t%s\n", p->build, side, ubr, r->kb, day, strstr(r->subtype, "Hotpatch") ? "hotpatch" : "security");
	im->n++;
}

static void take_remedies(struct json *j, struct doc *d, const uint8_t *severity)
{
	struct json_str key;
	struct remedy *r = arena_alloc(d->a, sizeof *r);
	for (json_array(j); json_item(j);) {
		r->kb[0] = r->subtype[0] = '\0';
		r->n_builds = r->ids.n = 0;
		r->type = -1;
		for (json_object(j); json_key(j, &key);) {
			if (json_eq(&key, "Type") && json_peek(j) == JSON_NUMBER)
				json_int(j, &r->type);
			else if (json_eq(&key, "Description"))
				take_value(j, r->kb);
			else if (json_eq(&key, "SubType"))
				import_text(j, r->subtype);
			else if (json_eq(&key, "FixedBuild"))
				take_builds(j, r);
			else if (json_eq(&key, "ProductID"))
				take_ids(j, d, &r->ids);
		}
		size_t digits = strspn(r->kb, "0123456789");
		bool kb = digits >= 6 && digits <= 8 && !r->kb[digits];
		for (size_t i = 0; kb && r->type == 2 && i < r->ids.n; i++)
			put_fix(j, d, r, r->ids.v[i], (enum severity)severity[r->ids.v[i] - d->v]);
	}
}

/* Severities may come behind the remedies: two looks at each. */
static void vulnerability(struct json *j, struct doc *d)
{
	struct json_str key;
	struct json again = *j;
	struct arena *outer = d->a;
	d->a = arena_new();
	uint8_t *severity = arena_zalloc(d->a, d->n + 1);
	d->cve[0] = '\0';
	for (json_object(j); json_key(j, &key);) {
		if (json_eq(&key, "CVE"))
			import_text(j, d->cve);
		else if (json_eq(&key, "Threats") && json_peek(j) == JSON_ARRAY)
			take_threats(j, d, severity);
	}
	if (!cve_of(d->cve)) {
		d->im->passed++; /* advisories have no CVE */
	} else {
		for (json_object(&again); json_key(&again, &key);)
			if (json_eq(&key, "Remediations") && json_peek(&again) == JSON_ARRAY)
				take_remedies(&again, d, severity);
		if (again.st != OK)
			json_fail(j, again.st, again.what);
	}
	arena_free(&d->a);
	d->a = outer;
}

void import_msrc(const struct feed *known, struct json *j, struct feed_import *im)
{
	struct doc d = { .im = im, .a = arena_new(), .day = INT64_MIN };
	struct json first = *j;
	struct json_str key;
	(void)known;
	d.v = arena_alloc(d.a, PRODUCTS_MAX * sizeof *d.v);
	first_pass(&first, &d);
	if (d.day == INT64_MIN)
		json_fail(j, ERR_PERM, "MSRC: no InitialReleaseDate");
	for (json_object(j); json_key(j, &key);)
		if (json_eq(&key, "Vulnerability"))
			for (json_array(j); json_item(j);)
				vulnerability(j, &d);
	arena_free(&d.a);
}
