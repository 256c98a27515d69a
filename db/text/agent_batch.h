#ifndef TEXT_AGENT_BATCH_H
#define TEXT_AGENT_BATCH_H
/*
 * A batch of a terminal, read (ingest/PROTOCOL.md): the JSON that was inside the
 * envelope, checked and in order. The same function reads it at intake and when
 * roll-ups are built anew from what was stored, so that both see the same.
 *
 * SECURITY: the terminal is known by now, but not to be trusted. Size, depth,
 * counts and the length of every text are bounded; texts are cut, numbers that
 * can't be are refused. Everything lives in the arena or in the JSON itself.
 */
#include "base/arena.h"
#include "base/crypto.h"
#include "base/err.h"
#include <stdbool.h>
#include <stdint.h>

enum agent_kind { /* stored: append only */
	AGENT_OTHER,      /* counted as an event, no more: app, file, and kinds to come */
	AGENT_BOOT, AGENT_SHUTDOWN, AGENT_LOGON, AGENT_LOGOFF, AGENT_UNLOCK, AGENT_DEV, AGENT_PRINT, AGENT_CLOCK,
	AGENT_WEB
};

struct agent_event {
	int64_t q;
	int64_t at_ms;       /* corrected by the batch's offset; when it came if it can't be */
	bool moved;          /* so it was */
	enum agent_kind kind;
	const char *user;
	const char *name;    /* web: the site; dev: name; print: printer */
	const char *op, *class, *detail;
	int64_t n, seconds;  /* web: times; print: pages; clock: ms */
};

struct agent_item { /* of the section `software` */
	const char *name, *version, *vendor, *scope, *user, *date;
};
struct agent_part { /* a section */
	const char *name;
	uint8_t sha256[SHA256_LEN];
	int64_t taken_ms;
	const char *full;    /* into the JSON; NULL: unchanged */
	size_t len;
	struct agent_item *items;
	size_t nitems;
};
struct agent_range { /* both ends in it; empty when to < from */
	int64_t from, to;
};
struct agent_lost {
	struct agent_range q;
	const char *reason;
};

struct agent_batch {
	uint8_t ulid[16];
	int64_t created_ms;  /* corrected, as a time of an event */
	int64_t skew_ms;     /* the server's clock was ahead by so much, as the terminal found */
	struct agent_range q;
	struct agent_part *parts;
	struct agent_event *events; /* by q */
	struct agent_lost *gaps;    /* by q */
	size_t nparts, nevents, ngaps;
	const char *host;    /* of the section `os`; "" = not there */
	const char *rekey;   /* base64 of a public key, for the key in the place of this one; "" = none */
	const char *config;  /* etag of the configuration that the terminal has; "" = none */
};

/* p[0..n) must outlive *b. now_ms: when it came.
 * ERR_PERM: not JSON, or not a batch's (400 `malformed`); ERR_LIMIT: too deep,
 * too many, too large (400 `limit`); ERR_DENIED: a number, a time or a range
 * that can't be, a hash that is not the section's (422 `batch`). */
enum status agent_batch_read(const char *p, size_t n, int64_t now_ms, struct arena *a, struct agent_batch *b,
                             struct err *e) must_check;

enum { AGENT_PARTS_MAX = 16, AGENT_PART_NAME = 32, AGENT_ITEMS_MAX = 5000, AGENT_TEXT_MAX = 256 };

#endif
