/* `yorozu report month`: see month_cli.h. */
#include "month_cli.h"
#include "base/io.h"
#include "store/store_contract.h"
#include <stdio.h>
#include <string.h>

bool month_cli_parse(int argc, char **argv, struct month_cli *c)
{
	for (int i = 0; i < argc; i++) {
		if (strcmp(argv[i], "--contract") == 0 && i + 1 < argc)
			c->contract = argv[++i];
		else if (strcmp(argv[i], "--print") == 0 && i + 1 < argc)
			c->print = argv[++i];
		else if (strcmp(argv[i], "--again") == 0)
			c->again = true;
		else if (argv[i][0] != '-' && !c->month)
			c->month = argv[i];
		else
			return false;
	}
	return c->month && (c->again ? !c->print : !c->contract == !c->print);
}

static enum status print(const struct reports *r, const struct month_cli *c, int month, epoch now, struct err *e)
{
	struct arena *a = arena_new();
	struct sb pdf = SB_INIT;
	struct contract k;
	struct month m;
	enum status st = contract_by_number(r->s, c->contract, a, &k, e);
	if (st == OK && (st = month_open(r, month, now, &m, e)) == OK) {
		st = month_print(&m, k.id, month, &pdf, e);
		month_close(&m);
	}
	if (st == OK)
		st = io_write_file(c->print, 0600, pdf.s, pdf.len, e);
	if (st == OK)
		printf("%s: %zu bytes\n", c->print, pdf.len);
	sb_free(&pdf);
	arena_free(&a);
	return st;
}

/* A row like any other, so that it goes on should this process be killed. */
static enum status run(const struct reports *r, const struct month_cli *c, epoch now, struct err *e)
{
	struct report_job j = { .kind = REPORT_HEALTH, .what = c->month, .rcpts = "by hand", .who = c->who, .in_reply_to = "", .asked_at = now, .due_at = now + 3600 };
	int64_t outbox = 0, n[HEALTH_STATES];
	enum status st = store_begin(r->s, e);
	if (st != OK)
		return st;
	st = report_job_add(r->s, &j, e);
	if (st == OK)
		st = store_commit(r->s, e);
	else
		store_rollback(r->s);
	if (st == OK)
		st = month_make(r, &j, now, &outbox, e);
	if (st == OK)
		st = health_counts(r->s, month_parse(c->month), n, e);
	if (st == OK)
		printf("%s: %lld drafts, %lld held, %lld approved, %lld sent\n", c->month, (long long)n[HEALTH_DRAFT], (long long)n[HEALTH_HELD],
		       (long long)n[HEALTH_APPROVED], (long long)n[HEALTH_SENT]);
	return st;
}

/* One row a draft, so that whoever is killed meanwhile, each is made once; they come by mail. */
static enum status add_again(const struct reports *r, const struct month_cli *c, const struct health_row *row, epoch now, size_t *n, struct err *e)
{
	char what[48];
	snprintf(what, sizeof what, "%lld %lld", (long long)row->id, (long long)row->version);
	const struct report_job j = { .kind = REPORT_HEALTH_AGAIN, .what = what, .rcpts = "", .who = c->who, .in_reply_to = "", .asked_at = now, .due_at = now };
	++*n;
	return report_job_order(r->s, &j, e);
}

static enum status again(const struct reports *r, const struct month_cli *c, int month, epoch now, struct err *e)
{
	struct arena *a = arena_new();
	struct contract k = { .id = 0 };
	struct health_row *v;
	size_t n, asked = 0;
	enum status st = c->contract ? contract_by_number(r->s, c->contract, a, &k, e) : OK;
	if (st == OK && (st = store_begin(r->s, e)) == OK) {
		st = health_list(r->s, month, true, a, &v, &n, e);
		for (size_t i = 0; st == OK && i < n; i++)
			if (v[i].state <= HEALTH_HELD && (!k.id || v[i].contract_id == k.id))
				st = add_again(r, c, &v[i], now, &asked, e);
		if (st == OK)
			st = store_commit(r->s, e);
		else
			store_rollback(r->s);
	}
	if (st == OK)
		printf("%s: %zu drafts are made anew and mailed\n", c->month, asked);
	arena_free(&a);
	return st;
}

enum status month_cli(const struct reports *r, const struct month_cli *c, epoch now, struct err *e)
{
	const int month = month_parse(c->month);
	if (!month)
		return err_set(e, ERR_PERM, "\"%.20s\" is no month; write it as 2026-10", c->month);
	if (c->print)
		return print(r, c, month, now, e);
	if (c->again)
		return again(r, c, month, now, e);
	if (checkup_until(month) > now)
		return err_set(e, ERR_PERM, "%s is not over", c->month);
	return run(r, c, now, e);
}
