/*
 * MAG-04, -05, -09: an issue under way, as the books see it, without a Postfix:
 * what people order is heeded, whatever has just happened, and it comes to an end.
 */
#include "store_fixture.h"
#include "bulk_impl.h"
#include "base/xalloc.h"
#include "store/store_impl.h"
#include "store/store_issue_op.h"
#include "store/store_reader.h"
#include <sys/stat.h>

enum { READERS = 3, HOUR = 3600 };

static struct bulk b;
static struct cfg *cfg;
static struct cal *cal;
static struct ret_table *returns;
static struct issue issue;
static epoch t; /* its time */

static void begin(void) { ck_ok(store_begin(s, &err)); }
static void commit(void) { ck_ok(store_commit(s, &err)); }

static int64_t number(const char *sql)
{
	sqlite3_stmt *st;
	ck_assert_int_eq(sqlite3_prepare_v2(s->db, sql, -1, &st, NULL), SQLITE_OK);
	ck_assert_int_eq(sqlite3_step(st), SQLITE_ROW);
	int64_t n = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return n;
}

static void read_issue(void)
{
	ck_ok(issue_get(s, issue.id, a, &issue, &err));
}

static int64_t rows(enum rcpt_state state)
{
	int64_t v[RCPT_STATES];
	ck_ok(ledger_counts(s, issue.id, v, &err));
	ck_ok(ledger_audit(s, issue.id, &err));
	return v[state];
}

/* An approved issue, three readers, an editor; nobody sends anything yet. */
static void setup(void)
{
	char sub[96];
	open_new();
	t = epoch_of(2026, 11, 25, 15, 0, 0);
	snprintf(sub, sizeof sub, "%s/store", dir); /* the saved list of readers goes there */
	ck_assert_int_eq(mkdir(sub, 0700), 0);
	ck_ok(cfg_parse("t", "news_window = 6\n", dir, &cfg, &err));
	cal = cal_new();
	ck_ok(ret_table_load("conf/mail", &returns, &err));
	b = (struct bulk){ .cfg = cfg, .cal = cal, .returns = returns, .build = { .cfg = cfg, .s = s } };
	token_init(&b.build.token, master, "sodan", "example.jp");
	token_news_init(&b.build.token, "henshu", "member", "magazine");
	pace_rules_load(cfg, &b.rules);
	struct message m = a_message(0, 77);
	struct staff mori = { .login = "mori", .name = "森 編集", .address = "mori@example.jp", .roles = STAFF_EDITOR, .active = true };
	begin();
	ck_ok(staff_add(s, &mori, &err));
	for (int i = 0; i < READERS; i++) {
		struct reader r = { .addr = arena_printf(a, "r%d@c%d.example", i, i), .name = "", .state = READER_ACTIVE, .why = "" };
		ck_ok(reader_add(s, &r, t - HOUR, &err));
	}
	ck_ok(message_insert(s, &m, "x", 1, &err));
	issue = (struct issue){ .state = ISSUE_SCHEDULED, .created_at = t - HOUR, .draft_id = m.id, .subject = "第1号", .send_at = t };
	ck_ok(issue_add(s, &issue, &err));
	commit();
	read_issue();
}

static void end(void)
{
	char sub[120];
	while (b.nruns)
		bulk_run_free(&b, b.runs[0]);
	bulk_queue_free(&b.queue);
	bulk_alarm_free(&b.alarm);
	for (size_t i = 0; i < b.ndomains; i++)
		free(b.domains[i].name);
	free(b.domains), free(b.domain_index), free(b.doubts);
	cal_free(&cal);
	ret_table_free(&returns);
	cfg_free(&cfg);
	snprintf(sub, sizeof sub, "%s/store/readers.csv", dir), unlink(sub);
	snprintf(sub, sizeof sub, "%s/store/readers.1.csv", dir), unlink(sub);
	snprintf(sub, sizeof sub, "%s/store", dir), rmdir(sub);
	done();
}

/* In memory, as bulk_run_load has it; its mail is of no account here. */
static struct bulk_run *run(void)
{
	struct bulk_run *r = xcalloc(1, sizeof *r);
	r->a = arena_new();
	r->tail = r->body.head = r->body.body = SB_INIT;
	ck_ok(issue_get(s, issue.id, r->a, &r->issue, &err));
	r->paused = r->issue.state != ISSUE_SENDING;
	b.runs[b.nruns++] = r;
	return r;
}

