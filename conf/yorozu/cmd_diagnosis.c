/*
 * yorozu diagnosis list|show|import|invite|sheet|pdf|approve|hold|resume|cancel:
 * the leak-risk diagnosis (DIAG-01 to -04). Staff do the same by mail.
 */
#include "front.h"
#include "table.h"
#include "base/clk.h"
#include "base/io.h"
#include "base/notify.h"
#include "pack/survey_file.h"
#include "store/store_diagnosis_op.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE = 200 };
#define SHEET_NAME "リスク診断シート.xlsx"

struct diagnosis_cmd {
	struct store *s;
	struct cfg *c;
	struct cal *cal;
	struct survey *survey;
	struct arena *a;
	epoch now;
	const char *verb, *arg, *file; /* arg: the number, contract or file; file: of -o */
	const char *to, *why;
	bool tsv;
	struct sb bytes;               /* read as the caller */
	FILE *out;                     /* opened as the caller, or stdout */
};

static const char *minute(epoch t, char buf[32])
{
	clk_iso(t, buf);
	buf[16] = '\0';
	return buf;
}

/* ---- looking ------------------------------------------------------------------------ */

static const struct table_col list_cols[] = {
	{ "diagnosis", "診断", true, 0 }, { "state", NULL, false, 0 }, { "state_ja", "状態", false, 0 }, { "answered_at", "回答", false, 0 },
	{ "due_at", "期限", false, 0 }, { "score", "点", true, 0 }, { "number", "お客様番号", false, 0 }, { "name", "契約者名", false, 30 },
};

static enum status list_row(struct diagnosis_cmd *x, struct table *t, const struct diagnosis *d, struct err *e)
{
	struct contract c;
	char buf[32];
	enum status st = contract_get(x->s, d->contract_id, x->a, &c, e);
	if (st != OK)
		return st;
	table_num(t, d->id);
	table_cell(t, diagnosis_state_name(d->state));
	table_cell(t, diagnosis_state_ja(d->state));
	table_cell(t, minute(d->answered_at, buf));
	table_cell(t, minute(d->due_at, buf));
	table_num(t, d->score);
	table_cell(t, c.v[CF_N_NUMBER]);
	table_cell(t, c.v[CF_NAME]);
	return OK;
}

static enum status list(struct diagnosis_cmd *x, struct err *e)
{
	struct table *t = table_new(list_cols, sizeof list_cols / sizeof *list_cols, x->tsv);
	struct diagnosis *v;
	int64_t before = 0;
	size_t n = PAGE;
	enum status st = OK;
	while (st == OK && n == PAGE) {
		st = diagnosis_list(x->s, before, PAGE, x->a, &v, &n, e);
		for (size_t i = 0; st == OK && i < n; i++) {
			st = list_row(x, t, &v[i], e);
			before = v[i].id;
		}
	}
	if (st == OK)
		table_print(t);
	table_free(&t);
	return st;
}

static enum status show(struct diagnosis_cmd *x, struct diagnosis *d, struct err *e)
{
	struct contract c;
	char buf[32];
	enum status st = contract_get(x->s, d->contract_id, x->a, &c, e);
	if (st != OK)
		return st;
	printf("診断 %lld　%s %s\n状態　%s%s%s\n回答　%s%s%s\n期限　%s\n総合点　%d\n", (long long)d->id, c.v[CF_N_NUMBER], c.v[CF_NAME],
	       diagnosis_state_ja(d->state), *d->why ? "：" : "", d->why, minute(d->answered_at, buf), *d->person ? "　" : "", d->person,
	       minute(d->due_at, (char[32]){ 0 }), d->score);
	if (d->version != x->survey->version) {
		printf("質問票は第%d版です (今は第%d版)。回答：%s\n", d->version, x->survey->version, d->code);
		return OK;
	}
	for (size_t i = 0; i < x->survey->nitems && d->code[i]; i++) {
		const struct survey_choice *k = survey_choice_by_code(x->survey, d->code[i]);
		printf("Q%-3zu %s：%s\n", i + 1, x->survey->items[i].label, k ? k->name : "?");
	}
	return OK;
}

static enum status write_out(struct diagnosis_cmd *x, const void *p, size_t n, struct err *e)
{
	if (fwrite(p, 1, n, x->out) == n && fflush(x->out) == 0)
		return OK;
	return err_sys(e, ERR_TEMP, "write");
}

static enum status pdf(struct diagnosis_cmd *x, struct diagnosis *d, struct err *e)
{
	const void *p;
	size_t n;
	enum status st = diagnosis_pdf(x->s, d->id, x->a, &p, &n, e);
	return st == OK ? write_out(x, p, n, e) : st;
}

/* ---- the sheet, and the invitation ------------------------------------------------------ */

