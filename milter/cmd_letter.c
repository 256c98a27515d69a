/*
 * Mails that commands send: letters to the customer, the last answer again,
 * copies to the one who asks.
 */
#include "cmd.h"
#include <stdlib.h>
#include <string.h>

enum { COPIES_MAX = 20 };

/* The customer's newest mail: letters go to its people, in its thread. */
static enum status newest_mail(struct cmd_run *r, struct message *m_r, struct err *e)
{
	struct message *v;
	size_t n;
	enum status st = message_list(r->s, r->t.id, r->in->a, &v, &n, e);
	if (st != OK)
		return st;
	while (n > 0 && v[n - 1].kind != MSG_CUSTOMER)
		n--;
	/* After a call there may be an address, and no mail yet. */
	*m_r = n ? v[n - 1] : (struct message){ .ticket_id = r->t.id, .message_id = "", .from_addr = "", .from_name = "" };
	return OK;
}

static enum status letter_row(struct cmd_run *r, const char *tmpl, const char *rcpts, const struct sb *vars, struct err *e)
{
	struct outbox o = { .kind = OUT_LETTER, .ticket_id = r->t.id, .message_id = r->in->message_id, .rcpts = rcpts,
	                    .tmpl = tmpl, .vars = vars->s, .vars_len = vars->len, .created_at = r->by.now };
	return outbox_add(r->s, &o, e);
}

enum status cmd_letter(struct cmd_run *r, const char *tmpl, struct sb *vars, const char **to_r, struct err *e)
{
	struct message m;
	struct sb lines = SB_INIT, refs = SB_INIT;
	enum status st = newest_mail(r, &m, e);
	if (st == OK)
		st = desk_addressees(r->s, r->in, &m, &lines, &refs, e);
	if (st == OK && !lines.len)
		st = cmd_refuse(r, "相談 #%lld には、返信できるお客さまのメールアドレスがありません", (long long)r->t.id);
	if (st == OK) {
		outbox_var_add(vars, "author", r->who->address);
		/* his own: a ticket's may be another's since a merge */
		outbox_var_add(vars, "subject", m.subject && *m.subject ? m.subject : r->t.subject);
		outbox_var_add(vars, "name", m.from_name);
		outbox_var_add(vars, "in_reply_to", m.message_id);
		outbox_var_add(vars, "references", refs.s);
		st = letter_row(r, tmpl, lines.s, vars, e);
	}
	*to_r = outbox_rcpts_shown(lines.s, r->in->a);
	sb_free(&lines);
	sb_free(&refs);
	return st;
}

/* ---- once more --------------------------------------------------------------------- */

/* Of the ticket and of those that went into it. */
static enum status last_answer(struct cmd_run *r, struct outbox *o, struct err *e)
{
	struct merge *v;
	size_t n;
	struct outbox older;
	enum status found = outbox_last_answer(r->s, r->t.id, r->in->a, o, e);
	if (found != OK && found != ERR_NOTFOUND)
		return found;
	enum status st = merges_into(r->s, r->t.id, r->in->a, &v, &n, e);
	for (size_t i = 0; st == OK && i < n; i++) {
		st = outbox_last_answer(r->s, v[i].source_id, r->in->a, &older, e);
		if (st == OK && (found != OK || older.id > o->id)) {
			*o = older;
			found = OK;
		}
		st = st == ERR_NOTFOUND ? OK : st;
	}
	return st == OK ? found : st;
}

/* What went to some of them once more, by itself, is still everybody's answer. */
static enum status to_all(struct cmd_run *r, struct outbox *o, struct err *e)
{
	struct outbox whole;
	const char *id = outbox_var(o, OUTBOX_PART_OF);
	if (!id)
		return OK;
	enum status st = outbox_get(r->s, strtoll(id, NULL, 10), r->in->a, &whole, e);
	if (st == OK) {
		o->rcpts = whole.rcpts;
		o->vars = whole.vars, o->vars_len = whole.vars_len; /* it is no part any more */
		o->state = whole.state == OUT_FAILED || whole.state == OUT_BOUNCED ? whole.state : o->state;
	}
	return st == ERR_NOTFOUND ? OK : st;
}

