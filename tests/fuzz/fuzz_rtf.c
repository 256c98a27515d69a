/* RTF, packed or not: whatever comes, readable UTF-8 comes out, and not much more
 * than went in. */
#include "fuzz_text.h"
#include "text/rtf.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct sb raw = SB_INIT, text = SB_INIT;
	FUZZ_CHECK(rtf_unpack(p, n, &raw) || !raw.len);
	FUZZ_CHECK(raw.len <= RTF_UNPACKED_MAX && raw.len <= 9 * n + 64);
	(void)text_from_rtf(raw.s, raw.len, &text);
	FUZZ_CHECK(text_is_utf8(text.s, text.len));
	sb_reset(&text);
	if (text_from_rtf(p, n, &text) == RTF_NONE)
		FUZZ_CHECK(!text.len);
	FUZZ_CHECK(text_is_utf8(text.s, text.len) && !memchr(text.s, '\0', text.len));
	sb_free(&raw);
	sb_free(&text);
	return 0;
}
