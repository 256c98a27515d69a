/*
 * What a terminal may send, and what it may not: each fault has its answer and
 * changes nothing, in none of the three stores.
 */
#include "agent_ingest.h"
#include <pthread.h>
#include <zlib.h>
#include <zstd.h>

#define ck_answer(want_status, want_error)                                                                       \
	ck_assert_msg(ans.status == (want_status) && strstr(ans.json.s, "\"" want_error "\""), "%d %s", ans.status, ans.json.s)

/* ---- the envelope --------------------------------------------------------------------- */

/* A good envelope, changed by `harm`, gets this answer; the good one then 200. */
static void harmed(const char *what, int status, const char *error, void (*harm)(struct sb *env))
{
	struct sb env = SB_INIT;
	const char *json = batch_json(900, NOW, 1, 0, "", "");
	hc1_client_seal(&me, json, strlen(json), &env);
	harm(&env);
	int64_t before = versions();
	send_bytes(env.s, env.len);
	ck_assert_msg(ans.status == status && strcmp(ans.json.s, arena_printf(a, "{\"error\":\"%s\"}", error)) == 0, "%s: %d %s", what,
	              ans.status, ans.json.s);
	ck_assert_msg(versions() == before, "%s changed something", what);
	sb_free(&env);
}

static void h_empty(struct sb *x) { sb_setlen(x, 0); }
static void h_head_only(struct sb *x) { sb_setlen(x, HC1_HEAD); }
static void h_short(struct sb *x) { sb_setlen(x, x->len - 1); }
static void h_long(struct sb *x) { sb_addc(x, 0); }
static void h_magic(struct sb *x) { x->s[2] = '2'; }
static void h_length(struct sb *x) { x->s[55]++; }
static void h_key(struct sb *x) { x->s[7] = 2; }
static void h_id(struct sb *x) { x->s[8] ^= 1; }
static void h_epoch(struct sb *x) { x->s[31]++; }
static void h_epoch_zero(struct sb *x) { memset(x->s + 24, 0, 8); }
static void h_seq(struct sb *x) { x->s[39]++; }
static void h_seq_too(struct sb *x) { x->s[39]++, x->s[51]++; }
static void h_salt(struct sb *x) { x->s[40] ^= 1; }
static void h_body(struct sb *x) { x->s[HC1_HEAD] ^= 1; }
static void h_tag(struct sb *x) { x->s[x->len - 1] ^= 1; }
static void h_huge(struct sb *x)
{
	while (x->len <= HC1_WIRE_MAX)
		sb_addc(x, 'x');
}
static struct hc1_client other;
static void h_foreign(struct sb *x) { memcpy(x->s + 8, other.id, HC1_ID); }

START_TEST(envelopes)
{
	setup();
	enrol(&me, "PC-1", "");
	enrol(&other, "PC-2", "");
	static const struct { const char *what, *error; int status; void (*harm)(struct sb *); } v[] = {
		{ "nothing", "malformed", 400, h_empty }, { "no body", "malformed", 400, h_head_only },
		{ "truncated", "malformed", 400, h_short }, { "too long", "malformed", 400, h_long },
		{ "magic", "malformed", 400, h_magic }, { "length", "malformed", 400, h_length },
		{ "epoch 0", "malformed", 400, h_epoch_zero }, { "seq without nonce", "malformed", 400, h_seq },
		{ "larger than any", "malformed", 400, h_huge },
		{ "another key", "unknown", 410, h_key }, { "another id", "unknown", 410, h_id },
		{ "a neighbour's id", "sealed", 401, h_foreign }, { "another epoch", "sealed", 401, h_epoch },
		{ "another seq", "sealed", 401, h_seq_too }, { "salt", "sealed", 401, h_salt },
		{ "body", "sealed", 401, h_body }, { "tag", "sealed", 401, h_tag },
	};
	for (size_t i = 0; i < sizeof v / sizeof *v; i++)
		harmed(v[i].what, v[i].status, v[i].error, v[i].harm);
	send_json(&me, batch_json(1, NOW, 1, 3, logons(1, 3), ""));
	ck_answer(200, "ack_to");
	teardown();
}
END_TEST

/* ---- compression ---------------------------------------------------------------------- */

