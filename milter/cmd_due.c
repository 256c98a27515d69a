/*
 * Commands about the reply clock: more time, and putting a ticket by until a
 * time. The customer is told the new time at once (3.4.1: 別途ご連絡); the reason
 * stays in the audit, because staff write it for themselves.
 */
#include "cmd.h"
#include <string.h>

static int64_t day_now(const struct cmd_run *r)
{
	struct civil c = civil_of(r->by.now);
	return day_of(c.year, c.mon, c.day);
}

/* Everything counts in reply time: 3営業日 is not three nights. */
epoch cmd_moment(const struct cal *cal, epoch from, const struct command_when *w)
{
	switch (w->kind) {
	case WHEN_HOURS:
		return cal_add_reply_time(cal, from, w->n);
	case WHEN_BUSINESS_DAYS:
		return cal_add_reply_time(cal, from, w->n * CAL_BUSINESS_DAY_SECONDS);
	case WHEN_DAY:
		return cal_add_reply_time(cal, w->at, CAL_BUSINESS_DAY_SECONDS);
	default:
		return w->at;
	}
}

bool cmd_in_hours(const struct cal *cal, epoch t)
{
	return cal_in_reply_hours(cal, t) || cal_in_reply_hours(cal, t - 1); /* 17:30 itself is one */
}

static bool supervisor(const struct cmd_run *r)
{
	return r->who->roles & STAFF_SUPERVISOR;
}

/* OK, or why this time can't be. */
static enum status may_be(struct cmd_run *r, epoch due)
{
	char now[48], roll[48];
	const struct cfg *c = r->in->d->cfg;
	int days = (int)(supervisor(r) ? c->extend_days_supervisor : c->extend_days);
	struct civil last = civil_of_day(cal_add_days(r->in->d->cal, day_now(r), days));
	if (!r->t.waiting_since)
		return cmd_refuse(r, "お客さまへの回答待ちではないため、回答期限がありません");
	if (due <= r->t.due_at || due <= r->by.now)
		return cmd_refuse(r, "今の回答期限 (%s) より後の、これからの日時にしてください", clk_ja(r->t.due_at, now));
	if (!cmd_in_hours(r->in->d->cal, due))
		return cmd_refuse(r, "%s は回答時間の外です。近い時刻は %s です", clk_ja(due, now),
		                  clk_ja(cal_roll(r->in->d->cal, due), roll));
	if (due >= epoch_of(last.year, last.mon, last.day, 23, 59, 59))
		return cmd_refuse(r, "延ばせるのは %d 営業日 (%d月%d日) までです%s", days, last.mon, last.day,
		                  supervisor(r) ? "" : "。それより後にするときは、責任者に依頼してください");
	return OK;
}

/* Of somebody who called there may be none. */
static bool has_address(const struct cmd_run *r)
{
	const char **v;
	return party_list(r->s, r->t.id, r->in->a, &v, NULL) == OK && *v;
}

static enum status later(struct cmd_run *r, const struct command *c, const char *tmpl, struct err *e)
{
	char before[48], after[48];
	struct sb vars = SB_INIT;
	const char *rcpts = "";
	epoch due = cmd_moment(r->in->d->cal, r->t.due_at > r->by.now ? r->t.due_at : r->by.now, &c->when);
	enum status st = may_be(r, due);
	if (st != OK)
		return st;
	clk_ja(r->t.due_at, before);
	clk_ja(due, after);
	st = ticket_extend(r->s, &r->t, due, c->reason, &r->by, e);
	outbox_var_add(&vars, "due", after);
	bool by_phone = strcmp(r->t.channel, "phone") == 0 && !has_address(r);
	if (st == OK && !by_phone)
		st = cmd_letter(r, tmpl, &vars, &rcpts, e);
	cmd_say(r, "回答期限を %s にしました (これまで：%s)。", after, before);
	if (by_phone)
		cmd_say(r, "お客さまのメールアドレスがないため、お知らせは送りません。理由は記録にだけ残ります");
	else
		cmd_say(r, "お客さま (%s) に新しい期限をお知らせします。理由は記録にだけ残ります", rcpts);
	sb_free(&vars);
	return st;
}

enum status cmd_extend(struct cmd_run *r, const struct command *c, struct err *e)
{
	return later(r, c, "delay", e);
}

enum status cmd_snooze(struct cmd_run *r, const struct command *c, struct err *e)
{
	return later(r, c, "snooze", e);
}
