/*
 * An invitation in words. See ical.h.
 * BUGS: only UTC is counted over to Japan's time, another zone is named. Of a series
 * the first time is told, and that it is one; its exceptions are not.
 */
#include "text/ical.h"
#include "base/clk.h"
#include "text/hdrword.h"
#include "text/utf8.h"
#include <string.h>
#include <strings.h>

enum { LINE_MAX_BYTES = 8192, DAY = 24 * 3600, JST = 9 * 3600 };

struct when {
	bool known, time; /* time: not a whole day */
	epoch at;
};

struct event {
	const char *title; /* static, or NULL */
	struct sb summary, place, organizer, zone, answer, link, about;
	struct when start, end;
	long lasts; /* DURATION in seconds, 0: none */
	bool series, reply, exception;
};

/* One content line: NAME;PARAM=…:VALUE, unfolded. */
struct content {
	const char *name, *params, *value; /* params: from the first ';' or "" */
	size_t name_n, params_n, value_n;
};

static bool is(const struct content *c, const char *name)
{
	return strlen(name) == c->name_n && strncasecmp(c->name, name, c->name_n) == 0;
}

static bool value_is(const struct content *c, const char *v)
{
	return strlen(v) == c->value_n && strncasecmp(c->value, v, c->value_n) == 0;
}

/* ---- lines ------------------------------------------------------------------------- */

/* The next line without its folds. */
static bool next_line(const char **p, const char *end, struct sb *line)
{
	sb_reset(line);
	if (*p >= end)
		return false;
	for (;;) {
		const char *lf = memchr(*p, '\n', (size_t)(end - *p)), *stop = lf ? lf : end;
		size_t n = (size_t)(stop - *p);
		while (n && (*p)[n - 1] == '\r')
			n--;
		if (line->len < LINE_MAX_BYTES)
			sb_add(line, *p, n);
		*p = lf ? lf + 1 : end;
		if (*p >= end || (**p != ' ' && **p != '\t'))
			return true;
		++*p;
	}
}

/* The colon that ends the parameters: not one in quotes. */
static bool split(const struct sb *line, struct content *c)
{
	size_t i = 0, k;
	bool quoted = false;
	while (i < line->len && line->s[i] != ';' && line->s[i] != ':')
		i++;
	for (k = i; k < line->len && (quoted || line->s[k] != ':'); k++)
		quoted ^= line->s[k] == '"';
	*c = (struct content){ .name = line->s, .name_n = i, .params = line->s + i, .params_n = k - i };
	if (k >= line->len)
		return false;
	c->value = line->s + k + 1;
	c->value_n = line->len - k - 1;
	return true;
}

/* \n \, \; \\ of a TEXT, on one line. */
static void text_value(const char *p, size_t n, struct sb *out)
{
	struct sb raw = SB_INIT;
	for (size_t i = 0; i < n; i++) {
		bool escaped = p[i] == '\\' && i + 1 < n;
		i += escaped;
		sb_addc(&raw, escaped && (p[i] == 'n' || p[i] == 'N') ? ' ' : p[i]);
	}
	sb_setlen(&raw, utf8_head(raw.s, raw.len, ICAL_TEXT));
	sb_reset(out);
	text_one_line(raw.s, raw.len, out);
	sb_free(&raw);
}

/* The same with its line ends. */
static void long_value(const char *p, size_t n, struct sb *out)
{
	struct sb line = SB_INIT, one = SB_INIT;
	sb_reset(out);
	for (size_t i = 0; i <= n && out->len < ICAL_LONG; i++) {
		bool escaped = i + 1 < n && p[i] == '\\', ends = i == n || (escaped && (p[i + 1] == 'n' || p[i + 1] == 'N'));
		i += escaped;
		if (!ends) {
			sb_addc(&line, p[i]);
			continue;
		}
		sb_reset(&one);
		text_one_line(line.s, utf8_head(line.s, line.len, ICAL_LONG - out->len), &one);
		sb_addf(out, "%s\n", one.s);
		sb_reset(&line);
	}
	while (out->len > 1 && out->s[out->len - 2] == '\n')
		sb_setlen(out, out->len - 1);
	sb_free(&line);
	sb_free(&one);
}

/* The first address of a page in it. */
static void find_link(const struct sb *about, struct sb *out)
{
	const char *p = strstr(about->s, "https://");
	size_t n = 0;
	while (p && (unsigned char)p[n] > ' ' && (unsigned char)p[n] < 0x7F && !strchr("<>\"", p[n]) && n < ICAL_TEXT)
		n++;
	if (p && !out->len)
		sb_add(out, p, n);
}

/* Parameter values are quoted, never encoded. */
static bool param(const struct content *c, const char *name, struct sb *out)
{
	size_t k = strlen(name);
	bool quoted = false;
	for (size_t i = 0; i + k + 1 < c->params_n; i++) {
		quoted ^= c->params[i] == '"';
		if (quoted || c->params[i] != ';' || strncasecmp(c->params + i + 1, name, k) != 0 || c->params[i + 1 + k] != '=')
			continue;
		const char *v = c->params + i + k + 2, *end = c->params + c->params_n;
		bool q = v < end && *v == '"';
		v += q;
		size_t n = 0;
		while (v + n < end && v[n] != '"' && (q || v[n] != ';'))
			n++;
		text_value(v, n, out);
		return out->len;
	}
	return false;
}

