/* What terminals have: OS, patches, software. See checkup_load.h. */
#include "checkup_load.h"
#include "checkup_verdict.h"
#include "store/agent_inventory.h"
#include "text/json.h"
#include <stdlib.h>
#include <string.h>

enum { OS_COLS = 44, NAME_COLS = 100, VERSION_COLS = 30, HOSTS = 3, ROWS_MAX = 4000000, DEPTH = 4, SECTIONS = 3 };

/* One program on one terminal. */
struct installed {
	struct checkup_software s; /* hosts: the terminal */
};
struct state {
	struct installed *v;
	size_t n, cap;
};

static void add(struct state *x, struct arena *a, const struct checkup_software *s)
{
	if (x->n >= ROWS_MAX)
		return;
	if (x->n == x->cap) {
		x->cap = x->cap ? 2 * x->cap : 256;
		struct installed *more = arena_alloc(a, x->cap * sizeof *more);
		if (x->n)
			memcpy(more, x->v, x->n * sizeof *more);
		x->v = more;
	}
	x->v[x->n++].s = *s;
}

/* ---- OS -------------------------------------------------------------------------------- */

/* "Windows 11 Pro 24H2" */
static const char *os_name(struct arena *a, const struct agent_section *s)
{
	struct json j;
	struct json_str key;
	const char *name = NULL, *version = NULL;
	json_init(&j, s->json, s->len, DEPTH);
	json_object(&j);
	while (json_key(&j, &key)) {
		if (json_eq(&key, "name"))
			name = json_text(&j, a);
		else if (json_eq(&key, "version"))
			version = json_text(&j, a);
	}
	if (json_end(&j, NULL) != OK || !name)
		return "";
	return checkup_clean(a, arena_printf(a, "%s%s%s", name, version && *version ? " " : "", version ? version : ""), OS_COLS);
}

static enum status sections(const struct checkup_sources *src, int64_t terminal, struct arena *a, struct verdict_section v[SECTIONS], size_t *n_r,
                            struct checkup_terminal *t, struct err *e)
{
	static const char *const names[SECTIONS] = { "os", "patches", "software" };
	*n_r = 0;
	for (size_t i = 0; i < SECTIONS; i++) {
		struct agent_section s;
		enum status st = agent_section_get(src->inventory, terminal, names[i], a, &s, e);
		if (st == ERR_NOTFOUND)
			continue;
		if (st != OK)
			return st;
		if (i == 0)
			t->os = os_name(a, &s);
		v[(*n_r)++] = (struct verdict_section){ names[i], s.json, s.len, s.confirmed_at };
	}
	return OK;
}

/* ---- software ----------------------------------------------------------------------------- */

static const struct verdict_finding *finding(const struct verdict_finding *v, size_t n, const char *name, const char *version)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(v[i].name, name) == 0 && strcmp(v[i].version, version) == 0)
			return &v[i];
	return NULL;
}

static enum status load_software(const struct checkup_sources *src, int64_t terminal, const struct verdict_finding *found, size_t nfound,
                                 struct arena *a, struct checkup_terminal *t, struct state *x, struct err *e)
{
	struct agent_software *v;
	size_t n;
	enum status st = agent_software_list(src->inventory, terminal, false, a, &v, &n, e);
	for (size_t i = 0; st == OK && i < n; i++) {
		const struct verdict_finding *f = finding(found, nfound, v[i].name, v[i].version);
		struct checkup_software s = { .name = checkup_clean(a, v[i].name, NAME_COLS), .version = checkup_clean(a, v[i].version, VERSION_COLS),
			                      .fixed = f ? f->fixed : "", .cves = f ? f->cves : "", .hosts = t->name, .terminals = 1 };
		if (f) {
			s.severity = f->severity;
			s.kev = f->kev, s.ended = f->ended, s.check = f->check;
		}
		add(x, a, &s);
	}
	t->software = st == OK ? (int64_t)n : 0;
	return st;
}

static int by_product(const void *a, const void *b)
{
	const struct checkup_software *x = &((const struct installed *)a)->s, *y = &((const struct installed *)b)->s;
	int c = strcmp(x->name, y->name);
	c = c ? c : strcmp(x->version, y->version);
	return c ? c : strcmp(x->hosts, y->hosts);
}

