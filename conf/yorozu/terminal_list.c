/* Lists of terminals: see terminal_list.h. Names come from terminals; tables
 * make them harmless. */
#include "terminal_list.h"
#include "table.h"
#include "store/agent_inventory.h"
#include "store/agent_read.h"
#include "store/store_contract.h"
#include <stdlib.h>

enum { DAY = 86400, SHOWN_DAYS = 14 };

enum status terminal_job_contract(const struct terminal_job *j, int64_t *contract_r, struct err *e)
{
	struct contract c;
	*contract_r = 0;
	if (!j->number)
		return OK;
	enum status st = contract_by_number(j->s, j->number, j->a, &c, e);
	if (st == ERR_NOTFOUND)
		return err_set(e, st, "no contract %s", j->number);
	*contract_r = c.id;
	return st;
}

static const char *when(struct arena *a, epoch t)
{
	char text[32];
	if (!t)
		return "";
	clk_iso(t, text);
	text[16] = '\0';
	return arena_strdup(a, text);
}

static enum status open_reader(const struct terminal_job *j, struct agent_reader **r, struct err *e)
{
	char *folder = cfg_path(j->c, "store");
	enum status st = agent_reader_open(folder, agent_month_of(clk_now()), r, e);
	free(folder);
	return st;
}

static const char *state_words(const struct terminal *t, bool tsv)
{
	static const char *const words[] = { "利用中", "入替済", "解除", "削除済" };
	return tsv ? terminal_state_name(t->state) : words[t->state];
}

static enum status contract_number(const struct terminal_job *j, int64_t id, const char **r, struct err *e)
{
	struct contract c;
	enum status st = contract_get(j->s, id, j->a, &c, e);
	*r = st == OK ? c.v[CF_N_NUMBER] : "";
	return st;
}

static enum status print_row(const struct terminal_job *j, struct table *t, const struct terminal *x, epoch last, struct err *e)
{
	const char *number;
	char id[2 * HC1_ID + 1];
	enum status st = contract_number(j, x->contract_id, &number, e);
	hex_encode(x->agent_id, HC1_ID, id);
	table_num(t, x->id);
	table_cell(t, number);
	table_cell(t, x->host);
	table_cell(t, x->os);
	table_cell(t, state_words(x, j->tsv));
	table_cell(t, when(j->a, x->enrolled_at));
	table_cell(t, when(j->a, last));
	table_cell(t, when(j->a, x->cloned_at));
	table_cell(t, id);
	return st;
}

enum status terminal_print_list(const struct terminal_job *j, int64_t silent, struct err *e)
{
	static const struct table_col cols[] = {
		{ "id", "番号", true, 0 }, { "contract", "契約", false, 0 }, { "host", "端末", false, 30 }, { "os", "OS", false, 10 },
		{ "state", "状態", false, 0 }, { "enrolled", "登録", false, 0 }, { "last", "最終受信", false, 0 },
		{ "cloned", "複製を検出", false, 0 }, { "agent_id", NULL, false, 0 },
	};
	struct agent_reader *r = NULL;
	struct terminal *v;
	int64_t contract;
	size_t n = 0;
	epoch now = clk_now();
	enum status st = terminal_job_contract(j, &contract, e);
	if (st == OK)
		st = terminal_list(j->s, contract, j->all, j->a, &v, &n, e);
	if (st == OK)
		st = open_reader(j, &r, e);
	struct table *t = table_new(cols, sizeof cols / sizeof *cols, j->tsv);
	for (size_t i = 0; st == OK && i < n; i++) {
		epoch last = 0;
		st = agent_last_at(r, v[i].id, &last, e);
		if (st == OK && (!silent || now - (last ? last : v[i].enrolled_at) >= silent * DAY))
			st = print_row(j, t, &v[i], last, e);
	}
	if (st == OK)
		table_print(t);
	table_free(&t);
	agent_reader_close(&r);
	return st;
}

/* ---- one ---------------------------------------------------------------------------------- */

