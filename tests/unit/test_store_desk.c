/* The desk's tables: tickets, messages, Message-IDs, staff, outbox, audit. */
#include "store_fixture.h"
#include "store/store_impl.h"

static void setup(void)
{
	open_new();
	ck_ok(store_begin(s, &err));
}

static int64_t new_ticket(void)
{
	struct ticket t = a_ticket();
	ck_ok(ticket_create(s, &t, &err));
	return t.id;
}

/* ---- tickets ---------------------------------------------------------------------- */

START_TEST(a_ticket_comes_back_as_it_went)
{
	setup();
	struct ticket t = a_ticket(), r;
	ck_ok(ticket_create(s, &t, &err));
	ck_assert_int_eq(t.id, 1);
	ck_ok(ticket_get(s, 1, a, &r, &err));
	ck_assert_str_eq(r.subject, "パソコンが遅い");
	ck_assert_str_eq(r.channel, "mail");
	ck_assert_int_eq(r.opened_at, 1000);
	ck_assert_int_eq(r.due_at, 2000);
	ck_assert_int_eq(r.closed_at, 0);
	ck_assert_int_eq(r.contract_id, 0);
	r.state = TICKET_CLOSED;
	r.closed_at = 5000;
	r.waiting_since = r.due_at = 0;
	r.category = 3;
	r.subject = "件名";
	ck_ok(ticket_update(s, &r, &err));
	ck_ok(ticket_get(s, 1, a, &t, &err));
	ck_assert_int_eq(t.state, TICKET_CLOSED);
	ck_assert_int_eq(t.closed_at, 5000);
	ck_assert_int_eq(t.due_at, 0);
	ck_assert_int_eq(t.category, 3);
	ck_assert_str_eq(t.subject, "件名");
	ck_is(ticket_get(s, 2, a, &t, &err), ERR_NOTFOUND);
	t.id = 2;
	ck_is(ticket_update(s, &t, &err), ERR_NOTFOUND);
	done();
}
END_TEST

START_TEST(tickets_are_listed_newest_first_in_pages)
{
	setup();
	ck_ok(sql_script(s, "INSERT INTO contract (id, name) VALUES (7, '株式会社テスト')", &err));
	for (int i = 1; i <= 30; i++) {
		struct ticket t = a_ticket();
		t.state = i % 3 ? TICKET_OPEN : TICKET_CLOSED;
		t.contract_id = i % 2 ? 0 : 7;
		ck_ok(ticket_create(s, &t, &err));
	}
	struct ticket *v;
	size_t n;
	ck_ok(ticket_list(s, &(struct ticket_filter){ .state = -1, .limit = 4 }, a, &v, &n, &err));
	ck_assert_uint_eq(n, 4);
	ck_assert_int_eq(v[0].id, 30);
	ck_assert_int_eq(v[3].id, 27);
	ck_ok(ticket_list(s, &(struct ticket_filter){ .state = TICKET_CLOSED, .before_id = 27 }, a, &v, &n, &err));
	ck_assert_uint_eq(n, 8);
	ck_assert_int_eq(v[0].id, 24);
	ck_ok(ticket_list(s, &(struct ticket_filter){ .state = -1, .contract_id = 7 }, a, &v, &n, &err));
	ck_assert_uint_eq(n, 15);
	ck_ok(ticket_list(s, &(struct ticket_filter){ .state = TICKET_CLOSED, .contract_id = 7 }, a, &v, &n, &err));
	ck_assert_uint_eq(n, 5);
	ck_ok(ticket_list(s, &(struct ticket_filter){ .state = -1, .contract_id = 8 }, a, &v, &n, &err));
	ck_assert_uint_eq(n, 0);
	done();
}
END_TEST

START_TEST(parties_of_a_ticket)
{
	setup();
	int64_t id = new_ticket(), other = new_ticket();
	const char **v;
	ck_ok(party_add(s, id, "taro@example.co.jp", "太郎", 10, &err));
	ck_ok(party_add(s, id, "hanako@example.co.jp", "花子", 11, &err));
	ck_ok(party_add(s, id, "taro@example.co.jp", "", 12, &err));
	ck_assert(party_has(s, id, "taro@example.co.jp"));
	ck_assert(!party_has(s, other, "taro@example.co.jp"));
	ck_assert(!party_has(s, 99, "taro@example.co.jp"));
	ck_ok(party_list(s, id, a, &v, &err));
	ck_assert_str_eq(v[0], "taro@example.co.jp");
	ck_assert_str_eq(v[1], "hanako@example.co.jp");
	ck_assert_ptr_null(v[2]);
	ck_ok(party_list(s, other, a, &v, &err));
	ck_assert_ptr_null(v[0]);
	ck_is(party_add(s, 99, "x@example.com", "", 10, &err), ERR_PERM);
	done();
}
END_TEST

