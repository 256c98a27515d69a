/*
 * The store on a bad disk: whatever fails, and whenever, an acknowledged job is
 * there afterwards, an unacknowledged one is there whole or not at all, and the
 * store opens and is sound. See store_faulty.h for what can fail.
 */
#include "store_faulty.h"
#include "store_fixture.h"
#include "store/store_impl.h"
#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <time.h>

/* ---- work whose every part must be there, or none ------------------------------------ */

enum { JOBS = 40, BODY = 3000 };

static struct {
	int64_t ticket[JOBS]; /* 0: refused */
} acked;

static enum status file_mail(struct store *st, uint64_t n, int64_t *ticket_r, struct err *e)
{
	static char body[BODY * 40];
	struct ticket t = a_ticket();
	uint64_t r = n;
	enum status rc = ticket_create(st, &t, e);
	/* bodies that zstd can't shrink; each tenth larger than one page by far */
	size_t size = n % 10 == 9 ? sizeof body : BODY;
	for (size_t i = 0; i + 8 <= size; i += 8) {
		r = r * 6364136223846793005u + 1442695040888963407u;
		uint64_t x = r ^ r >> 29;
		memcpy(body + i, &x, 8);
	}
	struct message m = a_message(t.id, n);
	struct outbox o = { .kind = OUT_ACK, .ticket_id = t.id, .created_at = 5 };
	char id[32];
	snprintf(id, sizeof id, "m%llu@x", (unsigned long long)n);
	if (rc == OK)
		rc = message_insert(st, &m, body, size, e);
	if (rc == OK)
		rc = msgid_add(st, id, MSGID_SEEN, t.id, e);
	o.message_id = m.id;
	if (rc == OK)
		rc = outbox_add(st, &o, e);
	*ticket_r = t.id;
	return rc;
}

static bool in_one_transaction(uint64_t n, int64_t *ticket_r)
{
	struct err e;
	if (store_begin(s, &e) != OK)
		return false;
	if (file_mail(s, n, ticket_r, &e) == OK)
		return store_commit(s, &e) == OK;
	store_rollback(s);
	return false;
}

static int64_t number(const char *sql)
{
	sqlite3_stmt *st;
	ck_assert_int_eq(sqlite3_prepare_v2(s->db, sql, -1, &st, NULL), SQLITE_OK);
	ck_assert_int_eq(sqlite3_step(st), SQLITE_ROW);
	int64_t n = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return n;
}

/* As another program finds it after all that. */
static void check_sound(void)
{
	struct sb text = SB_INIT;
	enum status rc = store_check(s, &text, &err);
	ck_assert_msg(rc == OK, "%s: %s", err.msg, text.s);
	sb_free(&text);
	/* no half jobs */
	int64_t n = number("SELECT count(*) FROM ticket");
	ck_assert_int_eq(n, number("SELECT count(*) FROM message"));
	ck_assert_int_eq(n, number("SELECT count(*) FROM message_body"));
	ck_assert_int_eq(n, number("SELECT count(*) FROM msgid"));
	ck_assert_int_eq(n, number("SELECT count(*) FROM outbox"));
	ck_assert_int_eq(n, number("SELECT n FROM outbox_count WHERE state = 0"));
	struct sb raw = SB_INIT;
	for (int64_t i = 1; i <= n; i++)
		ck_ok(message_raw(s, i, &raw, &err));
	sb_free(&raw);
}

static void check_acked(uint64_t n, int64_t ticket)
{
	struct message want = a_message(ticket, n), got;
	struct msgid_hit hit;
	char id[32];
	snprintf(id, sizeof id, "m%llu@x", (unsigned long long)n);
	ck_ok(message_find(s, want.dedupe, a, &got, &err));
	ck_assert_int_eq(got.ticket_id, ticket);
	ck_assert_uint_eq(msgid_find(s, id, &hit, 1), 1);
	ck_assert_int_eq(hit.ticket, ticket);
}

/* Copies the files as they are now: what a crash at this moment would leave. */
static void crash_copy(char *to, size_t n)
{
	char cmd[600];
	snprintf(to, n, "%s/crash.db", dir);
	snprintf(cmd, sizeof cmd, "cp %s %s && cp %s-wal %s-wal 2>/dev/null", path, to, path, to);
	(void)!system(cmd);
}