static void raw_gets(const char *what, int status, const char *error, const void *p, size_t n)
{
	struct sb env = SB_INIT;
	hc1_client_seal_raw(&me, p, n, &env);
	int64_t before = versions();
	send_bytes(env.s, env.len);
	ck_assert_msg(ans.status == status && strstr(ans.json.s, error), "%s: %d %s", what, ans.status, ans.json.s);
	ck_assert_msg(versions() == before, "%s changed something", what);
	sb_free(&env);
}

/* 33 MB of blanks: as zstd about 1 KB, as zlib 33 KB. */
static void bombs(void)
{
	size_t n = HC1_JSON_MAX + (1 << 20);
	char *blanks = malloc(n);
	struct sb z = SB_INIT;
	memset(blanks, ' ', n);
	sb_grow(&z, ZSTD_compressBound(n));
	size_t k = ZSTD_compress(z.s, ZSTD_compressBound(n), blanks, n, 1);
	raw_gets("zstd bomb", 400, "limit", z.s, k);
	uLongf zn = compressBound(n);
	uint8_t *zl = malloc(zn);
	ck_assert_int_eq(compress2(zl, &zn, (uint8_t *)blanks, n, 1), Z_OK);
	raw_gets("zlib bomb", 400, "limit", zl, zn);
	raw_gets("cut zlib bomb", 400, "limit", zl, zn - 5);
	free(zl);
	free(blanks);
	sb_free(&z);
}

static void without_size(const char *json)
{
	ZSTD_CCtx *c = ZSTD_createCCtx();
	char z[2000];
	ZSTD_CCtx_setParameter(c, ZSTD_c_contentSizeFlag, 0);
	size_t k = ZSTD_compress2(c, z, sizeof z, json, strlen(json));
	raw_gets("zstd without its size", 400, "malformed", z, k);
	ZSTD_freeCCtx(c);
}

START_TEST(compression)
{
	setup();
	enrol(&me, "PC-1", "");
	const char *json = batch_json(1, NOW, 1, 3, logons(1, 3), "");
	struct sb z = packed(json);
	uint8_t zl[2000];
	uLongf zn = sizeof zl;
	ck_assert_int_eq(compress2(zl, &zn, (const uint8_t *)json, strlen(json), 9), Z_OK);
	raw_gets("none at all", 400, "malformed", "", 0);
	raw_gets("plain JSON", 400, "malformed", json, strlen(json));
	raw_gets("cut zstd", 400, "malformed", z.s, z.len - 3);
	raw_gets("zstd and more", 400, "malformed", "\x28\xB5\x2F\xFD", 4);
	sb_addc(&z, 'x');
	raw_gets("more behind zstd", 400, "malformed", z.s, z.len);
	z.len--;
	z.s[z.len - 1] ^= 1; /* its checksum */
	raw_gets("broken zstd", 400, "malformed", z.s, z.len);
	raw_gets("cut zlib", 400, "malformed", zl, zn - 1);
	zl[zn - 1] ^= 1;
	raw_gets("broken zlib", 400, "malformed", zl, zn);
	zl[zn - 1] ^= 1;
	zl[zn] = 'x';
	raw_gets("more behind zlib", 400, "malformed", zl, zn + 1);
	without_size(json);
	bombs();
	struct sb env = SB_INIT;
	hc1_client_seal_raw(&me, zl, zn, &env);
	send_bytes(env.s, env.len);
	ck_answer(200, "ack_to");
	sb_free(&env);
	sb_free(&z);
	teardown();
}
END_TEST

/* ---- what is inside --------------------------------------------------------------------- */

#define HEAD "{\"v\":1,\"batch\":\"01HZX000000000000000000009\",\"created\":1794322800000,"
#define EV(q) "{\"q\":" #q ",\"t\":1794322800000,\"k\":\"logon\"}"
#define HASH "\"sha256\":\"0000000000000000000000000000000000000000000000000000000000000000\""

