/*
 * Issues begin and end: what is due is started, readers are taken into the
 * ledger, orders of editors (pause, resume, cancel) are heeded, and an issue in
 * which everybody has a result is closed. Each step is a transaction of its own.
 */
#include "bulk_impl.h"
#include "base/log.h"
#include "base/xalloc.h"
#include "store/store_outbox.h"
#include "store/store_people.h"
#include "store/store_reader.h"
#include "store/store_reader_csv.h"
#include "store/store_report.h"
#include "store/store_stop.h"
#include <stdlib.h>
#include <string.h>

enum { LOOK_MS = 1000, FOLLOW_MS = 600000 };

/* ---- what editors are told --------------------------------------------------------- */

static enum status recipients(struct store *s, struct arena *a, const char **lines_r, struct err *e)
{
	struct staff *v;
	size_t n;
	struct sb b = SB_INIT;
	enum status st = staff_list(s, STAFF_EDITOR | STAFF_OPERATOR, a, &v, &n, e);
	if (st == OK && !n)
		st = staff_list(s, STAFF_SUPERVISOR | STAFF_AGENT, a, &v, &n, e);
	for (size_t i = 0; st == OK && i < n; i++)
		sb_addf(&b, "%s%s", b.len ? "\n" : "", v[i].address);
	*lines_r = arena_memdup(a, b.s, b.len);
	sb_free(&b);
	return st;
}

enum status bulk_tell(struct bulk *b, const struct issue *i, const char *tmpl, const char *what, epoch now, struct err *e)
{
	struct arena *a = arena_new();
	struct sb vars = SB_INIT;
	const char *rcpts;
	char at[48];
	enum status st = recipients(b->build.s, a, &rcpts, e);
	outbox_var_add(&vars, "issue", i->id ? arena_printf(a, "%lld", (long long)i->id) : "");
	outbox_var_add(&vars, "subject", i->subject ? i->subject : "");
	outbox_var_add(&vars, "what", what);
	outbox_var_add(&vars, "at", i->send_at ? clk_ja(i->send_at, at) : "");
	outbox_var_add(&vars, "reply_to", token_edit_address(&b->build.token, a, i->id));
	if (i->id)
		outbox_var_add(&vars, "want", arena_printf(a, "issue %lld", (long long)i->id));
	struct outbox o = { .kind = OUT_NOTICE, .rcpts = rcpts, .tmpl = tmpl, .vars = vars.s, .vars_len = vars.len, .created_at = now };
	if (st == OK && *rcpts)
		st = outbox_add(b->build.s, &o, e);
	sb_free(&vars);
	arena_free(&a);
	return st;
}

static enum status know_whom(struct bulk *b, struct err *e)
{
	struct arena *a = arena_new();
	const char *rcpts;
	enum status st = recipients(b->build.s, a, &rcpts, e);
	if (st == OK)
		bulk_alarm_whom(&b->alarm, rcpts);
	arena_free(&a);
	return st;
}

/* The closing report has pictures: yorozu-report draws it, and its mail comes from there. */
static enum status report_closed(struct bulk *b, const struct issue *i, epoch now, struct err *e)
{
	struct arena *a = arena_new();
	struct report_job j = { .kind = REPORT_ISSUE, .what = arena_printf(a, "%lld", (long long)i->id), .who = "system", .in_reply_to = "",
		                .asked_at = now, .due_at = now };
	enum status st = recipients(b->build.s, a, &j.rcpts, e);
	if (st == OK && *j.rcpts)
		st = report_job_add(b->build.s, &j, e);
	arena_free(&a);
	return st;
}

/* ---- a step in a transaction of its own ------------------------------------------------ */

enum status bulk_end(struct store *s, enum status st, struct err *e)
{
	if (st == OK)
		return store_commit(s, e);
	store_rollback(s);
	return st;
}

enum status bulk_advance(struct bulk *b, const struct issue *was, const struct issue *to, bool *moved_r, struct err *e)
{
	enum status st = issue_advance(b->build.s, was, to, moved_r, e);
	if (st == OK && !*moved_r)
		log_info("overtaken", "issue=%lld state=%s", (long long)was->id, issue_state_name(was->state));
	return st;
}

