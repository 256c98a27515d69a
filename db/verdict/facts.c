/* See facts.h. */
#include "facts.h"
#include "base/arena.h"
#include "text/json.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { DEEP = 8 };

void facts_init(struct facts *f, struct arena *a)
{
	*f = (struct facts){ .a = a, .name = "", .version = "", .edition = "", .arch = "", .host = "", .error = "", .ubr = -1 };
}

/* A text member; null counts as not said. */
static void take_text(struct json *j, struct arena *a, const char **to)
{
	struct json_str s;
	if (json_null(j) || !json_string(j, &s))
		return;
	size_t cap = s.n < FACTS_TEXT_MAX ? s.n + 1 : FACTS_TEXT_MAX;
	char *buf = arena_alloc(a, cap);
	json_copy(&s, buf, cap);
	*to = buf;
}

static void take_bool(struct json *j, bool *to)
{
	if (!json_null(j))
		json_bool(j, to);
}

/* Milliseconds; what no clock can say is not said. */
static void take_time(struct json *j, epoch *to)
{
	int64_t ms;
	if (!json_null(j) && json_int(j, &ms))
		*to = ms > 0 && ms < INT64_C(253402300800000) ? ms / 1000 : 0;
}

static void take_number(struct json *j, int64_t max, int64_t *to)
{
	int64_t v;
	if (!json_null(j) && json_int(j, &v))
		*to = v >= 0 && v <= max ? v : -1;
}

static void os_section(struct facts *f, struct json *j)
{
	struct json_str key;
	const char *family = "", *installation = "";
	int64_t build = 0;
	for (json_object(j); json_key(j, &key);) {
		if (json_eq(&key, "family"))
			take_text(j, f->a, &family);
		else if (json_eq(&key, "name"))
			take_text(j, f->a, &f->name);
		else if (json_eq(&key, "version"))
			take_text(j, f->a, &f->version);
		else if (json_eq(&key, "edition"))
			take_text(j, f->a, &f->edition);
		else if (json_eq(&key, "arch"))
			take_text(j, f->a, &f->arch);
		else if (json_eq(&key, "host"))
			take_text(j, f->a, &f->host);
		else if (json_eq(&key, "installation"))
			take_text(j, f->a, &installation);
		else if (json_eq(&key, "build"))
			take_number(j, 1 << 24, &build);
		else if (json_eq(&key, "ubr"))
			take_number(j, 1 << 24, &f->ubr);
		else if (json_eq(&key, "hotpatch"))
			take_bool(j, &f->hotpatch);
	}
	f->windows = strcasecmp(family, "windows") == 0;
	f->server = strncasecmp(installation, "Server", 6) == 0; /* also "Server Core" */
	f->build = build > 0 ? (uint32_t)build : 0;
	f->have_os = true;
}

/* "KB5058411" or "5058411". */
static void take_kb(struct json *j, struct fact_kbs *to, size_t *cap, struct arena *a)
{
	struct json_str s;
	char text[16], *end;
	if (!json_string(j, &s))
		return;
	json_copy(&s, text, sizeof text);
	const char *digits = text + (strncasecmp(text, "KB", 2) == 0 ? 2 : 0);
	unsigned long kb = strtoul(digits, &end, 10);
	if (*digits < '0' || *digits > '9' || *end || kb > 99999999)
		return; /* "File 1" and the like: no number to compare */
	if (to->n == FACTS_KBS_MAX) {
		json_fail(j, ERR_LIMIT, "too many updates");
		return;
	}
	if (to->n == *cap) {
		*cap = *cap ? *cap * 2 : 32;
		uint32_t *bigger = arena_alloc(a, *cap * sizeof *bigger);
		if (to->n)
			memcpy(bigger, to->v, to->n * sizeof *bigger);
		to->v = bigger;
	}
	to->v[to->n++] = (uint32_t)kb;
}

