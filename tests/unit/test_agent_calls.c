/*
 * The agent and a server that is played here, in place of plat_post: answers
 * that get lost, refusals, a server that is away for 14 days, one that was set
 * back, other lives of the same identity. Each event arrives exactly once, or
 * is told as a gap (AGENT-02, -03).
 */
#include "agent/agent.h"
#include "agent/b64.h"
#include "base/hex.h"
#include "agent/sched.h"
#include "base/arena.h"
#include "base/log.h"
#include "base/xalloc.h"
#include "text/agent_batch.h"
#include "unit.h"
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zstd.h>

/* ---- the clock, and one collector: `make_events` more each time it is asked */
#define HOUR ((int64_t)3600000)
static int64_t wall, mono;
static int64_t wall_ms(void) { return wall; }
static int64_t mono_ms(void) { return mono; }
static const struct agent_clock clocks = { wall_ms, mono_ms };

static int make_events, made, poison;

static void *source_open(struct collect *c)
{
	static char here;
	const char *place = collect_bookmark(c, "source");
	made = place ? atoi(place) : 0;
	return &here;
}
static void source_tick(void *self, struct collect *c)
{
	char place[16];
	struct err e;
	(void)self;
	for (int i = 0; i < make_events; i++) {
		struct json_put *o = collect_event(c, wall, "app", "KK\\佐藤");
		json_put_text_at(o, "n", ++made == poison ? "poison" : "winword.exe");
		json_put_int_at(o, "s", made);
	}
	snprintf(place, sizeof place, "%d", made);
	ck_assert_int_eq(collect_flush(c, "source", place, &e), OK);
}
static void source_close(void *self)
{
	(void)self;
}
static const struct collector source = { "source", 900, source_open, source_tick, source_close };
const struct collector *const plat_collectors[] = { &source, NULL };

/* ---- the server */
enum { MOST = 20000 };
static struct {
	bool away, lose_answer, know, unseal, cloned, ended;
	int busy_s, large, need_full;
	bool have[MOST], gap[MOST];
	int64_t high;
	int events, twice, calls, enrolled, full_os;
	uint8_t id[HC1_ID], key[32], pub[32], root[PLAT_KEY];
	char etag[16];
	/* a key in the place of the first */
	bool hint, second, known_second;
	uint8_t asked[32], pub2[32], root2[PLAT_KEY];
	int seconds, under_second; /* made; batches under it */
} srv;

static int64_t ack_to(void)
{
	int64_t q = 0;
	while (q + 1 < MOST && (srv.have[q + 1] || srv.gap[q + 1]))
		q++;
	return q;
}

static int say(struct sb *answer, int status, const char *error)
{
	sb_addf(answer, "{\"error\":\"%s\"%s}", error, status == 503 ? ",\"retry_after\":600" : "");
	return status;
}

static void derive(const uint8_t agent_pub[32], const uint8_t own[32], const uint8_t pub[32], uint8_t root[PLAT_KEY])
{
	uint8_t secret[32], info[HC1_ROOT_INFO];
	plat_x25519(own, agent_pub, secret);
	hc1_root_info(agent_pub, pub, info);
	envelope_hkdf(secret, 32, srv.id, HC1_ID, info, sizeof info, root, PLAT_KEY);
}

static int enrol(const char *body, struct sb *answer)
{
	uint8_t agent_pub[32];
	struct sb pub = SB_INIT;
	char id[33];
	const char *p = strstr(body, "\"pub\":\"");
	ck_assert(p && b64_to(p + 7, 44, agent_pub, 32));
	plat_random(srv.key, 32);
	plat_random(srv.id, HC1_ID);
	plat_x25519_public(srv.key, srv.pub);
	derive(agent_pub, srv.key, srv.pub, srv.root);
	b64_of(srv.pub, 32, &pub);
	hex_encode(srv.id, HC1_ID, id);
	sb_addf(answer, "{\"agent_id\":\"%s\",\"key_id\":1,\"pub\":\"%s\",\"t\":%lld}", id, pub.s, (long long)wall + 5000);
	sb_free(&pub);
	srv.enrolled++;
	srv.know = srv.unseal = true;
	srv.cloned = false;
	memset(srv.have, 0, sizeof srv.have);
	memset(srv.gap, 0, sizeof srv.gap);
	srv.high = 0;
	return 200;
}