static const struct { const char *what, *error; int status; const char *json; } insides[] = {
	{ "nothing", "malformed", 400, "" },
	{ "an array", "malformed", 400, "[]" },
	{ "a word", "malformed", 400, "null" },
	{ "cut off", "malformed", 400, HEAD "\"from\":1,\"to\":0" },
	{ "two values", "malformed", 400, HEAD "\"from\":1,\"to\":0}{}" },
	{ "no UTF-8", "malformed", 400, HEAD "\"from\":1,\"to\":1,\"events\":[{\"q\":1,\"t\":1,\"k\":\"logon\",\"u\":\"\x83\x5c\"}]}" },
	{ "half a surrogate", "malformed", 400, HEAD "\"from\":1,\"to\":1,\"events\":[{\"q\":1,\"t\":1,\"k\":\"logon\",\"u\":\"\\ud83d\"}]}" },
	{ "no range", "malformed", 400, HEAD "\"from\":1}" },
	{ "a name for a number", "malformed", 400, HEAD "\"from\":\"1\",\"to\":0}" },
	{ "half a number", "malformed", 400, HEAD "\"from\":1.5,\"to\":0}" },
	{ "no events but one", "malformed", 400, HEAD "\"from\":1,\"to\":1,\"events\":" EV(1) "}" },
	{ "an event without kind", "malformed", 400, HEAD "\"from\":1,\"to\":1,\"events\":[{\"q\":1,\"t\":1}]}" },
	{ "an event without time", "malformed", 400, HEAD "\"from\":1,\"to\":1,\"events\":[{\"q\":1,\"k\":\"boot\"}]}" },
	{ "a section's name", "malformed", 400, HEAD "\"from\":1,\"to\":0,\"sections\":{\"../x\":{" HASH "}}}" },
	{ "a section twice", "malformed", 400, HEAD "\"from\":1,\"to\":0,\"sections\":{\"os\":{" HASH "},\"os\":{" HASH "}}}" },
	{ "too deep", "limit", 400, HEAD "\"from\":1,\"to\":0,\"x\":[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]}" },
	{ "another version", "batch", 422, "{\"v\":2,\"batch\":\"01HZX000000000000000000009\",\"created\":1,\"from\":1,\"to\":0}" },
	{ "no ULID", "batch", 422, "{\"v\":1,\"batch\":\"01hzx000000000000000000009\",\"created\":1,\"from\":1,\"to\":0}" },
	{ "number 0", "batch", 422, HEAD "\"from\":0,\"to\":0,\"events\":[" EV(0) "]}" },
	{ "a number too large", "batch", 422, HEAD "\"from\":1,\"to\":9007199254740993}" },
	{ "a range backwards", "batch", 422, HEAD "\"from\":5,\"to\":3}" },
	{ "a hole", "batch", 422, HEAD "\"from\":1,\"to\":3,\"events\":[" EV(1) "," EV(3) "]}" },
	{ "twice the same", "batch", 422, HEAD "\"from\":1,\"to\":2,\"events\":[" EV(1) "," EV(1) "]}" },
	{ "out of order", "batch", 422, HEAD "\"from\":1,\"to\":2,\"events\":[" EV(2) "," EV(1) "]}" },
	{ "one too many", "batch", 422, HEAD "\"from\":1,\"to\":1,\"events\":[" EV(1) "," EV(2) "]}" },
	{ "an event in a gap", "batch", 422, HEAD "\"from\":1,\"to\":2,\"events\":[" EV(2) "],\"gaps\":[{\"from\":1,\"to\":2,\"reason\":\"\"}]}" },
	{ "gaps that meet", "batch", 422, HEAD "\"from\":1,\"to\":3,\"gaps\":[{\"from\":1,\"to\":2},{\"from\":2,\"to\":3}]}" },
	{ "a gap backwards", "batch", 422, HEAD "\"from\":1,\"to\":2,\"gaps\":[{\"from\":2,\"to\":1}]}" },
	{ "a time beyond all", "batch", 422, HEAD "\"from\":1,\"to\":1,\"events\":[{\"q\":1,\"t\":9007199254740993,\"k\":\"boot\"}]}" },
	{ "an offset beyond all", "batch", 422, HEAD "\"offset\":-9007199254740993,\"from\":1,\"to\":0}" },
	{ "less than no time", "batch", 422, HEAD "\"from\":1,\"to\":1,\"events\":[{\"q\":1,\"t\":1,\"k\":\"web\",\"h\":\"a.jp\",\"s\":-1}]}" },
	{ "a section without hash", "batch", 422, HEAD "\"from\":1,\"to\":0,\"sections\":{\"os\":{\"full\":{}}}}" },
	{ "another's hash", "batch", 422, HEAD "\"from\":1,\"to\":0,\"sections\":{\"os\":{" HASH ",\"full\":{}}}}" },
};

