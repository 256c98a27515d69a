/*
 * 統計: the statistics of a month, by a mail of their own. The row is all that is
 * written here; yorozu-report makes it (store/store_report.h).
 */
#include "cmd.h"
#include "store/store_report.h"
#include <stdlib.h>
#include <string.h>

/* Months since year 0. */
static int serial(const struct civil *c)
{
	return c->year * 12 + c->mon - 1;
}

/* The end of a number, or NULL. */
static const char *number(const char *p, size_t digits, int *n_r)
{
	size_t n = strspn(p, "0123456789");
	if (!n || n > digits)
		return NULL;
	*n_r = (int)strtol(p, NULL, 10);
	return p + n;
}

static bool ends(const char *p)
{
	return !*p || strcmp(p, "月") == 0 || strcmp(p, "月分") == 0;
}

/* "2026-10", "2026/10", "2026年10月", "10月" (the last one there was). */
static bool month_written(const char *word, int now, int *month_r)
{
	int year, mon;
	const char *p = number(word, 4, &year);
	if (!p)
		return false;
	if (ends(p) && *p) {
		*month_r = now - ((now % 12 + 1 - year) % 12 + 12) % 12;
		return year >= 1 && year <= 12;
	}
	p += strncmp(p, "年", 3) == 0 ? 3 : *p == '-' || *p == '/' ? 1 : 0;
	p = number(p, 2, &mon);
	*month_r = year * 12 + mon - 1;
	return p && ends(p) && year >= 2000 && mon >= 1 && mon <= 12;
}

static bool month_meant(const char *word, epoch t, int *month_r)
{
	static const char *const last[] = { "", "先月", "前月", "last", NULL }, *const this[] = { "今月", "当月", "this", NULL };
	const struct civil c = civil_of(t);
	*month_r = serial(&c) - 1;
	if (cmd_is_one_of(word, last))
		return true;
	*month_r = serial(&c);
	return cmd_is_one_of(word, this) || month_written(word, serial(&c), month_r);
}

enum status cmd_stats(struct cmd_run *r, const struct command *c, struct err *e)
{
	const struct civil now = civil_of(r->by.now);
	int m = 0;
	if (!month_meant(c->word, r->by.now, &m))
		return cmd_refuse(r, "「%s」がどの月か分かりません。「統計 2026-10」のように書いてください", cmd_fit(r->in->a, c->word));
	if (m > serial(&now))
		return cmd_refuse(r, "%d年%d月はまだ始まっていません", m / 12, m % 12 + 1);
	struct report_job j = { .kind = REPORT_STATS, .what = arena_printf(r->in->a, "%04d-%02d", m / 12, m % 12 + 1),
	                        .rcpts = r->who->address, .who = r->by.who, .in_reply_to = r->in->msg->message_id,
	                        .asked_at = r->by.now, .due_at = r->by.now };
	cmd_say(r, "%d年%d月の統計を、別のメールでお送りします", m / 12, m % 12 + 1);
	return report_job_add(r->s, &j, e);
}
