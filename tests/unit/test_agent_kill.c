/*
 * kill -9 at random moments: a process that takes batches is killed over and
 * over; each batch is sent again until it is answered with 200. Then each event
 * is stored exactly once, in each of the stores. FAULT_BATCHES: 400. (A process of a whole instance:
 * tests/fault/110-kill-ingest.sh.)
 */
#include "agent_ingest.h"
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

enum { SEED = 20261125 };
static int64_t wanted = 400;
static pid_t server;
static int to, from; /* pipes: length and envelope; status */
static unsigned seed = SEED;

static unsigned dice(unsigned n)
{
	seed = seed * 1103515245u + 12345u;
	return seed / 65536u % n;
}

static bool all(int fd, void *p, size_t n, bool out)
{
	for (char *at = p; n;) {
		ssize_t k = out ? write(fd, at, n) : read(fd, at, n);
		if (k <= 0)
			return false;
		at += k;
		n -= (size_t)k;
	}
	return true;
}

/* Its own stores, its own threads: all of them opened after the fork. */
static void serve(int in_fd, int out_fd)
{
	uint32_t n;
	struct ingest mine = { .cfg = cfg, .notify_path = "/nonexistent" };
	ck_ok(ingest_open(&mine, path, master, &err));
	ck_ok(writer_start(path, master, 8, &mine.writer, &err));
	ck_ok(agents_open(&mine, NOW / 1000, &err));
	while (all(in_fd, &n, sizeof n, false)) {
		char *p = malloc(n);
		struct agent_answer r = { .json = SB_INIT };
		if (!all(in_fd, p, n, false))
			break;
		agent_batch(&mine, p, n, NOW, &r);
		if (!all(out_fd, &r.status, sizeof r.status, true))
			break;
		sb_free(&r.json);
		free(p);
	}
	_exit(0);
}

static void start(void)
{
	int in_pipe[2], out_pipe[2];
	ck_assert_int_eq(pipe(in_pipe) + pipe(out_pipe), 0);
	server = fork();
	if (server == 0) {
		close(in_pipe[1]), close(out_pipe[0]);
		serve(in_pipe[0], out_pipe[1]);
	}
	close(in_pipe[0]), close(out_pipe[1]);
	to = in_pipe[1];
	from = out_pipe[0];
}

static void end(int sig)
{
	kill(server, sig);
	close(to), close(from);
	waitpid(server, NULL, 0);
}

/* The status, 0: it died. */
static int offer(const struct sb *env, bool kill_it)
{
	int status = 0;
	uint32_t n = (uint32_t)env->len;
	struct timespec wait = { .tv_nsec = dice(1500) * 1000L };
	bool sent = all(to, &n, sizeof n, true) && all(to, env->s, env->len, true);
	if (kill_it) {
		nanosleep(&wait, NULL);
		kill(server, SIGKILL);
	}
	if (!sent || !all(from, &status, sizeof status, false))
		status = 0;
	if (kill_it) {
		end(SIGKILL);
		start();
	}
	return status;
}

static int64_t number(int kind, const char *sql)
{
	sqlite3_stmt *st;
	ck_assert_int_eq(sqlite3_prepare_v2(eyes[kind], sql, -1, &st, NULL), SQLITE_OK);
	ck_assert_int_eq(sqlite3_step(st), SQLITE_ROW);
	int64_t n = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return n;
}

START_TEST(each_event_once)
{
	int64_t q = 0, kills = 0, lost = 0, batches, differ;
	if (getenv("FAULT_BATCHES"))
		wanted = strtol(getenv("FAULT_BATCHES"), NULL, 10);
	setup();
	enrol(&me, "PC-1", "");
	agents_close(&in);
	writer_stop(&in.writer);
	ingest_close(&in);
	signal(SIGPIPE, SIG_IGN);
	start();
	for (int64_t i = 1; i <= wanted; i++) {
		struct sb env = SB_INIT;
		int64_t n = 1 + dice(40);
		const char *json = batch_json((uint64_t)i, NOW, q + 1, q + n, logons(q + 1, q + n), "");
		q += n;
		hc1_client_seal(&me, json, strlen(json), &env);
		bool kill_it = dice(2) == 0;
		int status = offer(&env, kill_it);
		kills += kill_it;
		lost += status == 0;
		for (int tries = 0; status != 200; tries++) {
			ck_assert_int_lt(tries, 20);
			status = offer(&env, false);
		}
		sb_free(&env);
	}
	end(SIGKILL);
	ck_assert_int_gt(kills, wanted / 4);
	ck_assert_int_gt(lost, 0);
	ck_assert_int_eq(number(STORE_MONTH, "SELECT sum(events) FROM tday"), q);
	ck_assert_int_eq(number(STORE_MONTH, "SELECT sum(batches) FROM tday"), wanted);
	ck_assert_int_eq(number(STORE_MONTH, "SELECT count(*) FROM low"), q);
	ck_assert_int_eq(number(STORE_MONTH, "SELECT count(*) FROM batch"), wanted);
	ck_ok(agent_month_rebuild(arena_printf(a, "%s/store", dir), 202611, &batches, &differ, &err));
	ck_assert_int_eq(batches, wanted);
	ck_assert_int_eq(differ, 0);
	printf("%lld batches over %lld kills, %lld answers lost: %lld events, each once\n", (long long)wanted, (long long)kills, (long long)lost,
	       (long long)q);
	ck_ok(ingest_open(&in, path, master, &err));
	ck_ok(writer_start(path, master, 8, &in.writer, &err));
	teardown();
}
END_TEST

UNIT_SUITE("agent_kill", each_event_once)
