#ifndef AGENT_STATE_H
#define AGENT_STATE_H
/*
 * What an agent remembers besides its spool: who it is, its keys, its place in
 * the rows of numbers. One file, replaced as a whole, protected by the system
 * (plat_protect). Saved before anything that depends on it leaves the machine.
 *
 * SECURITY: holds the root key and the key of the spool; never logged.
 */
#include "plat.h"
#include "wire/hc1.h"

enum { STATE_SECTIONS = 8, STATE_NAME = 24, STATE_BLOCK = 64 /* envelope numbers reserved at once */ };

struct state {
	char *path;
	/* enrolment */
	char *server, *ca, *code, *token; /* malloc'ed; NULL: not given */
	bool enrolled;
	uint32_t key_id;
	uint8_t agent_id[HC1_ID], root[PLAT_KEY];
	/* a key in the place of this one (rekey.c) */
	bool rekeying;           /* next is asked for */
	uint8_t next[32];        /* X25519 */
	uint32_t before_id;      /* the key before this one, for a server that was set back; 0: none */
	uint8_t before[PLAT_KEY];
	uint8_t own[32]; /* X25519, kept so that the same request can be made again */
	/* numbers */
	uint64_t epoch, seq, seq_limit; /* seq: the last that was used; only the limit is saved */
	int64_t base;    /* number on the wire = number in the spool - base */
	uint8_t spool_key[PLAT_KEY];
	/* clocks */
	int64_t offset_ms;           /* the server's clock is so much ahead of ours */
	int64_t age, age_wall;       /* the age clock, and the wall clock when it was saved */
	int64_t age_mono;            /* not saved: the monotonic clock at age */
	/* what the server has */
	struct {
		char name[STATE_NAME];
		uint8_t sha256[PLAT_HASH];
	} section[STATE_SECTIONS];
	size_t nsection;
	char *etag, *config; /* of its configuration; JSON */
};

/* ERR_NOTFOUND: this agent has never been set up; *st_r is a new one then as
 * well, with new keys. */
enum status state_load(const char *path, int64_t wall, int64_t mono, struct state **st_r, struct err *e) must_check;
enum status state_save(struct state *st, int64_t wall, int64_t mono, struct err *e) must_check;
void state_free(struct state **st);

/* The age clock: milliseconds that this agent has lived, running or off. It
 * follows the monotonic clock while it runs, and over a stop the wall clock if
 * that moved forward by 14 days at most. So no jump of the wall clock makes
 * events look old. */
int64_t state_age(const struct state *st, int64_t mono);

/* A new epoch: max(epoch + 1, now in seconds); saved. */
enum status state_epoch(struct state *st, int64_t wall, int64_t mono, struct err *e) must_check;
/* The next envelope's number; saved in blocks before use. */
enum status state_seq(struct state *st, int64_t wall, int64_t mono, uint64_t *seq_r, struct err *e) must_check;

/* Does the server have this text of the section? */
bool state_has_section(const struct state *st, const char *name, const uint8_t sha256[PLAT_HASH]);
void state_put_section(struct state *st, const char *name, const uint8_t sha256[PLAT_HASH]); /* NULL: it has none */
void state_text(char **field, const char *s); /* replaces; NULL: takes away */

#endif
