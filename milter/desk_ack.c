/*
 * May a machine answer this mail? What RFC 3834 says of the mail itself is in
 * mail/auto_answer.h; here is what only the desk knows: never an address of our
 * own, and never more than a few a day to one address, so that two machines
 * can't keep each other busy whatever headers they leave out.
 */
#include "desk_impl.h"
#include "mail/auto_answer.h"
#include <string.h>

enum { DAY = 86400 };

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
	const struct auto_facts f = {
		.auto_kind = auto_kind_name(in->auto_kind),
		.env_from = in->m->env_from,
		.from_key = in->msg->from_is_broken ? "" : in->from_key,
		.spf = in->auth.spf,
		.dmarc = in->auth.dmarc,
	};
	const char *to = auto_answer_to(&f, in->a, why_r);
	if (to && asks_for_none(in))
		*why_r = "suppressed";
	else if (to && (desk_is_our_address(in->d, s, in->a, to) || desk_is_our_address(in->d, s, in->a, in->from_key)))
		*why_r = "our-own-address";
	else if (to && !within_limits(s, in, to))
		*why_r = "rate-limit";
	return **why_r ? NULL : to;
}