/* ---- messages ----------------------------------------------------------------------- */

START_TEST(a_message_is_kept_to_the_byte)
{
	setup();
	enum { BIG = 3 << 20 };
	int64_t id = new_ticket();
	char *raw = malloc(BIG);
	for (int i = 0; i < BIG; i++)
		raw[i] = (char)(i % 251 ^ i >> 9);
	static const size_t sizes[] = { 0, 1, 1000, BIG };
	for (size_t i = 0; i < 4; i++) {
		struct message m = a_message(id, i);
		struct sb out = SB_INIT;
		ck_ok(message_insert(s, &m, raw, sizes[i], &err));
		ck_ok(message_raw(s, m.id, &out, &err));
		ck_assert_uint_eq(out.len, sizes[i]);
		ck_assert_int_eq(memcmp(out.s, raw, out.len), 0);
		sb_free(&out);
	}
	struct message r, *v;
	size_t n;
	ck_ok(message_get(s, 3, a, &r, &err));
	struct message m = a_message(id, 2);
	ck_assert_mem_eq(r.dedupe, m.dedupe, sizeof r.dedupe);
	ck_assert_str_eq(r.from_name, "山田 太郎");
	ck_assert_str_eq(r.dmarc, "pass");
	ck_assert_int_eq(r.size, 1000);
	ck_ok(message_list(s, id, a, &v, &n, &err));
	ck_assert_uint_eq(n, 4);
	ck_assert_int_eq(v[0].id, 1);
	struct sb out = SB_INIT;
	ck_is(message_get(s, 9, a, &r, &err), ERR_NOTFOUND);
	ck_is(message_raw(s, 9, &out, &err), ERR_NOTFOUND);
	free(raw);
	done();
}
END_TEST

START_TEST(a_delivery_tried_again_is_known)
{
	setup();
	int64_t id = new_ticket();
	struct message m = a_message(id, 5), again = a_message(0, 5), r;
	ck_ok(message_insert(s, &m, "x", 1, &err));
	ck_is(message_insert(s, &again, "x", 1, &err), ERR_EXISTS);
	ck_assert_int_eq(again.id, m.id);
	ck_assert_int_eq(again.ticket_id, id);
	ck_ok(message_find(s, m.dedupe, a, &r, &err));
	ck_assert_int_eq(r.id, m.id);
	again = a_message(0, 6);
	ck_is(message_find(s, again.dedupe, a, &r, &err), ERR_NOTFOUND);
	done();
}
END_TEST

START_TEST(strays_are_counted)
{
	setup();
	int64_t id = new_ticket(), n;
	for (uint64_t i = 0; i < 10; i++) {
		struct message m = a_message(i % 2 ? id : 0, i); /* at 1000 + i */
		ck_ok(message_insert(s, &m, "x", 1, &err));
	}
	ck_ok(message_count_stray(s, 1004, &n, &err));
	ck_assert_int_eq(n, 3);
	done();
}
END_TEST

START_TEST(a_damaged_body_is_told_not_shown)
{
	setup();
	struct message m = a_message(0, 1);
	struct sb out = SB_INIT;
	ck_ok(message_insert(s, &m, "hello hello hello hello", 23, &err));
	ck_ok(sql_script(s, "UPDATE message_body SET data = x'28b52ffd2417b90000'", &err));
	ck_is(message_raw(s, m.id, &out, &err), ERR_TEMP);
	ck_ok(sql_script(s, "UPDATE message_body SET data = x''", &err));
	ck_is(message_raw(s, m.id, &out, &err), ERR_TEMP);
	ck_assert_uint_eq(out.len, 0);
	sb_free(&out);
	done();
}
END_TEST

