/* An invitation in words: whatever comes, a few short lines of UTF-8 come out. */
#include "fuzz_text.h"
#include "text/ical.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct sb in = SB_INIT, out = SB_INIT;
	size_t lines = 0;
	text_valid((const char *)p, n, &in);
	FUZZ_CHECK(text_from_ical(in.s, in.len, n % 2, &out) == (out.len > 0));
	for (size_t i = 0; i < out.len; i++)
		lines += out.s[i] == '\n';
	FUZZ_CHECK(n % 2 || lines <= 7 * ICAL_EVENTS + 1);
	FUZZ_CHECK(out.len <= (9 * ICAL_TEXT + 2 * ICAL_LONG) * ICAL_EVENTS && text_is_utf8(out.s, out.len));
	sb_free(&in);
	sb_free(&out);
	return 0;
}
