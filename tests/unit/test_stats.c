/*
 * DESK-16: the numbers of a month, counted by hand. Times are reply time: 9:30 to
 * 12:00 and 13:00 to 17:30 on business days.
 */
#include "store_fixture.h"
#include "doc.h"
#include "stats_load.h"
#include "stats_mail.h"
#include "store/store_outbox.h"
#include "store/store_contract.h"
#include "store/store_period.h"
#include "store/store_ticket_op.h"
#include "text/csv.h"
#include "text/layout.h"

static struct cal *cal;
static struct stats r;

static epoch at(const char *text)
{
	epoch t;
	ck_assert_msg(civil_parse_time(text, &t), "%s", text);
	return t;
}

static void desk(void)
{
	open_new();
	cal = cal_new();
	ck_ok(store_begin(s, &err));
}

static void closed(void)
{
	cal_free(&cal);
	done();
}

/* A mail comes in; the caller has a transaction open. */
static struct ticket asked(const char *when, int category, const char *channel)
{
	struct ticket t = { .state = TICKET_OPEN, .channel = channel, .subject = "x", .category = category, .opened_at = at(when),
		            .waiting_since = at(when), .due_at = cal_due(cal, at(when)) };
	ck_ok(ticket_create(s, &t, &err));
	return t;
}

static void answered(struct ticket *t, const char *when)
{
	ck_ok(ticket_answer(s, t, 0, at(when), &err));
}

static void again(struct ticket *t, const char *when)
{
	t->state = TICKET_OPEN;
	t->waiting_since = at(when);
	t->due_at = cal_due(cal, at(when));
	ck_ok(ticket_update(s, t, &err));
}

static struct ticket_by by(const char *when)
{
	return (struct ticket_by){ "staff:suzuki", at(when) };
}

static void count(int year, int mon, const char *now)
{
	const struct stats_load l = { s, cal, NULL };
	ck_ok(store_commit(s, &err));
	ck_ok(stats_load(&l, year, mon, at(now), a, &r, &err));
}

#define M (&r.m[STATS_MONTHS - 1])
enum { MINUTE = 60, HOUR = 3600 };

START_TEST(an_empty_desk_has_an_empty_month)
{
	desk();
	count(2026, 10, "2026-11-01 09:00");
	ck_assert_int_eq(M->opened + M->answered + M->unanswered + M->median + r.backlog[0].n, 0);
	ck_assert(M->known);
	ck_assert(!r.m[STATS_MONTHS - 2].known); /* before the desk began */
	ck_assert_uint_eq(r.category.n, 0);
	struct stats_mail m;
	stats_mail(&r, true, "example.jp", "", a, &m);
	ck_assert_uint_gt(m.png.len, 1000);
	const struct outbox o = { .vars = m.vars.s, .vars_len = m.vars.len };
	ck_assert_str_eq(outbox_var(&o, "in_time"), "－");
	stats_mail_free(&m);
	closed();
}
END_TEST

START_TEST(one_ticket)
{
	desk();
	struct ticket t = asked("2026-10-05 10:00", 3, "mail"); /* Monday */
	answered(&t, "2026-10-05 14:00");                        /* 10-12 and 13-14 */
	count(2026, 10, "2026-11-01 09:00");
	ck_assert_int_eq(M->opened, 1);
	ck_assert_int_eq(M->answered, 1);
	ck_assert_int_eq(M->in_time, 1);
	ck_assert_int_eq(M->median, 3 * HOUR);
	ck_assert_int_eq(M->p90, 3 * HOUR);
	ck_assert_int_eq(M->longest, 3 * HOUR);
	ck_assert_int_eq(r.weekday[1].n[STATS_THIS], 1);
	ck_assert_int_eq(r.hour[10].n[STATS_THIS], 1);
	ck_assert_str_eq(r.category.v[0].name, "分類 3");
	ck_assert_str_eq(r.contract.v[0].name, "契約なし・不明");
	closed();
}
END_TEST

