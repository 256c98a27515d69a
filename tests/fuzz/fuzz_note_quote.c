/* Input: a note, what the customer knows and an answer, NUL between them. What is
 * found is whole lines of the answer; what the customer wrote himself is never. */
#include "fuzz_text.h"
#include "mail/note_quote.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct sb part[3] = { SB_INIT, SB_INIT, SB_INIT }, inside = SB_INIT, known = SB_INIT, run = SB_INIT;
	for (int i = 0; i < 3; i++) {
		const uint8_t *z = n ? memchr(p, 0, n) : NULL;
		size_t k = z && i < 2 ? (size_t)(z - p) : n;
		text_valid((const char *)p, k, &part[i]);
		k += k < n;
		p += k;
		n -= k;
	}
	note_quote_own(part[0].s, &inside);
	note_quote_all(part[1].s, &known);
	note_quote_run(inside.s, known.s, part[2].s, &run);
	check_text(&run);
	FUZZ_CHECK(run.len <= part[2].len);
	sb_reset(&run);
	note_quote_run(inside.s, known.s, part[1].s, &run);
	FUZZ_CHECK(!run.len);
	for (int i = 0; i < 3; i++)
		sb_free(&part[i]);
	sb_free(&inside);
	sb_free(&known);
	sb_free(&run);
	return 0;
}
