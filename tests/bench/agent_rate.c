/*
 * agent_rate [BATCHES [THREADS [FOLDER]]]: uploads of terminals through the
 * handler and into the store, without HTTP: batches a second, the time of one,
 * bytes on disk for a million events, and what rebuilding and dropping the month
 * take. A batch has 131 events as an office has them (70 % web of 2,000 sites in
 * unequal shares, files, programs, logons, devices); 200 terminals of 10
 * contracts. One writer commits to FOLDER (/var/tmp) with fsync.
 *
 * The least there could be is measured beside it: the same envelopes written
 * one behind the other into a file, with an fsync for 64 of them.
 */
#include "../hc1_client.h"
#include "agents.h"
#include "base/clk.h"
#include "base/io.h"
#include "base/log.h"
#include "store/store_contract.h"
#include <fcntl.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TERMINALS = 200, CONTRACTS = 10, EVENTS = 131, SITES = 2000, THREADS_MAX = 64, GROUP = 64 };
#define BEGAN 1793458800000LL /* 2026-11-01 00:00 JST, in ms */

static struct ingest in;
static struct hc1_client terminal[TERMINALS];
static struct sb *envelope;
static double *took;
static int batches, threads;
static _Atomic int next;

#define must(call)                                                                 \
	do {                                                                       \
		struct err e_ = { .msg = "" };                                     \
		struct err *e = &e_;                                               \
		if ((call) != OK) {                                                \
			fprintf(stderr, "agent_rate: %s: %s\n", #call, e_.msg);    \
			exit(1);                                                   \
		}                                                                  \
	} while (0)

static unsigned dice(unsigned n)
{
	static unsigned seed = 20261125;
	seed = seed * 1103515245u + 12345u;
	return seed / 65536u % n;
}

/* Few sites are called often, many seldom. */
static unsigned site(void)
{
	unsigned a = dice(SITES), b = dice(SITES), c = dice(SITES);
	return a < b ? (a < c ? a : c) : b < c ? b : c;
}

static void event(struct sb *j, int64_t q, int64_t t)
{
	unsigned x = dice(100);
	sb_addf(j, "%s{\"q\":%lld,\"t\":%lld,\"u\":\"CORP\\\\user%u\",", j->s[j->len - 1] == '[' ? "" : ",", (long long)q, (long long)t, dice(3));
	if (x < 70)
		sb_addf(j, "\"k\":\"web\",\"h\":\"www.site%u.co.jp\",\"n\":%u,\"s\":%u}", site(), 1 + dice(5), dice(300));
	else if (x < 85)
		sb_addf(j, "\"k\":\"file\",\"op\":\"write\",\"p\":\"C:\\\\Users\\\\user\\\\Documents\\\\見積書%u.xlsx\"}", dice(10000));
	else if (x < 93)
		sb_addf(j, "\"k\":\"app\",\"n\":\"EXCEL%u.EXE\",\"s\":%u}", dice(30), dice(900));
	else if (x < 97)
		sb_addf(j, "\"k\":\"logon\",\"how\":\"console\"}");
	else
		sb_addf(j, "\"k\":\"dev\",\"op\":\"attach\",\"class\":\"usb_storage\",\"vid\":\"0781\",\"pid\":\"5567\",\"serial\":\"4C53%u\",\"n\":\"USB Disk\"}", dice(1000));
}

static void make_envelope(int i)
{
	struct hc1_client *c = &terminal[i % TERMINALS];
	struct sb j = SB_INIT;
	int64_t slot = i / TERMINALS, t = BEGAN + slot * 900000;
	sb_addf(&j, "{\"v\":1,\"batch\":\"01HZX%021d\",\"created\":%lld,\"tz\":540,\"offset\":0,\"from\":%lld,\"to\":%lld,\"events\":[", i,
	        (long long)t, (long long)c->q + 1, (long long)c->q + EVENTS);
	for (int k = 0; k < EVENTS; k++)
		event(&j, ++c->q, t + k * 6000);
	sb_adds(&j, "]}");
	hc1_client_seal(c, j.s, j.len, &envelope[i]);
	sb_free(&j);
}

static void enrol(int i, const char *code, const char *token)
{
	struct sb ask = SB_INIT;
	struct agent_answer r = { .json = SB_INIT };
	hc1_client_new(&terminal[i]);
	hc1_client_ask(&terminal[i], code, token, "PC", "", &ask);
	agent_enroll(&in, ask.s, ask.len, BEGAN / 1000, &r);
	if (r.status != 200 || !hc1_client_enrolled(&terminal[i], r.json.s)) {
		fprintf(stderr, "agent_rate: enrolment: %d %s\n", r.status, r.json.s);
		exit(1);
	}
	sb_free(&ask);
	sb_free(&r.json);
}

static void setup(const char *dir)
{
	static const uint8_t master[KEY_LEN] = { 1 };
	struct store *s;
	struct cfg *cfg;
	char path[400], code[16], token[TERMINAL_TOKEN_SIZE];
	snprintf(path, sizeof path, "%s/store", dir);
	must(io_mkdirs(path, 0700, e));
	snprintf(path, sizeof path, "%s/store/yorozu.db", dir);
	must(cfg_parse("bench", "upload_free_mb = 0\n", dir, &cfg, e));
	in = (struct ingest){ .cfg = cfg, .notify_path = "/nonexistent" };
	must(ingest_open(&in, path, master, e));
	must(writer_start(path, master, GROUP, &in.writer, e));
	must(agents_open(&in, BEGAN / 1000, e));
	must(store_open(path, master, &s, e));
	for (int k = 0; k < CONTRACTS; k++) {
		struct contract c = { 0 };
		snprintf(code, sizeof code, "N%09d", k + 1);
		c.v[CF_N_NUMBER] = code;
		c.v[CF_IDS_ADDED] = "100";
		must(store_begin(s, e));
		must(contract_insert(s, &c, 1, e));
		must(terminal_token_new(s, c.id, 1000, 1, BEGAN, token, e));
		must(store_commit(s, e));
		for (int i = k; i < TERMINALS; i += CONTRACTS)
			enrol(i, code, token);
	}
	store_close(&s);
}

static void *client(void *arg)
{
	for (int i; (i = next++) < batches;) {
		struct agent_answer r = { .json = SB_INIT };
		struct timespec a, b;
		clock_gettime(CLOCK_MONOTONIC, &a);
		agent_batch(&in, envelope[i].s, envelope[i].len, BEGAN + (int64_t)(i / TERMINALS) * 900000 + 800000, &r);
		clock_gettime(CLOCK_MONOTONIC, &b);
		took[i] = (double)(b.tv_sec - a.tv_sec) * 1e3 + (double)(b.tv_nsec - a.tv_nsec) / 1e6;
		if (r.status != 200)
			fprintf(stderr, "agent_rate: batch %d: %d %s\n", i, r.status, r.json.s);
		sb_free(&r.json);
	}
	return arg;
}

static double now_s(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Of all threads, user and system: what the machine's load does not change. */
static double cpu_s(void)
{
	struct rusage u;
	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) + (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static int by_value(const void *x, const void *y)
{
	return (*(const double *)x > *(const double *)y) - (*(const double *)x < *(const double *)y);
}

/* The same bytes, written and no more. */
static double plain(const char *dir)
{
	char path[400];
	snprintf(path, sizeof path, "%s/plain", dir);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	double began = now_s();
	for (int i = 0; i < batches; i++) {
		if (!io_write_all(fd, envelope[i].s, envelope[i].len))
			exit(1);
		if (i % GROUP == GROUP - 1 && fsync(fd) != 0)
			exit(1);
	}
	double s = now_s() - began;
	close(fd);
	unlink(path);
	return batches / s;
}

static void run_clients(void)
{
	pthread_t v[THREADS_MAX];
	for (int i = 0; i < threads; i++)
		pthread_create(&v[i], NULL, client, NULL);
	for (int i = 0; i < threads; i++)
		pthread_join(v[i], NULL);
}

static double size_of(const char *folder, int month)
{
	struct stat st;
	char *path = agent_month_path(folder, month);
	double n = stat(path, &st) == 0 ? (double)st.st_size : 0;
	free(path);
	return n;
}

static void report(const char *dir, double seconds, double cpu)
{
	char folder[400];
	size_t n = 0;
	int64_t rebuilt = 0, differ = -1;
	double events = (double)batches * EVENTS, wire = 0, raw = plain(dir);
	for (int i = 0; i < batches; i++)
		wire += (double)envelope[i].len;
	qsort(took, (size_t)batches, sizeof *took, by_value);
	snprintf(folder, sizeof folder, "%s/store", dir);
	printf("intake    %.0f batches/s, %.0f events/s, %d threads; %.1f of what 10,000 terminals need\n", batches / seconds,
	       events / seconds, threads, batches / seconds / (10000 / 900.0));
	printf("cpu       %.2f ms a batch, all threads\n", cpu * 1e3 / batches);
	printf("one       median %.1f ms, p97.5 %.1f ms, longest %.1f ms\n", took[batches / 2], took[batches * 39 / 40], took[batches - 1]);
	printf("plain     %.0f batches/s written with an fsync for %d: intake is 1/%.1f of it\n", raw, GROUP, raw / (batches / seconds));
	agent_files_close(&in.agents->files);
	printf("disk      %.1f MB a million events (on the wire %.1f)\n", size_of(folder, 202611) / events, wire / events);
	double began = now_s();
	must(agent_month_rebuild(folder, 202611, &rebuilt, &differ, e));
	printf("rebuild   %.0f batches/s, %.0f events/s; %lld rows differ\n", (double)rebuilt / (now_s() - began), events / (now_s() - began),
	       (long long)differ);
	must(agent_files_open(folder, BEGAN / 1000 + 40 * 86400, GROUP, &in.agents->files, e));
	double mb = size_of(folder, 202611) / 1e6;
	began = now_s();
	must(agent_months_drop(folder, 202612, &n, e));
	printf("drop      %zu month of %.0f MB in %.0f ms\n", n, mb, (now_s() - began) * 1e3);
}

int main(int argc, char **argv)
{
	char dir[300], cmd[400];
	batches = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 8000;
	threads = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 32;
	snprintf(dir, sizeof dir, "%s/agent_rate-XXXXXX", argc > 3 ? argv[3] : "/var/tmp");
	if (batches < 40 || threads < 1 || threads > THREADS_MAX || !mkdtemp(dir)) {
		fprintf(stderr, "usage: agent_rate [BATCHES [THREADS [FOLDER]]]\n");
		return 2;
	}
	log_open("agent_rate", NULL, LOG_LV_WARN);
	envelope = calloc((size_t)batches, sizeof *envelope);
	took = calloc((size_t)batches, sizeof *took);
	setup(dir);
	for (int i = 0; i < batches; i++) {
		envelope[i] = SB_INIT;
		make_envelope(i);
	}
	double began = now_s(), cpu = cpu_s();
	run_clients();
	report(dir, now_s() - began, cpu_s() - cpu);
	agents_close(&in);
	writer_stop(&in.writer);
	ingest_close(&in);
	snprintf(cmd, sizeof cmd, "rm -rf '%s'", dir);
	return system(cmd) == 0 ? 0 : 1;
}
