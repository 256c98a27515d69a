/* A month, contract by contract: see month.h. */
#include "month.h"
#include "base/log.h"
#include "base/xalloc.h"
#include "store/agent_inventory.h"
#include "store/store_audit.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CLOSE_DAYS = 2, CLOSE_HOUR = 6, DUE_DAYS = 10 };

/* ---- dates ----------------------------------------------------------------------------- */

int month_next(int month)
{
	return month % 100 == 12 ? month + 89 : month + 1;
}

int month_parse(const char *text)
{
	int year, mon;
	return stats_month_parse(text, &year, &mon) ? year * 100 + mon : 0;
}

static int64_t last_day(int month)
{
	const int next = month_next(month);
	return day_of(next / 100, next % 100, 1) - 1;
}

static epoch on_day(int64_t day, int hour, int min)
{
	const struct civil d = civil_of_day(day);
	return epoch_of(d.year, d.mon, d.day, hour, min, 0);
}

epoch month_closes(const struct cal *cal, int month)
{
	return on_day(cal_add_days(cal, last_day(month), CLOSE_DAYS), CLOSE_HOUR, 0);
}

epoch month_due(const struct cal *cal, int month)
{
	return on_day(cal_add_days(cal, last_day(month), DUE_DAYS), 17, 30);
}

/* ---- what is needed ---------------------------------------------------------------------- */

static enum status open_files(struct month *m, struct err *e)
{
	char *words = xasprintf("%s/health-words.txt", m->r->cfg->templates), *sites = xasprintf("%s/health-sites.tsv", m->r->cfg->templates);
	struct err why;
	enum status st = words_load(words, &m->words, e);
	if (st == OK)
		st = site_kinds_load(sites, &m->sites, e);
	if (st == OK && verdicts_open(m->r->cfg, &m->verdicts, &why) != OK) /* what can't be judged is said to be so */
		log_warn("verdicts", "error=%s", log_quote(why.msg));
	free(words);
	free(sites);
	return st;
}

static enum status open_agents(struct month *m, int month, struct err *e)
{
	char *inventory = cfg_path(m->r->cfg, AGENT_STORE), *folder = cfg_path(m->r->cfg, "store");
	enum status st = agent_open_look(inventory, &m->inventory, e);
	if (st == OK || st == ERR_NOTFOUND)
		st = agent_reader_open(folder, month, &m->reader, e);
	free(inventory);
	free(folder);
	return st;
}

enum status month_open(const struct reports *r, int month, epoch now, struct month *m, struct err *e)
{
	*m = (struct month){ .r = r, .now = now };
	enum status st = open_files(m, e);
	if (st == OK)
		st = open_agents(m, month, e);
	if (st != OK)
		month_close(m);
	return st;
}

void month_close(struct month *m)
{
	agent_reader_close(&m->reader);
	store_close(&m->inventory);
	verdicts_close(&m->verdicts);
	site_kinds_free(&m->sites);
	words_free(&m->words);
}

/* ---- one contract --------------------------------------------------------------------------- */

static enum status compute(struct month *m, int64_t contract, int month, struct arena *a, struct checkup *c, struct health_words *w, struct err *e)
{
	const struct checkup_sources src = { m->r->s, m->inventory, m->reader, m->r->cal, m->sites, m->verdicts };
	enum status st = checkup_load(&src, contract, month, m->now, a, c, e);
	return st == OK ? checkup_judge(c, m->words, a, w, e) : st;
}

static enum status paint(struct month *m, const struct checkup *c, const struct health_words *w, struct sb *pdf, struct err *e)
{
	const struct checkup_look look = { m->words, m->r->cfg->desk_name, true };
	return checkup_pdf(c, w, &look, pdf, NULL, e);
}

enum status month_print(struct month *m, int64_t contract, int month, struct sb *pdf, struct err *e)
{
	struct arena *a = arena_new();
	struct checkup c;
	struct health_words w;
	enum status st = compute(m, contract, month, a, &c, &w, e);
	if (st == OK)
		st = paint(m, &c, &w, pdf, e);
	arena_free(&a);
	return st;
}

void month_made_free(struct month_made *d)
{
	sb_free(&d->facts);
	sb_free(&d->numbers);
	sb_free(&d->pdf);
}

enum status month_build(struct month *m, struct health_row *row, struct arena *a, struct month_made *d, struct err *e)
{
	struct checkup_counts n;
	int64_t began = clk_mono_ms(), loaded = began;
	enum status st = compute(m, row->contract_id, row->month, a, &d->c, &row->words, e);
	if (st == OK) {
		loaded = clk_mono_ms();
		checkup_count(&d->c, a, &n);
		checkup_numbers(&d->c, &n, &d->numbers);
		checkup_write(&d->c, &d->facts);
		row->numbers = d->numbers.s;
		st = paint(m, &d->c, &row->words, &d->pdf, e);
	}
	log_info("health", "contract=%lld month=%d terminals=%zu load_ms=%lld pdf_ms=%lld pdf=%zu facts=%zu status=%s", (long long)row->contract_id,
	         row->month, d->c.nterminal, (long long)(loaded - began), (long long)(clk_mono_ms() - loaded), d->pdf.len, d->facts.len, status_name(st));
	return st;
}

