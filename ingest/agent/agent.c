/* The agent as a whole: opened, stepped, closed. See agent.h. */
#include "agent.h"
#include "options.h"
#include "sched.h"
#include "base/log.h"
#include "base/xalloc.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define DAY_MS ((int64_t)86400 * 1000)
enum {
	SPOOL_MB = 200,
	SYNC_MS = 10000,      /* events are durable after that, at the latest */
	MOVED_MS = 60000,     /* the wall clock against the monotonic one: an event */
	NEW_EPOCH_MS = 600000 /* so much: perhaps an old image of this machine */
};

static uint32_t chance(void)
{
	uint32_t v;
	plat_random(&v, sizeof v);
	return v;
}

static enum status open_parts(struct agent *a, struct err *e)
{
	char *path = xasprintf("%s/agent.conf", a->dir);
	enum status st = options_load(path, &a->options, e);
	free(path);
	if (st != OK)
		return st;
	path = xasprintf("%s/lock", a->dir);
	st = plat_lock(path, e);
	free(path);
	if (st != OK)
		return st;
	a->locked = true;
	path = xasprintf("%s/state", a->dir);
	st = state_load(path, a->clock.wall_ms(), a->clock.mono_ms(), &a->st, e);
	free(path);
	if (st != OK)
		return st == ERR_NOTFOUND ? err_set(e, st, "not set up yet: yorozu-agent enrol") : st;
	return config_read(a->st->config, &a->config, NULL) == OK ? OK : config_read(NULL, &a->config, e);
}

static enum status open_spool(struct agent *a, struct err *e)
{
	const char *mb = options_get(a->options, "spool_mb");
	int64_t n = mb ? strtoll(mb, NULL, 10) : a->config.spool_mb;
	struct spool_limits l = { 14 * DAY_MS, (n > 0 && n <= 4096 ? n : SPOOL_MB) << 20 };
	char *path = xasprintf("%s/spool", a->dir);
	enum status st = spool_open(path, a->st->spool_key, &l, state_age(a->st, a->clock.mono_ms()), &a->spool, e);
	free(path);
	return st;
}

static void open_collectors(struct agent *a)
{
	for (size_t i = 0; plat_collectors[i] && i < AGENT_COLLECTORS; i++) {
		a->collector[i].self = plat_collectors[i]->open((struct collect *)a);
		a->collector[i].due = a->clock.mono_ms(); /* which may be below zero, where a clock was moved */
	}
	for (size_t i = 0; plat_sections[i].name && i < STATE_SECTIONS; i++) {
		a->section[i].full = SB_INIT;
		strncpy(a->section[i].name, plat_sections[i].name, STATE_NAME - 1);
		a->nsection++;
	}
}

/* When the next call is, in the quarter of an hour's own place. */
static void next_slot(struct agent *a)
{
	unsigned place = sched_place(a->st->agent_id, HC1_ID);
	a->due = a->clock.mono_ms() + sched_wait_ms(a->clock.wall_ms(), place, chance());
	a->failures = 0;
}

enum status agent_begin(const char *dir, const struct agent_clock *k, struct agent **a_r, struct err *e)
{
	struct agent *a = xcalloc(1, sizeof *a);
	enum status st;
	a->dir = xstrdup(dir);
	a->clock = *k;
	a->pending = SB_INIT;
	a->server_ack = -1;
	a->octets = AGENT_OCTETS;
	a->nfull = STATE_SECTIONS;
	if ((st = open_parts(a, e)) == OK && (st = open_spool(a, e)) == OK && a->st->enrolled)
		st = state_epoch(a->st, k->wall_ms(), k->mono_ms(), e);
	if (st != OK) {
		agent_end(&a);
		return st;
	}
	envelope_epoch(a->st->root, a->st->agent_id, a->st->epoch, &a->key);
	open_collectors(a);
	a->wall = k->wall_ms();
	a->mono = a->synced = k->mono_ms();
	next_slot(a);
	*a_r = a;
	return OK;
}

static void save_all(struct agent *a)
{
	struct err e;
	if (spool_sync(a->spool, &e) != OK || state_save(a->st, a->clock.wall_ms(), a->clock.mono_ms(), &e) != OK)
		log_warn("save", "error=%s", log_quote(e.msg));
}

void agent_end(struct agent **ap)
{
	struct agent *a = ap ? *ap : NULL;
	if (!a)
		return;
	for (size_t i = 0; plat_collectors[i] && i < AGENT_COLLECTORS; i++)
		if (a->collector[i].self)
			plat_collectors[i]->close(a->collector[i].self);
	for (size_t i = 0; i < a->nsection; i++)
		sb_free(&a->section[i].full);
	if (a->spool && a->st)
		save_all(a);
	spool_close(&a->spool);
	state_free(&a->st);
	config_free(&a->config);
	options_free(&a->options);
	memset(&a->key, 0, sizeof a->key);
	sb_free(&a->pending);
	free(a->ev);
	if (a->locked)
		plat_unlock();
	free(a->dir);
	free(a);
	*ap = NULL;
}

