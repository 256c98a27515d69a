/*
 * Staff's word on drafts of health checks (HEALTH-06): texts changed in the
 * answer, 承認, 保留, for one contract or many at once. All of a mail or nothing;
 * its author gets an answer, and after a change everybody a new draft.
 * SECURITY: the login is proved by SASL; what stands in the mail is only text.
 */
#include "desk_impl.h"
#include "store/store_audit.h"
#include "store/store_contract.h"
#include "store/store_health.h"
#include "store/store_report.h"
#include <stdarg.h>
#include <string.h>

struct review {
	struct store *s;
	struct intake *in;
	const struct staff *who;
	int month;
	struct health_row row;   /* the mail's own; id 0: none */
	epoch seen_at;           /* when the mail that is answered was made; 0 = not known, or it showed no draft */
	struct health_reply r;
	struct sb say;
	bool refused, help;
};

/* ERR_DENIED: nothing of the mail is done. */
static enum status refuse(struct review *x, struct err *e, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
static enum status refuse(struct review *x, struct err *e, const char *fmt, ...)
{
	va_list ap;
	sb_reset(&x->say);
	va_start(ap, fmt);
	sb_vaddf(&x->say, fmt, ap);
	va_end(ap);
	sb_adds(&x->say, "\n何も変更していません。\n");
	x->refused = true;
	return err_set(e, ERR_DENIED, "refused");
}

static enum status order_job(struct review *x, const char *kind, const char *what, struct err *e)
{
	const struct report_job j = { .kind = kind, .what = what, .rcpts = "", .who = desk_who(x->in, x->who), .in_reply_to = x->in->msg->message_id,
	                        .asked_at = x->in->m->now, .due_at = x->in->m->now };
	return report_job_order(x->s, &j, e);
}

static enum status changed(struct review *x, struct health_row *row, const char *what, struct err *e)
{
	row->changed_at = x->in->m->now;
	const struct audit a = { .at = x->in->m->now, .who = desk_who(x->in, x->who), .what = what,
		                 .detail = arena_printf(x->in->a, "health %lld of %d, version %lld", (long long)row->id, row->month, (long long)row->version) };
	enum status st = health_update(x->s, row, e);
	return st == OK ? audit_add(x->s, &a, e) : st;
}

/* The draft as it is now, to everybody. */
static enum status order_draft(struct review *x, const struct health_row *row, struct err *e)
{
	return order_job(x, REPORT_HEALTH_DRAFT, arena_printf(x->in->a, "%lld %lld", (long long)row->id, (long long)row->version), e);
}

static const char *label(struct review *x, const struct health_row *row)
{
	struct contract c;
	if (contract_get(x->s, row->contract_id, x->in->a, &c, NULL) != OK)
		return "?";
	return arena_printf(x->in->a, "%s %s 様", c.v[CF_N_NUMBER], c.v[CF_NAME]);
}

/* ---- texts ---------------------------------------------------------------------------- */

static bool is_open(const struct health_row *row)
{
	return row->state == HEALTH_DRAFT || row->state == HEALTH_HELD;
}

static enum status change_words(struct review *x, struct err *e)
{
	struct health_row *row = &x->row;
	if (!is_open(row))
		return refuse(x, e, "%s は「%s」のため、文を変更できません。", label(x, row), health_state_ja(row->state));
	row->words = x->r.words;
	row->version++;
	enum status st = changed(x, row, "health.words", e);
	if (st == OK)
		st = order_draft(x, row, e);
	if (st == OK)
		sb_addf(&x->say, "■ %s：所見を変更しました (第%lld版)。直した原稿をお送りしますので、ご確認のうえ承認してください。\n", label(x, row),
		        (long long)row->version);
	return st;
}

/* ---- orders ----------------------------------------------------------------------------- */

/* Nobody approves what he can't have seen: what a colleague changed or held after the
 * mail that is answered. A quoted version says more than a time. */
static bool was_seen(const struct review *x, const struct health_row *row)
{
	if (row->changed_at <= x->seen_at)
		return true;
	return row->state == HEALTH_DRAFT && (row->version == 1 || (row->id == x->row.id && x->r.version == row->version));
}

static enum status approve(struct review *x, struct health_row *row, struct err *e)
{
	if (!is_open(row))
		return refuse(x, e, "%s は、すでに「%s」です。", label(x, row), health_state_ja(row->state));
	if (row->state == HEALTH_HELD && (row->id != x->row.id || !was_seen(x, row)))
		return refuse(x, e, "%s は保留中です（%s）。先に「再開」としてください。", label(x, row), *row->why ? row->why : "理由の記載なし");
	if (!was_seen(x, row))
		return refuse(x, e, "%s の原稿は、返信されたメールのあとに変わりました（いま第%lld版）。新しい原稿をご確認のうえ、そのメールに返信してください。",
		              label(x, row), (long long)row->version);
	if (row->id == x->row.id && x->r.changed)
		return refuse(x, e, "所見の変更と承認は、別のメールでお願いします。直した原稿をご確認いただくためです。");
	row->state = HEALTH_APPROVED;
	row->why = "";
	row->who = desk_who(x->in, x->who);
	enum status st = changed(x, row, "health.approved", e);
	if (st == OK)
		st = order_job(x, REPORT_HEALTH_SEND, arena_printf(x->in->a, "%lld", (long long)row->id), e);
	sb_addf(&x->say, "■ %s：承認しました。お客さまに送ります。\n", label(x, row));
	return st;
}

static enum status hold(struct review *x, struct health_row *row, const char *why, struct err *e)
{
	if (!is_open(row))
		return refuse(x, e, "%s は「%s」のため、保留にできません。", label(x, row), health_state_ja(row->state));
	row->state = HEALTH_HELD;
	row->why = why;
	sb_addf(&x->say, "■ %s：保留にしました。\n", label(x, row));
	return changed(x, row, "health.held", e);
}

static enum status resume(struct review *x, struct health_row *row, struct err *e)
{
	if (row->state != HEALTH_HELD)
		return refuse(x, e, "%s は保留中ではありません（%s）。", label(x, row), health_state_ja(row->state));
	row->state = HEALTH_DRAFT;
	row->why = "";
	sb_addf(&x->say, "■ %s：確認待ちに戻しました。%s\n", label(x, row), row->version > 1 ? "原稿をもう一度お送りします。" : "");
	enum status st = changed(x, row, "health.resumed", e);
	/* a changed one is approved by who has it before him */
	return st == OK && row->version > 1 ? order_draft(x, row, e) : st;
}

/* The version it is to take the place of is in the row's name: one more change, and nothing is made. */
static enum status again(struct review *x, struct health_row *row, struct err *e)
{
	if (!is_open(row))
		return refuse(x, e, "%s は「%s」のため、作り直せません。", label(x, row), health_state_ja(row->state));
	if (row->id == x->row.id && x->r.changed)
		return refuse(x, e, "所見の変更と作り直しは、別のメールでお願いします。作り直すと、変更した文が元に戻るためです。");
	sb_addf(&x->say, "■ %s：いまのデータと表で作り直し、新しい原稿をお送りします。%s\n", label(x, row),
	        row->version > 1 ? "これまでに直した文は元に戻ります。" : "");
	return order_job(x, REPORT_HEALTH_AGAIN, arena_printf(x->in->a, "%lld %lld", (long long)row->id, (long long)row->version), e);
}

static enum status on_row(struct review *x, const struct health_order *o, struct health_row *row, struct err *e)
{
	switch (o->kind) {
	case HEALTH_APPROVE: return approve(x, row, e);
	case HEALTH_HOLD: return hold(x, row, o->reason, e);
	case HEALTH_AGAIN: return again(x, row, e);
	default: return resume(x, row, e);
	}
}

static enum status by_number(struct review *x, const struct health_order *o, const char *number, struct err *e)
{
	struct contract c;
	struct health_row row;
	struct err why;
	enum status st = contract_by_number(x->s, number, x->in->a, &c, &why);
	if (st == OK)
		st = health_of(x->s, c.id, x->month, x->in->a, &row, &why);
	if (st == ERR_NOTFOUND)
		return refuse(x, e, "%s の%d年%d月分のレポートはありません。", number, x->month / 100, x->month % 100);
	if (st != OK)
		return err_set(e, st, "%s", why.msg);
	return row.id == x->row.id ? on_row(x, o, &x->row, e) : on_row(x, o, &row, e);
}

static enum status tell_status(struct review *x, struct err *e)
{
	int64_t n[HEALTH_STATES];
	enum status st = health_counts(x->s, x->month, n, e);
	if (st == OK)
		sb_addf(&x->say, "■ %d年%d月分：確認待ち %lld件、保留中 %lld件、送付待ち %lld件、送付済み %lld件\n", x->month / 100, x->month % 100,
		        (long long)n[HEALTH_DRAFT], (long long)n[HEALTH_HELD], (long long)n[HEALTH_APPROVED], (long long)n[HEALTH_SENT]);
	return st;
}

static enum status run_order(struct review *x, const struct health_order *o, struct err *e)
{
	enum status st = OK;
	if (o->kind == HEALTH_STATUS)
		return tell_status(x, e);
	if (!o->n && !x->row.id)
		return refuse(x, e, "どの契約か分かりません。「承認 N000123」のように、N番号を書いてください。");
	if (!o->n)
		return on_row(x, o, &x->row, e);
	for (size_t i = 0; st == OK && i < o->n; i++)
		st = by_number(x, o, o->numbers[i], e);
	return st;
}

static enum status run_all(struct review *x, struct err *e)
{
	enum status st = OK;
	if (x->r.fault)
		return refuse(x, e, "%s。", x->r.fault);
	if (!x->month)
		return refuse(x, e, "何月分についてのご指示か分かりません。新しい原稿かお知らせのメールに返信してください。");
	if (x->row.id && x->r.version && x->r.version != x->row.version)
		return refuse(x, e, "第%lld版への返信です。%s の原稿は、いま第%lld版です。新しい原稿のメールに返信してください。", (long long)x->r.version,
		              label(x, &x->row), (long long)x->row.version);
	if (x->r.changed)
		st = change_words(x, e);
	for (size_t i = 0; st == OK && i < x->r.norders; i++)
		st = run_order(x, &x->r.order[i], e);
	x->help = !x->r.changed && !x->r.norders;
	return st;
}

/* ---- a mail --------------------------------------------------------------------------------- */

static enum status answer(struct review *x, struct err *e)
{
	struct sb vars = SB_INIT;
	struct arena *a = x->in->a;
	outbox_var_add(&vars, "results", x->say.s);
	outbox_var_add(&vars, "refused", x->refused ? "1" : "");
	outbox_var_add(&vars, "help", x->help ? "1" : "");
	outbox_var_add(&vars, "month", x->month ? arena_printf(a, "%d年%d月", x->month / 100, x->month % 100) : "");
	outbox_var_add(&vars, "reply_health", arena_printf(a, "%lld", (long long)x->in->errand_id));
	outbox_var_add(&vars, "in_reply_to", x->in->msg->message_id);
	enum status st = desk_send(x->s, x->in, OUT_NOTICE, "health-answer", x->who->address, &vars, e);
	sb_free(&vars);
	return st;
}

static enum status carry_out(struct review *x, struct err *e)
{
	if (!(x->who->roles & (STAFF_AGENT | STAFF_SUPERVISOR)))
		return refuse(x, e, "この操作ができるのは、担当者と責任者だけです。");
	enum status st = store_savepoint(x->s, e);
	if (st != OK)
		return st;
	st = run_all(x, e);
	if (st == OK)
		return store_release(x->s, e);
	store_rollback_to(x->s);
	return st;
}

/* Our own mails name their row; an answer of ours to staff shows no draft. */
static enum status find_seen(struct review *x, struct err *e)
{
	struct outbox o;
	int64_t id;
	if (!token_parse_message_id(&x->in->d->token, x->in->msg->in_reply_to, NULL, &id))
		return OK;
	enum status st = outbox_get(x->s, id, x->in->a, &o, e);
	if (st == OK && strcmp(o.tmpl, "health-answer") != 0)
		x->seen_at = o.created_at;
	return st == ERR_NOTFOUND ? OK : st;
}

static enum status find_row(struct review *x, struct err *e)
{
	enum status st = OK;
	if (x->in->errand_id < 0)
		x->month = (int)-x->in->errand_id;
	else if ((st = health_get(x->s, x->in->errand_id, x->in->a, &x->row, e)) == OK)
		x->month = x->row.month;
	return st == ERR_NOTFOUND ? OK : st;
}

enum status desk_health(struct store *s, struct intake *in, const struct staff *who, struct err *e)
{
	struct review x = { .s = s, .in = in, .who = who, .say = SB_INIT };
	struct sb text = SB_INIT;
	msg_read_text(in->msg, &text);
	enum status st = find_row(&x, e);
	if (st == OK)
		st = find_seen(&x, e);
	if (st == OK) {
		health_reply_read(text.s, text.len, x.row.id ? &x.row.words : NULL, in->a, &x.r);
		st = carry_out(&x, e);
	}
	if (st == OK || x.refused)
		st = answer(&x, e);
	sb_free(&text);
	sb_free(&x.say);
	return st;
}