static enum status find_contract(struct diagnosis_cmd *x, struct contract *c, struct err *e)
{
	enum status st = contract_by_number(x->s, x->arg, x->a, c, e);
	return st == ERR_NOTFOUND ? err_set(e, st, "お客様番号 %s の契約はありません", x->arg) : st;
}

static enum status sheet(struct diagnosis_cmd *x, struct err *e)
{
	struct contract c;
	struct sb b = SB_INIT;
	enum status st = x->arg ? find_contract(x, &c, e) : OK;
	if (st == OK)
		st = survey_make_sheet(x->survey, x->arg ? c.v[CF_N_NUMBER] : "", x->arg ? c.v[CF_NAME] : "", x->now, &b, e);
	if (st == OK)
		st = write_out(x, b.s, b.len, e);
	sb_free(&b);
	return st;
}

static struct diagnosis_by by_of(const struct diagnosis_cmd *x)
{
	struct diagnosis_by by = { .who = front_who(), .author = "", .now = x->now };
	if (!delivery_parse(x->c->delivery, &by.delivery))
		by.delivery = DELIVERY_ZIP;
	return by;
}

static enum status invite(struct diagnosis_cmd *x, struct err *e)
{
	struct contract c;
	struct sb b = SB_INIT;
	const char *to = "";
	const struct diagnosis_by by = by_of(x);
	enum status st = find_contract(x, &c, e);
	if (st == OK)
		st = survey_make_sheet(x->survey, c.v[CF_N_NUMBER], c.v[CF_NAME], x->now, &b, e);
	const struct diagnosis_invite i = { .form = x->c->diagnosis_form, .sheet = b.s, .n = b.len, .sheet_name = SHEET_NAME,
	                                    .sheet_type = SURVEY_SHEET_TYPE, .to = x->to };
	if (st == OK)
		st = diagnosis_invite(x->s, &c, &i, &by, x->a, &to, e);
	if (st == OK)
		printf("%s に案内を送ります\n", to);
	sb_free(&b);
	return st;
}

/* ---- answers ------------------------------------------------------------------------------- */

static void tell(const struct diagnosis_result *r)
{
	static const char *const what[] = { [DIAGNOSIS_TAKEN] = "受け付けました", [DIAGNOSIS_KNOWN] = "受付済みです", [DIAGNOSIS_EARLY] = "前回から半年たっていません" };
	char buf[32];
	if (r->row) /* the Excel sheet is one person's */
		printf("%zu行目 ", r->row);
	printf("%s %s：%s", r->number, r->name, what[r->outcome]);
	if (r->outcome == DIAGNOSIS_EARLY)
		printf(" (%.10s から)", minute(r->next, buf));
	printf(r->id ? " (診断 %lld)\n" : "\n", (long long)r->id);
}

static enum status import(struct diagnosis_cmd *x, struct err *e)
{
	struct survey_sheet sheet = { .faults = SB_INIT };
	struct diagnosis_result *r = NULL;
	const struct diagnosis_from from = { .who = front_who(), .now = x->now, .cal = x->cal };
	enum status st = survey_read_file(x->survey, x->bytes.s, x->bytes.len, x->a, &sheet, e);
	if (st == OK)
		st = diagnosis_take(x->s, x->survey, &sheet, &from, x->a, &r, e);
	for (size_t i = 0; st == OK && !sheet.nfaults && i < sheet.n; i++)
		tell(&r[i]);
	if (st == OK && sheet.nfaults) {
		fputs(sheet.faults.s, stderr);
		st = err_set(e, ERR_PERM, "誤りが %zu 件あります。何も登録していません", sheet.nfaults);
	}
	sb_free(&sheet.faults);
	return st;
}

/* ---- what staff order ------------------------------------------------------------------------ */

static enum status order(struct diagnosis_cmd *x, struct diagnosis *d, struct err *e)
{
	const struct diagnosis_by by = by_of(x);
	enum status st;
	if (strcmp(x->verb, "approve") == 0)
		st = diagnosis_approve(x->s, d, &by, e);
	else if (strcmp(x->verb, "hold") == 0)
		st = diagnosis_hold(x->s, d, x->why ? x->why : "", &by, e);
	else if (strcmp(x->verb, "resume") == 0)
		st = diagnosis_resume(x->s, d, &by, e);
	else
		st = diagnosis_cancel(x->s, d, &by, e);
	if (st == OK)
		printf("診断 %lld：%s\n", (long long)d->id, diagnosis_state_ja(d->state));
	return st;
}

static enum status about_one(struct diagnosis_cmd *x, struct err *e)
{
	struct diagnosis d;
	enum status st = diagnosis_get(x->s, strtoll(x->arg, NULL, 10), x->a, &d, e);
	if (st != OK)
		return st;
	if (strcmp(x->verb, "show") == 0)
		return show(x, &d, e);
	return strcmp(x->verb, "pdf") == 0 ? pdf(x, &d, e) : order(x, &d, e);
}

