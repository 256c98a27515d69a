/* The envelope of a batch: see hc1.h. */
#include "wire/hc1.h"
#include <string.h>

static const uint8_t magic[4] = { 'H', 'C', '1', 0 };

enum { AT_KEY = 4, AT_ID = 8, AT_EPOCH = 24, AT_SEQ = 32, AT_NONCE = 40, AT_LEN = 52 };

static uint64_t get(const uint8_t *p, int n)
{
	uint64_t v = 0;
	while (n-- > 0)
		v = v << 8 | *p++;
	return v;
}

static void put(uint8_t *p, int n, uint64_t v)
{
	while (n-- > 0) {
		p[n] = (uint8_t)v;
		v >>= 8;
	}
}

bool hc1_parse(const void *at, size_t n, struct hc1_head *h)
{
	const uint8_t *p = at;
	if (n < HC1_HEAD + HC1_TAG || n > HC1_WIRE_MAX || memcmp(p, magic, sizeof magic) != 0)
		return false;
	h->key_id = (uint32_t)get(p + AT_KEY, 4);
	memcpy(h->agent_id, p + AT_ID, HC1_ID);
	h->epoch = get(p + AT_EPOCH, 8);
	h->seq = get(p + AT_SEQ, 8);
	memcpy(h->nonce, p + AT_NONCE, HC1_NONCE);
	h->len = (uint32_t)get(p + AT_LEN, 4);
	return h->len == n - HC1_HEAD - HC1_TAG && h->epoch - 1 < (uint64_t)INT64_MAX && h->seq - 1 < (uint64_t)INT64_MAX &&
	       get(h->nonce + HC1_SALT, 8) == h->seq;
}

void hc1_nonce(struct hc1_head *h, const uint8_t salt[HC1_SALT])
{
	memcpy(h->nonce, salt, HC1_SALT);
	put(h->nonce + HC1_SALT, 8, h->seq);
}

void hc1_put(const struct hc1_head *h, uint8_t out[HC1_HEAD])
{
	memcpy(out, magic, sizeof magic);
	put(out + AT_KEY, 4, h->key_id);
	memcpy(out + AT_ID, h->agent_id, HC1_ID);
	put(out + AT_EPOCH, 8, h->epoch);
	put(out + AT_SEQ, 8, h->seq);
	memcpy(out + AT_NONCE, h->nonce, HC1_NONCE);
	put(out + AT_LEN, 4, h->len);
}

void hc1_root_info(const uint8_t agent_pub[HC1_PUB], const uint8_t server_pub[HC1_PUB], uint8_t out[HC1_ROOT_INFO])
{
	static const char label[] = "yorozu HC1 root";
	size_t n = sizeof label - 1;
	memcpy(out, label, n);
	memcpy(out + n, agent_pub, HC1_PUB);
	memcpy(out + n + HC1_PUB, server_pub, HC1_PUB);
}

void hc1_batch_info(uint64_t epoch, uint8_t out[HC1_BATCH_INFO])
{
	static const char label[] = "yorozu HC1 batch";
	memcpy(out, label, sizeof label - 1);
	put(out + sizeof label - 1, 8, epoch);
}
