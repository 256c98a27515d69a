/*
 * The copy of a customer's mail that staff read: the original as it came, with
 * the ticket in the subject, a Reply-To that comes back to the ticket, and a
 * short note on top for the reader's eyes only (mailer/reply_clean.h takes it
 * out of what staff quote). Requests for receipts and other people's trace and
 * authentication fields are dropped: they would speak for the customer, or
 * reveal the reader. The note suggests what kind of consultation a new one is;
 * the ticket's category is set by staff alone.
 */
#include "build.h"
#include "build_analysis.h"
#include "reply_clean.h"
#include "mail/addr.h"
#include "mail/evidence.h"
#include "mail/msg_build.h"
#include "store/store_message.h"
#include "store/store_people.h"
#include "store/store_ticket.h"
#include "text/html.h"
#include "text/tmpl.h"
#include <string.h>
#include <strings.h>

enum { SUSPICIOUS_MAIL = 3 }; /* the kind of consultation, specification 3.4.1(5) */

static const char *const dropped[] = {
	"Return-Path", "Delivered-To", "Reply-To", "Authentication-Results", "Received-SPF", "DKIM-Signature",
	"ARC-Seal", "ARC-Message-Signature", "ARC-Authentication-Results", "List-Unsubscribe", "List-Unsubscribe-Post",
	"List-Post", "Mail-Followup-To", "Mail-Reply-To", "Disposition-Notification-To", "Return-Receipt-To",
	"X-Confirm-Reading-To", "X-Yorozu-Ticket", "X-Yorozu-Outbox", "X-Original-Reply-To", NULL
};

static const char *verdict_ja(const char *v)
{
	static const struct { const char *v, *ja; } words[] = {
		{ "pass", "合格" }, { "fail", "不合格" }, { "softfail", "不合格の疑い" }, { "neutral", "判定なし" },
		{ "none", "なし" }, { "temperror", "確認できず" }, { "permerror", "設定誤り" }, { "policy", "方針により無効" },
	};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(words[i].v, v) == 0)
			return words[i].ja;
	return "なし";
}

struct copy {
	const struct build_ctx *b;
	const struct outbox *o;
	struct arena *a;
	struct message m;
	struct ticket t;
	struct contract_match contract;
	struct copy_extra x;
	bool suspicious; /* the suggestion says so */
};

/* Is From more than a claim? DMARC says so, or SPF of the very domain in From. */
static bool from_is_proved(const struct message *m)
{
	return strcmp(m->dmarc, "pass") == 0 ||
	       (strcmp(m->spf, "pass") == 0 && strcasecmp(addr_domain(m->envelope_from), addr_domain(m->from_addr)) == 0);
}

static const char *contract_words(const struct copy *c)
{
	if (!c->contract.id)
		return "契約の確認が取れません";
	return arena_printf(c->a, "%s (%s)%s%s", c->contract.name, c->contract.n_number,
	                    c->contract.by_address ? "" : " ※ドメインによる照合",
	                    from_is_proved(&c->m) ? "" : " ※差出人は認証されていません");
}

/* A note of a colleague, not a customer's mail. */
static bool is_memo(const struct copy *c)
{
	return c->m.kind == MSG_NOTE;
}

/* A colleague's answer, as the customer has it. */
static bool is_answer(const struct copy *c)
{
	return c->m.kind == MSG_STAFF_REPLY;
}

/* Where an answer would go, if that is not the sender. */
static const char *other_reply_to(struct arena *a, const struct msg *msg)
{
	if (!msg->reply_to.n || !msg->from.n)
		return NULL;
	const char *to = addr_key(a, msg->reply_to.v[0].addr);
	return strcmp(to, addr_key(a, msg->from.v[0].addr)) == 0 ? NULL : to;
}

/* Of a consultation that begins with this mail. */
static void suggest(const struct copy *c, const struct msg *msg, bool is_new, struct category_suggestion *r)
{
	struct category_evidence ev;
	*r = (struct category_suggestion){ .reason = "" };
	if (!c->b->categories || !msg || !is_new || c->m.kind == MSG_AUTO)
		return;
	mail_evidence(msg, c->a, &ev);
	category_suggest(c->b->categories, &ev, c->a, r);
}

static const char *category_words(struct arena *a, const struct category *k)
{
	return k ? arena_printf(a, "%d %s", k->number, k->name) : NULL;
}

