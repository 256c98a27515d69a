/* DESK-16: reports are made once, whatever happens: the chain of months, catching up, demand, failure. */
#include "store_fixture.h"
#include "report_job.h"
#include "store/store_issue.h"
#include "base/log.h"
#include "store/store_ticket_op.h"

static struct cfg *cfg;
static struct cal *cal;
static struct reports reports;

static epoch at(const char *text)
{
	epoch t;
	ck_assert_msg(civil_parse_time(text, &t), "%s", text);
	return t;
}

static void person(const char *login, unsigned roles)
{
	char address[64];
	snprintf(address, sizeof address, "%s@example.jp", login);
	struct staff p = { .login = login, .name = login, .address = address, .roles = roles, .active = true };
	ck_ok(store_begin(s, &err));
	ck_ok(staff_add(s, &p, &err));
	ck_ok(store_commit(s, &err));
}

static void world(const char *conf)
{
	open_new();
	cal = cal_new();
	log_open("test", "/dev/null", LOG_LV_ERROR);
	char all[200];
	snprintf(all, sizeof all, "health_monthly = 0\n%s", conf); /* test_month.c has those */
	ck_ok(cfg_parse("test", all, dir, &cfg, &err));
	reports = (struct reports){ .cfg = cfg, .s = s, .cal = cal };
	person("suzuki", STAFF_AGENT);
	person("boss", STAFF_SUPERVISOR);
}

static void world_end(void)
{
	cal_free(&cal);
	cfg_free(&cfg);
	done();
}

static size_t made_by(const char *now)
{
	size_t n;
	ck_ok(report_due(&reports, at(now), &n, &err));
	return n;
}

/* Mails in the outbox so far. */
static int64_t mails(void)
{
	int64_t v[OUT_STATES];
	ck_ok(outbox_counts(s, v, &err));
	return v[OUT_PENDING];
}

static struct outbox mail(int64_t id)
{
	struct outbox o;
	ck_ok(outbox_get(s, id, a, &o, &err));
	return o;
}

static void ask(const char *what, const char *rcpts, const char *now)
{
	struct report_job j = { .kind = REPORT_STATS, .what = what, .rcpts = rcpts, .who = "staff:suzuki", .in_reply_to = "m@x", .asked_at = at(now),
		                .due_at = at(now) };
	ck_ok(store_begin(s, &err));
	ck_ok(report_job_add(s, &j, &err));
	ck_ok(store_commit(s, &err));
}

START_TEST(every_month_once_to_the_supervisors)
{
	world("");
	ck_assert_uint_eq(made_by("2026-10-20 10:00"), 0); /* a new desk owes nothing */
	ck_assert_uint_eq(made_by("2026-11-01 08:59:59"), 0);
	ck_assert_uint_eq(made_by("2026-11-01 09:00"), 1);
	ck_assert_uint_eq(made_by("2026-11-01 09:00"), 0);
	ck_assert_uint_eq(made_by("2026-11-30 23:00"), 0);
	ck_assert_int_eq(mails(), 1);
	struct outbox o = mail(1);
	ck_assert_str_eq(o.rcpts, "boss@example.jp");
	ck_assert_str_eq(o.tmpl, "stats");
	ck_assert_str_eq(outbox_var(&o, "month"), "2026年10月");
	struct outbox_file *f;
	size_t n;
	ck_ok(outbox_files(s, 1, a, &f, &n, &err));
	ck_assert_uint_eq(n, 2);
	ck_assert_str_eq(f[0].content_id, "stats-2026-10@example.jp");
	ck_assert_int_eq(memcmp(f[0].p, "\x89PNG", 4), 0);
	ck_assert_uint_lt(f[0].n, 60000);
	ck_assert_str_eq(f[1].filename, "stats-2026-10.csv");
	ck_assert_uint_eq(made_by("2026-12-01 09:00"), 1);
	world_end();
}
END_TEST

