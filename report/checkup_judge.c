/*
 * Marks and words of a health check: see checkup.h. What each mark means is
 * written for readers in [legend.*] of the sentences; the constants here and
 * there have to agree.
 */
#include "checkup.h"
#include <string.h>

enum {
	NAMES = 3,               /* told by name; the others are a number */
	MEDIA_TIMES = 6, MEDIA_TERMINALS = 3,
	OWN_PERCENT = 10, OWN_LEAST = 1,
	OFF_DAYS = 5, OFF_NIGHTS = 3,
	UNSURE_PERCENT = 20,
	VARS_MAX = 24
};

/* ---- words ---------------------------------------------------------------------------------- */

struct judge {
	const struct checkup *c;
	const struct words *w;
	struct arena *a;
	struct checkup_counts n;
	struct tmpl_var v[VARS_MAX + 1];
	size_t nv;
	struct sb out;     /* of one text */
	size_t ndo;
	struct sb todo;
	struct err *e;
	enum status st;
};

static void var(struct judge *j, const char *name, const char *value)
{
	if (j->nv < VARS_MAX)
		j->v[j->nv++] = (struct tmpl_var){ name, value };
}

/* 0 is not told. */
static void var_n(struct judge *j, const char *name, int64_t n)
{
	var(j, name, n ? arena_printf(j->a, "%lld", (long long)n) : NULL);
}

static void say(struct judge *j, const char *section, struct sb *out)
{
	j->v[j->nv] = (struct tmpl_var){ NULL, NULL };
	if (j->st == OK)
		j->st = words_say(j->w, section, j->v, out, j->e);
}

static int64_t count_if(const struct judge *j, bool (*is)(const struct checkup_terminal *))
{
	int64_t n = 0;
	for (size_t i = 0; i < j->c->nterminal; i++)
		n += is(&j->c->terminal[i]);
	return n;
}

/* Up to NAMES of the terminals that `is` picks: "PC-02、PC-07 ほか3台"; NULL: none. */
static const char *names_if(struct judge *j, bool (*is)(const struct checkup_terminal *))
{
	struct sb b = SB_INIT;
	size_t n = 0;
	for (size_t i = 0; i < j->c->nterminal; i++)
		if (is(&j->c->terminal[i]) && n++ < NAMES)
			sb_addf(&b, "%s%s", n > 1 ? "、" : "", j->c->terminal[i].name);
	if (n > NAMES)
		sb_addf(&b, " ほか%zu台", n - NAMES);
	const char *r = n ? arena_memdup(j->a, b.s, b.len) : NULL;
	sb_free(&b);
	return r;
}

/* A list of different names out of rows in any order: the first NAMES of them. */
struct few {
	const char *v[NAMES];
	size_t n;
};

static void few_add(struct few *f, const char *name)
{
	for (size_t i = 0; i < f->n; i++)
		if (strcmp(f->v[i], name) == 0)
			return;
	if (f->n < NAMES)
		f->v[f->n++] = name;
}

static const char *few_text(struct arena *a, const struct few *f, int64_t all, const char *unit)
{
	struct sb b = SB_INIT;
	for (size_t i = 0; i < f->n; i++)
		sb_addf(&b, "%s%s", i ? "、" : "", f->v[i]);
	if (all > (int64_t)f->n)
		sb_addf(&b, " ほか%lld%s", (long long)all - (int64_t)f->n, unit);
	const char *r = f->n ? arena_memdup(a, b.s, b.len) : NULL;
	sb_free(&b);
	return r;
}

