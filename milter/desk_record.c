/* The steps that every kind of mail shares inside its transaction. */
#include "desk_impl.h"
#include "mail/addr.h"
#include "mail/xfer.h"
#include "store/store_audit.h"
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { MAX_REFS_INDEXED = 50, RETRY_WINDOW = 86400, CONVERSATION_BYTES = 22 };

static void key_field(struct sb *b, const char *s)
{
	sb_adds(b, s);
	sb_addc(b, '\0');
}

/* The same delivery tried again carries the same fields and body; trace fields
 * differ with the route, so they don't count. */
static void dedupe_key(struct intake *in, int64_t salt)
{
	static const char *const fields[] = { "Message-ID", "From", "Date", "Subject", "To", NULL };
	uint8_t body[SHA256_LEN];
	struct sb b = SB_INIT;
	crypto_sha256(in->msg->raw + in->msg->header_len, in->msg->raw_len - in->msg->header_len, body);
	for (const char *const *f = fields; *f; f++) {
		const struct msg_field *h = msg_field(in->msg, *f);
		key_field(&b, h ? h->raw : "");
	}
	key_field(&b, in->m->login ? in->m->login : "");
	if (!*in->msg->message_id) /* without one, two people's equal mails are two */
		key_field(&b, in->m->env_from);
	sb_add(&b, body, sizeof body);
	sb_add(&b, &salt, sizeof salt);
	crypto_sha256(b.s, b.len, in->dedupe);
	sb_free(&b);
}

/* ERR_EXISTS: this delivery is stored already. A mail without Message-ID and
 * Date can't be told from a true repeat by its content, so after a day it counts
 * as a new one. */
enum status desk_seen_before(struct store *s, struct intake *in, struct err *e)
{
	struct message old;
	dedupe_key(in, 0);
	enum status st = message_find(s, in->dedupe, in->a, &old, e);
	if (st == ERR_NOTFOUND)
		return OK;
	if (st != OK)
		return st;
	if (!*in->msg->message_id && !in->msg->date && in->m->now - old.at > RETRY_WINDOW) {
		dedupe_key(in, in->m->now);
		return OK;
	}
	in->duplicate = true;
	in->ticket.id = old.ticket_id;
	in->message_id = old.id;
	return ERR_EXISTS;
}

void desk_fill_message(const struct intake *in, enum message_kind kind, const char *note, struct message *m)
{
	*m = (struct message){
		.ticket_id = in->ticket.id,
		.kind = kind,
		.at = in->m->now,
		.envelope_from = in->m->env_from,
		.from_addr = in->from_key,
		.from_name = in->from_name,
		.subject = in->msg->subject,
		.message_id = in->msg->message_id,
		.client_ip = in->m->client_ip,
		.helo = in->m->helo,
		.spf = in->auth.spf,
		.dkim = in->dkim.result,
		.dmarc = in->auth.dmarc,
		.auto_kind = auto_kind_name(in->auto_kind),
		.note = note,
		.size = (int64_t)in->m->raw_len,
	};
	memcpy(m->dedupe, in->dedupe, sizeof m->dedupe);
}

/* The first 22 bytes of a Thread-Index: a time and a GUID that all mails of an
 * Outlook conversation share (MS-OXOMSG 2.2.1.3). */
const char *desk_conversation_id(const struct intake *in)
{
	const struct msg_field *f = msg_field(in->msg, "Thread-Index");
	struct sb b = SB_INIT;
	char hex[2 * CONVERSATION_BYTES + 1];
	const char *id = "";
	if (f && strlen(f->value) < 4096 && xfer_decode("base64", f->value, strlen(f->value), 4096, &b) &&
	    b.len >= CONVERSATION_BYTES && b.s[0] == 1) {
		hex_encode((const uint8_t *)b.s, CONVERSATION_BYTES, hex);
		id = arena_printf(in->a, "%s@thread-index.invalid", hex);
	}
	sb_free(&b);
	return id;
}

