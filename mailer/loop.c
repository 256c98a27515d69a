/* Claim, build, hand over, mark: see loop.h. */
#include "loop.h"
#include "settle.h"
#include "undelivered.h"
#include "base/log.h"
#include "base/metrics.h"
#include "store/store_audit.h"
#include "store/store_merge.h"
#include "store/store_message.h"
#include "store/store_ticket_op.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BATCH = 32, FIRST_RETRY = 5, LAST_RETRY = 300 };

enum outcome { SENT, RETRY, FAILED, REFUSED /* must not go out: tell the author */, UNSURE };

struct job {
	struct outbox *o;
	enum outcome outcome;
	char queue_id[64];
	char why[400];
	bool some_rejected;
};

/* The Message-ID is indexed before the mail leaves, so that an answer to it
 * finds its ticket however fast it comes. */
static enum status claim(struct loop *l, epoch now, struct arena *a, struct outbox **v, size_t *n, struct err *e)
{
	struct store *s = l->build.s;
	epoch next;
	*n = 0;
	enum status st = outbox_next(s, &next, e);
	if (st != OK || !next || next > now)
		return st;
	if ((st = store_begin(s, e)) != OK)
		return st;
	st = outbox_claim(s, now, BATCH, a, v, n, e);
	for (size_t i = 0; st == OK && i < *n; i++) {
		struct outbox *o = &(*v)[i];
		if (o->ticket_id && o->kind != OUT_NOTICE)
			st = msgid_add(s, token_message_id(&l->build.token, a, o->ticket_id, o->id), MSGID_OURS, o->ticket_id, e);
	}
	if (st == OK)
		return store_commit(s, e);
	store_rollback(s);
	return st;
}

static void set_why(struct job *j, enum outcome outcome, const char *why)
{
	j->outcome = outcome;
	snprintf(j->why, sizeof j->why, "%s", why);
}

static void hand_over(struct loop *l, struct job *j, const struct built *b)
{
	struct err e;
	struct smtp_result r;
	enum status st = smtp_send(l->smtp, b->env_from, b->rcpts, b->mail.s, b->mail.len, &r, &e);
	j->some_rejected = r.rejected > 0;
	if (st == OK) {
		set_why(j, SENT, r.rejects);
		memcpy(j->queue_id, r.queue_id, sizeof j->queue_id);
	} else if (r.unsure)
		set_why(j, UNSURE, e.msg);
	else
		set_why(j, st == ERR_PERM ? FAILED : RETRY, e.msg);
}

static void work(struct loop *l, struct job *j, struct arena *a)
{
	struct err e;
	struct built b;
	enum status st = build_mail(&l->build, j->o, a, &b, &e);
	if (st == OK)
		hand_over(l, j, &b);
	else if (st == ERR_DENIED)
		set_why(j, REFUSED, e.msg);
	else
		set_why(j, st == ERR_TEMP ? RETRY : FAILED, e.msg);
	sb_free(&b.mail);
}

static epoch retry_at(const struct outbox *o, epoch now)
{
	epoch wait = FIRST_RETRY;
	for (int i = 1; i < o->attempts && wait < LAST_RETRY; i++)
		wait *= 2;
	return now + (wait < LAST_RETRY ? wait : LAST_RETRY);
}

/* The customer has no answer: the clock runs as it stood, unless a later mail
 * has started it anyway. */
static enum status put_clock_back(struct loop *l, const struct outbox *o, epoch now, struct arena *a, bool *reopened_r,
                                  struct err *e)
{
	struct ticket t;
	enum status st = ticket_current(l->build.s, o->ticket_id, a, &t, e);
	return st == OK ? ticket_answer_undo(l->build.s, &t, o, now, cal_due(l->cal, now), reopened_r, e) : st;
}

/* Nobody is left in the belief that a mail went out that did not. */
static enum status give_up(struct loop *l, const struct job *j, epoch now, struct arena *a, struct err *e)
{
	const struct outbox *o = j->o;
	struct undelivered u = { .b = &l->build, .o = o, .why = j->why, .refused = j->outcome == REFUSED, .now = now };
	enum status st = outbox_failed(l->build.s, o->id, j->why, now, e);
	if (st == OK && outbox_is_answer(o))
		st = put_clock_back(l, o, now, a, &u.reopened, e);
	if (st == OK)
		st = undelivered_tell(&u, a, e);
	struct audit row = { .at = now, .who = "system", .what = "mail.failed", .ticket_id = o->ticket_id, .detail = j->why };
	return st == OK ? audit_add(l->build.s, &row, e) : st;
}