static enum status write_one(struct month *m, struct health_row *row, const struct month_made *d, const char *rcpts, struct err *e)
{
	struct store *s = m->r->s;
	int64_t outbox = 0;
	enum status st = store_begin(s, e);
	if (st != OK)
		return st;
	st = health_add(s, row, d->facts.s, d->facts.len, e);
	if (st == OK && *rcpts)
		st = month_draft_mail(m, row, &d->c, &d->pdf, "", rcpts, &outbox, e);
	if (st == OK)
		st = month_audit(m, row, outbox, e);
	if (st == OK)
		return store_commit(s, e);
	store_rollback(s);
	return st;
}

enum status month_audit(struct month *m, const struct health_row *row, int64_t outbox, struct err *e)
{
	char detail[80];
	snprintf(detail, sizeof detail, "health %lld of %d, version %lld, outbox %lld", (long long)row->id, row->month, (long long)row->version,
	         (long long)outbox);
	const struct audit told = { .at = m->now, .who = "system", .what = "health.draft", .detail = detail };
	return audit_add(m->r->s, &told, e);
}

enum status month_one(struct month *m, int64_t contract, int month, struct err *e)
{
	struct arena *a = arena_new();
	struct month_made d = MONTH_MADE_INIT;
	const char *rcpts = "";
	struct health_row row = { .contract_id = contract, .month = month, .state = HEALTH_DRAFT, .made_at = m->now, .changed_at = m->now, .version = 1,
	                          .due_at = month_due(m->r->cal, month), .why = "", .who = "" };
	enum status st = month_build(m, &row, a, &d, e);
	if (st == OK)
		st = month_staff(m, a, &rcpts, e);
	if (st == OK)
		st = write_one(m, &row, &d, rcpts, e);
	month_made_free(&d);
	arena_free(&a);
	return st;
}

/* ---- all ---------------------------------------------------------------------------------------- */

/* Every `of`-th of the contracts. One that can't be made does not keep the others; the month is then run again. */
static enum status share(struct month *m, int month, const int64_t *ids, size_t n, size_t first, size_t of, struct err *e)
{
	enum status all = OK;
	for (size_t i = first; i < n; i += of) {
		struct err why;
		enum status st = month_one(m, ids[i], month, &why);
		if (st == OK || st == ERR_EXISTS)
			continue;
		log_warn("health", "contract=%lld month=%d error=%s", (long long)ids[i], month, log_quote(why.msg));
		all = err_set(e, ERR_TEMP, "contract %lld: %s", (long long)ids[i], why.msg);
	}
	return all;
}

/* In a process of its own: no connection of the parent is used. */
static _Noreturn void worker(const struct reports *parent, int month, epoch now, const int64_t *ids, size_t n, size_t first, size_t of)
{
	struct err e;
	struct month m;
	struct reports r = *parent;
	char *db = cfg_path(r.cfg, "store/yorozu.db");
	r.s = NULL; /* the parent's is not to be closed here, whatever happens */
	enum status st = store_open(db, NULL, &r.s, &e);
	free(db);
	if (st == OK)
		st = month_open(&r, month, now, &m, &e);
	if (st == OK) {
		st = share(&m, month, ids, n, first, of, &e);
		month_close(&m);
	}
	if (st != OK)
		log_warn("health", "month=%d error=%s", month, log_quote(e.msg));
	store_close(&r.s);
	_exit(st == OK ? 0 : 1);
}

static enum status wait_all(const pid_t *pids, int n, struct err *e)
{
	enum status all = OK;
	for (int i = 0; i < n; i++) {
		int how = 1;
		if (pids[i] > 0 && waitpid(pids[i], &how, 0) == pids[i] && WIFEXITED(how) && WEXITSTATUS(how) == 0)
			continue;
		all = err_set(e, ERR_TEMP, "some contracts could not be made, see the log");
	}
	return all;
}

static enum status shared_out(const struct reports *r, int month, epoch now, const int64_t *ids, size_t n, int workers, struct err *e)
{
	pid_t pids[MONTH_WORKERS_MAX];
	for (int i = 0; i < workers; i++) {
		pids[i] = fork();
		if (pids[i] == 0)
			worker(r, month, now, ids, n, (size_t)i, (size_t)workers);
	}
	return wait_all(pids, workers, e);
}

enum status month_run(const struct reports *r, int month, epoch now, int workers, size_t *n_r, struct err *e)
{
	struct arena *a = arena_new();
	struct month m;
	int64_t *ids;
	enum status st = health_missing(r->s, month, checkup_from(month), checkup_until(month), "", INT32_MAX, a, &ids, n_r, e);
	workers = workers > MONTH_WORKERS_MAX ? MONTH_WORKERS_MAX : workers;
	if (st == OK && *n_r > 1 && workers > 1)
		st = shared_out(r, month, now, ids, *n_r, workers, e);
	else if (st == OK && *n_r) {
		st = month_open(r, month, now, &m, e);
		if (st == OK) {
			st = share(&m, month, ids, *n_r, 0, 1, e);
			month_close(&m);
		}
	}
	arena_free(&a);
	return st;
}