static bool is_lacking(const struct checkup_terminal *t) { return t->patch == CHECKUP_LACKING; }
static bool is_kev(const struct checkup_terminal *t) { return is_lacking(t) && t->kev; }
static bool is_critical(const struct checkup_terminal *t) { return is_lacking(t) && t->critical > 0; }
static bool is_important(const struct checkup_terminal *t) { return is_lacking(t) && !t->critical && t->important > 0; }
static bool is_pressing(const struct checkup_terminal *t) { return is_kev(t) || is_critical(t); }
static bool is_reboot(const struct checkup_terminal *t) { return t->patch == CHECKUP_REBOOT; }
static bool is_ended(const struct checkup_terminal *t) { return t->patch == CHECKUP_ENDED; }
static bool is_stale(const struct checkup_terminal *t) { return t->patch == CHECKUP_STALE; }
static bool is_unknown(const struct checkup_terminal *t) { return t->patch == CHECKUP_UNKNOWN; }
static bool is_open(const struct checkup_terminal *t) { return t->patch == CHECKUP_LACKING || t->patch == CHECKUP_REBOOT; }

/* What those that `is` picks all need, or NULL where they differ. */
static const char *action_if(struct judge *j, bool (*is)(const struct checkup_terminal *))
{
	const char *action = NULL;
	for (size_t i = 0; i < j->c->nterminal; i++) {
		const struct checkup_terminal *t = &j->c->terminal[i];
		if (!is(t) || !*t->action)
			continue;
		if (action && strcmp(action, t->action) != 0)
			return NULL;
		action = t->action;
	}
	return action;
}

/* One thing to do, while there is room for it. */
static void add_do(struct judge *j, const char *section)
{
	if (j->ndo >= CHECKUP_DOS)
		return;
	j->ndo++;
	sb_addf(&j->todo, "%s%zu. ", j->ndo > 1 ? "\n" : "", j->ndo);
	say(j, section, &j->todo);
}

/* ---- OS ------------------------------------------------------------------------------------- */

static enum health_mark os_mark(const struct checkup_counts *n)
{
	if (!n->terminals || n->unknown + n->stale == n->terminals)
		return HEALTH_NONE;
	if (n->critical || n->kev || n->ended)
		return HEALTH_BAD;
	if (n->lacking || n->reboot || (n->unknown + n->stale) * 100 > n->terminals * UNSURE_PERCENT)
		return HEALTH_WARN;
	if (n->dated * 100 > n->terminals * UNSURE_PERCENT) /* our tables are old: no fault of theirs, and no praise */
		return HEALTH_NONE;
	return n->unknown + n->stale + n->dated ? HEALTH_FAIR : HEALTH_GOOD;
}

static void os_vars(struct judge *j)
{
	const struct checkup_counts *n = &j->n;
	j->nv = 0;
	var_n(j, "terminals", n->terminals), var_n(j, "n", n->lacking + n->reboot), var(j, "names", names_if(j, is_open));
	var_n(j, "lacking", n->lacking), var(j, "lacking_names", names_if(j, is_lacking)), var_n(j, "critical", count_if(j, is_critical));
	var_n(j, "important", count_if(j, is_important)), var_n(j, "kev", count_if(j, is_kev)), var_n(j, "ended", n->ended);
	var(j, "ended_names", names_if(j, is_ended)), var_n(j, "dated", n->dated), var(j, "until", j->c->until);
	var_n(j, "reboot", n->reboot), var(j, "reboot_names", names_if(j, is_reboot)), var_n(j, "stale", n->stale);
	var(j, "stale_names", names_if(j, is_stale)), var_n(j, "unknown", n->unknown), var(j, "action", action_if(j, is_lacking));
}

/* The one name that has no place among the others: [os.fair] alone wants it. */
static void os_fair_vars(struct judge *j)
{
	j->nv = 0;
	var_n(j, "stale", j->n.stale), var(j, "stale_names", names_if(j, is_stale));
	var_n(j, "unknown", j->n.unknown), var(j, "unknown_names", names_if(j, is_unknown));
	var_n(j, "dated", j->n.dated), var(j, "until", j->c->until);
}

static void os_do(struct judge *j, const char *section, bool (*is)(const struct checkup_terminal *))
{
	const char *names = names_if(j, is);
	if (!names)
		return;
	j->nv = 0;
	var(j, "names", names), var(j, "action", action_if(j, is));
	add_do(j, section);
}

