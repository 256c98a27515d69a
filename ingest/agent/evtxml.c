/* Events of the Windows event log: see evtxml.h. No XML library: what Windows
 * renders is flat, and what is odd is skipped. */
#include "evtxml.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct xml {
	const char *p, *end;
};

struct tag {
	const char *name, *attrs, *after; /* after: behind the '>' */
	size_t nname, nattrs;
	bool close, empty;
};

/* The next tag, comments and the like skipped. */
static bool next_tag(struct xml *x, struct tag *t)
{
	while (x->p < x->end) {
		const char *lt = memchr(x->p, '<', (size_t)(x->end - x->p));
		const char *gt = lt ? memchr(lt, '>', (size_t)(x->end - lt)) : NULL;
		if (!gt)
			return false;
		x->p = t->after = gt + 1;
		t->close = lt + 1 < gt && lt[1] == '/';
		t->name = lt + 1 + t->close;
		t->empty = gt[-1] == '/';
		t->nname = 0;
		while (t->name + t->nname < gt && !strchr(" \t\r\n/", t->name[t->nname]))
			t->nname++;
		t->attrs = t->name + t->nname;
		t->nattrs = (size_t)(gt - t->attrs);
		if (t->nname && t->name[0] != '!' && t->name[0] != '?')
			return true;
	}
	return false;
}

static bool is(const struct tag *t, const char *name)
{
	return t->nname == strlen(name) && memcmp(t->name, name, t->nname) == 0;
}

static size_t put_utf8(unsigned long c, char *out)
{
	if (c < 0x20 || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000))
		c = 0xFFFD;
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	for (size_t i = n - 1; i; i--, c >>= 6)
		out[i] = (char)(0x80 | (c & 0x3F));
	out[0] = (char)((n == 2 ? 0xC0 : n == 3 ? 0xE0 : 0xF0) | c);
	return n;
}

/* One entity at p; how long it is, 0: none. */
static size_t entity(const char *p, size_t n, char *out, size_t *nout)
{
	static const struct {
		const char *name;
		char c;
	} row[] = { { "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' }, { "&quot;", '"' }, { "&apos;", '\'' } };
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		size_t k = strlen(row[i].name);
		if (n >= k && memcmp(p, row[i].name, k) == 0) {
			out[0] = row[i].c;
			*nout = 1;
			return k;
		}
	}
	const char *semi = n > 3 && p[1] == '#' ? memchr(p, ';', n < 12 ? n : 12) : NULL;
	if (!semi)
		return 0;
	*nout = put_utf8(p[2] == 'x' ? strtoul(p + 3, NULL, 16) : strtoul(p + 2, NULL, 10), out);
	return (size_t)(semi - p) + 1;
}

static void decode(const char *p, size_t n, char *out, size_t cap)
{
	size_t at = 0;
	while (n && at + 5 < cap) {
		size_t nout = 1, k = *p == '&' ? entity(p, n, out + at, &nout) : 0;
		if (!k) {
			out[at] = *p;
			k = nout = 1;
		}
		at += nout;
		p += k;
		n -= k;
	}
	if (n) /* cut: not in the middle of a character */
		while (at && ((unsigned char)out[at] & 0xC0) == 0x80)
			at--;
	out[at] = '\0';
}

/* name='value' or name="value" */
static bool attr(const struct tag *t, const char *name, char *out, size_t cap)
{
	size_t k = strlen(name);
	for (size_t i = 0; i + k + 2 < t->nattrs; i++) {
		const char *p = t->attrs + i;
		if (!strchr(" \t\r\n", p[0]) || memcmp(p + 1, name, k) != 0 || p[1 + k] != '=')
			continue;
		const char *q = p + k + 2, *end = t->attrs + t->nattrs;
		const char *stop = q < end && (*q == '\'' || *q == '"') ? memchr(q + 1, *q, (size_t)(end - q - 1)) : NULL;
		if (!stop)
			return false;
		decode(q + 1, (size_t)(stop - q - 1), out, cap);
		return true;
	}
	out[0] = '\0';
	return false;
}

/* The text behind a tag, up to the next one. */
static void text(const struct xml *x, const struct tag *t, char *out, size_t cap)
{
	const char *lt = memchr(t->after, '<', (size_t)(x->end - t->after));
	decode(t->after, t->empty || !lt ? 0 : (size_t)(lt - t->after), out, cap);
}