/* It goes out, everybody is claimed, and Postfix has said nothing. */
static struct bulk_run *under_way(void)
{
	bool more;
	ck_ok(bulk_set_state(&b, &issue, ISSUE_SENDING, "", t, NULL, &err));
	begin();
	ck_ok(ledger_expand(s, issue.id, 100, t, &more, &err));
	for (int i = 1; i <= READERS; i++)
		ck_ok(ledger_move(s, issue.id, i, RCPT_CLAIMED, "", "", t, NULL, &err));
	commit();
	read_issue();
	struct bulk_run *r = run();
	r->out = READERS;
	return r;
}

/* A worker comes back. */
static void says(struct bulk_run *r, int64_t reader, enum bulk_outcome outcome, const char *why, epoch now)
{
	struct bulk_job j = { .run = r, .reader = reader, .outcome = outcome };
	snprintf(j.why, sizeof j.why, "%s", why);
	snprintf(j.addr, sizeof j.addr, "r%d@c%d.example", (int)reader - 1, (int)reader - 1);
	j.domain = bulk_domain(&b, j.addr);
	snprintf(j.queue_id, sizeof j.queue_id, "4X%d", (int)reader);
	r->out--;
	begin();
	ck_ok(bulk_book_job(&b, &j, now, &err));
	commit();
}

static void comes_back(struct bulk_run *r, int64_t reader, enum bulk_outcome outcome, epoch now)
{
	says(r, reader, outcome, "451 4.3.0 later", now);
}

static void look(epoch now)
{
	b.looked_ms = 0;
	ck_ok(bulk_issues(&b, now, &err));
	read_issue();
}

static void order(enum status (*word)(struct store *, struct issue *, const struct issue_by *, struct err *), epoch now)
{
	struct issue_by by = { .who = "staff:mori", .staff_id = 1, .now = now };
	struct issue i;
	begin();
	ck_ok(issue_get(s, issue.id, a, &i, &err));
	ck_ok(word(s, &i, &by, &err));
	commit();
}

#define STOPPED "SELECT count(*) FROM outbox WHERE tmpl = 'issue-stopped'"

START_TEST(postfix_was_stuck_and_a_word_lets_it_go_on)
{
	setup();
	struct bulk_run *r = under_way();
	for (int i = 1; i <= READERS; i++)
		comes_back(r, i, BULK_LATER, t + 60);
	look(t + HOUR);
	ck_assert_int_eq(issue.state, ISSUE_SENDING);
	look(t + 7 * HOUR); /* the window is over */
	ck_assert_int_eq(issue.state, ISSUE_PAUSED);
	ck_assert_int_eq(number(STOPPED), 1);
	look(t + 8 * HOUR);
	order(issue_resume, t + 8 * HOUR);
	look(t + 8 * HOUR + 1);
	ck_assert_int_eq(issue.state, ISSUE_SENDING);
	ck_assert(!r->paused);
	ck_assert_int_eq(r->retry_ms, 0); /* tried at once */
	ck_assert_int_eq(number(STOPPED), 1);
	r->out = 1;
	comes_back(r, 1, BULK_LATER, t + 8 * HOUR + 2); /* it still is */
	look(t + 8 * HOUR + 500);
	ck_assert_int_eq(issue.state, ISSUE_SENDING);
	look(t + 8 * HOUR + 700);
	ck_assert_int_eq(issue.state, ISSUE_PAUSED);
	ck_assert_int_eq(number(STOPPED), 2);
	end();
}
END_TEST

