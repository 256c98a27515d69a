/*
 * A staff member's mail, authenticated by SASL: an answer to a ticket
 * (DESK-05), a note or commands (DESK-06). An answer is stored, the reply clock
 * stops, and the outbox row from which the mailer makes the customer's mail is
 * written, in one transaction. Nothing of the staff's own mail goes out: the
 * mailer builds a new one.
 *
 * The ticket is named by the address the mail was sent to (Reply-To of the copy
 * staff got), else by In-Reply-To/References, also when it was sent straight
 * to the customer: that would have shown the staff's own address. Where the mail
 * that is answered has moved to another ticket, it is that one (desk_moved.c).
 *
 * SECURITY: a note must never leak. A note address anywhere, in the envelope or
 * only in To or Cc, makes the whole mail a note, and then no outsider among its
 * recipients gets it.
 */
#include "desk_impl.h"
#include "mail/addr.h"
#include <string.h>

/* Newest reference first: a copy of a customer's mail keeps its Message-ID. */
static int64_t ticket_by_reference(struct store *s, const struct intake *in)
{
	struct msgid_hit hit;
	size_t n = 0;
	while (in->msg->references[n])
		n++;
	while (n-- > 0)
		if (msgid_find(s, in->msg->references[n], &hit, 1) == 1)
			return hit.ticket;
	return 0;
}

/* The errand an address stands for; the strongest one wins, a note before all. */
static enum errand errand_of(enum token_kind k)
{
	switch (k) {
	case TOKEN_NONE:
		return ERRAND_NONE;
	case TOKEN_NOTE:
		return ERRAND_NOTE;
	case TOKEN_COMMAND:
		return ERRAND_COMMAND;
	case TOKEN_HELD:
		return ERRAND_HELD;
	case TOKEN_EDIT:
		return ERRAND_EDIT;
	case TOKEN_DIAGNOSIS:
		return ERRAND_DIAGNOSIS;
	case TOKEN_HEALTH:
		return ERRAND_HEALTH;
	default:
		return ERRAND_REPLY;
	}
}

static int strength(enum errand x)
{
	static const int by[] = { [ERRAND_NONE] = 0, [ERRAND_REPLY] = 1, [ERRAND_HELD] = 2, [ERRAND_COMMAND] = 3, [ERRAND_EDIT] = 4, [ERRAND_DIAGNOSIS] = 5,
		                      [ERRAND_HEALTH] = 6, [ERRAND_NOTE] = 7 };
	return by[x];
}

static void consider(struct intake *in, enum token_kind kind, int64_t id)
{
	enum errand x = errand_of(kind);
	if (strength(x) <= strength(in->errand))
		return;
	in->errand = x;
	in->errand_id = kind == TOKEN_DESK || kind == TOKEN_FORGED ? 0 : id;
}

/* He answered the proof itself, which names its issue as every copy does. */
static void find_issue(struct intake *in)
{
	struct token_news who;
	bool to_list = false;
	for (size_t i = 0; i < in->m->nrcpts; i++)
		to_list = to_list || in->m->rcpts[i].kind == TOKEN_LIST;
	if (to_list && in->errand <= ERRAND_REPLY && token_parse_news_id(&in->d->token, in->msg->in_reply_to, &who)) {
		in->errand = ERRAND_EDIT;
		in->errand_id = who.issue;
	}
}

/* Clients put addresses where they like: what counts is that one stands there. */
static void find_errand(struct intake *in)
{
	const struct msg_addrs *lists[] = { &in->msg->to, &in->msg->cc };
	int64_t id;
	in->errand = ERRAND_NONE;
	in->errand_id = 0;
	for (size_t i = 0; i < in->m->nrcpts; i++)
		consider(in, in->m->rcpts[i].kind, in->m->rcpts[i].id);
	for (size_t l = 0; l < 2; l++)
		for (size_t i = 0; i < lists[l]->n; i++) {
			enum token_kind k = token_classify(&in->d->token, lists[l]->v[i].addr, &id);
			if (k == TOKEN_NOTE || k == TOKEN_COMMAND)
				consider(in, k, id);
		}
	find_issue(in);
}

static bool to_desk(const struct intake *in)
{
	return in->errand != ERRAND_NONE;
}

static bool sent_to_party(struct store *s, const struct intake *in, int64_t ticket)
{
	for (size_t i = 0; i < in->m->nrcpts; i++)
		if (party_has(s, ticket, addr_key(in->a, in->m->rcpts[i].addr)))
			return true;
	return false;
}

/* The ticket an address names, or 0. A held address names an outbox row. */
static int64_t ticket_by_address(struct store *s, struct intake *in)
{
	struct outbox held;
	if (in->errand == ERRAND_NONE || !in->errand_id)
		return 0;
	if (in->errand != ERRAND_HELD)
		return in->errand_id;
	return outbox_get(s, in->errand_id, in->a, &held, NULL) == OK ? held.ticket_id : 0;
}

