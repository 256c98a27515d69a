/* The picture: consultations by month, times by month, kinds. See stats_mail.h. */
#include "stats_mail.h"
#include "draw/draw.h"
#include <math.h>
#include <stdio.h>

enum { MARGIN = 16, BARS_H = 200, LINES_H = 236, BETWEEN = 22, KINDS = 10, LABEL = 24, HOUR = 3600, TARGET_HOURS = 7 };

struct picture {
	struct draw *d;
	double y;
	char text[STATS_MONTHS][LABEL];
	const char *labels[STATS_MONTHS];
	double opened[STATS_MONTHS], median[STATS_MONTHS], p90[STATS_MONTHS];
	size_t n;
};

static struct draw_box next_box(struct picture *p, double h)
{
	struct draw_box b = { MARGIN, p->y, STATS_CHART_W - 2 * MARGIN, h };
	p->y += h + BETWEEN;
	return b;
}

/* The year stands under its first month. */
static void months(struct picture *p, const struct stats *r)
{
	for (int i = 0; i < STATS_MONTHS; i++) {
		const struct stats_month *m = &r->m[i];
		if (!m->known)
			continue;
		size_t k = p->n++;
		if (!k || m->mon == 1)
			snprintf(p->text[k], LABEL, "%d年|%d月", m->year, m->mon);
		else
			snprintf(p->text[k], LABEL, "%d月", m->mon);
		p->labels[k] = p->text[k];
		p->opened[k] = (double)m->opened;
		p->median[k] = m->answered ? (double)m->median / HOUR : NAN;
		p->p90[k] = m->answered ? (double)m->p90 / HOUR : NAN;
	}
}

static void draw_months(struct picture *p)
{
	const struct draw_box box = next_box(p, BARS_H), lower = next_box(p, LINES_H);
	draw_bars(p->d, &box, &(struct draw_chart){ .title = "新しい相談", .unit = "件", .labels = p->labels, .n = p->n,
	                                            .series = { { NULL, p->opened } }, .nseries = 1, .strong = p->n - 1 });
	draw_lines(p->d, &lower, &(struct draw_chart){ .title = "回答までの時間", .unit = "回答時間、単位：時間", .labels = p->labels, .n = p->n,
	                                               .series = { { "中央値", p->median }, { "90%がこの時間以内", p->p90 } }, .nseries = 2,
	                                               .target = TARGET_HOURS, .target_name = "期限 (1営業日＝7時間)", .decimals = 1 });
}

/* Rows of the kinds that came this month: the most frequent, and the others as one. */
static size_t kinds_of(const struct stats_group *g, const char *labels[KINDS], double v[KINDS])
{
	size_t n = 0, some = 0;
	while (some < g->n && g->v[some].n[STATS_THIS])
		some++;
	for (size_t i = 0; i < some; i++) {
		bool joined = some > KINDS && i >= KINDS - 1;
		if (!joined || i == KINDS - 1) {
			labels[n] = joined ? "その他" : g->v[i].name;
			v[n++] = 0;
		}
		v[n - 1] += (double)g->v[i].n[STATS_THIS];
	}
	return n;
}

enum status stats_chart(const struct stats *r, struct sb *png, struct err *e)
{
	struct picture p = { .y = MARGIN };
	const char *labels[KINDS];
	double v[KINDS];
	size_t n = kinds_of(&r->category, labels, v);
	double h = MARGIN + BARS_H + BETWEEN + LINES_H + (n ? BETWEEN + draw_rows_height(n) : 0) + MARGIN;
	p.d = draw_new(STATS_CHART_W, (int)h);
	months(&p, r);
	draw_months(&p);
	const struct draw_box box = next_box(&p, draw_rows_height(n));
	if (n)
		draw_rows(p.d, &box, &(struct draw_chart){ .title = "分類", .unit = "件", .labels = labels, .n = n,
		                                           .series = { { NULL, v } }, .nseries = 1, .strong = n });
	return draw_png(&p.d, png, e);
}
