/* Forwarded mails of any shape: the table fits its columns and holds nothing to
 * click; the mail made inert parses and holds no mail inside. */
#include "fuzz_text.h"
#include "mail/analyse_show.h"
#include "mail/msg_inert.h"
#include "text/defang.h"
#include "text/layout.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void check_inert_text(const struct sb *s)
{
	check_text(s);
	FUZZ_CHECK(!memmem(s->s, s->len, "://", 3));
}

static void check_defang(const char *p, size_t n)
{
	struct sb valid = SB_INIT, once = SB_INIT, twice = SB_INIT;
	text_valid(p, n, &valid);
	text_defang(valid.s, valid.len, &once);
	check_inert_text(&once);
	text_defang(once.s, once.len, &twice);
	check_inert_text(&twice);
	size_t pos = 0, at, len;
	while (text_url_next(valid.s, valid.len, &pos, &at, &len)) {
		bool user;
		struct sb host = SB_INIT, more = SB_INIT;
		FUZZ_CHECK(len && len <= TEXT_URL_MAX && at + len <= valid.len && pos == at + len);
		(void)!text_url_host(valid.s + at, len, &host, &user);
		(void)!text_host_unicode(host.s, host.len, &more);
		(void)!text_url_unwrap(valid.s + at, len, &more);
		(void)!text_host_lookalike(host.s, "sakura-shoji.example");
		sb_free(&host);
		sb_free(&more);
	}
	sb_free(&valid);
	sb_free(&once);
	sb_free(&twice);
}

static void check_table(const struct analysis *r)
{
	struct sb text = SB_INIT, html = SB_INIT;
	analysis_text(r, NULL, 0, &text);
	analysis_html(r, NULL, 0, &html);
	check_inert_text(&text);
	check_inert_text(&html);
	for (const char *s = text.s; *s; s += strcspn(s, "\n"), s += *s == '\n')
		FUZZ_CHECK(text_width(s, strcspn(s, "\n")) <= ANALYSE_COLS);
	sb_free(&text);
	sb_free(&html);
}

static void check_copy(const struct sb *out)
{
	struct msg *m;
	if (msg_parse(out->s, out->len, NULL, &m, NULL) != OK)
		return;
	for (const struct msg_part *q = m->root; q && !m->mime_broken; q = msg_part_next(q))
		FUZZ_CHECK(q->kind != PART_MESSAGE);
	msg_free(&m);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const struct analyse_ctx plain = { .own_domain = "sakura-shoji.example", .desk = "sodan@example.jp" },
	                                itself = { .own_domain = "", .desk = "", .itself = true };
	const struct analyse_ctx *c = n && p[0] & 1 ? &plain : &itself;
	struct msg *m;
	struct analysis r;
	struct sb out = SB_INIT;
	check_defang((const char *)p, n);
	if (!n || msg_parse((const char *)p + 1, n - 1, NULL, &m, NULL) != OK)
		return 0;
	struct arena *a = arena_new();
	mail_analyse(m, c, a, &r);
	check_table(&r);
	if (msg_inert(m, c, &out))
		check_copy(&out);
	sb_free(&out);
	arena_free(&a);
	msg_free(&m);
	return 0;
}
