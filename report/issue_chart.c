/* The picture of a closing report: results, how they came in, where mail failed. See issue_mail.h. */
#include "issue_mail.h"
#include "draw/draw.h"
#include <stdio.h>

enum { MARGIN = 16, LINES_H = 220, BETWEEN = 22, DOMAINS = 8, LABEL = 24 };

struct picture {
	struct draw *d;
	double y;
};

static struct draw_box next_box(struct picture *p, double h)
{
	struct draw_box b = { MARGIN, p->y, ISSUE_CHART_W - 2 * MARGIN, h };
	p->y += h + BETWEEN;
	return b;
}

static size_t results(const struct issue_facts *f, const char *labels[RCPT_STATES], double v[RCPT_STATES])
{
	size_t n = 0;
	for (int k = 0; k < RCPT_STATES; k++)
		if (f->sum.n[k] || k == RCPT_DELIVERED || k == RCPT_BOUNCED) {
			labels[n] = rcpt_state_ja((enum rcpt_state)k);
			v[n++] = (double)f->sum.n[k];
		}
	return n;
}

static int64_t failed(const struct ledger_domain *d)
{
	return d->n[RCPT_BOUNCED] + d->n[RCPT_EXPIRED] + d->n[RCPT_COMPLAINED];
}

/* The domains with most of them, by repeated search: there are few rows. */
static size_t worst(const struct ledger_sum *l, const char *labels[DOMAINS], double v[DOMAINS])
{
	size_t n = 0;
	int64_t below = INT64_MAX;
	while (n < DOMAINS) {
		int64_t most = 0;
		for (size_t i = 0; i < l->ndomains; i++)
			if (failed(&l->domains[i]) > most && failed(&l->domains[i]) < below)
				most = failed(&l->domains[i]);
		if (!most)
			break;
		for (size_t i = 0; i < l->ndomains && n < DOMAINS; i++)
			if (failed(&l->domains[i]) == most) {
				labels[n] = l->domains[i].name;
				v[n++] = (double)most;
			}
		below = most;
	}
	return n;
}

static void draw_progress(struct picture *p, const struct issue_facts *f)
{
	char text[ISSUE_CHART_TIMES][LABEL];
	const char *labels[ISSUE_CHART_TIMES];
	double v[ISSUE_CHART_TIMES];
	const struct draw_box box = next_box(p, LINES_H);
	for (int k = 0; k < ISSUE_CHART_TIMES; k++) {
		const struct civil c = civil_of(f->i.started_at + (k + 1) * f->step);
		snprintf(text[k], LABEL, "%d:%02d", c.hour, c.min);
		labels[k] = text[k];
		v[k] = (double)f->delivered[k];
	}
	draw_lines(p->d, &box, &(struct draw_chart){ .title = "届いた通数", .unit = "通", .labels = labels, .n = ISSUE_CHART_TIMES,
	                                             .series = { { NULL, v } }, .nseries = 1 });
}

static void draw_some(struct picture *p, const char *title, const char *const *labels, const double *v, size_t n, size_t strong)
{
	const struct draw_box box = next_box(p, draw_rows_height(n));
	draw_rows(p->d, &box, &(struct draw_chart){ .title = title, .unit = "件", .labels = labels, .n = n, .series = { { NULL, v } },
	                                            .nseries = 1, .strong = strong });
}

enum status issue_chart(const struct issue_facts *f, struct sb *png, struct err *e)
{
	struct picture p = { .y = MARGIN };
	const char *names[RCPT_STATES], *domains[DOMAINS];
	double v[RCPT_STATES], w[DOMAINS];
	size_t n = results(f, names, v), bad = worst(&f->sum, domains, w);
	double h = MARGIN + draw_rows_height(n) + (f->step ? BETWEEN + LINES_H : 0) + (bad ? BETWEEN + draw_rows_height(bad) : 0) + MARGIN;
	p.d = draw_new(ISSUE_CHART_W, (int)h);
	draw_some(&p, "配信の結果", names, v, n, n);
	if (f->step)
		draw_progress(&p, f);
	if (bad)
		draw_some(&p, "届かなかった宛先の多いドメイン", domains, w, bad, bad);
	return draw_png(&p.d, png, e);
}
