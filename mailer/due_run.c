/* The rounds of the reply clock: see due_run.h. */
#include "due_impl.h"
#include "base/log.h"
#include "base/metrics.h"
#include <stdio.h>

static int64_t day_at(epoch t)
{
	struct civil c = civil_of(t);
	return day_of(c.year, c.mon, c.day);
}

epoch due_opening(const struct cal *cal, epoch now)
{
	struct civil c = civil_of(now);
	return cal_roll(cal, epoch_of(c.year, c.mon, c.day, 0, 0, 0));
}

/* The first round of a new store owes no digest for a day that has begun. */
static enum status load_round(struct due_ctx *x, struct err *e)
{
	const struct cal *cal = x->d->rules.cal;
	enum status st = due_round_get(x->s, &x->round, e);
	x->first = st == ERR_NOTFOUND;
	if (x->first) {
		x->round = (struct due_round){ .digest_day = x->now >= due_opening(cal, x->now) ? day_at(x->now) : 0 };
		st = OK;
	}
	/* Once a day, also when the clock was set back; not behind closing time. */
	x->digest = x->round.digest_day != day_at(x->now) && cal_in_reply_hours(cal, x->now);
	return st;
}

static bool summary_is_due(const struct due_ctx *x)
{
	return x->round.held && cal_in_reply_hours(x->d->rules.cal, x->now);
}

/* A clock that was moved while it ran begins anew when that is first seen. */
static enum status plan_case(const struct due_ctx *x, struct due_case *c, struct err *e)
{
	enum status st = due_done(x->s, &c->t, &c->done, e);
	if (st == OK && c->done.moved && !c->done.moved_at) {
		c->done.moved_at = x->now;
		st = due_record(x->s, &c->t, DUE_MOVED, x->now, e);
	}
	c->clock = (struct due_clock){
		.since = c->done.moved ? c->done.moved_at : c->t.waiting_since,
		.due = c->t.due_at,
		.told = c->done.told,
		.noticed = c->done.noticed_at || c->done.unnoticed,
	};
	due_plan(&x->d->rules, &c->clock, x->now, &c->plan);
	return st;
}

static enum status plan_all(const struct due_ctx *x, struct due_case *v, size_t n, size_t *tell_r, size_t *late_r,
                            struct err *e)
{
	enum status st = OK;
	*tell_r = *late_r = 0;
	for (size_t i = 0; st == OK && i < n; i++) {
		st = plan_case(x, &v[i], e);
		*tell_r += v[i].plan.stage != 0;
		*late_r += v[i].plan.stage && v[i].plan.late;
	}
	return st;
}

static void hold(struct due_ctx *x, const struct due_case *c)
{
	struct due_round *r = &x->round;
	r->held++;
	if (c->plan.late && (!r->held_since || c->plan.stage_at < r->held_since))
		r->held_since = c->plan.stage_at;
}

/* The customer first: the mail to staff says what he was told. */
static enum status notice(struct due_ctx *x, struct due_case *c, struct err *e)
{
	bool sent;
	enum status st = due_letter(x, c, &sent, e);
	if (st != OK)
		return st;
	c->done.noticed_at = sent ? x->now : 0;
	c->done.unnoticed = !sent;
	metrics_add("due_notices_total", sent);
	return due_record(x->s, &c->t, sent ? DUE_NOTICED : DUE_UNNOTICED, x->now, e);
}

static enum status tell(struct due_ctx *x, const struct due_case *c, bool held, struct err *e)
{
	static const char *const counters[] = { "due_reminders_total", "due_alerts_total", "due_overdue_total" };
	metrics_add(counters[c->plan.word], 1);
	enum status st = due_record(x->s, &c->t, c->plan.stage, x->now, e);
	if (held)
		hold(x, c);
	return st == OK && !held ? due_tell(x, c, e) : st;
}

static enum status carry_out(struct due_ctx *x, struct due_case *c, bool held, struct err *e)
{
	enum status st = OK;
	if (c->plan.notice)
		st = notice(x, c, e);
	if (st == OK && c->plan.stage)
		st = tell(x, c, held, e);
	return st == OK ? due_look(x->s, c->t.id, c->plan.next, e) : st;
}

static void log_round(const struct due_ctx *x, size_t n, size_t tell, bool held)
{
	if (tell || x->digest)
		log_info("due", "looked=%zu told=%zu held=%d digest=%d", n, tell, held, x->digest);
}

/* One batch and what follows from it, inside the transaction. */
static enum status batch(struct due_ctx *x, size_t *handled_r, struct err *e)
{
	struct ticket *t = NULL;
	size_t n = 0, tell = 0, late = 0;
	enum status st = due_list(x->s, x->now, DUE_BATCH, x->a, &t, &n, e);
	struct due_case *v = arena_zalloc(x->a, (n + 1) * sizeof *v);
	for (size_t i = 0; i < n; i++)
		v[i].t = t[i];
	if (st == OK)
		st = plan_all(x, v, n, &tell, &late, e);
	bool held = x->round.held || tell > DUE_MANY || late > 1;
	for (size_t i = 0; st == OK && i < n; i++)
		st = carry_out(x, &v[i], held, e);
	*handled_r = n;
	log_round(x, n, tell, held);
	if (st == OK && n < DUE_BATCH && (x->digest || summary_is_due(x))) {
		st = due_digest(x, e);
		x->round.held = x->round.held_since = 0;
		if (x->digest)
			x->round.digest_day = day_at(x->now);
		*handled_r += 1;
	}
	return st == OK ? due_round_set(x->s, &x->round, e) : st;
}

static enum status nothing_to_do(struct due_ctx *x, bool *nothing_r, struct err *e)
{
	epoch next = 0;
	enum status st = load_round(x, e);
	if (st == OK)
		st = due_next(x->s, &next, e);
	*nothing_r = (!next || next > x->now) && !x->first && !x->digest && !summary_is_due(x);
	return st;
}

enum status due_run(const struct due_run *d, epoch now, size_t *handled_r, struct err *e)
{
	struct due_ctx x = { .d = d, .s = d->build->s, .now = now };
	bool nothing;
	*handled_r = 0;
	enum status st = nothing_to_do(&x, &nothing, e);
	if (st != OK || nothing)
		return st;
	if ((st = store_begin(x.s, e)) != OK)
		return st;
	x.a = arena_new();
	st = load_round(&x, e);
	if (st == OK)
		st = batch(&x, handled_r, e);
	if (st == OK)
		st = store_commit(x.s, e);
	else
		store_rollback(x.s);
	if (st != OK)
		*handled_r = 0;
	arena_free(&x.a);
	return st;
}
