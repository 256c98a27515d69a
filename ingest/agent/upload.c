/* One call of the server: a batch out, and what its answer means. */
#include "agent.h"
#include "rekey.h"
#include "base/log.h"
#include "base/xalloc.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { OCTETS_MIN = 1024 };

static enum status save(struct agent *a, struct err *e)
{
	return state_save(a->st, a->clock.wall_ms(), a->clock.mono_ms(), e);
}

/* The server knows us no more, or knows two of us: a new identity. What is in
 * the spool goes on under new numbers, from 1. */
static enum upload_result enrol_anew(struct agent *a, struct err *e)
{
	enum upload_result why;
	uint8_t before[HC1_ID];
	struct err ee;
	memcpy(before, a->st->agent_id, HC1_ID);
	if (a->st->enrolled) {
		a->st->enrolled = false;
		plat_random(a->st->own, sizeof a->st->own);
	}
	log_info("enrol", "again=yes");
	if (agent_enrol(a->st, &a->clock, &why, &ee) != OK) {
		err_set(e, ee.code, "%s", ee.msg);
		return why;
	}
	if (memcmp(before, a->st->agent_id, HC1_ID) != 0)
		a->st->base = (int64_t)spool_acked(a->spool);
	a->server_ack = -1;
	a->sealed = 0;
	envelope_epoch(a->st->root, a->st->agent_id, a->st->epoch, &a->key);
	return save(a, e) == OK ? UP_AGAIN : UP_LATER;
}

static enum upload_result use_key(struct agent *a, struct err *e)
{
	envelope_epoch(a->st->root, a->st->agent_id, a->st->epoch, &a->key);
	return save(a, e) == OK ? UP_AGAIN : UP_LATER;
}

/* Nothing of this batch was taken. First without sections, then fewer and fewer
 * events, until the one that is not wanted is alone and given up. */
static enum upload_result smaller(struct agent *a, const struct batch *b, struct err *e)
{
	if (b->full) {
		for (size_t i = 0; i < a->nsection; i++)
			a->section[i].refused |= b->full >> i & 1;
		return UP_AGAIN;
	}
	if (b->nevents > 1) {
		a->octets = b->json.len / 2 < a->octets ? b->json.len / 2 : a->octets / 2;
		return UP_AGAIN;
	}
	a->octets = AGENT_OCTETS;
	if (b->to < b->from)
		return UP_LATER; /* not even a sign of life */
	log_info("refused", "from=%" PRIu64 " to=%" PRIu64, b->from, b->to);
	return spool_give_up(a->spool, b->from, b->to, "refused", e) == OK ? UP_AGAIN : UP_LATER;
}

/* Too large for the wire. */
static enum upload_result halve(struct agent *a, const struct batch *b, struct err *e)
{
	if (a->nfull > 1 && b->full) {
		a->nfull /= 2;
		return UP_AGAIN;
	}
	if (b->nevents > 1 && a->octets > OCTETS_MIN) {
		a->octets /= 2;
		return UP_AGAIN;
	}
	return smaller(a, b, e);
}

static void take_sections(struct agent *a, const struct batch *b, const struct answer *w)
{
	for (size_t i = 0; i < a->nsection; i++)
		if (b->full >> i & 1)
			state_put_section(a->st, a->section[i].name, a->section[i].sha256);
	for (size_t i = 0; i < w->nfull; i++)
		state_put_section(a->st, w->need_full[i], NULL);
}

static void take_config(struct agent *a, const struct answer *w)
{
	struct config c;
	struct err e;
	if (!w->config)
		return;
	if (config_read(w->config, &c, &e) != OK) {
		log_info("config", "error=%s", log_quote(e.msg));
		return;
	}
	config_free(&a->config);
	a->config = c;
	state_text(&a->st->config, w->config);
	state_text(&a->st->etag, w->etag);
}

