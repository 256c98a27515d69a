/*
 * A batch comes in: see PROTOCOL.md and agents.h.
 *
 * The order is: who is it, is it whole, is it sane, and only then the store.
 * The month's file is asked first, for it alone knows whether a batch is new;
 * what it says about inventory is written behind that, guarded by its own
 * order, so that a crash between the two is mended when the batch comes again.
 */
#include "agents.h"
#include "base/crypto_agree.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/notify.h"
#include "store/agent_body.h"
#include "store/agent_inventory.h"
#include "text/json_put.h"
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

enum { DAY = 86400 };
#define MB ((uint64_t)1000 * 1000)

struct intake {
	const struct ingest *in;
	struct arena *a;
	struct hc1_head head;
	int64_t now_ms;
	struct terminal_key key;
	struct agent_batch b;
	struct agent_put put;
	bool full[AGENT_PARTS_MAX], stale[AGENT_PARTS_MAX]; /* by part: we want its body; to be confirmed */
	bool writes, renames;
	struct terminal_keys fresh; /* the key that was asked for */
	uint32_t fresh_id;          /* 0: none */
};

/* ---- who is it ------------------------------------------------------------------------- */

static enum status find_key(struct store *s, void *arg, struct err *e)
{
	struct intake *k = arg;
	return terminal_key(s, k->head.agent_id, k->head.key_id, k->now_ms / 1000, &k->key, e);
}

static bool unseal(const struct intake *k, const uint8_t *p, size_t n, uint8_t *out)
{
	uint8_t info[HC1_BATCH_INFO], keys[HC1_KEY + HC1_SALT];
	hc1_batch_info(k->head.epoch, info);
	hkdf256(k->key.root, HC1_KEY, k->head.agent_id, HC1_ID, info, sizeof info, keys, sizeof keys);
	bool good = crypto_equal(keys + HC1_KEY, k->head.nonce, HC1_SALT) &&
	            gcm_open(keys, k->head.nonce, p, HC1_HEAD, p + HC1_HEAD, n - HC1_HEAD, out);
	crypto_wipe(keys, sizeof keys);
	return good;
}

/* True: the sealed body is open at out; else *r is set. */
static bool identify(struct intake *k, const uint8_t *p, size_t n, uint8_t *out, struct agent_answer *r)
{
	struct err e;
	enum status st = ingest_read(k->in, find_key, k, &e);
	if (st == ERR_NOTFOUND)
		agent_refuse(r, 410, "unknown");
	else if (st == ERR_DENIED)
		agent_refuse(r, 410, "ended");
	else if (st != OK)
		agent_refuse_status(r, ERR_TEMP, &e);
	if (st != OK)
		return false;
	bool good = unseal(k, p, n, out);
	crypto_wipe(k->key.root, sizeof k->key.root);
	if (!good)
		agent_refuse(r, 401, "sealed");
	return good;
}

/* ---- what it has ------------------------------------------------------------------------ */

/* Which sections are known as they are said to be. */
static enum status compare_parts(struct store *s, void *arg, struct err *e)
{
	struct intake *k = arg;
	enum status st = OK;
	k->writes = k->renames = false;
	for (size_t i = 0; st == OK && i < k->b.nparts; i++) {
		const struct agent_part *x = &k->b.parts[i];
		enum agent_same is = AGENT_SAME_NOT;
		st = agent_section_same(s, k->key.terminal, x->name, x->sha256, k->now_ms / 1000, &is, e);
		k->full[i] = is == AGENT_SAME_NOT;
		k->stale[i] = is == AGENT_SAME_STALE;
		k->writes |= k->stale[i] || (k->full[i] && x->full);
	}
	return st;
}

static enum status write_parts(struct store *s, void *arg, struct err *e)
{
	struct intake *k = arg;
	enum status st = OK;
	bool put = false;
	struct agent_order at = { (int64_t)k->head.epoch, (int64_t)k->head.seq };
	for (size_t i = 0; st == OK && i < k->b.nparts; i++) {
		const struct agent_part *x = &k->b.parts[i];
		if (k->full[i] && x->full)
			st = agent_section_put(s, k->key.terminal, x, k->now_ms / 1000, at, &put, e);
		else if (k->stale[i])
			st = agent_section_confirm(s, k->key.terminal, x->name, k->now_ms / 1000, e);
		if (put && strcmp(x->name, "os") == 0)
			k->renames = k->b.host[0] != '\0';
	}
	return st;
}

