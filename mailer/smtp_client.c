/*
 * Handing mail to our own Postfix. MAIL, all RCPT and DATA leave in one write;
 * the replies decide afterwards.
 */
#include "smtp_client.h"
#include "base/clk.h"
#include "base/strbuf.h"
#include "base/xalloc.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum { MAX_LINE = 2048, MAX_LINES = 200 };

struct smtp {
	char *host, *port, *helo;
	int timeout_ms, fd;
	bool smtputf8;
	char in[8192];
	size_t in_len;
};

struct smtp *smtp_new(const char *host_port, const char *helo, int timeout_ms)
{
	struct smtp *s = xcalloc(1, sizeof *s);
	const char *colon = strrchr(host_port, ':');
	s->host = colon ? xstrndup(host_port, (size_t)(colon - host_port)) : xstrdup(host_port);
	s->port = xstrdup(colon ? colon + 1 : "25");
	s->helo = xstrdup(helo);
	s->timeout_ms = timeout_ms;
	s->fd = -1;
	return s;
}

static void hang_up(struct smtp *s)
{
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
	s->in_len = 0;
}

void smtp_close(struct smtp *s)
{
	if (s->fd >= 0)
		(void)!write(s->fd, "QUIT\r\n", 6);
	hang_up(s);
}

void smtp_free(struct smtp **s)
{
	if (!*s)
		return;
	smtp_close(*s);
	free((*s)->host);
	free((*s)->port);
	free((*s)->helo);
	free(*s);
	*s = NULL;
}

/* One line without its CRLF into buf; false: gone, too slow, or too long. */
static bool read_line(struct smtp *s, char buf[MAX_LINE])
{
	int64_t end = clk_mono_ms() + s->timeout_ms;
	for (;;) {
		char *nl = memchr(s->in, '\n', s->in_len);
		if (nl) {
			size_t n = (size_t)(nl - s->in), keep = n < MAX_LINE - 1 ? n : MAX_LINE - 1;
			memcpy(buf, s->in, keep);
			buf[keep && buf[keep - 1] == '\r' ? keep - 1 : keep] = '\0';
			s->in_len -= n + 1;
			memmove(s->in, nl + 1, s->in_len);
			return true;
		}
		int64_t left = end - clk_mono_ms();
		struct pollfd p = { .fd = s->fd, .events = POLLIN };
		if (s->in_len == sizeof s->in || left <= 0 || poll(&p, 1, (int)left) <= 0)
			return false;
		ssize_t k = read(s->fd, s->in + s->in_len, sizeof s->in - s->in_len);
		if (k < 0 && errno == EINTR)
			continue;
		if (k <= 0)
			return false;
		s->in_len += (size_t)k;
	}
}

static bool is_code(const char *l)
{
	return l[0] >= '2' && l[0] <= '5' && l[1] >= '0' && l[1] <= '9' && l[2] >= '0' && l[2] <= '9' &&
	       (l[3] == ' ' || l[3] == '-' || !l[3]);
}

/* A whole reply: its code (0: connection unusable) and its last line. */
static int read_reply(struct smtp *s, char last[MAX_LINE])
{
	for (int i = 0; i < MAX_LINES; i++) {
		if (!read_line(s, last) || !is_code(last))
			break;
		if (strstr(last, "SMTPUTF8"))
			s->smtputf8 = true;
		if (last[3] != '-')
			return (int)strtol(last, NULL, 10);
	}
	hang_up(s);
	snprintf(last, MAX_LINE, "no reply");
	return 0;
}

static void advance(struct iovec *v, size_t k)
{
	for (; k; v++) {
		size_t used = k < v->iov_len ? k : v->iov_len;
		v->iov_base = (char *)v->iov_base + used;
		v->iov_len -= used;
		k -= used;
	}
}

