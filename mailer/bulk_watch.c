/*
 * What should have happened and did not (MAG-04, -09): no approved issue for
 * the coming day, told at noon of the day before and at noon; an issue that Postfix does not
 * take. By mail, and by a line in the log for those times when mail itself is
 * what does not go out.
 */
#include "bulk_impl.h"
#include "base/log.h"
#include "cal/weekly.h"
#include "store/store_reader.h"
#include <string.h>

enum { NOON = 12, NEAR = 6 * 3600, STUCK = 600, DAY = 86400 };

static epoch noon_of(epoch at, int days_before)
{
	struct civil c = civil_of(at - (epoch)days_before * DAY);
	return epoch_of(c.year, c.mon, c.day, NOON, 0, 0);
}

/* The warning whose time has come and that was not given; 0: none. */
static epoch warning_due(epoch at, epoch now, epoch warned)
{
	for (int days = 0; days <= 1; days++) {
		epoch when = noon_of(at, days);
		if (when < at && now >= when)
			return warned < when ? when : 0;
	}
	return 0;
}

static enum status waiting_draft(struct bulk *b, epoch at, struct arena *a, struct issue *i, struct err *e)
{
	struct issue *v;
	size_t n;
	enum status st = issue_in(b->build.s, ISSUE_DRAFT, a, &v, &n, e);
	*i = (struct issue){ .send_at = at };
	for (size_t k = 0; st == OK && k < n; k++)
		if (v[k].send_at > at - NEAR && v[k].send_at < at + NEAR)
			*i = v[k];
	return st;
}

static enum status warn(struct bulk *b, epoch at, epoch when, epoch now, struct err *e)
{
	struct arena *a = arena_new();
	struct issue i;
	enum status st = store_begin(b->build.s, e);
	if (st == OK) {
		st = waiting_draft(b, at, a, &i, e);
		if (st == OK)
			st = bulk_tell(b, &i, "issue-missing", i.id ? "原稿は届いていますが、承認がまだです。" : "原稿がまだ届いていません。", now, e);
		if (st == OK)
			st = reader_warned_set(b->build.s, when, e);
		st = bulk_end(b->build.s, st, e);
		log_warn("missing", "draft=%lld", (long long)i.id);
	}
	arena_free(&a);
	return st;
}

enum status bulk_watch_missing(struct bulk *b, epoch now, struct err *e)
{
	int64_t readers[READER_STATES], planned = 0;
	epoch warned = 0, at = weekly_next(b->cfg, b->cal, now), when = 0;
	enum status st = reader_counts(b->build.s, readers, e);
	if (st != OK || !readers[READER_ACTIVE])
		return st;
	st = reader_warned(b->build.s, &warned, e);
	if (st == OK && (when = warning_due(at, now, warned)))
		st = issue_between(b->build.s, at - NEAR, at + NEAR, &planned, e);
	return st == OK && when && !planned ? warn(b, at, when, now, e) : st;
}

/* Postfix has said "later" for too long. */
enum status bulk_watch_run(struct bulk *b, struct bulk_run *r, struct issue *i, epoch now, struct err *e)
{
	if (!r->stuck_at || i->state != ISSUE_SENDING)
		return OK;
	bool told = i->told & ISSUE_TOLD_FAILING, over = now - i->send_at > b->cfg->news_window * 3600;
	if (now - r->stuck_at < STUCK || (told && !over))
		return OK;
	const char *why = over ? "配信できないまま、復旧の時間が過ぎました" : "Postfix に引き渡せない状態が続いています。自動で再試行しています";
	log_error("stuck", "issue=%lld since=%lld", (long long)i->id, (long long)r->stuck_at);
	enum status st = store_begin(b->build.s, e);
	if (st != OK)
		return st;
	struct issue to = *i;
	bool moved = false;
	to.told |= ISSUE_TOLD_FAILING;
	if (over) {
		to.state = ISSUE_PAUSED;
		to.why = why;
	}
	st = bulk_advance(b, i, &to, &moved, e);
	if (st == OK && moved)
		st = bulk_tell(b, &to, over ? "issue-stopped" : "issue-stuck", why, now, e);
	st = bulk_end(b->build.s, st, e);
	if (st == OK && moved) {
		*i = to;
		r->paused = over;
	}
	return st;
}
