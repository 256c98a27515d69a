/* What terminals did: each event counted once, whatever comes twice, late, in
 * pieces or across months; roll-ups made anew are the same; what is over goes. */
#include "agent_fixture.h"
#include "base/io.h"

static struct agent_put put(int64_t terminal, int64_t epoch_no, int64_t seq, int64_t now_ms, const char *json)
{
	struct agent_put p = { .terminal = terminal, .contract = 7, .epoch = epoch_no, .seq = seq, .now_ms = now_ms };
	put_json(&p, json);
	return p;
}

/* Events [from, to] a minute apart, by turns a site, a logon, a file. */
static const char *some(int64_t from, int64_t to, int64_t t)
{
	struct sb v = SB_INIT;
	for (int64_t q = from; q <= to; q++, t += 60000) {
		sb_addf(&v, "%s{\"q\":%lld,\"t\":%lld,\"u\":\"X\\\\taro\",", q > from ? "," : "", (long long)q, (long long)t);
		if (q % 3 == 0)
			sb_addf(&v, "\"k\":\"web\",\"h\":\"www%lld.example.co.jp\",\"n\":2,\"s\":30}", (long long)(q % 6));
		else if (q % 3 == 1)
			sb_adds(&v, "\"k\":\"logon\",\"how\":\"console\"}");
		else
			sb_adds(&v, "\"k\":\"file\",\"op\":\"write\",\"p\":\"C:\\\\x\"}");
	}
	char *copy = arena_strdup(a, v.s);
	sb_free(&v);
	return copy;
}

static struct agent_reader *reader(int month)
{
	struct agent_reader *r;
	ck_ok(agent_reader_open(dir, month, &r, &err));
	return r;
}

static int64_t events_of(int64_t terminal)
{
	struct agent_reader *r = reader(202601);
	struct agent_day *v;
	size_t n;
	int64_t sum = 0;
	ck_ok(agent_days(r, terminal, 0, INT32_MAX, a, &v, &n, &err));
	for (size_t i = 0; i < n; i++)
		sum += v[i].events;
	agent_reader_close(&r);
	return sum;
}

static void same_when_rebuilt(int month)
{
	int64_t batches, differ = -1;
	ck_ok(agent_month_rebuild(dir, month, &batches, &differ, &err));
	ck_assert_int_gt(batches, 0);
	ck_assert_int_eq(differ, 0);
}

START_TEST(a_batch_is_counted_once)
{
	files_new(BEGAN / 1000);
	const char *json = batch_json(1, BEGAN, 1, 30, some(1, 30, BEGAN), "");
	for (int i = 0; i < 3; i++) {
		struct agent_put p = put(1, 1, 1, BEGAN, json);
		ck_assert_int_eq(p.verdict, i ? AGENT_KNOWN : AGENT_STORED);
		ck_assert_int_eq(p.ack_to, 30);
		ck_assert_uint_eq(p.missing.n, 0);
	}
	/* sealed anew, and in a new batch */
	ck_assert_int_eq(put(1, 1, 2, BEGAN, json).verdict, AGENT_KNOWN);
	ck_assert_int_eq(put(1, 2, 1, BEGAN, batch_json(2, BEGAN, 1, 30, some(1, 30, BEGAN), "")).verdict, AGENT_KNOWN);
	ck_assert_int_eq(events_of(1), 30);
	same_when_rebuilt(202611);
	files_done();
}
END_TEST

