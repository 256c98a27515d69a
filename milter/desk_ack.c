/*
 * May a machine answer this mail? RFC 3834 §2: never bounces, automatic mail,
 * lists or null senders; never anything whose sender is not credible, so that
 * nobody is sent an answer to a mail he did not write (backscatter); and never
 * more than a few a day to one address, so that two machines can't keep each
 * other busy whatever headers they leave out.
 */
#include "desk_impl.h"
#include "mail/addr.h"
#include <string.h>

enum { DAY = 86400 };

bool desk_auth_credible(const struct auth_result *r)
{
	return strcmp(r->spf, "fail") != 0 && strcmp(r->dmarc, "fail") != 0;
}

/* A soft fail is enough doubt for a robot, though not for a person. */
static bool robot_may_trust(const struct auth_result *r)
{
	if (strcmp(r->dmarc, "pass") == 0)
		return true;
	return desk_auth_credible(r) && strcmp(r->spf, "softfail") != 0;
}

/* RFC 3834 §4: answers go to the envelope sender. The From address takes its
 * place only when DMARC proved it. */
static const char *candidate(const struct intake *in)
{
	const char *env = addr_key(in->a, in->m->env_from);
	if (strcmp(in->auth.dmarc, "pass") == 0 && *in->from_key)
		return in->from_key;
	return env;
}

/* Exchange's way to ask for no automatic answer (MS-OXCMAIL). */
static bool asks_for_none(const struct intake *in)
{
	const struct msg_field *f = msg_field(in->msg, "X-Auto-Response-Suppress");
	return f && (strcasestr(f->value, "all") || strcasestr(f->value, "oof") || strcasestr(f->value, "autoreply"));
}

static bool within_limits(struct store *s, const struct intake *in, const char *to)
{
	const struct cfg *c = in->d->cfg;
	int64_t one = 0, all = 0;
	epoch since = in->m->now - DAY;
	return ack_count(s, to, since, &one, NULL) == OK && ack_count(s, NULL, since, &all, NULL) == OK &&
	       one < c->ack_per_sender_day && all < c->ack_per_day;
}

const char *desk_ack_recipient(struct store *s, const struct intake *in, const char **why_r)
{
	const char *to = candidate(in), *why = NULL;
	if (in->auto_kind != AUTO_NO)
		why = auto_kind_name(in->auto_kind);
	else if (!*in->m->env_from)
		why = "null-sender";
	else if (in->msg->from_is_broken)
		why = "no-from";
	else if (!addr_is_sane(to))
		why = "bad-address";
	else if (mail_is_machine_address(to) || mail_is_machine_address(in->from_key))
		why = "machine-address";
	else if (asks_for_none(in))
		why = "suppressed";
	else if (!robot_may_trust(&in->auth))
		why = "not-authenticated";
	else if (desk_is_our_address(in->d, s, in->a, to) || desk_is_our_address(in->d, s, in->a, in->from_key))
		why = "our-own-address";
	else if (!within_limits(s, in, to))
		why = "rate-limit";
	*why_r = why ? why : "";
	return why ? NULL : to;
}