static void many(const char *what, const char *before, const char *item, size_t n, const char *after)
{
	struct sb v = SB_INIT;
	sb_adds(&v, before);
	for (size_t i = 0; i < n; i++) {
		sb_adds(&v, i ? "," : "");
		sb_addf(&v, item[0] == '%' ? "\"a%zu\":{" HASH "}" : "{\"q\":%zu,\"t\":1,\"k\":\"x\"}", i + 1);
	}
	sb_adds(&v, after);
	int64_t versions_before = versions();
	send_json_n(&me, v.s, v.len);
	ck_assert_msg(ans.status == 400 && strstr(ans.json.s, "limit"), "%s: %d %s", what, ans.status, ans.json.s);
	ck_assert_int_eq(versions(), versions_before);
	sb_free(&v);
}

START_TEST(batches)
{
	setup();
	enrol(&me, "PC-1", "");
	for (size_t i = 0; i < sizeof insides / sizeof *insides; i++) {
		int64_t before = versions();
		send_json(&me, insides[i].json);
		ck_assert_msg(ans.status == insides[i].status && strcmp(ans.json.s, arena_printf(a, "{\"error\":\"%s\"}", insides[i].error)) == 0,
		              "%s: %d %s", insides[i].what, ans.status, ans.json.s);
		ck_assert_msg(versions() == before, "%s changed something", insides[i].what);
	}
	many("events", HEAD "\"from\":1,\"to\":200001,\"events\":[", "", HC1_EVENTS_MAX + 1, "]}");
	many("sections", HEAD "\"from\":1,\"to\":0,\"sections\":{", "%", AGENT_PARTS_MAX + 1, "}}");
	send_json(&me, batch_json(1, NOW, 1, 3, logons(1, 3), ""));
	ck_answer(200, "ack_to");
	teardown();
}
END_TEST

/* ---- what may come again, late or early --------------------------------------------------- */

START_TEST(a_replay_changes_nothing)
{
	setup();
	enrol(&me, "PC-1", "");
	struct sb env = SB_INIT, first = SB_INIT;
	const char *body = "{\"host\":\"PC-1\"}";
	uint8_t hash[SHA256_LEN];
	char hex[2 * SHA256_LEN + 1];
	crypto_sha256(body, strlen(body), hash);
	hex_encode(hash, sizeof hash, hex);
	const char *json = batch_json(1, NOW, 1, 3, logons(1, 3), arena_printf(a, ",\"sections\":{\"os\":{\"sha256\":\"%s\",\"taken\":1,\"full\":%s},"
	                              "\"hw\":{\"sha256\":\"%s\",\"taken\":1}}", hex, body, hex));
	hc1_client_seal(&me, json, strlen(json), &env);
	send_bytes(env.s, env.len);
	ck_assert_int_eq(ans.status, 200);
	ck_assert_str_eq(ans.json.s, "{\"ack_to\":3,\"missing\":[],\"need_full\":[\"hw\"]}");
	int64_t before = versions();
	for (int i = 0; i < 3; i++) {
		send_bytes(env.s, env.len);
		ck_assert_int_eq(ans.status, 200);
		ck_assert_str_eq(ans.json.s, "{\"ack_to\":3,\"missing\":[],\"need_full\":[\"hw\"]}");
		ck_assert_int_eq(versions(), before);
	}
	sb_free(&env);
	sb_free(&first);
	teardown();
}
END_TEST

/* Clocks: what can't be is taken as when it came. */
START_TEST(times_that_can_not_be)
{
	setup();
	enrol(&me, "PC-1", "");
	send_json(&me, batch_json(1, NOW, 1, 3, arena_printf(a, "{\"q\":1,\"t\":4102412400000,\"k\":\"boot\"},{\"q\":2,\"t\":0,\"k\":\"boot\"},"
	          "{\"q\":3,\"t\":%lld,\"k\":\"boot\"}", NOW - MS_DAY), ""));
	ck_answer(200, "ack_to");
	/* a clock that is ten years behind, and knows it */
	send_json(&me, arena_printf(a, "{\"v\":1,\"batch\":\"01HZX000000000000000000002\",\"created\":%lld,\"offset\":%lld,\"from\":4,\"to\":4,"
	          "\"events\":[{\"q\":4,\"t\":%lld,\"k\":\"boot\"}]}", NOW - 3650 * MS_DAY, 3650 * MS_DAY, NOW - 3650 * MS_DAY - MS_HOUR));
	ck_answer(200, "ack_to");
	struct agent_reader *r;
	struct agent_row *v;
	size_t n;
	ck_ok(agent_reader_open(in.agents->folder, 202611, &r, &err));
	ck_ok(agent_rows(r, 1, AGENT_BIT(AGENT_BOOT), 0, INT32_MAX, a, &v, &n, &err));
	ck_assert_uint_eq(n, 4);
	ck_assert(v[0].q == 3 && !v[0].moved && v[0].at_ms == NOW - MS_DAY);
	ck_assert(v[1].q == 4 && !v[1].moved && v[1].at_ms == NOW - MS_HOUR);
	ck_assert(v[2].q == 1 && v[2].moved && v[2].at_ms == NOW);
	ck_assert(v[3].q == 2 && v[3].moved);
	agent_reader_close(&r);
	teardown();
}
END_TEST

