/* Lines: unflowing, wrapping and cutting lose no character and stay in bounds. */
#include "text/charset.h"
#include "text/layout.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void need(int ok)
{
	if (!ok)
		abort();
}

/* Letters that no layout may add or drop. */
static size_t ink(const char *s, size_t n)
{
	size_t k = 0;
	for (size_t i = 0; i < n; i++)
		k += !strchr(" \t\r\n>", s[i]);
	return k;
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct sb in = SB_INIT, out = SB_INIT;
	size_t cols = n ? p[0] % 100 : 0;
	text_valid((const char *)p, n, &in);
	text_wrap(in.s, in.len, cols, &out);
	need(text_is_utf8(out.s, out.len) && ink(out.s, out.len) == ink(in.s, in.len));
	sb_reset(&out);
	text_unflow(in.s, in.len, n & 1, &out);
	need(text_is_utf8(out.s, out.len) && ink(out.s, out.len) == ink(in.s, in.len));
	sb_reset(&out);
	text_fit(in.s, cols, n & 1, &out);
	need(text_is_utf8(out.s, out.len) && !memchr(out.s, '\n', out.len));
	sb_free(&out);
	sb_free(&in);
	return 0;
}
