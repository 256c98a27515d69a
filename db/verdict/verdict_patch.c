/*
 * Is Windows patched? Cumulative updates are decided by build and UBR, never by
 * who superseded whom: lists of supersedence flag hundreds of CVEs on patched
 * Windows 11 machines. In this order:
 *
 *  1. Facts older than VERDICT_STALE_DAYS say nothing: 情報が古い. No build, no
 *     UBR or a build and side (client, server) without rows: 判定不能.
 *  2. Past the end of support of this edition: サポート終了. But a UBR released
 *     behind that day is an extended support (ESU), judged like any other until
 *     that ends too.
 *  3. An update is satisfied by a UBR at or above its own; or by a hotpatch (a
 *     lower UBR, equal to a row's) not older than it, with no restart pending. Where
 *     hotpatches are switched on, a UBR that no row has may be one: 判定不能.
 *     That it is listed as installed proves nothing: it may have been rolled back.
 *  4. Listed as installed (or pending with a restart pending) and yet not
 *     satisfied: 再起動待ち.
 *  5. Else 未適用: one action, the newest; with the skipped ones and their CVEs.
 *     Severity: the worst that is said for this very product; blank is unrated.
 *  6. Previews and out-of-band updates satisfy by their UBR, but nobody has to
 *     have them. Nor what is younger than VERDICT_GRACE_DAYS.
 *  7. .NET has no UBR: its update or a later one must be listed; if Windows
 *     Update, asked lately, has it not pending, it is there too. Not asked: said
 *     with the evidence, Windows' own state stands.
 *  8. A UBR above the table is satisfied, and the table old; unless more than one
 *     Patch Tuesday is missing: then it may be of any of them. A table without the
 *     last Patch Tuesday that is due can say 未適用, but else not 適用済み.
 */
#include "verdict_impl.h"
#include <string.h>
#include <strings.h>

static bool listed(const struct fact_kbs *k, uint32_t kb)
{
	for (size_t i = 0; i < k->n; i++)
		if (k->v[i] == kb)
			return true;
	return false;
}

/* ---- 2. the end of support ---- */

static enum edition edition_of(const char *id)
{
	if (strncasecmp(id, "IoTEnterpriseS", 14) == 0)
		return ED_IOT;
	if (strncasecmp(id, "EnterpriseS", 11) == 0)
		return ED_LTSC;
	if (strncasecmp(id, "Enterprise", 10) == 0 || strncasecmp(id, "Education", 9) == 0 || strncasecmp(id, "IoTEnterprise", 13) == 0 ||
	    strncasecmp(id, "ServerRdsh", 10) == 0)
		return ED_E;
	return *id ? ED_W : ED_ANY;
}

/* The row of the edition; the latest when the edition is not known or no row
 * names it, so that nothing is called ended by a guess. */
static const struct eol *end_of_support(const struct judge *j, host_key key)
{
	enum edition ed = edition_of(j->x->edition);
	const struct eol *own = NULL, *latest = NULL;
	for (size_t i = 0; i < j->f->n_eols; i++) {
		const struct eol *e = &j->f->eols[i];
		if (e->key != key)
			continue;
		if (e->edition == ED_ANY || (ed != ED_ANY && e->edition == ed))
			own = !own || e->edition != ED_ANY ? e : own;
		if (!latest || e->day > latest->day)
			latest = e;
	}
	return own ? own : latest;
}

/* ---- 8. the table's age ---- */

/* The last second Tuesday up to a day: Microsoft's own, each month. */
static int64_t patch_tuesday(int64_t day)
{
	struct civil c = civil_of_day(day);
	for (int back = 0;; back++) {
		struct civil first = civil_of_day(day_of(c.year, c.mon - back, 1));
		int64_t t = day_of(first.year, first.mon, 1) + (2 - first.wday + 7) % 7 + 7;
		if (t <= day)
			return t;
	}
}

/* The last one that the table has to know. */
static int64_t due(const struct judge *j)
{
	return patch_tuesday(j->today - VERDICT_GRACE_DAYS);
}

/* ---- 3. to 6. the cumulative updates ---- */

struct lcus {
	const struct release *v; /* by UBR */
	size_t n;
	uint32_t ubr;
	const struct release *hot;    /* the hotpatch that is in effect */
	const struct release *need;   /* the newest that is demanded */
	const struct release *newest; /* security, within grace too */
	uint32_t top;                 /* the highest UBR known */
};

