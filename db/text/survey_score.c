/* Points, bands, and what would help most. See survey.h. */
#include "text/survey.h"
#include <stdlib.h>
#include <string.h>

/* To the nearest whole number, halves away from zero. */
static int share(long points, long full)
{
	long twice = 2 * points * SURVEY_FULL;
	return (int)((twice >= 0 ? twice + full : twice - full) / (2 * full));
}

const struct survey_band *survey_band_of(const struct survey *s, int score)
{
	size_t i = 0;
	while (i + 1 < s->nbands && score < s->bands[i].least)
		i++;
	return &s->bands[i];
}

enum status survey_score(const struct survey *s, const char *code, struct survey_score *r, struct err *e)
{
	long got[SURVEY_AREAS_MAX + 1] = { 0 }, full[SURVEY_AREAS_MAX + 1] = { 0 };
	*r = (struct survey_score){ 0 };
	if (strlen(code) != s->nitems)
		return err_set(e, ERR_PERM, "%zu answers to %zu questions", strlen(code), s->nitems);
	for (size_t i = 0; i < s->nitems; i++) {
		const struct survey_item *q = &s->items[i];
		const struct survey_choice *c = survey_choice_by_code(s, code[i]);
		if (!c)
			return err_set(e, ERR_PERM, "no such choice: '%c'", code[i]);
		r->count[c - s->choices]++;
		for (size_t k = 0; k < 2; k++) {
			size_t to = k ? SURVEY_AREAS_MAX : q->area;
			got[to] += (long)q->weight * c->points;
			full[to] += (long)q->weight * s->choices[0].points;
		}
	}
	for (size_t i = 0; i < s->nareas; i++)
		r->area[i] = share(got[i], full[i]);
	r->score = share(got[SURVEY_AREAS_MAX], full[SURVEY_AREAS_MAX]);
	/* 99.6 is not everything. */
	if (r->score == SURVEY_FULL && got[SURVEY_AREAS_MAX] < full[SURVEY_AREAS_MAX])
		r->score--;
	r->band = survey_band_of(s, r->score);
	return OK;
}

/* What is missing of the points, by how much the measure helps. */
static long gain(const struct survey *s, const char *code, size_t i)
{
	const struct survey_choice *c = survey_choice_by_code(s, code[i]);
	int missing = c ? s->choices[0].points - c->points : 0;
	return (long)missing * s->items[i].weight * s->items[i].effect;
}

struct rank {
	size_t item;
	long gain;
};

static int by_gain(const void *x, const void *y)
{
	const struct rank *a = x, *b = y;
	if (a->gain != b->gain)
		return a->gain > b->gain ? -1 : 1;
	return a->item < b->item ? -1 : 1;
}

size_t survey_advice(const struct survey *s, const char *code, size_t v_r[SURVEY_ITEMS_MAX])
{
	struct rank v[SURVEY_ITEMS_MAX] = { 0 };
	size_t n = 0;
	for (size_t i = 0; i < s->nitems && code[i]; i++)
		if (gain(s, code, i) > 0)
			v[n++] = (struct rank){ i, gain(s, code, i) };
	qsort(v, n, sizeof *v, by_gain);
	for (size_t i = 0; i < n; i++)
		v_r[i] = v[i].item;
	return n;
}