START_TEST(without_supervisors_to_all_of_the_desk)
{
	world("");
	struct staff boss;
	ck_ok(staff_by_login(s, "boss", a, &boss, &err));
	boss.active = false;
	ck_ok(store_begin(s, &err));
	ck_ok(staff_update(s, &boss, &err));
	ck_ok(store_commit(s, &err));
	made_by("2026-10-20 10:00");
	ck_assert_uint_eq(made_by("2026-11-01 09:00"), 1);
	ck_assert_str_eq(mail(1).rcpts, "suzuki@example.jp");
	world_end();
}
END_TEST

/* Away from October to March: December, January and February are made up for, one mail each. */
START_TEST(missed_months_are_caught_up_three_at_most)
{
	world("");
	made_by("2026-10-20 10:00");
	made_by("2027-03-02 10:00");
	ck_assert_int_eq(mails(), 3);
	static const char *const months[] = { "2026年12月", "2027年1月", "2027年2月" };
	for (int i = 0; i < 3; i++) {
		struct outbox o = mail(i + 1);
		ck_assert_str_eq(outbox_var(&o, "month"), months[i]);
	}
	epoch next;
	ck_ok(report_job_next(s, &next, &err));
	ck_assert_int_eq(next, at("2027-04-01 09:00"));
	ck_assert_uint_eq(made_by("2027-03-02 10:00"), 0);
	world_end();
}
END_TEST

START_TEST(not_wanted_every_month)
{
	world("stats_monthly = 0\n");
	made_by("2026-10-20 10:00");
	made_by("2026-11-01 09:00");
	ck_assert_int_eq(mails(), 0);
	epoch next; /* the chain goes on, should it be wanted again */
	ck_ok(report_job_next(s, &next, &err));
	ck_assert_int_eq(next, at("2026-12-01 09:00"));
	world_end();
}
END_TEST

START_TEST(on_demand_to_who_asked_in_his_thread)
{
	world("");
	made_by("2026-11-20 10:00");
	ask("2026-11", "suzuki@example.jp", "2026-11-20 10:00");
	ck_assert_uint_eq(made_by("2026-11-20 10:00"), 1);
	struct outbox o = mail(1);
	ck_assert_str_eq(o.rcpts, "suzuki@example.jp");
	ck_assert_str_eq(outbox_var(&o, "in_reply_to"), "m@x");
	ck_assert_str_eq(outbox_var(&o, "until"), "11月20日(金) 10:00");
	ck_assert_uint_eq(made_by("2026-12-01 09:00"), 1); /* the regular one all the same */
	world_end();
}
END_TEST

START_TEST(what_can_not_be_made_ends)
{
	world("");
	ask("2027-01", "suzuki@example.jp", "2026-11-20 10:00");
	ask("../etc", "suzuki@example.jp", "2026-11-20 10:00");
	made_by("2026-11-20 10:00");
	ck_assert_int_eq(mails(), 0);
	epoch next;
	ck_ok(report_job_next(s, &next, &err));
	ck_assert_int_eq(next, at("2026-12-01 09:00")); /* only the regular one is left */
	world_end();
}
END_TEST

/* Two at once (a mailer that came back, an operator): one mail. */
START_TEST(two_makers_make_one)
{
	struct report_job j;
	int64_t outbox;
	world("");
	ask("2026-10", "suzuki@example.jp", "2026-11-20 10:00");
	ck_ok(report_job_due(s, at("2026-11-20 10:00"), a, &j, &err));
	ck_ok(report_make(&reports, &j, at("2026-11-20 10:00"), &outbox, &err));
	ck_assert_int_eq(outbox, 1);
	ck_ok(report_make(&reports, &j, at("2026-11-20 10:00"), &outbox, &err));
	ck_assert_int_eq(outbox, 0);
	ck_assert_int_eq(mails(), 1);
	world_end();
}
END_TEST