/* What else belongs to its new state. */
static enum status complete(struct bulk *b, const struct issue *i, const char *tmpl, epoch now, struct err *e)
{
	enum status st = i->state == ISSUE_SENDING ? ledger_begin(b->build.s, i->id, e) : OK;
	if (st == OK && i->ended_at)
		st = stop_free_all(b->build.s, i->id, e);
	if (st == OK && i->ended_at && i->started_at)
		st = report_closed(b, i, now, e);
	if (st == OK && tmpl)
		st = bulk_tell(b, i, tmpl, i->why, now, e);
	log_info("issue", "issue=%lld state=%s", (long long)i->id, issue_state_name(i->state));
	return st;
}

enum status bulk_set_state(struct bulk *b, struct issue *i, enum issue_state state, const char *why, epoch now,
                           const char *tmpl, struct err *e)
{
	struct issue to = *i;
	bool moved = false;
	enum status st = store_begin(b->build.s, e);
	if (st != OK)
		return st;
	to.state = state;
	to.why = why;
	if (state == ISSUE_SENDING && !to.started_at)
		to.started_at = now;
	if (state == ISSUE_DONE || state == ISSUE_CANCELLED)
		to.ended_at = now;
	st = bulk_advance(b, i, &to, &moved, e);
	if (st == OK && moved)
		st = complete(b, &to, tmpl, now, e);
	st = bulk_end(b->build.s, st, e);
	if (st == OK && moved)
		*i = to;
	return st;
}

/* ---- the list ------------------------------------------------------------------------------ */

static enum status follow(struct bulk *b, epoch now, struct err *e)
{
	int64_t after = 0;
	size_t n, all = 0;
	enum status st = OK;
	do {
		st = store_begin(b->build.s, e);
		if (st != OK)
			return st;
		st = bulk_end(b->build.s, reader_follow(b->build.s, after, now, &after, &n, e), e);
		all += n;
	} while (st == OK && after);
	if (st == OK)
		st = know_whom(b, e);
	if (st == OK && all)
		log_info("readers", "followed=%zu", all);
	b->followed_ms = clk_mono_ms();
	return st;
}

static enum status save_list(struct bulk *b, struct err *e)
{
	int64_t changed;
	bool unsaved;
	enum status st = reader_unsaved(b->build.s, &changed, &unsaved, e);
	if (st != OK || !unsaved)
		return st;
	return readers_backup(b->build.s, b->cfg->dir, e);
}

/* ---- begin ------------------------------------------------------------------------------------ */

static enum status expand(struct bulk *b, const struct issue *i, epoch now, struct err *e)
{
	bool more = true;
	enum status st = OK;
	while (st == OK && more) {
		st = store_begin(b->build.s, e);
		if (st == OK)
			st = bulk_end(b->build.s, ledger_expand(b->build.s, i->id, BULK_EXPAND, now, &more, e), e);
	}
	return st;
}

/* In time, or late but within the window; later than that a person decides (MAG-09). */
static enum status begin(struct bulk *b, struct issue *i, epoch now, struct err *e)
{
	int64_t n[READER_STATES];
	if (now - i->send_at > b->cfg->news_window * 3600)
		return bulk_set_state(b, i, ISSUE_HELD, "配信予定時刻に配信できず、復旧の時間も過ぎました", now, "issue-held", e);
	enum status st = follow(b, now, e);
	if (st == OK)
		st = reader_counts(b->build.s, n, e);
	if (st == OK && n[READER_ACTIVE] > b->cfg->news_rcpts_max)
		return bulk_set_state(b, i, ISSUE_HELD, "読者の数が上限を超えています", now, "issue-held", e);
	return st == OK ? bulk_set_state(b, i, ISSUE_SENDING, "", now, now - i->send_at > 600 ? "issue-late" : NULL, e) : st;
}

static enum status begin_due(struct bulk *b, epoch now, struct err *e)
{
	struct arena *a = arena_new();
	struct issue *v;
	size_t n = 0;
	enum status st = issue_in(b->build.s, ISSUE_SCHEDULED, a, &v, &n, e);
	for (size_t i = 0; st == OK && i < n && v[i].send_at && v[i].send_at <= now; i++)
		st = begin(b, &v[i], now, e);
	arena_free(&a);
	return st;
}

/* A draft that can't be rendered would come up again and again. */
static enum status load(struct bulk *b, struct issue *i, epoch now, struct err *e)
{
	enum status st = i->expanding ? expand(b, i, now, e) : OK;
	if (st == OK)
		st = bulk_run_load(b, i, e);
	if (st == OK || st == ERR_TEMP || i->state == ISSUE_PAUSED)
		return st == ERR_TEMP ? st : OK;
	log_error("render", "issue=%lld error=%s", (long long)i->id, log_quote(e->msg));
	return bulk_set_state(b, i, ISSUE_PAUSED, e->msg, now, "issue-stopped", e);
}

