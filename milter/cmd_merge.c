/*
 * Joining tickets and parting them. What moves, how it comes back and what may
 * be joined is db/store/store_merge.h's: never two customers, for then one would
 * get the other's answers. That two addresses are one customer's, staff can say.
 */
#include "cmd.h"

static enum status other_ticket(struct cmd_run *r, int64_t id, struct ticket *t, struct err *e)
{
	enum status st = ticket_current(r->s, id, r->in->a, t, e);
	return st == ERR_NOTFOUND ? cmd_refuse(r, "相談 #%lld はありません", (long long)id) : st;
}

static char *parties_of(struct cmd_run *r, int64_t ticket)
{
	const char **p;
	struct sb b = SB_INIT;
	if (party_list(r->s, ticket, r->in->a, &p, NULL) == OK)
		for (size_t i = 0; p[i]; i++)
			sb_addf(&b, "%s%s", i ? "、" : "", p[i]);
	char *s = arena_memdup(r->in->a, b.s, b.len);
	sb_free(&b);
	return s;
}

static enum status may_join(struct cmd_run *r, const struct ticket *source, const struct ticket *target, bool force, struct err *e)
{
	enum merge_fit fit;
	enum status st = merge_fit(r->s, source, target, &fit, e);
	if (st == OK && fit == MERGE_OTHER_CONTRACT)
		return cmd_refuse(r, "#%lld とは契約が異なるため、統合できません", (long long)target->id);
	if (st == OK && fit == MERGE_OTHER_SENDER && !force)
		return cmd_refuse(r, "#%lld (%s) と #%lld (%s) は差出人が異なります。同じお客さまと確かめたときだけ、"
		                     "「統合 #%lld 強制」と書いてください", (long long)source->id, parties_of(r, source->id),
		                  (long long)target->id, parties_of(r, target->id), (long long)target->id);
	return st;
}

enum status cmd_merge(struct cmd_run *r, const struct command *c, struct err *e)
{
	struct ticket target, source = r->t;
	int64_t mails = 0;
	enum status st = other_ticket(r, c->number, &target, e);
	if (st != OK)
		return st;
	if (target.id == source.id)
		return cmd_refuse(r, "#%lld は同じ相談です", (long long)c->number);
	st = may_join(r, &source, &target, c->force, e);
	if (st != OK)
		return st;
	st = ticket_merge(r->s, &source, &target, &r->by, &mails, e);
	cmd_say(r, "#%lld を #%lld に統合しました。メール %lld 通を移し、以後 #%lld あてのメールも #%lld に入ります",
	        (long long)source.id, (long long)target.id, (long long)mails, (long long)source.id, (long long)target.id);
	r->t = target;
	cmd_say(r, "。お客さま：%s", parties_of(r, target.id));
	return st;
}

/* The one named, or the only one that went into the ticket named. */
static enum status which_merge(struct cmd_run *r, int64_t id, struct merge *m, struct err *e)
{
	struct merge *v;
	size_t n;
	enum status st = merge_of(r->s, id, m, e);
	if (st != ERR_NOTFOUND)
		return st;
	st = merges_into(r->s, id, r->in->a, &v, &n, e);
	if (st != OK)
		return st;
	if (n == 0)
		return cmd_refuse(r, "#%lld に統合されたものはありません", (long long)id);
	if (n == 1) {
		*m = v[0];
		return OK;
	}
	struct sb list = SB_INIT;
	for (size_t i = 0; i < n; i++)
		sb_addf(&list, "%s#%lld", i ? "、" : "", (long long)v[i].source_id);
	st = cmd_refuse(r, "どの統合か決まりません。「統合取消 #%lld」のように書いてください (統合されたもの：%s)",
	                (long long)v[n - 1].source_id, list.s);
	sb_free(&list);
	return st;
}

enum status cmd_unmerge(struct cmd_run *r, const struct command *c, struct err *e)
{
	struct merge m;
	int64_t mails = 0;
	enum status st = which_merge(r, c->number ? c->number : r->named, &m, e);
	if (st != OK)
		return st;
	st = ticket_unmerge(r->s, &m, &r->by, r->in->a, &mails, e);
	if (st == ERR_PERM)
		return cmd_refuse(r, "先に #%lld の統合を取り消してください", (long long)m.target_id);
	cmd_say(r, "#%lld を #%lld から分け、元に戻しました (メール %lld 通)。統合のあとに届いたメールは #%lld に残ります",
	        (long long)m.source_id, (long long)m.target_id, (long long)mails, (long long)m.target_id);
	return st == OK ? ticket_get(r->s, m.source_id, r->in->a, &r->t, e) : st;
}

