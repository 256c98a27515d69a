/*
 * Facts of a health check as text: a record a line, its kind first, fields with
 * tabs between; tab, line feed and backslash in a field are \t, \n and \\.
 */
#include "checkup.h"
#include <stdlib.h>
#include <string.h>

enum { FIELDS_MAX = 16, BYTES_MAX = 64 << 20 };

/* ---- writing ------------------------------------------------------------------------ */

static void text(struct sb *out, const char *s)
{
	sb_addc(out, '\t');
	for (; s && *s; s++)
		if (*s == '\t' || *s == '\n' || *s == '\\')
			sb_addf(out, "\\%c", *s == '\t' ? 't' : *s == '\n' ? 'n' : '\\');
		else
			sb_addc(out, *s);
}

static void number(struct sb *out, int64_t n)
{
	sb_addf(out, "\t%lld", (long long)n);
}

static void write_terminal(const struct checkup_terminal *t, struct sb *out)
{
	sb_adds(out, "terminal");
	text(out, t->name), text(out, t->os), number(out, t->patch), number(out, t->critical), number(out, t->important);
	number(out, t->kev), text(out, t->action), text(out, t->cves), text(out, t->evidence), number(out, t->software);
	number(out, t->days), number(out, t->from), number(out, t->to), number(out, t->lost), number(out, t->last_at);
	sb_addc(out, '\n');
}

static void write_software(const struct checkup_software *s, struct sb *out)
{
	sb_adds(out, "software");
	text(out, s->name), text(out, s->version), text(out, s->fixed), text(out, s->cves), text(out, s->hosts);
	number(out, s->severity), number(out, s->kev), number(out, s->ended), number(out, s->check), number(out, s->terminals);
	sb_addc(out, '\n');
}

static void write_sites(const char *kind, const struct checkup_site *v, size_t n, struct sb *out)
{
	for (size_t i = 0; i < n; i++) {
		sb_adds(out, kind);
		text(out, v[i].name), text(out, v[i].kind), number(out, v[i].danger), number(out, v[i].own);
		number(out, v[i].times), number(out, v[i].seconds), text(out, v[i].hosts);
		sb_addc(out, '\n');
	}
}

static void write_off(const struct checkup_off *o, struct sb *out)
{
	sb_adds(out, "off");
	text(out, o->terminal), text(out, o->user), text(out, o->what), number(out, o->at), number(out, o->night), number(out, o->holiday);
	sb_addc(out, '\n');
}

static void write_media(const struct checkup_media *m, struct sb *out)
{
	sb_adds(out, "media");
	text(out, m->terminal), text(out, m->kind), text(out, m->name), text(out, m->serial);
	number(out, m->times), number(out, m->first), number(out, m->last);
	sb_addc(out, '\n');
}

static void write_past(const struct checkup_past *p, struct sb *out)
{
	sb_adds(out, "past");
	number(out, p->month), number(out, p->terminals);
	for (int i = 0; i < HEALTH_ITEMS; i++)
		number(out, p->mark[i]), number(out, p->number[i]);
	sb_addc(out, '\n');
}

void checkup_write(const struct checkup *c, struct sb *out)
{
	sb_adds(out, "contract");
	text(out, c->number), text(out, c->company), text(out, c->contact), number(out, c->month), number(out, c->made_at), text(out, c->feed), number(out, c->workdays), text(out, c->until);
	sb_adds(out, "\nweb");
	number(out, c->sites), number(out, c->web_times), number(out, c->web_seconds), number(out, c->own_seconds);
	sb_addc(out, '\n');
	for (size_t i = 0; i < c->nterminal; i++)
		write_terminal(&c->terminal[i], out);
	for (size_t i = 0; i < c->nsoftware; i++)
		write_software(&c->software[i], out);
	write_sites("by_time", c->by_time, c->nby_time, out);
	write_sites("by_times", c->by_times, c->nby_times, out);
	write_sites("bad", c->bad, c->nbad, out);
	for (size_t i = 0; i < c->noff; i++)
		write_off(&c->off[i], out);
	for (size_t i = 0; i < c->nmedia; i++)
		write_media(&c->media[i], out);
	for (size_t i = 0; i < c->npast; i++)
		write_past(&c->past[i], out);
}

