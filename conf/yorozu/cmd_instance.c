/*
 * yorozu start|stop|restart|status: the daemons of a private instance, all or
 * one. In production systemd does this.
 */
#include "instance.h"
#include "base/io.h"
#include "base/arena.h"
#include "base/clk.h"
#include "base/xalloc.h"
#include "store/store.h"
#include "store/store_outbox.h"
#include "text/json_put.h"
#include "text/layout.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Names on the command line, or all parts. False: an unknown name. */
static bool choose(int argc, char **argv, bool on[PARTS])
{
	for (int i = 0; i < PARTS; i++)
		on[i] = argc < 2;
	for (int i = 1; i < argc; i++) {
		int id = part_by_name(argv[i]);
		if (id < 0)
			return false;
		on[id] = true;
	}
	return true;
}

static struct cfg *private_cfg(const char *name, const struct front *f)
{
	struct err e;
	struct cfg *c = front_cfg(name, f);
	if (!c)
		return NULL;
	if (!cfg_is_private(c))
		err_set(&e, ERR_DENIED, "this instance is in production: use systemctl (see conf/INSTALL.md)");
	else if (geteuid() != 0)
		err_set(&e, ERR_DENIED, "Postfix needs root");
	else
		return c;
	front_fail(name, &e);
	cfg_free(&c);
	return NULL;
}

/* An instance that was made before there was this map. */
static enum status missing_maps(const struct cfg *c, const struct front *f, struct err *e)
{
	char *argv[] = { "staff", "maps", NULL }, *path = cfg_path(c, "etc/postfix/senders.db");
	bool there = io_exists(path);
	free(path);
	return there || cmd_staff.run(2, argv, f) == 0 ? OK : err_set(e, ERR_PERM, "etc/postfix/senders can't be written");
}

static enum status start_parts(const struct cfg *c, const struct front *f, const bool on[PARTS], struct err *e)
{
	enum status st = cfg_folders(c, e);
	if (st == OK)
		st = instance_refresh_etc(c, f, e);
	if (st == OK)
		st = missing_maps(c, f, e);
	for (int i = 0; i < PARTS && st == OK; i++) {
		struct part_state p;
		part_look(c, f, (enum part_id)i, &p);
		if (on[i] && p.present)
			st = part_start(c, f, (enum part_id)i, e);
	}
	return st;
}

/* Everyone is asked first and waited for afterwards: they leave together. */
static void stop_parts(const struct cfg *c, const bool on[PARTS])
{
	pid_t pid[PARTS] = { 0 };
	for (int i = PARTS - 1; i >= 0; i--)
		if (on[i])
			pid[i] = part_terminate(c, (enum part_id)i);
	for (int i = PARTS - 1; i >= 0; i--)
		part_wait_gone(pid[i]);
}

static int run_start(int argc, char **argv, const struct front *f)
{
	struct err e;
	bool on[PARTS];
	if (!choose(argc, argv, on))
		return front_usage(&cmd_start);
	struct cfg *c = private_cfg(argv[0], f);
	if (!c)
		return 1;
	if (strcmp(argv[0], "restart") == 0)
		stop_parts(c, on);
	enum status st = start_parts(c, f, on, &e);
	cfg_free(&c);
	return st == OK ? 0 : front_fail(argv[0], &e);
}

static int run_stop(int argc, char **argv, const struct front *f)
{
	bool on[PARTS];
	if (!choose(argc, argv, on))
		return front_usage(&cmd_stop);
	struct cfg *c = private_cfg(argv[0], f);
	if (!c)
		return 1;
	stop_parts(c, on);
	cfg_free(&c);
	return 0;
}

static const char *state_word(const struct part_state *p)
{
	return !p->present ? "missing" : p->ready ? "running" : p->pid ? "not answering" : "stopped";
}

