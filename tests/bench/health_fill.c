/*
 * Terminals that were used for a month, for the health check's tests:
 *
 *	health_fill DIR MONTH CONTRACTS TERMINALS   contracts N9000000… with so many terminals each
 *	health_fill DIR MONTH N000123 TERMINALS     terminals of a contract that is there
 *	health_fill DIR MONTH N000123 OFFICE        the same, a company of bench_office.h
 *	health_fill feed                            prints the tables that offices are judged by
 *
 * Run for another month, the terminals that are there are used in that month. What
 * is written is what terminals would have sent; nothing is random. Of five
 * terminals (but for offices) one lacks updates, one waits for a restart, and one
 * has an old browser, a memory stick and was used at night.
 */
#include "bench_office.h"
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

enum { SITES = 25, PROGRAMS = 60, TERMINALS_MAX = 5000 };

static struct err err;
static struct store *s, *inventory;
static struct agent_files *files;
static struct store_zip *zip;
static const struct office *office; /* NULL: terminals that are all alike */
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
	sb_addf(out, "%s{\"q\":%lld,\"t\":%lld,%s}", out->len ? "," : "", (long long)*q, (long long)at, more);
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

/* The n-th terminal's month as one batch, its last day's evening. */
static void put_month(int64_t contract, int64_t terminal, int n, struct arena *a)
{
	struct sb events = SB_INIT, body = SB_INIT;
	struct agent_batch b;
	struct agent_tally t;
	const int64_t before = (year * 12 + mon - 2020 * 12) * 20000LL; /* numbers go on from month to month */
	int64_t q = before;
	if (office)
		office_use(office, n, year, mon, &events, &q);
	else
		use(&events, &q, n);
	if (q == before)
		return;
	char *json = arena_printf(a, "{\"v\":1,\"batch\":\"01HZX%021lld\",\"created\":%lld,\"tz\":540,\"offset\":0,\"from\":%lld,\"to\":%lld,\"events\":[%s]}",
	                          (long long)terminal * 1000000 + year * 100 + mon, (long long)ms(days(), 18, 0), (long long)before + 1, (long long)q, events.s);
	struct agent_put p = { .terminal = terminal, .contract = contract, .epoch = year * 12 + mon, .seq = 1, .now_ms = ms(days(), 18, 1), .size = strlen(json) };
	need(agent_batch_read(json, strlen(json), p.now_ms, a, &b, &err));
	agent_tally(&b, NULL, a, &t);
	need(zip_pack(&zip, json, strlen(json), &body, &err));
	p.b = &b, p.t = &t, p.body = body.s, p.body_n = body.len;
	need(agent_files_put(files, &p, &err));
	sb_free(&events);
	sb_free(&body);
}

/* ---- what it has --------------------------------------------------------------------------- */

static void section(int64_t terminal, int day, const char *name, const char *json, const struct agent_item *items, size_t n)
{
	bool put;
	const int64_t at = ms(day, 18, 0);
	struct agent_part x = { .name = name, .taken_ms = at, .full = json, .len = strlen(json), .items = (struct agent_item *)items, .nitems = n };
	crypto_sha256(json, x.len, x.sha256);
	need(agent_section_put(inventory, terminal, &x, at / 1000, (struct agent_order){ year * 12 + mon, 1 }, &put, &err));
}

static size_t software(int n, struct arena *a, const struct agent_item **v_r)
{
	struct agent_item *v = arena_alloc(a, (PROGRAMS + 1) * sizeof *v);
	for (int i = 0; i <= PROGRAMS; i++) {
		bool chrome = i == PROGRAMS;
		v[i] = (struct agent_item){ .name = chrome ? "Google Chrome" : arena_printf(a, "業務ツール %02d", i), .vendor = chrome ? "Google LLC" : "見本",
			                        .version = chrome ? n % 5 == 2 ? "100.0.4896.60" : "999.0.0.1" : arena_printf(a, "1.%d", i % 7), .scope = "machine",
			                        .user = "", .date = "" };
	}
	*v_r = v;
	return PROGRAMS + 1;
}

static void put_software(int64_t terminal, int n, int day, struct arena *a)
{
	const struct agent_item *v;
	struct sb json = SB_INIT;
	size_t items = office ? office_software(office, n, &v, a) : software(n, a, &v);
	for (size_t i = 0; i < items; i++)
		sb_addf(&json, "%s{\"name\":\"%s\",\"version\":\"%s\",\"vendor\":\"%s\",\"scope\":\"machine\",\"user\":\"\",\"date\":\"\"}", i ? "," : "[", v[i].name,
		        v[i].version, v[i].vendor);
	sb_adds(&json, "]");
	section(terminal, day, "software", json.s, v, items);
	sb_free(&json);
}

