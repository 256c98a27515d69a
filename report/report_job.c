/* Carrying out reports: see report_job.h. */
#include "report_job.h"
#include "diagnosis.h"
#include "issue_mail.h"
#include "month.h"
#include "stats_mail.h"
#include "base/log.h"
#include "store/store_audit.h"
#include "store/store_people.h"
#include <stdlib.h>
#include <string.h>

enum { RETRY_FIRST = 60, RETRY_LAST = 3600, HOUR = 3600 };

struct made { /* one report on its way */
	const struct reports *r;
	const struct report_job *j;
	struct arena *a;
	epoch now;
	int year, mon;
	const char *rcpts;
	const struct stats_mail *stats; /* what goes out: one of the two, or neither */
	const struct issue_mail *issue;
	int64_t outbox;
};

static bool regular(const struct report_job *j)
{
	return !*j->rcpts;
}

/* ---- for whom ---------------------------------------------------------------------- */

enum status report_rcpts(const struct reports *r, struct arena *a, const char **lines_r, struct err *e)
{
	enum status st = staff_lines(r->s, STAFF_SUPERVISOR, a, lines_r, e);
	return st == OK && !**lines_r ? staff_lines(r->s, STAFF_AGENT, a, lines_r, e) : st;
}

/* Who answered how much is for supervisors' eyes alone. */
static bool all_supervisors(const struct made *m, const char *rcpts)
{
	bool all = *rcpts != '\0';
	for (const char *p = rcpts; all && *p; p += strcspn(p, "\n"), p += *p == '\n') {
		struct staff who;
		const char *address = arena_strndup(m->a, p, strcspn(p, "\n"));
		all = staff_by_address(m->r->s, address, m->a, &who, NULL) == OK && who.active && who.roles & STAFF_SUPERVISOR;
	}
	return all;
}

/* ---- the end of a row --------------------------------------------------------------- */

/* The month after, due when that one is over. */
static enum status add_next(const struct made *m, int months, struct err *e)
{
	const struct civil c = civil_of(stats_month_start(m->year, m->mon, months));
	struct report_job next = { .kind = REPORT_STATS, .what = arena_printf(m->a, "%04d-%02d", c.year, c.mon), .rcpts = "",
	                           .who = "system", .in_reply_to = "", .asked_at = m->now,
	                           .due_at = stats_month_start(c.year, c.mon, 1) + REPORT_HOUR * HOUR };
	enum status st = report_job_add(m->r->s, &next, e);
	return st == ERR_EXISTS ? OK : st;
}

static enum status audit(const struct made *m, const char *what, const char *why, struct err *e)
{
	struct audit row = { .at = m->now, .who = m->j->who, .what = what, .detail = arena_printf(m->a, "%s %s%s%s", m->j->kind, m->j->what,
	                                                                                          *why ? ": " : "", why) };
	return audit_add(m->r->s, &row, e);
}

static enum status write_mail(struct made *m, struct err *e)
{
	if (m->stats)
		return stats_mail_send(m->r->s, m->stats, m->rcpts, m->now, &m->outbox, e);
	return m->issue ? issue_mail_send(m->r->s, m->issue, m->rcpts, m->now, &m->outbox, e) : OK;
}

static enum status write_end(struct made *m, enum report_state state, const char *why, struct err *e)
{
	static const char *const names[] = { "", "report.sent", "report.failed", "report.skipped" };
	enum status st = write_mail(m, e);
	if (st == OK)
		st = report_job_end(m->r->s, m->j->id, state, m->outbox, why, m->now, e);
	if (st == OK)
		st = audit(m, names[state], why, e);
	return st == OK && regular(m->j) ? add_next(m, 1, e) : st;
}

/* One transaction. Somebody else was faster: nothing is written, and all is well. */
static enum status end(struct made *m, enum report_state state, const char *why, struct err *e)
{
	struct store *s = m->r->s;
	enum status st = store_begin(s, e);
	if (st != OK)
		return st;
	st = write_end(m, state, why, e);
	if (st == OK)
		st = store_commit(s, e);
	else
		store_rollback(s);
	if (st != OK)
		m->outbox = 0;
	log_info("report", "job=%lld kind=%s what=%s state=%d outbox=%lld status=%s", (long long)m->j->id, m->j->kind, log_quote(m->j->what),
	         state, (long long)m->outbox, status_name(st));
	return st == ERR_EXISTS ? OK : st;
}

/* ---- one ------------------------------------------------------------------------------ */

static enum status compute(struct made *m, struct err *e)
{
	struct stats stats;
	struct stats_mail mail;
	const struct reports *r = m->r;
	const struct stats_load l = { r->s, r->cal, r->categories };
	int64_t began = clk_mono_ms();
	enum status st = regular(m->j) ? report_rcpts(r, m->a, &m->rcpts, e) : OK;
	if (st == OK && !*m->rcpts)
		return end(m, REPORT_SKIPPED, "nobody to send it to", e);
	if (st == OK)
		st = stats_load(&l, m->year, m->mon, m->now, m->a, &stats, e);
	if (st != OK)
		return st;
	stats_mail(&stats, r->cfg->stats_staff && all_supervisors(m, m->rcpts), r->cfg->domain, m->j->in_reply_to, m->a, &mail);
	log_info("computed", "what=%s ms=%lld picture=%zu", log_quote(m->j->what), (long long)(clk_mono_ms() - began), mail.png.len);
	m->stats = &mail;
	st = end(m, REPORT_DONE, "", e);
	m->stats = NULL;
	stats_mail_free(&mail);
	return st;
}

