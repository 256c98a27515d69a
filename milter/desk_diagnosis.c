/*
 * Mail to the diagnosis (DIAG-01): answers to the questionnaire in a file or in
 * the text. A customer answers for his own contract and hears what became of it;
 * staff send exports of the form. Whatever holds no answers is a consultation,
 * and so is what comes from a sender who can't be believed: staff look at it.
 *
 * SECURITY: files are read within the bounds of pack/survey_file.h, before the
 * transaction, and never stored: answers are letters of the questionnaire.
 */
#include "desk_impl.h"
#include "mail/auto_answer.h"
#include "pack/survey_file.h"
#include "store/store_diagnosis_op.h"
#include "text/layout.h"
#include <stdio.h>
#include <string.h>

enum { MAIL_COLS = 70 };

/* ---- before the transaction --------------------------------------------------------------- */

/* To it alone: who writes to the desk as well wants people to read it. */
static bool to_diagnosis(const struct intake *in)
{
	bool it = false, others = false;
	for (size_t i = 0; i < in->m->nrcpts; i++) {
		const struct desk_rcpt *r = &in->m->rcpts[i];
		it = it || (r->kind == TOKEN_DIAGNOSIS && !r->id);
		others = others || (r->kind != TOKEN_NONE && r->kind != TOKEN_DIAGNOSIS);
	}
	return it && !others;
}

static void whole_fault(struct intake *in, const char *what)
{
	in->answers = true;
	sb_free(&in->sheet.faults);
	in->sheet = (struct survey_sheet){ .faults = SB_INIT, .nfaults = 1 };
	sb_addf(&in->sheet.faults, "%s\n", what);
}

static void read_file(struct intake *in, const struct sb *bytes)
{
	struct err e;
	sb_free(&in->sheet.faults);
	in->answers = survey_read_file(in->d->survey, bytes->s, bytes->len, in->a, &in->sheet, &e) == OK;
	if (!in->answers)
		whole_fault(in, "ファイルを処理できませんでした。時間をおいてお送りください");
}

/* The one file that may hold answers. */
static size_t read_files(struct intake *in)
{
	size_t n = 0;
	struct err e;
	for (const struct msg_part *p = in->msg->root; p; p = msg_part_next(p)) {
		struct sb bytes = SB_INIT;
		if (p->kind != PART_LEAF || !msg_part_is_file(p))
			continue;
		enum status st = msg_part_bytes(p, SURVEY_FILE_MAX, &bytes, &e);
		if (survey_is_file(p->filename ? p->filename : "", bytes.s, bytes.len)) {
			if (++n > 1)
				whole_fault(in, "回答のファイルが複数添付されています。1 通につき 1 個だけ添付してください");
			else if (st != OK)
				whole_fault(in, "ファイルが大きすぎます (4 MB まで)");
			else
				read_file(in, &bytes);
		}
		sb_free(&bytes);
	}
	return n;
}

void desk_diagnosis_gather(struct intake *in)
{
	struct err e;
	struct sb text = SB_INIT;
	if (!in->d->survey || !to_diagnosis(in) || (in->auto_kind != AUTO_NO && in->auto_kind != AUTO_GENERATED))
		return;
	if (in->m->side == SIDE_MX && !auto_sender_trusted(in->auth.spf, in->auth.dmarc))
		return;
	if (read_files(in))
		return;
	msg_read_text(in->msg, &text);
	in->answers = survey_read_text(in->d->survey, text.s, text.len, in->a, &in->sheet, &e) == OK;
	sb_free(&text);
}

/* ---- what is said --------------------------------------------------------------------------- */

static void add_choices(const struct intake *in, struct sb *vars)
{
	struct sb b = SB_INIT;
	for (size_t i = 0; i < in->d->survey->nchoices; i++)
		sb_addf(&b, "%s%s", i ? "／" : "", in->d->survey->choices[i].name);
	outbox_var_add(vars, "choices", b.s);
	sb_free(&b);
}

static void add_faults(struct intake *in, struct sb *vars)
{
	struct sb *f = &in->sheet.faults;
	struct sb wrapped = SB_INIT;
	text_wrap(f->s, f->len, MAIL_COLS, &wrapped);
	outbox_var_add(vars, "faults", wrapped.s);
	sb_free(&wrapped);
	add_choices(in, vars);
}

