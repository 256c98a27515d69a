/*
 * RFC 3834 §2: never bounces, automatic mail, lists or null senders; never
 * anything whose sender is not credible, so that nobody is written to about a
 * mail he did not write (backscatter).
 */
#include "mail/auto_answer.h"
#include "mail/addr.h"
#include "mail/auto_kind.h"
#include <string.h>

static bool is(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

bool auto_sender_trusted(const char *spf, const char *dmarc)
{
	if (is(dmarc, "pass"))
		return true;
	return !is(dmarc, "fail") && !is(spf, "fail") && !is(spf, "softfail");
}

/* RFC 3834 §4: answers go to the envelope sender. The From address takes its
 * place only when DMARC proved it. */
static const char *candidate(const struct auto_facts *f, struct arena *a)
{
	return is(f->dmarc, "pass") && *f->from_key ? f->from_key : addr_key(a, f->env_from);
}

const char *auto_answer_to(const struct auto_facts *f, struct arena *a, const char **why_r)
{
	const char *to = candidate(f, a), *why = NULL;
	if (!is(f->auto_kind, "no"))
		why = f->auto_kind;
	else if (!*f->env_from)
		why = "null-sender";
	else if (!*f->from_key)
		why = "no-from";
	else if (!addr_is_sane(to))
		why = "bad-address";
	else if (mail_is_machine_address(to) || mail_is_machine_address(f->from_key))
		why = "machine-address";
	else if (!auto_sender_trusted(f->spf, f->dmarc))
		why = "not-authenticated";
	*why_r = why ? why : "";
	return why ? NULL : to;
}
