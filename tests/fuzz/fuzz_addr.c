/* Address lists, Message-IDs and dates out of hostile header values. */
#include "base/xalloc.h"
#include "mail/addr.h"
#include "mail/maildate.h"
#include "mail/msgid.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void check_ids(struct arena *a, const char *s)
{
	struct msgid_list l;
	msgid_refs(a, s, s, &l);
	if (l.n > MSGID_REFS || l.v[l.n] || strlen(msgid_first(a, s)) > MSGID_MAX)
		abort();
	for (size_t i = 0; i < l.n; i++)
		if (strpbrk(l.v[i], " \t\r\n<>"))
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct arena *a = arena_new();
	char *s = xstrndup((const char *)p, n);
	struct msg_addrs l;
	addr_list_parse(a, s, &l);
	if (l.n > 1000)
		abort();
	for (size_t i = 0; i < l.n; i++) {
		struct sb out = SB_INIT;
		if (!strchr(l.v[i].addr, '@') || strpbrk(l.v[i].addr, "\r\n<>"))
			abort();
		addr_format(l.v[i].name, l.v[i].addr, 6, &out);
		for (char *nl = out.s; (nl = strchr(nl, '\n')); nl++)
			if (nl[1] != ' ')
				abort();
		sb_free(&out);
	}
	check_ids(a, s);
	(void)mail_date_parse(s);
	free(s);
	arena_free(&a);
	return 0;
}
