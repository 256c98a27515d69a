/*
 * 検索: the tickets in which something was written, newest first, and with 添付
 * the mails that were found. The time a search may take is bounded by
 * store_search.h; what that left out is said.
 * SECURITY: subjects, names and snippets are from outside; made visible here.
 */
#include "build_report.h"
#include "store/store_search.h"
#include "text/charset.h"
#include "text/layout.h"
#include <string.h>

enum { TICKETS = 20, LINE_COLS = 76, INDENT = 4, SNIPPET_COLS = LINE_COLS - INDENT - 4, SUBJECT_COLS = 40, NAME_COLS = 20 };

static void put(const char *s, size_t cols, struct sb *out)
{
	struct sb safe = SB_INIT;
	text_visible(s, strlen(s), &safe);
	for (size_t i = 0; i < safe.len; i++)
		if (safe.s[i] == '\n' || safe.s[i] == '\t')
			safe.s[i] = ' ';
	while (safe.len && safe.s[safe.len - 1] == ' ')
		sb_setlen(&safe, safe.len - 1);
	text_fit(safe.s, cols, false, out);
	sb_free(&safe);
}

/* The hit stands in 【】. */
static void put_snippet(struct report *r, const struct search_hit *h)
{
	size_t at = h->mark.hit, len = h->mark.hit_len;
	const char *s = h->snippet;
	if (len)
		s = arena_printf(r->a, "%.*s【%.*s】%s", (int)at, s, (int)len, s + at, s + at + len);
	sb_addf(&r->text, "%*s", INDENT, "");
	put(s, LINE_COLS - INDENT, &r->text);
	sb_addc(&r->text, '\n');
}

static void put_hit(struct report *r, const struct search_hit *h)
{
	static const char *const states[] = { "未対応", "対応済", "完了" };
	struct civil c = civil_of(h->message.at);
	const char *name = *h->message.from_name ? h->message.from_name : h->message.from_addr;
	sb_addf(&r->text, "#%lld ", (long long)h->ticket.id);
	put(h->ticket.subject, SUBJECT_COLS, &r->text);
	sb_addf(&r->text, " (%s)\n%*s%02d/%02d/%02d %02d:%02d ", states[h->ticket.state], INDENT, "", c.year % 100, c.mon, c.day,
	        c.hour, c.min);
	put(name, NAME_COLS, &r->text);
	sb_addc(&r->text, '\n');
	put_snippet(r, h);
}

/* The command's own mail does not count. */
static int64_t behind(struct report *r, const struct search_result *v)
{
	int64_t done = 0;
	bool own = search_indexed(r->b->s, &done, NULL) == OK && r->o->message_id > done;
	return v->behind - (own && v->behind > 0);
}

static void put_rest(struct report *r, const struct search_result *v)
{
	char at[48];
	int64_t waiting = behind(r, v);
	if (!v->n)
		sb_adds(&r->text, v->partial ? "時間内に調べた範囲では、見つかりませんでした。\n" : "見つかりませんでした。\n");
	if (v->more)
		sb_addf(&r->text, "新しいものから %zu 件です。ほかにもあります。\n", v->n);
	if (v->partial && v->reached)
		sb_addf(&r->text, "%d年%s より前のメールは調べきれていません。\n", civil_of(v->reached).year, clk_ja(v->reached, at));
	if (waiting)
		sb_addf(&r->text, "届いたばかりのメール %lld 通は、まだ検索できません。\n", (long long)waiting);
	if (!v->n || v->more || v->partial)
		sb_adds(&r->text, "\n絞り込み方の例：差出人:山田　状態:未対応　担当:suzuki　期間:2026-11　-除く言葉\n");
}

static enum status attach_found(struct report *r, const struct search_result *v, struct err *e)
{
	enum status st = OK;
	struct sb raw = SB_INIT;
	for (size_t i = 0; st == OK && i < v->n; i++) {
		sb_reset(&raw);
		st = message_raw(r->b->s, v->v[i].message.id, &raw, e);
		if (st == OK)
			report_attach(r, arena_printf(r->a, "soudan-%lld-%lld.eml", (long long)v->v[i].ticket.id,
			                              (long long)v->v[i].message.id), "message/rfc822", raw.s, raw.len);
	}
	sb_free(&raw);
	return st;
}

enum status report_search(struct report *r, const char *words, bool attach, struct err *e)
{
	struct search_query q;
	struct search_result v = { 0 };
	const struct search what = { .query = &q, .limit = TICKETS, .cols = SNIPPET_COLS };
	enum status st = search_query_parse(words, r->a, &q, e);
	sb_addf(&r->text, "%s「", r->text.len ? "\n" : "");
	put(words, LINE_COLS - 12, &r->text);
	sb_adds(&r->text, "」の検索\n\n");
	if (st == OK)
		st = search_run(r->b->s, &what, r->a, &v, e);
	if (st == ERR_PERM || st == ERR_LIMIT || st == ERR_NOTFOUND) { /* said in Japanese */
		sb_addf(&r->text, "%s\n", e->msg);
		return OK;
	}
	for (size_t i = 0; st == OK && i < v.n; i++)
		put_hit(r, &v.v[i]);
	if (st == OK)
		put_rest(r, &v);
	return st == OK && attach ? attach_found(r, &v, e) : st;
}
