#ifndef TESTS_FUZZ_TEXT_H
#define TESTS_FUZZ_TEXT_H
/* What every output of db/text must be, checked inside the fuzzers. */
#include "text/charset.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define FUZZ_CHECK(cond)                 \
	do {                             \
		if (!(cond))             \
			__builtin_trap(); \
	} while (0)

static inline void check_text(const struct sb *s)
{
	FUZZ_CHECK(text_is_utf8(s->s, s->len));
	FUZZ_CHECK(!memchr(s->s, '\0', s->len));
	FUZZ_CHECK(s->s[s->len] == '\0');
}

static inline void check_line(const struct sb *s)
{
	check_text(s);
	for (size_t i = 0; i < s->len; i++)
		FUZZ_CHECK((unsigned char)s->s[i] >= 0x20 && s->s[i] != 0x7F);
}

#endif
