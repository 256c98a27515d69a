/* A backup is whole or is none; what is put back is what was there. */
#include "agent_fixture.h"
#include "backup.h"
#include "backup_files.h"
#include "base/io.h"
#include "base/xalloc.h"
#include <pthread.h>
#include <sys/stat.h>

static struct cfg *cfg;
static char *to, key[BACKUP_KEY_PRINT];
static struct backup_sum sum;
#define AT(min) epoch_of(2026, 11, 26, 3, min, 0)

static void put_one(int64_t q)
{
	struct agent_put p = { .terminal = 1, .contract = 7, .epoch = 1, .seq = q, .now_ms = BEGAN };
	put_json(&p, batch_json((uint64_t)q, BEGAN, q, q, arena_printf(a, "{\"q\":%lld,\"t\":%lld,\"k\":\"boot\"}", (long long)q, BEGAN), ""));
	ck_assert_int_eq(p.ack_to, q);
}

static void write_text(const char *name, const char *text)
{
	ck_ok(io_write_file(arena_printf(a, "%s/%s", dir, name), 0600, text, strlen(text), &err));
}

static void begin(void)
{
	new_path();
	ck_assert_int_eq(mkdir(arena_printf(a, "%s/store", dir), 0700) + mkdir(arena_printf(a, "%s/spool-files", dir), 0700), 0);
	write_text("yorozu.conf", "domain = example.jp\n");
	write_text("spool-files/abc", "sealed");
	write_text("spool-files/abd.part", "half");
	ck_ok(cfg_parse("t", "", dir, &cfg, &err));
	to = xasprintf("%s/backup", dir);
	snprintf(path, sizeof path, "%s/store/yorozu.db", dir);
	ck_ok(store_open(path, master, &s, &err));
	ck_ok(agent_files_open(arena_printf(a, "%s/store", dir), BEGAN / 1000, 8, &files, &err));
	backup_key_print(master, key);
	put_one(1);
}

static void finish(void)
{
	agent_files_close(&files);
	store_close(&s);
	cfg_free(&cfg);
	free(to);
	ck_assert_int_eq(system(arena_printf(a, "rm -rf %s", dir)), 0);
	arena_free(&a);
}

static bool no_more(const char *name)
{
	return !io_exists(arena_printf(a, "%s/%s", to, name));
}

START_TEST(two_generations)
{
	begin();
	for (int i = 0; i < 4; i++) {
		ck_ok(backup_make(cfg, to, key, AT(i), &sum, &err));
		ck_assert_int_eq(sum.stores, 2);
		ck_assert_int_eq(sum.files, 1);
	}
	ck_assert_str_eq(sum.name, "20261126-030300");
	ck_assert(no_more("20261126-030000") && no_more("20261126-030100") && no_more(".making"));
	ck_ok(backup_verify(arena_printf(a, "%s/20261126-030200", to), key, &sum, &err));
	ck_ok(backup_verify(arena_printf(a, "%s/20261126-030300", to), key, &sum, &err));
	ck_assert(io_exists(arena_printf(a, "%s/system/yorozu.conf", to)));
	finish();
}
END_TEST

/* Two within a second, as a script and a hand make them. */
START_TEST(at_the_same_second)
{
	begin();
	ck_ok(backup_make(cfg, to, key, AT(0), &sum, &err));
	ck_ok(backup_make(cfg, to, key, AT(0), &sum, &err));
	ck_assert_str_eq(sum.name, "20261126-030001");
	ck_ok(backup_verify(arena_printf(a, "%s/20261126-030000", to), key, &sum, &err));
	ck_ok(backup_verify(arena_printf(a, "%s/20261126-030001", to), key, &sum, &err));
	finish();
}
END_TEST

/* Made while the clock was years ahead, they neither outlive newer ones nor are
 * taken for the day's. */
START_TEST(of_a_wrong_clock)
{
	epoch newest;
	const epoch ahead = epoch_of(2037, 1, 1, 3, 0, 0);
	begin();
	ck_ok(backup_make(cfg, to, key, ahead, &sum, &err));
	ck_ok(backup_make(cfg, to, key, ahead + 60, &sum, &err));
	ck_ok(backup_newest(to, AT(0), &newest, &err));
	ck_assert_int_eq(newest, 0);
	for (int i = 0; i < 3; i++) {
		ck_ok(backup_make(cfg, to, key, AT(i), &sum, &err));
		ck_ok(backup_newest(to, AT(i), &newest, &err));
		ck_assert_int_eq(newest, AT(i));
	}
	ck_assert(no_more("20370101-030000") && no_more("20370101-030100") && no_more("20261126-030000"));
	ck_ok(backup_verify(arena_printf(a, "%s/20261126-030100", to), key, &sum, &err));
	finish();
}
END_TEST

