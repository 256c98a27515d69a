/*
 * yorozu ticket due: whose answer is due when, soonest first, and how much
 * reply time is left.
 */
#include "ticket_due.h"
#include "table.h"
#include "cal/cal.h"
#include "store/store_due.h"
#include "store/store_people.h"
#include <stdio.h>

enum { MINUTE = 60 };

static const struct table_col cols[] = {
	{ "id", "番号", true, 0 },      { "due", "回答期限", false, 0 },
	{ "left", "残り", true, 0 },    { "waiting_since", "受信", false, 0 },
	{ "assignee", "担当", false, 12 }, { "subject", "件名", false, 40 },
};
enum { NCOLS = sizeof cols / sizeof *cols };

static const char *minute(epoch t, char buf[32])
{
	clk_iso(t, buf);
	buf[16] = '\0'; /* without seconds */
	return buf;
}

/* For programs: minutes of reply time, negative when the target was missed. */
static void left(struct table *t, const struct cal *cal, epoch now, epoch due, bool tsv)
{
	char span[48], text[64];
	int64_t over = cal_reply_time(cal, due, now), ahead = cal_reply_time(cal, now, due);
	if (tsv) {
		table_num(t, due < now ? -((over + MINUTE / 2) / MINUTE) : (ahead + MINUTE / 2) / MINUTE);
		return;
	}
	snprintf(text, sizeof text, "%s%s", due < now ? "超過 " : "", clk_span_ja(due < now ? over : ahead, span));
	table_cell(t, text);
}

enum status ticket_due(struct store *s, const struct cfg *c, epoch now, int limit, bool tsv, struct err *e)
{
	struct cal *cal;
	struct ticket *v;
	size_t n = 0;
	char at[32];
	const struct due_filter all = { .from = 0, .to = INT64_MAX, .before = INT64_MAX };
	enum status st = cal_load(c->holidays_csv, &cal, e);
	if (st != OK)
		return st;
	struct arena *a = arena_new();
	struct table *t = table_new(cols, NCOLS, tsv);
	st = due_waiting(s, &all, limit, a, &v, &n, e);
	for (size_t i = 0; st == OK && i < n; i++) {
		struct staff who;
		bool taken = v[i].assignee_id && staff_by_id(s, v[i].assignee_id, a, &who, NULL) == OK;
		table_num(t, v[i].id);
		table_cell(t, minute(v[i].due_at, at));
		left(t, cal, now, v[i].due_at, tsv);
		table_cell(t, minute(v[i].waiting_since, at));
		table_cell(t, taken ? who.login : "-");
		table_cell(t, v[i].subject);
	}
	if (st == OK)
		table_print(t);
	table_free(&t);
	arena_free(&a);
	cal_free(&cal);
	return st;
}
