/*
 * The auth master and its helpers: processes forked while the milter has no
 * threads yet. The master only forks, reaps and kills; a helper answers one
 * question after the other on its own socket and is replaced when it dies, when
 * the parent tells so (deadline passed), or after some thousand questions
 * (libspf2 leaks a little).
 *
 * Everybody leaves when his socket closes, so nothing outlives the milter; a
 * helper that hangs meets its own alarm. Signals meant for the milter's process
 * group are ignored: mails in flight still get their answer.
 *
 * SECURITY: helpers evaluate hostile records in C libraries of mixed fame. They
 * run as `user`, without new privileges, with limits on memory, CPU and files,
 * and hold no descriptor but their socket.
 */
#include "auth_dmarc.h"
#include "auth_domain.h"
#include "auth_spf.h"
#include "auth_wire.h"
#include "base/clk.h"
#include "base/proc.h"
#include "base/xalloc.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__has_feature)
#define HAS_FEATURE(x) __has_feature(x)
#else
#define HAS_FEATURE(x) 0
#endif
/* Sanitizers map terabytes of shadow memory and report on stderr. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || \
	HAS_FEATURE(address_sanitizer) || HAS_FEATURE(thread_sanitizer)
enum { SANITIZED = 1 };
#else
enum { SANITIZED = 0 };
#endif

enum { QUESTIONS_MAX = 5000, CPU_SECONDS = 60, MEMORY_MB = 256, REFORK_MS = 10, RETRY_MS = 200 };

struct master {
	int ctl, helpers;
	const char *dns;
	pid_t pid[AUTH_HELPERS_MAX];
};

/* ---- helper ------------------------------------------------------------------ */

static void limit(int what, rlim_t n)
{
	struct rlimit r = { .rlim_cur = n, .rlim_max = n };
	if (setrlimit(what, &r) != 0)
		_exit(3);
}

static void confine(void)
{
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_CPU, CPU_SECONDS);
	limit(RLIMIT_NOFILE, 16);
	if (SANITIZED)
		return;
	limit(RLIMIT_AS, (rlim_t)MEMORY_MB << 20);
	limit(RLIMIT_FSIZE, 0);
}

/* A last line of defence: SIGALRM ends a helper that nobody kills. */
static void set_alarm(int64_t ms)
{
	struct itimerval t = { .it_value = { .tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000 } };
	setitimer(ITIMER_REAL, &t, NULL);
}

static void answer(struct dns *d, struct spf *s, struct dns_answer *scratch, struct auth_ask *a, struct auth_tell *t)
{
	/* Ours to be done before the parent's patience ends; SPF may use up most of
	 * it, so that a dead SPF domain does not decide about DMARC too. */
	int64_t now = clk_mono_ms(), budget = (int64_t)a->budget_ms * 9 / 10;
	struct auth_query q = { a->client_ip, a->helo, a->mail_from, a->from_domain, a->dkim };
	dns_deadline(d, now + budget * 2 / 3);
	spf_check(s, &q, &t->result);
	dns_deadline(d, now + budget);
	dmarc_check(d, scratch, &q, &t->result);
}

static void terminate_strings(struct auth_ask *a)
{
	a->client_ip[sizeof a->client_ip - 1] = '\0';
	a->helo[sizeof a->helo - 1] = '\0';
	a->mail_from[sizeof a->mail_from - 1] = '\0';
	a->from_domain[sizeof a->from_domain - 1] = '\0';
	a->dkim[sizeof a->dkim - 1] = '\0';
}

static void helper_run(int fd, const char *server) __attribute__((noreturn));
static void helper_run(int fd, const char *server)
{
	struct dns *d;
	struct dns_answer *scratch = xmalloc(sizeof *scratch);
	struct auth_ask a;
	confine();
	if (dns_open(server, &d, NULL) != OK)
		_exit(2);
	struct spf *s = spf_new(d);
	for (int n = 1; n <= QUESTIONS_MAX; n++) {
		struct auth_tell t;
		ssize_t got;
		while ((got = recv(fd, &a, sizeof a, 0)) < 0 && errno == EINTR)
			continue;
		if (got != (ssize_t)sizeof a)
			_exit(0);
		terminate_strings(&a);
		memset(&t, 0, sizeof t);
		t.id = a.id;
		t.leaving = n == QUESTIONS_MAX;
		set_alarm(a.budget_ms + 1000);
		answer(d, s, scratch, &a, &t);
		set_alarm(0);
		if (send(fd, &t, sizeof t, MSG_NOSIGNAL) != (ssize_t)sizeof t)
			_exit(0);
	}
	_exit(0);
}

/* ---- master ----------------------------------------------------------------------- */

static void close_all_but(int keep)
{
	if ((keep > 3 && close_range(3, (unsigned)keep - 1, 0) != 0) || close_range((unsigned)keep + 1, ~0U, 0) != 0)
		for (int fd = 3; fd < 65536; fd++)
			if (fd != keep)
				close(fd);
}

