/*
 * Mails from templates: the acknowledgement (RFC 3834) and letters to a
 * customer, notices to staff. Values come from the outbox row, as they were when it
 * happened; nothing of the customer's text is quoted but a bounded subject.
 */
#include "attach.h"
#include "build.h"
#include "build_report.h"
#include "reply_clean.h"
#include "mail/msg_build.h"
#include "store/store_link.h"
#include "store/store_message.h"
#include "text/layout.h"
#include "text/tmpl.h"
#include <stdlib.h>
#include <string.h>

enum { MAX_VARS = 60, SUBJECT_COLS = 120, TITLE_COLS = 56 /* behind "　件名　　：" in a line of 70 */ };

static void put(struct tmpl_var *v, size_t *n, const char *name, const char *value)
{
	if (*n < MAX_VARS)
		v[(*n)++] = (struct tmpl_var){ name, value };
}

/* A row names links by their numbers; only the mail has the addresses. */
static const char *url(const struct build_ctx *b, const struct outbox *o, struct arena *a, enum link_kind k,
                       const char *name)
{
	const char *id = outbox_var(o, name);
	if (!id)
		return NULL;
	char *made = link_url(store_links(b->s), b->cfg, k, strtoll(id, NULL, 10));
	char *r = arena_strdup(a, made);
	free(made);
	return r;
}

/* What a customer wrote, no longer than a line can be read. */
static char *short_line(struct arena *a, const char *s, size_t cols)
{
	struct sb b = SB_INIT;
	text_fit(s, cols, false, &b);
	char *r = arena_memdup(a, b.s, b.len);
	sb_free(&b);
	return r;
}

/* The row's records "name=value\0" and what every template may use. */
static void collect(const struct build_ctx *b, const struct outbox *o, struct arena *a, const char *report,
                    struct tmpl_var *v)
{
	size_t n = 0;
	const char *subject = outbox_var(o, "subject");
	for (const char *p = o->vars, *end = o->vars + o->vars_len; p < end; p += strlen(p) + 1) {
		const char *eq = strchr(p, '=');
		if (eq)
			put(v, &n, arena_strndup(a, p, (size_t)(eq - p)), eq + 1);
	}
	put(v, &n, "title", subject ? short_line(a, subject, TITLE_COLS) : NULL);
	put(v, &n, "ticket", o->ticket_id ? arena_printf(a, "%lld", (long long)o->ticket_id) : NULL);
	put(v, &n, "tag", b->cfg->ticket_tag);
	put(v, &n, "desk_name", b->cfg->desk_name);
	put(v, &n, "desk_address", token_desk_address(&b->token, a));
	put(v, &n, "domain", b->cfg->domain);
	put(v, &n, "report", report);
	put(v, &n, "diagnosis_address", b->token.diagnosis ? token_diagnosis_address(&b->token, a, 0) : NULL);
	put(v, &n, "upload_url", url(b, o, a, LINK_UPLOAD, "upload_link"));
	put(v, &n, "download_url", url(b, o, a, LINK_DOWNLOAD, "download_link"));
	const char *again = outbox_var(o, "again");
	put(v, &n, "again", NULL);
	put(v, &n, "first", again && *again ? NULL : "1");
	/* a mail about files that names none still goes out */
	put(v, &n, "files", NULL);
	put(v, &n, "no_files", outbox_var(o, "files") ? NULL : "1");
	put(v, &n, "upload_until", NULL);
	/* what failed says no more than its row knows */
	static const char *const unsaid[] = { "why", "number", "no_link", "held", "others", "waits" };
	const char *held = outbox_var(o, "held");
	put(v, &n, "not_held", held && *held ? NULL : "1");
	for (size_t i = 0; i < sizeof unsaid / sizeof *unsaid; i++)
		put(v, &n, unsaid[i], NULL);
	put(v, &n, NULL, NULL);
}

static const char **references(const struct outbox *o, struct arena *a)
{
	const char *id = outbox_var(o, "in_reply_to"), *refs = outbox_var(o, "references");
	const char **v = build_lines(a, refs && *refs ? refs : id ? id : "");
	return *v ? v : NULL;
}