static enum status rename_it(struct store *s, void *arg, struct err *e)
{
	const struct intake *k = arg;
	return terminal_renamed(s, k->key.terminal, k->b.host, e);
}

static enum status take_inventory(struct intake *k, struct err *e)
{
	enum status st = k->b.nparts ? agents_inventory(k->in, compare_parts, k, e) : OK;
	if (st == OK && k->writes)
		st = writer_run(k->in->agents->inventory, write_parts, k, e);
	if (st == OK && k->renames)
		st = writer_run(k->in->writer, rename_it, k, e);
	return st;
}

/* ---- two of them ------------------------------------------------------------------------- */

static enum status record_clone(struct store *s, void *arg, struct err *e)
{
	const struct intake *k = arg;
	struct terminal t;
	epoch now = k->now_ms / 1000;
	enum status st = terminal_get(s, k->key.terminal, k->a, &t, e);
	if (st == OK)
		st = terminal_cloned(s, t.id, now, e);
	if (st != OK)
		return st;
	struct agent_notice x = { TERMINAL_NOTICE_CLONED, "terminal-cloned", k->key.contract, t.host, now };
	return agent_notice_add(s, &x, e);
}

static void refuse_clone(struct intake *k, struct agent_answer *r)
{
	struct err e;
	enum status st = writer_run(k->in->writer, record_clone, k, &e);
	if (st != OK) {
		agent_refuse_status(r, ERR_TEMP, &e);
		return;
	}
	notify_send(k->in->notify_path);
	log_warn("agent_cloned", "terminal=%lld", (long long)k->key.terminal);
	agent_refuse(r, 409, "cloned");
}

/* ---- a key in the place of this one ---------------------------------------------------------- */

static enum status mark_used(struct store *s, void *arg, struct err *e)
{
	const struct intake *k = arg;
	return terminal_key_used(s, k->key.terminal, k->head.key_id, k->now_ms / 1000, e);
}

static enum status new_key(struct store *s, void *arg, struct err *e)
{
	struct intake *k = arg;
	return terminal_key_new(s, k->key.terminal, &k->fresh, k->now_ms / 1000, &k->fresh_id, k->fresh.server_pub, e);
}

/* The terminal sends the same public key until it has the answer. What can't be a
 * key, or comes too soon, is passed over: it goes on under the one it has. */
static enum status take_rekey(struct intake *k, struct err *e)
{
	struct sb pub = SB_INIT;
	enum status st = k->key.unused ? writer_run(k->in->writer, mark_used, k, e) : OK;
	bool asked = st == OK && *k->b.rekey && b64_decode(k->b.rekey, strlen(k->b.rekey), &pub) && pub.len == HC1_PUB;
	if (asked)
		memcpy(k->fresh.pub, pub.s, HC1_PUB);
	if (asked && agents_root(k->head.agent_id, &k->fresh, e) == OK)
		st = writer_run(k->in->writer, new_key, k, e);
	crypto_wipe(k->fresh.root, sizeof k->fresh.root);
	sb_free(&pub);
	if (st == OK && k->fresh_id)
		log_info("agent_rekey", "terminal=%lld key=%u", (long long)k->key.terminal, (unsigned)k->fresh_id);
	return st == ERR_DENIED ? OK : st;
}

static void put_key(struct json_put *o, const struct intake *k)
{
	struct sb pub = SB_INIT;
	if (k->fresh_id) {
		b64_encode(k->fresh.server_pub, HC1_PUB, &pub);
		json_put_key(o, "key");
		json_put_open(o, '{');
		json_put_int_at(o, "key_id", k->fresh_id);
		json_put_text_at(o, "pub", pub.s);
		json_put_close(o, '}');
	} else if (k->key.newest && k->now_ms / 1000 - k->key.made_at >= k->in->cfg->terminal_key_days * DAY) {
		json_put_bool_at(o, "rekey", true);
	}
	sb_free(&pub);
}

/* ---- the answer ---------------------------------------------------------------------------- */

static void put_missing(struct json_put *o, const struct ranges *v)
{
	json_put_key(o, "missing");
	json_put_open(o, '[');
	for (size_t i = 0; i < v->n; i++) {
		json_put_open(o, '[');
		json_put_int(o, v->v[i].from);
		json_put_int(o, v->v[i].to);
		json_put_close(o, ']');
	}
	json_put_close(o, ']');
}

