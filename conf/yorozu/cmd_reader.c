/*
 * yorozu reader list|show|add|remove|import|export: the newsletter's list (MAG-08).
 * Each change is saved as CSV, two generations kept.
 */
#include "front.h"
#include "reader_import.h"
#include "table.h"
#include "base/clk.h"
#include "base/io.h"
#include "base/notify.h"
#include "mail/addr.h"
#include "store/store_audit.h"
#include "store/store_ledger.h"
#include "store/store_reader_csv.h"
#include "text/charset.h"
#include "text/csv.h"
#include "text/field_rule.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE = 1000, HISTORY = 50 };

struct reader_cmd {
	struct store *s;
	struct cfg *c;
	struct arena *a;
	epoch now;
	const char *verb, *arg, *name;
	bool tsv, cp932, dry_run, replace;
	struct sb file; /* read as the caller, before privileges go */
};

static const char *day(epoch t, char buf[32])
{
	clk_iso(t, buf);
	buf[16] = '\0';
	return buf;
}

/* ---- looking ----------------------------------------------------------------------- */

static const struct table_col list_cols[] = {
	{ "id", "番号", true, 0 }, { "address", "メールアドレス", false, 44 }, { "name", "氏名", false, 24 },
	{ "state", NULL, false, 0 }, { "state_ja", "状態", false, 24 }, { "added", "登録", false, 0 }, { "why", "理由", false, 40 },
};

static enum status list(struct reader_cmd *x, struct err *e)
{
	struct table *t = table_new(list_cols, sizeof list_cols / sizeof *list_cols, x->tsv);
	int64_t after = 0;
	size_t n = PAGE;
	char buf[32];
	enum status st = OK;
	while (st == OK && n == PAGE) {
		struct arena *a = arena_new();
		struct reader *v;
		st = reader_list(x->s, after, PAGE, a, &v, &n, e);
		for (size_t i = 0; st == OK && i < n; i++) {
			table_num(t, v[i].id);
			table_cell(t, v[i].addr);
			table_cell(t, v[i].name);
			table_cell(t, reader_state_name(v[i].state));
			table_cell(t, reader_state_ja(v[i].state));
			table_cell(t, day(v[i].added_at, buf));
			table_cell(t, v[i].why);
			after = v[i].id;
		}
		arena_free(&a);
	}
	if (st == OK)
		table_print(t);
	table_free(&t);
	return st;
}

static enum status by_word(struct reader_cmd *x, struct reader *r, struct err *e)
{
	char *end;
	long long id = strtoll(x->arg, &end, 10);
	if (!*end && *x->arg)
		return reader_get(x->s, id, x->a, r, e);
	return reader_by_addr(x->s, addr_key(x->a, x->arg), x->a, r, e);
}

static const struct table_col history_cols[] = {
	{ "at", "日時", false, 0 }, { "issue", "号", true, 0 }, { "what", "できごと", false, 0 }, { "detail", "内容", false, 90 },
};

static enum status history(struct reader_cmd *x, const struct reader *r, struct err *e)
{
	struct table *t = table_new(history_cols, sizeof history_cols / sizeof *history_cols, x->tsv);
	struct reader_event *ev;
	struct rcpt *sent;
	size_t n = 0, m = 0;
	char buf[32];
	enum status st = reader_events(x->s, r->id, x->a, &ev, &n, e);
	if (st == OK)
		st = ledger_of_reader(x->s, r->id, HISTORY, x->a, &sent, &m, e);
	for (size_t i = 0; st == OK && i < n; i++) {
		table_cell(t, day(ev[i].at, buf));
		table_cell(t, ev[i].issue_id ? arena_printf(x->a, "%lld", (long long)ev[i].issue_id) : "");
		table_cell(t, reader_what_ja(ev[i].what));
		table_cell(t, ev[i].detail);
	}
	for (size_t i = 0; st == OK && i < m; i++) {
		table_cell(t, day(sent[i].at, buf));
		table_num(t, sent[i].issue_id);
		table_cell(t, rcpt_state_ja(sent[i].state));
		table_cell(t, sent[i].detail);
	}
	if (st == OK)
		table_print(t);
	table_free(&t);
	return st;
}

static const char *shown(struct reader_cmd *x, const char *text)
{
	struct sb b = SB_INIT;
	text_visible(text, strlen(text), &b);
	const char *v = arena_strndup(x->a, b.s, b.len);
	sb_free(&b);
	return v;
}

static enum status show(struct reader_cmd *x, struct err *e)
{
	struct reader r;
	enum status st = by_word(x, &r, e);
	if (st == OK && !x->tsv)
		printf("%s  %s\n%s：%s\n\n", r.addr, shown(x, r.name), reader_state_ja(r.state), shown(x, r.why));
	return st == OK ? history(x, &r, e) : st;
}

/* ---- changing -------------------------------------------------------------------------- */

static enum status audited(struct reader_cmd *x, const char *what, const char *detail, struct err *e)
{
	struct audit row = { .at = x->now, .who = front_who(), .what = what, .detail = detail };
	enum status st = audit_add(x->s, &row, e);
	return st == OK ? store_commit(x->s, e) : st;
}

static enum status no_address(const char *arg, struct err *e)
{
	struct sb b = SB_INIT;
	field_shown(arg, &b);
	enum status st = err_set(e, ERR_PERM, "%s は正しい形ではありません", b.s);
	sb_free(&b);
	return st;
}

