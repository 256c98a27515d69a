/*
 * Which mail an answer answers, where it is now. Staff answer from their copies,
 * whose addresses are of the day they were made; since then a mail may have been
 * split off, or a merge taken back. What counts is the mail that In-Reply-To
 * names: were it the copy's address, what was written to one customer would go to
 * another, who wrote last on that ticket.
 */
#include "desk_impl.h"
#include <string.h>

enum { PLACES_MAX = 8 };

static enum status find_in(struct store *s, int64_t ticket, const char *id, struct arena *a, struct message *m_r, struct err *e)
{
	struct message *v;
	size_t n = 0;
	enum status st = message_list(s, ticket, a, &v, &n, e);
	for (size_t i = 0; st == OK && i < n; i++)
		if ((v[i].kind == MSG_CUSTOMER || v[i].kind == MSG_STAFF_REPLY) && strcmp(v[i].message_id, id) == 0) {
			*m_r = v[i];
			return OK;
		}
	return st == OK ? ERR_NOTFOUND : st;
}

/* The mail of that Message-ID: on the ticket `here`, else wherever it is now. ERR_NOTFOUND. */
static enum status find_mail(struct store *s, int64_t here, const char *id, struct arena *a, struct message *m_r, struct err *e)
{
	struct msgid_hit hits[PLACES_MAX];
	struct ticket t;
	enum status st = *id ? find_in(s, here, id, a, m_r, e) : ERR_NOTFOUND;
	size_t n = st == ERR_NOTFOUND && *id ? msgid_find(s, id, hits, PLACES_MAX) : 0;
	for (size_t i = 0; st == ERR_NOTFOUND && i < n; i++) {
		if (hits[i].how != MSGID_SEEN)
			continue;
		st = ticket_current(s, hits[i].ticket, a, &t, e);
		if (st == OK)
			st = find_in(s, t.id, id, a, m_r, e);
	}
	return st;
}

/* A colleague's answer is followed up: what that one answered counts, and who got it. */
static enum status follow(struct store *s, struct intake *in, struct message *m, struct err *e)
{
	struct outbox o;
	enum status st = outbox_of_reply(s, m->id, in->a, &o, e);
	if (st != OK)
		return st;
	const char *id = outbox_var(&o, "in_reply_to");
	struct message asked;
	st = find_mail(s, m->ticket_id, id ? id : "", in->a, &asked, e);
	if (st != OK && st != ERR_NOTFOUND)
		return st;
	if (st == OK && asked.ticket_id != m->ticket_id)
		*m = asked;
	else
		in->follows = arena_memdup(in->a, &o, sizeof o);
	return OK;
}

enum status desk_find_answered(struct store *s, struct intake *in, struct err *e)
{
	struct message m;
	int64_t here = in->ticket.id;
	in->answered_id = 0;
	in->follows = NULL;
	enum status st = find_mail(s, here, in->msg->in_reply_to, in->a, &m, e);
	if (st == OK && m.kind == MSG_STAFF_REPLY)
		st = follow(s, in, &m, e);
	if (st != OK)
		return st == ERR_NOTFOUND ? OK : st;
	in->answered_id = m.id;
	if (m.ticket_id == here)
		return OK;
	in->why = "moved";
	return ticket_get(s, m.ticket_id, in->a, &in->ticket, e);
}
