/*
 * MAG-05, -07, -08: the ledger always adds up, the list follows the contracts,
 * and both cost the same however long the newsletter has gone on.
 */
#include "store_fixture.h"
#include "reader_import.h"
#include "store/store_contract.h"
#include "store/store_impl.h"
#include "store/store_issue.h"
#include "store/store_ledger_sum.h"
#include "store/store_reader.h"

static int64_t a_reader(int i, enum reader_state state)
{
	char addr[40];
	snprintf(addr, sizeof addr, "r%d@c%d.example", i, i % 7);
	struct reader r = { .addr = addr, .name = "", .state = state, .why = "test" };
	ck_ok(reader_add(s, &r, 1000, &err));
	return r.id;
}

static int64_t an_issue(void)
{
	struct message m = a_message(0, 77);
	ck_ok(store_begin(s, &err));
	enum status st = message_insert(s, &m, "x", 1, &err);
	ck_assert(st == OK || st == ERR_EXISTS);
	struct issue i = { .state = ISSUE_SCHEDULED, .created_at = 1000, .draft_id = m.id, .subject = "第1号", .size = 30000,
		           .send_at = 2000 };
	ck_ok(issue_add(s, &i, &err));
	ck_ok(ledger_begin(s, i.id, &err));
	ck_ok(store_commit(s, &err));
	return i.id;
}

static int64_t sum(int64_t issue)
{
	int64_t v[RCPT_STATES], n = 0;
	ck_ok(ledger_counts(s, issue, v, &err));
	for (int i = 0; i < RCPT_STATES; i++)
		n += v[i];
	return n;
}

static void expand(int64_t issue, size_t batch)
{
	bool more = true;
	while (more) {
		ck_ok(store_begin(s, &err));
		ck_ok(ledger_expand(s, issue, batch, 1500, &more, &err));
		ck_ok(store_commit(s, &err));
		ck_ok(ledger_audit(s, issue, &err));
	}
}

START_TEST(everyone_stands_in_the_ledger_once)
{
	open_new();
	ck_ok(store_begin(s, &err));
	for (int i = 0; i < 1000; i++)
		a_reader(i, i % 10 == 3 ? READER_SUPPRESSED : i % 10 == 4 ? READER_UNSUBSCRIBED : i % 10 == 5 ? READER_REMOVED : READER_ACTIVE);
	ck_ok(store_commit(s, &err));
	int64_t issue = an_issue(), v[RCPT_STATES];
	expand(issue, 64);
	ck_ok(ledger_counts(s, issue, v, &err));
	ck_assert_int_eq(v[RCPT_PENDING], 700);
	ck_assert_int_eq(v[RCPT_SUPPRESSED], 100);
	ck_assert_int_eq(sum(issue), 800);
	expand(issue, 64); /* once more does nothing */
	ck_assert_int_eq(sum(issue), 800);
	done();
}
END_TEST

/* 20,000 moves of any kind, some rolled back: the counters are the rows. */
START_TEST(it_adds_up_under_random_moves)
{
	open_new();
	unsigned seed = 4711;
	ck_ok(store_begin(s, &err));
	for (int i = 0; i < 200; i++)
		a_reader(i, READER_ACTIVE);
	ck_ok(store_commit(s, &err));
	int64_t issue = an_issue();
	expand(issue, 1000);
	for (int round = 0; round < 400; round++) {
		ck_ok(store_begin(s, &err));
		for (int k = 0; k < 50; k++)
			ck_ok(ledger_move(s, issue, 1 + rand_r(&seed) % 200, (enum rcpt_state)(rand_r(&seed) % RCPT_STATES), "4XyZ", "",
			                  2000, NULL, &err));
		if (rand_r(&seed) % 4)
			ck_ok(store_commit(s, &err));
		else
			store_rollback(s);
		ck_assert_int_eq(sum(issue), 200);
		ck_ok(ledger_audit(s, issue, &err));
	}
	ck_ok(store_begin(s, &err));
	ck_ok(ledger_cancel(s, issue, RCPT_SUPPRESSED, "中止", 3000, &err));
	ck_ok(store_commit(s, &err));
	ck_ok(ledger_audit(s, issue, &err));
	ck_assert_int_eq(sum(issue), 200);
	done();
}
END_TEST

static bool moved(int64_t issue, int64_t reader, enum rcpt_state to)
{
	bool m;
	ck_ok(store_begin(s, &err));
	ck_ok(ledger_move(s, issue, reader, to, "", "", 2000, &m, &err));
	ck_ok(store_commit(s, &err));
	return m;
}