static enum status banner(struct copy *c, const struct msg *msg, struct sb *out, struct err *e)
{
	char at[48], due[48];
	const char *event = outbox_var(c->o, "event");
	bool ticket = c->o->ticket_id != 0, memo = is_memo(c), is_new = event && strcmp(event, "new") == 0 && ticket;
	struct category_suggestion kind;
	suggest(c, msg, is_new, &kind);
	c->suspicious = kind.best && kind.best->number == SUSPICIOUS_MAIL;
	const char *guided = outbox_var(c->o, "guided");
	struct sb subject = SB_INIT, body = SB_INIT;
	const struct tmpl_var v[] = {
		{ "ticket", ticket ? arena_printf(c->a, "%lld", (long long)c->o->ticket_id) : NULL },
		{ "stray", ticket ? NULL : "1" },
		{ "new", is_new ? "1" : NULL },
		{ "reopened", event && strcmp(event, "reopened") == 0 ? "1" : NULL },
		{ "follow_up", ticket && event && strcmp(event, "follow-up") == 0 ? "1" : NULL },
		{ "auto", c->m.kind == MSG_AUTO ? "1" : NULL },
		{ "identity", outbox_var(c->o, "identity") },
		{ "previous", c->t.previous_id ? arena_printf(c->a, "%lld", (long long)c->t.previous_id) : NULL },
		{ "from", arena_printf(c->a, *c->m.from_name ? "%s <%s>" : "%s%s", c->m.from_name, c->m.from_addr) },
		{ "newcomer", outbox_var(c->o, "newcomer") },
		{ "reply_to", msg ? other_reply_to(c->a, msg) : NULL },
		{ "contract", contract_words(c) },
		{ "received", clk_ja(c->m.at, at) },
		{ "due", c->t.due_at ? clk_ja(c->t.due_at, due) : NULL },
		{ "spf", verdict_ja(c->m.spf) },
		{ "dkim", verdict_ja(c->m.dkim) },
		{ "dmarc", verdict_ja(c->m.dmarc) },
		{ "note", *c->m.note ? c->m.note : NULL },
		{ "note_address", token_note_address(&c->b->token, c->a, c->o->ticket_id) },
		{ "command_address", token_command_address(&c->b->token, c->a, c->o->ticket_id) },
		{ "category", category_words(c->a, kind.best) },
		{ "category_number", kind.best ? arena_printf(c->a, "%d", kind.best->number) : NULL },
		{ "category_reason", kind.reason },
		{ "category_second", category_words(c->a, kind.second) },
		{ "files", copy_extra_list(&c->x, c->a) },
		{ "guided", guided },
		{ "not_guided", guided ? NULL : "1" },
		{ "signature_lost", copy_extra_signature_lost(&c->x, msg) ? "1" : NULL },
		{ NULL, NULL },
	};
	enum status st = tmpl_render_file(c->b->cfg->templates, memo ? "banner-note" : is_answer(c) ? "banner-reply" : "banner", v, &subject, &body, e);
	sb_addf(out, "%s\n%s", memo ? NOTE_MARK : BANNER_BEGIN, body.s);
	sb_adds(out, body.len && body.s[body.len - 1] == '\n' ? "" : "\n");
	sb_free(&subject);
	sb_free(&body);
	return st;
}

/* The table, and the mark that ends all of it. */
static void note_text(const struct copy *c, const char *banner_text, struct sb *out)
{
	sb_adds(out, banner_text);
	analysis_text(&c->x.found, c->x.files, c->x.nfiles, out);
	sb_addf(out, "%s\n\n", is_memo(c) ? NOTE_RULE : BANNER_END);
}

static void lines_html(const char *text, struct sb *out)
{
	for (const char *p = text; *p; p += strcspn(p, "\n"), p += *p == '\n') {
		size_t n = strcspn(p, "\n");
		if (!n)
			continue;
		text_html_escape(p, n, out);
		sb_adds(out, "<br>\r\n");
	}
}

/* The same for the HTML twin, plain enough for every client. */
static void note_html(const struct copy *c, const char *text, struct sb *out)
{
	sb_adds(out, "<div style=\"border-left:4px solid #c60;background-color:#fff6e8;color:#333;"
	             "padding:6px 10px;margin:0 0 12px 0;font-size:90%\">");
	lines_html(text, out);
	analysis_html(&c->x.found, c->x.files, c->x.nfiles, out);
	lines_html(is_memo(c) ? NOTE_RULE : BANNER_END, out);
	sb_adds(out, "</div>");
}