static enum status send_again(struct cmd_run *r, const struct outbox *old, struct err *e)
{
	struct outbox o = { .ticket_id = r->t.id, .rcpts = old->rcpts, .vars = old->vars, .vars_len = old->vars_len, .created_at = r->by.now };
	enum status st = outbox_repeat(r->s, old, &o, r->in->a, e);
	return st == OK ? cmd_audit(r, "ticket.resend", arena_printf(r->in->a, "outbox %lld", (long long)old->id), e) : st;
}

/* It never came to the customer, and he wrote nothing since: now he has it. */
static enum status counts_now(struct cmd_run *r, const struct outbox *o, struct err *e)
{
	struct message m;
	epoch since = 0;
	if (!r->t.waiting_since || (o->state != OUT_FAILED && o->state != OUT_BOUNCED))
		return OK;
	enum status st = ticket_unanswered(r->s, r->t.id, &since, e);
	if (st != OK || since)
		return st;
	st = message_get(r->s, o->message_id, r->in->a, &m, e);
	if (st == OK)
		st = ticket_answer(r->s, &r->t, m.staff_id, r->by.now, e);
	cmd_say(r, "。届いていなかった回答のため、これで対応済とします");
	return st;
}

static enum status answer_again(struct cmd_run *r, struct err *e)
{
	char at[48];
	struct outbox o;
	enum status st = last_answer(r, &o, e);
	if (st == ERR_NOTFOUND)
		return cmd_refuse(r, "お客さまに送った回答がまだありません");
	if (st == OK)
		st = to_all(r, &o, e);
	if (st == OK) /* what was refused for want of one goes out now */
		st = ticket_find_contract(r->s, &r->t, &r->by, r->in->a, e);
	if (st == OK)
		st = send_again(r, &o, e);
	if (st == OK)
		cmd_say(r, "%s の回答を、もう一度 %s に送ります", clk_ja(o.created_at, at), outbox_rcpts_shown(o.rcpts, r->in->a));
	return st == OK ? counts_now(r, &o, e) : st;
}

static enum status copy_to_me(struct cmd_run *r, int64_t message, struct err *e)
{
	struct sb vars = SB_INIT;
	outbox_var_add(&vars, "event", "follow-up");
	struct outbox o = { .kind = OUT_STAFF_COPY, .ticket_id = r->t.id, .message_id = message, .rcpts = r->who->address,
	                    .tmpl = "", .vars = vars.s, .vars_len = vars.len, .created_at = r->by.now };
	enum status st = outbox_add(r->s, &o, e);
	sb_free(&vars);
	return st;
}

static enum status copies(struct cmd_run *r, struct err *e)
{
	struct message *v;
	size_t n, sent = 0, customers = 0;
	enum status st = message_list(r->s, r->t.id, r->in->a, &v, &n, e);
	for (size_t i = 0; st == OK && i < n; i++)
		customers += v[i].kind == MSG_CUSTOMER;
	size_t left = customers;
	for (size_t i = 0; st == OK && i < n; i++)
		if (v[i].kind == MSG_CUSTOMER && left-- <= COPIES_MAX) {
			st = copy_to_me(r, v[i].id, e);
			sent++;
		}
	cmd_say(r, "お客さまのメールの控え %zu 通をあなたに送ります%s", sent, customers > sent ? " (新しいものから)" : "");
	return st;
}

enum status cmd_resend(struct cmd_run *r, const struct command *c, struct err *e)
{
	static const char *const mine[] = { "控え", "自分", "私", "me", NULL };
	if (!*c->word)
		return answer_again(r, e);
	if (!cmd_is_one_of(c->word, mine))
		return cmd_refuse(r, "「%s」は分かりません。お客さまへの回答をもう一度送るときは「再送」、"
		                     "あなたに控えを送るときは「再送 控え」と書いてください", cmd_fit(r->in->a, c->word));
	return copies(r, e);
}
