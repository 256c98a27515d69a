/* An analysis as a table. See analyse_show.h. */
#include "mail/analyse_show.h"
#include "text/defang.h"
#include "text/html.h"
#include "text/layout.h"
#include "text/utf8.h"
#include <string.h>

enum { LABEL_COLS = 12 };

/* Where rows go: one of the two forms. */
struct table {
	struct sb *out;
	bool html;
};

/* ---- the two forms ----------------------------------------------------------------- */

/* Broken anywhere: addresses have no spaces. */
static void text_cell(const char *s, size_t n, struct sb *out)
{
	size_t col = 0;
	for (size_t i = 0; i < n;) {
		uint32_t cp;
		size_t k = utf8_get(s + i, n - i, &cp), w = text_width(s + i, k);
		if (col + w > ANALYSE_COLS - LABEL_COLS) {
			sb_addf(out, "\n%*s", LABEL_COLS, "");
			col = 0;
		}
		sb_add(out, s + i, k);
		col += w;
		i += k;
	}
}

static void row(struct table *t, const char *label, const char *value, bool warn)
{
	struct sb inert = SB_INIT;
	text_defang(value, strlen(value), &inert);
	if (t->html) {
		sb_addf(t->out, "<tr><td style=\"white-space:nowrap;vertical-align:top;padding:1px 8px 1px 0\">%s</td>"
		                "<td style=\"word-break:break-all;%s\">", label, warn ? "color:#b00" : "");
		text_html_escape(inert.s, inert.len, t->out);
		sb_adds(t->out, "</td></tr>\r\n");
	} else {
		text_fit(label, LABEL_COLS, true, t->out);
		text_cell(inert.s, inert.len, t->out);
		sb_addc(t->out, '\n');
	}
	sb_free(&inert);
}

static void row_if(struct table *t, const char *label, const char *value)
{
	if (*value)
		row(t, label, value, false);
}

static void title(struct table *t, const char *words)
{
	if (t->html)
		sb_addf(t->out, "<table style=\"border-top:1px solid #c60;margin:6px 0;font-size:95%%\"><tr><th colspan=\"2\" "
		                "style=\"text-align:left\">%s</th></tr>\r\n", words);
	else
		sb_addf(t->out, "── %s ──\n", words);
}

static void end(struct table *t)
{
	sb_adds(t->out, t->html ? "</table>\r\n" : "");
}

/* ---- rows ------------------------------------------------------------------------------ */

static void delay(epoch d, struct sb *out)
{
	if (d < 0)
		sb_addf(out, " (%lld秒 さかのぼる)", (long long)-d);
	else if (d < 120)
		sb_addf(out, " (+%lld秒)", (long long)d);
	else if (d < 7200)
		sb_addf(out, " (+%lld分)", (long long)(d / 60));
	else
		sb_addf(out, " (+%lld時間)", (long long)(d / 3600));
}

static void hops(struct table *t, const struct suspect *s)
{
	char at[32];
	for (size_t i = 0; i < s->nhops; i++) {
		const struct suspect_hop *h = &s->hops[i];
		struct sb b = SB_INIT;
		sb_addf(&b, "%zu. %s", i + 1 + s->hops_more, *h->from ? h->from : "(記載なし)");
		if (*h->ip)
			sb_addf(&b, " [%s]", h->ip);
		if (*h->by)
			sb_addf(&b, " → %s", h->by);
		sb_addf(&b, "  %s", h->at ? clk_iso(h->at, at) : "時刻不明");
		if (i && h->at && s->hops[i - 1].at)
			delay(h->at - s->hops[i - 1].at, &b);
		row(t, i ? "" : "経路 古→新", b.s, false);
		sb_free(&b);
	}
	if (s->hops_more)
		row(t, "", "(これより古い経路の記載は省きました)", false);
}

static void url_row(struct table *t, size_t i, const struct suspect_url *u)
{
	struct sb b = SB_INIT;
	sb_addf(&b, "%zu. %s", i + 1, u->url);
	row(t, i ? "" : "URL", b.s, false);
	sb_reset(&b);
	if (*u->shown)
		sb_addf(&b, "／「%s」と表示され、実際は別のサイト", u->shown);
	if (u->user)
		sb_adds(&b, "／@ より前は接続先ではありません");
	if (u->number)
		sb_adds(&b, "／接続先が数字 (IP アドレス)");
	if (u->lookalike)
		sb_adds(&b, "／お客さまのドメインに似ています");
	if (*u->unicode)
		sb_addf(&b, "／国際化ドメイン: %s", u->unicode);
	if (b.len) {
		const char *words = b.s + strlen("／");
		struct sb w = SB_INIT;
		sb_addf(&w, "   ※%s", words);
		row(t, "", w.s, true);
		sb_free(&w);
	}
	sb_reset(&b);
	if (*u->target) {
		sb_addf(&b, "   転送先: %s", u->target);
		row(t, "", b.s, false);
	}
	sb_free(&b);
}

