/*
 * What comes back from readers of the newsletter (MAG-07): returns of every
 * shape, complaints, and their word that they want no more. The VERP address,
 * or our Message-ID in what came back, names issue and reader by a MAC; only
 * then is anything believed.
 *
 * A reader who simply answers is a customer, and so is one who wants no more
 * and is no reader: desk_customer.c.
 */
#include "desk_impl.h"
#include "mail/msg_parse.h"
#include "store/store_ledger.h"
#include "store/store_reader.h"
#include "text/command_news.h"
#include <string.h>

/* ---- whose ---------------------------------------------------------------------------- */

static const struct desk_rcpt *rcpt_of(const struct intake *in, enum token_kind kind)
{
	for (size_t i = 0; i < in->m->nrcpts; i++)
		if (in->m->rcpts[i].kind == kind)
			return &in->m->rcpts[i];
	return NULL;
}

static bool by_reference(const struct intake *in, struct token_news *who_r)
{
	size_t n = 0;
	while (in->msg->references[n])
		n++;
	while (n-- > 0)
		if (token_parse_news_id(&in->d->token, in->msg->references[n], who_r))
			return true;
	return false;
}

/* Without VERP: the mail that came back bore our id. */
static bool by_returned_id(const struct intake *in, struct token_news *who_r)
{
	return in->returns.n && token_parse_news_id(&in->d->token, in->returns.original_id, who_r);
}

static bool says_stop(const struct intake *in)
{
	struct sb text = SB_INIT;
	msg_read_text(in->msg, &text);
	bool stop = news_is_unsubscribe(text.s, text.len, in->a) ||
		    (news_is_unsubscribe(in->msg->subject, strlen(in->msg->subject), in->a) && !news_is_in_doubt(text.s, text.len, in->a));
	sb_free(&text);
	return stop;
}

enum news_errand desk_news_errand(const struct intake *in, struct token_news *who_r)
{
	const struct desk_rcpt *r;
	if ((r = rcpt_of(in, TOKEN_STOP))) {
		*who_r = token_news_of(r->id);
		return NEWS_STOPS;
	}
	if ((r = rcpt_of(in, TOKEN_NEWS)) && in->auto_kind != AUTO_NO) {
		*who_r = token_news_of(r->id);
		return NEWS_RETURNS;
	}
	/* a person's word is read below, and more strictly */
	if (by_returned_id(in, who_r) && (in->auto_kind != AUTO_NO || in->returns.v[0].class != RET_UNSUBSCRIBE))
		return NEWS_RETURNS;
	if ((!rcpt_of(in, TOKEN_LIST) && !rcpt_of(in, TOKEN_NEWS)) || in->auto_kind != AUTO_NO || !says_stop(in))
		return NEWS_NOTHING;
	*who_r = (struct token_news){ 0 };
	/* Our Message-ID proves who he is; else his From, if something speaks for it. */
	return by_reference(in, who_r) ? NEWS_STOPS : desk_sender_vouched(in) ? NEWS_ASKS : NEWS_NOTHING;
}

/* ---- what it does ------------------------------------------------------------------------ */

static enum status stop(struct store *s, struct intake *in, struct token_news who, struct err *e)
{
	struct reader r;
	enum status st = who.reader ? reader_get(s, who.reader, in->a, &r, e) : reader_by_addr(s, in->from_key, in->a, &r, e);
	return st == OK ? reader_unsubscribe(s, r.id, who.issue, "ご本人のメール", in->m->now, e) : st;
}

static enum status complain(struct store *s, struct intake *in, struct token_news who, const struct ret *r, struct err *e)
{
	enum status st = ledger_move(s, who.issue, who.reader, RCPT_COMPLAINED, "", r->why, in->m->now, NULL, e);
	if (st == OK || st == ERR_NOTFOUND)
		st = reader_complained(s, who.reader, who.issue, r->why, in->m->now, e);
	return st;
}

/* A mail that failed twice, in the log and by letter, blames the address once. */
static enum status fail(struct store *s, struct intake *in, struct token_news who, const struct ret *r, struct err *e)
{
	bool moved;
	const struct ret_rule *rule = ret_rule(in->d->returns, r->class);
	const char *why = arena_printf(in->a, "%s%s%s", r->why, *r->diagnostic ? "：" : "", r->diagnostic);
	enum status st = ledger_move(s, who.issue, who.reader, RCPT_BOUNCED, "", why, in->m->now, &moved, e);
	if (st != OK || !moved)
		return st;
	return reader_returned(s, who.reader, who.issue, rule->effect == RET_STOP, rule->effect == RET_COUNT ? rule->limit : 0,
	                       rule->days, why, in->m->now, e);
}

static enum status apply(struct store *s, struct intake *in, struct token_news who, const struct ret *r, struct err *e)
{
	switch (r->class) {
	case RET_COMPLAINT:
		return complain(s, in, who, r, e);
	case RET_UNSUBSCRIBE:
		return stop(s, in, who, e);
	case RET_DELAYED:
		return ledger_note(s, who.issue, who.reader, r->why, e);
	case RET_VACATION:
	case RET_DELIVERED:
	case RET_CHALLENGE:
	case RET_NONE:
		return OK;
	default:
		return strcmp(r->action, "failed") == 0 ? fail(s, in, who, r, e) : OK;
	}
}

enum status desk_news_tx(struct store *s, void *arg, struct err *e)
{
	struct intake *in = arg;
	struct message m;
	struct token_news who;
	in->duplicate = false;
	in->ticket = (struct ticket){ 0 };
	in->why = "news";
	enum news_errand what = desk_news_errand(in, &who);
	enum status st = desk_seen_before(s, in, e);
	if (st == ERR_EXISTS)
		return OK;
	desk_fill_message(in, what != NEWS_RETURNS ? MSG_COMMAND : in->auto_kind == AUTO_BOUNCE ? MSG_BOUNCE : MSG_AUTO, "", &m);
	if (st == OK)
		st = desk_record(s, in, &m, e);
	if (st == OK)
		st = desk_record_files(s, in, e);
	if (st == OK && what != NEWS_RETURNS)
		st = stop(s, in, who, e);
	for (size_t i = 0; st == OK && what == NEWS_RETURNS && i < in->returns.n; i++)
		st = apply(s, in, who, &in->returns.v[i], e);
	return st == ERR_NOTFOUND ? OK : st; /* a MAC of ours, but he is not known here */
}

/* Of one who is no reader, or has left already, it is a customer's mail: the newsletter may reach him through
 * another's address, which only a person finds out. */
enum status desk_news_asked_tx(struct store *s, void *arg, struct err *e)
{
	struct intake *in = arg;
	struct reader r;
	enum status st = reader_by_addr(s, in->from_key, in->a, &r, e);
	if (st != OK && st != ERR_NOTFOUND)
		return st;
	bool reads = st == OK && (r.state == READER_ACTIVE || r.state == READER_SUPPRESSED);
	return reads ? desk_news_tx(s, arg, e) : desk_customer_tx(s, arg, e);
}
