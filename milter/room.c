/* One counter of bytes under a limit. */
#include "room.h"
#include <stdatomic.h>

enum { LARGEST_AT_ONCE = 4, ROOM_MIN = 64 << 20 };

static atomic_size_t taken;
static size_t room = ROOM_MIN; /* set before threads start */

void room_open(size_t largest_mail)
{
	size_t n = largest_mail * LARGEST_AT_ONCE;
	room = n > ROOM_MIN ? n : ROOM_MIN;
}

bool room_take(size_t n)
{
	size_t have = atomic_load(&taken);
	do {
		if (n > room - have)
			return false;
	} while (!atomic_compare_exchange_weak(&taken, &have, have + n));
	return true;
}

void room_give(size_t n)
{
	atomic_fetch_sub(&taken, n);
}
