/*
 * JVN iPedia: what CVEs are called in Japanese, and how severe IPA finds them.
 * Both shapes of its overview: RSS (MyJVN "hnd", XML by expat) and JSON ("oka").
 * Versions are prose there and not taken.
 *
 * SECURITY: a DOCTYPE ends the reading of XML before anything in it counts, so
 * there are no entities but XML's own five; depth and texts are bounded.
 */
#include "feed_import_impl.h"
#include <expat.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TITLE_MAX = 600, CVES_MAX = 64, XML_DEEP = 32 };

struct entry {
	char id[24], title[TITLE_MAX];
	uint64_t cves[CVES_MAX];
	size_t n;
	enum severity severity;
};

static void add_cve(struct entry *x, const char *text)
{
	char one[24];
	const char *at = strstr(text, "CVE-");
	if (!at || x->n == CVES_MAX)
		return;
	size_t n = 4 + strspn(at + 4, "0123456789-");
	snprintf(one, sizeof one, "%.*s", (int)(n < 23 ? n : 23), at);
	uint64_t cve = cve_of(one);
	for (size_t i = 0; i < x->n; i++)
		if (x->cves[i] == cve)
			return;
	if (cve)
		x->cves[x->n++] = cve;
}

static void set_severity(struct entry *x, const char *word)
{
	enum severity s = severity_of(word);
	x->severity = s > x->severity ? s : x->severity;
}

static bool is_jvndb(const char *id)
{
	return strncmp(id, "JVNDB-", 6) == 0 && strspn(id + 6, "0123456789-") == strlen(id + 6) && id[6];
}

static bool put_entry(struct feed_import *im, struct entry *x)
{
	static const char *const words[SEVERITIES] = { "-", "low", "medium", "high", "critical" };
	char cve[24];
	if (!is_jvndb(x->id) || !x->title[0] || !x->n) {
		im->passed++;
		return true;
	}
	for (char *p = x->title; *p; p++)
		*p = (unsigned char)*p < ' ' || *p == 127 ? ' ' : *p;
	for (size_t i = 0; i < x->n; i++) {
		if (im->n >= FEED_ROWS_MAX / 2)
			return false;
		im->n++;
		cve_text(x->cves[i], cve);
		sb_addf(&im->rows, "jvn\t%s\t%s\t%s\t%s\n", cve, x->id, words[x->severity], x->title);
		sb_addf(&im->cves, "%s%s\n", im->cves.len ? "" : "\n", cve);
	}
	return true;
}

/* ---- JSON ---- */

static void one_reference(struct json *j, struct entry *x)
{
	struct json_str key;
	char text[IMPORT_TEXT];
	for (json_object(j); json_key(j, &key);) {
		import_text(j, text);
		add_cve(x, text);
	}
}

/* "baseSeverity" wherever it stands among the metrics. */
static void severities(struct json *j, struct entry *x)
{
	struct json_str raw, key;
	struct json in;
	if (!json_raw(j, &raw))
		return;
	char word[IMPORT_TEXT];
	for (const char *p = raw.s, *end = raw.s + raw.n; (p = memmem(p, (size_t)(end - p), "\"baseSeverity\"", 14));) {
		p += 14;
		while (p < end && strchr(" :\t\r\n", *p) && *p)
			p++;
		json_init(&in, p, (size_t)(end - p), 1);
		if (json_string(&in, &key) && json_copy(&key, word, sizeof word))
			set_severity(x, word);
	}
}

static void one_entry(struct json *j, struct feed_import *im)
{
	struct json_str key;
	struct entry x = { .id = "" };
	char text[IMPORT_TEXT];
	for (json_object(j); json_key(j, &key);) {
		struct json_str s;
		if (json_eq(&key, "title") && json_peek(j) == JSON_STRING) {
			if (json_string(j, &s))
				json_copy(&s, x.title, sizeof x.title);
		} else if (json_eq(&key, "id")) {
			import_text(j, text);
			snprintf(x.id, sizeof x.id, "%.23s", text);
		} else if (json_eq(&key, "references") && json_peek(j) == JSON_ARRAY) {
			for (json_array(j); json_item(j);)
				one_reference(j, &x);
		} else if (json_eq(&key, "metrics")) {
			severities(j, &x);
		}
	}
	if (j->st == OK && !put_entry(im, &x))
		json_fail(j, ERR_LIMIT, "too many rows");
}

