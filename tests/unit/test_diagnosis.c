/* Diagnoses from answers to the approved report (DIAG-01 to -04): whose, when, how often, what is compared, the pages. */
#include "store_fixture.h"
#include "diagnosis.h"
#include "base/io.h"
#include "store/store_report.h"
#include "text/command_diagnosis.h"
#include <unistd.h>

static struct survey *survey;
static struct cal *cal;
static struct cfg *cfg;
#define NOON(y, m, d) epoch_of(y, m, d, 12, 0, 0)
#define ALL_A "AAAAAAAAAAAAAAAAAAAAAAAAA"
#define ALL_D "DDDDDDDDDDDDDDDDDDDDDDDDD"
#define MIXED "ABCDAAAABBBBCCCCAADDAABBC"

static void up(void)
{
	open_new();
	ck_ok(survey_load("conf/diagnosis", &survey, &err));
	ck_ok(cfg_parse("t", "stats_monthly = 0\n", dir, &cfg, &err));
	cal = cal_new();
}

static void down(void)
{
	survey_free(&survey);
	cal_free(&cal);
	cfg_free(&cfg);
	done();
}

static int64_t company(const char *number, const char *name, const char *domain)
{
	struct contract c = { .addresses = (const char *const[]){ NULL }, .domains = (const char *const[]){ domain }, .ndomains = domain != NULL };
	c.v[CF_N_NUMBER] = number;
	c.v[CF_NAME] = name;
	c.v[CF_OFFICER_MAIL] = "Tanto@sakura.example";
	c.v[CF_OFFICER_NAME] = "佐藤花子";
	c.v[CF_REPORT_PASSWORD] = "Himitsu2026";
	ck_ok(store_begin(s, &err));
	ck_ok(contract_insert(s, &c, NOON(2026, 1, 5), &err));
	ck_ok(store_commit(s, &err));
	return c.id;
}

static struct survey_answers answered(const char *code, const char *number, const char *name, const char *mail, epoch at)
{
	struct survey_answers w = { .row = 2, .at = at, .field = { number, name, mail, "山田", "", "" } };
	memcpy(w.code, code, 26);
	return w;
}

/* In a transaction of its own; *sheet keeps the faults. */
static struct diagnosis_result *take(struct survey_sheet *sheet, int64_t contract, epoch now)
{
	const struct diagnosis_from from = { .contract = contract, .who = "test", .now = now, .cal = cal };
	struct diagnosis_result *r;
	ck_ok(store_begin(s, &err));
	ck_ok(diagnosis_take(s, survey, sheet, &from, a, &r, &err));
	ck_ok(store_commit(s, &err));
	return r;
}

static int64_t rows(void)
{
	struct diagnosis *v;
	size_t n;
	ck_ok(diagnosis_list(s, 0, 1000, a, &v, &n, &err));
	return (int64_t)n;
}

/* One answer; its outcome, or -1 and the faults. */
static int one(const char *code, const char *number, const char *name, const char *mail, epoch at, int64_t contract, epoch now, const char *fault)
{
	struct survey_answers w = answered(code, number, name, mail, at);
	struct survey_sheet sheet = { .v = &w, .n = 1, .faults = SB_INIT };
	struct diagnosis_result *r = take(&sheet, contract, now);
	int out = sheet.nfaults ? -1 : (int)r[0].outcome;
	ck_assert_str_eq(sheet.faults.s, fault);
	sb_free(&sheet.faults);
	return out;
}

/* ---- whose ----------------------------------------------------------------------------------- */

