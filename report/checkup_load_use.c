/* What terminals were used for: sites, off hours, media. See checkup_load.h. */
#include "checkup_load.h"
#include <stdlib.h>
#include <string.h>

enum { TEXT_COLS = 60, HOSTS = 5 };

/* ---- sites ---------------------------------------------------------------------------- */

static struct checkup_site site_of(const struct checkup_sources *src, const struct agent_site *s, struct arena *a)
{
	const struct site_kind *k = site_kind(src->sites, s->name);
	return (struct checkup_site){ .name = checkup_clean(a, strcmp(s->name, AGENT_SITE_OTHER) == 0 ? "(その他のサイト)" : s->name, TEXT_COLS),
		                      .kind = k ? k->kind : "", .hosts = "", .danger = k && k->danger, .own = k && k->own,
		                      .times = s->times, .seconds = s->seconds };
}

static int by_times(const void *a, const void *b)
{
	const struct agent_site *x = a, *y = b;
	return x->times != y->times ? x->times < y->times ? 1 : -1 : strcmp(x->name, y->name);
}

static size_t top(const struct checkup_sources *src, const struct agent_site *v, size_t n, struct arena *a, struct checkup_site **r)
{
	size_t most = n < CHECKUP_SITES ? n : CHECKUP_SITES;
	*r = arena_zalloc(a, (most + 1) * sizeof **r);
	for (size_t i = 0; i < most; i++)
		(*r)[i] = site_of(src, &v[i], a);
	return most;
}

/* All are counted; danger before own, the longest first, as many as there is room for. */
static void bad_sites(const struct checkup_sources *src, const struct agent_site *v, size_t n, struct arena *a, struct checkup *c)
{
	c->bad = arena_zalloc(a, CHECKUP_SITES * sizeof *c->bad);
	for (int danger = 1; danger >= 0; danger--)
		for (size_t i = 0; i < n; i++) {
			const struct site_kind *k = site_kind(src->sites, v[i].name);
			if (!k || (danger ? !k->danger : !k->own))
				continue;
			c->own_seconds += danger ? 0 : v[i].seconds;
			if (c->nbad < CHECKUP_SITES)
				c->bad[c->nbad++] = site_of(src, &v[i], a);
		}
}

/* Who was there: one that has to be looked after. c->bad begins with the dangerous ones. */
static enum status danger_hosts(const struct checkup_sources *src, const struct terminal *t, size_t nt, struct arena *a, struct checkup *c,
                                struct err *e)
{
	struct sb hosts[CHECKUP_SITES];
	size_t count[CHECKUP_SITES] = { 0 }, n = 0, nv;
	struct agent_site *v;
	enum status st = OK;
	const struct civil from = civil_of(checkup_from(c->month)), until = civil_of(checkup_until(c->month));
	for (; n < c->nbad && c->bad[n].danger; n++)
		hosts[n] = SB_INIT;
	for (size_t i = 0; n && st == OK && i < nt; i++) {
		st = agent_terminal_sites(src->reader, t[i].id, day_of(from.year, from.mon, 1), day_of(until.year, until.mon, 1), AGENT_BY_TIMES, 0, a, &v, &nv, e);
		for (size_t k = 0; st == OK && k < nv; k++) {
			const struct site_kind *kind = site_kind(src->sites, v[k].name); /* few are: thousands of sites cost little */
			for (size_t b = 0; kind && kind->danger && b < n; b++)
				if (strcmp(v[k].name, c->bad[b].name) == 0 && count[b]++ < HOSTS)
					sb_addf(&hosts[b], "%s%s", hosts[b].len ? "、" : "", c->terminal[i].name);
		}
	}
	for (size_t k = 0; k < n; k++) {
		if (count[k] > HOSTS)
			sb_addf(&hosts[k], " ほか%zu台", count[k] - HOSTS);
		c->bad[k].hosts = arena_memdup(a, hosts[k].s, hosts[k].len);
		sb_free(&hosts[k]);
	}
	return st;
}

enum status checkup_load_sites(const struct checkup_sources *src, int64_t contract, const struct terminal *t, size_t nt, struct arena *a,
                               struct checkup *c, struct err *e)
{
	struct agent_site *v = NULL;
	size_t n = 0;
	enum status st = agent_sites(src->reader, contract, c->month, AGENT_BY_SECONDS, 0, a, &v, &n, e);
	if (st != OK)
		return st;
	c->sites = (int64_t)n;
	for (size_t i = 0; i < n; i++) {
		c->web_times += v[i].times;
		c->web_seconds += v[i].seconds;
	}
	c->nby_time = top(src, v, n, a, &c->by_time);
	bad_sites(src, v, n, a, c);
	if (n)
		qsort(v, n, sizeof *v, by_times);
	c->nby_times = top(src, v, n, a, &c->by_times);
	return danger_hosts(src, t, nt, a, c, e);
}

/* ---- off hours --------------------------------------------------------------------------- */

struct uses { /* growing lists */
	struct checkup_off *off;
	struct checkup_media *media;
	size_t noff, coff, nmedia, cmedia;
};

