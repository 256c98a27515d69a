/* Sealing of envelopes: see envelope.h. */
#include "envelope.h"
#include <string.h>

void envelope_hkdf(const void *secret, size_t nsecret, const void *salt, size_t nsalt, const void *info, size_t ninfo,
                   uint8_t *out, size_t n)
{
	uint8_t prk[PLAT_HASH], t[PLAT_HASH];
	struct sb b = SB_INIT;
	plat_hmac256(salt, nsalt, secret, nsecret, prk);
	for (uint8_t i = 1; n; i++) {
		size_t k = n < PLAT_HASH ? n : PLAT_HASH;
		sb_reset(&b);
		if (i > 1)
			sb_add(&b, t, sizeof t);
		sb_add(&b, info, ninfo);
		sb_addc(&b, (char)i);
		plat_hmac256(prk, sizeof prk, b.s, b.len, t);
		memcpy(out, t, k);
		out += k;
		n -= k;
	}
	sb_free(&b);
}

bool envelope_root(const uint8_t own[32], const uint8_t theirs[HC1_PUB], const uint8_t agent_id[HC1_ID], uint8_t root[PLAT_KEY])
{
	uint8_t secret[32], pub[HC1_PUB], info[HC1_ROOT_INFO];
	if (!plat_x25519(own, theirs, secret))
		return false;
	plat_x25519_public(own, pub);
	hc1_root_info(pub, theirs, info);
	envelope_hkdf(secret, sizeof secret, agent_id, HC1_ID, info, sizeof info, root, PLAT_KEY);
	memset(secret, 0, sizeof secret);
	return true;
}

void envelope_epoch(const uint8_t root[PLAT_KEY], const uint8_t agent_id[HC1_ID], uint64_t epoch, struct envelope_key *k)
{
	uint8_t info[HC1_BATCH_INFO], out[HC1_KEY + HC1_SALT];
	hc1_batch_info(epoch, info);
	envelope_hkdf(root, PLAT_KEY, agent_id, HC1_ID, info, sizeof info, out, sizeof out);
	k->epoch = epoch;
	memcpy(k->key, out, HC1_KEY);
	memcpy(k->salt, out + HC1_KEY, HC1_SALT);
}

void envelope_seal(const struct envelope_key *k, uint32_t key_id, const uint8_t agent_id[HC1_ID], uint64_t seq,
                   const void *p, size_t n, struct sb *out)
{
	struct hc1_head h = { .key_id = key_id, .epoch = k->epoch, .seq = seq, .len = (uint32_t)n };
	uint8_t head[HC1_HEAD];
	memcpy(h.agent_id, agent_id, HC1_ID);
	hc1_nonce(&h, k->salt);
	hc1_put(&h, head);
	sb_add(out, head, sizeof head);
	sb_grow(out, n + HC1_TAG);
	plat_seal(k->key, h.nonce, head, sizeof head, p, n, (uint8_t *)out->s + out->len);
	out->len += n + HC1_TAG;
	out->s[out->len] = '\0';
}
