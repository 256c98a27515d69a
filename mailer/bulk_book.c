/*
 * The books: what workers and Postfix's log say goes into the ledger, inside
 * the round's transaction. See bulk.h.
 */
#include "bulk_impl.h"
#include "base/log.h"
#include "base/metrics.h"
#include "store/store_reader.h"
#include <stdio.h>
#include <string.h>

#define UNLOGGED "Postfix が異常終了したため、結果の記録がありません"
enum { RETRY_MS = 5000, ISSUE_LEAST = 200, HARD_LEAST = 10, PROBE_MS = 2000, LOOK_MS = 500, OLD_LOOK = 600 };

static enum status move(struct bulk *b, struct token_news who, enum rcpt_state to, const char *queue_id, const char *detail,
                        epoch now, bool *moved_r, struct err *e)
{
	enum status st = ledger_move(b->build.s, who.issue, who.reader, to, queue_id, detail, now, moved_r, e);
	return st == ERR_NOTFOUND ? OK : st; /* a MAC of ours, but no such row: an older store */
}

/* ---- stopping ------------------------------------------------------------------------ */

enum status bulk_pause(struct bulk *b, struct bulk_run *r, const char *why, epoch now, struct err *e)
{
	struct issue to = r->issue;
	bool moved;
	if (r->paused)
		return OK;
	to.state = ISSUE_PAUSED;
	to.why = arena_strdup(r->a, why);
	enum status st = bulk_advance(b, &r->issue, &to, &moved, e);
	if (st != OK || !moved)
		return st;
	r->paused = true;
	r->issue = to;
	log_warn("paused", "issue=%lld why=%s", (long long)r->issue.id, log_quote(why));
	return bulk_tell(b, &r->issue, "issue-stopped", why, now, e);
}

static bool too_many(int64_t n, int64_t least, int64_t of, int64_t percent)
{
	return of >= ISSUE_LEAST && n >= least && pace_over(n, of, percent);
}

/* A domain that stops; an issue with too many dead addresses, or too much that is put off, stops whole. */
static enum status watch(struct bulk *b, struct token_news who, uint32_t domain, enum pace_word w, const char *words, epoch now,
                         struct err *e)
{
	struct bulk_run *r = bulk_run_of(b, who.issue);
	enum status st = OK;
	if (!r)
		return OK;
	if (pace_result(&b->rules, &b->domains[domain].pace, w, clk_mono_ms()) == PACE_STOPS)
		st = bulk_stop_domain(b, r, domain, w, words, now, e);
	r->results += w != PACE_DEFERRED;
	r->hard += w == PACE_HARD;
	r->deferred += w == PACE_DEFERRED;
	if (st == OK && w == PACE_HARD && too_many(r->hard, HARD_LEAST, r->results, b->rules.hard))
		st = bulk_pause(b, r, "宛先不明の割合が上限を超えました", now, e);
	if (st == OK && w == PACE_DEFERRED && too_many(r->deferred, 1, r->results + r->deferred, b->rules.deferred))
		st = bulk_pause(b, r, "受信側に一時的に断られ、再送を待つ割合が上限を超えました", now, e);
	return st;
}

/* What was put off came to its end. */
static void settled(struct bulk *b, const struct bulk_mail *m)
{
	struct bulk_run *r = m->deferred ? bulk_run_of(b, m->who.issue) : NULL;
	if (r && r->deferred)
		r->deferred--;
}

/* ---- refusals -------------------------------------------------------------------------- */

static enum status refused(struct bulk *b, struct token_news who, const char *dsn, const char *words, const char *relay,
                           epoch now, enum pace_word *w_r, uint32_t *domain_r, struct err *e)
{
	struct arena *a = arena_new();
	struct reader reader;
	struct ret ret;
	bool moved = false;
	*w_r = PACE_FAILED;
	enum status st = reader_get(b->build.s, who.reader, a, &reader, e);
	if (st == OK) {
		ret_of_words(b->returns, reader.addr, dsn, words, relay, a, &ret);
		const struct ret_rule *rule = ret_rule(b->returns, ret.class);
		const char *why = arena_printf(a, "%s%s%s", ret.why, *words ? "：" : "", words);
		*domain_r = bulk_domain(b, reader.addr);
		if (ret.class == RET_HARD)
			*w_r = PACE_HARD;
		st = move(b, who, RCPT_BOUNCED, "", why, now, &moved, e);
		if (st == OK && moved)
			st = reader_returned(b->build.s, who.reader, who.issue, rule->effect == RET_STOP,
			                     rule->effect == RET_COUNT ? rule->limit : 0, rule->days, why, now, e);
	}
	arena_free(&a);
	metrics_add("bulk_bounced_total", moved);
	return st == ERR_NOTFOUND ? OK : st;
}

