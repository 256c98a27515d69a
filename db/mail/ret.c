/*
 * Return mails: which kind one is, and where in it the letter, the report and
 * the returned mail are. What they say is read by the other ret_*.c. See ret.h.
 * SECURITY: hostile mail; linear, bounded.
 */
#include "addr.h"
#include "msg_impl.h"
#include "ret_impl.h"
#include "text/begins.h"
#include <string.h>
#include <strings.h>

/* SHARED_MAX is looked at again for each recipient. */
enum { LOOK = 8192, SHARED_MAX = 8192, HEAD_LOOK = 600 };

const struct msg_field *ret_field(const struct ret_job *j, const char *name)
{
	for (size_t i = 0; i < j->nfields; i++)
		if (strcasecmp(j->fields[i].name, name) == 0)
			return &j->fields[i];
	return NULL;
}

/* ---- parts ---- */

/* Preorder below root, not into message/rfc822. */
static const struct msg_part *next_below(const struct msg_part *root, const struct msg_part *p)
{
	if (p->child && p->kind != PART_MESSAGE)
		return p->child;
	while (p != root && !p->next)
		p = p->parent;
	return p == root ? NULL : p->next;
}

/* A report that lost its type: its first fields are a report's. */
static bool reads_as_report(const struct msg_part *p)
{
	static const char *const names[] = { "Reporting-MTA", "Final-Recipient", "Original-Recipient", "Original-Envelope-Id" };
	struct sb b = SB_INIT;
	struct hdr_field f;
	bool is = false;
	ret_part_lines(p, HEAD_LOOK, &b);
	const char *pos = b.s;
	if (hdr_next(&pos, b.s + b.len, false, &f) && f.start - b.s < 4)
		for (size_t i = 0; i < sizeof names / sizeof *names; i++)
			is = is || hdr_is(&f, names[i]);
	sb_free(&b);
	return is;
}

static bool is_report(const struct msg_part *p, const char *kind)
{
	if (strstr(p->type, kind))
		return true;
	return p->kind == PART_LEAF && strcmp(kind, "delivery-status") == 0 && reads_as_report(p);
}

const struct msg_part *ret_find_report(const struct msg_part *root, const char *kind)
{
	for (const struct msg_part *p = root; p; p = next_below(root, p))
		if (p->kind == PART_LEAF && is_report(p, kind))
			return p;
	return NULL;
}

/* Without a type of its own its head has become the part's. */
static bool is_bare_mail(const struct msg_part *p)
{
	struct hdr_field f;
	bool cr = p->head_len && !memchr(p->head, '\n', p->head_len);
	return p->parent && hdr_find(p->head, p->head_len, cr, "Received", &f) && hdr_find(p->head, p->head_len, cr, "From", &f);
}

static bool is_returned(const struct msg_part *p)
{
	return is_bare_mail(p) || p->kind == PART_MESSAGE || strstr(p->type, "rfc822-header") || strcmp(p->type, "message/rfc822") == 0 ||
	       strncmp(p->type, "message/global", 14) == 0 || strcmp(p->type, "message/partial") == 0;
}

static const struct msg_part *find_returned(const struct msg_part *root, const struct msg_part *report)
{
	for (const struct msg_part *p = root; p; p = next_below(root, p))
		if (p != report && p != root && is_returned(p))
			return p;
	return NULL;
}

/* ---- the letter ---- */

static void find_text_end(struct ret_job *j)
{
	struct sb b = SB_INIT;
	struct line l;
	const char *end = j->text.s + j->text.len;
	j->text_end = j->text.len;
	for (const char *p = j->text.s; hdr_line(p, end, false, &l); p = l.next) {
		sb_reset(&b);
		patset_fold(l.p, l.n < LOOK ? l.n : LOOK, &b);
		if (b.len && ret_by_words(j->t, RETW_END, &b, NULL)) {
			j->text_end = (size_t)(l.p - j->text.s);
			break;
		}
	}
	sb_free(&b);
}

/* Cut at a character's border. */
static size_t cut(const struct sb *b, size_t max)
{
	size_t n = b->len < max ? b->len : max;
	while (n && n < b->len && ((unsigned char)b->s[n] & 0xC0) == 0x80)
		n--;
	return n;
}

