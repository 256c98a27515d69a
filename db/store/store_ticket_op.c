/* What people do with a ticket: see store_ticket_op.h. */
#include "store/store_ticket_op.h"
#include "store/store_audit.h"
#include "store/store_call.h"
#include "store/store_impl.h"
#include "store/store_period.h"
#include <stdlib.h>

/* An answer is a staff member's mail or a standard text sent by command, unless
 * it failed or came back by all its rows; or a call. */
#define CAME_BACK \
	"(SELECT min(o.state IN (3, 4)) FROM outbox o WHERE o.message_id = m.id AND o.kind IN (1, 4))"
SQL(q_last_reply, "SELECT coalesce(max(m.id), 0) FROM message m WHERE m.ticket_id = ? AND m.kind = 1 "
                  "AND coalesce(" CAME_BACK ", 0) = 0");
/* When it was asked for first: sent again, it answers nothing that came since. */
SQL(q_last_text, "SELECT coalesce(max(m.at), 0) FROM outbox o JOIN message m ON m.id = o.message_id WHERE o.ticket_id = ? "
                 "AND o.kind IN (1, 4) AND o.kind = 4 AND o.tmpl = '" OUTBOX_ANSWER "' AND o.state NOT IN (3, 4)");
SQL(q_last_call, "SELECT coalesce(max(at), 0) FROM audit WHERE ticket_id IS NOT DISTINCT FROM ? AND what = 'ticket.called'");
SQL(q_waiting, "SELECT coalesce(min(at), 0) FROM message WHERE ticket_id = ? AND kind = 0 AND id > ? AND at > ?");

static enum status changed(struct store *s, const struct ticket *t, const struct ticket_by *by, const char *what,
                           const char *detail, struct err *e)
{
	struct audit row = { .at = by->now, .who = by->who, .what = what, .ticket_id = t->id, .detail = detail };
	enum status st = ticket_update(s, t, e);
	return st == OK ? audit_add(s, &row, e) : st;
}

enum status ticket_assign(struct store *s, struct ticket *t, const struct staff *to, const struct ticket_by *by,
                          struct err *e)
{
	int64_t id = to ? to->id : 0;
	if (t->assignee_id == id)
		return err_set(e, ERR_EXISTS, "ticket %lld is assigned so already", (long long)t->id);
	t->assignee_id = id;
	return changed(s, t, by, "ticket.assign", to ? to->login : "-", e);
}

enum status ticket_close(struct store *s, struct ticket *t, const struct ticket_by *by, struct err *e)
{
	if (t->state == TICKET_CLOSED)
		return err_set(e, ERR_EXISTS, "ticket %lld is closed already", (long long)t->id);
	const char *detail = t->waiting_since ? "unanswered" : "";
	enum status st = period_end(s, t, PERIOD_CLOSED, 0, by->now, e);
	t->state = TICKET_CLOSED;
	t->closed_at = by->now;
	t->waiting_since = t->due_at = 0;
	if (st == OK)
		st = call_done(s, t->id, by->now, e);
	return st == OK ? changed(s, t, by, "ticket.close", detail, e) : st;
}

enum status ticket_reopen(struct store *s, struct ticket *t, epoch waiting_since, epoch due_at,
                          const struct ticket_by *by, struct err *e)
{
	if (t->state != TICKET_CLOSED)
		return err_set(e, ERR_EXISTS, "ticket %lld is not closed", (long long)t->id);
	t->state = TICKET_OPEN;
	t->closed_at = 0;
	t->waiting_since = waiting_since;
	t->due_at = due_at;
	enum status st = period_undo(s, t->id, waiting_since, e);
	return st == OK ? changed(s, t, by, "ticket.reopen", "", e) : st;
}

enum status ticket_is_for_call(struct store *s, const struct ticket *t, bool *r, struct err *e)
{
	epoch since = 0, due = 0;
	enum status st = t->waiting_since ? call_clock(s, t->id, &since, &due, e) : OK;
	*r = st == OK && due && since == t->waiting_since && due == t->due_at; /* a merge joins two clocks to one of both */
	return st;
}

enum status ticket_with_call(struct store *s, int64_t ticket, epoch *since, epoch *due, struct err *e)
{
	epoch call, callback;
	enum status st = call_clock(s, ticket, &call, &callback, e);
	if (st != OK || !callback || (*since && callback <= *since)) /* what is overdue already shortens no mail's time */
		return st;
	*due = *since && *due < callback ? *due : callback;
	*since = *since ? *since : call;
	return OK;
}

enum status ticket_wait(struct store *s, struct ticket *t, epoch now, epoch due, struct err *e)
{
	bool for_call = false;
	enum status st = ticket_is_for_call(s, t, &for_call, e);
	t->state = TICKET_OPEN;
	t->closed_at = 0;
	t->last_at = now;
	if (t->waiting_since && !for_call)
		return st;
	t->due_at = for_call && t->due_at > now && t->due_at < due ? t->due_at : due;
	t->waiting_since = now;
	return st;
}

enum status ticket_extend(struct store *s, struct ticket *t, epoch due_at, const char *reason,
                          const struct ticket_by *by, struct err *e)
{
	char at[32];
	struct sb detail = SB_INIT;
	bool for_call;
	enum status st = ticket_is_for_call(s, t, &for_call, e);
	if (st == OK && for_call)
		st = call_put_off(s, t->id, due_at, e);
	if (st != OK)
		return st;
	sb_addf(&detail, "%.16s %s", clk_iso(due_at, at), reason); /* without seconds */
	t->due_at = due_at;
	st = changed(s, t, by, "ticket.extend", detail.s, e);
	sb_free(&detail);
	return st;
}

