#ifndef AGENT_EVTXML_H
#define AGENT_EVTXML_H
/*
 * Events of the Windows event log, from the XML in which it renders them.
 * Portable, so that it is tested where there is no Windows. SECURITY: names of
 * documents and users come from anybody; all texts are bounded and cut.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { EVT_FIELDS = 40, EVT_TEXT = 256 };

struct evt {
	int id;
	int64_t record, t;     /* EventRecordID; ms since 1970 */
	char provider[EVT_TEXT];
	struct {
		char name[40], text[EVT_TEXT]; /* EventData by name; UserData: the elements' names */
	} v[EVT_FIELDS];
	size_t n;
};
/* false: no event, or without its number or time. */
bool evt_read(const char *xml, size_t n, struct evt *x);
const char *evt_field(const struct evt *x, const char *name); /* "" = not there */

struct evt_said { /* what it is to us */
	const char *kind, *how;      /* as in PROTOCOL.md; how NULL: none */
	char user[2 * EVT_TEXT + 2]; /* DOMAIN\user */
	const char *printer, *doc;   /* of a print, into the evt */
	int64_t pages;
};
/* false: nothing for us (a service's logon, say). */
bool evt_say(const struct evt *x, struct evt_said *s);

#endif