START_TEST(news_may_overtake_one_another)
{
	open_new();
	ck_ok(store_begin(s, &err));
	int64_t r = a_reader(1, READER_ACTIVE);
	ck_ok(store_commit(s, &err));
	int64_t issue = an_issue();
	expand(issue, 10);
	ck_assert(!moved(issue, r, RCPT_DELIVERED)); /* nobody had sent it */
	ck_assert(moved(issue, r, RCPT_CLAIMED));
	ck_assert(moved(issue, r, RCPT_DELIVERED));  /* the log was faster than Postfix's 250 */
	ck_assert(!moved(issue, r, RCPT_QUEUED));
	ck_assert(!moved(issue, r, RCPT_CLAIMED));   /* never a second time */
	ck_assert(moved(issue, r, RCPT_BOUNCED));    /* a bounce of the system behind */
	ck_assert(!moved(issue, r, RCPT_DELIVERED));
	ck_is(ledger_move(s, issue, 999, RCPT_CLAIMED, "", "", 1, NULL, &err), ERR_NOTFOUND);
	done();
}
END_TEST

/* "Later" of the try before is no word on this one: with it a queued mail would look put off. */
START_TEST(each_try_begins_anew)
{
	struct rcpt row;
	open_new();
	ck_ok(store_begin(s, &err));
	int64_t r = a_reader(1, READER_ACTIVE);
	ck_ok(store_commit(s, &err));
	int64_t issue = an_issue();
	expand(issue, 10);
	ck_assert(moved(issue, r, RCPT_CLAIMED));
	ck_ok(store_begin(s, &err));
	ck_ok(ledger_move(s, issue, r, RCPT_PENDING, "", "452 no room", 2000, NULL, &err));
	ck_ok(store_commit(s, &err));
	ck_assert(moved(issue, r, RCPT_CLAIMED));
	ck_assert(moved(issue, r, RCPT_QUEUED));
	ck_ok(ledger_get(s, issue, r, a, &row, &err));
	ck_assert_str_eq(row.detail, "");
	done();
}
END_TEST

START_TEST(nobody_decided)
{
	open_new();
	ck_ok(store_begin(s, &err));
	for (int i = 0; i < 10; i++)
		a_reader(i, READER_ACTIVE);
	ck_ok(store_commit(s, &err));
	int64_t issue = an_issue(), n[RCPT_STATES];
	expand(issue, 100);
	ck_assert(moved(issue, 1, RCPT_CLAIMED));
	ck_assert(moved(issue, 2, RCPT_CLAIMED) && moved(issue, 2, RCPT_QUEUED));
	ck_ok(store_begin(s, &err));
	ck_ok(ledger_cancel(s, issue, RCPT_EXPIRED, "期限", 3000, &err));
	ck_ok(store_commit(s, &err));
	ck_ok(ledger_audit(s, issue, &err));
	ck_ok(ledger_counts(s, issue, n, &err));
	ck_assert_int_eq(n[RCPT_EXPIRED], 8); /* but not what Postfix has, or may have */
	ck_assert(!moved(issue, 3, RCPT_CLAIMED));
	ck_assert(moved(issue, 2, RCPT_DELIVERED));
	done();
}
END_TEST

START_TEST(how_it_went_over_time)
{
	int64_t v[4], r[6];
	open_new();
	ck_ok(store_begin(s, &err));
	for (int i = 0; i < 6; i++)
		r[i] = a_reader(i, READER_ACTIVE);
	ck_ok(store_commit(s, &err));
	int64_t issue = an_issue();
	expand(issue, 10);
	ck_ok(store_begin(s, &err));
	static const epoch when[] = { 1999, 2001, 2010, 2011, 2040, 2041 }; /* before, and behind the last */
	for (int i = 0; i < 6; i++) {
		ck_ok(ledger_move(s, issue, r[i], RCPT_CLAIMED, "", "", 1900, NULL, &err));
		ck_ok(ledger_move(s, issue, r[i], RCPT_DELIVERED, "", "", when[i], NULL, &err));
	}
	ck_ok(store_commit(s, &err));
	ck_ok(ledger_progress(s, issue, 2000, 10, 4, v, &err));
	ck_assert_int_eq(v[0], 3);
	ck_assert_int_eq(v[1], 4);
	ck_assert_int_eq(v[2], 4);
	ck_assert_int_eq(v[3], 5);
	done();
}
END_TEST

static void follow(epoch now)
{
	int64_t after = 0;
	size_t n;
	ck_ok(store_begin(s, &err));
	do
		ck_ok(reader_follow(s, after, now, &after, &n, &err));
	while (after);
	ck_ok(store_commit(s, &err));
}

static enum reader_state state_of(const char *addr)
{
	struct reader r;
	enum status st = reader_by_addr(s, addr, a, &r, &err);
	return st == OK ? r.state : READER_STATES;
}