static enum status find_ticket(struct store *s, struct intake *in, struct err *e)
{
	in->why = in->errand == ERRAND_EDIT ? "issue" : in->errand == ERRAND_HEALTH ? "health" : "diagnosis";
	if (in->errand == ERRAND_EDIT || in->errand == ERRAND_HEALTH || in->errand == ERRAND_DIAGNOSIS)
		return OK;
	int64_t id = ticket_by_address(s, in);
	in->why = "address";
	if (!id && in->errand != ERRAND_COMMAND) {
		in->why = "references";
		id = ticket_by_reference(s, in);
		if (id && !to_desk(in) && !sent_to_party(s, in, id))
			id = 0;
	}
	if (!id)
		in->why = "none";
	enum status st = id ? ticket_current(s, id, in->a, &in->ticket, e) : OK;
	if (st == ERR_NOTFOUND)
		in->ticket.id = 0;
	if (st == OK && in->ticket.id && in->errand <= ERRAND_REPLY)
		return desk_find_answered(s, in, e);
	return st == ERR_NOTFOUND ? OK : st;
}

/* Everyone but colleagues is served by the ticket from now on. */
static void take_recipients(struct store *s, struct intake *in)
{
	struct staff st;
	bool ours = in->ticket.id || in->errand > ERRAND_REPLY;
	for (size_t i = 0; i < in->m->nrcpts; i++) {
		struct desk_rcpt *r = &in->m->rcpts[i];
		const char *key = addr_key(in->a, r->addr);
		r->taken = r->kind != TOKEN_NONE || (ours && staff_by_address(s, key, in->a, &st, NULL) != OK);
	}
}

static enum message_kind kind_of(const struct intake *in)
{
	if (in->auto_kind != AUTO_NO)
		return MSG_AUTO;
	switch (in->errand) {
	case ERRAND_NOTE:
		return MSG_NOTE;
	case ERRAND_COMMAND:
	case ERRAND_HELD:
	case ERRAND_EDIT:
	case ERRAND_DIAGNOSIS:
	case ERRAND_HEALTH:
		return MSG_COMMAND;
	default:
		return in->ticket.id ? MSG_STAFF_REPLY : MSG_OTHER;
	}
}

static enum status carry_out(struct store *s, struct intake *in, const struct staff *who, struct err *e)
{
	if (in->auto_kind != AUTO_NO)
		return OK; /* a vacation answer answers nobody and stops no clock */
	if (in->errand == ERRAND_HELD)
		return desk_held(s, in, who, e);
	if (in->errand == ERRAND_EDIT)
		return desk_edit(s, in, who, e);
	if (in->errand == ERRAND_DIAGNOSIS)
		return desk_diagnosis_staff(s, in, who, e);
	if (in->errand == ERRAND_HEALTH)
		return desk_health(s, in, who, e);
	if (in->errand == ERRAND_COMMAND)
		return desk_command(s, in, who, e);
	if (in->errand > ERRAND_REPLY)
		return desk_note(s, in, who, e);
	return in->ticket.id ? desk_answer(s, in, who, e) : desk_tell_author(s, in, who, "no-ticket", e);
}

/* Ordinary mail of his own, which goes out as it is: under his name, or the one
 * Postfix has let him send as (etc/postfix/senders). */
static enum status as_himself(struct intake *in, const struct staff *who, struct err *e)
{
	if (strcmp(in->from_key, who->address) == 0 || strcmp(in->from_key, addr_key(in->a, in->m->env_from)) == 0)
		return OK;
	in->refused = "From must be your own address; answers to customers go to their ticket's address";
	return err_set(e, ERR_DENIED, "From is not the login's own");
}

enum status desk_staff_tx(struct store *s, void *arg, struct err *e)
{
	struct intake *in = arg;
	struct staff who;
	struct message m;
	in->duplicate = false;
	in->ticket = (struct ticket){ 0 };
	enum status st = staff_by_login(s, in->m->login, in->a, &who, e);
	if (st != OK)
		return st;
	find_errand(in);
	if ((st = desk_seen_before(s, in, e)) == ERR_EXISTS) {
		take_recipients(s, in);
		return OK;
	}
	if (st == OK)
		st = find_ticket(s, in, e);
	if (st != OK)
		return st;
	if (in->errand == ERRAND_REPLY && !in->ticket.id && desk_is_call(in))
		in->errand = ERRAND_COMMAND;
	take_recipients(s, in);
	if (!in->ticket.id && !to_desk(in))
		return as_himself(in, &who, e);
	desk_fill_message(in, kind_of(in), "", &m);
	m.staff_id = who.id;
	if (strcmp(in->from_key, who.address) != 0) { /* the login counts, not what From claims */
		m.from_addr = who.address;
		m.from_name = who.name;
	}
	st = desk_record(s, in, &m, e);
	return st == OK ? carry_out(s, in, &who, e) : st;
}