START_TEST(pieces_meet)
{
	files_new(BEGAN / 1000);
	struct agent_put p = put(1, 1, 1, BEGAN, batch_json(1, BEGAN, 11, 20, some(11, 20, BEGAN), ""));
	ck_assert_int_eq(p.ack_to, 0);
	ck_assert_uint_eq(p.missing.n, 1);
	ck_assert_int_eq(p.missing.v[0].from, 1);
	ck_assert_int_eq(p.missing.v[0].to, 10);
	p = put(1, 1, 2, BEGAN, batch_json(2, BEGAN, 5, 25, some(5, 25, BEGAN), ""));
	ck_assert_int_eq(p.missing.v[0].to, 4);
	p = put(1, 1, 3, BEGAN, batch_json(3, BEGAN, 1, 4, "", ",\"gaps\":[{\"from\":1,\"to\":4,\"reason\":\"spool\"}]"));
	ck_assert_int_eq(p.ack_to, 25);
	ck_assert_int_eq(events_of(1), 21);
	struct agent_reader *r = reader(202611);
	struct agent_gap *g;
	size_t n;
	ck_ok(agent_gaps(r, 1, BEGAN / 1000, BEGAN / 1000 + 1, a, &g, &n, &err));
	ck_assert_uint_eq(n, 1);
	ck_assert_str_eq(g[0].reason, "spool");
	agent_reader_close(&r);
	same_when_rebuilt(202611);
	files_done();
}
END_TEST

START_TEST(two_agents_are_found_out)
{
	files_new(BEGAN / 1000);
	put(1, 5, 1, BEGAN, batch_json(1, BEGAN, 1, 3, some(1, 3, BEGAN), ""));
	put(1, 9, 1, BEGAN, batch_json(2, BEGAN, 4, 6, some(4, 6, BEGAN), ""));
	/* on its way while the agent was started again: once */
	ck_assert_int_eq(put(1, 5, 2, BEGAN, batch_json(3, BEGAN, 7, 9, some(7, 9, BEGAN), "")).verdict, AGENT_STORED);
	ck_assert_int_eq(put(1, 5, 3, BEGAN, batch_json(4, BEGAN, 10, 12, some(10, 12, BEGAN), "")).verdict, AGENT_CLONED);
	ck_assert_int_eq(put(1, 9, 2, BEGAN, batch_json(5, BEGAN, 10, 12, some(10, 12, BEGAN), "")).verdict, AGENT_STORED);
	/* a snapshot that goes on with numbers that were used */
	ck_assert_int_eq(put(1, 9, 2, BEGAN, batch_json(6, BEGAN, 13, 15, some(13, 15, BEGAN), "")).verdict, AGENT_CLONED);
	/* holes without end */
	for (int64_t i = 0; i < RANGES_MAX - 1; i++)
		ck_assert_int_eq(put(1, 9, 10 + i, BEGAN, batch_json(10 + (uint64_t)i, BEGAN, 100 + 2 * i, 100 + 2 * i,
		                                                     some(100 + 2 * i, 100 + 2 * i, BEGAN), "")).verdict, AGENT_STORED);
	ck_assert_int_eq(put(1, 9, 500, BEGAN, batch_json(500, BEGAN, 900, 900, some(900, 900, BEGAN), "")).verdict, AGENT_SCATTERED);
	ck_assert_int_eq(events_of(1), 12 + RANGES_MAX - 1);
	files_done();
}
END_TEST

