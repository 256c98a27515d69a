/*
 * Terminals that were used for a month, for the health check's tests:
 *
 *	health_fill DIR MONTH CONTRACTS TERMINALS   contracts N9000000… with so many terminals each
 *	health_fill DIR MONTH N000123 TERMINALS     terminals of a contract that is there
 *
 * What is written is what terminals would have sent; nothing is random. Of five
 * terminals one lacks updates, one waits for a restart, and one has an old
 * browser, a memory stick and was used at night.
 */
#include "base/cfg.h"
#include "base/crypto.h"
#include "store/agent_inventory.h"
#include "store/agent_month.h"
#include "store/store_contract.h"
#include "store/store_terminal.h"
#include "store/store_zip.h"
#include "text/agent_batch.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SITES = 25, PROGRAMS = 60 };

static struct err err;
static struct store *s, *inventory;
static struct agent_files *files;
static struct store_zip *zip;
static int year, mon;

static void need(enum status st)
{
	if (st == OK)
		return;
	fprintf(stderr, "health_fill: %s\n", err.msg);
	exit(1);
}

static int64_t ms(int day, int hour, int min)
{
	return epoch_of(year, mon, day, hour, min, 0) * 1000;
}

static int days(void)
{
	return (int)((epoch_of(mon == 12 ? year + 1 : year, mon == 12 ? 1 : mon + 1, 1, 0, 0, 0) - epoch_of(year, mon, 1, 0, 0, 0)) / 86400);
}

/* ---- what it did ------------------------------------------------------------------------ */

static void event(struct sb *out, int64_t *q, int64_t at, const char *fmt, const char *x, int n)
{
	char more[200];
	snprintf(more, sizeof more, "\"k\":\"%s\"", x);
	if (strcmp(fmt, "web") == 0)
		snprintf(more, sizeof more, "\"k\":\"web\",\"h\":\"%s\",\"n\":%d,\"s\":%d", x, n, n * 40);
	else if (strcmp(fmt, "dev") == 0)
		snprintf(more, sizeof more, "\"k\":\"dev\",\"op\":\"attach\",\"class\":\"usb_storage\",\"vid\":\"0781\",\"pid\":\"5581\",\"serial\":\"4C53%04d\",\"n\":\"%s\"", n, x);
	else if (strcmp(fmt, "logon") == 0)
		snprintf(more, sizeof more, "\"k\":\"logon\",\"u\":\"EXAMPLE\\\\\\\\%s\",\"how\":\"console\"", x);
	++*q;
	sb_addf(out, "%s{\"q\":%lld,\"t\":%lld,%s}", *q > 1 ? "," : "", (long long)*q, (long long)at, more);
}

static void use(struct sb *out, int64_t *q, int n)
{
	static const char *const sites[] = { "www.office.com", "www.google.com", "www.yahoo.co.jp", "www.youtube.com", "www.rakuten.co.jp" };
	char host[64];
	for (int d = 1; d <= days(); d++) {
		const struct civil c = civil_of_day(day_of(year, mon, d));
		if (c.wday == 0 || c.wday == 6)
			continue;
		event(out, q, ms(d, 9, n % 30), "", "boot", 0);
		event(out, q, ms(d, 9, n % 30 + 1), "logon", "suzuki", 0);
		for (int k = 0; k < 4; k++) {
			snprintf(host, sizeof host, "www.site%02d.example.co.jp", (n + d + k) % SITES);
			event(out, q, ms(d, 10 + k, 0), "web", k < 2 ? sites[(n + d + k) % 5] : host, 3 + (n + k) % 7);
		}
	}
	if (n % 5 == 2) {
		event(out, q, ms(7, 23, 10), "logon", "suzuki", 0);
		event(out, q, ms(8, 13, 0), "dev", "SanDisk Ultra", n);
		event(out, q, ms(9, 13, 0), "dev", "SanDisk Ultra", n);
	}
}

static void put_month(int64_t contract, int64_t terminal, int n, struct arena *a)
{
	struct sb events = SB_INIT, body = SB_INIT;
	struct agent_batch b;
	struct agent_tally t;
	int64_t q = 0;
	use(&events, &q, n);
	char *json = arena_printf(a, "{\"v\":1,\"batch\":\"01HZX%021lld\",\"created\":%lld,\"tz\":540,\"offset\":0,\"from\":1,\"to\":%lld,\"events\":[%s]}",
	                          (long long)terminal, (long long)ms(days(), 18, 0), (long long)q, events.s);
	struct agent_put p = { .terminal = terminal, .contract = contract, .epoch = 1, .seq = 1, .now_ms = ms(days(), 18, 1), .size = strlen(json) };
	need(agent_batch_read(json, strlen(json), p.now_ms, a, &b, &err));
	agent_tally(&b, NULL, a, &t);
	need(zip_pack(&zip, json, strlen(json), &body, &err));
	p.b = &b, p.t = &t, p.body = body.s, p.body_n = body.len;
	need(agent_files_put(files, &p, &err));
	sb_free(&events);
	sb_free(&body);
}

/* ---- what it has --------------------------------------------------------------------------- */

static void section(int64_t terminal, const char *name, const char *json, struct agent_item *items, size_t n)
{
	bool put;
	const int64_t at = ms(days(), 18, 0);
	struct agent_part x = { .name = name, .taken_ms = at, .full = json, .len = strlen(json), .items = items, .nitems = n };
	crypto_sha256(json, x.len, x.sha256);
	need(agent_section_put(inventory, terminal, &x, at / 1000, (struct agent_order){ 1, 1 }, &put, &err));
}

