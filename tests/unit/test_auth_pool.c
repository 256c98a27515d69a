/* The pool of helpers: deaths, silence, bad answers, many threads. */
#include "../../milter/auth_check.h"
#include "auth_fixture.h"
#include "base/clk.h"
#include "base/log.h"
#include "unit.h"
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>

static const char *const zone[] = {
	"pass.test. TXT \"v=spf1 ip4:192.0.2.0/24 -all\"",
	"_dmarc.pass.test. TXT \"v=DMARC1; p=reject\"",
	NULL
};
static const struct auth_query good = { "192.0.2.1", "h.test", "a@pass.test", "pass.test", "" };

static struct auth_pool *start(const char *dns, int helpers, int timeout_ms)
{
	struct auth_pool *p;
	struct err e;
	log_open("test", "/dev/null", LOG_LV_ERROR);
	ck_assert_msg(auth_pool_start(dns, helpers, timeout_ms, NULL, &p, &e) == OK, "%s", e.msg);
	return p;
}

static void expect(struct auth_pool *p, const char *spf, const char *dmarc)
{
	struct auth_result r;
	auth_check(p, &good, &r);
	ck_assert_str_eq(r.spf, spf);
	ck_assert_str_eq(r.dmarc, dmarc);
}

static void sleep_ms(int ms)
{
	const struct timespec t = { ms / 1000, ms % 1000 * 1000000L };
	nanosleep(&t, NULL);
}

/* Killed and buried by the master, so that no question meets it dying. */
static void kill_and_wait(pid_t pid)
{
	kill(pid, SIGKILL);
	for (int ms = 0; ms < 5000 && kill(pid, 0) == 0; ms += 5)
		sleep_ms(5);
	sleep_ms(20); /* and the news of it is out */
}

