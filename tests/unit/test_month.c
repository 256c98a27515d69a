/* HEALTH-06: the monthly run, step by step: made once, held, sent, reminded. */
#include "agent_fixture.h"
#include "month.h"
#include "base/io.h"
#include "base/log.h"
#include "pack/pack.h"
#include "store/store_contract.h"
#include "store/store_report.h"
#include "store/store_terminal.h"
#include <sys/stat.h>

static struct cfg *cfg;
static struct cal *cal;
static struct reports reports;

static epoch at(const char *text)
{
	epoch t;
	ck_assert_msg(civil_parse_time(text, &t), "%s", text);
	return t;
}

static int64_t company(const char *number, const char *password)
{
	struct contract c = { .started_at = at("2026-01-01 00:00") };
	c.v[CF_N_NUMBER] = number, c.v[CF_NAME] = "株式会社見本", c.v[CF_OFFICER_NAME] = "山田　太郎", c.v[CF_OFFICER_MAIL] = "yamada@mihon.example";
	c.v[CF_REPORT_PASSWORD] = password;
	struct terminal t = { .host = "PC-01", .os = "windows", .agent = "1", .smbios_uuid = "", .board_serial = "", .machine_guid = "", .macs = "",
		              .enrolled_at = at("2026-02-01 00:00") };
	struct terminal_keys k = { .root = { 0 } };
	ck_ok(store_begin(s, &err));
	ck_ok(contract_insert(s, &c, c.started_at, &err));
	t.contract_id = c.id;
	crypto_random(t.agent_id, sizeof t.agent_id);
	crypto_random(&k, sizeof k);
	ck_ok(terminal_add(s, &t, &k, &err));
	ck_ok(store_commit(s, &err));
	return c.id;
}

static void world(void)
{
	char sub[96], conf[400], here[200];
	new_path();
	snprintf(sub, sizeof sub, "%s/store", dir);
	ck_assert_int_eq(mkdir(sub, 0700), 0);
	snprintf(path, sizeof path, "%.70s/yorozu.db", sub);
	ck_ok(store_open(path, master, &s, &err));
	ck_assert_ptr_nonnull(getcwd(here, sizeof here));
	snprintf(conf, sizeof conf, "stats_monthly = 0\ntemplates = %.80s/conf/mail\nfeed_tables = %.80s/conf/feed\n", here, here);
	ck_ok(cfg_parse("test", conf, dir, &cfg, &err));
	cal = cal_new();
	log_open("test", "/dev/null", LOG_LV_ERROR);
	reports = (struct reports){ .cfg = cfg, .s = s, .cal = cal };
	struct staff p = { .login = "suzuki", .name = "鈴木", .address = "suzuki@example.jp", .roles = STAFF_AGENT, .active = true };
	ck_ok(store_begin(s, &err));
	ck_ok(staff_add(s, &p, &err));
	ck_ok(store_commit(s, &err));
}

static void world_end(void)
{
	store_close(&s);
	cal_free(&cal);
	cfg_free(&cfg);
	empty_folder("/store");
	empty_folder("");
	arena_free(&a);
}

static size_t made_by(const char *now)
{
	size_t n;
	ck_ok(report_due(&reports, at(now), &n, &err));
	return n;
}

static int64_t mails(void)
{
	int64_t v[OUT_STATES];
	ck_ok(outbox_counts(s, v, &err));
	return v[OUT_PENDING];
}

static struct health_row row_of(int64_t contract)
{
	struct health_row r;
	ck_ok(health_of(s, contract, 202610, a, &r, &err));
	return r;
}

static void job(const char *kind, const char *what, const char *now)
{
	struct report_job j = { .kind = kind, .what = what, .rcpts = "", .who = "staff:suzuki", .in_reply_to = "m@x", .asked_at = at(now), .due_at = at(now) };
	ck_ok(store_begin(s, &err));
	ck_ok(report_job_order(s, &j, &err));
	ck_ok(store_commit(s, &err));
}

