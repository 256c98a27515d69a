/*
 * A customer's mail: stored, joined to its ticket, the reply clock started, and
 * its consequences written to the outbox: a copy to staff, and for a new ticket
 * the acknowledgement (DESK-01 to -04). One transaction.
 */
#include "desk_impl.h"
#include "mail/addr.h"
#include "store/store_spam.h"
#include "store/store_ticket_op.h"
#include <stdio.h>
#include <string.h>

enum { STRAY_HOUR = 3600, STRAY_MAX = 20 };

static bool from_person(const struct intake *in)
{
	return in->auto_kind == AUTO_NO || in->auto_kind == AUTO_GENERATED || in->auto_kind == AUTO_LIST;
}

/* A vacation answer or receipt that belongs to no ticket opens none. */
static bool opens_ticket(const struct intake *in)
{
	return from_person(in);
}

/* Closed for longer than the reopening window: the follow-up gets a ticket of
 * its own that points back (DESK-14). */
static bool too_old(const struct intake *in)
{
	const struct ticket *t = &in->ticket;
	return t->state == TICKET_CLOSED && in->m->now - t->closed_at > in->d->cfg->reopen_days * 86400;
}

/* Closed as a nuisance, and it is he again. */
static bool is_nuisance(struct store *s, const struct intake *in, int64_t ticket)
{
	return ticket && *in->from_key && spam_is(s, ticket, in->from_key);
}

/* The clock runs from the oldest mail that nobody answered yet. */
static enum status start_clock(struct store *s, struct intake *in, struct err *e)
{
	struct ticket *t = &in->ticket;
	t->last_at = in->m->now;
	if (!from_person(in) || (t->state == TICKET_CLOSED && is_nuisance(s, in, t->id)))
		return OK;
	if (t->state == TICKET_CLOSED)
		in->reopened = true;
	return ticket_wait(s, t, in->m->now, cal_due(in->d->cal, in->m->now), e);
}

static enum status open_ticket(struct store *s, struct intake *in, int64_t previous, struct err *e)
{
	struct contract_match c = { 0 };
	if (*in->from_key && contract_match(s, in->from_key, in->a, &c, NULL) != OK)
		c.id = 0;
	in->ticket = (struct ticket){
		.state = TICKET_OPEN,
		.channel = "mail",
		.contract_id = c.id,
		.previous_id = previous,
		.subject = *in->msg->subject ? in->msg->subject : "(件名なし)",
		.opened_at = in->m->now,
		.last_at = in->m->now,
	};
	in->new_ticket = true;
	enum status st = start_clock(s, in, e);
	return st == OK ? ticket_create(s, &in->ticket, e) : st;
}

static const char *spoof_note(struct store *s, struct intake *in)
{
	struct staff st;
	if (in->ticket.state == TICKET_CLOSED && is_nuisance(s, in, in->ticket.id))
		return "迷惑として完了した相談への続きです (再開していません)";
	if (*in->from_key && staff_by_address(s, in->from_key, in->a, &st, NULL) == OK)
		return "差出人は職員のアドレスですが、ログインされていません(なりすましの可能性があります)";
	if (!desk_auth_credible(&in->auth))
		return "送信元の認証に失敗しています(なりすましの可能性があります)";
	if (in->msg->from_is_broken)
		return "差出人 (From) が読み取れません";
	return "";
}

/* Who he pretends to be comes before what he quotes; one does not hide the other. */
static const char *warning(struct store *s, struct intake *in, const char *quoted)
{
	const char *spoof = spoof_note(s, in);
	return *spoof && *quoted ? arena_printf(in->a, "%s。%s", spoof, quoted) : *spoof ? spoof : quoted;
}

static enum status staff_copy(struct store *s, struct intake *in, bool guided, struct err *e)
{
	const char *rcpts;
	enum status st = desk_staff_rcpts(s, in->a, &rcpts, e);
	if (st != OK || !*rcpts)
		return st;
	struct sb vars = SB_INIT;
	outbox_var_add(&vars, "event", in->new_ticket ? "new" : in->reopened ? "reopened" : "follow-up");
	if (guided)
		outbox_var_add(&vars, "guided", "1");
	if (in->newcomer && !in->new_ticket)
		outbox_var_add(&vars, "newcomer", "1");
	outbox_var_add(&vars, "identity", in->identity);
	st = desk_send(s, in, OUT_STAFF_COPY, "", rcpts, &vars, e);
	sb_free(&vars);
	return st;
}

/* He was one before, or is again. */
static bool from_nuisance(struct store *s, const struct intake *in)
{
	return is_nuisance(s, in, in->new_ticket ? in->ticket.previous_id : in->ticket.id);
}

/* Who gets a machine's answer to this mail: for a new ticket the acknowledgement,
 * else only the way for his files. */
static const char *answered(struct store *s, struct intake *in, const char **why_r)
{
	const char *to = in->new_ticket ? desk_ack_recipient(s, in, why_r) : desk_guide_recipient(s, in, why_r);
	if (to && from_nuisance(s, in)) {
		to = NULL;
		*why_r = "spam";
	}
	return to;
}