void import_jvn(const struct feed *known, struct json *j, struct feed_import *im)
{
	struct json_str key, in;
	char text[IMPORT_TEXT];
	(void)known;
	snprintf(im->name, sizeof im->name, "jvn");
	for (json_object(j); json_key(j, &key);) {
		if (!json_eq(&key, "feed") || json_peek(j) != JSON_OBJECT)
			continue;
		for (json_object(j); json_key(j, &in);) {
			if (json_eq(&in, "updated")) {
				import_text(j, text);
				int64_t day = import_day(text);
				im->as_of = day > im->as_of ? day : im->as_of;
			} else if (json_eq(&in, "entry") && json_peek(j) == JSON_ARRAY) {
				for (json_array(j); json_item(j);)
					one_entry(j, im);
			}
		}
	}
}

/* ---- RSS ---- */

struct rss {
	XML_Parser p;
	struct feed_import *im;
	struct entry x;
	bool in_item;
	unsigned depth;
	struct sb text;
	enum status st;
	const char *what;
};

static const char *local(const char *name)
{
	const char *colon = strrchr(name, ':');
	return colon ? colon + 1 : name;
}

static void stop(struct rss *r, enum status st, const char *what)
{
	if (r->st == OK)
		r->st = st, r->what = what;
	XML_StopParser(r->p, XML_FALSE);
}

static void on_open(void *arg, const char *name, const char **attrs)
{
	struct rss *r = arg;
	name = local(name);
	sb_reset(&r->text);
	if (++r->depth > XML_DEEP)
		stop(r, ERR_LIMIT, "too deep");
	if (strcmp(name, "item") == 0) {
		r->x = (struct entry){ .id = "" };
		r->in_item = true;
	}
	for (; r->in_item && *attrs; attrs += 2) {
		if (strcmp(name, "references") == 0 && strcmp(local(attrs[0]), "id") == 0)
			add_cve(&r->x, attrs[1]);
		else if (strcmp(name, "cvss") == 0 && strcmp(local(attrs[0]), "severity") == 0)
			set_severity(&r->x, attrs[1]);
	}
}

static void on_close(void *arg, const char *name)
{
	struct rss *r = arg;
	name = local(name);
	r->depth--;
	int64_t day = strcmp(name, "modified") == 0 || strcmp(name, "date") == 0 ? import_day(r->text.s) : INT64_MIN;
	r->im->as_of = day > r->im->as_of ? day : r->im->as_of;
	if (!r->in_item)
		return;
	if (strcmp(name, "title") == 0) {
		size_t n = r->text.len < TITLE_MAX ? r->text.len : TITLE_MAX - 1;
		while (n && n < r->text.len && ((unsigned char)r->text.s[n] & 0xC0) == 0x80)
			n--;
		snprintf(r->x.title, sizeof r->x.title, "%.*s", (int)n, r->text.s);
	} else if (strcmp(name, "identifier") == 0) {
		snprintf(r->x.id, sizeof r->x.id, "%.23s", r->text.s);
	} else if (strcmp(name, "item") == 0) {
		r->in_item = false;
		if (!put_entry(r->im, &r->x))
			stop(r, ERR_LIMIT, "too many rows");
	}
}

static void on_text(void *arg, const char *s, int n)
{
	struct rss *r = arg;
	if (r->text.len < 4 * TITLE_MAX)
		sb_add(&r->text, s, (size_t)n);
}

static void on_doctype(void *arg, const char *name, const char *sys, const char *pub, int internal)
{
	(void)name, (void)sys, (void)pub, (void)internal;
	stop(arg, ERR_PERM, "a DOCTYPE");
}

enum status import_jvn_rss(const char *p, size_t n, struct feed_import *im, struct err *e)
{
	struct rss r = { .p = XML_ParserCreate("UTF-8"), .im = im, .text = SB_INIT };
	if (!r.p)
		return err_set(e, ERR_TEMP, "XML: no memory");
	snprintf(im->name, sizeof im->name, "jvn");
	XML_SetUserData(r.p, &r);
	XML_SetElementHandler(r.p, on_open, on_close);
	XML_SetCharacterDataHandler(r.p, on_text);
	XML_SetStartDoctypeDeclHandler(r.p, on_doctype);
	bool whole = XML_Parse(r.p, p, (int)n, 1) == XML_STATUS_OK;
	if (!whole || r.st != OK)
		err_set(e, r.st != OK ? r.st : ERR_PERM, "XML, line %lu: %s", (unsigned long)XML_GetCurrentLineNumber(r.p),
			r.what ? r.what : XML_ErrorString(XML_GetErrorCode(r.p)));
	XML_ParserFree(r.p);
	sb_free(&r.text);
	return !whole && r.st == OK ? ERR_PERM : r.st;
}
