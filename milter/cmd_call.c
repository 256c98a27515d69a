/*
 * The log of a telephone call (DESK-13): 電話 with a form below it (text/call.h),
 * on a ticket, or on a new one of channel "phone". The mail itself becomes the
 * note; a promised call-back is the ticket's due time, and 電話済 or another call
 * ends it. A call that promises nothing answers what the ticket waited for.
 */
#include "cmd.h"
#include "mail/addr.h"
#include "store/store_call.h"
#include "store/store_contract.h"
#include "text/call.h"
#include "text/identity.h"
#include "text/layout.h"
#include <string.h>

enum { SUBJECT_COLS = 60, CANDIDATES_SHOWN = 5 };

struct log {
	struct cmd_run *r;
	struct call_form f;
	epoch callback;        /* 0: none */
	int64_t contract;      /* 0: not found */
	const char *contract_name, *candidates;
	bool is_new;
};

static enum status again(struct log *x, const char *why)
{
	call_form_print(&x->f, &x->r->form);
	return cmd_refuse(x->r, "%s下の用紙を直して、もう一度お送りください", why);
}

/* ---- whose contract ----------------------------------------------------------------- */

static void found(struct log *x, int64_t id, const char *number, const char *name)
{
	x->contract = id;
	x->contract_name = arena_printf(x->r->in->a, "%s (%s)", name, number);
}

static bool has_phone(const char *phones, const char *said, struct arena *a)
{
	for (const char *p = phones; *p; p += strcspn(p, "/"), p += *p == '/')
		if (identity_same_phone(arena_strndup(a, p, strcspn(p, "/")), said))
			return true;
	return false;
}

enum { BY_NAME = 1, BY_PHONE = 2 };

static bool fits(const struct log *x, const struct contract_brief *b, int how)
{
	struct arena *a = x->r->in->a;
	bool named = *x->f.company && identity_same_company(x->f.company, b->name, a);
	bool phoned = *x->f.phone && has_phone(b->phones, x->f.phone, a);
	return (!(how & BY_NAME) || named) && (!(how & BY_PHONE) || phoned);
}

/* One that fits is the one; of several, staff get the names. */
static size_t pick(struct log *x, const struct contract_brief *v, size_t n, int how)
{
	const struct contract_brief *one = NULL;
	size_t hits = 0;
	struct sb names = SB_INIT;
	for (size_t i = 0; i < n; i++)
		if (fits(x, &v[i], how)) {
			one = &v[i];
			if (hits++ < CANDIDATES_SHOWN)
				sb_addf(&names, "%s%s (%s)", names.len ? "、" : "", one->name, one->n_number);
		}
	if (hits == 1)
		found(x, one->id, one->n_number, one->name);
	else
		x->candidates = arena_memdup(x->r->in->a, names.s, names.len);
	sb_free(&names);
	return hits;
}

static enum status by_what_he_said(struct log *x, struct err *e)
{
	struct contract_brief *v;
	size_t n;
	if (!*x->f.company && !*x->f.phone)
		return OK;
	enum status st = contract_briefs(x->r->s, x->r->by.now, x->r->in->a, &v, &n, e);
	if (st == OK && !pick(x, v, n, BY_NAME | BY_PHONE) && !pick(x, v, n, BY_NAME))
		pick(x, v, n, BY_PHONE);
	return st;
}

static enum status by_number(struct log *x, struct err *e)
{
	struct contract c;
	enum status st = contract_by_number(x->r->s, x->f.number, x->r->in->a, &c, e);
	if (st == ERR_NOTFOUND)
		return again(x, arena_printf(x->r->in->a, "お客様番号 %s の契約はありません。", x->f.number));
	if (st == OK)
		found(x, c.id, c.v[CF_N_NUMBER], c.v[CF_NAME]);
	return st;
}