static void read_text(struct ret_job *j)
{
	msg_part_read(j->letter, &j->text);
	for (const struct msg_part *p = j->letter; p && !j->text.len; p = next_below(j->letter, p))
		if (p->kind == PART_LEAF && p != j->report && p != j->returned && strncmp(p->type, "text/", 5) == 0)
			msg_part_text(p, &j->text);
	sb_setlen(&j->text, cut(&j->text, RET_TEXT_MAX));
	sb_grow(&j->text, 1); /* a string of its own, never the shared empty one */
	j->text.s[j->text.len] = '\0';
	find_text_end(j);
	patset_fold(j->text.s, j->text_end < RET_FOLDED_MAX ? j->text_end : RET_FOLDED_MAX, &j->folded);
}

static void open_letter(struct ret_job *j, const struct msg_part *root, const struct msg_field *f, size_t n, const char *subject)
{
	sb_free(&j->text);
	sb_free(&j->folded);
	j->letter = root;
	j->fields = f;
	j->nfields = n;
	j->subject = subject;
	j->report = ret_find_report(root, "delivery-status");
	j->returned = find_returned(root, j->report);
	read_text(j);
	bool warns = ret_has_words(j->t, RETW_DELAY, subject, strlen(subject));
	j->delay = warns || ret_by_words(j->t, RETW_DELAY, &j->folded, NULL);
	j->final = !warns && ret_by_words(j->t, RETW_FINAL, &j->folded, NULL);
	j->returns = !warns && ret_bounce_subject(subject);
}

/* ---- is it a bounce? ---- */

bool ret_null_sender(const struct ret_job *j)
{
	return j->sender && (!*j->sender || strcasestr(j->sender, "mailer-daemon"));
}

enum auto_kind ret_auto_kind(const struct ret_job *j)
{
	return mail_auto_kind(j->m, j->sender ? j->sender : "someone");
}

static bool by_machine(const struct ret_job *j, const char *from)
{
	const struct msg_field *f = ret_field(j, "Auto-Submitted");
	return ret_null_sender(j) || (!*from && ret_field(j, "From")) || ret_is_daemon(from) || (f && strncasecmp(f->value, "no", 2) != 0) ||
	       ret_field(j, "X-MS-Exchange-Message-Is-Ndr");
}

/* A shop's machine writes of parcels that could not be delivered: no mailbox of
 * another domain is in it. Under the null sender another mailbox is enough; ours is
 * no other. */
static bool names_mailbox(const struct ret_job *j, const char *from)
{
	const char *own = ret_null_sender(j) ? from : addr_domain(from), *b, *e, *end = j->text.s + j->text_end;
	if (!*from || ret_is_daemon(from))
		return true;
	for (const char *pos = j->text.s; ret_addr_next(pos, end, &b, &e); pos = e) {
		size_t n = strlen(own), us = strlen(j->out->sent_to);
		bool ours = (size_t)(e - b) == us && strncasecmp(b, j->out->sent_to, us) == 0;
		if (!ours && ((size_t)(e - b) < n || strncasecmp(e - n, own, n) != 0))
			return true;
	}
	return false;
}

/* A reply of an SMTP server, status and all. */
static bool has_code(const struct ret_job *j)
{
	char code[RET_CODE], status[RET_CODE];
	ret_codes(j->text.s, j->text_end < LOOK ? j->text_end : LOOK, code, status);
	return *code && *status;
}

static bool is_blank(const char *p, const char *end, const char *marks)
{
	while (p < end && strchr(marks, *p))
		p++;
	return p == end;
}

/* A gateway's letter under a name like a person's: a recipient that is not its
 * writer alone on a line, and a reply of an SMTP server. */
static bool lists_refused(const struct ret_job *j, const char *from)
{
	const char *end = j->text.s + j->text_end, *b, *e;
	struct line l;
	if (!has_code(j))
		return false;
	for (const char *p = j->text.s; hdr_line(p, end, false, &l); p = l.next)
		if (ret_addr_next(l.p, l.p + l.n, &b, &e) && is_blank(l.p, b, " \t<*") && is_blank(e, l.p + l.n, " \t\r>:;.") &&
		    ((size_t)(e - b) != strlen(from) || strncasecmp(b, from, strlen(from)) != 0))
			return true;
	return false;
}