START_TEST(message_ids_best_first)
{
	setup();
	struct msgid_hit h[8];
	int64_t t[4];
	for (int i = 0; i < 4; i++)
		t[i] = new_ticket();
	ck_assert_uint_eq(msgid_find(s, "a@x", h, 8), 0);
	ck_ok(msgid_add(s, "a@x", MSGID_REFERENCED, t[3], &err));
	ck_ok(msgid_add(s, "a@x", MSGID_SEEN, t[0], &err));
	ck_ok(msgid_add(s, "a@x", MSGID_SEEN, t[2], &err));
	ck_ok(msgid_add(s, "a@x", MSGID_REFERENCED, t[1], &err));
	ck_ok(msgid_add(s, "a@x", MSGID_OURS, t[1], &err));       /* stronger: replaces */
	ck_ok(msgid_add(s, "a@x", MSGID_REFERENCED, t[1], &err)); /* weaker: ignored */
	ck_ok(msgid_add(s, "A@x", MSGID_OURS, t[0], &err));       /* another id */
	ck_assert_uint_eq(msgid_find(s, "a@x", h, 8), 4);
	ck_assert(h[0].ticket == t[1] && h[0].how == MSGID_OURS);
	ck_assert(h[1].ticket == t[2] && h[1].how == MSGID_SEEN);
	ck_assert(h[2].ticket == t[0] && h[2].how == MSGID_SEEN);
	ck_assert(h[3].ticket == t[3] && h[3].how == MSGID_REFERENCED);
	ck_assert_uint_eq(msgid_find(s, "a@x", h, 1), 1);
	ck_assert(h[0].ticket == t[1]);
	char *huge = arena_alloc(a, 100001);
	memset(huge, '\'', 100000);
	huge[100000] = '\0';
	ck_ok(msgid_add(s, huge, MSGID_SEEN, t[0], &err));
	ck_assert_uint_eq(msgid_find(s, huge, h, 8), 1);
	done();
}
END_TEST

/* ---- people -------------------------------------------------------------------------- */

START_TEST(staff_and_their_roles)
{
	setup();
	struct staff x = { .login = "suzuki", .name = "鈴木 一郎", .address = "suzuki@desk.example",
		.roles = STAFF_AGENT, .active = true };
	struct staff y = { .login = "abe", .name = "阿部", .address = "abe@desk.example",
		.roles = STAFF_AGENT | STAFF_SUPERVISOR, .active = true };
	struct staff r, *v;
	size_t n;
	ck_ok(staff_add(s, &x, &err));
	ck_ok(staff_add(s, &y, &err));
	r = x;
	ck_is(staff_add(s, &r, &err), ERR_EXISTS);
	ck_ok(staff_by_login(s, "abe", a, &r, &err));
	ck_assert_int_eq(r.id, y.id);
	ck_ok(staff_by_address(s, "suzuki@desk.example", a, &r, &err));
	ck_assert_str_eq(r.name, "鈴木 一郎");
	ck_ok(staff_by_id(s, y.id, a, &r, &err));
	ck_assert_uint_eq(r.roles, y.roles);
	ck_is(staff_by_login(s, "nobody", a, &r, &err), ERR_NOTFOUND);
	ck_is(staff_by_address(s, "nobody", a, &r, &err), ERR_NOTFOUND);
	ck_is(staff_by_id(s, 99, a, &r, &err), ERR_NOTFOUND);
	ck_ok(staff_list(s, STAFF_AGENT, a, &v, &n, &err));
	ck_assert_uint_eq(n, 2);
	ck_assert_str_eq(v[0].login, "abe");
	ck_ok(staff_list(s, STAFF_SUPERVISOR | STAFF_OPERATOR, a, &v, &n, &err));
	ck_assert_uint_eq(n, 1);
	y.active = false;
	ck_ok(staff_update(s, &y, &err));
	ck_ok(staff_list(s, STAFF_SUPERVISOR, a, &v, &n, &err));
	ck_assert_uint_eq(n, 0);
	ck_ok(staff_list(s, 0, a, &v, &n, &err));
	ck_assert_uint_eq(n, 2);
	y.id = 99;
	y.login = "c";
	y.address = "c@desk.example";
	ck_is(staff_update(s, &y, &err), ERR_NOTFOUND);
	y = x;
	y.login = "abe";
	ck_is(staff_update(s, &y, &err), ERR_EXISTS);
	done();
}
END_TEST

