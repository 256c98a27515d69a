/*
 * yorozu contract: the contracts of an instance.
 *
 * Everything the caller may read or write (CSV, password files) is opened
 * before front_store gives up root; everything that parses comes after.
 *
 * SECURITY: passwords are taken from a file or standard input only (arguments
 * are seen by every user of the machine) and never printed.
 */
#include "contract_csv.h"
#include "contract_delivery.h"
#include "contract_edit.h"
#include "front.h"
#include "table.h"
#include "base/crypto.h"
#include "base/io.h"
#include "store/store_audit.h"
#include "store/store_call.h"
#include "text/charset.h"
#include "text/csv.h"
#include "text/layout.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PAGE = 500, SECRET_MAX = 200, DAY = 86400, DAYS_MAX = 3650, DATE_BYTES = 10 };

static const char *status_of(const struct contract *c, epoch now)
{
	if (!contract_active(c, now))
		return "終了";
	return c->started_at > now ? "開始前" : "利用中";
}

static int fail(const struct err *e)
{
	return front_fail("contract", e);
}

/* ---- list and show -------------------------------------------------------------- */

static void list_row(struct table *t, const struct contract *c, struct arena *a, epoch now)
{
	table_cell(t, c->v[CF_N_NUMBER]);
	table_cell(t, c->v[CF_NAME]);
	table_num(t, contract_ids(c));
	table_cell(t, c->v[CF_FILTER]);
	table_cell(t, col_value(c, COL_STARTED, a));
	table_cell(t, col_value(c, COL_ENDED, a));
	table_cell(t, status_of(c, now));
	table_cell(t, c->v[CF_OFFICER_NAME]);
	table_cell(t, col_value(c, COL_ADDRESSES, a));
	table_cell(t, col_value(c, COL_DOMAINS, a));
}

static int list(struct store *s, bool tsv)
{
	static const struct table_col cols[] = {
		{ "n_number", "お客様番号", false, 0 }, { "name", "契約者名", false, 40 },
		{ "ids", "ID数", true, 0 }, { "filter", "フィルタ", false, 0 },
		{ "started_on", "開始日", false, 0 }, { "ended_on", "終了日", false, 0 },
		{ "status", "状態", false, 0 }, { "officer_name", "担当者名", false, 20 },
		{ "addresses", NULL, false, 0 }, { "domains", "会社ドメイン", false, 30 },
	};
	struct table *t = table_new(cols, sizeof cols / sizeof *cols, tsv);
	struct arena *a = arena_new();
	struct contract *v;
	struct err e;
	const char *after = "";
	size_t n = PAGE;
	enum status st = OK;
	while (n == PAGE && (st = contract_list(s, after, PAGE, a, &v, &n, &e)) == OK && n) {
		for (size_t i = 0; i < n; i++)
			list_row(t, &v[i], a, clk_now());
		after = v[n - 1].v[CF_N_NUMBER];
	}
	if (st == OK)
		table_print(t);
	table_free(&t);
	arena_free(&a);
	return st == OK ? 0 : fail(&e);
}

static int quiet(struct store *s, int64_t days, bool tsv)
{
	static const struct table_col cols[] = {
		{ "n_number", "お客様番号", false, 0 }, { "name", "契約者名", false, 40 }, { "contact", "担当者名", false, 20 },
		{ "phone", "電話番号", false, 0 }, { "last", "最後の連絡", false, 0 },
	};
	struct table *t = table_new(cols, sizeof cols / sizeof *cols, tsv);
	struct arena *a = arena_new();
	struct contract_brief *v;
	struct err e;
	size_t n = 0;
	char last[32];
	epoch now = clk_now();
	enum status st = contract_quiet(s, now - days * DAY, now, a, &v, &n, &e);
	for (size_t i = 0; st == OK && i < n; i++) {
		table_cell(t, v[i].n_number);
		table_cell(t, v[i].name);
		table_cell(t, v[i].contact);
		table_cell(t, v[i].phone);
		table_cell(t, v[i].last_at ? arena_strndup(a, clk_iso(v[i].last_at, last), DATE_BYTES) : "");
	}
	if (st == OK)
		table_print(t);
	table_free(&t);
	arena_free(&a);
	return st == OK ? 0 : fail(&e);
}

static void show_line(const char *head, const char *value)
{
	struct sb b = SB_INIT;
	text_fit(head, 44, true, &b);
	sb_adds(&b, "  ");
	for (const char *end; *value; value = *end ? end + 1 : end) {
		end = value + strcspn(value, "\n");
		text_visible(value, (size_t)(end - value), &b);
		if (*end)
			sb_adds(&b, "\n                                              ");
	}
	puts(b.s);
	sb_free(&b);
}

