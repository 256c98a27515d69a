/*
 * Which programs are vulnerable. Precision first: a finding needs a row of the
 * dictionary (name and vendor), a version that can be read and a range that is
 * bounded above. Where one is in doubt it is 要確認 and counted nowhere.
 *
 * What others get wrong: an ESR held against the release's ranges (rows of their
 * own, told apart by name or by version); an empty version that is older than
 * everything; another vendor's program of the same name; the entry an update
 * left behind beside the new one; names in Japanese, or of full width; programs
 * of one user that no machine-wide update reaches.
 */
#include "product.h"
#include "verdict_impl.h"
#include "version.h"
#include <stdlib.h>
#include <string.h>

struct entry {
	const struct fact_software *s;
	const struct product *p;
	bool unsure; /* of the vendor */
	int bits;    /* that the name says: 32, 64, 65 (ARM), 0 none */
};

/* Of a folded name. */
static int bits_of(const char *name)
{
	static const struct { const char *word; int bits; } marks[] = {
		{ "x86_64", 64 }, { "x64", 64 }, { "amd64", 64 }, { "arm64", 65 }, { "64bit", 64 }, { "64-bit", 64 }, { "64 bit", 64 }, { "64ビ", 64 }, { "64 ビ", 64 },
		{ "x86", 32 }, { "32bit", 32 }, { "32-bit", 32 }, { "32 bit", 32 }, { "32ビ", 32 }, { "32 ビ", 32 },
	};
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (strstr(name, marks[i].word))
			return marks[i].bits;
	return 0;
}

/* 3.1 is the branch of 3.1.5, not of 3.12; "6." is written by some for 6. */
static bool of_branch(const char *version, const char *prefix)
{
	size_t n = strlen(prefix);
	return strncmp(version, prefix, n) == 0 && (!n || prefix[n - 1] == '.' || version[n] < '0' || version[n] > '9');
}

static const struct support *ended(const struct judge *j, const struct product *p, const char *version)
{
	for (size_t i = 0; i < p->support_n; i++) {
		const struct support *s = &j->f->supports[p->support_from + i];
		if (s->day < j->today && of_branch(version, s->prefix))
			return s;
	}
	return NULL;
}

static bool affected(const struct vuln *u, const struct version *v)
{
	int c = version_order(v, &u->high);
	return (u->to_included ? c <= 0 : c < 0) && (!*u->from || version_order(v, &u->low) >= 0);
}

/* From the end of this range on, where no other range begins before it: nobody is
 * sent to a version that has a hole of its own. */
static const struct vuln *free_from(const struct judge *j, const struct product *p, const struct vuln *last)
{
	for (size_t i = 0; i < p->vuln_n; i++) {
		const struct vuln *u = &j->f->vulns[p->vuln_from + i];
		const int c = version_order(&u->high, &last->high);
		if ((c > 0 || (c == 0 && u->to_included && !last->to_included)) && affected(u, &last->high)) {
			last = u;
			i = (size_t)-1; /* it may end in one that came before */
		}
	}
	return last;
}

/* All that affect the version; the version that is free of them. */
static void look_up(struct judge *j, const struct entry *e, struct software_finding *out)
{
	struct cve_list list = { 0 };
	const struct vuln *last = NULL;
	const struct version v = version_read(e->s->version);
	for (size_t i = 0; i < e->p->vuln_n; i++) {
		const struct vuln *u = &j->f->vulns[e->p->vuln_from + i];
		if (!affected(u, &v))
			continue;
		cve_list_add(&list, u->cve, u->severity, feed_kev(j->f, u->cve, j->today));
		out->severity = u->severity > out->severity ? u->severity : out->severity;
		int c = last ? version_order(&u->high, &last->high) : 1;
		if (c > 0 || (c == 0 && u->to_included))
			last = u;
	}
	out->cves = list.out;
	last = last ? free_from(j, e->p, last) : NULL;
	if (last)
		out->wanted = arena_printf(j->a, last->to_included ? "%s より新しい版" : "%s 以上", last->to);
}

/* A newer one of the same product in the same place: this one is what an update
 * left in the list. But 32 and 64 bits are two installations side by side. */
