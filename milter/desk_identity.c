/*
 * Who is asking (DESK-10; specification §4.5). A question about the service, a
 * failure or an application makes its ticket one that binds: everything a
 * sender says of himself on it is gathered and compared with his contract, staff
 * see the verdict on their copy, and what is missing is asked for by one
 * automatic mail a ticket, the acknowledgement where there is one.
 *
 * SECURITY: a mail whose sender is not believed changes nothing that is stored.
 * What is asked for depends on what was not said, never on what did not match
 * or on whether the address is known, so that asking tells a stranger nothing.
 */
#include "desk_impl.h"
#include "mail/auto_answer.h"
#include "mail/evidence.h"
#include "store/store_contract.h"
#include "store/store_identity.h"
#include "text/utf8.h"
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* People come to the point; every mail pays for what is read of it. */
enum { OWN_MAX = 4000, FULL_MAX = 16000 };

/* Before the transaction. */
void desk_identity_gather(struct intake *in)
{
	const char *reason;
	struct category_evidence ev;
	mail_evidence_head(in->msg, OWN_MAX, in->a, &ev);
	if (strncasecmp(ev.subject, "Re:", 3) == 0)
		ev.subject = ""; /* it is about what was asked before */
	in->own_words = ev.text;
	if (in->d->inquiries)
		in->inquiry = inquiry_of(in->d->inquiries, in->d->categories, &ev, in->a, &reason);
}

/* One mail on a ticket that binds. */
struct look {
	struct store *s;
	struct intake *in;
	struct ticket_identity ticket;
	struct identity said;       /* by this mail */
	struct sender_identity row; /* of the sender, as it will be */
	struct sender_identity old;
	bool had_row;
	struct contract_match match;
	struct identity_contract sender, numbered;
	const char *doubt;
};

/* ---- what was said ------------------------------------------------------------ */

/* Colleagues of one contract speak for one another, but each for his own person;
 * strangers for themselves. */
static enum status said_before(struct look *l, struct err *e)
{
	struct sender_identity *v;
	size_t n;
	enum status st = identity_list(l->s, l->ticket.ticket_id, l->in->a, &v, &n, e);
	for (int i = 0; i < IDENTITY_ITEMS; i++)
		l->row.said.v[i] = "";
	for (size_t i = st == OK ? n : 0; i-- > 0;) {
		bool own = strcmp(v[i].addr_key, l->in->from_key) == 0;
		if (own) {
			l->old = v[i];
			l->had_row = true;
		}
		else
			v[i].said.v[ITEM_PERSON] = v[i].said.v[ITEM_PHONE] = "";
		if (own || (l->match.id && v[i].contract_id == l->match.id))
			identity_merge(&l->row.said, &v[i].said);
	}
	return st;
}

static void say(struct look *l, enum identity_item i, const char *v)
{
	if (!*l->row.said.v[i])
		l->row.said.v[i] = v;
}

/* His own words may name the company in the middle of a sentence. */
static void name_company(struct look *l, const struct identity_contract *k)
{
	struct arena *a = l->in->a;
	const char **said = &l->row.said.v[ITEM_COMPANY];
	if (k->name && !identity_same_company(*said, k->name, a) && identity_names_company(l->in->own_words, k->name, a))
		*said = k->name;
}

/* Only for a ticket that binds: it takes milliseconds. */
static void read_said(struct look *l)
{
	struct intake *in = l->in;
	struct sb full = SB_INIT;
	msg_read_text(in->msg, &full);
	sb_setlen(&full, utf8_head(full.s, full.len, FULL_MAX));
	identity_extract(in->own_words, full.s, in->a, &l->said);
	sb_free(&full);
}

static void said_now(struct look *l)
{
	const struct intake *in = l->in;
	read_said(l);
	if (!l->doubt)
		identity_merge(&l->row.said, &l->said);
	/* He wrote from there, whatever the form says. */
	l->row.said.v[ITEM_MAIL] = in->from_key;
	if (!strchr(in->from_name, '@'))
		say(l, ITEM_PERSON, in->from_name);
}

