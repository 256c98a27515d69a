#ifndef TESTS_HC1_CLIENT_H
#define TESTS_HC1_CLIENT_H
/* A terminal, as far as the protocol goes (ingest/PROTOCOL.md): for unit tests,
 * the scenario's client and benches. The agent has its own of all this. */
#include "base/crypto_agree.h"
#include "store/store_zip.h"
#include "wire/hc1.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct hc1_client {
	uint8_t secret[HC1_PUB], pub[HC1_PUB], id[HC1_ID], root[HC1_KEY];
	uint32_t key_id;
	int64_t epoch, seq; /* of the next envelope: seq + 1 */
	int64_t q;          /* the last number of an event */
};

static inline void hc1_client_new(struct hc1_client *c)
{
	memset(c, 0, sizeof *c);
	x25519_new(c->secret, c->pub);
	c->epoch = 1;
	c->key_id = 1;
}

/* The body of an enrolment. hw: the inside of "hw". */
static inline void hc1_client_ask(const struct hc1_client *c, const char *code, const char *token, const char *host, const char *hw,
                                  struct sb *out)
{
	sb_addf(out, "{\"v\":1,\"code\":\"%s\",\"token\":\"%s\",\"host\":\"%s\",\"os\":\"windows\",\"agent\":\"1.0.0\",\"hw\":{%s},\"pub\":\"",
	        code, token, host, hw);
	b64_encode(c->pub, HC1_PUB, out);
	sb_adds(out, "\"}");
}

/* A root key of the secret and the server's public key, which stands behind `at`. */
static inline bool hc1_client_root(struct hc1_client *c, const uint8_t secret[HC1_PUB], const uint8_t pub[HC1_PUB], const char *at)
{
	uint8_t shared[X25519_LEN], info[HC1_ROOT_INFO];
	struct sb server = SB_INIT;
	const char *key = strstr(at, "\"pub\":\"");
	bool good = key && b64_decode(key + 7, strcspn(key + 7, "\""), &server) && server.len == HC1_PUB &&
	            x25519_shared(secret, (const uint8_t *)server.s, shared, NULL) == OK;
	if (good) {
		hc1_root_info(pub, (const uint8_t *)server.s, info);
		hkdf256(shared, sizeof shared, c->id, HC1_ID, info, sizeof info, c->root, HC1_KEY);
	}
	sb_free(&server);
	return good;
}

/* From the answer; false: there is no id and key in it. */
static inline bool hc1_client_enrolled(struct hc1_client *c, const char *answer)
{
	unsigned x;
	const char *id = strstr(answer, "\"agent_id\":\"");
	if (!id)
		return false;
	id += strlen("\"agent_id\":\"");
	for (size_t i = 0; i < HC1_ID; i++) {
		if (sscanf(id + 2 * i, "%2x", &x) != 1)
			return false;
		c->id[i] = (uint8_t)x;
	}
	return hc1_client_root(c, c->secret, c->pub, answer);
}

/* What is compressed already, sealed under the client's next number. */
static inline void hc1_client_seal_raw(struct hc1_client *c, const void *p, size_t n, struct sb *out)
{
	struct hc1_head h = { .key_id = c->key_id, .epoch = (uint64_t)c->epoch, .seq = (uint64_t)++c->seq, .len = (uint32_t)n };
	uint8_t head[HC1_HEAD], info[HC1_BATCH_INFO], keys[HC1_KEY + HC1_SALT];
	memcpy(h.agent_id, c->id, HC1_ID);
	hc1_batch_info(h.epoch, info);
	hkdf256(c->root, HC1_KEY, c->id, HC1_ID, info, sizeof info, keys, sizeof keys);
	hc1_nonce(&h, keys + HC1_KEY);
	hc1_put(&h, head);
	sb_add(out, head, sizeof head);
	sb_grow(out, n + HC1_TAG);
	gcm_seal(keys, h.nonce, head, sizeof head, p, n, (uint8_t *)out->s + out->len);
	out->len += n + HC1_TAG;
}

static inline void hc1_client_seal(struct hc1_client *c, const char *json, size_t n, struct sb *out)
{
	struct store_zip *z = NULL;
	struct sb packed = SB_INIT;
	if (zip_pack(&z, json, n, &packed, NULL) != OK)
		abort();
	hc1_client_seal_raw(c, packed.s, packed.len, out);
	store_zip_free(&z);
	sb_free(&packed);
}

#endif
