/*
 * yorozu clock, yorozu dns: the private world of a private instance, its time
 * and its name service. In production both are the world's, and refused; there
 * `dns records` says what is to be published.
 */
#include "instance.h"
#include "base/clk.h"
#include "base/io.h"
#include "base/xalloc.h"
#include <ctype.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DNS_STRING = 250 }; /* bytes of a string in a TXT record; 255 is the most */

static struct cfg *private_only(const char *name, const struct front *f)
{
	struct err e;
	struct cfg *c = front_cfg(name, f);
	if (c && !cfg_is_private(c)) {
		err_set(&e, ERR_DENIED, "this instance is in production: its %s is the world's", name);
		front_fail(name, &e);
		cfg_free(&c);
	}
	return c;
}

/* "90m", "2h", "3d", "45s" into seconds. */
static bool parse_span(const char *s, int64_t *r)
{
	char *end;
	long long n = strtoll(s, &end, 10);
	int64_t unit = *end == 's' ? 1 : *end == 'm' ? 60 : *end == 'h' ? 3600 : *end == 'd' ? 86400 : 0;
	*r = n * unit;
	return isdigit((unsigned char)*s) && unit && !end[1] && n <= 36500;
}

static bool new_offset(int argc, char **argv, int64_t *offset)
{
	epoch t;
	int64_t span;
	if (argc == 2 && strcmp(argv[1], "show") == 0)
		return true;
	if (argc == 2 && strcmp(argv[1], "reset") == 0)
		return *offset = 0, true;
	if (argc == 3 && strcmp(argv[1], "set") == 0 && civil_parse_time(argv[2], &t))
		return *offset = t - (epoch)time(NULL), true;
	if (argc == 3 && strcmp(argv[1], "advance") == 0 && parse_span(argv[2], &span))
		return *offset += span, true;
	return false;
}

static int run_clock(int argc, char **argv, const struct front *f)
{
	struct err e;
	char text[32];
	int64_t offset = 0, old;
	struct cfg *c = private_only("clock", f);
	if (!c)
		return 1;
	char *path = cfg_path(c, "clock");
	enum status st = clk_get_offset(path, &offset, &e);
	old = offset;
	bool good = st != OK || new_offset(argc, argv, &offset);
	if (st == OK && good && offset != old)
		st = clk_set_offset(path, offset, &e);
	if (st == OK && good)
		printf("%s%s\n", clk_iso((epoch)time(NULL) + offset, text), offset ? " (moved)" : "");
	free(path);
	cfg_free(&c);
	return !good ? front_usage(&cmd_clock) : st == OK ? 0 : front_fail("clock", &e);
}

static bool name_is_plain(const char *s)
{
	return *s && strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789._-") == strlen(s) && strlen(s) < 250;
}

static bool value_is_plain(const char *s)
{
	for (const char *p = s; *p; p++)
		if (*p < ' ' || *p > '~' || *p == '"' || *p == '\'' || *p == '\\')
			return false;
	return *s && strlen(s) < 4000;
}

static void record(struct sb *zone, const char *name, const char *type, const char *value)
{
	sb_addf(zone, "local-data: '%s. 60 IN %s", name, type);
	if (strcmp(type, "TXT") != 0)
		sb_addf(zone, " %s", value);
	else
		for (size_t n = strlen(value), k; n; n -= k, value += k) {
			k = n < DNS_STRING ? n : DNS_STRING;
			sb_addf(zone, " \"%.*s\"", (int)k, value);
		}
	sb_adds(zone, "'\n");
}

/* What the domain's owner publishes in a production's DNS, as lines of a zone. */
static enum status print_records(const struct cfg *c, struct err *e)
{
	struct sb dkim = SB_INIT;
	enum status st = instance_dkim_record(c->dir, &dkim, e);
	if (st == OK) {
		printf("%s. IN MX 10 %s.\n%s. IN TXT \"v=spf1 mx -all\"\n", c->domain, c->hostname, c->domain);
		printf("_dmarc.%s. IN TXT \"v=DMARC1; p=quarantine; adkim=s; aspf=s; rua=mailto:postmaster@%s\"\n", c->domain,
		       c->domain);
		printf("yorozu._domainkey.%s. IN TXT (", c->domain);
		for (const char *p = dkim.s; *p; p += strnlen(p, DNS_STRING))
			printf(" \"%.*s\"", DNS_STRING, p);
		printf(" )\n");
		sb_reset(&dkim);
		st = instance_dkim_ed25519(c->dir, &dkim, e);
		if (st == OK) /* the newsletter's second key */
			printf("yorozu-ed._domainkey.%s. IN TXT \"%s\"\n", c->domain, dkim.s);
		else if (st == ERR_NOTFOUND) /* an instance from before there was one */
			st = OK;
	}
	sb_free(&dkim);
	return st;
}

static int run_records(const struct front *f)
{
	struct err e;
	struct cfg *c = front_cfg("dns", f);
	if (!c)
		return 1;
	enum status st = print_records(c, &e);
	cfg_free(&c);
	return st == OK ? 0 : front_fail("dns", &e);
}

static int run_dns(int argc, char **argv, const struct front *f)
{
	if (argc == 2 && strcmp(argv[1], "records") == 0)
		return run_records(f);
	struct err e;
	struct part_state dns;
	struct sb zone = SB_INIT;
	static const char types[] = " TXT A AAAA MX CNAME PTR ";
	bool good = argc == 5 && strcmp(argv[1], "add") == 0 && name_is_plain(argv[2]) && value_is_plain(argv[4]);
	char *type = xasprintf(" %s ", argc == 5 ? argv[3] : "?");
	good = good && strstr(types, type);
	free(type);
	if (!good)
		return front_usage(&cmd_dns);
	struct cfg *c = private_only("dns", f);
	if (!c)
		return 1;
	char *path = cfg_path(c, "etc/unbound/zone.conf");
	enum status st = io_read_file(path, 16 << 20, &zone, &e);
	record(&zone, argv[2], argv[3], argv[4]);
	if (st == OK)
		st = io_write_file(path, 0644, zone.s, zone.len, &e);
	part_look(c, f, PART_DNS, &dns);
	if (st == OK && dns.pid)
		kill(dns.pid, SIGHUP); /* unbound reads its files again */
	sb_free(&zone);
	free(path);
	cfg_free(&c);
	return st == OK ? 0 : front_fail("dns", &e);
}

const struct front_cmd cmd_clock = { "clock", run_clock, "clock show | set 'YYYY-MM-DD HH:MM' | advance 90m|2h|3d | reset",
	                             "the time of a private instance" };
const struct front_cmd cmd_dns = { "dns", run_dns, "dns records | add NAME TXT|A|AAAA|MX|CNAME|PTR VALUE",
	                           "what to publish; a record for a private instance's own DNS" };
