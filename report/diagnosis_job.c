/*
 * Reports of diagnoses as jobs (DIAG-03): the pages are computed without a
 * transaction; then the PDF that staff are to approve, their mail and the end of the
 * job are written in one. Killed at any moment it is made once. The reminders are
 * a chain of jobs of their own, at diagnosis_remind_at.
 */
#include "diagnosis.h"
#include "base/log.h"
#include "store/store_audit.h"
#include "store/store_outbox.h"
#include "store/store_people.h"
#include <stdlib.h>
#include <string.h>

enum { ADVICE_TOLD = 5, RETURNS_WITHIN = 14 * 86400 };

struct making {
	const struct reports *r;
	const struct report_job *j;
	struct arena *a;
	epoch now;
	int64_t outbox;
};

/* ---- shared -------------------------------------------------------------------------------- */

static void put(const struct making *m, struct sb *vars, const char *name, int64_t v)
{
	outbox_var_add(vars, name, arena_printf(m->a, "%lld", (long long)v));
}

static void put_whose(const struct making *m, struct sb *vars, const struct diagnosis *d, const struct contract *c)
{
	char at[48];
	put(m, vars, "diagnosis", d->id);
	outbox_var_add(vars, "company", c->v[CF_NAME]);
	outbox_var_add(vars, "number", c->v[CF_N_NUMBER]);
	outbox_var_add(vars, "due", clk_ja(d->due_at, at));
}

static enum status end_job(struct making *m, enum report_state state, const char *why, struct err *e)
{
	static const char *const names[] = { "", "report.sent", "report.failed", "report.skipped" };
	struct audit row = { .at = m->now, .who = m->j->who, .what = names[state], .detail = arena_printf(m->a, "%s %s%s%s", m->j->kind, m->j->what, *why ? ": " : "", why) };
	enum status st = report_job_end(m->r->s, m->j->id, state, m->outbox, why, m->now, e);
	return st == OK ? audit_add(m->r->s, &row, e) : st;
}

/* One transaction; ERR_EXISTS: somebody else was faster, and all is well. */
static enum status in_tx(struct making *m, enum status (*write)(struct making *, void *, struct err *), void *arg, struct err *e)
{
	enum status st = store_begin(m->r->s, e);
	if (st != OK)
		return st;
	st = write(m, arg, e);
	if (st == OK)
		st = store_commit(m->r->s, e);
	else
		store_rollback(m->r->s);
	if (st != OK)
		m->outbox = 0;
	log_info("report", "job=%lld kind=%s what=%s outbox=%lld status=%s", (long long)m->j->id, m->j->kind, log_quote(m->j->what),
	         (long long)m->outbox, status_name(st));
	return st == ERR_EXISTS ? OK : st;
}

struct closing {
	enum report_state state;
	const char *why;
};

static enum status write_closing(struct making *m, void *arg, struct err *e)
{
	const struct closing *c = arg;
	return end_job(m, c->state, c->why, e);
}

static enum status just_end(struct making *m, enum report_state state, const char *why, struct err *e)
{
	return in_tx(m, write_closing, &(struct closing){ state, why }, e);
}

/* ---- the draft ------------------------------------------------------------------------------ */

static void put_numbers(const struct making *m, const struct diagnosis_facts *f, struct sb *vars)
{
	struct sb counts = SB_INIT, advice = SB_INIT;
	put(m, vars, "score", f->score.score);
	outbox_var_add(vars, "band", f->score.band->name);
	outbox_var_add(vars, "others", f->n_others ? arena_printf(m->a, "%.1f", f->others_score) : "");
	put(m, vars, "n_others", (int64_t)f->n_others);
	outbox_var_add(vars, "before", f->nbefore ? arena_printf(m->a, "%d", f->before[0].score) : "");
	for (size_t i = 0; i < f->survey->nchoices; i++)
		sb_addf(&counts, "%s%s %d", i ? "、" : "", f->survey->choices[i].name, f->score.count[i]);
	for (size_t i = 0; i < f->nadvice && i < ADVICE_TOLD; i++)
		sb_addf(&advice, "%s　%zu. %s (Q%zu)", i ? "\n" : "", i + 1, f->survey->items[f->advice[i]].label, f->advice[i] + 1);
	outbox_var_add(vars, "counts", counts.s);
	outbox_var_add(vars, "advice", f->nadvice ? advice.s : "　(すべて実施されています)");
	sb_free(&counts), sb_free(&advice);
}

