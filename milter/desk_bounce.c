/*
 * What comes back to the envelope sender of a mail of ours: bounces, vacation
 * answers, now and then a person (DESK-12). The address names the outbox row.
 * A failed delivery to a customer opens the ticket again, with the clock as it
 * stood, and staff are told once a row; a storm is only stored.
 */
#include "desk_impl.h"
#include "store/store_contract.h"
#include "store/store_health.h"
#include "store/store_ticket_op.h"
#include <stdlib.h>
#include <string.h>

/* By the envelope sender we gave it. Servers that report to From instead still
 * return the header with our Message-ID, whose MAC proves it as well. */
int64_t desk_bounced_row(const struct intake *in)
{
	int64_t row = 0;
	for (size_t i = 0; i < in->m->nrcpts; i++)
		if (in->m->rcpts[i].kind == TOKEN_BOUNCE)
			return in->m->rcpts[i].id;
	if (in->returns.n && token_parse_message_id(&in->d->token, in->returns.original_id, NULL, &row))
		return row;
	return 0;
}

/* The customer has no answer after all. */
static enum status reopen(struct store *s, struct intake *in, const struct outbox *o, bool *reopened_r, struct err *e)
{
	struct ticket *t = &in->ticket;
	epoch since, due;
	*reopened_r = t->id && !t->waiting_since && outbox_is_answer(o);
	if (!*reopened_r)
		return OK;
	t->last_at = in->m->now;
	ticket_clock_was(o, in->m->now, cal_due(in->d->cal, in->m->now), &since, &due);
	return ticket_answer_undo(s, t, o->ticket_id, since, due, e);
}

/* A health check whose report did not arrive is held; who answers the notice is asked about it. */
static enum status hold_health(struct store *s, const struct intake *in, const struct outbox *o, const struct ret *r, struct sb *vars,
                               struct err *e)
{
	const char *id = outbox_var(o, HEALTH_VAR), *why = *r->diagnostic ? r->diagnostic : r->why;
	bool held = false;
	enum status st = id ? health_undelivered(s, strtoll(id, NULL, 10), o->id, why, in->m->now, &held, e) : OK;
	if (held)
		outbox_var_add(vars, "reply_health", id);
	outbox_var_add(vars, "held", held ? "1" : "");
	return st;
}

/* What is missing, where the other side takes links alone. */
static enum status say_no_link(struct store *s, const struct intake *in, enum refused how, struct sb *vars, struct err *e)
{
	struct contract c;
	outbox_var_add(vars, "no_link", how == REFUSED_NO_LINK ? "1" : "");
	if (how != REFUSED_NO_LINK)
		return OK;
	enum status st = contract_get(s, in->ticket.contract_id, in->a, &c, e);
	outbox_var_add(vars, "number", st == OK ? c.v[CF_N_NUMBER] : "");
	return st;
}

static enum status tell_staff(struct store *s, struct intake *in, const struct outbox *o, const struct ret *r, enum refused how,
                              bool reopened, struct err *e)
{
	const char *rcpts;
	struct sb vars = SB_INIT;
	outbox_var_add(&vars, "recipient", *r->recipient ? r->recipient : o->rcpts);
	outbox_var_add(&vars, "status", r->status);
	outbox_var_add(&vars, "why", r->why);
	outbox_var_add(&vars, "reason", r->diagnostic);
	outbox_var_add(&vars, "subject", in->ticket.subject ? in->ticket.subject : "");
	outbox_failure_vars(o, reopened, &vars);
	enum status st = hold_health(s, in, o, r, &vars, e);
	if (st == OK)
		st = say_no_link(s, in, how, &vars, e);
	if (st == OK)
		st = desk_staff_rcpts(s, in->a, &rcpts, e);
	if (st == OK && *rcpts)
		st = desk_send(s, in, OUT_NOTICE, "delivery-failed", rcpts, &vars, e);
	sb_free(&vars);
	return st;
}

/* The first recipient that it did not reach, or NULL; besides those who refused it if `others`. */
static const struct ret *failure(const struct intake *in, bool others)
{
	for (size_t i = 0; i < in->returns.n; i++)
		if (strcmp(in->returns.v[i].action, "failed") == 0 && !(others && desk_is_refusal(&in->returns.v[i])))
			return &in->returns.v[i];
	return NULL;
}

static enum status failed(struct store *s, struct intake *in, const struct outbox *o, struct err *e)
{
	enum refused how = REFUSED_NOT;
	bool reopened = false;
	const struct ret *first = failure(in, false), *r = first;
	enum status st = outbox_bounced(s, o->id, *r->diagnostic ? r->diagnostic : r->why, in->m->now, e);
	if (st == OK)
		st = desk_refused(s, in, o, &how, e);
	if (how == REFUSED_AGAIN)
		r = failure(in, true);
	if (st == OK && r)
		st = reopen(s, in, o, &reopened, e);
	/* A bounce from staff's own mailboxes must not cause more mail to them. */
	if (st == OK && r && outbox_to_customer(o))
		st = tell_staff(s, in, o, r, how, reopened, e);
	return st == OK ? desk_audit(s, in, "system", "mail.bounced", first->status, e) : st;
}

/* Something of it came back already. What else does changes nothing, unless a further server takes no encrypted files. */
static enum status failed_further(struct store *s, struct intake *in, const struct outbox *o, struct err *e)
{
	enum refused how;
	enum status st = desk_refused(s, in, o, &how, e);
	return st == OK && how == REFUSED_AGAIN ? desk_audit(s, in, "system", "mail.bounced", failure(in, false)->status, e) : st;
}

enum status desk_bounce_tx(struct store *s, void *arg, struct err *e)
{
	struct intake *in = arg;
	struct outbox o;
	struct message m;
	in->duplicate = false;
	in->ticket = (struct ticket){ 0 };
	in->why = "bounce";
	enum status st = desk_seen_before(s, in, e);
	if (st == ERR_EXISTS)
		return OK;
	if (st == OK)
		st = outbox_get(s, desk_bounced_row(in), in->a, &o, e);
	if (st == ERR_NOTFOUND) /* our MAC, but the row is gone */
		o = (struct outbox){ .rcpts = "", .state = OUT_BOUNCED };
	else if (st == OK && o.ticket_id)
		st = ticket_current(s, o.ticket_id, in->a, &in->ticket, e);
	if (st != OK && st != ERR_NOTFOUND)
		return st;
	desk_fill_message(in, MSG_BOUNCE, "", &m);
	st = desk_record(s, in, &m, e);
	if (st != OK || !failure(in, false))
		return st;
	if (o.state == OUT_CLAIMED || o.state == OUT_SENT)
		return failed(s, in, &o, e);
	return o.id && o.state == OUT_BOUNCED ? failed_further(s, in, &o, e) : OK;
}