START_TEST(settings)
{
	struct auth_pool *p = NULL;
	struct err e;
	static const char *const bad[] = { "", "local", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:70000", "127.0.0.1:5x", "[::1", "[::1]5", "300.1.1.1" };
	static const char *const fine[] = { "system", "127.0.0.1", "127.0.0.1:5353", "::1", "[::1]", "[::1]:5353" };
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ck_assert_msg(auth_pool_start(bad[i], 1, 1000, NULL, &p, &e) == ERR_PERM, "%s", bad[i]);
	for (size_t i = 0; i < sizeof fine / sizeof *fine; i++) {
		p = start(fine[i], 1, 1000);
		auth_pool_stop(&p);
		ck_assert_ptr_null(p);
	}
	ck_assert_int_eq(auth_pool_start("system", 0, 1000, NULL, &p, &e), ERR_PERM);
	ck_assert_int_eq(auth_pool_start("system", 1000, 1000, NULL, &p, &e), ERR_PERM);
	ck_assert_int_eq(auth_pool_start("system", 1, 0, NULL, &p, &e), ERR_PERM);
	if (geteuid() == 0) {
		ck_assert_int_eq(auth_pool_start("system", 2, 1000, "no-such-user", &p, &e), ERR_PERM);
		ck_assert_ptr_nonnull(strstr(e.msg, "no-such-user"));
	}
	auth_pool_stop(&p);
	p = start("off", 4, 1000);
	expect(p, "none", "none");
	ck_assert_int_eq(auth_pool_pids(p, (pid_t[1]){ 0 }, 1), 0);
	auth_pool_stop(&p);
}
END_TEST

static int count_fds(pid_t pid)
{
	char path[64];
	int n = 0;
	snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
	DIR *d = opendir(path);
	for (struct dirent *e; d && (e = readdir(d));)
		n += e->d_name[0] != '.';
	if (d)
		closedir(d);
	return n;
}

static void status_line(pid_t pid, const char *key, char *out, size_t size)
{
	char path[64], line[256];
	snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
	FILE *f = fopen(path, "r");
	out[0] = '\0';
	while (f && fgets(line, sizeof line, f))
		if (strncmp(line, key, strlen(key)) == 0)
			snprintf(out, size, "%s", line + strlen(key));
	if (f)
		fclose(f);
}

/* Helpers have their socket and /dev/null, no more; no privileges; and go. */
START_TEST(confinement)
{
	struct auth_pool *p;
	struct err e;
	pid_t pids[8];
	char text[256];
	int leak = open("/etc/passwd", O_RDONLY); /* must not be inherited */
	bool root = geteuid() == 0;
	ck_assert_int_eq(auth_pool_start("127.0.0.1:9", 3, 1000, root ? "nobody" : NULL, &p, &e), OK);
	int n = auth_pool_pids(p, pids, 8);
	ck_assert_int_eq(n, 4);
	for (int i = 0; i < n; i++) {
		for (int ms = 0; ms < 2000 && count_fds(pids[i]) > 4; ms += 5)
			sleep_ms(5); /* it was forked just now */
		ck_assert_int_le(count_fds(pids[i]), 4);
		status_line(pids[i], "NoNewPrivs:", text, sizeof text);
		ck_assert_int_eq(strtol(text, NULL, 10), 1);
		status_line(pids[i], "Uid:", text, sizeof text);
		if (root)
			ck_assert_int_ne(strtol(text, NULL, 10), 0);
	}
	auth_pool_stop(&p);
	for (int i = 0; i < n; i++) {
		for (int ms = 0; ms < 2000 && kill(pids[i], 0) == 0; ms += 5)
			sleep_ms(5);
		ck_assert_int_ne(kill(pids[i], 0), 0);
	}
	close(leak);
}
END_TEST

START_TEST(killed_idle)
{
	struct fixture fx;
	pid_t pids[4];
	fixture_start(&fx, zone);
	struct auth_pool *p = start(fx.dns, 2, 3000);
	for (int round = 0; round < 20; round++) {
		expect(p, "pass", "pass");
		int n = auth_pool_pids(p, pids, 4);
		for (int i = 1; i < n; i++)
			kill_and_wait(pids[i]);
	}
	/* without a master the living go on */
	sleep_ms(300);
	ck_assert_int_eq(auth_pool_pids(p, pids, 4), 3);
	kill(pids[0], SIGKILL);
	sleep_ms(50);
	expect(p, "pass", "pass");
	kill(pids[1], SIGKILL);
	kill(pids[2], SIGKILL);
	sleep_ms(50);
	expect(p, "temperror", "temperror");
	auth_pool_stop(&p);
	fixture_stop(&fx);
}
END_TEST

struct shot {
	struct auth_pool *pool;
	struct auth_result r;
	int64_t took;
};

static void *shoot(void *arg)
{
	struct shot *s = arg;
	int64_t t = clk_mono_ms();
	auth_check(s->pool, &good, &s->r);
	s->took = clk_mono_ms() - t;
	return NULL;
}

/* A DNS server that says nothing, so that the helper is caught in the middle. */
START_TEST(killed_in_the_middle)
{
	int port;
	char dns[32];
	pid_t pids[4];
	pthread_t th;
	struct shot s;
	int fd = fixture_udp(&port);
	snprintf(dns, sizeof dns, "127.0.0.1:%d", port);
	s.pool = start(dns, 1, 5000);
	for (int round = 0; round < 3; round++) {
		ck_assert_int_eq(auth_pool_pids(s.pool, pids, 4), 2);
		pthread_create(&th, NULL, shoot, &s);
		sleep_ms(100);
		kill(pids[1], round == 1 ? SIGABRT : SIGKILL);
		pthread_join(th, NULL);
		ck_assert_str_eq(s.r.spf, "temperror");
		ck_assert_str_eq(s.r.dmarc, "temperror");
		ck_assert_int_lt(s.took, 4000); /* of the 5 s it may take */
		for (int ms = 0; ms < 2000 && auth_pool_pids(s.pool, pids, 4) < 2; ms += 5)
			sleep_ms(5);
	}
	auth_pool_stop(&s.pool);
	close(fd);
}
END_TEST

/* A helper that hangs (stopped) is killed and replaced. */
START_TEST(hung)
{
	struct fixture fx;
	pid_t pids[4], old;
	fixture_start(&fx, zone);
	struct auth_pool *p = start(fx.dns, 1, 400);
	auth_pool_pids(p, pids, 4);
	old = pids[1];
	kill(old, SIGSTOP);
	expect(p, "temperror", "temperror");
	sleep_ms(200);
	expect(p, "pass", "pass");
	ck_assert_int_eq(auth_pool_pids(p, pids, 4), 2);
	ck_assert_int_ne(pids[1], old);
	auth_pool_stop(&p);
	fixture_stop(&fx);
}
END_TEST

START_TEST(silence)
{
	int port;
	char dns[32];
	struct shot s[6];
	pthread_t th[6];
	pid_t after[4];
	int fd = fixture_udp(&port);
	snprintf(dns, sizeof dns, "127.0.0.1:%d", port);
	struct auth_pool *p = start(dns, 2, 600);
	/* more mails than helpers: those who wait get no longer time */
	for (int i = 0; i < 6; i++) {
		s[i].pool = p;
		pthread_create(&th[i], NULL, shoot, &s[i]);
	}
	for (int i = 0; i < 6; i++) {
		pthread_join(th[i], NULL);
		ck_assert_str_eq(s[i].r.spf, "temperror");
		ck_assert_str_eq(s[i].r.dmarc, "temperror");
		ck_assert_int_lt(s[i].took, 6 * 600); /* nobody waited for the others in turn */
	}
	shoot(&s[0]);
	ck_assert_int_eq(auth_pool_pids(p, after, 4), 3);
	auth_pool_stop(&p);
	close(fd);
}
END_TEST

/* A resolver of our own that answers as `mode` says. */
enum { SERVFAIL, REFUSED, NXDOMAIN, WRONG_ID, GARBAGE, SHORT, TRUNCATED, LOOP, NO_QUESTION, MODES };

struct liar {
	int fd;
	atomic_int mode;
};

static size_t lie(int mode, unsigned char *b, size_t n)
{
	b[2] |= 0x80;
	switch (mode) {
	case SERVFAIL: b[3] = (unsigned char)((b[3] & 0xf0) | 2); return n;
	case REFUSED: b[3] = (unsigned char)((b[3] & 0xf0) | 5); return n;
	case NXDOMAIN: b[3] = (unsigned char)((b[3] & 0xf0) | 3); return n;
	case WRONG_ID: b[0] ^= 1; return n;
	case GARBAGE: memset(b + 4, 0xff, n - 4); return n;
	case SHORT: return 11;
	case TRUNCATED: b[2] |= 2; return n; /* and no TCP there */
	case NO_QUESTION: b[5] = 0; return 12;
	default: { /* an answer whose name points at itself */
		static const unsigned char rr[] = { 0xc0, 0x00, 0, 16, 0, 1, 0, 0, 0, 1, 0xff, 0xff, 0xff, 'x' };
		b[7] = 200;
		memcpy(b + n, rr, sizeof rr);
		return n + sizeof rr;
	}
	}
}

static void *serve(void *arg)
{
	struct liar *l = arg;
	unsigned char b[1024];
	struct sockaddr_in from;
	for (;;) {
		socklen_t len = sizeof from;
		ssize_t n = recvfrom(l->fd, b, 512, 0, (struct sockaddr *)&from, &len);
		if (n == 1)
			return NULL;
		if (n > 12)
			sendto(l->fd, b, lie(l->mode, b, (size_t)n), 0, (struct sockaddr *)&from, len);
	}
}

START_TEST(bad_servers)
{
	int port;
	char dns[32];
	pthread_t th;
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct liar l = { .fd = fixture_udp(&port) };
	snprintf(dns, sizeof dns, "127.0.0.1:%d", port);
	struct auth_pool *p = start(dns, 1, 300);
	pthread_create(&th, NULL, serve, &l);
	for (l.mode = 0; l.mode < MODES; l.mode++) {
		const char *want = l.mode == NXDOMAIN ? "none" : "temperror";
		expect(p, want, want);
	}
	auth_pool_stop(&p);
	a.sin_port = htons((uint16_t)port);
	sendto(l.fd, "", 1, 0, (struct sockaddr *)&a, sizeof a);
	pthread_join(th, NULL);
	close(l.fd);
	/* nobody listens at all: known at once */
	p = start(dns, 1, 3000);
	int64_t t = clk_mono_ms();
	expect(p, "temperror", "temperror");
	ck_assert_int_lt(clk_mono_ms() - t, 2500); /* of the 3 s it may take */
	auth_pool_stop(&p);
}
END_TEST

enum { THREADS = 50, CHECKS = 200 };

static void *many(void *arg)
{
	struct shot *s = arg;
	s->took = 0;
	for (int i = 0; i < CHECKS; i++) {
		struct auth_query q = good;
		if (i % 3 == 0)
			q.client_ip = "198.51.100.1";
		if (i % 5 == 0)
			q.from_domain = "norecord.test";
		auth_check(s->pool, &q, &s->r);
		bool spf = strcmp(s->r.spf, i % 3 == 0 ? "fail" : "pass") == 0;
		bool dmarc = strcmp(s->r.dmarc, i % 5 == 0 ? "none" : i % 3 == 0 ? "fail" : "pass") == 0;
		s->took += spf && dmarc;
	}
	return NULL;
}

START_TEST(threads)
{
	struct fixture fx;
	static struct shot s[THREADS];
	pthread_t th[THREADS];
	fixture_start(&fx, zone);
	struct auth_pool *p = start(fx.dns, 4, 30000);
	for (int i = 0; i < THREADS; i++) {
		s[i].pool = p;
		pthread_create(&th[i], NULL, many, &s[i]);
	}
	for (int i = 0; i < THREADS; i++) {
		pthread_join(th[i], NULL);
		ck_assert_int_eq(s[i].took, CHECKS);
	}
	auth_pool_stop(&p);
	fixture_stop(&fx);
}
END_TEST

/* A helper retires after some thousand questions without anybody noticing. */
START_TEST(retirement)
{
	struct fixture fx;
	pid_t before[2], after[2];
	fixture_start(&fx, zone);
	struct auth_pool *p = start(fx.dns, 1, 5000);
	auth_pool_pids(p, before, 2);
	for (int i = 0; i < 5010; i++)
		expect(p, "pass", "pass");
	ck_assert_int_eq(auth_pool_pids(p, after, 2), 2);
	ck_assert_int_ne(before[1], after[1]);
	auth_pool_stop(&p);
	fixture_stop(&fx);
}
END_TEST

UNIT_SUITE("auth_pool", settings, confinement, killed_idle, killed_in_the_middle, hung, silence, bad_servers, threads, retirement)