static void urls(struct table *t, const struct suspect *s)
{
	struct sb b = SB_INIT;
	size_t i = 0;
	for (; i < s->nurls && !s->urls[i].hidden; i++)
		url_row(t, i, &s->urls[i]);
	for (size_t first = i; i < s->nurls; i++) {
		sb_reset(&b);
		sb_addf(&b, "%zu. %s", i + 1, s->urls[i].url);
		row(t, i == first ? "HTML 内" : "", b.s, false);
	}
	sb_reset(&b);
	if (s->urls_more) {
		sb_addf(&b, "ほかに %zu 件", s->urls_more);
		row(t, "", b.s, false);
	}
	if (!s->nurls)
		row(t, "URL", "なし", false);
	sb_free(&b);
}

static void file_row(struct table *t, const char *label, const struct strip_file *f)
{
	struct sb b = SB_INIT;
	char hex[2 * SHA256_LEN + 1];
	hex_encode(f->sha256, sizeof f->sha256, hex);
	sb_addf(&b, "%s (", *f->name ? f->name : "名前なし");
	strip_size(f->size, &b);
	sb_addf(&b, "、%s)", *f->found ? f->found : f->type);
	row(t, label, b.s, false);
	row(t, "", hex, false);
	sb_free(&b);
}

static void files(struct table *t, const struct suspect *s, const struct strip_file *v, size_t n)
{
	bool any = false;
	for (size_t i = 0; i < n; i++)
		if (v[i].depth == s->depth) {
			file_row(t, any ? "" : "添付", &v[i]);
			any = true;
		}
}

static void suspect(struct table *t, const struct suspect *s, const struct strip_file *v, size_t n)
{
	static const char *const how[] = { "添付された転送メール", "本文に貼り付けられたメール", "このメール" };
	struct sb b = SB_INIT;
	sb_addf(&b, "分析：%s (メール内の記載・未検証)", how[s->how]);
	title(t, b.s);
	sb_free(&b);
	for (size_t i = 0; i < s->nmarks; i++)
		row(t, i ? "" : "注意点", s->marks[i], true);
	row(t, "From", *s->from ? s->from : "(記載なし)", false);
	row_if(t, "Reply-To", s->reply_to);
	row_if(t, "Return-Path", s->return_path);
	row_if(t, "To", s->to);
	row_if(t, "Cc", s->cc);
	row_if(t, "Subject", s->subject);
	row_if(t, "Date", s->date);
	row_if(t, "Message-ID", s->message_id);
	for (size_t i = 0; i < s->nauth; i++) {
		struct sb auth = SB_INIT;
		sb_addf(&auth, "%s: %s", s->auth[i].name, s->auth[i].value);
		row(t, i ? "" : "認証の記載", auth.s, false);
		sb_free(&auth);
	}
	hops(t, s);
	urls(t, s);
	if (s->how != SUSPECT_PASTED)
		files(t, s, v, n);
	end(t);
}

/* Those of the mail around it, which the table of a mail does not name. */
static void outer_files(struct table *t, const struct analysis *r, const struct strip_file *v, size_t n)
{
	struct suspect outer = { .depth = 0 };
	bool any = false;
	for (size_t i = 0; i < n; i++)
		any |= v[i].depth == 0;
	if (!any || !r->n || r->v[0]->how == SUSPECT_ITSELF)
		return;
	title(t, "お客さまのメールの添付ファイル");
	files(t, &outer, v, n);
	end(t);
}

static void show(struct table *t, const struct analysis *r, const struct strip_file *v, size_t n)
{
	struct sb b = SB_INIT;
	for (size_t i = 0; i < r->n; i++)
		suspect(t, r->v[i], v, n);
	outer_files(t, r, v, n);
	if (r->more) {
		sb_addf(&b, "転送されたメールはほかに %zu 通あります", r->more);
		row(t, "", b.s, false);
	}
	sb_free(&b);
}

void analysis_text(const struct analysis *r, const struct strip_file *v, size_t n, struct sb *out)
{
	struct table t = { .out = out };
	show(&t, r, v, n);
}

void analysis_html(const struct analysis *r, const struct strip_file *v, size_t n, struct sb *out)
{
	struct table t = { .out = out, .html = true };
	show(&t, r, v, n);
}
