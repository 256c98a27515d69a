#ifndef AGENT_COLLECT_H
#define AGENT_COLLECT_H
/*
 * Between the agent and what it watches. A collector looks at one thing of the
 * system and tells what happened; a section says what the machine is. Each
 * system has its table of both; the core calls them in turn, from one thread.
 *
 * What a collector tells goes to the spool with collect_flush: all events since
 * the last one, and how far its source was read, at once or not at all.
 */
#include "plat.h"
#include "text/json_put.h"

struct collect; /* the agent, as collectors see it */

/* From the agent's own configuration file (options.h) and the server's. */
const char *collect_option(const struct collect *c, const char *name);         /* NULL: not set */
const char *collect_watch(const struct collect *c, size_t i);                  /* the i-th folder, or NULL */
int64_t collect_wall(const struct collect *c);
int64_t collect_mono(const struct collect *c);
const char *collect_bookmark(const struct collect *c, const char *name);       /* NULL: never read */

/* An event begins; its members follow by json_put_*_at on what is returned;
 * `user` may be NULL. */
struct json_put *collect_event(struct collect *c, int64_t t, const char *kind, const char *user);
/* ERR_TEMP: the spool can't be written; the events stay for the next flush, and
 * the collector must not read on. name NULL: no bookmark. */
enum status collect_flush(struct collect *c, const char *name, const char *place, struct err *e) must_check;
/* How many events wait for a flush: a source with more is read in pieces. */
size_t collect_waiting(const struct collect *c);
enum { COLLECT_PIECE = 1000 };

struct collector {
	const char *name;
	int every_s;
	void *(*open)(struct collect *c); /* NULL: not on this machine */
	void (*tick)(void *self, struct collect *c);
	void (*close)(void *self);
};
extern const struct collector *const plat_collectors[]; /* ends with NULL */

struct section_source {
	const char *name;
	int every_s;
	bool (*take)(const struct collect *c, struct json_put *o); /* one value; false: can't tell now */
};
extern const struct section_source plat_sections[]; /* ends with name NULL */

/* What identifies this machine, for the enrolment; values may be "". */
enum { HW_MACS = 8 };
struct hw {
	char smbios_uuid[64], board_serial[64], machine_guid[64], host[128], macs[HW_MACS][18];
	size_t nmacs;
};
void plat_hw(struct hw *h);
extern const char plat_os[]; /* "linux", "windows" */

/* ---- a log that grows and is rotated (PATH to PATH.1): what is new, in whole
 * lines or records, and the bookmark behind it. */
struct tail {
	const char *path, *bookmark; /* the bookmark's name */
	size_t record;               /* octets of one; 0: lines, each with its LF */
	bool from_start;             /* the first time; else from where it ends now */
	struct sb text;              /* at most TAIL_PIECE octets */
	char place[64];
};
enum { TAIL_PIECE = 48 << 10 }; /* so that its events fit one frame of the spool */
/* false: nothing is new. True with an empty text: only the place moved. */
bool tail_read(const struct collect *c, struct tail *t);

#endif
