/* A health check on paper: the pages that say which, when and where. See checkup.h. */
#include "checkup.h"
#include "draw/paper.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Rows of a table on paper; all of them are in the CSV. */
enum { TERMINALS = 60, SOFTWARE = 40, INSTALLED = 50, MEDIA = 60, OFF = 60, BAD_SITES = 15, CHART_SITES = 6 };
enum { CHART_H = 170, CHART_GAP = 12, PAGE_HALF = 370, HOST_W = 103 /* 15 letters, as Windows has at most */ };

struct detail {
	struct paper *p;
	const struct checkup *c;
	const struct health_words *w;
	const struct checkup_counts *n;
	struct arena *a;
	const char **cell;
	size_t rows, cols;
};

static void table(struct detail *d, size_t cols, size_t rows)
{
	d->cols = cols;
	d->rows = 0;
	d->cell = arena_zalloc(d->a, (cols * rows + 1) * sizeof *d->cell);
}

static void row(struct detail *d, const char *const *v)
{
	memcpy(d->cell + d->cols * d->rows++, v, d->cols * sizeof *v);
}
#define ROW(d, ...) row(d, (const char *const[]){ __VA_ARGS__ })

static void put(struct detail *d, const struct paper_col *col, size_t all, const char *unit)
{
	paper_table(d->p, &(struct paper_table){ .col = col, .ncol = d->cols, .cell = d->cell, .nrow = d->rows, .lines = 3, .paragraphs = true, .style = PAPER_SMALL });
	if (all > d->rows)
		paper_text(d->p, PAPER_SMALL, arena_printf(d->a, "ほか %zu %sは、添付の CSV をご覧ください。", all - d->rows, unit));
}

/* "1,234,567" */
static const char *num(struct detail *d, int64_t n)
{
	char digits[24], out[32], *to = out;
	const int len = snprintf(digits, sizeof digits, "%lld", (long long)n);
	for (int i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0 && digits[i - 1] != '-')
			*to++ = ',';
		*to++ = digits[i];
	}
	*to = '\0';
	return arena_strdup(d->a, out);
}

static const char *when(struct detail *d, epoch t)
{
	char buf[48];
	return t ? arena_strdup(d->a, checkup_when(t, buf)) : "－";
}

static const char *day(struct detail *d, epoch t)
{
	const char *s = when(d, t);
	return arena_strndup(d->a, s, strcspn(s, " "));
}

/* "1. …　△ 注意" and its text. */
static void section(struct detail *d, enum health_item i)
{
	paper_heading(d->p, 1, arena_printf(d->a, "%d. %s　%s", i + 1, health_title(i), health_sign(d->w->mark[i])));
	paper_text(d->p, PAPER_BODY, d->w->text[i]);
}

/* ---- OS ------------------------------------------------------------------------------ */

/* The most pressing first. */
static int urgency(const struct checkup_terminal *t)
{
	static const int by[CHECKUP_PATCHES] = { [CHECKUP_PATCHED] = 0, [CHECKUP_UNKNOWN] = 1, [CHECKUP_STALE] = 2, [CHECKUP_REBOOT] = 3,
		                                 [CHECKUP_LACKING] = 4, [CHECKUP_ENDED] = 6 };
	return by[t->patch] * 4 + (t->critical > 0) * 2 + t->kev * 4;
}

static int by_urgency(const void *a, const void *b)
{
	const struct checkup_terminal *x = *(const struct checkup_terminal *const *)a, *y = *(const struct checkup_terminal *const *)b;
	int c = urgency(y) - urgency(x);
	return c ? c : strcmp(x->name, y->name);
}

static const struct checkup_terminal **sorted(struct detail *d)
{
	const struct checkup_terminal **v = arena_alloc(d->a, (d->c->nterminal + 1) * sizeof *v);
	for (size_t i = 0; i < d->c->nterminal; i++)
		v[i] = &d->c->terminal[i];
	qsort(v, d->c->nterminal, sizeof *v, by_urgency);
	return v;
}