static void take_kbs(struct json *j, struct fact_kbs *to, struct arena *a)
{
	size_t cap = 0;
	*to = (struct fact_kbs){ 0 };
	if (json_null(j))
		return;
	for (json_array(j); json_item(j);)
		take_kb(j, to, &cap, a);
}

static void patches_section(struct facts *f, struct json *j)
{
	struct json_str key;
	for (json_object(j); json_key(j, &key);) {
		if (json_eq(&key, "qfe"))
			take_kbs(j, &f->qfe, f->a);
		else if (json_eq(&key, "installed"))
			take_kbs(j, &f->installed, f->a);
		else if (json_eq(&key, "pending"))
			take_kbs(j, &f->pending, f->a);
		else if (json_eq(&key, "reboot"))
			take_bool(j, &f->reboot);
		else if (json_eq(&key, "last_scan"))
			take_time(j, &f->last_scan);
		else if (json_eq(&key, "error"))
			take_text(j, f->a, &f->error);
	}
	f->have_patches = true;
}

static void take_software(struct json *j, struct fact_software *s, struct arena *a)
{
	struct json_str key;
	const char *scope = "";
	*s = (struct fact_software){ "", "", "", "", "", false };
	for (json_object(j); json_key(j, &key);) {
		if (json_eq(&key, "name"))
			take_text(j, a, &s->name);
		else if (json_eq(&key, "version"))
			take_text(j, a, &s->version);
		else if (json_eq(&key, "vendor"))
			take_text(j, a, &s->vendor);
		else if (json_eq(&key, "user"))
			take_text(j, a, &s->user);
		else if (json_eq(&key, "date"))
			take_text(j, a, &s->date);
		else if (json_eq(&key, "scope"))
			take_text(j, a, &scope);
	}
	s->per_user = strcmp(scope, "user") == 0;
}

static void software_section(struct facts *f, struct json *j)
{
	size_t cap = 0;
	f->n_software = 0;
	for (json_array(j); json_item(j);) {
		if (f->n_software == FACTS_SOFTWARE_MAX) {
			json_fail(j, ERR_LIMIT, "too many programs");
			return;
		}
		if (f->n_software == cap) {
			cap = cap ? cap * 2 : 64;
			struct fact_software *bigger = arena_alloc(f->a, cap * sizeof *bigger);
			if (f->n_software)
				memcpy(bigger, f->software, f->n_software * sizeof *bigger);
			f->software = bigger;
		}
		take_software(j, &f->software[f->n_software++], f->a);
	}
	f->have_software = true;
}

static void section(struct facts *f, const struct json_str *name, struct json *j)
{
	if (json_null(j))
		return;
	if (json_eq(name, "os"))
		os_section(f, j);
	else if (json_eq(name, "patches"))
		patches_section(f, j);
	else if (json_eq(name, "software"))
		software_section(f, j);
}

static bool fits(size_t n, struct err *e)
{
	if (n > FACTS_BYTES_MAX)
		err_set(e, ERR_LIMIT, "more than %d bytes", FACTS_BYTES_MAX);
	return n <= FACTS_BYTES_MAX;
}

enum status facts_section(struct facts *f, const char *name, const char *json, size_t n, struct err *e)
{
	const struct json_str s = { name, strlen(name), false };
	const struct facts before = *f;
	struct json j;
	if (!fits(n, e))
		return ERR_LIMIT;
	json_init(&j, json, n, DEEP);
	section(f, &s, &j);
	enum status st = json_end(&j, e);
	if (st != OK)
		*f = before;
	return st;
}

enum status facts_parse(const char *json, size_t n, struct arena *a, struct facts *f_r, struct err *e)
{
	struct json_str key;
	struct json j;
	facts_init(f_r, a);
	if (!fits(n, e))
		return ERR_LIMIT;
	json_init(&j, json, n, DEEP);
	for (json_object(&j); json_key(&j, &key);) {
		if (json_eq(&key, "as_of"))
			take_time(&j, &f_r->as_of);
		else
			section(f_r, &key, &j);
	}
	return json_end(&j, e);
}