static enum status acknowledge(struct store *s, struct intake *in, const char *to, const char *why, struct err *e)
{
	if (!to)
		return desk_audit(s, in, "system", "ack.none", why, e);
	char due[48], at[48];
	struct sb vars = SB_INIT;
	outbox_var_add(&vars, "due", clk_ja(in->ticket.due_at, due));
	outbox_var_add(&vars, "received", clk_ja(in->m->now, at));
	outbox_var_add(&vars, "subject", in->msg->subject);
	outbox_var_add(&vars, "in_reply_to", in->msg->message_id);
	outbox_var_add(&vars, "name", in->from_name);
	desk_identity_vars(in->ask_kind, in->ask, false, &vars);
	enum status st = in->files.n ? desk_guide_vars(s, in, &vars, e) : OK;
	if (st == OK)
		st = desk_send(s, in, OUT_ACK, "ack", to, &vars, e);
	sb_free(&vars);
	if (st == OK)
		st = ack_record(s, to, in->m->now, e);
	if (st == OK)
		st = desk_identity_asked(s, in, e);
	in->acked = st == OK;
	return st;
}

static enum message_kind kind_of(const struct intake *in)
{
	if (in->auto_kind == AUTO_BOUNCE)
		return MSG_BOUNCE;
	return from_person(in) ? MSG_CUSTOMER : MSG_AUTO;
}

/* Finds or opens the ticket. */
static enum status place(struct store *s, struct intake *in, const char **note_r, struct err *e)
{
	enum status st = desk_thread_find(s, in, note_r, e);
	if (st != OK)
		return st;
	in->newcomer = in->newcomer && from_person(in);
	if (in->ticket.id && !(from_person(in) && too_old(in)))
		return OK;
	return opens_ticket(in) ? open_ticket(s, in, in->ticket.id, e) : OK;
}

/* Vacation answers and bounces that belong nowhere: staff see the first few an
 * hour, a storm is only stored. */
static enum status stray(struct store *s, struct intake *in, struct err *e)
{
	int64_t n = 0;
	enum status st = message_count_stray(s, in->m->now - STRAY_HOUR, &n, e);
	if (st != OK || n > STRAY_MAX)
		return st;
	return staff_copy(s, in, false, e);
}

/* Its customer may have been registered since it began. */
static enum status keep_on(struct store *s, struct intake *in, struct err *e)
{
	const struct ticket_by by = { "system", in->m->now };
	enum status st = start_clock(s, in, e);
	if (st == OK)
		st = ticket_update(s, &in->ticket, e);
	return st == OK && from_person(in) ? ticket_find_contract(s, &in->ticket, &by, in->a, e) : st;
}

static enum status consequences(struct store *s, struct intake *in, const char *note, struct err *e)
{
	enum status st;
	if (!in->ticket.id)
		return stray(s, in, e);
	st = in->new_ticket ? OK : keep_on(s, in, e);
	if (st == OK && from_person(in) && !from_nuisance(s, in))
		st = desk_identify(s, in, note, e);
	if (st == OK && in->new_ticket && *in->from_key)
		st = party_add(s, in->ticket.id, in->from_key, in->from_name, in->m->now, e);
	if (st == OK)
		st = desk_audit(s, in, "customer", in->new_ticket ? "ticket.open" : in->reopened ? "ticket.reopen" : "ticket.mail",
		                in->why, e);
	const char *why, *to = answered(s, in, &why);
	if (st == OK)
		st = staff_copy(s, in, to && in->files.n, e);
	if (st == OK && in->new_ticket)
		st = acknowledge(s, in, to, why, e);
	else if (st == OK && in->files.n)
		st = to ? desk_guide(s, in, to, e) : desk_audit(s, in, "system", "guide.none", why, e);
	if (st == OK && !in->new_ticket)
		st = desk_identity_letter(s, in, e);
	return st;
}

/* A colleague who proved to belong takes part from now on. */
static enum status join(struct store *s, struct intake *in, struct err *e)
{
	if (in->new_ticket || !in->ticket.id || !from_person(in) || !*in->from_key || !desk_sender_vouched(in))
		return OK;
	return party_add(s, in->ticket.id, in->from_key, in->from_name, in->m->now, e);
}

enum status desk_customer_tx(struct store *s, void *arg, struct err *e)
{
	struct intake *in = arg;
	struct message m;
	const char *note = "";
	in->duplicate = in->new_ticket = in->reopened = in->acked = in->newcomer = false;
	in->identity = "";
	in->ask = 0;
	enum status st = desk_seen_before(s, in, e);
	if (st == ERR_EXISTS)
		return OK; /* delivered again: nothing more happens */
	if (st == OK)
		st = place(s, in, &note, e);
	if (st != OK)
		return st;
	desk_fill_message(in, kind_of(in), warning(s, in, note), &m);
	st = desk_record(s, in, &m, e);
	if (st == OK)
		st = desk_record_files(s, in, e);
	if (st == OK)
		st = join(s, in, e);
	return st == OK ? consequences(s, in, m.note, e) : st;
}
