/*
 * DESK-04: rounds of the reply clock on a store: who gets which mail, what is
 * told once whatever happens, and what a round costs.
 */
#include "store_fixture.h"
#include "due_run.h"
#include "base/log.h"
#include "mail/msg_parse.h"
#include "store/store_call.h"
#include "store/store_due.h"
#include "store/store_ticket_op.h"
#include "text/layout.h"
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

static struct cfg *cfg;
static struct cal *cal;
static struct build_ctx ctx;
static struct due_run rounds;
static epoch now;
static int64_t seen; /* outbox rows already told of */

static void clock_at(const char *text)
{
	ck_assert_msg(civil_parse_time(text, &now), "%s", text);
}

static int64_t person(const char *login, unsigned roles)
{
	char address[64];
	snprintf(address, sizeof address, "%s@example.jp", login);
	struct staff p = { .login = login, .name = login, .address = address, .roles = roles, .active = true };
	ck_ok(store_begin(s, &err));
	ck_ok(staff_add(s, &p, &err));
	ck_ok(store_commit(s, &err));
	return p.id;
}

static void world(void)
{
	open_new();
	cal = cal_new();
	seen = 0;
	log_open("test", "/dev/null", LOG_LV_ERROR);
	ck_ok(cfg_parse("test", "templates = conf/mail\n", dir, &cfg, &err));
	ctx = (struct build_ctx){ .cfg = cfg, .s = s };
	token_init(&ctx.token, master, cfg->desk_localpart, cfg->domain);
	rounds = (struct due_run){ .build = &ctx };
	due_rules_load(cfg, cal, &rounds.rules);
}

static void world_end(void)
{
	cal_free(&cal);
	cfg_free(&cfg);
	done();
}

/* A mail comes in, as the milter has it. */
static int64_t mail_from(const char *from, const char *spf, const char *kind)
{
	static uint64_t serial;
	struct ticket t = { .state = TICKET_OPEN, .channel = "mail", .subject = "パソコンが遅い", .opened_at = now,
		            .last_at = now, .waiting_since = now, .due_at = cal_due(cal, now) };
	ck_ok(store_begin(s, &err));
	ck_ok(ticket_create(s, &t, &err));
	struct message m = a_message(t.id, serial++);
	m.at = now;
	m.from_addr = from;
	m.envelope_from = from;
	m.spf = spf;
	m.dmarc = "none";
	m.auto_kind = kind;
	ck_ok(message_insert(s, &m, "x", 1, &err));
	ck_ok(store_commit(s, &err));
	return t.id;
}

static int64_t a_mail(void)
{
	return mail_from("taro@example.co.jp", "pass", "no");
}

static void change(int64_t id, void (*how)(struct ticket *t, int64_t x), int64_t x)
{
	struct ticket t;
	ck_ok(store_begin(s, &err));
	ck_ok(ticket_get(s, id, a, &t, &err));
	how(&t, x);
	ck_ok(ticket_update(s, &t, &err));
	ck_ok(store_commit(s, &err));
}

static void assign(struct ticket *t, int64_t who) { t->assignee_id = who; }
static void extend(struct ticket *t, int64_t due) { t->due_at = due; }
static void answer(struct ticket *t, int64_t x)
{
	(void)x;
	t->state = TICKET_ANSWERED;
	t->waiting_since = t->due_at = 0;
}
static void bounced(struct ticket *t, int64_t since)
{
	t->state = TICKET_OPEN;
	t->waiting_since = since;
	t->due_at = cal_due(cal, since);
}

/* Rounds until there is nothing to do, as the mailer's loop has them. */
static void work(void)
{
	size_t handled = 1;
	for (int i = 0; handled; i++) {
		ck_assert_int_lt(i, 10000);
		ck_ok(due_run(&rounds, now, &handled, &err));
	}
}

/* "due-reminder suzuki@example.jp; …" of the rows written since then. */
static const char *told(void)
{
	struct sb out = SB_INIT;
	struct outbox o;
	while (outbox_get(s, seen + 1, a, &o, NULL) == OK) {
		seen++;
		sb_addf(&out, "%s%s ", out.len ? "; " : "", o.tmpl);
		for (const char *p = o.rcpts; *p && *p != '@'; p += strcspn(p, "\n"), p += *p == '\n')
			sb_addf(&out, "%s%.*s", p == o.rcpts ? "" : ",", (int)strcspn(p, "@"), p);
	}
	char *r = arena_memdup(a, out.s, out.len);
	sb_free(&out);
	return r;
}

