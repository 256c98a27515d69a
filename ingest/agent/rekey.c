/* A root key in the place of another: see rekey.h. */
#include "rekey.h"
#include "b64.h"
#include "envelope.h"
#include "base/log.h"
#include <string.h>

void rekey_put(struct json_put *o, const struct state *st)
{
	uint8_t p[HC1_PUB];
	struct sb pub = SB_INIT;
	plat_x25519_public(st->next, p);
	b64_of(p, sizeof p, &pub);
	json_put_text_at(o, "rekey", pub.s);
	sb_free(&pub);
}

bool rekey_take(struct state *st, const struct answer *w)
{
	uint8_t root[PLAT_KEY];
	if (!st->rekeying && w->rekey) {
		plat_random(st->next, sizeof st->next);
		st->rekeying = true;
		return true;
	}
	if (!st->rekeying || !w->key_id || w->key_id <= st->key_id || !envelope_root(st->next, w->key_pub, st->agent_id, root))
		return false;
	memcpy(st->before, st->root, PLAT_KEY);
	st->before_id = st->key_id;
	memcpy(st->root, root, PLAT_KEY);
	st->key_id = (uint32_t)w->key_id;
	st->rekeying = false;
	memset(st->next, 0, sizeof st->next);
	memset(root, 0, sizeof root);
	log_info("rekey", "key=%u", (unsigned)st->key_id);
	return true;
}

bool rekey_back(struct state *st)
{
	if (!st->before_id)
		return false;
	log_info("rekey", "back=%u", (unsigned)st->before_id);
	memcpy(st->root, st->before, PLAT_KEY);
	st->key_id = st->before_id;
	st->before_id = 0;
	st->rekeying = false;
	return true;
}