START_TEST(whose)
{
	up();
	int64_t sakura = company("N000000001", "株式会社さくら", "sakura.example"), minato = company("N000000002", "港商事有限会社", "minato.example");
	company("N000000003", "株式会社同名", NULL);
	company("N000000004", "株式会社同名", NULL);
	epoch now = NOON(2026, 11, 24);
	ck_assert_int_eq(one(ALL_A, "n000-000-001", "㈱さくら", "", 0, 0, now, ""), DIAGNOSIS_TAKEN);
	ck_assert_int_eq(one(ALL_A, "", "", "Yamada@minato.example", 0, 0, now, ""), DIAGNOSIS_TAKEN);
	struct diagnosis *v;
	size_t n;
	ck_ok(diagnosis_of(s, minato, 9, a, &v, &n, &err));
	ck_assert_uint_eq(n, 1);
	ck_assert_int_eq(v[0].score, 100);
	ck_assert_int_eq(v[0].due_at, epoch_of(2026, 12, 8, 17, 30, 0)); /* 10 business days */
	ck_assert_int_eq(one(ALL_A, "", "別会社", "anonymous", 0, 0, now, "2行目 どのご契約の回答か分かりません。お客様番号が必要です\n"), -1);
	ck_assert_int_eq(one(ALL_A, "", "同名", "", 0, 0, now, "2行目 会社名「同名」のご契約が複数あります。お客様番号が必要です\n"), -1);
	ck_assert_int_eq(one(ALL_A, "N999999999", "", "", 0, 0, now, "2行目 お客様番号「N999999999」のご契約がありません\n"), -1);
	ck_assert_int_eq(one(ALL_A, "N000000001", "港商事", "", 0, 0, now, "2行目 お客様番号「N000000001」は「港商事」のご契約のものではありません\n"), -1);
	/* a customer answers for himself alone */
	ck_assert_int_eq(one(ALL_A, "N000000002", "", "", 0, sakura, now, "2行目 お客様番号「N000000002」は、ご送信いただいた方のご契約のものではありません\n"), -1);
	ck_assert_int_eq(one(ALL_A, "", "", "", 0, sakura, now, ""), DIAGNOSIS_KNOWN); /* he waits for it */
	ck_assert_int_eq(one(ALL_D, "", "", "", 0, sakura, now, ""), DIAGNOSIS_EARLY);
	ck_assert_int_eq(rows(), 2);
	down();
}
END_TEST

/* One bad row, and nothing of the sheet is stored. */
START_TEST(all_or_nothing)
{
	up();
	company("N000000001", "株式会社さくら", NULL);
	company("N000000002", "港商事有限会社", NULL);
	struct survey_answers v[3] = { answered(ALL_A, "N000000001", "", "", 0), answered(ALL_D, "N000000009", "", "", 0), answered(ALL_A, "N000000002", "", "", 0) };
	v[1].row = 3;
	struct survey_sheet sheet = { .v = v, .n = 3, .faults = SB_INIT };
	take(&sheet, 0, NOON(2026, 11, 24));
	ck_assert_str_eq(sheet.faults.s, "3行目 お客様番号「N000000009」のご契約がありません\n");
	ck_assert_int_eq(rows(), 0);
	epoch next;
	ck_ok(report_job_next(s, &next, &err));
	ck_assert_int_eq(next, 0);
	sb_free(&sheet.faults);
	down();
}
END_TEST

/* ---- when -------------------------------------------------------------------------------------- */

