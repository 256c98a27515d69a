#ifndef TESTS_AUTH_FIXTURE_H
#define TESTS_AUTH_FIXTURE_H
/*
 * A real unbound on a free loopback port, with DNS data given as local-data
 * lines; all else does not exist (NXDOMAIN). Ends with the test process.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct fixture {
	pid_t unbound;
	int port;
	char dir[64], dns[32]; /* dns: "127.0.0.1:PORT" for auth_pool_start */
};

/* A bound UDP socket of the loopback; nobody answers there. */
static inline int fixture_udp(int *port_r)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof a;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&a, len) != 0 || getsockname(fd, (struct sockaddr *)&a, &len) != 0)
		abort();
	*port_r = ntohs(a.sin_port);
	return fd;
}

/* Unbound answers TCP too, so connecting shows that it is up. */
static inline int fixture_up(int port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons((uint16_t)port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int ok = connect(fd, (struct sockaddr *)&a, sizeof a) == 0;
	close(fd);
	return ok;
}

static inline void fixture_conf(const struct fixture *f, const char *const *data)
{
	char path[96];
	snprintf(path, sizeof path, "%s/unbound.conf", f->dir);
	FILE *c = fopen(path, "w");
	if (!c)
		abort();
	fprintf(c,
	        "server:\n  interface: 127.0.0.1@%d\n  username: \"\"\n  chroot: \"\"\n  directory: \"%s\"\n"
	        "  pidfile: \"\"\n  use-syslog: no\n  verbosity: 0\n  num-threads: 1\n  do-daemonize: no\n"
	        "  do-ip6: no\n  msg-cache-size: 1m\n  rrset-cache-size: 1m\n  module-config: \"iterator\"\n"
	        "  local-zone: \".\" static\n  local-zone: \"10.in-addr.arpa.\" transparent\n"
	        "  local-zone: \"2.0.192.in-addr.arpa.\" transparent\n  local-zone: \"8.b.d.0.1.0.0.2.ip6.arpa.\" transparent\n"
	        "  local-zone: \"test.\" static\n  local-zone: \"example.\" static\n",
	        f->port, f->dir);
	for (; *data; data++)
		fprintf(c, "  local-data: '%s'\n", *data);
	fprintf(c, "remote-control:\n  control-enable: no\n");
	fclose(c);
}

static inline void fixture_start(struct fixture *f, const char *const *data)
{
	const struct timespec step = { .tv_nsec = 20 * 1000000 };
	char conf[96];
	snprintf(f->dir, sizeof f->dir, "/tmp/yorozu-auth-XXXXXX");
	if (!mkdtemp(f->dir))
		abort();
	close(fixture_udp(&f->port));
	fixture_conf(f, data);
	snprintf(f->dns, sizeof f->dns, "127.0.0.1:%d", f->port);
	snprintf(conf, sizeof conf, "%s/unbound.conf", f->dir);
	f->unbound = fork();
	if (f->unbound == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		execl("/usr/sbin/unbound", "unbound", "-d", "-c", conf, (char *)NULL);
		_exit(127);
	}
	for (int i = 0; i < 500; i++) {
		if (fixture_up(f->port))
			return;
		if (waitpid(f->unbound, NULL, WNOHANG) != 0)
			break;
		nanosleep(&step, NULL);
	}
	fprintf(stderr, "unbound does not start (%s)\n", conf);
	abort();
}

static inline void fixture_stop(struct fixture *f)
{
	char conf[96];
	snprintf(conf, sizeof conf, "%s/unbound.conf", f->dir);
	kill(f->unbound, SIGKILL);
	waitpid(f->unbound, NULL, 0);
	unlink(conf);
	rmdir(f->dir);
}

#endif
