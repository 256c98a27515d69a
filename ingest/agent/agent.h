#ifndef AGENT_AGENT_H
#define AGENT_AGENT_H
/*
 * The agent (AGENT-01, -03, -04): watches what happens on this machine, keeps
 * it in the spool, and every 15 minutes hands it to the server. One thread; the
 * loop of linux_main.c or of the Windows service calls agent_step.
 *
 * A folder DIR belongs to one agent:
 *	agent.conf   options, `name = value` a line (options.h)
 *	state        who it is; protected (state.h)
 *	spool/       what the server does not have yet (spool.h)
 *	lock
 */
#include "batch.h"
#include "answer.h"
#include "collect.h"
#include "envelope.h"

#define AGENT_VERSION "1.0.0"
enum { AGENT_COLLECTORS = 16, AGENT_OCTETS = 1 << 20 /* of events in a batch */ };

struct agent_clock { /* tests and private instances bring their own */
	int64_t (*wall_ms)(void);
	int64_t (*mono_ms)(void);
};

enum upload_result {
	UP_DONE,     /* acknowledged */
	UP_AGAIN,    /* refused, and made smaller: call again */
	UP_LATER,    /* server away or busy */
	UP_WAIT_DAY, /* no ID is left, or a person must act */
	UP_SILENT    /* the contract ended */
};

struct agent {
	char *dir;
	struct agent_clock clock;
	struct options *options;
	struct config config;
	struct state *st;
	struct spool *spool;
	struct envelope_key key;
	struct section section[STATE_SECTIONS];
	size_t nsection;
	struct {
		void *self;
		int64_t due; /* monotonic */
	} collector[AGENT_COLLECTORS];
	int64_t section_due[STATE_SECTIONS];
	int64_t server_ack; /* -1: unknown */
	size_t octets;      /* of events in the next batch; shrinks when refused */
	unsigned nfull;     /* sections in full in the next batch */
	int sealed;         /* answers 401 in a row */
	unsigned failures;  /* calls in a row */
	int64_t due;        /* of the next call, monotonic */
	bool locked;        /* the folder is ours */
	bool silent;        /* the contract ended: nothing is collected */
	int64_t wall, mono; /* as last seen, to find the clock moved */
	int64_t synced;     /* monotonic */
	/* events since the last flush */
	struct sb pending;
	struct json_put put;
	struct pending_event {
		int64_t t;
		size_t at;
	} *ev;
	size_t nev, cap;
};

/* ERR_NOTFOUND: not enrolled here. */
enum status agent_begin(const char *dir, const struct agent_clock *k, struct agent **a_r, struct err *e) must_check;
void agent_end(struct agent **a); /* syncs; accepts NULL */

/* Does what is due; returns how many milliseconds nothing will be. */
int64_t agent_step(struct agent *a);
/* All collectors and sections now, and uploads, at most `batches`, until the
 * spool is empty. OK: the server has all. */
enum status agent_once(struct agent *a, unsigned batches, struct err *e) must_check;

/* Within: */
void agent_collect(struct agent *a, bool all);
enum status agent_sections(struct agent *a, bool all, struct err *e) must_check; /* takes those that are due */
enum upload_result agent_upload(struct agent *a, bool *more_r, int64_t *retry_r, struct err *e);

/* First enrolment, or again after `unknown`. *wait_r: what to do when it failed. */
enum status agent_enrol(struct state *st, const struct agent_clock *k, enum upload_result *why_r, struct err *e) must_check;
void agent_enrol_body(const struct state *st, const struct hw *h, struct sb *out);

#endif
