/* The closing report of an issue. See issue_mail.h. */
#include "issue_mail.h"
#include "base/log.h"
#include "doc.h"
#include "text/html.h"
#include <string.h>

enum { DOMAINS = 15, REASONS = 20, PAGE = 2000, SHORT = 60 /* seconds: nothing to show over time */ };

static enum status load(struct store *s, int64_t issue, struct arena *a, struct issue_facts *f, struct err *e)
{
	*f = (struct issue_facts){ .step = 0 };
	enum status st = issue_get(s, issue, a, &f->i, e);
	if (st == OK)
		st = ledger_sum(s, issue, a, &f->sum, e);
	int64_t span = f->i.ended_at - f->i.started_at;
	if (st != OK || !f->i.started_at || span < SHORT)
		return st;
	f->step = (span + ISSUE_CHART_TIMES - 1) / ISSUE_CHART_TIMES;
	return ledger_progress(s, issue, f->i.started_at, f->step, ISSUE_CHART_TIMES, f->delivered, e);
}

/* ---- the HTML part ---------------------------------------------------------------------- */

static int64_t permille(int64_t part, int64_t all)
{
	return all ? (part * 1000 + all / 2) / all : DOC_UNKNOWN;
}

static void put_result(struct doc *d, struct doc_section *x, const char *label, int64_t n, int64_t all)
{
	struct doc_row *row = doc_row(d, x, label);
	doc_set(row, 0, DOC_COUNT, n);
	doc_set(row, 1, DOC_PERMILLE, permille(n, all));
}

static void put_results(struct doc *d, const struct ledger_sum *l)
{
	struct doc_section *x = doc_section(d, "配信の結果");
	doc_col(x, "件数", "件数");
	doc_col(x, "割合", "割合");
	for (int k = 0; k < RCPT_STATES; k++)
		if (l->n[k] || k == RCPT_DELIVERED || k == RCPT_BOUNCED)
			put_result(d, x, rcpt_state_ja((enum rcpt_state)k), l->n[k], l->all);
	put_result(d, x, "合計", l->all, l->all);
}

static void put_domains(struct doc *d, const struct ledger_sum *l)
{
	struct doc_section *x = doc_section(d, "ドメイン別");
	doc_col(x, "読者", "読者");
	doc_col(x, "配信済み", "配信済み");
	doc_col(x, "不達", "不達");
	for (size_t i = 0; i < l->ndomains && i < DOMAINS; i++) {
		const struct ledger_domain *from = &l->domains[i];
		struct doc_row *row = doc_row(d, x, from->name);
		doc_set(row, 0, DOC_COUNT, from->all);
		doc_set(row, 1, DOC_COUNT, from->n[RCPT_DELIVERED]);
		doc_set(row, 2, DOC_COUNT, from->n[RCPT_BOUNCED] + from->n[RCPT_EXPIRED]);
	}
	if (l->ndomains > DOMAINS)
		x->note = arena_printf(d->a, "ほか %zu ドメイン", l->ndomains - DOMAINS);
}

static void put_failure(const struct rcpt *row, struct sb *out)
{
	sb_adds(out, "<li>");
	text_html_escape(row->addr, strlen(row->addr), out);
	sb_adds(out, "<br>");
	text_html_escape(row->detail, strlen(row->detail), out);
	sb_adds(out, "</li>\n");
}

/* The first of those that were not reached, with their reasons. */
static enum status put_failures(struct store *s, const struct issue_facts *f, struct sb *out, struct err *e)
{
	int64_t after = 0;
	size_t n = PAGE, shown = 0;
	enum status st = OK;
	if (!(f->sum.n[RCPT_BOUNCED] + f->sum.n[RCPT_EXPIRED]))
		return OK;
	sb_adds(out, "<h2>届かなかった宛先</h2>\n<ul>\n");
	while (st == OK && n == PAGE && shown < REASONS) {
		struct arena *a = arena_new();
		struct rcpt *v;
		st = ledger_list(s, f->i.id, after, PAGE, a, &v, &n, e);
		for (size_t i = 0; st == OK && i < n && shown < REASONS; i++) {
			after = v[i].reader_id;
			if (v[i].state != RCPT_BOUNCED && v[i].state != RCPT_EXPIRED)
				continue;
			put_failure(&v[i], out);
			shown++;
		}
		arena_free(&a);
	}
	sb_adds(out, "</ul>\n");
	return st;
}