/* ---- from workers --------------------------------------------------------------------- */

static enum status later(struct bulk *b, struct bulk_job *j, epoch now, struct err *e)
{
	bool moved;
	struct token_news who = { j->run->issue.id, j->reader };
	enum status st = move(b, who, RCPT_PENDING, "", j->why, now, &moved, e);
	if (st == OK && moved)
		bulk_wait_add(j->run, j->domain, j->reader);
	if (!j->run->retry_ms)
		log_warn("later", "issue=%lld why=%s", (long long)who.issue, log_quote(j->why));
	j->run->retry_ms = clk_mono_ms() + RETRY_MS;
	if (!j->run->stuck_at)
		j->run->stuck_at = now;
	return st;
}

/* It is our Postfix that speaks: words that only the reader's provider uses are not looked for, and a status of the system or
 * of a policy (X.3, X.7) outweighs its "Recipient address rejected", which it says of any restriction. */
static bool blames_address(const struct bulk *b, const struct bulk_job *j)
{
	struct arena *a = arena_new();
	struct ret ret;
	ret_of_words(b->returns, "", "", j->why, "", a, &ret);
	bool ours = strncmp(ret.status, "5.3.", 4) == 0 || strncmp(ret.status, "5.7.", 4) == 0;
	arena_free(&a);
	return !ours && (ret.class == RET_HARD || ret.class == RET_MOVED || ret.class == RET_FULL || ret.class == RET_SUSPENDED);
}

/* A restriction in Postfix's own configuration answers at RCPT too: the next reader would hear the same, so nobody's row may
 * end by it. But where others are taken, and the same one is not, it is a rule about him. */
static enum status refused_here(struct bulk *b, struct bulk_job *j, epoch now, struct err *e)
{
	struct token_news who = { j->run->issue.id, j->reader };
	enum pace_word w;
	uint32_t domain = j->domain;
	struct bulk_run *r = j->run;
	bool his = r->shut_out == j->reader && r->taken_since;
	if (!his && !blames_address(b, j)) {
		r->shut_out = j->reader;
		r->taken_since = false;
		enum status st = later(b, j, now, e);
		const char *why = arena_printf(r->a, "自社の Postfix が宛先を受け付けませんでした：%s", j->why);
		return st == OK ? bulk_pause(b, r, why, now, e) : st;
	}
	enum status st = refused(b, who, "", j->why, "", now, &w, &domain, e);
	return st == OK ? watch(b, who, domain, w, j->why, now, e) : st;
}

enum status bulk_book_job(struct bulk *b, struct bulk_job *j, epoch now, struct err *e)
{
	struct token_news who = { j->run->issue.id, j->reader };
	bool moved;
	enum status st;
	switch (j->outcome) {
	case BULK_TAKEN:
		st = move(b, who, RCPT_QUEUED, j->queue_id, "", now, &moved, e);
		if (st == OK && moved) /* else the log was faster */
			bulk_queue_add(&b->queue, j->queue_id, who, bulk_mail_bytes(j->run), now);
		j->run->retry_ms = j->run->stuck_at = 0;
		j->run->taken_since = true;
		metrics_add("bulk_queued_total", 1);
		return st;
	case BULK_REFUSED:
		return refused_here(b, j, now, e);
	case BULK_BROKEN:
		st = later(b, j, now, e);
		return st == OK ? bulk_pause(b, j->run, j->why, now, e) : st;
	case BULK_UNSURE:
		bulk_doubt(b, who.issue, who.reader);
		return OK;
	default:
		return later(b, j, now, e);
	}
}

/* ---- from the log ------------------------------------------------------------------------ */

static enum status sent(struct bulk *b, struct bulk_mail *m, epoch now, struct err *e)
{
	struct arena *a = arena_new();
	struct rcpt row;
	bool moved;
	struct token_news who = m->who;
	enum status st = move(b, who, RCPT_DELIVERED, m->queue_id, "", now, &moved, e);
	if (st == OK && moved)
		st = ledger_get(b->build.s, who.issue, who.reader, a, &row, e);
	if (st == OK && moved)
		st = watch(b, who, bulk_domain(b, row.addr), PACE_SENT, "", now, e);
	arena_free(&a);
	metrics_add("bulk_delivered_total", st == OK && moved);
	return st;
}