/* Exchange calls its absence replies auto-generated, and marks its reports.
 * Others say nothing at all and answer as a person does. */
static bool is_answer(const struct ret_job *j)
{
	return ret_auto_kind(j) == AUTO_REPLY || (text_begins(j->subject, "Re:") && !has_code(j)) ||
	       (ret_field(j, "X-Auto-Response-Suppress") && !ret_field(j, "X-MS-Exchange-Message-Is-Ndr"));
}

/* A vacation answer under the person's own address, whatever it says of
 * addresses that changed; mail systems answer under their own. */
static bool answers_for_somebody(const struct ret_job *j, const char *from)
{
	return *from && !ret_is_daemon(from) && !j->returned && !ret_bounce_subject(j->subject) && is_answer(j);
}

/* Two signs of four, one of them no person's: he writes of bounces too, in the
 * subject and below. What a mail system calls itself is enough alone; one word
 * under the null sender only where nobody else signs. */
static bool is_bounce(const struct ret_job *j, const char *from)
{
	if (j->report || ret_from_daemon(j->fields, j->nfields, from))
		return true;
	if (answers_for_somebody(j, from))
		return false;
	bool words = j->delay || ret_by_words(j->t, RETW_LETTER, &j->folded, NULL);
	bool machine = by_machine(j, from);
	bool subject = ret_bounce_subject(j->subject);
	int signs = machine + subject + words + (j->returned && words);
	if (machine && words && !subject && !j->returned && !(ret_null_sender(j) && has_code(j)) && !names_mailbox(j, from))
		return false;
	return (signs >= 2 && (machine || j->returned || lists_refused(j, from))) || (machine && has_code(j)) ||
	       (ret_null_sender(j) && (!*from || ret_is_daemon(from)) && ret_by_words(j->t, RETW_TEXT, &j->folded, NULL));
}

static bool is_embedded_bounce(const struct msg *m)
{
	const char *from = m->from.n ? m->from.v[0].addr : "";
	return ret_find_report(m->root, "delivery-status") ||
	       (ret_from_daemon(m->fields, m->nfields, from) && ret_bounce_subject(m->subject));
}

/* A gateway wraps the report it got for us; what else comes back is a mail. */
static bool sent_on(const struct msg *m, const struct msg *in)
{
	return m->to.n && in->to.n && strcasecmp(m->to.v[0].addr, in->to.v[0].addr) == 0;
}

/* The mail itself, or else a bounce that somebody forwarded whole. */
static bool find_bounce(struct ret_job *j)
{
	const struct msg *m = j->m;
	bool is = is_bounce(j, m->from.n ? m->from.v[0].addr : "");
	if (is && j->report)
		return true;
	for (const struct msg_part *p = m->root; p; p = next_below(m->root, p))
		if (p->kind == PART_MESSAGE && p->embedded && is_embedded_bounce(p->embedded) &&
		    (!is || sent_on(m, p->embedded))) {
			open_letter(j, p->embedded->root, p->embedded->fields, p->embedded->nfields, p->embedded->subject);
			j->out->sent_to = p->embedded->to.n ? p->embedded->to.v[0].addr : "";
			return true;
		}
	return is;
}

/* ---- bounces ---- */

static void read_report(struct ret_job *j, struct ret_blocks *b)
{
	struct sb bytes = SB_INIT;
	if (j->report)
		ret_part_lines(j->report, RET_TEXT_MAX, &bytes);
	if (bytes.len)
		ret_dsn_read(j->a, bytes.s, bytes.len, b);
	sb_free(&bytes);
	if (b->n)
		return;
	/* pasted into the letter */
	const char *p = strcasestr(j->text.s, "Final-Recipient:"), *q = strcasestr(j->text.s, "Original-Recipient:");
	if (q && (!p || q < p))
		p = q;
	if (p && (p == j->text.s || p[-1] == '\n') && (size_t)(p - j->text.s) < j->text_end)
		ret_dsn_read(j->a, p, (size_t)(j->text.s + j->text_end - p), b);
}

