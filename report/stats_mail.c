/* The mail that tells the statistics: see stats_mail.h. */
#include "stats_mail.h"
#include "base/log.h"
#include "text/html.h"
#include "text/tmpl.h"
#include <stdio.h>
#include <string.h>

static const struct stats_month *this_month(const struct stats *r)
{
	return &r->m[STATS_MONTHS - 1];
}

static const char *in_time(const struct stats_month *m, char buf[48])
{
	return doc_value(m->answered ? (m->in_time * 1000 + m->answered / 2) / m->answered : DOC_UNKNOWN, DOC_PERMILLE, buf);
}

/* What the picture shows, for those who don't see it. */
static void alt_text(const struct stats *r, struct sb *out)
{
	char share[48], median[48];
	const struct stats_month *m = this_month(r);
	sb_addf(out, "グラフ：月ごとの新しい相談 (%d月は %lld 件)、回答までの時間 (中央値 %s、期限内 %s)、分類。同じ数値が下の表にあります。", m->mon,
	        (long long)m->opened, doc_value(m->answered ? m->median : DOC_UNKNOWN, DOC_SPAN, median), in_time(m, share));
}

/* Colours are the client's own, dark or light; the picture brings its white ground. */
static void page(const struct stats *r, const struct doc *d, const struct stats_mail *m, struct sb *out)
{
	char at[48], title[48];
	struct sb alt = SB_INIT;
	snprintf(title, sizeof title, "%d年%d月の相談の統計", this_month(r)->year, this_month(r)->mon);
	doc_html_begin(title, out);
	if (!r->whole)
		sb_addf(out, "<p>月の途中のため、%s までの集計です。</p>\n", clk_ja(r->until, at));
	if (m->png.len) {
		alt_text(r, &alt);
		sb_addf(out, "<p><img src=\"cid:%s\" width=\"%d\" alt=\"", m->content_id, STATS_CHART_W);
		text_html_escape(alt.s, alt.len, out);
		sb_adds(out, "\"></p>\n");
	}
	doc_html(d, 0, d->n, out);
	sb_adds(out, "</body></html>\n");
	sb_free(&alt);
}

static void add_vars(struct stats *r, const struct doc *d, const char *in_reply_to, struct stats_mail *m)
{
	char buf[48], at[48];
	const struct stats_month *month = this_month(r);
	struct sb trend = SB_INIT, tables = SB_INIT, html = SB_INIT, name = SB_INIT;
	doc_text(d, 0, 1, &trend);
	doc_text(d, 1, d->n, &tables);
	page(r, d, m, &html);
	sb_addf(&name, "%d年%d月", month->year, month->mon);
	outbox_var_add(&m->vars, "month", name.s);
	outbox_var_add(&m->vars, "until", r->whole ? "" : clk_ja(r->until, at));
	outbox_var_add(&m->vars, "in_time", in_time(month, buf));
	snprintf(buf, sizeof buf, "%lld", (long long)month->opened);
	outbox_var_add(&m->vars, "opened", buf);
	outbox_var_add(&m->vars, "trend", trend.s);
	outbox_var_add(&m->vars, "tables", tables.s);
	outbox_var_add(&m->vars, "html", html.s);
	if (*in_reply_to)
		outbox_var_add(&m->vars, "in_reply_to", in_reply_to);
	sb_free(&trend);
	sb_free(&tables);
	sb_free(&html);
	sb_free(&name);
}

void stats_mail(struct stats *r, bool staff, const char *domain, const char *in_reply_to, struct arena *a, struct stats_mail *m_r)
{
	struct err e;
	struct doc d = { .a = a };
	*m_r = (struct stats_mail){ .vars = SB_INIT, .png = SB_INIT, .csv = SB_INIT };
	m_r->month = arena_printf(a, "%04d-%02d", this_month(r)->year, this_month(r)->mon);
	m_r->content_id = arena_printf(a, "stats-%s@%s", m_r->month, domain);
	stats_doc(r, staff, &d);
	if (stats_chart(r, &m_r->png, &e) != OK) {
		log_warn("chart", "error=%s", log_quote(e.msg));
		sb_reset(&m_r->png);
	}
	doc_csv(&d, &m_r->csv);
	add_vars(r, &d, in_reply_to, m_r);
}

void stats_mail_free(struct stats_mail *m)
{
	sb_free(&m->vars);
	sb_free(&m->png);
	sb_free(&m->csv);
}

enum status stats_mail_text(const struct stats_mail *m, const char *templates, struct sb *subject, struct sb *body, struct err *e)
{
	static const char *const names[] = { "month", "until", "opened", "in_time", "trend", "tables" };
	struct tmpl_var v[sizeof names / sizeof *names + 1] = { { NULL, NULL } };
	const struct outbox o = { .vars = m->vars.s, .vars_len = m->vars.len };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		v[i] = (struct tmpl_var){ names[i], outbox_var(&o, names[i]) };
	return tmpl_render_file(templates, "stats", v, subject, body, e);
}

enum status stats_mail_send(struct store *s, const struct stats_mail *m, const char *rcpts, epoch now, int64_t *outbox_r, struct err *e)
{
	char png[32], csv[32];
	struct outbox o = { .kind = OUT_NOTICE, .rcpts = rcpts, .tmpl = "stats", .vars = m->vars.s, .vars_len = m->vars.len, .created_at = now };
	snprintf(png, sizeof png, "stats-%s.png", m->month);
	snprintf(csv, sizeof csv, "stats-%s.csv", m->month);
	const struct outbox_file picture = { .filename = png, .type = "image/png", .content_id = m->content_id, .p = m->png.s, .n = m->png.len };
	const struct outbox_file sheet = { .filename = csv, .type = "text/csv", .content_id = "", .p = m->csv.s, .n = m->csv.len };
	enum status st = outbox_add(s, &o, e);
	if (st == OK && picture.n)
		st = outbox_file_add(s, o.id, &picture, e);
	if (st == OK)
		st = outbox_file_add(s, o.id, &sheet, e);
	*outbox_r = o.id;
	return st;
}