static enum status find_contract(struct log *x, struct err *e)
{
	struct contract_match m = { 0 };
	enum status st = OK;
	if (*x->f.number)
		return by_number(x, e);
	if (*x->f.mail)
		st = contract_match(x->r->s, addr_key(x->r->in->a, x->f.mail), x->r->in->a, &m, e);
	if (st == OK && m.id)
		found(x, m.id, m.n_number, m.name);
	return st == OK && !m.id ? by_what_he_said(x, e) : st;
}

/* ---- when he is called back ----------------------------------------------------------- */

static enum status plan_callback(struct log *x)
{
	struct cmd_run *r = x->r;
	const struct cal *cal = r->in->d->cal;
	char at[48], roll[48];
	if (!x->f.promised)
		return OK;
	x->callback = x->f.when.kind == WHEN_NONE ? cal_due(cal, r->by.now) : cmd_moment(cal, r->by.now, &x->f.when);
	if (x->callback <= r->by.now)
		return again(x, arena_printf(r->in->a, "「折り返し」(%s) は過ぎています。", x->f.callback));
	if (!cmd_in_hours(cal, x->callback))
		return again(x, arena_printf(r->in->a, "「折り返し」(%s) は回答時間の外です。近い時刻は %s です。",
		                             clk_ja(x->callback, at), clk_ja(cal_roll(cal, x->callback), roll)));
	return OK;
}

/* ---- on which ticket -------------------------------------------------------------------- */

/* "電話：画面に警告が出た…" */
static char *subject_of(const struct log *x)
{
	struct sb b = SB_INIT;
	sb_adds(&b, "電話：");
	size_t n = strcspn(x->f.content, "\n");
	text_fit(arena_strndup(x->r->in->a, x->f.content, n), SUBJECT_COLS, false, &b);
	char *r = arena_memdup(x->r->in->a, b.s, b.len);
	sb_free(&b);
	return r;
}

static enum status open_ticket(struct log *x, struct err *e)
{
	struct cmd_run *r = x->r;
	r->t = (struct ticket){ .state = TICKET_ANSWERED, .channel = "phone", .contract_id = x->contract,
		                .subject = subject_of(x), .opened_at = r->by.now, .last_at = r->by.now };
	x->is_new = true;
	enum status st = ticket_create(r->s, &r->t, e);
	return st == OK ? cmd_audit(r, "ticket.open", "phone", e) : st;
}

/* The mail is the note. Where it names no ticket by its address, it has none yet. */
static enum status place_note(struct log *x, struct err *e)
{
	struct cmd_run *r = x->r;
	enum status st = message_move(r->s, r->in->message_id, r->t.id, e);
	return st == OK ? message_set_kind(r->s, r->in->message_id, MSG_NOTE, e) : st;
}

/* A call-back is promised: until then, whatever waits; a promise of before is this one now. */
static void promise(struct log *x, bool for_call)
{
	struct ticket *t = &x->r->t;
	t->state = TICKET_OPEN;
	t->closed_at = 0;
	if (!t->waiting_since || for_call)
		t->waiting_since = x->r->by.now;
	t->due_at = x->callback;
}

static enum status set_clock(struct log *x, struct err *e)
{
	struct ticket *t = &x->r->t;
	bool waited = t->waiting_since != 0, for_call = false;
	enum status st = ticket_is_for_call(x->r->s, t, &for_call, e);
	if (st == OK)
		st = call_done(x->r->s, t->id, x->r->by.now, e); /* what was promised before: this call is it */
	if (st != OK)
		return st;
	t->last_at = x->r->by.now;
	if (x->callback)
		promise(x, for_call);
	if (!t->contract_id)
		t->contract_id = x->contract;
	bool answer = !x->callback && t->state != TICKET_CLOSED;
	st = answer ? ticket_answer(x->r->s, t, x->r->who->id, x->r->by.now, e) : ticket_update(x->r->s, t, e);
	return st == OK && waited && !x->callback ? cmd_audit(x->r, "ticket.called", "", e) : st;
}

