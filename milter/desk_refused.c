/*
 * The other side takes no encrypted files (DESK-17). The answer went out under
 * the contract's password and came back with such a reason: the contract's files
 * go by link from now on, and this answer goes again with one. The customer is
 * not left waiting and nobody has to do anything. A contract without the password
 * that links ask for can't have one: that is what staff are told then, and the
 * answer did not arrive.
 *
 * Only those whose server refused it get it a second time. Servers answer one by
 * one, so the returns of one answer may be several.
 *
 * It can't go round: what went by link is no encrypted file any more.
 * SECURITY: that the return is one is proved by the envelope address or
 * Message-ID it came back to, as for every bounce. The link asks for the same
 * password, so whoever lies here gains nothing.
 */
#include "desk_impl.h"
#include "store/store_contract.h"
#include "store/store_delivery.h"
#include <string.h>

static enum status has_files(struct store *s, const struct outbox *o, bool *r, struct err *e)
{
	struct sb raw = SB_INIT;
	struct msg *m = NULL;
	enum status st = message_raw(s, o->message_id, &raw, e);
	if (st == OK && msg_parse(raw.s, raw.len, &prescan_default, &m, NULL) == OK)
		for (const struct msg_part *p = m->root; p; p = msg_part_next(p))
			*r = *r || msg_part_is_file(p);
	msg_free(&m);
	sb_free(&raw);
	return st;
}

/* A report of ours (`deliver`), which always has its file. */
static bool is_report(const struct outbox *o)
{
	return o->kind == OUT_LETTER && outbox_var(o, "deliver");
}

/* True: it went out encrypted, as a file. */
static enum status was_encrypted(struct store *s, const struct intake *in, const struct outbox *o,
                                 const struct contract_delivery *now, bool *r, struct err *e)
{
	int64_t link;
	*r = false;
	if ((o->kind != OUT_REPLY && !is_report(o)) || !in->ticket.contract_id || now->policy == DELIVERY_PLAIN)
		return OK;
	enum status st = delivery_link_get(s, o->id, &link, e);
	if (st == ERR_NOTFOUND && is_report(o))
		*r = true;
	return st != ERR_NOTFOUND ? st : *r ? OK : has_files(s, o, r, e);
}

static enum status policy_now(struct store *s, const struct intake *in, struct contract_delivery *d, struct err *e)
{
	enum status st = in->ticket.contract_id ? delivery_get(s, in->ticket.contract_id, in->a, d, e) : ERR_NOTFOUND;
	if (st != ERR_NOTFOUND)
		return st;
	*d = (struct contract_delivery){ .reason = "" };
	return delivery_parse(in->d->cfg->delivery, &d->policy) ? OK : err_set(e, ERR_BUG, "delivery");
}

static enum status learn(struct store *s, struct intake *in, const struct ret *r, const struct contract *c, struct err *e)
{
	const char *words = *r->diagnostic ? r->diagnostic : r->why;
	struct contract_delivery d = { .policy = DELIVERY_LINK, .set_at = in->m->now, .learned_at = in->m->now,
		.reason = words };
	enum status st = delivery_set(s, c->id, &d, e);
	const char *detail = arena_printf(in->a, "%s: link (%s)", c->v[CF_N_NUMBER], words);
	return st == OK ? desk_audit(s, in, "system", "contract.delivery", detail, e) : st;
}

/* Whom the return names, one a line, but those who have it again already. Where it went further
 * than we know (an alias), all are meant, once. */
static enum status whom(struct store *s, struct intake *in, const struct outbox *o, const char **lines_r, struct err *e)
{
	struct outbox named = { .rcpts = "" };
	bool further = false;
	enum status st = OK;
	for (size_t i = 0; st == OK && i < in->returns.n; i++) {
		const struct ret *r = &in->returns.v[i];
		bool had = false;
		if (!desk_is_refusal(r))
			continue;
		const char *line = outbox_rcpt(o, r->recipient, in->a);
		if (line && o->state == OUT_BOUNCED)
			st = outbox_again(s, o, in->ticket.id, line, &had, e);
		if (line && !had && !outbox_rcpt(&named, line, in->a))
			named.rcpts = arena_printf(in->a, "%s%s%s", named.rcpts, *named.rcpts ? "\n" : "", line);
		further |= !line;
	}
	*lines_r = further && o->state != OUT_BOUNCED ? o->rcpts : named.rcpts;
	return st;
}