static void tells(const char *when, const char *want)
{
	clock_at(when);
	work();
	const char *got = told();
	ck_assert_msg(strcmp(got, want) == 0, "%s: wanted \"%s\", got \"%s\"", when, want, got);
}

/* The text of the last row, as it goes out. */
static const char *text(void)
{
	struct outbox o;
	struct built b;
	ck_ok(outbox_get(s, seen, a, &o, &err));
	ck_ok(build_mail(&ctx, &o, a, &b, &err));
	struct msg *m;
	ck_ok(msg_parse(b.mail.s, b.mail.len, &prescan_default, &m, &err));
	struct sb out = SB_INIT;
	sb_addf(&out, "%s\n%s\n%s\n", m->subject, m->reply_to.n ? m->reply_to.v[0].addr : "", b.rcpts);
	msg_read_text(m, &out);
	char *r = arena_memdup(a, out.s, out.len);
	sb_free(&out);
	sb_free(&b.mail);
	msg_free(&m);
	return r;
}

static void reads(const char *want)
{
	const char *got = text();
	ck_assert_msg(strstr(got, want) != NULL, "no \"%s\" in:\n%s", want, got);
}

START_TEST(one_clock_from_mail_to_target)
{
	world();
	person("suzuki", STAFF_AGENT);
	person("boss", STAFF_SUPERVISOR);
	clock_at("2026-11-24 10:00");
	int64_t id = a_mail();
	tells("2026-11-24 10:00", "");
	tells("2026-11-24 14:29", "");
	tells("2026-11-24 14:30", "due-reminder suzuki");
	reads("[YOROZU #1] 【回答期限まで 3時間30分】パソコンが遅い");
	reads(token_command_address(&ctx.token, a, id));
	reads("お客さま：山田 太郎 <taro@example.co.jp>");
	reads("残り 3時間30分");
	reads("担当　　：まだ決まっていません");
	reads("11月24日(火) 17:00 までに回答がないときは");
	tells("2026-11-24 16:36", "due-reminder suzuki");
	tells("2026-11-24 17:00", "delay-notice taro");
	reads("山田 太郎 様");
	reads("回答の目安：11月26日(木) 10:00 まで");
	reads(token_ticket_address(&ctx.token, a, id));
	tells("2026-11-24 17:18", "due-alert boss");
	reads("お客さまには 11月24日(火) 17:00 に、遅れることを");
	tells("2026-11-25 09:30", "due-digest boss,suzuki");
	reads("【本日の相談】超過 0 件・本日期限 1 件");
	reads("残り 30分");
	tells("2026-11-25 10:00", "due-overdue boss,suzuki");
	reads("超過 1分未満");
	tells("2026-11-25 17:30", "");
	tells("2026-11-26 09:30", "due-digest boss,suzuki");
	reads("超過 1 件・本日期限 0 件");
	reads("超過 6時間30分");
	tells("2026-11-28 12:00", "");
	tells("2026-11-30 09:30", "due-digest boss,suzuki");
	change(id, answer, 0);
	tells("2026-12-01 09:30", "");
	world_end();
}
END_TEST

START_TEST(whom_it_concerns)
{
	world();
	clock_at("2026-11-24 10:00");
	a_mail();
	tells("2026-11-24 14:30", ""); /* nobody is there yet; nothing breaks */
	int64_t boss = person("boss", STAFF_SUPERVISOR);
	clock_at("2026-11-24 15:00");
	int64_t two = a_mail();
	tells("2026-11-25 10:29", "delay-notice taro; due-overdue boss; due-digest boss");
	int64_t suzuki = person("suzuki", STAFF_AGENT);
	person("sato", STAFF_AGENT);
	person("mari", STAFF_EDITOR);
	change(two, assign, suzuki);
	tells("2026-11-25 13:36", "due-reminder suzuki");
	tells("2026-11-25 14:00", "delay-notice taro");
	tells("2026-11-25 14:18", "due-alert boss,suzuki");
	clock_at("2026-11-26 10:00");
	int64_t three = a_mail();
	change(three, assign, boss);
	tells("2026-11-26 10:00", "due-overdue boss,sato,suzuki; due-digest boss,sato,suzuki");
	tells("2026-11-26 17:18", "delay-notice taro; due-alert boss");
	world_end();
}
END_TEST