static struct contract company(const char *number, const char *const *addresses, size_t n)
{
	struct contract c = { .addresses = addresses, .naddresses = n, .started_at = 1000 };
	for (int i = 0; i < CF_COUNT; i++)
		c.v[i] = "";
	c.v[CF_N_NUMBER] = number;
	c.v[CF_NAME] = "さくら商事";
	return c;
}

START_TEST(the_list_follows_the_contracts)
{
	static const char *const two[] = { "a@sakura.example", "b@sakura.example" };
	open_new();
	struct contract c = company("N000000001", two, 2);
	ck_ok(store_begin(s, &err));
	ck_ok(contract_insert(s, &c, 900, &err));
	ck_ok(store_commit(s, &err));
	follow(999);
	ck_assert_int_eq(state_of("a@sakura.example"), READER_STATES); /* not opened yet */
	follow(1000);
	ck_assert_int_eq(state_of("a@sakura.example"), READER_ACTIVE);
	struct reader r;
	ck_ok(reader_by_addr(s, "b@sakura.example", a, &r, &err));
	ck_ok(store_begin(s, &err));
	ck_ok(reader_unsubscribe(s, r.id, 0, "本人", 1100, &err));
	c.naddresses = 1;
	c.ended_at = 5000;
	ck_ok(contract_update(s, &c, 1200, &err));
	ck_ok(store_commit(s, &err));
	follow(1300);
	ck_assert_int_eq(state_of("b@sakura.example"), READER_UNSUBSCRIBED);
	follow(5000);
	ck_assert_int_eq(state_of("a@sakura.example"), READER_REMOVED); /* cancelled */
	ck_ok(store_begin(s, &err));
	struct contract again = company("N000000002", two, 2);
	again.started_at = 6000;
	ck_ok(contract_insert(s, &again, 5500, &err));
	ck_ok(store_commit(s, &err));
	follow(6000);
	ck_assert_int_eq(state_of("a@sakura.example"), READER_ACTIVE);
	ck_assert_int_eq(state_of("b@sakura.example"), READER_UNSUBSCRIBED); /* his word outlives the contract */
	done();
}
END_TEST

/* An address went from the younger contract to the older: it is never without one. */
START_TEST(who_moves_between_contracts_misses_nothing)
{
	static const char *const one[] = { "a@sakura.example" };
	open_new();
	struct contract old = company("N000000001", NULL, 0), young = company("N000000002", one, 1);
	ck_ok(store_begin(s, &err));
	ck_ok(contract_insert(s, &old, 900, &err));
	ck_ok(contract_insert(s, &young, 900, &err));
	ck_ok(store_commit(s, &err));
	follow(1000);
	ck_ok(store_begin(s, &err));
	young.naddresses = 0;
	ck_ok(contract_update(s, &young, 1100, &err));
	old.addresses = one, old.naddresses = 1;
	ck_ok(contract_update(s, &old, 1100, &err));
	ck_ok(store_commit(s, &err));
	follow(1200);
	ck_assert_int_eq(state_of("a@sakura.example"), READER_ACTIVE);
	done();
}
END_TEST

/* The contract begins, and its two addresses read. */
static void two_readers(struct contract *c, struct reader *x, struct reader *y)
{
	ck_ok(store_begin(s, &err));
	ck_ok(contract_insert(s, c, 900, &err));
	ck_ok(store_commit(s, &err));
	follow(1000);
	ck_ok(reader_by_addr(s, "a@sakura.example", a, x, &err));
	ck_ok(reader_by_addr(s, "b@sakura.example", a, y, &err));
}

/* The contract is over, but somebody wants him to go on reading: the next look at the contracts leaves him. */
START_TEST(who_is_brought_back_by_hand_stays)
{
	static const char *const two[] = { "a@sakura.example", "b@sakura.example" };
	struct reader x, y;
	open_new();
	struct contract c = company("N000000001", two, 2);
	c.ended_at = 5000;
	two_readers(&c, &x, &y);
	ck_ok(store_begin(s, &err));
	ck_ok(reader_unsubscribe(s, y.id, 0, "本人", 1100, &err));
	ck_ok(reader_back(s, y.id, "手作業での再開", 1200, &err)); /* while it runs: the contract's still */
	ck_ok(store_commit(s, &err));
	follow(5000);
	ck_assert_int_eq(state_of("a@sakura.example"), READER_REMOVED);
	ck_assert_int_eq(state_of("b@sakura.example"), READER_REMOVED);
	ck_ok(store_begin(s, &err));
	ck_ok(reader_back(s, x.id, "手作業での再開", 5100, &err));
	ck_ok(store_commit(s, &err));
	follow(5200);
	ck_assert_int_eq(state_of("a@sakura.example"), READER_ACTIVE);
	/* a list, as an export, brings back none who left */
	static const char csv[] = "mail\na@sakura.example\nb@sakura.example\n";
	struct reader_import im;
	ck_ok(store_begin(s, &err));
	ck_ok(reader_remove(s, x.id, "手作業での削除", 5300, &err));
	ck_ok(store_commit(s, &err));
	ck_ok(readers_import(s, csv, sizeof csv - 1, false, false, "operator", 5400, &im, &err));
	ck_assert_uint_eq(im.kept_away, 2);
	reader_import_free(&im);
	ck_assert_int_eq(state_of("a@sakura.example"), READER_REMOVED);
	done();
}
END_TEST