/* What workers had in hand when it was called off comes back untaken. */
START_TEST(called_off_it_ends_whatever_comes_back)
{
	setup();
	struct bulk_run *r = under_way();
	comes_back(r, 1, BULK_TAKEN, t + 1);
	comes_back(r, 2, BULK_LATER, t + 1);
	order(issue_cancel, t + 2);
	look(t + 3);
	ck_assert_int_eq(rows(RCPT_SUPPRESSED), 1);
	comes_back(r, 3, BULK_LATER, t + 4);
	look(t + 5);
	ck_assert_int_eq(rows(RCPT_PENDING), 0);
	ck_assert_int_eq(rows(RCPT_SUPPRESSED), 2);
	ck_assert_int_eq(issue.state, ISSUE_SENDING); /* Postfix still has one */
	begin();
	ck_ok(ledger_move(s, issue.id, 1, RCPT_DELIVERED, "", "", t + 6, NULL, &err));
	commit();
	look(t + 7);
	ck_assert_int_eq(issue.state, ISSUE_CANCELLED);
	ck_assert_uint_eq(b.nruns, 0);
	ck_assert_int_eq(number("SELECT count(*) FROM report_job"), 1);
	end();
}
END_TEST

/* The engine read an issue; a person orders something; only then it writes. */
static void redraft(void)
{
	struct issue_by by = { .who = "staff:mori", .staff_id = 1, .now = t };
	struct message m = a_message(0, 78);
	struct issue i, from;
	begin();
	ck_ok(message_insert(s, &m, "y", 1, &err));
	ck_ok(issue_get(s, issue.id, a, &i, &err));
	from = (struct issue){ .draft_id = m.id, .subject = "第1号 (改)", .size = 5 };
	ck_ok(issue_redraft(s, &i, &from, &by, &err));
	commit();
}

static void another_time(void)
{
	struct issue_by by = { .who = "staff:mori", .staff_id = 1, .now = t };
	struct issue i;
	begin();
	ck_ok(issue_get(s, issue.id, a, &i, &err));
	ck_ok(issue_set_time(s, &i, t + 24 * HOUR, &by, &err));
	commit();
}

START_TEST(an_order_is_not_overtaken_by_the_beginning)
{
	setup();
	struct issue was = issue;
	another_time();
	ck_ok(bulk_set_state(&b, &was, ISSUE_SENDING, "", t, "issue-late", &err));
	ck_assert_int_eq(was.state, ISSUE_SCHEDULED); /* it did not become so */
	read_issue();
	ck_assert_int_eq(issue.state, ISSUE_SCHEDULED);
	ck_assert_int_eq(issue.send_at, t + 24 * HOUR);
	was = issue;
	redraft();
	ck_ok(bulk_set_state(&b, &was, ISSUE_SENDING, "", t, "issue-late", &err));
	read_issue();
	ck_assert_int_eq(issue.state, ISSUE_DRAFT);
	ck_assert_str_eq(issue.subject, "第1号 (改)");
	was = issue;
	was.state = ISSUE_SCHEDULED; /* as if it had been approved and called off since */
	order(issue_cancel, t);
	ck_ok(bulk_set_state(&b, &was, ISSUE_SENDING, "", t, "issue-late", &err));
	read_issue();
	ck_assert_int_eq(issue.state, ISSUE_CANCELLED);
	ck_assert_int_eq(issue.started_at, 0);
	ck_assert_int_eq(number("SELECT count(*) FROM outbox"), 0); /* and nobody is told what is not so */
	end();
}
END_TEST

START_TEST(an_order_is_not_overtaken_by_a_stop)
{
	setup();
	struct bulk_run *r = under_way();
	order(issue_cancel, t + 1); /* not looked at yet */
	begin();
	ck_ok(bulk_pause(&b, r, "宛先不明", t + 1, &err));
	commit();
	ck_assert(!r->paused);
	read_issue();
	ck_assert_int_eq(issue.state, ISSUE_SENDING);
	ck_assert(issue.told & ISSUE_CANCELLING);
	ck_assert_int_eq(number(STOPPED), 0);
	for (int i = 1; i <= READERS; i++)
		comes_back(r, i, BULK_LATER, t + 1);
	look(t + 2);
	look(t + 3);
	ck_assert_int_eq(issue.state, ISSUE_CANCELLED);
	end();
}
END_TEST

/* What was told stays told, though the run in memory is a second behind. */
START_TEST(a_stop_writes_what_is_its_own)
{
	setup();
	struct bulk_run *r = under_way();
	struct issue i = issue;
	r->stuck_at = t;
	ck_ok(bulk_watch_run(&b, r, &i, t + HOUR, &err));
	begin();
	ck_ok(bulk_pause(&b, r, "宛先不明", t + HOUR, &err));
	commit();
	read_issue();
	ck_assert_int_eq(issue.state, ISSUE_PAUSED);
	ck_assert_str_eq(issue.why, "宛先不明");
	ck_assert(issue.told & ISSUE_TOLD_FAILING);
	ck_assert_int_eq(number(STOPPED), 1);
	end();
}
END_TEST

