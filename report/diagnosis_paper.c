/*
 * The pages of a diagnosis (DIAG-02): one that a manager understands in a
 * minute (score, band, radar, the three things to do now), then all advice in
 * order of effect, then every question.
 */
#include "diagnosis.h"
#include "draw/paper.h"
#include <math.h>
#include <string.h>

enum { RADAR_H = 345, BARS_H = 150 };

struct page {
	const struct diagnosis_facts *f;
	const struct survey *s;
	struct arena *a;
	struct paper *p;
};

static const char *ymd(struct arena *a, epoch t)
{
	struct civil c = civil_of(t);
	return arena_printf(a, "%d年%d月%d日", c.year, c.mon, c.day);
}

/* "B" as the reader sees it; a sign first, which tells it without reading. */
static const char *answer_of(const struct page *g, char code)
{
	static const char *const signs[] = { "◎", "△", "×", "－" };
	size_t i = (size_t)(survey_choice_by_code(g->s, code) - g->s->choices);
	/* one in the middle of a longer list is like the worst but one */
	size_t sign = i == 0 ? 0 : g->s->choices[i].points < 0 ? 3 : g->s->choices[i].points > 0 ? 1 : 2;
	return arena_printf(g->a, "%s %s", signs[sign], g->s->choices[i].name);
}

/* ---- the summary ----------------------------------------------------------------------- */

static void figures(const struct page *g)
{
	const struct diagnosis_facts *f = g->f;
	const struct survey_score *sc = &f->score;
	const char *before = f->nbefore ? arena_printf(g->a, "前回 %d点 (%+d)", f->before[0].score, sc->score - f->before[0].score) : "今回が初めての診断です";
	const char *others = f->n_others ? arena_printf(g->a, "%.0f", f->others_score) : "－";
	const struct paper_figure v[] = {
		{ "総合点", arena_printf(g->a, "%d", sc->score), "点", before },
		{ "評価", sc->band->name, "", "100 点満点での評価です" },
		{ "他社の平均", others, f->n_others ? "点" : "", f->n_others ? arena_printf(g->a, "%zu 社の最新の回答から", f->n_others)
		                                                           : arena_printf(g->a, "回答が %d 社に満たないため出しません", DIAGNOSIS_OTHERS_LEAST) },
	};
	paper_figures(g->p, v, sizeof v / sizeof *v);
	paper_text(g->p, PAPER_BODY, sc->band->text);
}

static void radar(const struct page *g)
{
	const struct diagnosis_facts *f = g->f;
	double mine[SURVEY_AREAS_MAX], before[SURVEY_AREAS_MAX];
	const char *names[SURVEY_AREAS_MAX];
	struct draw_box box;
	for (size_t i = 0; i < g->s->nareas; i++) {
		names[i] = g->s->areas[i].name;
		mine[i] = f->score.area[i];
		before[i] = f->before_score.area[i];
	}
	struct draw_chart c = { .title = "分野ごとの達成度", .unit = "点", .labels = names, .n = g->s->nareas, .nseries = 1, .target = SURVEY_FULL,
	                        .series = { { "貴社", mine } } };
	if (f->n_others)
		c.series[c.nseries++] = (struct draw_series){ "他社の平均", f->others_area };
	if (f->comparable)
		c.series[c.nseries++] = (struct draw_series){ "貴社の前回", before };
	struct draw *d = paper_chart(g->p, RADAR_H, &box);
	draw_radar(d, &box, &c);
	paper_chart_end(g->p);
}

static void first_things(const struct page *g)
{
	const char *v[DIAGNOSIS_FIRST];
	size_t n = g->f->nadvice < DIAGNOSIS_FIRST ? g->f->nadvice : DIAGNOSIS_FIRST;
	if (!n)
		return;
	for (size_t i = 0; i < n; i++) {
		const struct survey_item *q = &g->s->items[g->f->advice[i]];
		size_t first = strcspn(q->advice, "\n");
		const char *stop = strstr(q->advice, "。");
		first = stop ? (size_t)(stop - q->advice) + strlen("。") : first;
		v[i] = arena_printf(g->a, "%s：%.*s", q->label, (int)first, q->advice);
	}
	paper_panel(g->p, "まず取り組みたい対策", v, n, true);
}