struct draft {
	struct diagnosis_facts f;
	struct sb pdf;
};

static enum status send_draft(struct making *m, struct draft *x, struct err *e)
{
	char at[48];
	const char *rcpts;
	struct sb vars = SB_INIT;
	struct diagnosis_facts *f = &x->f;
	enum status st = staff_lines(m->r->s, STAFF_AGENT | STAFF_SUPERVISOR, m->a, &rcpts, e);
	put_whose(m, &vars, &f->d, &f->contract);
	put_numbers(m, f, &vars);
	outbox_var_add(&vars, "person", f->d.person);
	outbox_var_add(&vars, "answered", clk_ja(f->d.answered_at, at));
	outbox_var_add(&vars, "to", contract_contact(&f->contract, m->a));
	struct outbox o = { .kind = OUT_NOTICE, .rcpts = rcpts, .tmpl = "diagnosis-draft", .vars = vars.s, .vars_len = vars.len, .created_at = m->now };
	const struct outbox_file pdf = { .filename = arena_printf(m->a, "診断レポート案_%lld.pdf", (long long)f->d.id), .type = "application/pdf", .content_id = "",
	                                 .p = x->pdf.s, .n = x->pdf.len };
	if (st == OK && *rcpts)
		st = outbox_add(m->r->s, &o, e);
	if (st == OK && *rcpts)
		st = outbox_file_add(m->r->s, o.id, &pdf, e);
	m->outbox = o.id;
	sb_free(&vars);
	return st;
}

static enum status write_draft(struct making *m, void *arg, struct err *e)
{
	struct draft *x = arg;
	struct diagnosis now;
	enum status st = diagnosis_get(m->r->s, x->f.d.id, m->a, &now, e);
	if (st == OK && now.state != DIAGNOSIS_RECEIVED)
		return end_job(m, REPORT_SKIPPED, diagnosis_state_name(now.state), e);
	now.state = DIAGNOSIS_DRAFT;
	now.changed_at = m->now;
	if (st == OK)
		st = diagnosis_pdf_set(m->r->s, now.id, x->pdf.s, x->pdf.len, e);
	if (st == OK)
		st = diagnosis_update(m->r->s, &now, e);
	if (st == OK)
		st = send_draft(m, x, e);
	return st == OK ? end_job(m, REPORT_DONE, "", e) : st;
}

static enum status make(struct making *m, struct err *e)
{
	struct draft x = { .pdf = SB_INIT };
	int64_t id = strtoll(m->j->what, NULL, 10), began = clk_mono_ms();
	if (!m->r->survey)
		return err_set(e, ERR_TEMP, "there is no questionnaire");
	enum status st = diagnosis_facts(m->r->s, m->r->survey, id, m->a, &x.f, e);
	if (st == ERR_NOTFOUND || st == ERR_PERM)
		return just_end(m, REPORT_FAILED, e->msg, e);
	if (st == OK && x.f.d.state != DIAGNOSIS_RECEIVED)
		return just_end(m, REPORT_SKIPPED, diagnosis_state_name(x.f.d.state), e);
	if (st == OK)
		st = diagnosis_paper(&x.f, m->r->cfg->desk_name, m->now, m->a, &x.pdf, e);
	if (st == OK) {
		log_info("computed", "what=diagnosis-%lld ms=%lld pdf=%zu", (long long)id, (long long)(clk_mono_ms() - began), x.pdf.len);
		st = in_tx(m, write_draft, &x, e);
	}
	sb_free(&x.pdf);
	return st;
}

enum status diagnosis_make(const struct reports *r, const struct report_job *j, epoch now, int64_t *outbox_r, struct err *e)
{
	struct making m = { .r = r, .j = j, .a = arena_new(), .now = now };
	enum status st = make(&m, e);
	*outbox_r = m.outbox;
	arena_free(&m.a);
	return st;
}

/* ---- reminders --------------------------------------------------------------------------------- */

struct reminder {
	struct diagnosis d;
	int stage;
};

static int64_t day_in(epoch t)
{
	struct civil c = civil_of(t);
	return day_of(c.year, c.mon, c.day);
}