static void put_times(const struct issue *i, struct sb *out)
{
	char from[48], to[48], span[48];
	if (!i->started_at)
		return;
	sb_addf(out, "<p>開始 %s、終了 %s (%s)</p>\n", clk_ja(i->started_at, from), clk_ja(i->ended_at, to),
	        clk_span_ja(i->ended_at - i->started_at, span));
}

static enum status page(struct store *s, const struct issue_facts *f, const struct issue_mail *m, struct arena *a, struct sb *out,
                        struct err *e)
{
	struct doc d = { .a = a };
	const char *title = arena_printf(a, "第%lld号「%s」：%s", (long long)f->i.id, f->i.subject, issue_state_ja(f->i.state));
	put_results(&d, &f->sum);
	put_domains(&d, &f->sum);
	doc_html_begin(title, out);
	put_times(&f->i, out);
	if (*f->i.why) {
		sb_adds(out, "<p>備考：");
		text_html_escape(f->i.why, strlen(f->i.why), out);
		sb_adds(out, "</p>\n");
	}
	if (m->png.len)
		sb_addf(out, "<p><img src=\"cid:%s\" width=\"%d\" alt=\"グラフ：配信済み %lld 件、不達 %lld 件、合計 %lld 件。"
		             "同じ数値が下の表にあります。\"></p>\n", m->content_id, ISSUE_CHART_W, (long long)f->sum.n[RCPT_DELIVERED],
		        (long long)(f->sum.n[RCPT_BOUNCED] + f->sum.n[RCPT_EXPIRED]), (long long)f->sum.all);
	doc_html(&d, 0, d.n, out);
	enum status st = put_failures(s, f, out, e);
	sb_adds(out, "<p style=\"margin-top: 16px\">読者ごとの記録は、このメールに「履歴 taro@example.jp」のように返信するとご覧いただけます。</p>\n</body></html>\n");
	return st;
}

/* ---- the mail ------------------------------------------------------------------------------- */

enum status issue_mail(struct store *s, int64_t issue, const char *domain, struct arena *a, struct issue_mail *m_r, struct err *e)
{
	struct issue_facts f;
	struct err why;
	struct sb html = SB_INIT;
	char at[48];
	*m_r = (struct issue_mail){ .vars = SB_INIT, .png = SB_INIT };
	enum status st = load(s, issue, a, &f, e);
	if (st != OK)
		return st;
	m_r->name = arena_printf(a, "issue-%lld", (long long)issue);
	m_r->content_id = arena_printf(a, "%s@%s", m_r->name, domain);
	if (issue_chart(&f, &m_r->png, &why) != OK) {
		log_warn("chart", "error=%s", log_quote(why.msg));
		sb_reset(&m_r->png);
	}
	st = page(s, &f, m_r, a, &html, e);
	const char *number = arena_printf(a, "%lld", (long long)issue);
	outbox_var_add(&m_r->vars, "issue", number);
	outbox_var_add(&m_r->vars, "subject", f.i.subject);
	outbox_var_add(&m_r->vars, "what", f.i.why);
	outbox_var_add(&m_r->vars, "at", f.i.send_at ? clk_ja(f.i.send_at, at) : "");
	outbox_var_add(&m_r->vars, "reply_issue", number);
	outbox_var_add(&m_r->vars, "want", arena_printf(a, "issue %lld", (long long)issue));
	outbox_var_add(&m_r->vars, "html", html.s);
	sb_free(&html);
	if (st != OK)
		issue_mail_free(m_r);
	return st;
}

void issue_mail_free(struct issue_mail *m)
{
	sb_free(&m->vars);
	sb_free(&m->png);
}

enum status issue_mail_send(struct store *s, const struct issue_mail *m, const char *rcpts, epoch now, int64_t *outbox_r, struct err *e)
{
	struct arena *a = arena_new();
	struct outbox o = { .kind = OUT_NOTICE, .rcpts = rcpts, .tmpl = "issue-closed", .vars = m->vars.s, .vars_len = m->vars.len, .created_at = now };
	const struct outbox_file picture = { .filename = arena_printf(a, "%s.png", m->name), .type = "image/png", .content_id = m->content_id,
		                             .p = m->png.s, .n = m->png.len };
	enum status st = outbox_add(s, &o, e);
	if (st == OK && picture.n)
		st = outbox_file_add(s, o.id, &picture, e);
	*outbox_r = o.id;
	arena_free(&a);
	return st;
}
