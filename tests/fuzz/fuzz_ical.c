/* An invitation in words: whatever comes, a few short lines of UTF-8 come out. */
#include "fuzz_text.h"
#include "text/ical.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct sb in = SB_INIT, out = SB_INIT;
	size_t lines = 0;
	text_valid((const char *)p, n, &in);
	FUZZ_CHECK(text_from_ical(in.s, in.len, &out) == (out.len > 0));
	for (size_t i = 0; i < out.len; i++)
		lines += out.s[i] == '\n';
	FUZZ_CHECK(lines <= 6 && out.len <= 8 * ICAL_TEXT && text_is_utf8(out.s, out.len));
	sb_free(&in);
	sb_free(&out);
	return 0;
}