START_TEST(a_new_month_goes_on_where_the_old_one_was)
{
	files_new(BEGAN / 1000);
	const int64_t december = BEGAN + 30 * MS_DAY;
	const char *late = batch_json(2, december - MS_HOUR, 31, 60, some(31, 60, december - MS_HOUR / 2), "");
	put(1, 1, 1, BEGAN, batch_json(1, BEGAN, 1, 30, some(1, 30, BEGAN), ""));
	ck_assert_int_eq(put(1, 1, 2, december, late).ack_to, 60);
	ck_assert_int_eq(put(1, 1, 3, december, batch_json(3, december, 1, 60, some(1, 60, BEGAN), "")).verdict, AGENT_KNOWN);
	/* a clock that went back makes no older file */
	ck_assert_int_eq(put(1, 1, 4, BEGAN, batch_json(4, BEGAN, 61, 61, some(61, 61, december), "")).ack_to, 61);
	agent_files_close(&files);
	ck_ok(agent_files_open(dir, BEGAN / 1000, 8, &files, &err));
	ck_assert_int_eq(put(1, 1, 2, december, late).verdict, AGENT_KNOWN);
	struct agent_reader *r = reader(202611);
	struct agent_site *v;
	size_t n;
	ck_ok(agent_sites(r, 7, 202611, AGENT_BY_TIMES, 0, a, &v, &n, &err));
	ck_assert_uint_eq(n, 1); /* both hosts are of one site; ten from each batch happened in November */
	ck_assert_str_eq(v[0].name, "example.co.jp");
	ck_assert_int_eq(v[0].times, 40);
	ck_assert_int_eq(v[0].seconds, 600);
	struct agent_row *rows;
	struct cal *c = cal_new();
	ck_ok(agent_off_hours_rows(r, c, 1, BEGAN / 1000, december / 1000, a, &rows, &n, &err));
	ck_assert_uint_eq(n, 21); /* a Sunday at night, the evening of the 30th, and one whose time could not be */
	ck_assert_int_eq(rows[1].q, 61);
	ck_assert(rows[1].moved && !rows[0].moved);
	ck_assert_str_eq(rows[0].user, "X\\taro");
	cal_free(&c);
	agent_reader_close(&r);
	same_when_rebuilt(202611);
	same_when_rebuilt(202612);
	files_done();
}
END_TEST

/* More sites on a day than are kept: the rest is one. */
START_TEST(sites_are_bounded)
{
	files_new(BEGAN / 1000);
	for (int64_t k = 0; k < 3; k++) {
		struct sb v = SB_INIT;
		for (int64_t q = k * 2000 + 1; q <= (k + 1) * 2000; q++)
			sb_addf(&v, "%s{\"q\":%lld,\"t\":%lld,\"k\":\"web\",\"h\":\"d%lld.jp\",\"n\":1,\"s\":1}", q % 2000 == 1 ? "" : ",",
			        (long long)q, BEGAN, (long long)q);
		put(1, 1, k + 1, BEGAN, batch_json((uint64_t)k + 1, BEGAN, k * 2000 + 1, (k + 1) * 2000, v.s, ""));
		sb_free(&v);
	}
	struct agent_reader *r = reader(202611);
	struct agent_site *v;
	size_t n;
	ck_ok(agent_terminal_sites(r, 1, agent_day_of(BEGAN), agent_day_of(BEGAN) + 1, AGENT_BY_TIMES, 0, a, &v, &n, &err));
	ck_assert_uint_eq(n, AGENT_SITES_MAX + 1);
	ck_assert_str_eq(v[0].name, AGENT_SITE_OTHER);
	ck_assert_int_eq(v[0].times, 6000 - AGENT_SITES_MAX);
	agent_reader_close(&r);
	same_when_rebuilt(202611);
	files_done();
}
END_TEST

START_TEST(rebuilding_repairs)
{
	int64_t batches, differ;
	files_new(BEGAN / 1000);
	put(1, 1, 1, BEGAN, batch_json(1, BEGAN, 1, 30, some(1, 30, BEGAN), ""));
	ck_ok(agent_month_open(dir, 202611, false, &s, &err));
	ck_ok(sql_script(s, "UPDATE rmon SET times = times + 1; DELETE FROM low WHERE q = 1", &err));
	store_close(&s);
	ck_ok(agent_month_rebuild(dir, 202611, &batches, &differ, &err));
	ck_assert_int_eq(differ, 3); /* a row that was wrong, and right now; one that was not there */
	same_when_rebuilt(202611);

	/* A contract at a time: each one's faults are found; what no terminal has goes. */
	struct agent_put p = { .terminal = 2, .contract = 9, .epoch = 1, .seq = 1, .now_ms = BEGAN };
	put_json(&p, batch_json(2, BEGAN, 1, 30, some(1, 30, BEGAN), ""));
	same_when_rebuilt(202611);
	ck_ok(agent_month_open(dir, 202611, false, &s, &err));
	ck_ok(sql_script(s, "UPDATE tday SET events = 5; UPDATE rmon SET seconds = 0 WHERE contract = 9;"
	                    "INSERT INTO tday VALUES (77, 1, 1, 1, 0); INSERT INTO rmon VALUES (8, 202611, 1, 1, 1)", &err));
	store_close(&s);
	ck_ok(agent_month_rebuild(dir, 202611, &batches, &differ, &err));
	ck_assert_int_eq(batches, 2);
	ck_assert_int_eq(differ, 2 * 2 + 2 * 1 + 1 + 1); /* two days, one site */
	same_when_rebuilt(202611);
	ck_is(agent_month_rebuild(dir, 202512, &batches, &differ, &err), ERR_NOTFOUND);
	files_done();
}
END_TEST

