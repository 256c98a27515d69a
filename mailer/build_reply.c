/*
 * The answer a customer gets: a new mail, built from what may be seen, not the
 * staff member's mail with things taken away. From the consultation address, in
 * the customer's thread, with a Reply-To that comes back to the ticket.
 */
#include "attach.h"
#include "build.h"
#include "reply_clean.h"
#include "mail/msg_build.h"
#include "store/store_message.h"
#include "store/store_people.h"
#include "store/store_ticket.h"
#include <string.h>

struct reply {
	const struct build_ctx *b;
	const struct outbox *o;
	struct arena *a;
	struct reply_ctx clean;
	struct msg *msg;
	struct attach files;
};

/* Every staff member, also those who left: old quotes name them. */
static enum status load_clean(struct reply *r, struct err *e)
{
	struct staff *v;
	size_t n;
	enum status st = staff_list(r->b->s, 0, r->a, &v, &n, e);
	if (st != OK)
		return st;
	struct reply_staff *who = arena_zalloc(r->a, (n + 1) * sizeof *who);
	for (size_t i = 0; i < n; i++)
		who[i] = (struct reply_staff){ .address = v[i].address, .name = v[i].name };
	r->clean = (struct reply_ctx){
		.desk_address = token_desk_address(&r->b->token, r->a),
		.desk_name = r->b->cfg->desk_name,
		.desk_localpart = r->b->cfg->desk_localpart,
		.domain = r->b->cfg->domain,
		.staff = who,
		.nstaff = n,
		.internal_names = r->b->cfg->internal_names,
		.ticket_tag = r->b->cfg->ticket_tag,
	};
	return OK;
}

/* Plain text only: what a staff client's HTML hides (comments, styles, names of
 * machines) can't be seen by the one who sends it. */
static enum status clean_text(const struct reply *r, struct sb *text, struct err *e)
{
	struct sb raw = SB_INIT;
	msg_read_text(r->msg, &raw);
	enum status st = reply_clean_text(&r->clean, raw.s, raw.len, text, e);
	sb_free(&raw);
	if (st == OK && text->len == strspn(text->s, " \t\n"))
		return err_set(e, ERR_DENIED, "本文がありません");
	return st;
}

static enum status add_files(struct reply *r, struct sb *text, struct err *e)
{
	r->files = (struct attach){ .b = r->b, .o = r->o, .clean = &r->clean, .a = r->a, .note = SB_INIT };
	enum status st = attach_files(&r->files, r->msg, text, e);
	if (st == OK)
		attach_insert(&r->files.note, text);
	return st;
}

static void compose(const struct reply *r, const struct sb *text, struct built *out)
{
	const char *subject = outbox_var(r->o, "subject"), *id = outbox_var(r->o, "in_reply_to");
	const char *refs = outbox_var(r->o, "references");
	struct sb subj = SB_INIT;
	reply_clean_subject(&r->clean, r->o->ticket_id, *r->msg->subject ? r->msg->subject : subject ? subject : "", &subj);
	out->message_id = token_message_id(&r->b->token, r->a, r->o->ticket_id, r->o->id);
	struct build m = {
		.from_name = r->b->cfg->desk_name,
		.from_addr = r->clean.desk_address,
		.reply_to = token_ticket_address(&r->b->token, r->a, r->o->ticket_id),
		.subject = subj.s,
		.message_id = out->message_id,
		.in_reply_to = id && *id ? id : NULL,
		.references = build_lines(r->a, refs ? refs : ""),
		.date = r->o->created_at,
		.text = text->s,
		.files = r->files.out,
		.nfiles = r->files.nout,
	};
	m.to = build_addrs(r->a, r->o->rcpts, &m.nto);
	/* Whom the customer wrote with stays in Cc, as he had it. */
	if (m.nto > 1) {
		m.cc = m.to + 1;
		m.ncc = m.nto - 1;
		m.nto = 1;
	}
	msg_build(&m, &out->mail);
	sb_free(&subj);
}

enum status build_reply(const struct build_ctx *b, const struct outbox *o, struct arena *a, struct built *out,
                        struct err *e)
{
	struct reply r = { .b = b, .o = o, .a = a, .files.note = SB_INIT };
	struct sb raw = SB_INIT, text = SB_INIT;
	enum status st = message_raw(b->s, o->message_id, &raw, e);
	if (st == OK)
		st = msg_parse(raw.s, raw.len, &prescan_default, &r.msg, e);
	if (st == OK)
		st = load_clean(&r, e);
	if (st == OK)
		st = clean_text(&r, &text, e);
	if (st == OK)
		st = add_files(&r, &text, e);
	if (st == OK)
		compose(&r, &text, out);
	attach_free(&r.files);
	msg_free(&r.msg);
	sb_free(&raw);
	sb_free(&text);
	return st;
}
