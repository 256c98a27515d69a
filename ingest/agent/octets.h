#ifndef AGENT_OCTETS_H
#define AGENT_OCTETS_H
/* Numbers in octets, big-endian. */
#include <stdint.h>

static inline void put_be(uint8_t *p, uint64_t v, int octets)
{
	for (int i = octets - 1; i >= 0; i--, v >>= 8)
		p[i] = (uint8_t)v;
}

static inline uint64_t get_be(const uint8_t *p, int octets)
{
	uint64_t v = 0;
	for (int i = 0; i < octets; i++)
		v = v << 8 | p[i];
	return v;
}

#endif
