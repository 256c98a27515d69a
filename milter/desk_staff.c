/*
 * A staff member's mail, authenticated by SASL: an answer to a ticket
 * (DESK-05), a note or commands (DESK-06). An answer is stored, the reply clock
 * stops, and the outbox row from which the mailer makes the customer's mail is
 * written, in one transaction. Nothing of the staff's own mail goes out: the
 * mailer builds a new one.
 *
 * The ticket is named by the address the mail was sent to (Reply-To of the copy
 * staff got), else by In-Reply-To/References, also when it was sent straight
 * to the customer: that would have shown the staff's own address.
 *
 * SECURITY: a note must never leak. A note address anywhere, in the envelope or
 * only in To or Cc, makes the whole mail a note, and then no outsider among its
 * recipients gets it.
 */
#include "desk_impl.h"
#include "mail/addr.h"
#include <stdio.h>
#include <string.h>

enum { MAX_HITS = 4, MAX_RCPTS = 50 };

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
	default:
		return ERRAND_REPLY;
	}
}

static int strength(enum errand x)
{
	static const int by[] = { [ERRAND_NONE] = 0, [ERRAND_REPLY] = 1, [ERRAND_HELD] = 2, [ERRAND_COMMAND] = 3, [ERRAND_NOTE] = 4 };
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

/* The ticket an address names, or 0. A held address names a mail, whose ticket it is. */
static int64_t ticket_by_address(struct store *s, struct intake *in)
{
	struct message held;
	if (in->errand == ERRAND_NONE || !in->errand_id)
		return 0;
	if (in->errand != ERRAND_HELD)
		return in->errand_id;
	return message_get(s, in->errand_id, in->a, &held, NULL) == OK ? held.ticket_id : 0;
}

static enum status find_ticket(struct store *s, struct intake *in, struct err *e)
{
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
	enum status st = id ? ticket_get(s, id, in->a, &in->ticket, e) : OK;
	if (st == ERR_NOTFOUND)
		in->ticket.id = 0;
	return st == ERR_NOTFOUND ? OK : st;
}

/* The customer's mail that is being answered: the one named by In-Reply-To, else
 * the newest. Returns its index, or n. */
static size_t answered(const struct intake *in, const struct message *v, size_t n)
{
	size_t newest = n;
	for (size_t i = 0; i < n; i++) {
		if (v[i].kind != MSG_CUSTOMER)
			continue;
		if (*v[i].message_id && strcmp(v[i].message_id, in->msg->in_reply_to) == 0)
			return i;
		newest = i;
	}
	return newest;
}

struct rcpt_list {
	struct store *s;
	struct intake *in;
	struct sb lines;
	size_t n;
};

static void add_rcpt(struct rcpt_list *l, const char *addr)
{
	const char *key = addr_key(l->in->a, addr);
	if (!addr_is_sane(key) || l->n >= MAX_RCPTS || desk_is_our_address(l->in->d, l->s, l->in->a, key))
		return;
	size_t len = strlen(key);
	for (const char *p = l->lines.s; (p = strstr(p, key)); p += len)
		if ((p == l->lines.s || p[-1] == '\n') && (p[len] == '\n' || !p[len]))
			return;
	sb_addf(&l->lines, "%s%s", l->lines.len ? "\n" : "", key);
	l->n++;
}

static void add_all(struct rcpt_list *l, const struct msg_addrs *v)
{
	for (size_t i = 0; i < v->n; i++)
		add_rcpt(l, v->v[i].addr);
}

/* Who gets the answer: the author (his Reply-To), whom he had in To and Cc, and
 * whom the staff member addressed besides. */
static enum status recipients(struct store *s, struct intake *in, const struct message *orig, struct rcpt_list *l,
                              struct sb *refs, struct err *e)
{
	struct sb raw = SB_INIT;
	struct msg *om = NULL;
	enum status st = message_raw(s, orig->id, &raw, e);
	if (st == OK && msg_parse(raw.s, raw.len, &prescan_default, &om, NULL) == OK) {
		add_all(l, om->reply_to.n ? &om->reply_to : &om->from);
		add_all(l, &om->to);
		add_all(l, &om->cc);
		for (const char **r = om->references; *r; r++)
			sb_addf(refs, "%s\n", *r);
	}
	if (*orig->message_id)
		sb_adds(refs, orig->message_id);
	if (st == OK && !l->n)
		add_rcpt(l, orig->from_addr);
	for (size_t i = 0; i < in->m->nrcpts; i++)
		if (in->m->rcpts[i].kind == TOKEN_NONE)
			add_rcpt(l, in->m->rcpts[i].addr);
	msg_free(&om);
	sb_free(&raw);
	return st;
}

/* The clock's state goes along: if the answer can't be delivered, it is put
 * back as it stood. */
static void reply_vars(const struct intake *in, const struct staff *who, const struct message *orig,
                       const struct sb *refs, struct sb *vars)
{
	char num[24];
	outbox_var_add(vars, "author", who->address);
	outbox_var_add(vars, "subject", in->ticket.subject);
	outbox_var_add(vars, "in_reply_to", orig->message_id);
	outbox_var_add(vars, "references", refs->s);
	snprintf(num, sizeof num, "%lld", (long long)in->ticket.waiting_since);
	outbox_var_add(vars, "waiting_since", num);
	snprintf(num, sizeof num, "%lld", (long long)in->ticket.due_at);
	outbox_var_add(vars, "due_at", num);
}

static enum status stop_clock(struct store *s, struct intake *in, const struct staff *who, struct err *e)
{
	struct ticket *t = &in->ticket;
	t->state = TICKET_ANSWERED;
	t->waiting_since = t->due_at = 0;
	t->last_at = in->m->now;
	if (!t->assignee_id)
		t->assignee_id = who->id;
	enum status st = ticket_update(s, t, e);
	if (st == OK)
		st = desk_audit(s, in, desk_who(in, who), "ticket.reply", in->why, e);
	return st;
}

static enum status answer(struct store *s, struct intake *in, const struct staff *who, struct err *e)
{
	struct message *v;
	size_t n, i;
	struct sb refs = SB_INIT, vars = SB_INIT;
	struct rcpt_list l = { .s = s, .in = in, .lines = SB_INIT };
	enum status st = message_list(s, in->ticket.id, in->a, &v, &n, e);
	if (st == OK && (i = answered(in, v, n)) < n) {
		st = recipients(s, in, &v[i], &l, &refs, e);
		if (st == OK) {
			reply_vars(in, who, &v[i], &refs, &vars);
			st = desk_send(s, in, OUT_REPLY, "", l.lines.s, &vars, e);
		}
	}
	if (st == OK)
		st = stop_clock(s, in, who, e);
	sb_free(&refs);
	sb_free(&vars);
	sb_free(&l.lines);
	return st;
}

/* He wrote to the consultation address, but about which ticket? */
static enum status ask_which(struct store *s, struct intake *in, const struct staff *who, struct err *e)
{
	struct sb vars = SB_INIT;
	outbox_var_add(&vars, "subject", in->msg->subject);
	outbox_var_add(&vars, "in_reply_to", in->msg->message_id);
	enum status st = desk_send(s, in, OUT_NOTICE, "no-ticket", who->address, &vars, e);
	sb_free(&vars);
	return st;
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
		return MSG_COMMAND;
	default:
		return in->ticket.id ? MSG_STAFF_REPLY : MSG_OTHER;
	}
}

static enum status carry_out(struct store *s, struct intake *in, const struct staff *who, struct err *e)
{
	if (in->auto_kind != AUTO_NO)
		return OK; /* a vacation answer answers nobody and stops no clock */
	if (in->errand > ERRAND_REPLY)
		return desk_note(s, in, who, e);
	return in->ticket.id ? answer(s, in, who, e) : ask_which(s, in, who, e);
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
	take_recipients(s, in);
	if (!in->ticket.id && !to_desk(in))
		return OK; /* ordinary mail of his own */
	desk_fill_message(in, kind_of(in), "", &m);
	m.staff_id = who.id;
	st = desk_record(s, in, &m, e);
	return st == OK ? carry_out(s, in, &who, e) : st;
}
