/* winmail.dat: what is made of it is an entity that the parser takes as it is. */
#include "fuzz_text.h"
#include "mail/tnef.h"
#include "mail/msg_parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct sb entity = SB_INIT, text = SB_INIT;
	struct msg *m;
	if (!tnef_open(p, n, n % 2 ? "text" : "", &entity)) {
		FUZZ_CHECK(!entity.len);
		return 0;
	}
	FUZZ_CHECK(msg_parse(entity.s, entity.len, NULL, &m, NULL) == OK);
	FUZZ_CHECK(m->root->kind == PART_MULTIPART && m->root->child);
	for (const struct msg_part *c = m->root->child; c; c = c->next)
		FUZZ_CHECK(c->encoding && strcmp(c->encoding, "base64") == 0);
	msg_read_text(m, &text);
	FUZZ_CHECK(text_is_utf8(text.s, text.len));
	sb_free(&text);
	sb_free(&entity);
	msg_free(&m);
	return 0;
}
