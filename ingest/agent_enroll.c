/*
 * A terminal enrols: see PROTOCOL.md and agents.h.
 *
 * The code and the token are refused alike, so that nobody learns which codes
 * there are. The same public key again is the same terminal, whose first answer
 * was lost: the token is not asked twice.
 *
 * A machine that is known by its board, and was silent for a while, was set up
 * anew: the new terminal takes the old one's place and costs no ID. One that is
 * heard of all the time is another machine (a copy of a virtual one).
 */
#include "agents.h"
#include "enroll_read.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/notify.h"
#include "store/store_audit.h"
#include "store/store_contract.h"
#include "text/json_put.h"
#include <string.h>

struct enrolment {
	const struct ingest *in;
	struct arena *a;
	epoch now;
	struct enroll_request q; /* told */
	struct terminal t;
	/* found */
	struct terminal_keys keys;
	uint8_t fresh_pub[HC1_PUB], fresh_id[HC1_ID];
	int64_t replaces; /* 0 = none */
	bool again;
};

/* ---- who was it before -------------------------------------------------------------------- */

struct known {
	struct enrolment *x;
	struct terminal *v;
	size_t n;
};

static enum status load_known(struct store *s, void *arg, struct err *e)
{
	struct known *k = arg;
	struct contract c;
	enum status st = contract_by_number(s, k->x->q.code, k->x->a, &c, e);
	if (st == OK)
		st = terminal_same_machine(s, c.id, k->x->q.smbios_uuid, k->x->q.board_serial, k->x->a, &k->v, &k->n, e);
	return st == ERR_NOTFOUND ? OK : st;
}

static enum status find_silent(const struct known *k, struct agent_reader *r, struct err *e)
{
	enum status st = OK;
	for (size_t i = 0; st == OK && i < k->n; i++) {
		epoch last = 0;
		st = agent_last_at(r, k->v[i].id, &last, e);
		if (last < k->v[i].enrolled_at)
			last = k->v[i].enrolled_at;
		if (st == OK && k->x->now - last >= AGENTS_SILENT)
			k->x->replaces = k->v[i].id;
	}
	return st;
}

static enum status look_for_machine(struct enrolment *x, struct err *e)
{
	struct known k = { .x = x };
	struct agent_reader *r = NULL;
	enum status st = ingest_read(x->in, load_known, &k, e);
	if (st != OK || k.n == 0)
		return st;
	st = agent_reader_open(x->in->agents->folder, agent_month_of(x->now), &r, e);
	if (st == OK)
		st = find_silent(&k, r, e);
	agent_reader_close(&r);
	return st;
}

/* ---- in the store ---------------------------------------------------------------------------- */

/* ERR_NOTFOUND: this key is new. ERR_DENIED: it was, and is no longer. */
static enum status look_for_key(struct store *s, struct enrolment *x, struct err *e)
{
	struct terminal t;
	struct contract c;
	enum status st = terminal_by_pub(s, x->keys.pub, x->a, &t, x->keys.server_pub, e);
	if (st == OK)
		st = contract_get(s, t.contract_id, x->a, &c, e);
	if (st != OK)
		return st;
	if (t.state != TERMINAL_ACTIVE || !contract_active(&c, x->now) || strcmp(c.v[CF_N_NUMBER], x->q.code) != 0)
		return err_set(e, ERR_DENIED, "this key is another's, or no longer good");
	x->t = t;
	x->again = true;
	return OK;
}

/* The old terminal leaves, if it is there still. */
static enum status make_room(struct store *s, struct enrolment *x, const struct contract *c, struct err *e)
{
	struct terminal old;
	int64_t n = 0;
	enum status st = x->replaces ? terminal_get(s, x->replaces, x->a, &old, e) : OK;
	if (st == OK && x->replaces && (old.state != TERMINAL_ACTIVE || old.contract_id != c->id))
		x->replaces = 0;
	if (st == OK)
		st = terminal_count(s, c->id, &n, e);
	if (st == OK && n - (x->replaces != 0) >= contract_ids(c))
		st = err_set(e, ERR_LIMIT, "the contract has no ID left");
	return st;
}

static enum status record(struct store *s, const struct enrolment *x, struct err *e)
{
	struct audit row = { .at = x->now, .who = "terminal", .what = "terminal.enroll",
		.detail = arena_printf(x->a, "%s: terminal %lld%s%lld", x->q.code, (long long)x->t.id,
		                       x->replaces ? " in place of " : ", replaces ", (long long)x->replaces) };
	return audit_add(s, &row, e);
}