static enum status show(struct store *s, const struct cfg *cfg, const struct contract *c, struct arena *a, struct err *e)
{
	const char *delivery;
	enum status st = contract_delivery_text(s, cfg, c->id, a, &delivery, e);
	if (st != OK)
		return st;
	printf("お客様番号 %s (%s、%lld ID)\n", c->v[CF_N_NUMBER], status_of(c, clk_now()), (long long)contract_ids(c));
	for (int col = 0; col < COL_COUNT; col++) {
		const char *v = col_value(c, col, a);
		if (col_secret(col))
			show_line(col_header(col), c->secret_set[col] ? "設定あり" : "未設定");
		else if (*v)
			show_line(col_header(col), v);
	}
	show_line("添付ファイルの渡し方", delivery);
	return OK;
}

static int show_all(struct store *s, const struct cfg *cfg, char **numbers, int n)
{
	struct err e;
	int rc = 0;
	for (int i = 0; i < n; i++) {
		struct contract c;
		struct arena *a = arena_new();
		enum status st = contract_by_number(s, numbers[i], a, &c, &e);
		if (st == OK) {
			printf("%s", i ? "\n" : "");
			st = show(s, cfg, &c, a, &e);
		}
		if (st != OK)
			rc = fail(&e);
		arena_free(&a);
	}
	return rc;
}

/* Needs no instance. */
static int fields(bool tsv)
{
	static const struct table_col cols[] = {
		{ "field", "FIELD", false, 0 }, { "header", "CSVの見出し", false, 0 }, { "rule", "入力の形式", false, 0 },
	};
	struct table *t = table_new(cols, 3, tsv);
	for (int col = 0; col < COL_COUNT; col++) {
		struct sb b = SB_INIT;
		field_expect(col_rule(col), &b);
		sb_adds(&b, "入力");
		table_cell(t, col_name(col));
		table_cell(t, col_header(col));
		table_cell(t, b.s);
		sb_free(&b);
	}
	table_print(t);
	table_free(&t);
	return 0;
}

/* ---- add, set, end --------------------------------------------------------------- */

/* A password from @FILE or - (standard input): its first line. */
static bool read_secret(const char *from, struct sb *out, struct sb *faults, int col)
{
	struct err e;
	if (strcmp(from, "-") != 0 && *from != '@') {
		sb_addf(faults, "「%s」: 引数では受け取りません。%s=@ファイル か %s=- (標準入力) としてください\n",
			col_header(col), col_name(col), col_name(col));
		return false;
	}
	if (io_read_file(*from == '@' ? from + 1 : from, 4096, out, &e) != OK) {
		sb_addf(faults, "「%s」: %s\n", col_header(col), e.msg);
		return false;
	}
	sb_setlen(out, strcspn(out->s, "\r\n"));
	return true;
}

/* FIELD=VALUE, or for a list FIELD+=VALUE, FIELD-=VALUE. */
static void take_arg(struct contract_edit *x, struct arena *a, const char *arg, struct sb *faults)
{
	const char *eq = strchr(arg, '=');
	struct sb secret = SB_INIT;
	if (!eq || eq == arg) {
		sb_addf(faults, "「%s」: FIELD=VALUE の形で入力してください\n", arg);
		return;
	}
	bool opped = eq[-1] == '+' || eq[-1] == '-';
	char op = opped ? eq[-1] : '=';
	char *name = arena_strndup(a, arg, (size_t)(eq - arg) - opped);
	int col = col_find(name);
	if (col < 0)
		sb_addf(faults, "「%s」という項目はありません (yorozu contract fields で一覧)\n", name);
	else if (!col_secret(col) || !eq[1])
		edit_set(x, a, col, op, eq + 1, 0, faults);
	else if (read_secret(eq + 1, &secret, faults, col))
		edit_set(x, a, col, op, secret.s, 0, faults);
	crypto_wipe(secret.s, secret.len);
	sb_free(&secret);
}

static bool take_args(struct contract_edit *x, struct arena *a, char **argv, int n)
{
	struct sb faults = SB_INIT;
	x->n = 0;
	for (int i = 0; i < n; i++)
		take_arg(x, a, argv[i], &faults);
	fputs(faults.s, stderr);
	bool ok = !faults.len;
	sb_free(&faults);
	return ok;
}

static enum status write_audited(struct store *s, struct contract *c, const char *number, const char *what,
				 const char *detail, struct err *e)
{
	struct sb b = SB_INIT;
	epoch now = clk_now();
	sb_addf(&b, "%s: %s", number, detail);
	struct audit row = { .at = now, .who = front_who(), .what = what, .detail = b.s };
	enum status st = c->id ? contract_update(s, c, now, e) : contract_insert(s, c, now, e);
	if (st == OK)
		st = audit_add(s, &row, e);
	sb_free(&b);
	return st;
}