static enum status mark_one(struct loop *l, const struct job *j, epoch now, struct arena *a, struct err *e)
{
	const struct undelivered u = { .b = &l->build, .o = j->o, .why = j->why, .partly = true, .now = now };
	enum status st;
	switch (j->outcome) {
	case SENT:
		st = outbox_sent(l->build.s, j->o->id, j->queue_id, now, e);
		return st == OK && j->some_rejected ? undelivered_tell(&u, a, e) : st;
	case RETRY:
		return outbox_retry(l->build.s, j->o->id, retry_at(j->o, now), j->why, e);
	case UNSURE:
		return OK; /* stays claimed; settled before the next round */
	default:
		return give_up(l, j, now, a, e);
	}
}

static void log_job(const struct job *j)
{
	static const char *const names[] = { "sent", "retry", "failed", "refused", "unsure" };
	static const char *const counters[] = { "mails_sent_total", "mails_retried_total", "mails_failed_total",
		                                "mails_refused_total", "mails_unsure_total" };
	metrics_add(counters[j->outcome], 1);
	log_line(j->outcome == SENT ? LOG_LV_INFO : LOG_LV_WARN, names[j->outcome],
	         "outbox=%lld kind=%s ticket=%lld qid=%s attempts=%d why=%s", (long long)j->o->id,
	         outbox_kind_name(j->o->kind), (long long)j->o->ticket_id, *j->queue_id ? j->queue_id : "-",
	         j->o->attempts, *j->why ? log_quote(j->why) : "-");
}

/* What Postfix took is marked however long the store takes: a row marked late
 * is a mail sent once, a row not marked may become two. */
static enum status mark_all(struct loop *l, struct job *v, size_t n, epoch now, struct arena *a, struct err *e)
{
	enum status st = store_begin(l->build.s, e);
	for (size_t i = 0; st == OK && i < n; i++)
		st = mark_one(l, &v[i], now, a, e);
	if (st == OK)
		st = store_commit(l->build.s, e);
	else
		store_rollback(l->build.s);
	return st;
}

static bool any_unsure(const struct job *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (v[i].outcome == UNSURE)
			return true;
	return false;
}

enum status loop_round(struct loop *l, epoch now, size_t *handled_r, struct err *e)
{
	struct outbox *v = NULL;
	size_t n = 0;
	*handled_r = 0;
	enum status st = smtp_connect(l->smtp, e); /* nothing is claimed that can't be handed over */
	if (st != OK)
		return st;
	struct arena *a = arena_new();
	st = claim(l, now, a, &v, &n, e);
	struct job *jobs = arena_zalloc(a, (n + 1) * sizeof *jobs);
	for (size_t i = 0; st == OK && i < n; i++) {
		jobs[i].o = &v[i];
		work(l, &jobs[i], a);
		log_job(&jobs[i]);
	}
	if (st == OK && n)
		while ((st = mark_all(l, jobs, n, now, a, e)) == ERR_TEMP) {
			log_warn("store", "error=%s", log_quote(e->msg));
			sleep(1);
		}
	if (st == OK && any_unsure(jobs, n))
		st = loop_settle(l, now, e);
	*handled_r = n;
	arena_free(&a);
	return st;
}

static enum status mark_settled(struct loop *l, const struct settled *v, size_t n, epoch now, struct err *e)
{
	enum status st = store_begin(l->build.s, e);
	for (size_t i = 0; st == OK && i < n; i++) {
		bool taken = *v[i].queue_id != '\0';
		log_info("settled", "outbox=%lld taken=%d qid=%s", (long long)v[i].id, taken, taken ? v[i].queue_id : "-");
		st = taken ? outbox_sent(l->build.s, v[i].id, v[i].queue_id, now, e)
		           : outbox_retry(l->build.s, v[i].id, now, "interrupted", e);
	}
	if (st == OK)
		return store_commit(l->build.s, e);
	store_rollback(l->build.s);
	return st;
}

enum status loop_settle(struct loop *l, epoch now, struct err *e)
{
	struct arena *a = arena_new();
	struct outbox *o;
	size_t n;
	enum status st = outbox_uncertain(l->build.s, a, &o, &n, e);
	if (st == OK && n) {
		struct settled *v = arena_zalloc(a, n * sizeof *v);
		for (size_t i = 0; i < n; i++)
			v[i] = (struct settled){
				.id = o[i].id,
				.sender = o[i].kind == OUT_ACK ? "" : token_bounce_address(&l->build.token, a, o[i].id),
				.message_id = token_message_id(&l->build.token, a, o[i].ticket_id, o[i].id),
			};
		st = smtp_connect(l->smtp, e); /* Postfix is up: its queue can be seen */
		if (st == OK)
			st = settle_look(l->cfg, v, n, e);
		if (st == OK)
			st = mark_settled(l, v, n, now, e);
	}
	arena_free(&a);
	return st;
}
