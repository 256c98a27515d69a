/*
 * fleet: 10,000 terminals in one process (AGENT-02). What they do is played
 * from a seed (bench_fleet.h), so two runs send the same.
 *
 *	fleet upload --url URL [--unix SOCKET] [--ca FILE] --contracts FILE
 *	      [--terminals M] [--rounds R] [--seconds S] [--threads K] [--rate N]
 *	      [--pad OCTETS] [--per-slot E] [--day YYYY-MM-DD] [--seed N]
 *	   Every line of FILE is `N-NUMBER TOKEN`; each contract gets M terminals,
 *	   which enrol and then send one batch a round, each a quarter of an hour of
 *	   the day on (--slots: so many; from 9:00 to 17:00, then the next day). --rate: batches a second at most, 0: as fast as it goes.
 *	   --unix: past the web server, straight to DIR/run/ingest.sock. --put 1: the
 *	   same bodies to a server that only keeps them: PUT URL/put/TERMINAL-SEQ,
 *	   nobody enrols; --contracts then is a number of lines and no more.
 *	   Prints rate, p50, p97.5 and failures of both phases; ends 1 when one failed.
 *
 *	fleet fill DIR [--companies N] [--terminals M] [--from DAY] [--to DAY]
 *	      [--per-day B] [--per-slot E] [--pad OCTETS] [--stop-mb MB] [--seed N]
 *	   Straight into the store of the instance DIR, which must not run: N new
 *	   contracts (N900000 on) of M terminals each, and what they did from the day
 *	   --from to before --to, B batches a terminal and day (4). One month of 20
 *	   companies of 10:   fleet fill DIR --companies 20 --terminals 10
 *	                      --from 2026-10-01 --to 2026-11-01
 */
#include "agent/answer.h"
#include "agent/b64.h"
#include "agent/envelope.h"
#include "bench_fleet.h"
#include "base/io.h"
#include "base/xalloc.h"
#include <curl/curl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { THREADS = 64, CONTRACTS = 2000 };

struct options {
	const char *url, *unix_socket, *ca, *contracts;
	unsigned terminals, rounds, seconds, threads, per_slot, pad, companies, per_day, stop_mb, put, slots;
	double rate;
	uint64_t seed;
	int64_t day, to;
};

struct unit { /* one terminal */
	struct fleet_terminal t;
	const char *code, *token;
	uint8_t own[32], id[HC1_ID];
	uint32_t key_id;
	struct envelope_key key;
	uint64_t seq;
	bool enrolled, told;
};

struct run {
	const struct options *o;
	const struct fleet *f;
	struct unit *u;
	size_t n;
	int64_t until_ms, began_ms; /* monotonic */
	atomic_long sent;           /* begun, for --rate */
	bool batches;               /* this phase */
};

struct worker {
	struct run *r;
	unsigned k;
	double *ms;
	size_t n, cap, failed;
	int64_t octets, events;
	char why[160]; /* of the last failure */
};

/* ---- HTTP */
static size_t take(char *p, size_t size, size_t n, void *arg)
{
	sb_add(arg, p, size * n);
	return size * n;
}

static CURL *client(const struct options *o, const char *path)
{
	CURL *c = curl_easy_init();
	char *url = xasprintf("%s%s", o->url, path);
	if (!c)
		exit(1);
	curl_easy_setopt(c, CURLOPT_URL, url);
	if (o->unix_socket)
		curl_easy_setopt(c, CURLOPT_UNIX_SOCKET_PATH, o->unix_socket);
	if (o->ca)
		curl_easy_setopt(c, CURLOPT_CAINFO, o->ca);
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_TIMEOUT, 60L);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take);
	free(url);
	return c;
}

/* Adds the time it took; false: no 200. */
static bool post(struct worker *w, CURL *c, const struct sb *body, struct sb *answer)
{
	long status = 0;
	struct timespec a, b;
	sb_reset(answer);
	curl_easy_setopt(c, CURLOPT_POSTFIELDS, body->s);
	curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE, (long)body->len);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, answer);
	clock_gettime(CLOCK_MONOTONIC, &a);
	CURLcode rc = curl_easy_perform(c);
	clock_gettime(CLOCK_MONOTONIC, &b);
	curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
	if (w->n == w->cap)
		w->ms = xrealloc(w->ms, (w->cap = w->cap ? w->cap * 2 : 1024) * sizeof *w->ms);
	w->ms[w->n++] = (double)(b.tv_sec - a.tv_sec) * 1e3 + (double)(b.tv_nsec - a.tv_nsec) / 1e6;
	w->octets += (int64_t)body->len;
	if (rc == CURLE_OK && (w->r->o->put ? status == 201 || status == 204 : status == 200))
		return true;
	w->failed++;
	snprintf(w->why, sizeof w->why, "%ld %.100s", status, rc != CURLE_OK ? curl_easy_strerror(rc) : answer->s);
	return false;
}

