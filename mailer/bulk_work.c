/* The workers: one connection each; make, sign, hand over. See bulk.h. */
#include "bulk_impl.h"
#include "base/log.h"
#include "base/xalloc.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SMTP_TIMEOUT_MS = 60000 };

static void set(struct bulk_job *j, enum bulk_outcome o, const char *why)
{
	j->outcome = o;
	snprintf(j->why, sizeof j->why, "%s", why);
}

static void hand_over(const struct bulk *b, struct smtp *smtp, struct bulk_job *j)
{
	struct arena *a = arena_new();
	struct sb head = SB_INIT;
	struct smtp_result r;
	struct err e;
	const struct bulk_run *run = j->run;
	bulk_head(&b->build, b->signer.nkeys ? &b->signer : NULL, &run->body, run->issue.id, j->reader, j->at, a, &head);
	enum status st = smtp_send_parts(smtp, token_news_address(&b->build.token, a, run->issue.id, j->reader), j->addr, head.s,
	                                 head.len, run->tail.s, run->tail.len, &r, &e);
	if (st == OK) {
		set(j, BULK_TAKEN, "");
		snprintf(j->queue_id, sizeof j->queue_id, "%s", r.queue_id);
	} else if (r.unsure)
		set(j, BULK_UNSURE, e.msg);
	else if (st == ERR_PERM)
		set(j, r.rejected ? BULK_REFUSED : BULK_BROKEN, e.msg);
	else
		set(j, BULK_LATER, e.msg);
	sb_free(&head);
	arena_free(&a);
}

static struct bulk_job *next_job(struct bulk *b)
{
	pthread_mutex_lock(&b->lock);
	while (!b->todo && !b->stop)
		pthread_cond_wait(&b->work, &b->lock);
	struct bulk_job *j = b->todo;
	if (j && !(b->todo = j->next))
		b->todo_tail = &b->todo;
	pthread_mutex_unlock(&b->lock);
	return j;
}

static void put_finished(struct bulk *b, struct bulk_job *j)
{
	j->next = b->finished;
	b->finished = j;
	b->nfinished++;
}

/* Postfix does not take this issue now: the next to ask would hear the same, after a second of waiting for each answer
 * that Postfix adds for those who ask too often. */
static void put_off_others(struct bulk *b, const struct bulk_job *j)
{
	struct bulk_job **at = &b->todo;
	for (struct bulk_job *o; (o = *at);) {
		if (o->run != j->run) {
			at = &o->next;
			continue;
		}
		*at = o->next;
		set(o, BULK_LATER, j->why);
		put_finished(b, o);
	}
	b->todo_tail = at;
}

static void finish(struct bulk *b, struct bulk_job *j)
{
	pthread_mutex_lock(&b->lock);
	if (j->outcome == BULK_LATER)
		put_off_others(b, j);
	put_finished(b, j);
	pthread_cond_signal(&b->done);
	pthread_mutex_unlock(&b->lock);
}

static void *worker(void *arg)
{
	struct bulk *b = arg;
	struct smtp *smtp = smtp_new(b->cfg->smtp_bulk, b->cfg->hostname, SMTP_TIMEOUT_MS);
	for (struct bulk_job *j; (j = next_job(b));) {
		hand_over(b, smtp, j);
		if (j->outcome == BULK_LATER) /* what was asked for after a reload is only heard on a new connection */
			smtp_close(smtp);
		finish(b, j);
	}
	smtp_free(&smtp);
	return NULL;
}

void bulk_give(struct bulk *b, struct bulk_job *first, size_t n)
{
	pthread_mutex_lock(&b->lock);
	for (*b->todo_tail = first; *b->todo_tail; b->todo_tail = &(*b->todo_tail)->next)
		;
	b->out += n;
	pthread_cond_broadcast(&b->work);
	pthread_mutex_unlock(&b->lock);
}

struct bulk_job *bulk_take_finished(struct bulk *b)
{
	pthread_mutex_lock(&b->lock);
	struct bulk_job *first = b->finished;
	b->finished = NULL;
	b->out -= b->nfinished;
	b->nfinished = 0;
	pthread_mutex_unlock(&b->lock);
	return first;
}

void bulk_free_jobs(struct bulk_job *j)
{
	for (struct bulk_job *next; j; j = next) {
		next = j->next;
		free(j);
	}
}

void bulk_take_back(struct bulk *b)
{
	pthread_mutex_lock(&b->lock);
	for (struct bulk_job *j; (j = b->todo);) {
		b->todo = j->next;
		put_finished(b, j);
	}
	b->todo_tail = &b->todo;
	while (b->out > b->nfinished)
		pthread_cond_wait(&b->done, &b->lock);
	pthread_mutex_unlock(&b->lock);
	bulk_free_jobs(bulk_take_finished(b));
}

/* Until a good part of them is done: one commit then books many. */
void bulk_wait(struct bulk *b, int ms)
{
	struct timespec end;
	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_nsec += ms * 1000000L;
	end.tv_sec += end.tv_nsec / 1000000000L;
	end.tv_nsec %= 1000000000L;
	pthread_mutex_lock(&b->lock);
	while (b->out && b->nfinished * 4 < b->out)
		if (pthread_cond_timedwait(&b->done, &b->lock, &end) == ETIMEDOUT)
			break;
	pthread_mutex_unlock(&b->lock);
}

void bulk_start(struct bulk *b)
{
	pthread_mutex_init(&b->lock, NULL);
	pthread_cond_init(&b->work, NULL);
	pthread_cond_init(&b->done, NULL);
	b->todo_tail = &b->todo;
	b->probe = smtp_new(b->cfg->smtp_bulk, b->cfg->hostname, SMTP_TIMEOUT_MS);
	b->nthreads = (size_t)b->cfg->bulk_connections;
	b->threads = xcalloc(b->nthreads, sizeof *b->threads);
	for (size_t i = 0; i < b->nthreads; i++)
		if (pthread_create(&b->threads[i], NULL, worker, b) != 0)
			log_fatal("bulk_start", "why=\"no thread\"");
}

void bulk_stop(struct bulk *b)
{
	pthread_mutex_lock(&b->lock);
	b->stop = true;
	pthread_cond_broadcast(&b->work);
	pthread_mutex_unlock(&b->lock);
	for (size_t i = 0; i < b->nthreads; i++)
		pthread_join(b->threads[i], NULL);
	smtp_free(&b->probe);
	bulk_alarm_free(&b->alarm);
	free(b->threads);
	for (size_t i = 0; i < b->ndomains; i++)
		free(b->domains[i].name);
	free(b->domains);
	free(b->domain_index);
	free(b->doubts);
	pthread_cond_destroy(&b->done);
	pthread_cond_destroy(&b->work);
	pthread_mutex_destroy(&b->lock);
}
