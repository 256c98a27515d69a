/*
 * yorozu-agent [-C DIR] VERB …: what both systems share.
 *
 *	enrol --server URL --code N000123 --token TOKEN [--ca FILE]   once, by who installs
 *	run                     the agent itself, until it is told to end
 *	once [--batches N]      looks at everything and uploads, then ends
 *	status                  who it is, what waits, what it costs
 *	collect                 prints what it would say this machine is
 */
#include "command.h"
#include "base/hex.h"
#include "base/xalloc.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void usage(FILE *to, const char *more)
{
	fprintf(to, "yorozu-agent %s\n"
	            "  yorozu-agent [-C DIR] enrol --server https://HOST --code N000123 --token TOKEN [--ca FILE]\n"
	            "  yorozu-agent [-C DIR] run\n"
	            "  yorozu-agent [-C DIR] once [--batches N]\n"
	            "  yorozu-agent [-C DIR] status | collect\n%s",
	        AGENT_VERSION, more);
}

static bool take_option(struct command *c, const char *name, const char *value)
{
	const struct {
		const char *name;
		const char **to;
	} row[] = { { "--server", &c->server }, { "--code", &c->code }, { "--token", &c->token }, { "--ca", &c->ca }, { "-C", &c->dir } };
	for (size_t i = 0; i < sizeof row / sizeof *row; i++)
		if (strcmp(name, row[i].name) == 0) {
			*row[i].to = value;
			return true;
		}
	if (strcmp(name, "--batches") != 0)
		return false;
	c->batches = (unsigned)strtoul(value, NULL, 10);
	return c->batches > 0;
}

bool cli_parse(int argc, char **argv, const char *default_dir, const char *more, struct command *c)
{
	*c = (struct command){ .dir = default_dir, .batches = 4 };
	for (int i = 1; i < argc; i++) {
		if (argv[i][0] != '-' && !c->verb) {
			c->verb = argv[i];
		} else if (argv[i][0] == '-' && i + 1 < argc && take_option(c, argv[i], argv[i + 1])) {
			i++;
		} else {
			bool help = strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0;
			usage(help ? stdout : stderr, more);
			return false;
		}
	}
	if (!c->verb)
		usage(stderr, more);
	return c->verb != NULL;
}

static int failed(const struct err *e)
{
	fprintf(stderr, "yorozu-agent: %s\n", e->msg);
	return 1;
}

static void print_id(const struct state *st)
{
	char id[2 * HC1_ID + 1];
	hex_encode(st->agent_id, HC1_ID, id);
	printf("agent_id=%s server=%s\n", id, st->server);
}

static int enrol(const struct command *c, const struct agent_clock *k)
{
	struct state *st = NULL;
	enum upload_result why;
	struct err e;
	char *path = xasprintf("%s/state", c->dir), *lock = xasprintf("%s/lock", c->dir);
	enum status s = plat_mkdirs(c->dir, &e);
	if (s == OK && (s = plat_lock(lock, &e)) == OK)
		s = state_load(path, k->wall_ms(), k->mono_ms(), &st, &e);
	if (s == ERR_NOTFOUND)
		s = OK;
	if (s == OK && (!c->server || !c->code || !c->token))
		s = err_set(&e, ERR_PERM, "enrol needs --server, --code and --token");
	if (s == OK && st->enrolled) {
		printf("enrolled already: ");
	} else if (s == OK) {
		size_t n = strlen(c->server);
		char *server = xstrndup(c->server, n && c->server[n - 1] == '/' ? n - 1 : n);
		state_text(&st->server, server);
		state_text(&st->code, c->code);
		state_text(&st->token, c->token);
		state_text(&st->ca, c->ca);
		free(server);
		s = agent_enrol(st, k, &why, &e);
	}
	if (s == OK)
		print_id(st);
	state_free(&st);
	plat_unlock();
	free(path);
	free(lock);
	return s == OK ? 0 : failed(&e);
}

static int once(const struct command *c, const struct agent_clock *k)
{
	struct agent *a;
	struct err e;
	if (agent_begin(c->dir, k, &a, &e) != OK)
		return failed(&e);
	enum status s = agent_once(a, c->batches, &e);
	agent_end(&a);
	return s == OK ? 0 : failed(&e);
}

/* Reads beside a running agent, so without its lock, and writes nothing. */
static int status(const struct command *c, const struct agent_clock *k)
{
	struct state *st;
	struct err e;
	char *path = xasprintf("%s/state", c->dir);
	enum status s = state_load(path, k->wall_ms(), k->mono_ms(), &st, &e);
	free(path);
	if (s != OK) {
		if (s == ERR_NOTFOUND)
			state_free(&st);
		return failed(&e);
	}
	print_id(st);
	printf("enrolled=%s epoch=%" PRIu64 " lived_s=%" PRId64 "\n", st->enrolled ? "yes" : "no", st->epoch, st->age / 1000);
	state_free(&st);
	return 0;
}

static int collect(const struct command *c, const struct agent_clock *k)
{
	struct agent *a;
	struct err e;
	if (agent_begin(c->dir, k, &a, &e) != OK)
		return failed(&e);
	enum status s = agent_sections(a, true, &e);
	for (size_t i = 0; i < a->nsection; i++)
		if (a->section[i].taken)
			printf("\"%s\": %s\n", a->section[i].name, a->section[i].full.s);
	agent_end(&a);
	return s == OK ? 0 : failed(&e);
}

int cli_run(const struct command *c, const struct agent_clock *k)
{
	static const struct {
		const char *verb;
		int (*run)(const struct command *, const struct agent_clock *);
	} row[] = { { "enrol", enrol }, { "once", once }, { "status", status }, { "collect", collect } };
	for (size_t i = 0; i < sizeof row / sizeof *row; i++)
		if (strcmp(c->verb, row[i].verb) == 0)
			return row[i].run(c, k);
	return -1;
}
