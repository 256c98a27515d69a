/* From the stores to the facts: see checkup_load.h. Here the contract, its terminals, and what came. */
#include "checkup_load.h"
#include "store/store_contract.h"
#include "store/store_health.h"
#include "text/hdrword.h"
#include "text/layout.h"
#include <string.h>

enum { NAME_COLS = 40, DAY = 86400 };

const char *checkup_clean(struct arena *a, const char *s, size_t cols)
{
	struct sb line = SB_INIT, fit = SB_INIT;
	text_one_line(s, strlen(s), &line);
	text_fit(line.s, cols, false, &fit);
	const char *r = arena_memdup(a, fit.s, fit.len);
	sb_free(&line);
	sb_free(&fit);
	return r;
}

epoch checkup_from(int month)
{
	return epoch_of(month / 100, month % 100, 1, 0, 0, 0);
}

epoch checkup_until(int month)
{
	return month % 100 == 12 ? epoch_of(month / 100 + 1, 1, 1, 0, 0, 0) : epoch_of(month / 100, month % 100 + 1, 1, 0, 0, 0);
}

static int64_t first_day(int month)
{
	return day_of(month / 100, month % 100, 1);
}

static int days_in(int month)
{
	return (int)((checkup_until(month) - checkup_from(month)) / DAY);
}

const char *checkup_contact(const struct contract *k, struct arena *a)
{
	return checkup_clean(a, contract_contact_name(k), NAME_COLS);
}

static enum status load_contract(const struct checkup_sources *src, int64_t contract, struct arena *a, struct checkup *c, struct err *e)
{
	struct contract k;
	enum status st = contract_get(src->s, contract, a, &k, e);
	if (st != OK)
		return st;
	c->number = checkup_clean(a, k.v[CF_N_NUMBER], NAME_COLS);
	c->company = checkup_clean(a, *k.v[CF_NAME] ? k.v[CF_NAME] : k.v[CF_N_NUMBER], NAME_COLS);
	c->contact = checkup_contact(&k, a);
	for (int d = 1; d <= days_in(c->month); d++)
		if (cal_is_business_day(src->cal, first_day(c->month) + d - 1))
			c->workdays |= 1u << (d - 1);
	return OK;
}

static enum status load_past(const struct checkup_sources *src, int64_t contract, struct arena *a, struct checkup *c, struct err *e)
{
	struct health_row *v;
	enum status st = health_before(src->s, contract, c->month, CHECKUP_PAST_MAX, a, &v, &c->npast, e);
	if (st != OK)
		return st;
	c->past = arena_zalloc(a, (c->npast + 1) * sizeof *c->past);
	for (size_t i = 0; i < c->npast; i++) {
		c->past[i].month = v[i].month;
		memcpy(c->past[i].mark, v[i].words.mark, sizeof c->past[i].mark);
		checkup_past_read(v[i].numbers, &c->past[i]);
	}
	return OK;
}

/* Those that were there on any day of the month, to the front of v. */
static size_t of_month(struct terminal *v, size_t n, int month)
{
	size_t kept = 0;
	for (size_t i = 0; i < n && kept < CHECKUP_TERMINALS_MAX; i++)
		if (v[i].enrolled_at < checkup_until(month) && (v[i].state == TERMINAL_ACTIVE || v[i].ended_at >= checkup_from(month)))
			v[kept++] = v[i];
	return kept;
}

static int day_number(epoch t, int month)
{
	const struct civil d = civil_of(t);
	int64_t n = day_of(d.year, d.mon, d.day) - first_day(month) + 1;
	return n < 1 ? 1 : n > days_in(month) ? days_in(month) : (int)n;
}

static enum status load_days(const struct checkup_sources *src, const struct terminal *t, int month, struct arena *a, struct checkup_terminal *r,
                             struct err *e)
{
	struct agent_day *days;
	struct agent_gap *gaps;
	size_t n, ngaps;
	const int64_t first = first_day(month);
	enum status st = agent_days(src->reader, t->id, first, first + days_in(month), a, &days, &n, e);
	if (st == OK)
		st = agent_gaps(src->reader, t->id, checkup_from(month), checkup_until(month), a, &gaps, &ngaps, e);
	if (st == OK)
		st = agent_last_at(src->reader, t->id, &r->last_at, e);
	if (st != OK)
		return st;
	for (size_t i = 0; i < n; i++)
		if (days[i].batches || days[i].events)
			r->days |= 1u << (days[i].day - first);
	for (size_t i = 0; i < ngaps; i++)
		r->lost += gaps[i].q_to - gaps[i].q_from + 1;
	return OK;
}

static enum status load_terminals(const struct checkup_sources *src, const struct terminal *v, size_t n, struct arena *a, struct checkup *c,
                                  struct err *e)
{
	enum status st = OK;
	c->terminal = arena_zalloc(a, (n + 1) * sizeof *c->terminal);
	c->nterminal = n;
	for (size_t i = 0; st == OK && i < n; i++) {
		struct checkup_terminal *t = &c->terminal[i];
		t->name = checkup_clean(a, *v[i].host ? v[i].host : "(名前なし)", NAME_COLS);
		t->os = t->action = t->cves = t->evidence = "";
		t->from = day_number(v[i].enrolled_at, c->month);
		t->to = v[i].state == TERMINAL_ACTIVE ? days_in(c->month) : day_number(v[i].ended_at, c->month);
		st = load_days(src, &v[i], c->month, a, t, e);
	}
	return st;
}

enum status checkup_load(const struct checkup_sources *src, int64_t contract, int month, epoch now, struct arena *a, struct checkup *c,
                         struct err *e)
{
	struct terminal *v = NULL;
	size_t n = 0;
	*c = (struct checkup){ .month = month, .made_at = now, .feed = "", .until = "" };
	enum status st = load_contract(src, contract, a, c, e);
	if (st == OK)
		st = load_past(src, contract, a, c, e);
	if (st == OK)
		st = terminal_list(src->s, contract, true, a, &v, &n, e);
	if (st != OK)
		return st;
	n = of_month(v, n, month);
	st = load_terminals(src, v, n, a, c, e);
	if (st == OK)
		st = checkup_load_state(src, v, n, a, c, e);
	if (st == OK)
		st = checkup_load_use(src, v, n, a, c, e);
	return st == OK ? checkup_load_sites(src, contract, v, n, a, c, e) : st;
}
