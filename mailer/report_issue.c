/* How an issue fares, and what became of one reader's mails: for editors' mails (MAG-05, -07). */
#include "build_report.h"
#include "base/clk.h"
#include "mail/addr.h"
#include "store/store_issue.h"
#include "store/store_ledger_sum.h"
#include "store/store_reader.h"
#include "store/store_stop.h"
#include "text/layout.h"
#include <string.h>

enum { DOMAINS_SHOWN = 15, NAME_COLS = 28, BAR = 30, HISTORY = 30, REASONS = 20, PAGE = 2000 };

static void cell(struct sb *out, const char *s)
{
	text_fit(s, NAME_COLS, true, out);
}

/* ■■■■□□: columns of a Japanese font, the same in any client. */
static void bar(struct sb *out, int64_t part, int64_t all)
{
	int64_t n = all ? part * BAR / all : 0;
	for (int64_t k = 0; k < BAR; k++)
		sb_adds(out, k < n ? "■" : "□");
	sb_addf(out, " %lld/%lld (%.1f%%)\n", (long long)part, (long long)all, all ? 100.0 * (double)part / (double)all : 0.0);
}

static void put_counts(struct sb *out, const struct ledger_sum *l)
{
	for (int k = 0; k < RCPT_STATES; k++) {
		if (!l->n[k] && k != RCPT_DELIVERED && k != RCPT_BOUNCED)
			continue;
		sb_adds(out, "　");
		cell(out, rcpt_state_ja((enum rcpt_state)k));
		sb_addf(out, "%8lld\n", (long long)l->n[k]);
	}
	sb_adds(out, "　");
	cell(out, "合計");
	sb_addf(out, "%8lld\n", (long long)l->all);
}

static void put_domains(struct sb *out, const struct ledger_sum *l)
{
	size_t n = l->ndomains < DOMAINS_SHOWN ? l->ndomains : DOMAINS_SHOWN;
	sb_adds(out, "\n■ ドメイン別 (読者／配信済み／配送中／不達)\n");
	for (size_t i = 0; i < n; i++) {
		const struct ledger_domain *d = &l->domains[i];
		sb_adds(out, "　");
		cell(out, d->name);
		sb_addf(out, "%7lld%8lld%8lld%8lld\n", (long long)d->all, (long long)d->n[RCPT_DELIVERED], (long long)d->n[RCPT_QUEUED],
		        (long long)(d->n[RCPT_BOUNCED] + d->n[RCPT_EXPIRED]));
	}
	if (n < l->ndomains)
		sb_addf(out, "　ほか %zu ドメイン\n", l->ndomains - n);
}

static enum status put_stops(struct report *r, const struct issue *i, struct err *e)
{
	struct domain_stop *v;
	size_t n = 0;
	if (i->ended_at)
		return OK;
	enum status st = stop_list(r->b->s, r->a, &v, &n, e);
	if (st == OK && n)
		sb_adds(&r->text, "\n■ 配信を止めているドメイン\n");
	for (size_t k = 0; st == OK && k < n; k++)
		sb_addf(&r->text, "　%s\n", v[k].domain);
	return st;
}

/* The first of those that were not reached, with their reasons. */
static enum status put_failures(struct report *r, int64_t issue, const struct ledger_sum *l, struct err *e)
{
	int64_t after = 0;
	size_t n = PAGE, shown = 0;
	enum status st = OK;
	if (!(l->n[RCPT_BOUNCED] + l->n[RCPT_EXPIRED]))
		return OK;
	sb_adds(&r->text, "\n■ 届かなかった宛先\n");
	while (st == OK && n == PAGE && shown < REASONS) {
		struct arena *a = arena_new();
		struct rcpt *v;
		st = ledger_list(r->b->s, issue, after, PAGE, a, &v, &n, e);
		for (size_t i = 0; st == OK && i < n && shown < REASONS; i++) {
			after = v[i].reader_id;
			if (v[i].state != RCPT_BOUNCED && v[i].state != RCPT_EXPIRED)
				continue;
			sb_addf(&r->text, "　%s\n　　", v[i].addr);
			text_fit(v[i].detail, 70, false, &r->text);
			sb_addc(&r->text, '\n');
			shown++;
		}
		arena_free(&a);
	}
	return st;
}

enum status report_issue(struct report *r, int64_t issue, struct err *e)
{
	struct issue i;
	struct ledger_sum l;
	char at[48], span[48];
	enum status st = issue_get(r->b->s, issue, r->a, &i, e);
	if (st == OK)
		st = ledger_sum(r->b->s, issue, r->a, &l, e);
	if (st != OK)
		return st;
	sb_addf(&r->text, "第%lld号「%s」：%s\n", (long long)i.id, i.subject, issue_state_ja(i.state));
	if (!i.started_at)
		return OK;
	sb_addf(&r->text, "開始 %s", clk_ja(i.started_at, at));
	if (i.ended_at)
		sb_addf(&r->text, "、終了 %s (%s)", clk_ja(i.ended_at, at), clk_span_ja(i.ended_at - i.started_at, span));
	sb_adds(&r->text, "\n\n");
	bar(&r->text, l.final, l.all);
	put_counts(&r->text, &l);
	put_domains(&r->text, &l);
	st = put_stops(r, &i, e);
	return st == OK ? put_failures(r, issue, &l, e) : st;
}

/* ---- a reader --------------------------------------------------------------------------- */

enum status report_reader(struct report *r, const char *addr, struct err *e)
{
	struct reader who;
	struct reader_event *ev;
	struct rcpt *sent;
	size_t n, m;
	char at[48];
	enum status st = reader_by_addr(r->b->s, addr_key(r->a, addr), r->a, &who, e);
	if (st == ERR_NOTFOUND) {
		sb_addf(&r->text, "%s は読者の一覧にありません。\n", addr);
		return OK;
	}
	if (st == OK)
		st = reader_events(r->b->s, who.id, r->a, &ev, &n, e);
	if (st == OK)
		st = ledger_of_reader(r->b->s, who.id, HISTORY, r->a, &sent, &m, e);
	if (st != OK)
		return st;
	sb_addf(&r->text, "%s %s\n%s：%s\n\n■ できごと\n", who.addr, who.name, reader_state_ja(who.state), who.why);
	for (size_t i = n > HISTORY ? n - HISTORY : 0; i < n; i++)
		sb_addf(&r->text, "　%s %s %s\n", clk_ja(ev[i].at, at), reader_what_ja(ev[i].what), ev[i].detail);
	sb_adds(&r->text, "\n■ 配信\n");
	for (size_t i = 0; i < m; i++)
		sb_addf(&r->text, "　第%lld号 %s %s %s\n", (long long)sent[i].issue_id, clk_ja(sent[i].at, at),
		        rcpt_state_ja(sent[i].state), sent[i].detail);
	return OK;
}