/* 1h, 2h, 3h, 4h and one of 8h: the due time of one business day is missed by it alone. */
START_TEST(median_p90_and_share_in_time)
{
	static const char *const ends[] = { "10:30", "11:30", "13:30", "14:30" };
	char when[32];
	desk();
	for (size_t i = 0; i < 4; i++) {
		struct ticket t = asked("2026-10-05 09:30", 0, "mail");
		snprintf(when, sizeof when, "2026-10-05 %s", ends[i]);
		answered(&t, when);
	}
	struct ticket late = asked("2026-10-05 09:30", 0, "phone");
	answered(&late, "2026-10-06 10:30");
	count(2026, 10, "2026-11-01 09:00");
	ck_assert_int_eq(M->answered, 5);
	ck_assert_int_eq(M->in_time, 4);
	ck_assert_int_eq(M->median, 3 * HOUR);
	ck_assert_int_eq(M->p90, 8 * HOUR);
	ck_assert_int_eq(r.channel.v[0].n[STATS_THIS], 4);
	ck_assert_str_eq(r.channel.v[0].name, "メール");
	ck_assert_str_eq(r.channel.v[1].name, "電話");
	closed();
}
END_TEST

START_TEST(percentiles_by_hand)
{
	const int64_t v[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 };
	ck_assert_int_eq(stats_median(v, 10), 5); /* of 5 and 6, to the second */
	ck_assert_int_eq(stats_median(v, 3), 2);
	ck_assert_int_eq(stats_median(v, 0), 0);
	ck_assert_int_eq(stats_percentile(v, 10, 90), 9);
	ck_assert_int_eq(stats_percentile(v, 9, 90), 9);
	ck_assert_int_eq(stats_percentile(v, 1, 90), 1);
}
END_TEST

/* Put off: late by the original target, in time by the one that was promised. */
START_TEST(both_targets_count)
{
	desk();
	struct ticket t = asked("2026-10-05 10:00", 0, "mail");
	const struct ticket_by who = by("2026-10-05 15:00");
	ck_ok(ticket_extend(s, &t, at("2026-10-08 10:00"), "x", &who, &err));
	answered(&t, "2026-10-07 10:00");
	count(2026, 10, "2026-11-01 09:00");
	ck_assert_int_eq(M->in_time, 0);
	ck_assert_int_eq(M->in_promise, 1);
	ck_assert_int_eq(M->median, 14 * HOUR);
	closed();
}
END_TEST

/* At noon the hour stands still, the target does not: due 12:00, answered 12:10. */
START_TEST(an_answer_at_noon_can_be_late)
{
	desk();
	struct ticket t = asked("2026-10-05 12:30", 0, "mail"), u = asked("2026-10-05 12:30", 0, "mail");
	ck_assert_int_eq(t.due_at, at("2026-10-06 12:00"));
	answered(&t, "2026-10-06 12:00");
	answered(&u, "2026-10-06 12:10");
	count(2026, 10, "2026-11-01 09:00");
	ck_assert_int_eq(M->in_time, 1);
	ck_assert_int_eq(M->longest, 7 * HOUR);
	closed();
}
END_TEST

/* Opened in December, answered on the first reply hour of the next year: 12/29 to 1/3 are no days. */
START_TEST(over_new_year)
{
	desk();
	struct ticket t = asked("2026-12-28 17:00", 0, "mail");
	answered(&t, "2027-01-04 10:00");
	count(2026, 12, "2027-01-01 09:00");
	ck_assert_int_eq(M->opened, 1);
	ck_assert_int_eq(M->answered, 0);
	ck_assert_int_eq(r.backlog[STATS_THIS].n, 1);
	ck_assert_int_eq(r.backlog[STATS_THIS].overdue, 0);
	ck_assert_int_eq(r.backlog[STATS_THIS].longest, 30 * MINUTE);
	ck_ok(store_begin(s, &err));
	count(2027, 1, "2027-02-01 09:00");
	ck_assert_int_eq(M->opened, 0);
	ck_assert_int_eq(M->answered, 1);
	ck_assert_int_eq(M->median, HOUR); /* 17:00-17:30, 9:30-10:00 */
	ck_assert_int_eq(r.m[STATS_MONTHS - 2].year, 2026);
	ck_assert_int_eq(r.backlog[STATS_THIS].n, 0);
	ck_assert_int_eq(r.backlog[STATS_BEFORE].n, 1);
	closed();
}
END_TEST

