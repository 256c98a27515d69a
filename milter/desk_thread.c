/*
 * Which ticket does a customer's mail belong to? (DESK-02)
 *
 *   1. the signed ticket address it was sent to, also when a gateway took the
 *      plus part from the envelope and only To or Cc still has it
 *   2. a Message-ID of ours that it answers (its MAC proves it was sent ours)
 *   3. a Message-ID of someone else that we have seen; this mail's own id, when
 *      a mail that came earlier quoted it (out-of-order arrival) or it came
 *      before with another body (over a list, through a gateway that adds a
 *      footer); Outlook's conversation, which it keeps where it drops References
 *   4. the ticket number in the subject
 *
 * 1 and 2 are capabilities: they can't be guessed. 3 and 4 can, so there the
 * sender must belong to the ticket and something must speak for his From; a
 * stranger who quotes a number or an id, or a forger, opens a ticket of his own,
 * and staff are told of the other.
 */
#include "desk_impl.h"
#include "mail/addr.h"
#include "text/freemail.h"
#include "text/utf8.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MAX_HITS = 8, MAX_REFS_ASKED = 60 };

struct search {
	struct store *s;
	struct intake *in;
	int64_t found, stranger_to; /* ticket ids, 0 = none */
	const char *why;
};

/* A colleague who was in Cc: same company domain, unless anybody can have an
 * address there. */
static bool same_company(struct search *q, int64_t ticket)
{
	const char **parties, *domain = addr_domain(q->in->from_key);
	if (!*domain || freemail_domain(domain) ||
	    party_list(q->s, ticket, q->in->a, &parties, NULL) != OK)
		return false;
	for (; *parties; parties++)
		if (strcasecmp(addr_domain(*parties), domain) == 0)
			return true;
	return false;
}

static bool same_contract(struct search *q, int64_t ticket)
{
	struct ticket t;
	struct contract_match m;
	return ticket_get(q->s, ticket, q->in->a, &t, NULL) == OK && t.contract_id != 0 &&
	       contract_match(q->s, q->in->from_key, q->in->a, &m, NULL) == OK && m.id == t.contract_id;
}

static bool known(struct search *q, int64_t ticket)
{
	return party_has(q->s, ticket, q->in->from_key) || same_contract(q, ticket) || same_company(q, ticket);
}

static bool belongs(struct search *q, int64_t ticket)
{
	return *q->in->from_key && desk_sender_vouched(q->in) && known(q, ticket);
}

static void take(struct search *q, int64_t ticket, const char *why)
{
	struct ticket t;
	if (q->found || ticket_current(q->s, ticket, q->in->a, &t, NULL) != OK)
		return;
	q->found = t.id; /* of a merged one: where it went */
	q->why = why;
}

static void take_if_belongs(struct search *q, int64_t ticket, const char *why)
{
	if (q->found)
		return;
	if (belongs(q, ticket))
		take(q, ticket, why);
	else if (!q->stranger_to)
		q->stranger_to = ticket;
}

static void by_address(struct search *q)
{
	struct outbox o;
	const struct desk_mail *m = q->in->m;
	for (size_t i = 0; i < m->nrcpts; i++) {
		if (m->rcpts[i].kind == TOKEN_TICKET)
			take(q, m->rcpts[i].id, "address");
		else if (m->rcpts[i].kind == TOKEN_BOUNCE &&
		         outbox_get(q->s, m->rcpts[i].id, q->in->a, &o, NULL) == OK && o.ticket_id)
			take(q, o.ticket_id, "bounce-address");
	}
}

static void by_header_address(struct search *q, const struct msg_addrs *v)
{
	int64_t ticket;
	for (size_t i = 0; i < v->n; i++)
		if (token_classify(&q->in->d->token, v->v[i].addr, &ticket) == TOKEN_TICKET)
			take(q, ticket, "address");
}

/* The newest reference is the nearest relative; ask from the end. */
static size_t last_ref(const struct intake *in)
{
	size_t n = 0;
	while (in->msg->references[n])
		n++;
	return n;
}

