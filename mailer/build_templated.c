/*
 * Mails from templates: the acknowledgement to a customer (RFC 3834) and
 * notices to staff. Values come from the outbox row, as they were when it
 * happened; nothing of the customer's text is quoted but a bounded subject.
 */
#include "build.h"
#include "reply_clean.h"
#include "mail/msg_build.h"
#include "text/layout.h"
#include "text/tmpl.h"
#include <string.h>

enum { MAX_VARS = 40, SUBJECT_COLS = 120 };

static void put(struct tmpl_var *v, size_t *n, const char *name, const char *value)
{
	if (*n < MAX_VARS)
		v[(*n)++] = (struct tmpl_var){ name, value };
}

/* The row's records "name=value\0" and what every template may use. */
static void collect(const struct build_ctx *b, const struct outbox *o, struct arena *a, struct tmpl_var *v)
{
	size_t n = 0;
	for (const char *p = o->vars, *end = o->vars + o->vars_len; p < end; p += strlen(p) + 1) {
		const char *eq = strchr(p, '=');
		if (eq)
			put(v, &n, arena_strndup(a, p, (size_t)(eq - p)), eq + 1);
	}
	put(v, &n, "ticket", o->ticket_id ? arena_printf(a, "%lld", (long long)o->ticket_id) : NULL);
	put(v, &n, "tag", b->cfg->ticket_tag);
	put(v, &n, "desk_name", b->cfg->desk_name);
	put(v, &n, "desk_address", token_desk_address(&b->token, a));
	put(v, &n, "domain", b->cfg->domain);
	put(v, &n, NULL, NULL);
}

/* A customer's subject in ours: one line, not longer than a line can be read. */
static char *short_subject(struct arena *a, const char *s)
{
	struct sb b = SB_INIT;
	text_fit(s, SUBJECT_COLS, false, &b);
	char *r = arena_memdup(a, b.s, b.len);
	sb_free(&b);
	return r;
}

/* Only an acknowledgement belongs into the customer's thread. Notices to staff
 * stay out of it: an answer to a notice must not turn into one to the customer. */
static void ack_subject(const struct build_ctx *b, const struct outbox *o, struct arena *a, const char *subject,
                        struct build *m)
{
	const struct reply_ctx c = { .ticket_tag = b->cfg->ticket_tag };
	struct sb s = SB_INIT;
	reply_clean_subject(&c, o->ticket_id, subject, &s);
	m->subject = arena_memdup(a, s.s, s.len);
	sb_free(&s);
}

static void ack_headers(const struct build_ctx *b, const struct outbox *o, struct arena *a, struct build *m)
{
	const char *id = outbox_var(o, "in_reply_to");
	const char **refs = arena_zalloc(a, 2 * sizeof *refs);
	m->auto_submitted = "auto-replied";
	m->reply_to = token_ticket_address(&b->token, a, o->ticket_id);
	if (!id || !*id)
		return;
	refs[0] = id;
	m->in_reply_to = id;
	m->references = refs;
}

enum status build_templated(const struct build_ctx *b, const struct outbox *o, struct arena *a, struct built *r,
                            struct err *e)
{
	struct tmpl_var v[MAX_VARS + 1] = { { NULL, NULL } };
	struct sb subject = SB_INIT, body = SB_INIT;
	collect(b, o, a, v);
	for (size_t i = 0; v[i].name; i++)
		if (strcmp(v[i].name, "subject") == 0)
			v[i].value = short_subject(a, v[i].value);
	enum status st = tmpl_render_file(b->cfg->templates, o->tmpl, v, &subject, &body, e);
	if (st == OK) {
		char *id = token_message_id(&b->token, a, o->ticket_id, o->id);
		struct build m = {
			.from_name = b->cfg->desk_name,
			.from_addr = token_desk_address(&b->token, a),
			.subject = build_tagged(b, a, o->ticket_id, subject.s),
			.message_id = id,
			.date = o->created_at,
			.auto_submitted = "auto-generated",
			.text = body.s,
		};
		m.to = build_addrs(a, o->rcpts, &m.nto);
		if (o->kind == OUT_ACK) {
			ack_headers(b, o, a, &m);
			ack_subject(b, o, a, subject.s, &m);
			r->message_id = id;
		}
		msg_build(&m, &r->mail);
	}
	sb_free(&subject);
	sb_free(&body);
	return st == OK || st == ERR_TEMP ? st : ERR_PERM;
}
