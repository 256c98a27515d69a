/*
 * Group commit. See store_writer.h.
 *
 * A job is a struct on its caller's stack, linked into the queue; the thread
 * takes what waits (at most max_batch), runs it in one transaction, commits,
 * and wakes each caller. A single job is committed at once: batches form by
 * themselves while an earlier commit waits for the disk.
 *
 * A transaction that was lost is run again without the job that lost it, so
 * one mail too big for the disk does not refuse its neighbours.
 */
#include "store/store_writer.h"
#include "base/log.h"
#include "base/xalloc.h"
#include "store/store_impl.h"
#include <pthread.h>
#include <stdlib.h>

enum { BUSY_TRIES = 2 };

struct job {
	struct job *next;
	store_job fn;
	void *arg;
	struct err *e;
	enum status st;
	bool settled; /* has its verdict: not run again in this batch */
	bool done;
	pthread_cond_t wake;
};

struct store_writer {
	struct store *s;
	unsigned max_batch;
	pthread_t thread;
	pthread_mutex_t lock; /* what is below */
	pthread_cond_t work;
	struct job *head, **tail;
	bool stop;
};

/* ---- the thread ---------------------------------------------------------------- */

static struct job *take_batch(struct store_writer *w)
{
	struct job *first = w->head, **end = &w->head;
	for (unsigned i = 0; *end && i < w->max_batch; i++)
		end = &(*end)->next;
	w->head = *end;
	*end = NULL;
	if (!w->head)
		w->tail = &w->head;
	return first;
}

static void settle_all(struct job *batch, enum status st, const struct err *why)
{
	for (struct job *j = batch; j; j = j->next) {
		if (j->settled)
			continue;
		j->st = st;
		j->settled = true;
		if (st != OK && j->e)
			*j->e = *why;
	}
}

/* One job in its savepoint. False: the whole transaction is lost, and this
 * job, which lost it, is settled. */
static bool run_job(struct store *s, struct job *j)
{
	enum status st = store_savepoint(s, j->e);
	if (st == OK) {
		st = j->fn(s, j->arg, j->e);
		if (st == OK && !store_tx_alive(s))
			st = err_set(j->e, ERR_TEMP, "store: the transaction was rolled back");
		if (st == OK)
			st = store_release(s, j->e);
		else if (store_tx_alive(s))
			store_rollback_to(s);
	}
	j->st = st;
	if (st != OK)
		j->settled = true;
	return store_tx_alive(s);
}

/* ERR_NOTFOUND: lost, to be begun again without the job that is now settled. */
static enum status run_once(struct store *s, struct job *batch, struct err *e)
{
	enum status st = store_begin(s, e);
	if (st != OK)
		return st;
	for (struct job *j = batch; j; j = j->next)
		if (!j->settled && !run_job(s, j)) {
			store_rollback(s);
			return ERR_NOTFOUND;
		}
	return store_commit(s, e);
}

static void run_batch(struct store *s, struct job *batch)
{
	struct err e;
	enum status st;
	int busy = 0;
	do {
		st = run_once(s, batch, &e);
		bool again = st == ERR_TEMP && (sqlite3_errcode(s->db) & 0xff) == SQLITE_BUSY;
		if (again && ++busy < BUSY_TRIES)
			st = ERR_NOTFOUND;
	} while (st == ERR_NOTFOUND);
	if (st != OK)
		log_error("store_commit", "why=%s", log_quote(e.msg));
	settle_all(batch, st, &e);
}

static void wake_all(struct job *batch)
{
	for (struct job *j = batch, *next; j; j = next) {
		next = j->next; /* *j is gone when its caller wakes */
		j->done = true;
		pthread_cond_signal(&j->wake);
	}
}

static void *writer_main(void *arg)
{
	struct store_writer *w = arg;
	pthread_mutex_lock(&w->lock);
	for (;;) {
		while (!w->head && !w->stop)
			pthread_cond_wait(&w->work, &w->lock);
		if (!w->head)
			break;
		struct job *batch = take_batch(w);
		pthread_mutex_unlock(&w->lock);
		run_batch(w->s, batch);
		pthread_mutex_lock(&w->lock);
		wake_all(batch);
	}
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

/* ---- the callers ------------------------------------------------------------------ */

void writer_start_on(struct store **s, unsigned max_batch, struct store_writer **w_r)
{
	struct store_writer *w = xcalloc(1, sizeof *w);
	w->s = *s;
	*s = NULL;
	w->max_batch = max_batch ? max_batch : 1;
	w->tail = &w->head;
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->work, NULL);
	if (pthread_create(&w->thread, NULL, writer_main, w) != 0)
		log_fatal("store_writer", "why=\"no thread\"");
	pthread_setname_np(w->thread, "store-writer");
	*w_r = w;
}

enum status writer_start(const char *path, const uint8_t *master, unsigned max_batch,
                         struct store_writer **w_r, struct err *e)
{
	struct store *s;
	*w_r = NULL;
	enum status st = store_open(path, master, &s, e);
	if (st == OK)
		writer_start_on(&s, max_batch, w_r);
	return st;
}

enum status writer_run(struct store_writer *w, store_job fn, void *arg, struct err *e)
{
	struct job j = { .fn = fn, .arg = arg, .e = e };
	pthread_mutex_lock(&w->lock);
	if (w->stop) {
		pthread_mutex_unlock(&w->lock);
		return err_set(e, ERR_TEMP, "store: the writer is stopping");
	}
	pthread_cond_init(&j.wake, NULL);
	*w->tail = &j;
	/* we wait below until it is taken off again */
	/* cppcheck-suppress autoVariables */
	w->tail = &j.next;
	pthread_cond_signal(&w->work);
	while (!j.done)
		pthread_cond_wait(&j.wake, &w->lock);
	pthread_mutex_unlock(&w->lock);
	pthread_cond_destroy(&j.wake);
	return j.st;
}

void writer_stop(struct store_writer **wp)
{
	struct store_writer *w = wp ? *wp : NULL;
	if (!w)
		return;
	pthread_mutex_lock(&w->lock);
	w->stop = true;
	pthread_cond_signal(&w->work);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	store_close(&w->s);
	pthread_cond_destroy(&w->work);
	pthread_mutex_destroy(&w->lock);
	free(w);
	*wp = NULL;
}