/* Where an answer goes that is none to a ticket: to the diagnosis, or one of its reports (`diagnosis`). */
static const char *diagnosis_reply(const struct build_ctx *b, const struct outbox *o, struct arena *a)
{
	const char *id = outbox_var(o, "diagnosis");
	return id && b->token.diagnosis ? token_diagnosis_address(&b->token, a, strtoll(id, NULL, 10)) : NULL;
}

/* What begins a conversation is no answer. */
static const char *customer_subject(const struct build_ctx *b, const struct outbox *o, struct arena *a, const char *subject)
{
	const struct reply_ctx c = { .ticket_tag = b->cfg->ticket_tag };
	struct sb s = SB_INIT;
	if (!o->ticket_id || outbox_var(o, "deliver"))
		return build_tagged(b, a, o->ticket_id, subject);
	reply_clean_subject(&c, o->ticket_id, subject, &s);
	char *r = arena_memdup(a, s.s, s.len);
	sb_free(&s);
	return r;
}

/* Acknowledgements and letters belong into the customer's thread, and an answer
 * to them joins the ticket. */
static void to_customer(const struct build_ctx *b, const struct outbox *o, struct arena *a, const char *subject,
                        struct build *m)
{
	const char *id = outbox_var(o, "in_reply_to"), *to = diagnosis_reply(b, o, a);
	m->subject = customer_subject(b, o, a, subject);
	m->reply_to = to ? to : o->ticket_id ? token_ticket_address(&b->token, a, o->ticket_id) : NULL;
	m->in_reply_to = id && *id ? id : NULL;
	m->references = references(o, a);
	/* What a staff member sent with one command is no automatic mail. */
	m->auto_submitted = o->kind == OUT_ACK ? "auto-replied" : outbox_var(o, "author") ? NULL : "auto-generated";
}

/* Notices to staff stay out of the customer's thread: an answer to one must not
 * turn into one to the customer. It goes where the row says (`reply_to`, or the
 * address about issue `reply_issue` or health check `reply_health`), else to the command address. */
static void to_staff(const struct build_ctx *b, const struct outbox *o, struct arena *a, const char *subject,
                     struct build *m)
{
	const char *given = outbox_var(o, "reply_to"), *to = given ? given : diagnosis_reply(b, o, a);
	const char *issue = outbox_var(o, "reply_issue"), *health = outbox_var(o, "reply_health"), *id = outbox_var(o, "in_reply_to");
	m->subject = build_tagged(b, a, o->ticket_id, subject);
	m->in_reply_to = id && *id ? id : NULL; /* of a staff member's own mail */
	m->references = references(o, a);
	if (issue)
		to = token_edit_address(&b->token, a, strtoll(issue, NULL, 10));
	if (health)
		to = token_health_address(&b->token, a, strtoll(health, NULL, 10));
	m->reply_to = to ? to : token_command_address(&b->token, a, o->ticket_id);
	m->auto_submitted = "auto-generated";
}

/* The row's files, then the report's. */
static enum status attach(const struct build_ctx *b, const struct outbox *o, struct arena *a, const struct report *r,
                          struct build *m, struct err *e)
{
	struct outbox_file *f;
	enum status st = outbox_files(b->s, o->id, a, &f, &m->nfiles, e);
	struct build_file *v = arena_zalloc(a, (m->nfiles + r->nfiles + 1) * sizeof *v);
	for (size_t i = 0; st == OK && i < m->nfiles; i++) {
		v[i] = (struct build_file){ f[i].filename, f[i].type, f[i].content_id, f[i].p, f[i].n };
		if (!f[i].message_id)
			continue;
		struct sb raw = SB_INIT;
		st = message_raw(b->s, f[i].message_id, &raw, e);
		v[i].p = arena_memdup(a, raw.s, raw.len);
		v[i].n = raw.len;
		sb_free(&raw);
	}
	for (size_t i = 0; st == OK && i < r->nfiles; i++)
		v[m->nfiles++] = r->files[i];
	m->files = v;
	return st;
}