static enum status change(struct diagnosis_cmd *x, enum status (*work)(struct diagnosis_cmd *, struct err *), struct err *e)
{
	enum status st = store_begin(x->s, e);
	if (st != OK)
		return st;
	st = work(x, e);
	if (st == OK)
		st = store_commit(x->s, e);
	else
		store_rollback(x->s);
	char *bell = cfg_path(x->c, "run/mailer.notify");
	if (st == OK)
		notify_send(bell);
	free(bell);
	return st;
}

static enum status work(struct diagnosis_cmd *x, struct err *e)
{
	if (strcmp(x->verb, "list") == 0)
		return list(x, e);
	if (strcmp(x->verb, "sheet") == 0)
		return sheet(x, e);
	if (strcmp(x->verb, "show") == 0 || strcmp(x->verb, "pdf") == 0)
		return about_one(x, e);
	if (strcmp(x->verb, "import") == 0)
		return change(x, import, e);
	return change(x, strcmp(x->verb, "invite") == 0 ? invite : about_one, e);
}

/* ---- the command line -------------------------------------------------------------------------- */

/* The verb's arguments: "" none, "n" a number, "c" a contract, "f" a file; "?": it may be left out. */
static const struct { const char *verb, *arg; } verbs[] = {
	{ "list", "" }, { "show", "n" }, { "pdf", "n" }, { "approve", "n" }, { "hold", "n" }, { "resume", "n" }, { "cancel", "n" },
	{ "import", "f" }, { "invite", "c" }, { "sheet", "c?" },
};

static bool parse(struct diagnosis_cmd *x, int argc, char **argv)
{
	const char *want = NULL;
	if (argc < 2)
		return false;
	x->verb = argv[1];
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
		if (strcmp(verbs[i].verb, x->verb) == 0)
			want = verbs[i].arg;
	for (int i = 2; i < argc; i++) {
		bool more = i + 1 < argc;
		if (strcmp(argv[i], "--tsv") == 0)
			x->tsv = true;
		else if (strcmp(argv[i], "-o") == 0 && more)
			x->file = argv[++i];
		else if (strcmp(argv[i], "--to") == 0 && more)
			x->to = argv[++i];
		else if (strcmp(argv[i], "--why") == 0 && more)
			x->why = argv[++i];
		else if (*argv[i] == '-' || x->arg)
			return false;
		else
			x->arg = argv[i];
	}
	if (!want || (!*want && x->arg) || (*want && !want[1] && !x->arg))
		return false;
	return *want != 'n' || (*x->arg && x->arg[strspn(x->arg, "0123456789")] == '\0' && strlen(x->arg) < 18);
}

/* Files that only the caller may touch, before the privileges go. */
static enum status open_files(struct diagnosis_cmd *x, struct err *e)
{
	enum status st = strcmp(x->verb, "import") == 0 ? io_read_file(x->arg, SURVEY_FILE_MAX, &x->bytes, e) : OK;
	x->out = stdout;
	if (st == OK && x->file && !(x->out = fopen(x->file, "wb")))
		return err_sys(e, ERR_PERM, "%s", x->file);
	return st;
}

static int run(int argc, char **argv, const struct front *f)
{
	struct err e;
	struct diagnosis_cmd x = { .bytes = SB_INIT };
	int rc = 1;
	if (!parse(&x, argc, argv))
		return front_usage(&cmd_diagnosis);
	if (open_files(&x, &e) != OK)
		return front_fail("diagnosis", &e);
	if (!(x.s = front_store("diagnosis", f, &x.c)))
		return 1;
	x.a = arena_new();
	x.now = clk_now();
	if (cal_load(x.c->holidays_csv, &x.cal, &e) != OK || survey_load(x.c->diagnosis, &x.survey, &e) != OK || work(&x, &e) != OK)
		rc = front_fail("diagnosis", &e);
	else
		rc = 0;
	if (x.out && x.out != stdout && fclose(x.out) != 0 && rc == 0)
		rc = front_fail("diagnosis", (err_sys(&e, ERR_TEMP, "%s", x.file), &e));
	arena_free(&x.a);
	survey_free(&x.survey);
	cal_free(&x.cal);
	store_close(&x.s);
	cfg_free(&x.c);
	sb_free(&x.bytes);
	return rc;
}

const struct front_cmd cmd_diagnosis = {
	"diagnosis", run,
	"diagnosis list | show|pdf|approve|hold|resume|cancel N | import FILE | invite CONTRACT | sheet [CONTRACT]",
	"leak-risk diagnosis: answers, reports, invitations",
};