START_TEST(the_notice_only_where_a_machine_may_write)
{
	static const struct { const char *from, *spf, *kind, *why; } senders[] = {
		{ "a@example.co.jp", "softfail", "no", "not-authenticated" },
		{ "b@example.co.jp", "fail", "no", "not-authenticated" },
		{ "cron@example.co.jp", "pass", "generated", "generated" },
		{ "ml@example.co.jp", "pass", "list", "list" },
		{ "", "pass", "no", "null-sender" },
		{ "suzuki@example.jp", "pass", "no", "our-own-address" },
		{ "sodan@example.jp", "pass", "no", "our-own-address" },
	};
	world();
	person("suzuki", STAFF_AGENT);
	for (size_t i = 0; i < sizeof senders / sizeof *senders; i++) {
		struct audit *rows;
		size_t n;
		clock_at("2026-11-24 10:00");
		int64_t id = mail_from(senders[i].from, senders[i].spf, senders[i].kind);
		clock_at("2026-11-24 17:00");
		work();
		ck_assert_ptr_null(strstr(told(), "delay-notice"));
		ck_ok(audit_list(s, id, a, &rows, &n, &err));
		ck_assert_uint_gt(n, 0);
		bool there = false;
		for (size_t k = 0; k < n; k++)
			there = there || (strcmp(rows[k].what, "due.notice-none") == 0 && strcmp(rows[k].detail, senders[i].why) == 0);
		ck_assert_msg(there, "%s: not said why", senders[i].why);
		clock_at("2026-11-24 17:18");
		work();
		told();
		reads("お客さまに自動でお知らせすることはできませんでした");
		change(id, answer, 0);
	}
	world_end();
}
END_TEST

START_TEST(an_answer_ends_it_and_a_bounce_brings_it_back)
{
	world();
	person("suzuki", STAFF_AGENT);
	clock_at("2026-11-24 10:00");
	epoch since = now;
	int64_t id = a_mail();
	tells("2026-11-24 14:30", "due-reminder suzuki");
	change(id, answer, 0);
	tells("2026-11-24 16:36", "");
	clock_at("2026-11-24 16:40");
	change(id, bounced, since);
	tells("2026-11-24 16:40", "due-reminder suzuki"); /* the 80th percent, told once */
	change(id, answer, 0);
	change(id, bounced, since);
	tells("2026-11-24 16:50", "");
	tells("2026-11-24 17:00", "delay-notice taro");
	change(id, answer, 0);
	change(id, bounced, since);
	tells("2026-11-24 17:18", "due-alert suzuki"); /* no second notice */
	world_end();
}
END_TEST

/* What is left is a call-back that was promised: staff are reminded, and the customer, whose mail was answered, is told of no delay. */
START_TEST(a_call_back_delays_no_answered_mail)
{
	struct ticket t;
	world();
	person("suzuki", STAFF_AGENT);
	clock_at("2026-11-24 10:00");
	int64_t id = a_mail();
	change(id, answer, 0);
	clock_at("2026-11-24 10:10");
	struct message log = a_message(id, 9001);
	log.kind = MSG_NOTE, log.at = now;
	ck_ok(store_begin(s, &err));
	ck_ok(message_insert(s, &log, "x", 1, &err));
	const struct call c = { .message_id = log.id, .ticket_id = id, .staff_id = 1, .started_at = now, .company = "", .person = "", .phone = "",
	                        .callback_at = epoch_of(2026, 11, 27, 10, 30, 0) };
	ck_ok(call_add(s, &c, &err));
	clock_at("2026-11-25 11:00");
	struct message m = a_message(id, 9002);
	m.at = now, m.from_addr = m.envelope_from = "taro@example.co.jp", m.spf = "pass", m.dmarc = "none", m.auto_kind = "no";
	ck_ok(message_insert(s, &m, "x", 1, &err));
	ck_ok(ticket_get(s, id, a, &t, &err));
	ck_ok(ticket_wait(s, &t, now, cal_due(cal, now), &err));
	clock_at("2026-11-25 13:00");
	ck_ok(ticket_answer(s, &t, 1, now, &err));
	ck_ok(store_commit(s, &err));
	ck_assert_int_eq(t.due_at, c.callback_at);
	clock_at("2026-11-27 09:29");
	work();
	told();
	clock_at("2026-11-27 10:20");
	work();
	const char *got = told();
	ck_assert_msg(!strstr(got, "delay-notice"), "%s", got);
	tells("2026-11-27 10:30", "due-overdue suzuki");
	world_end();
}
END_TEST