/* ---- the contracts ---------------------------------------------------------------- */

static void add_known(const char *v[IDENTITY_KNOWN_MAX], const struct contract *c, const enum contract_field *fields, size_t n)
{
	size_t k = 0;
	for (size_t i = 0; i < n; i++)
		if (*c->v[fields[i]])
			v[k++] = c->v[fields[i]];
}

static void known_of(const struct contract *c, struct identity_contract *r)
{
	static const enum contract_field persons[] = { CF_CONTACT_NAME, CF_OFFICER_NAME, CF_OFFICER_KANA, CF_OPENING_NAME, CF_BILLING_NAME };
	static const enum contract_field phones[] = { CF_CONTACT_PHONE, CF_OFFICER_PHONE, CF_OPENING_PHONE, CF_BILLING_PHONE };
	*r = (struct identity_contract){ .number = c->v[CF_N_NUMBER], .name = c->v[CF_NAME] };
	add_known(r->persons, c, persons, sizeof persons / sizeof *persons);
	add_known(r->phones, c, phones, sizeof phones / sizeof *phones);
}

static enum status load_contracts(struct look *l, struct err *e)
{
	struct arena *a = l->in->a;
	struct contract c;
	enum status st = OK;
	if (l->match.id && (st = contract_get(l->s, l->match.id, a, &c, e)) == OK)
		known_of(&c, &l->sender);
	const char *number = l->row.said.v[ITEM_NUMBER];
	if (st != OK || !*number)
		return st;
	st = contract_by_number(l->s, number, a, &c, e);
	if (st == OK && contract_active(&c, l->in->m->now))
		known_of(&c, &l->numbered);
	return st == ERR_NOTFOUND ? OK : st;
}

/* ---- the verdict ------------------------------------------------------------------- */

static const char *doubt(const struct intake *in, const char *note)
{
	if (!auto_sender_trusted(in->auth.spf, in->auth.dmarc))
		return "送信元認証が不合格";
	if (!desk_sender_vouched(in))
		return "差出人 (From) が本人のものと確認できません";
	return *note ? "差出人に疑いがあります" : NULL;
}

static enum status keep(struct look *l, struct err *e)
{
	struct sender_identity *r = &l->row;
	if (l->doubt)
		return OK;
	enum status st = identity_put(l->s, r, e);
	bool same = l->had_row && l->old.state == r->state && strcmp(l->old.why, r->why) == 0;
	if (st != OK || same)
		return st;
	return desk_audit(l->s, l->in, "system", "ticket.identity",
	                  arena_printf(l->in->a, "%s %s：%s", r->addr_key, identity_state_ja(r->state), r->why), e);
}

static void judge(struct look *l)
{
	struct intake *in = l->in;
	struct identity_verdict v;
	const struct identity_case c = {
		.kind = l->ticket.kind,
		.said = &l->row.said,
		.doubt = l->doubt,
		.sender = l->match.id ? &l->sender : NULL,
		.by_address = l->match.by_address,
		.numbered = l->numbered.number ? &l->numbered : NULL,
	};
	identity_judge(&c, in->a, &v);
	l->row.state = v.state;
	l->row.why = v.why;
}

/* Once a ticket, and only where a machine may write. */
static void plan_question(struct look *l)
{
	struct intake *in = l->in;
	const char *why;
	unsigned missing = identity_missing(l->ticket.kind, &l->row.said);
	if (!missing || l->ticket.asked_at || l->doubt)
		return;
	in->ask_to = desk_ack_recipient(l->s, in, &why);
	in->ask = in->ask_to ? missing : 0;
}

static const char *words(const struct look *l)
{
	const struct sender_identity *r = &l->row;
	const char *asking = l->in->ask ? "。お客さまに自動で尋ねています"
	                   : l->ticket.asked_at && r->state == IDENTITY_OPEN ? "。お客さまに尋ねたものです" : "";
	return arena_printf(l->in->a, r->state == IDENTITY_AUTHORISED ? "%s (%s)%s［%s］" : "%s：%s%s［%s］",
	                    identity_state_ja(r->state), r->why, asking, inquiry_ja(l->ticket.kind));
}