void agent_collect(struct agent *a, bool all)
{
	int64_t now = a->clock.mono_ms();
	for (size_t i = 0; plat_collectors[i] && i < AGENT_COLLECTORS; i++) {
		const struct collector *c = plat_collectors[i];
		if (!a->collector[i].self || config_off(&a->config, c->name) || (!all && now < a->collector[i].due))
			continue;
		c->tick(a->collector[i].self, (struct collect *)a);
		a->collector[i].due = now + (int64_t)c->every_s * 1000;
	}
}

enum status agent_sections(struct agent *a, bool all, struct err *e)
{
	int64_t now = a->clock.mono_ms();
	struct sb text = SB_INIT;
	for (size_t i = 0; i < a->nsection; i++) {
		struct section *s = &a->section[i];
		struct json_put o = { &text, false };
		if (!all && s->taken && now < a->section_due[i])
			continue;
		sb_reset(&text);
		a->section_due[i] = now + (int64_t)plat_sections[i].every_s * 1000;
		if (!plat_sections[i].take((struct collect *)a, &o))
			continue;
		s->taken = a->clock.wall_ms();
		if (s->full.len == text.len && memcmp(s->full.s, text.s, text.len) == 0)
			continue;
		sb_reset(&s->full);
		sb_add(&s->full, text.s, text.len);
		plat_sha256(text.s, text.len, s->sha256);
		s->refused = false;
	}
	sb_free(&text);
	return spool_sync(a->spool, e);
}

/* The wall clock moved against the monotonic one. */
static void watch_clock(struct agent *a)
{
	int64_t wall = a->clock.wall_ms(), mono = a->clock.mono_ms(), by = (wall - a->wall) - (mono - a->mono);
	struct err e;
	a->wall = wall;
	a->mono = mono;
	if (by < MOVED_MS && by > -MOVED_MS)
		return;
	a->st->offset_ms -= by; /* what is ahead of us is so much nearer */
	json_put_int_at(collect_event((struct collect *)a, wall, "clock", NULL), "by", by);
	if (collect_flush((struct collect *)a, NULL, NULL, &e) != OK)
		return;
	if ((by > NEW_EPOCH_MS || by < -NEW_EPOCH_MS) && a->st->enrolled && state_epoch(a->st, wall, mono, &e) == OK)
		envelope_epoch(a->st->root, a->st->agent_id, a->st->epoch, &a->key);
}

static void schedule(struct agent *a, enum upload_result r, int64_t retry_s, const struct err *e)
{
	int64_t now = a->clock.mono_ms();
	a->silent = r == UP_SILENT;
	if (r == UP_DONE || r == UP_AGAIN) {
		next_slot(a);
		if (r == UP_DONE && a->due < now + retry_s * 1000)
			a->due = now + sched_backoff_ms(1, retry_s, chance());
		return;
	}
	a->failures++;
	if (r == UP_LATER)
		a->due = now + sched_backoff_ms(a->failures, retry_s, chance());
	else
		a->due = now + DAY_MS;
	log_info("upload", "result=%s failures=%u wait_s=%" PRId64 " error=%s", r == UP_LATER ? "later" : r == UP_SILENT ? "ended" : "refused",
	          a->failures, (a->due - now) / 1000, log_quote(e->msg));
}

/* Several batches, while there is more to send. */
static enum upload_result call(struct agent *a, unsigned batches, int64_t *retry_r, struct err *e)
{
	enum upload_result r;
	bool more;
	do
		r = agent_upload(a, &more, retry_r, e);
	while ((r == UP_AGAIN || (r == UP_DONE && more && !*retry_r)) && --batches > 0);
	if (r == UP_DONE && more)
		r = UP_AGAIN;
	return r;
}

static void keep(struct agent *a)
{
	struct err e;
	int64_t mono = a->clock.mono_ms();
	if (mono - a->synced < SYNC_MS)
		return;
	a->synced = mono;
	if (spool_sync(a->spool, &e) != OK || spool_trim(a->spool, state_age(a->st, mono), &e) != OK)
		log_info("spool", "error=%s", log_quote(e.msg));
}

int64_t agent_step(struct agent *a)
{
	struct err e = { OK, "" };
	int64_t retry = 0;
	watch_clock(a);
	if (!a->silent)
		agent_collect(a, false);
	keep(a);
	if (a->clock.mono_ms() >= a->due) {
		enum upload_result r = UP_LATER;
		if (agent_sections(a, false, &e) == OK)
			r = call(a, SCHED_BATCHES, &retry, &e);
		schedule(a, r, retry, &e);
		save_all(a); /* the age clock among others */
	}
	int64_t wait = a->due - a->clock.mono_ms();
	return wait < 0 ? 0 : wait < 5000 ? wait : 5000;
}

enum status agent_once(struct agent *a, unsigned batches, struct err *e)
{
	int64_t retry = 0;
	watch_clock(a);
	agent_collect(a, true);
	enum status st = agent_sections(a, true, e);
	if (st != OK)
		return st;
	enum upload_result r = call(a, batches, &retry, e);
	if (r == UP_DONE)
		return OK;
	if (r == UP_AGAIN)
		return err_set(e, ERR_TEMP, "there is more to send");
	return e->code == OK ? err_set(e, ERR_TEMP, "the server takes nothing now") : e->code;
}
