/* The numbers of a diagnosis: its score, the others, the time before. See diagnosis.h. */
#include "diagnosis.h"
#include <string.h>

void diagnosis_compare(struct diagnosis_facts *f, const struct diagnosis *others, size_t n)
{
	const struct survey *s = f->survey;
	struct survey_score one;
	size_t known = 0;
	f->n_others = 0;
	f->others_score = 0;
	memset(f->others_area, 0, sizeof f->others_area);
	memset(f->others_full, 0, sizeof f->others_full);
	for (size_t i = 0; i < n; i++) {
		if (survey_score(s, others[i].code, &one, NULL) != OK)
			continue;
		known++;
		f->others_score += one.score;
		for (size_t k = 0; k < s->nareas; k++)
			f->others_area[k] += one.area[k];
		for (size_t k = 0; k < s->nitems; k++)
			f->others_full[k] += others[i].code[k] == s->choices[0].code;
	}
	if (known < DIAGNOSIS_OTHERS_LEAST)
		return;
	f->n_others = known;
	f->others_score /= (double)known;
	for (size_t k = 0; k < s->nareas; k++)
		f->others_area[k] /= (double)known;
	for (size_t k = 0; k < s->nitems; k++)
		f->others_full[k] /= (double)known;
}

/* Those before this one; the newest may be compared area by area. */
static enum status look_back(struct store *s, struct arena *a, struct diagnosis_facts *f, struct err *e)
{
	struct diagnosis *v;
	size_t n;
	enum status st = diagnosis_of(s, f->d.contract_id, DIAGNOSIS_HISTORY * 4, a, &v, &n, e);
	f->before = arena_zalloc(a, (n + 1) * sizeof *f->before);
	for (size_t i = 0; st == OK && i < n && f->nbefore < DIAGNOSIS_HISTORY; i++)
		if (v[i].answered_at < f->d.answered_at && v[i].id != f->d.id)
			f->before[f->nbefore++] = v[i];
	f->comparable = f->nbefore && f->before[0].version == f->d.version &&
	                survey_score(f->survey, f->before[0].code, &f->before_score, NULL) == OK;
	return st;
}

enum status diagnosis_facts(struct store *s, const struct survey *survey, int64_t id, struct arena *a, struct diagnosis_facts *r, struct err *e)
{
	struct diagnosis *others;
	size_t n;
	*r = (struct diagnosis_facts){ .survey = survey };
	enum status st = diagnosis_get(s, id, a, &r->d, e);
	if (st == OK && r->d.version != survey->version)
		return err_set(e, ERR_PERM, "diagnosis %lld answers version %d of the questionnaire, this is %d", (long long)id, r->d.version, survey->version);
	if (st == OK)
		st = contract_get(s, r->d.contract_id, a, &r->contract, e);
	if (st == OK)
		st = survey_score(survey, r->d.code, &r->score, e);
	if (st == OK)
		st = diagnosis_others(s, r->d.contract_id, r->d.version, a, &others, &n, e);
	if (st == OK)
		st = look_back(s, a, r, e);
	if (st != OK)
		return st;
	diagnosis_compare(r, others, n);
	r->nadvice = survey_advice(survey, r->d.code, r->advice);
	return OK;
}