/* ERR_NOTFOUND: nobody has to identify himself here. */
static enum status bind(struct look *l, struct err *e)
{
	struct intake *in = l->in;
	l->ticket.ticket_id = in->ticket.id;
	enum status st = in->new_ticket ? ERR_NOTFOUND : identity_ticket(l->s, in->ticket.id, &l->ticket, e);
	if (st != ERR_NOTFOUND || in->inquiry == INQUIRY_NONE)
		return st;
	l->ticket.kind = in->inquiry;
	st = identity_bind(l->s, &l->ticket, in->m->now, e);
	return st == OK ? desk_audit(l->s, in, "system", "ticket.inquiry", inquiry_ja(in->inquiry), e) : st;
}

enum status desk_identify(struct store *s, struct intake *in, const char *note, struct err *e)
{
	struct look l = { .s = s, .in = in, .doubt = doubt(in, note) };
	in->identity = "";
	in->ask = 0;
	if (!in->ticket.id || !*in->from_key || in->msg->from_is_broken)
		return OK;
	enum status st = bind(&l, e);
	if (st != OK)
		return st == ERR_NOTFOUND ? OK : st;
	st = contract_match(s, in->from_key, in->a, &l.match, e);
	if (st == OK)
		st = said_before(&l, e);
	if (st != OK)
		return st;
	said_now(&l);
	st = load_contracts(&l, e);
	if (st != OK)
		return st;
	name_company(&l, l.match.id ? &l.sender : &l.numbered);
	judge(&l);
	l.row = (struct sender_identity){ in->ticket.id, in->from_key, l.match.id, in->message_id, in->m->now, l.row.said,
		                          l.row.state, l.row.why };
	plan_question(&l);
	in->identity = words(&l);
	in->ask_kind = l.ticket.kind;
	return keep(&l, e);
}

/* ---- asking -------------------------------------------------------------------------- */

void desk_identity_vars(enum inquiry kind, unsigned items, bool again, struct sb *vars)
{
	static const char *const names[IDENTITY_ITEMS] = { "need_number", "need_company", "need_content", "need_since",
		                                           "need_person", NULL, "need_phone", "need_device" };
	if (items && kind == INQUIRY_FAILURE)
		items |= 1u << ITEM_DEVICE;
	outbox_var_add(vars, "identify", items ? "1" : "");
	outbox_var_add(vars, "again", again ? "1" : "");
	outbox_var_add(vars, "inquiry", inquiry_ja(kind));
	for (int i = 0; i < IDENTITY_ITEMS; i++)
		if (names[i])
			outbox_var_add(vars, names[i], items & 1u << i ? "1" : "");
}

enum status desk_identity_asked(struct store *s, struct intake *in, struct err *e)
{
	struct ticket_identity t = { in->ticket.id, in->ask_kind, in->m->now };
	struct sb items = SB_INIT;
	if (!in->ask)
		return OK;
	identity_items_ja(in->ask, &items);
	enum status st = identity_bind(s, &t, in->m->now, e);
	if (st == OK)
		st = desk_audit(s, in, "system", "ticket.ask", items.s, e);
	sb_free(&items);
	return st;
}

enum status desk_identity_letter(struct store *s, struct intake *in, struct err *e)
{
	struct sb vars = SB_INIT;
	if (!in->ask)
		return OK;
	outbox_var_add(&vars, "subject", in->msg->subject);
	outbox_var_add(&vars, "in_reply_to", in->msg->message_id);
	outbox_var_add(&vars, "name", in->from_name);
	desk_identity_vars(in->ask_kind, in->ask, false, &vars);
	enum status st = desk_send(s, in, OUT_LETTER, "identify", in->ask_to, &vars, e);
	sb_free(&vars);
	if (st == OK)
		st = ack_record(s, in->ask_to, in->m->now, e);
	return st == OK ? desk_identity_asked(s, in, e) : st;
}