/* ---- what a terminal sends */
static void enrol(struct worker *w, CURL *c, struct unit *u, struct sb *body, struct sb *answer)
{
	struct sb pub = SB_INIT;
	struct answer_enrol a;
	uint8_t p[HC1_PUB], root[PLAT_KEY];
	struct err e;
	plat_random(u->own, sizeof u->own);
	plat_x25519_public(u->own, p);
	b64_of(p, sizeof p, &pub);
	sb_reset(body);
	fleet_enrol(w->r->f, &u->t, u->code, u->token, pub.s, body);
	sb_free(&pub);
	if (!post(w, c, body, answer))
		return;
	if (answer_enrol(answer->s, answer->len, &a, &e) != OK || !envelope_root(u->own, a.pub, a.agent_id, root)) {
		w->failed++;
		return;
	}
	memcpy(u->id, a.agent_id, HC1_ID);
	u->key_id = (uint32_t)a.key_id;
	envelope_epoch(root, u->id, 1, &u->key);
	u->enrolled = true;
}

/* Each body is a file of its own. */
static void aim(CURL *c, const struct options *o, const struct unit *u)
{
	char *url = xasprintf("%s/put/%" PRIu64 "-%" PRIu64, o->url, u->t.n, u->seq);
	curl_easy_setopt(c, CURLOPT_URL, url);
	curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, "PUT");
	free(url);
}

static void batch(struct worker *w, CURL *c, struct unit *u, unsigned round, struct sb *json, struct sb *body, struct sb *answer)
{
	const struct options *o = w->r->o;
	struct sb packed = SB_INIT;
	struct answer a;
	struct err e;
	int64_t before = u->t.next_q;
	unsigned a_day = 32 / o->slots; /* batches; from 9:00 to 17:00 */
	int slot = 36 + (int)(round % a_day * o->slots);
	sb_reset(json);
	sb_reset(body);
	fleet_batch(w->r->f, &u->t, o->day + round / a_day, slot, slot + (int)o->slots, !u->told, o->pad, json);
	plat_compress(json->s, json->len, &packed);
	envelope_seal(&u->key, u->key_id, u->id, ++u->seq, packed.s, packed.len, body);
	sb_free(&packed);
	if (o->put)
		aim(c, o, u);
	if (!post(w, c, body, answer))
		return;
	u->told = true;
	w->events += u->t.next_q - before;
	if (o->put)
		return;
	if (answer_batch(answer->s, answer->len, &a, &e) != OK || a.ack_to != u->t.next_q - 1) {
		w->failed++;
		snprintf(w->why, sizeof w->why, "acknowledged %" PRId64 " of %" PRId64, a.ack_to, u->t.next_q - 1);
	}
	answer_free(&a);
}

static bool over(struct run *r)
{
	return r->until_ms && clk_mono_ms() >= r->until_ms;
}

static void pace(struct run *r)
{
	long k = atomic_fetch_add(&r->sent, 1);
	if (r->o->rate <= 0)
		return;
	int64_t due = r->began_ms + (int64_t)((double)k * 1000 / r->o->rate), now = clk_mono_ms();
	if (due > now)
		nanosleep(&(struct timespec){ (due - now) / 1000, (due - now) % 1000 * 1000000 }, NULL);
}

