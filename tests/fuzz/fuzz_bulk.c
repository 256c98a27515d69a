/*
 * The newsletter's readers of strangers' text: lines of Postfix's log, editors'
 * words, readers' farewells, canonical forms of DKIM: any bytes are read, and
 * relaxing what is relaxed changes nothing.
 */
#include "fuzz_text.h"
#include "bulk_log.h"
#include "mail/dkim.h"
#include "mail/news_draft.h"
#include "text/charset.h"
#include "text/command_news.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void relax(const char *s, size_t n)
{
	struct sb once = SB_INIT, twice = SB_INIT;
	dkim_relax_body(s, n, &once);
	dkim_relax_body(once.s, once.len, &twice);
	FUZZ_CHECK(once.len == twice.len && memcmp(once.s, twice.s, once.len) == 0);
	sb_free(&once);
	sb_free(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const uint8_t master[KEY_LEN] = { 1 };
	struct token_ctx t;
	struct arena *a = arena_new();
	struct news_command v[NEWS_COMMANDS_MAX];
	struct blog_line l;
	struct sb text = SB_INIT;
	unsigned kinds;
	token_init(&t, master, "sodan", "example.jp");
	token_news_init(&t, "henshu", "member", "magazine");
	char *line = arena_memdup(a, p, n);
	blog_parse(&t, line, n, &l);
	FUZZ_CHECK(strlen(l.queue_id) < sizeof l.queue_id && strlen(l.words) < sizeof l.words);
	relax(line, n);
	text_valid((const char *)p, n, &text);
	size_t count = news_commands(text.s, text.len, 1796000000, a, v);
	FUZZ_CHECK(count <= NEWS_COMMANDS_MAX);
	for (size_t i = 0; i < count; i++)
		FUZZ_CHECK(v[i].verb <= NEWS_VERBS && v[i].nwords <= 50);
	news_is_unsubscribe(text.s, text.len, a);
	const char *subject = news_draft_kinds(text.s, &kinds);
	FUZZ_CHECK(subject >= text.s && subject <= text.s + text.len && kinds < 8);
	sb_free(&text);
	arena_free(&a);
	return 0;
}
