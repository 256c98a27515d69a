/* The agent's spool: what was durable comes back whatever moment the agent died
 * at, and what is lost is a gap (AGENT-03). */
#include "agent/spool.h"
#include "base/io.h"
#include "base/strbuf.h"
#include "base/xalloc.h"
#include "unit.h"
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const uint8_t key[PLAT_KEY] = { 7, 7, 7 };
static const struct spool_limits wide = { (int64_t)14 * 86400000, (int64_t)200 << 20 };
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
	snprintf(dir, sizeof dir, "%s/yorozu-spool-XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	atexit(wipe);
}

static struct spool *open_spool(const struct spool_limits *l, int64_t age)
{
	struct spool *s;
	ck_assert_msg(spool_open(dir, key, l, age, &s, &err) == OK, "%s", err.msg);
	return s;
}

/* Event number q says "n":q, so that a wrong one is seen. */
static void add(struct spool *s, int64_t age, const char *name, const char *place)
{
	char json[64];
	snprintf(json, sizeof json, "\"k\":\"boot\",\"n\":%llu", (unsigned long long)spool_next(s));
	struct spool_event v = { 1000 + (int64_t)spool_next(s), json, strlen(json) };
	ck_assert_msg(spool_add(s, age, &v, 1, name, place, &err) == OK, "%s", err.msg);
}

struct seen {
	uint64_t first, last;
	size_t n;
};

static bool see(void *arg, uint64_t q, const struct spool_event *v)
{
	struct seen *x = arg;
	char json[64];
	snprintf(json, sizeof json, "\"k\":\"boot\",\"n\":%llu", (unsigned long long)q);
	ck_assert(v->n == strlen(json) && memcmp(v->json, json, v->n) == 0);
	ck_assert_int_eq(v->t, 1000 + (int64_t)q);
	ck_assert_uint_gt(q, x->last);
	if (!x->n++)
		x->first = q;
	x->last = q;
	return true;
}

static struct seen read_all(struct spool *s)
{
	struct seen x = { 0, 0, 0 };
	ck_assert_msg(spool_read(s, 0, see, &x, &err) == OK, "%s", err.msg);
	return x;
}

static char *segment_path(int nth)
{
	struct dirent **f;
	int n = scandir(dir, &f, NULL, alphasort), k = 0;
	char *path = NULL;
	for (int i = 0; i < n; i++) {
		if (strstr(f[i]->d_name, ".seg") && k++ == nth)
			path = xasprintf("%s/%s", dir, f[i]->d_name);
		free(f[i]);
	}
	free(f);
	ck_assert_ptr_nonnull(path);
	return path;
}

/* Every event is an event or lies in a gap, up to the last. */
static void all_accounted(struct spool *s)
{
	struct seen x = read_all(s);
	struct spool_gap g;
	uint64_t lost = 0;
	for (size_t i = 0; spool_gap(s, i, &g); i++)
		lost += g.to - g.from + 1;
	ck_assert_uint_eq(x.n + lost, spool_next(s) - 1 - spool_acked(s));
}

START_TEST(cut_at_every_octet)
{
	struct sb file = SB_INIT;
	setup();
	struct spool *s = open_spool(&wide, 0);
	for (int i = 1; i <= 12; i++) {
		char place[8];
		snprintf(place, sizeof place, "at%d", i);
		add(s, 0, i % 3 == 0 ? "web" : NULL, place);
	}
	ck_assert_int_eq(spool_sync(s, &err), OK);
	spool_close(&s);
	char *path = segment_path(0);
	ck_assert_int_eq(io_read_file(path, 1 << 20, &file, &err), OK);
	uint64_t before = 0;
	for (size_t cut = 0; cut <= file.len; cut++) {
		wipe();
		ck_assert_int_eq(io_mkdirs(dir, 0700, &err), OK);
		ck_assert_int_eq(io_write_file(path, 0600, file.s, cut, &err), OK);
		s = open_spool(&wide, 0);
		uint64_t kept = spool_next(s) - 1;
		ck_assert_uint_ge(kept, before);
		before = kept;
		ck_assert_uint_eq(read_all(s).n, kept);
		const char *place = spool_bookmark(s, "web");
		ck_assert_int_eq(place ? atoi(place + 2) : 0, (int)(kept - kept % 3)); /* events and bookmark: both or none */
		add(s, 0, NULL, NULL);
		ck_assert_uint_eq(read_all(s).n, kept + 1);
		spool_close(&s);
		s = open_spool(&wide, 0);
		ck_assert_uint_eq(read_all(s).n, kept + 1);
		spool_close(&s);
	}
	ck_assert_uint_eq(before, 12);
	free(path);
	sb_free(&file);
}
END_TEST