START_TEST(when_one_is_due)
{
	const epoch three = epoch_of(2026, 11, 26, 3, 0, 0);
	epoch at;
	ck_assert(backup_is_due(3, 0, three - 1) && backup_is_due(3, three - 86401, three - 1));
	ck_assert(!backup_is_due(3, three - 86400, three - 1) && backup_is_due(3, three - 86400, three));
	ck_assert(!backup_is_due(3, three, three) && !backup_is_due(3, three, three + 86399) && backup_is_due(3, three, three + 86400));
	ck_assert(!backup_is_due(24, 0, three));
	ck_assert(backup_generation("20261126-030000", &at) && at == three);
	ck_assert(!backup_generation("20261126-0300", &at) && !backup_generation("20261326-030000", &at) && !backup_generation("system", &at));
}
END_TEST

/* A byte of any file that is another one, a file that is missing, a line too many. */
START_TEST(what_is_changed_is_found)
{
	static const char *const names[] = { "yorozu.db", "agent-202611.db", "spool-files/abc", "MANIFEST" };
	begin();
	ck_ok(backup_make(cfg, to, key, AT(0), &sum, &err));
	const char *made = arena_printf(a, "%s/%s", to, sum.name);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *file = arena_printf(a, "%s/%s", made, names[i]);
		struct sb b = SB_INIT;
		ck_ok(io_read_file(file, 64 << 20, &b, &err));
		b.s[b.len / 2] ^= 1;
		unlink(file); /* it may be the same file as the one in the spool */
		ck_ok(io_write_file(file, 0600, b.s, b.len, &err));
		ck_is(backup_verify(made, key, &sum, &err), ERR_PERM);
		ck_is(backup_restore(cfg, made, key, &sum, &err), ERR_PERM);
		unlink(file);
		ck_assert_int_ne(backup_verify(made, key, &sum, &err), OK);
		b.s[b.len / 2] ^= 1;
		ck_ok(io_write_file(file, 0600, b.s, b.len, &err));
		ck_ok(backup_verify(made, key, &sum, &err));
		sb_free(&b);
	}
	struct sb b = SB_INIT;
	ck_ok(io_read_file(arena_printf(a, "%s/MANIFEST", made), 64 << 20, &b, &err));
	sb_adds(&b, "../../etc/passwd 1 x\n");
	ck_ok(io_write_file(arena_printf(a, "%s/MANIFEST", made), 0600, b.s, b.len, &err));
	ck_is(backup_verify(made, key, &sum, &err), ERR_PERM);
	sb_free(&b);
	key[0] = key[0] == '0' ? '1' : '0';
	ck_ok(backup_make(cfg, to, "another", AT(1), &sum, &err));
	ck_is(backup_verify(arena_printf(a, "%s/%s", to, sum.name), key, &sum, &err), ERR_PERM);
	finish();
}
END_TEST

START_TEST(what_is_put_back_is_what_was)
{
	begin();
	ck_ok(backup_make(cfg, to, key, AT(0), &sum, &err));
	const char *made = arena_printf(a, "%s/%s", to, sum.name);
	put_one(2);
	struct staff m = { .login = "late", .name = "late", .address = "late@example.jp", .roles = STAFF_AGENT, .active = true };
	ck_ok(store_begin(s, &err));
	ck_ok(staff_add(s, &m, &err));
	ck_ok(store_commit(s, &err));
	write_text("store/agent-202612.db", "broken");
	unlink(arena_printf(a, "%s/spool-files/abc", dir));
	agent_files_close(&files);
	store_close(&s);
	write_text("store/yorozu.db-wal", "of the old one");
	for (int i = 0; i < 2; i++) { /* again, as after a crash */
		ck_ok(backup_restore(cfg, made, key, &sum, &err));
		ck_assert(!io_exists(arena_printf(a, "%s/store/agent-202612.db", dir)));
	}
	ck_assert(io_exists(arena_printf(a, "%s/spool-files/abc", dir)));
	ck_ok(store_open(path, master, &s, &err));
	ck_is(staff_by_login(s, "late", a, &m, &err), ERR_NOTFOUND);
	ck_ok(agent_files_open(arena_printf(a, "%s/store", dir), BEGAN / 1000, 8, &files, &err));
	put_one(2); /* the terminal has it still, and sends it again */
	finish();
}
END_TEST

static _Atomic bool stop;
static void *write_on(void *arg)
{
	for (int64_t q = 2; !stop; q++)
		put_one(q);
	return arg;
}

/* While batches come in: each copy is of one moment. */
START_TEST(others_write_on)
{
	pthread_t t;
	struct err mine;
	begin();
	ck_assert_int_eq(pthread_create(&t, NULL, write_on, NULL), 0);
	for (int i = 0; i < 8; i++)
		ck_assert_int_eq(backup_make(cfg, to, "k", AT(i), &sum, &mine), OK); /* err is the thread's */
	stop = true;
	pthread_join(t, NULL);
	ck_ok(backup_verify(arena_printf(a, "%s/%s", to, sum.name), "k", &sum, &err));
	finish();
}
END_TEST

UNIT_SUITE("backup", two_generations, at_the_same_second, of_a_wrong_clock, when_one_is_due, what_is_changed_is_found, what_is_put_back_is_what_was, others_write_on)
