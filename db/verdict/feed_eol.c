/*
 * endoflife.date, as its API (v1) answers and as its pages are kept (YAML between
 * two lines of dashes, then text that is none of ours): ends of support of Windows
 * by build and edition, of the dictionary's products by version.
 *
 * SECURITY: YAML is read an event at a time: no tree is built and no alias followed,
 * so nothing grows; libyaml bounds the depth, PAGE_MAX the length.
 */
#include "feed_import_impl.h"
#include "version.h"
#include <stdio.h>
#include <string.h>
#include <yaml.h>

enum { PAGE_MAX = 1 << 20 };

struct cycle {
	char name[IMPORT_TEXT], eol[IMPORT_TEXT], eoes[IMPORT_TEXT], latest[IMPORT_TEXT];
};

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

static void windows_cycle(const struct cycle *c, bool server, struct feed_import *im)
{
	unsigned major, minor, build;
	char day[16], esu[16];
	int end = 0;
	if (sscanf(c->latest, "%2u.%2u.%6u%n", &major, &minor, &build, &end) != 3 || c->latest[end] || (server && strstr(c->name, "-sac"))) {
		im->passed++;
		return;
	}
	if (import_room(im))
		sb_addf(&im->rows, "eol\t%u\t%s\t%s\t%s\t%s\n", build, server ? "server" : "client", edition_words[server ? ED_ANY : edition_of(c->name)],
			import_date(import_day(c->eol), day), import_day(c->eoes) == INT64_MIN ? "-" : import_date(import_day(c->eoes), esu));
}

/* The product is called as in the dictionary, or has one entry a cycle there
 * ("office" 2016: office-2016). */
static void other_cycle(const struct feed *known, const char *product, const struct cycle *c, struct feed_import *im)
{
	char own[2 * IMPORT_TEXT], day[16];
	snprintf(own, sizeof own, "%s-%s", product, c->name);
	bool by_cycle = feed_has_product(known, own);
	if (!by_cycle && (!feed_has_product(known, product) || !import_version(c->name)))
		im->passed++;
	else if (import_room(im))
		sb_addf(&im->rows, "support\t%s\t%s\t%s\n", by_cycle ? own : product, by_cycle ? "-" : c->name, import_date(import_day(c->eol), day));
}

static void add_cycle(const struct feed *known, const char *product, const struct cycle *c, struct feed_import *im)
{
	bool server = strcmp(product, "windows-server") == 0;
	if (import_day(c->eol) == INT64_MIN)
		im->passed++; /* no end is fixed yet */
	else if (server || strcmp(product, "windows") == 0)
		windows_cycle(c, server, im);
	else
		other_cycle(known, product, c, im);
}

static bool plain_name(const char *s)
{
	size_t n = strlen(s);
	return n && n <= 40 && strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == n;
}

/* ---- as the API answers ---- */

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

static void api_releases(const struct feed *known, struct json *j, const char *product, struct feed_import *im)
{
	struct cycle c;
	for (json_array(j); json_item(j);) {
		read_cycle(j, &c);
		add_cycle(known, product, &c, im);
	}
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
				api_releases(known, j, product, im);
		}
	}
	if (!plain_name(product))
		json_fail(j, ERR_PERM, "endoflife.date: the product has no name");
	snprintf(im->name, sizeof im->name, "eol-%.40s", product);
}


/* ---- as its pages are kept ---- */

struct page {
	yaml_parser_t yaml;
	yaml_event_t ev; /* the last one; YAML_NO_EVENT: it is no YAML */
};

static yaml_event_type_t next(struct page *g)
{
	bool over = g->ev.type == YAML_NO_EVENT || g->ev.type == YAML_STREAM_END_EVENT;
	yaml_event_delete(&g->ev); /* which leaves YAML_NO_EVENT */
	return !over && yaml_parser_parse(&g->yaml, &g->ev) ? g->ev.type : YAML_NO_EVENT;
}

/* The rest of the value that the last event began. */
static void skip_rest(struct page *g)
{
	for (int deep = 0;; next(g)) {
		yaml_event_type_t t = g->ev.type;
		deep += t == YAML_MAPPING_START_EVENT || t == YAML_SEQUENCE_START_EVENT;
		deep -= t == YAML_MAPPING_END_EVENT || t == YAML_SEQUENCE_END_EVENT;
		if (deep <= 0 || t == YAML_NO_EVENT)
			return;
	}
}

