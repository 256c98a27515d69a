/*
 * NAME
 *	yorozu-milter - the intake of the consultation desk
 * SYNOPSIS
 *	yorozu-milter -C DIR
 * DESCRIPTION
 *	Postfix asks this daemon about every mail on its MX and submission
 *	listeners. Mail for the desk is stored with everything it causes before
 *	Postfix may say 250.
 * SECURITY
 *	Started as root, it is root only until its socket is open and the master
 *	key is read; under systemd it never is (conf/systemd). SPF and DMARC run in
 *	helper processes forked before threads and the store exist.
 */
#include "auth_domain.h"
#include "milter_io.h"
#include "base/daemon.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/proc.h"
#include "base/xalloc.h"
#include <malloc.h>
#include <pthread.h>
#include "text/inquiry.h"
#include "text/survey.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_BATCH = 64, LARGE = 256 << 10 };

/* libmilter waits for these in a thread of its own; no other may take them. */
static void leave_signals_to_libmilter(void)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
}

/* Without it mail to the diagnosis is a consultation. */
static struct survey *open_survey(const struct cfg *c)
{
	struct err e;
	struct survey *s = NULL;
	if (survey_load(c->diagnosis, &s, &e) != OK)
		log_error("diagnosis", "error=%s", log_quote(e.msg));
	return s;
}

int main(int argc, char **argv)
{
	struct err e;
	uint8_t master[KEY_LEN];
	struct cfg *c = daemon_open(argc, argv, "milter");
	struct desk d = { .cfg = c };
	char *key = cfg_key_path(c, "master.key"), *db = cfg_path(c, "store/yorozu.db");
	char *sock = cfg_path(c, "run/milter.sock"), *bell = cfg_path(c, "run/mailer.notify");
	char *metrics = cfg_path(c, "run/milter.metrics");
	struct cal *cal;
	struct ret_table *returns;
	proc_raise_nofile();
	/* Large mails come and go: fixed, or glibc learns to keep what they needed. */
	mallopt(M_MMAP_THRESHOLD, LARGE);
	auth_domain_load(); /* here too: the desk compares domains */
	daemon_need(auth_pool_start(c->dns, (int)c->auth_helpers, (int)c->dns_timeout_ms, c->run_user, &d.auth, &e), &e);
	daemon_need(crypto_key_load(key, master, &e), &e);
	daemon_need(milter_open(sock, "postfix", &e), &e);
	daemon_need(proc_drop(c->run_user, &e), &e);
	daemon_need(cal_load(c->holidays_csv, &cal, &e), &e);
	/* Without them mail is taken in all the same. */
	struct categories *categories = categories_open(c->categories, categories_load);
	struct categories *inquiries = categories_open(c->categories, inquiry_load);
	struct survey *survey = open_survey(c);
	daemon_need(ret_table_load(c->templates, &returns, &e), &e);
	daemon_need(metrics_open(metrics, &e), &e);
	leave_signals_to_libmilter();
	daemon_need(writer_start(db, master, MAX_BATCH, &d.writer, &e), &e);
	d.cal = cal;
	d.categories = categories;
	d.inquiries = inquiries;
	d.returns = returns;
	d.survey = survey;
	d.notify_path = bell;
	token_init(&d.token, master, c->desk_localpart, c->domain);
	token_news_init(&d.token, c->news_edit, c->news_from, c->news_to);
	d.token.diagnosis = c->diagnosis_localpart;
	crypto_wipe(master, sizeof master);
	log_info("start", "socket=%s", sock);
	proc_ready();
	int rc = milter_run(&d);
	writer_stop(&d.writer);
	auth_pool_stop(&d.auth);
	cal_free(&cal);
	categories_free(&categories);
	categories_free(&inquiries);
	ret_table_free(&returns);
	survey_free(&survey);
	log_info("stop", "rc=%d", rc);
	free(key), free(db), free(sock), free(bell), free(metrics);
	cfg_free(&c);
	return rc;
}