static bool satisfied(const struct lcus *l, const struct release *r)
{
	return l->ubr >= r->ubr || (l->hot && r->day <= l->hot->day);
}

static void look(const struct judge *j, struct lcus *l)
{
	for (size_t i = 0; i < l->n; i++) {
		const struct release *r = &l->v[i];
		if (r->kind == REL_HOTPATCH && r->ubr == l->ubr && !j->x->reboot)
			l->hot = r;
		if (r->day > j->today) /* not yet, at the cut-off */
			continue;
		l->top = r->ubr > l->top ? r->ubr : l->top;
		if (r->kind != REL_SECURITY)
			continue;
		l->newest = r;
		if (r->day <= j->today - VERDICT_GRACE_DAYS)
			l->need = r;
	}
}

static bool for_this_arch(enum arch arch, const char *own)
{
	return arch == ARCH_ANY || !*own || strcasecmp(arch_words[arch], own) == 0;
}

/* Fixes of the product with from < UBR ≤ to. */
static void cves_between(const struct judge *j, host_key key, uint32_t from, uint32_t to, struct missing_update *m)
{
	size_t n;
	const struct fix *x = feed_fixes(j->f, key, &n);
	struct cve_list list = { 0 };
	for (size_t i = 0; i < n; i++) {
		if (x[i].component != COMP_LCU || x[i].ubr <= from || x[i].ubr > to || !for_this_arch(x[i].arch, j->x->arch))
			continue;
		cve_list_add(&list, x[i].cve, x[i].severity, feed_kev(j->f, x[i].cve, j->today));
		m->severity = x[i].severity > m->severity ? x[i].severity : m->severity;
	}
	m->cves = list.out;
}

static void add_missing(struct judge *j, const struct missing_update *m)
{
	struct verdict *v = j->v;
	v->missing[v->n_missing++] = *m;
	if (m->in_grace)
		return;
	v->critical += m->severity == SEV_CRITICAL;
	v->important += m->severity == SEV_IMPORTANT;
	v->cves += m->cves.total;
	v->kev += m->cves.kev;
}

static struct missing_update update_of(const struct judge *j, const struct release *r)
{
	return (struct missing_update){ .kb = r->kb, .ubr = r->ubr, .day = r->day, .in_grace = r->day > j->today - VERDICT_GRACE_DAYS };
}

static void list_missing(struct judge *j, host_key key, const struct lcus *l)
{
	for (size_t i = l->n; i-- > 0;) {
		const struct release *r = &l->v[i], *before = NULL;
		if (r->kind != REL_SECURITY || r->day > j->today || satisfied(l, r))
			continue;
		for (size_t k = i; k-- > 0 && !before;)
			if (l->v[k].kind == REL_SECURITY)
				before = &l->v[k];
		struct missing_update m = update_of(j, r);
		uint32_t from = before && !satisfied(l, before) ? before->ubr : before && before->ubr > l->ubr ? before->ubr : l->ubr;
		cves_between(j, key, from, r->ubr, &m);
		add_missing(j, &m);
	}
}

/* A release that would satisfy the demand is said to be installed, or waits for
 * the restart. */
static const struct release *awaiting_restart(const struct judge *j, const struct lcus *l)
{
	const struct facts *x = j->x;
	for (size_t i = l->n; i-- > 0;) {
		const struct release *r = &l->v[i];
		bool enough = r->ubr >= l->need->ubr || (r->kind == REL_HOTPATCH && r->day >= l->need->day);
		if (enough && (listed(&x->installed, r->kb) || listed(&x->qfe, r->kb) || (x->reboot && listed(&x->pending, r->kb))))
			return r;
	}
	return NULL;
}

static void say(struct judge *j, enum patch_state s, const char *why)
{
	j->v->patch = s;
	j->v->why = why;
}

/* The table knows few of the hotpatches: where those are switched on, a UBR that is
 * none of its own may be one that satisfies. Not one below a hotpatch that is too
 * old itself: they are cumulative, too. */
static bool maybe_hotpatch(const struct judge *j, const struct lcus *l)
{
	if (!j->x->hotpatch || awaiting_restart(j, l))
		return false;
	for (size_t i = 0; i < l->n; i++) {
		const struct release *r = &l->v[i];
		if (r->ubr == l->ubr || (r->kind == REL_HOTPATCH && r->ubr > l->ubr && r->day < l->need->day))
			return false;
	}
	return true;
}