/* The last event's text; of anything longer or else "". NULL: it is not asked for. */
static void scalar(struct page *g, char *buf)
{
	if (!buf) {
		skip_rest(g);
		return;
	}
	size_t n = g->ev.type == YAML_SCALAR_EVENT ? g->ev.data.scalar.length : 0;
	n = n && n < IMPORT_TEXT && !memchr(g->ev.data.scalar.value, 0, n) ? n : 0;
	if (n)
		memcpy(buf, g->ev.data.scalar.value, n);
	buf[n] = '\0';
	skip_rest(g);
}

/* The next key of a mapping; false at its end, and where it is no text. */
static bool next_key(struct page *g, char key[IMPORT_TEXT])
{
	if (next(g) != YAML_SCALAR_EVENT)
		return false;
	scalar(g, key);
	next(g);
	return true;
}

static void page_cycle(struct page *g, struct cycle *c)
{
	char key[IMPORT_TEXT];
	*c = (struct cycle){ .name = "" };
	if (g->ev.type != YAML_MAPPING_START_EVENT)
		skip_rest(g);
	else
		while (next_key(g, key))
			scalar(g, strcmp(key, "releaseCycle") == 0 ? c->name : strcmp(key, "eol") == 0 ? c->eol :
				strcmp(key, "eoes") == 0 ? c->eoes : strcmp(key, "latest") == 0 ? c->latest : NULL);
}

static void page_releases(const struct feed *known, struct page *g, const char *product, struct feed_import *im)
{
	struct cycle c;
	if (g->ev.type != YAML_SEQUENCE_START_EVENT) {
		skip_rest(g);
		return;
	}
	for (yaml_event_type_t t; (t = next(g)) != YAML_SEQUENCE_END_EVENT && t != YAML_NO_EVENT;) {
		page_cycle(g, &c);
		add_cycle(known, product, &c, im);
	}
}

/* A page names its product by its address, "/windows-server". */
static const char *product_of(const char *permalink)
{
	return *permalink == '/' ? permalink + 1 : "";
}

static enum status page_read(const struct feed *known, struct page *g, struct feed_import *im, struct err *e)
{
	char key[IMPORT_TEXT], permalink[IMPORT_TEXT] = "";
	if (next(g) != YAML_STREAM_START_EVENT || next(g) != YAML_DOCUMENT_START_EVENT || next(g) != YAML_MAPPING_START_EVENT)
		return err_set(e, ERR_PERM, "endoflife.date: no YAML of keys between the dashes");
	while (next_key(g, key)) {
		if (strcmp(key, "releases") == 0 && plain_name(product_of(permalink)))
			page_releases(known, g, product_of(permalink), im);
		else
			scalar(g, strcmp(key, "permalink") == 0 ? permalink : NULL);
	}
	if (g->ev.type != YAML_MAPPING_END_EVENT)
		return err_set(e, ERR_PERM, "endoflife.date: no YAML between the dashes, line %zu", g->yaml.problem_mark.line + 1);
	if (!plain_name(product_of(permalink)))
		return err_set(e, ERR_PERM, "endoflife.date: the page has no permalink before its releases");
	snprintf(im->name, sizeof im->name, "eol-%.40s", product_of(permalink));
	return OK;
}

enum status import_eol_page(const struct feed *known, const char *p, size_t n, struct feed_import *im, struct err *e)
{
	struct page g = { .ev = { .type = YAML_DOCUMENT_END_EVENT } }; /* any that says: not over */
	const char *end = memmem(p + 3, n - 3, "\n---", 4);
	if (!end || end - p > PAGE_MAX)
		return err_set(e, ERR_PERM, "endoflife.date: the dashes that end the YAML are missing");
	if (!yaml_parser_initialize(&g.yaml))
		return err_set(e, ERR_TEMP, "yaml: no memory");
	yaml_parser_set_encoding(&g.yaml, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&g.yaml, (const unsigned char *)p, (size_t)(end - p) + 1);
	enum status st = page_read(known, &g, im, e);
	yaml_event_delete(&g.ev);
	yaml_parser_delete(&g.yaml);
	return st;
}
