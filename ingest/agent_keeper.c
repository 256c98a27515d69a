/* Months that are over, and terminals that are silent: see agent_keeper.h. The
 * end of a contract is in agent_ended.c. */
#include "agent_keeper.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/notify.h"
#include "store/store_contract.h"
#include "store/store_outbox.h"
#include <stdio.h>
#include <stdlib.h>

enum { HOUR = 3600, DAY = 86400, MONDAY = 1, TOLD_AT = 9 };

/* ---- months ------------------------------------------------------------------------------ */

static int months_before(int month, int64_t n)
{
	int64_t all = month / 100 * 12 + month % 100 - 1 - n;
	return (int)(all / 12 * 100 + all % 12 + 1);
}

enum status agent_keeper_months(const struct ingest *in, epoch now, struct err *e)
{
	size_t n = 0;
	int keep = months_before(agent_month_of(now), in->cfg->terminal_months);
	enum status st = agent_months_drop(in->agents->folder, keep, &n, e);
	if (n) {
		log_info("agent_months", "dropped=%zu before=%d", n, keep);
		metrics_add("agent_months_dropped_total", n);
	}
	return st;
}

/* ---- the silent ---------------------------------------------------------------------------- */

struct silent {
	int64_t id, contract;
	const char *host;
	epoch last;
};
struct silence {
	const struct ingest *in;
	struct arena *a;
	epoch now;
	struct terminal *all;
	struct silent *v; /* by contract, then as they were enrolled */
	size_t nall, n;
	bool told;
};

static enum status load_all(struct store *s, void *arg, struct err *e)
{
	struct silence *x = arg;
	return terminal_list(s, 0, false, x->a, &x->all, &x->nall, e);
}

static int by_contract(const void *x, const void *y)
{
	const struct silent *a = x, *b = y;
	if (a->contract != b->contract)
		return (a->contract > b->contract) - (a->contract < b->contract);
	return (a->id > b->id) - (a->id < b->id);
}

static enum status find_silent(struct silence *x, struct err *e)
{
	struct agent_reader *r = NULL;
	enum status st = agent_reader_open(x->in->agents->folder, agent_month_of(x->now), &r, e);
	x->v = arena_zalloc(x->a, (x->nall + 1) * sizeof *x->v);
	for (size_t i = 0; st == OK && i < x->nall; i++) {
		const struct terminal *t = &x->all[i];
		epoch last = 0;
		st = agent_last_at(r, t->id, &last, e);
		if (x->now - (last ? last : t->enrolled_at) >= x->in->cfg->terminal_silent_days * DAY)
			x->v[x->n++] = (struct silent){ t->id, t->contract_id, t->host, last };
	}
	qsort(x->v, x->n, sizeof *x->v, by_contract);
	agent_reader_close(&r);
	return st;
}

/* A heading where the contract changes. */
static enum status silent_lines(struct store *s, const struct silence *x, struct sb *out, struct err *e)
{
	enum status st = OK;
	char at[48];
	for (size_t i = 0; st == OK && i < x->n; i++) {
		struct contract c;
		if (i == 0 || x->v[i].contract != x->v[i - 1].contract) {
			st = contract_get(s, x->v[i].contract, x->a, &c, e);
			if (st == OK)
				sb_addf(out, "%s■ %s %s\n", out->len ? "\n" : "", c.v[CF_N_NUMBER], c.v[CF_NAME]);
		}
		sb_addf(out, "　%lld　%s\n　　最終受信：%s\n", (long long)x->v[i].id, x->v[i].host,
		        x->v[i].last ? clk_ja(x->v[i].last, at) : "なし (登録のみ)");
	}
	return st;
}

static enum status write_silent(struct store *s, void *arg, struct err *e)
{
	struct silence *x = arg;
	char num[32];
	struct sb vars = SB_INIT, lines = SB_INIT;
	struct civil c = civil_of(x->now - TOLD_AT * HOUR);
	int64_t day = day_of(c.year, c.mon, c.day);
	bool due;
	enum status st = terminal_notice_due(s, TERMINAL_NOTICE_SILENT, 0, day - (c.wday + 7 - MONDAY) % 7, &due, e);
	x->told = st == OK && due && x->n;
	if (!x->told)
		return st;
	st = silent_lines(s, x, &lines, e);
	snprintf(num, sizeof num, "%lld", (long long)x->in->cfg->terminal_silent_days);
	outbox_var_add(&vars, "days", num);
	snprintf(num, sizeof num, "%zu", x->n);
	outbox_var_add(&vars, "count", num);
	outbox_var_add(&vars, "list", lines.s);
	if (st == OK)
		st = ingest_mail_staff(s, STAFF_SUPERVISOR, "terminal-silent", &vars, x->now, e);
	sb_free(&vars);
	sb_free(&lines);
	return st;
}

/* The Monday that was last, at nine: told once, late if need be. */
enum status agent_keeper_silent(const struct ingest *in, epoch now, struct err *e)
{
	struct silence x = { .in = in, .a = arena_new(), .now = now };
	enum status st = ingest_read(in, load_all, &x, e);
	if (st == OK)
		st = find_silent(&x, e);
	if (st == OK)
		st = writer_run(in->writer, write_silent, &x, e);
	if (st == OK && x.told)
		notify_send(in->notify_path);
	arena_free(&x.a);
	return st;
}

void agent_keeper_round(struct agent_keeper *k, epoch now)
{
	struct err e;
	if (now / HOUR == k->hour)
		return;
	enum status st = agent_months_believe(k->in->agents->folder, now, &e);
	if (st == OK)
		st = agent_keeper_months(k->in, now, &e);
	if (st == OK)
		st = agent_keeper_ended(k->in, now, &e);
	if (st == OK)
		st = agent_keeper_silent(k->in, now, &e);
	if (st == OK)
		k->hour = now / HOUR;
	else if (!k->quiet)
		log_error("agent_keeper", "status=%s error=%s", status_name(st), log_quote(e.msg));
	k->quiet = st != OK;
}
