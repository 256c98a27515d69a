/*
 * A staff member's note (DESK-06): on the ticket, for staff only. Colleagues get
 * it, with a Reply-To that makes their answers notes as well. It stops no clock
 * and no outbox row of it is addressed to anyone but staff. Commands may stand
 * on its first lines; where nothing stands below them, there is no note.
 */
#include "desk_impl.h"
#include "mail/addr.h"

/* Did he address the customer as well? Then he may believe that he answered. */
static bool also_outside(struct store *s, const struct intake *in)
{
	for (size_t i = 0; i < in->m->nrcpts; i++) {
		const struct desk_rcpt *r = &in->m->rcpts[i];
		if (r->kind == TOKEN_TICKET ||
		    (r->kind == TOKEN_NONE && !desk_is_our_address(in->d, s, in->a, addr_key(in->a, r->addr))))
			return true;
	}
	return false;
}

enum status desk_note(struct store *s, struct intake *in, const struct staff *who, struct err *e)
{
	struct sb lines = SB_INIT, vars = SB_INIT;
	bool note = true;
	enum status st = desk_note_commands(s, in, who, &note, e);
	if (st != OK || !note)
		return st;
	st = desk_audit(s, in, desk_who(in, who), "ticket.note", in->why, e);
	outbox_var_add(&vars, "event", "note");
	if (st == OK)
		st = desk_colleagues(s, in, who, &lines, e);
	if (st == OK && lines.len)
		st = desk_send(s, in, OUT_STAFF_COPY, "", lines.s, &vars, e);
	sb_free(&lines);
	sb_free(&vars);
	return st == OK && also_outside(s, in) ? desk_tell_author(s, in, who, "note-only", e) : st;
}
