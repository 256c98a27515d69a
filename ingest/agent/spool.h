#ifndef AGENT_SPOOL_H
#define AGENT_SPOOL_H
/*
 * What happened on this terminal and was not acknowledged yet: events with
 * their numbers, on disk, encrypted, until the server has them (AGENT-03).
 *
 * A folder of segments, each written once from its beginning to its end and at
 * most 1 MB large, and the file `mark`. A segment is a head with a salt of its
 * own, from which its key is derived, and frames; a frame is one spool_add: it
 * is there as a whole or not at all. After a start nothing is ever written
 * behind what was found: a new segment begins, so no key meets a nonce twice.
 *
 *	segment  "YSG1" ‖ salt 16 ‖ number of its first event 8 ‖ age 8 ‖ CRC-32 4
 *	frame    length of the sealed 4 ‖ CRC-32 over all the rest 4 ‖ first number 8
 *	         ‖ events 2 ‖ octets of the bookmark 2 ‖ AES-256-GCM, additional data:
 *	         the head without the CRC, nonce: the place in the file
 *	mark     sealed, replaced as a whole: acknowledged up to, sent up to, gaps,
 *	         bookmarks
 *
 * Numbers begin at 1 and are never used twice: what was sent is marked before
 * it is sent. A bookmark (how far a collector has read its source) goes into the
 * frame of the events it stands behind, so a crash neither doubles nor loses one.
 *
 * What is too old or too much goes segment by segment, oldest first, and leaves
 * a gap; so does what the disk damaged. `age` is a clock of the caller's that
 * never jumps (state.h), not the time of day.
 *
 * SECURITY: the files may have been changed by whoever can write them. Lengths
 * are checked before use; what does not open with the key is lost, not trusted.
 */
#include "plat.h"

enum {
	SPOOL_SEGMENT = 1 << 20,   /* octets of a segment */
	SPOOL_FRAME = 256 << 10,   /* octets of a frame's text, so of one event too */
	SPOOL_EVENTS = 4096,       /* of a frame */
	SPOOL_BOOKMARK = 512,      /* octets of a bookmark's name and place */
	SPOOL_BOOKMARKS = 64,      /* different ones */
	SPOOL_GAPS = 64            /* beyond: neighbours become one, with what lies between */
};

struct spool_limits {
	int64_t age_ms;  /* a segment this much older goes */
	int64_t octets;  /* of all segments */
};

struct spool_event {
	int64_t t;        /* wall clock, ms */
	const char *json; /* members behind "t", as `"k":"boot"` */
	size_t n;
};

struct spool_gap {
	uint64_t from, to;
	const char *reason; /* "old", "full", "damaged", "refused" */
};

struct spool;
enum status spool_open(const char *dir, const uint8_t key[PLAT_KEY], const struct spool_limits *l, int64_t age,
                       struct spool **s_r, struct err *e) must_check;
void spool_close(struct spool **s); /* accepts NULL; does not sync */

/* All or nothing, in order; `mark_name` NULL: without a bookmark; n may be 0
 * then. Durable only after spool_sync. ERR_LIMIT: too large for a frame. */
enum status spool_add(struct spool *s, int64_t age, const struct spool_event *v, size_t n, const char *mark_name,
                      const char *mark_place, struct err *e) must_check;
enum status spool_sync(struct spool *s, struct err *e) must_check;
/* Up to where the collector of that name has read; NULL: nowhere. Valid until
 * the next spool_add with that name. */
const char *spool_bookmark(const struct spool *s, const char *mark_name);

uint64_t spool_acked(const struct spool *s);
uint64_t spool_next(const struct spool *s); /* the number that the next event gets */
int64_t spool_octets(const struct spool *s);

/* Events from `from` on in order, until `fn` says false or all were given. */
typedef bool (*spool_fn)(void *arg, uint64_t q, const struct spool_event *v);
enum status spool_read(struct spool *s, uint64_t from, spool_fn fn, void *arg, struct err *e) must_check;
/* The i-th gap beyond what is acknowledged, in order; false: there is none. */
bool spool_gap(const struct spool *s, size_t i, struct spool_gap *g_r);

/* Before numbers up to `to` leave this machine. */
enum status spool_sending(struct spool *s, uint64_t to, struct err *e) must_check;
/* The server has everything up to `to`: what it covers goes. Never beyond what
 * was sent (ERR_PERM), and backwards it does nothing. */
enum status spool_ack(struct spool *s, uint64_t to, struct err *e) must_check;
/* from…to will never be sent: a gap. The events stay until acknowledged. */
enum status spool_give_up(struct spool *s, uint64_t from, uint64_t to, const char *reason, struct err *e) must_check;
/* Drops what is too old or too much. */
enum status spool_trim(struct spool *s, int64_t age, struct err *e) must_check;

#endif
