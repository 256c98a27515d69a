/*
 * What comes back to the envelope sender of a mail of ours: bounces, vacation
 * answers, now and then a person (DESK-12). The address names the outbox row.
 * A failed delivery to a customer opens the ticket again, with the clock as it
 * stood, and staff are told once a row and recipient of it, as the audit knows;
 * a storm is only stored.
 */
#include "desk_impl.h"
#include "mail/addr.h"
#include "store/store_audit.h"
#include "store/store_contract.h"
#include "store/store_letter.h"
#include "store/store_ticket_op.h"
#include <string.h>
#include <strings.h>

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
	*reopened_r = false;
	if (!in->ticket.id || !outbox_is_answer(o))
		return OK;
	in->ticket.last_at = in->m->now;
	return ticket_answer_undo(s, &in->ticket, o, in->m->now, cal_due(in->d->cal, in->m->now), reopened_r, e);
}

/* ---- whom it did not reach ---------------------------------------------------------- */

#define BOUNCED "mail.bounced"

struct failures {
	const struct ret **v;
	size_t n;
};

/* What the audit says of it: "tanaka@… 5.1.1 (outbox 3)". */
static char *record_of(const struct intake *in, const struct outbox *o, const struct ret *r)
{
	return arena_printf(in->a, "%s%s%s (outbox %lld)", addr_key(in->a, r->recipient), *r->recipient && *r->status ? " " : "", r->status,
	                    (long long)o->id);
}

/* Is `detail` about this recipient of the row? */
static bool is_of(const struct intake *in, const char *detail, const struct outbox *o, const struct ret *r)
{
	const char *key = addr_key(in->a, r->recipient), *row = arena_printf(in->a, " (outbox %lld)", (long long)o->id);
	size_t n = strlen(key), all = strlen(detail), tail = strlen(row);
	return strncmp(detail, key, n) == 0 && detail[n] == ' ' && all >= tail && strcmp(detail + all - tail, row) == 0;
}

/* Of a row of which something came back before: a recipient of it, not told of
 * yet, to whom the mail did not go once more since. */
static enum status is_news(struct store *s, const struct intake *in, const struct outbox *o, const struct ret *r, bool *news_r,
                           struct err *e)
{
	struct audit *v;
	size_t n = 0;
	bool again = false;
	const char *rcpt = outbox_rcpt(o, r->recipient, in->a);
	*news_r = false;
	if (!rcpt || !in->ticket.id || !strchr(o->rcpts, '\n')) /* the only one: he was told of */
		return OK;
	enum status st = outbox_again(s, o, in->ticket.id, rcpt, &again, e);
	if (st == OK && !again)
		st = audit_list(s, in->ticket.id, in->a, &v, &n, e);
	*news_r = !again;
	for (size_t i = 0; st == OK && i < n; i++)
		if (strcmp(v[i].what, BOUNCED) == 0 && is_of(in, v[i].detail, o, r))
			*news_r = false;
	return st;
}

static bool is_among(const struct failures *f, const struct ret *r)
{
	for (size_t i = 0; i < f->n; i++)
		if (strcasecmp(f->v[i]->recipient, r->recipient) == 0)
			return true;
	return false;
}

/* The recipients that it did not reach; of a row that bounced before those that are news. */
static enum status find_failures(struct store *s, const struct intake *in, const struct outbox *o, struct failures *f, struct err *e)
{
	enum status st = OK;
	*f = (struct failures){ .v = arena_zalloc(in->a, (in->returns.n + 1) * sizeof *f->v) };
	for (size_t i = 0; st == OK && i < in->returns.n; i++) {
		const struct ret *r = &in->returns.v[i];
		bool news = true;
		if (strcmp(r->action, "failed") != 0 || is_among(f, r))
			continue;
		if (o->state == OUT_BOUNCED)
			st = is_news(s, in, o, r, &news, e);
		if (news)
			f->v[f->n++] = r;
	}
	return st;
}

