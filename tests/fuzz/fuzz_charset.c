/* Bytes to UTF-8 under every kind of label, and back; lines and columns. */
#include "fuzz_text.h"
#include "text/layout.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static const char *const labels[] = {
	NULL, "us-ascii", "utf-8", "iso-2022-jp", "shift_jis", "euc-jp", "iso-8859-1", "utf-16",
	"utf-16le", "utf-7", "gb2312", "euc-kr", "big5", "iso-2022-kr", "iso-2022-cn", "utf-32", "x-what"
};
static const char *const back[] = { "iso-2022-jp", "cp932", "euc-jp", "utf-8", "us-ascii", "latin1" };

static void lines(const struct sb *t)
{
	struct sb a = SB_INIT, b = SB_INIT;
	text_visible(t->s, t->len, &a);
	check_text(&a);
	text_visible(a.s, a.len, &b);
	FUZZ_CHECK(a.len == b.len && !memcmp(a.s, b.s, a.len));
	sb_reset(&b);
	text_wrap(a.s, a.len, 20, &b);
	check_text(&b);
	sb_reset(&a);
	text_wrap(b.s, b.len, 20, &a);
	FUZZ_CHECK(a.len == b.len && !memcmp(a.s, b.s, a.len));
	sb_reset(&b);
	text_unflow(t->s, t->len, t->len & 1, &b);
	check_text(&b);
	sb_reset(&b);
	text_fit(t->s, 12, true, &b);
	check_line(&b);
	FUZZ_CHECK(text_width(b.s, b.len) == 12);
	sb_free(&a);
	sb_free(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	if (n < 1)
		return 0;
	const char *label = labels[p[0] % (sizeof labels / sizeof *labels)];
	struct sb t = SB_INIT, raw = SB_INIT, again = SB_INIT;
	FUZZ_CHECK(text_to_utf8(label, p + 1, n - 1, &t));
	check_text(&t);
	lines(&t);
	for (size_t i = 0; i < sizeof back / sizeof *back; i++) {
		sb_reset(&raw);
		sb_reset(&again);
		if (!text_from_utf8(back[i], t.s, t.len, &raw)) {
			FUZZ_CHECK(raw.len == 0);
			continue;
		}
		text_to_utf8(back[i], raw.s, raw.len, &again);
		check_text(&again);
	}
	sb_free(&t);
	sb_free(&raw);
	sb_free(&again);
	return 0;
}
