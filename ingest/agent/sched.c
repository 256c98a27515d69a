/* When an agent calls: see sched.h. */
#include "sched.h"
#include "octets.h"
#include "plat.h"

unsigned sched_place(const uint8_t *agent_id, unsigned n)
{
	uint8_t h[PLAT_HASH];
	plat_sha256(agent_id, n, h);
	return (unsigned)(get_be(h, 8) % SCHED_SLOT_S);
}

int64_t sched_wait_ms(int64_t wall_ms, unsigned place, uint32_t chance)
{
	const int64_t slot = (int64_t)SCHED_SLOT_S * 1000;
	int64_t into = ((wall_ms % slot) + slot) % slot, wait = (int64_t)place * 1000 - into;
	if (wait <= 0)
		wait += slot;
	return wait + chance % ((uint32_t)SCHED_JITTER_S * 1000);
}

int64_t sched_backoff_ms(unsigned n, int64_t retry_s, uint32_t chance)
{
	int64_t s = SCHED_BACKOFF_S;
	if (retry_s > 0) {
		s = retry_s < SCHED_RETRY_MAX_S ? retry_s : SCHED_RETRY_MAX_S;
		return s * 1000 + (int64_t)(chance % 1000) * s / 4;
	}
	while (n-- > 1 && s < SCHED_BACKOFF_MAX_S)
		s *= 2;
	if (s > SCHED_BACKOFF_MAX_S)
		s = SCHED_BACKOFF_MAX_S;
	return s * 750 + (int64_t)(chance % 1000) * s / 2;
}