static void by_our_id(struct search *q)
{
	int64_t ticket;
	const struct msg *m = q->in->msg;
	for (size_t i = last_ref(q->in); i-- > 0 && !q->found;)
		if (token_parse_message_id(&q->in->d->token, m->references[i], &ticket, NULL) && ticket)
			take(q, ticket, "our-id");
	/* a mail of ours that somebody's forwarding rule brought back */
	if (token_parse_message_id(&q->in->d->token, m->message_id, &ticket, NULL) && ticket)
		take(q, ticket, "our-id");
}

static void by_index(struct search *q, const char *id, const char *why)
{
	struct msgid_hit hits[MAX_HITS];
	size_t n = *id ? msgid_find(q->s, id, hits, MAX_HITS) : 0;
	for (size_t i = 0; i < n && !q->found; i++)
		take_if_belongs(q, hits[i].ticket, hits[i].how == MSGID_REFERENCED && id == q->in->msg->message_id
		                                       ? "quoted-earlier" : why);
}

static void by_seen_id(struct search *q)
{
	size_t n = last_ref(q->in), asked = 0;
	for (size_t i = n; i-- > 0 && !q->found && asked < MAX_REFS_ASKED; asked++)
		by_index(q, q->in->msg->references[i], "references");
	if (!q->found)
		by_index(q, q->in->msg->message_id, "same-id");
	if (!q->found)
		by_index(q, desk_conversation_id(q->in), "conversation");
}

/* Full-width ASCII, as Japanese keyboards make it, in its plain form. */
static const char *narrow(struct arena *a, const char *s)
{
	size_t n = strlen(s), k = 0;
	char *out = arena_alloc(a, n + 1);
	for (size_t i = 0; i < n;) {
		uint32_t cp;
		size_t len = utf8_get(s + i, n - i, &cp);
		if (cp >= 0xFF01 && cp <= 0xFF5E)
			out[k++] = (char)(cp - 0xFF01 + '!');
		else if (cp == 0x3000)
			out[k++] = ' ';
		else
			memcpy(out + k, s + i, len), k += len;
		i += len;
	}
	out[k] = '\0';
	return out;
}

/* "[YOROZU #12]" anywhere in the subject. */
static int64_t subject_number(const struct intake *in)
{
	const char *tag = in->d->cfg->ticket_tag, *s = narrow(in->a, in->msg->subject);
	size_t len = strlen(tag);
	for (; *s; s++) {
		if (strncasecmp(s, tag, len) != 0)
			continue;
		const char *p = s + len;
		while (*p == ' ')
			p++;
		if (*p++ != '#')
			continue;
		p += strspn(p, " ");
		size_t digits = strspn(p, "0123456789");
		if (digits >= 1 && digits <= 18)
			return strtoll(p, NULL, 10);
	}
	return 0;
}

static void by_subject(struct search *q)
{
	struct ticket t;
	int64_t n = subject_number(q->in);
	if (n && ticket_get(q->s, n, q->in->a, &t, NULL) == OK)
		take_if_belongs(q, n, "subject");
}

static const char *stranger_note(const struct search *q)
{
	if (q->found || !q->stranger_to)
		return "";
	return arena_printf(q->in->a, "相談 #%lld を引用していますが、差出人の確認が取れないため新しい相談としました",
	                    (long long)q->stranger_to);
}

enum status desk_thread_find(struct store *s, struct intake *in, const char **note_r, struct err *e)
{
	struct search q = { .s = s, .in = in, .why = "new" };
	by_address(&q);
	by_header_address(&q, &in->msg->to);
	by_header_address(&q, &in->msg->cc);
	by_our_id(&q);
	if (!q.found)
		by_seen_id(&q);
	if (!q.found)
		by_subject(&q);
	*note_r = stranger_note(&q);
	in->newcomer = q.found && *in->from_key && !known(&q, q.found);
	in->why = q.why;
	in->ticket.id = 0;
	return q.found ? ticket_get(s, q.found, in->a, &in->ticket, e) : OK;
}