static enum status load_all(struct bulk *b, enum issue_state state, epoch now, struct err *e)
{
	struct arena *a = arena_new();
	struct issue *v;
	size_t n = 0;
	enum status st = issue_in(b->build.s, state, a, &v, &n, e);
	for (size_t i = 0; st == OK && i < n; i++)
		st = load(b, &v[i], now, e);
	arena_free(&a);
	return st;
}

/* ---- orders and the end -------------------------------------------------------------------------- */

static bool over(const int64_t n[RCPT_STATES])
{
	return !n[RCPT_PENDING] && !n[RCPT_CLAIMED] && !n[RCPT_QUEUED];
}

/* A person resumed it: what was before is known to him, and how long Postfix is away counts from now on. */
static void anew(struct bulk_run *r)
{
	r->results = r->hard = r->deferred = 0;
	r->stuck_at = r->retry_ms = 0;
}

/* Called off. What a worker had in hand then, and Postfix did not take, is pending again: nobody is to send it. */
static enum status let_go(struct bulk *b, struct bulk_run *r, int64_t pending, epoch now, struct err *e)
{
	bulk_wait_clear(r);
	r->stuck_at = 0; /* there is nothing to hand over */
	if (!pending)
		return OK;
	enum status st = store_begin(b->build.s, e);
	return st == OK ? bulk_end(b->build.s, ledger_cancel(b->build.s, r->issue.id, RCPT_SUPPRESSED, "中止", now, e), e) : st;
}

static enum status heed(struct bulk *b, struct bulk_run *r, epoch now, bool *gone_r, struct err *e)
{
	int64_t n[RCPT_STATES];
	struct issue i;
	struct arena *a = arena_new();
	*gone_r = false;
	enum status st = issue_get(b->build.s, r->issue.id, a, &i, e);
	if (st == OK)
		st = ledger_counts(b->build.s, i.id, n, e);
	if (st == OK) {
		r->issue.state = i.state;
		r->issue.told = i.told;
		r->issue.send_at = i.send_at;
		if (strcmp(r->issue.why, i.why) != 0)
			r->issue.why = arena_strdup(r->a, i.why);
		if (r->paused && i.state == ISSUE_SENDING)
			anew(r);
		r->paused = i.state != ISSUE_SENDING;
		if (i.told & ISSUE_CANCELLING)
			st = let_go(b, r, n[RCPT_PENDING], now, e);
	}
	if (st == OK) {
		st = bulk_watch_run(b, r, &i, now, e);
		*gone_r = over(n) && !i.expanding && !r->out; /* paused or not: nothing is left to decide */
	}
	if (st == OK && *gone_r) {
		i.told |= ISSUE_TOLD_CLOSED;
		st = bulk_set_state(b, &i, i.told & ISSUE_CANCELLING ? ISSUE_CANCELLED : ISSUE_DONE, i.why, now, NULL, e);
		*gone_r = i.ended_at != 0;
	}
	arena_free(&a);
	return st;
}

static enum status heed_all(struct bulk *b, epoch now, struct err *e)
{
	enum status st = OK;
	for (size_t i = b->nruns; st == OK && i-- > 0;) {
		struct bulk_run *r = b->runs[i];
		bool gone;
		st = heed(b, r, now, &gone, e);
		if (st == OK && gone)
			bulk_run_free(b, r);
	}
	return st;
}

enum status bulk_issues(struct bulk *b, epoch now, struct err *e)
{
	int64_t now_ms = clk_mono_ms();
	if (b->looked_ms && now_ms - b->looked_ms < LOOK_MS)
		return OK;
	enum status st = OK;
	if (!b->followed_ms || now_ms - b->followed_ms >= FOLLOW_MS)
		st = follow(b, now, e);
	if (st == OK)
		st = begin_due(b, now, e);
	if (st == OK)
		st = load_all(b, ISSUE_SENDING, now, e);
	if (st == OK)
		st = load_all(b, ISSUE_PAUSED, now, e);
	if (st == OK)
		st = heed_all(b, now, e);
	if (st == OK)
		st = bulk_stops(b, now, e);
	if (st == OK)
		st = bulk_remind(b, now, e);
	if (st == OK)
		st = bulk_watch_missing(b, now, e);
	if (st == OK)
		st = save_list(b, e);
	b->looked_ms = now_ms;
	return st;
}