/* ---- what waits for a person's word ------------------------------------------------------- */

static enum status in_two_weeks(struct store *st, struct issue *i, const struct issue_by *by, struct err *e)
{
	return issue_set_time(st, i, t + 336 * HOUR, by, e);
}

START_TEST(what_waits_again_has_its_time_again)
{
	enum status (*const words[])(struct store *, struct issue *, const struct issue_by *, struct err *) = { issue_resume, in_two_weeks };
	for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
		setup();
		order(in_two_weeks, t - 3 * HOUR);
		order(issue_pause, t - 3 * HOUR);
		look(t - 3 * HOUR + 1);
		ck_assert_int_eq(issue.waits_since, t - 3 * HOUR + 1);
		order(words[k], t - 2 * HOUR);
		read_issue();
		ck_assert_int_eq(issue.state, ISSUE_SCHEDULED);
		ck_assert(!issue.waits_since && !issue.asked_at);
		order(issue_pause, t + 200 * HOUR);
		look(t + 200 * HOUR + 1);
		ck_assert_int_eq(issue.state, ISSUE_HELD);
		ck_assert_int_eq(issue.waits_since, t + 200 * HOUR + 1);
		look(t + 319 * HOUR);
		ck_assert_int_eq(issue.state, ISSUE_HELD);
		look(t + 321 * HOUR); /* news_life is 120 hours */
		ck_assert_int_eq(issue.state, ISSUE_CANCELLED);
		end();
	}
}
END_TEST

/* An older version left the stamp where it was. */
START_TEST(a_stamp_of_another_time_ends_nothing)
{
	for (int late = 0; late < 2; late++) {
		setup();
		begin();
		ck_ok(issue_waits(s, issue.id, t - 200 * HOUR, t - 100 * HOUR, &err));
		commit();
		if (!late)
			order(issue_pause, t - HOUR);
		look(late ? t + 7 * HOUR : t - HOUR + 1); /* the host was down: it is held for a decision */
		ck_assert_int_eq(issue.state, ISSUE_HELD);
		ck_assert_int_eq(issue.waits_since, late ? t + 7 * HOUR : t - HOUR + 1);
		ck_assert_int_eq(number("SELECT count(*) FROM outbox WHERE tmpl = 'issue-given-up'"), 0);
		end();
	}
}
END_TEST

START_TEST(a_new_draft_waits_no_more)
{
	setup();
	order(issue_pause, t - HOUR);
	look(t - HOUR + 1);
	ck_assert(issue.waits_since);
	redraft();
	read_issue();
	ck_assert(issue.state == ISSUE_DRAFT && !issue.waits_since && !issue.asked_at);
	begin();
	ck_ok(issue_waits(s, issue.id, t, t, &err));
	ck_ok(issue_update(s, &issue, &err)); /* in its state its stamp stays */
	commit();
	read_issue();
	ck_assert(issue.waits_since == t && issue.asked_at == t);
	end();
}
END_TEST

/* ---- refused at our own door ---------------------------------------------------------------- */

#define ACTIVE "SELECT count(*) FROM reader WHERE state = 0"