/* The same public key again is the same key. */
static void put_second(const char *rekey, struct sb *answer)
{
	uint8_t asked[32], own[32];
	struct sb pub = SB_INIT;
	if (!*rekey) {
		sb_adds(answer, srv.hint && !srv.under_second ? ",\"rekey\":true" : "");
		return;
	}
	ck_assert(b64_to(rekey, strlen(rekey), asked, 32));
	if (!srv.second || memcmp(asked, srv.asked, 32) != 0) {
		memcpy(srv.asked, asked, 32);
		plat_random(own, 32);
		plat_x25519_public(own, srv.pub2);
		derive(asked, own, srv.pub2, srv.root2);
		srv.second = srv.known_second = true;
		srv.seconds++;
	}
	b64_of(srv.pub2, 32, &pub);
	sb_addf(answer, ",\"key\":{\"key_id\":2,\"pub\":\"%s\"}", pub.s);
	sb_free(&pub);
}

static int take(const struct agent_batch *b, struct sb *answer)
{
	for (size_t i = 0; i < b->nparts; i++)
		srv.full_os += strcmp(b->parts[i].name, "os") == 0 && b->parts[i].full;
	for (size_t i = 0; i < b->nevents; i++) {
		int64_t q = b->events[i].q;
		ck_assert_int_lt(q, MOST);
		srv.events += !srv.have[q];
		srv.twice += srv.have[q];
		srv.have[q] = true;
	}
	for (size_t i = 0; i < b->ngaps; i++)
		for (int64_t q = b->gaps[i].q.from; q <= b->gaps[i].q.to; q++)
			srv.gap[q] = true;
	sb_addf(answer, "{\"ack_to\":%lld,\"missing\":[],\"need_full\":[%s]", (long long)ack_to(), srv.need_full-- > 0 ? "\"os\"" : "");
	if (*srv.etag && strcmp(srv.etag, b->config) != 0)
		sb_addf(answer, ",\"config\":{\"etag\":\"%s\",\"off\":[\"source\"]}", srv.etag);
	put_second(b->rekey, answer);
	sb_adds(answer, "}");
	return 200;
}

static int batch(const uint8_t *p, size_t n, struct sb *answer)
{
	struct hc1_head h;
	struct envelope_key k;
	struct agent_batch b;
	struct err e;
	ck_assert(hc1_parse(p, n, &h));
	ck_assert(!srv.know || memcmp(h.agent_id, srv.id, HC1_ID) == 0);
	if (!srv.know || h.key_id > 2 || (h.key_id == 2 && !srv.known_second))
		return say(answer, 410, "unknown");
	if (srv.ended)
		return say(answer, 410, "ended");
	if (srv.cloned)
		return say(answer, 409, "cloned");
	if (!srv.unseal)
		return say(answer, 401, "sealed");
	if (srv.large && n > (size_t)srv.large)
		return say(answer, 413, "large");
	uint8_t *plain = xmalloc(n);
	envelope_epoch(h.key_id == 2 ? srv.root2 : srv.root, srv.id, h.epoch, &k);
	srv.under_second += h.key_id == 2;
	ck_assert(plat_unseal(k.key, h.nonce, p, HC1_HEAD, p + HC1_HEAD, n - HC1_HEAD, plain));
	size_t size = (size_t)ZSTD_getFrameContentSize(plain, h.len);
	char *json = xcalloc(1, size + 1);
	ck_assert_uint_eq(ZSTD_decompress(json, size, plain, h.len), size);
	struct arena *a = arena_new();
	ck_assert_msg(agent_batch_read(json, size, wall, a, &b, &e) == OK, "%s: %s", e.msg, json);
	int status = poison && strstr(json, "poison") ? say(answer, 422, "batch") : take(&b, answer);
	arena_free(&a);
	free(json);
	free(plain);
	return status;
}

enum status plat_post(const struct plat_http *h, const void *body, size_t n, struct sb *answer, int *status_r, struct err *e)
{
	srv.calls++;
	if (srv.away)
		return err_set(e, ERR_TEMP, "away");
	if (srv.busy_s) {
		*status_r = say(answer, 503, "busy");
		return OK;
	}
	*status_r = strstr(h->url, "/v1/enroll") ? enrol(body, answer) : batch(body, n, answer);
	return srv.lose_answer ? err_set(e, ERR_TEMP, "lost") : OK;
}

/* ---- the stories */
static char dir[64];
static struct err err;

static void wipe(void)
{
	char cmd[128];
	snprintf(cmd, sizeof cmd, "rm -rf %s", dir);
	if (system(cmd) != 0)
		perror(cmd);
}