START_TEST(an_extended_target_begins_anew)
{
	world();
	int64_t suzuki = person("suzuki", STAFF_AGENT);
	clock_at("2026-11-24 10:00");
	int64_t id = a_mail();
	epoch later;
	change(id, assign, suzuki);
	tells("2026-11-24 16:36", "due-reminder suzuki");
	tells("2026-11-24 17:00", "delay-notice taro");
	civil_parse_time("2026-11-27 17:00", &later);
	change(id, extend, later);
	tells("2026-11-24 17:00", "");
	tells("2026-11-24 17:18", "");
	tells("2026-11-25 10:00", ""); /* the old target */
	tells("2026-11-26 13:30", "due-reminder suzuki");
	tells("2026-11-27 09:30", "due-digest suzuki");
	tells("2026-11-27 11:48", "due-reminder suzuki");
	tells("2026-11-27 14:54", "due-alert suzuki");
	tells("2026-11-27 16:00", "delay-notice taro"); /* the second promise is kept as well */
	world_end();
}
END_TEST

/* Everything was away for a day: one mail for staff, one for each customer. */
START_TEST(an_outage_is_one_summary)
{
	world();
	person("suzuki", STAFF_AGENT);
	clock_at("2026-11-24 10:00");
	for (int i = 0; i < 450; i++)
		a_mail();
	tells("2026-11-24 10:00", "");
	clock_at("2026-11-24 22:00"); /* back at night: nothing until the opening */
	work();
	ck_assert_str_eq(told(), "");
	clock_at("2026-11-25 09:30");
	work();
	struct outbox o;
	int letters = 0, summaries = 0;
	for (; outbox_get(s, seen + 1, a, &o, NULL) == OK; seen++) {
		letters += strcmp(o.tmpl, "delay-notice") == 0;
		summaries += strcmp(o.tmpl, "due-summary") == 0;
	}
	ck_assert_int_eq(seen, 451);
	ck_assert_int_eq(letters, 450);
	ck_assert_int_eq(summaries, 1);
	reads("回答期限のお知らせが 450 件重なった");
	reads("11月24日(火) 17:18 以降にお送りするはずだった");
	reads("ほか 400 件");
	tells("2026-11-25 09:31", "");
	world_end();
}
END_TEST

/* Forty mails of one night fall due together; nobody gets forty reminders. */
START_TEST(many_at_once_are_one_mail)
{
	world();
	person("suzuki", STAFF_AGENT);
	tells("2026-11-24 20:00", "");
	for (int i = 0; i < 40; i++)
		a_mail();
	tells("2026-11-25 09:30", "due-digest suzuki"); /* all due today */
	tells("2026-11-25 14:00", "due-summary suzuki");
	ck_assert_ptr_null(strstr(text(), "以降にお送りするはずだった"));
	world_end();
}
END_TEST

START_TEST(the_digest_says_what_was_there_at_the_opening)
{
	world();
	int64_t suzuki = person("suzuki", STAFF_AGENT);
	tells("2026-11-23 10:00", ""); /* a holiday */
	tells("2026-11-24 09:00", "");
	clock_at("2026-11-24 09:20");
	int64_t id = a_mail();
	tells("2026-11-24 09:30", "due-digest suzuki");
	change(id, assign, suzuki);
	tells("2026-11-24 09:31", "");
	clock_at("2026-11-25 09:40"); /* the mailer was restarted; nothing came before 9:30 but that one */
	change(id, answer, 0);
	id = a_mail();
	tells("2026-11-25 09:41", "");
	change(id, answer, 0);
	clock_at("2026-11-25 16:00");
	a_mail();
	tells("2026-11-25 17:00", "");
	tells("2026-11-26 09:30", "due-digest suzuki");
	reads("担当未定");
	clock_at("2026-11-26 10:00");
	tells("2026-11-25 12:00", ""); /* set back at noon: not in the break */
	world_end();
}
END_TEST

START_TEST(every_line_of_a_digest_fits)
{
	world();
	int64_t id = person("suzuki", STAFF_AGENT);
	clock_at("2026-10-20 10:00");
	for (int i = 0; i < 3; i++) {
		int64_t t = a_mail();
		change(t, assign, i ? id : 0);
	}
	tells("2026-10-20 10:00", "");
	clock_at("2026-11-24 09:30");
	work();
	told();
	const char *p = text();
	ck_assert_ptr_nonnull(strstr(p, "超過 "));
	for (size_t n; *p; p += n + (p[n] == '\n')) {
		n = strcspn(p, "\n");
		ck_assert_msg(text_width(p, n) <= 76, "%zu columns: %.*s", text_width(p, n), (int)n, p);
	}
	world_end();
}
END_TEST

static void name_it(struct ticket *t, int64_t x)
{
	(void)x;
	t->subject = "【至急】社内のパソコンの画面に警告が出て消えなくなり、電話番号が表示されています。どうすればよいか教えてください (総務部)";
}

