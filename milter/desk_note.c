/*
 * A staff member's note (DESK-06): on the ticket, for staff only. Colleagues get
 * it, with a Reply-To that makes their answers notes as well. It stops no clock
 * and no outbox row of it is addressed to anyone but staff.
 */
#include "desk_impl.h"
#include "mail/addr.h"
#include <string.h>

/* Postfix hands it to colleagues among its recipients; they need no second copy. */
static bool has_it(const struct intake *in, const char *address)
{
	for (size_t i = 0; i < in->m->nrcpts; i++)
		if (strcmp(addr_key(in->a, in->m->rcpts[i].addr), address) == 0)
			return true;
	return false;
}

static enum status colleagues(struct store *s, const struct intake *in, const struct staff *who, struct sb *lines,
                              struct err *e)
{
	struct staff *v;
	size_t n;
	enum status st = staff_list(s, STAFF_AGENT | STAFF_SUPERVISOR, in->a, &v, &n, e);
	for (size_t i = 0; st == OK && i < n; i++)
		if (v[i].id != who->id && !has_it(in, v[i].address))
			sb_addf(lines, "%s%s", lines->len ? "\n" : "", v[i].address);
	return st;
}

enum status desk_note(struct store *s, struct intake *in, const struct staff *who, struct err *e)
{
	struct sb lines = SB_INIT, vars = SB_INIT;
	enum status st = desk_audit(s, in, desk_who(in, who), "ticket.note", in->why, e);
	outbox_var_add(&vars, "event", "note");
	if (st == OK)
		st = colleagues(s, in, who, &lines, e);
	if (st == OK && lines.len)
		st = desk_send(s, in, OUT_STAFF_COPY, "", lines.s, &vars, e);
	sb_free(&lines);
	sb_free(&vars);
	return st;
}