static const struct entry *newer(const struct entry *v, size_t n, const struct entry *e)
{
	for (size_t i = 0; i < n; i++)
		if (v[i].p == e->p && v[i].bits == e->bits && v[i].s->per_user == e->s->per_user && strcmp(v[i].s->user, e->s->user) == 0 &&
		    version_known(v[i].s->version) && version_cmp(v[i].s->version, e->s->version) > 0)
			return &v[i];
	return NULL;
}

static void judge_entry(struct judge *j, const struct entry *v, size_t n, const struct entry *e, struct software_finding *out)
{
	const struct support *end;
	const struct entry *other;
	*out = (struct software_finding){ .software = e->s, .product = e->p->id, .product_name = e->p->name, .wanted = "", .why = "" };
	if (!version_known(e->s->version)) {
		bool matters = e->p->vuln_n || e->p->support_n;
		out->state = matters ? SOFT_UNCLEAR : SOFT_FINE;
		out->why = matters ? "バージョンが読み取れません。" : "";
		return;
	}
	look_up(j, e, out);
	end = ended(j, e->p, e->s->version);
	if (!end && !out->cves.total)
		return;
	if (e->unsure) {
		out->state = SOFT_UNCLEAR;
		out->why = "製造元が記録されていないため、同名の別製品かもしれません。";
	} else if (e->p->instances == INST_ONE && (other = newer(v, n, e))) {
		out->state = SOFT_UNCLEAR;
		out->why = arena_printf(j->a, "新しい版 (%s) もあるため、古い登録だけが残っているようです。", other->s->version);
	} else if (end) {
		out->state = SOFT_ENDED;
		out->why = arena_printf(j->a, "%s のサポートは %s に終了しています。", e->p->name, day_ja(end->day, j->a));
	} else {
		out->state = out->cves.kev || out->severity >= SEV_IMPORTANT ? SOFT_VULNERABLE : SOFT_MINOR;
	}
}

static void count(struct verdict *v, const struct software_finding *s)
{
	v->states[s->state]++;
	if (s->state != SOFT_VULNERABLE)
		return;
	v->soft_critical += s->severity == SEV_CRITICAL;
	v->soft_high += s->severity != SEV_CRITICAL;
	v->soft_kev += s->cves.kev > 0;
}

/* Vulnerable before ended before minor before unclear; exploited first. */
static int rank(const struct software_finding *s)
{
	static const int of[SOFT_STATES] = { [SOFT_VULNERABLE] = 0, [SOFT_ENDED] = 1, [SOFT_MINOR] = 2, [SOFT_UNCLEAR] = 3, [SOFT_FINE] = 4 };
	return of[s->state] * 16 + (s->cves.kev ? 0 : 8) + (SEVERITIES - (int)s->severity);
}

static int worst_first(const void *pa, const void *pb)
{
	const struct software_finding *a = pa, *b = pb;
	int x = rank(a), y = rank(b);
	return x != y ? x - y : strcmp(a->software->name, b->software->name);
}

static size_t match_all(struct judge *j, struct entry *v)
{
	struct sb name = SB_INIT, vendor = SB_INIT;
	size_t n = 0;
	for (size_t i = 0; i < j->x->n_software; i++) {
		const struct fact_software *s = &j->x->software[i];
		struct entry e = { .s = s };
		sb_reset(&name);
		sb_reset(&vendor);
		product_fold(s->name, &name);
		product_fold(s->vendor, &vendor);
		if (!(e.p = product_find(j->f, name.s, vendor.s, s->version, &e.unsure)))
			continue;
		e.bits = bits_of(name.s);
		v[n++] = e;
	}
	sb_free(&name);
	sb_free(&vendor);
	return n;
}

void verdict_software(struct judge *j)
{
	struct verdict *v = j->v;
	size_t all = j->x->n_software;
	if (!all)
		return;
	struct entry *entries = arena_alloc(j->a, all * sizeof *entries);
	size_t n = match_all(j, entries);
	v->matched = n;
	v->unmatched = all - n;
	v->software = arena_alloc(j->a, (n + 1) * sizeof *v->software);
	for (size_t i = 0; i < n; i++) {
		struct software_finding *s = &v->software[v->n_software];
		judge_entry(j, entries, n, &entries[i], s);
		count(v, s);
		v->n_software += s->state != SOFT_FINE;
	}
	qsort(v->software, v->n_software, sizeof *v->software, worst_first);
}