/* A report of ours goes to its customer as any file does: by the contract's policy (DESK-17). */
static enum status deliver(const struct build_ctx *b, const struct outbox *o, struct arena *a, const char *subject, struct sb *body,
                           struct build *m, struct err *e)
{
	struct attach t = { .b = b, .o = o, .a = a, .report = true, .pdf = strcmp(outbox_var(o, "deliver"), "pdf") == 0, .note = SB_INIT };
	struct attach_file *v = arena_zalloc(a, (m->nfiles + 1) * sizeof *v);
	for (size_t i = 0; i < m->nfiles; i++)
		v[i] = (struct attach_file){ m->files[i].filename, m->files[i].type, m->files[i].p, m->files[i].n };
	enum status st = attach_given(&t, v, m->nfiles, subject, body, e);
	if (st == OK) {
		attach_insert(&t.note, body);
		m->files = t.out;
		m->nfiles = t.nout;
	}
	attach_free(&t);
	return st;
}

/* A kind's standard text, with the greeting and signature of an answer. */
static enum status standard_text(const struct build_ctx *b, const struct outbox *o, struct arena *a, struct sb *subject,
                                 struct sb *body, struct err *e)
{
	const char *number = outbox_var(o, "category");
	const struct category *k = b->categories ? category_by_number(b->categories, number ? (int)strtol(number, NULL, 10) : 0) : NULL;
	struct category_letter l = {
		.name = outbox_var(o, "name"),
		.ticket = arena_printf(a, "%lld", (long long)o->ticket_id),
		.subject = outbox_var(o, "subject"),
		.desk_name = b->cfg->desk_name,
		.desk_address = token_desk_address(&b->token, a),
		.domain = b->cfg->domain,
	};
	if (!k)
		return err_set(e, ERR_PERM, "分類 %s の定型文がありません", number ? number : "-");
	return category_text(b->categories, k, &l, subject, body, e);
}

/* The words of its template, with the row's values. */
static enum status render(const struct build_ctx *b, const struct outbox *o, struct arena *a, const char *report, struct sb *subject,
                          struct sb *body, struct err *e)
{
	struct tmpl_var v[MAX_VARS + 1] = { { NULL, NULL } };
	collect(b, o, a, report, v);
	for (size_t i = 0; v[i].name; i++)
		if (strcmp(v[i].name, "subject") == 0)
			v[i].value = short_line(a, v[i].value, SUBJECT_COLS);
	if (outbox_is_answer(o))
		return standard_text(b, o, a, subject, body, e);
	return tmpl_render_file(b->cfg->templates, o->tmpl, v, subject, body, e);
}

const char *build_subject(const struct build_ctx *b, const struct outbox *o, struct arena *a)
{
	struct sb subject = SB_INIT, body = SB_INIT;
	const char *given = outbox_var(o, "subject"), *r = given ? short_line(a, given, SUBJECT_COLS) : "";
	if ((o->kind == OUT_ACK || o->kind == OUT_LETTER) && render(b, o, a, NULL, &subject, &body, NULL) == OK)
		r = customer_subject(b, o, a, subject.s);
	sb_free(&subject);
	sb_free(&body);
	return r;
}

enum status build_templated(const struct build_ctx *b, const struct outbox *o, struct arena *a, struct built *out,
                            struct err *e)
{
	struct sb subject = SB_INIT, body = SB_INIT;
	bool customer = o->kind == OUT_ACK || o->kind == OUT_LETTER;
	struct build m = {
		.from_name = b->cfg->desk_name,
		.from_addr = token_desk_address(&b->token, a),
		.message_id = token_message_id(&b->token, a, o->ticket_id, o->id),
		.date = o->created_at,
	};
	struct report r = { .b = b, .o = o, .a = a };
	enum status st = build_report(&r, e);
	if (st == OK)
		st = render(b, o, a, r.text.s, &subject, &body, e);
	if (st == OK)
		st = attach(b, o, a, &r, &m, e);
	if (st == OK && outbox_var(o, "deliver"))
		st = deliver(b, o, a, subject.s, &body, &m, e);
	if (st == OK) {
		m.text = body.s;
		m.html = outbox_var(o, "html");
		m.to = build_addrs(a, o->rcpts, &m.nto);
		(customer ? to_customer : to_staff)(b, o, a, subject.s, &m);
		if (customer)
			out->message_id = m.message_id;
		msg_build(&m, &out->mail);
	}
	sb_free(&r.text);
	sb_free(&subject);
	sb_free(&body);
	return st == OK || st == ERR_TEMP ? st : ERR_PERM;
}