static void do_silent(struct judge *j)
{
	struct few names = { .n = 0 };
	for (size_t i = 0; i < j->c->nterminal; i++)
		if (checkup_silent(j->c, &j->c->terminal[i]))
			few_add(&names, j->c->terminal[i].name);
	j->nv = 0;
	var(j, "names", few_text(j->a, &names, j->n.silent, "台"));
	if (names.n)
		add_do(j, "do.silent");
}

/* ---- software ---------------------------------------------------------------------------------- */

static enum health_mark software_mark(const struct checkup_counts *n)
{
	if (!n->products)
		return HEALTH_NONE;
	if (n->sw_critical || n->sw_kev)
		return HEALTH_BAD;
	if (n->sw_high || n->sw_ended)
		return HEALTH_WARN;
	return n->sw_low || n->sw_check ? HEALTH_FAIR : HEALTH_GOOD;
}

/* "7-Zip 19.00 (x64)" has its version 19.00.1 in it, as far as people say it. */
static bool names_version(const char *name, const char *version)
{
	const size_t major = strcspn(version, "."), n = version[major] ? major + 1 + strcspn(version + major + 1, ".") : major;
	for (const char *p = name; n && *p; p++)
		if (strncmp(p, version, n) == 0)
			return true;
	return !n;
}

typedef bool (*software_pick)(const struct checkup_software *s);
static bool is_exploited(const struct checkup_software *s) { return s->kev; }
static bool is_severe(const struct checkup_software *s) { return s->severity >= CHECKUP_CRITICAL; }
static bool is_serious(const struct checkup_software *s) { return s->severity >= CHECKUP_HIGH; }
static bool is_left_alone(const struct checkup_software *s) { return s->ended && !s->kev && s->severity < CHECKUP_HIGH; }

/* "Google Chrome 140.0.1、7-Zip 19.00 (x64)"; *hosts_r: theirs, where all have the same, or NULL. NULL: none. */
static const char *software_names(struct judge *j, software_pick pick, const char **hosts_r)
{
	struct sb b = SB_INIT;
	size_t n = 0;
	*hosts_r = NULL;
	for (size_t i = 0; i < j->c->nsoftware; i++) {
		const struct checkup_software *s = &j->c->software[i];
		if (s->check || !pick(s))
			continue;
		if (!n)
			*hosts_r = s->hosts;
		else if (*hosts_r && strcmp(*hosts_r, s->hosts) != 0)
			*hosts_r = NULL;
		const bool named = names_version(s->name, s->version);
		if (n++ < NAMES)
			sb_addf(&b, "%s%s%s%s", n > 1 ? "、" : "", s->name, named ? "" : " ", named ? "" : s->version);
	}
	if (n > NAMES)
		sb_addf(&b, " ほか%zu件", n - NAMES);
	const char *r = n ? arena_memdup(j->a, b.s, b.len) : NULL;
	sb_free(&b);
	return r;
}

static void software_vars(struct judge *j, enum health_mark m)
{
	const char *hosts;
	j->nv = 0;
	var_n(j, "products", j->n.products), var_n(j, "critical", j->n.sw_critical), var_n(j, "high", j->n.sw_high);
	var_n(j, "low", j->n.sw_low), var_n(j, "kev", j->n.sw_kev), var_n(j, "ended", j->n.sw_ended), var_n(j, "check", j->n.sw_check);
	var(j, "names", software_names(j, j->n.sw_critical ? is_severe : m == HEALTH_BAD ? is_exploited : is_serious, &hosts));
	var(j, "bad", j->n.sw_critical + j->n.sw_high ? "1" : NULL), var(j, "milder", j->n.sw_critical ? NULL : "1");
}

