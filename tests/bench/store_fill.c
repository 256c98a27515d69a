/*
 * store_fill DB COUNT: fills a store with COUNT mails of 4 KB, their tickets,
 * parties, Message-IDs and outbox rows (all sent), fast: large transactions.
 * For finding out what a store of some years' mail does to the speed.
 */
#include "bench_desk.h"
#include "store/store_impl.h"
#include "store/store_outbox.h"
#include <stdio.h>
#include <stdlib.h>

enum { BODY = 4000, BATCH = 20000 };

static void die(const struct err *e)
{
	fprintf(stderr, "store_fill: %s\n", e->msg);
	exit(1);
}

/* As if the mailer had been there. */
static enum status send_all(struct store *s, struct err *e)
{
	for (;;) {
		struct arena *a = arena_new();
		struct outbox *v;
		size_t n;
		enum status st = outbox_claim(s, INT32_MAX, 1000, a, &v, &n, e);
		for (size_t i = 0; st == OK && i < n; i++)
			st = outbox_sent(s, v[i].id, "4ZZZZZ0000zzzz", v[i].created_at + 1, e);
		arena_free(&a);
		if (st != OK || n == 0)
			return st;
	}
}

static void fill(struct store *s, struct desk_load *l, uint64_t count)
{
	struct err e;
	for (uint64_t i = 0; i < count;) {
		if (store_begin(s, &e) != OK)
			die(&e);
		for (uint64_t end = i + BATCH; i < end && i < count; i++) {
			int64_t opened;
			if (desk_mail(s, l, i, &opened, &e) != OK)
				die(&e);
			l->tickets = opened ? opened : l->tickets;
		}
		if (send_all(s, &e) != OK || store_commit(s, &e) != OK)
			die(&e);
		fprintf(stderr, "\r%llu", (unsigned long long)i);
	}
	fputc('\n', stderr);
}

int main(int argc, char **argv)
{
	struct store *s;
	struct err e;
	struct desk_load l = { .seed = 1, .body = BODY };
	if (argc != 3) {
		fprintf(stderr, "usage: store_fill DB COUNT\n");
		return 2;
	}
	if (store_open(argv[1], NULL, &s, &e) != OK ||
	    sql_script(s, "PRAGMA cache_size = -400000; PRAGMA wal_autocheckpoint = 100000;", &e) != OK)
		die(&e);
	char *text = desk_text(BODY + 4096);
	l.text = text;
	fill(s, &l, strtoull(argv[2], NULL, 10));
	store_close(&s);
	free(text);
	return 0;
}
