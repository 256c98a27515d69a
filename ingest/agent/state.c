/* What an agent remembers: see state.h. On the disk it is JSON under the
 * system's protection. */
#include "state.h"
#include "base/arena.h"
#include "base/hex.h"
#include "base/xalloc.h"
#include "text/json.h"
#include "text/json_put.h"
#include <stdlib.h>
#include <string.h>

#define OFF_MAX_MS ((int64_t)14 * 86400 * 1000)
enum { STATE_MAX = 1 << 20 };

void state_text(char **field, const char *s)
{
	char *copy = s ? xstrdup(s) : NULL;
	free(*field);
	*field = copy;
}

int64_t state_age(const struct state *st, int64_t mono)
{
	return st->age + (mono > st->age_mono ? mono - st->age_mono : 0);
}

static void put_hex(struct json_put *o, const char *name, const uint8_t *p, size_t n)
{
	char hex[2 * 64 + 1];
	hex_encode(p, n, hex);
	json_put_text_at(o, name, hex);
}

static void put_sections(struct json_put *o, const struct state *st)
{
	json_put_key(o, "sections");
	json_put_open(o, '{');
	for (size_t i = 0; i < st->nsection; i++)
		put_hex(o, st->section[i].name, st->section[i].sha256, PLAT_HASH);
	json_put_close(o, '}');
}

static void write_text(const struct state *st, struct sb *out)
{
	const struct {
		const char *name, *s;
	} text[] = { { "server", st->server }, { "ca", st->ca }, { "code", st->code }, { "token", st->token },
	             { "etag", st->etag }, { "config", st->config } };
	struct json_put o = { out, false };
	json_put_open(&o, '{');
	for (size_t i = 0; i < sizeof text / sizeof *text; i++)
		if (text[i].s)
			json_put_text_at(&o, text[i].name, text[i].s);
	json_put_bool_at(&o, "enrolled", st->enrolled);
	json_put_int_at(&o, "key_id", st->key_id);
	put_hex(&o, "agent_id", st->agent_id, HC1_ID);
	put_hex(&o, "root", st->root, PLAT_KEY);
	put_hex(&o, "own", st->own, sizeof st->own);
	json_put_bool_at(&o, "rekeying", st->rekeying);
	put_hex(&o, "next", st->next, sizeof st->next);
	json_put_int_at(&o, "before_id", st->before_id);
	put_hex(&o, "before", st->before, PLAT_KEY);
	put_hex(&o, "spool_key", st->spool_key, PLAT_KEY);
	json_put_int_at(&o, "epoch", (int64_t)st->epoch);
	json_put_int_at(&o, "seq_limit", (int64_t)st->seq_limit);
	json_put_int_at(&o, "base", st->base);
	json_put_int_at(&o, "offset_ms", st->offset_ms);
	json_put_int_at(&o, "age", st->age);
	json_put_int_at(&o, "age_wall", st->age_wall);
	put_sections(&o, st);
	json_put_close(&o, '}');
}

enum status state_save(struct state *st, int64_t wall, int64_t mono, struct err *e)
{
	struct sb text = SB_INIT, file = SB_INIT;
	st->age = state_age(st, mono);
	st->age_mono = mono;
	st->age_wall = wall;
	write_text(st, &text);
	enum status s = plat_protect(text.s, text.len, &file, e);
	if (s == OK)
		s = plat_write_file(st->path, file.s, file.len, e);
	memset(text.s, 0, text.len);
	sb_free(&text);
	sb_free(&file);
	return s;
}

static void get_hex(struct json *j, uint8_t *p, size_t n)
{
	struct json_str s;
	if (json_string(j, &s) && !hex_to(s.s, s.n, p, n))
		json_fail(j, ERR_PERM, "a key is not what it should be");
}

static void get_text(struct json *j, char **field, struct arena *a)
{
	char *s = json_text(j, a);
	if (s)
		state_text(field, s);
}

static void get_sections(struct json *j, struct state *st)
{
	struct json_str key;
	for (json_object(j); json_key(j, &key);) {
		if (st->nsection == STATE_SECTIONS)
			continue;
		json_copy(&key, st->section[st->nsection].name, STATE_NAME);
		get_hex(j, st->section[st->nsection].sha256, PLAT_HASH);
		st->nsection++;
	}
}

/* One member that is a number, or false. */
static bool get_number(struct json *j, const struct json_str *key, struct state *st)
{
	int64_t v = 0;
	const struct {
		const char *name;
		int64_t *to;
		uint64_t *uto;
	} row[] = { { "epoch", NULL, &st->epoch }, { "seq_limit", NULL, &st->seq_limit }, { "base", &st->base, NULL },
	            { "offset_ms", &st->offset_ms, NULL }, { "age", &st->age, NULL }, { "age_wall", &st->age_wall, NULL } };
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		if (!json_eq(key, row[i].name))
			continue;
		if (json_int(j, &v) && row[i].to)
			*row[i].to = v;
		else if (row[i].uto)
			*row[i].uto = (uint64_t)v;
		return true;
	}
	return false;
}

