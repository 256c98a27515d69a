/*
 * The milter's side of the sender check: a pool of channels to helper processes
 * (auth_master.c). A thread borrows a channel, asks, waits until its deadline,
 * gives the channel back. One thread of our own, started with the first check,
 * receives the channels of new helpers from the master.
 *
 * A channel that failed is closed and never used again, so a late answer cannot
 * reach the next mail; the id in every answer is checked all the same.
 *
 * SECURITY: what a helper says is taken as from outside (it may have been taken
 * over by a hostile record): words are checked against lists.
 *
 * BUGS: a master that was killed is not replaced (its helpers go on until they
 * die, then everything is "temperror"); it is logged.
 */
#include "auth_check.h"
#include "auth_dns.h"
#include "auth_domain.h"
#include "auth_wire.h"
#include "base/clk.h"
#include "base/log.h"
#include "base/xalloc.h"
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { START_MS = 10000, STOP_MS = 2000 };

struct slot {
	int fd;        /* -1: the helper is being replaced */
	pid_t pid;
	bool busy;     /* a thread has it */
	int next_fd;   /* came while busy: takes over when given back; -1 none */
	pid_t next_pid;
};

struct auth_pool {
	bool off;
	int timeout_ms, n, ctl;
	pid_t master;
	pthread_mutex_t lock; /* all below */
	pthread_cond_t freed; /* a slot became free */
	pthread_t reader;
	bool reading;
	uint32_t last_id;
	struct slot slot[AUTH_HELPERS_MAX];
};

/* ---- news from the master ------------------------------------------------------ */

/* Receives one message; the descriptor that came along, or -1. False: closed. */
static bool receive_news(int ctl, struct auth_news *n, int *fd_r)
{
	union {
		struct cmsghdr h;
		char room[CMSG_SPACE(sizeof(int))];
	} c;
	struct iovec iov = { .iov_base = n, .iov_len = sizeof *n };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &c, .msg_controllen = sizeof c };
	ssize_t got;
	*fd_r = -1;
	while ((got = recvmsg(ctl, &m, MSG_CMSG_CLOEXEC)) < 0 && errno == EINTR)
		continue;
	if (got != (ssize_t)sizeof *n)
		return false;
	struct cmsghdr *h = CMSG_FIRSTHDR(&m);
	if (h && h->cmsg_level == SOL_SOCKET && h->cmsg_type == SCM_RIGHTS)
		memcpy(fd_r, CMSG_DATA(h), sizeof *fd_r);
	return true;
}

static void install(struct auth_pool *p, const struct auth_news *n, int fd)
{
	struct slot *s = &p->slot[n->slot];
	int old;
	pthread_mutex_lock(&p->lock);
	if (s->busy) {
		old = s->next_fd;
		s->next_fd = fd;
		s->next_pid = n->pid;
	} else {
		old = s->fd;
		s->fd = fd;
		s->pid = n->pid;
		pthread_cond_signal(&p->freed);
	}
	pthread_mutex_unlock(&p->lock);
	if (old >= 0)
		close(old);
}

static void take_news(struct auth_pool *p, const struct auth_news *n, int fd)
{
	if (n->event == AUTH_FAILED)
		log_error("auth_master", "error=%s", log_quote(n->text));
	if (n->event != AUTH_CHANNEL || fd < 0 || n->slot < 0 || n->slot >= p->n) {
		if (fd >= 0)
			close(fd);
		return;
	}
	if (n->old_pid && !(WIFEXITED(n->status) && WEXITSTATUS(n->status) == 0))
		log_warn("auth_helper_died", "pid=%d signal=%d exit=%d new=%d", n->old_pid,
		         WIFSIGNALED(n->status) ? WTERMSIG(n->status) : 0,
		         WIFEXITED(n->status) ? WEXITSTATUS(n->status) : 0, n->pid);
	install(p, n, fd);
}

static void *read_news(void *arg)
{
	struct auth_pool *p = arg;
	struct auth_news n;
	int fd;
	while (receive_news(p->ctl, &n, &fd)) {
		n.text[sizeof n.text - 1] = '\0';
		take_news(p, &n, fd);
	}
	pthread_mutex_lock(&p->lock);
	bool stopping = p->off;
	pthread_mutex_unlock(&p->lock);
	if (!stopping)
		log_error("auth_master_gone", "effect=\"dead helpers are not replaced\"");
	return NULL;
}

/* ---- start and stop --------------------------------------------------------------- */

static struct auth_pool *pool_new(int helpers, int timeout_ms)
{
	struct auth_pool *p = xcalloc(1, sizeof *p);
	pthread_condattr_t attr;
	p->n = helpers;
	p->timeout_ms = timeout_ms;
	p->ctl = -1;
	for (int i = 0; i < AUTH_HELPERS_MAX; i++)
		p->slot[i].fd = p->slot[i].next_fd = -1;
	pthread_mutex_init(&p->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&p->freed, &attr);
	pthread_condattr_destroy(&attr);
	return p;
}

