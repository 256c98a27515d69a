/* The sections of a batch: see agent_batch.h. */
#include "text/agent_batch_impl.h"
#include <string.h>

#define TIME_MAX ((int64_t)1 << 53)

static bool name_ok(const char *s)
{
	return *s && strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(s);
}

/* ---- software ------------------------------------------------------------------------- */

static bool read_item(struct batch_read *r, struct json *j, struct agent_part *p)
{
	struct agent_item x = { "", "", "", "", "", "" };
	struct json_str key;
	const struct { const char *name; const char **to; } texts[] = {
		{ "name", &x.name }, { "version", &x.version }, { "vendor", &x.vendor }, { "scope", &x.scope },
		{ "user", &x.user }, { "date", &x.date }
	};
	json_object(j);
	while (json_key(j, &key))
		for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
			if (json_eq(&key, texts[i].name))
				batch_text(j, r->a, texts[i].to);
	if (p->nitems == AGENT_ITEMS_MAX)
		return json_fail(j, ERR_LIMIT, "too much software");
	p->items = batch_grow(r->a, p->items, p->nitems, sizeof x);
	p->items[p->nitems++] = x;
	return true;
}

static void read_software(struct batch_read *r, struct json *j, struct agent_part *p)
{
	for (json_array(j); json_item(j);)
		read_item(r, j, p);
}

static void read_os(struct batch_read *r, struct json *j)
{
	struct json_str key;
	json_object(j);
	while (json_key(j, &key))
		if (json_eq(&key, "host"))
			batch_text(j, r->a, &r->b->host);
}

/* The two sections that we look into, read from their own bytes: by now they
 * are valid JSON, but may be of another shape. */
static bool look_into(struct batch_read *r, struct agent_part *p)
{
	struct json j;
	struct err e;
	bool software = strcmp(p->name, "software") == 0;
	if (!p->full || (!software && strcmp(p->name, "os") != 0))
		return true;
	json_init(&j, p->full, p->len, JSON_DEPTH_MAX);
	if (software)
		read_software(r, &j, p);
	else
		read_os(r, &j);
	enum status st = json_end(&j, &e);
	return st == OK || json_fail(r->j, st, "a section of another shape");
}

/* ---- sections ------------------------------------------------------------------------- */

static bool hash_fits(const struct agent_part *p)
{
	uint8_t is[SHA256_LEN];
	if (!p->full)
		return true;
	crypto_sha256(p->full, p->len, is);
	return memcmp(is, p->sha256, sizeof is) == 0;
}

static bool read_part(struct batch_read *r, const char *name)
{
	struct agent_part p = { .name = name };
	struct json_str key, s;
	bool hash = false;
	json_object(r->j);
	while (json_key(r->j, &key)) {
		if (json_eq(&key, "sha256")) {
			hash = json_string(r->j, &s) && batch_hex(&s, p.sha256, SHA256_LEN);
		} else if (json_eq(&key, "taken")) {
			batch_number(r->j, -TIME_MAX, TIME_MAX, &p.taken_ms);
		} else if (json_eq(&key, "full") && !json_null(r->j) && json_raw(r->j, &s)) {
			p.full = s.s;
			p.len = s.n;
		}
	}
	if (!hash)
		return json_fail(r->j, ERR_DENIED, "a section without its hash");
	if (!hash_fits(&p))
		return json_fail(r->j, ERR_DENIED, "a section that is not of its hash");
	if (!look_into(r, &p))
		return false;
	r->b->parts[r->b->nparts++] = p;
	return true;
}

bool batch_parts(struct batch_read *r)
{
	char name[AGENT_PART_NAME + 1];
	struct json_str key;
	if (!r->b->parts)
		r->b->parts = arena_alloc(r->a, AGENT_PARTS_MAX * sizeof *r->b->parts);
	json_object(r->j);
	while (json_key(r->j, &key)) {
		if (!json_copy(&key, name, sizeof name) || !name_ok(name))
			return json_fail(r->j, ERR_PERM, "a section's name that is none");
		if (r->b->nparts == AGENT_PARTS_MAX)
			return json_fail(r->j, ERR_LIMIT, "too many sections");
		for (size_t i = 0; i < r->b->nparts; i++)
			if (strcmp(r->b->parts[i].name, name) == 0)
				return json_fail(r->j, ERR_PERM, "a section twice");
		if (!read_part(r, arena_strdup(r->a, name)))
			return false;
	}
	return true;
}
