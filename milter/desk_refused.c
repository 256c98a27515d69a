/*
 * The other side takes no encrypted files (DESK-17). The answer went out under
 * the contract's password and came back with such a reason: the contract's files
 * go by link from now on, and this answer goes again with one. The customer is
 * not left waiting and nobody has to do anything.
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

/* The same answer; it is built anew, by link now. */
static enum status send_again(struct store *s, const struct intake *in, const struct outbox *o, struct err *e)
{
	struct outbox_file *f;
	size_t n = 0;
	struct outbox again = { .kind = o->kind, .ticket_id = in->ticket.id, .message_id = o->message_id, .rcpts = o->rcpts,
		.tmpl = o->tmpl, .vars = o->vars, .vars_len = o->vars_len, .created_at = in->m->now };
	enum status st = outbox_files(s, o->id, in->a, &f, &n, e);
	if (st == OK)
		st = outbox_add(s, &again, e);
	for (size_t i = 0; st == OK && i < n; i++)
		st = outbox_file_add(s, again.id, &f[i], e);
	const char *detail = arena_printf(in->a, "outbox %lld", (long long)o->id);
	return st == OK ? desk_audit(s, in, "system", "ticket.resend", detail, e) : st;
}

static enum status tell_staff(struct store *s, const struct intake *in, const struct outbox *o, const struct ret *r,
                              const struct contract *c, struct err *e)
{
	const char *rcpts;
	enum status st = desk_staff_rcpts(s, in->a, &rcpts, e);
	if (st != OK || !*rcpts)
		return st;
	struct sb vars = SB_INIT;
	outbox_var_add(&vars, "subject", in->ticket.subject ? in->ticket.subject : "");
	outbox_var_add(&vars, "recipient", *r->recipient ? r->recipient : o->rcpts);
	outbox_var_add(&vars, "reason", r->diagnostic);
	outbox_var_add(&vars, "number", c->v[CF_N_NUMBER]);
	outbox_var_add(&vars, "contract", c->v[CF_NAME]);
	st = desk_send(s, in, OUT_NOTICE, "attachment-refused", rcpts, &vars, e);
	sb_free(&vars);
	return st;
}

enum status desk_refused(struct store *s, struct intake *in, const struct outbox *o, const struct ret *r, bool *again_r,
                         struct err *e)
{
	struct contract_delivery d;
	struct contract c;
	*again_r = false;
	if (strcmp(r->reason, RET_ENCRYPTED) != 0)
		return OK;
	enum status st = policy_now(s, in, &d, e);
	if (st == OK)
		st = was_encrypted(s, in, o, &d, again_r, e);
	if (st != OK || !*again_r)
		return st;
	st = contract_get(s, in->ticket.contract_id, in->a, &c, e);
	if (st == OK && d.policy != DELIVERY_LINK) /* another answer may have taught it already */
		st = learn(s, in, r, &c, e);
	if (st == OK)
		st = send_again(s, in, o, e);
	return st == OK ? tell_staff(s, in, o, r, &c, e) : st;
}
