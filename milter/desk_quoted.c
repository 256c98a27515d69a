/*
 * An answer in which a note's words stand without the mark above them (DESK-06):
 * a colleague's note was quoted by hand, or by a client that quotes a selection.
 * Its lines are compared with what staff wrote in the ticket's notes and neither
 * the customer nor an answer to him has said (mail/note_quote.h). The mailer
 * refuses what still bears the mark (mailer/reply_clean.h).
 */
#include "desk_impl.h"
#include "mail/note_quote.h"
#include "text/utf8.h"

enum { MAILS_MAX = 50, TEXT_MAX = 64 << 10, ALL_MAX = 256 << 10 /* newest first */ };

static void read_text(const struct msg *m, struct sb *out)
{
	msg_read_text(m, out);
	sb_setlen(out, utf8_head(out->s, out->len, TEXT_MAX));
}

static enum status words_of(struct store *s, const struct message *m, void (*take)(const char *, struct sb *), struct sb *out,
                            struct err *e)
{
	struct sb raw = SB_INIT, text = SB_INIT;
	struct msg *msg = NULL;
	enum status st = message_raw(s, m->id, &raw, e);
	if (st == OK && msg_parse(raw.s, raw.len, &prescan_default, &msg, NULL) == OK) {
		read_text(msg, &text);
		take(text.s, out);
	}
	msg_free(&msg);
	sb_free(&text);
	sb_free(&raw);
	return st;
}

/* What is said on the ticket: inside, and what the customer knows. */
struct said {
	struct sb inside, known;
};

static bool is_known_to_customer(const struct message *m, int64_t but)
{
	return m->id != but && (m->kind == MSG_CUSTOMER || m->kind == MSG_AUTO || m->kind == MSG_STAFF_REPLY);
}

static enum status read_ticket(struct store *s, const struct intake *in, const struct message *v, size_t n, struct said *x,
                               struct err *e)
{
	enum status st = OK;
	size_t notes = 0, known = 0;
	for (size_t i = n; st == OK && i-- > 0 && notes < MAILS_MAX && x->inside.len < ALL_MAX;)
		if (v[i].kind == MSG_NOTE && ++notes)
			st = words_of(s, &v[i], note_quote_own, &x->inside, e);
	for (size_t i = n; st == OK && notes && i-- > 0 && known < MAILS_MAX && x->known.len < ALL_MAX;)
		if (is_known_to_customer(&v[i], in->message_id) && ++known)
			st = words_of(s, &v[i], note_quote_all, &x->known, e);
	return st;
}

enum status desk_quotes_note(struct store *s, const struct intake *in, const struct message *v, size_t n, struct sb *run,
                             struct err *e)
{
	struct said x = { SB_INIT, SB_INIT };
	struct sb text = SB_INIT;
	enum status st = read_ticket(s, in, v, n, &x, e);
	if (st == OK && x.inside.len) {
		read_text(in->msg, &text);
		note_quote_run(x.inside.s, x.known.s, text.s, run);
	}
	sb_free(&text);
	sb_free(&x.inside);
	sb_free(&x.known);
	return st;
}