START_TEST(an_octet_flipped)
{
	struct sb file = SB_INIT;
	setup();
	struct spool *s = open_spool(&wide, 0);
	for (int i = 0; i < 8; i++)
		add(s, 0, NULL, NULL);
	ck_assert_int_eq(spool_sending(s, 8, &err), OK);
	spool_close(&s);
	char *path = segment_path(0);
	ck_assert_int_eq(io_read_file(path, 1 << 20, &file, &err), OK);
	for (size_t at = 0; at < file.len; at++) {
		file.s[at] ^= 0x20;
		ck_assert_int_eq(io_write_file(path, 0600, file.s, file.len, &err), OK);
		file.s[at] ^= 0x20;
		s = open_spool(&wide, 0);
		/* What went out before the damage keeps its numbers: none is given twice. */
		ck_assert_uint_eq(spool_next(s), 9);
		all_accounted(s);
		ck_assert_uint_lt(read_all(s).n, 8);
		spool_close(&s);
		unlink(path); /* a segment that holds nothing has gone by itself */
	}
	free(path);
	sb_free(&file);
}
END_TEST

START_TEST(acknowledged_goes)
{
	setup();
	struct spool *s = open_spool(&wide, 0);
	for (int i = 0; i < 100; i++)
		add(s, 0, i == 50 ? "wtmp" : NULL, "7:384");
	ck_assert_int_eq(spool_ack(s, 40, &err), ERR_PERM); /* not sent yet */
	ck_assert_int_eq(spool_sending(s, 100, &err), OK);
	ck_assert_int_eq(spool_ack(s, 40, &err), OK);
	ck_assert_int_eq(spool_ack(s, 30, &err), OK); /* backwards: nothing */
	ck_assert_int_eq(spool_ack(s, 101, &err), ERR_PERM);
	ck_assert_uint_eq(read_all(s).first, 41);
	spool_close(&s);
	s = open_spool(&wide, 0);
	ck_assert_uint_eq(read_all(s).first, 41);
	ck_assert_int_eq(spool_ack(s, 100, &err), OK);
	spool_close(&s);
	s = open_spool(&wide, 0);
	ck_assert_int_eq(spool_octets(s), 0); /* all files are gone, numbers and bookmark not */
	ck_assert_uint_eq(spool_next(s), 101);
	ck_assert_str_eq(spool_bookmark(s, "wtmp"), "7:384");
	spool_close(&s);
}
END_TEST

START_TEST(old_goes_and_leaves_a_gap)
{
	const int64_t day = 86400000;
	struct spool_gap g;
	setup();
	struct spool *s = open_spool(&wide, 0);
	for (int d = 0; d < 20; d++)
		for (int i = 0; i < 10; i++)
			add(s, d * day, NULL, NULL);
	ck_assert_int_eq(spool_trim(s, 19 * day, &err), OK);
	ck_assert(spool_gap(s, 0, &g));
	ck_assert_uint_eq(g.from, 1);
	ck_assert_uint_eq(g.to, 50); /* days 0 to 4; 14 days are kept */
	ck_assert_str_eq(g.reason, "old");
	ck_assert(!spool_gap(s, 1, &g));
	all_accounted(s);
	spool_close(&s);
	s = open_spool(&wide, 19 * day);
	ck_assert_uint_eq(read_all(s).first, 51);
	all_accounted(s);
	ck_assert_int_eq(spool_sending(s, 200, &err), OK);
	ck_assert_int_eq(spool_ack(s, 60, &err), OK);
	ck_assert(!spool_gap(s, 0, &g));
	spool_close(&s);
}
END_TEST