/* ---- values -------------------------------------------------------------------------- */

static bool digits(const char *p, size_t n, int *v_r)
{
	*v_r = 0;
	for (size_t i = 0; i < n; i++) {
		if (p[i] < '0' || p[i] > '9')
			return false;
		*v_r = *v_r * 10 + (p[i] - '0');
	}
	return true;
}

static bool read_date(const struct content *c, bool *time_r, epoch *at_r)
{
	int y, mo, d, h = 0, mi = 0;
	const char *v = c->value;
	bool time = c->value_n >= 13 && v[8] == 'T';
	if (c->value_n < 8 || !digits(v, 4, &y) || !digits(v + 4, 2, &mo) || !digits(v + 6, 2, &d) || y < 1970 || mo < 1 ||
	    mo > 12 || d < 1 || d > 31)
		return false;
	if (time && (!digits(v + 9, 2, &h) || !digits(v + 11, 2, &mi) || h > 23 || mi > 59))
		return false;
	bool utc = time && v[c->value_n - 1] == 'Z';
	*at_r = epoch_of(y, mo, d, h, mi, 0) + (utc ? JST : 0);
	*time_r = time;
	return true;
}

/* 20261125T100000, with Z or without, or 20261125. */
static void read_when(struct when *w, const struct content *c, struct sb *zone)
{
	w->known = read_date(c, &w->time, &w->at);
	if (w->known && w->time && c->value[c->value_n - 1] != 'Z')
		(void)param(c, "TZID", zone);
}

/* P1W, P1DT2H, PT1H30M */
static long read_duration(const struct content *c)
{
	long all = 0, v = 0;
	for (size_t i = 0; i < c->value_n; i++) {
		char ch = c->value[i];
		if (ch >= '0' && ch <= '9')
			v = v < 100000 ? v * 10 + (ch - '0') : v;
		else if (ch == '-')
			return 0;
		else
			all += v * (ch == 'W' ? 7 * DAY : ch == 'D' ? DAY : ch == 'H' ? 3600 : ch == 'M' ? 60 : 0), v = 0;
	}
	return all;
}

static bool is_link(const struct content *c)
{
	return is(c, "URL") || is(c, "CONFERENCE") || is(c, "X-GOOGLE-CONFERENCE") || is(c, "X-MICROSOFT-SKYPETEAMSMEETINGURL");
}

static void read_organizer(const struct content *c, struct sb *out)
{
	struct sb name = SB_INIT, addr = SB_INIT;
	bool mail = c->value_n > 7 && strncasecmp(c->value, "mailto:", 7) == 0;
	text_value(c->value + (mail ? 7 : 0), c->value_n - (mail ? 7 : 0), &addr);
	sb_reset(out);
	if (param(c, "CN", &name) && strcmp(name.s, addr.s) != 0)
		sb_addf(out, addr.len ? "%s <%s>" : "%s", name.s, addr.s);
	else
		sb_add(out, addr.s, addr.len);
	sb_free(&name);
	sb_free(&addr);
}

/* Who answers says how (RFC 5546 §3.2.3). */
static void read_attendee(const struct content *c, struct sb *out)
{
	static const char *const answers[][2] = { { "ACCEPTED", "出席" }, { "DECLINED", "欠席" }, { "TENTATIVE", "仮の出席" },
		                                  { "DELEGATED", "代理の出席" } };
	struct sb how = SB_INIT, who = SB_INIT;
	if (!out->len && param(c, "PARTSTAT", &how))
		for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
			if (strcasecmp(how.s, answers[i][0]) == 0) {
				read_organizer(c, &who);
				sb_addf(out, "%s（%s）", answers[i][1], who.s);
			}
	sb_free(&how);
	sb_free(&who);
}

static const char *title(const struct content *c)
{
	static const char *const methods[][2] = { { "REQUEST", "予定への招待" }, { "CANCEL", "予定の取り消し" }, { "REPLY", "招待への返事" },
		                                  { "COUNTER", "別の日時の提案" } };
	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
		if (value_is(c, methods[i][0]))
			return methods[i][1];
	return NULL;
}

/* ---- the event ------------------------------------------------------------------------- */