static void os_table(struct detail *d, const struct checkup_terminal *const *v)
{
	static const struct paper_col col[] = { { "端末", PAPER_COL_TEXT, HOST_W }, { "OS", PAPER_COL_TEXT, 0 }, { "状態", PAPER_COL_TEXT, 67 },
		                                { "緊急", PAPER_COL_NUMBER, 29 }, { "重要", PAPER_COL_NUMBER, 29 }, { "必要な対応", PAPER_COL_TEXT, 64 },
		                                { "判定の根拠", PAPER_COL_TEXT, 0 } };
	size_t most = d->c->nterminal < TERMINALS ? d->c->nterminal : TERMINALS;
	table(d, 7, most);
	for (size_t i = 0; i < most; i++)
		ROW(d, v[i]->name, v[i]->os, checkup_patch_ja(v[i]->patch), v[i]->critical ? num(d, v[i]->critical) : "－",
		    v[i]->important ? num(d, v[i]->important) : "－",
		    *v[i]->action ? v[i]->kev ? arena_printf(d->a, "%s 悪用あり", v[i]->action) : v[i]->action : "－", v[i]->evidence);
	paper_heading(d->p, 2, "端末ごとの適用状況");
	put(d, col, d->c->nterminal, "台");
}

/* What is missing, each update once, with what it mends. */
static void lacking_table(struct detail *d, const struct checkup_terminal *const *v)
{
	static const struct paper_col col[] = { { "更新プログラム", PAPER_COL_TEXT, 90 }, { "修正される主な脆弱性", PAPER_COL_TEXT, 0 },
		                                { "端末", PAPER_COL_TEXT, 150 } };
	table(d, 3, TERMINALS);
	for (size_t i = 0; i < d->c->nterminal && d->rows < SOFTWARE; i++) {
		bool seen = !*v[i]->action || !*v[i]->cves;
		for (size_t k = 0; k < i && !seen; k++)
			seen = strcmp(v[k]->action, v[i]->action) == 0 && strcmp(v[k]->cves, v[i]->cves) == 0;
		size_t n = 0;
		for (size_t k = i + 1; k < d->c->nterminal && !seen; k++)
			n += strcmp(v[k]->action, v[i]->action) == 0 && strcmp(v[k]->cves, v[i]->cves) == 0;
		if (!seen)
			ROW(d, v[i]->patch == CHECKUP_REBOOT ? "再起動で完了" : v[i]->action, v[i]->cves, n ? arena_printf(d->a, "%s ほか%zu台", v[i]->name, n) : v[i]->name);
	}
	if (!d->rows)
		return;
	paper_heading(d->p, 2, "不足している更新プログラム");
	paper_keep(d->p, "適用すると、それまでに公開された分もまとめて修正されます。");
	put(d, col, d->rows, "");
}

static void os(struct detail *d)
{
	const struct checkup_terminal **v = sorted(d);
	section(d, HEALTH_OS);
	if (d->c->nterminal) {
		os_table(d, v);
		lacking_table(d, v);
	}
}

/* ---- software ---------------------------------------------------------------------------- */

static const char *severity(const struct checkup_software *s)
{
	static const char *const names[] = { "－", "軽度", "重要", "緊急" };
	return s->check ? "要確認" : s->kev ? "悪用あり" : s->ended && s->severity < CHECKUP_HIGH ? "サポート終了" : names[s->severity];
}

static bool is_told(const struct checkup_software *s)
{
	return s->check || s->ended || s->severity != CHECKUP_FINE;
}

static void vulnerable(struct detail *d)
{
	static const struct paper_col col[] = { { "ソフトウェア・バージョン", PAPER_COL_TEXT, 0 }, { "深刻度", PAPER_COL_TEXT, 60 }, { "修正版", PAPER_COL_TEXT, 84 },
		                                { "脆弱性", PAPER_COL_TEXT, 105 }, { "端末", PAPER_COL_TEXT, 0 } };
	size_t all = 0;
	table(d, 5, SOFTWARE);
	for (size_t i = 0; i < d->c->nsoftware; i++) {
		const struct checkup_software *s = &d->c->software[i];
		if (is_told(s) && all++ < SOFTWARE)
			ROW(d, arena_printf(d->a, "%s\n%s", s->name, s->version), severity(s), *s->fixed ? s->fixed : "－", *s->cves ? s->cves : "－", s->hosts);
	}
	if (!all)
		return;
	paper_heading(d->p, 2, "更新が必要なソフトウェア");
	paper_keep(d->p, "「要確認」は、製品を特定しきれないため件数に含めていないものです。");
	put(d, col, all, "件");
}

static int by_terminals(const void *a, const void *b)
{
	const struct checkup_software *x = *(const struct checkup_software *const *)a, *y = *(const struct checkup_software *const *)b;
	if (x->terminals != y->terminals)
		return x->terminals < y->terminals ? 1 : -1;
	int c = strcmp(x->name, y->name);
	return c ? c : strcmp(x->version, y->version);
}

