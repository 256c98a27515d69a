/*
 * DESK-13: the monthly list of customers to call, and who is on it.
 */
#include "store_fixture.h"
#include "outbound.h"
#include "base/log.h"
#include "mail/msg_parse.h"
#include "store/store_call.h"
#include "store/store_contract.h"
#include "store/store_people.h"
#include "store/store_ticket.h"

static struct cfg *cfg;
static struct cal *cal;
static struct build_ctx ctx;
static struct outbound calls;
static epoch now;
static struct arena *a;

static void clock_at(const char *text)
{
	ck_assert_msg(civil_parse_time(text, &now), "%s", text);
}

static void world(const char *config)
{
	open_new();
	cal = cal_new();
	log_open("test", "/dev/null", LOG_LV_ERROR);
	ck_ok(cfg_parse("test", config, dir, &cfg, &err));
	ctx = (struct build_ctx){ .cfg = cfg, .s = s };
	token_init(&ctx.token, master, cfg->desk_localpart, cfg->domain);
	calls = (struct outbound){ &ctx, cal };
	struct staff p = { .login = "suzuki", .name = "鈴木", .address = "suzuki@example.jp", .roles = STAFF_AGENT, .active = true };
	ck_ok(store_begin(s, &err));
	ck_ok(staff_add(s, &p, &err));
	ck_ok(store_commit(s, &err));
}

static void world_end(void)
{
	cal_free(&cal);
	cfg_free(&cfg);
	done();
}

static size_t round_at(const char *text)
{
	size_t handled = 0;
	clock_at(text);
	ck_ok(outbound_run(&calls, now, &handled, &err));
	return handled;
}

static int64_t contract(const char *number, const char *name, const char *started)
{
	struct contract c = { .v = { [CF_N_NUMBER] = number, [CF_NAME] = name, [CF_OFFICER_NAME] = "担当 花子",
		                     [CF_OFFICER_PHONE] = "03-1111-2222" } };
	ck_assert(civil_parse_time(started, &c.started_at));
	ck_ok(store_begin(s, &err));
	ck_ok(contract_insert(s, &c, now, &err));
	ck_ok(store_commit(s, &err));
	return c.id;
}

static void contact(int64_t id, const char *at)
{
	struct ticket t = { .channel = "mail", .subject = "x", .contract_id = id };
	ck_assert(civil_parse_time(at, &t.last_at));
	t.opened_at = t.last_at;
	ck_ok(store_begin(s, &err));
	ck_ok(ticket_create(s, &t, &err));
	ck_ok(store_commit(s, &err));
}

static char *quiet_now(int days)
{
	struct contract_brief *v;
	size_t n;
	struct sb b = SB_INIT;
	ck_ok(contract_quiet(s, now - days * 86400, now, a, &v, &n, &err));
	for (size_t i = 0; i < n; i++)
		sb_addf(&b, "%s%s", i ? " " : "", v[i].n_number);
	char *r = arena_memdup(a, b.s, b.len);
	sb_free(&b);
	return r;
}

/* The store is new on the 24th: nothing for November. Then the first business
 * day of each month, once, not before 9:30; later if the mailer was away. */
START_TEST(test_when)
{
	world("");
	ck_assert_uint_eq(round_at("2026-11-24 10:00"), 1);
	ck_assert_uint_eq(round_at("2026-11-24 10:01"), 0);
	ck_assert_uint_eq(round_at("2026-12-01 09:29"), 0);
	ck_assert_uint_eq(round_at("2026-12-01 09:30"), 1);
	ck_assert_uint_eq(round_at("2026-12-01 09:31"), 0);
	ck_assert_uint_eq(round_at("2027-01-04 09:29"), 0); /* 1/1 to 1/3 are off */
	ck_assert_uint_eq(round_at("2027-01-08 20:00"), 0);
	ck_assert_uint_eq(round_at("2027-01-12 11:00"), 1);
	ck_assert_uint_eq(round_at("2026-12-20 11:00"), 0); /* the clock is set back */
	struct outbox o;
	ck_ok(outbox_get(s, 2, a, &o, &err));
	ck_assert_str_eq(o.tmpl, "outbound-list");
	ck_assert_str_eq(outbox_var(&o, "want"), "quiet 60");
	ck_assert_int_eq(outbox_get(s, 3, a, &o, &err), ERR_NOTFOUND);
	world_end();
}
END_TEST