START_TEST(a_sender_is_matched_to_a_contract)
{
	static const struct {
		const char *addr;
		int64_t id;
		bool by_address;
	} cases[] = {
		{ "taro@acme.co.jp", 2, true },          /* registered with another contract than its domain's */
		{ "hanako@acme.co.jp", 1, false },
		{ "x@sales.tokyo.acme.co.jp", 1, false },
		{ "x@branch.acme.co.jp", 3, false },     /* the nearest domain */
		{ "x@notacme.co.jp", 0, false },
		{ "x@co.jp", 0, false },
		{ "someone@gmail.com", 0, false },       /* registered by mistake */
		{ "owner@gmail.com", 3, true },
		{ "x@old.example.jp", 0, false },        /* contract has ended */
		{ "", 0, false },
		{ "no-at-sign", 0, false },
		{ "x@", 0, false },
		{ "x@.", 0, false },
		{ "x@..acme.co.jp", 1, false },
	};
	setup();
	ck_ok(sql_script(s,
		"INSERT INTO contract (id, n_number, name) VALUES (1, 'N000000001', '株式会社アクメ'),"
		" (2, 'N000000002', '太郎商店'), (3, NULL, '支店');"
		"INSERT INTO contract (id, n_number, name, ended_at) VALUES (4, 'N000000004', '旧', 5);"
		"INSERT INTO contract_address (addr_key, contract_id) VALUES ('taro@acme.co.jp', 2), ('owner@gmail.com', 3);"
		"INSERT INTO contract_domain (domain, contract_id) VALUES ('acme.co.jp', 1), ('branch.acme.co.jp', 3),"
		" ('gmail.com', 1), ('co.jp', 1), ('old.example.jp', 4);", &err));
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct contract_match r;
		ck_ok(contract_match(s, cases[i].addr, a, &r, &err));
		ck_assert_msg(r.id == cases[i].id && r.by_address == cases[i].by_address, "%s: %lld",
		              cases[i].addr, (long long)r.id);
		ck_assert_ptr_nonnull(r.name);
		ck_assert_ptr_nonnull(r.n_number);
	}
	done();
}
END_TEST

/* ---- outbox ---------------------------------------------------------------------------- */

static int64_t queue(epoch due)
{
	struct sb vars = SB_INIT;
	outbox_var_add(&vars, "name", "山田=太郎");
	outbox_var_add(&vars, "empty", "");
	struct outbox o = { .kind = OUT_NOTICE, .rcpts = "a@example.com\nb@example.com", .tmpl = "due",
		.vars = vars.s, .vars_len = vars.len, .created_at = 100, .due_at = due };
	ck_ok(outbox_add(s, &o, &err));
	sb_free(&vars);
	return o.id;
}

static void counts_are(int64_t pending, int64_t claimed, int64_t sent, int64_t failed, int64_t bounced)
{
	int64_t v[OUT_STATES];
	ck_ok(outbox_counts(s, v, &err));
	ck_assert_int_eq(v[OUT_PENDING], pending);
	ck_assert_int_eq(v[OUT_CLAIMED], claimed);
	ck_assert_int_eq(v[OUT_SENT], sent);
	ck_assert_int_eq(v[OUT_FAILED], failed);
	ck_assert_int_eq(v[OUT_BOUNCED], bounced);
}