START_TEST(half_year)
{
	ck_assert_int_eq(diagnosis_next(NOON(2026, 5, 24)), epoch_of(2026, 11, 24, 0, 0, 0));
	ck_assert_int_eq(diagnosis_next(NOON(2026, 8, 31)), epoch_of(2027, 2, 28, 0, 0, 0));
	ck_assert_int_eq(diagnosis_next(NOON(2027, 8, 30)), epoch_of(2028, 2, 29, 0, 0, 0));
	ck_assert_int_eq(diagnosis_next(NOON(2026, 12, 31)), epoch_of(2027, 6, 30, 0, 0, 0));
	up();
	int64_t sakura = company("N000000001", "株式会社さくら", NULL);
	ck_assert_int_eq(one(ALL_D, "", "", "", 0, sakura, NOON(2026, 5, 24), ""), DIAGNOSIS_TAKEN);
	ck_assert_int_eq(one(ALL_A, "", "", "", 0, sakura, epoch_of(2026, 11, 23, 23, 59, 59), ""), DIAGNOSIS_EARLY);
	ck_assert_int_eq(one(ALL_A, "", "", "", 0, sakura, epoch_of(2026, 11, 24, 0, 0, 0), ""), DIAGNOSIS_TAKEN);
	ck_assert_int_eq(one(ALL_D, "", "", "", 0, sakura, epoch_of(2026, 11, 24, 0, 0, 1), ""), DIAGNOSIS_EARLY);
	/* a cancelled one does not count */
	struct diagnosis *v;
	size_t n;
	const struct diagnosis_by by = { .who = "test", .author = "", .now = NOON(2026, 11, 24) };
	ck_ok(diagnosis_of(s, sakura, 9, a, &v, &n, &err));
	ck_ok(store_begin(s, &err));
	ck_ok(diagnosis_cancel(s, &v[0], &by, &err));
	ck_ok(store_commit(s, &err));
	ck_assert_int_eq(one(ALL_A, "", "", "", 0, sakura, NOON(2026, 11, 25), ""), DIAGNOSIS_TAKEN);
	down();
}
END_TEST

/* Last year's sheet, filled in anew with its old date: it is an answer of today. */
START_TEST(a_customers_sheet_is_of_the_day_he_mails_it)
{
	up();
	int64_t sakura = company("N000000001", "株式会社さくら", NULL);
	const epoch then = NOON(2025, 11, 20), now = NOON(2026, 11, 24);
	ck_assert_int_eq(one(ALL_A, "", "", "", then, sakura, then, ""), DIAGNOSIS_TAKEN);
	ck_assert_int_eq(one(ALL_A, "", "", "", then, sakura, now, ""), DIAGNOSIS_TAKEN);
	struct diagnosis *v;
	size_t n;
	ck_ok(diagnosis_of(s, sakura, 9, a, &v, &n, &err));
	ck_assert_int_eq(v[0].answered_at, now);
	ck_assert_int_gt(v[0].due_at, now);
	down();
}
END_TEST

/* Exports hold everything again and again; an answer of tomorrow is one of now, but not of 2030. */
START_TEST(exports_again)
{
	up();
	company("N000000001", "株式会社さくら", NULL);
	epoch at = NOON(2026, 3, 2), later = NOON(2026, 10, 5), now = NOON(2026, 11, 24);
	ck_assert_int_eq(one(MIXED, "N000000001", "", "", at, 0, NOON(2026, 3, 3), ""), DIAGNOSIS_TAKEN);
	ck_assert_int_eq(one(MIXED, "N000000001", "", "", at, 0, now, ""), DIAGNOSIS_KNOWN);
	ck_assert_int_eq(one(ALL_A, "N000000001", "", "", later, 0, now, ""), DIAGNOSIS_TAKEN);
	ck_assert_int_eq(one(MIXED, "N000000001", "", "", at, 0, now, ""), DIAGNOSIS_KNOWN);
	ck_assert_int_eq(one(ALL_A, "N000000001", "", "", later, 0, now, ""), DIAGNOSIS_KNOWN);
	ck_assert_int_eq(one(ALL_D, "N000000001", "", "", NOON(2026, 11, 25), 0, now, ""), DIAGNOSIS_EARLY);
	ck_assert_int_eq(one(ALL_D, "N000000001", "", "", NOON(2030, 1, 1), 0, now, "2行目 回答の日時「」がまだ来ていません\n"), -1);
	ck_assert_int_eq(rows(), 2);
	down();
}
END_TEST

/* ---- comparison ---------------------------------------------------------------------------------- */

static int64_t taken(const char *number, const char *name, const char *code, epoch now)
{
	int64_t id = company(number, name, NULL);
	ck_assert_int_eq(one(code, "", "", "", 0, id, now, ""), DIAGNOSIS_TAKEN);
	return id;
}

