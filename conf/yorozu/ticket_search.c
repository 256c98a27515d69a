/*
 * yorozu ticket search: tickets by what was written in them.
 * SECURITY: the cells pass table.h, which makes strangers' text inert.
 */
#include "ticket_search.h"
#include "front.h"
#include "table.h"
#include "base/arena.h"
#include "store/store_people.h"
#include "store/store_search.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LIMIT = 20, SNIPPET_COLS = 56 };

static const struct table_col columns[] = {
	{ "id", "番号", true, 0 }, { "state", "状態", false, 0 }, { "at", "受信", false, 0 },
	{ "message", NULL, true, 0 }, { "kind", NULL, false, 0 }, { "from", "差出人", false, 16 },
	{ "assignee", "担当", false, 10 }, { "subject", "件名", false, 28 }, { "snippet", "該当箇所", false, 0 },
};

bool ticket_search_args(int argc, char **argv, struct ticket_search *r)
{
	struct sb words = SB_INIT;
	bool ok = true;
	*r = (struct ticket_search){ .limit = LIMIT, .page = 1 };
	for (int i = 0; ok && i < argc; i++) {
		const char *next = i + 1 < argc ? argv[i + 1] : "";
		if (strcmp(argv[i], "--tsv") == 0)
			r->tsv = true;
		else if (strcmp(argv[i], "--limit") == 0)
			ok = front_number(next, SEARCH_LIMIT_MAX, &r->limit), i++;
		else if (strcmp(argv[i], "--page") == 0)
			ok = front_number(next, SEARCH_SKIP_MAX, &r->page), i++;
		else
			sb_addf(&words, "%s%s", words.len ? " " : "", argv[i]);
	}
	snprintf(r->words, sizeof r->words, "%s", words.s);
	ok = ok && words.len;
	sb_free(&words);
	return ok;
}

static const char *login_of(struct store *s, int64_t id, struct arena *a)
{
	struct staff p;
	return id && staff_by_id(s, id, a, &p, NULL) == OK ? p.login : "-";
}

/* For people the hit stands in 【】. */
static const char *shown(const struct search_hit *h, bool tsv, struct arena *a)
{
	const char *p = h->snippet;
	size_t at = h->mark.hit, end = at + h->mark.hit_len;
	if (tsv || !h->mark.hit_len)
		return p;
	return arena_printf(a, "%.*s【%.*s】%s", (int)at, p, (int)h->mark.hit_len, p + at, p + end);
}

static void add_row(struct table *t, struct store *s, const struct search_hit *h, bool tsv, epoch now, struct arena *a)
{
	char at[32];
	clk_iso(h->message.at, at);
	table_num(t, h->ticket.id);
	table_cell(t, tsv ? ticket_state_name(h->ticket.state) : ticket_state_word(&h->ticket, now));
	table_cell(t, arena_strndup(a, at, strlen("2026-11-24 10:00")));
	table_num(t, h->message.id);
	table_cell(t, message_kind_name(h->message.kind));
	table_cell(t, !tsv && *h->message.from_name ? h->message.from_name : h->message.from_addr);
	table_cell(t, login_of(s, h->ticket.assignee_id, a));
	table_cell(t, h->ticket.subject);
	table_cell(t, shown(h, tsv, a));
}

static void say_rest(const struct ticket_search *w, const struct search_result *r)
{
	FILE *out = w->tsv ? stderr : stdout;
	char at[32];
	if (!r->n && !r->partial)
		fputs("該当するチケットはありません。\n", out);
	if (r->more)
		fprintf(out, "続きがあります: --page %lld\n", (long long)w->page + 1);
	if (r->partial && !r->reached)
		fputs("時間内に調べきれませんでした。語を加えて絞り込んでください。\n", out);
	else if (r->partial)
		fprintf(out, "%.16s より前のメールは調べきれていません。「以前:」や「期間:」で範囲を指定してください。\n",
		        clk_iso(r->reached, at));
	if (r->behind)
		fprintf(out, "まだ検索できない新しいメールが %lld 通あります。\n", (long long)r->behind);
}

static void print(struct store *s, const struct ticket_search *w, const struct search_result *r, epoch now,
                  struct arena *a)
{
	struct table *t = table_new(columns, sizeof columns / sizeof *columns, w->tsv);
	for (size_t i = 0; i < r->n; i++)
		add_row(t, s, &r->v[i], w->tsv, now, a);
	if (r->n || w->tsv)
		table_print(t);
	say_rest(w, r);
	table_free(&t);
}

enum status ticket_search(struct store *s, const struct ticket_search *w, epoch now, struct err *e)
{
	struct arena *a = arena_new();
	struct search_query q;
	struct search_result r;
	struct search what = { .query = &q, .limit = (size_t)w->limit, .skip = (size_t)((w->page - 1) * w->limit),
		.cols = SNIPPET_COLS };
	enum status st = search_query_parse(w->words, a, &q, e);
	if (st == OK)
		st = search_run(s, &what, a, &r, e);
	if (st == OK)
		print(s, w, &r, now, a);
	arena_free(&a);
	return st;
}
