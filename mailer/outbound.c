/* The monthly list of customers to call: see outbound.h. */
#include "outbound.h"
#include "base/log.h"
#include "store/store_call.h"
#include "store/store_people.h"
#include <stdio.h>

static int64_t month_of(epoch now)
{
	struct civil c = civil_of(now);
	return (int64_t)c.year * 12 + c.mon - 1;
}

/* The opening of this month's n-th business day. */
static epoch due_at(const struct outbound *o, epoch now)
{
	struct civil c = civil_of(now);
	int64_t day = cal_add_days(o->cal, day_of(c.year, c.mon, 1), 0);
	if (o->build->cfg->outbound_day > 1)
		day = cal_add_days(o->cal, day, (int)o->build->cfg->outbound_day - 1);
	c = civil_of_day(day);
	return cal_roll(o->cal, epoch_of(c.year, c.mon, c.day, 0, 0, 0));
}

/* Everybody of the desk; the mailer looks the list up when it builds the mail. */
static enum status write_row(const struct outbound *o, epoch now, struct err *e)
{
	struct staff *v;
	size_t n;
	char num[32];
	struct sb lines = SB_INIT, vars = SB_INIT;
	struct arena *a = arena_new();
	enum status st = staff_list(o->build->s, STAFF_AGENT | STAFF_SUPERVISOR, a, &v, &n, e);
	for (size_t i = 0; st == OK && i < n; i++)
		sb_addf(&lines, "%s%s", lines.len ? "\n" : "", v[i].address);
	snprintf(num, sizeof num, "%d", civil_of(now).mon);
	outbox_var_add(&vars, "month", num);
	snprintf(num, sizeof num, "%lld", (long long)o->build->cfg->outbound_days);
	outbox_var_add(&vars, "days", num);
	outbox_var_add(&vars, "want", arena_printf(a, "quiet %s", num));
	struct outbox row = { .kind = OUT_NOTICE, .rcpts = lines.s, .tmpl = "outbound-list", .vars = vars.s,
		              .vars_len = vars.len, .created_at = now };
	if (st == OK && lines.len)
		st = outbox_add(o->build->s, &row, e);
	sb_free(&lines);
	sb_free(&vars);
	arena_free(&a);
	return st;
}

static enum status in_transaction(const struct outbound *o, epoch now, bool send, struct err *e)
{
	enum status st = store_begin(o->build->s, e);
	if (st != OK)
		return st;
	if (send)
		st = write_row(o, now, e);
	if (st == OK)
		st = outbound_month_set(o->build->s, month_of(now), e);
	if (st == OK)
		return store_commit(o->build->s, e);
	store_rollback(o->build->s);
	return st;
}

enum status outbound_run(const struct outbound *o, epoch now, size_t *handled_r, struct err *e)
{
	int64_t month = 0;
	if (!o->build->cfg->outbound_day)
		return OK;
	enum status st = outbound_month(o->build->s, &month, e);
	bool first = st == ERR_NOTFOUND;
	if (st != OK && !first)
		return st;
	/* Not a month twice, also when the clock is set back. */
	if (month >= month_of(now) || now < due_at(o, now))
		return OK;
	if (!first && !cal_in_reply_hours(o->cal, now))
		return OK;
	st = in_transaction(o, now, !first, e);
	if (st == OK) {
		*handled_r += 1;
		log_info("outbound", "month=%lld sent=%d", (long long)month_of(now), !first);
	}
	return st;
}