static void read_content(const struct content *c, struct event *e)
{
	if (is(c, "SUMMARY"))
		text_value(c->value, c->value_n, &e->summary);
	else if (is(c, "LOCATION"))
		text_value(c->value, c->value_n, &e->place);
	else if (is(c, "ORGANIZER"))
		read_organizer(c, &e->organizer);
	else if (is(c, "ATTENDEE"))
		read_attendee(c, &e->answer);
	else if (is(c, "DTSTART"))
		read_when(&e->start, c, &e->zone);
	else if (is(c, "DTEND"))
		read_when(&e->end, c, &e->zone);
	else if (is(c, "DURATION"))
		e->lasts = read_duration(c);
	else if (is(c, "DESCRIPTION"))
		long_value(c->value, c->value_n, &e->about);
	else if (is_link(c) && !e->link.len)
		text_value(c->value, c->value_n, &e->link);
	else if (is(c, "RRULE"))
		e->series = true;
	else if (is(c, "RECURRENCE-ID"))
		e->exception = true;
	else if (is(c, "STATUS") && value_is(c, "CANCELLED"))
		e->title = "予定の取り消し";
}

/* What a method says of all the events behind it. */
struct reading {
	const char *p, *end, *title;
	bool reply;
};

/* The next VEVENT; what is nested in it (alarms) has fields of the same names. */
static bool next_event(struct reading *r, struct event *e)
{
	struct sb line = SB_INIT;
	struct content c;
	unsigned inner = 0;
	bool in = false;
	while (next_line(&r->p, r->end, &line)) {
		if (!split(&line, &c))
			continue;
		if (!in && is(&c, "METHOD"))
			r->title = title(&c), r->reply = value_is(&c, "REPLY");
		else if (!in && is(&c, "BEGIN"))
			in = value_is(&c, "VEVENT"), e->title = r->title, e->reply = r->reply;
		else if (in && is(&c, "BEGIN"))
			inner++;
		else if (in && is(&c, "END") && !inner)
			break;
		else if (in && is(&c, "END"))
			inner--;
		else if (in && !inner)
			read_content(&c, e);
	}
	if (!e->end.known && e->start.known && e->lasts)
		e->end = (struct when){ true, e->start.time, e->start.at + e->lasts };
	find_link(&e->about, &e->link);
	sb_free(&line);
	return in;
}

static void put_date(const struct civil *t, struct sb *out)
{
	sb_addf(out, "%d年%d月%d日（%s）", t->year, t->mon, t->day, clk_wday_ja(t->wday));
}

static bool same_day(const struct civil *a, const struct civil *b)
{
	return a->year == b->year && a->mon == b->mon && a->day == b->day;
}

/* The end of whole days is the day after the last (RFC 5545 §3.6.1). */
static void put_when(const struct event *e, struct sb *out)
{
	struct civil from = civil_of(e->start.at), to = civil_of(e->end.at - (e->end.time ? 0 : DAY));
	bool end = e->end.known && e->end.at > e->start.at && e->end.time == e->start.time;
	put_date(&from, out);
	if (e->start.time)
		sb_addf(out, "%02d:%02d", from.hour, from.min);
	if (end && (e->end.time || !same_day(&from, &to)))
		sb_adds(out, "～");
	if (end && !same_day(&from, &to))
		put_date(&to, out);
	if (end && e->end.time)
		sb_addf(out, "%02d:%02d", to.hour, to.min);
	if (e->zone.len && !strstr(e->zone.s, "Tokyo") && !strstr(e->zone.s, "Japan"))
		sb_addf(out, "（%s の時刻）", e->zone.s);
	if (e->series)
		sb_adds(out, "（繰り返しの予定）");
}

static void put_line(const char *name, const struct sb *v, struct sb *out)
{
	if (v->len)
		sb_addf(out, "　%s：%s\n", name, v->s);
}

static void put_event(const struct event *e, bool whole, struct sb *out)
{
	sb_addf(out, "［%s］\n", e->title ? e->title : "予定");
	put_line("件名", &e->summary, out);
	if (e->start.known) {
		sb_adds(out, "　日時：");
		put_when(e, out);
		sb_addc(out, '\n');
	}
	put_line("場所", &e->place, out);
	if (!e->place.len || !strstr(e->place.s, e->link.s))
		put_line("リンク", &e->link, out);
	put_line("主催者", &e->organizer, out);
	if (e->reply)
		put_line("返事", &e->answer, out);
	if (whole && e->about.len > 1)
		sb_addf(out, "　内容：\n%s", e->about.s);
}

static void event_free(struct event *e)
{
	struct sb *const all[] = { &e->summary, &e->place, &e->organizer, &e->zone, &e->answer, &e->link, &e->about };
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		sb_free(all[i]);
}

bool text_from_ical(const char *utf8, size_t n, bool whole, struct sb *out)
{
	struct reading r = { .p = utf8, .end = utf8 + n };
	size_t told = 0, more = 0;
	for (bool any = true; any;) {
		struct event e = { .summary = SB_INIT, .place = SB_INIT, .organizer = SB_INIT, .zone = SB_INIT, .answer = SB_INIT,
			           .link = SB_INIT, .about = SB_INIT };
		any = next_event(&r, &e);
		if (any && !(told && (e.exception || !e.summary.len))) {
			more += told == ICAL_EVENTS;
			if (told < ICAL_EVENTS)
				put_event(&e, whole, out), told++;
		}
		event_free(&e);
	}
	if (more)
		sb_addf(out, "　（ほかに %zu 件の予定）\n", more);
	return told;
}
