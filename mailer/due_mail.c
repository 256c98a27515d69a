/*
 * The mails of the reply clock: reminders, alerts and the news that a target
 * was missed, to staff; the separate notice (別途ご連絡), to the customer.
 * SECURITY: the notice is written by a machine, so it goes only where a machine
 * may write (mail/auto_answer.h), never about a mail that bears a warning. It needs no
 * limit a day: there is one for a due time, and a clock starts anew only after
 * a person has answered, so no two machines can keep each other busy with it.
 */
#include "due_impl.h"
#include "mail/auto_answer.h"
#include "store/store_audit.h"
#include "store/store_call.h"
#include "store/store_message.h"
#include "store/store_people.h"
#include "store/store_ticket_op.h"
#include "text/layout.h"
#include <string.h>

enum { ALL_STAFF = STAFF_AGENT | STAFF_SUPERVISOR, VALUE_COLS = 56 };

enum status due_send(const struct due_ctx *x, enum outbox_kind kind, const char *tmpl, int64_t ticket,
                     const char *rcpts, const struct sb *vars, struct err *e)
{
	struct outbox o = {
		.kind = kind,
		.ticket_id = ticket,
		.rcpts = rcpts,
		.tmpl = tmpl,
		.vars = vars->s,
		.vars_len = vars->len,
		.created_at = x->now,
	};
	return outbox_add(x->s, &o, e);
}

static enum status audit(const struct due_ctx *x, const struct due_case *c, const char *what, const char *detail,
                         struct err *e)
{
	struct audit row = { .at = x->now, .who = "system", .what = what, .ticket_id = c->t.id, .detail = detail };
	return audit_add(x->s, &row, e);
}

/* ---- whom ------------------------------------------------------------------------ */

static void add_line(struct sb *lines, const char *addr)
{
	sb_addf(lines, "%s%s", lines->len ? "\n" : "", addr);
}

static enum status add_staff(const struct due_ctx *x, unsigned roles, struct sb *lines, struct err *e)
{
	struct staff *v;
	size_t n;
	enum status st = staff_list(x->s, roles, x->a, &v, &n, e);
	for (size_t i = 0; st == OK && i < n; i++)
		add_line(lines, v[i].address);
	return st;
}

static const char *kept(const struct due_ctx *x, struct sb *lines)
{
	const char *r = arena_memdup(x->a, lines->s, lines->len);
	sb_free(lines);
	return r;
}

enum status due_staff(const struct due_ctx *x, unsigned roles, const char **lines_r, struct err *e)
{
	struct sb lines = SB_INIT;
	enum status st = add_staff(x, roles, &lines, e);
	*lines_r = kept(x, &lines);
	return st;
}

/* Whoever has taken the ticket, if he is still here. */
static bool taker(const struct due_ctx *x, const struct due_case *c, struct staff *who)
{
	return c->t.assignee_id && staff_by_id(x->s, c->t.assignee_id, x->a, who, NULL) == OK && who->active;
}

/* A reminder is for the one who has it, else for all; an alert for the
 * supervisors too; a missed target for everybody. Nobody there: all. */
static enum status recipients(const struct due_ctx *x, const struct due_case *c, const char **lines_r, struct err *e)
{
	struct staff who;
	struct sb lines = SB_INIT;
	enum status st = OK;
	bool taken = taker(x, c, &who), alert = c->plan.word == DUE_ALERT;
	if (c->plan.word == DUE_OVERDUE)
		return due_staff(x, ALL_STAFF, lines_r, e);
	if (alert || !taken)
		st = add_staff(x, alert ? STAFF_SUPERVISOR : STAFF_AGENT, &lines, e);
	if (taken && (lines.len || !alert) && !(alert && who.roles & STAFF_SUPERVISOR))
		add_line(&lines, who.address);
	*lines_r = kept(x, &lines);
	return st == OK && !**lines_r ? due_staff(x, ALL_STAFF, lines_r, e) : st;
}

/* ---- to staff ------------------------------------------------------------------------- */

static const char *person(const struct due_ctx *x, const struct message *m)
{
	return arena_printf(x->a, *m->from_name ? "%s <%s>" : "%s%s", m->from_name, m->from_addr);
}

static const char *contract_words(const struct due_ctx *x, const struct message *m)
{
	struct contract_match k = { 0 };
	if (!*m->from_addr || contract_match(x->s, m->from_addr, x->a, &k, NULL) != OK || !k.id)
		return "";
	return arena_printf(x->a, "%s (%s)", k.name, k.n_number);
}

static void add_time(struct sb *vars, const char *name, epoch t)
{
	char buf[48];
	outbox_var_add(vars, name, t ? clk_ja(t, buf) : "");
}

static void add_span(struct sb *vars, const char *name, int64_t seconds)
{
	char buf[48];
	outbox_var_add(vars, name, clk_span_ja(seconds, buf));
}

/* What the customer was told of the delay, or will be. */
static void add_notice(const struct due_ctx *x, const struct due_case *c, const struct message *m, struct sb *vars)
{
	const struct due_rules *r = &x->d->rules;
	bool ahead = m && r->notice_before && !c->done.noticed_at && !c->done.unnoticed;
	epoch at = ahead ? due_notice_at(r, &c->clock) : 0;
	add_time(vars, "notice_at", at > x->now ? at : 0);
	add_time(vars, "noticed_at", c->done.noticed_at);
	outbox_var_add(vars, "unnoticed", m && c->done.unnoticed ? "1" : "");
}