static void software_do(struct judge *j, const char *section, software_pick pick)
{
	const char *hosts, *names = software_names(j, pick, &hosts);
	if (!names)
		return;
	j->nv = 0;
	var(j, "names", names), var(j, "hosts", hosts);
	add_do(j, section);
}

/* ---- media ---------------------------------------------------------------------------------------- */

static enum health_mark media_mark(const struct judge *j)
{
	if (!j->n.heard)
		return HEALTH_NONE;
	if (j->n.media >= MEDIA_TIMES || j->n.media_terminals >= MEDIA_TERMINALS)
		return HEALTH_WARN;
	return j->n.media ? HEALTH_FAIR : HEALTH_GOOD;
}

/* "USBメモリ 4回、スマートフォン 2回" */
static const char *media_kinds(struct judge *j)
{
	struct few kinds = { .n = 0 };
	struct sb b = SB_INIT;
	for (size_t i = 0; i < j->c->nmedia; i++)
		few_add(&kinds, j->c->media[i].kind);
	for (size_t k = 0; k < kinds.n; k++) {
		int64_t times = 0;
		for (size_t i = 0; i < j->c->nmedia; i++)
			times += strcmp(j->c->media[i].kind, kinds.v[k]) == 0 ? j->c->media[i].times : 0;
		sb_addf(&b, "%s%s %lld回", k ? "、" : "", kinds.v[k], (long long)times);
	}
	const char *r = arena_memdup(j->a, b.s, b.len);
	sb_free(&b);
	return r;
}

static void media_vars(struct judge *j)
{
	struct few names = { .n = 0 };
	for (size_t i = 0; i < j->c->nmedia; i++)
		few_add(&names, j->c->media[i].terminal);
	j->nv = 0;
	var_n(j, "terminals", j->n.media_terminals), var_n(j, "times", j->n.media), var(j, "kinds", media_kinds(j));
	var(j, "names", few_text(j->a, &names, j->n.media_terminals, "台"));
}

/* ---- sites ------------------------------------------------------------------------------------------ */

static int64_t own_share(const struct checkup *c)
{
	return c->web_seconds > 0 ? c->own_seconds * 100 / c->web_seconds : 0;
}

static enum health_mark web_mark(const struct judge *j)
{
	if (!j->c->sites)
		return HEALTH_NONE;
	if (j->n.dangers)
		return HEALTH_BAD;
	return own_share(j->c) >= OWN_PERCENT ? HEALTH_WARN : own_share(j->c) >= OWN_LEAST ? HEALTH_FAIR : HEALTH_GOOD;
}

static void web_vars(struct judge *j)
{
	char buf[48];
	struct few own = { .n = 0 }, danger = { .n = 0 };
	for (size_t i = 0; i < j->c->nbad; i++) {
		const struct checkup_site *s = &j->c->bad[i];
		if (s->danger)
			few_add(&danger, *s->hosts ? arena_printf(j->a, "%s（%s）", s->name, s->hosts) : s->name);
		else
			few_add(&own, s->name);
	}
	j->nv = 0;
	var_n(j, "sites", j->c->sites), var_n(j, "dangers", j->n.dangers), var(j, "names", few_text(j->a, &own, (int64_t)own.n, ""));
	var(j, "danger_names", few_text(j->a, &danger, j->n.dangers, "件"));
	var(j, "own", j->c->own_seconds >= 60 ? arena_strdup(j->a, clk_span_ja(j->c->own_seconds, buf)) : NULL);
	var(j, "share", arena_printf(j->a, "%lld", (long long)own_share(j->c)));
}

/* ---- off hours ---------------------------------------------------------------------------------------- */

static enum health_mark hours_mark(const struct judge *j)
{
	if (!j->n.heard)
		return HEALTH_NONE;
	if (j->n.off_days >= OFF_DAYS || j->n.nights >= OFF_NIGHTS)
		return HEALTH_WARN;
	return j->n.off_days ? HEALTH_FAIR : HEALTH_GOOD;
}

