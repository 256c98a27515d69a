/*
 * yorozu-agent on Linux. `run` is for systemd: it stays in front, logs to
 * stderr, ends on SIGTERM with everything durable, and on SIGUSR2 says what it
 * has cost so far.
 */
#include "command.h"
#include "collect_logs.h"
#include "linux_util.h"
#include "options.h"
#include "base/clk.h"
#include "base/io.h"
#include "base/log.h"
#include "base/proc.h"
#include "base/xalloc.h"
#include <inttypes.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct collector *const plat_collectors[] = { &linux_logins, &linux_apps, &linux_dev, &linux_watch, &collector_web, &collector_print_log, NULL };

static volatile sig_atomic_t ending, asked;

static void on_signal(int sig)
{
	if (sig == SIGUSR2)
		asked = 1;
	else
		ending = 1;
}

static void say_cost(void)
{
	struct plat_cost c;
	plat_cost(&c);
	log_info("cost", "resident_kb=%" PRId64 " cpu_ms=%" PRId64, c.resident_kb, c.cpu_ms);
}

static int run(const struct command *c, const struct agent_clock *k)
{
	struct sigaction sa = { .sa_handler = on_signal };
	struct agent *a;
	struct err e;
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGUSR2, &sa, NULL);
	if (agent_begin(c->dir, k, &a, &e) != OK) {
		log_error("start", "error=%s", log_quote(e.msg));
		return 1;
	}
	log_info("start", "version=%s", AGENT_VERSION);
	proc_ready();
	while (!ending) {
		int64_t wait = agent_step(a);
		/* Files are watched with a queue of their own: once a second is enough. */
		poll(NULL, 0, wait < 1000 ? (int)wait : 1000);
		if (asked)
			say_cost();
		asked = 0;
	}
	agent_end(&a);
	say_cost();
	log_info("end", "%s", "");
	return 0;
}

/* A private instance's clock, before anything looks at it. */
static bool set_clock(const char *dir)
{
	struct options *o;
	struct err e;
	char *path = xasprintf("%s/agent.conf", dir);
	enum status st = options_load(path, &o, &e);
	free(path);
	if (st == OK) {
		st = options_get(o, "clock") ? clk_open(options_get(o, "clock"), &e) : OK;
		options_free(&o);
	}
	if (st != OK)
		log_error("start", "error=%s", log_quote(e.msg));
	return st == OK;
}

int main(int argc, char **argv)
{
	static const struct agent_clock k = { plat_wall_ms, plat_mono_ms };
	struct command c;
	mallopt(M_MMAP_THRESHOLD, 64 << 10); /* what a batch took goes back at once */
	mallopt(M_TRIM_THRESHOLD, 64 << 10);
	log_open("yorozu-agent", NULL, LOG_LV_INFO);
	if (!cli_parse(argc, argv, "/var/lib/yorozu-agent", "", &c))
		return 2;
	if (!set_clock(c.dir))
		return 1;
	int rc = strcmp(c.verb, "run") == 0 ? run(&c, &k) : cli_run(&c, &k);
	if (rc < 0)
		fprintf(stderr, "yorozu-agent: no such verb: %s\n", c.verb);
	return rc < 0 ? 2 : rc;
}
