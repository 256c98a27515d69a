/* HTML to text: whatever comes, readable UTF-8 comes out. */
#include "fuzz_text.h"
#include "text/html.h"
#include "text/html_int.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct sb t = SB_INIT, u = SB_INIT, v = SB_INIT;
	text_from_html((const char *)p, n, &t);
	check_text(&t);
	/* text made HTML never has markup */
	text_html_escape(t.s, t.len, &u);
	FUZZ_CHECK(!memchr(u.s, '<', u.len) && !memchr(u.s, '"', u.len));
	html_clean(u.s, u.len, &v);
	FUZZ_CHECK(v.len == u.len && !memcmp(u.s, v.s, u.len));
	sb_free(&t);
	sb_free(&u);
	sb_free(&v);
	return 0;
}