static enum status deferred(struct bulk *b, struct bulk_mail *m, const struct blog_line *l, epoch now, struct err *e)
{
	struct arena *a = arena_new();
	struct rcpt row;
	bool first = !m->deferred;
	bulk_queue_defer(&b->queue, m);
	enum status st = ledger_note(b->build.s, m->who.issue, m->who.reader, l->words, e);
	if (st == OK && first)
		st = ledger_get(b->build.s, m->who.issue, m->who.reader, a, &row, e);
	if (st == OK && first)
		st = watch(b, m->who, bulk_domain(b, row.addr), PACE_DEFERRED, l->words, now, e);
	arena_free(&a);
	return st == ERR_NOTFOUND ? OK : st;
}

static enum status bounced(struct bulk *b, struct bulk_mail *m, const struct blog_line *l, epoch now, struct err *e)
{
	enum pace_word w;
	uint32_t domain = 0;
	enum status st = refused(b, m->who, l->dsn, l->words, l->relay, now, &w, &domain, e);
	if (st == OK)
		st = watch(b, m->who, domain, w, l->words, now, e);
	return st;
}

static enum status queued(struct bulk *b, const struct blog_line *l, epoch now, struct err *e)
{
	bool moved;
	struct rcpt row = { 0 };
	struct arena *a = arena_new();
	enum status st = move(b, l->who, RCPT_QUEUED, l->queue_id, "", now, &moved, e);
	if (st == OK)
		st = ledger_get(b->build.s, l->who.issue, l->who.reader, a, &row, e);
	if (st == OK && row.state == RCPT_QUEUED)
		bulk_queue_add(&b->queue, l->queue_id, l->who, bulk_mail_bytes(bulk_run_of(b, l->who.issue)), row.at)->doubtful = false;
	arena_free(&a);
	return st == ERR_NOTFOUND ? OK : st;
}

/* Lines of the time before may be lost. All that it still has it names again, at once; what was deferred in its own time. */
static void started(struct bulk *b)
{
	b->started_ms = clk_mono_ms();
	b->held_inode = b->log.inode;
	b->held_offset = b->log.line_at;
	for (size_t i = 0; i < b->queue.cap; i++)
		b->queue.v[i].doubtful = b->queue.v[i].queue_id[0] && !b->queue.v[i].deferred;
}

static enum status book_line(struct bulk *b, const struct blog_line *l, epoch now, struct err *e)
{
	enum status st = OK;
	bool moved;
	if (l->kind == BLOG_NONE)
		return OK;
	if (l->kind == BLOG_STARTED)
		return started(b), OK;
	if (l->kind == BLOG_QUEUED)
		return queued(b, l, now, e);
	struct bulk_mail *m = bulk_queue_find(&b->queue, l->queue_id);
	if (!m)
		return OK; /* of the desk, or done with */
	m->doubtful = false;
	if (l->kind == BLOG_DEFERRED)
		return deferred(b, m, l, now, e);
	settled(b, m);
	if (l->kind == BLOG_SENT)
		st = sent(b, m, now, e);
	else if (l->kind == BLOG_BOUNCED)
		st = bounced(b, m, l, now, e);
	else if (l->kind == BLOG_EXPIRED) /* the last words on why stand there already */
		st = move(b, m->who, RCPT_EXPIRED, "", "", now, &moved, e);
	else if (l->kind == BLOG_DELETED)
		st = move(b, m->who, RCPT_EXPIRED, "", "キューから削除されました", now, &moved, e);
	else /* done, and the line that said how was lost with Postfix's log daemon */
		st = move(b, m->who, RCPT_DELIVERED, "", UNLOGGED, now, &moved, e);
	bulk_queue_remove(&b->queue, m);
	return st;
}

enum status bulk_book_log(struct bulk *b, epoch now, bool *more_r, struct err *e)
{
	struct blog_line l;
	const char *line;
	size_t n, lines = 0;
	int64_t from = b->log.offset, inode = b->log.inode;
	enum status st = OK;
	while (st == OK && lines < BULK_LINES && blog_next(&b->log, &line, &n)) {
		blog_parse(&b->build.token, line, n, &l);
		st = book_line(b, &l, now, e);
		lines++;
	}
	*more_r = lines == BULK_LINES;
	if (st != OK || (from == b->log.offset && inode == b->log.inode))
		return st;
	if (b->started_ms) /* what is doubted now would be forgotten by a crash; booking a line twice does nothing */
		return ledger_log_set(b->build.s, b->held_inode, b->held_offset, e);
	return ledger_log_set(b->build.s, b->log.inode, b->log.offset, e);
}

