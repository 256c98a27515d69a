/* Played terminals straight into an instance's store: see bench_fleet.h. The
 * contracts and terminals go to yorozu.db, the batches to the month files, by
 * the code that the server uses. */
#include "bench_fleet.h"
#include "base/xalloc.h"
#include "store/agent_inventory.h"
#include "store/agent_month.h"
#include "store/store_contract.h"
#include "store/store_terminal.h"
#include "store/store_zip.h"
#include "text/contract_field.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

struct filling {
	const struct fleet *f;
	const struct fleet_fill *p;
	struct store *desk, *inventory;
	struct agent_files *files;
	struct fleet_terminal *t;
	int64_t *id, *contract; /* by terminal */
	struct store_zip *zip;
	int64_t batches, events, octets;
};

/* A contract and its terminals, in one transaction. */
static enum status add_company(struct filling *x, unsigned company, struct err *e)
{
	static const uint8_t key[HC1_KEY] = { 1 };
	struct contract c = { .addresses = NULL };
	char number[16], name[64];
	snprintf(number, sizeof number, "N9%05u", company % 100000);
	snprintf(name, sizeof name, "株式会社ベンチ%u", company);
	c.v[CF_N_NUMBER] = number;
	c.v[CF_NAME] = name;
	epoch at = x->p->from * 86400 - 9 * 3600;
	enum status st = contract_insert(x->desk, &c, at, e);
	for (unsigned m = 0; st == OK && m < x->p->terminals; m++) {
		size_t i = (size_t)company * x->p->terminals + m;
		struct terminal_keys k;
		char host[32], uuid[48];
		struct terminal t = { .contract_id = c.id, .host = host, .os = "windows", .agent = "1.0.0", .smbios_uuid = uuid,
			              .board_serial = "", .machine_guid = "", .macs = "", .enrolled_at = at };
		x->t[i] = (struct fleet_terminal){ .n = i, .company = company, .next_q = 1 };
		fleet_host(x->f, &x->t[i], host);
		snprintf(uuid, sizeof uuid, "%08X-0000-4000-8000-%012zX", company + 1, i + 1);
		crypto_random(t.agent_id, sizeof t.agent_id);
		crypto_random(&k, sizeof k);
		memcpy(k.root, key, sizeof key);
		st = terminal_add(x->desk, &t, &k, e);
		x->id[i] = t.id;
		x->contract[i] = c.id;
	}
	return st;
}

static enum status add_companies(struct filling *x, struct err *e)
{
	enum status st = store_begin(x->desk, e);
	for (unsigned c = 0; st == OK && c < x->p->contracts; c++)
		st = add_company(x, c, e);
	if (st == OK)
		return store_commit(x->desk, e);
	store_rollback(x->desk);
	return st;
}

static enum status put_sections(struct filling *x, size_t i, const struct agent_batch *b, epoch now, struct err *e)
{
	enum status st = b->nparts ? store_begin(x->inventory, e) : OK;
	if (st != OK || !b->nparts)
		return st;
	bool put;
	for (size_t k = 0; st == OK && k < b->nparts; k++)
		st = agent_section_put(x->inventory, x->id[i], &b->parts[k], now, (struct agent_order){ 1, (int64_t)x->t[i].batches }, &put, e);
	if (st == OK)
		return store_commit(x->inventory, e);
	store_rollback(x->inventory);
	return st;
}

static enum status put_batch(struct filling *x, size_t i, int64_t day, int from, int to, struct arena *a, struct err *e)
{
	struct sb json = SB_INIT, body = SB_INIT;
	struct agent_batch b;
	struct agent_tally t;
	int64_t now = (day * 86400 - 9 * 3600 + (int64_t)to * FLEET_SLOT_S) * 1000 + 5000;
	fleet_batch(x->f, &x->t[i], day, from, to, x->t[i].batches == 0, x->p->pad, &json);
	enum status st = zip_pack(&x->zip, json.s, json.len, &body, e);
	if (st == OK)
		st = agent_batch_read(json.s, json.len, now, a, &b, e);
	if (st == OK) {
		struct agent_put p = { .terminal = x->id[i], .contract = x->contract[i], .epoch = 1, .seq = (int64_t)x->t[i].batches,
			               .now_ms = now, .b = &b, .t = &t, .body = body.s, .body_n = body.len, .size = json.len };
		agent_tally(&b, NULL, a, &t);
		st = agent_files_put(x->files, &p, e);
		if (st == OK && p.verdict != AGENT_STORED)
			st = err_set(e, ERR_EXISTS, "the store has this terminal's batches already");
		x->batches++;
		x->events += (int64_t)b.nevents;
		x->octets += (int64_t)body.len;
	}
	if (st == OK)
		st = put_sections(x, i, &b, now / 1000, e);
	sb_free(&json);
	sb_free(&body);
	return st;
}