/* The same answer; it is built anew, by link now. */
static enum status send_again(struct store *s, const struct intake *in, const struct outbox *o, const char *rcpts, struct err *e)
{
	struct sb vars = SB_INIT;
	sb_add(&vars, o->vars, o->vars_len);
	if (strcmp(rcpts, o->rcpts) != 0)
		outbox_var_add(&vars, OUTBOX_PART_OF, arena_printf(in->a, "%lld", (long long)o->id));
	struct outbox again = { .ticket_id = in->ticket.id, .rcpts = rcpts, .vars = vars.s, .vars_len = vars.len, .created_at = in->m->now };
	enum status st = outbox_repeat(s, o, &again, in->a, e);
	sb_free(&vars);
	const char *detail = arena_printf(in->a, "outbox %lld", (long long)o->id);
	return st == OK ? desk_audit(s, in, "system", "ticket.resend", detail, e) : st;
}

static enum status tell_staff(struct store *s, const struct intake *in, const char *who, const struct ret *r,
                              const struct contract *c, struct err *e)
{
	const char *rcpts;
	enum status st = desk_staff_rcpts(s, in->a, &rcpts, e);
	if (st != OK || !*rcpts)
		return st;
	struct sb vars = SB_INIT;
	outbox_var_add(&vars, "subject", in->ticket.subject ? in->ticket.subject : "");
	outbox_var_add(&vars, "recipient", outbox_rcpts_shown(who, in->a));
	outbox_var_add(&vars, "reason", r->diagnostic);
	outbox_var_add(&vars, "number", c->v[CF_N_NUMBER]);
	outbox_var_add(&vars, "contract", c->v[CF_NAME]);
	st = desk_send(s, in, OUT_NOTICE, "attachment-refused", rcpts, &vars, e);
	sb_free(&vars);
	return st;
}

bool desk_is_refusal(const struct ret *r)
{
	return strcmp(r->action, "failed") == 0 && strcmp(r->reason, RET_ENCRYPTED) == 0;
}

static const struct ret *refusal(const struct intake *in)
{
	for (size_t i = 0; i < in->returns.n; i++)
		if (desk_is_refusal(&in->returns.v[i]))
			return &in->returns.v[i];
	return NULL;
}

/* It was refused by `rcpts`, because it was encrypted. */
static enum status by_link(struct store *s, struct intake *in, const struct outbox *o, const char *rcpts, enum delivery now,
                           enum refused *how_r, struct err *e)
{
	const struct ret *r = refusal(in);
	struct contract c;
	enum status st = contract_get(s, in->ticket.contract_id, in->a, &c, e);
	if (st == OK && now != DELIVERY_LINK) /* another answer may have taught it already */
		st = learn(s, in, r, &c, e);
	*how_r = st == OK && c.secret_set[CF_OPENING_PASSWORD] ? REFUSED_AGAIN : REFUSED_NO_LINK;
	if (st != OK || *how_r == REFUSED_NO_LINK)
		return st;
	st = send_again(s, in, o, rcpts, e);
	return st == OK ? tell_staff(s, in, rcpts, r, &c, e) : st;
}

enum status desk_refused(struct store *s, struct intake *in, const struct outbox *o, enum refused *how_r, struct err *e)
{
	struct contract_delivery d;
	const char *rcpts = "";
	bool encrypted = false;
	*how_r = REFUSED_NOT;
	enum status st = refusal(in) ? whom(s, in, o, &rcpts, e) : OK;
	if (st != OK || !*rcpts)
		return st;
	st = policy_now(s, in, &d, e);
	if (st == OK)
		st = was_encrypted(s, in, o, &d, &encrypted, e);
	return st == OK && encrypted ? by_link(s, in, o, rcpts, d.policy, how_r, e) : st;
}