static int worth(const struct checkup_software *s)
{
	return s->check ? 0 : s->kev * 8 + (int)s->severity * 2 + s->ended;
}

static int by_worth(const void *a, const void *b)
{
	const struct checkup_software *x = a, *y = b;
	int c = worth(y) - worth(x);
	c = c ? c : (int)y->check - (int)x->check;
	if (!c && x->terminals != y->terminals)
		c = x->terminals < y->terminals ? 1 : -1;
	c = c ? c : strcmp(x->name, y->name);
	return c ? c : strcmp(x->version, y->version);
}

void checkup_speaks_for(struct checkup_software *all, const struct checkup_software *row)
{
	if (worth(row) > worth(all) || (worth(row) == worth(all) && row->check && !all->check))
		*all = *row;
}

/* Rows [from, to) are one product in one version. A terminal may have it twice (two users). */
static struct checkup_software joined(const struct state *x, size_t from, size_t to, struct arena *a)
{
	struct checkup_software s = x->v[from].s;
	struct sb hosts = SB_INIT;
	int64_t terminals = 0;
	for (size_t i = from; i < to; i++) {
		const struct checkup_software *r = &x->v[i].s;
		checkup_speaks_for(&s, r);
		if (i > from && strcmp(r->hosts, x->v[i - 1].s.hosts) == 0)
			continue;
		if (terminals++ < HOSTS)
			sb_addf(&hosts, "%s%s", hosts.len ? "、" : "", r->hosts);
	}
	if (terminals > HOSTS)
		sb_addf(&hosts, " ほか%lld台", (long long)terminals - HOSTS);
	s.terminals = terminals;
	s.hosts = arena_memdup(a, hosts.s, hosts.len);
	sb_free(&hosts);
	return s;
}

static void join(struct state *x, struct arena *a, struct checkup *c)
{
	if (x->n)
		qsort(x->v, x->n, sizeof *x->v, by_product);
	c->software = arena_zalloc(a, (x->n + 1) * sizeof *c->software);
	for (size_t i = 0, next; i < x->n; i = next) {
		for (next = i; next < x->n && strcmp(x->v[next].s.name, x->v[i].s.name) == 0 && strcmp(x->v[next].s.version, x->v[i].s.version) == 0;)
			next++;
		c->software[c->nsoftware++] = joined(x, i, next, a);
	}
	if (c->nsoftware)
		qsort(c->software, c->nsoftware, sizeof *c->software, by_worth);
	if (c->nsoftware > CHECKUP_SOFTWARE_MAX) /* the worst are kept */
		c->nsoftware = CHECKUP_SOFTWARE_MAX;
}

/* ---- all -------------------------------------------------------------------------------------- */

static enum status load_one(const struct checkup_sources *src, int64_t terminal, struct arena *a, struct checkup *c, struct checkup_terminal *t,
                            struct state *x, struct err *e)
{
	struct verdict_section v[SECTIONS];
	struct verdict_finding *found = NULL;
	size_t n, nfound = 0;
	enum status st = sections(src, terminal, a, v, &n, t, e);
	t->patch = CHECKUP_UNKNOWN;
	t->evidence = !n ? "情報が届いていません" : src->verdicts ? "" : "判定の表がありません";
	if (st == OK && n && src->verdicts)
		st = verdicts_judge(src->verdicts, v, n, checkup_until(c->month) - 1, a, t, &c->until, &found, &nfound, e);
	return st == OK ? load_software(src, terminal, found, nfound, a, t, x, e) : st;
}

enum status checkup_load_state(const struct checkup_sources *src, const struct terminal *v, size_t n, struct arena *a, struct checkup *c,
                               struct err *e)
{
	struct state x = { .n = 0 };
	enum status st = OK;
	if (src->verdicts)
		c->feed = verdicts_as_of(src->verdicts);
	for (size_t i = 0; i < n; i++)
		c->terminal[i].evidence = "情報が届いていません";
	for (size_t i = 0; st == OK && src->inventory && i < n; i++)
		st = load_one(src, v[i].id, a, c, &c->terminal[i], &x, e);
	join(&x, a, c);
	return st;
}