static bool holds(const char *file, const char *text)
{
	struct sb all = SB_INIT;
	char name[200];
	snprintf(name, sizeof name, "%s/%s", dir, file);
	ck_ok(io_read_file(name, 64 << 20, &all, &err));
	bool is = memmem(all.s, all.len, text, strlen(text)) != NULL;
	sb_free(&all);
	return is;
}

START_TEST(what_is_over_goes)
{
	struct agent_sum sum;
	struct arena *b = arena_new();
	int *v;
	size_t n;
	static const int64_t mine[] = { 1 };
	files_new(BEGAN / 1000);
	for (int64_t m = 0; m < 4; m++) {
		put(1, 1, m + 1, BEGAN + m * 31 * MS_DAY, batch_json((uint64_t)m + 1, BEGAN, m * 3 + 1, m * 3 + 3, some(m * 3 + 1, m * 3 + 3, BEGAN), ""));
		struct agent_put p = { .terminal = 2, .contract = 8, .epoch = 1, .seq = m + 1, .now_ms = BEGAN + m * 31 * MS_DAY };
		put_json(&p, batch_json((uint64_t)m + 1, BEGAN, m * 3 + 1, m * 3 + 3, some(m * 3 + 1, m * 3 + 3, BEGAN), ""));
	}
	ck_ok(agent_months_drop(dir, 202612, &n, &err));
	ck_assert_uint_eq(n, 1);
	ck_ok(agent_months(dir, b, &v, &n, &err));
	ck_assert_uint_eq(n, 3);
	ck_assert_int_eq(v[0], 202612);
	ck_ok(agent_months_count(dir, 7, mine, 1, &sum, &err));
	ck_assert_int_eq(sum.batches, 3);
	ck_assert_int_gt(sum.rows, 9);
	ck_ok(agent_months_delete(dir, 7, mine, 1, &err));
	ck_ok(agent_months_count(dir, 7, mine, 1, &sum, &err));
	ck_assert_int_eq(sum.batches + sum.rows, 0);
	ck_assert_int_eq(events_of(1), 0);
	ck_assert_int_eq(events_of(2), 9);
	same_when_rebuilt(202701);
	arena_free(&b);
	files_done();
}
END_TEST

/* Not only unlinked from the tables: the bytes are gone from the file. */
START_TEST(nothing_is_left_in_the_file)
{
	static const int64_t mine[] = { 1 };
	files_new(BEGAN / 1000);
	put(1, 1, 1, BEGAN, batch_json(1, BEGAN, 1, 1, "{\"q\":1,\"t\":1793458800000,\"k\":\"print\",\"doc\":\"KOKUHI.xls\"}", ""));
	agent_files_close(&files);
	ck_assert(holds("agent-202611.db", "KOKUHI"));
	ck_ok(agent_months_delete(dir, 7, mine, 1, &err));
	ck_assert(!holds("agent-202611.db", "KOKUHI"));
	files_done();
}
END_TEST

UNIT_SUITE("agent_store", a_batch_is_counted_once, pieces_meet, two_agents_are_found_out,
           a_new_month_goes_on_where_the_old_one_was, sites_are_bounded, rebuilding_repairs, what_is_over_goes,
           nothing_is_left_in_the_file)
