/* Header values and parameters: decoding anything, encoding and back. */
#include "fuzz_text.h"
#include "text/hdrword.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void round_trip(const char *s, size_t n)
{
	struct sb want = SB_INIT, enc = SB_INIT, got = SB_INIT;
	text_one_line(s, n, &want);
	check_line(&want);
	text_encode_header(want.s, want.len, 9, &enc);
	FUZZ_CHECK(text_is_ascii(enc.s, enc.len));
	for (size_t i = 0, col = 9; i < enc.len; i++, col++) {
		if (enc.s[i] == '\r')
			FUZZ_CHECK(i + 3 < enc.len && !memcmp(enc.s + i, "\r\n ", 3));
		FUZZ_CHECK(col < 998);
		if (enc.s[i] == '\n')
			col = (size_t)-1;
	}
	text_decode_header(enc.s, enc.len, &got);
	check_line(&got);
	/* a whole word inside a word, and a BOM, are read away by design */
	if (!strstr(want.s, "=?") && !strstr(want.s, "\xEF\xBB\xBF"))
		FUZZ_CHECK(got.len == want.len && !memcmp(got.s, want.s, got.len));
	sb_reset(&enc);
	sb_reset(&got);
	sb_adds(&enc, "attachment");
	text_encode_param("filename", want.s, &enc);
	FUZZ_CHECK(text_is_ascii(enc.s, enc.len));
	FUZZ_CHECK(text_header_param(enc.s, enc.len, "filename", &got));
	if (enc.len < 60000 && !strstr(want.s, "\xEF\xBB\xBF"))
		FUZZ_CHECK(got.len == want.len && !memcmp(got.s, want.s, got.len));
	sb_free(&want);
	sb_free(&enc);
	sb_free(&got);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct sb t = SB_INIT;
	const char *s = (const char *)p;
	text_decode_header(s, n, &t);
	check_line(&t);
	sb_reset(&t);
	text_header_param(s, n, "filename", &t);
	check_line(&t);
	sb_reset(&t);
	text_header_param(s, n, "charset", &t);
	check_line(&t);
	sb_free(&t);
	round_trip(s, n);
	return 0;
}