/* Waits until every helper has shown up, or the reason why not. */
static enum status first_channels(struct auth_pool *p, struct err *e)
{
	struct auth_news n;
	int fd;
	struct pollfd pfd = { .fd = p->ctl, .events = POLLIN };
	for (int i = 0; i < p->n; i++) {
		if (poll(&pfd, 1, START_MS) != 1 || !receive_news(p->ctl, &n, &fd))
			return err_set(e, ERR_TEMP, "auth helpers did not start");
		n.text[sizeof n.text - 1] = '\0';
		if (n.event == AUTH_FAILED)
			return err_set(e, ERR_PERM, "auth helpers: %s", n.text);
		take_news(p, &n, fd);
	}
	return OK;
}

enum status auth_pool_start(const char *dns, int helpers, int timeout_ms, const char *user,
                            struct auth_pool **pool_r, struct err *e)
{
	int pair[2];
	bool off = strcmp(dns, "off") == 0;
	if (!off && !dns_valid_server(dns))
		return err_set(e, ERR_PERM, "dns: \"%s\" is not system, off or IP:PORT", dns);
	if (helpers < 1 || helpers > AUTH_HELPERS_MAX || timeout_ms < 1)
		return err_set(e, ERR_PERM, "auth helpers: 1 to %d, with a time-out", AUTH_HELPERS_MAX);
	struct auth_pool *p = pool_new(helpers, timeout_ms);
	p->off = off;
	*pool_r = p;
	if (off)
		return OK;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) {
		auth_pool_stop(pool_r);
		return err_sys(e, ERR_TEMP, "auth helpers");
	}
	p->ctl = pair[0];
	p->master = fork();
	if (p->master == 0) {
		free(p); /* the parent's; nothing here knows of it */
		auth_master_run(pair[1], dns, helpers, user);
	}
	close(pair[1]);
	enum status st = p->master < 0 ? err_sys(e, ERR_TEMP, "fork") : first_channels(p, e);
	if (st != OK)
		auth_pool_stop(pool_r);
	return st;
}