static enum status add(struct store *s, struct enrolment *x, int64_t contract, struct err *e)
{
	x->t = (struct terminal){ .contract_id = contract, .host = x->q.host, .os = x->q.os, .agent = x->q.agent,
		.smbios_uuid = x->q.smbios_uuid, .board_serial = x->q.board_serial, .machine_guid = x->q.machine_guid,
		.macs = x->q.macs, .enrolled_at = x->now };
	memcpy(x->t.agent_id, x->fresh_id, HC1_ID);
	memcpy(x->keys.server_pub, x->fresh_pub, HC1_PUB);
	enum status st = terminal_add(s, &x->t, &x->keys, e);
	if (st == OK && x->replaces)
		st = terminal_leave(s, x->replaces, TERMINAL_REPLACED, x->t.id, x->now, e);
	return st == OK ? record(s, x, e) : st;
}

static enum status enrol(struct store *s, void *arg, struct err *e)
{
	struct enrolment *x = arg;
	struct contract c;
	x->again = false;
	enum status st = look_for_key(s, x, e);
	if (st != ERR_NOTFOUND)
		return st;
	st = contract_by_number(s, x->q.code, x->a, &c, e);
	if (st == ERR_NOTFOUND || (st == OK && !contract_active(&c, x->now)))
		st = err_set(e, ERR_DENIED, "no such contract");
	if (st == OK)
		st = terminal_token_use(s, c.id, x->q.token, x->now, e);
	if (st == OK)
		st = make_room(s, x, &c, e);
	return st == OK ? add(s, x, c.id, e) : st;
}

static enum status tell_full(struct store *s, void *arg, struct err *e)
{
	const struct enrolment *x = arg;
	struct contract c;
	enum status st = contract_by_number(s, x->q.code, x->a, &c, e);
	if (st != OK)
		return st;
	struct agent_notice n = { TERMINAL_NOTICE_FULL, "terminal-full", c.id, x->q.host, x->now };
	return agent_notice_add(s, &n, e);
}

/* ---- answering ------------------------------------------------------------------------------- */

static void answer(const struct enrolment *x, struct agent_answer *r)
{
	char id[2 * HC1_ID + 1];
	struct json_put o = { &r->json, false };
	struct sb pub = SB_INIT;
	hex_encode(x->t.agent_id, HC1_ID, id);
	b64_encode(x->keys.server_pub, HC1_PUB, &pub);
	r->status = 200;
	json_put_open(&o, '{');
	json_put_text_at(&o, "agent_id", id);
	json_put_int_at(&o, "key_id", 1);
	json_put_text_at(&o, "pub", pub.s);
	json_put_int_at(&o, "t", x->now * 1000);
	json_put_close(&o, '}');
	sb_free(&pub);
}

static void refuse(struct enrolment *x, enum status st, const struct err *why, struct agent_answer *r)
{
	struct err e;
	if (st == ERR_DENIED) {
		agent_refuse(r, 403, "token");
	} else if (st == ERR_LIMIT) {
		st = writer_run(x->in->writer, tell_full, x, &e);
		notify_send(x->in->notify_path);
		if (st == OK)
			agent_refuse(r, 409, "full");
		else
			agent_refuse_status(r, ERR_TEMP, &e);
	} else {
		agent_refuse_status(r, ERR_TEMP, why);
	}
}

static enum status make_keys(struct enrolment *x, struct err *e)
{
	memcpy(x->keys.pub, x->q.pub, HC1_PUB);
	crypto_random(x->fresh_id, sizeof x->fresh_id);
	enum status st = agents_root(x->fresh_id, &x->keys, e);
	memcpy(x->fresh_pub, x->keys.server_pub, HC1_PUB);
	return st;
}

void agent_enroll(const struct ingest *in, const char *p, size_t n, epoch now, struct agent_answer *r)
{
	struct err e;
	struct enrolment x = { .in = in, .a = arena_new(), .now = now };
	enum status st = enroll_read(p, n, x.a, &x.q, &e);
	if (st == OK)
		st = make_keys(&x, &e);
	if (st != OK) {
		agent_refuse_status(r, st, &e);
	} else {
		st = look_for_machine(&x, &e);
		if (st == OK)
			st = writer_run(in->writer, enrol, &x, &e);
		if (st == OK)
			answer(&x, r);
		else
			refuse(&x, st, &e, r);
	}
	if (st == OK && !x.again) {
		metrics_add("agent_enrolled_total", 1);
		log_info("agent_enrolled", "terminal=%lld contract=%lld replaces=%lld", (long long)x.t.id,
		         (long long)x.t.contract_id, (long long)x.replaces);
	}
	crypto_wipe(&x.keys, sizeof x.keys);
	arena_free(&x.a);
}
