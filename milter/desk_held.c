/*
 * The author's word on an answer that is held (DESK-07): 送信 sends it, 破棄 drops
 * it, anything else changes nothing and is asked again.
 */
#include "desk_impl.h"
#include "store/store_ticket_op.h"
#include "text/reserve.h"
#include <string.h>
#include <strings.h>

enum word { WORD_NONE, WORD_SEND, WORD_DROP };

/* "送信 お願いします。", but not "送信 しないでください" or "ok では破棄します". */
static bool ends_word(const char *p)
{
	static const char *const tails[] = { "してください", "して下さい", "をお願いします", "お願いします", "します", "で", "です", "よろしくお願いします",
		                             "please", "it", "thanks" };
	size_t n = strcspn(p, "\r\n");
	while (n && strchr(" \t.!", p[n - 1]))
		n--;
	for (; n && strchr(" \t.!", *p); n--)
		p++;
	if (n >= 3 && memcmp(p + n - 3, "。", 3) == 0)
		n -= 3;
	for (size_t i = 0; n && i < sizeof tails / sizeof *tails; i++)
		if (strlen(tails[i]) == n && memcmp(p, tails[i], n) == 0)
			return true;
	return n == 0;
}

/* The first line that says anything. */
static enum word read_word(const struct intake *in)
{
	static const struct { const char *text; enum word w; } words[] = {
		{ "送信", WORD_SEND }, { "送る", WORD_SEND }, { "send", WORD_SEND }, { "ok", WORD_SEND }, { "ＯＫ", WORD_SEND },
		{ "破棄", WORD_DROP }, { "取消", WORD_DROP }, { "取り消し", WORD_DROP }, { "discard", WORD_DROP }, { "cancel", WORD_DROP },
	};
	struct sb text = SB_INIT;
	enum word w = WORD_NONE;
	msg_read_text(in->msg, &text);
	const char *p = text.s + strspn(text.s, " \t\r\n");
	while (strncmp(p, "　", 3) == 0)
		p += 3;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		size_t n = strlen(words[i].text);
		if (strncasecmp(p, words[i].text, n) == 0 && ends_word(p + n))
			w = words[i].w;
	}
	const char *below = strchr(p, '\n');
	if (w == WORD_SEND && below && text_reserves_below(below + 1, text.s + text.len))
		w = WORD_NONE;
	sb_free(&text);
	return w;
}

/* Sent, and the customer still waits: for an answer to what he wrote since. */
static void add_waits(const struct intake *in, const char *what, struct sb *vars)
{
	char due[48];
	bool waits = strcmp(what, "sent") == 0 && in->ticket.waiting_since;
	outbox_var_add(vars, "waits", waits ? clk_ja(in->ticket.due_at, due) : "");
}

static enum status tell(struct store *s, struct intake *in, const struct staff *who, const char *what, struct err *e)
{
	static const char *const outcomes[] = { "sent", "dropped", "unclear", "over", "not_yours" };
	struct sb vars = SB_INIT;
	outbox_var_add(&vars, "subject", in->ticket.subject ? in->ticket.subject : "");
	outbox_var_add(&vars, "in_reply_to", in->msg->message_id);
	for (size_t i = 0; i < sizeof outcomes / sizeof *outcomes; i++)
		outbox_var_add(&vars, outcomes[i], strcmp(what, outcomes[i]) == 0 ? "1" : "");
	add_waits(in, what, &vars);
	outbox_var_add(&vars, "reply_to", token_held_address(&in->d->token, in->a, in->errand_id));
	enum status st = desk_send(s, in, OUT_NOTICE, "held-answer", who->address, &vars, e);
	sb_free(&vars);
	return st;
}

/* A supervisor may decide: the author is to know as well. */
static enum status tell_both(struct store *s, struct intake *in, const struct staff *who, const struct staff *author,
                             const char *what, struct err *e)
{
	enum status st = tell(s, in, who, what, e);
	return st == OK && author->id != who->id ? tell(s, in, author, what, e) : st;
}

/* What he wrote after it was held has no answer by it. */
static enum status clock_after(struct store *s, struct intake *in, const struct staff *author, struct err *e)
{
	struct ticket *t = &in->ticket;
	epoch now = in->m->now, since = 0;
	enum status st = ticket_unanswered(s, t->id, &since, e);
	if (st != OK)
		return st;
	return since && t->waiting_since ? ticket_answer_older(s, t, author->id, since, cal_due(in->d->cal, since), now, e)
	                                 : ticket_answer(s, t, author->id, now, e);
}

static enum status release(struct store *s, struct intake *in, const struct outbox *row, const struct staff *who,
                           const struct staff *author, struct err *e)
{
	enum status st = outbox_release(s, row->id, in->m->now, e);
	if (st == OK)
		st = message_set_kind(s, row->message_id, MSG_STAFF_REPLY, e);
	in->why = "released";
	if (st == OK)
		st = clock_after(s, in, author, e);
	if (st == OK)
		st = desk_answer_told(s, in, author, row->message_id, e);
	return st == OK ? tell_both(s, in, who, author, "sent", e) : st;
}

/* Its mail stays a held one, so that 再送 never sends it. */
static enum status drop(struct store *s, struct intake *in, const struct outbox *row, const struct staff *who,
                        const struct staff *author, struct err *e)
{
	enum status st = outbox_failed(s, row->id, "discarded by its author", in->m->now, e);
	if (st == OK)
		st = desk_audit(s, in, desk_who(in, who), "reply.dropped", "", e);
	return st == OK ? tell_both(s, in, who, author, "dropped", e) : st;
}

enum status desk_held(struct store *s, struct intake *in, const struct staff *who, struct err *e)
{
	struct outbox row;
	struct message m = { .staff_id = 0 };
	struct staff author;
	enum status st = outbox_get(s, in->errand_id, in->a, &row, e);
	if (st == OK)
		st = message_get(s, row.message_id, in->a, &m, e);
	if (st == ERR_NOTFOUND)
		return tell(s, in, who, "over", e);
	if (st != OK)
		return st;
	if (m.staff_id != who->id && !(who->roles & STAFF_SUPERVISOR))
		return tell(s, in, who, "not_yours", e);
	if (row.state != OUT_HELD)
		return tell(s, in, who, "over", e);
	if ((st = staff_by_id(s, m.staff_id, in->a, &author, e)) != OK)
		return st;
	switch (read_word(in)) {
	case WORD_SEND:
		return release(s, in, &row, who, &author, e);
	case WORD_DROP:
		return drop(s, in, &row, who, &author, e);
	default:
		return tell(s, in, who, "unclear", e);
	}
}