START_TEST(a_clone_is_told)
{
	setup();
	enrol(&me, "PC-1", "");
	struct hc1_client twin = me;
	twin.epoch = 5;
	send_json(&me, batch_json(1, NOW, 1, 3, logons(1, 3), ""));
	send_json(&twin, batch_json(2, NOW, 4, 6, logons(4, 6), ""));
	send_json(&me, batch_json(3, NOW, 7, 9, logons(7, 9), ""));
	ck_answer(200, "ack_to");
	for (int i = 0; i < 2; i++) {
		send_json(&me, batch_json(4, NOW, 10, 12, logons(10, 12), ""));
		ck_answer(409, "cloned");
	}
	ck_assert_int_eq(mails("terminal-cloned"), 1);
	struct terminal t;
	ck_ok(terminal_get(s, 1, a, &t, &err));
	ck_assert_int_eq(t.cloned_at, NOW / 1000);
	send_json(&twin, batch_json(5, NOW, 10, 12, logons(10, 12), ""));
	ck_answer(200, "ack_to");
	teardown();
}
END_TEST

START_TEST(a_contract_ends)
{
	struct contract c;
	setup();
	enrol(&me, "PC-1", "");
	enrol(&other, "PC-2", "");
	ck_ok(store_begin(s, &err));
	ck_ok(terminal_leave(s, 2, TERMINAL_REVOKED, 0, NOW / 1000, &err));
	ck_ok(store_commit(s, &err));
	int64_t before = versions();
	send_json(&other, batch_json(1, NOW, 1, 1, logons(1, 1), ""));
	ck_answer(410, "unknown");
	ck_ok(contract_get(s, contract, a, &c, &err));
	c.ended_at = NOW / 1000;
	for (int f = 0; f < CF_COUNT; f++)
		c.v[f] = NULL;
	c.addresses = c.domains = NULL;
	ck_ok(store_begin(s, &err));
	ck_ok(contract_update(s, &c, NOW / 1000, &err));
	ck_ok(store_commit(s, &err));
	before = versions();
	send_json(&me, batch_json(1, NOW, 1, 1, logons(1, 1), ""));
	ck_answer(410, "ended");
	ck_assert_int_eq(versions(), before);
	teardown();
}
END_TEST

/* ---- a key in the place of another ---------------------------------------------------------- */

static void send_rekey(struct hc1_client *c, uint64_t id, const uint8_t pub[HC1_PUB])
{
	struct sb b64 = SB_INIT;
	b64_encode(pub, HC1_PUB, &b64);
	send_json(c, batch_json(id, NOW, (int64_t)id, (int64_t)id, logons((int64_t)id, (int64_t)id), arena_printf(a, ",\"rekey\":\"%s\"", b64.s)));
	sb_free(&b64);
}

static void sign_of_life(struct hc1_client *c, uint64_t id)
{
	send_json(c, batch_json(id, NOW, (int64_t)id, (int64_t)id, logons((int64_t)id, (int64_t)id), ""));
}

