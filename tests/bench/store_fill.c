/*
 * store_fill DB COUNT: fills a store with COUNT mails of 4 KB, their tickets,
 * parties, Message-IDs and outbox rows (all sent), fast: large transactions.
 * For finding out what a store of some years' mail does to the speed.
 */
#include "bench_desk.h"
#include "store/store_impl.h"
#include <stdio.h>
#include <stdlib.h>

enum { BODY = 4000 };

static void die(const struct err *e)
{
	fprintf(stderr, "store_fill: %s\n", e->msg);
	exit(1);
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
	if (desk_fill(s, &l, strtoull(argv[2], NULL, 10), &e) != OK)
		die(&e);
	store_close(&s);
	free(text);
	return 0;
}
