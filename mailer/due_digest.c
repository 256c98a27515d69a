/*
 * One mail on many tickets: the digest at the opening of a business day, or the
 * summary of reminders that were held back. The lists are made when the row is
 * written, so that they say what the mail's date says.
 */
#include "due_impl.h"
#include "store/store_message.h"
#include "store/store_people.h"
#include "text/layout.h"
#include <stdio.h>
#include <string.h>

enum { ROWS = 50, DAY = 86400, WHO_COLS = 12, LEFT_COLS = 17, DUE_COLS = 19, SUBJECT_COLS = 20 };

static const char *name_of(const struct due_ctx *x, int64_t staff)
{
	struct staff who;
	return staff && staff_by_id(x->s, staff, x->a, &who, NULL) == OK ? who.name : "担当未定";
}

static void column(struct sb *out, const char *text, size_t cols)
{
	text_fit(text, cols - 1, true, out);
	sb_addc(out, ' ');
}

/* "#12    11月25日(水) 10:00 残り 1時間30分   鈴木 一郎   件名…", at most 76 columns. */
static void row(const struct due_ctx *x, const struct ticket *t, struct sb *out)
{
	const struct cal *cal = x->d->rules.cal;
	char due[48], span[48], text[80], num[24];
	bool over = t->due_at < x->now;
	int64_t seconds = over ? cal_reply_time(cal, t->due_at, x->now) : cal_reply_time(cal, x->now, t->due_at);
	snprintf(text, sizeof text, "%s %s", over ? "超過" : "残り", clk_span_ja(seconds, span));
	snprintf(num, sizeof num, "#%lld", (long long)t->id);
	column(out, num, 8);
	column(out, clk_ja(t->due_at, due), DUE_COLS);
	column(out, text, LEFT_COLS);
	column(out, name_of(x, t->assignee_id), WHO_COLS);
	text_fit(t->subject, SUBJECT_COLS, false, out);
	sb_addc(out, '\n');
}

struct section {
	const char *list, *count; /* the template's names */
	struct due_filter f;
	int64_t n;
};

/* "ほか 3 件" stands for what is not listed. */
static enum status section(const struct due_ctx *x, struct section *s, struct sb *vars, struct err *e)
{
	struct ticket *t;
	size_t n = 0;
	char num[24];
	struct sb lines = SB_INIT;
	enum status st = due_count(x->s, &s->f, &s->n, e);
	if (st == OK)
		st = due_waiting(x->s, &s->f, ROWS, x->a, &t, &n, e);
	for (size_t i = 0; st == OK && i < n; i++)
		row(x, &t[i], &lines);
	if (s->n > (int64_t)n)
		sb_addf(&lines, "ほか %lld 件\n", (long long)(s->n - (int64_t)n));
	snprintf(num, sizeof num, "%lld", (long long)s->n);
	outbox_var_add(vars, s->list, lines.s);
	outbox_var_add(vars, s->count, num);
	sb_free(&lines);
	return st;
}

static epoch day_start(epoch t)
{
	struct civil c = civil_of(t);
	return epoch_of(c.year, c.mon, c.day, 0, 0, 0);
}

/* Staff's answers on the business day before. */
static enum status answered(const struct due_ctx *x, struct sb *vars, struct err *e)
{
	int64_t n;
	char num[24];
	struct civil today = civil_of(x->now);
	int64_t day = cal_add_days(x->d->rules.cal, day_of(today.year, today.mon, today.day), -1);
	struct civil c = civil_of_day(day);
	epoch from = epoch_of(c.year, c.mon, c.day, 0, 0, 0);
	enum status st = message_count_replies(x->s, from, day_start(x->now), &n, e);
	snprintf(num, sizeof num, "%lld", (long long)n);
	outbox_var_add(vars, "answered", st == OK ? num : "");
	return st;
}

static void add_held(const struct due_ctx *x, struct sb *vars)
{
	char num[24], since[48];
	const struct due_round *r = &x->round;
	snprintf(num, sizeof num, "%lld", (long long)r->held);
	outbox_var_add(vars, "held", r->held ? num : "");
	outbox_var_add(vars, "held_since", r->held_since ? clk_ja(r->held_since, since) : "");
}

/* The digest is of the opening: what came since then is not in it. A summary
 * lists whatever waits, because a reminder may have been for any of it. */
enum status due_digest(const struct due_ctx *x, struct err *e)
{
	bool held = x->round.held;
	epoch before = held ? x->now + 1 : due_opening(x->d->rules.cal, x->now), tomorrow = day_start(x->now) + DAY;
	struct section v[] = {
		{ .list = "overdue", .count = "n_overdue", .f = { .to = x->now, .before = before } },
		{ .list = "today", .count = "n_today", .f = { .from = x->now, .to = tomorrow, .before = before } },
		{ .list = "later", .count = "n_later",
		  .f = { .from = tomorrow, .to = INT64_MAX, .before = before, .unassigned = !held } },
	};
	int64_t news = x->round.held;
	const char *rcpts;
	char date[48];
	struct sb vars = SB_INIT;
	enum status st = due_staff(x, STAFF_AGENT | STAFF_SUPERVISOR, &rcpts, e);
	for (size_t i = 0; st == OK && i < sizeof v / sizeof *v; i++) {
		st = section(x, &v[i], &vars, e);
		news += v[i].n;
	}
	if (st == OK)
		st = answered(x, &vars, e);
	add_held(x, &vars);
	outbox_var_add(&vars, "date", clk_ja(x->now, date));
	if (st == OK && news && *rcpts)
		st = due_send(x, OUT_NOTICE, held ? "due-summary" : "due-digest", 0, rcpts, &vars, e);
	sb_free(&vars);
	return st;
}
