/* The verdicts of db/verdict in the words of a health check: see checkup_verdict.h. */
#include "checkup_verdict.h"
#include "base/xalloc.h"
#include "verdict/verdict.h"
#include <stdlib.h>
#include <string.h>

enum { CVES = 3 };

struct verdicts {
	struct feed *feed;
	char as_of[16];
};

enum status verdicts_open(const struct cfg *cfg, struct verdicts **v_r, struct err *e)
{
	struct verdicts *v = xcalloc(1, sizeof *v);
	char *own = cfg_path(cfg, "feed");
	enum status st = feed_load(cfg->feed_tables, own, &v->feed, e);
	if (st == OK) /* "2026-09-15/1a2b3c4d5e6f" */
		memcpy(v->as_of, feed_version(v->feed), strnlen(feed_version(v->feed), 10));
	free(own);
	if (st != OK)
		verdicts_close(&v);
	*v_r = v;
	return st;
}

void verdicts_close(struct verdicts **v)
{
	if (*v) {
		feed_free(&(*v)->feed);
		free(*v);
	}
	*v = NULL;
}

const char *verdicts_as_of(const struct verdicts *v)
{
	return v->as_of;
}

static const char *cves_text(const struct verdict_cves *c, struct arena *a)
{
	char buf[24];
	struct sb b = SB_INIT;
	for (size_t i = 0; i < c->n && i < CVES; i++)
		sb_addf(&b, "%s%s", i ? "、" : "", cve_text(c->v[i], buf));
	if (c->total > CVES)
		sb_addf(&b, " ほか%zu件", c->total - CVES);
	const char *r = arena_memdup(a, b.s, b.len);
	sb_free(&b);
	return r;
}

/* Of all updates that lack: those used in attacks first, then as each update has them. */
static const char *lacking_cves(const struct verdict *x, struct arena *a)
{
	struct verdict_cves all = { .n = 0 };
	for (int kev = 1; kev >= 0; kev--)
		for (size_t i = 0; i < x->n_missing; i++) {
			const struct verdict_cves *c = &x->missing[i].cves;
			if (x->missing[i].in_grace)
				continue;
			all.total += kev ? c->total : 0;
			for (size_t k = 0; k < c->n && all.n < CVES; k++) /* its exploited ones are its first */
				if ((k < c->kev) == kev)
					all.v[all.n++] = c->v[k];
		}
	return cves_text(&all, a);
}

static const char *day_text(int64_t day, struct arena *a)
{
	const struct civil c = civil_of_day(day);
	return arena_printf(a, "%d年%d月%d日", c.year, c.mon, c.day);
}

/* For a table's narrow column; else the whole sentence. */
static const char *evidence(const struct verdict *x, const struct facts *f, struct arena *a)
{
	const char *own = arena_printf(a, "%u.%lld", f->build, (long long)f->ubr);
	if (x->patch == PATCH_ENDED)
		return arena_printf(a, "%sにサポート終了", day_text(x->ended, a));
	if (!x->need.ubr)
		return x->why;
	if (x->patch == PATCH_UNKNOWN)
		return arena_printf(a, "%s（%s公開分まで適用）", own, day_text(x->action.day, a));
	if (x->patch == PATCH_SATISFIED)
		return x->by_hotpatch ? arena_printf(a, "%s（ホットパッチ）", own) : own;
	if (f->ubr >= x->need.ubr)
		return arena_printf(a, "%s（再起動が未完了）", own);
	return arena_printf(a, "%s（%u.%u が必要）", own, f->build, x->need.ubr);
}

static const char *action(const struct verdict *x, struct arena *a)
{
	if (x->patch == PATCH_REBOOT)
		return "再起動";
	if (x->patch == PATCH_ENDED)
		return "OSの更新";
	return x->patch == PATCH_MISSING && x->action.kb ? arena_printf(a, "KB%u", x->action.kb) : "";
}

static void take_patches(const struct verdict *x, const struct facts *f, struct arena *a, struct checkup_terminal *t, const char **until_r)
{
	static const enum checkup_patch states[PATCH_STATES] = {
		[PATCH_SATISFIED] = CHECKUP_PATCHED, [PATCH_REBOOT] = CHECKUP_REBOOT, [PATCH_MISSING] = CHECKUP_LACKING,
		[PATCH_ENDED] = CHECKUP_ENDED, [PATCH_UNKNOWN] = CHECKUP_UNKNOWN, [PATCH_STALE] = CHECKUP_STALE,
	};
	const bool dated = x->patch == PATCH_UNKNOWN && x->need.kb; /* else there is nothing to demand */
	t->patch = dated ? CHECKUP_DATED : states[x->patch];
	if (dated)
		*until_r = day_text(x->action.day, a);
	t->critical = (int64_t)x->critical;
	t->important = (int64_t)x->important;
	t->kev = x->kev > 0;
	t->evidence = evidence(x, f, a);
	t->action = action(x, a);
	t->cves = lacking_cves(x, a);
}

/* High and Critical are for the programs of others what Important and Critical are for Windows.
 * That nobody mends it any more makes a hole no smaller. */
static enum checkup_severity severity(const struct software_finding *f)
{
	if (f->state == SOFT_UNCLEAR || !f->cves.total)
		return CHECKUP_FINE;
	return f->severity == SEV_CRITICAL ? CHECKUP_CRITICAL : f->severity == SEV_IMPORTANT || f->cves.kev ? CHECKUP_HIGH : CHECKUP_LOW;
}

static void take_software(const struct verdict *x, struct arena *a, struct verdict_finding **found_r, size_t *n_r)
{
	struct verdict_finding *v = arena_zalloc(a, (x->n_software + 1) * sizeof *v);
	for (size_t i = 0; i < x->n_software; i++) {
		const struct software_finding *f = &x->software[i];
		v[i] = (struct verdict_finding){ f->software->name, f->software->version, f->wanted, cves_text(&f->cves, a), severity(f),
			                         f->cves.kev > 0, f->state == SOFT_ENDED, f->state == SOFT_UNCLEAR };
	}
	*found_r = v;
	*n_r = x->n_software;
}

enum status verdicts_judge(const struct verdicts *v, const struct verdict_section *s, size_t n, epoch cutoff, struct arena *a,
                           struct checkup_terminal *t, const char **until_r, struct verdict_finding **found_r, size_t *n_r, struct err *e)
{
	struct facts f;
	struct verdict x;
	epoch newest = 0;
	facts_init(&f, a);
	for (size_t i = 0; i < n; i++) {
		struct err why;
		if (facts_section(&f, s[i].name, s[i].json, s[i].len, &why) == ERR_TEMP)
			return err_set(e, ERR_TEMP, "%s", why.msg); /* one that can't be read says nothing */
		newest = s[i].confirmed_at > newest ? s[i].confirmed_at : newest;
	}
	f.as_of = newest < cutoff ? newest : cutoff;
	verdict_of(v->feed, &f, cutoff, a, &x);
	take_patches(&x, &f, a, t, until_r);
	take_software(&x, a, found_r, n_r);
	return OK;
}