START_TEST(others)
{
	struct diagnosis_facts f;
	char number[24], name[40];
	up();
	epoch now = NOON(2026, 11, 24);
	taken("N000000001", "株式会社さくら", MIXED, now);
	for (int i = 2; i <= 5; i++) {
		snprintf(number, sizeof number, "N00000000%d", i);
		snprintf(name, sizeof name, "会社%d", i);
		taken(number, name, i % 2 ? ALL_A : "CCCCCCCCCCCCCCCCCCCCCCCCC", now);
	}
	ck_ok(diagnosis_facts(s, survey, 1, a, &f, &err));
	ck_assert_uint_eq(f.n_others, 0); /* four are none */
	int64_t last = taken("N000000006", "会社六", ALL_A, now);
	ck_ok(diagnosis_facts(s, survey, 1, a, &f, &err));
	ck_assert_uint_eq(f.n_others, 5);
	ck_assert_int_eq((int)(f.others_score * 10), 600); /* three of five */
	ck_assert_int_eq((int)(f.others_area[2] * 10), 600);
	ck_assert_int_eq((int)(f.others_full[0] * 100), 60);
	/* only the newest of each counts: half a year later the sixth does nothing any more */
	ck_assert_int_eq(one("CCCCCCCCCCCCCCCCCCCCCCCCC", "", "", "", 0, last, NOON(2027, 6, 1), ""), DIAGNOSIS_TAKEN);
	ck_ok(diagnosis_facts(s, survey, 1, a, &f, &err));
	ck_assert_uint_eq(f.n_others, 5);
	ck_assert_int_eq((int)(f.others_score * 10), 400);
	down();
}
END_TEST

START_TEST(time_before)
{
	struct diagnosis_facts f;
	up();
	int64_t sakura = taken("N000000001", "株式会社さくら", ALL_D, NOON(2026, 1, 10));
	ck_assert_int_eq(one(MIXED, "", "", "", 0, sakura, NOON(2026, 11, 24), ""), DIAGNOSIS_TAKEN);
	ck_ok(diagnosis_facts(s, survey, 2, a, &f, &err));
	ck_assert_uint_eq(f.nbefore, 1);
	ck_assert(f.comparable);
	ck_assert_int_eq(f.before_score.score, -25);
	ck_ok(diagnosis_facts(s, survey, 1, a, &f, &err));
	ck_assert_uint_eq(f.nbefore, 0);
	survey->version = 2; /* asked anew: what was answered before can't be told any more */
	ck_is(diagnosis_facts(s, survey, 2, a, &f, &err), ERR_PERM);
	down();
}
END_TEST

/* ---- the report ------------------------------------------------------------------------------------ */

static void a_colleague(void)
{
	struct staff who = { .login = "suzuki", .name = "鈴木", .address = "suzuki@example.jp", .roles = STAFF_AGENT, .active = true };
	ck_ok(store_begin(s, &err));
	ck_ok(staff_add(s, &who, &err));
	ck_ok(store_commit(s, &err));
}

static struct outbox newest(int64_t id)
{
	struct outbox o;
	ck_ok(outbox_get(s, id, a, &o, &err));
	return o;
}

static int64_t run_due(epoch now)
{
	const struct reports r = { .cfg = cfg, .s = s, .cal = cal, .survey = survey };
	size_t n;
	ck_ok(report_due(&r, now, &n, &err));
	struct outbox *v;
	size_t all;
	ck_ok(store_begin(s, &err));
	ck_ok(outbox_claim(s, now + 1, 100, a, &v, &all, &err));
	ck_ok(store_commit(s, &err));
	return all ? v[all - 1].id : 0;
}