static bool send_two(struct smtp *s, const char *p, size_t n, const char *q, size_t m)
{
	struct iovec v[2] = { { (void *)p, n }, { (void *)q, m } };
	while (v[0].iov_len || v[1].iov_len) {
		struct pollfd w = { .fd = s->fd, .events = POLLOUT };
		struct msghdr h = { .msg_iov = v, .msg_iovlen = 2 };
		if (poll(&w, 1, s->timeout_ms) <= 0)
			return false;
		ssize_t k = sendmsg(s->fd, &h, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (k < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (k <= 0)
			return false;
		advance(v, (size_t)k);
	}
	return true;
}

static bool send_all(struct smtp *s, const char *p, size_t n)
{
	return send_two(s, p, n, NULL, 0);
}

static int dial(const char *host, const char *port)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *list;
	int fd = -1, one = 1;
	if (getaddrinfo(host, port, &hints, &list) != 0)
		return -1;
	for (struct addrinfo *a = list; a && fd < 0; a = a->ai_next) {
		fd = socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (fd >= 0 && connect(fd, a->ai_addr, a->ai_addrlen) != 0) {
			close(fd);
			fd = -1;
		}
	}
	freeaddrinfo(list);
	if (fd >= 0)
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	return fd;
}

enum status smtp_connect(struct smtp *s, struct err *e)
{
	char line[MAX_LINE], hello[300];
	if (s->fd >= 0)
		return OK;
	s->in_len = 0;
	s->smtputf8 = false;
	s->fd = dial(s->host, s->port);
	if (s->fd < 0)
		return err_set(e, ERR_TEMP, "Postfix does not answer on %s:%s", s->host, s->port);
	int n = snprintf(hello, sizeof hello, "EHLO %.200s\r\n", s->helo);
	if (read_reply(s, line) == 220 && send_all(s, hello, (size_t)n) && read_reply(s, line) == 250)
		return OK;
	hang_up(s);
	return err_set(e, ERR_TEMP, "Postfix on %s:%s said: %.150s", s->host, s->port, line);
}

static bool is_ascii(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)p[i] > 127)
			return false;
	return true;
}

/* MAIL, RCPT…, DATA in one buffer. */
static void envelope(const struct smtp *s, const char *from, const char *rcpts, bool eight_bit, struct sb *b)
{
	bool utf8 = s->smtputf8 && !(is_ascii(from, strlen(from)) && is_ascii(rcpts, strlen(rcpts)));
	sb_addf(b, "MAIL FROM:<%s>%s%s\r\n", from, eight_bit ? " BODY=8BITMIME" : "", utf8 ? " SMTPUTF8" : "");
	for (const char *p = rcpts; *p; p += strcspn(p, "\n"), p += *p == '\n') {
		sb_addf(b, "RCPT TO:<%.*s>\r\n", (int)strcspn(p, "\n"), p);
	}
	sb_adds(b, "DATA\r\n");
}

void smtp_stuff(const char *mail, size_t n, struct sb *b)
{
	sb_grow(b, n + n / 50 + 8);
	for (const char *p = mail, *end = mail + n; p < end;) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		size_t len = nl ? (size_t)(nl - p) + 1 : (size_t)(end - p);
		if (*p == '.')
			sb_addc(b, '.');
		sb_add(b, p, len);
		p += len;
	}
	if (n < 2 || memcmp(mail + n - 2, "\r\n", 2) != 0)
		sb_adds(b, "\r\n");
	sb_adds(b, ".\r\n");
}

static enum status classify(int code, const char *line, struct err *e)
{
	return err_set(e, code >= 500 ? ERR_PERM : ERR_TEMP, "Postfix said: %.200s", line);
}

struct answers {
	int mail, data, accepted, temporary;
	char line[MAX_LINE];     /* the reply that decides */
};

static void note_reject(struct smtp_result *r, const char *rcpt, const char *line)
{
	size_t len = strlen(r->rejects);
	r->rejected++;
	snprintf(r->rejects + len, sizeof r->rejects - len, "%s%.*s: %.120s", len ? "\n" : "",
	         (int)strcspn(rcpt, "\n"), rcpt, line);
}

