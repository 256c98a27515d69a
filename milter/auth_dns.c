/*
 * Stub resolver of the auth helpers: libresolv builds questions and parses
 * answers; the sockets, the retries and the deadline are here.
 *
 * SECURITY: an answer is believed only from the connected server address, from
 * a fresh socket (random port), with our random id and our question in it.
 * Everything in it is hostile all the same: at most 64 KB and DNS_RR_MAX
 * records, names only as ns_name_uncompress accepts them.
 *
 * BUGS: resolv.conf's search list and options are ignored (names are absolute).
 */
#include "auth_dns.h"
#include "base/clk.h"
#include "base/xalloc.h"
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <resolv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TRIES = 4, CNAME_MAX = 5, UDP_SIZE = 1232, TXT_MAX = 4096, TRY_MS_MAX = 2000, TRY_MS_MIN = 50 };

union address {
	struct sockaddr sa;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

struct dns {
	struct __res_state res;
	union address ns[MAXNS];
	int nns;
	bool system;
	time_t conf_mtime;
	int64_t deadline;
	unsigned char answer[DNS_DATA_MAX];
};

static socklen_t address_len(const union address *a)
{
	return a->sa.sa_family == AF_INET6 ? sizeof a->v6 : sizeof a->v4;
}

static bool parse_server(const char *s, union address *a)
{
	char ip[64];
	long port = 53;
	const char *colon = strrchr(s, ':');
	size_t n = strlen(s);
	memset(a, 0, sizeof *a);
	if (s[0] == '[') {
		const char *end = strchr(s, ']');
		if (!end || (end[1] != '\0' && end[1] != ':'))
			return false;
		colon = end[1] ? end + 1 : NULL;
		n = (size_t)(end - ++s);
	} else if (colon && strchr(s, ':') == colon) {
		n = (size_t)(colon - s);
	} else {
		colon = NULL; /* none, or a bare IPv6 address */
	}
	if (colon) {
		char *end;
		port = strtol(colon + 1, &end, 10);
		if (end == colon + 1 || *end || port < 1 || port > 65535)
			return false;
	}
	if (n == 0 || n >= sizeof ip)
		return false;
	memcpy(ip, s, n);
	ip[n] = '\0';
	a->v4.sin_port = htons((uint16_t)port); /* sin6_port lies at the same place */
	if (inet_pton(AF_INET, ip, &a->v4.sin_addr) == 1)
		a->sa.sa_family = AF_INET;
	else if (inet_pton(AF_INET6, ip, &a->v6.sin6_addr) == 1)
		a->sa.sa_family = AF_INET6;
	return a->sa.sa_family != 0;
}

bool dns_valid_server(const char *server)
{
	union address a;
	return strcmp(server, "system") == 0 || parse_server(server, &a);
}

static time_t resolv_conf_mtime(void)
{
	struct stat st;
	return stat("/etc/resolv.conf", &st) == 0 ? st.st_mtime : 0;
}

static void system_servers(struct dns *d)
{
	d->conf_mtime = resolv_conf_mtime();
	d->nns = 0;
	for (int i = 0; i < d->res.nscount && i < MAXNS; i++) {
		if (d->res.nsaddr_list[i].sin_family == AF_INET)
			d->ns[d->nns++].v4 = d->res.nsaddr_list[i];
		else if (d->res._u._ext.nsaddrs[i])
			d->ns[d->nns++].v6 = *d->res._u._ext.nsaddrs[i];
	}
}

enum status dns_open(const char *server, struct dns **dns_r, struct err *e)
{
	struct dns *d = xcalloc(1, sizeof *d);
	d->system = strcmp(server, "system") == 0;
	if (!d->system && !parse_server(server, &d->ns[0])) {
		free(d);
		return err_set(e, ERR_PERM, "dns: %s is no IP:PORT", server);
	}
	if (res_ninit(&d->res) != 0) {
		free(d);
		return err_set(e, ERR_TEMP, "dns: the resolver library does not start");
	}
	d->nns = 1;
	if (d->system)
		system_servers(d);
	*dns_r = d;
	return OK;
}

void dns_free(struct dns **d)
{
	if (*d)
		res_nclose(&(*d)->res);
	free(*d);
	*d = NULL;
}

/* Also the moment to notice that the machine changed its resolvers. */
void dns_deadline(struct dns *d, int64_t mono_ms)
{
	d->deadline = mono_ms;
	if (!d->system || resolv_conf_mtime() == d->conf_mtime)
		return;
	res_nclose(&d->res);
	memset(&d->res, 0, sizeof d->res);
	if (res_ninit(&d->res) == 0)
		system_servers(d);
}

/* ---- one exchange ---------------------------------------------------------- */

static bool wait_for(int fd, short events, int64_t until)
{
	struct pollfd p = { .fd = fd, .events = events };
	for (;;) {
		int64_t left = until - clk_mono_ms();
		int rc = left > 0 ? poll(&p, 1, (int)left) : 0;
		if (rc >= 0 || errno != EINTR)
			return rc > 0;
	}
}

/* Is it the answer to this question (id, QR, name, type)? */
static bool answers(const unsigned char *q, size_t qlen, const unsigned char *r, size_t rlen)
{
	ns_msg mq, mr;
	ns_rr a, b;
	if (rlen < NS_HFIXEDSZ || memcmp(q, r, 2) != 0 || !(r[2] & 0x80))
		return false;
	return ns_initparse(q, (int)qlen, &mq) == 0 && ns_initparse(r, (int)rlen, &mr) == 0 &&
	       ns_msg_count(mr, ns_s_qd) == 1 && ns_parserr(&mq, ns_s_qd, 0, &a) == 0 &&
	       ns_parserr(&mr, ns_s_qd, 0, &b) == 0 && ns_rr_type(a) == ns_rr_type(b) &&
	       strcasecmp(ns_rr_name(a), ns_rr_name(b)) == 0;
}

static int open_socket(const union address *ns, int type)
{
	int fd = socket(ns->sa.sa_family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0 && connect(fd, &ns->sa, address_len(ns)) != 0 && errno != EINPROGRESS) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Length of the answer in d->answer, or -1. */
static ssize_t ask_udp(struct dns *d, const union address *ns, const unsigned char *q, size_t qlen, int64_t until)
{
	int fd = open_socket(ns, SOCK_DGRAM);
	ssize_t n = -1;
	if (fd < 0)
		return -1;
	if (send(fd, q, qlen, MSG_NOSIGNAL) == (ssize_t)qlen) {
		while (wait_for(fd, POLLIN, until)) {
			n = recv(fd, d->answer, sizeof d->answer, 0);
			if (n < 0 && errno != EAGAIN && errno != EINTR)
				break; /* refused: no use to wait */
			if (n > 0 && answers(q, qlen, d->answer, (size_t)n))
				break;
			n = -1; /* a stray or forged packet: keep waiting */
		}
	}
	close(fd);
	return n;
}

static bool send_all(int fd, const unsigned char *p, size_t n, int64_t until)
{
	while (n > 0) {
		if (!wait_for(fd, POLLOUT, until))
			return false;
		ssize_t k = send(fd, p, n, MSG_NOSIGNAL);
		if (k < 0 && (errno == EAGAIN || errno == EINTR))
			continue;
		if (k <= 0)
			return false;
		p += k;
		n -= (size_t)k;
	}
	return true;
}

static bool recv_all(int fd, unsigned char *p, size_t n, int64_t until)
{
	while (n > 0) {
		if (!wait_for(fd, POLLIN, until))
			return false;
		ssize_t k = recv(fd, p, n, 0);
		if (k < 0 && (errno == EAGAIN || errno == EINTR))
			continue;
		if (k <= 0)
			return false;
		p += k;
		n -= (size_t)k;
	}
	return true;
}

static ssize_t ask_tcp(struct dns *d, const union address *ns, const unsigned char *q, size_t qlen, int64_t until)
{
	unsigned char head[2] = { (unsigned char)(qlen >> 8), (unsigned char)qlen };
	ssize_t n = -1;
	int fd = open_socket(ns, SOCK_STREAM);
	if (fd < 0)
		return -1;
	if (send_all(fd, head, 2, until) && send_all(fd, q, qlen, until) && recv_all(fd, head, 2, until)) {
		size_t want = (size_t)head[0] << 8 | head[1];
		if (recv_all(fd, d->answer, want, until) && answers(q, qlen, d->answer, want))
			n = (ssize_t)want;
	}
	close(fd);
	return n;
}

/* A question with an EDNS0 record (RFC 6891): most answers then fit one packet. */
static int make_query(struct dns *d, const char *name, int type, unsigned char q[NS_PACKETSZ])
{
	int n = res_nmkquery(&d->res, ns_o_query, name, ns_c_in, type, NULL, 0, NULL, q, NS_PACKETSZ - 11);
	if (n < NS_HFIXEDSZ)
		return -1;
	const unsigned char opt[11] = { 0, 0, ns_t_opt, UDP_SIZE >> 8, UDP_SIZE & 0xff };
	memcpy(q + n, opt, sizeof opt);
	q[11] = 1; /* ARCOUNT */
	return n + (int)sizeof opt;
}

/* Asks each server in turn until one knows. Length of the answer or -1. */
static ssize_t exchange(struct dns *d, const unsigned char *q, size_t qlen)
{
	int fails = 0;
	for (int try = 0; try < TRIES && d->nns > 0; try++) {
		int64_t now = clk_mono_ms(), left = d->deadline - now;
		int64_t share = left / 2 < TRY_MS_MAX ? left / 2 : TRY_MS_MAX;
		if (left <= 0 || fails > d->nns)
			return -1;
		if (share < TRY_MS_MIN || try == TRIES - 1)
			share = left;
		const union address *ns = &d->ns[try % d->nns];
		ssize_t n = ask_udp(d, ns, q, qlen, now + share);
		if (n > 0 && (d->answer[2] & 0x02)) /* TC */
			n = ask_tcp(d, ns, q, qlen, now + left);
		if (n > 0) {
			int rcode = d->answer[3] & 0x0f;
			if (rcode == ns_r_noerror || rcode == ns_r_nxdomain)
				return n;
			if (++fails >= d->nns)
				return -1; /* SERVFAIL and the like from all */
		}
		if (n < 0 && clk_mono_ms() - now < share)
			fails++; /* refused at once */
	}
	return -1;
}

/* ---- the answer ------------------------------------------------------------- */

static void keep(struct dns_answer *a, const void *p, size_t n)
{
	if (a->n == DNS_RR_MAX || n + 1 > sizeof a->buf - a->used)
		return;
	char *to = a->buf + a->used;
	memcpy(to, p, n);
	to[n] = '\0';
	a->rr[a->n].data = to;
	a->rr[a->n++].len = n;
	a->used += n + 1;
}

/* Too long or broken: what there is, with a byte at the end that no syntax allows,
 * so that a record of ours is seen to be there and to be bad. */
static void keep_txt(struct dns_answer *a, const unsigned char *p, size_t n)
{
	char joined[TXT_MAX + 1];
	size_t out = 0;
	while (n > 0) {
		size_t len = *p++;
		n--;
		if (len > n || out + len > TXT_MAX) {
			joined[out++] = 0x7f;
			break;
		}
		for (size_t i = 0; i < len; i++)
			joined[out++] = p[i] ? (char)p[i] : '?';
		p += len;
		n -= len;
	}
	keep(a, joined, out);
}

static void keep_name(struct dns_answer *a, ns_msg *m, const unsigned char *p)
{
	char name[NS_MAXDNAME];
	if (ns_name_uncompress(ns_msg_base(*m), ns_msg_end(*m), p, name, sizeof name) >= 0)
		keep(a, name, strlen(name));
}

/* What can't be understood is left out: it can then not authorise anybody. */
static void keep_rr(struct dns_answer *a, ns_msg *m, ns_rr *rr)
{
	const unsigned char *p = ns_rr_rdata(*rr);
	size_t n = ns_rr_rdlen(*rr);
	switch (ns_rr_type(*rr)) {
	case ns_t_a:
		if (n == 4)
			keep(a, p, n);
		break;
	case ns_t_aaaa:
		if (n == 16)
			keep(a, p, n);
		break;
	case ns_t_txt:
		keep_txt(a, p, n);
		break;
	case ns_t_mx:
		if (n > 2)
			keep_name(a, m, p + 2);
		break;
	case ns_t_ptr:
		keep_name(a, m, p);
		break;
	default:
		break;
	}
}

/* alias_r: where a CNAME points, "" without one. */
static enum dns_rc parse(struct dns *d, size_t len, int type, struct dns_answer *a, char alias_r[NS_MAXDNAME])
{
	ns_msg m;
	ns_rr rr;
	alias_r[0] = '\0';
	if (ns_initparse(d->answer, (int)len, &m) != 0)
		return DNS_FAIL;
	for (int i = 0; i < ns_msg_count(m, ns_s_an); i++) {
		if (ns_parserr(&m, ns_s_an, i, &rr) != 0)
			return DNS_FAIL;
		if (ns_rr_class(rr) != ns_c_in)
			continue;
		if (ns_rr_type(rr) == (unsigned)type)
			keep_rr(a, &m, &rr);
		else if (ns_rr_type(rr) == ns_t_cname &&
		         ns_name_uncompress(ns_msg_base(m), ns_msg_end(m), ns_rr_rdata(rr), alias_r, NS_MAXDNAME) < 0)
			return DNS_FAIL;
	}
	return a->n > 0 ? DNS_FOUND : DNS_NONE;
}

enum dns_rc dns_ask(struct dns *d, const char *name, int type, struct dns_answer *a)
{
	char at[NS_MAXDNAME], alias[NS_MAXDNAME];
	unsigned char q[NS_PACKETSZ];
	snprintf(at, sizeof at, "%s", name);
	for (int hop = 0; hop <= CNAME_MAX; hop++) {
		a->n = 0;
		a->used = 0;
		int qlen = make_query(d, at, type, q);
		if (qlen < 0)
			return DNS_NONE; /* no name that could exist */
		ssize_t n = exchange(d, q, (size_t)qlen);
		if (n < 0)
			return DNS_FAIL;
		bool exists = (d->answer[3] & 0x0f) == ns_r_noerror;
		enum dns_rc rc = parse(d, (size_t)n, type, a, alias);
		if (rc != DNS_NONE || alias[0] == '\0' || !exists)
			return rc;
		memcpy(at, alias, sizeof at); /* the server left the chain to us */
	}
	return DNS_FAIL;
}
