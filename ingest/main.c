/*
 * NAME
 *	yorozu-ingest - takes files in and hands them out, by link; takes what terminals send
 * SYNOPSIS
 *	yorozu-ingest -C DIR
 * DESCRIPTION
 *	Answers the web server that does TLS, on the unix socket DIR/run/ingest.sock.
 *	Deletes files whose time is over; has the day's backup made. SIGTERM: takes nothing new, gives what is
 *	under way some seconds, and leaves.
 * SECURITY
 *	Started as root, it is root only until the socket is open and the master key
 *	is read; under systemd it never is (conf/systemd).
 */
#include "agent_keeper.h"
#include "backup_keeper.h"
#include "http.h"
#include "ingest.h"
#include "keeper.h"
#include "page_issue.h"
#include "routes.h"
#include "base/io.h"
#include "base/daemon.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/proc.h"
#include "base/xalloc.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MAX_BATCH = 64, ROUND_MS = 1000, LEAVE_MS = 5000 };

/* Taken by main alone, between the keeper's rounds. */
static void block_signals(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGINT);
	pthread_sigmask(SIG_BLOCK, set, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static void run(const struct ingest *in, struct backup_keeper *backup, const sigset_t *set)
{
	struct keeper k = { .in = in };
	struct agent_keeper agents = { .in = in };
	struct timespec wait = { .tv_sec = ROUND_MS / 1000 };
	do {
		keeper_round(&k, clk_now());
		agent_keeper_round(&agents, clk_now());
		backup_keeper_round(backup, clk_now());
	} while (sigtimedwait(set, NULL, &wait) < 0);
	backup_keeper_leave(backup);
}

int main(int argc, char **argv)
{
	struct err e;
	uint8_t master[KEY_LEN];
	sigset_t set;
	struct cfg *c = daemon_open(argc, argv, "ingest");
	struct ingest in = { .cfg = c };
	struct backup_keeper backup = { .in = &in };
	struct cal *cal;
	struct http *h;
	int fd;
	char *key = cfg_key_path(c, "master.key"), *db = cfg_path(c, "store/yorozu.db");
	char *sock = cfg_path(c, "run/ingest.sock"), *bell = cfg_path(c, "run/mailer.notify");
	char *metrics = cfg_path(c, "run/ingest.metrics"), *spool = cfg_path(c, FILE_SPOOL_DIR);
	proc_raise_nofile();
	daemon_need(crypto_key_load(key, master, &e), &e);
	daemon_need(http_open(sock, c->web_group, &fd, &e), &e);
	daemon_need(proc_drop(c->run_user, &e), &e);
	umask(027);
	daemon_need(io_mkdirs(spool, 0700, &e), &e);
	daemon_need(cal_load(c->holidays_csv, &cal, &e), &e);
	daemon_need(metrics_open(metrics, &e), &e);
	block_signals(&set);
	in.cal = cal;
	in.spool = spool;
	in.notify_path = bell;
	daemon_need(ingest_open(&in, db, master, &e), &e);
	daemon_need(writer_start(db, master, MAX_BATCH, &in.writer, &e), &e);
	daemon_need(agents_open(&in, clk_now(), &e), &e);
	token_init(&in.token, master, c->desk_localpart, c->domain);
	backup_key_print(master, backup.key);
	crypto_wipe(master, sizeof master);
	struct http_config web = { .routes = routes, .missing = &page_missing, .not_allowed = &page_not_allowed,
		.too_large = &page_too_large, .app = &in, .connections = (unsigned)c->web_connections };
	daemon_need(http_start(fd, &web, &h, &e), &e);
	log_info("start", "socket=%s", sock);
	proc_ready();
	run(&in, &backup, &set);
	http_stop(&h, LEAVE_MS);
	agents_close(&in);
	writer_stop(&in.writer);
	page_issue_forget(&in);
	ingest_close(&in);
	cal_free(&cal);
	log_info("stop", " ");
	free(key), free(db), free(sock), free(bell), free(metrics), free(spool);
	cfg_free(&c);
	return 0;
}
