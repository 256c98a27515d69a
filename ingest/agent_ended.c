/*
 * The end of a contract: everything that its terminals sent is deleted, and
 * staff get the proof (AGENT-06). See agent_keeper.h.
 *
 * What there was is counted and written down first, so that the proof is right
 * even when a crash makes the deletion begin again; the proof itself is written
 * in the transaction that forgets the terminals.
 */
#include "agent_keeper.h"
#include "base/log.h"
#include "base/notify.h"
#include "store/agent_inventory.h"
#include "store/store_audit.h"
#include "store/store_contract.h"
#include "store/store_outbox.h"
#include <stdio.h>

enum { DAY = 86400, BACKUP_DAYS = 3 /* two generations, one a day */ };

struct ended {
	const struct ingest *in;
	struct arena *a;
	epoch now;
	struct contract c;
	struct terminal *all;   /* of every contract */
	size_t nall;
	int64_t contract, *ids; /* of this one */
	const char *hosts;
	size_t n;
	struct terminal_deletion before, after;
	struct agent_sum sum;
};

/* ---- counting and deleting ------------------------------------------------------------------ */

static enum status count_inventory(struct store *s, void *arg, struct err *e)
{
	struct ended *x = arg;
	enum status st = OK;
	x->after.inventory = 0;
	for (size_t i = 0; st == OK && i < x->n; i++) {
		int64_t n = 0;
		st = agent_inventory_count(s, x->ids[i], &n, e);
		x->after.inventory += n;
	}
	return st;
}

/* What there is now, in x->after. */
static enum status count(struct ended *x, struct err *e)
{
	enum status st = agent_months_count(x->in->agents->folder, x->contract, x->ids, x->n, &x->sum, e);
	x->after.batches = x->sum.batches;
	x->after.rows = x->sum.rows;
	return st == OK ? agents_inventory(x->in, count_inventory, x, e) : st;
}

static enum status begin(struct store *s, void *arg, struct err *e)
{
	struct ended *x = arg;
	x->before = x->after;
	x->before.begun_at = x->now;
	return terminal_deletion_begin(s, x->contract, &x->before, e);
}

static enum status delete_inventory(struct store *s, void *arg, struct err *e)
{
	const struct ended *x = arg;
	enum status st = OK;
	for (size_t i = 0; st == OK && i < x->n; i++) {
		int64_t n;
		st = agent_inventory_delete(s, x->ids[i], &n, e);
	}
	return st;
}

/* ---- the proof --------------------------------------------------------------------------------- */

static void row(struct sb *out, const char *name, int64_t before, int64_t after)
{
	sb_addf(out, "　%s　%12lld　　%12lld\n", name, (long long)before, (long long)after);
}

static void proof_vars(const struct ended *x, struct sb *vars)
{
	char num[32], at[48];
	struct sb list = SB_INIT;
	row(&list, "受信データ　　", x->before.batches, x->after.batches);
	row(&list, "集計・操作記録", x->before.rows, x->after.rows);
	row(&list, "インベントリ　", x->before.inventory, x->after.inventory);
	snprintf(num, sizeof num, "%zu", x->n);
	outbox_var_add(vars, "contract", x->c.v[CF_N_NUMBER]);
	outbox_var_add(vars, "company", x->c.v[CF_NAME]);
	outbox_var_add(vars, "ended", clk_ja(x->c.ended_at, at));
	outbox_var_add(vars, "at", clk_ja(x->now, at));
	outbox_var_add(vars, "backup", clk_ja(x->now + BACKUP_DAYS * DAY, at));
	outbox_var_add(vars, "terminals", num);
	outbox_var_add(vars, "list", list.s);
	outbox_var_add(vars, "hosts", x->hosts);
	sb_free(&list);
}

