/* What the pages for terminals share: see agents.h. */
#include "agents.h"
#include "base/crypto_agree.h"
#include "base/io.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/xalloc.h"
#include "store/agent_inventory.h"
#include "text/json.h"
#include "text/json_put.h"
#include <stdlib.h>
#include <string.h>

enum { CONFIG_MAX = 65536, BUSY_S = 30, BUSY_SPREAD_S = 60, MB = 1 << 20 };

/* ---- the stores ----------------------------------------------------------------------- */

static enum status open_inventory(struct agents *g, struct err *e)
{
	struct store *s = NULL;
	char *path = xasprintf("%s/agent.db", g->folder);
	enum status st = agent_open(path, &s, e);
	if (st == OK)
		writer_start_on(&s, AGENTS_BATCH, &g->inventory);
	if (st == OK)
		st = agent_open(path, &g->inventory_reader, e);
	free(path);
	return st;
}

/* One JSON object, kept without its braces to be put into answers. */
static enum status load_config(struct agents *g, const char *path, struct err *e)
{
	struct sb text = SB_INIT;
	struct json j;
	struct json_str raw = { 0 };
	uint8_t hash[SHA256_LEN];
	char hex[2 * SHA256_LEN + 1];
	if (!*path)
		return OK;
	enum status st = io_read_file(path, CONFIG_MAX, &text, e);
	if (st == OK) {
		json_init(&j, text.s, text.len, HC1_DEPTH_MAX);
		if (json_peek(&j) != JSON_OBJECT)
			json_fail(&j, ERR_PERM, "not an object");
		else
			json_raw(&j, &raw);
		st = json_end(&j, e);
	}
	if (st == OK) {
		crypto_sha256(raw.s, raw.n, hash);
		hex_encode(hash, sizeof hash, hex);
		memcpy(g->etag, hex, sizeof g->etag - 1);
		g->config = xstrndup(raw.s + 1, raw.n - 2);
	}
	sb_free(&text);
	return st;
}

enum status agents_open(struct ingest *in, epoch now, struct err *e)
{
	struct agents *g = in->agents = xcalloc(1, sizeof *g);
	g->folder = cfg_path(in->cfg, "store");
	pthread_mutex_init(&g->lock, NULL);
	enum status st = load_config(g, in->cfg->agent_config, e);
	if (st == OK)
		st = open_inventory(g, e);
	return st == OK ? agent_files_open(g->folder, now, AGENTS_BATCH, &g->files, e) : st;
}

void agents_close(struct ingest *in)
{
	struct agents *g = in->agents;
	if (!g)
		return;
	agent_files_close(&g->files);
	writer_stop(&g->inventory);
	store_close(&g->inventory_reader);
	pthread_mutex_destroy(&g->lock);
	free(g->config);
	free(g->folder);
	free(g);
	in->agents = NULL;
}

enum status agents_inventory(const struct ingest *in, store_job job, void *arg, struct err *e)
{
	struct agents *g = in->agents;
	pthread_mutex_lock(&g->lock);
	enum status st = job(g->inventory_reader, arg, e);
	pthread_mutex_unlock(&g->lock);
	return st;
}

bool agents_reserve(struct agents *g, size_t bytes)
{
	if (atomic_fetch_add(&g->memory, (int64_t)bytes) + (int64_t)bytes <= (int64_t)AGENTS_MEMORY_MB * MB)
		return true;
	agents_release(g, bytes);
	return false;
}

void agents_release(struct agents *g, size_t bytes)
{
	atomic_fetch_sub(&g->memory, (int64_t)bytes);
}

enum status agents_root(const uint8_t id[HC1_ID], struct terminal_keys *k, struct err *e)
{
	uint8_t secret[X25519_LEN], shared[X25519_LEN], info[HC1_ROOT_INFO];
	x25519_new(secret, k->server_pub);
	enum status st = x25519_shared(secret, k->pub, shared, e);
	hc1_root_info(k->pub, k->server_pub, info);
	if (st == OK)
		hkdf256(shared, sizeof shared, id, HC1_ID, info, sizeof info, k->root, HC1_KEY);
	crypto_wipe(shared, sizeof shared);
	crypto_wipe(secret, sizeof secret);
	return st;
}

/* ---- answers --------------------------------------------------------------------------- */

/* Counters' names are literals (metrics.h). */
static void count(int status)
{
	static const struct { int status; const char *name; } names[] = {
		{ 400, "agent_refused_malformed_total" }, { 401, "agent_refused_sealed_total" }, { 403, "agent_refused_token_total" },
		{ 409, "agent_refused_conflict_total" }, { 410, "agent_refused_gone_total" }, { 413, "agent_refused_large_total" },
		{ 422, "agent_refused_batch_total" }, { 503, "agent_refused_busy_total" }
	};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (names[i].status == status)
			metrics_add(names[i].name, 1);
}

/* All at once would come again all at once. */
static int64_t busy_for(void)
{
	uint8_t x;
	crypto_random(&x, 1);
	return BUSY_S + x % BUSY_SPREAD_S;
}

void agent_refuse(struct agent_answer *r, int status, const char *error)
{
	struct json_put o = { &r->json, false };
	sb_reset(&r->json);
	r->status = status;
	json_put_open(&o, '{');
	json_put_text_at(&o, "error", error);
	if (status == 503)
		json_put_int_at(&o, "retry_after", busy_for());
	json_put_close(&o, '}');
	count(status);
}

void agent_refuse_status(struct agent_answer *r, enum status st, const struct err *e)
{
	switch (st) {
	case ERR_PERM:
		agent_refuse(r, 400, "malformed");
		break;
	case ERR_LIMIT:
		agent_refuse(r, 400, "limit");
		break;
	case ERR_DENIED:
		agent_refuse(r, 422, "batch");
		break;
	default:
		log_error("agent", "status=%s error=%s", status_name(st), log_quote(e->msg));
		agent_refuse(r, 503, "busy");
	}
}