START_TEST(test_another_day_and_never)
{
	world("outbound_day = 3\n");
	round_at("2026-11-24 10:00");
	ck_assert_uint_eq(round_at("2026-12-02 10:00"), 0);
	ck_assert_uint_eq(round_at("2026-12-03 10:00"), 1);
	world_end();
	world("outbound_day = 0\n");
	ck_assert_uint_eq(round_at("2026-12-01 10:00"), 0);
	world_end();
}
END_TEST

START_TEST(test_who)
{
	world("");
	clock_at("2026-11-24 10:00");
	int64_t silent = contract("N000000001", "無音", "2025-04-01 00:00"), recent = contract("N000000002", "最近", "2025-04-01 00:00");
	contract("N000000003", "皆無", "2025-04-01 00:00");
	contract("N000000004", "新規", "2026-11-01 00:00");
	contact(silent, "2026-08-01 10:00");
	contact(silent, "2026-09-01 10:00");
	contact(recent, "2026-11-01 10:00");
	ck_assert_str_eq(quiet_now(60), "N000000003 N000000001");
	ck_assert_str_eq(quiet_now(10), "N000000003 N000000004 N000000001 N000000002");
	ck_assert_str_eq(quiet_now(100), "N000000003");
	world_end();
}
END_TEST

/* More than a page of the store; and as a mail. */
START_TEST(test_many_in_a_mail)
{
	struct built b;
	char *number, *config = "templates = conf/mail\n";
	world(config);
	clock_at("2026-11-24 10:00");
	ck_ok(store_begin(s, &err));
	for (int i = 0; i < 1200; i++) {
		number = arena_printf(a, "N%09d", i);
		struct contract c = { .v = { [CF_N_NUMBER] = number, [CF_NAME] = i ? "=HYPERLINK(1)" : "株式会社さくら商事" },
			              .started_at = now - 400 * 86400 };
		ck_ok(contract_insert(s, &c, now, &err));
	}
	ck_ok(store_commit(s, &err));
	round_at("2026-11-30 10:00");
	round_at("2026-12-01 10:00");
	struct outbox o;
	ck_ok(outbox_get(s, 1, a, &o, &err));
	ck_ok(build_mail(&ctx, &o, a, &b, &err));
	struct msg *m;
	struct sb text = SB_INIT, csv = SB_INIT;
	ck_ok(msg_parse(b.mail.s, b.mail.len, NULL, &m, &err));
	msg_read_text(m, &text);
	ck_assert_str_eq(m->subject, "【架電リスト】12月 (連絡のない契約)");
	ck_assert(strstr(text.s, "1200 件\nお客様番号 契約者名"));
	ck_assert(strstr(text.s, "ほか 1150 件"));
	for (struct msg_part *p = m->root; p; p = msg_part_next(p))
		if (msg_part_is_file(p))
			ck_ok(msg_part_bytes(p, 1 << 20, &csv, &err));
	ck_assert(strncmp(csv.s, "\xEF\xBB\xBFお客様番号,", 18) == 0);
	ck_assert(strstr(csv.s, "N000001199,'=HYPERLINK(1)"));
	sb_free(&text);
	sb_free(&csv);
	sb_free(&b.mail);
	msg_free(&m);
	world_end();
}
END_TEST

START_TEST(test_call_back)
{
	struct call c, r;
	world("");
	clock_at("2026-11-24 10:00");
	struct ticket t = { .channel = "phone", .subject = "x", .opened_at = now, .last_at = now };
	struct message m = { .kind = MSG_NOTE, .at = now, .dedupe = { 1 } };
	ck_ok(store_begin(s, &err));
	ck_ok(ticket_create(s, &t, &err));
	m.ticket_id = t.id;
	ck_ok(message_insert(s, &m, "x", 1, &err));
	c = (struct call){ .message_id = m.id, .ticket_id = t.id, .staff_id = 1, .started_at = now, .company = "さくら",
		           .person = "田中", .phone = "03", .callback_at = now + 3600 };
	ck_ok(call_add(s, &c, &err));
	ck_ok(call_pending(s, t.id, a, &r, &err));
	ck_assert(r.callback_at == now + 3600 && strcmp(r.person, "田中") == 0 && !r.ended_at);
	ck_ok(call_done(s, t.id, now, &err));
	ck_assert_int_eq(call_pending(s, t.id, a, &r, &err), ERR_NOTFOUND);
	ck_ok(store_commit(s, &err));
	world_end();
}
END_TEST

UNIT_SUITE("outbound", test_when, test_another_day_and_never, test_who, test_many_in_a_mail, test_call_back)
