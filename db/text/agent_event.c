/* The events of a batch: see agent_batch.h. */
#include "text/agent_batch_impl.h"
#include "text/site.h"
#include "wire/hc1.h"
#include <string.h>

enum { TIMES_MAX = 1000000, SECONDS_MAX = 86400 };
#define TIME_MAX ((int64_t)1 << 53)

static const struct { const char *name; enum agent_kind kind; } kinds[] = {
	{ "boot", AGENT_BOOT }, { "shutdown", AGENT_SHUTDOWN }, { "logon", AGENT_LOGON }, { "logoff", AGENT_LOGOFF },
	{ "unlock", AGENT_UNLOCK }, { "dev", AGENT_DEV }, { "print", AGENT_PRINT }, { "clock", AGENT_CLOCK },
	{ "web", AGENT_WEB }
};

/* An event's members as they stand; what they mean is its kind's matter. */
struct raw {
	int64_t q, t, n, s, pages, by;
	bool has_q, has_t, has_k;
	enum agent_kind kind;
	struct json_str name, user, how, op, class, host, printer, doc, vid, pid, serial;
};

static enum agent_kind kind_of(const struct json_str *s)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (json_eq(s, kinds[i].name))
			return kinds[i].kind;
	return AGENT_OTHER;
}

static struct json_str *text_member(struct raw *x, const struct json_str *key)
{
	const struct { const char *name; struct json_str *to; } texts[] = {
		{ "u", &x->user }, { "h", &x->host }, { "how", &x->how }, { "op", &x->op }, { "class", &x->class },
		{ "printer", &x->printer }, { "doc", &x->doc }, { "vid", &x->vid }, { "pid", &x->pid }, { "serial", &x->serial }
	};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (json_eq(key, texts[i].name))
			return texts[i].to;
	return NULL;
}

/* "n" is a name or a number, as the kind has it. */
static void read_n(struct json *j, struct raw *x)
{
	if (json_peek(j) == JSON_STRING)
		json_string(j, &x->name);
	else
		batch_number(j, 0, INT32_MAX, &x->n);
}

static void read_text(struct json *j, struct json_str *to)
{
	if (!json_null(j))
		json_string(j, to);
}

static void read_member(struct json *j, const struct json_str *key, struct raw *x)
{
	struct json_str k, *text;
	if (json_eq(key, "q")) {
		x->has_q = batch_number(j, 1, HC1_Q_MAX, &x->q);
	} else if (json_eq(key, "t")) {
		x->has_t = batch_number(j, -TIME_MAX, TIME_MAX, &x->t);
	} else if (json_eq(key, "k")) {
		x->has_k = json_string(j, &k);
		if (x->has_k)
			x->kind = kind_of(&k);
	} else if (json_eq(key, "n")) {
		read_n(j, x);
	} else if (json_eq(key, "s")) {
		batch_number(j, 0, INT32_MAX, &x->s);
	} else if (json_eq(key, "pages")) {
		batch_number(j, 0, INT32_MAX, &x->pages);
	} else if (json_eq(key, "by")) {
		batch_number(j, -TIME_MAX, TIME_MAX, &x->by);
	} else if ((text = text_member(x, key)) != NULL) {
		read_text(j, text);
	}
}

static const char *keep(struct arena *a, const struct json_str *s)
{
	char buf[AGENT_TEXT_MAX];
	if (s->n == 0)
		return "";
	json_copy(s, buf, sizeof buf);
	return buf[0] ? arena_strdup(a, buf) : "";
}

static int64_t least(int64_t x, int64_t y)
{
	return x < y ? x : y;
}

static const char *site_name(struct arena *a, const struct json_str *host)
{
	char buf[AGENT_TEXT_MAX], site[SITE_MAX];
	if (host->n == 0 || !json_copy(host, buf, sizeof buf) || !site_of(buf, site))
		return "";
	return arena_strdup(a, site);
}

static void interpret(struct arena *a, const struct raw *x, struct agent_event *v)
{
	*v = (struct agent_event){ .q = x->q, .at_ms = x->t, .kind = x->kind, .user = "", .name = "", .op = "", .class = "",
		.detail = "" };
	if (x->kind == AGENT_OTHER)
		return;
	if (x->kind == AGENT_WEB) {
		v->name = site_name(a, &x->host);
		v->n = least(x->n, TIMES_MAX);
		v->seconds = least(x->s, SECONDS_MAX);
		return;
	}
	v->user = keep(a, &x->user);
	v->op = keep(a, x->kind == AGENT_DEV ? &x->op : &x->how);
	v->class = keep(a, &x->class);
	v->name = keep(a, x->kind == AGENT_PRINT ? &x->printer : &x->name);
	v->n = x->kind == AGENT_PRINT ? x->pages : x->by;
	if (x->kind == AGENT_PRINT)
		v->detail = keep(a, &x->doc);
	else if (x->kind == AGENT_DEV)
		v->detail = arena_printf(a, "%s:%s:%s", keep(a, &x->vid), keep(a, &x->pid), keep(a, &x->serial));
}

static bool read_event(struct batch_read *r)
{
	struct agent_batch *b = r->b;
	struct json_str key;
	struct raw x = { 0 };
	json_object(r->j);
	while (json_key(r->j, &key))
		read_member(r->j, &key, &x);
	if (!x.has_q || !x.has_t || !x.has_k)
		return json_fail(r->j, ERR_PERM, "an event without number, time or kind");
	if (b->nevents == HC1_EVENTS_MAX)
		return json_fail(r->j, ERR_LIMIT, "too many events");
	if (b->nevents && x.q <= b->events[b->nevents - 1].q)
		return json_fail(r->j, ERR_DENIED, "events are not in order");
	b->events = batch_grow(r->a, b->events, b->nevents, sizeof *b->events);
	interpret(r->a, &x, &b->events[b->nevents++]);
	return true;
}

bool batch_events(struct batch_read *r)
{
	for (json_array(r->j); json_item(r->j);)
		if (!read_event(r))
			return false;
	return true;
}