START_TEST(draft_and_approval)
{
	struct diagnosis d;
	struct outbox_file *f;
	size_t n;
	const struct diagnosis_by by = { .who = "staff:suzuki", .author = "suzuki@example.jp", .now = NOON(2026, 11, 25), .delivery = DELIVERY_PDF };
	up();
	a_colleague();
	taken("N000000001", "株式会社さくら", MIXED, NOON(2026, 11, 24));
	ck_ok(diagnosis_get(s, 1, a, &d, &err));
	ck_ok(store_begin(s, &err));
	ck_is(diagnosis_approve(s, &d, &by, &err), ERR_DENIED); /* nobody has seen it */
	ck_ok(store_commit(s, &err));
	struct outbox o = newest(run_due(NOON(2026, 11, 24)));
	ck_assert_str_eq(o.tmpl, "diagnosis-draft");
	ck_assert_str_eq(o.rcpts, "suzuki@example.jp");
	ck_assert_str_eq(outbox_var(&o, "score"), "47");
	ck_ok(outbox_files(s, o.id, a, &f, &n, &err));
	ck_assert_uint_eq(n, 1);
	ck_assert(memcmp(f[0].p, "%PDF-", 5) == 0);
	ck_assert_int_eq(run_due(NOON(2026, 11, 24)), 0); /* once */
	ck_ok(diagnosis_get(s, 1, a, &d, &err));
	ck_assert_int_eq(d.state, DIAGNOSIS_DRAFT);
	ck_ok(store_begin(s, &err));
	ck_ok(diagnosis_hold(s, &d, "回答を確認中", &by, &err));
	ck_ok(diagnosis_resume(s, &d, &by, &err));
	ck_ok(diagnosis_approve(s, &d, &by, &err));
	ck_is(diagnosis_approve(s, &d, &by, &err), ERR_DENIED); /* once */
	ck_is(diagnosis_cancel(s, &d, &by, &err), ERR_DENIED);
	ck_ok(store_commit(s, &err));
	o = newest(d.outbox_id);
	ck_assert_str_eq(o.rcpts, "tanto@sakura.example");
	ck_assert_str_eq(outbox_var(&o, "deliver"), "report");
	struct outbox_file *g;
	ck_ok(outbox_files(s, o.id, a, &g, &n, &err));
	ck_assert(n == 1 && g[0].n == f[0].n && memcmp(g[0].p, f[0].p, g[0].n) == 0); /* what was seen */
	/* no reminder any more */
	ck_assert_int_eq(run_due(NOON(2026, 12, 9)), o.id);
	down();
}
END_TEST

START_TEST(can_not_go_out)
{
	struct diagnosis d;
	struct diagnosis_by by = { .who = "t", .author = "", .now = NOON(2026, 11, 25), .delivery = DELIVERY_ZIP };
	up();
	struct contract c = { .addresses = (const char *const[]){ NULL }, .domains = (const char *const[]){ NULL } };
	c.v[CF_N_NUMBER] = "N000000001";
	c.v[CF_NAME] = "株式会社さくら";
	ck_ok(store_begin(s, &err));
	ck_ok(contract_insert(s, &c, NOON(2026, 1, 5), &err));
	ck_ok(store_commit(s, &err));
	ck_assert_int_eq(one(MIXED, "", "", "", 0, c.id, NOON(2026, 11, 24), ""), DIAGNOSIS_TAKEN);
	run_due(NOON(2026, 11, 24));
	ck_ok(diagnosis_get(s, 1, a, &d, &err));
	ck_ok(store_begin(s, &err));
	ck_is(diagnosis_approve(s, &d, &by, &err), ERR_DENIED);
	ck_assert_ptr_nonnull(strstr(err.msg, "メールアドレスがありません"));
	c.v[CF_OFFICER_MAIL] = "a@sakura.example";
	ck_ok(contract_update(s, &c, NOON(2026, 11, 24), &err));
	ck_is(diagnosis_approve(s, &d, &by, &err), ERR_DENIED);
	ck_assert_ptr_nonnull(strstr(err.msg, "パスワードが登録されていない"));
	by.delivery = DELIVERY_PLAIN;
	ck_ok(diagnosis_approve(s, &d, &by, &err));
	ck_ok(store_commit(s, &err));
	down();
}
END_TEST

