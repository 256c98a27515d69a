/* What kind of mail it is, and what a return mail says of each recipient. */
#include "mail/auto_kind.h"
#include "mail/ret.h"
#include "text/charset.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void clean(const char *s)
{
	if (!text_is_utf8(s, strlen(s)) || strpbrk(s, "\r\n\t"))
		abort();
}

static void check(const struct ret *r)
{
	clean(r->recipient);
	clean(r->final);
	clean(r->action);
	clean(r->status);
	clean(r->code);
	clean(r->diagnostic);
	clean(r->remote_mta);
	if (r->class <= RET_NONE || r->class >= RET_CLASSES || !*r->reason || !*r->why)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const char *const senders[] = { NULL, "", "someone@example.jp" };
	static struct ret_table *t;
	struct msg *m;
	struct rets r;
	if (!t && ret_table_load("conf/mail", &t, NULL) != OK)
		abort();
	if (msg_parse((const char *)p, n, NULL, &m, NULL) != OK)
		return 0;
	auto_kind_name(mail_auto_kind(m, ""));
	auto_kind_name(mail_auto_kind(m, "someone@example.jp"));
	if (ret_read(t, m, senders[n % 3], &r) != (r.n > 0))
		abort();
	for (size_t i = 0; i < r.n; i++)
		check(&r.v[i]);
	clean(r.original_id);
	clean(r.sent_to);
	clean(r.return_path);
	clean(r.feedback);
	msg_free(&m);
	return 0;
}
