/* Merging tickets and taking it back exactly (DESK-06, -14). */
#include "store_fixture.h"
#include "store/store_contract.h"
#include "store/store_identity.h"
#include "store/store_merge.h"

static const struct ticket_by by = { "staff:suzuki", 5000 };

static struct ticket new_ticket(const char *party, epoch waiting, epoch due)
{
	struct ticket t = a_ticket();
	t.waiting_since = waiting;
	t.due_at = due;
	t.state = waiting ? TICKET_OPEN : TICKET_ANSWERED;
	ck_ok(ticket_create(s, &t, &err));
	ck_ok(party_add(s, t.id, party, "", 1000, &err));
	return t;
}

static int64_t mail(int64_t ticket, uint64_t n)
{
	struct message m = a_message(ticket, n);
	ck_ok(message_insert(s, &m, "x", 1, &err));
	return m.id;
}

static size_t mails_of(int64_t ticket)
{
	struct message *v;
	size_t n;
	ck_ok(message_list(s, ticket, a, &v, &n, &err));
	return n;
}

static void join(int64_t source, int64_t target, int64_t mails)
{
	struct ticket x, y;
	int64_t moved;
	ck_ok(ticket_get(s, source, a, &x, &err));
	ck_ok(ticket_get(s, target, a, &y, &err));
	ck_ok(ticket_merge(s, &x, &y, &by, &moved, &err));
	ck_assert_int_eq(moved, mails);
}

static enum status part(int64_t source)
{
	struct merge m;
	int64_t moved;
	ck_ok(merge_of(s, source, &m, &err));
	return ticket_unmerge(s, &m, &by, a, &moved, &err);
}

static struct ticket get(int64_t id)
{
	struct ticket t;
	ck_ok(ticket_get(s, id, a, &t, &err));
	return t;
}

static int64_t leads_to(int64_t id)
{
	struct ticket t;
	ck_ok(ticket_current(s, id, a, &t, &err));
	return t.id;
}

START_TEST(the_target_has_it_all)
{
	open_new();
	ck_ok(store_begin(s, &err));
	struct ticket x = new_ticket("x@example.jp", 1000, 2000), y = new_ticket("y@example.jp", 1500, 2500);
	mail(x.id, 1), mail(x.id, 2), mail(y.id, 3);
	join(x.id, y.id, 2);
	ck_assert_uint_eq(mails_of(y.id), 3);
	ck_assert_uint_eq(mails_of(x.id), 0);
	ck_assert(party_has(s, y.id, "x@example.jp") && party_has(s, y.id, "y@example.jp"));
	ck_assert_int_eq(get(y.id).waiting_since, 1000);
	ck_assert_int_eq(get(y.id).due_at, 2000);
	ck_assert_int_eq(get(x.id).state, TICKET_CLOSED);
	ck_assert_int_eq(get(x.id).due_at, 0);
	ck_assert_int_eq(leads_to(x.id), y.id);
	ck_ok(store_commit(s, &err));
	done();
}
END_TEST

START_TEST(taken_back_all_is_as_it_was)
{
	open_new();
	ck_ok(store_begin(s, &err));
	struct ticket x = new_ticket("x@example.jp", 1000, 2000), y = new_ticket("y@example.jp", 0, 0);
	mail(x.id, 1), mail(y.id, 2);
	struct message answer = a_message(y.id, 3);
	answer.kind = MSG_STAFF_REPLY;
	ck_ok(message_insert(s, &answer, "x", 1, &err));
	join(x.id, y.id, 1);
	ck_assert_int_eq(get(y.id).state, TICKET_OPEN);
	ck_ok(part(x.id));
	ck_assert_uint_eq(mails_of(x.id), 1);
	ck_assert_uint_eq(mails_of(y.id), 2);
	ck_assert(!party_has(s, y.id, "x@example.jp"));
	ck_assert(party_has(s, x.id, "x@example.jp"));
	ck_assert_int_eq(get(x.id).state, TICKET_OPEN);
	ck_assert_int_eq(get(x.id).due_at, 2000);
	ck_assert_int_eq(get(y.id).state, TICKET_ANSWERED);
	ck_assert_int_eq(get(y.id).due_at, 0);
	ck_assert_int_eq(leads_to(x.id), x.id);
	ck_ok(store_commit(s, &err));
	done();
}
END_TEST