static void approve(int64_t contract)
{
	struct health_row r = row_of(contract);
	r.state = HEALTH_APPROVED;
	r.who = "staff:suzuki";
	ck_ok(store_begin(s, &err));
	ck_ok(health_update(s, &r, &err));
	ck_ok(store_commit(s, &err));
	job(REPORT_HEALTH_SEND, arena_printf(a, "%lld", (long long)r.id), "2026-11-04 10:00");
}

START_TEST(dates_are_business_days)
{
	struct cal *c = cal_new();
	ck_assert_int_eq(month_closes(c, 202610), at("2026-11-04 06:00")); /* 2 November; the 3rd is a holiday */
	ck_assert_int_eq(month_due(c, 202610), at("2026-11-16 17:30"));
	ck_assert_int_eq(month_closes(c, 202612), at("2027-01-05 06:00")); /* behind the year's end */
	ck_assert_int_eq(month_next(202612), 202701);
	ck_assert_int_eq(month_parse("2026-10"), 202610);
	ck_assert_int_eq(month_parse("2026-13"), 0);
	cal_free(&c);
}
END_TEST

START_TEST(a_month_is_made_once)
{
	world();
	company("N100000001", "Geheim12Wort");
	company("N100000002", "Geheim12Wort");
	made_by("2026-10-20 10:00");
	made_by("2026-11-02 00:00"); /* other reports */
	ck_assert_uint_eq(made_by("2026-11-04 05:59"), 0);
	ck_assert_uint_eq(made_by("2026-11-04 06:00"), 1);
	ck_assert_int_eq(mails(), 3); /* two drafts, and the overview */
	ck_assert_uint_eq(made_by("2026-11-04 07:00"), 0);
	size_t n;
	ck_ok(month_run(&reports, 202610, at("2026-11-04 08:00"), 2, &n, &err));
	ck_assert_uint_eq(n, 0);
	ck_assert_int_eq(mails(), 3);
	world_end();
}
END_TEST

/* Killed between two contracts: what was made stays, the rest is made. */
START_TEST(goes_on_where_it_was_cut_off)
{
	struct month m;
	world();
	int64_t one = company("N100000001", "Geheim12Wort"), two = company("N100000002", "Geheim12Wort");
	const epoch now = at("2026-11-04 06:00");
	ck_ok(month_open(&reports, 202610, now, &m, &err));
	ck_ok(month_one(&m, one, 202610, &err));
	ck_is(month_one(&m, one, 202610, &err), ERR_EXISTS);
	month_close(&m);
	ck_assert_int_eq(mails(), 1);
	size_t n;
	ck_ok(month_run(&reports, 202610, now, 1, &n, &err));
	ck_assert_uint_eq(n, 1);
	ck_assert_int_eq(mails(), 2);
	ck_assert_int_eq(row_of(two).state, HEALTH_DRAFT);
	world_end();
}
END_TEST

static int64_t facts_of(int64_t id)
{
	struct sb facts = SB_INIT;
	ck_ok(health_facts(s, id, &facts, &err));
	int64_t n = (int64_t)facts.len;
	sb_free(&facts);
	return n;
}

/* After newer tables, say: words, facts and pages are made anew, once; never what was changed or approved meanwhile. */
START_TEST(a_draft_is_made_again)
{
	world();
	int64_t id = company("N100000001", "Geheim12Wort");
	made_by("2026-10-20 10:00");
	made_by("2026-11-04 06:00");
	struct health_row r = row_of(id);
	const char *as_made = r.words.text[HEALTH_OS];
	int64_t before = mails(), facts = facts_of(r.id);
	r.words.text[HEALTH_OS] = "変更した文。";
	r.version = 2;
	ck_ok(store_begin(s, &err));
	ck_ok(health_update(s, &r, &err));
	ck_ok(store_commit(s, &err));
	job(REPORT_HEALTH_AGAIN, arena_printf(a, "%lld 1", (long long)r.id), "2026-11-04 10:00"); /* was meant for another */
	job(REPORT_HEALTH_AGAIN, arena_printf(a, "%lld 2", (long long)r.id), "2026-11-04 10:00");
	ck_assert_uint_eq(made_by("2026-11-04 10:00"), 2);
	ck_assert_uint_eq(made_by("2026-11-04 10:01"), 0);
	r = row_of(id);
	ck_assert_int_eq(r.version, 3);
	ck_assert_str_eq(r.words.text[HEALTH_OS], as_made);
	ck_assert_int_eq(facts_of(r.id), facts);
	ck_assert_int_eq(mails(), before + 1);
	approve(id);
	job(REPORT_HEALTH_AGAIN, arena_printf(a, "%lld 3", (long long)r.id), "2026-11-04 10:00");
	made_by("2026-11-04 10:02");
	ck_assert_int_eq(row_of(id).version, 3);
	world_end();
}
END_TEST

