/*
 * A staff member's answer on its way to the customer (DESK-05). Held are one that
 * a colleague was faster with (DESK-07) and one in which a note's words stand
 * (desk_quoted.c): its author gets it back with the reason, and one word sends it
 * all the same (desk_held.c).
 *
 * The outbox row is written at once, held or not, so that releasing it is one
 * change of state and what goes out is what would have gone out.
 */
#include "desk_impl.h"
#include "mail/addr.h"
#include "text/utf8.h"
#include "store/store_ticket_op.h"
#include <stdio.h>
#include <string.h>

enum { MAX_RCPTS = 50, FIRST_TEXT = 4000 };

/* The mail that is being answered: the one named (a customer's, or a colleague's
 * answer), else the customer's newest. Returns its index, or n. */
static size_t answered(const struct intake *in, const struct message *v, size_t n)
{
	size_t newest = n;
	for (size_t i = 0; i < n; i++) {
		if (v[i].id == in->answered_id)
			return i;
		if (v[i].kind == MSG_CUSTOMER)
			newest = i;
	}
	return newest;
}

struct rcpt_list {
	struct store *s;
	struct intake *in;
	struct sb lines;
	size_t n;
};

static void add_rcpt(struct rcpt_list *l, const char *addr)
{
	const char *key = addr_key(l->in->a, addr);
	if (!addr_is_sane(key) || l->n >= MAX_RCPTS || desk_is_our_address(l->in->d, l->s, l->in->a, key))
		return;
	size_t len = strlen(key);
	for (const char *p = l->lines.s; (p = strstr(p, key)); p += len)
		if ((p == l->lines.s || p[-1] == '\n') && (p[len] == '\n' || !p[len]))
			return;
	sb_addf(&l->lines, "%s%s", l->lines.len ? "\n" : "", key);
	l->n++;
}

static void add_all(struct rcpt_list *l, const struct msg_addrs *v)
{
	for (size_t i = 0; i < v->n; i++)
		add_rcpt(l, v->v[i].addr);
}

/* Nobody wrote yet: a call whose log has an address. */
static enum status parties(struct store *s, int64_t ticket, struct rcpt_list *l, struct err *e)
{
	const char **v;
	enum status st = party_list(s, ticket, l->in->a, &v, e);
	for (; st == OK && *v; v++)
		add_rcpt(l, *v);
	return st;
}

/* The author (his Reply-To), and whom he had in To and Cc. */
static enum status correspondents(struct store *s, const struct message *orig, struct rcpt_list *l, struct sb *refs,
                                  struct err *e)
{
	struct sb raw = SB_INIT;
	struct msg *om = NULL;
	if (!orig->id)
		return parties(s, orig->ticket_id, l, e);
	enum status st = message_raw(s, orig->id, &raw, e);
	if (st == OK && msg_parse(raw.s, raw.len, &prescan_default, &om, NULL) == OK) {
		add_all(l, om->reply_to.n ? &om->reply_to : &om->from);
		add_all(l, &om->to);
		add_all(l, &om->cc);
		for (const char **r = om->references; *r; r++)
			sb_addf(refs, "%s\n", *r);
	}
	if (*orig->message_id)
		sb_adds(refs, orig->message_id);
	if (st == OK && !l->n)
		add_rcpt(l, orig->from_addr);
	msg_free(&om);
	sb_free(&raw);
	return st;
}

enum status desk_addressees(struct store *s, struct intake *in, const struct message *orig, struct sb *lines,
                            struct sb *refs, struct err *e)
{
	struct rcpt_list l = { .s = s, .in = in, .lines = *lines };
	enum status st = correspondents(s, orig, &l, refs, e);
	*lines = l.lines;
	return st;
}

/* Whoever got the answer that is followed up. */
static void same_people(const struct outbox *o, struct rcpt_list *l, struct sb *refs)
{
	const char *known = outbox_var(o, "references");
	for (const char *p = o->rcpts; *p; p += strcspn(p, "\n"), p += *p == '\n')
		add_rcpt(l, arena_strndup(l->in->a, p, strcspn(p, "\n")));
	sb_adds(refs, known ? known : "");
}

/* Who gets the answer: those, and whom the staff member addressed besides. */
static enum status recipients(struct store *s, struct intake *in, const struct message *orig, struct rcpt_list *l,
                              struct sb *refs, struct err *e)
{
	enum status st = OK;
	if (in->follows)
		same_people(in->follows, l, refs);
	else
		st = correspondents(s, orig, l, refs, e);
	for (size_t i = 0; i < in->m->nrcpts; i++)
		if (in->m->rcpts[i].kind == TOKEN_NONE)
			add_rcpt(l, in->m->rcpts[i].addr);
	return st;
}

