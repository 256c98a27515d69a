/* The verdict: first Windows, then the programs; and what both need. */
#include "verdict.h"
#include "verdict_impl.h"
#include <stdio.h>

const char *patch_state_ja(enum patch_state s)
{
	static const char *const ja[PATCH_STATES] = { "適用済み", "再起動待ち", "未適用", "サポート終了", "判定不能", "情報が古い" };
	return ja[s];
}

const char *patch_state_word(enum patch_state s)
{
	static const char *const words[PATCH_STATES] = { "satisfied", "reboot", "missing", "ended", "unknown", "stale" };
	return words[s];
}

const char *software_state_ja(enum software_state s)
{
	static const char *const ja[SOFT_STATES] = { "問題なし", "脆弱性あり", "軽微な脆弱性", "サポート終了", "要確認" };
	return ja[s];
}

const char *software_state_word(enum software_state s)
{
	static const char *const words[SOFT_STATES] = { "fine", "vulnerable", "minor", "ended", "unclear" };
	return words[s];
}

const char *day_ja(int64_t day, struct arena *a)
{
	struct civil c = civil_of_day(day);
	return arena_printf(a, "%d年%d月%d日", c.year, c.mon, c.day);
}

/* Sorted by rank from the front; equal ones as they came. */
void cve_list_add(struct cve_list *l, uint64_t cve, enum severity s, bool exploited)
{
	struct verdict_cves *o = &l->out;
	uint8_t rank = (uint8_t)(exploited * SEVERITIES + (unsigned)s);
	if (l->last == cve)
		return;
	for (size_t i = 0; i < o->n; i++)
		if (o->v[i] == cve)
			return;
	l->last = cve;
	o->total++;
	o->kev += exploited;
	size_t at = o->n < VERDICT_CVES_MAX ? o->n++ : VERDICT_CVES_MAX - 1;
	if (o->total > VERDICT_CVES_MAX && l->rank[at] >= rank)
		return;
	for (; at > 0 && l->rank[at - 1] < rank; at--) {
		l->rank[at] = l->rank[at - 1];
		o->v[at] = o->v[at - 1];
	}
	l->rank[at] = rank;
	o->v[at] = cve;
}

void verdict_of(const struct feed *f, const struct facts *x, epoch cutoff, struct arena *a, struct verdict *v)
{
	struct civil day = civil_of(cutoff);
	*v = (struct verdict){ .version = feed_version(f), .cutoff = cutoff, .as_of = x->as_of, .why = "", .ended = INT64_MIN };
	struct judge j = { f, x, a, day_of(day.year, day.mon, day.day), v };
	verdict_patch(&j);
	verdict_software(&j);
}