START_TEST(a_key_takes_the_place_of_another)
{
	uint8_t secret[HC1_PUB], pub[HC1_PUB], secret3[HC1_PUB], pub3[HC1_PUB];
	static const uint8_t nothing[HC1_PUB];
	setup();
	enrol(&me, "PC-1", "");
	sign_of_life(&me, 1);
	ck_assert(ans.status == 200 && !strstr(ans.json.s, "rekey"));
	ck_ok(sql_script(s, "UPDATE terminal SET enrolled_at = enrolled_at - 366 * 86400", &err));
	sign_of_life(&me, 2);
	ck_assert(ans.status == 200 && strstr(ans.json.s, "\"rekey\":true"));
	send_rekey(&me, 3, nothing); /* no key at all */
	ck_assert(ans.status == 200 && !strstr(ans.json.s, "\"key\""));

	x25519_new(secret, pub);
	send_rekey(&me, 4, pub);
	ck_answer(200, "key_id\":2,\"pub");
	char *first = arena_strdup(a, strstr(ans.json.s, "\"key\""));
	send_rekey(&me, 5, pub); /* the answer was lost */
	ck_assert_str_eq(strstr(ans.json.s, "\"key\""), first);
	x25519_new(secret3, pub3);
	send_rekey(&me, 6, pub3); /* another so soon */
	ck_assert(ans.status == 200 && !strstr(ans.json.s, "\"key\""));

	struct hc1_client old = me;
	me.key_id = 2;
	ck_assert(hc1_client_root(&me, secret, pub, first));
	sign_of_life(&me, 7);
	ck_assert(ans.status == 200 && !strstr(ans.json.s, "rekey"));
	old.seq = me.seq;
	sign_of_life(&old, 8);
	ck_answer(200, "ack_to\":8,\"missing");
	ck_ok(sql_script(s, "UPDATE terminal_key SET used_at = used_at - 30 * 86400, made_at = made_at - 366 * 86400", &err));
	old.seq = me.seq += 2;
	sign_of_life(&old, 9);
	ck_answer(410, "unknown");
	sign_of_life(&me, 9);
	ck_assert(ans.status == 200 && strstr(ans.json.s, "\"rekey\":true"));
	send_rekey(&me, 10, pub3);
	ck_answer(200, "key_id\":3,\"pub");
	struct hc1_client third = me;
	third.key_id = 3;
	ck_assert(hc1_client_root(&third, secret3, pub3, strstr(ans.json.s, "\"key\"")));
	sign_of_life(&third, 11);
	ck_answer(200, "ack_to\":11,\"missing");

	ck_ok(store_begin(s, &err));
	ck_ok(terminal_leave(s, 1, TERMINAL_REVOKED, 0, NOW / 1000, &err));
	ck_ok(store_commit(s, &err));
	sign_of_life(&third, 12);
	ck_answer(410, "unknown");
	teardown();
}
END_TEST

/* ---- enrolment ------------------------------------------------------------------------------ */

START_TEST(enrolments)
{
	static const struct { const char *what, *error; int status; const char *body; } v[] = {
		{ "nothing", "malformed", 400, "" },
		{ "no JSON", "malformed", 400, "code=N000000001" },
		{ "no members", "malformed", 400, "{\"v\":1}" },
		{ "no key", "malformed", 400, "{\"v\":1,\"code\":\"N000000001\",\"token\":\"x\",\"host\":\"h\"}" },
		{ "a short key", "malformed", 400, "{\"v\":1,\"code\":\"N000000001\",\"token\":\"x\",\"host\":\"h\",\"pub\":\"AAAA\"}" },
		{ "a key of zeros", "malformed", 400, "{\"v\":1,\"code\":\"N000000001\",\"token\":\"x\",\"host\":\"h\",\"pub\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"}" },
		{ "no UTF-8", "malformed", 400, "{\"v\":1,\"code\":\"\x83\x5c\"}" },
		{ "too deep", "limit", 400, "{\"hw\":{\"x\":[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]}}" },
	};
	setup();
	for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
		int64_t before = versions();
		sb_reset(&ans.json);
		agent_enroll(&in, v[i].body, strlen(v[i].body), NOW / 1000, &ans);
		ck_assert_msg(ans.status == v[i].status && strstr(ans.json.s, v[i].error), "%s: %d %s", v[i].what, ans.status, ans.json.s);
		ck_assert_int_eq(versions(), before);
	}
	hc1_client_new(&me);
	int64_t before = versions();
	ask(&me, "N000000009", token, "PC-1", "", NOW);
	ck_answer(403, "token");
	ask(&me, "N000000001", "aaaa", "PC-1", "", NOW);
	ck_answer(403, "token");
	ask(&me, "N000000001", token, "PC-1", "", NOW + 4 * MS_DAY);
	ck_answer(403, "token");
	ck_assert_int_eq(versions(), before);
	/* the first answer was lost */
	ask(&me, "N000000001", token, "PC-1", "", NOW);
	char *first = arena_strdup(a, ans.json.s);
	ask(&me, "N000000001", "used up", "PC-1", "", NOW);
	ck_assert_int_eq(ans.status, 200);
	ck_assert_str_eq(ans.json.s, first);
	teardown();
}
END_TEST