static void installed(struct detail *d)
{
	static const struct paper_col col[] = { { "ソフトウェア", PAPER_COL_TEXT, 0 }, { "バージョン", PAPER_COL_TEXT, 0 }, { "端末", PAPER_COL_NUMBER, 50 } };
	const struct checkup_software **v = arena_alloc(d->a, (d->c->nsoftware + 1) * sizeof *v);
	for (size_t i = 0; i < d->c->nsoftware; i++)
		v[i] = &d->c->software[i];
	qsort(v, d->c->nsoftware, sizeof *v, by_terminals);
	size_t most = d->c->nsoftware < INSTALLED ? d->c->nsoftware : INSTALLED;
	table(d, 3, most);
	for (size_t i = 0; i < most; i++)
		ROW(d, v[i]->name, v[i]->version, arena_printf(d->a, "%lld台", (long long)v[i]->terminals));
	if (!most)
		return;
	paper_heading(d->p, 2, "インストールされているソフトウェア (台数の多い順)");
	put(d, col, d->c->nsoftware, "件");
}

/* ---- media --------------------------------------------------------------------------------- */

static void media(struct detail *d)
{
	static const struct paper_col col[] = { { "端末", PAPER_COL_TEXT, HOST_W }, { "種類", PAPER_COL_TEXT, 68 }, { "機器の名前", PAPER_COL_TEXT, 0 },
		                                { "シリアル番号", PAPER_COL_TEXT, 0 }, { "回数", PAPER_COL_NUMBER, 32 }, { "最初", PAPER_COL_TEXT, 56 },
		                                { "最後", PAPER_COL_TEXT, 56 } };
	size_t most = d->c->nmedia < MEDIA ? d->c->nmedia : MEDIA;
	section(d, HEALTH_MEDIA);
	table(d, 7, most);
	for (size_t i = 0; i < most; i++) {
		const struct checkup_media *m = &d->c->media[i];
		ROW(d, m->terminal, m->kind, m->name, *m->serial ? m->serial : "－", num(d, m->times), day(d, m->first), day(d, m->last));
	}
	if (most)
		put(d, col, d->c->nmedia, "件");
}

/* ---- sites --------------------------------------------------------------------------------- */

static const char *kind(const struct checkup_site *s)
{
	return s->danger ? "危険" : *s->kind ? s->kind : "－";
}

static const char *span(struct detail *d, int64_t seconds)
{
	char buf[48];
	return arena_strdup(d->a, checkup_span(seconds, buf));
}

static void top30(struct detail *d)
{
	static const struct paper_col col[] = { { "順位", PAPER_COL_NUMBER, 30 }, { "累計時間の長いサイト", PAPER_COL_TEXT, 0 }, { "分類", PAPER_COL_TEXT, 58 },
		                                { "時間", PAPER_COL_NUMBER, 44 }, { "回数の多いサイト", PAPER_COL_TEXT, 0 }, { "分類", PAPER_COL_TEXT, 58 },
		                                { "回数", PAPER_COL_NUMBER, 48 } };
	size_t most = d->c->nby_time > d->c->nby_times ? d->c->nby_time : d->c->nby_times;
	table(d, 7, most);
	for (size_t i = 0; i < most; i++) {
		const struct checkup_site *t = i < d->c->nby_time ? &d->c->by_time[i] : NULL, *k = i < d->c->nby_times ? &d->c->by_times[i] : NULL;
		ROW(d, num(d, (int64_t)i + 1), t ? t->name : NULL, t ? kind(t) : NULL, t ? span(d, t->seconds) : NULL, k ? k->name : NULL,
		    k ? kind(k) : NULL, k ? num(d, k->times) : NULL);
	}
	if (!most)
		return;
	if (paper_room(d->p) < PAGE_HALF) /* it is long: better whole on the next */
		paper_break(d->p);
	paper_heading(d->p, 2, "Webサイト接続 TOP30");
	paper_keep(d->p, "時間は「時間:分」です。分類は一般に知られている用途で、業務での利用かどうかは表しません。");
	put(d, col, most, "");
}

static void site_chart(struct detail *d)
{
	const char *labels[CHART_SITES];
	double v[CHART_SITES];
	size_t n = d->c->nby_time < CHART_SITES ? d->c->nby_time : CHART_SITES;
	struct draw_box box;
	if (n < 3 || d->c->by_time[0].seconds < 3600 || paper_room(d->p) < draw_rows_height(n) * 0.8 + CHART_GAP)
		return; /* it would only push the table, which says the same, across two pages */
	for (size_t i = 0; i < n; i++) {
		labels[i] = d->c->by_time[i].name;
		v[i] = (double)d->c->by_time[i].seconds / 3600;
	}
	struct draw *draw = paper_chart(d->p, draw_rows_height(n) * 0.8, &box);
	draw_rows(draw, &box, &(struct draw_chart){ .title = "累計時間の長いサイト", .unit = "時間", .labels = labels, .n = n,
	                                            .series = { { NULL, v } }, .nseries = 1, .strong = n, .decimals = 1 });
	paper_chart_end(d->p);
}