static enum status take_charge(struct log *x, struct err *e)
{
	struct cmd_run *r = x->r;
	struct staff who = *r->who;
	enum status st = OK;
	if (*x->f.assignee)
		st = cmd_staff_meant(r, x->f.assignee, &who, e);
	if (r->refused)
		call_form_print(&x->f, &r->form);
	if (st != OK || (r->t.assignee_id && !*x->f.assignee))
		return st;
	st = ticket_assign(r->s, &r->t, &who, &r->by, e);
	return st == ERR_EXISTS ? OK : st;
}

/* ---- what is kept and told ---------------------------------------------------------------- */

static int64_t minutes(const struct log *x)
{
	return x->f.started_at && x->f.ended_at ? (x->f.ended_at - x->f.started_at + 59) / 60 : 0;
}

static enum status record(struct log *x, struct err *e)
{
	struct cmd_run *r = x->r;
	char at[48];
	const struct call c = {
		.message_id = r->in->message_id, .ticket_id = r->t.id, .staff_id = r->who->id,
		.started_at = x->f.started_at ? x->f.started_at : r->by.now, .ended_at = x->f.ended_at,
		.company = x->f.company, .person = x->f.person, .phone = x->f.phone, .callback_at = x->callback,
	};
	enum status st = call_add(r->s, &c, e);
	if (st == OK && *x->f.mail)
		st = party_add(r->s, r->t.id, addr_key(r->in->a, x->f.mail), x->f.person, r->by.now, e);
	struct sb detail = SB_INIT;
	if (minutes(x))
		sb_addf(&detail, "%lld分 ", (long long)minutes(x));
	if (x->callback)
		sb_addf(&detail, "折り返し %s", clk_ja(x->callback, at));
	if (st == OK)
		st = cmd_audit(r, "ticket.call", detail.s, e);
	sb_free(&detail);
	return st;
}

/* Colleagues read it as any note. */
static enum status tell_colleagues(struct log *x, struct err *e)
{
	struct sb lines = SB_INIT, vars = SB_INIT;
	struct cmd_run *r = x->r;
	enum status st = desk_colleagues(r->s, r->in, r->who, &lines, e);
	outbox_var_add(&vars, "event", "note");
	struct outbox o = { .kind = OUT_STAFF_COPY, .ticket_id = r->t.id, .message_id = r->in->message_id, .rcpts = lines.s,
		            .tmpl = "", .vars = vars.s, .vars_len = vars.len, .created_at = r->by.now };
	if (st == OK && lines.len)
		st = outbox_add(r->s, &o, e);
	sb_free(&lines);
	sb_free(&vars);
	return st;
}

static void confirm(struct log *x)
{
	struct cmd_run *r = x->r;
	char at[48];
	cmd_say(r, x->is_new ? "電話を相談 #%lld として記録しました" : "電話を相談 #%lld に記録しました", (long long)r->t.id);
	if (x->contract)
		cmd_say(r, "\n契約：%s", x->contract_name);
	else if (x->candidates && *x->candidates)
		cmd_say(r, "\n契約が決まりません (候補：%s)", x->candidates);
	else if (x->is_new)
		cmd_say(r, "\n契約は見つかりません");
	if (x->callback)
		cmd_say(r, "\n折り返しの期限：%s (済んだら「#%lld 電話済」)", clk_ja(x->callback, at), (long long)r->t.id);
	if (minutes(x) > CALL_MINUTES)
		cmd_say(r, "\n1回%d分の目安を超えています (%lld分)", CALL_MINUTES, (long long)minutes(x));
	if (*x->f.mail)
		cmd_say(r, "\n%s にメールで回答するときは、%s あてに送ってください", x->f.mail,
		        token_ticket_address(&r->in->d->token, r->in->a, r->t.id));
}

