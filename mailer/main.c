/*
 * NAME
 *	yorozu-mailer - turns outbox rows into mail
 * SYNOPSIS
 *	yorozu-mailer -C DIR
 * DESCRIPTION
 *	Wakes when the milter rings, when a row or a reply clock falls due, and
 *	once a second because the clock of a private instance can be moved. With
 *	nothing to send it makes mail findable, a few at a time. Reports that are
 *	due it leaves to yorozu-report, which it starts, and the talk with Dovecot
 *	to a child (imap_state.h). SIGTERM: finishes the batch in hand and leaves.
 * SECURITY
 *	Root, if at all, only until the master key is read; under systemd never.
 */
#include "due_run.h"
#include "imap_state.h"
#include "index.h"
#include "loop.h"
#include "outbound.h"
#include "reporter.h"
#include "base/daemon.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/notify.h"
#include "base/proc.h"
#include "store/store.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SMTP_TIMEOUT_MS = 60000, IDLE_MS = 1000, AWAY_MS = 1000 };

static volatile sig_atomic_t leaving;

static void on_term(int sig)
{
	(void)sig;
	leaving = 1;
}

/* Says once that Postfix or the store is away, and once that it is back. */
static void report(struct loop *l, enum status st, const struct err *e)
{
	if (st != OK && !l->quiet)
		log_warn("waiting", "status=%s error=%s", status_name(st), log_quote(e->msg));
	if (st == OK && l->quiet)
		log_info("resumed", " ");
	l->quiet = st != OK;
}

struct helpers { /* what is done beside mail */
	struct due_run due;
	struct outbound calls;
	struct reporter reporter;
	struct marking marking;
};

static void run(struct loop *l, struct helpers *h, int bell)
{
	struct err e;
	bool settled = false;
	while (!leaving) {
		size_t handled = 0, looked = 0;
		enum status st = settled ? OK : loop_settle(l, clk_now(), &e);
		settled = st == OK;
		if (settled)
			st = loop_round(l, clk_now(), &handled, &e);
		if (st != OK)
			settled = false; /* a batch may have been cut off */
		else /* not while Postfix is away: what is late then is told in one mail */
			st = due_run(&h->due, clk_now(), &looked, &e);
		if (st == OK && settled)
			st = outbound_run(&h->calls, clk_now(), &looked, &e);
		if (st == OK && settled)
			st = reporter_look(&h->reporter, l->build.s, clk_now(), &e);
		if (st == OK && settled)
			st = marking_look(&h->marking, l->build.s, clk_now(), &e);
		report(l, st, &e);
		if (!handled && !looked && !leaving && !index_idle(l->build.s))
			notify_wait(bell, st == OK ? IDLE_MS : AWAY_MS);
	}
}

int main(int argc, char **argv)
{
	struct err e;
	uint8_t master[KEY_LEN];
	struct cfg *c = daemon_open(argc, argv, "mailer");
	char *key = cfg_key_path(c, "master.key"), *db = cfg_path(c, "store/yorozu.db");
	char *bell_path = cfg_path(c, "run/mailer.notify"), *metrics = cfg_path(c, "run/mailer.metrics");
	struct categories *categories;
	struct loop l = { .cfg = c, .build.cfg = c };
	struct helpers h = { .due.build = &l.build, .reporter.cfg = c };
	struct cal *cal;
	struct sigaction sa = { .sa_handler = on_term };
	int bell;
	daemon_need(crypto_key_load(key, master, &e), &e);
	daemon_need(cal_load(c->holidays_csv, &cal, &e), &e);
	daemon_need(proc_drop(c->run_user, &e), &e);
	/* a suggestion is a help to staff; without it the mail still goes out */
	l.build.categories = categories = categories_open(c->categories, categories_load);
	daemon_need(store_open(db, master, &l.build.s, &e), &e);
	daemon_need(metrics_open(metrics, &e), &e);
	daemon_need(notify_open(bell_path, &bell, &e), &e);
	daemon_need(marking_open(&h.marking, c, master, &e), &e);
	token_init(&l.build.token, master, c->desk_localpart, c->domain);
	token_news_init(&l.build.token, c->news_edit, c->news_from, c->news_to);
	l.build.token.diagnosis = c->diagnosis_localpart;
	crypto_wipe(master, sizeof master);
	l.cal = cal;
	due_rules_load(c, cal, &h.due.rules);
	h.calls = (struct outbound){ &l.build, cal };
	l.smtp = smtp_new(c->smtp_inject, c->hostname, SMTP_TIMEOUT_MS);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);
	signal(SIGPIPE, SIG_IGN);
	log_info("start", "inject=%s", c->smtp_inject);
	proc_ready();
	run(&l, &h, bell);
	reporter_leave(&h.reporter);
	marking_close(&h.marking);
	smtp_free(&l.smtp);
	store_close(&l.build.s);
	cal_free(&cal);
	close(bell);
	log_info("stop", " ");
	categories_free(&categories);
	free(key), free(db), free(bell_path), free(metrics);
	cfg_free(&c);
	return 0;
}
