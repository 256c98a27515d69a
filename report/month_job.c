/* The steps of the monthly run as rows of store_report.h: see month.h. */
#include "month.h"
#include "base/log.h"
#include "store/store_audit.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { REMIND_HOUR = 9, REMINDS_MAX = 30 };
static const int remind_before[] = { 5, 2, 0 }; /* business days before the deadline; then each day */

bool month_is_ours(const struct report_job *j)
{
	return strncmp(j->kind, REPORT_HEALTH, strlen(REPORT_HEALTH)) == 0;
}

struct step {
	const struct reports *r;
	const struct report_job *j;
	struct month m;
	struct arena *a;
	epoch now;
	int64_t outbox;
	/* a draft */
	struct health_row row;
	struct month_made made;
};

static enum status add_row(struct step *x, const char *kind, const char *what, epoch due, struct err *e)
{
	struct report_job j = { .kind = kind, .what = what, .rcpts = "", .who = "system", .in_reply_to = "", .asked_at = x->now, .due_at = due };
	enum status st = report_job_add(x->r->s, &j, e);
	return st == ERR_EXISTS ? OK : st;
}

static const char *name_of(struct arena *a, int month)
{
	return arena_printf(a, "%04d-%02d", month / 100, month % 100);
}

static enum status end_step(struct step *x, enum report_state state, const char *why, struct err *e)
{
	return report_job_end(x->r->s, x->j->id, state, x->outbox, why, x->now, e);
}

/* Runs fn and the row's end in one transaction. Somebody else was faster: all is well. */
static enum status in_tx(struct step *x, enum status (*fn)(struct step *, struct err *), enum report_state state, const char *why, struct err *e)
{
	enum status st = store_begin(x->r->s, e);
	if (st != OK)
		return st;
	st = fn ? fn(x, e) : OK;
	if (st == OK)
		st = end_step(x, state, why, e);
	if (st == OK)
		return store_commit(x->r->s, e);
	store_rollback(x->r->s);
	x->outbox = 0;
	return st == ERR_EXISTS ? OK : st;
}

/* ---- closing a month -------------------------------------------------------------------------- */

static epoch remind_at(const struct cal *cal, int month, int n)
{
	const struct civil due = civil_of(month_due(cal, month));
	const int count = sizeof remind_before / sizeof *remind_before, last = count - 1;
	int64_t day = day_of(due.year, due.mon, due.day);
	day = n < count ? cal_add_days(cal, day, -remind_before[n]) : cal_add_days(cal, day, n - last);
	const struct civil d = civil_of_day(day);
	return epoch_of(d.year, d.mon, d.day, REMIND_HOUR, 0, 0);
}

static enum status add_reminder(struct step *x, int month, int n, struct err *e)
{
	while (n < REMINDS_MAX && remind_at(x->r->cal, month, n) <= x->now) /* those that were slept through are one */
		n++;
	if (n >= REMINDS_MAX)
		return OK;
	return add_row(x, REPORT_HEALTH_REMIND, arena_printf(x->a, "%s %d", name_of(x->a, month), n), remind_at(x->r->cal, month, n), e);
}

static enum status closed(struct step *x, struct err *e)
{
	const char *rcpts;
	const int month = month_parse(x->j->what), next = month_next(month);
	int64_t n[HEALTH_STATES] = { 0 };
	enum status st = health_counts(x->r->s, month, n, e);
	if (st == OK)
		st = month_staff(&x->m, x->a, &rcpts, e);
	if (st == OK && *rcpts && n[HEALTH_DRAFT] + n[HEALTH_HELD])
		st = month_overview_mail(&x->m, month, "health-month", rcpts, &x->outbox, e);
	if (st == OK && n[HEALTH_DRAFT] + n[HEALTH_HELD])
		st = add_reminder(x, month, 0, e);
	return st == OK && !*x->j->rcpts ? add_row(x, REPORT_HEALTH, name_of(x->a, next), month_closes(x->r->cal, next), e) : st;
}

static int workers(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);
	return n < 1 ? 1 : n > 2 ? 2 : (int)n; /* mail goes on meanwhile */
}

static enum status run_month(struct step *x, struct err *e)
{
	size_t n;
	const int month = month_parse(x->j->what);
	if (!month || checkup_until(month) > x->now)
		return in_tx(x, NULL, REPORT_FAILED, "no month that is over", e);
	if (!x->r->cfg->health_monthly && !*x->j->rcpts)
		return in_tx(x, closed, REPORT_SKIPPED, "health_monthly = 0", e);
	int64_t began = clk_mono_ms();
	enum status st = month_run(x->r, month, x->now, workers(), &n, e);
	log_info("month", "month=%d contracts=%zu ms=%lld status=%s", month, n, (long long)(clk_mono_ms() - began), status_name(st));
	return st == OK ? in_tx(x, n || !*x->j->rcpts ? closed : NULL, REPORT_DONE, "", e) : st;
}

/* ---- what is open -------------------------------------------------------------------------------- */

