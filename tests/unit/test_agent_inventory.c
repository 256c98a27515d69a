/* What terminals have: the newest stays, software comes and goes. */
#include "agent_fixture.h"

static void put_section(int64_t terminal, const char *name, const char *body, struct agent_order at, epoch now)
{
	struct agent_batch b;
	bool put;
	uint8_t hash[SHA256_LEN];
	char hex[2 * SHA256_LEN + 1];
	crypto_sha256(body, strlen(body), hash);
	hex_encode(hash, sizeof hash, hex);
	const char *json = batch_json(1, BEGAN, 1, 0, "", arena_printf(a, ",\"sections\":{\"%s\":{\"sha256\":\"%s\",\"taken\":%lld,\"full\":%s}}",
	                              name, hex, BEGAN, body));
	ck_ok(agent_batch_read(json, strlen(json), BEGAN, a, &b, &err));
	ck_assert_uint_eq(b.nparts, 1);
	ck_ok(store_begin(s, &err));
	ck_ok(agent_section_put(s, terminal, &b.parts[0], now, at, &put, &err));
	ck_ok(store_commit(s, &err));
}

static void begin(void)
{
	new_path();
	ck_ok(agent_open(path, &s, &err));
}

START_TEST(the_newest_stays)
{
	struct agent_section x;
	begin();
	put_section(1, "os", "{\"host\":\"PC-1\"}", (struct agent_order){ 2, 5 }, 100);
	put_section(1, "os", "{\"host\":\"PC-0\"}", (struct agent_order){ 2, 4 }, 200);
	put_section(1, "os", "{\"host\":\"PC-0\"}", (struct agent_order){ 1, 9 }, 200);
	ck_ok(agent_section_get(s, 1, "os", a, &x, &err));
	ck_assert_str_eq(x.json, "{\"host\":\"PC-1\"}");
	ck_assert_int_eq(x.received_at, 100);
	ck_assert_int_eq(x.taken_ms, BEGAN);
	put_section(1, "os", "{\"host\":\"PC-2\"}", (struct agent_order){ 3, 1 }, 300);
	ck_ok(agent_section_get(s, 1, "os", a, &x, &err));
	ck_assert_str_eq(x.json, "{\"host\":\"PC-2\"}");
	ck_is(agent_section_get(s, 1, "hw", a, &x, &err), ERR_NOTFOUND);
	ck_is(agent_section_get(s, 2, "os", a, &x, &err), ERR_NOTFOUND);
	done();
}
END_TEST

START_TEST(what_is_unchanged_is_confirmed)
{
	struct agent_section x;
	enum agent_same is;
	static const uint8_t other[SHA256_LEN];
	begin();
	put_section(1, "os", "{}", (struct agent_order){ 1, 1 }, 100);
	ck_ok(agent_section_get(s, 1, "os", a, &x, &err));
	ck_ok(agent_section_same(s, 1, "os", x.sha256, 3699, &is, &err));
	ck_assert_int_eq(is, AGENT_SAME);
	ck_ok(agent_section_same(s, 1, "os", x.sha256, 3700, &is, &err));
	ck_assert_int_eq(is, AGENT_SAME_STALE);
	ck_ok(agent_section_same(s, 1, "os", other, 3700, &is, &err));
	ck_assert_int_eq(is, AGENT_SAME_NOT);
	ck_ok(agent_section_same(s, 1, "hw", x.sha256, 3700, &is, &err));
	ck_assert_int_eq(is, AGENT_SAME_NOT);
	ck_ok(store_begin(s, &err));
	ck_ok(agent_section_confirm(s, 1, "os", 3700, &err));
	ck_ok(store_commit(s, &err));
	ck_ok(agent_section_get(s, 1, "os", a, &x, &err));
	ck_assert_int_eq(x.confirmed_at, 3700);
	ck_assert_int_eq(x.received_at, 100);
	done();
}
END_TEST

START_TEST(software_comes_and_goes)
{
	struct agent_software *v;
	size_t n;
	int64_t rows;
	begin();
	put_section(1, "software", "[{\"name\":\"一太郎\",\"version\":\"1\"},{\"name\":\"Zip\",\"version\":\"9\",\"vendor\":\"V\"}]", (struct agent_order){ 1, 1 }, 100);
	put_section(2, "software", "[{\"name\":\"Other\",\"version\":\"1\"}]", (struct agent_order){ 1, 1 }, 100);
	ck_ok(store_begin(s, &err));
	ck_ok(agent_section_confirm(s, 1, "software", 5000, &err));
	ck_ok(store_commit(s, &err));
	put_section(1, "software", "[{\"name\":\"一太郎\",\"version\":\"2\"},{\"name\":\"Zip\",\"version\":\"9\",\"vendor\":\"W\"}]", (struct agent_order){ 1, 2 }, 9000);
	ck_ok(agent_software_list(s, 1, false, a, &v, &n, &err));
	ck_assert_uint_eq(n, 2);
	ck_assert_str_eq(v[0].name, "Zip");
	ck_assert_str_eq(v[0].vendor, "W");
	ck_assert_int_eq(v[0].first_at, 100);
	ck_assert_int_eq(v[0].last_at, 9000);
	ck_assert_str_eq(v[1].version, "2");
	ck_assert_int_eq(v[1].first_at, 9000);
	ck_ok(agent_software_list(s, 1, true, a, &v, &n, &err));
	ck_assert_uint_eq(n, 3);
	ck_assert_str_eq(v[1].version, "1");
	ck_assert(v[1].gone);
	ck_assert_int_eq(v[1].last_at, 5000);
	ck_ok(agent_inventory_count(s, 1, &rows, &err));
	ck_assert_int_eq(rows, 4);
	ck_ok(store_begin(s, &err));
	ck_ok(agent_inventory_delete(s, 1, &rows, &err));
	ck_ok(store_commit(s, &err));
	ck_assert_int_eq(rows, 4);
	ck_ok(agent_inventory_count(s, 1, &rows, &err));
	ck_assert_int_eq(rows, 0);
	ck_ok(agent_inventory_count(s, 2, &rows, &err));
	ck_assert_int_eq(rows, 2);
	done();
}
END_TEST

UNIT_SUITE("agent_inventory", the_newest_stays, what_is_unchanged_is_confirmed, software_comes_and_goes)