static void check_all(const char *file)
{
	ck_ok(store_open(file, NULL, &s, &err));
	check_sound();
	for (int i = 0; i < JOBS; i++)
		if (acked.ticket[i])
			check_acked((uint64_t)i, acked.ticket[i]);
	store_close(&s);
}

static void remove_all(void)
{
	char cmd[100];
	snprintf(cmd, sizeof cmd, "rm -f %s/*", dir);
	(void)!system(cmd);
	done();
}

/* ---- every n-th call fails ------------------------------------------------------------- */

/* Small and often checkpointed, so that failures hit checkpoints too. */
static void open_small(void)
{
	ck_ok(store_open(path, NULL, &s, &err));
	ck_ok(sql_script(s, "PRAGMA wal_autocheckpoint = 60; PRAGMA cache_size = 10;", &err));
	sqlite3_busy_timeout(s->db, 0);
}

static int run_jobs(void)
{
	int failures = 0;
	memset(&acked, 0, sizeof acked);
	for (uint64_t i = 0; i < JOBS; i++) {
		int64_t ticket = 0;
		if (in_one_transaction(i, &ticket))
			acked.ticket[i] = ticket;
		else
			failures++;
	}
	return failures;
}

/* One run with a failure at call `at`; false when there are no so many calls. */
static bool survive(enum fault kind, long at, bool lasting)
{
	char copy[128];
	set_fault(FAULT_NONE, 0, false);
	new_path();
	open_small();
	set_fault(kind, at, lasting);
	run_jobs();
	bool struck = fault.failed > 0;
	set_fault(FAULT_NONE, 0, false);
	crash_copy(copy, sizeof copy);
	/* the same connection goes on when the disk is well again */
	int64_t ticket;
	ck_assert(in_one_transaction(1000, &ticket));
	check_acked(1000, ticket);
	store_close(&s);
	check_all(copy);
	check_all(path);
	remove_all();
	return struck;
}

/* The call that fails next. Under valgrind a run takes seconds: fewer of them, the same code. */
static long later(long at, long step)
{
	if (slower() >= 20)
		return at * 2;
	return at + (at < 20 ? 1 : step);
}

static void survive_all(enum fault kind, bool lasting, long step)
{
	long at = 1;
	while (survive(kind, at, lasting))
		at = later(at, step);
	ck_assert_int_gt(at, 20); /* it was not over before it began */
}

START_TEST(disk_full_at_any_write)
{
	register_faulty();
	survive_all(FAULT_FULL, false, 13);
}
END_TEST

START_TEST(disk_full_from_any_write_on)
{
	register_faulty();
	survive_all(FAULT_FULL, true, 29);
}
END_TEST

START_TEST(io_error_at_any_write)
{
	register_faulty();
	survive_all(FAULT_IO, false, 17);
}
END_TEST

START_TEST(io_error_from_any_write_on)
{
	register_faulty();
	survive_all(FAULT_IO, true, 31);
}
END_TEST

START_TEST(half_a_write)
{
	register_faulty();
	survive_all(FAULT_SHORT, false, 13);
	survive_all(FAULT_SHORT, true, 37);
}
END_TEST

START_TEST(fsync_fails)
{
	register_faulty();
	survive_all(FAULT_SYNC, false, 1);
	survive_all(FAULT_SYNC, true, 3);
}
END_TEST

START_TEST(busy_locks)
{
	register_faulty();
	survive_all(FAULT_BUSY, false, 3);
	survive_all(FAULT_BUSY, true, 7);
}
END_TEST

/* Creating a store on a bad disk: fails, and works when tried again. */
START_TEST(failures_while_a_store_is_made)
{
	static const enum fault kinds[] = { FAULT_FULL, FAULT_IO, FAULT_SHORT, FAULT_SYNC };
	register_faulty();
	for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
		for (long at = 1;; at = later(at, 1)) {
			new_path();
			set_fault(kinds[k], at, false);
			enum status rc = store_open(path, NULL, &s, &err);
			bool struck = fault.failed > 0;
			store_close(&s);
			set_fault(FAULT_NONE, 0, false);
			ck_assert_msg(rc == OK || rc == ERR_TEMP, "%s", err.msg);
			ck_ok(store_open(path, NULL, &s, &err));
			check_sound();
			remove_all();
			if (!struck)
				break;
		}
}
END_TEST

/* ---- the writer on a bad disk ------------------------------------------------------------ */

enum { THREADS = 8 };