static void *work(void *arg)
{
	struct worker *w = arg;
	struct run *r = w->r;
	CURL *c = client(r->o, r->batches ? "/v1/batch" : "/v1/enroll");
	struct curl_slist *head = curl_slist_append(NULL, r->batches ? "Content-Type: application/octet-stream" : "Content-Type: application/json");
	struct sb json = SB_INIT, body = SB_INIT, answer = SB_INIT;
	head = curl_slist_append(head, "Expect:");
	curl_easy_setopt(c, CURLOPT_HTTPHEADER, head);
	for (unsigned round = 0; round < (r->batches ? r->o->rounds : 1) && !over(r); round++)
		for (size_t i = w->k; i < r->n && !over(r); i += r->o->threads) {
			if (r->batches && !r->u[i].enrolled && !r->o->put)
				continue;
			pace(r);
			if (r->batches)
				batch(w, c, &r->u[i], round, &json, &body, &answer);
			else
				enrol(w, c, &r->u[i], &body, &answer);
		}
	sb_free(&json);
	sb_free(&body);
	sb_free(&answer);
	curl_slist_free_all(head);
	curl_easy_cleanup(c);
	return NULL;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static size_t report(const char *what, struct worker *w, unsigned k, double s)
{
	size_t n = 0, failed = 0;
	int64_t octets = 0, events = 0;
	for (unsigned i = 0; i < k; i++)
		n += w[i].n;
	double *ms = xmalloc(n * sizeof *ms);
	n = 0;
	for (unsigned i = 0; i < k; i++) {
		if (w[i].n)
			memcpy(ms + n, w[i].ms, w[i].n * sizeof *ms);
		n += w[i].n;
		failed += w[i].failed;
		octets += w[i].octets;
		events += w[i].events;
		if (*w[i].why)
			fprintf(stderr, "fleet: %s\n", w[i].why);
		free(w[i].ms);
	}
	qsort(ms, n, sizeof *ms, by_size);
	printf("%s n=%zu rate=%.1f p50=%.2f p97.5=%.2f mb_s=%.2f events_s=%.0f failed=%zu\n", what, n, (double)n / s, n ? ms[n / 2] : 0,
	       n ? ms[(size_t)((double)(n - 1) * 0.975)] : 0, (double)octets / 1e6 / s, (double)events / s, failed);
	fflush(stdout);
	free(ms);
	return failed;
}

static size_t phase(struct run *r, bool batches)
{
	struct worker w[THREADS] = { 0 };
	pthread_t id[THREADS];
	r->batches = batches;
	r->began_ms = clk_mono_ms();
	r->until_ms = batches && r->o->seconds ? r->began_ms + (int64_t)r->o->seconds * 1000 : 0;
	atomic_store(&r->sent, 0);
	for (unsigned k = 0; k < r->o->threads; k++) {
		w[k].r = r;
		w[k].k = k;
		if (pthread_create(&id[k], NULL, work, &w[k]) != 0)
			exit(1);
	}
	for (unsigned k = 0; k < r->o->threads; k++)
		pthread_join(id[k], NULL);
	return report(batches ? "batch" : "enrol", w, r->o->threads, (double)(clk_mono_ms() - r->began_ms + 1) / 1000);
}

/* `N-NUMBER TOKEN` a line; the words stay in *text. */
static size_t read_contracts(const char *path, struct sb *text, const char *(*v)[2])
{
	struct err e;
	size_t n = 0;
	if (io_read_file(path, 1 << 20, text, &e) != OK) {
		fprintf(stderr, "fleet: %s\n", e.msg);
		exit(2);
	}
	for (char *save, *line = strtok_r(text->s, "\n", &save); line && n < CONTRACTS; line = strtok_r(NULL, "\n", &save)) {
		char *at;
		v[n][0] = strtok_r(line, " \t", &at);
		v[n][1] = strtok_r(NULL, " \t", &at);
		n += v[n][0] && v[n][1];
	}
	return n;
}

static int upload(const struct options *o, const struct fleet *f)
{
	static const char *contract[CONTRACTS][2];
	struct sb text = SB_INIT;
	struct run r = { .o = o, .f = f };
	if (!o->url || !o->contracts || o->slots < 1 || o->slots > 32 || o->threads < 1 || o->threads > THREADS) {
		fprintf(stderr, "fleet: upload needs --url and --contracts, 1 to %d threads and 1 to 32 slots\n", THREADS);
		return 2;
	}
	size_t n = read_contracts(o->contracts, &text, contract);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	r.n = n * o->terminals;
	r.u = xcalloc(r.n, sizeof *r.u);
	for (size_t i = 0; i < r.n; i++) {
		r.u[i].t = (struct fleet_terminal){ .n = i, .company = i / o->terminals, .next_q = 1 };
		r.u[i].code = contract[i / o->terminals][0];
		r.u[i].token = contract[i / o->terminals][1];
	}
	size_t failed = o->put ? 0 : phase(&r, false);
	failed += phase(&r, true);
	free(r.u);
	sb_free(&text);
	return failed ? 1 : 0;
}

static int fill(const struct options *o, const struct fleet *f, const char *dir)
{
	struct fleet_fill p = { dir, o->companies, o->terminals, o->per_day, o->pad, o->stop_mb, o->day, o->to };
	struct err e;
	if (!p.contracts || !p.terminals || !p.per_day || p.to <= p.from) {
		fprintf(stderr, "fleet: nothing to fill\n");
		return 2;
	}
	if (fleet_fill(f, &p, &e) == OK)
		return 0;
	fprintf(stderr, "fleet: %s\n", e.msg);
	return 1;
}

static bool day_option(const char *s, int64_t *day)
{
	return civil_parse_date(s, day);
}

static bool option(struct options *o, const char *name, const char *v)
{
	const struct {
		const char *name;
		const char **s;
		unsigned *n;
		int64_t *day;
	} row[] = { { "--url", &o->url, 0, 0 }, { "--unix", &o->unix_socket, 0, 0 }, { "--ca", &o->ca, 0, 0 },
	            { "--contracts", &o->contracts, 0, 0 }, { "--terminals", 0, &o->terminals, 0 }, { "--rounds", 0, &o->rounds, 0 },
	            { "--seconds", 0, &o->seconds, 0 }, { "--threads", 0, &o->threads, 0 }, { "--pad", 0, &o->pad, 0 },
	            { "--per-slot", 0, &o->per_slot, 0 }, { "--companies", 0, &o->companies, 0 }, { "--per-day", 0, &o->per_day, 0 },
	            { "--stop-mb", 0, &o->stop_mb, 0 }, { "--put", 0, &o->put, 0 },
	            { "--slots", 0, &o->slots, 0 },
	            { "--day", 0, 0, &o->day }, { "--from", 0, 0, &o->day }, { "--to", 0, 0, &o->to } };
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		if (strcmp(name, row[i].name) != 0)
			continue;
		if (row[i].s)
			*row[i].s = v;
		else if (row[i].n)
			*row[i].n = (unsigned)strtoul(v, NULL, 10);
		return row[i].day ? day_option(v, row[i].day) : true;
	}
	if (strcmp(name, "--rate") == 0)
		o->rate = strtod(v, NULL);
	else if (strcmp(name, "--seed") == 0)
		o->seed = strtoull(v, NULL, 10);
	else
		return false;
	return true;
}

