/*
 * What a batch adds to the roll-ups of its month's file. Intake and rebuilding
 * do this in the same order with the same input, so the cap on a terminal's
 * sites of a day falls on the same ones.
 */
#include "store/agent_month_impl.h"
#include "store/agent_read.h"

SQL_OF(STORE_MONTH, q_site, "SELECT id FROM site WHERE name = ?");
SQL_OF(STORE_MONTH, q_site_add, "INSERT INTO site (name) VALUES (?) RETURNING id");
SQL_OF(STORE_MONTH, q_day, "INSERT INTO tday (terminal, day, batches, events, sites) VALUES (?1, ?2, ?3, ?4, 0) "
       "ON CONFLICT (terminal, day) DO UPDATE SET batches = batches + ?3, events = events + ?4");
SQL_OF(STORE_MONTH, q_sites_of, "SELECT sites FROM tday WHERE terminal = ? AND day = ?");
SQL_OF(STORE_MONTH, q_sites_set, "UPDATE tday SET sites = ?3 WHERE terminal = ?1 AND day = ?2");
SQL_OF(STORE_MONTH, q_rday_more, "UPDATE rday SET times = times + ?4, seconds = seconds + ?5 "
       "WHERE terminal = ?1 AND day = ?2 AND site = ?3");
SQL_OF(STORE_MONTH, q_rday, "INSERT INTO rday (terminal, day, site, times, seconds) VALUES (?1, ?2, ?3, ?4, ?5) "
       "ON CONFLICT (terminal, day, site) DO UPDATE SET times = times + ?4, seconds = seconds + ?5");
SQL_OF(STORE_MONTH, q_rmon, "INSERT INTO rmon (contract, month, site, times, seconds) VALUES (?1, ?2, ?3, ?4, ?5) "
       "ON CONFLICT (contract, month, site) DO UPDATE SET times = times + ?4, seconds = seconds + ?5");
SQL_OF(STORE_MONTH, q_low, "INSERT INTO low (terminal, q, at_ms, moved, kind, user, op, class, name, detail, n) "
       "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING");
SQL_OF(STORE_MONTH, q_gap, "INSERT INTO gap (terminal, q_from, q_to, reason, created_ms, received_at) VALUES (?, ?, ?, ?, ?, ?) "
       "ON CONFLICT DO NOTHING");

static int month_of_day(int64_t day)
{
	struct civil c = civil_of_day(day);
	return c.year * 100 + c.mon;
}

static enum status site_id(struct store *s, const char *name, int64_t *id_r, struct err *e)
{
	enum status st = sql_number(s, &q_site, BIND(B_TEXT(name)), id_r, e);
	return st == ERR_NOTFOUND ? sql_number(s, &q_site_add, BIND(B_TEXT(name)), id_r, e) : st;
}

/* A site the terminal did not have on that day: there may be too many of them. */
static enum status new_site(struct store *s, int64_t terminal, const struct tally_site *t, int64_t *site, int64_t *sites,
                            struct err *e)
{
	enum status st = OK;
	if (*sites >= AGENT_SITES_MAX)
		st = site_id(s, AGENT_SITE_OTHER, site, e);
	else
		++*sites;
	if (st == OK)
		st = sql_run(s, &q_rday, BIND(B_INT(terminal), B_INT(t->day), B_INT(*site), B_INT(t->times), B_INT(t->seconds)), e);
	return st;
}

static enum status count_site(struct store *s, const struct agent_counted *c, const struct tally_site *t, int64_t *sites,
                              struct err *e)
{
	int64_t site = 0;
	enum status st = site_id(s, t->site, &site, e);
	if (st == OK)
		st = sql_run(s, &q_rday_more, BIND(B_INT(c->terminal), B_INT(t->day), B_INT(site), B_INT(t->times),
		                                   B_INT(t->seconds)), e);
	if (st == OK && sql_changes(s) == 0)
		st = new_site(s, c->terminal, t, &site, sites, e);
	if (st == OK)
		st = sql_run(s, &q_rmon, BIND(B_INT(c->contract), B_INT(month_of_day(t->day)), B_INT(site), B_INT(t->times),
		                              B_INT(t->seconds)), e);
	return st;
}

/* The sites of one day, [*i, …); *i ends behind them. */
static enum status count_sites_of_day(struct store *s, const struct agent_counted *c, size_t *i, struct err *e)
{
	int64_t day = c->t->sites[*i].day, sites = 0, before;
	enum status st = sql_number(s, &q_sites_of, BIND(B_INT(c->terminal), B_INT(day)), &sites, e);
	before = sites;
	for (; st == OK && *i < c->t->nsites && c->t->sites[*i].day == day; ++*i)
		st = count_site(s, c, &c->t->sites[*i], &sites, e);
	if (st == OK && sites != before)
		st = sql_run(s, &q_sites_set, BIND(B_INT(c->terminal), B_INT(day), B_INT(sites)), e);
	return st;
}

static enum status count_events(struct store *s, const struct agent_counted *c, struct err *e)
{
	enum status st = OK;
	for (size_t i = 0; st == OK && i < c->b->nevents; i++) {
		const struct agent_event *v = &c->b->events[i];
		if (v->kind == AGENT_OTHER || v->kind == AGENT_WEB || (c->had && ranges_have(c->had, v->q)))
			continue;
		st = sql_run(s, &q_low, BIND(B_INT(c->terminal), B_INT(v->q), B_INT(v->at_ms), B_INT(v->moved), B_INT(v->kind),
		                             B_TEXT(v->user), B_TEXT(v->op), B_TEXT(v->class), B_TEXT(v->name),
		                             B_TEXT(v->detail), B_INT(v->n)), e);
	}
	for (size_t i = 0; st == OK && i < c->b->ngaps; i++) {
		const struct agent_lost *g = &c->b->gaps[i];
		if (!c->had || !ranges_have_all(c->had, g->q))
			st = sql_run(s, &q_gap, BIND(B_INT(c->terminal), B_INT(g->q.from), B_INT(g->q.to), B_TEXT(g->reason),
			                             B_INT(c->b->created_ms), B_INT(c->received_at)), e);
	}
	return st;
}

enum status agent_count(struct store *s, const struct agent_counted *c, struct err *e)
{
	enum status st = OK;
	for (size_t i = 0; st == OK && i < c->t->ndays; i++)
		st = sql_run(s, &q_day, BIND(B_INT(c->terminal), B_INT(c->t->days[i].day), B_INT(c->t->days[i].batches),
		                             B_INT(c->t->days[i].events)), e);
	for (size_t i = 0; st == OK && i < c->t->nsites;)
		st = count_sites_of_day(s, c, &i, e);
	return st == OK ? count_events(s, c, e) : st;
}
