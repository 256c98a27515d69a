/* One round of the books. See bulk.h. */
#include "bulk_impl.h"
#include "base/log.h"
#include "base/xalloc.h"
#include "store/store_reader.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* ---- how much may be under way --------------------------------------------------------- */

static size_t room(const struct bulk *b)
{
	size_t hand = (size_t)b->cfg->bulk_connections * BULK_EACH, active = b->queue.n - b->queue.deferred + b->out;
	size_t most = (size_t)b->cfg->bulk_queue;
	if (active >= most || b->out >= hand)
		return 0;
	return hand - b->out < most - active ? hand - b->out : most - active;
}

/* Deferred ones lie on the disk too, and what is in hand will. One mail goes, however small the mark. */
static bool disk_has_room(const struct bulk *b, const struct bulk_run *r)
{
	const int64_t one = bulk_mail_bytes(r);
	int64_t all = b->queue.bytes + one;
	for (size_t i = 0; i < b->nruns; i++)
		all += (int64_t)(b->runs[i]->out + b->runs[i]->picked) * bulk_mail_bytes(b->runs[i]);
	return all == one || all <= b->cfg->bulk_queue_mb * 1000000;
}

/* ---- claims ------------------------------------------------------------------------------ */

/* He may have gone since the issue began. */
static enum status claim(struct bulk *b, struct bulk_run *r, int64_t reader, epoch now, struct bulk_job *j, bool *taken_r,
                         struct err *e)
{
	struct arena *a = arena_new();
	struct reader who;
	enum status st = reader_get(b->build.s, reader, a, &who, e);
	bool wants = st == OK && who.state == READER_ACTIVE && strlen(who.addr) < sizeof j->addr;
	if (st == OK)
		st = ledger_move(b->build.s, r->issue.id, reader, wants ? RCPT_CLAIMED : RCPT_SUPPRESSED, "", wants ? "" : who.why, now,
		                 taken_r, e);
	*taken_r = *taken_r && wants;
	if (st == OK && *taken_r)
		snprintf(j->addr, sizeof j->addr, "%s", who.addr);
	arena_free(&a);
	return st;
}

/* The next reader of any issue whose turn it is. */
static bool pick(struct bulk *b, int64_t now_ms, struct bulk_job *j)
{
	for (size_t i = 0; i < b->nruns; i++) {
		b->turn = b->turn + 1 < b->nruns ? b->turn + 1 : 0;
		struct bulk_run *r = b->runs[b->turn];
		if (r->paused || !r->nwaiting || now_ms < r->retry_ms || !disk_has_room(b, r))
			continue;
		if (bulk_wait_take(b, r, now_ms, &j->reader, &j->domain)) {
			j->run = r;
			r->picked++;
			return true;
		}
	}
	return false;
}

static enum status claim_some(struct bulk *b, epoch now, struct bulk_job **first_r, size_t *n_r, struct err *e)
{
	int64_t now_ms = clk_mono_ms();
	enum status st = OK;
	bool taken = false;
	struct bulk_job **tail = first_r;
	*n_r = 0;
	for (size_t i = 0; i < b->nruns; i++)
		b->runs[i]->picked = 0;
	for (size_t left = room(b); st == OK && left; left--) {
		struct bulk_job *j = xcalloc(1, sizeof *j);
		bool picked = pick(b, now_ms, j);
		j->at = time(NULL); /* verifiers have the real time, also where the instance's is moved */
		if (picked)
			st = claim(b, j->run, j->reader, now, j, &taken, e);
		if (!picked || st != OK || !taken) {
			free(j);
			if (!picked)
				break;
			continue;
		}
		*tail = j;
		tail = &j->next;
		++*n_r;
	}
	return st;
}

/* ---- the round ------------------------------------------------------------------------------ */

static enum status open_log(struct bulk *b, struct err *e)
{
	int64_t inode, offset;
	if (b->log_ready)
		return OK;
	enum status st = ledger_log_get(b->build.s, &inode, &offset, e);
	if (st != OK)
		return st;
	blog_open(&b->log, b->log_path, inode, offset);
	b->log_ready = true;
	if (inode)
		return OK;
	st = store_begin(b->build.s, e); /* from here on every line counts */
	if (st == OK && (st = ledger_log_set(b->build.s, b->log.inode, b->log.offset, e)) == OK)
		return store_commit(b->build.s, e);
	if (st != OK)
		store_rollback(b->build.s);
	return st;
}

static bool anything(const struct bulk *b)
{
	for (size_t i = 0; i < b->nruns; i++)
		if (b->runs[i]->nwaiting && !b->runs[i]->paused)
			return true;
	return b->nruns || b->out || b->ndoubts || b->queue.n;
}

static enum status book(struct bulk *b, const struct bulk_job *done, epoch now, bool *more_r, struct err *e)
{
	enum status st = OK;
	for (const struct bulk_job *j = done; st == OK && j; j = j->next)
		st = bulk_book_job(b, (struct bulk_job *)j, now, e);
	if (st == OK)
		st = bulk_book_log(b, now, more_r, e);
	if (st == OK && !*more_r)
		st = bulk_book_doubts(b, now, e);
	if (st == OK && !*more_r)
		st = bulk_book_lost(b, now, e);
	return st;
}

static enum status transaction(struct bulk *b, const struct bulk_job *done, epoch now, struct bulk_job **claimed, size_t *n,
                               bool *more_r, struct err *e)
{
	enum status st = store_begin(b->build.s, e);
	if (st != OK)
		return st;
	st = book(b, done, now, more_r, e);
	if (st == OK)
		st = claim_some(b, now, claimed, n, e);
	if (st == OK)
		return store_commit(b->build.s, e);
	store_rollback(b->build.s);
	return st;
}

enum status bulk_round(struct bulk *b, epoch now, bool *busy_r, struct err *e)
{
	struct bulk_job *claimed = NULL;
	size_t n = 0;
	bool more = false;
	*busy_r = false;
	enum status st = open_log(b, e);
	if (st == OK)
		st = bulk_issues(b, now, e);
	if (st == OK && !anything(b))
		return OK;
	struct bulk_job *done = bulk_take_finished(b);
	for (const struct bulk_job *j = done; j; j = j->next)
		j->run->out--;
	if (st == OK)
		st = transaction(b, done, now, &claimed, &n, &more, e);
	bulk_free_jobs(done);
	if (st != OK) {
		bulk_free_jobs(claimed);
		return st == ERR_PERM || st == ERR_BUG ? st : ERR_TEMP;
	}
	for (const struct bulk_job *j = claimed; j; j = j->next)
		j->run->out++;
	if (n)
		bulk_give(b, claimed, n);
	*busy_r = more || n || b->out;
	return OK;
}