/* ---- reading -------------------------------------------------------------------------- */

struct record {
	char *f[FIELDS_MAX];
	size_t n, at; /* fields; the next to be taken */
	bool bad;
};

static const char *take_text(struct record *r)
{
	if (r->at >= r->n) {
		r->bad = true;
		return "";
	}
	char *s = r->f[r->at++], *to = s;
	for (const char *p = s; *p; p++)
		if (*p == '\\' && p[1]) {
			p++;
			*to++ = *p == 't' ? '\t' : *p == 'n' ? '\n' : *p;
		} else
			*to++ = *p;
	*to = '\0';
	return s;
}

/* One that facts of before it was thought of lack. */
static const char *take_later(struct record *r)
{
	return r->at < r->n ? take_text(r) : "";
}

static int64_t take_number(struct record *r)
{
	char *end;
	if (r->at >= r->n) {
		r->bad = true;
		return 0;
	}
	const char *s = r->f[r->at++];
	int64_t v = strtoll(s, &end, 10);
	r->bad = r->bad || end == s || *end;
	return v;
}

/* An enum's number below n. */
static int take_enum(struct record *r, int n)
{
	int64_t v = take_number(r);
	r->bad = r->bad || v < 0 || v >= n;
	return r->bad ? 0 : (int)v;
}

static void take_contract(struct record *r, struct checkup *c)
{
	c->number = take_text(r), c->company = take_text(r), c->contact = take_text(r);
	c->month = (int)take_number(r), c->made_at = take_number(r), c->feed = take_text(r), c->workdays = (uint32_t)take_number(r);
	c->until = take_later(r);
	r->bad = r->bad || c->month < 190001 || c->month > 999912 || c->month % 100 < 1 || c->month % 100 > 12;
}

static void take_terminal(struct record *r, void *row)
{
	struct checkup_terminal *t = row;
	t->name = take_text(r), t->os = take_text(r), t->patch = (enum checkup_patch)take_enum(r, CHECKUP_PATCHES);
	t->critical = take_number(r), t->important = take_number(r), t->kev = take_number(r) != 0;
	t->action = take_text(r), t->cves = take_text(r), t->evidence = take_text(r), t->software = take_number(r);
	t->days = (uint32_t)take_number(r), t->from = take_enum(r, 32), t->to = take_enum(r, 32), t->lost = take_number(r), t->last_at = take_number(r);
}

static void take_software(struct record *r, void *row)
{
	struct checkup_software *s = row;
	s->name = take_text(r), s->version = take_text(r), s->fixed = take_text(r), s->cves = take_text(r), s->hosts = take_text(r);
	s->severity = (enum checkup_severity)take_enum(r, CHECKUP_CRITICAL + 1);
	s->kev = take_number(r) != 0, s->ended = take_number(r) != 0, s->check = take_number(r) != 0, s->terminals = take_number(r);
}

static void take_site(struct record *r, void *row)
{
	struct checkup_site *s = row;
	s->name = take_text(r), s->kind = take_text(r), s->danger = take_number(r) != 0, s->own = take_number(r) != 0;
	s->times = take_number(r), s->seconds = take_number(r), s->hosts = take_later(r);
}

static void take_off(struct record *r, void *row)
{
	struct checkup_off *o = row;
	o->terminal = take_text(r), o->user = take_text(r), o->what = take_text(r), o->at = take_number(r);
	o->night = take_number(r) != 0, o->holiday = take_number(r) != 0;
}

