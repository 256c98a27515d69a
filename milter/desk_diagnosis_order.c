/*
 * Staff's word on a diagnosis report (DIAG-03): nothing reaches the contact
 * before somebody has seen it and said 承認.
 * SECURITY: the login is proved by SASL, the number by the address' MAC.
 */
#include "desk_impl.h"
#include "store/store_diagnosis_op.h"
#include "text/command_diagnosis.h"

struct order {
	struct store *s;
	struct intake *in;
	const struct staff *who;
	struct diagnosis d;
	struct sb say;
	bool refused, help;
};

static enum status carry_out(struct order *x, enum diagnosis_order order, const char *why, struct err *e)
{
	struct diagnosis_by by = { .who = desk_who(x->in, x->who), .author = x->who->address, .now = x->in->m->now };
	struct arena *a = x->in->a;
	struct contract c;
	enum status st = delivery_parse(x->in->d->cfg->delivery, &by.delivery) ? contract_get(x->s, x->d.contract_id, a, &c, e)
	                                                                       : err_set(e, ERR_BUG, "delivery");
	if (st != OK)
		return st;
	switch (order) {
	case DIAGNOSIS_APPROVE:
		st = diagnosis_approve(x->s, &x->d, &by, e);
		if (st == OK)
			sb_addf(&x->say, "承認しました。%s に送付します。", contract_contact(&c, a));
		return st;
	case DIAGNOSIS_HOLD:
		st = diagnosis_hold(x->s, &x->d, why, &by, e);
		sb_adds(&x->say, "保留にしました。");
		return st;
	case DIAGNOSIS_RESUME:
		st = diagnosis_resume(x->s, &x->d, &by, e);
		sb_adds(&x->say, "保留を解きました。承認をお待ちしています。");
		return st;
	case DIAGNOSIS_CANCEL:
		st = diagnosis_cancel(x->s, &x->d, &by, e);
		sb_adds(&x->say, "取り消しました。この回答は数えません。");
		return st;
	case DIAGNOSIS_STATUS:
		return OK;
	default:
		x->help = true;
		return OK;
	}
}

/* All of it or nothing; what can't be done is told. */
static enum status try_out(struct order *x, enum diagnosis_order order, const char *why, struct err *e)
{
	const struct diagnosis before = x->d;
	enum status st = store_savepoint(x->s, e);
	if (st != OK)
		return st;
	st = carry_out(x, order, why, e);
	if (st == OK)
		return store_release(x->s, e);
	store_rollback_to(x->s);
	if (st != ERR_DENIED)
		return st;
	x->d = before;
	x->refused = true;
	sb_reset(&x->say);
	sb_addf(&x->say, "%s。\n何も変更していません。", e->msg);
	return OK;
}

static enum status say(struct order *x, struct err *e)
{
	struct arena *a = x->in->a;
	struct sb vars = SB_INIT;
	struct contract c;
	char due[48];
	enum status st = contract_get(x->s, x->d.contract_id, a, &c, e);
	if (st != OK)
		return st;
	outbox_var_add(&vars, "subject", x->in->msg->subject);
	outbox_var_add(&vars, "in_reply_to", x->in->msg->message_id);
	outbox_var_add(&vars, "diagnosis", arena_printf(a, "%lld", (long long)x->d.id));
	outbox_var_add(&vars, "company", c.v[CF_NAME]);
	outbox_var_add(&vars, "number", c.v[CF_N_NUMBER]);
	outbox_var_add(&vars, "results", x->say.s);
	outbox_var_add(&vars, "refused", x->refused ? "1" : "");
	outbox_var_add(&vars, "help", x->help ? "1" : "");
	outbox_var_add(&vars, "state", diagnosis_state_ja(x->d.state));
	outbox_var_add(&vars, "due", clk_ja(x->d.due_at, due));
	st = desk_send(x->s, x->in, OUT_NOTICE, "diagnosis-reply", x->who->address, &vars, e);
	sb_free(&vars);
	return st;
}

static enum status obey(struct store *s, struct intake *in, const struct staff *who, struct err *e)
{
	struct order x = { .s = s, .in = in, .who = who, .say = SB_INIT };
	struct sb text = SB_INIT;
	const char *rest;
	enum status st = diagnosis_get(s, in->errand_id, in->a, &x.d, e);
	if (st == ERR_NOTFOUND) { /* our MAC, but the row is gone */
		in->refused = "There is no such diagnosis";
		return err_set(e, ERR_PERM, "no diagnosis");
	}
	if (st == OK) {
		msg_read_text(in->msg, &text);
		enum diagnosis_order order = diagnosis_order_read(text.s, text.len, in->a, &rest);
		st = try_out(&x, order, rest, e);
	}
	if (st == OK)
		st = say(&x, e);
	sb_free(&x.say);
	sb_free(&text);
	return st;
}

enum status desk_diagnosis_staff(struct store *s, struct intake *in, const struct staff *who, struct err *e)
{
	if (!in->d->survey) {
		in->refused = "The diagnosis is not set up here";
		return err_set(e, ERR_PERM, "no questionnaire");
	}
	return in->errand_id ? obey(s, in, who, e) : desk_diagnosis_import(s, in, who, e);
}