/* ---- splitting ------------------------------------------------------------------- */

/* Index of the mail that becomes a ticket, or n. */
static size_t which_mail(const struct command *c, const struct message *v, size_t n, size_t *customers_r)
{
	size_t newest = n;
	*customers_r = 0;
	for (size_t i = 0; i < n; i++)
		if (v[i].kind == MSG_CUSTOMER) {
			newest = i;
			++*customers_r;
		}
	if (!c->number)
		return newest;
	return (uint64_t)c->number <= n && v[c->number - 1].kind == MSG_CUSTOMER ? (size_t)c->number - 1 : n;
}

/* The rest's clock: from the oldest mail left that nobody answered; or a call-back's that was promised. */
static enum status rest_clock(struct cmd_run *r, struct err *e)
{
	epoch since = 0;
	if (!r->t.waiting_since)
		return OK;
	enum status st = ticket_unanswered(r->s, r->t.id, &since, e);
	epoch due = since ? cal_due(r->in->d->cal, since) : 0;
	if (st == OK)
		st = ticket_with_call(r->s, r->t.id, &since, &due, e);
	if (st != OK || since == r->t.waiting_since)
		return st;
	r->t.state = since ? TICKET_OPEN : TICKET_ANSWERED;
	r->t.waiting_since = since;
	r->t.due_at = due;
	return ticket_update(r->s, &r->t, e);
}

static enum status new_ticket(struct cmd_run *r, const struct message *m, struct ticket *t, struct err *e)
{
	struct contract_match k = { 0 };
	if (*m->from_addr && contract_match(r->s, m->from_addr, r->in->a, &k, NULL) != OK)
		k.id = 0;
	*t = (struct ticket){
		.state = TICKET_OPEN,
		.channel = r->t.channel,
		.contract_id = k.id,
		.previous_id = r->t.id,
		.subject = *m->subject ? m->subject : r->t.subject,
		.opened_at = r->by.now,
		.last_at = m->at,
		.waiting_since = m->at,
		.due_at = cal_due(r->in->d->cal, m->at),
	};
	enum status st = ticket_create(r->s, t, e);
	if (st == OK && *m->from_addr)
		st = party_add(r->s, t->id, m->from_addr, m->from_name, r->by.now, e);
	if (st == OK && *m->message_id)
		st = msgid_add(r->s, m->message_id, MSGID_SEEN, t->id, e);
	return st == OK ? message_move(r->s, m->id, t->id, e) : st;
}

/* Staff answer from their copy, so there must be one with the new ticket's address. */
static enum status staff_copy(struct cmd_run *r, const struct ticket *t, int64_t message, struct err *e)
{
	const char *rcpts;
	struct sb vars = SB_INIT;
	enum status st = desk_staff_rcpts(r->s, r->in->a, &rcpts, e);
	outbox_var_add(&vars, "event", "new");
	struct outbox o = { .kind = OUT_STAFF_COPY, .ticket_id = t->id, .message_id = message, .rcpts = rcpts, .tmpl = "",
	                    .vars = vars.s, .vars_len = vars.len, .created_at = r->by.now };
	if (st == OK && *rcpts)
		st = outbox_add(r->s, &o, e);
	sb_free(&vars);
	return st;
}

static enum status split(struct cmd_run *r, const struct message *m, struct err *e)
{
	char due[48];
	struct ticket t;
	enum status st = new_ticket(r, m, &t, e);
	if (st == OK)
		st = rest_clock(r, e);
	if (st == OK)
		st = staff_copy(r, &t, m->id, e);
	if (st == OK)
		st = cmd_audit(r, "ticket.split", arena_printf(r->in->a, "#%lld", (long long)t.id), e);
	cmd_say(r, "「%s」を新しい相談 #%lld に分けました。回答期限は %s です。控えをお送りします",
	        cmd_fit(r->in->a, t.subject), (long long)t.id, clk_ja(t.due_at, due));
	return st;
}

enum status cmd_split(struct cmd_run *r, const struct command *c, struct err *e)
{
	struct message *v;
	size_t n, customers;
	enum status st = message_list(r->s, r->t.id, r->in->a, &v, &n, e);
	if (st != OK)
		return st;
	size_t i = which_mail(c, v, n, &customers);
	if (customers < 2)
		return cmd_refuse(r, "お客さまのメールが1通だけの相談は分けられません");
	if (i == n)
		return cmd_refuse(r, "%lld 番のお客さまのメールはありません。番号は「履歴」でご覧になれます", (long long)c->number);
	return split(r, &v[i], e);
}
