/* What a reply clock causes, and when: see due.h. */
#include "due.h"
#include "store/store_due.h"

void due_rules_load(const struct cfg *cfg, const struct cal *cal, struct due_rules *r)
{
	*r = (struct due_rules){
		.cal = cal,
		.alert = (int)cfg->alert_at,
		.notice_before = cfg->notice_before * 60,
		.notice_days = (int)cfg->notice_days,
	};
	r->nremind = cfg_nums(cfg->remind_at, r->remind);
}

static int64_t span(const struct due_rules *r, const struct due_clock *c)
{
	return cal_reply_time(r->cal, c->since, c->due);
}

/* The target itself: a closing second (12:00, 17:30) is still a time to tell. */
static epoch missed_at(const struct due_rules *r, const struct due_clock *c)
{
	bool closing = cal_reply_time(r->cal, c->due - 1, c->due) == 1;
	return closing ? c->due : cal_roll(r->cal, c->due);
}

/* `seconds` of the clock are over: then, or at the next opening. */
static epoch after(const struct due_rules *r, const struct due_clock *c, int64_t seconds)
{
	return cal_roll(r->cal, cal_add_reply_time(r->cal, c->since, seconds));
}

static epoch stage_at(const struct due_rules *r, const struct due_clock *c, int percent)
{
	if (percent == DUE_MISSED)
		return missed_at(r, c);
	return after(r, c, span(r, c) * percent / 100);
}

/* A target that was set to be nearer than the notice leaves half of its time. */
epoch due_notice_at(const struct due_rules *r, const struct due_clock *c)
{
	int64_t all = span(r, c), wait = all - r->notice_before;
	return after(r, c, wait > all / 2 ? wait : all / 2);
}

epoch due_notice_until(const struct due_rules *r, epoch due, epoch now)
{
	epoch from = due > now ? due : now;
	return cal_add_reply_time(r->cal, from, (int64_t)r->notice_days * CAL_BUSINESS_DAY_SECONDS);
}

static void look(struct due_plan *p, epoch at)
{
	if (!p->next || at < p->next)
		p->next = at;
}

/* The strongest stage whose time has come is told; those below it are with it. */
static void consider(const struct due_rules *r, const struct due_clock *c, epoch now, int percent, enum due_word word,
                     struct due_plan *p)
{
	if (percent <= c->told)
		return;
	epoch at = stage_at(r, c, percent);
	if (at > now) {
		look(p, at);
	} else {
		p->stage = percent > p->stage ? percent : p->stage;
		p->stage_at = at;
		p->word = word;
	}
}

static bool may_tell(const struct due_rules *r, epoch now, const struct due_plan *p)
{
	if (cal_in_reply_hours(r->cal, now))
		return true;
	return p->stage == DUE_MISSED && now - p->stage_at < DUE_GRACE;
}

static void plan_staff(const struct due_rules *r, const struct due_clock *c, epoch now, struct due_plan *p)
{
	for (int i = 0; i < r->nremind; i++)
		consider(r, c, now, (int)r->remind[i], DUE_REMINDER, p);
	if (r->alert)
		consider(r, c, now, r->alert, DUE_ALERT, p);
	consider(r, c, now, DUE_MISSED, DUE_OVERDUE, p);
	if (!p->stage)
		return;
	if (may_tell(r, now, p)) {
		p->late = cal_reply_time(r->cal, p->stage_at, now) > DUE_GRACE;
	} else {
		p->stage = 0;
		look(p, cal_roll(r->cal, now));
	}
}

static void plan_notice(const struct due_rules *r, const struct due_clock *c, epoch now, struct due_plan *p)
{
	if (c->noticed || !r->notice_before)
		return;
	epoch at = due_notice_at(r, c);
	if (at > now)
		look(p, at);
	else if (cal_in_reply_hours(r->cal, now))
		p->notice = true;
	else
		look(p, cal_roll(r->cal, now));
}

void due_plan(const struct due_rules *r, const struct due_clock *c, epoch now, struct due_plan *plan_r)
{
	*plan_r = (struct due_plan){ 0 };
	plan_staff(r, c, now, plan_r);
	plan_notice(r, c, now, plan_r);
}