/* A customer's subject and name are as long as he likes. */
START_TEST(every_line_of_a_reminder_fits)
{
	world();
	person("suzuki", STAFF_AGENT);
	clock_at("2026-10-20 10:00");
	int64_t id = mail_from("a-very-long-address-of-a-person-in-a-company-with-a-long-name@accounting.sakura-shoji.example", "pass", "no");
	change(id, name_it, 0);
	tells("2026-10-20 10:00", "");
	static const char *const stages[] = { "2026-10-20 15:00", "2026-10-20 17:20", "2026-10-21 09:31", "2026-10-21 11:00" };
	bool seen_title = false;
	for (size_t i = 0; i < sizeof stages / sizeof *stages; i++) {
		clock_at(stages[i]);
		work();
		if (strstr(told(), "digest"))
			continue;
		const char *p = text();
		for (int line = 0; line < 3; line++) /* subject, Reply-To, recipients */
			p = strchrnul(p, '\n') + 1;
		for (size_t n; *p; p += n + (p[n] == '\n')) {
			n = strcspn(p, "\n");
			ck_assert_msg(text_width(p, n) <= 70, "%zu columns: %.*s", text_width(p, n), (int)n, p);
			seen_title |= strncmp(p, "　件名", strlen("　件名")) == 0 && memmem(p, n, "…", strlen("…"));
		}
	}
	ck_assert(seen_title);
	world_end();
}
END_TEST

/* kill -9 at any moment: a child has rounds until it is shot. */
START_TEST(killed_again_and_again)
{
	world();
	person("suzuki", STAFF_AGENT);
	clock_at("2026-11-24 10:00");
	for (int i = 0; i < 3 * DUE_BATCH; i++)
		a_mail();
	tells("2026-11-24 10:00", "");
	clock_at("2026-11-24 17:00");
	store_close(&s);
	srand(11);
	for (int i = 0; i < 40; i++) {
		pid_t child = fork();
		if (child == 0) {
			size_t handled = 1;
			if (store_open(path, master, &ctx.s, &err) == OK)
				while (handled && due_run(&rounds, now, &handled, &err) == OK)
					;
			_exit(0);
		}
		usleep((useconds_t)(rand() % 12000));
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
	}
	ck_ok(store_open(path, master, &s, &err));
	ctx.s = s;
	work();
	struct outbox o;
	int letters = 0, summaries = 0;
	for (; outbox_get(s, seen + 1, a, &o, NULL) == OK; seen++) {
		letters += strcmp(o.tmpl, "delay-notice") == 0;
		summaries += strcmp(o.tmpl, "due-summary") == 0;
	}
	ck_assert_int_eq(letters, 3 * DUE_BATCH);
	ck_assert_int_eq(summaries, 1);
	world_end();
}
END_TEST

/* A hundred thousand tickets wait: a round looks at none of those that are not
 * due, and at no more than a batch of those that are. */
START_TEST(a_round_costs_the_same_with_many_tickets)
{
	world();
	person("suzuki", STAFF_AGENT);
	clock_at("2026-11-24 10:00");
	struct ticket t = { .state = TICKET_OPEN, .channel = "mail", .subject = "x", .opened_at = now,
		            .waiting_since = now, .due_at = cal_due(cal, now) };
	ck_ok(store_begin(s, &err));
	for (int i = 0; i < 100000; i++)
		ck_ok(ticket_create(s, &t, &err));
	ck_ok(store_commit(s, &err));
	size_t handled;
	ck_ok(due_run(&rounds, now, &handled, &err));
	ck_assert_uint_eq(handled, DUE_BATCH);
	work();
	clock_at("2026-11-24 12:00");
	for (int i = 0; i < 2000; i++) {
		ck_ok(due_run(&rounds, now, &handled, &err));
		ck_assert_uint_eq(handled, 0);
	}
	work();
	told();
	clock_at("2026-11-24 14:30");
	ck_ok(due_run(&rounds, now, &handled, &err));
	ck_assert_uint_eq(handled, DUE_BATCH);
	ck_assert_str_eq(told(), "");
	work();
	ck_assert_str_eq(told(), "due-summary suzuki");
	world_end();
}
END_TEST

UNIT_SUITE("due_run", one_clock_from_mail_to_target, whom_it_concerns, the_notice_only_where_a_machine_may_write,
           an_answer_ends_it_and_a_bounce_brings_it_back, a_call_back_delays_no_answered_mail, an_extended_target_begins_anew, an_outage_is_one_summary,
           many_at_once_are_one_mail, the_digest_says_what_was_there_at_the_opening, every_line_of_a_digest_fits,
           every_line_of_a_reminder_fits,
           killed_again_and_again, a_round_costs_the_same_with_many_tickets)