/* Replies go where answers go. What was not said is empty: the first value counts. */
static void add_thread(const struct intake *in, struct sb *vars)
{
	static const char *const names[] = { "name", "company", "taken", "known", "early", "unknown", "faults", "choices", "due", "next", "results", "help" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		outbox_var_add(vars, names[i], "");
	outbox_var_add(vars, "subject", in->msg->subject);
	outbox_var_add(vars, "in_reply_to", in->msg->message_id);
	outbox_var_add(vars, "diagnosis", "0");
}

/* ---- a customer's --------------------------------------------------------------------------- */

static void outcome(const struct diagnosis_result *r, struct sb *vars)
{
	static const char *const names[] = { [DIAGNOSIS_TAKEN] = "taken", [DIAGNOSIS_KNOWN] = "known", [DIAGNOSIS_EARLY] = "early" };
	char buf[48];
	outbox_var_add(vars, names[r->outcome], "1");
	outbox_var_add(vars, "company", r->name);
	if (r->due)
		outbox_var_add(vars, "due", clk_ja(r->due, buf));
	if (r->next) {
		struct civil c = civil_of(r->next);
		snprintf(buf, sizeof buf, "%d年%d月%d日", c.year, c.mon, c.day);
		outbox_var_add(vars, "next", buf);
	}
}

/* He gets no answer, and nothing of his was stored: somebody must tell him. */
static enum status tell_staff(struct store *s, struct intake *in, struct sb *vars, struct err *e)
{
	const char *rcpts;
	enum status st = desk_staff_rcpts(s, in->a, &rcpts, e);
	if (st != OK || !*rcpts)
		return st;
	outbox_var_add(vars, "sender", in->from_key);
	outbox_var_add(vars, "reply_to", token_command_address(&in->d->token, in->a, 0)); /* an answer here is no export */
	add_thread(in, vars);
	return desk_send(s, in, OUT_NOTICE, "diagnosis-unanswered", rcpts, vars, e);
}

/* lost: nothing was stored, nor is it there. */
static enum status answer(struct store *s, struct intake *in, struct sb *vars, bool lost, struct err *e)
{
	const char *why, *to = desk_ack_recipient(s, in, &why);
	if (!to) {
		enum status told = lost ? tell_staff(s, in, vars, e) : OK;
		return told == OK ? desk_audit(s, in, "system", "ack.none", why, e) : told;
	}
	outbox_var_add(vars, "name", in->from_name);
	add_thread(in, vars);
	enum status st = desk_send(s, in, OUT_ACK, "diagnosis-answer", to, vars, e);
	if (st == OK)
		st = ack_record(s, to, in->m->now, e);
	in->acked = st == OK;
	return st;
}

static enum status take(struct store *s, struct intake *in, int64_t contract, struct sb *vars, bool *lost_r, struct err *e)
{
	const struct diagnosis_from from = { .contract = contract, .message_id = in->message_id, .who = "customer", .now = in->m->now, .cal = in->d->cal };
	struct diagnosis_result *r;
	enum status st = diagnosis_take(s, in->d->survey, &in->sheet, &from, in->a, &r, e);
	if (st == OK && in->sheet.nfaults)
		add_faults(in, vars);
	else if (st == OK)
		outcome(&r[0], vars);
	*lost_r = st == OK && (in->sheet.nfaults || r[0].outcome == DIAGNOSIS_EARLY);
	return st;
}

enum status desk_diagnosis_tx(struct store *s, void *arg, struct err *e)
{
	struct intake *in = arg;
	struct message m;
	struct contract_match c = { 0 };
	struct sb vars = SB_INIT;
	bool lost = true;
	in->duplicate = in->acked = false;
	in->ticket = (struct ticket){ 0 };
	in->why = "diagnosis";
	enum status st = desk_seen_before(s, in, e);
	if (st == ERR_EXISTS)
		return OK;
	desk_fill_message(in, MSG_OTHER, "", &m);
	if (st == OK)
		st = desk_record(s, in, &m, e);
	if (st == OK)
		st = desk_record_files(s, in, e);
	if (st == OK)
		st = contract_match(s, in->from_key, in->a, &c, e);
	if (st == OK && c.id)
		st = take(s, in, c.id, &vars, &lost, e);
	else if (st == OK)
		outbox_var_add(&vars, "unknown", "1");
	if (st == OK)
		st = answer(s, in, &vars, lost, e);
	sb_free(&vars);
	return st;
}

/* ---- a staff member's: what others answered --------------------------------------------------- */

static void tell(const struct diagnosis_result *r, struct sb *out)
{
	char buf[48];
	if (r->row)
		sb_addf(out, "%zu行目 ", r->row);
	sb_addf(out, "%s %s：", r->number, r->name);
	if (r->outcome == DIAGNOSIS_TAKEN)
		sb_addf(out, "受け付けました (診断 %lld、期限 %s)\n", (long long)r->id, clk_ja(r->due, buf));
	else if (r->outcome == DIAGNOSIS_KNOWN)
		sb_addf(out, "受付済みです (診断 %lld)\n", (long long)r->id);
	else
		sb_addf(out, "前回から半年たっていません (%s から可能)\n", clk_ja(r->next, buf));
}

static enum status import(struct store *s, struct intake *in, const struct staff *who, struct sb *vars, struct err *e)
{
	const struct diagnosis_from from = { .message_id = in->message_id, .who = desk_who(in, who), .now = in->m->now, .cal = in->d->cal };
	struct diagnosis_result *r;
	struct sb said = SB_INIT;
	enum status st = diagnosis_take(s, in->d->survey, &in->sheet, &from, in->a, &r, e);
	if (st == OK && in->sheet.nfaults)
		add_faults(in, vars);
	for (size_t i = 0; st == OK && i < in->sheet.n; i++)
		tell(&r[i], &said);
	outbox_var_add(vars, "results", said.s);
	sb_free(&said);
	return st;
}

enum status desk_diagnosis_import(struct store *s, struct intake *in, const struct staff *who, struct err *e)
{
	struct sb vars = SB_INIT;
	enum status st = OK;
	if (in->answers)
		st = import(s, in, who, &vars, e);
	else
		outbox_var_add(&vars, "help", "1");
	add_thread(in, &vars);
	if (st == OK)
		st = desk_send(s, in, OUT_NOTICE, "diagnosis-import", who->address, &vars, e);
	sb_free(&vars);
	return st;
}