/* The best rank; of addresses that only stand somewhere, the first. */
static bool counts(const struct ret_letter *l, size_t i)
{
	if (l->v[i].rank != l->best)
		return false;
	for (size_t k = 0; k < i && l->best == 1; k++)
		if (l->v[k].rank == 1)
			return false;
	return true;
}

static const char *only_one(const struct ret_job *j, const struct ret_letter *l)
{
	const char *one = "";
	size_t n = 0;
	for (size_t i = 0; i < l->n; i++)
		if (counts(l, i) && n++ == 0)
			one = l->v[i].addr;
	if (n == 1)
		return one;
	return j->orig_to.n == 1 ? j->orig_to.v[0].addr : "";
}

bool ret_is_told(const struct rets *out, const char *recipient)
{
	for (size_t i = 0; i < out->n; i++)
		if (strcasecmp(out->v[i].recipient, recipient) == 0)
			return true;
	return false;
}

static void put_blocks(struct ret_job *j, struct ret_blocks *b, struct ret_letter *l)
{
	j->alone = b->n == 1;
	for (size_t i = 0; i < b->n; i++) {
		struct ret_evidence *e = &b->v[i];
		struct ret_who *w = ret_letter_find(l, e->recipient);
		if (!w && *e->final)
			w = ret_letter_find(l, e->final);
		if (!*e->recipient)
			e->recipient = only_one(j, l);
		if (ret_is_told(j->out, e->recipient))
			continue;
		if (w) {
			e->words = w->words.s;
			e->words_n = w->words.len;
		}
		ret_add(j, e);
	}
}

static void put_letter(struct ret_job *j, struct ret_letter *l)
{
	struct ret_evidence e = { "", "", "", "", "", "", "", "", 0, false };
	size_t n = 0;
	for (size_t i = 0; i < l->n; i++)
		n += counts(l, i);
	j->alone = n <= 1;
	for (size_t i = 0; i < l->n; i++)
		if (counts(l, i)) {
			e.recipient = l->v[i].from ? l->v[i].from : l->v[i].addr;
			e.final = l->v[i].from ? l->v[i].addr : "";
			e.words = l->v[i].words.s;
			e.words_n = l->v[i].words.len;
			ret_add(j, &e);
		}
	if (!n)
		ret_add(j, &e);
}

static void read_bounce(struct ret_job *j)
{
	struct ret_blocks b = { 0 };
	struct ret_letter l;
	ret_orig_read(j);
	read_report(j, &b);
	ret_letter_read(j, &l);
	patset_fold(l.common.s, l.common.len < SHARED_MAX ? l.common.len : SHARED_MAX, &j->shared);
	if (b.n)
		put_blocks(j, &b, &l);
	else
		put_letter(j, &l);
	ret_letter_free(&l);
}

static bool read_kind(struct ret_job *j)
{
	const struct msg_part *feedback = ret_find_report(j->m->root, "feedback-report");
	if (feedback)
		return ret_feedback_read(j, feedback);
	if (ret_old_complaint_read(j))
		return true;
	if (ret_report_kind(j->m->root->type_raw, "disposition-notification") || !find_bounce(j))
		return ret_other_read(j);
	read_bounce(j);
	return true;
}

bool ret_read(const struct ret_table *t, const struct msg *m, const char *sender, struct rets *out)
{
	struct ret_job j = { .t = t, .m = m, .a = m->arena, .out = out, .sender = sender, .text = SB_INIT, .folded = SB_INIT,
			     .shared = SB_INIT, .orig_from = "", .orig_rcpt = "" };
	*out = (struct rets){ NULL, 0, "", "", "", "" };
	open_letter(&j, m->root, m->fields, m->nfields, m->subject);
	if (m->to.n)
		out->sent_to = m->to.v[0].addr;
	bool is = read_kind(&j);
	sb_free(&j.text);
	sb_free(&j.folded);
	sb_free(&j.shared);
	return is;
}