/* 2026-09-21 to 23 are holidays: from Friday evening to Thursday morning is half an hour. */
START_TEST(over_holidays)
{
	desk();
	struct ticket t = asked("2026-09-18 18:00", 0, "mail");
	answered(&t, "2026-09-24 10:00");
	count(2026, 9, "2026-10-01 09:00");
	ck_assert_int_eq(M->median, 30 * MINUTE);
	ck_assert_int_eq(M->in_time, 1);
	closed();
}
END_TEST

START_TEST(the_29th_of_february_is_of_february)
{
	desk();
	asked("2028-02-29 23:59:59", 0, "mail");
	asked("2028-03-01 00:00:00", 0, "mail");
	count(2028, 2, "2028-03-01 09:00");
	ck_assert_int_eq(M->opened, 1);
	ck_assert_int_eq(M->to - M->from, 29 * 86400);
	closed();
}
END_TEST

START_TEST(compared_with_the_month_and_the_year_before)
{
	desk();
	asked("2025-10-31 23:00", 1, "mail");
	asked("2026-09-01 00:00", 1, "mail");
	asked("2026-09-30 10:00", 2, "mail");
	asked("2026-10-01 10:00", 2, "mail");
	asked("2025-09-30 10:00", 2, "mail"); /* outside */
	count(2026, 10, "2026-11-01 09:00");
	ck_assert_int_eq(r.m[0].opened, 1);
	ck_assert_int_eq(r.m[11].opened, 2);
	ck_assert_int_eq(M->opened, 1);
	ck_assert_uint_eq(r.category.n, 2);
	ck_assert_int_eq(r.category.v[0].key, 2); /* the most of this month first */
	ck_assert_int_eq(r.category.v[0].n[STATS_BEFORE], 1);
	ck_assert_int_eq(r.category.v[1].n[STATS_YEAR_AGO], 1);
	closed();
}
END_TEST

/* Answered, but the mail came back: he waits on, since the first mail. */
START_TEST(an_answer_that_bounced_is_none)
{
	desk();
	struct ticket t = asked("2026-10-05 10:00", 0, "mail");
	char at[24];
	bool reopened;
	struct sb vars = SB_INIT;
	snprintf(at, sizeof at, "%lld", (long long)t.waiting_since);
	outbox_var_add(&vars, "waiting_since", at);
	snprintf(at, sizeof at, "%lld", (long long)t.due_at);
	outbox_var_add(&vars, "due_at", at);
	const struct outbox o = { .kind = OUT_REPLY, .ticket_id = t.id, .vars = vars.s, .vars_len = vars.len };
	answered(&t, "2026-10-05 11:00");
	ck_ok(ticket_answer_undo(s, &t, &o, t.last_at, t.last_at + 3600, &reopened, &err));
	ck_assert(reopened);
	sb_free(&vars);
	count(2026, 10, "2026-11-01 09:00");
	ck_assert_int_eq(M->answered, 0);
	ck_assert_int_eq(r.backlog[STATS_THIS].n, 1);
	ck_assert_int_eq(r.backlog[STATS_THIS].age[4], 1);
	ck_ok(store_begin(s, &err));
	answered(&t, "2026-11-02 10:00");
	count(2026, 10, "2026-11-10 09:00");
	ck_assert_int_eq(M->answered, 0);
	ck_assert_int_eq(r.backlog[STATS_THIS].n, 1); /* at the month's end he waited */
	closed();
}
END_TEST

START_TEST(each_wait_of_a_ticket_counts)
{
	desk();
	struct ticket t = asked("2026-10-05 10:00", 0, "mail");
	answered(&t, "2026-10-05 11:00");
	answered(&t, "2026-10-05 11:30"); /* nobody waited: no period */
	again(&t, "2026-10-06 10:00");
	answered(&t, "2026-10-06 10:30");
	count(2026, 10, "2026-11-01 09:00");
	ck_assert_int_eq(M->opened, 1);
	ck_assert_int_eq(M->answered, 2);
	ck_assert_int_eq(M->median, 45 * MINUTE);
	closed();
}
END_TEST