static void setup(void)
{
	char path[96];
	struct state *st;
	enum upload_result why;
	log_open("test", "/dev/null", LOG_LV_ERROR);
	/* Months pass here: without a disk, where that can be had. */
	snprintf(dir, sizeof dir, "%s/yorozu-agent-XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	atexit(wipe);
	wall = 1764000000000;
	mono = -HOUR; /* a private instance's clock may be set back so far */
	make_events = 10;
	snprintf(path, sizeof path, "%s/state", dir);
	ck_assert_int_eq(state_load(path, wall, mono, &st, &err), ERR_NOTFOUND);
	state_text(&st->server, "https://x.example");
	state_text(&st->code, "N000123");
	state_text(&st->token, "t");
	ck_assert_int_eq(agent_enrol(st, &clocks, &why, &err), OK);
	ck_assert_int_eq(st->offset_ms, 5000);
	state_free(&st);
}

static struct agent *start(void)
{
	struct agent *a;
	ck_assert_msg(agent_begin(dir, &clocks, &a, &err) == OK, "%s", err.msg);
	return a;
}

static void pass(struct agent *a, int64_t ms)
{
	for (int64_t end = mono + ms; mono < end;) {
		int64_t w = agent_step(a), k = w < 1000 ? 1000 : w;
		mono += k;
		wall += k;
	}
}

/* All that was made has arrived once; the agent keeps nothing. */
static void all_there(struct agent *a)
{
	ck_assert_int_eq(srv.events, made);
	ck_assert_int_eq(srv.twice, 0);
	ck_assert_uint_eq(spool_acked(a->spool), spool_next(a->spool) - 1);
}

START_TEST(a_day)
{
	setup();
	struct agent *a = start();
	pass(a, 24 * HOUR);
	make_events = 0;
	pass(a, HOUR);
	all_there(a);
	ck_assert_int_ge(made, 960);
	ck_assert_int_eq(srv.full_os, 1);            /* then its hash alone */
	ck_assert(srv.calls > 95 && srv.calls < 105); /* one in 15 minutes */
	srv.need_full = 1;
	pass(a, HOUR);
	ck_assert_int_eq(srv.full_os, 2);
	agent_end(&a);
	a = start();
	pass(a, HOUR);
	ck_assert_int_eq(srv.full_os, 2); /* remembered over a restart */
	agent_end(&a);
}
END_TEST

START_TEST(answers_get_lost)
{
	setup();
	struct agent *a = start();
	for (int i = 0; i < 40; i++) {
		srv.lose_answer = i % 3 != 0;
		pass(a, HOUR);
		if (i % 5 == 0) {
			agent_end(&a);
			a = start();
		}
	}
	srv.lose_answer = false;
	make_events = 0;
	pass(a, 3 * HOUR);
	/* The same events came again, but every one under its own number. */
	ck_assert_int_eq(srv.events, made);
	ck_assert_int_eq(ack_to(), made);
	agent_end(&a);
}
END_TEST

START_TEST(killed_at_any_moment)
{
	setup();
	make_events = 7;
	for (int i = 0; i < 60; i++) {
		/* Each life is a process of its own that ends without a word, but what it
		 * told the server is known there: the answer may be lost with it. */
		int fd[2];
		ck_assert_int_eq(pipe(fd), 0);
		pid_t pid = fork();
		if (pid == 0) {
			struct agent *a = start();
			pass(a, 900000 + i * 61000);
			struct err e;
			agent_collect(a, true);
			if (i % 2 && spool_sync(a->spool, &e) != OK)
				_exit(1);
			_exit(write(fd[1], &srv, sizeof srv) == sizeof srv ? 0 : 1);
		}
		size_t got = 0;
		close(fd[1]);
		for (ssize_t k; got < sizeof srv && (k = read(fd[0], (char *)&srv + got, sizeof srv - got)) > 0;)
			got += (size_t)k;
		close(fd[0]);
		int status;
		waitpid(pid, &status, 0);
		ck_assert(got == sizeof srv && status == 0);
		wall += 2 * HOUR;
	}
	make_events = 0;
	struct agent *a = start();
	pass(a, HOUR);
	all_there(a);
	ck_assert_int_ge(made, 60 * 7);
	agent_end(&a);
}
END_TEST

START_TEST(fourteen_days_away)
{
	setup();
	struct agent *a = start();
	srv.away = true;
	make_events = 2;
	pass(a, 13 * 24 * HOUR);
	int calls = srv.calls;
	ck_assert(calls < 13 * 24 + 40); /* once an hour, about */
	srv.away = false;
	srv.calls = 0;
	pass(a, 2 * HOUR);
	make_events = 0;
	pass(a, HOUR);
	all_there(a);
	agent_end(&a);
}
END_TEST

START_TEST(longer_away_leaves_a_gap)
{
	setup();
	struct agent *a = start();
	srv.away = true;
	make_events = 1;
	pass(a, 20 * 24 * HOUR);
	srv.away = false;
	pass(a, 2 * HOUR);
	make_events = 0;
	pass(a, HOUR);
	ck_assert_int_eq(ack_to(), made);
	ck_assert_int_eq(srv.twice, 0);
	int kept = srv.events * 900; /* seconds: one event in each slot */
	ck_assert(kept > 13 * 86400 && kept <= 14 * 86400 + 4 * 3600);
	ck_assert(srv.gap[1] && !srv.have[1] && srv.have[made]);
	agent_end(&a);
}
END_TEST

START_TEST(catching_up_is_slow)
{
	setup();
	struct agent *a = start();
	a->octets = 1 << 10;
	srv.away = true;
	make_events = 100;
	pass(a, 12 * HOUR);
	srv.away = false;
	srv.calls = 0;
	pass(a, 900000 + HOUR);
	ck_assert_int_le(srv.calls, 4 * 6); /* four batches in a slot, though much more waits */
	ck_assert_int_gt(srv.calls, 4);
	agent_end(&a);
}
END_TEST

START_TEST(busy_is_obeyed)
{
	setup();
	struct agent *a = start();
	srv.busy_s = 600;
	srv.calls = 0;
	pass(a, 2 * HOUR);
	ck_assert(srv.calls >= 8 && srv.calls <= 12);
	srv.busy_s = 0;
	make_events = 0;
	pass(a, HOUR);
	all_there(a);
	agent_end(&a);
}
END_TEST

START_TEST(one_event_that_is_refused)
{
	setup();
	poison = 333;
	make_events = 50;
	struct agent *a = start();
	pass(a, 3 * HOUR);
	make_events = 0;
	pass(a, 6 * HOUR);
	ck_assert_int_eq(srv.events, made - 1);
	ck_assert(srv.gap[333] && !srv.have[333]);
	ck_assert_int_eq(ack_to(), made);
	agent_end(&a);
}
END_TEST

START_TEST(too_large_is_halved)
{
	setup();
	srv.large = 3000;
	make_events = 900;
	struct agent *a = start();
	for (size_t i = 0; i < a->nsection; i++)
		a->section[i].refused = true;
	pass(a, 2 * HOUR);
	make_events = 0;
	pass(a, 12 * HOUR);
	ck_assert_int_eq(srv.events, made);
	agent_end(&a);
}
END_TEST

START_TEST(enrolled_anew)
{
	setup();
	struct agent *a = start();
	pass(a, HOUR);
	srv.away = true;
	pass(a, HOUR);
	srv.away = srv.know = false; /* it forgot us */
	int before = srv.events;
	pass(a, 2 * HOUR);
	make_events = 0;
	pass(a, HOUR);
	ck_assert_int_eq(srv.enrolled, 2);
	all_there(a);
	ck_assert_int_eq(ack_to(), made - before); /* the new identity's numbers begin at 1 */
	srv.unseal = false;
	make_events = 3;
	pass(a, HOUR);
	make_events = 0;
	pass(a, HOUR);
	ck_assert_int_eq(srv.enrolled, 3);
	srv.cloned = true;
	pass(a, HOUR);
	ck_assert_int_eq(srv.enrolled, 4);
	all_there(a);
	agent_end(&a);
}
END_TEST

START_TEST(the_contract_ended)
{
	setup();
	struct agent *a = start();
	pass(a, HOUR);
	srv.ended = true;
	pass(a, HOUR);
	int then = made;
	srv.calls = 0;
	pass(a, 48 * HOUR);
	ck_assert_int_eq(made, then); /* silent: nothing is looked at any more */
	ck_assert_int_le(srv.calls, 2);
	agent_end(&a);
}
END_TEST

START_TEST(a_server_that_was_set_back)
{
	setup();
	struct agent *a = start();
	pass(a, 3 * HOUR);
	int lost = 0;
	for (int q = 60; q < MOST; q++) {
		lost += srv.have[q];
		srv.have[q] = false;
	}
	srv.events -= lost;
	pass(a, 2 * HOUR);
	make_events = 0;
	pass(a, HOUR);
	ck_assert_int_eq(ack_to(), made); /* what it lost is a gap, and the row goes on */
	ck_assert(srv.gap[60] && !srv.have[60]);
	agent_end(&a);
}
END_TEST

START_TEST(numbers_of_an_earlier_life)
{
	setup();
	for (int q = 1; q <= 500; q++)
		srv.have[q] = true;
	struct agent *a = start();
	pass(a, 2 * HOUR);
	make_events = 0;
	pass(a, HOUR);
	ck_assert_int_eq(ack_to(), 500 + made);
	ck_assert_int_eq(srv.events, made);
	agent_end(&a);
}
END_TEST

START_TEST(the_clock_moves)
{
	setup();
	make_events = 0;
	struct agent *a = start();
	pass(a, HOUR);
	uint64_t epoch = a->st->epoch;
	wall += 10 * 365 * 24 * HOUR;
	pass(a, 2 * HOUR);
	ck_assert_int_eq(srv.events, 1); /* the clock's own */
	ck_assert_uint_gt(a->st->epoch, epoch);
	epoch = a->st->epoch;
	wall -= 20 * 365 * 24 * HOUR;
	pass(a, 2 * HOUR);
	ck_assert_uint_eq(a->st->epoch, epoch + 1);
	ck_assert_int_eq(srv.events, 2);
	agent_end(&a);
}
END_TEST

/* What a crash leaves: the state as it was on the disk. */
static void keep_state(bool back)
{
	char cmd[256];
	snprintf(cmd, sizeof cmd, back ? "cp %s/state.kept %s/state" : "cp %s/state %s/state.kept", dir, dir);
	ck_assert_int_eq(system(cmd), 0);
}

/* At each step of it the answer is lost, and the agent ends; nothing is asked of
 * the enrolment again, and no event is lost. */
START_TEST(a_key_changes)
{
	setup();
	make_events = 3;
	struct agent *a = start();
	pass(a, HOUR);
	srv.hint = srv.lose_answer = true;
	pass(a, HOUR); /* the word to change it does not arrive */
	ck_assert(!a->st->rekeying && srv.seconds == 0);
	srv.lose_answer = false;
	do
		pass(a, 60000);
	while (!a->st->rekeying);
	agent_end(&a); /* it ends before it has asked */
	a = start();
	ck_assert(a->st->rekeying);
	srv.lose_answer = true;
	pass(a, HOUR); /* the server has made the key, which the agent does not know */
	ck_assert_int_eq(srv.seconds, 1);
	ck_assert_uint_eq(a->st->key_id, 1);
	agent_end(&a);
	keep_state(false);
	srv.lose_answer = false;
	a = start();
	pass(a, 2 * HOUR);
	ck_assert_uint_eq(a->st->key_id, 2);
	ck_assert_int_gt(srv.under_second, 0);
	srv.under_second = 0;
	srv.hint = false;
	agent_end(&a);
	keep_state(true); /* it was not on the disk when the machine went down */
	a = start();
	ck_assert_uint_eq(a->st->key_id, 1);
	pass(a, 2 * HOUR);
	ck_assert_uint_eq(a->st->key_id, 2);
	ck_assert_int_eq(srv.seconds, 1);
	ck_assert_int_gt(srv.under_second, 0);

	srv.known_second = false; /* the server is put back from its backup */
	pass(a, 2 * HOUR);
	ck_assert_uint_eq(a->st->key_id, 1);
	make_events = 0;
	pass(a, HOUR);
	ck_assert_int_eq(srv.enrolled, 1);
	ck_assert_int_eq(srv.events, made);
	ck_assert_int_eq(ack_to(), made);
	agent_end(&a);
}
END_TEST

START_TEST(a_configuration_comes)
{
	setup();
	struct agent *a = start();
	pass(a, HOUR);
	memcpy(srv.etag, "e7", 3);
	pass(a, HOUR);
	int then = made;
	pass(a, 2 * HOUR);
	ck_assert_int_eq(made, then); /* it turns the source off */
	ck_assert_str_eq(a->st->etag, "e7");
	agent_end(&a);
	a = start();
	pass(a, HOUR);
	ck_assert_int_eq(made, then);
	agent_end(&a);
}
END_TEST

UNIT_SUITE("agent_calls", a_day, answers_get_lost, killed_at_any_moment, fourteen_days_away, longer_away_leaves_a_gap, catching_up_is_slow,
           busy_is_obeyed, one_event_that_is_refused, too_large_is_halved, enrolled_anew, the_contract_ended,
           a_server_that_was_set_back, numbers_of_an_earlier_life, the_clock_moves, a_key_changes, a_configuration_comes)