static void bad_sites(struct detail *d)
{
	static const struct paper_col col[] = { { "サイト", PAPER_COL_TEXT, 0 }, { "分類", PAPER_COL_TEXT, 80 }, { "接続した端末", PAPER_COL_TEXT, 0 },
		                                { "時間", PAPER_COL_NUMBER, 50 }, { "回数", PAPER_COL_NUMBER, 50 } };
	size_t most = d->c->nbad < BAD_SITES ? d->c->nbad : BAD_SITES;
	table(d, 5, most);
	for (size_t i = 0; i < most; i++) {
		const struct checkup_site *s = &d->c->bad[i];
		ROW(d, s->name, kind(s), *s->hosts ? s->hosts : "－", span(d, s->seconds), num(d, s->times));
	}
	if (!most)
		return;
	paper_heading(d->p, 2, "危険なサイト、業務と関係がないと思われるサイト");
	paper_keep(d->p, "端末は、危険なサイトについてだけ示しています。時間は「時間:分」です。");
	put(d, col, d->c->nbad, "件");
}

static void web(struct detail *d)
{
	section(d, HEALTH_WEB);
	bad_sites(d);
	site_chart(d);
	top30(d);
}

/* ---- off hours ------------------------------------------------------------------------------ */

static void hours(struct detail *d)
{
	static const struct paper_col col[] = { { "日時", PAPER_COL_TEXT, 0 }, { "端末", PAPER_COL_TEXT, 0 }, { "利用者", PAPER_COL_TEXT, 0 },
		                                { "操作", PAPER_COL_TEXT, 70 }, { "区分", PAPER_COL_TEXT, 90 } };
	size_t most = d->c->noff < OFF ? d->c->noff : OFF;
	section(d, HEALTH_HOURS);
	table(d, 5, most);
	for (size_t i = 0; i < most; i++) {
		const struct checkup_off *o = &d->c->off[i];
		ROW(d, when(d, o->at), o->terminal, *o->user ? o->user : "－", o->what, o->night && o->holiday ? "土日祝・深夜" : o->night ? "深夜" : "土日祝");
	}
	if (most)
		put(d, col, d->c->noff, "件");
}

/* ---- what came, and how it went on ------------------------------------------------------------- */

static void coverage(struct detail *d)
{
	static const struct paper_col col[] = { { "端末", PAPER_COL_TEXT, 0 }, { "届いていない日", PAPER_COL_TEXT, 0 }, { "失われた記録", PAPER_COL_NUMBER, 70 },
		                                { "最後の受信", PAPER_COL_TEXT, 0 } };
	size_t all = 0;
	table(d, 4, TERMINALS);
	for (size_t i = 0; i < d->c->nterminal; i++) {
		const struct checkup_terminal *t = &d->c->terminal[i];
		struct sb b = SB_INIT;
		checkup_missing_days(d->c, t, &b);
		if (checkup_silent(d->c, t) && all++ < TERMINALS)
			ROW(d, t->name, arena_memdup(d->a, b.s, b.len), t->lost ? arena_printf(d->a, "%lld件", (long long)t->lost) : "－", when(d, t->last_at));
		sb_free(&b);
	}
	paper_heading(d->p, 1, "データの受信状況");
	paper_text(d->p, PAPER_BODY, all ? "次の端末は、3営業日以上続けてデータが届いていないか、記録の一部が失われています。この間の利用状況は、集計に含まれていません。"
	                                 : "3営業日以上続けてデータが届かなかった端末はありません。");
	if (all)
		put(d, col, all, "台");
}

enum { LINES = 3 };
static const enum health_item shown[LINES] = { HEALTH_OS, HEALTH_SOFTWARE, HEALTH_HOURS };

