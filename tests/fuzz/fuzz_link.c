/* Any bytes as the token of a link and as a small form: nothing unproven is
 * believed, nothing crashes, what comes out is text. */
#include "base/link.h"
#include "form.h"
#include "fuzz_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const uint8_t master[KEY_LEN] = { 7 };
	static struct link_ctx l;
	static bool ready;
	char *text = malloc(n + 1), token[LINK_TOKEN_SIZE];
	struct sb v = SB_INIT;
	int64_t id;
	if (!ready)
		link_init(&l, master);
	ready = true;
	memcpy(text, p, n);
	text[n] = '\0';
	if (link_parse(&l, LINK_UPLOAD, text, &id)) {
		link_token(&l, LINK_UPLOAD, id, token);
		FUZZ_CHECK(strcmp(token, text) == 0);
	}
	if (form_field(text, n, "password", &v))
		check_text(&v);
	FUZZ_CHECK(form_number(text, n, "file") >= 0);
	sb_free(&v);
	free(text);
	return 0;
}