START_TEST(full_drops_the_oldest)
{
	const struct spool_limits narrow = { wide.age_ms, 3 << 20 };
	char *large = xcalloc(1, 200000);
	struct spool_event v = { 5, large, 200000 };
	struct spool_gap g;
	setup();
	memset(large, 'x', 200000);
	struct spool *s = open_spool(&narrow, 0);
	for (int i = 0; i < 60; i++) {
		ck_assert_int_eq(spool_add(s, 0, &v, 1, NULL, NULL, &err), OK);
		ck_assert_int_eq(spool_trim(s, 0, &err), OK);
		ck_assert_int_le(spool_octets(s), 3 << 20);
	}
	ck_assert(spool_gap(s, 0, &g));
	ck_assert_str_eq(g.reason, "full");
	ck_assert_uint_eq(g.from, 1);
	ck_assert_uint_ge(g.to, 40);
	v.n = SPOOL_FRAME + 1;
	ck_assert_int_eq(spool_add(s, 0, &v, 1, NULL, NULL, &err), ERR_LIMIT);
	spool_close(&s);
	free(large);
}
END_TEST

START_TEST(given_up_is_not_sent)
{
	struct spool_gap g;
	setup();
	struct spool *s = open_spool(&wide, 0);
	for (int i = 0; i < 10; i++)
		add(s, 0, NULL, NULL);
	ck_assert_int_eq(spool_give_up(s, 4, 6, "refused", &err), OK);
	ck_assert_uint_eq(read_all(s).n, 7);
	all_accounted(s);
	for (uint64_t i = 0; i < 3 * SPOOL_GAPS; i++) { /* more holes than can be told */
		add(s, 0, NULL, NULL);
		add(s, 0, NULL, NULL);
		ck_assert_int_eq(spool_give_up(s, spool_next(s) - 1, spool_next(s) - 1, "refused", &err), OK);
	}
	all_accounted(s);
	spool_close(&s);
	s = open_spool(&wide, 0);
	all_accounted(s);
	ck_assert(spool_gap(s, SPOOL_GAPS - 1, &g) && !spool_gap(s, SPOOL_GAPS, &g));
	spool_close(&s);
}
END_TEST

START_TEST(another_key_reads_nothing)
{
	static const uint8_t other[PLAT_KEY] = { 9 };
	struct sb b = SB_INIT;
	struct spool *s;
	setup();
	s = open_spool(&wide, 0);
	add(s, 0, NULL, NULL);
	spool_close(&s);
	char *path = segment_path(0);
	ck_assert_int_eq(io_read_file(path, 1 << 20, &b, &err), OK);
	ck_assert_ptr_null(memmem(b.s, b.len, "boot", 4)); /* encrypted at rest */
	ck_assert_int_eq(spool_open(dir, other, &wide, 0, &s, &err), OK);
	ck_assert_uint_eq(read_all(s).n, 0);
	all_accounted(s);
	spool_close(&s);
	free(path);
	sb_free(&b);
}
END_TEST

START_TEST(a_lost_mark)
{
	setup();
	struct spool *s = open_spool(&wide, 0);
	for (int i = 0; i < 10; i++)
		add(s, 0, NULL, NULL);
	ck_assert_int_eq(spool_sending(s, 10, &err), OK);
	spool_close(&s);
	char path[96];
	snprintf(path, sizeof path, "%s/mark", dir);
	ck_assert_int_eq(io_write_file(path, 0600, "rubbish", 7, &err), OK);
	s = open_spool(&wide, 0);
	ck_assert_uint_eq(read_all(s).n, 10); /* sent again rather than lost: the server knows the numbers */
	ck_assert_uint_eq(spool_next(s), 11);
	spool_close(&s);
}
END_TEST

UNIT_SUITE("agent_spool", cut_at_every_octet, an_octet_flipped, acknowledged_goes, old_goes_and_leaves_a_gap, full_drops_the_oldest,
           given_up_is_not_sent, another_key_reads_nothing, a_lost_mark)
