/* Signed addresses and Message-IDs: nothing but what we made passes (DESK-02). */
#include "base/xalloc.h"
#include "mail/token.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void need(int ok)
{
	if (!ok)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const uint8_t master[KEY_LEN] = { 7 };
	struct token_ctx t;
	struct arena *a = arena_new();
	int64_t id = 0, ticket = 0, outbox = 0;
	char *s = xstrndup((const char *)p, n);
	token_init(&t, master, "desk", "x.jp");
	enum token_kind kind = token_classify(&t, s, &id);
	if (kind == TOKEN_TICKET)
		need(strcasecmp(s, token_ticket_address(&t, a, id)) == 0 || strcasestr(s, "+t0"));
	if (kind == TOKEN_BOUNCE)
		need(strcasecmp(s, token_bounce_address(&t, a, id)) == 0 || strstr(s, "+0"));
	if (kind == TOKEN_DESK)
		need(strcasecmp(s, token_desk_address(&t, a)) == 0);
	if (token_parse_message_id(&t, s, &ticket, &outbox))
		need(strlen(s) >= strlen(token_message_id(&t, a, ticket, outbox)));
	free(s);
	arena_free(&a);
	return 0;
}