static void print_json(const struct part_state *v, const int64_t *out, bool have_store)
{
	struct sb text = SB_INIT;
	struct json_put o = { &text, false };
	json_put_open(&o, '{');
	json_put_key(&o, "parts");
	json_put_open(&o, '[');
	for (int i = 0; i < PARTS; i++) {
		json_put_open(&o, '{');
		json_put_text_at(&o, "name", v[i].name);
		json_put_text_at(&o, "state", state_word(&v[i]));
		json_put_int_at(&o, "pid", v[i].pid);
		json_put_int_at(&o, "uptime", v[i].uptime);
		json_put_key(&o, "ports");
		json_put_open(&o, '[');
		for (int k = 0; k < PART_PORTS && v[i].ports[k]; k++)
			json_put_int(&o, v[i].ports[k]);
		json_put_close(&o, ']');
		json_put_close(&o, '}');
	}
	json_put_close(&o, ']');
	if (have_store) {
		json_put_key(&o, "outbox");
		json_put_open(&o, '{');
		for (int i = 0; i < OUT_STATES; i++)
			json_put_int_at(&o, outbox_state_name((enum outbox_state)i), out[i]);
		json_put_close(&o, '}');
	}
	json_put_close(&o, '}');
	puts(text.s);
	sb_free(&text);
}

static void print_table(const struct part_state *v, const int64_t *out, bool have_store)
{
	printf("%-10s%-15s%8s%10s  %-31s%s\n", "part", "state", "pid", "up", "ports", "what it does");
	for (int i = 0; i < PARTS; i++) {
		char ports[64] = "", pid[16] = "-", up[40] = "-";
		for (int k = 0; k < PART_PORTS && v[i].ports[k]; k++)
			snprintf(ports + strlen(ports), sizeof ports - strlen(ports), "%s%d", k ? " " : "", v[i].ports[k]);
		if (v[i].pid) {
			snprintf(pid, sizeof pid, "%d", (int)v[i].pid);
			snprintf(up, sizeof up, "%ld:%02ld:%02ld", v[i].uptime / 3600, v[i].uptime / 60 % 60, v[i].uptime % 60);
		}
		printf("%-10s%-15s%8s%10s  %-31s%s\n", v[i].name, state_word(&v[i]), pid, up, ports, v[i].does);
	}
	for (int i = 0; have_store && i < OUT_STATES; i++)
		printf("%s%s %lld", i ? ", " : "outbox: ", outbox_state_name((enum outbox_state)i), (long long)out[i]);
	if (have_store)
		putchar('\n');
}

/* 0 when all that is installed runs and answers, else 1: scripts ask this. */
static int run_status(int argc, char **argv, const struct front *f)
{
	bool json = argc == 2 && strcmp(argv[1], "--json") == 0, well = true;
	int64_t counts[OUT_STATES] = { 0 };
	struct part_state v[PARTS];
	struct cfg *c = argc == 1 || json ? front_cfg(argv[0], f) : NULL, *again = NULL;
	if (!c)
		return argc == 1 || json ? 1 : front_usage(&cmd_status);
	for (int i = 0; i < PARTS; i++) {
		part_look(c, f, (enum part_id)i, &v[i]);
		well = well && (v[i].ready || !v[i].present);
	}
	struct store *s = front_store(argv[0], f, &again);
	bool have = s && outbox_counts(s, counts, NULL) == OK;
	(json ? print_json : print_table)(v, counts, have);
	store_close(&s);
	cfg_free(&again);
	cfg_free(&c);
	return well && have ? 0 : 1;
}

const struct front_cmd cmd_start = { "start", run_start, "start [PART…]", "start the instance (dns opendkim dovecot milter postfix mailer bulk ingest edge)" };
const struct front_cmd cmd_restart = { "restart", run_start, "restart [PART…]", "stop and start" };
const struct front_cmd cmd_stop = { "stop", run_stop, "stop [PART…]", "stop the instance" };
const struct front_cmd cmd_status = { "status", run_status, "status [--json]", "what runs, and what waits in the outbox" };