START_TEST(closed_and_reopened)
{
	desk();
	struct ticket t = asked("2026-10-05 10:00", 0, "mail"), u = asked("2026-10-05 10:00", 0, "mail");
	const struct ticket_by who = by("2026-10-05 12:00");
	ck_ok(ticket_close(s, &t, &who, &err));
	ck_ok(ticket_close(s, &u, &who, &err));
	ck_ok(ticket_reopen(s, &u, at("2026-10-05 10:00"), at("2026-10-06 10:00"), &who, &err));
	count(2026, 10, "2026-11-01 09:00");
	ck_assert_int_eq(r.events[STATS_THIS][STATS_CLOSED], 2);
	ck_assert_int_eq(r.events[STATS_THIS][STATS_REOPENED], 1);
	ck_assert_int_eq(M->unanswered, 1);
	ck_assert_int_eq(M->answered, 0);
	ck_assert_int_eq(r.backlog[STATS_THIS].n, 1); /* he waits again, and is there once */
	closed();
}
END_TEST

/* 25 contracts: 20 by name, 5 in one line, nothing lost. */
START_TEST(top_20_and_the_others)
{
	desk();
	for (int64_t i = 1; i <= 25; i++) {
		struct contract c = { .id = 0 };
		char number[16];
		snprintf(number, sizeof number, "N%09lld", (long long)i);
		c.v[CF_N_NUMBER] = number;
		c.v[CF_NAME] = i == 1 ? "=cmd|さくら商事" : "みどり";
		ck_ok(contract_insert(s, &c, 1, &err));
		for (int k = 0; k < (i == 1 ? 3 : 1); k++) {
			struct ticket t = { .state = TICKET_CLOSED, .channel = "mail", .subject = "x", .contract_id = c.id,
				            .opened_at = at("2026-10-05 10:00") };
			ck_ok(ticket_create(s, &t, &err));
		}
	}
	count(2026, 10, "2026-11-01 09:00");
	ck_assert_uint_eq(r.contract.n, 21);
	ck_assert_uint_eq(r.contract.others, 5);
	ck_assert_int_eq(r.contract.v[0].n[0], 3);
	ck_assert_str_eq(r.contract.v[20].name, "その他 (5 契約)");
	int64_t sum = 0;
	for (size_t i = 0; i < r.contract.n; i++)
		sum += r.contract.v[i].n[0];
	ck_assert_int_eq(sum, M->opened);
	closed();
}
END_TEST

START_TEST(a_month_that_runs_is_counted_until_now)
{
	desk();
	struct ticket t = asked("2026-11-02 10:00", 0, "mail");
	count(2026, 11, "2026-11-04 09:30"); /* 11/3 is a holiday */
	ck_assert(!r.whole);
	ck_assert_int_eq(r.backlog[STATS_THIS].longest, 6 * HOUR + 30 * MINUTE);
	ck_assert_int_eq(r.backlog[STATS_THIS].age[0], 1);
	(void)t;
	closed();
}
END_TEST

/* ---- the forms ---------------------------------------------------------------------- */

static void some_rows(void)
{
	for (int i = 0; i < 12; i++) {
		struct ticket t = asked("2026-10-05 10:00", i % 5, i % 3 ? "mail" : "phone");
		if (i % 4)
			answered(&t, i % 2 ? "2026-10-05 11:30" : "2026-10-09 17:30");
	}
}

START_TEST(text_stands_in_columns)
{
	desk();
	some_rows();
	count(2026, 10, "2026-11-01 09:00");
	struct doc d = { .a = a };
	struct sb out = SB_INIT;
	stats_doc(&r, true, &d);
	doc_text(&d, 0, d.n, &out);
	for (const char *p = out.s, *nl; *p; p = nl + 1) {
		nl = strchr(p, '\n');
		ck_assert_ptr_nonnull(nl);
		ck_assert_msg(text_width(p, (size_t)(nl - p)) <= DOC_TEXT_COLS, "%.*s", (int)(nl - p), p);
		ck_assert_msg(nl == p || nl[-1] != ' ', "%.*s", (int)(nl - p), p);
	}
	ck_assert_ptr_nonnull(strstr(out.s, "2026年10月"));
	ck_assert_ptr_nonnull(strstr(out.s, "■■■■■■■■■■\n"));
	ck_assert_ptr_nonnull(strstr(out.s, "－")); /* the desk was not there in September */
	sb_free(&out);
	closed();
}
END_TEST