static void wait_for_master(pid_t pid)
{
	const struct timespec step = { .tv_nsec = 5 * 1000000 };
	for (int ms = 0; ms < STOP_MS; ms += 5) {
		if (waitpid(pid, NULL, WNOHANG) != 0)
			return;
		nanosleep(&step, NULL);
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

void auth_pool_stop(struct auth_pool **pp)
{
	struct auth_pool *p = *pp;
	*pp = NULL;
	if (!p)
		return;
	pthread_mutex_lock(&p->lock);
	p->off = true;
	bool reading = p->reading;
	pthread_mutex_unlock(&p->lock);
	if (p->ctl >= 0)
		shutdown(p->ctl, SHUT_RDWR); /* the end for the master and for our reader */
	if (reading)
		pthread_join(p->reader, NULL);
	for (int i = 0; i < p->n; i++) {
		if (p->slot[i].fd >= 0)
			close(p->slot[i].fd);
		if (p->slot[i].next_fd >= 0)
			close(p->slot[i].next_fd);
	}
	if (p->master > 0)
		wait_for_master(p->master);
	if (p->ctl >= 0)
		close(p->ctl);
	pthread_cond_destroy(&p->freed);
	pthread_mutex_destroy(&p->lock);
	free(p);
}

int auth_pool_pids(struct auth_pool *p, pid_t *pids, int max)
{
	int n = 0;
	if (p->master == 0) /* "off" */
		return 0;
	pthread_mutex_lock(&p->lock);
	if (max > 0)
		pids[n++] = p->master;
	for (int i = 0; i < p->n && n < max; i++)
		if (p->slot[i].fd >= 0)
			pids[n++] = p->slot[i].pid;
	pthread_mutex_unlock(&p->lock);
	return n;
}

/* ---- borrowing a channel -------------------------------------------------------------- */

static struct timespec to_timespec(int64_t mono_ms)
{
	return (struct timespec){ .tv_sec = mono_ms / 1000, .tv_nsec = mono_ms % 1000 * 1000000 };
}

static int free_slot(const struct auth_pool *p)
{
	for (int i = 0; i < p->n; i++)
		if (p->slot[i].fd >= 0 && !p->slot[i].busy)
			return i;
	return -1;
}

/* The number of a slot that is now ours, or -1 when the deadline has passed. */
static int borrow(struct auth_pool *p, int64_t deadline, uint32_t *id_r)
{
	struct timespec until = to_timespec(deadline);
	int i, rc = 0;
	pthread_mutex_lock(&p->lock);
	/* Not in auth_pool_start: a daemon may fork other processes after it. */
	if (!p->reading)
		p->reading = pthread_create(&p->reader, NULL, read_news, p) == 0;
	while ((i = free_slot(p)) < 0 && rc == 0)
		rc = pthread_cond_timedwait(&p->freed, &p->lock, &until);
	if (i >= 0)
		p->slot[i].busy = true;
	*id_r = ++p->last_id;
	pthread_mutex_unlock(&p->lock);
	return i;
}

/* usable: the channel may serve again. kill: its helper must be ended by force. */
static void give_back(struct auth_pool *p, int i, bool usable, bool kill_it)
{
	struct slot *s = &p->slot[i];
	int old = -1;
	pthread_mutex_lock(&p->lock);
	struct auth_order o = { .slot = i, .pid = s->pid };
	if (!usable || s->next_fd >= 0) {
		old = s->fd;
		s->fd = s->next_fd;
		s->pid = s->next_pid;
		s->next_fd = -1;
	}
	s->busy = false;
	if (s->fd >= 0)
		pthread_cond_signal(&p->freed);
	pthread_mutex_unlock(&p->lock);
	if (old >= 0)
		close(old);
	if (kill_it && send(p->ctl, &o, sizeof o, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		log_warn("auth_kill", "pid=%d error=%s", o.pid, strerror(errno));
}

/* ---- one check ---------------------------------------------------------------------------- */

static void fill(struct auth_result *r, const char *spf, const char *dmarc)
{
	memset(r, 0, sizeof *r);
	snprintf(r->spf, sizeof r->spf, "%s", spf);
	snprintf(r->dmarc, sizeof r->dmarc, "%s", dmarc);
}

/* What does not fit is no valid value: neither cut in two nor taken for "". */
static void put(char *to, size_t size, const char *from)
{
	size_t n = from ? strlen(from) : 0;
	memset(to, 0, size);
	if (n >= size)
		to[0] = '?';
	else if (n > 0)
		memcpy(to, from, n);
}

static bool known(const char *word, const char *const list[])
{
	for (; *list; list++)
		if (strcmp(word, *list) == 0)
			return true;
	return false;
}

static bool sound(struct auth_result *r)
{
	static const char *const spf[] = { "pass", "fail", "softfail", "neutral", "none", "temperror", "permerror", NULL };
	static const char *const dmarc[] = { "pass", "fail", "none", "temperror", "permerror", NULL };
	static const char *const policy[] = { "", "none", "quarantine", "reject", NULL };
	char canonical[AUTH_DOMAIN_MAX];
	r->spf[sizeof r->spf - 1] = '\0';
	r->dmarc[sizeof r->dmarc - 1] = '\0';
	r->dmarc_policy[sizeof r->dmarc_policy - 1] = '\0';
	r->spf_domain[sizeof r->spf_domain - 1] = '\0';
	return known(r->spf, spf) && known(r->dmarc, dmarc) && known(r->dmarc_policy, policy) &&
	       (r->spf_domain[0] == '\0' || auth_domain_normal(r->spf_domain, canonical));
}

enum outcome { ANSWERED, LEAVING, HELPER_GONE, TOO_LATE, WAS_DEAD };

static enum outcome converse(int fd, const struct auth_ask *a, int64_t deadline, struct auth_result *r)
{
	struct auth_tell t;
	struct pollfd p = { .fd = fd, .events = POLLIN };
	if (send(fd, a, sizeof *a, MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)sizeof *a)
		return WAS_DEAD;
	for (;;) {
		int64_t left = deadline - clk_mono_ms();
		int rc = left > 0 ? poll(&p, 1, (int)left) : 0;
		if (rc == 0)
			return TOO_LATE;
		if (rc < 0 && errno == EINTR)
			continue;
		ssize_t n = rc > 0 ? recv(fd, &t, sizeof t, MSG_DONTWAIT) : -1;
		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (n != (ssize_t)sizeof t || t.id != a->id || !sound(&t.result))
			return HELPER_GONE;
		*r = t.result;
		return t.leaving ? LEAVING : ANSWERED;
	}
}

void auth_check(struct auth_pool *p, const struct auth_query *q, struct auth_result *r)
{
	struct auth_ask a;
	enum outcome o = WAS_DEAD;
	if (p->master == 0) { /* "off" */
		fill(r, "none", "none");
		return;
	}
	int64_t deadline = clk_mono_ms() + p->timeout_ms;
	fill(r, "temperror", "temperror");
	put(a.client_ip, sizeof a.client_ip, q->client_ip);
	put(a.helo, sizeof a.helo, q->helo);
	put(a.mail_from, sizeof a.mail_from, q->mail_from);
	put(a.from_domain, sizeof a.from_domain, q->from_domain);
	put(a.dkim, sizeof a.dkim, q->dkim);
	/* A helper found dead before it saw the question costs nothing but a try. */
	while (o == WAS_DEAD) {
		int i = borrow(p, deadline, &a.id);
		int64_t left = deadline - clk_mono_ms();
		if (i < 0)
			break;
		a.budget_ms = left > 1 ? (int32_t)left : 1;
		o = converse(p->slot[i].fd, &a, deadline, r);
		give_back(p, i, o == ANSWERED, o == TOO_LATE || o == HELPER_GONE);
	}
	if (o != ANSWERED && o != LEAVING)
		log_warn("auth_temperror", "reason=%s from=%s domain=%s",
		         o == TOO_LATE ? "time-out" : o == HELPER_GONE ? "helper_died" : "no_helper",
		         log_quote(q->mail_from), log_quote(q->from_domain));
}
