/*
 * desk_rounds DB MESSAGES TICKETS: what the desk's rounds cost in a
 * store of that many mails, with that many customers waiting for an answer: a
 * look at clocks of which none is due, finding the next batch of those that are,
 * the digest of a morning, and the statistics of a month. Fills DB itself; each
 * figure is the median of RUNS, against the aim of the requirements.
 */
#include "bench_desk.h"
#include "build.h"
#include "due_impl.h"
#include "stats_load.h"
#include "stats_mail.h"
#include "base/log.h"
#include "store/store_impl.h"
#include "store/store_people.h"
#include "store/store_ticket_op.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { RUNS = 5, BODY = 500, MINUTE = 60, DAY = 86400 };
static const double SWEEP_MS = 50, REPORT_MS = 2000; /* the aims */

struct bench {
	struct store *s;
	struct cal *cal;
	struct cfg *cfg;
	struct build_ctx ctx;
	struct due_run rounds;
	epoch now;
	int64_t staff;
	struct err e;
};

static void must(struct bench *b, enum status st)
{
	if (st == OK)
		return;
	fprintf(stderr, "desk_rounds: %s\n", b->e.msg);
	exit(1);
}

static double now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* ---- the store ------------------------------------------------------------------ */

enum { YEAR = 365 * DAY };

/* One ticket as it stands at b->now: it waits, due in the days to come, or has
 * had its answer some hours after it was asked. */
static void settle_ticket(struct bench *b, struct ticket *t, epoch asked, bool waits)
{
	int64_t r = t->id * 7919 % 100003; /* spreads them */
	t->waiting_since = waits ? b->now - MINUTE - r % 600 : asked;
	t->due_at = waits ? b->now + DAY + r % (5 * DAY) : cal_due(b->cal, asked);
	must(b, ticket_update(b->s, t, &b->e));
	if (!waits)
		must(b, ticket_answer(b->s, t, b->staff, cal_add_reply_time(b->cal, asked, 1 + r % 36000), &b->e));
}

/* What was asked is spread over a year; the newest `open` tickets wait. */
static void settle_tickets(struct bench *b, int64_t last, int64_t open)
{
	char sql[128];
	for (int64_t id = 1; id <= last;) {
		struct arena *a = arena_new();
		must(b, store_begin(b->s, &b->e));
		for (int64_t end = id + DESK_BATCH; id < end && id <= last; id++) {
			struct ticket t;
			must(b, ticket_get(b->s, id, a, &t, &b->e));
			settle_ticket(b, &t, b->now - YEAR + id * (YEAR / last), id > last - open);
		}
		must(b, store_commit(b->s, &b->e));
		arena_free(&a);
	}
	snprintf(sql, sizeof sql, "UPDATE ticket SET opened_at = %lld + id * %lld", (long long)(b->now - YEAR), (long long)(YEAR / last));
	must(b, sql_script(b->s, sql, &b->e));
}

static void add_staff(struct bench *b)
{
	struct staff p = { .login = "suzuki", .name = "鈴木 一郎", .address = "suzuki@example.jp", .roles = STAFF_AGENT, .active = true };
	must(b, store_begin(b->s, &b->e));
	must(b, staff_add(b->s, &p, &b->e));
	must(b, store_commit(b->s, &b->e));
	b->staff = p.id;
}

static void open_bench(struct bench *b, const char *db)
{
	static const uint8_t master[KEY_LEN];
	b->now = epoch_of(2026, 11, 24, 14, 0, 0); /* a Tuesday, in the reply hours */
	b->cal = cal_new();
	must(b, cfg_parse("bench", "", "/", &b->cfg, &b->e));
	must(b, store_open(db, master, &b->s, &b->e));
	must(b, sql_script(b->s, "PRAGMA cache_size = -400000; PRAGMA wal_autocheckpoint = 100000;", &b->e));
	b->ctx = (struct build_ctx){ .cfg = b->cfg, .s = b->s };
	token_init(&b->ctx.token, master, b->cfg->desk_localpart, b->cfg->domain);
	b->rounds.build = &b->ctx;
	due_rules_load(b->cfg, b->cal, &b->rounds.rules);
}