static void put_need(struct json_put *o, const struct intake *k)
{
	json_put_key(o, "need_full");
	json_put_open(o, '[');
	for (size_t i = 0; i < k->b.nparts; i++)
		if (k->full[i] && !k->b.parts[i].full)
			json_put_text(o, k->b.parts[i].name);
	json_put_close(o, ']');
}

static void put_config(struct json_put *o, const struct agents *g, const char *has)
{
	if (!g->config || strcmp(has, g->etag) == 0)
		return;
	json_put_key(o, "config");
	json_put_open(o, '{');
	json_put_text_at(o, "etag", g->etag);
	if (g->config[strspn(g->config, " \t\r\n")])
		sb_addf(o->out, ",%s", g->config);
	json_put_close(o, '}');
}

static void accept(const struct intake *k, struct agent_answer *r)
{
	struct json_put o = { &r->json, false };
	r->status = 200;
	json_put_open(&o, '{');
	json_put_int_at(&o, "ack_to", k->put.ack_to);
	put_missing(&o, &k->put.missing);
	put_need(&o, k);
	put_config(&o, k->in->agents, k->b.config);
	put_key(&o, k);
	json_put_close(&o, '}');
	metrics_add(k->put.verdict == AGENT_STORED ? "agent_batches_total" : "agent_batches_known_total", 1);
	if (k->put.verdict == AGENT_STORED)
		metrics_add("agent_events_total", k->b.nevents);
}

/* ---- the whole ----------------------------------------------------------------------------- */

static void store_it(struct intake *k, const void *body, size_t n, size_t size, struct agent_answer *r)
{
	struct err e;
	struct agent_tally t;
	agent_tally(&k->b, NULL, k->a, &t);
	k->put = (struct agent_put){ .terminal = k->key.terminal, .contract = k->key.contract, .epoch = (int64_t)k->head.epoch,
		.seq = (int64_t)k->head.seq, .now_ms = k->now_ms, .b = &k->b, .t = &t, .body = body, .body_n = n, .size = size };
	enum status st = agent_files_put(k->in->agents->files, &k->put, &e);
	if (st == OK && k->put.verdict == AGENT_CLONED) {
		refuse_clone(k, r);
		return;
	}
	if (st == OK && k->put.verdict == AGENT_SCATTERED) {
		agent_refuse(r, 422, "batch");
		return;
	}
	if (st == OK)
		st = take_inventory(k, &e);
	if (st == OK)
		st = take_rekey(k, &e);
	if (st == OK)
		accept(k, r);
	else
		agent_refuse_status(r, ERR_TEMP, &e);
}

static void read_it(struct intake *k, const void *body, size_t n, size_t size, struct agent_answer *r)
{
	struct err e;
	struct sb json = SB_INIT;
	enum status st = agent_body_open(body, n, size, &json, &e);
	if (st == OK)
		st = agent_batch_read(json.s, json.len, k->now_ms, k->a, &k->b, &e);
	if (st == OK)
		store_it(k, body, n, size, r);
	else
		agent_refuse_status(r, st, &e);
	sb_free(&json);
}

/* Disk that is left to the rest of the system. */
static bool room(const struct ingest *in)
{
	struct statvfs v;
	return statvfs(in->agents->folder, &v) != 0 || (uint64_t)v.f_bavail * v.f_frsize >= (uint64_t)in->cfg->upload_free_mb * MB;
}

void agent_batch(const struct ingest *in, const void *p, size_t n, int64_t now_ms, struct agent_answer *r)
{
	struct err e;
	size_t size = 0;
	struct intake k = { .in = in, .now_ms = now_ms };
	if (!hc1_parse(p, n, &k.head)) {
		agent_refuse(r, 400, "malformed");
		return;
	}
	k.a = arena_new();
	uint8_t *body = arena_alloc(k.a, n);
	if (!room(in)) {
		metrics_add("agent_disk_full_total", 1);
		agent_refuse(r, 503, "busy");
	} else if (identify(&k, p, n, body, r)) {
		enum status st = agent_body_size(body, k.head.len, HC1_JSON_MAX, &size, &e);
		if (st != OK) {
			agent_refuse_status(r, st, &e);
		} else if (!agents_reserve(in->agents, AGENTS_MEMORY_TIMES * size)) {
			agent_refuse(r, 503, "busy");
		} else {
			read_it(&k, body, k.head.len, size, r);
			agents_release(in->agents, AGENTS_MEMORY_TIMES * size);
		}
	}
	arena_free(&k.a);
}
