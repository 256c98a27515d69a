#ifndef STORE_AGENT_RANGES_H
#define STORE_AGENT_RANGES_H
/* Which numbers of a terminal came, or are known to be lost: ranges in order,
 * with holes between them. Mostly there is one. */
#include "text/agent_batch.h"
#include <stddef.h>

enum { RANGES_MAX = 64, RANGES_BYTES = RANGES_MAX * 16 };

struct ranges {
	size_t n;
	struct agent_range v[RANGES_MAX];
};

/* False: stored bytes that can't be. */
bool ranges_load(struct ranges *r, const void *p, size_t n);
size_t ranges_save(const struct ranges *r, uint8_t out[RANGES_BYTES]); /* bytes */

bool ranges_have(const struct ranges *r, int64_t q);
/* All of it; true when it is empty. */
bool ranges_have_all(const struct ranges *r, struct agent_range x);
/* What x has in common with r. */
void ranges_common(const struct ranges *r, struct agent_range x, struct ranges *out);
/* False: more than RANGES_MAX; nothing is changed. */
bool ranges_add(struct ranges *r, struct agent_range x);

/* Everything up to this number; 0: not even 1. */
int64_t ranges_up_to(const struct ranges *r);
/* The holes behind that. */
void ranges_holes(const struct ranges *r, struct ranges *out);

#endif