/* The clock's state goes along: if the answer can't be delivered, it is put
 * back as it stood. */
static void reply_vars(const struct intake *in, const struct staff *who, const struct message *orig,
                       const struct sb *refs, struct sb *vars)
{
	char num[24];
	const char *subject = in->follows ? outbox_var(in->follows, "subject") : orig->subject;
	const char *id = in->follows ? outbox_var(in->follows, "in_reply_to") : orig->message_id;
	outbox_var_add(vars, "author", who->address);
	/* his own: a ticket's may be another's since a merge */
	outbox_var_add(vars, "subject", subject && *subject ? subject : in->ticket.subject);
	outbox_var_add(vars, "in_reply_to", id ? id : "");
	outbox_var_add(vars, "references", refs->s);
	snprintf(num, sizeof num, "%lld", (long long)in->ticket.waiting_since);
	outbox_var_add(vars, "waiting_since", num);
	snprintf(num, sizeof num, "%lld", (long long)in->ticket.due_at);
	outbox_var_add(vars, "due_at", num);
}

static enum status reply_row(struct store *s, struct intake *in, const struct staff *who, const struct message *orig,
                             struct outbox *o, struct err *e)
{
	struct sb refs = SB_INIT, vars = SB_INIT;
	struct rcpt_list l = { .s = s, .in = in, .lines = SB_INIT };
	enum status st = recipients(s, in, orig, &l, &refs, e);
	reply_vars(in, who, orig, &refs, &vars);
	*o = (struct outbox){
		.kind = OUT_REPLY,
		.ticket_id = in->ticket.id,
		.message_id = in->message_id,
		.rcpts = l.lines.s,
		.tmpl = "",
		.vars = vars.s,
		.vars_len = vars.len,
		.created_at = in->m->now,
	};
	if (st == OK)
		st = outbox_add(s, o, e);
	sb_free(&refs);
	sb_free(&vars);
	sb_free(&l.lines);
	return st;
}

enum status desk_answer_told(struct store *s, struct intake *in, const struct staff *author, int64_t message,
                             struct err *e)
{
	const struct ticket *t = &in->ticket;
	struct sb lines = SB_INIT, vars = SB_INIT;
	enum status st = desk_audit(s, in, desk_who(in, author), "ticket.reply", in->why, e);
	if (st == OK && in->d->cfg->copy_replies)
		st = desk_colleagues(s, in, author, &lines, e);
	outbox_var_add(&vars, "event", "reply");
	if (st == OK && lines.len) {
		struct outbox o = { .kind = OUT_STAFF_COPY, .ticket_id = t->id, .message_id = message, .rcpts = lines.s,
			            .tmpl = "", .vars = vars.s, .vars_len = vars.len, .created_at = in->m->now };
		st = outbox_add(s, &o, e);
	}
	sb_free(&lines);
	sb_free(&vars);
	return st;
}

/* The answer counts: the clock stops. */
static enum status given(struct store *s, struct intake *in, const struct staff *who, struct err *e)
{
	enum status st = ticket_answer(s, &in->ticket, who->id, in->m->now, e);
	return st == OK ? desk_answer_told(s, in, who, in->message_id, e) : st;
}

/* ---- two answers to one mail -------------------------------------------------- */

/* Has he seen it? Then his mail stands in its thread. */
static bool quotes(const struct intake *in, const struct message *m)
{
	for (const char **r = in->msg->references; *r; r++)
		if (strcmp(*r, m->message_id) == 0)
			return true;
	return false;
}

/* A colleague's answer that the customer has already (not one that was refused or
 * came back) and this author can't have known of, or NULL. A mail that waited in somebody's client for a day was
 * written before, however late it arrives. */
static const struct message *first_answer(struct store *s, const struct intake *in, const struct staff *who,
                                          const struct message *v, size_t n, size_t answers_to)
{
	epoch window = in->d->cfg->collision_minutes * 60;
	for (size_t i = n; i-- > answers_to + 1;) {
		if (v[i].kind != MSG_STAFF_REPLY || v[i].id == in->message_id || v[i].staff_id == who->id ||
		    outbox_came_back(s, in->ticket.id, v[i].id))
			continue;
		if (quotes(in, &v[i]))
			return NULL;
		bool written_before = in->msg->date && in->msg->date < v[i].at;
		if (written_before || in->m->now - v[i].at < window)
			return &v[i];
	}
	return NULL;
}

