/* Files out of any mail: what is left parses, holds no file that was listed, and
 * is stripped already. */
#include "fuzz_text.h"
#include "mail/msg_strip.h"
#include "mail/prescan.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void check_list(const struct stripped *r)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct strip_file *f = &r->v[i];
		FUZZ_CHECK(text_is_utf8(f->name, strlen(f->name)) && text_is_utf8(f->type, strlen(f->type)));
		for (const char *s = f->name; *s; s++)
			FUZZ_CHECK((unsigned char)*s >= 32 && *s != 127);
	}
}

static void check_rest(const struct sb *out, const struct strip_rules *rules, struct arena *a)
{
	struct msg *m;
	struct stripped again;
	struct sb more = SB_INIT;
	if (msg_parse(out->s, out->len, NULL, &m, NULL) != OK)
		return;
	msg_strip(m, rules, a, &again, &more);
	FUZZ_CHECK(again.n == 0 || m->mime_broken);
	sb_free(&more);
	msg_free(&m);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct msg *m;
	struct stripped r;
	struct sb out = SB_INIT;
	if (!n)
		return 0;
	struct strip_rules rules = { .inline_image_max = p[0] & 1 ? 100 : 0, .keep_images = p[0] & 2 };
	if (msg_parse((const char *)p + 1, n - 1, NULL, &m, NULL) != OK)
		return 0;
	struct arena *a = arena_new();
	msg_strip(m, &rules, a, &r, &out);
	FUZZ_CHECK(r.changed || (r.n == 0 && out.len == 0));
	FUZZ_CHECK(!r.n || r.changed);
	check_list(&r);
	if (r.changed)
		check_rest(&out, &rules, a);
	sb_free(&out);
	arena_free(&a);
	msg_free(&m);
	return 0;
}
