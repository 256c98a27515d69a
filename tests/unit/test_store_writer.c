/* Group commit: every caller gets its own verdict, and only durable work is OK. */
#include "store_fixture.h"
#include "store/store_impl.h"
#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>

enum { THREADS = 16, EACH = 40 };

static struct store_writer *w;

struct work {
	uint64_t n;
	int64_t ticket_id;
	bool fail;
	int runs;
	pthread_t thread;
	enum status st;
	struct err e;
};

/* A ticket and its message; on request fails after both. */
static enum status file_mail(struct store *st, void *arg, struct err *e)
{
	struct work *k = arg;
	struct ticket t = a_ticket();
	k->runs++;
	enum status rc = ticket_create(st, &t, e);
	if (rc != OK)
		return rc;
	k->ticket_id = t.id;
	struct message m = a_message(t.id, k->n);
	rc = message_insert(st, &m, "hello", 5, e);
	if (rc == OK && k->fail)
		return err_set(e, ERR_DENIED, "no %llu", (unsigned long long)k->n);
	return rc;
}

static void start(unsigned batch)
{
	new_path();
	ck_ok(writer_start(path, master, batch, &w, &err));
}

static int64_t count(const char *table)
{
	sqlite3_stmt *st;
	char *sql = sqlite3_mprintf("SELECT count(*) FROM %s", table);
	if (!s)
		ck_ok(store_open(path, master, &s, &err));
	ck_assert_int_eq(sqlite3_prepare_v2(s->db, sql, -1, &st, NULL), SQLITE_OK);
	ck_assert_int_eq(sqlite3_step(st), SQLITE_ROW);
	int64_t n = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	sqlite3_free(sql);
	return n;
}

START_TEST(one_caller)
{
	start(32);
	struct work k = { .n = 1 };
	ck_ok(writer_run(w, file_mail, &k, &err));
	ck_assert_int_eq(k.ticket_id, 1);
	ck_assert_int_eq(count("message"), 1);
	writer_stop(&w);
	ck_assert_ptr_null(w);
	writer_stop(&w);
	done();
}
END_TEST

static void *many(void *arg)
{
	struct work *first = arg;
	for (uint64_t i = 0; i < EACH; i++) {
		struct work k = { .n = first->n * EACH + i, .fail = i % 5 == 4 };
		enum status st = writer_run(w, file_mail, &k, &k.e);
		if (st != (k.fail ? ERR_DENIED : OK))
			return "wrong verdict";
		char want[32];
		snprintf(want, sizeof want, "no %llu", (unsigned long long)k.n);
		if (k.fail && strcmp(k.e.msg, want) != 0)
			return "someone else's error";
	}
	return NULL;
}

static void run_many(unsigned batch)
{
	struct work k[THREADS];
	memset(k, 0, sizeof k);
	start(batch);
	for (uint64_t i = 0; i < THREADS; i++) {
		k[i].n = i;
		ck_assert_int_eq(pthread_create(&k[i].thread, NULL, many, &k[i]), 0);
	}
	for (int i = 0; i < THREADS; i++) {
		void *why;
		pthread_join(k[i].thread, &why);
		ck_assert_msg(why == NULL, "%s", (char *)why);
	}
	/* the failed fifth left nothing behind */
	ck_assert_int_eq(count("ticket"), THREADS * EACH * 4 / 5);
	ck_assert_int_eq(count("message"), THREADS * EACH * 4 / 5);
	writer_stop(&w);
	done();
}

START_TEST(many_callers_share_commits)
{
	run_many(32);
}
END_TEST

START_TEST(small_batches)
{
	run_many(1);
	run_many(3);
}
END_TEST

/* Stores 100 rows of the outbox, once told to. */
static void write_beside(int go)
{
	struct store *mine;
	char told;
	if (read(go, &told, 1) != 1 || store_open(path, NULL, &mine, &err) != OK)
		_exit(1);
	for (int i = 0; i < 100; i++) {
		struct outbox o = { .kind = OUT_NOTICE, .created_at = 1 };
		if (store_begin(mine, &err) != OK || outbox_add(mine, &o, &err) != OK ||
		    store_commit(mine, &err) != OK)
			_exit(2);
	}
	store_close(&mine);
	_exit(0);
}

