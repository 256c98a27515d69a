/* Mails to staff about terminals: see agents.h. */
#include "agents.h"
#include "store/store_contract.h"
#include "store/store_outbox.h"
#include "store/store_people.h"
#include <stdio.h>

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
		st = ingest_mail_staff(s, STAFF_SUPERVISOR, x->tmpl, &vars, x->now, e);
	sb_free(&vars);
	return st;
}
