/* What staff order about a diagnosis, and the invitation. See store_diagnosis_op.h. */
#include "store/store_diagnosis_op.h"
#include "store/store_audit.h"
#include "store/store_letter.h"
#include "store/store_outbox.h"
#include "store/store_ticket.h"
#include <stdio.h>
#include <string.h>

static enum status not_now(const struct diagnosis *d, const char *what, struct err *e)
{
	return err_set(e, ERR_DENIED, "診断 %lld は「%s」のため、%sできません", (long long)d->id, diagnosis_state_ja(d->state), what);
}

static enum status changed(struct store *s, struct diagnosis *d, enum diagnosis_state to, const char *what, const struct diagnosis_by *by,
                           struct err *e)
{
	char detail[80];
	d->state = to;
	d->who = by->who;
	d->changed_at = by->now;
	snprintf(detail, sizeof detail, "diagnosis %lld", (long long)d->id);
	struct audit row = { .at = by->now, .who = by->who, .what = what, .ticket_id = d->ticket_id, .detail = detail };
	enum status st = diagnosis_update(s, d, e);
	return st == OK ? audit_add(s, &row, e) : st;
}

/* ---- the mail to the contact -------------------------------------------------------------- */

/* Better told now than by a mail that does not go out. */
static enum status can_go_out(struct store *s, const struct contract *c, const struct diagnosis_by *by, struct arena *a, struct err *e)
{
	struct contract_delivery own = { .policy = by->delivery };
	if (!contract_active(c, by->now))
		return err_set(e, ERR_DENIED, "契約 %s は終了しています", c->v[CF_N_NUMBER]);
	if (!*contract_contact(c, a))
		return err_set(e, ERR_DENIED, "契約 %s にセキュリティ担当者のメールアドレスがありません", c->v[CF_N_NUMBER]);
	enum status st = delivery_get(s, c->id, a, &own, e);
	if (st != OK && st != ERR_NOTFOUND)
		return st;
	if (own.policy == DELIVERY_LINK && !c->secret_set[CF_OPENING_PASSWORD])
		return err_set(e, ERR_DENIED, "契約 %s に「利用案内確認パスワード」が登録されていないため、レポートをリンクで送れません", c->v[CF_N_NUMBER]);
	if (own.policy != DELIVERY_PLAIN && !c->secret_set[CF_REPORT_PASSWORD] && !c->secret_set[CF_OPENING_PASSWORD])
		return err_set(e, ERR_DENIED, "契約 %s にパスワードが登録されていないため、レポートを暗号化できません", c->v[CF_N_NUMBER]);
	return OK;
}

/* The report lies on a ticket of its own, closed: an answer to it is a consultation. */
static enum status open_ticket(struct store *s, struct diagnosis *d, const struct contract *c, const char *to, const struct diagnosis_by *by,
                               struct err *e)
{
	struct ticket t = { .state = TICKET_CLOSED, .channel = "diagnosis", .contract_id = c->id, .subject = "情報漏えいリスク診断の結果",
	                    .opened_at = by->now, .closed_at = by->now, .last_at = by->now };
	enum status st = ticket_create(s, &t, e);
	if (st == OK)
		st = party_add(s, t.id, to, contract_contact_name(c), by->now, e);
	d->ticket_id = t.id;
	return st;
}

static enum status send_report(struct store *s, struct diagnosis *d, const struct contract *c, const char *to, const struct diagnosis_by *by,
                               struct arena *a, struct err *e)
{
	char at[48];
	const void *pdf;
	size_t n;
	struct sb vars = SB_INIT;
	enum status st = diagnosis_pdf(s, d->id, a, &pdf, &n, e);
	const struct civil day = civil_of(d->answered_at);
	outbox_var_add(&vars, "name", contract_contact_name(c));
	outbox_var_add(&vars, "company", c->v[CF_NAME]);
	outbox_var_add(&vars, "answered", clk_ja(d->answered_at, at));
	outbox_var_add(&vars, "score", arena_printf(a, "%d", d->score));
	outbox_var_add(&vars, "deliver", "report");
	outbox_var_add(&vars, LETTER_DIAGNOSIS, arena_printf(a, "%lld", (long long)d->id));
	if (*by->author)
		outbox_var_add(&vars, "author", by->author);
	struct outbox o = { .kind = OUT_LETTER, .ticket_id = d->ticket_id, .rcpts = to, .tmpl = "diagnosis-result", .vars = vars.s,
	                    .vars_len = vars.len, .created_at = by->now };
	const struct outbox_file f = { .filename = arena_printf(a, "診断レポート_%04d%02d%02d.pdf", day.year, day.mon, day.day),
	                               .type = "application/pdf", .content_id = "", .p = pdf, .n = n };
	if (st == OK)
		st = outbox_add(s, &o, e);
	if (st == OK)
		st = outbox_file_add(s, o.id, &f, e);
	d->outbox_id = o.id;
	sb_free(&vars);
	return st;
}