START_TEST(what_came_since_stays_and_keeps_its_clock)
{
	open_new();
	ck_ok(store_begin(s, &err));
	struct ticket x = new_ticket("x@example.jp", 1000, 2000), y = new_ticket("y@example.jp", 0, 0);
	mail(x.id, 1);
	join(x.id, y.id, 1);
	mail(y.id, 9);
	ck_ok(part(x.id));
	ck_assert_uint_eq(mails_of(x.id), 1);
	ck_assert_uint_eq(mails_of(y.id), 1);
	ck_assert_int_eq(get(y.id).state, TICKET_OPEN);
	ck_ok(store_commit(s, &err));
	done();
}
END_TEST

START_TEST(chains_lead_to_the_end_and_come_back_in_order)
{
	open_new();
	ck_ok(store_begin(s, &err));
	struct ticket x = new_ticket("x@example.jp", 1000, 2000), y = new_ticket("y@example.jp", 0, 0),
	              z = new_ticket("z@example.jp", 0, 0);
	mail(x.id, 1), mail(y.id, 2), mail(z.id, 3);
	join(x.id, y.id, 1);
	join(y.id, z.id, 2);
	ck_assert_int_eq(leads_to(x.id), z.id);
	ck_is(part(x.id), ERR_PERM);
	ck_ok(part(y.id));
	ck_assert_uint_eq(mails_of(y.id), 2);
	ck_ok(part(x.id));
	ck_assert_uint_eq(mails_of(x.id), 1);
	ck_assert_uint_eq(mails_of(z.id), 1);
	ck_ok(store_commit(s, &err));
	done();
}
END_TEST

START_TEST(one_who_takes_part_twice_stays_for_the_other)
{
	open_new();
	ck_ok(store_begin(s, &err));
	struct ticket x = new_ticket("x@example.jp", 0, 0), y = new_ticket("x@example.jp", 0, 0),
	              z = new_ticket("z@example.jp", 0, 0);
	join(x.id, z.id, 0);
	join(y.id, z.id, 0);
	ck_ok(part(x.id));
	ck_assert(party_has(s, z.id, "x@example.jp"));
	ck_ok(part(y.id));
	ck_assert(!party_has(s, z.id, "x@example.jp"));
	ck_ok(store_commit(s, &err));
	done();
}
END_TEST

START_TEST(nothing_is_merged_into_itself)
{
	open_new();
	ck_ok(store_begin(s, &err));
	struct ticket x = new_ticket("x@example.jp", 0, 0), same = get(x.id);
	struct merge m;
	int64_t moved;
	ck_is(ticket_merge(s, &x, &same, &by, &moved, &err), ERR_PERM);
	ck_is(merge_of(s, x.id, &m, &err), ERR_NOTFOUND);
	store_rollback(s);
	done();
}
END_TEST

static void identify(int64_t ticket, const char *who, enum identity_state state, epoch at)
{
	struct sender_identity r = { .ticket_id = ticket, .addr_key = who, .at = at, .state = state, .why = "" };
	for (int i = 0; i < IDENTITY_ITEMS; i++)
		r.said.v[i] = "";
	ck_ok(identity_put(s, &r, &err));
}

/* Who proved to be whom, and that he was asked, counts on the ticket it went into. */
START_TEST(what_is_known_of_senders_goes_along)
{
	open_new();
	struct ticket_identity k;
	struct sender_identity *v;
	size_t n;
	ck_ok(store_begin(s, &err));
	struct ticket x = new_ticket("x@example.jp", 1000, 2000), y = new_ticket("y@example.jp", 1500, 2500);
	mail(x.id, 1), mail(y.id, 2);
	struct ticket_identity bound = { x.id, INQUIRY_SERVICE, 1200 };
	ck_ok(identity_bind(s, &bound, 1100, &err));
	identify(x.id, "x@example.jp", IDENTITY_AUTHORISED, 1300);
	ck_is(identity_ticket(s, y.id, &k, &err), ERR_NOTFOUND);
	join(x.id, y.id, 1);
	ck_ok(identity_ticket(s, y.id, &k, &err));
	ck_assert(k.kind == INQUIRY_SERVICE && k.asked_at == 1200);
	ck_assert(identity_authorised(s, y.id, "x@example.jp") && !identity_authorised(s, y.id, "y@example.jp"));
	/* what is found out later stands with the target, and stays there */
	identify(y.id, "x@example.jp", IDENTITY_REFUSED, 1400);
	identify(y.id, "y@example.jp", IDENTITY_AUTHORISED, 1400);
	ck_assert(!identity_authorised(s, y.id, "x@example.jp"));
	ck_ok(identity_list(s, y.id, a, &v, &n, &err));
	ck_assert_uint_eq(n, 3);
	ck_ok(part(x.id));
	ck_assert(identity_authorised(s, x.id, "x@example.jp") && identity_authorised(s, y.id, "y@example.jp"));
	ck_assert(!identity_authorised(s, x.id, "y@example.jp") && !identity_authorised(s, y.id, "x@example.jp"));
	ck_is(identity_ticket(s, y.id, &k, &err), ERR_NOTFOUND);
	ck_ok(identity_ticket(s, x.id, &k, &err));
	store_rollback(s);
	done();
}
END_TEST