static bool is_empty(const char *s)
{
	struct sb b = SB_INIT;
	text_wrap(s, strlen(s), SUBJECT_COLS, &b);
	bool empty = b.s[strspn(b.s, " \t\n\r")] == '\0';
	sb_free(&b);
	return empty;
}

static enum status log_call(struct log *x, struct err *e)
{
	enum status st = plan_callback(x);
	if (st == OK)
		st = find_contract(x, e);
	if (st == OK && !x->r->t.id)
		st = open_ticket(x, e);
	if (st == OK)
		st = place_note(x, e);
	if (st == OK)
		st = take_charge(x, e);
	if (st == OK)
		st = set_clock(x, e);
	if (st == OK)
		st = record(x, e);
	return st == OK ? tell_colleagues(x, e) : st;
}

enum status cmd_call(struct cmd_run *r, const struct command *c, struct err *e)
{
	struct log x = { .r = r };
	struct sb faults = SB_INIT;
	if (is_empty(c->below)) {
		call_form_print(NULL, &r->form);
		cmd_say(r, "下の用紙に記入して、お送りください");
		return OK;
	}
	bool good = call_form_read(c->below, strlen(c->below), r->by.now, r->in->a, &x.f, &faults);
	enum status st = good ? log_call(&x, e) : again(&x, faults.s);
	if (st == OK) {
		confirm(&x);
		if (!r->in->ticket.id)
			r->in->ticket = r->t; /* what the mail is about, for the log and its answer */
	}
	sb_free(&faults);
	return st;
}

/* A call that nobody was promised, as the monthly list asks for: it stands with
 * the contract, on a ticket of its own that asks for nothing more. */
static enum status called_out(struct cmd_run *r, const struct command *c, struct err *e)
{
	struct contract k;
	enum status st = contract_by_number(r->s, c->word, r->in->a, &k, e);
	if (st == ERR_NOTFOUND)
		return cmd_refuse(r, "お客様番号 %s の契約はありません", c->word);
	const char *said = *c->reason ? cmd_fit(r->in->a, c->reason) : "ご様子うかがい";
	r->t = (struct ticket){ .state = TICKET_CLOSED, .channel = "phone", .contract_id = k.id, .assignee_id = r->who->id,
		                .subject = arena_printf(r->in->a, "電話：%s", said), .opened_at = r->by.now,
		                .closed_at = r->by.now, .last_at = r->by.now };
	if (st == OK)
		st = ticket_create(r->s, &r->t, e);
	if (st == OK)
		st = cmd_audit(r, "ticket.open", "phone", e);
	if (st == OK)
		st = cmd_audit(r, "ticket.call", c->reason, e);
	cmd_say(r, "%s (%s) への電話を、相談 #%lld (完了) として記録しました", k.v[CF_NAME], c->word, (long long)r->t.id);
	return st;
}

/* The promise is kept. Where the customer waited for an answer, the call was it. */
enum status cmd_called(struct cmd_run *r, const struct command *c, struct err *e)
{
	struct ticket *t = &r->t;
	struct call pending;
	if (*c->word)
		return called_out(r, c, e);
	if (!t->id)
		return cmd_refuse(r, "どの電話か分かりません。折り返しは「#12 電話済」、お客さまへの架電は"
		                     "「電話済 N123456789」のように書いてください");
	enum status st = call_pending(r->s, t->id, r->in->a, &pending, e);
	if (st != OK && st != ERR_NOTFOUND)
		return st;
	if (st == ERR_NOTFOUND && !t->waiting_since) {
		cmd_say(r, "折り返しの予定も、回答待ちもありません (変更はありません)");
		return OK;
	}
	st = call_done(r->s, t->id, r->by.now, e);
	if (st == OK)
		st = ticket_answer(r->s, t, r->who->id, r->by.now, e);
	if (st == OK)
		st = cmd_audit(r, "ticket.called", "", e);
	cmd_say(r, "折り返しの電話を済みにし、回答期限を止めました");
	return st;
}