static enum status compute_issue(struct made *m, struct err *e)
{
	struct issue_mail mail;
	int64_t began = clk_mono_ms();
	enum status st = issue_mail(m->r->s, strtoll(m->j->what, NULL, 10), m->r->cfg->domain, m->a, &mail, e);
	if (st == ERR_NOTFOUND)
		return end(m, REPORT_FAILED, "no such issue", e);
	if (st != OK)
		return st;
	log_info("computed", "issue=%s ms=%lld picture=%zu", log_quote(m->j->what), (long long)(clk_mono_ms() - began), mail.png.len);
	m->issue = &mail;
	st = end(m, REPORT_DONE, "", e);
	m->issue = NULL;
	issue_mail_free(&mail);
	return st;
}

/* A regular one that nobody would miss any more, or that is not wanted. */
static const char *skip(const struct made *m)
{
	if (!regular(m->j))
		return NULL;
	if (!m->r->cfg->stats_monthly)
		return "stats_monthly = 0";
	return stats_month_start(m->year, m->mon, REPORT_CATCH_UP + 1) <= m->now ? "too late" : NULL;
}

static enum status make(struct made *m, struct err *e)
{
	if (strcmp(m->j->kind, REPORT_ISSUE) == 0)
		return compute_issue(m, e);
	if (strcmp(m->j->kind, REPORT_STATS) != 0 || !stats_month_parse(m->j->what, &m->year, &m->mon))
		return end(m, REPORT_FAILED, "no such report", e);
	if (stats_month_start(m->year, m->mon, 0) > m->now)
		return end(m, REPORT_FAILED, "the month has not begun", e);
	const char *why = skip(m);
	return why ? end(m, REPORT_SKIPPED, why, e) : compute(m, e);
}

enum status report_make(const struct reports *r, const struct report_job *j, epoch now, int64_t *outbox_r, struct err *e)
{
	if (strcmp(j->kind, REPORT_DIAGNOSIS) == 0)
		return diagnosis_make(r, j, now, outbox_r, e);
	if (strcmp(j->kind, REPORT_DIAGNOSIS_DUE) == 0)
		return diagnosis_remind(r, j, now, outbox_r, e);
	if (month_is_ours(j))
		return month_make(r, j, now, outbox_r, e);
	struct made m = { .r = r, .j = j, .a = arena_new(), .now = now, .rcpts = j->rcpts };
	enum status st = make(&m, e);
	*outbox_r = m.outbox;
	arena_free(&m.a);
	return st;
}

/* ---- all that are due -------------------------------------------------------------------- */

/* A new desk owes nothing for the months before it. */
static enum status begin_chain(const struct reports *r, epoch now, struct arena *a, struct err *e)
{
	bool has;
	const struct civil c = civil_of(now);
	const struct made m = { .r = r, .a = a, .now = now, .year = c.year, .mon = c.mon };
	enum status st = report_job_regular(r->s, REPORT_STATS, &has, e);
	if (st != OK || has || (st = store_begin(r->s, e)) != OK)
		return st;
	st = add_next(&m, 0, e);
	if (st == OK)
		return store_commit(r->s, e);
	store_rollback(r->s);
	return st;
}

/* One that can't be made now does not keep the others waiting. */
static enum status put_off(const struct reports *r, const struct report_job *j, epoch now, const struct err *why)
{
	struct err e;
	epoch wait = RETRY_FIRST;
	for (int i = 0; i < j->attempts && wait < RETRY_LAST; i++)
		wait *= 2;
	log_warn("report", "job=%lld error=%s", (long long)j->id, log_quote(why->msg));
	enum status st = store_begin(r->s, &e);
	if (st != OK)
		return st;
	st = report_job_retry(r->s, j->id, now + (wait < RETRY_LAST ? wait : RETRY_LAST), why->msg, &e);
	if (st == OK)
		return store_commit(r->s, &e);
	store_rollback(r->s);
	return st;
}

enum status report_due(const struct reports *r, epoch now, size_t *n_r, struct err *e)
{
	struct report_job j;
	struct arena *a = arena_new();
	int64_t outbox;
	*n_r = 0;
	enum status st = begin_chain(r, now, a, e);
	if (st == OK && r->cfg->health_monthly)
		st = month_begin(r, now, e);
	while (st == OK && (st = report_job_due(r->s, now, a, &j, e)) == OK) {
		st = report_make(r, &j, now, &outbox, e);
		*n_r += st == OK;
		if (st != OK)
			st = put_off(r, &j, now, e);
	}
	arena_free(&a);
	return st == ERR_NOTFOUND ? OK : st;
}