START_TEST(ids_are_counted)
{
	struct hc1_client c;
	setup();
	for (int i = 0; i < 5; i++)
		enrol(&c, "PC", "");
	for (int i = 0; i < 3; i++) {
		hc1_client_new(&c);
		ask(&c, "N000000001", token, "PC-6", "", NOW);
		ck_answer(409, "full");
	}
	ck_assert_int_eq(mails("terminal-full"), 1);
	ask(&c, "N000000001", token, "PC-6", "", NOW + MS_DAY);
	ck_answer(409, "full");
	ck_assert_int_eq(mails("terminal-full"), 2);
	ck_ok(store_begin(s, &err));
	ck_ok(terminal_leave(s, 2, TERMINAL_REVOKED, 0, NOW / 1000, &err));
	ck_ok(store_commit(s, &err));
	ask(&c, "N000000001", token, "PC-6", "", NOW);
	ck_assert_int_eq(ans.status, 200);
	teardown();
}
END_TEST

/* 4C4C… is a maker's UUID; the other board was never given one. */
#define BOARD "\"smbios_uuid\":\"4c4c4544-0042-3510-8053-b4c04f4e5932\",\"board_serial\":\"To be filled by O.E.M.\""
#define NO_BOARD "\"smbios_uuid\":\"03000200-0400-0500-0006-000700080009\",\"board_serial\":\"Default string\""

START_TEST(a_machine_set_up_anew_keeps_its_place)
{
	struct terminal *v;
	struct hc1_client c;
	size_t n;
	setup();
	enrol(&me, "PC-1", BOARD);
	enrol(&other, "PC-2", NO_BOARD);
	/* heard of a moment ago: a copy of it */
	enrol(&c, "PC-3", BOARD);
	hc1_client_new(&c);
	ask(&c, "N000000001", token, "PC-1", BOARD, NOW + MS_HOUR);
	ck_assert_int_eq(ans.status, 200);
	hc1_client_new(&c);
	ask(&c, "N000000001", token, "PC-4", NO_BOARD, NOW + MS_HOUR);
	ck_assert_int_eq(ans.status, 200);
	ck_ok(terminal_list(s, contract, true, a, &v, &n, &err));
	ck_assert_uint_eq(n, 5);
	ck_assert_int_eq((v[0].state == TERMINAL_REPLACED) + (v[2].state == TERMINAL_REPLACED), 1);
	ck_assert_int_eq(v[1].state, TERMINAL_ACTIVE);
	ck_assert_int_eq(v[4].state, TERMINAL_ACTIVE);
	ck_assert_str_eq(v[1].smbios_uuid, "");
	send_json(v[0].state == TERMINAL_REPLACED ? &me : &c, batch_json(1, NOW, 1, 1, logons(1, 1), ""));
	ck_assert_int_eq(ans.status, v[0].state == TERMINAL_REPLACED ? 410 : ans.status);
	teardown();
}
END_TEST

START_TEST(a_machine_is_renamed)
{
	struct terminal t;
	uint8_t hash[SHA256_LEN];
	char hex[2 * SHA256_LEN + 1];
	setup();
	enrol(&me, "PC-1", "");
	const char *body = "{\"family\":\"windows\",\"host\":\"経理-07\"}";
	crypto_sha256(body, strlen(body), hash);
	hex_encode(hash, sizeof hash, hex);
	send_json(&me, batch_json(1, NOW, 1, 0, "", arena_printf(a, ",\"sections\":{\"os\":{\"sha256\":\"%s\",\"taken\":1,\"full\":%s}}", hex, body)));
	ck_assert_str_eq(ans.json.s, "{\"ack_to\":0,\"missing\":[],\"need_full\":[]}");
	ck_ok(terminal_get(s, 1, a, &t, &err));
	ck_assert_str_eq(t.host, "経理-07");
	teardown();
}
END_TEST

