/* Mails to staff about terminals: see agents.h. */
#include "agents.h"
#include "store/store_contract.h"
#include "store/store_outbox.h"
#include "store/store_people.h"
#include <stdio.h>

enum status agent_mail_add(struct store *s, const char *tmpl, const struct sb *vars, epoch now, struct err *e)
{
	struct arena *a = arena_new();
	struct staff *v;
	struct sb rcpts = SB_INIT;
	size_t n = 0;
	enum status st = staff_list(s, STAFF_SUPERVISOR, a, &v, &n, e);
	if (st == OK && n == 0)
		st = staff_list(s, STAFF_AGENT | STAFF_OPERATOR, a, &v, &n, e);
	for (size_t i = 0; st == OK && i < n; i++)
		sb_addf(&rcpts, "%s%s", i ? "\n" : "", v[i].address);
	struct outbox row = { .kind = OUT_NOTICE, .state = OUT_PENDING, .rcpts = rcpts.s, .tmpl = tmpl, .vars = vars->s,
		.vars_len = vars->len, .created_at = now, .due_at = now, .next_at = now };
	if (st == OK && n)
		st = outbox_add(s, &row, e);
	sb_free(&rcpts);
	arena_free(&a);
	return st;
}

static enum status contract_vars(struct store *s, const struct agent_notice *x, struct sb *vars, struct err *e)
{
	char num[32];
	struct contract c;
	struct arena *a = arena_new();
	enum status st = contract_get(s, x->contract, a, &c, e);
	if (st == OK) {
		outbox_var_add(vars, "contract", c.v[CF_N_NUMBER]);
		outbox_var_add(vars, "company", c.v[CF_NAME]);
		snprintf(num, sizeof num, "%lld", (long long)contract_ids(&c));
		outbox_var_add(vars, "ids", num);
		outbox_var_add(vars, "host", x->host);
	}
	arena_free(&a);
	return st;
}

enum status agent_notice_add(struct store *s, const struct agent_notice *x, struct err *e)
{
	bool due;
	char at[48];
	struct civil c = civil_of(x->now);
	struct sb vars = SB_INIT;
	enum status st = terminal_notice_due(s, x->kind, x->contract, day_of(c.year, c.mon, c.day), &due, e);
	if (st != OK || !due)
		return st;
	st = contract_vars(s, x, &vars, e);
	outbox_var_add(&vars, "at", clk_ja(x->now, at));
	if (st == OK)
		st = agent_mail_add(s, x->tmpl, &vars, x->now, e);
	sb_free(&vars);
	return st;
}
