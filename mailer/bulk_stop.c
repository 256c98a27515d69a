/*
 * Domains that get no more of an issue: too many dead addresses there, or too
 * much put off. The store has them (store_stop.h), so a stop outlives this
 * process and a person's word ends it. The first is told at once, those that
 * follow together: when the network is gone, they are many.
 */
#include "bulk_impl.h"
#include "base/log.h"
#include "store/store_stop.h"
#include "text/layout.h"
#include <stdlib.h>
#include <string.h>

enum { TELL_AGAIN = 600, WORDS_COLS = 120 };

enum status bulk_stop_domain(struct bulk *b, const struct bulk_run *r, uint32_t domain, enum pace_word w, const char *words,
                             epoch now, struct err *e)
{
	const struct bulk_domain *d = &b->domains[domain];
	const struct pace *p = &d->pace;
	struct sb why = SB_INIT;
	sb_addf(&why, w == PACE_HARD ? "宛先不明の割合が高くなっています (%lld 件のうち %lld 件)"
	                             : "受信側に一時的に断られる割合が高くなっています (%lld 件のうち %lld 件)",
	        (long long)p->results, (long long)(w == PACE_HARD ? p->hard : p->deferrals));
	if (*words) {
		sb_adds(&why, "：");
		text_fit(words, WORDS_COLS, false, &why);
	}
	log_warn("domain-stopped", "issue=%lld domain=%s results=%lld hard=%lld deferred=%lld", (long long)r->issue.id, log_quote(d->name),
	         (long long)p->results, (long long)p->hard, (long long)p->deferrals);
	const struct domain_stop stop = { .domain = d->name, .issue_id = r->issue.id, .at = now, .why = why.s };
	enum status st = stop_add(b->build.s, &stop, e);
	sb_free(&why);
	return st;
}

static int by_name(const void *name, const void *stop)
{
	return strcmp(name, ((const struct domain_stop *)stop)->domain);
}

/* A person's word, or a stop of the time before a restart. */
static void follow(struct bulk *b, const struct domain_stop *v, size_t n)
{
	for (size_t i = 0; i < b->ndomains; i++) {
		struct bulk_domain *d = &b->domains[i];
		bool stopped = n && bsearch(d->name, v, n, sizeof *v, by_name);
		if (!stopped && d->pace.stopped) {
			d->pace = (struct pace){ 0 };
			log_info("domain-freed", "domain=%s", log_quote(d->name));
		}
		d->pace.stopped = stopped;
	}
}

/* What there is to tell of an issue; false: nothing, or not yet. */
static bool news(const struct domain_stop *v, size_t n, int64_t issue, epoch now, struct sb *what)
{
	epoch last = 0;
	for (size_t i = 0; i < n; i++) {
		if (v[i].issue_id != issue)
			continue;
		last = v[i].told_at > last ? v[i].told_at : last;
		if (!v[i].told_at)
			sb_addf(what, "　%s：%s\n", v[i].domain, v[i].why);
	}
	return what->len && now - last >= TELL_AGAIN;
}

static enum status tell(struct bulk *b, const struct bulk_run *r, const char *what, epoch now, struct err *e)
{
	enum status st = store_begin(b->build.s, e);
	if (st != OK)
		return st;
	st = bulk_tell(b, &r->issue, "issue-domain", what, now, e);
	if (st == OK)
		st = stop_told(b->build.s, r->issue.id, now, e);
	return bulk_end(b->build.s, st, e);
}

enum status bulk_stops(struct bulk *b, epoch now, struct err *e)
{
	struct arena *a = arena_new();
	struct domain_stop *v;
	size_t n = 0;
	enum status st = stop_list(b->build.s, a, &v, &n, e);
	if (st == OK)
		follow(b, v, n);
	for (size_t i = 0; st == OK && i < b->nruns; i++) {
		struct sb what = SB_INIT;
		if (news(v, n, b->runs[i]->issue.id, now, &what))
			st = tell(b, b->runs[i], what.s, now, e);
		sb_free(&what);
	}
	arena_free(&a);
	return st;
}