START_TEST(the_way_of_an_outbox_row)
{
	setup();
	struct outbox *v, o;
	size_t n;
	epoch next;
	ck_ok(outbox_next(s, &next, &err));
	ck_assert_int_eq(next, 0);
	int64_t late = queue(300), early = queue(200), future = queue(900);
	counts_are(3, 0, 0, 0, 0);
	ck_ok(outbox_next(s, &next, &err));
	ck_assert_int_eq(next, 200);
	ck_ok(outbox_claim(s, 150, 10, a, &v, &n, &err));
	ck_assert_uint_eq(n, 0);
	ck_ok(outbox_claim(s, 500, 10, a, &v, &n, &err));
	ck_assert_uint_eq(n, 2);
	ck_assert_int_eq(v[0].id, early);
	ck_assert_int_eq(v[1].id, late);
	ck_assert_int_eq(v[0].state, OUT_CLAIMED);
	ck_assert_int_eq(v[0].attempts, 1);
	ck_assert_str_eq(outbox_var(&v[0], "name"), "山田=太郎");
	ck_assert_str_eq(outbox_var(&v[0], "empty"), "");
	ck_assert_ptr_null(outbox_var(&v[0], "nam"));
	counts_are(1, 2, 0, 0, 0);
	ck_ok(outbox_uncertain(s, a, &v, &n, &err));
	ck_assert_uint_eq(n, 2);
	ck_ok(outbox_claim(s, 500, 10, a, &v, &n, &err));
	ck_assert_uint_eq(n, 0);
	ck_ok(outbox_sent(s, early, "ABC123", 501, &err));
	ck_is(outbox_sent(s, early, "ABC123", 501, &err), ERR_PERM);
	ck_is(outbox_sent(s, future, "ABC123", 501, &err), ERR_PERM);
	ck_is(outbox_sent(s, 99, "ABC123", 501, &err), ERR_NOTFOUND);
	ck_ok(outbox_retry(s, late, 600, "connection refused", &err));
	counts_are(2, 0, 1, 0, 0);
	ck_ok(outbox_claim(s, 1000, 1, a, &v, &n, &err));
	ck_assert_uint_eq(n, 1);
	ck_assert_int_eq(v[0].id, late);
	ck_assert_int_eq(v[0].attempts, 2);
	ck_assert_str_eq(v[0].last_error, "connection refused");
	ck_ok(outbox_failed(s, late, "550 no such user", 1001, &err));
	ck_ok(outbox_bounced(s, early, "5.1.1", 1002, &err));
	ck_ok(outbox_bounced(s, early, "5.1.1", 1003, &err)); /* DSNs come twice */
	ck_is(outbox_bounced(s, future, "5.1.1", 1003, &err), ERR_PERM);
	counts_are(1, 0, 0, 1, 1);
	ck_ok(outbox_get(s, early, a, &o, &err));
	ck_assert_str_eq(o.queue_id, "ABC123");
	ck_assert_str_eq(o.rcpts, "a@example.com\nb@example.com");
	ck_is(outbox_get(s, 99, a, &o, &err), ERR_NOTFOUND);
	done();
}
END_TEST

START_TEST(a_bounce_may_overtake_the_news_of_sending)
{
	setup();
	struct outbox *v, o;
	size_t n;
	int64_t id = queue(200);
	ck_ok(outbox_claim(s, 500, 10, a, &v, &n, &err));
	ck_ok(outbox_bounced(s, id, "5.1.1 unknown", 501, &err));
	ck_ok(outbox_sent(s, id, "QQ1", 502, &err));
	ck_ok(outbox_get(s, id, a, &o, &err));
	ck_assert_int_eq(o.state, OUT_BOUNCED);
	ck_assert_str_eq(o.queue_id, "QQ1");
	ck_assert_str_eq(o.last_error, "5.1.1 unknown");
	counts_are(0, 0, 0, 0, 1);
	done();
}
END_TEST

START_TEST(acknowledgements_are_counted)
{
	setup();
	int64_t n;
	for (epoch t = 0; t < 10; t++)
		ck_ok(ack_record(s, t % 2 ? "a@x" : "b@x", 1000000 + t, &err));
	ck_ok(ack_count(s, "a@x", 1000004, &n, &err));
	ck_assert_int_eq(n, 3);
	ck_ok(ack_count(s, NULL, 1000004, &n, &err));
	ck_assert_int_eq(n, 6);
	ck_ok(ack_count(s, "c@x", 0, &n, &err));
	ck_assert_int_eq(n, 0);
	ck_ok(ack_record(s, "a@x", 1000000 + 40 * 86400, &err)); /* the old ones go */
	ck_ok(ack_count(s, NULL, 0, &n, &err));
	ck_assert_int_eq(n, 1);
	done();
}
END_TEST

START_TEST(audit_keeps_order)
{
	setup();
	int64_t id = new_ticket();
	struct audit *v;
	size_t n;
	ck_ok(audit_add(s, &(struct audit){ .at = 1, .who = "customer", .what = "ticket.open", .ticket_id = id, .detail = "" }, &err));
	ck_ok(audit_add(s, &(struct audit){ .at = 2, .who = "system", .what = "start" }, &err));
	ck_ok(audit_add(s, &(struct audit){ .at = 3, .who = "staff:suzuki", .what = "ticket.reply", .ticket_id = id, .detail = "x" }, &err));
	ck_ok(audit_list(s, id, a, &v, &n, &err));
	ck_assert_uint_eq(n, 2);
	ck_assert_str_eq(v[0].what, "ticket.open");
	ck_assert_str_eq(v[1].who, "staff:suzuki");
	ck_assert_int_eq(v[1].at, 3);
	ck_ok(audit_list(s, 0, a, &v, &n, &err));
	ck_assert_uint_eq(n, 1);
	ck_assert_str_eq(v[0].detail, "");
	done();
}
END_TEST

static epoch looked_at(void)
{
	epoch next;
	ck_ok(due_next(s, &next, &err));
	return next;
}