/* number NULL: a new contract. */
static enum status change(struct store *s, const char *number, const struct contract_edit *x, struct arena *a,
			  struct err *e)
{
	struct contract old = { 0 }, c;
	struct sb what = SB_INIT;
	for (int i = 0; i < CF_COUNT; i++)
		old.v[i] = "";
	enum status st = number ? contract_by_number(s, number, a, &old, e) : OK;
	if (st != OK)
		return st;
	edit_apply(x, number ? &old : NULL, a, &c);
	if (!number && (!c.v[CF_N_NUMBER] || !*c.v[CF_N_NUMBER]))
		return err_set(e, ERR_PERM, "「お客様番号」(n_number=) が必要です");
	if (number && c.v[CF_N_NUMBER] && !*c.v[CF_N_NUMBER])
		return err_set(e, ERR_PERM, "「お客様番号」は空にできません");
	if (edit_changes(&c, &old, &what)) {
		st = write_audited(s, &c, number ? number : c.v[CF_N_NUMBER],
				   number ? "contract.change" : "contract.add", what.s, e);
		if (st == OK)
			printf("%s %s: %s\n", number ? "変更" : "追加", number ? number : c.v[CF_N_NUMBER], what.s);
	} else {
		printf("変更なし %s\n", number ? number : "");
	}
	sb_free(&what);
	return st;
}

static int change_in_tx(struct store *s, const char *number, const struct contract_edit *x, struct arena *a)
{
	struct err e;
	if (store_begin(s, &e) != OK)
		return fail(&e);
	if (change(s, number, x, a, &e) == OK && store_commit(s, &e) == OK)
		return 0;
	store_rollback(s);
	return fail(&e);
}

/* "2026-03-31" is as good as "2026/3/31" on a command line. */
static char *slashed(struct arena *a, const char *date)
{
	char *s = arena_strdup(a, date);
	for (char *p = s; *p; p++)
		if (*p == '-')
			*p = '/';
	return s;
}

/* ---- import and export -------------------------------------------------------------- */

static int import(struct store *s, const struct sb *csv, bool dry_run)
{
	struct import_result r;
	struct err e;
	enum status st = contracts_import(s, csv->s, csv->len, dry_run, front_who(), clk_now(), &r, &e);
	if (st == OK && r.faults) {
		fputs(r.fault_text.s, stderr);
		fprintf(stderr, "誤りが %zu 件あります。何も取り込みませんでした。\n", r.faults);
	} else if (st == OK) {
		fputs(r.preview.s, stdout);
		printf("追加 %zu 件、変更 %zu 件、変更なし %zu 件%s\n", r.added, r.changed, r.same,
		       dry_run ? " (確認のみ。何も取り込んでいません)" : "");
	}
	int rc = st != OK ? fail(&e) : r.faults ? 1 : 0;
	import_result_free(&r);
	return rc;
}

/* The old contents go only when the new ones are there to be written. */
static int export(struct store *s, bool cp932, int fd)
{
	struct sb out = SB_INIT;
	struct err e;
	enum status st = contracts_export(s, cp932, &out, &e);
	if (st == OK && fd != 1 && ftruncate(fd, 0) != 0)
		st = err_sys(&e, ERR_TEMP, "export");
	if (st == OK && (!io_write_all(fd, out.s, out.len) || (fd != 1 && fsync(fd) != 0)))
		st = err_sys(&e, ERR_TEMP, "export");
	sb_free(&out);
	return st == OK ? 0 : fail(&e);
}

/* ---- arguments -------------------------------------------------------------------------- */

struct job {
	const struct front *f;
	const char *verb;
	char **argv;
	int argc;          /* behind the verb, options taken out */
	bool tsv, dry_run, cp932;
	int64_t days;      /* 0: as configured */
};

static const struct {
	const char *option;
	const char *verbs; /* with spaces around */
} options[] = { { "--tsv", " list fields quiet " }, { "--dry-run", " import " }, { "--cp932", " export " } };

/* Options may stand anywhere; false: one that the verb does not have. */
static bool take_options(struct job *j)
{
	bool *flags[] = { &j->tsv, &j->dry_run, &j->cp932 };
	int n = 0;
	for (int i = 0; i < j->argc; i++) {
		if (strcmp(j->verb, "quiet") == 0 && strcmp(j->argv[i], "--days") == 0 && i + 1 < j->argc) {
			j->days = field_number(j->argv[++i]);
			if (j->days < 1 || j->days > DAYS_MAX)
				return false;
			continue;
		}
		if (strncmp(j->argv[i], "--", 2) != 0) {
			j->argv[n++] = j->argv[i];
			continue;
		}
		size_t k = 0;
		while (k < 3 && strcmp(j->argv[i], options[k].option) != 0)
			k++;
		const char *at = k < 3 ? strstr(options[k].verbs, j->verb) : NULL;
		if (!at || at[-1] != ' ' || at[strlen(j->verb)] != ' ')
			return false;
		*flags[k] = true;
	}
	j->argc = n;
	return true;
}