static enum status approve(struct store *s, struct diagnosis *d, const struct diagnosis_by *by, struct arena *a, struct err *e)
{
	struct contract c;
	enum status st = contract_get(s, d->contract_id, a, &c, e);
	if (st == OK)
		st = can_go_out(s, &c, by, a, e);
	const char *to = st == OK ? contract_contact(&c, a) : "";
	if (st == OK)
		st = open_ticket(s, d, &c, to, by, e);
	if (st == OK)
		st = send_report(s, d, &c, to, by, a, e);
	return st == OK ? changed(s, d, DIAGNOSIS_SENT, "diagnosis.approve", by, e) : st;
}

enum status diagnosis_approve(struct store *s, struct diagnosis *d, const struct diagnosis_by *by, struct err *e)
{
	if (d->state != DIAGNOSIS_DRAFT && d->state != DIAGNOSIS_HELD)
		return not_now(d, "承認", e);
	struct arena *a = arena_new();
	enum status st = approve(s, d, by, a, e);
	arena_free(&a);
	return st;
}

enum status diagnosis_hold(struct store *s, struct diagnosis *d, const char *why, const struct diagnosis_by *by, struct err *e)
{
	if (d->state != DIAGNOSIS_DRAFT && d->state != DIAGNOSIS_HELD)
		return not_now(d, "保留", e);
	d->why = why;
	return changed(s, d, DIAGNOSIS_HELD, "diagnosis.hold", by, e);
}

enum status diagnosis_resume(struct store *s, struct diagnosis *d, const struct diagnosis_by *by, struct err *e)
{
	if (d->state != DIAGNOSIS_HELD)
		return not_now(d, "再開", e);
	d->why = "";
	return changed(s, d, DIAGNOSIS_DRAFT, "diagnosis.resume", by, e);
}

enum status diagnosis_cancel(struct store *s, struct diagnosis *d, const struct diagnosis_by *by, struct err *e)
{
	if (d->state >= DIAGNOSIS_SENT)
		return not_now(d, "取消", e);
	return changed(s, d, DIAGNOSIS_CANCELLED, "diagnosis.cancel", by, e);
}

/* ---- the invitation -------------------------------------------------------------------------- */

enum status diagnosis_invite(struct store *s, const struct contract *c, const struct diagnosis_invite *i, const struct diagnosis_by *by,
                             struct arena *a, const char **to_r, struct err *e)
{
	struct sb vars = SB_INIT;
	const char *to = i->to ? i->to : contract_contact(c, a);
	enum status st = OK;
	outbox_var_add(&vars, "name", i->to ? "" : contract_contact_name(c));
	outbox_var_add(&vars, "company", c->v[CF_NAME]);
	outbox_var_add(&vars, "number", c->v[CF_N_NUMBER]);
	outbox_var_add(&vars, "form", i->form);
	outbox_var_add(&vars, "no_form", *i->form ? "" : "1");
	outbox_var_add(&vars, "diagnosis", "0");
	struct outbox o = { .kind = OUT_LETTER, .rcpts = to, .tmpl = "diagnosis-invite", .vars = vars.s, .vars_len = vars.len, .created_at = by->now };
	const struct outbox_file f = { .filename = i->sheet_name, .type = i->sheet_type, .content_id = "", .p = i->sheet, .n = i->n };
	struct audit row = { .at = by->now, .who = by->who, .what = "diagnosis.invite", .detail = c->v[CF_N_NUMBER] };
	if (!contract_active(c, by->now))
		st = err_set(e, ERR_DENIED, "契約 %s は終了しています", c->v[CF_N_NUMBER]);
	else if (!*to)
		st = err_set(e, ERR_DENIED, "契約 %s にセキュリティ担当者のメールアドレスがありません", c->v[CF_N_NUMBER]);
	if (st == OK)
		st = outbox_add(s, &o, e);
	if (st == OK)
		st = outbox_file_add(s, o.id, &f, e);
	if (st == OK)
		st = audit_add(s, &row, e);
	*to_r = to;
	sb_free(&vars);
	return st;
}