/* MAG-05: to whom it was asked for, with a picture, once. */
START_TEST(an_issue_that_ended_is_reported_once)
{
	struct outbox_file *f;
	size_t n;
	world("");
	struct message m = a_message(0, 7);
	struct report_job j = { .kind = REPORT_ISSUE, .what = "1", .rcpts = "mori@example.jp", .who = "system", .in_reply_to = "",
		                .asked_at = at("2026-11-25 15:40"), .due_at = at("2026-11-25 15:40") };
	struct issue i = { .state = ISSUE_DONE, .created_at = 1000, .subject = "<b>今週", .send_at = at("2026-11-25 15:00") };
	ck_ok(store_begin(s, &err));
	ck_ok(message_insert(s, &m, "x", 1, &err));
	i.draft_id = m.id;
	ck_ok(issue_add(s, &i, &err));
	i.started_at = at("2026-11-25 15:00");
	i.ended_at = at("2026-11-25 15:40");
	i.why = "";
	ck_ok(issue_update(s, &i, &err));
	ck_ok(report_job_add(s, &j, &err));
	j.what = "99";
	ck_ok(report_job_add(s, &j, &err)); /* there is none */
	ck_ok(store_commit(s, &err));
	ck_assert_uint_eq(made_by("2026-11-25 15:41"), 2);
	ck_assert_uint_eq(made_by("2026-11-25 15:41"), 0);
	ck_assert_int_eq(mails(), 1);
	struct outbox o = mail(1);
	ck_assert_str_eq(o.rcpts, "mori@example.jp");
	ck_assert_str_eq(o.tmpl, "issue-closed");
	ck_assert_str_eq(outbox_var(&o, "reply_issue"), "1");
	ck_assert_ptr_nonnull(strstr(outbox_var(&o, "html"), "cid:issue-1@example.jp"));
	ck_assert_ptr_null(strstr(outbox_var(&o, "html"), "<b>"));
	ck_ok(outbox_files(s, 1, a, &f, &n, &err));
	ck_assert_uint_eq(n, 1);
	ck_assert_int_eq(memcmp(f[0].p, "\x89PNG", 4), 0);
	world_end();
}
END_TEST

static void answer_by_suzuki(void)
{
	struct ticket t = { .state = TICKET_CLOSED, .channel = "mail", .subject = "x", .opened_at = at("2026-10-05 10:00"),
		            .waiting_since = at("2026-10-05 10:00"), .due_at = at("2026-10-06 10:00") };
	ck_ok(store_begin(s, &err));
	ck_ok(ticket_create(s, &t, &err));
	ck_ok(ticket_answer(s, &t, 1, at("2026-10-05 11:00"), &err));
	ck_ok(store_commit(s, &err));
}

/* Who answered how much: only where it is set, and only for supervisors. */
START_TEST(staff_are_counted_for_supervisors_only)
{
	for (int set = 0; set < 2; set++) {
		world(set ? "stats_staff = 1\n" : "");
		answer_by_suzuki();
		ask("2026-10", "boss@example.jp", "2026-11-20 10:00");
		ask("2026-10", "boss@example.jp\nsuzuki@example.jp", "2026-11-20 10:00");
		ask("2026-10", "else@example.com", "2026-11-20 10:00");
		made_by("2026-11-20 10:00");
		ck_assert_int_eq(mails(), 3);
		for (int i = 1; i <= 3; i++) {
			struct outbox o = mail(i);
			const char *hit = strstr(outbox_var(&o, "tables"), "担当者別");
			ck_assert_int_eq(hit != NULL, set && strcmp(o.rcpts, "boss@example.jp") == 0);
		}
		world_end();
	}
}
END_TEST

UNIT_SUITE("report_job", every_month_once_to_the_supervisors, without_supervisors_to_all_of_the_desk, missed_months_are_caught_up_three_at_most,
           not_wanted_every_month, on_demand_to_who_asked_in_his_thread, what_can_not_be_made_ends, two_makers_make_one, an_issue_that_ended_is_reported_once,
           staff_are_counted_for_supervisors_only)