static void hours_vars(struct judge *j)
{
	struct few names = { .n = 0 };
	for (size_t i = 0; i < j->c->noff; i++)
		few_add(&names, j->c->off[i].terminal);
	j->nv = 0;
	var_n(j, "terminals", j->n.off_terminals), var_n(j, "days", j->n.off_days), var_n(j, "nights", j->n.nights);
	var(j, "names", few_text(j->a, &names, j->n.off_terminals, "台"));
}

/* ---- all --------------------------------------------------------------------------------------------- */

static void vars_of(struct judge *j, enum health_item i, enum health_mark m)
{
	if (i == HEALTH_OS && m == HEALTH_FAIR)
		os_fair_vars(j);
	else if (i == HEALTH_OS)
		os_vars(j);
	else if (i == HEALTH_SOFTWARE)
		software_vars(j, m);
	else if (i == HEALTH_MEDIA)
		media_vars(j);
	else if (i == HEALTH_WEB)
		web_vars(j);
	else
		hours_vars(j);
}

static void judge_item(struct judge *j, enum health_item i, enum health_mark m, struct health_words *r)
{
	static const char *const items[HEALTH_ITEMS] = { "os", "software", "media", "web", "hours" };
	static const char *const marks[HEALTH_MARKS] = { "none", "good", "fair", "warn", "bad" };
	sb_reset(&j->out);
	r->mark[i] = m;
	vars_of(j, i, m);
	say(j, i == HEALTH_OS && m == HEALTH_NONE && j->n.dated ? "os.dated" : arena_printf(j->a, "%s.%s", items[i], marks[m]), &j->out);
	r->text[i] = arena_memdup(j->a, j->out.s, j->out.len);
}

/* The most pressing first; what was said by a stronger one is not said again. */
static void judge_do(struct judge *j, const struct health_words *r)
{
	os_do(j, names_if(j, is_kev) ? "do.os_kev" : "do.os_critical", is_pressing);
	software_do(j, "do.software_kev", is_exploited);
	web_vars(j);
	if (j->n.dangers)
		add_do(j, "do.danger");
	os_do(j, "do.os_ended", is_ended);
	if (!j->n.sw_kev)
		software_do(j, "do.software_critical", is_severe);
	if (!names_if(j, is_pressing))
		os_do(j, "do.os_important", is_lacking);
	os_do(j, "do.os_reboot", is_reboot);
	if (!j->n.sw_kev && !j->n.sw_critical)
		software_do(j, "do.software_high", is_serious);
	software_do(j, "do.software_ended", is_left_alone);
	do_silent(j);
	media_vars(j);
	if (r->mark[HEALTH_MEDIA] == HEALTH_WARN)
		add_do(j, "do.media");
	hours_vars(j);
	if (r->mark[HEALTH_HOURS] == HEALTH_WARN)
		add_do(j, "do.hours");
	web_vars(j);
	if (r->mark[HEALTH_WEB] == HEALTH_WARN)
		add_do(j, "do.own");
	if (!j->ndo)
		add_do(j, "do.keep");
}

enum status checkup_judge(const struct checkup *c, const struct words *w, struct arena *a, struct health_words *r, struct err *e)
{
	struct judge j = { .c = c, .w = w, .a = a, .out = SB_INIT, .todo = SB_INIT, .e = e };
	checkup_count(c, a, &j.n);
	const enum health_mark m[HEALTH_ITEMS] = { os_mark(&j.n), software_mark(&j.n), media_mark(&j), web_mark(&j), hours_mark(&j) };
	for (int i = 0; i < HEALTH_ITEMS; i++)
		judge_item(&j, (enum health_item)i, m[i], r);
	judge_do(&j, r);
	r->text[HEALTH_DO] = arena_memdup(a, j.todo.s, j.todo.len);
	sb_free(&j.out);
	sb_free(&j.todo);
	return j.st == ERR_NOTFOUND ? ERR_PERM : j.st;
}