/* The slots of a day in which it is on, in per_day parts. */
static enum status put_day(struct filling *x, size_t i, int64_t day, struct err *e)
{
	int on = 0, off = FLEET_SLOTS;
	enum status st = OK;
	while (on < FLEET_SLOTS && !fleet_on(x->f, &x->t[i], day, on))
		on++;
	while (off > on && !fleet_on(x->f, &x->t[i], day, off - 1))
		off--;
	for (unsigned k = 0; k < x->p->per_day && st == OK; k++) {
		int from = on + (off - on) * (int)k / (int)x->p->per_day, to = on + (off - on) * (int)(k + 1) / (int)x->p->per_day;
		struct arena *a = arena_new();
		if (from < to)
			st = put_batch(x, i, day, from, to, a, e);
		arena_free(&a);
	}
	return st;
}

static bool full(const struct filling *x)
{
	return x->p->stop_mb && x->octets / 1000000 >= x->p->stop_mb;
}

static enum status fill(struct filling *x, struct err *e)
{
	size_t n = (size_t)x->p->contracts * x->p->terminals;
	int64_t began = clk_mono_ms();
	enum status st = add_companies(x, e);
	for (int64_t day = x->p->from; st == OK && day < x->p->to && !full(x); day++) {
		for (size_t i = 0; st == OK && i < n; i++)
			st = put_day(x, i, day, e);
		struct civil c = civil_of_day(day);
		fprintf(stderr, "%04d-%02d-%02d batches=%" PRId64 " events=%" PRId64 " s=%.1f\n", c.year, c.mon, c.day, x->batches, x->events,
		        (double)(clk_mono_ms() - began) / 1000);
	}
	printf("terminals=%zu batches=%" PRId64 " events=%" PRId64 " body_mb=%.1f seconds=%.1f\n", n, x->batches, x->events,
	       (double)x->octets / 1e6, (double)(clk_mono_ms() - began) / 1000);
	return st;
}

/* As root: who the daemons run as, so that they can read what is made here. */
static enum status become_owner(const char *folder, struct err *e)
{
	struct stat f;
	if (geteuid() != 0)
		return OK;
	if (stat(folder, &f) != 0 || setgroups(0, NULL) != 0 || setgid(f.st_gid) != 0 || setuid(f.st_uid) != 0)
		return err_sys(e, ERR_PERM, "%s", folder);
	return OK;
}

enum status fleet_fill(const struct fleet *f, const struct fleet_fill *p, struct err *e)
{
	struct filling x = { .f = f, .p = p };
	size_t n = (size_t)p->contracts * p->terminals;
	char *db = xasprintf("%s/store/yorozu.db", p->instance), *inv = xasprintf("%s/" AGENT_STORE, p->instance);
	char *folder = xasprintf("%s/store", p->instance), *keyfile = xasprintf("%s/keys/master.key", p->instance);
	uint8_t master[KEY_LEN];
	enum status st = crypto_key_load(keyfile, master, e);
	if (st == OK)
		st = become_owner(folder, e);
	x.t = xcalloc(n, sizeof *x.t);
	x.id = xcalloc(n, sizeof *x.id);
	x.contract = xcalloc(n, sizeof *x.contract);
	if (st == OK && (st = store_open(db, master, &x.desk, e)) == OK && (st = agent_open(inv, &x.inventory, e)) == OK &&
	    (st = agent_files_open(folder, p->from * 86400 - 9 * 3600, 1, &x.files, e)) == OK)
		st = fill(&x, e);
	agent_files_close(&x.files);
	store_close(&x.inventory);
	store_close(&x.desk);
	store_zip_free(&x.zip);
	char *all[] = { db, inv, folder, keyfile };
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		free(all[i]);
	free(x.t);
	free(x.id);
	free(x.contract);
	return st;
}