static void get_member(struct json *j, const struct json_str *key, struct state *st, struct arena *a)
{
	const struct {
		const char *name;
		char **to;
	} text[] = { { "server", &st->server }, { "ca", &st->ca }, { "code", &st->code }, { "token", &st->token },
	             { "etag", &st->etag }, { "config", &st->config } };
	const struct {
		const char *name;
		uint8_t *to;
		size_t n;
	} hex[] = { { "agent_id", st->agent_id, HC1_ID }, { "root", st->root, PLAT_KEY }, { "own", st->own, sizeof st->own },
	            { "next", st->next, sizeof st->next }, { "before", st->before, PLAT_KEY },
	            { "spool_key", st->spool_key, PLAT_KEY } };
	int64_t v;
	if (get_number(j, key, st))
		return;
	for (size_t i = 0; i < sizeof text / sizeof *text; i++)
		if (json_eq(key, text[i].name))
			get_text(j, text[i].to, a);
	for (size_t i = 0; i < sizeof hex / sizeof *hex; i++)
		if (json_eq(key, hex[i].name))
			get_hex(j, hex[i].to, hex[i].n);
	if (json_eq(key, "enrolled"))
		json_bool(j, &st->enrolled);
	else if (json_eq(key, "rekeying"))
		json_bool(j, &st->rekeying);
	else if (json_eq(key, "key_id") && json_int(j, &v))
		st->key_id = (uint32_t)v;
	else if (json_eq(key, "before_id") && json_int(j, &v))
		st->before_id = (uint32_t)v;
	else if (json_eq(key, "sections"))
		get_sections(j, st);
}

static enum status read_text(struct state *st, const struct sb *text, struct err *e)
{
	struct arena *a = arena_new();
	struct json j;
	struct json_str key;
	json_init(&j, text->s, text->len, 4);
	for (json_object(&j); json_key(&j, &key);)
		get_member(&j, &key, st, a);
	arena_free(&a);
	return json_end(&j, e);
}

enum status state_load(const char *path, int64_t wall, int64_t mono, struct state **st_r, struct err *e)
{
	struct state *st = xcalloc(1, sizeof *st);
	struct sb file = SB_INIT, text = SB_INIT;
	enum status s = plat_read_file(path, STATE_MAX, &file, e);
	st->path = xstrdup(path);
	if (s == OK && (s = plat_unprotect(file.s, file.len, &text, e)) == OK)
		s = read_text(st, &text, e);
	memset(text.s, 0, text.len);
	sb_free(&text);
	sb_free(&file);
	if (s == ERR_NOTFOUND) {
		plat_random(st->spool_key, PLAT_KEY);
		plat_random(st->own, sizeof st->own);
		st->age_wall = wall;
	} else if (s != OK) {
		state_free(&st);
		return s;
	}
	if (wall > st->age_wall && wall - st->age_wall <= OFF_MAX_MS)
		st->age += wall - st->age_wall;
	st->age_mono = mono;
	st->seq = st->seq_limit;
	*st_r = st;
	return s;
}

void state_free(struct state **sp)
{
	struct state *st = sp ? *sp : NULL;
	if (!st)
		return;
	char *text[] = { st->path, st->server, st->ca, st->code, st->token, st->etag, st->config };
	for (size_t i = 0; i < sizeof text / sizeof *text; i++)
		free(text[i]);
	memset(st, 0, sizeof *st);
	free(st);
	*sp = NULL;
}

enum status state_epoch(struct state *st, int64_t wall, int64_t mono, struct err *e)
{
	uint64_t now = wall > 0 ? (uint64_t)wall / 1000 : 0;
	st->epoch = !st->epoch ? 1 : st->epoch + 1 > now ? st->epoch + 1 : now;
	st->seq = st->seq_limit = 0;
	return state_save(st, wall, mono, e);
}

enum status state_seq(struct state *st, int64_t wall, int64_t mono, uint64_t *seq_r, struct err *e)
{
	if (st->seq + 1 > st->seq_limit) {
		st->seq_limit = st->seq + STATE_BLOCK;
		enum status s = state_save(st, wall, mono, e);
		if (s != OK) {
			st->seq_limit = st->seq;
			return s;
		}
	}
	*seq_r = ++st->seq;
	return OK;
}

bool state_has_section(const struct state *st, const char *name, const uint8_t sha256[PLAT_HASH])
{
	for (size_t i = 0; i < st->nsection; i++)
		if (strcmp(st->section[i].name, name) == 0)
			return memcmp(st->section[i].sha256, sha256, PLAT_HASH) == 0;
	return false;
}

void state_put_section(struct state *st, const char *name, const uint8_t sha256[PLAT_HASH])
{
	size_t i = 0;
	while (i < st->nsection && strcmp(st->section[i].name, name) != 0)
		i++;
	if (i == st->nsection) {
		if (!sha256 || i == STATE_SECTIONS || strlen(name) >= STATE_NAME)
			return;
		memcpy(st->section[i].name, name, strlen(name) + 1);
		st->nsection++;
	}
	if (sha256)
		memcpy(st->section[i].sha256, sha256, PLAT_HASH);
	else
		memset(st->section[i].sha256, 0, PLAT_HASH);
}