enum status ticket_set_category(struct store *s, struct ticket *t, int number, const char *name,
                                const struct ticket_by *by, struct err *e)
{
	struct sb detail = SB_INIT;
	if (t->category == number)
		return err_set(e, ERR_EXISTS, "ticket %lld is of that category already", (long long)t->id);
	sb_addf(&detail, "%d %s", number, name);
	t->category = number;
	enum status st = changed(s, t, by, "ticket.category", detail.s, e);
	sb_free(&detail);
	return st;
}

/* The only contract of these addresses; id 0: none, or two. */
static enum status contract_of(struct store *s, const char *const *addrs, struct arena *a, struct contract_match *r, struct err *e)
{
	struct contract_match m;
	enum status st = OK;
	*r = (struct contract_match){ 0 };
	for (; st == OK && *addrs; addrs++) {
		m = (struct contract_match){ 0 };
		st = contract_match(s, *addrs, a, &m, e);
		if (st == OK && m.id && r->id && m.id != r->id) {
			r->id = 0;
			return OK;
		}
		if (st == OK && m.id)
			*r = m;
	}
	return st;
}

enum status ticket_find_contract(struct store *s, struct ticket *t, const struct ticket_by *by, struct arena *a, struct err *e)
{
	const char **addrs;
	struct contract_match m = { 0 };
	if (t->contract_id)
		return OK;
	enum status st = party_list(s, t->id, a, &addrs, e);
	if (st == OK)
		st = contract_of(s, addrs, a, &m, e);
	if (st != OK || !m.id)
		return st;
	t->contract_id = m.id;
	return changed(s, t, by, "ticket.contract", m.n_number, e);
}

/* A call-back that was promised is no less so for an answer by mail. */
static enum status stop_clock(struct store *s, struct ticket *t, int64_t author, epoch now, struct err *e)
{
	bool for_call;
	enum status st = ticket_is_for_call(s, t, &for_call, e);
	if (st != OK || for_call)
		return st;
	st = period_end(s, t, PERIOD_ANSWERED, author, now, e);
	t->waiting_since = t->due_at = 0;
	return st == OK ? ticket_with_call(s, t->id, &t->waiting_since, &t->due_at, e) : st;
}

enum status ticket_answer(struct store *s, struct ticket *t, int64_t author, epoch now, struct err *e)
{
	enum status st = stop_clock(s, t, author, now, e);
	t->state = t->waiting_since ? TICKET_OPEN : TICKET_ANSWERED;
	t->closed_at = 0;
	t->last_at = now;
	if (!t->assignee_id)
		t->assignee_id = author;
	return st == OK ? ticket_update(s, t, e) : st;
}

enum status ticket_answer_older(struct store *s, struct ticket *t, int64_t author, epoch since, epoch due_at, epoch now,
                                struct err *e)
{
	enum status st = OK;
	if (t->waiting_since < since) {
		st = period_end(s, t, PERIOD_ANSWERED, author, now, e);
		t->waiting_since = since;
		t->due_at = due_at;
		if (st == OK)
			st = ticket_with_call(s, t->id, &t->waiting_since, &t->due_at, e);
	}
	t->last_at = now;
	if (!t->assignee_id)
		t->assignee_id = author;
	return st == OK ? ticket_update(s, t, e) : st;
}

static epoch var_time(const struct outbox *o, const char *name)
{
	const char *v = outbox_var(o, name);
	return v ? strtoll(v, NULL, 10) : 0;
}

static void clock_was(const struct outbox *o, epoch now, epoch due, epoch *since_r, epoch *due_r)
{
	*since_r = var_time(o, "waiting_since");
	*due_r = var_time(o, "due_at");
	if (*since_r && *due_r)
		return;
	*since_r = now;
	*due_r = due;
}

enum status ticket_answer_undo(struct store *s, struct ticket *t, const struct outbox *o, epoch now, epoch due, bool *reopened_r,
                               struct err *e)
{
	epoch since, was;
	bool for_call = false;
	enum status st = ticket_is_for_call(s, t, &for_call, e);
	*reopened_r = st == OK && (!t->waiting_since || for_call);
	if (!*reopened_r)
		return st;
	clock_was(o, now, due, &since, &was);
	if (for_call && since == t->waiting_since) { /* it was written when the call's clock ran: as if none did */
		since = now;
		was = t->due_at > now && t->due_at < due ? t->due_at : due;
	}
	st = period_undo(s, o->ticket_id, since, e);
	t->state = TICKET_OPEN;
	t->closed_at = 0;
	t->waiting_since = since;
	t->due_at = was;
	return st == OK ? ticket_update(s, t, e) : st;
}

enum status ticket_text_sent(struct store *s, struct ticket *t, const struct staff *author, const char *name,
                             const struct ticket_by *by, struct err *e)
{
	struct audit row = { .at = by->now, .who = by->who, .what = "ticket.template", .ticket_id = t->id, .detail = name };
	enum status st = ticket_answer(s, t, author->id, by->now, e);
	return st == OK ? audit_add(s, &row, e) : st;
}

enum status ticket_unanswered(struct store *s, int64_t ticket, epoch *since_r, struct err *e)
{
	int64_t reply = 0, text = 0, call = 0;
	enum status st = sql_number(s, &q_last_reply, BIND(B_INT(ticket)), &reply, e);
	if (st == OK)
		st = sql_number(s, &q_last_text, BIND(B_INT(ticket)), &text, e);
	if (st == OK)
		st = sql_number(s, &q_last_call, BIND(B_INT(ticket)), &call, e);
	if (st != OK)
		return st;
	return sql_number(s, &q_waiting, BIND(B_INT(ticket), B_INT(reply), B_INT(text > call ? text : call)), since_r, e);
}