/* 2026-11-25T00:12:13.1234567Z */
static int64_t when(const char *s)
{
	int y, mon, d, h, m, sec, ms = 0, n = 0;
	if (sscanf(s, "%4d-%2d-%2dT%2d:%2d:%2d%n", &y, &mon, &d, &h, &m, &sec, &n) != 6 || mon < 1 || mon > 12 || y < 1970)
		return -1;
	if (s[n] == '.')
		for (int i = 1, unit = 100; unit && s[n + i] >= '0' && s[n + i] <= '9'; i++, unit /= 10)
			ms += (s[n + i] - '0') * unit;
	int64_t yy = y - (mon <= 2), era = yy / 400, yoe = yy - era * 400;
	int64_t doy = (153 * (mon + (mon > 2 ? -3 : 9)) + 2) / 5 + d - 1, doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
	return ((era * 146097 + doe - 719468) * 86400 + h * 3600 + m * 60 + sec) * 1000 + ms;
}

static void system_tag(const struct xml *x, const struct tag *t, struct evt *e)
{
	char v[EVT_TEXT];
	if (is(t, "Provider"))
		attr(t, "Name", e->provider, sizeof e->provider);
	else if (is(t, "TimeCreated") && attr(t, "SystemTime", v, sizeof v))
		e->t = when(v);
	else if (is(t, "EventID") || is(t, "EventRecordID")) {
		text(x, t, v, sizeof v);
		if (is(t, "EventID"))
			e->id = (int)strtol(v, NULL, 10);
		else
			e->record = strtoll(v, NULL, 10);
	}
}

static void data_tag(const struct xml *x, const struct tag *t, struct evt *e)
{
	if (e->n == EVT_FIELDS || t->nname >= sizeof e->v[0].name)
		return;
	if (is(t, "Data")) {
		if (!attr(t, "Name", e->v[e->n].name, sizeof e->v[0].name))
			return;
	} else {
		memcpy(e->v[e->n].name, t->name, t->nname);
		e->v[e->n].name[t->nname] = '\0';
	}
	text(x, t, e->v[e->n].text, EVT_TEXT);
	e->n++;
}

bool evt_read(const char *xml, size_t n, struct evt *e)
{
	struct xml x = { xml, xml + n };
	struct tag t;
	bool data = false;
	memset(e, 0, sizeof *e);
	e->t = -1;
	while (next_tag(&x, &t)) {
		if (is(&t, "EventData") || is(&t, "UserData"))
			data = !t.close;
		else if (!t.close && data)
			data_tag(&x, &t, e);
		else if (!t.close)
			system_tag(&x, &t, e);
	}
	return e->id > 0 && e->record > 0 && e->t >= 0;
}

const char *evt_field(const struct evt *x, const char *name)
{
	for (size_t i = 0; i < x->n; i++)
		if (strcmp(x->v[i].name, name) == 0)
			return x->v[i].text;
	return "";
}

/* Not those of the system itself: SYSTEM, the window managers, machines. */
static bool person(const char *user, const char *domain)
{
	size_t n = strlen(user);
	return n && user[n - 1] != '$' && strcmp(user, "SYSTEM") != 0 && strcmp(user, "-") != 0 && strncmp(user, "DWM-", 4) != 0 &&
	       strncmp(user, "UMFD-", 5) != 0 && strcmp(domain, "NT AUTHORITY") != 0 && strcmp(domain, "Window Manager") != 0;
}

static bool say_logon(const struct evt *x, struct evt_said *s)
{
	const char *user = evt_field(x, "TargetUserName"), *domain = evt_field(x, "TargetDomainName");
	int type = (int)strtol(evt_field(x, "LogonType"), NULL, 10);
	if (!person(user, domain))
		return false;
	snprintf(s->user, sizeof s->user, "%s\\%s", domain, user);
	if (x->id == 4647) {
		s->kind = "logoff";
		return true;
	}
	s->kind = type == 7 ? "unlock" : "logon";
	s->how = type == 10 ? "remote" : "console";
	return type == 2 || type == 7 || type == 10 || type == 11;
}

bool evt_say(const struct evt *x, struct evt_said *s)
{
	memset(s, 0, sizeof *s);
	if (strcmp(x->provider, "Microsoft-Windows-Kernel-General") == 0 && (x->id == 12 || x->id == 13)) {
		s->kind = x->id == 12 ? "boot" : "shutdown";
		return true;
	}
	if (strcmp(x->provider, "Microsoft-Windows-Security-Auditing") == 0 && (x->id == 4624 || x->id == 4647))
		return say_logon(x, s);
	if (strcmp(x->provider, "Microsoft-Windows-PrintService") == 0 && x->id == 307) {
		s->kind = "print";
		snprintf(s->user, sizeof s->user, "%s", evt_field(x, "Param3"));
		s->doc = evt_field(x, "Param2");
		s->printer = evt_field(x, "Param5");
		s->pages = strtoll(evt_field(x, "Param8"), NULL, 10);
		return *s->printer != '\0';
	}
	return false;
}