static void say_satisfied(struct judge *j, const struct lcus *l)
{
	uint32_t build = j->x->build, ubr = l->ubr;
	const char *need = arena_printf(j->a, "%u.%u (KB%u、%s)", build, l->need->ubr, l->need->kb, day_ja(l->need->day, j->a));
	const struct release *wait = j->x->reboot && listed(&j->x->pending, l->need->kb) ? l->need : NULL;
	j->v->by_hotpatch = l->ubr < l->need->ubr;
	if (wait) {
		say(j, PATCH_REBOOT, arena_printf(j->a, "KB%u が再起動を待っています。この端末は %u.%u です。", wait->kb, build, ubr));
	} else if (ubr > l->top && l->newest->day >= patch_tuesday(due(j) - 1)) {
		j->v->table_old = true;
		say(j, PATCH_SATISFIED, arena_printf(j->a, "この端末は %u.%u で、表にある最新 (%u.%u) より新しい版です。必要なのは %s です。", build, ubr, build, l->top, need));
	} else if (j->v->table_old) {
		say(j, PATCH_UNKNOWN, arena_printf(j->a, "この端末は %u.%u で、必要な %s を満たしますが、表が %s までしかなく、その後の更新の有無が分かりません。",
						   build, ubr, need, day_ja(l->newest->day, j->a)));
	} else if (j->v->by_hotpatch) {
		say(j, PATCH_SATISFIED, arena_printf(j->a, "この端末は %u.%u (ホットパッチ KB%u、%s) で、必要な %s を満たします。", build, ubr, l->hot->kb,
						     day_ja(l->hot->day, j->a), need));
	} else {
		say(j, PATCH_SATISFIED, arena_printf(j->a, "この端末は %u.%u、必要なのは %s です。", build, ubr, need));
	}
}

static void say_missing(struct judge *j, const struct lcus *l)
{
	const struct release *wait = awaiting_restart(j, l);
	const char *hot = l->hot ? arena_printf(j->a, " (ホットパッチ KB%u、%s)", l->hot->kb, day_ja(l->hot->day, j->a)) : "";
	const char *need = arena_printf(j->a, "この端末は %u.%u%s、必要なのは %u.%u (KB%u、%s) です。", j->x->build, l->ubr, hot, j->x->build, l->need->ubr,
					l->need->kb, day_ja(l->need->day, j->a));
	if (wait)
		say(j, PATCH_REBOOT, arena_printf(j->a, "%sKB%u は導入済みと記録されていますが、まだ有効ではありません。再起動が必要です。", need, wait->kb));
	else
		say(j, PATCH_MISSING, need);
}

static void judge_lcus(struct judge *j, host_key key, struct lcus *l)
{
	struct verdict *v = j->v;
	if (!l->need) {
		say(j, PATCH_UNKNOWN, arena_printf(j->a, "%u の更新で、この日までに適用しておくべきものが表にありません。", j->x->build));
		return;
	}
	v->missing = arena_alloc(j->a, (l->n + 1) * sizeof *v->missing); /* one more: .NET */
	v->need = update_of(j, l->need);
	v->action = update_of(j, l->newest);
	if (!satisfied(l, l->need) && maybe_hotpatch(j, l)) {
		say(j, PATCH_UNKNOWN, arena_printf(j->a, "この端末は %u.%u で、ホットパッチが有効です。この版は表になく、必要な %u.%u (KB%u、%s) に相当するホットパッチか分かりません。",
						   j->x->build, l->ubr, j->x->build, l->need->ubr, l->need->kb, day_ja(l->need->day, j->a)));
		return;
	}
	list_missing(j, key, l);
	if (satisfied(l, l->need))
		say_satisfied(j, l);
	else
		say_missing(j, l);
}

/* ---- 7. what has no UBR ---- */