static void trend_chart(struct detail *d, const char *const *labels, size_t n)
{
	static const char *const names[] = { "更新が必要な端末 (台)", "脆弱なソフトウェア (件)", "時間外の利用 (延べ日)" };
	double v[LINES][CHECKUP_PAST_MAX + 1];
	struct draw_box box;
	for (int k = 0; k < LINES; k++) {
		for (size_t i = 0; i + 1 < n; i++)
			v[k][i] = (double)d->c->past[n - 2 - i].number[shown[k]];
		v[k][n - 1] = (double)checkup_number(d->c, d->n, shown[k]);
	}
	struct draw *draw = paper_chart(d->p, CHART_H, &box);
	draw_lines(draw, &box, &(struct draw_chart){ .title = "これまでの推移", .labels = labels, .n = n,
	                                            .series = { { names[0], v[0] }, { names[1], v[1] }, { names[2], v[2] } }, .nseries = LINES });
	paper_chart_end(d->p);
}

static const char *past_cell(struct detail *d, enum health_mark m, int64_t n, enum health_item i)
{
	const char *sign = health_sign(m);
	return arena_printf(d->a, "%.*s %s", (int)strcspn(sign, " "), sign, checkup_amount(d->a, i, n));
}

static void trend_table(struct detail *d)
{
	struct paper_col col[PAPER_COLS_MAX] = { { "項目", PAPER_COL_TEXT, 150 } };
	size_t n = d->c->npast < 5 ? d->c->npast : 5;
	for (size_t k = 0; k <= n; k++) {
		int month = k < n ? d->c->past[n - 1 - k].month : d->c->month;
		col[k + 1] = (struct paper_col){ arena_printf(d->a, "%d/%d", month / 100, month % 100), PAPER_COL_NUMBER, 0 };
	}
	table(d, n + 2, HEALTH_ITEMS);
	for (int i = 0; i < HEALTH_ITEMS; i++) {
		const char *v[PAPER_COLS_MAX] = { health_title((enum health_item)i) };
		for (size_t k = 0; k < n; k++)
			v[k + 1] = past_cell(d, d->c->past[n - 1 - k].mark[i], d->c->past[n - 1 - k].number[i], (enum health_item)i);
		v[n + 1] = past_cell(d, d->w->mark[i], checkup_number(d->c, d->n, (enum health_item)i), (enum health_item)i);
		row(d, v);
	}
	put(d, col, d->rows, "");
}

/* Lines that all lie on the ground say nothing. */
static bool worth_a_chart(const struct detail *d)
{
	int64_t sum = 0;
	for (int k = 0; k < LINES; k++) {
		sum += checkup_number(d->c, d->n, shown[k]);
		for (size_t i = 0; i < d->c->npast; i++)
			sum += d->c->past[i].number[shown[k]];
	}
	return d->c->npast && sum > 0;
}

static void chart_of_months(struct detail *d)
{
	const char *labels[CHECKUP_PAST_MAX + 1];
	size_t n = d->c->npast + 1;
	for (size_t i = 0; i < n; i++) {
		int month = i + 1 < n ? d->c->past[n - 2 - i].month : d->c->month;
		labels[i] = i == 0 || month % 100 == 1 ? arena_printf(d->a, "%d年|%d月", month / 100, month % 100) : arena_printf(d->a, "%d月", month % 100);
	}
	trend_chart(d, labels, n);
}

static void trend(struct detail *d, bool charted)
{
	if (!d->c->npast)
		return;
	paper_heading(d->p, 1, "これまでの月との比較");
	if (!charted && worth_a_chart(d))
		chart_of_months(d);
	trend_table(d);
}

bool checkup_trend(struct paper *p, const struct checkup *c, const struct health_words *w, const struct checkup_counts *n, struct arena *a)
{
	struct detail d = { .p = p, .c = c, .w = w, .n = n, .a = a };
	if (!worth_a_chart(&d) || paper_room(p) < CHART_H + CHART_GAP)
		return false;
	paper_gap(p, CHART_GAP);
	chart_of_months(&d);
	return true;
}

void checkup_details(struct paper *p, const struct checkup *c, const struct health_words *w, const struct checkup_counts *n, bool charted,
                     struct arena *a)
{
	struct detail d = { .p = p, .c = c, .w = w, .n = n, .a = a };
	os(&d);
	section(&d, HEALTH_SOFTWARE);
	vulnerable(&d);
	media(&d);
	web(&d);
	hours(&d);
	coverage(&d);
	trend(&d, charted);
	paper_heading(p, 1, "ソフトウェアの一覧");
	paper_text(p, PAPER_BODY, c->nsoftware ? arena_printf(a, "端末から届いた一覧に、%lld件のソフトウェアがありました（バージョンごとに数えています）。すべての一覧は、添付の CSV にあります。",
	                                                      (long long)n->products) : "ソフトウェアの一覧は届いていません。");
	installed(&d);
}