static enum status forget(struct store *s, void *arg, struct err *e)
{
	const struct ended *x = arg;
	struct sb vars = SB_INIT;
	struct audit done = { .at = x->now, .who = "system", .what = "terminal.delete",
		.detail = arena_printf(x->a, "%s: %zu terminals; before %lld batches, %lld rows, %lld of inventory; after %lld, %lld, %lld",
		                       x->c.v[CF_N_NUMBER], x->n, (long long)x->before.batches, (long long)x->before.rows,
		                       (long long)x->before.inventory, (long long)x->after.batches, (long long)x->after.rows,
		                       (long long)x->after.inventory) };
	proof_vars(x, &vars);
	enum status st = terminal_forget(s, x->contract, x->now, e);
	if (st == OK)
		st = ingest_mail_staff(s, STAFF_SUPERVISOR, "terminal-ended", &vars, x->now, e);
	if (st == OK)
		st = audit_add(s, &done, e);
	sb_free(&vars);
	return st;
}

/* What was deleted is not to stay in the WAL. */
static enum status empty_wal(const struct ended *x, struct err *e)
{
	struct store *s = NULL;
	enum status st = agent_open(arena_printf(x->a, "%s/agent.db", x->in->agents->folder), &s, e);
	if (st == OK)
		st = agent_empty_wal(s, e);
	store_close(&s);
	return st;
}

static enum status delete_all(struct ended *x, struct err *e)
{
	enum status st = count(x, e);
	if (st == OK)
		st = writer_run(x->in->writer, begin, x, e);
	if (st == OK)
		st = agent_months_delete(x->in->agents->folder, x->contract, x->ids, x->n, e);
	if (st == OK)
		st = writer_run(x->in->agents->inventory, delete_inventory, x, e);
	if (st == OK)
		st = empty_wal(x, e);
	if (st == OK)
		st = count(x, e);
	if (st == OK && x->after.batches + x->after.rows + x->after.inventory)
		return err_set(e, ERR_TEMP, "%s: some of it is there still", x->c.v[CF_N_NUMBER]);
	return st == OK ? writer_run(x->in->writer, forget, x, e) : st;
}

/* ---- whose ---------------------------------------------------------------------------------------- */

static enum status load_all(struct store *s, void *arg, struct err *e)
{
	struct ended *x = arg;
	return terminal_list(s, 0, true, x->a, &x->all, &x->nall, e);
}

static enum status load_contract(struct store *s, void *arg, struct err *e)
{
	struct ended *x = arg;
	return contract_get(s, x->contract, x->a, &x->c, e);
}

static void take_terminals(struct ended *x)
{
	struct sb hosts = SB_INIT;
	x->ids = arena_alloc(x->a, (x->nall + 1) * sizeof *x->ids);
	x->n = 0;
	for (size_t i = 0; i < x->nall; i++) {
		if (x->all[i].contract_id != x->contract)
			continue;
		x->ids[x->n++] = x->all[i].id;
		x->all[i].state = TERMINAL_ENDED; /* not looked at again */
		sb_addf(&hosts, "　%lld　%s\n", (long long)x->all[i].id, x->all[i].host);
	}
	x->hosts = arena_strdup(x->a, hosts.s);
	sb_free(&hosts);
}

/* The contract of a terminal whose data is there still, if it is over. */
static enum status look_at(struct ended *x, int64_t contract, struct err *e)
{
	x->contract = contract;
	enum status st = ingest_read(x->in, load_contract, x, e);
	if (st != OK || !x->c.ended_at || x->now < x->c.ended_at + x->in->cfg->terminal_end_days * DAY)
		return st;
	take_terminals(x);
	st = delete_all(x, e);
	if (st == OK) {
		log_info("agent_ended", "contract=%lld terminals=%zu batches=%lld", (long long)contract, x->n, (long long)x->before.batches);
		notify_send(x->in->notify_path);
	}
	return st;
}

enum status agent_keeper_ended(const struct ingest *in, epoch now, struct err *e)
{
	struct ended x = { .in = in, .a = arena_new(), .now = now };
	int64_t last = 0;
	enum status st = ingest_read(in, load_all, &x, e);
	for (size_t i = 0; st == OK && i < x.nall; i++) {
		/* terminals of a contract mostly follow one another */
		if (x.all[i].state == TERMINAL_ENDED || x.all[i].contract_id == last)
			continue;
		last = x.all[i].contract_id;
		st = look_at(&x, last, e);
	}
	arena_free(&x.a);
	return st;
}