/* By name, so that it also brings back who had gone. */
static enum status add(struct reader_cmd *x, struct err *e)
{
	const char *addr = addr_key(x->a, x->arg);
	struct reader old, r = { .addr = addr, .name = x->name, .state = READER_ACTIVE, .why = "手作業での登録" };
	if (!field_mail_ok(addr, strlen(addr), 254))
		return no_address(x->arg, e);
	if (!reader_name_ok(x->name))
		return err_set(e, ERR_PERM, "氏名に改行や制御文字など、使えない文字があります");
	enum status st = store_begin(x->s, e);
	if (st != OK)
		return st;
	st = reader_by_addr(x->s, addr, x->a, &old, e);
	if (st == OK && old.state == READER_ACTIVE)
		st = err_set(e, ERR_EXISTS, "%s は登録済みです", addr);
	else if (st == OK)
		st = reader_back(x->s, old.id, "手作業での再開", x->now, e);
	else if (st == ERR_NOTFOUND)
		st = reader_add(x->s, &r, x->now, e);
	if (st == OK)
		st = audited(x, "reader.add", addr, e);
	if (st != OK)
		store_rollback(x->s);
	return st;
}

static enum status take_off(struct reader_cmd *x, struct err *e)
{
	struct reader r;
	enum status st = store_begin(x->s, e);
	if (st != OK)
		return st;
	st = by_word(x, &r, e);
	if (st == OK)
		st = reader_remove(x->s, r.id, "手作業での削除", x->now, e);
	if (st == OK)
		st = reader_by_hand(x->s, r.id, e);
	if (st == OK)
		st = audited(x, "reader.remove", r.addr, e);
	if (st != OK)
		store_rollback(x->s);
	return st;
}

static enum status import(struct reader_cmd *x, struct err *e)
{
	struct reader_import r;
	enum status st = readers_import(x->s, x->file.s, x->file.len, x->replace, x->dry_run, front_who(), x->now, &r, e);
	if (st == OK) {
		fputs(r.faults ? r.fault_text.s : r.preview.s, stdout);
		printf("%s追加 %zu、再開 %zu、変更 %zu、削除 %zu、そのまま %zu、配信停止のまま %zu、配信なしで登録 %zu\n",
		       r.faults ? "誤りがあるため、何も変更していません。" : x->dry_run ? "確認のみ：" : "", r.added, r.back, r.renamed,
		       r.removed, r.same, r.kept_away, r.stopped);
		if (r.faults)
			st = err_set(e, ERR_PERM, "%zu 件の誤りがあります", r.faults);
	}
	reader_import_free(&r);
	return st;
}

static enum status export(struct reader_cmd *x, struct err *e)
{
	struct sb out = SB_INIT;
	enum status st = readers_export(x->s, x->cp932, &out, e);
	if (st == OK && !io_write_all(1, out.s, out.len))
		st = err_sys(e, ERR_TEMP, "write");
	sb_free(&out);
	return st;
}

/* ---- the command ---------------------------------------------------------------------------- */

static const struct { const char *verb; enum status (*run)(struct reader_cmd *x, struct err *e); bool arg, changes; } verbs[] = {
	{ "list", list, false, false }, { "show", show, true, false }, { "add", add, true, true },
	{ "remove", take_off, true, true }, { "import", import, true, true }, { "export", export, false, false },
};
enum { VERBS = sizeof verbs / sizeof *verbs };

static bool flag(struct reader_cmd *x, const char *s)
{
	const struct { const char *name; bool *to; } flags[] = {
		{ "--tsv", &x->tsv }, { "--cp932", &x->cp932 }, { "--dry-run", &x->dry_run }, { "--replace", &x->replace },
	};
	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
		if (strcmp(s, flags[i].name) == 0)
			return *flags[i].to = true;
	return false;
}

static bool parse_args(int argc, char **argv, struct reader_cmd *x, size_t *which_r)
{
	x->name = "";
	for (*which_r = 0; *which_r < VERBS; ++*which_r)
		if (argc > 1 && strcmp(argv[1], verbs[*which_r].verb) == 0)
			break;
	for (int i = 2; i < argc; i++)
		if (strcmp(argv[i], "--name") == 0 && i + 1 < argc)
			x->name = argv[++i];
		else if (!flag(x, argv[i])) {
			if (x->arg || argv[i][0] == '-')
				return false;
			x->arg = argv[i];
		}
	return *which_r < VERBS && verbs[*which_r].arg == (x->arg != NULL);
}

static enum status carry_out(struct reader_cmd *x, size_t which, struct err *e)
{
	enum status st = verbs[which].run(x, e);
	if (st == OK && verbs[which].changes && !x->dry_run)
		st = readers_backup(x->s, x->c->dir, e);
	return st;
}

static int run_reader(int argc, char **argv, const struct front *f)
{
	struct err e;
	size_t which;
	struct reader_cmd x = { .file = SB_INIT };
	if (!parse_args(argc, argv, &x, &which))
		return front_usage(&cmd_reader);
	if (verbs[which].run == import && io_read_file(x.arg, CSV_BYTES_MAX, &x.file, &e) != OK)
		return front_fail("reader", &e);
	x.s = front_store("reader", f, &x.c);
	if (!x.s) {
		sb_free(&x.file);
		return 1;
	}
	x.a = arena_new();
	x.now = clk_now();
	enum status st = carry_out(&x, which, &e);
	arena_free(&x.a);
	sb_free(&x.file);
	store_close(&x.s);
	cfg_free(&x.c);
	return st == OK ? 0 : front_fail("reader", &e);
}

const struct front_cmd cmd_reader = {
	"reader", run_reader,
	"reader list [--tsv] | reader show ADDRESS|NUMBER [--tsv] | reader add ADDRESS [--name N] | reader remove ADDRESS | "
	"reader import FILE [--dry-run] [--replace] | reader export [--cp932]",
	"who gets the newsletter"
};
