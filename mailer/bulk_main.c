/*
 * NAME
 *	yorozu-bulk - sends the newsletter
 * SYNOPSIS
 *	yorozu-bulk -C DIR
 * DESCRIPTION
 *	Starts issues at their time, hands them to Postfix reader by reader and
 *	keeps the ledger (bulk.h). Wakes when the milter or a command rings, and
 *	twice a second. SIGTERM: what is in hand is finished and booked.
 * SECURITY
 *	Root, if at all, only until the keys are read; under systemd never. The
 *	DKIM key is in this process's memory only.
 */
#include "bulk.h"
#include "base/daemon.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/notify.h"
#include "base/proc.h"
#include "base/xalloc.h"
#include "store/store.h"
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

enum { IDLE_MS = 500, BUSY_MS = 50, AWAY_S = 1 };

static volatile sig_atomic_t leaving;

static void on_term(int sig)
{
	(void)sig;
	leaving = 1;
}

/* Without a key the newsletter would fail DMARC everywhere: it is not optional. Ed25519 is. */
static void open_keys(const struct cfg *c, struct dkim_signer *d)
{
	static const struct { const char *file, *selector; bool needed; } keys[DKIM_KEYS_MAX] = {
		{ "dkim.private", "yorozu", true }, { "dkim-ed25519.private", "yorozu-ed", false },
	};
	d->domain = c->domain;
	for (size_t i = 0; i < DKIM_KEYS_MAX; i++) {
		struct err e;
		struct sign_key *k;
		char *path = cfg_key_path(c, keys[i].file);
		enum status st = sign_key_load(path, &k, &e);
		free(path);
		if (st != OK && keys[i].needed)
			daemon_need(st, &e);
		if (st != OK)
			continue;
		d->keys[d->nkeys].key = k;
		d->keys[d->nkeys++].selector = keys[i].selector;
	}
}

static void close_keys(struct dkim_signer *d)
{
	for (size_t i = 0; i < d->nkeys; i++) {
		struct sign_key *k = (struct sign_key *)d->keys[i].key;
		sign_key_free(&k);
	}
}

/* A round that finds nothing to write is no sign that the store takes anything again. */
static enum status can_write(struct bulk *b, struct err *e)
{
	int64_t inode, offset;
	enum status st = store_begin(b->build.s, e);
	if (st != OK)
		return st;
	st = ledger_log_get(b->build.s, &inode, &offset, e);
	if (st == OK)
		st = ledger_log_set(b->build.s, inode, offset, e);
	if (st == OK)
		return store_commit(b->build.s, e);
	store_rollback(b->build.s);
	return st;
}

/* Once for each time that it stands still. */
static void report(enum status st, const struct err *e, bool *quiet)
{
	if (st != OK && !*quiet)
		log_warn("waiting", "status=%s error=%s", status_name(st), log_quote(e->msg));
	if (st == OK && *quiet)
		log_info("resumed", " ");
	*quiet = st != OK;
}

static void run(struct bulk *b, int bell)
{
	bool quiet = false;
	while (!leaving || b->out) {
		struct err e;
		bool busy = false;
		enum status st = quiet ? can_write(b, &e) : OK;
		if (st == OK)
			st = bulk_round(b, clk_now(), &busy, &e);
		report(st, &e, &quiet);
		if (st != OK) {
			bulk_drop(b);
			bulk_alarm_on(&b->alarm, &b->build, e.msg, clk_now());
			sleep(AWAY_S);
			continue;
		}
		bulk_alarm_off(&b->alarm, clk_now());
		if (busy)
			bulk_wait(b, BUSY_MS);
		else
			notify_wait(bell, b->nruns ? BUSY_MS : IDLE_MS);
	}
}

int main(int argc, char **argv)
{
	struct err e;
	uint8_t master[KEY_LEN];
	struct cfg *c = daemon_open(argc, argv, "bulk");
	char *key = cfg_key_path(c, "master.key"), *db = cfg_path(c, "store/yorozu.db");
	char *bell_path = cfg_path(c, "run/bulk.notify"), *metrics = cfg_path(c, "run/bulk.metrics");
	struct bulk b = { .cfg = c, .build.cfg = c };
	struct cal *cal;
	struct ret_table *returns;
	struct sigaction sa = { .sa_handler = on_term };
	int bell;
	daemon_need(crypto_key_load(key, master, &e), &e);
	open_keys(c, &b.signer);
	daemon_need(cal_load(c->holidays_csv, &cal, &e), &e);
	daemon_need(ret_table_load(c->templates, &returns, &e), &e);
	daemon_need(proc_drop(c->run_user, &e), &e);
	daemon_need(store_open(db, master, &b.build.s, &e), &e);
	daemon_need(metrics_open(metrics, &e), &e);
	daemon_need(notify_open(bell_path, &bell, &e), &e);
	token_init(&b.build.token, master, c->desk_localpart, c->domain);
	token_news_init(&b.build.token, c->news_edit, c->news_from, c->news_to);
	b.build.token.diagnosis = c->diagnosis_localpart;
	crypto_wipe(master, sizeof master);
	pace_rules_load(c, &b.rules);
	b.cal = cal;
	b.returns = returns;
	b.log_path = *c->mail_log ? xstrdup(c->mail_log) : cfg_path(c, "log/mail.log");
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);
	signal(SIGPIPE, SIG_IGN);
	bulk_start(&b);
	log_info("start", "inject=%s connections=%zu keys=%zu", c->smtp_bulk, b.nthreads, b.signer.nkeys);
	proc_ready();
	run(&b, bell);
	bulk_drop(&b);
	bulk_stop(&b);
	close_keys(&b.signer);
	store_close(&b.build.s);
	cal_free(&cal);
	ret_table_free(&returns);
	close(bell);
	log_info("stop", " ");
	free(key), free(db), free(bell_path), free(metrics), free(b.log_path);
	cfg_free(&c);
	return 0;
}