/* Another process (as the mailer) writes at the same time. It is forked before
 * the writer's thread is there: a lock that thread holds just then would stay
 * held in the child for ever. */
START_TEST(another_process_writes_too)
{
	int go[2];
	new_path();
	ck_assert_int_eq(pipe(go), 0);
	pid_t pid = fork();
	if (pid == 0)
		write_beside(go[0]);
	ck_ok(writer_start(path, master, 8, &w, &err));
	ck_assert_int_eq(write(go[1], "", 1), 1);
	for (uint64_t i = 0; i < 100; i++) {
		struct work k = { .n = i };
		ck_ok(writer_run(w, file_mail, &k, &err));
	}
	int status;
	waitpid(pid, &status, 0);
	ck_assert_int_eq(status, 0);
	ck_assert_int_eq(count("message"), 100);
	ck_assert_int_eq(count("outbox"), 100);
	writer_stop(&w);
	close(go[0]), close(go[1]);
	done();
}
END_TEST

/* A job that makes SQLite drop the whole transaction takes nobody with it. */
static enum status lose(struct store *st, void *arg, struct err *e)
{
	*(int *)arg += 1;
	if (sql_script(st, "ROLLBACK", e) != OK)
		return ERR_BUG;
	return OK; /* even if it does not notice */
}

static atomic_int held;

static enum status hold(struct store *st, void *arg, struct err *e)
{
	(void)st, (void)arg, (void)e;
	held = 1;
	usleep(200000); /* so that the next ones queue up and share a batch */
	return OK;
}

static void *run_hold(void *arg)
{
	(void)!writer_run(w, hold, arg, NULL);
	return NULL;
}

static void *run_lose(void *arg)
{
	struct work *k = arg;
	k->st = writer_run(w, lose, &k->runs, &k->e);
	return NULL;
}

static void *run_file(void *arg)
{
	struct work *k = arg;
	k->st = writer_run(w, file_mail, k, &k->e);
	return NULL;
}

START_TEST(a_lost_transaction_is_run_again_without_its_culprit)
{
	start(32);
	pthread_t holder;
	struct work good[4] = { { .n = 1 }, { .n = 2 }, { .n = 3 }, { .n = 4 } }, bad = { .n = 0 };
	pthread_create(&holder, NULL, run_hold, NULL);
	while (!held)
		usleep(1000);
	for (int i = 0; i < 4; i++) {
		pthread_create(&good[i].thread, NULL, run_file, &good[i]);
		usleep(10000);
		if (i == 1) {
			pthread_create(&bad.thread, NULL, run_lose, &bad);
			usleep(10000);
		}
	}
	pthread_join(holder, NULL);
	pthread_join(bad.thread, NULL);
	ck_is(bad.st, ERR_TEMP);
	ck_assert_int_eq(bad.runs, 1);
	for (int i = 0; i < 4; i++) {
		pthread_join(good[i].thread, NULL);
		ck_is(good[i].st, OK);
	}
	ck_assert_int_eq(good[0].runs, 2); /* they really shared the lost one */
	ck_assert_int_eq(count("message"), 4);
	writer_stop(&w);
	done();
}
END_TEST

/* A read that could not say it failed must not end in a commit. */
static enum status doubtful(struct store *st, void *arg, struct err *e)
{
	enum status rc = file_mail(st, arg, e);
	st->doubt = true;
	return rc;
}

START_TEST(doubt_is_not_committed)
{
	start(4);
	struct work k = { .n = 1 };
	ck_is(writer_run(w, doubtful, &k, &err), ERR_TEMP);
	ck_assert_int_eq(count("ticket"), 0);
	ck_ok(writer_run(w, file_mail, &k, &err));
	ck_assert_int_eq(count("ticket"), 1);
	writer_stop(&w);
	done();
}
END_TEST

START_TEST(a_writer_needs_a_store)
{
	new_path();
	ck_is(writer_start("/nonexistent/x.db", master, 8, &w, &err), ERR_PERM);
	ck_assert_ptr_null(w);
	done();
}
END_TEST

UNIT_SUITE("store_writer", one_caller, many_callers_share_commits, small_batches, another_process_writes_too,
           a_lost_transaction_is_run_again_without_its_culprit, doubt_is_not_committed,
           a_writer_needs_a_store)