/* A call-back that was promised: whom, and on which number. */
static void add_call(const struct due_ctx *x, const struct due_case *c, struct sb *vars)
{
	struct call k;
	bool pending = call_pending(x->s, c->t.id, x->a, &k, NULL) == OK;
	outbox_var_add(vars, "callback", pending ? "1" : "");
	outbox_var_add(vars, "caller", !pending ? "" : *k.company && *k.person ? arena_printf(x->a, "%s %s", k.company, k.person)
	               : *k.person ? k.person : k.company);
	outbox_var_add(vars, "phone", pending ? k.phone : "");
}

/* Names are as long as somebody likes; a line is not. */
static void add_line_of(struct sb *vars, const char *name, const char *value)
{
	struct sb b = SB_INIT;
	text_fit(value, VALUE_COLS, false, &b);
	outbox_var_add(vars, name, b.s);
	sb_free(&b);
}

static void tell_vars(const struct due_ctx *x, const struct due_case *c, const struct message *m, struct sb *vars)
{
	const struct cal *cal = x->d->rules.cal;
	struct staff who;
	outbox_var_add(vars, "subject", c->t.subject);
	add_line_of(vars, "customer", m ? person(x, m) : "");
	add_line_of(vars, "contract", m ? contract_words(x, m) : "");
	bool taken = taker(x, c, &who);
	outbox_var_add(vars, "assignee", taken ? who.name : "");
	outbox_var_add(vars, "nobody", taken ? "" : "1");
	add_time(vars, "received", c->t.waiting_since);
	add_time(vars, "due", c->t.due_at);
	add_span(vars, "left", cal_reply_time(cal, x->now, c->t.due_at));
	add_span(vars, "over", cal_reply_time(cal, c->t.due_at, x->now));
	add_notice(x, c, m, vars);
	add_call(x, c, vars);
}

/* The mail that has waited longest, or *m_r NULL: a ticket without mail, or one on which
 * only a call-back is to be made. */
static enum status waiting_mail(const struct due_ctx *x, const struct due_case *c, struct message **m_r, struct err *e)
{
	bool for_call = false;
	*m_r = arena_zalloc(x->a, sizeof **m_r);
	enum status st = ticket_is_for_call(x->s, &c->t, &for_call, e);
	if (st == OK && for_call)
		st = ERR_NOTFOUND;
	if (st == OK)
		st = message_waiting(x->s, c->t.id, c->t.waiting_since, x->a, *m_r, e);
	if (st == ERR_NOTFOUND)
		*m_r = NULL;
	return st == ERR_NOTFOUND ? OK : st;
}

enum status due_tell(const struct due_ctx *x, const struct due_case *c, struct err *e)
{
	static const char *const tmpls[] = { "due-reminder", "due-alert", "due-overdue" };
	struct sb vars = SB_INIT;
	struct message *m;
	const char *rcpts;
	enum status st = recipients(x, c, &rcpts, e);
	if (st == OK)
		st = waiting_mail(x, c, &m, e);
	if (st == OK && *rcpts) {
		tell_vars(x, c, m, &vars);
		st = due_send(x, OUT_NOTICE, tmpls[c->plan.word], c->t.id, rcpts, &vars, e);
	}
	if (st == OK)
		st = audit(x, c, tmpls[c->plan.word], arena_printf(x->a, "%d%%", c->plan.stage), e);
	sb_free(&vars);
	return st;
}

/* ---- to the customer ---------------------------------------------------------------------- */

static bool is_ours(const struct due_ctx *x, const char *addr)
{
	struct staff st;
	int64_t id;
	return token_classify(&x->d->build->token, addr, &id) != TOKEN_NONE ||
	       staff_by_address(x->s, addr, x->a, &st, NULL) == OK;
}

/* NULL and why not. */
static const char *customer(const struct due_ctx *x, const struct message *m, const char **why_r)
{
	if (!m)
		return *why_r = "no-mail", NULL;
	const struct auto_facts f = { m->auto_kind, m->envelope_from, m->from_addr, m->spf, m->dmarc };
	const char *to = auto_answer_to(&f, x->a, why_r);
	if (to && *m->note)
		*why_r = "doubtful";
	else if (to && (is_ours(x, to) || is_ours(x, m->from_addr)))
		*why_r = "our-own-address";
	return **why_r ? NULL : to;
}

static void letter_vars(const struct due_ctx *x, const struct due_case *c, const struct message *m, struct sb *vars)
{
	outbox_var_add(vars, "subject", m->subject);
	outbox_var_add(vars, "name", m->from_name);
	outbox_var_add(vars, "in_reply_to", m->message_id);
	outbox_var_add(vars, "reason", "");
	add_time(vars, "until", due_notice_until(&x->d->rules, c->t.due_at, x->now));
}

enum status due_letter(const struct due_ctx *x, const struct due_case *c, bool *sent_r, struct err *e)
{
	struct sb vars = SB_INIT;
	struct message *m = NULL;
	const char *why, *to = NULL;
	enum status st = waiting_mail(x, c, &m, e);
	if (st == OK && (to = customer(x, m, &why))) {
		letter_vars(x, c, m, &vars);
		st = due_send(x, OUT_LETTER, "delay-notice", c->t.id, to, &vars, e);
	}
	*sent_r = to != NULL;
	if (st == OK)
		st = audit(x, c, to ? "due.notice" : "due.notice-none", to ? to : why, e);
	sb_free(&vars);
	return st;
}