static int usage(void)
{
	fputs("usage: fleet upload --url URL --contracts FILE [--unix SOCKET] [--ca FILE] [--terminals M] [--rounds R] [--slots N]\n"
	      "             [--seconds S] [--threads K] [--rate N] [--pad OCTETS] [--per-slot E] [--day DAY] [--put 1] [--seed N]\n"
	      "       fleet fill DIR [--companies N] [--terminals M] [--from DAY] [--to DAY] [--per-day B]\n"
	      "             [--per-slot E] [--pad OCTETS] [--stop-mb MB] [--seed N]\n"
	      "  FILE: `N-NUMBER TOKEN` a line. A month into the store of an instance that does not run:\n"
	      "  fleet fill DIR --companies 20 --terminals 10 --from 2026-10-01 --to 2026-11-01\n",
	      stderr);
	return 2;
}

int main(int argc, char **argv)
{
	struct options o = { .terminals = 20, .rounds = 4, .slots = 1, .threads = 8, .per_slot = 130, .companies = 10, .per_day = 4, .seed = 1,
		             .day = day_of(2026, 11, 2), .to = day_of(2026, 12, 1) };
	int first = argc > 1 && strcmp(argv[1], "fill") == 0 ? 3 : 2;
	if (argc < first)
		return usage();
	for (int i = first; i < argc; i += 2)
		if (i + 1 >= argc || !option(&o, argv[i], argv[i + 1]))
			return usage();
	struct cal *cal = cal_new();
	struct fleet f = { o.seed, o.per_slot, cal };
	int rc = first == 3 ? fill(&o, &f, argv[2]) : strcmp(argv[1], "upload") == 0 ? upload(&o, &f) : usage();
	cal_free(&cal);
	return rc;
}