/* The chain goes on while all is out, without a word: a letter may come back days later (store_letter.h). */
static enum status remind(struct step *x, struct err *e)
{
	const char *rcpts, *blank = strchr(x->j->what, ' ');
	const int month = month_parse(arena_strndup(x->a, x->j->what, blank ? (size_t)(blank - x->j->what) : 0));
	int64_t n[HEALTH_STATES] = { 0 };
	enum status st = month ? health_counts(x->r->s, month, n, e) : OK;
	const bool open = st == OK && n[HEALTH_DRAFT] + n[HEALTH_HELD];
	if (open)
		st = month_staff(&x->m, x->a, &rcpts, e);
	if (open && st == OK && *rcpts)
		st = month_overview_mail(&x->m, month, "health-remind", rcpts, &x->outbox, e);
	return st == OK ? add_reminder(x, month, (int)strtol(blank, NULL, 10) + 1, e) : st;
}

/* ---- one report ------------------------------------------------------------------------------------- */

static enum status row_of(struct step *x, struct health_row *row, struct err *e)
{
	return health_get(x->r->s, strtoll(x->j->what, NULL, 10), x->a, row, e);
}

static enum status mail_draft(struct step *x, struct err *e)
{
	const char *rcpts;
	enum status st = month_staff(&x->m, x->a, &rcpts, e);
	return st == OK && *rcpts ? month_draft_mail(&x->m, &x->row, &x->made.c, &x->made.pdf, x->j->in_reply_to, rcpts, &x->outbox, e) : st;
}

/* With the words as they are now; a version that was changed again has a row of its own. */
static enum status draft(struct step *x, struct err *e)
{
	const struct checkup_look look = { x->m.words, x->r->cfg->desk_name, true };
	enum status st = row_of(x, &x->row, e);
	if (st == OK)
		st = month_facts(&x->m, &x->row, x->a, &x->made.c, e);
	if (st == OK)
		st = checkup_pdf(&x->made.c, &x->row.words, &look, &x->made.pdf, NULL, e);
	return st == OK ? in_tx(x, mail_draft, REPORT_DONE, "", e) : st;
}

static enum status put_again(struct step *x, struct err *e)
{
	x->row.version++;
	x->row.changed_at = x->now;
	enum status st = health_again(x->r->s, &x->row, x->made.facts.s, x->made.facts.len, e);
	if (st == OK)
		st = mail_draft(x, e);
	return st == OK ? month_audit(&x->m, &x->row, x->outbox, e) : st;
}

/* The version that was meant is in the row's name: whatever came between, it is not undone. */
static enum status again(struct step *x, struct err *e)
{
	struct month m;
	const char *blank = strchr(x->j->what, ' ');
	enum status st = row_of(x, &x->row, e);
	if (st == ERR_NOTFOUND || (st == OK && (x->row.state > HEALTH_HELD || !blank || x->row.version != strtoll(blank, NULL, 10))))
		return in_tx(x, NULL, REPORT_SKIPPED, "no draft any more, or changed since", e);
	if (st == OK && (st = month_open(x->r, x->row.month, x->now, &m, e)) == OK) {
		st = month_build(&m, &x->row, x->a, &x->made, e);
		if (st == OK)
			st = in_tx(x, put_again, REPORT_DONE, "", e);
		month_close(&m);
	}
	return st;
}

static enum status send(struct step *x, struct err *e)
{
	struct health_row row;
	enum status st = row_of(x, &row, e);
	if (st == ERR_NOTFOUND || (st == OK && row.state != HEALTH_APPROVED))
		return in_tx(x, NULL, REPORT_SKIPPED, "not approved", e);
	return st == OK ? month_send(&x->m, x->j, &row, &x->outbox, e) : st;
}

static enum status carry_out(struct step *x, struct err *e)
{
	const char *kind = x->j->kind;
	if (strcmp(kind, REPORT_HEALTH) == 0)
		return run_month(x, e);
	if (strcmp(kind, REPORT_HEALTH_REMIND) == 0)
		return in_tx(x, remind, REPORT_DONE, "", e);
	if (strcmp(kind, REPORT_HEALTH_DRAFT) == 0)
		return draft(x, e);
	if (strcmp(kind, REPORT_HEALTH_AGAIN) == 0)
		return again(x, e);
	return strcmp(kind, REPORT_HEALTH_SEND) == 0 ? send(x, e) : in_tx(x, NULL, REPORT_FAILED, "no such report", e);
}

enum status month_make(const struct reports *r, const struct report_job *j, epoch now, int64_t *outbox_r, struct err *e)
{
	struct step x = { .r = r, .j = j, .a = arena_new(), .now = now, .made = MONTH_MADE_INIT };
	const struct civil c = civil_of(now);
	enum status st = month_open(r, c.year * 100 + c.mon, now, &x.m, e);
	if (st == OK) {
		st = carry_out(&x, e);
		month_close(&x.m);
	}
	*outbox_r = x.outbox;
	log_info("report", "job=%lld kind=%s what=%s outbox=%lld status=%s", (long long)j->id, j->kind, log_quote(j->what), (long long)x.outbox, status_name(st));
	month_made_free(&x.made);
	arena_free(&x.a);
	return st;
}

enum status month_begin(const struct reports *r, epoch now, struct err *e)
{
	bool has;
	struct step x = { .r = r, .a = arena_new(), .now = now };
	const struct civil c = civil_of(now);
	const int month = c.year * 100 + c.mon;
	enum status st = report_job_regular(r->s, REPORT_HEALTH, &has, e);
	if (st == OK && !has && (st = store_begin(r->s, e)) == OK) {
		st = add_row(&x, REPORT_HEALTH, name_of(x.a, month), month_closes(r->cal, month), e);
		if (st == OK)
			st = store_commit(r->s, e);
		else
			store_rollback(r->s);
	}
	arena_free(&x.a);
	return st;
}