/* ---- areas, and the time before ------------------------------------------------------------ */

static void areas(const struct page *g)
{
	const struct diagnosis_facts *f = g->f;
	struct paper_col col[4] = { { "分野", PAPER_COL_TEXT, 0 }, { "貴社", PAPER_COL_NUMBER, 70 } };
	size_t ncol = 2, n = 0, rows = g->s->nareas + 1;
	if (f->n_others)
		col[ncol++] = (struct paper_col){ "他社の平均", PAPER_COL_NUMBER, 90 };
	if (f->comparable)
		col[ncol++] = (struct paper_col){ "前回", PAPER_COL_NUMBER, 70 };
	const char **cell = arena_zalloc(g->a, rows * ncol * sizeof *cell);
	for (size_t i = 0; i < rows; i++) {
		bool all = i == g->s->nareas;
		cell[n++] = all ? "総合" : g->s->areas[i].name;
		cell[n++] = arena_printf(g->a, "%d", all ? f->score.score : f->score.area[i]);
		if (f->n_others)
			cell[n++] = arena_printf(g->a, "%.1f", all ? f->others_score : f->others_area[i]);
		if (f->comparable)
			cell[n++] = arena_printf(g->a, "%d", all ? f->before_score.score : f->before_score.area[i]);
	}
	paper_heading(g->p, 1, "分野ごとの点数");
	paper_keep(g->p, "各分野の質問にすべて「実施している」と答えたときを 100 点としています。");
	paper_table(g->p, &(struct paper_table){ .col = col, .ncol = ncol, .cell = cell, .nrow = rows });
}

static void history_chart(const struct page *g, const char *const *label, const double *v, size_t n)
{
	struct draw_box box;
	struct draw *d = paper_chart(g->p, BARS_H, &box);
	draw_bars(d, &box, &(struct draw_chart){ .title = "総合点", .unit = "点", .labels = label, .n = n, .nseries = 1, .series = { { NULL, v } }, .strong = n - 1 });
	paper_chart_end(g->p);
}

static void history(const struct page *g)
{
	const struct diagnosis_facts *f = g->f;
	size_t n = f->nbefore + 1;
	double *v = arena_alloc(g->a, n * sizeof *v);
	const char **label = arena_alloc(g->a, n * sizeof *label), **cell = arena_alloc(g->a, 3 * n * sizeof *cell);
	static const struct paper_col col[] = { { "ご回答日", PAPER_COL_TEXT, 150 }, { "総合点", PAPER_COL_NUMBER, 70 }, { "評価", PAPER_COL_TEXT, 0 } };
	bool below = false;
	if (!f->nbefore)
		return;
	for (size_t i = 0; i < n; i++) {
		const struct diagnosis *d = i + 1 == n ? &f->d : &f->before[f->nbefore - 1 - i];
		struct civil c = civil_of(d->answered_at);
		v[i] = d->score;
		below = below || d->score < 0;
		label[i] = arena_printf(g->a, "%d年|%d月", c.year, c.mon);
		cell[3 * i] = ymd(g->a, d->answered_at);
		cell[3 * i + 1] = arena_printf(g->a, "%d", d->score);
		cell[3 * i + 2] = survey_band_of(g->s, d->score)->name;
	}
	paper_heading(g->p, 1, "総合点の移り変わり");
	if (!below) /* bars have no place for it */
		history_chart(g, label, v, n);
	paper_table(g->p, &(struct paper_table){ .col = col, .ncol = 3, .cell = cell, .nrow = n });
}

/* ---- advice and answers ----------------------------------------------------------------------- */

static void advice(const struct page *g)
{
	paper_heading(g->p, 1, "対策の助言");
	if (!g->f->nadvice) {
		paper_text(g->p, PAPER_BODY, "すべての対策が実施されています。助言はありません。");
		return;
	}
	paper_keep(g->p, "効き目の大きい順に並べています。上から順に取り組むと、少ない手間で危険を減らせます。");
	for (size_t i = 0; i < g->f->nadvice; i++) {
		size_t q = g->f->advice[i];
		const struct survey_item *item = &g->s->items[q];
		const struct survey_choice *c = survey_choice_by_code(g->s, g->f->d.code[q]);
		paper_heading(g->p, 2, arena_printf(g->a, "%zu. %s (Q%zu：%s)", i + 1, item->label, q + 1, c->name));
		paper_text(g->p, PAPER_BODY, item->advice);
	}
}

