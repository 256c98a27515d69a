/* What kind of mail it is, and what a bounce says. */
#include "mail/dsn.h"
#include "text/charset.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void clean(const char *s)
{
	if (!text_is_utf8(s, strlen(s)) || strpbrk(s, "\r\n"))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct msg *m;
	struct dsn d;
	if (msg_parse((const char *)p, n, NULL, &m, NULL) != OK)
		return 0;
	auto_kind_name(mail_auto_kind(m, ""));
	auto_kind_name(mail_auto_kind(m, "someone@example.jp"));
	if (mail_dsn(m, &d)) {
		clean(d.recipient);
		clean(d.action);
		clean(d.status);
		clean(d.diagnostic);
		clean(d.original_id);
	}
	msg_free(&m);
	return 0;
}