static const char **added_fields(const struct copy *c, const struct msg *msg)
{
	size_t n = 0;
	const char **v = arena_zalloc(c->a, 8 * sizeof *v);
	if (c->o->ticket_id) {
		v[n++] = arena_printf(c->a, "Reply-To: %s",
		                      (is_memo(c) ? token_note_address : token_ticket_address)(&c->b->token, c->a, c->o->ticket_id));
		v[n++] = arena_printf(c->a, "X-Yorozu-Ticket: %lld", (long long)c->o->ticket_id);
	}
	v[n++] = arena_printf(c->a, "X-Yorozu-Outbox: %lld", (long long)c->o->id);
	v[n++] = arena_printf(c->a, "Authentication-Results: %s; spf=%s; dkim=%s; dmarc=%s", c->b->cfg->hostname,
	                      *c->m.spf ? c->m.spf : "none", *c->m.dkim ? c->m.dkim : "none",
	                      *c->m.dmarc ? c->m.dmarc : "none");
	const char *other = msg ? other_reply_to(c->a, msg) : NULL;
	if (other)
		v[n++] = arena_printf(c->a, "X-Original-Reply-To: %s", other);
	if (msg && !*msg->message_id)
		v[n++] = arena_printf(c->a, "Message-ID: <%s>",
		                      token_message_id(&c->b->token, c->a, c->o->ticket_id, c->o->id));
	return v;
}

static void restyle(const struct copy *c, const struct msg *msg, const char *banner_text, struct sb *out)
{
	struct sb note = SB_INIT, html = SB_INIT;
	note_text(c, banner_text, &note);
	note_html(c, banner_text, &html);
	const char *subject = *msg->subject ? msg->subject : "(件名なし)";
	struct restyle how = {
		.drop = dropped,
		.add = added_fields(c, msg),
		.subject = build_tagged(c->b, c->a, c->o->ticket_id, subject),
		.banner = note.s,
		.banner_html = html.s,
	};
	msg_restyle(msg, &how, out);
	sb_free(&note);
	sb_free(&html);
}

/* What no parser bears still reaches staff: raw, behind the note. */
static void attach_raw(const struct copy *c, const char *banner_text, const struct sb *raw, struct sb *out)
{
	struct sb note = SB_INIT;
	note_text(c, banner_text, &note);
	struct build_file file = { .filename = "mail.eml", .type = "application/octet-stream", .p = raw->s, .n = raw->len };
	struct build m = {
		.from_name = c->b->cfg->desk_name,
		.from_addr = token_desk_address(&c->b->token, c->a),
		.subject = build_tagged(c->b, c->a, c->o->ticket_id, "(表示できないメール)"),
		.message_id = token_message_id(&c->b->token, c->a, c->o->ticket_id, c->o->id),
		.date = c->m.at,
		.extra = added_fields(c, NULL),
		.text = note.s,
		.files = &file,
		.nfiles = 1,
	};
	m.to = build_addrs(c->a, c->o->rcpts, &m.nto);
	msg_build(&m, out);
	sb_free(&note);
}

static enum status load(struct copy *c, struct sb *raw, struct err *e)
{
	enum status st = message_get(c->b->s, c->o->message_id, c->a, &c->m, e);
	if (st == OK)
		st = message_raw(c->b->s, c->o->message_id, raw, e);
	if (st == OK && c->o->ticket_id)
		st = ticket_get(c->b->s, c->o->ticket_id, c->a, &c->t, e);
	if (st == OK && *c->m.from_addr && contract_match(c->b->s, c->m.from_addr, c->a, &c->contract, NULL) != OK)
		c->contract.id = 0;
	return st;
}

enum status build_copy(const struct build_ctx *b, const struct outbox *o, struct arena *a, struct built *r,
                       struct err *e)
{
	struct copy c = { .b = b, .o = o, .a = a, .x.raw = SB_INIT };
	struct sb raw = SB_INIT, note = SB_INIT;
	struct msg *msg = NULL;
	enum status st = load(&c, &raw, e);
	if (st == OK && msg_parse(raw.s, raw.len, &prescan_default, &msg, NULL) != OK)
		msg = NULL;
	if (st == OK)
		st = copy_extra_of(b, &c.m, msg, a, &c.x, e);
	if (st == OK)
		st = banner(&c, msg, &note, e);
	if (st == OK && msg) {
		copy_extra_inert(&c.x, msg, c.suspicious);
		restyle(&c, c.x.inert ? c.x.inert : msg, note.s, &r->mail);
	} else if (st == OK) {
		attach_raw(&c, note.s, &raw, &r->mail);
	}
	if (st == OK && msg && !*msg->message_id && o->ticket_id)
		r->message_id = token_message_id(&b->token, a, o->ticket_id, o->id);
	copy_extra_free(&c.x);
	msg_free(&msg);
	sb_free(&raw);
	sb_free(&note);
	return st;
}