static enum status print_sections(const struct terminal_job *j, struct err *e)
{
	static const struct table_col cols[] = {
		{ "section", "項目", false, 0 }, { "received", "受信", false, 0 }, { "confirmed", "最終確認", false, 0 },
		{ "bytes", "バイト", true, 0 },
	};
	struct store *s = NULL;
	struct agent_section *v;
	size_t n = 0;
	char *path = cfg_path(j->c, AGENT_STORE);
	enum status st = agent_open_look(path, &s, e);
	free(path);
	if (st == ERR_NOTFOUND)
		return OK;
	if (st == OK)
		st = agent_section_list(s, j->id, j->a, &v, &n, e);
	struct table *t = table_new(cols, sizeof cols / sizeof *cols, j->tsv);
	for (size_t i = 0; i < n; i++) {
		table_cell(t, v[i].name);
		table_cell(t, when(j->a, v[i].received_at));
		table_cell(t, when(j->a, v[i].confirmed_at));
		table_num(t, (int64_t)v[i].len);
	}
	if (st == OK)
		table_print(t);
	table_free(&t);
	store_close(&s);
	return st;
}

static enum status print_days(const struct terminal_job *j, struct agent_reader *r, struct err *e)
{
	static const struct table_col cols[] = {
		{ "day", "日", false, 0 }, { "batches", "受信", true, 0 }, { "events", "操作", true, 0 },
	};
	struct agent_day *v;
	size_t n = 0;
	struct civil now = civil_of(clk_now());
	int64_t today = day_of(now.year, now.mon, now.day);
	enum status st = agent_days(r, j->id, today - SHOWN_DAYS + 1, today + 2, j->a, &v, &n, e);
	struct table *t = table_new(cols, sizeof cols / sizeof *cols, j->tsv);
	for (size_t i = 0; st == OK && i < n; i++) {
		struct civil d = civil_of_day(v[i].day);
		table_cell(t, arena_printf(j->a, "%04d-%02d-%02d", d.year, d.mon, d.day));
		table_num(t, v[i].batches);
		table_num(t, v[i].events);
	}
	if (st == OK)
		table_print(t);
	table_free(&t);
	return st;
}

static enum status print_head(const struct terminal_job *j, const struct terminal *x, epoch last, struct err *e)
{
	static const struct table_col cols[] = { { "name", "項目", false, 0 }, { "value", "内容", false, 0 } };
	const char *number;
	enum status st = contract_number(j, x->contract_id, &number, e);
	const struct { const char *name, *value; } rows[] = {
		{ "contract", number }, { "host", x->host }, { "os", x->os }, { "agent", x->agent },
		{ "state", state_words(x, j->tsv) }, { "enrolled", when(j->a, x->enrolled_at) }, { "last", when(j->a, last) },
		{ "left", when(j->a, x->ended_at) }, { "cloned", when(j->a, x->cloned_at) }, { "smbios_uuid", x->smbios_uuid },
		{ "board_serial", x->board_serial }, { "machine_guid", x->machine_guid }, { "macs", x->macs },
	};
	if (st != OK)
		return st;
	struct table *t = table_new(cols, 2, j->tsv);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		table_cell(t, rows[i].name);
		table_cell(t, rows[i].value);
	}
	table_print(t);
	table_free(&t);
	return OK;
}

enum status terminal_print_one(const struct terminal_job *j, struct err *e)
{
	struct agent_reader *r = NULL;
	struct terminal x;
	epoch last = 0;
	enum status st = terminal_get(j->s, j->id, j->a, &x, e);
	if (st == OK)
		st = open_reader(j, &r, e);
	if (st == OK)
		st = agent_last_at(r, j->id, &last, e);
	if (st == OK)
		st = print_head(j, &x, last, e);
	if (st == OK)
		st = print_sections(j, e);
	if (st == OK)
		st = print_days(j, r, e);
	agent_reader_close(&r);
	return st;
}
