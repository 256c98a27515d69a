/* Templates: any text renders or is refused; nothing half done, no second
 * expansion, a subject of one line. */
#include "fuzz_text.h"
#include "text/tmpl.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const struct tmpl_var vars[] = {
		{ "due", "11月25日\r\nBcc: x@example.com" }, { "name", "{{due}}" },
		{ "empty", "" }, { "none", NULL }, { NULL, NULL }
	};
	char *text = malloc(n + 1);
	struct sb subject = SB_INIT, body = SB_INIT;
	struct err e = { OK, "" };
	memcpy(text, p, n);
	text[n] = '\0';
	if (tmpl_render(text, vars, &subject, &body, &e) == OK) {
		check_text(&subject);
		check_text(&body);
		FUZZ_CHECK(!memchr(subject.s, '\n', subject.len));
	} else {
		FUZZ_CHECK(subject.len == 0 && body.len == 0 && e.msg[0]);
	}
	sb_free(&subject);
	sb_free(&body);
	free(text);
	return 0;
}