static void *room(struct arena *a, void *v, size_t n, size_t *cap, size_t size)
{
	if (n < *cap)
		return v;
	*cap = *cap ? 2 * *cap : 32;
	char *more = arena_zalloc(a, *cap * size);
	if (n)
		memcpy(more, v, n * size);
	return more;
}

static bool is_night(const struct civil *t)
{
	return t->hour >= 22 || t->hour < 5;
}

static void add_off(const struct checkup_sources *src, const char *terminal, const struct agent_row *r, struct arena *a, struct uses *u)
{
	const epoch at = r->at_ms / 1000;
	const struct civil t = civil_of(at);
	const int64_t day = day_of(t.year, t.mon, t.day);
	if (r->moved || u->noff >= CHECKUP_OFF_MAX)
		return;
	u->off = room(a, u->off, u->noff, &u->coff, sizeof *u->off);
	u->off[u->noff++] = (struct checkup_off){
		.terminal = terminal, .user = checkup_clean(a, r->user, TEXT_COLS), .at = at, .night = is_night(&t),
		.what = r->kind == AGENT_BOOT ? "起動" : r->kind == AGENT_UNLOCK ? "ロック解除" : "ログオン",
		.holiday = t.wday == 0 || t.wday == 6 || cal_holiday(src->cal, day) };
}

static int by_time(const void *a, const void *b)
{
	const struct checkup_off *x = a, *y = b;
	return x->at != y->at ? x->at < y->at ? -1 : 1 : strcmp(x->terminal, y->terminal);
}

/* ---- media --------------------------------------------------------------------------------- */

static const char *media_kind(const char *class)
{
	static const char *const names[][2] = { { "usb_storage", "USBメモリ" }, { "disk", "外付けディスク" }, { "optical", "光学メディア" },
		                                { "phone", "スマートフォン・タブレット" } };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(class, names[i][0]) == 0)
			return names[i][1];
	return NULL;
}

/* "vid:pid:serial" */
static const char *serial_of(struct arena *a, const char *detail)
{
	const char *p = strchr(detail, ':');
	p = p ? strchr(p + 1, ':') : NULL;
	return p ? checkup_clean(a, p + 1, TEXT_COLS) : "";
}

static void add_media(const char *terminal, const struct agent_row *r, struct arena *a, struct uses *u, size_t from)
{
	const char *kind = media_kind(r->class);
	const epoch at = r->at_ms / 1000;
	if (!kind || strcmp(r->op, "attach") != 0)
		return;
	const char *name = checkup_clean(a, r->name, TEXT_COLS), *serial = serial_of(a, r->detail);
	for (size_t i = from; i < u->nmedia; i++) {
		struct checkup_media *m = &u->media[i];
		if (strcmp(m->name, name) == 0 && strcmp(m->serial, serial) == 0 && m->kind == kind) {
			m->times++;
			m->last = at;
			return;
		}
	}
	if (u->nmedia >= CHECKUP_MEDIA_MAX || u->nmedia - from >= 200) /* of one terminal */
		return;
	u->media = room(a, u->media, u->nmedia, &u->cmedia, sizeof *u->media);
	u->media[u->nmedia++] = (struct checkup_media){ terminal, kind, name, serial, 1, at, at };
}

static int by_often(const void *a, const void *b)
{
	const struct checkup_media *x = a, *y = b;
	return x->times != y->times ? x->times < y->times ? 1 : -1 : strcmp(x->terminal, y->terminal);
}

static enum status load_one(const struct checkup_sources *src, int64_t terminal, const char *name, const struct checkup *c, struct arena *a,
                            struct uses *u, struct err *e)
{
	struct agent_row *v;
	size_t n, from = u->nmedia;
	const epoch begin = checkup_from(c->month), end = checkup_until(c->month);
	enum status st = agent_off_hours_rows(src->reader, src->cal, terminal, begin, end, a, &v, &n, e);
	for (size_t i = 0; st == OK && i < n; i++)
		add_off(src, name, &v[i], a, u);
	if (st == OK)
		st = agent_rows(src->reader, terminal, AGENT_BIT(AGENT_DEV), begin, end, a, &v, &n, e);
	for (size_t i = 0; st == OK && i < n; i++)
		add_media(name, &v[i], a, u, from);
	return st;
}

enum status checkup_load_use(const struct checkup_sources *src, const struct terminal *v, size_t n, struct arena *a, struct checkup *c,
                             struct err *e)
{
	struct uses u = { .noff = 0 };
	enum status st = OK;
	for (size_t i = 0; st == OK && i < n; i++)
		st = load_one(src, v[i].id, c->terminal[i].name, c, a, &u, e);
	if (u.noff)
		qsort(u.off, u.noff, sizeof *u.off, by_time);
	if (u.nmedia)
		qsort(u.media, u.nmedia, sizeof *u.media, by_often);
	c->off = u.off, c->noff = u.noff, c->media = u.media, c->nmedia = u.nmedia;
	return st;
}