/* Without those who refused it and have it again. */
static struct failures but_refusals(const struct intake *in, const struct failures *f)
{
	struct failures left = { .v = arena_zalloc(in->a, (f->n + 1) * sizeof *left.v) };
	for (size_t i = 0; i < f->n; i++)
		if (!desk_is_refusal(f->v[i]))
			left.v[left.n++] = f->v[i];
	return left;
}

/* ---- telling staff ------------------------------------------------------------------- */

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

/* "sato@… (5.1.1)、kato@…" */
static void add_others(const struct failures *f, struct sb *vars)
{
	struct sb b = SB_INIT;
	for (size_t i = 1; i < f->n; i++) {
		const struct ret *r = f->v[i];
		sb_addf(&b, *r->status ? "%s%s (%s)" : "%s%s", b.len ? "、" : "", *r->recipient ? r->recipient : "(不明)", r->status);
	}
	outbox_var_add(vars, "others", b.s);
	sb_free(&b);
}

static enum status tell_staff(struct store *s, struct intake *in, const struct outbox *o, const struct failures *f, enum refused how,
                              bool reopened, struct err *e)
{
	const char *rcpts;
	const struct ret *r = f->v[0];
	struct sb vars = SB_INIT;
	outbox_var_add(&vars, "recipient", *r->recipient ? r->recipient : o->rcpts);
	add_others(f, &vars);
	outbox_var_add(&vars, "status", r->status);
	outbox_var_add(&vars, "why", r->why);
	outbox_var_add(&vars, "reason", r->diagnostic);
	outbox_var_add(&vars, "subject", in->ticket.subject ? in->ticket.subject : "");
	outbox_failure_vars(o, reopened, &vars);
	enum status st = letter_undelivered(s, o, *r->diagnostic ? r->diagnostic : r->why, in->m->now, &vars, e);
	if (st == OK)
		st = say_no_link(s, in, how, &vars, e);
	if (st == OK)
		st = desk_staff_rcpts(s, in->a, &rcpts, e);
	if (st == OK && *rcpts)
		st = desk_send(s, in, OUT_NOTICE, "delivery-failed", rcpts, &vars, e);
	sb_free(&vars);
	return st;
}

/* ---- what it changes ----------------------------------------------------------------- */

static enum status record_all(struct store *s, const struct intake *in, const struct outbox *o, const struct failures *f, struct err *e)
{
	enum status st = OK;
	for (size_t i = 0; st == OK && i < f->n; i++)
		st = desk_audit(s, in, "system", BOUNCED, record_of(in, o, f->v[i]), e);
	return st;
}

/* Those who refuse encrypted files are seen to first, also when others of the row came back before. */
static enum status failed(struct store *s, struct intake *in, const struct outbox *o, const struct failures *all, struct err *e)
{
	enum refused how = REFUSED_NOT;
	bool reopened = false;
	struct failures f = *all;
	enum status st = OK;
	if (f.n && o->state != OUT_BOUNCED)
		st = outbox_bounced(s, o->id, *f.v[0]->diagnostic ? f.v[0]->diagnostic : f.v[0]->why, in->m->now, e);
	if (st == OK)
		st = desk_refused(s, in, o, &how, e);
	if (how == REFUSED_AGAIN)
		f = but_refusals(in, all);
	if (st == OK && f.n)
		st = reopen(s, in, o, &reopened, e);
	/* A bounce from staff's own mailboxes must not cause more mail to them. */
	if (st == OK && f.n && outbox_to_customer(o))
		st = tell_staff(s, in, o, &f, how, reopened, e);
	return st == OK ? record_all(s, in, o, all, e) : st;
}

enum status desk_bounce_tx(struct store *s, void *arg, struct err *e)
{
	struct intake *in = arg;
	struct outbox o;
	struct message m;
	struct failures f;
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
	bool out = o.id && (o.state == OUT_CLAIMED || o.state == OUT_SENT || o.state == OUT_BOUNCED);
	if (st == OK && out)
		st = find_failures(s, in, &o, &f, e);
	return st == OK && out ? failed(s, in, &o, &f, e) : st;
}