static enum status lost(struct bulk *b, struct bulk_mail *m, enum rcpt_state to, epoch now, struct err *e)
{
	bool moved;
	log_warn("unlogged", "issue=%lld reader=%lld qid=%s", (long long)m->who.issue, (long long)m->who.reader, m->queue_id);
	settled(b, m);
	enum status st = move(b, m->who, to, "", UNLOGGED, now, &moved, e);
	bulk_queue_remove(&b->queue, m);
	return st;
}

/* Those that Postfix, started anew, does not name; or (old) that it can't have any more. Removing one moves another into its place. */
static enum status lose(struct bulk *b, bool old, epoch now, struct err *e)
{
	enum status st = OK;
	for (size_t i = 0; i < b->queue.cap; i++) {
		struct bulk_mail *m = &b->queue.v[i];
		while (st == OK && m->queue_id[0] && (old ? now - m->since >= BULK_GONE : m->doubtful))
			st = lost(b, m, old ? RCPT_EXPIRED : RCPT_DELIVERED, now, e);
	}
	return st;
}

/* What it had put off it does not name at its start: when it was lost after that, its time ends it. */
static enum status lose_old(struct bulk *b, epoch now, struct err *e)
{
	if (!b->queue.n || now - b->looked_at < OLD_LOOK)
		return OK;
	b->looked_at = now;
	return lose(b, true, now, e);
}

enum status bulk_book_lost(struct bulk *b, epoch now, struct err *e)
{
	if (!b->started_ms)
		return lose_old(b, now, e);
	if (clk_mono_ms() - b->started_ms < BULK_LOST_MS)
		return OK;
	enum status st = lose(b, false, now, e);
	b->started_ms = 0;
	return st == OK ? ledger_log_set(b->build.s, b->log.inode, b->log.offset, e) : st;
}

/* ---- what nobody knows -------------------------------------------------------------------- */

/* Postfix was asked long enough ago, and its log was read to the end since. */
static enum status settle(struct bulk *b, const struct bulk_doubt *d, epoch now, struct err *e)
{
	struct arena *a = arena_new();
	struct rcpt row;
	bool moved = false;
	struct bulk_run *r = bulk_run_of(b, d->issue);
	enum status st = ledger_get(b->build.s, d->issue, d->reader, a, &row, e);
	if (st == OK && row.state == RCPT_CLAIMED)
		st = ledger_move(b->build.s, d->issue, d->reader, RCPT_PENDING, "", "", now, &moved, e);
	if (st == OK && moved && r && !(r->issue.told & ISSUE_CANCELLING))
		bulk_wait_add(r, bulk_domain(b, row.addr), d->reader);
	else if (st == OK && moved)
		st = ledger_move(b->build.s, d->issue, d->reader, RCPT_SUPPRESSED, "", "中止", now, &moved, e);
	log_debug("settled", "issue=%lld reader=%lld taken=%d", (long long)d->issue, (long long)d->reader, !moved);
	arena_free(&a);
	return st;
}

/* A fresh connection: an old one says nothing. */
static bool postfix_answers(struct bulk *b)
{
	struct err e;
	smtp_free(&b->probe);
	b->probe = smtp_new(b->cfg->smtp_bulk, b->cfg->hostname, PROBE_MS);
	return smtp_connect(b->probe, &e) == OK;
}

/* While Postfix is away nothing can be known; the time begins when it is back. */
enum status bulk_book_doubts(struct bulk *b, epoch now, struct err *e)
{
	int64_t now_ms = clk_mono_ms();
	size_t kept = 0;
	enum status st = OK;
	if (!b->ndoubts || now_ms - b->probed_ms < LOOK_MS)
		return OK;
	b->probed_ms = now_ms;
	bool there = postfix_answers(b);
	for (size_t i = 0; i < b->ndoubts; i++) {
		struct bulk_doubt d = b->doubts[i];
		if (!there)
			d.since_ms = now_ms;
		if (st == OK && now_ms - d.since_ms >= BULK_SETTLE_MS)
			st = settle(b, &d, now, e);
		else
			b->doubts[kept++] = d;
	}
	b->ndoubts = kept;
	return st;
}