static void put_software(int64_t terminal, int n, struct arena *a)
{
	struct agent_item v[PROGRAMS + 1];
	struct sb json = SB_INIT;
	for (int i = 0; i <= PROGRAMS; i++) {
		bool chrome = i == PROGRAMS;
		v[i] = (struct agent_item){ .name = chrome ? "Google Chrome" : arena_printf(a, "業務ツール %02d", i), .vendor = chrome ? "Google LLC" : "見本",
			                        .version = chrome ? n % 5 == 2 ? "100.0.4896.60" : "999.0.0.1" : arena_printf(a, "1.%d", i % 7), .scope = "machine",
			                        .user = "", .date = "" };
		sb_addf(&json, "%s{\"name\":\"%s\",\"version\":\"%s\",\"vendor\":\"%s\",\"scope\":\"machine\",\"user\":\"\",\"date\":\"\"}", i ? "," : "[", v[i].name,
		        v[i].version, v[i].vendor);
	}
	sb_adds(&json, "]");
	section(terminal, "software", json.s, v, PROGRAMS + 1);
	sb_free(&json);
}

static void put_state(int64_t terminal, int n, struct arena *a)
{
	section(terminal, "os", arena_printf(a, "{\"family\":\"windows\",\"name\":\"Windows 11 Pro\",\"version\":\"25H2\",\"build\":26200,\"ubr\":%d,\"edition\":\"Professional\","
	                                     "\"arch\":\"x64\",\"installation\":\"Client\",\"hotpatch\":false,\"host\":\"PC-%02d\"}", n % 5 == 0 ? 6584 : 99999, n), NULL, 0);
	section(terminal, "patches", arena_printf(a, "{\"qfe\":[],\"installed\":[],\"pending\":[],\"reboot\":%s,\"last_scan\":%lld,\"error\":\"\"}", n % 5 == 1 ? "true" : "false",
	                                          (long long)ms(days(), 12, 0)), NULL, 0);
	put_software(terminal, n, a);
}

/* ---- who ----------------------------------------------------------------------------------------- */

static void terminals(int64_t contract, int first, int n)
{
	struct arena *a = arena_new();
	int64_t ids[1000];
	need(store_begin(s, &err));
	for (int i = 0; i < n && i < 1000; i++) {
		struct terminal t = { .contract_id = contract, .host = arena_printf(a, "PC-%02d", i + 1), .os = "windows", .agent = "1.0.0", .smbios_uuid = "",
			              .board_serial = "", .machine_guid = "", .macs = "", .enrolled_at = epoch_of(year, mon, 1, 0, 0, 0) - 86400 * 40 };
		struct terminal_keys k;
		crypto_random(t.agent_id, sizeof t.agent_id);
		crypto_random(&k, sizeof k);
		need(terminal_add(s, &t, &k, &err));
		ids[i] = t.id;
	}
	need(store_commit(s, &err));
	need(store_begin(inventory, &err));
	for (int i = 0; i < n; i++)
		put_state(ids[i], first + i, a);
	need(store_commit(inventory, &err));
	for (int i = 0; i < n; i++)
		put_month(contract, ids[i], first + i, a);
	arena_free(&a);
}

static int64_t new_contract(int i)
{
	char number[32], name[64], to[64];
	struct contract c = { .started_at = epoch_of(2020, 1, 1, 0, 0, 0) };
	snprintf(number, sizeof number, "N9%08d", i);
	snprintf(name, sizeof name, "見本%d株式会社", i);
	snprintf(to, sizeof to, "boss@c%d.example", i);
	c.v[CF_N_NUMBER] = number, c.v[CF_NAME] = name, c.v[CF_OFFICER_NAME] = "山田 太郎", c.v[CF_OFFICER_MAIL] = to, c.v[CF_REPORT_PASSWORD] = "Geheim12Wort";
	need(store_begin(s, &err));
	need(contract_insert(s, &c, c.started_at, &err));
	need(store_commit(s, &err));
	return c.id;
}

static int64_t old_contract(const char *number)
{
	struct arena *a = arena_new();
	struct contract c;
	need(contract_by_number(s, number, a, &c, &err));
	arena_free(&a);
	return c.id;
}

int main(int argc, char **argv)
{
	struct cfg *cfg;
	uint8_t master[KEY_LEN];
	if (argc != 5 || sscanf(argv[2], "%d-%d", &year, &mon) != 2)
		return 2;
	need(cfg_load(argv[1], &cfg, &err));
	char *key = cfg_key_path(cfg, "master.key"), *db = cfg_path(cfg, "store/yorozu.db"), *inv = cfg_path(cfg, AGENT_STORE), *folder = cfg_path(cfg, "store");
	need(crypto_key_load(key, master, &err));
	need(store_open(db, master, &s, &err));
	need(agent_open(inv, &inventory, &err));
	need(agent_files_open(folder, ms(days(), 18, 1) / 1000, 32, &files, &err));
	int each = atoi(argv[4]);
	if (argv[3][0] == 'N')
		terminals(old_contract(argv[3]), 0, each);
	else
		for (int i = 0; i < atoi(argv[3]); i++)
			terminals(new_contract(i), i * each, each);
	agent_files_close(&files);
	store_close(&inventory);
	store_close(&s);
	store_zip_free(&zip);
	free(key), free(db), free(inv), free(folder);
	cfg_free(&cfg);
	return 0;
}