START_TEST(what_is_approved_goes_out_once)
{
	world();
	int64_t id = company("N100000001", "Geheim12Wort");
	made_by("2026-10-20 10:00");
	made_by("2026-11-04 06:00");
	struct contract k;
	ck_ok(contract_get(s, id, a, &k, &err));
	k.v[CF_OFFICER_NAME] = "後任　花子", k.v[CF_REPORT_PASSWORD] = "Geheim12Wort"; /* after the draft */
	ck_ok(store_begin(s, &err));
	ck_ok(contract_update(s, &k, k.started_at, &err));
	ck_ok(store_commit(s, &err));
	approve(id);
	ck_assert_uint_eq(made_by("2026-11-04 10:00"), 1);
	ck_assert_uint_eq(made_by("2026-11-04 10:01"), 0);
	struct health_row r = row_of(id);
	struct outbox o;
	struct outbox_file *f;
	size_t n;
	ck_assert_int_eq(r.state, HEALTH_SENT);
	ck_ok(outbox_get(s, r.outbox_id, a, &o, &err));
	ck_assert_str_eq(o.rcpts, "yamada@mihon.example");
	ck_ok(outbox_files(s, o.id, a, &f, &n, &err));
	ck_assert_uint_ge(n, 2);
	ck_assert_str_eq(f[0].filename, "health-N100000001-2026-10.pdf");
	ck_assert_str_eq(outbox_var(&o, "deliver"), "pdf"); /* the mailer seals it */
	ck_assert_ptr_nonnull(strstr(outbox_var(&o, "name"), "花子"));
	ck_assert_int_eq(o.kind, OUT_LETTER);
	struct ticket t;
	ck_ok(ticket_get(s, o.ticket_id, a, &t, &err));
	ck_assert_int_eq(t.state, TICKET_CLOSED);
	ck_assert_int_eq(t.contract_id, id);
	world_end();
}
END_TEST

/* Several addresses stand in one field: the first is the contact, and the ticket knows him. */
START_TEST(it_goes_to_one_of_several_addresses)
{
	world();
	int64_t id = company("N100000001", "Geheim12Wort");
	struct contract c = { .id = id, .started_at = at("2026-01-01 00:00") };
	c.v[CF_OFFICER_MAIL] = "", c.v[CF_CONTACT_MAIL] = "Yamada@mihon.example,sato@mihon.example";
	ck_ok(store_begin(s, &err));
	ck_ok(contract_update(s, &c, c.started_at, &err));
	ck_ok(store_commit(s, &err));
	made_by("2026-10-20 10:00");
	made_by("2026-11-04 06:00");
	approve(id);
	ck_assert_uint_eq(made_by("2026-11-04 10:00"), 1);
	struct outbox o;
	ck_ok(outbox_get(s, row_of(id).outbox_id, a, &o, &err));
	ck_assert_str_eq(o.rcpts, "yamada@mihon.example");
	ck_assert(party_has(s, o.ticket_id, "yamada@mihon.example"));
	world_end();
}
END_TEST

START_TEST(without_a_password_it_is_held)
{
	world();
	int64_t id = company("N100000001", "");
	made_by("2026-10-20 10:00");
	made_by("2026-11-04 06:00");
	approve(id);
	int64_t before = mails();
	made_by("2026-11-04 10:00");
	struct health_row r = row_of(id);
	ck_assert_int_eq(r.state, HEALTH_HELD);
	ck_assert_ptr_nonnull(strstr(r.why, "パスワード"));
	ck_assert_int_eq(mails(), before + 1); /* staff are told */
	world_end();
}
END_TEST

