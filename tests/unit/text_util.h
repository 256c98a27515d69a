#ifndef TESTS_TEXT_UTIL_H
#define TESTS_TEXT_UTIL_H
/* Shared by test_text_*.c. */
#include "base/strbuf.h"
#include "text/charset.h"
#include "unit.h"
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BYTES(lit) (lit), sizeof(lit) - 1

static inline void ck_text(const struct sb *s)
{
	ck_assert(text_is_utf8(s->s, s->len));
	ck_assert(!memchr(s->s, '\0', s->len));
}

static inline double seconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* `unit` repeated to about n bytes. */
static inline void repeat(struct sb *s, const char *unit, size_t n)
{
	size_t len = strlen(unit);
	while (s->len + len <= n)
		sb_add(s, unit, len);
}

/* A fixed, seeded stream of bytes. */
static inline unsigned rnd(unsigned *seed)
{
	*seed = *seed * 1103515245u + 12345u;
	return *seed >> 16 & 0x7FFF;
}

/* Whatever the input, linear time: 10 MB within so many seconds of CPU, with
 * room for sanitizers and slow machines; quadratic would take hours. */
#ifdef __SANITIZE_ADDRESS__ /* an order slower, and here the memory is looked at, not the time */
#define TEN_MB (1u << 20)
#else
#define TEN_MB ((slower() < 20 ? 10u : 1u) << 20) /* valgrind: the same */
#endif
#define IN_TIME(call)                                    \
	do {                                             \
		double t0_ = seconds();                  \
		call;                                    \
		ck_assert_double_lt(seconds() - t0_, 30 * slower()); \
	} while (0)

#endif