static enum status index_ids(struct store *s, const struct intake *in, int64_t ticket, struct err *e)
{
	enum status st = OK;
	if (!ticket)
		return OK;
	if (*in->msg->message_id)
		st = msgid_add(s, in->msg->message_id, MSGID_SEEN, ticket, e);
	const char *conversation = desk_conversation_id(in);
	if (st == OK && *conversation)
		st = msgid_add(s, conversation, MSGID_REFERENCED, ticket, e);
	size_t n = 0;
	while (in->msg->references[n])
		n++;
	size_t from = n > MAX_REFS_INDEXED ? n - MAX_REFS_INDEXED : 0;
	for (size_t i = from; i < n && st == OK; i++)
		st = msgid_add(s, in->msg->references[i], MSGID_REFERENCED, ticket, e);
	return st;
}

/* Stores the mail whole and indexes its ids. */
enum status desk_record(struct store *s, struct intake *in, struct message *m, struct err *e)
{
	bool changed = in->rest.len > 0;
	enum status st = message_insert(s, m, changed ? in->rest.s : in->m->raw, changed ? in->rest.len : in->m->raw_len, e);
	in->message_id = m->id;
	return st == OK ? index_ids(s, in, m->ticket_id, e) : st;
}

enum status desk_audit(struct store *s, const struct intake *in, const char *who, const char *what,
                       const char *detail, struct err *e)
{
	struct audit row = { .at = in->m->now, .who = who, .what = what, .ticket_id = in->ticket.id, .detail = detail };
	return audit_add(s, &row, e);
}

/* Postfix hands it to colleagues among its recipients; they need no second copy. */
static bool has_it(const struct intake *in, const char *address)
{
	for (size_t i = 0; i < in->m->nrcpts; i++)
		if (strcmp(addr_key(in->a, in->m->rcpts[i].addr), address) == 0)
			return true;
	return false;
}

enum status desk_colleagues(struct store *s, const struct intake *in, const struct staff *author, struct sb *lines,
                            struct err *e)
{
	struct staff *v;
	size_t n;
	enum status st = staff_list(s, STAFF_AGENT | STAFF_SUPERVISOR, in->a, &v, &n, e);
	for (size_t i = 0; st == OK && i < n; i++)
		if (v[i].id != author->id && !has_it(in, v[i].address))
			sb_addf(lines, "%s%s", lines->len ? "\n" : "", v[i].address);
	return st;
}

enum status desk_send(struct store *s, const struct intake *in, enum outbox_kind kind, const char *tmpl,
                      const char *rcpts, const struct sb *vars, struct err *e)
{
	struct outbox o = {
		.kind = kind,
		.ticket_id = in->ticket.id,
		.message_id = in->message_id,
		.rcpts = rcpts,
		.tmpl = tmpl,
		.vars = vars->s,
		.vars_len = vars->len,
		.created_at = in->m->now,
	};
	return outbox_add(s, &o, e);
}

enum status desk_tell_author(struct store *s, const struct intake *in, const struct staff *who, const char *tmpl,
                             struct err *e)
{
	struct sb vars = SB_INIT;
	outbox_var_add(&vars, "subject", in->msg->subject);
	outbox_var_add(&vars, "in_reply_to", in->msg->message_id);
	enum status st = desk_send(s, in, OUT_NOTICE, tmpl, who->address, &vars, e);
	sb_free(&vars);
	return st;
}

const char *desk_who(const struct intake *in, const struct staff *who)
{
	return arena_printf(in->a, "staff:%s", who->login);
}

enum status desk_staff_rcpts(struct store *s, struct arena *a, const char **lines_r, struct err *e)
{
	return staff_lines(s, STAFF_AGENT | STAFF_SUPERVISOR, a, lines_r, e);
}

bool desk_is_our_address(const struct desk *d, struct store *s, struct arena *a, const char *addr)
{
	struct staff st;
	int64_t id;
	if (!*addr)
		return false;
	return token_classify(&d->token, addr, &id) != TOKEN_NONE || staff_by_address(s, addr, a, &st, NULL) == OK;
}