static void judge_dotnet(struct judge *j, host_key key)
{
	size_t n;
	const struct facts *x = j->x;
	const struct fix *f = feed_fixes(j->f, key, &n);
	struct missing_update need = { 0 };
	struct cve_list list = { 0 };
	bool installed = false, pending = false;
	for (size_t i = 0; i < n; i++)
		if (f[i].component == COMP_DOTNET && f[i].day <= j->today - VERDICT_GRACE_DAYS && f[i].day >= need.day && for_this_arch(f[i].arch, x->arch))
			need.kb = f[i].kb, need.day = f[i].day;
	for (size_t i = 0; i < j->f->n_components && need.kb; i++) {
		const struct component_row *c = &j->f->components[i];
		if (c->kind != COMP_DOTNET || c->day < need.day)
			continue;
		installed = installed || listed(&x->installed, c->kb) || listed(&x->qfe, c->kb);
		pending = pending || listed(&x->pending, c->kb);
	}
	for (size_t i = 0; i < n && need.kb; i++) {
		if (f[i].component != COMP_DOTNET || f[i].kb != need.kb)
			continue;
		cve_list_add(&list, f[i].cve, f[i].severity, feed_kev(j->f, f[i].cve, j->today));
		need.severity = f[i].severity > need.severity ? f[i].severity : need.severity;
	}
	if (!need.kb || installed)
		return;
	if (!pending) {
		bool asked = x->last_scan && !*x->error && j->v->cutoff - x->last_scan <= VERDICT_STALE_DAYS * 86400;
		if (!asked && j->v->patch == PATCH_SATISFIED)
			j->v->why = arena_printf(j->a, "%s.NET の更新 KB%u の有無は、Windows Update の確認が新しくないため分かりません。", j->v->why, need.kb);
		return;
	}
	need.cves = list.out;
	add_missing(j, &need);
	if (j->v->patch == PATCH_SATISFIED) {
		j->v->need = j->v->action = need;
		say(j, x->reboot ? PATCH_REBOOT : PATCH_MISSING,
		    arena_printf(j->a, "Windows は最新ですが、.NET の更新 KB%u (%s) が保留されています。", need.kb, day_ja(need.day, j->a)));
	}
}

/* ---- all of it ---- */

static bool stale(struct judge *j)
{
	const struct facts *x = j->x;
	if (x->as_of && j->v->cutoff - x->as_of <= VERDICT_STALE_DAYS * 86400)
		return false;
	if (x->as_of) {
		struct civil c = civil_of(x->as_of);
		say(j, PATCH_STALE, arena_printf(j->a, "最後の情報は %s のものです。", day_ja(day_of(c.year, c.mon, c.day), j->a)));
	} else {
		say(j, PATCH_STALE, "いつの情報か分かりません。");
	}
	return true;
}

static bool unsupported(struct judge *j, host_key key, const struct lcus *l)
{
	const struct eol *e = end_of_support(j, key);
	if (!e || e->day >= j->today)
		return false;
	for (size_t i = 0; i < l->n && e->esu != INT64_MIN; i++) /* Pro runs Enterprise's updates, which are no ESU */
		j->v->esu = j->v->esu || (l->v[i].kind != REL_HOTPATCH && l->v[i].day > e->day && l->v[i].ubr <= l->ubr);
	if (j->v->esu && e->esu >= j->today)
		return false;
	j->v->ended = j->v->esu ? e->esu : e->day;
	say(j, PATCH_ENDED, arena_printf(j->a, "%s%s%s (%u) のサポートは %s に終了しています。", j->x->name, *j->x->version ? " " : "", j->x->version,
					 j->x->build, day_ja(j->v->ended, j->a)));
	return true;
}

void verdict_patch(struct judge *j)
{
	const struct facts *x = j->x;
	struct lcus l = { .ubr = x->ubr > 0 ? (uint32_t)x->ubr : 0 };
	host_key key = host_key_of(x->build, x->server);
	if (stale(j))
		return;
	if (!x->have_os || !x->windows || !x->build) {
		say(j, PATCH_UNKNOWN, x->have_os && !x->windows ? "Windows ではない端末です。" : "Windows のビルド番号が届いていません。");
		return;
	}
	l.v = feed_releases(j->f, key, &l.n);
	if (unsupported(j, key, &l))
		return;
	if (!l.v || x->ubr < 0) {
		say(j, PATCH_UNKNOWN, l.v ? "Windows の修正番号 (UBR) が届いていません。"
					  : arena_printf(j->a, "%s のビルド %u は表にありません。", x->server ? "Windows Server" : "Windows", x->build));
		return;
	}
	look(j, &l);
	j->v->table_old = !l.newest || l.newest->day < due(j);
	judge_lcus(j, key, &l);
	if (l.need)
		judge_dotnet(j, key);
}