/* 5, 2, 0 business days before the last one, and each day after. */
static void in_state(int64_t id, enum diagnosis_state state, epoch at)
{
	struct diagnosis d;
	ck_ok(diagnosis_get(s, id, a, &d, &err));
	d.state = state, d.changed_at = at;
	ck_ok(store_begin(s, &err));
	ck_ok(diagnosis_update(s, &d, &err));
	ck_ok(store_commit(s, &err));
}

START_TEST(reminders)
{
	up();
	a_colleague();
	taken("N000000001", "株式会社さくら", MIXED, NOON(2026, 11, 24)); /* until 12/8 */
	run_due(NOON(2026, 11, 24));
	ck_assert_int_eq(run_due(epoch_of(2026, 12, 1, 9, 29, 59)), 0);
	struct outbox o = newest(run_due(epoch_of(2026, 12, 1, 9, 30, 0)));
	ck_assert_str_eq(o.tmpl, "diagnosis-remind");
	ck_assert_str_eq(outbox_var(&o, "left"), "あと 5 営業日");
	ck_assert_int_eq(run_due(epoch_of(2026, 12, 1, 9, 30, 0)), 0);
	o = newest(run_due(epoch_of(2026, 12, 4, 9, 30, 0)));
	ck_assert_str_eq(outbox_var(&o, "left"), "あと 2 営業日");
	/* away on the last day: one mail tells it */
	o = newest(run_due(epoch_of(2026, 12, 9, 11, 0, 0)));
	ck_assert_str_eq(outbox_var(&o, "over"), "1");
	ck_assert_int_eq(run_due(epoch_of(2026, 12, 9, 17, 0, 0)), 0);
	ck_assert_int_gt(run_due(epoch_of(2026, 12, 10, 9, 30, 0)), o.id); /* and every business day from then on */
	/* answered long ago, exported now: the draft first, overdue tomorrow */
	company("N000000002", "港商事有限会社", NULL);
	ck_assert_int_eq(one(MIXED, "N000000002", "", "", NOON(2026, 9, 1), 0, NOON(2026, 12, 10), ""), DIAGNOSIS_TAKEN);
	o = newest(run_due(NOON(2026, 12, 10)));
	ck_assert_str_eq(o.tmpl, "diagnosis-draft");
	o = newest(run_due(epoch_of(2026, 12, 11, 9, 30, 0)));
	ck_assert_str_eq(o.tmpl, "diagnosis-remind");
	ck_assert_str_eq(outbox_var(&o, "over"), "1");
	/* sent: not a word, until its letter comes back */
	for (int64_t id = 1; id <= 2; id++)
		in_state(id, DIAGNOSIS_SENT, epoch_of(2026, 12, 11, 10, 0, 0));
	ck_assert_int_eq(run_due(epoch_of(2026, 12, 14, 9, 30, 0)), 0);
	in_state(1, DIAGNOSIS_HELD, epoch_of(2026, 12, 14, 10, 0, 0));
	o = newest(run_due(epoch_of(2026, 12, 15, 9, 30, 0)));
	ck_assert_str_eq(o.tmpl, "diagnosis-remind");
	down();
}
END_TEST

/* ---- words --------------------------------------------------------------------------------------- */

static void word(const char *text, enum diagnosis_order want, const char *rest)
{
	const char *got;
	struct arena *b = arena_new();
	ck_assert_msg(diagnosis_order_read(text, strlen(text), b, &got) == want, "%s", text);
	if (rest)
		ck_assert_str_eq(got, rest);
	arena_free(&b);
}