static int delivery(struct store *s, const struct cfg *cfg, const struct job *j)
{
	struct err e;
	const char *policy = j->argc > 1 ? j->argv[1] : NULL;
	return contract_delivery_cmd(s, cfg, j->argv[0], policy, front_who(), clk_now(), &e) == OK ? 0 : fail(&e);
}

static int with_store(const struct job *j, const struct contract_edit *x, struct arena *a, const struct sb *csv, int fd)
{
	struct cfg *cfg;
	struct store *s = front_store("contract", j->f, &cfg);
	int rc = 1;
	if (!s)
		return 1;
	if (strcmp(j->verb, "list") == 0)
		rc = list(s, j->tsv);
	else if (strcmp(j->verb, "quiet") == 0)
		rc = quiet(s, j->days ? j->days : cfg->outbound_days, j->tsv);
	else if (strcmp(j->verb, "show") == 0)
		rc = show_all(s, cfg, j->argv, j->argc);
	else if (strcmp(j->verb, "delivery") == 0)
		rc = delivery(s, cfg, j);
	else if (strcmp(j->verb, "add") == 0)
		rc = change_in_tx(s, NULL, x, a);
	else if (strcmp(j->verb, "set") == 0 || strcmp(j->verb, "end") == 0)
		rc = change_in_tx(s, j->argv[0], x, a);
	else if (strcmp(j->verb, "import") == 0)
		rc = import(s, csv, j->dry_run);
	else
		rc = export(s, j->cp932, fd);
	store_close(&s);
	cfg_free(&cfg);
	return rc;
}

/* Opens as the caller what the caller named. */
static int open_files(const struct job *j, struct sb *csv, int *fd_r)
{
	struct err e;
	*fd_r = 1;
	if (strcmp(j->verb, "import") == 0 && io_read_file(j->argv[0], CSV_BYTES_MAX, csv, &e) != OK)
		return fail(&e);
	if (strcmp(j->verb, "export") == 0 && j->argc == 1 && strcmp(j->argv[0], "-") != 0) {
		*fd_r = open(j->argv[0], O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
		if (*fd_r < 0) {
			err_sys(&e, ERR_PERM, "%s", j->argv[0]);
			return fail(&e);
		}
	}
	return 0;
}

/* The wishes of add, set and end. */
static bool wishes(const struct job *j, struct arena *a, struct contract_edit *x)
{
	x->n = 0;
	if (strcmp(j->verb, "add") == 0)
		return take_args(x, a, j->argv, j->argc);
	if (strcmp(j->verb, "set") == 0)
		return take_args(x, a, j->argv + 1, j->argc - 1);
	if (strcmp(j->verb, "end") == 0) {
		char *arg = arena_printf(a, "ended_on=%s", slashed(a, j->argv[1]));
		return take_args(x, a, &arg, 1);
	}
	return true;
}

static int run(const struct job *j)
{
	struct contract_edit x;
	struct sb csv = SB_INIT;
	struct arena *a = arena_new();
	int fd, rc = 1;
	if (wishes(j, a, &x) && open_files(j, &csv, &fd) == 0)
		rc = with_store(j, &x, a, &csv, fd);
	crypto_wipe(csv.s, csv.len); /* it may hold passwords */
	sb_free(&csv);
	arena_free(&a);
	return rc;
}

static int run_contract(int argc, char **argv, const struct front *f)
{
	static const struct { const char *verb; int min, max; } verbs[] = {
		{ "list", 0, 0 }, { "show", 1, 1000 }, { "add", 1, 200 }, { "set", 2, 200 }, { "end", 2, 2 },
		{ "import", 1, 1 }, { "export", 0, 1 }, { "fields", 0, 0 }, { "quiet", 0, 0 }, { "delivery", 1, 2 },
	};
	if (argc < 2)
		return front_usage(&cmd_contract);
	struct job j = { .f = f, .verb = argv[1], .argv = argv + 2, .argc = argc - 2 };
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
		if (strcmp(j.verb, verbs[i].verb) != 0)
			continue;
		if (!take_options(&j) || j.argc < verbs[i].min || j.argc > verbs[i].max)
			break;
		return strcmp(j.verb, "fields") == 0 ? fields(j.tsv) : run(&j);
	}
	return front_usage(&cmd_contract);
}

const struct front_cmd cmd_contract = {
	"contract", run_contract,
	"contract list [--tsv] | show N… | add FIELD=VALUE… | set N FIELD=VALUE… | end N DATE |"
	" import FILE [--dry-run] | export [--cp932] [FILE] | fields [--tsv] |"
	" quiet [--days N] [--tsv] | delivery N [zip|pdf|link|plain]",
	"the contracts"
};
