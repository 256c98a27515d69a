/* Mails that did not go out: see undelivered.h. */
#include "undelivered.h"
#include "store/store_contract.h"
#include "store/store_letter.h"
#include "store/store_merge.h"
#include "store/store_people.h"
#include "text/layout.h"
#include <stdio.h>
#include <string.h>

enum { RCPTS_COLS = 400 };

static enum status add_notice(const struct undelivered *u, const char *tmpl, const char *rcpts, const struct sb *vars, struct err *e)
{
	struct outbox n = {
		.kind = OUT_NOTICE,
		.ticket_id = u->o->ticket_id,
		.message_id = u->o->message_id,
		.rcpts = rcpts,
		.tmpl = tmpl,
		.vars = vars->s,
		.vars_len = vars->len,
		.created_at = u->now,
		.due_at = u->now,
		.next_at = u->now,
	};
	return outbox_add(u->b->s, &n, e);
}

static enum status tell_author(const struct undelivered *u, const char *author, struct err *e)
{
	struct sb vars = SB_INIT;
	const char *subject = outbox_var(u->o, "subject");
	char to[200];
	snprintf(to, sizeof to, "%.*s", (int)strcspn(u->o->rcpts, "\n"), u->o->rcpts);
	outbox_var_add(&vars, "subject", subject ? subject : "");
	outbox_var_add(&vars, "reason", u->why);
	outbox_var_add(&vars, "recipient", to);
	outbox_var_add(&vars, "status", "");
	outbox_failure_vars(u->o, u->reopened, &vars);
	enum status st = add_notice(u, u->refused ? "reply-held" : "delivery-failed", author, &vars, e);
	sb_free(&vars);
	return st;
}

/* ---- the desk ------------------------------------------------------------------------ */

static const char *recipients(const struct undelivered *u, struct arena *a)
{
	struct sb b = SB_INIT;
	text_fit(outbox_rcpts_shown(u->o->rcpts, a), RCPTS_COLS, false, &b);
	char *r = arena_memdup(a, b.s, b.len);
	sb_free(&b);
	return r;
}

/* Whose it is: by its ticket, else as the mail itself says. */
static enum status add_contract(const struct undelivered *u, struct arena *a, struct sb *vars, struct err *e)
{
	struct ticket t = { .contract_id = 0 };
	struct contract c;
	const char *number = outbox_var(u->o, "number"), *name = outbox_var(u->o, "company");
	enum status st = u->o->ticket_id ? ticket_current(u->b->s, u->o->ticket_id, a, &t, e) : OK;
	if (st == OK && t.contract_id) {
		st = contract_get(u->b->s, t.contract_id, a, &c, e);
		if (st == OK)
			number = c.v[CF_N_NUMBER], name = c.v[CF_NAME];
	}
	outbox_var_add(vars, "number", number ? number : "");
	outbox_var_add(vars, "contract", name ? name : "");
	return st == ERR_NOTFOUND ? OK : st; /* told all the same */
}

static enum status tell_desk(const struct undelivered *u, struct arena *a, struct err *e)
{
	struct sb vars = SB_INIT;
	const char *rcpts = "";
	outbox_var_add(&vars, "subject", build_subject(u->b, u->o, a));
	outbox_var_add(&vars, "recipients", recipients(u, a));
	outbox_var_add(&vars, "reason", u->why);
	outbox_var_add(&vars, "partly", u->partly ? "1" : "");
	outbox_var_add(&vars, "none", u->partly ? "" : "1");
	outbox_var_add(&vars, "reopened", u->reopened ? "1" : "");
	enum status st = add_contract(u, a, &vars, e);
	if (st == OK && !u->partly)
		st = letter_undelivered(u->b->s, u->o, u->why, u->now, &vars, e);
	if (st == OK)
		st = staff_lines(u->b->s, STAFF_AGENT | STAFF_SUPERVISOR, a, &rcpts, e);
	if (st == OK && *rcpts)
		st = add_notice(u, "not-sent", rcpts, &vars, e);
	sb_free(&vars);
	return st;
}

enum status undelivered_tell(const struct undelivered *u, struct arena *a, struct err *e)
{
	const char *author = outbox_var(u->o, "author");
	if (author && !letter_is_report(u->o)) /* which is everybody's again */
		return tell_author(u, author, e);
	return outbox_to_customer(u->o) ? tell_desk(u, a, e) : OK;
}