static void report(int ctl, const struct auth_news *n, int fd)
{
	union {
		struct cmsghdr h;
		char room[CMSG_SPACE(sizeof fd)];
	} c;
	struct iovec iov = { .iov_base = (void *)(uintptr_t)n, .iov_len = sizeof *n };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };
	memset(&c, 0, sizeof c);
	if (fd >= 0) {
		m.msg_control = &c;
		m.msg_controllen = sizeof c;
		c.h.cmsg_level = SOL_SOCKET;
		c.h.cmsg_type = SCM_RIGHTS;
		c.h.cmsg_len = CMSG_LEN(sizeof fd);
		memcpy(CMSG_DATA(&c.h), &fd, sizeof fd);
	}
	while (sendmsg(ctl, &m, MSG_NOSIGNAL) < 0)
		if (errno != EINTR)
			_exit(1); /* nobody listens any more */
}

static void fail(int ctl, const char *text) __attribute__((noreturn));
static void fail(int ctl, const char *text)
{
	struct auth_news n = { .event = AUTH_FAILED };
	snprintf(n.text, sizeof n.text, "%s", text);
	report(ctl, &n, -1);
	_exit(1);
}

/* False: no process or socket to be had now. */
static bool start_helper(struct master *m, int slot, pid_t old, int status)
{
	struct auth_news n = { .event = AUTH_CHANNEL, .slot = slot, .old_pid = old, .status = status };
	int pair[2];
	m->pid[slot] = 0;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
		return false;
	pid_t pid = fork();
	if (pid == 0) {
		sigset_t none;
		sigemptyset(&none);
		signal(SIGCHLD, SIG_DFL);
		sigprocmask(SIG_SETMASK, &none, NULL);
		prctl(PR_SET_NAME, "yorozu-authhelp");
		close_all_but(pair[1]);
		helper_run(pair[1], m->dns);
	}
	close(pair[1]);
	if (pid > 0) {
		m->pid[slot] = pid;
		n.pid = pid;
		report(m->ctl, &n, pair[0]);
	}
	close(pair[0]); /* the parent's alone now: its close is the helper's end */
	return pid > 0;
}

/* A helper that dies at once must not become a storm of forks. False: some slot
 * is empty still. */
static bool replace_dead(struct master *m)
{
	const struct timespec pause = { .tv_nsec = REFORK_MS * 1000000L };
	bool full = true;
	int status;
	pid_t pid;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (int i = 0; i < m->helpers; i++)
			if (m->pid[i] == pid) {
				nanosleep(&pause, NULL);
				start_helper(m, i, pid, status);
				break;
			}
	for (int i = 0; i < m->helpers; i++)
		if (m->pid[i] == 0 && !start_helper(m, i, 0, 0))
			full = false;
	return full;
}

static void obey(struct master *m)
{
	struct auth_order o;
	ssize_t n = recv(m->ctl, &o, sizeof o, MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n != (ssize_t)sizeof o) { /* the parent is gone */
		for (int i = 0; i < m->helpers; i++)
			if (m->pid[i] > 0)
				kill(m->pid[i], SIGKILL);
		while (wait(NULL) > 0 || errno == EINTR)
			continue;
		_exit(0);
	}
	if (o.slot >= 0 && o.slot < m->helpers && o.pid > 0 && m->pid[o.slot] == o.pid)
		kill(o.pid, SIGKILL);
}

static void on_child(int sig)
{
	(void)sig; /* only to wake ppoll */
}

static void quiet_signals(sigset_t *open_r)
{
	sigset_t child;
	struct sigaction sa = { .sa_handler = on_child };
	static const int ignored[] = { SIGTERM, SIGINT, SIGHUP, SIGPIPE, SIGUSR1, SIGUSR2 };
	for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++)
		signal(ignored[i], SIG_IGN);
	signal(SIGALRM, SIG_DFL);
	sigemptyset(open_r);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_SETMASK, &child, NULL); /* comes in during ppoll only */
	sigaction(SIGCHLD, &sa, NULL);
}

static void settle(int ctl, const char *user)
{
	struct err e;
	close_all_but(ctl);
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0 || (!SANITIZED && dup2(null, 2) < 0))
		fail(ctl, "no /dev/null");
	if (null > 2)
		close(null);
	if (chdir("/") != 0)
		fail(ctl, "no /");
	auth_domain_load();
	if (user && proc_drop(user, &e) != OK)
		fail(ctl, e.msg);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		fail(ctl, "no_new_privs");
	prctl(PR_SET_NAME, "yorozu-authmast");
	prctl(PR_SET_PDEATHSIG, SIGKILL); /* after proc_drop, which clears it */
}

void auth_master_run(int ctl, const char *dns, int helpers, const char *user)
{
	struct master m = { .ctl = ctl, .helpers = helpers, .dns = dns };
	sigset_t open_set;
	struct pollfd p = { .fd = ctl, .events = POLLIN };
	quiet_signals(&open_set);
	settle(ctl, user);
	for (int i = 0; i < helpers; i++)
		if (!start_helper(&m, i, 0, 0))
			fail(ctl, "no process for a helper");
	for (bool full = true;;) {
		const struct timespec retry = { .tv_nsec = RETRY_MS * 1000000L };
		if (ppoll(&p, 1, full ? NULL : &retry, &open_set) > 0)
			obey(&m);
		full = replace_dead(&m);
	}
}
