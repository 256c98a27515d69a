#ifndef WIRE_HC1_H
#define WIRE_HC1_H
/*
 * The envelope in which a terminal sends a batch (ingest/PROTOCOL.md): where
 * its fields lie, and what its keys are derived from. No cryptography and no
 * allocation here: the server and the agent, which also builds for Windows,
 * bring their own. Needs nothing but <stdint.h> and <string.h>.
 *
 * SECURITY: hc1_parse takes bytes from anybody. What it gives is only true
 * once the tag over head and body has been checked.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	HC1_HEAD = 56,              /* also the additional data of the GCM */
	HC1_TAG = 16,
	HC1_ID = 16,
	HC1_NONCE = 12,
	HC1_SALT = 4,               /* the first octets of the nonce, fixed in an epoch */
	HC1_KEY = 32,
	HC1_PUB = 32,               /* an X25519 public key */
	HC1_WIRE_MAX = 1 << 20,     /* of an envelope */
	HC1_JSON_MAX = 32 << 20,    /* of what is inside, decompressed */
	HC1_ENROLL_MAX = 16 << 10,  /* of the body of an enrolment */
	HC1_EVENTS_MAX = 200000,    /* of a batch */
	HC1_GAPS_MAX = 1000,        /* of a batch */
	HC1_DEPTH_MAX = 16          /* of JSON */
};
#define HC1_Q_MAX ((int64_t)1 << 53) /* numbers of events stay below */

struct hc1_head {
	uint32_t key_id;
	uint8_t agent_id[HC1_ID];
	uint64_t epoch, seq;
	uint8_t nonce[HC1_NONCE];
	uint32_t len;               /* of the sealed body, without the tag */
};

/* False: no whole envelope, or one that could not be: a magic, a length that is
 * not what came, an epoch or a number 0 or beyond 2^63, a nonce that does not
 * end in seq. */
bool hc1_parse(const void *p, size_t n, struct hc1_head *h_r);
/* Sets the nonce from the salt and seq. */
void hc1_nonce(struct hc1_head *h, const uint8_t salt[HC1_SALT]);
void hc1_put(const struct hc1_head *h, uint8_t out[HC1_HEAD]);

/* The `info` of the two HKDF-SHA-256 derivations; the salt of both is the
 * agent's id. The first gives the root key (32 octets) from the X25519 secret,
 * the second the key and the salt of an epoch (32 + 4 octets) from the root. */
enum { HC1_ROOT_INFO = 15 + 2 * HC1_PUB, HC1_BATCH_INFO = 16 + 8 };
void hc1_root_info(const uint8_t agent_pub[HC1_PUB], const uint8_t server_pub[HC1_PUB], uint8_t out[HC1_ROOT_INFO]);
void hc1_batch_info(uint64_t epoch, uint8_t out[HC1_BATCH_INFO]);

#endif