static void add_first_text(struct store *s, const struct message *first, struct sb *vars)
{
	struct sb raw = SB_INIT, text = SB_INIT;
	struct msg *m = NULL;
	if (message_raw(s, first->id, &raw, NULL) == OK && msg_parse(raw.s, raw.len, &prescan_default, &m, NULL) == OK) {
		msg_read_text(m, &text);
		if (text.len > FIRST_TEXT) {
			sb_setlen(&text, utf8_head(text.s, text.len, FIRST_TEXT));
			sb_adds(&text, "…\n(以下は添付をご覧ください)");
		}
	}
	outbox_var_add(vars, "first_text", text.s);
	msg_free(&m);
	sb_free(&text);
	sb_free(&raw);
}

/* Why an answer is held: either, or both. */
struct doubts {
	const struct message *first; /* a colleague's answer, or NULL */
	struct sb note;              /* lines of a note */
};

static void first_vars(struct store *s, struct intake *in, const struct message *first, struct sb *vars)
{
	char at[48];
	struct staff colleague = { .name = "" };
	if (!first) {
		outbox_var_add(vars, "first_by", "");
		return;
	}
	if (staff_by_id(s, first->staff_id, in->a, &colleague, NULL) != OK)
		colleague.name = first->from_addr;
	outbox_var_add(vars, "first_by", colleague.name);
	outbox_var_add(vars, "first_at", clk_ja(first->at, at));
	add_first_text(s, first, vars);
}

static enum status add_mails(struct store *s, const struct intake *in, int64_t row, const struct message *first, struct err *e)
{
	const struct outbox_file files[] = {
		{ .filename = "保留中の回答.eml", .type = "message/rfc822", .content_id = "", .message_id = in->message_id },
		{ .filename = "先に送られた回答.eml", .type = "message/rfc822", .content_id = "", .message_id = first ? first->id : 0 },
	};
	enum status st = OK;
	for (size_t i = 0; i < (first ? 2 : 1) && st == OK; i++)
		st = outbox_file_add(s, row, &files[i], e);
	return st;
}

static enum status say_held(struct store *s, struct intake *in, const struct staff *who, const struct outbox *row,
                            const struct doubts *d, struct err *e)
{
	struct sb vars = SB_INIT;
	outbox_var_add(&vars, "subject", in->ticket.subject);
	outbox_var_add(&vars, "in_reply_to", in->msg->message_id);
	outbox_var_add(&vars, "reply_to", token_held_address(&in->d->token, in->a, row->id));
	outbox_var_add(&vars, "note_lines", d->note.s);
	first_vars(s, in, d->first, &vars);
	struct outbox n = { .kind = OUT_NOTICE, .ticket_id = in->ticket.id, .message_id = in->message_id,
		            .rcpts = who->address, .tmpl = d->note.len ? "reply-quotes-note" : "reply-collision", .vars = vars.s,
		            .vars_len = vars.len, .created_at = in->m->now };
	enum status st = outbox_add(s, &n, e);
	if (st == OK)
		st = add_mails(s, in, n.id, d->first, e);
	sb_free(&vars);
	return st;
}

static enum status hold(struct store *s, struct intake *in, const struct staff *who, const struct outbox *row,
                        const struct doubts *d, struct err *e)
{
	enum status st = outbox_hold(s, row->id, e);
	if (st == OK)
		st = message_set_kind(s, in->message_id, MSG_HELD, e);
	const char *why = d->first ? arena_printf(in->a, "message %lld%s", (long long)d->first->id, d->note.len ? ", note" : "") : "note";
	if (st == OK)
		st = desk_audit(s, in, desk_who(in, who), "reply.held", why, e);
	return st == OK ? say_held(s, in, who, row, d, e) : st;
}

enum status desk_answer(struct store *s, struct intake *in, const struct staff *who, struct err *e)
{
	struct message *v, none = { .ticket_id = in->ticket.id, .message_id = "", .from_addr = "" };
	const struct ticket_by by = { "system", in->m->now };
	struct doubts d = { .note = SB_INIT };
	struct outbox row;
	size_t n, i;
	enum status st = message_list(s, in->ticket.id, in->a, &v, &n, e);
	if (st != OK)
		return st;
	i = answered(in, v, n);
	st = ticket_find_contract(s, &in->ticket, &by, in->a, e); /* for its files */
	if (st == OK)
		st = reply_row(s, in, who, i < n ? &v[i] : &none, &row, e);
	if (st == OK)
		st = desk_quotes_note(s, in, v, n, &d.note, e);
	if (st == OK && i < n)
		d.first = first_answer(s, in, who, v, n, i);
	if (st == OK)
		st = d.first || d.note.len ? hold(s, in, who, &row, &d, e) : given(s, in, who, e);
	sb_free(&d.note);
	return st;
}
