/* What the server says: see answer.h. */
#include "answer.h"
#include "b64.h"
#include "base/arena.h"
#include "base/hex.h"
#include "base/xalloc.h"
#include "text/json.h"
#include <stdlib.h>
#include <string.h>

#define RETRY_MAX ((int64_t)86400)

static void get_full(struct json *j, struct answer *a)
{
	struct json_str s;
	for (json_array(j); json_item(j);)
		if (json_string(j, &s) && a->nfull < ANSWER_FULL && json_copy(&s, a->need_full[a->nfull], ANSWER_NAME))
			a->nfull++;
}

/* The object as it is, and of its members the etag. */
static void get_config(struct json *j, struct answer *a)
{
	struct json_str raw, key;
	struct arena *m;
	struct json c;
	char *etag = NULL;
	if (json_peek(j) == JSON_NULL || !json_raw(j, &raw)) {
		json_skip(j);
		return;
	}
	m = arena_new();
	json_init(&c, raw.s, raw.n, ANSWER_DEPTH);
	for (json_object(&c); json_key(&c, &key);)
		if (json_eq(&key, "etag"))
			etag = json_text(&c, m);
	if (json_end(&c, NULL) == OK && etag && strlen(etag) <= 64) {
		free(a->config);
		free(a->etag);
		a->config = xstrndup(raw.s, raw.n);
		a->etag = xstrdup(etag);
	}
	arena_free(&m);
}

static void get_key(struct json *j, struct answer *a)
{
	struct json_str key, s;
	int64_t id = 0;
	bool pub = false;
	for (json_object(j); json_key(j, &key);) {
		if (json_eq(&key, "key_id"))
			json_int(j, &id);
		else if (json_eq(&key, "pub") && json_string(j, &s))
			pub = b64_to(s.s, s.n, a->key_pub, HC1_PUB);
	}
	a->key_id = pub && id > 1 && id <= UINT32_MAX ? id : 0;
}

enum status answer_batch(const void *p, size_t n, struct answer *a, struct err *e)
{
	struct json j;
	struct json_str key, s;
	memset(a, 0, sizeof *a);
	json_init(&j, p, n, ANSWER_DEPTH);
	for (json_object(&j); json_key(&j, &key);) {
		if (json_eq(&key, "ack_to"))
			a->has_ack = json_int(&j, &a->ack_to);
		else if (json_eq(&key, "need_full"))
			get_full(&j, a);
		else if (json_eq(&key, "config"))
			get_config(&j, a);
		else if (json_eq(&key, "rekey"))
			json_bool(&j, &a->rekey);
		else if (json_eq(&key, "key"))
			get_key(&j, a);
		else if (json_eq(&key, "retry_after"))
			json_int(&j, &a->retry_s);
		else if (json_eq(&key, "error") && json_string(&j, &s))
			json_copy(&s, a->error, sizeof a->error);
	}
	enum status st = json_end(&j, e);
	if (st == OK && a->has_ack && (a->ack_to < 0 || a->ack_to >= HC1_Q_MAX))
		st = err_set(e, ERR_PERM, "the server acknowledges a number that can't be");
	if (a->retry_s < 0 || a->retry_s > RETRY_MAX)
		a->retry_s = RETRY_MAX;
	if (st != OK)
		answer_free(a);
	return st;
}

void answer_free(struct answer *a)
{
	free(a->config);
	free(a->etag);
	memset(a, 0, sizeof *a);
}

enum status answer_enrol(const void *p, size_t n, struct answer_enrol *a, struct err *e)
{
	struct json j;
	struct json_str key, s;
	bool id = false, pub = false;
	memset(a, 0, sizeof *a);
	json_init(&j, p, n, ANSWER_DEPTH);
	for (json_object(&j); json_key(&j, &key);) {
		if (json_eq(&key, "agent_id") && json_string(&j, &s))
			id = hex_to(s.s, s.n, a->agent_id, HC1_ID);
		else if (json_eq(&key, "pub") && json_string(&j, &s))
			pub = b64_to(s.s, s.n, a->pub, HC1_PUB);
		else if (json_eq(&key, "key_id"))
			json_int(&j, &a->key_id);
		else if (json_eq(&key, "t"))
			json_int(&j, &a->t);
	}
	enum status st = json_end(&j, e);
	if (st == OK && (!id || !pub || a->key_id < 1 || a->key_id > UINT32_MAX))
		st = err_set(e, ERR_PERM, "the server's answer to the enrolment lacks something");
	return st;
}

static void get_list(struct json *j, char **list, size_t *n, struct arena *a)
{
	for (json_array(j); json_item(j);) {
		char *s = json_text(j, a);
		if (s && *s && strlen(s) < 512 && *n < CONFIG_WATCH)
			list[(*n)++] = xstrdup(s);
	}
}

enum status config_read(const char *json, struct config *c, struct err *e)
{
	struct arena *a = arena_new();
	struct json j;
	struct json_str key;
	memset(c, 0, sizeof *c);
	json_init(&j, json ? json : "{}", json ? strlen(json) : 2, ANSWER_DEPTH);
	for (json_object(&j); json_key(&j, &key);) {
		if (json_eq(&key, "watch"))
			get_list(&j, c->watch, &c->nwatch, a);
		else if (json_eq(&key, "off"))
			get_list(&j, c->off, &c->noff, a);
		else if (json_eq(&key, "spool_mb"))
			json_int(&j, &c->spool_mb);
	}
	arena_free(&a);
	enum status st = json_end(&j, e);
	if (c->spool_mb < 0 || c->spool_mb > 4096)
		c->spool_mb = 0;
	if (st != OK)
		config_free(c);
	return st;
}

bool config_off(const struct config *c, const char *name)
{
	for (size_t i = 0; i < c->noff; i++)
		if (strcmp(c->off[i], name) == 0)
			return true;
	return false;
}

void config_free(struct config *c)
{
	for (size_t i = 0; i < c->nwatch; i++)
		free(c->watch[i]);
	for (size_t i = 0; i < c->noff; i++)
		free(c->off[i]);
	memset(c, 0, sizeof *c);
}