static void take_media(struct record *r, void *row)
{
	struct checkup_media *m = row;
	m->terminal = take_text(r), m->kind = take_text(r), m->name = take_text(r), m->serial = take_text(r);
	m->times = take_number(r), m->first = take_number(r), m->last = take_number(r);
}

static void take_past(struct record *r, void *row)
{
	struct checkup_past *p = row;
	p->month = (int)take_number(r), p->terminals = take_number(r);
	for (int i = 0; i < HEALTH_ITEMS; i++)
		p->mark[i] = (enum health_mark)take_enum(r, HEALTH_MARKS), p->number[i] = take_number(r);
}

static void split(char *line, struct record *r)
{
	*r = (struct record){ .n = 0 };
	for (char *p = line, *tab; p; p = tab) {
		tab = strchr(p, '\t');
		if (tab)
			*tab++ = '\0';
		if (r->n < FIELDS_MAX)
			r->f[r->n++] = p;
		else
			r->bad = true;
	}
	r->at = 1;
}

/* One of the lists, by the first field. */
struct list {
	const char *kind;
	void (*take)(struct record *, void *);
	void **v;
	size_t *n, size, max, cap;
};

static bool grow(struct list *l, struct arena *a)
{
	if (*l->n == l->max)
		return false;
	if (*l->n == l->cap) {
		l->cap = l->cap ? 2 * l->cap : 16;
		char *more = arena_zalloc(a, l->cap * l->size);
		if (*l->n)
			memcpy(more, *l->v, *l->n * l->size);
		*l->v = more;
	}
	return true;
}

static void web(struct record *r, struct checkup *c)
{
	c->sites = take_number(r), c->web_times = take_number(r), c->web_seconds = take_number(r), c->own_seconds = take_number(r);
}

/* False: an unknown kind, or one too many. */
static bool take(struct record *r, struct checkup *c, struct list *lists, size_t nlists, struct arena *a)
{
	if (strcmp(r->f[0], "contract") == 0)
		return take_contract(r, c), true;
	if (strcmp(r->f[0], "web") == 0)
		return web(r, c), true;
	for (size_t i = 0; i < nlists; i++) {
		struct list *l = &lists[i];
		if (strcmp(r->f[0], l->kind) != 0)
			continue;
		if (!grow(l, a))
			return false;
		l->take(r, (char *)*l->v + (*l->n)++ * l->size);
		return true;
	}
	return false;
}

enum status checkup_read(const char *bytes, size_t n, struct arena *a, struct checkup *c, struct err *e)
{
#define LIST(name, fn, field, most) { name, fn, (void **)&c->field, &c->n##field, sizeof *c->field, most, 0 }
	struct list lists[] = {
		LIST("terminal", take_terminal, terminal, CHECKUP_TERMINALS_MAX), LIST("software", take_software, software, CHECKUP_SOFTWARE_MAX),
		LIST("by_time", take_site, by_time, CHECKUP_SITES),               LIST("by_times", take_site, by_times, CHECKUP_SITES),
		LIST("bad", take_site, bad, CHECKUP_SITES),                       LIST("off", take_off, off, CHECKUP_OFF_MAX),
		LIST("media", take_media, media, CHECKUP_MEDIA_MAX),              LIST("past", take_past, past, CHECKUP_PAST_MAX),
	};
	struct record r;
	size_t line = 0;
	*c = (struct checkup){ .number = NULL };
	if (n > BYTES_MAX)
		return err_set(e, ERR_LIMIT, "facts of %zu bytes", n);
	char *copy = arena_strndup(a, bytes, n);
	for (char *p = copy, *nl; p && *p; p = nl) {
		nl = strchr(p, '\n');
		if (nl)
			*nl++ = '\0';
		line++;
		if (!*p)
			continue;
		split(p, &r);
		if (!take(&r, c, lists, sizeof lists / sizeof *lists, a) || r.bad)
			return err_set(e, ERR_PERM, "facts: line %zu", line);
	}
	return c->number ? OK : err_set(e, ERR_PERM, "facts: no contract");
}