/* The administrator's restrictions, which Postfix applies at RCPT. */
START_TEST(a_door_that_takes_nobody_burns_no_issue)
{
	static const char *const words[] = {
		"554 5.7.1 <client.example[192.0.2.1]>: Client host rejected: Access denied",
		"554 5.7.1 <r0@c0.example>: Recipient address rejected: Access denied",
		"554 5.7.1 <r0@c0.example>: Relay access denied",
		"504 5.5.2 <mx>: Helo command rejected: need fully-qualified hostname",
		"501 5.5.2 <m x>: Helo command rejected: Invalid name",
		"550 5.1.8 <news@example.jp>: Sender address rejected: Domain not found",
		"504 5.5.2 <news@mx>: Sender address rejected: need fully-qualified address",
		"550 5.7.23 <r0@c0.example>: Recipient address rejected: Message rejected due to: SPF fail",
		"550 5.7.25 Client host rejected: cannot find your hostname, [192.0.2.1]",
		"554 5.3.0 <r0@c0.example>: Recipient address rejected: Server configuration error",
	};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		setup();
		struct bulk_run *r = under_way();
		for (int k = 1; k <= READERS; k++)
			says(r, k, BULK_REFUSED, arena_printf(a, "Postfix said: %s", words[i]), t + k);
		look(t + 10);
		ck_assert_msg(issue.state == ISSUE_PAUSED, "%s", words[i]);
		ck_assert_ptr_nonnull(strstr(issue.why, words[i]));
		ck_assert_int_eq(number(STOPPED), 1);
		ck_assert_int_eq(rows(RCPT_PENDING), READERS);
		ck_assert_int_eq(rows(RCPT_BOUNCED), 0);
		ck_assert_int_eq(number(ACTIVE), READERS);
		order(issue_resume, t + 20); /* the administrator has seen to it */
		look(t + 21);
		ck_assert_int_eq(issue.state, ISSUE_SENDING);
		end();
	}
}
END_TEST

/* A rule of our Postfix about one reader: it stops the issue, but once others go out it is his refusal. */
START_TEST(a_rule_about_one_reader_stops_it_not_for_ever)
{
	static const char words[] = "Postfix said: 554 5.7.1 <r0@c0.example>: Recipient address rejected: Access denied";
	setup();
	struct bulk_run *r = under_way();
	says(r, 1, BULK_REFUSED, words, t + 1);
	look(t + 2);
	ck_assert_int_eq(issue.state, ISSUE_PAUSED);
	order(issue_resume, t + 10);
	look(t + 11);
	says(r, 2, BULK_TAKEN, "", t + 12);
	begin();
	ck_ok(ledger_move(s, issue.id, 1, RCPT_CLAIMED, "", "", t + 12, NULL, &err));
	commit();
	r->out++;
	says(r, 1, BULK_REFUSED, words, t + 13);
	look(t + 14);
	ck_assert_int_eq(issue.state, ISSUE_SENDING);
	ck_assert_int_eq(rows(RCPT_BOUNCED), 1);
	ck_assert_int_eq(number(ACTIVE), READERS); /* a policy is no fault of his address */
	end();
}
END_TEST

START_TEST(a_bad_address_is_its_readers_alone)
{
	static const char *const words[] = {
		"550 5.1.1 <r0@c0.example>: Recipient address rejected: User unknown in local recipient table",
		"550 5.1.2 <r0@c0.example>: Recipient address rejected: Domain not found",
		"501 5.1.3 Bad recipient address syntax",
		"504 5.5.2 <r0@c0>: Recipient address rejected: need fully-qualified address",
	};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		setup();
		struct bulk_run *r = under_way();
		says(r, 1, BULK_REFUSED, arena_printf(a, "Postfix said: %s", words[i]), t + 1);
		look(t + 2);
		ck_assert_msg(issue.state == ISSUE_SENDING, "%s", words[i]);
		ck_assert_int_eq(rows(RCPT_BOUNCED), 1);
		ck_assert_int_eq(number(ACTIVE), READERS - 1);
		ck_assert(r->results == 1 && r->hard == 1);
		r->results = 400, r->hard = 100; /* many before him */
		says(r, 2, BULK_REFUSED, arena_printf(a, "Postfix said: %s", words[i]), t + 3);
		look(t + 4);
		ck_assert_int_eq(issue.state, ISSUE_PAUSED);
		ck_assert_int_eq(number(STOPPED), 1);
		end();
	}
}
END_TEST

UNIT_SUITE("bulk_issue", postfix_was_stuck_and_a_word_lets_it_go_on, called_off_it_ends_whatever_comes_back,
           an_order_is_not_overtaken_by_the_beginning, an_order_is_not_overtaken_by_a_stop, a_stop_writes_what_is_its_own,
           what_waits_again_has_its_time_again, a_stamp_of_another_time_ends_nothing, a_new_draft_waits_no_more,
           a_door_that_takes_nobody_burns_no_issue, a_rule_about_one_reader_stops_it_not_for_ever, a_bad_address_is_its_readers_alone)
