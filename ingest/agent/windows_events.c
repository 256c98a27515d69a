/* Boots, logons and prints from the Windows event log. What is read is behind
 * the record number that the bookmark holds; the first time, from now on. */
#include "evtxml.h"
#include "windows_util.h"
#include "base/log.h"
#include "base/xalloc.h"
#include <winevt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct channel {
	const char *name, *ids;
} channels[] = {
	{ "System", "(EventID=12 or EventID=13)" },
	{ "Security", "(EventID=4624 or EventID=4647)" },
	{ "Microsoft-Windows-PrintService/Operational", "(EventID=307)" },
};

static void *events_open(struct collect *c)
{
	(void)c;
	return xcalloc(1, sizeof(struct evt));
}

/* UTF-8, malloc'ed; NULL: it can't be rendered. */
static char *render(EVT_HANDLE h)
{
	DWORD used = 0, count;
	wchar_t *w;
	char *s;
	EvtRender(NULL, h, EvtRenderEventXml, 0, NULL, &used, &count);
	if (!used || used > 1 << 20)
		return NULL;
	w = xcalloc(used + 2, 1);
	s = EvtRender(NULL, h, EvtRenderEventXml, used, w, &used, &count) ? narrow(w) : NULL;
	free(w);
	return s;
}

static void tell(struct collect *c, const struct evt *x)
{
	struct evt_said s;
	if (!evt_say(x, &s))
		return;
	struct json_put *o = collect_event(c, x->t, s.kind, s.user);
	if (s.how)
		json_put_text_at(o, "how", s.how);
	if (s.printer) {
		json_put_text_at(o, "printer", s.printer);
		json_put_text_at(o, "doc", s.doc);
		json_put_int_at(o, "pages", s.pages);
	}
}

static EVT_HANDLE query(const struct channel *ch, int64_t after, DWORD flags)
{
	char *text = xasprintf("*[System[%s and EventRecordID > %" PRId64 "]]", ch->ids, after);
	wchar_t *name = wide(ch->name), *q = wide(text);
	EVT_HANDLE h = EvtQuery(NULL, name, q, EvtQueryChannelPath | flags);
	free(name);
	free(q);
	free(text);
	return h;
}

/* Up to `max` events; the number of the last record. */
static int64_t read_some(struct collect *c, struct evt *x, EVT_HANDLE h, size_t max, bool say)
{
	EVT_HANDLE v[16];
	DWORD n;
	int64_t last = 0;
	for (size_t got = 0; got < max && EvtNext(h, 16, v, 1000, 0, &n); got += n)
		for (DWORD i = 0; i < n; i++) {
			char *xml = render(v[i]);
			if (xml && evt_read(xml, strlen(xml), x)) {
				if (!last || x->record > last)
					last = x->record;
				if (say)
					tell(c, x);
			}
			free(xml);
			EvtClose(v[i]);
		}
	return last;
}

static void channel_tick(struct collect *c, struct evt *x, const struct channel *ch)
{
	const char *before = collect_bookmark(c, ch->name);
	int64_t after = before ? strtoll(before, NULL, 10) : 0;
	EVT_HANDLE h = query(ch, after, before ? EvtQueryForwardDirection : EvtQueryReverseDirection);
	struct err e;
	char place[24];
	if (!h)
		return; /* no such channel, or it is not for us */
	int64_t last = read_some(c, x, h, before ? COLLECT_PIECE : 1, before != NULL);
	EvtClose(h);
	if (before && !last)
		return;
	snprintf(place, sizeof place, "%" PRId64, last);
	if (collect_flush(c, ch->name, place, &e) != OK)
		log_warn("events", "error=%s", log_quote(e.msg));
}

static void events_tick(void *self, struct collect *c)
{
	for (size_t i = 0; i < sizeof channels / sizeof *channels; i++)
		channel_tick(c, self, &channels[i]);
}

const struct collector windows_events = { "logon", 30, events_open, events_tick, free };