START_TEST(two_customers_are_not_joined_by_mistake)
{
	open_new();
	enum merge_fit fit;
	ck_ok(store_begin(s, &err));
	struct ticket x = new_ticket("x@example.jp", 1000, 2000), y = new_ticket("y@example.jp", 1500, 2500);
	struct ticket phone = a_ticket();
	x.contract_id = y.contract_id = phone.contract_id = 0;
	ck_ok(ticket_create(s, &phone, &err));
	ck_ok(merge_fit(s, &x, &y, &fit, &err));
	ck_assert_int_eq(fit, MERGE_OTHER_SENDER);
	ck_ok(merge_fit(s, &phone, &y, &fit, &err)); /* nobody to write to */
	ck_assert_int_eq(fit, MERGE_FITS);
	x.contract_id = 1;
	ck_ok(merge_fit(s, &x, &y, &fit, &err));
	ck_assert_int_eq(fit, MERGE_OTHER_SENDER);
	y.contract_id = 1;
	ck_ok(merge_fit(s, &x, &y, &fit, &err));
	ck_assert_int_eq(fit, MERGE_FITS);
	y.contract_id = 2;
	ck_ok(party_add(s, y.id, "x@example.jp", "", 1000, &err));
	ck_ok(merge_fit(s, &x, &y, &fit, &err));
	ck_assert_int_eq(fit, MERGE_OTHER_CONTRACT);
	y.contract_id = 0;
	ck_ok(merge_fit(s, &x, &y, &fit, &err)); /* he takes part in both */
	ck_assert_int_eq(fit, MERGE_FITS);
	store_rollback(s);
	done();
}
END_TEST

static int64_t a_contract(const char *number)
{
	struct contract c = { .v = { [CF_N_NUMBER] = number, [CF_NAME] = number } };
	ck_ok(contract_insert(s, &c, 1, &err));
	return c.id;
}

static struct ticket of_contract(const char *party, int64_t contract)
{
	struct ticket t = new_ticket(party, 1000, 2000);
	t.contract_id = contract;
	ck_ok(ticket_update(s, &t, &err));
	return t;
}

START_TEST(one_without_a_contract_has_the_sources)
{
	open_new();
	ck_ok(store_begin(s, &err));
	int64_t k = a_contract("N000000001");
	struct ticket x = of_contract("x@example.jp", k), z = of_contract("z@example.jp", k);
	struct ticket y = of_contract("y@example.jp", 0);
	join(x.id, y.id, 0);
	ck_assert_int_eq(get(y.id).contract_id, k);
	join(z.id, y.id, 0);
	ck_ok(part(x.id)); /* z, which is of it too, is still there */
	ck_assert_int_eq(get(y.id).contract_id, k);
	ck_ok(part(z.id));
	ck_assert_int_eq(get(y.id).contract_id, 0);
	ck_assert_int_eq(get(x.id).contract_id, k);
	join(y.id, x.id, 0); /* its own stays */
	ck_ok(part(y.id));
	ck_assert_int_eq(get(x.id).contract_id, k);
	store_rollback(s);
	done();
}
END_TEST

UNIT_SUITE("store_merge", one_without_a_contract_has_the_sources, what_is_known_of_senders_goes_along, two_customers_are_not_joined_by_mistake,
           the_target_has_it_all, taken_back_all_is_as_it_was, what_came_since_stays_and_keeps_its_clock,
           chains_lead_to_the_end_and_come_back_in_order, one_who_takes_part_twice_stays_for_the_other,
           nothing_is_merged_into_itself)