static const char *os(int n, struct arena *a)
{
	return arena_printf(a, "{\"family\":\"windows\",\"name\":\"Windows 11 Pro\",\"version\":\"25H2\",\"build\":26200,\"ubr\":%d,\"edition\":\"Professional\","
	                    "\"arch\":\"x64\",\"installation\":\"Client\",\"hotpatch\":false,\"host\":\"PC-%02d\"}", n % 5 == 0 ? 6584 : 99999, n);
}

static const char *patches(int n, int64_t scan_ms, struct arena *a)
{
	return arena_printf(a, "{\"qfe\":[],\"installed\":[],\"pending\":[],\"reboot\":%s,\"last_scan\":%lld,\"error\":\"\"}", n % 5 == 1 ? "true" : "false",
	                    (long long)scan_ms);
}

static void put_state(int64_t terminal, int n, struct arena *a)
{
	const int day = office ? office_last_day(office, n, days()) : days();
	section(terminal, day, "os", office ? office_os(office, n, a) : os(n, a), NULL, 0);
	section(terminal, day, "patches", office ? office_patches(office, n, ms(day, 12, 0), a) : patches(n, ms(day, 12, 0), a), NULL, 0);
	put_software(terminal, n, day, a);
}

/* ---- who ----------------------------------------------------------------------------------------- */

static int64_t new_terminal(int64_t contract, const char *host)
{
	struct terminal t = { .contract_id = contract, .host = host, .os = "windows", .agent = "1.0.0", .smbios_uuid = "", .board_serial = "",
		              .machine_guid = "", .macs = "", .enrolled_at = epoch_of(year, mon, 1, 0, 0, 0) - 86400 * 40 };
	struct terminal_keys k;
	crypto_random(t.agent_id, sizeof t.agent_id);
	crypto_random(&k, sizeof k);
	need(terminal_add(s, &t, &k, &err));
	return t.id;
}

/* Those that are there, or n new ones; in the order of enrolment. */
static size_t ids_of(int64_t contract, int n, int64_t *ids, struct arena *a)
{
	struct terminal *v;
	size_t there;
	need(terminal_list(s, contract, false, a, &v, &there, &err));
	for (size_t i = 0; i < there && i < TERMINALS_MAX; i++)
		ids[i] = v[i].id;
	if (there)
		return there < TERMINALS_MAX ? there : TERMINALS_MAX;
	need(store_begin(s, &err));
	for (int i = 0; i < n; i++)
		ids[i] = new_terminal(contract, office ? office_host(office, i) : arena_printf(a, "PC-%02d", i + 1));
	need(store_commit(s, &err));
	return (size_t)n;
}

static void terminals(int64_t contract, int first, int each)
{
	static int64_t ids[TERMINALS_MAX];
	struct arena *a = arena_new();
	size_t n = ids_of(contract, each, ids, a);
	need(store_begin(inventory, &err));
	for (size_t i = 0; i < n; i++)
		put_state(ids[i], first + (int)i, a);
	need(store_commit(inventory, &err));
	for (size_t i = 0; i < n; i++)
		put_month(contract, ids[i], first + (int)i, a);
	arena_free(&a);
}

/* The i-th of many; it may be there from another month. */
static int64_t nth_contract(int i)
{
	struct arena *a = arena_new();
	struct contract there;
	char number[32], name[64], to[64];
	struct contract c = { .started_at = epoch_of(2020, 1, 1, 0, 0, 0) };
	snprintf(number, sizeof number, "N9%08d", i);
	snprintf(name, sizeof name, "見本%d株式会社", i);
	snprintf(to, sizeof to, "boss@c%d.example", i);
	enum status st = contract_by_number(s, number, a, &there, &err);
	arena_free(&a);
	if (st == OK)
		return there.id;
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
	if (argc == 2 && strcmp(argv[1], "feed") == 0)
		return fputs(office_feed, stdout) < 0;
	if (argc != 5 || sscanf(argv[2], "%d-%d", &year, &mon) != 2)
		return 2;
	need(cfg_load(argv[1], &cfg, &err));
	char *key = cfg_key_path(cfg, "master.key"), *db = cfg_path(cfg, "store/yorozu.db"), *inv = cfg_path(cfg, AGENT_STORE), *folder = cfg_path(cfg, "store");
	need(crypto_key_load(key, master, &err));
	need(store_open(db, master, &s, &err));
	need(agent_open(inv, &inventory, &err));
	need(agent_files_open(folder, ms(days(), 18, 1) / 1000, 32, &files, &err));
	office = office_of(argv[4]);
	const int each = office ? office->n : atoi(argv[4]);
	if (each < 1 || each > TERMINALS_MAX)
		return 2;
	if (argv[3][0] == 'N')
		terminals(old_contract(argv[3]), 0, each);
	else
		for (int i = 0; i < atoi(argv[3]); i++)
			terminals(nth_contract(i), i * each, each);
	agent_files_close(&files);
	store_close(&inventory);
	store_close(&s);
	store_zip_free(&zip);
	free(key), free(db), free(inv), free(folder);
	cfg_free(&cfg);
	return 0;
}