START_TEST(what_is_open_is_reminded_of)
{
	world();
	int64_t id = company("N100000001", "Geheim12Wort");
	made_by("2026-10-20 10:00");
	made_by("2026-11-04 06:00");
	int64_t before = mails();
	ck_assert_uint_eq(made_by("2026-11-09 08:59"), 0);
	ck_assert_uint_eq(made_by("2026-11-09 09:00"), 1);
	ck_assert_uint_eq(made_by("2026-11-12 09:00"), 1);
	ck_assert_uint_eq(made_by("2026-11-16 09:00"), 1);
	ck_assert_uint_eq(made_by("2026-11-17 09:00"), 1); /* late: each day */
	ck_assert_int_eq(mails(), before + 4);
	approve(id);
	made_by("2026-11-17 10:00");
	before = mails();
	ck_assert_uint_eq(made_by("2026-11-18 09:00"), 1);
	ck_assert_int_eq(mails(), before);
	/* its letter comes back */
	struct health_row r = row_of(id);
	r.state = HEALTH_HELD, r.why = "宛先不明";
	ck_ok(store_begin(s, &err));
	ck_ok(health_update(s, &r, &err));
	ck_ok(store_commit(s, &err));
	ck_assert_uint_eq(made_by("2026-11-19 09:00"), 1);
	ck_assert_int_eq(mails(), before + 1);
	approve(id);
	made_by("2026-11-19 10:00");
	before = mails();
	made_by("2026-11-30 09:00");
	ck_assert_int_eq(mails(), before);
	world_end();
}
END_TEST

/* 12,000 sites of one terminal in a month, the last of them a dangerous one: they are counted, thirty are told. */
START_TEST(thousands_of_sites)
{
	enum { DAYS = 3, EACH = 4000 };
	char folder[100];
	struct checkup k;
	struct sb facts = SB_INIT;
	world();
	const int64_t contract = company("N100000001", "Geheim12Wort");
	snprintf(folder, sizeof folder, "%.90s/store", dir);
	ck_ok(agent_files_open(folder, at("2026-10-10 00:00"), 8, &files, &err));
	for (int d = 0; d < DAYS; d++) {
		struct sb v = SB_INIT;
		const int64_t t = (int64_t)at("2026-10-05 10:00") * 1000 + d * MS_DAY, from = 1 + (int64_t)d * EACH;
		for (int64_t q = from; q < from + EACH; q++)
			sb_addf(&v, "%s{\"q\":%lld,\"t\":%lld,\"k\":\"web\",\"h\":\"%s%lld.%s\",\"n\":1,\"s\":%lld}", q > from ? "," : "", (long long)q, (long long)t,
			        q == DAYS * EACH ? "www" : "site", (long long)q, q == DAYS * EACH ? "getintopc.com" : "example", (long long)(q % 600));
		struct agent_put p = { .terminal = 1, .contract = contract, .epoch = 1, .seq = d + 1, .now_ms = t + MS_HOUR };
		put_json(&p, batch_json((uint64_t)d + 1, t + MS_HOUR, from, from + EACH - 1, v.s, ""));
		ck_assert_int_eq(p.verdict, AGENT_STORED);
		sb_free(&v);
	}
	agent_files_close(&files);
	ck_ok(month_begin(&reports, at("2026-10-31 09:00"), &err));
	made_by("2026-11-04 06:00");
	ck_ok(health_facts(s, row_of(contract).id, &facts, &err));
	ck_ok(checkup_read(facts.s, facts.len, a, &k, &err));
	ck_assert_int_eq(k.sites, DAYS * EACH);
	ck_assert_uint_eq(k.nby_time, CHECKUP_SITES);
	ck_assert_uint_eq(k.nbad, 1);
	ck_assert_str_eq(k.bad[0].hosts, "PC-01");
	ck_assert_int_eq(row_of(contract).words.mark[HEALTH_WEB], HEALTH_BAD);
	sb_free(&facts);
	world_end();
}
END_TEST

UNIT_SUITE("month", dates_are_business_days, a_month_is_made_once, goes_on_where_it_was_cut_off, a_draft_is_made_again, what_is_approved_goes_out_once,
           it_goes_to_one_of_several_addresses, without_a_password_it_is_held, what_is_open_is_reminded_of, thousands_of_sites)
