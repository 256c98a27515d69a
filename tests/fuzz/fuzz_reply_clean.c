/* The last gate before a customer: what passes it names nobody of the inside,
 * whatever a staff client made of the quote (DESK-05). */
#include "reply_clean.h"
#include "base/xalloc.h"
#include "text/charset.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static const struct reply_staff people[] = { { "su@x.jp", "鈴木 一郎" }, { "sato@x.jp", "佐藤" } };
static const struct reply_ctx ctx = {
	.desk_address = "desk@x.jp", .desk_name = "相談センター", .desk_localpart = "desk", .domain = "x.jp",
	.staff = people, .nstaff = 2, .internal_names = "pc-1.lan, Crow", .ticket_tag = "YOROZU",
};

static void need(int ok)
{
	if (!ok)
		abort();
}

static int in_address(char c)
{
	return strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._%+-@", c) != NULL;
}

static int names(const char *s, const char *addr)
{
	size_t len = strlen(addr);
	for (const char *at = s; (at = strcasestr(at, addr)); at++)
		if ((at == s || !in_address(at[-1])) && !in_address(at[len]))
			return 1;
	return 0;
}

static void text(const char *s, size_t n)
{
	struct sb out = SB_INIT;
	struct err e;
	if (reply_clean_text(&ctx, s, n, &out, &e) == OK) {
		need(text_is_utf8(out.s, out.len));
		need(!names(out.s, "su@x.jp") && !names(out.s, "sato@x.jp"));
		need(!strstr(out.s, BANNER_BEGIN) && !strstr(out.s, BANNER_END));
	}
	sb_free(&out);
}

static void subject(const char *s)
{
	struct sb out = SB_INIT;
	reply_clean_subject(&ctx, 12, s, &out);
	need(text_is_utf8(out.s, out.len) && !strpbrk(out.s, "\r\n") && out.len < 4 * 200 + 40);
	sb_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct sb b = SB_INIT; /* without NUL, as every text here */
	text_valid((const char *)p, n, &b);
	text(b.s, b.len);
	subject(b.s);
	sb_free(&b);
	return 0;
}
