/*
 * store_rate DB [COUNT]: how fast consultation mails are committed to this
 * store: one a commit, and by THREADS at once through the writer; with 4 KB
 * and 30 KB bodies; rate, and how long a caller waits.
 */
#include "bench_desk.h"
#include "store/store_writer.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { THREADS = 32, BATCH = 64 };

static struct store_writer *w;
static struct desk_load load;
static atomic_ullong next_mail;
static uint64_t last_mail;
static double *waits; /* milliseconds, by mail */

static double now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static enum status job(struct store *s, void *arg, struct err *e)
{
	int64_t opened;
	return desk_mail(s, &load, *(uint64_t *)arg, &opened, e);
}

static void *work(void *arg)
{
	struct err e;
	(void)arg;
	for (;;) {
		uint64_t n = atomic_fetch_add(&next_mail, 1);
		if (n >= last_mail)
			return NULL;
		double t = now_ms();
		if (writer_run(w, job, &n, &e) != OK) {
			fprintf(stderr, "store_rate: %s\n", e.msg);
			exit(1);
		}
		waits[n] = now_ms() - t;
	}
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

static void measure(const char *what, size_t body, int threads, uint64_t count)
{
	pthread_t t[THREADS];
	struct timespec ts;
	clock_gettime(CLOCK_REALTIME, &ts);
	load.seed = (uint64_t)ts.tv_sec * 1000000007 + (uint64_t)ts.tv_nsec;
	load.body = body;
	next_mail = 0;
	last_mail = count;
	double start = now_ms();
	for (int i = 0; i < threads; i++)
		if (pthread_create(&t[i], NULL, work, NULL) != 0)
			exit(1);
	for (int i = 0; i < threads; i++)
		pthread_join(t[i], NULL);
	double took = now_ms() - start;
	qsort(waits, count, sizeof *waits, by_size);
	printf("%-22s %7.0f mails/s   mean %.3f ms a mail   wait: median %.2f p99 %.2f max %.2f ms\n", what,
	       (double)count * 1e3 / took, took / (double)count, waits[count / 2], waits[count * 99 / 100],
	       waits[count - 1]);
}

static enum status newest_ticket(struct store *s, void *arg, struct err *e)
{
	int64_t opened;
	(void)arg;
	enum status st = OK;
	for (uint64_t i = 0; st == OK && i < 100; i++) {
		st = desk_mail(s, &load, i, &opened, e);
		load.tickets = opened ? opened : load.tickets;
	}
	return st;
}

int main(int argc, char **argv)
{
	struct err e;
	uint64_t count = argc > 2 ? strtoull(argv[2], NULL, 10) : 5000;
	if (argc < 2 || count == 0) {
		fprintf(stderr, "usage: store_rate DB [COUNT]\n");
		return 2;
	}
	char *text = desk_text(30000 + 4096);
	load = (struct desk_load){ .seed = (uint64_t)time(NULL), .body = 4000, .text = text };
	waits = calloc(count, sizeof *waits);
	if (writer_start(argv[1], NULL, BATCH, &w, &e) != OK || writer_run(w, newest_ticket, NULL, &e) != OK) {
		fprintf(stderr, "store_rate: %s\n", e.msg);
		return 1;
	}
	measure("4 KB, one a commit", 4000, 1, count);
	measure("30 KB, one a commit", 30000, 1, count);
	measure("4 KB, 32 at once", 4000, THREADS, count);
	measure("30 KB, 32 at once", 30000, THREADS, count);
	writer_stop(&w);
	free(waits);
	free(text);
	return 0;
}