/* No memory, no disk: later, and when. */
START_TEST(busy)
{
	setup();
	enrol(&me, "PC-1", "");
	const char *json = batch_json(1, NOW, 1, 3, logons(1, 3), "");
	int64_t before = versions();
	ck_assert(agents_reserve(in.agents, (size_t)AGENTS_MEMORY_MB << 20));
	send_json(&me, json);
	ck_answer(503, "busy");
	ck_assert_ptr_nonnull(strstr(ans.json.s, "\"retry_after\":"));
	agents_release(in.agents, (size_t)AGENTS_MEMORY_MB << 20);
	cfg->upload_free_mb = INT64_MAX / 2000000; /* more than any disk has */
	send_json(&me, json);
	ck_answer(503, "busy");
	cfg->upload_free_mb = 0;
	ck_assert_int_eq(versions(), before);
	send_json(&me, json);
	ck_answer(200, "ack_to");
	ck_assert_int_eq(in.agents->memory, 0);
	teardown();
}
END_TEST

/* ---- many at once ------------------------------------------------------------------------------ */

enum { MANY = 5, EACH = 60 };
struct sender {
	struct hc1_client c;
	uint64_t no;
	pthread_t thread;
	int refused;
};

/* Each batch twice, with the month turning half way. */
static void *send_many(void *arg)
{
	struct sender *x = arg;
	struct agent_answer r = { .json = SB_INIT };
	for (int64_t i = 1; i <= EACH; i++) {
		char json[400];
		struct sb env = SB_INIT;
		int64_t now = i <= EACH / 2 ? NOW : NOW + 30 * MS_DAY;
		int n = snprintf(json, sizeof json, "{\"v\":1,\"batch\":\"01HZX%021llu\",\"created\":%lld,\"from\":%lld,\"to\":%lld,\"events\":["
		                 "{\"q\":%lld,\"t\":%lld,\"k\":\"web\",\"h\":\"www%lld.example.co.jp\",\"n\":1,\"s\":2},{\"q\":%lld,\"t\":%lld,\"k\":\"boot\"}]}",
		                 (unsigned long long)x->no * 1000 + (unsigned long long)i, (long long)now, (long long)(2 * i - 1), (long long)(2 * i),
		                 (long long)(2 * i - 1), (long long)now, (long long)(i % 7), (long long)(2 * i), (long long)now);
		hc1_client_seal(&x->c, json, (size_t)n, &env);
		for (int k = 0; k < 2; k++) {
			sb_reset(&r.json);
			agent_batch(&in, env.s, env.len, now, &r);
			x->refused += r.status != 200;
		}
		sb_free(&env);
	}
	sb_free(&r.json);
	return arg;
}

START_TEST(many_at_once)
{
	static struct sender v[MANY];
	int64_t events = 0, rebuilt, differ;
	struct agent_reader *r;
	setup();
	for (size_t i = 0; i < MANY; i++) {
		enrol(&v[i].c, "PC", "");
		v[i].no = i + 1;
	}
	for (size_t i = 0; i < MANY; i++)
		ck_assert_int_eq(pthread_create(&v[i].thread, NULL, send_many, &v[i]), 0);
	for (size_t i = 0; i < MANY; i++) {
		pthread_join(v[i].thread, NULL);
		ck_assert_int_eq(v[i].refused, 0);
	}
	ck_ok(agent_reader_open(in.agents->folder, 202611, &r, &err));
	for (int64_t id = 1; id <= MANY; id++) {
		struct agent_day *d;
		size_t n;
		ck_ok(agent_days(r, id, 0, INT32_MAX, a, &d, &n, &err));
		for (size_t i = 0; i < n; i++)
			events += d[i].events;
	}
	ck_assert_int_eq(events, MANY * EACH * 2);
	agent_reader_close(&r);
	for (int month = 202611; month <= 202612; month++) {
		ck_ok(agent_month_rebuild(in.agents->folder, month, &rebuilt, &differ, &err));
		ck_assert_int_gt(rebuilt, 0);
		ck_assert_int_eq(differ, 0);
	}
	teardown();
}
END_TEST

UNIT_SUITE("agent_intake", envelopes, compression, batches, a_replay_changes_nothing, times_that_can_not_be, a_clone_is_told,
           a_contract_ends, a_key_takes_the_place_of_another, enrolments, ids_are_counted, a_machine_set_up_anew_keeps_its_place, a_machine_is_renamed, busy, many_at_once)