/* "あと 2 営業日"; "" when the time is over. */
static const char *left(const struct making *m, const struct diagnosis *d)
{
	int64_t today = day_in(m->now), due = day_in(d->due_at);
	int n = 0;
	if (m->now > d->due_at)
		return "";
	while (n < DIAGNOSIS_DAYS && cal_add_days(m->r->cal, today, n + 1) <= due)
		n++;
	return n ? arena_printf(m->a, "あと %d 営業日", n) : "本日期限";
}

static enum status send_reminder(struct making *m, const struct reminder *x, struct err *e)
{
	struct contract c;
	struct sb vars = SB_INIT;
	const char *rcpts = "", *span = left(m, &x->d);
	int64_t open = 0, late;
	enum status st = contract_get(m->r->s, x->d.contract_id, m->a, &c, e);
	if (st == OK)
		st = staff_lines(m->r->s, STAFF_AGENT | STAFF_SUPERVISOR, m->a, &rcpts, e);
	if (st == OK)
		st = diagnosis_open(m->r->s, m->now, &open, &late, e);
	if (st != OK || !*rcpts)
		return st;
	put_whose(m, &vars, &x->d, &c);
	outbox_var_add(&vars, "left", span);
	outbox_var_add(&vars, "over", *span ? "" : "1");
	outbox_var_add(&vars, "state", diagnosis_state_ja(x->d.state));
	outbox_var_add(&vars, "why", x->d.why);
	outbox_var_add(&vars, "waiting", x->d.state == DIAGNOSIS_RECEIVED ? "" : "1");
	outbox_var_add(&vars, "failing", x->d.state == DIAGNOSIS_RECEIVED ? "1" : "");
	put(m, &vars, "open", open);
	struct outbox o = { .kind = OUT_NOTICE, .rcpts = rcpts, .tmpl = "diagnosis-remind", .vars = vars.s, .vars_len = vars.len, .created_at = m->now };
	st = outbox_add(m->r->s, &o, e);
	m->outbox = o.id;
	sb_free(&vars);
	return st;
}

/* The next stage whose time is still to come. */
static enum status add_next(struct making *m, const struct reminder *x, struct err *e)
{
	int stage = x->stage + 1;
	epoch at;
	while ((at = diagnosis_remind_at(m->r->cal, &x->d, stage)) && at <= m->now)
		stage++;
	struct report_job next = { .kind = REPORT_DIAGNOSIS_DUE, .what = arena_printf(m->a, "%lld %d", (long long)x->d.id, stage), .rcpts = "", .who = "system",
	                           .in_reply_to = "", .asked_at = m->now, .due_at = at };
	enum status st = at ? report_job_add(m->r->s, &next, e) : OK;
	return st == ERR_EXISTS ? OK : st;
}

static enum status write_reminder(struct making *m, void *arg, struct err *e)
{
	struct reminder *x = arg;
	enum status st = diagnosis_get(m->r->s, x->d.id, m->a, &x->d, e);
	if (st == OK && x->d.state >= DIAGNOSIS_SENT) {
		/* Its letter may still come back (store_letter.h). */
		if (x->d.state == DIAGNOSIS_SENT && m->now - x->d.changed_at < RETURNS_WITHIN)
			st = add_next(m, x, e);
		return st == OK ? end_job(m, REPORT_SKIPPED, diagnosis_state_name(x->d.state), e) : st;
	}
	if (st == OK)
		st = send_reminder(m, x, e);
	if (st == OK)
		st = add_next(m, x, e);
	return st == OK ? end_job(m, REPORT_DONE, "", e) : st;
}

enum status diagnosis_remind(const struct reports *r, const struct report_job *j, epoch now, int64_t *outbox_r, struct err *e)
{
	char *end;
	struct making m = { .r = r, .j = j, .a = arena_new(), .now = now };
	struct reminder x = { .d.id = strtoll(j->what, &end, 10) };
	x.stage = (int)strtol(end, NULL, 10);
	enum status st = in_tx(&m, write_reminder, &x, e);
	if (st == ERR_NOTFOUND)
		st = just_end(&m, REPORT_FAILED, "no such diagnosis", e);
	*outbox_r = m.outbox;
	arena_free(&m.a);
	return st;
}
