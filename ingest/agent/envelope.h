#ifndef AGENT_ENVELOPE_H
#define AGENT_ENVELOPE_H
/* The agent's side of the HC1 envelope (ingest/PROTOCOL.md, wire/hc1.h): keys
 * and sealing. The simulator of terminals uses it too. */
#include "plat.h"
#include "wire/hc1.h"

struct envelope_key { /* of one epoch */
	uint64_t epoch;
	uint8_t key[HC1_KEY], salt[HC1_SALT];
};

/* HKDF-SHA-256 (RFC 5869), at most 64 octets. */
void envelope_hkdf(const void *secret, size_t nsecret, const void *salt, size_t nsalt, const void *info, size_t ninfo,
                   uint8_t *out, size_t n);
/* The root key from our X25519 secret and the server's public key; false: that
 * key gives nothing. */
bool envelope_root(const uint8_t own[32], const uint8_t theirs[HC1_PUB], const uint8_t agent_id[HC1_ID], uint8_t root[PLAT_KEY]);
void envelope_epoch(const uint8_t root[PLAT_KEY], const uint8_t agent_id[HC1_ID], uint64_t epoch, struct envelope_key *k);
/* Appends the envelope around a compressed batch. */
void envelope_seal(const struct envelope_key *k, uint32_t key_id, const uint8_t agent_id[HC1_ID], uint64_t seq,
                   const void *p, size_t n, struct sb *out);

#endif