/* Stopped by a complaint, or by a word and then a complaint: no contract's end or beginning, no removal and no list brings him back. */
START_TEST(who_complained_stays_away)
{
	static const char *const two[] = { "a@sakura.example", "b@sakura.example" };
	static const char csv[] = "mail\na@sakura.example\nb@sakura.example\n";
	struct reader_import im;
	struct reader x, y;
	open_new();
	struct contract c = company("N000000001", two, 2), again = company("N000000002", two, 2);
	c.ended_at = 5000;
	again.started_at = 6000;
	two_readers(&c, &x, &y);
	ck_ok(store_begin(s, &err));
	ck_ok(reader_unsubscribe(s, x.id, 0, "本人", 1100, &err));
	ck_ok(reader_complained(s, x.id, 0, "苦情", 1200, &err));
	ck_ok(reader_complained(s, y.id, 0, "苦情", 1200, &err));
	ck_ok(store_commit(s, &err));
	ck_assert_int_eq(state_of("a@sakura.example"), READER_UNSUBSCRIBED);
	follow(5000);
	ck_ok(store_begin(s, &err));
	ck_ok(contract_insert(s, &again, 5500, &err));
	ck_ok(store_commit(s, &err));
	follow(6000);
	ck_assert_int_eq(state_of("a@sakura.example"), READER_UNSUBSCRIBED);
	ck_assert_int_eq(state_of("b@sakura.example"), READER_SUPPRESSED);
	ck_ok(store_begin(s, &err));
	ck_ok(reader_remove(s, x.id, "手作業での削除", 6100, &err));
	ck_ok(reader_remove(s, y.id, "手作業での削除", 6100, &err));
	ck_ok(store_commit(s, &err));
	ck_ok(readers_import(s, csv, sizeof csv - 1, false, false, "operator", 6200, &im, &err));
	ck_assert_uint_eq(im.kept_away, 2);
	reader_import_free(&im);
	ck_assert_int_eq(state_of("a@sakura.example"), READER_UNSUBSCRIBED);
	ck_assert_int_eq(state_of("b@sakura.example"), READER_SUPPRESSED);
	done();
}
END_TEST

/* What a mail costs does not grow with the issues before it. */
START_TEST(nothing_is_scanned)
{
	open_new();
	ck_ok(store_begin(s, &err));
	for (int i = 0; i < 300; i++)
		a_reader(i, READER_ACTIVE);
	ck_ok(store_commit(s, &err));
	for (int k = 0; k < 5; k++) {
		int64_t issue = an_issue();
		expand(issue, 1000);
		ck_assert(moved(issue, 7, RCPT_CLAIMED));
		ck_assert(moved(issue, 7, RCPT_QUEUED));
	}
	struct rcpt *v;
	size_t n, all;
	ck_ok(ledger_of_reader(s, 7, 10, a, &v, &n, &err));
	ck_assert_uint_eq(n, 5);
	ck_assert_int_eq(v[0].issue_id, 5);
	const struct sql *q = sql_all(&all);
	for (size_t i = 0; i < all; i++) {
		if (!s->slots[i] || strstr(q[i].text, "sqlite_schema") || strstr(q[i].text, "pragma_"))
			continue;
		int rows = sqlite3_stmt_status(s->slots[i], SQLITE_STMTSTATUS_FULLSCAN_STEP, 0);
		ck_assert_msg(rows == 0, "%d rows: %s", rows, q[i].text);
	}
	done();
}
END_TEST

UNIT_SUITE("ledger", everyone_stands_in_the_ledger_once, it_adds_up_under_random_moves, each_try_begins_anew, nobody_decided, how_it_went_over_time, news_may_overtake_one_another,
           the_list_follows_the_contracts, who_complained_stays_away, who_is_brought_back_by_hand_stays, who_moves_between_contracts_misses_nothing, nothing_is_scanned)