/* ---- what is measured ------------------------------------------------------------- */

static void sweep(struct bench *b)
{
	size_t n;
	must(b, due_run(&b->rounds, b->now, &n, &b->e));
	if (n == 0)
		return;
	fprintf(stderr, "desk_rounds: %zu clocks were due\n", n);
	exit(1);
}

/* A batch of those that fall due at once, and what is written of it. */
static void batch(struct bench *b)
{
	size_t n;
	must(b, due_run(&b->rounds, b->now + 4 * DAY, &n, &b->e));
	if (n == DUE_BATCH)
		return;
	fprintf(stderr, "desk_rounds: only %zu clocks were due\n", n);
	exit(1);
}

static void digest(struct bench *b)
{
	struct due_ctx x = { .d = &b->rounds, .s = b->s, .a = arena_new(), .digest = true,
		             .now = due_opening(b->cal, b->now + DAY) };
	must(b, store_begin(b->s, &b->e));
	must(b, due_digest(&x, &b->e));
	store_rollback(b->s);
	arena_free(&x.a);
}

static void statistics(struct bench *b)
{
	struct stats r;
	struct stats_mail m;
	struct arena *a = arena_new();
	const struct stats_load l = { b->s, b->cal, NULL };
	must(b, stats_load(&l, 2026, 10, b->now, a, &r, &b->e));
	stats_mail(&r, true, "example.jp", "", a, &m);
	stats_mail_free(&m);
	arena_free(&a);
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static bool measure(struct bench *b, const char *what, void (*f)(struct bench *), double aim)
{
	double took[RUNS];
	for (int i = 0; i < RUNS; i++) {
		double start = now_ms();
		f(b);
		took[i] = now_ms() - start;
	}
	qsort(took, RUNS, sizeof *took, by_size);
	bool met = took[RUNS / 2] < aim;
	printf("%-44s %9.2f ms (longest %.2f)  aim < %.0f ms: %s\n", what, took[RUNS / 2], took[RUNS - 1], aim, met ? "pass" : "MISSED");
	return met;
}

/* Each clock is looked at once, as after an upgrade, so that none is due. */
static void first_round(struct bench *b)
{
	size_t n, all = 0;
	double start = now_ms();
	do {
		must(b, due_run(&b->rounds, b->now, &n, &b->e));
		all += n;
	} while (n);
	printf("%-44s %9.2f ms for %zu clocks\n", "the first look at every clock", now_ms() - start, all);
}

int main(int argc, char **argv)
{
	struct bench b = { 0 };
	struct desk_load l = { .seed = 1, .body = BODY };
	if (argc != 4) {
		fprintf(stderr, "usage: desk_rounds DB MESSAGES TICKETS\n");
		return 2;
	}
	int64_t open = strtoll(argv[3], NULL, 10);
	log_open("desk_rounds", "/dev/null", LOG_LV_ERROR);
	open_bench(&b, argv[1]);
	char *text = desk_text(BODY + 4096);
	l.text = text;
	add_staff(&b);
	must(&b, desk_fill(b.s, &l, strtoull(argv[2], NULL, 10), &b.e));
	free(text);
	settle_tickets(&b, l.tickets, open);
	printf("%s mails, %lld tickets, of them waiting: %lld\n", argv[2], (long long)l.tickets, (long long)(open < l.tickets ? open : l.tickets));
	first_round(&b);
	bool met = measure(&b, "a round when no clock is due", sweep, SWEEP_MS);
	met &= measure(&b, "the digest of a morning", digest, REPORT_MS);
	met &= measure(&b, "the statistics of a month", statistics, REPORT_MS);
	met &= measure(&b, "a round of 200 clocks that are due", batch, SWEEP_MS);
	store_close(&b.s);
	cal_free(&b.cal);
	cfg_free(&b.cfg);
	return met ? 0 : 1;
}
