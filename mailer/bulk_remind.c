/*
 * What waits for a person's word: an issue that is held or paused, readers of
 * a domain that was stopped. It is asked for twice a business day, in reply
 * hours. When nobody has decided for news_life hours it ends: those who got
 * nothing stand in the ledger as expired, and that is told.
 */
#include "bulk_impl.h"
#include "base/log.h"

#define GIVEN_UP "ご判断がないまま期限が過ぎたため、残りの宛先への配信を取りやめました"
enum { ASK_EVERY = CAL_BUSINESS_DAY_SECONDS / 2, HOUR = 3600 };

static epoch end_of(const struct bulk *b, epoch since)
{
	return since + b->cfg->news_life * HOUR;
}

/* Readers whose domain was stopped. */
static bool stopped_lane(const struct bulk *b, int64_t issue)
{
	const struct bulk_run *r = bulk_run_of(b, issue);
	for (size_t i = 0; r && i < r->nlanes; i++)
		if (b->domains[r->lanes[i].domain].pace.stopped)
			return true;
	return false;
}

static enum status waits_set(struct bulk *b, int64_t issue, epoch since, epoch asked, struct err *e)
{
	enum status st = store_begin(b->build.s, e);
	return st == OK ? bulk_end(b->build.s, issue_waits(b->build.s, issue, since, asked, e), e) : st;
}

static enum status ask(struct bulk *b, const struct issue *i, epoch now, struct err *e)
{
	const char *why = i->state == ISSUE_SENDING ? "一部のドメインへの配信を止めています" : i->why;
	struct issue until = *i;
	until.send_at = end_of(b, i->waits_since); /* the mail says that time */
	enum status st = store_begin(b->build.s, e);
	if (st != OK)
		return st;
	log_info("asked", "issue=%lld state=%s", (long long)i->id, issue_state_name(i->state));
	st = bulk_tell(b, &until, "issue-waiting", why, now, e);
	if (st == OK)
		st = issue_waits(b->build.s, i->id, i->waits_since, now, e);
	return bulk_end(b->build.s, st, e);
}

/* What Postfix has comes to its end there; one that never began is over at once. */
static enum status give_up(struct bulk *b, struct issue *i, epoch now, struct err *e)
{
	struct bulk_run *r = bulk_run_of(b, i->id);
	log_warn("given-up", "issue=%lld state=%s since=%lld", (long long)i->id, issue_state_name(i->state), (long long)i->waits_since);
	if (!i->started_at)
		return bulk_set_state(b, i, ISSUE_CANCELLED, GIVEN_UP, now, "issue-given-up", e);
	enum status st = store_begin(b->build.s, e);
	if (st != OK)
		return st;
	struct issue to = *i;
	bool moved = false;
	to.state = ISSUE_SENDING;
	to.why = GIVEN_UP;
	st = bulk_advance(b, i, &to, &moved, e);
	if (st == OK && moved)
		st = ledger_cancel(b->build.s, i->id, RCPT_EXPIRED, GIVEN_UP, now, e);
	if (st == OK && moved)
		st = bulk_tell(b, &to, "issue-given-up", GIVEN_UP, now, e);
	st = bulk_end(b->build.s, st, e);
	if (st == OK && moved && r)
		bulk_wait_clear(r);
	return st;
}

static enum status look(struct bulk *b, struct issue *i, epoch now, struct err *e)
{
	if (i->state == ISSUE_SENDING && !stopped_lane(b, i->id))
		return i->waits_since ? waits_set(b, i->id, 0, 0, e) : OK;
	if (!i->waits_since) /* told just now, or known to the one who stopped it */
		return waits_set(b, i->id, now, now, e);
	if (now >= end_of(b, i->waits_since))
		return give_up(b, i, now, e);
	if (cal_in_reply_hours(b->cal, now) && now >= cal_add_reply_time(b->cal, i->asked_at, ASK_EVERY))
		return ask(b, i, now, e);
	return OK;
}

enum status bulk_remind(struct bulk *b, epoch now, struct err *e)
{
	static const enum issue_state open[] = { ISSUE_SENDING, ISSUE_PAUSED, ISSUE_HELD };
	enum status st = OK;
	for (size_t k = 0; st == OK && k < sizeof open / sizeof *open; k++) {
		struct arena *a = arena_new();
		struct issue *v;
		size_t n = 0;
		st = issue_in(b->build.s, open[k], a, &v, &n, e);
		for (size_t i = 0; st == OK && i < n; i++)
			st = look(b, &v[i], now, e);
		arena_free(&a);
	}
	return st;
}