static void answers(const struct page *g)
{
	const struct diagnosis_facts *f = g->f;
	struct paper_col col[4] = { { "", PAPER_COL_TEXT, 30 }, { "質問", PAPER_COL_TEXT, 0 }, { "貴社の回答", PAPER_COL_TEXT, 112 } };
	size_t ncol = 3;
	if (f->n_others)
		col[ncol++] = (struct paper_col){ "他社の実施率", PAPER_COL_NUMBER, 72 };
	paper_heading(g->p, 1, "質問とご回答の一覧");
	for (size_t k = 0; k < g->s->nparts; k++) {
		const struct survey_part *part = &g->s->parts[k];
		size_t rows = (size_t)(part->last - part->first + 1), n = 0;
		const char **cell = arena_zalloc(g->a, rows * ncol * sizeof *cell);
		for (size_t i = (size_t)part->first - 1; i < (size_t)part->last; i++) {
			cell[n++] = arena_printf(g->a, "Q%zu", i + 1);
			cell[n++] = g->s->items[i].ask;
			cell[n++] = answer_of(g, f->d.code[i]);
			if (f->n_others)
				cell[n++] = arena_printf(g->a, "%.0f%%", 100 * f->others_full[i]);
		}
		paper_heading(g->p, 2, arena_printf(g->a, "第%zu部 %s", k + 1, part->name));
		paper_table(g->p, &(struct paper_table){ .col = col, .ncol = ncol, .cell = cell, .nrow = rows, .lines = 3, .style = PAPER_SMALL });
	}
}

static void how_counted(const struct page *g)
{
	struct sb b = SB_INIT;
	for (size_t i = 0; i < g->s->nchoices; i++)
		sb_addf(&b, "%s「%s」%d点", i ? "、" : "", g->s->choices[i].name, g->s->choices[i].points);
	sb_adds(&b, "として数え、満点を 100 としています。評価は、");
	for (size_t i = 0; i < g->s->nbands; i++) {
		const struct survey_band *x = &g->s->bands[i];
		if (i + 1 == g->s->nbands)
			sb_addf(&b, "それ未満が「%s」です。", x->name);
		else
			sb_addf(&b, "%d点%sが「%s」、", x->least, x->least < SURVEY_FULL ? "以上" : "", x->name);
	}
	sb_addf(&b, "\n他社の平均と実施率は、同じ質問票 (第%d版) に答えた各社の最新の回答から求め、%d 社以上あるときだけ示します。各社の名前や回答を他社にお知らせすることはありません。"
	        "\nこの診断は、ご回答に基づく簡易なものです。実際の機器の設定を調べたものではありません。", g->s->version, DIAGNOSIS_OTHERS_LEAST);
	paper_heading(g->p, 1, "この診断について");
	paper_text(g->p, PAPER_SMALL, b.s);
	sb_free(&b);
}

enum status diagnosis_paper(const struct diagnosis_facts *f, const char *desk_name, epoch made, struct arena *a, struct sb *pdf, struct err *e)
{
	const char *name = f->contract.v[CF_NAME];
	const struct paper_info info = { .title = arena_printf(a, "%s 結果レポート", f->survey->title), .author = desk_name,
	                                 .subject = arena_printf(a, "%s 様", name), .footer = arena_printf(a, "%s 様　%s", name, f->survey->title), .made = made };
	struct page g = { .f = f, .s = f->survey, .a = a, .p = paper_new(&info) };
	paper_title(g.p, info.title, arena_printf(a, "%s 様 (お客様番号 %s)　ご回答日 %s　作成日 %s", name, f->contract.v[CF_N_NUMBER],
	                                          ymd(a, f->d.answered_at), ymd(a, made)));
	figures(&g);
	radar(&g);
	first_things(&g);
	paper_break(g.p);
	areas(&g);
	history(&g);
	advice(&g);
	answers(&g);
	how_counted(&g);
	return paper_end(&g.p, pdf, NULL, e);
}