/* Replies to the pipelined envelope. False: the connection is gone. */
static bool read_envelope(struct smtp *s, const char *rcpts, struct answers *a, struct smtp_result *r)
{
	char line[MAX_LINE];
	*a = (struct answers){ .mail = read_reply(s, a->line) };
	if (!a->mail)
		return false;
	for (const char *p = rcpts; *p; p += strcspn(p, "\n"), p += *p == '\n') {
		int code = read_reply(s, line);
		if (!code)
			return false;
		if (code / 100 == 2)
			a->accepted++;
		else if (code >= 500 && a->mail == 250)
			note_reject(r, p, line);
		else
			a->temporary++;
		if (code / 100 != 2 && a->mail == 250)
			memcpy(a->line, line, sizeof line);
	}
	a->data = read_reply(s, line);
	if (a->data != 354 && a->mail == 250 && a->accepted)
		memcpy(a->line, line, sizeof line);
	return a->data != 0;
}

/* After 354 with nobody to send to: an empty mail that Postfix refuses. */
static void cancel(struct smtp *s)
{
	char line[MAX_LINE];
	if (!send_all(s, ".\r\n", 3) || !read_reply(s, line))
		hang_up(s);
}

static void reset(struct smtp *s)
{
	char line[MAX_LINE];
	if (s->fd >= 0 && (!send_all(s, "RSET\r\n", 6) || read_reply(s, line) != 250))
		hang_up(s);
}

/* "250 2.0.0 Ok: queued as 4XyZ" */
static void take_queue_id(const char *line, struct smtp_result *r)
{
	const char *p = strstr(line, "queued as ");
	if (p)
		snprintf(r->queue_id, sizeof r->queue_id, "%.*s", (int)strspn(p + 10, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"), p + 10);
}

static enum status transfer(struct smtp *s, const struct iovec v[2], struct smtp_result *r, struct err *e)
{
	char line[MAX_LINE];
	bool sent = send_two(s, v[0].iov_base, v[0].iov_len, v[1].iov_base, v[1].iov_len);
	int code = sent ? read_reply(s, line) : 0;
	if (!code) {
		hang_up(s);
		r->unsure = true;
		return err_set(e, ERR_TEMP, "connection to Postfix broke during the mail");
	}
	if (code != 250)
		return classify(code, line, e);
	take_queue_id(line, r);
	return OK;
}

/* v: the mail as it goes over the wire. */
static enum status deliver(struct smtp *s, const char *env_from, const char *rcpts, bool eight_bit, const struct iovec v[2],
                           struct smtp_result *r, struct err *e)
{
	struct answers a;
	struct sb b = SB_INIT;
	*r = (struct smtp_result){ .queue_id = "" };
	enum status st = smtp_connect(s, e);
	if (st != OK)
		return st;
	envelope(s, env_from, rcpts, eight_bit, &b);
	bool there = send_all(s, b.s, b.len) && read_envelope(s, rcpts, &a, r);
	sb_free(&b);
	if (!there) {
		hang_up(s);
		return err_set(e, ERR_TEMP, "connection to Postfix broke");
	}
	/* A recipient to try again later holds back the whole mail: it goes once. */
	if (a.mail == 250 && a.data == 354 && a.accepted && !a.temporary)
		return transfer(s, v, r, e);
	if (a.data == 354)
		cancel(s);
	reset(s);
	if (a.temporary && a.mail == 250)
		return err_set(e, ERR_TEMP, "Postfix said: %.200s", a.line);
	return classify(a.mail != 250 ? a.mail : a.accepted ? a.data : 550, a.line, e);
}

enum status smtp_send(struct smtp *s, const char *env_from, const char *rcpts, const char *mail, size_t n,
                      struct smtp_result *r, struct err *e)
{
	struct sb wire = SB_INIT;
	smtp_stuff(mail, n, &wire);
	const struct iovec v[2] = { { wire.s, wire.len }, { NULL, 0 } };
	enum status st = deliver(s, env_from, rcpts, !is_ascii(mail, n), v, r, e);
	sb_free(&wire);
	return st;
}

enum status smtp_send_parts(struct smtp *s, const char *env_from, const char *rcpt, const char *head, size_t head_n,
                            const char *tail, size_t tail_n, struct smtp_result *r, struct err *e)
{
	const struct iovec v[2] = { { (void *)head, head_n }, { (void *)tail, tail_n } };
	return deliver(s, env_from, rcpt, false, v, r, e);
}