START_TEST(a_clock_is_looked_at_when_it_changes)
{
	open_new();
	struct ticket t = a_ticket(), *v;
	struct due_done d;
	size_t n;
	ck_ok(store_begin(s, &err));
	ck_ok(ticket_create(s, &t, &err));
	ck_assert_int_eq(looked_at(), 1000);
	ck_ok(due_list(s, 999, 10, a, &v, &n, &err));
	ck_assert_uint_eq(n, 0);
	ck_ok(due_list(s, 1000, 10, a, &v, &n, &err));
	ck_assert_uint_eq(n, 1);
	ck_assert_int_eq(v[0].due_at, 2000);
	ck_ok(due_look(s, t.id, 1500, &err));
	t.subject = "x";
	ck_ok(ticket_update(s, &t, &err)); /* what does not touch the clock moves nothing */
	ck_assert_int_eq(looked_at(), 1500);
	ck_ok(due_record(s, &t, 50, 1500, &err));
	ck_ok(due_record(s, &t, 50, 1600, &err));
	t.due_at = 3000;
	ck_ok(ticket_update(s, &t, &err));
	ck_assert_int_eq(looked_at(), 1000);
	ck_ok(due_done(s, &t, &d, &err));
	ck_assert(d.moved && !d.moved_at && !d.told);
	ck_ok(due_record(s, &t, DUE_MOVED, 1700, &err));
	ck_ok(due_record(s, &t, 80, 1800, &err));
	ck_ok(due_record(s, &t, DUE_NOTICED, 1900, &err));
	ck_ok(due_done(s, &t, &d, &err));
	ck_assert(d.moved && d.moved_at == 1700 && d.told == 80 && d.noticed_at == 1900 && !d.unnoticed);
	t.due_at = 2000;
	ck_ok(due_done(s, &t, &d, &err));
	ck_assert(!d.moved && d.told == 50 && !d.noticed_at);
	t.waiting_since = t.due_at = 0;
	ck_ok(ticket_update(s, &t, &err));
	ck_assert_int_eq(looked_at(), 0);
	t.waiting_since = 5000, t.due_at = 6000; /* what was done in an earlier time of waiting is no extension */
	ck_ok(due_done(s, &t, &d, &err));
	ck_assert(!d.moved && !d.told);
	ck_ok(store_commit(s, &err));
	done();
}
END_TEST

START_TEST(who_waits_by_due_time)
{
	open_new();
	struct ticket *v, t = a_ticket();
	struct due_filter f = { .from = 2001, .to = 2010, .before = 1001 };
	size_t n;
	int64_t count;
	ck_ok(store_begin(s, &err));
	struct staff p = { .login = "sato", .name = "x", .address = "sato@x", .roles = STAFF_AGENT, .active = true };
	ck_ok(staff_add(s, &p, &err));
	for (int i = 0; i < 20; i++) {
		t.due_at = 2020 - i;
		t.assignee_id = i % 2 ? p.id : 0;
		ck_ok(ticket_create(s, &t, &err));
	}
	ck_ok(store_commit(s, &err));
	ck_ok(due_count(s, &f, &count, &err));
	ck_assert_int_eq(count, 9);
	ck_ok(due_waiting(s, &f, 3, a, &v, &n, &err));
	ck_assert(n == 3 && v[0].due_at == 2001 && v[2].due_at == 2003);
	f.unassigned = true;
	ck_ok(due_count(s, &f, &count, &err));
	ck_assert_int_eq(count, 4);
	ck_ok(due_waiting(s, &f, 50, a, &v, &n, &err));
	ck_assert(n == 4 && !v[0].assignee_id);
	f.before = 1000;
	ck_ok(due_count(s, &f, &count, &err));
	ck_assert_int_eq(count, 0);
	done();
}
END_TEST

UNIT_SUITE("store_desk", a_ticket_comes_back_as_it_went, tickets_are_listed_newest_first_in_pages,
           parties_of_a_ticket, a_message_is_kept_to_the_byte, a_delivery_tried_again_is_known,
           strays_are_counted, a_damaged_body_is_told_not_shown, message_ids_best_first,
           staff_and_their_roles, a_sender_is_matched_to_a_contract, the_way_of_an_outbox_row,
           a_bounce_may_overtake_the_news_of_sending, acknowledgements_are_counted, audit_keeps_order,
           a_clock_is_looked_at_when_it_changes, who_waits_by_due_time)