START_TEST(csv_is_read_back)
{
	desk();
	struct doc d = { .a = a };
	struct sb out = SB_INIT;
	struct csv *c;
	struct csv_row row;
	size_t n = 0;
	struct doc_section *sec = doc_section(&d, "契約別");
	doc_col(sec, "10月", "2026年10月");
	doc_set(doc_row(&d, sec, "=HYPERLINK(\"http://x\")"), 0, DOC_COUNT, 3);
	doc_set(doc_row(&d, sec, "時間"), 0, DOC_SPAN, 9000);
	doc_set(doc_row(&d, sec, "率"), 0, DOC_PERMILLE, 951);
	doc_row(&d, sec, "なし");
	doc_csv(&d, &out);
	static const char *const want[][5] = { { "区分", "項目", "列", "値", "単位" }, { "契約別", "'=HYPERLINK(\"http://x\")", "2026年10月", "3", "件" },
		{ "契約別", "時間", "2026年10月", "150", "分" }, { "契約別", "率", "2026年10月", "95.1", "%" }, { "契約別", "なし", "2026年10月", "", "件" } };
	ck_assert_int_eq(memcmp(out.s, "\xEF\xBB\xBF", 3), 0);
	ck_ok(csv_open(out.s, out.len, &c, &err));
	while (csv_next(c, &row, &err) == OK) {
		ck_assert_uint_eq(row.n, 5);
		for (size_t i = 0; i < 5; i++)
			ck_assert_str_eq(row.v[i], want[n][i]);
		n++;
	}
	ck_assert_uint_eq(n, 5);
	csv_free(&c);
	sb_free(&out);
	ck_ok(store_commit(s, &err));
	closed();
}
END_TEST

START_TEST(html_escapes_what_is_from_outside)
{
	desk();
	struct doc d = { .a = a };
	struct sb out = SB_INIT;
	struct doc_section *sec = doc_section(&d, "<契約>");
	doc_col(sec, "10月", "2026年10月");
	doc_set(doc_row(&d, sec, "<script>&\"</table>"), 0, DOC_COUNT, 3);
	doc_html(&d, 0, 1, &out);
	ck_assert_ptr_null(strstr(out.s, "<script>"));
	ck_assert_ptr_nonnull(strstr(out.s, "&lt;script&gt;&amp;&quot;&lt;/table&gt;"));
	ck_assert_ptr_nonnull(strstr(out.s, "<td align=\"right\">3</td>"));
	sb_free(&out);
	ck_ok(store_commit(s, &err));
	closed();
}
END_TEST

START_TEST(months_as_written)
{
	int y, m;
	ck_assert(stats_month_parse("2026-10", &y, &m) && y == 2026 && m == 10);
	static const char *const bad[] = { "", "2026-13", "2026-00", "2026-1", "26-10", "2026/10", "2026-10-01", "1999-10", "２０２６-10", "2026-1x", "-026-10" };
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ck_assert_msg(!stats_month_parse(bad[i], &y, &m), "%s", bad[i]);
	ck_assert_int_eq(stats_month_start(2026, 12, 1), at("2027-01-01 00:00"));
	ck_assert_int_eq(stats_month_start(2027, 1, -13), at("2025-12-01 00:00"));
}
END_TEST

UNIT_SUITE("stats", an_empty_desk_has_an_empty_month, one_ticket, median_p90_and_share_in_time, percentiles_by_hand, both_targets_count,
           an_answer_at_noon_can_be_late, over_new_year, over_holidays, the_29th_of_february_is_of_february,
           compared_with_the_month_and_the_year_before, an_answer_that_bounced_is_none, each_wait_of_a_ticket_counts, closed_and_reopened,
           top_20_and_the_others, a_month_that_runs_is_counted_until_now, text_stands_in_columns, csv_is_read_back,
           html_escapes_what_is_from_outside, months_as_written)