START_TEST(words)
{
	word("承認\n", DIAGNOSIS_APPROVE, "");
	word("\n> 引用\n承認。\n-- \n鈴木", DIAGNOSIS_APPROVE, "");
	word("ＯＫ", DIAGNOSIS_APPROVE, "");
	word("保留　Q5の回答を確認中\n", DIAGNOSIS_HOLD, "Q5の回答を確認中");
	word("保留", DIAGNOSIS_HOLD, "");
	word("取消", DIAGNOSIS_CANCEL, "");
	word("状況", DIAGNOSIS_STATUS, "");
	word("承認しないでください", DIAGNOSIS_HELP, NULL);
	word("承認 は明日します", DIAGNOSIS_HELP, NULL);
	word("了解しました\n承認", DIAGNOSIS_HELP, NULL);
	word("OK\nBut remove section 2 first.", DIAGNOSIS_HELP, NULL);
	word("承認\nやまだ", DIAGNOSIS_APPROVE, "");
	word("承認\nただし、Q2の点数を直してから送ってください。", DIAGNOSIS_HELP, NULL);
	word("承認\n内容に間違いありません。\nお手数をおかけしますが、よろしくお願いします。\n\n修正して", DIAGNOSIS_APPROVE, "");
	word("> 承認\n", DIAGNOSIS_HELP, NULL);
	word("", DIAGNOSIS_HELP, NULL);
}
END_TEST

/* With DIAGNOSIS_PDF=FILE the pages are kept, to be looked at. */
START_TEST(pages)
{
	struct diagnosis_facts f;
	struct sb pdf = SB_INIT;
	char number[24], name[40];
	const char *keep = getenv("DIAGNOSIS_PDF");
	up();
	int64_t sakura = taken("N000000001", "株式会社さくら工業", ALL_D, NOON(2025, 9, 10));
	ck_assert_int_eq(one("BBCDABCABBBBCCCCABDDACBBC", "", "", "", 0, sakura, NOON(2026, 4, 1), ""), DIAGNOSIS_TAKEN);
	ck_assert_int_eq(one("ABCDAAAABBABCACAAADDAABBC", "", "", "", 0, sakura, NOON(2026, 11, 24), ""), DIAGNOSIS_TAKEN);
	for (int i = 2; i <= 9; i++) {
		snprintf(number, sizeof number, "N00000000%d", i);
		snprintf(name, sizeof name, "会社%d", i);
		taken(number, name, i % 3 ? "AABABABACABADABABBACABABA" : MIXED, NOON(2026, 11, 20));
	}
	ck_ok(diagnosis_facts(s, survey, 3, a, &f, &err));
	ck_ok(diagnosis_paper(&f, "セキュリティ YOROZU 相談センター", NOON(2026, 11, 25), a, &pdf, &err));
	ck_assert(pdf.len > 10000 && pdf.len < 400000);
	if (keep)
		ck_ok(io_write_file(keep, 0644, pdf.s, pdf.len, &err));
	sb_reset(&pdf);
	struct sb again = SB_INIT;
	ck_ok(diagnosis_paper(&f, "セキュリティ YOROZU 相談センター", NOON(2026, 11, 25), a, &pdf, &err));
	ck_ok(diagnosis_paper(&f, "セキュリティ YOROZU 相談センター", NOON(2026, 11, 25), a, &again, &err));
	ck_assert(pdf.len == again.len && memcmp(pdf.s, again.s, pdf.len) == 0);
	/* alone, all done */
	int64_t alone = taken("N000000010", "株式会社ひとり", ALL_A, NOON(2026, 11, 24));
	struct diagnosis *v;
	size_t n;
	ck_ok(diagnosis_of(s, alone, 1, a, &v, &n, &err));
	ck_ok(diagnosis_facts(s, survey, v[0].id, a, &f, &err));
	f.n_others = 0;
	sb_reset(&pdf);
	ck_ok(diagnosis_paper(&f, "相談センター", NOON(2026, 11, 25), a, &pdf, &err));
	if (keep)
		ck_ok(io_write_file(arena_printf(a, "%s-all.pdf", keep), 0644, pdf.s, pdf.len, &err));
	sb_free(&pdf), sb_free(&again);
	down();
}
END_TEST

UNIT_SUITE("diagnosis", whose, all_or_nothing, half_year, a_customers_sheet_is_of_the_day_he_mails_it, exports_again, others, time_before, draft_and_approval, can_not_go_out, reminders, words,
           pages)