static struct store_writer *w;
static atomic_int next_job;

static enum status writer_job(struct store *st, void *arg, struct err *e)
{
	int i = *(int *)arg;
	return file_mail(st, (uint64_t)i, &acked.ticket[i], e);
}

static void *writer_jobs(void *arg)
{
	struct err e;
	(void)arg;
	for (;;) {
		int i = next_job++;
		if (i >= JOBS)
			return NULL;
		enum status rc = writer_run(w, writer_job, &i, &e);
		if (rc != OK)
			acked.ticket[i] = 0;
		if (rc != OK && rc != ERR_TEMP)
			return "wrong verdict";
	}
}

static bool writer_survives(enum fault kind, long at, bool lasting)
{
	pthread_t t[THREADS];
	new_path();
	memset(&acked, 0, sizeof acked);
	next_job = 0;
	ck_ok(writer_start(path, NULL, 8, &w, &err));
	set_fault(kind, at, lasting);
	for (int i = 0; i < THREADS; i++)
		pthread_create(&t[i], NULL, writer_jobs, NULL);
	for (int i = 0; i < THREADS; i++) {
		void *why;
		pthread_join(t[i], &why);
		ck_assert_msg(!why, "%s", (char *)why);
	}
	bool struck = fault.failed > 0;
	set_fault(FAULT_NONE, 0, false);
	int i = 0;
	if (!acked.ticket[0])
		ck_ok(writer_run(w, writer_job, &i, &err)); /* well again */
	writer_stop(&w);
	check_all(path);
	remove_all();
	return struck;
}

START_TEST(writer_on_a_bad_disk)
{
	static const enum fault kinds[] = { FAULT_FULL, FAULT_IO, FAULT_SHORT, FAULT_SYNC };
	register_faulty();
	for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
		for (int lasting = 0; lasting < 2; lasting++)
			for (long at = 1; writer_survives(kinds[k], at, lasting); at += at / 3 + 1)
				;
}
END_TEST

/* ---- kill -9 -------------------------------------------------------------------------------- */

/* The child tells each job's number after its commit; what it told is there. */
static void child(int fd)
{
	if (store_open(path, NULL, &s, &err) != OK)
		_exit(1);
	(void)!sql_script(s, "PRAGMA wal_autocheckpoint = 60", &err);
	for (uint64_t n = 0;; n++) {
		struct { uint64_t n; int64_t ticket; } told = { n + (uint64_t)getpid() * 100000, 0 };
		if (!in_one_transaction(told.n, &told.ticket) || write(fd, &told, sizeof told) != sizeof told)
			_exit(1);
	}
}

START_TEST(kill_9_at_any_moment)
{
	new_path();
	int64_t total = 0;
	for (int round = 0; round < 25; round++) {
		int fd[2], status;
		ck_assert_int_eq(pipe(fd), 0);
		pid_t pid = fork();
		if (pid == 0) {
			close(fd[0]);
			child(fd[1]);
		}
		close(fd[1]);
		static struct { uint64_t n; int64_t ticket; } told[4096];
		int count = 0, stop = 20 + round * 7;
		while (count < stop && read(fd[0], &told[count], sizeof *told) == sizeof *told)
			count++;
		usleep((useconds_t)(round * 137 % 1000));
		kill(pid, SIGKILL);
		while (count < 4096 && read(fd[0], &told[count], sizeof *told) == sizeof *told)
			count++;
		ck_assert_int_eq(waitpid(pid, &status, 0), pid);
		ck_assert(WIFSIGNALED(status));
		close(fd[0]);
		ck_ok(store_open(path, NULL, &s, &err));
		for (int i = 0; i < count; i++)
			check_acked(told[i].n, told[i].ticket);
		total += count;
		int64_t rows = number("SELECT count(*) FROM ticket");
		ck_assert_int_ge(rows, total);            /* acknowledged: there */
		ck_assert_int_le(rows, total + round + 1); /* and at most one more a kill */
		store_close(&s);
	}
	ck_ok(store_open(path, NULL, &s, &err));
	check_sound();
	remove_all();
}
END_TEST

UNIT_SUITE("store_fault", disk_full_at_any_write, disk_full_from_any_write_on, io_error_at_any_write,
           io_error_from_any_write_on, half_a_write, fsync_fails, busy_locks, failures_while_a_store_is_made,
           writer_on_a_bad_disk, kill_9_at_any_moment)