static enum upload_result acknowledged(struct agent *a, const struct batch *b, const struct answer *w, struct err *e)
{
	bool changed = b->full || w->nfull || w->config;
	if (rekey_take(a->st, w) && use_key(a, e) != UP_AGAIN)
		return UP_LATER;
	a->sealed = 0;
	take_sections(a, b, w);
	take_config(a, w);
	if (w->ack_to > b->to_wire) {
		/* Numbers that an earlier life of this identity has used: ours come behind. */
		log_info("renumber", "to=%" PRId64 " ack_to=%" PRId64, b->to_wire, w->ack_to);
		a->st->base = (int64_t)spool_acked(a->spool) - w->ack_to;
		a->server_ack = w->ack_to;
		return save(a, e) == OK ? UP_AGAIN : UP_LATER;
	}
	bool moved = w->ack_to > a->server_ack || w->ack_to == b->to_wire;
	a->server_ack = w->ack_to;
	if (changed && save(a, e) != OK)
		return UP_LATER;
	if (w->ack_to + a->st->base > 0 && spool_ack(a->spool, (uint64_t)(w->ack_to + a->st->base), e) != OK)
		return UP_LATER;
	if (!moved) {
		err_set(e, ERR_TEMP, "the server acknowledges %" PRId64 " of %" PRId64, w->ack_to, b->to_wire);
		return UP_LATER;
	}
	if (a->octets < AGENT_OCTETS)
		a->octets *= 2;
	a->nfull = STATE_SECTIONS;
	return UP_DONE;
}

static enum upload_result answered(struct agent *a, int http, const struct batch *b, const struct answer *w, struct err *e)
{
	if (http == 200 && w->has_ack)
		return acknowledged(a, b, w, e);
	err_set(e, ERR_TEMP, "the server says %d %s", http, w->error);
	log_info("answer", "status=%d error=%s from=%" PRIu64 " to=%" PRIu64 " full=%x", http, log_quote(w->error), b->from, b->to,
	         (unsigned)b->full);
	switch (http) {
	case 400:
	case 422:
		return smaller(a, b, e);
	case 413:
		return halve(a, b, e);
	case 401:
		return a->sealed++ ? enrol_anew(a, e) : UP_AGAIN;
	case 409:
		return strcmp(w->error, "full") == 0 ? UP_WAIT_DAY : enrol_anew(a, e);
	case 410:
		return strcmp(w->error, "ended") == 0 ? UP_SILENT : rekey_back(a->st) ? use_key(a, e) : enrol_anew(a, e);
	case 403:
		return UP_WAIT_DAY;
	default:
		return UP_LATER;
	}
}

/* Numbered, sealed and sent. */
static enum status post(struct agent *a, const struct batch *b, const struct sb *packed, struct sb *answer, int *http, struct err *e)
{
	struct sb wire = SB_INIT;
	uint64_t seq;
	enum status st = spool_sending(a->spool, b->to, e);
	if (st == OK)
		st = state_seq(a->st, a->clock.wall_ms(), a->clock.mono_ms(), &seq, e);
	if (st != OK)
		return st;
	envelope_seal(&a->key, a->st->key_id, a->st->agent_id, seq, packed->s, packed->len, &wire);
	char *url = xasprintf("%s/v1/batch", a->st->server);
	st = plat_post(&(struct plat_http){ url, a->st->ca, "application/octet-stream", 120 }, wire.s, wire.len, answer, http, e);
	free(url);
	sb_free(&wire);
	return st;
}

static enum upload_result send_batch(struct agent *a, const struct batch *b, int64_t *retry_r, struct err *e)
{
	struct sb packed = SB_INIT, body = SB_INIT;
	struct answer w = { .error = "" };
	enum upload_result r = UP_LATER;
	int http = 0;
	plat_compress(b->json.s, b->json.len, &packed);
	if (packed.len > HC1_WIRE_MAX - HC1_HEAD - HC1_TAG) {
		r = halve(a, b, e);
	} else if (post(a, b, &packed, &body, &http, e) == OK) {
		if (answer_batch(body.s, body.len, &w, e) != OK)
			memset(&w, 0, sizeof w); /* a page of a proxy: the number alone counts */
		*retry_r = w.retry_s;
		r = answered(a, http, b, &w, e);
		answer_free(&w);
	}
	sb_free(&packed);
	sb_free(&body);
	return r;
}

enum upload_result agent_upload(struct agent *a, bool *more_r, int64_t *retry_r, struct err *e)
{
	struct batch b = { .json = SB_INIT };
	struct batch_plan p = { a->clock.wall_ms(), plat_tz_minutes(), a->server_ack, a->section, a->nsection, a->octets, a->nfull };
	enum upload_result r = UP_LATER;
	*more_r = false;
	*retry_r = 0;
	err_set(e, OK, "%s", "");
	if (!a->st->enrolled)
		r = enrol_anew(a, e);
	else if (batch_build(a->spool, a->st, &p, &b, e) == OK)
		r = send_batch(a, &b, retry_r, e);
	*more_r = b.more;
	sb_free(&b.json);
	return r;
}
