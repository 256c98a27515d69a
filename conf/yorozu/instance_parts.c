/*
 * The daemons of an instance: how each is started, found, asked whether it is
 * ready, and stopped. A pid file alone proves nothing: the process must be alive
 * and bear the program's name. In production systemd starts and stops them, and
 * all but ours are the system's, on their usual ports.
 */
#include "instance.h"
#include "base/clk.h"
#include "base/io.h"
#include "base/proc.h"
#include "base/xalloc.h"
#include <arpa/inet.h>
#include <ctype.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { READY_MS = 15000, LEAVE_MS = 8000, STEP_MS = 10 };

struct part {
	const char *name, *does;
	const char *comm;      /* /proc/PID/comm */
	const char *pidfile;   /* relative to DIR */
	const char *system;    /* pid file of the system's in production; NULL: there is none */
	const char *sock;      /* unix stream socket that answers when ready, or NULL */
	int ports[PART_PORTS];          /* added to base_port */
	const char *argv[5];   /* %D = DIR, %B = bindir; NULL-terminated */
	bool ours;             /* runs in the foreground: we put it into the background */
};

static const struct part parts[PARTS] = {
	[PART_DNS] = { "dns", "DNS of the instance", "unbound", "run/unbound.pid", NULL, NULL, { PORT_DNS },
	               { "unbound", "-c", "%D/etc/unbound/unbound.conf" }, false },
	[PART_OPENDKIM] = { "opendkim", "verifies and signs", "opendkim", "run/opendkim.pid", "/run/opendkim/opendkim.pid", "run/opendkim/milter.sock",
	                    { 0 }, { "opendkim", "-x", "%D/etc/opendkim/opendkim.conf" }, false },
	[PART_DOVECOT] = { "dovecot", "mailboxes and logins", "dovecot", "run/dovecot/master.pid", "/run/dovecot/master.pid", NULL, { PORT_IMAP },
	                   { "dovecot", "-c", "%D/etc/dovecot/dovecot.conf" }, false },
	[PART_MILTER] = { "milter", "takes mail in", "yorozu-milter", "run/milter.pid", NULL, "run/milter.sock", { 0 },
	                  { "%B/yorozu-milter", "-C", "%D" }, true },
	[PART_MAILER] = { "mailer", "sends mail out", "yorozu-mailer", "run/mailer.pid", NULL, NULL, { 0 },
	                  { "%B/yorozu-mailer", "-C", "%D" }, true },
	[PART_BULK] = { "bulk", "sends the newsletter", "yorozu-bulk", "run/bulk.pid", NULL, NULL, { 0 },
	                { "%B/yorozu-bulk", "-C", "%D" }, true },
	[PART_POSTFIX] = { "postfix", "carries mail", "master", "spool/pid/master.pid", "/var/spool/postfix/pid/master.pid", NULL,
	                   { PORT_MX, PORT_SUBMISSION, PORT_INJECT, PORT_BULK, PORT_RETURNS }, { "postfix", "-c", "%D/etc/postfix", "start" }, false },
	[PART_INGEST] = { "ingest", "takes files in", "yorozu-ingest", "run/ingest.pid", NULL, "run/ingest.sock", { 0 },
	                  { "%B/yorozu-ingest", "-C", "%D" }, true },
	[PART_EDGE] = { "edge", "TLS for the pages", "nginx", "run/edge.pid", "/run/nginx.pid", NULL, { PORT_HTTPS },
	                { "nginx", "-e", "%D/log/edge.log", "-c", "%D/etc/nginx/nginx.conf" }, false },
};

int part_by_name(const char *name)
{
	for (int i = 0; i < PARTS; i++)
		if (strcmp(parts[i].name, name) == 0)
			return i;
	return -1;
}

/* The value of a line "Name:\tvalue" of /proc/PID/status, or "". */
static const char *status_line(const char *status, const char *name)
{
	const char *p = strstr(status, name);
	return p ? p + strlen(name) + strspn(p + strlen(name), "\t") : "";
}

static bool read_status(pid_t pid, struct sb *b)
{
	char path[64];
	snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
	return io_read_file(path, 65536, b, NULL) == OK;
}

/* Pid 1 may be slow to bury the dead: a zombie is not there. */
static bool is_dead(const char *status)
{
	return strchr("ZX", *status_line(status, "\nState:")) != NULL;
}

static bool is_there(pid_t pid)
{
	struct sb b = SB_INIT;
	bool there = read_status(pid, &b) && !is_dead(b.s);
	sb_free(&b);
	return there;
}

/* A process of that name that will still be there in a moment: no SIGKILL is on its way. */
static bool lives_as(pid_t pid, const char *comm)
{
	struct sb b = SB_INIT;
	size_t n = strlen(comm);
	bool lives = read_status(pid, &b);
	const char *name = status_line(b.s, "Name:");
	unsigned long long pending = strtoull(status_line(b.s, "\nShdPnd:"), NULL, 16);
	lives = lives && strncmp(name, comm, n) == 0 && name[n] == '\n' && !is_dead(b.s) &&
	        !(pending >> (SIGKILL - 1) & 1);
	sb_free(&b);
	return lives;
}

static pid_t find_pid(const struct cfg *c, const struct part *p)
{
	struct sb b = SB_INIT;
	bool systems = !cfg_is_private(c) && p->system;
	char *path = systems ? xstrdup(p->system) : cfg_path(c, p->pidfile);
	pid_t pid = 0;
	if (p->ours)
		pid = proc_running(path);
	else if (io_read_file(path, 64, &b, NULL) == OK)
		pid = (pid_t)strtol(b.s, NULL, 10);
	sb_free(&b);
	free(path);
	return pid > 0 && lives_as(pid, p->comm) ? pid : 0;
}

/* Seconds since the process started: field 22 of /proc/PID/stat, in ticks. */
static long uptime_of(pid_t pid)
{
	char path[64];
	struct sb b = SB_INIT;
	struct timespec now;
	unsigned long long start = 0;
	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	if (io_read_file(path, 4096, &b, NULL) == OK) {
		const char *p = strrchr(b.s, ')');
		for (int i = 0; p && i < 20; i++)
			p = strchr(p + 1, ' ');
		if (p)
			start = strtoull(p + 1, NULL, 10);
	}
	sb_free(&b);
	clock_gettime(CLOCK_BOOTTIME, &now);
	return start ? (long)now.tv_sec - (long)(start / (unsigned long long)sysconf(_SC_CLK_TCK)) : 0;
}

static bool answers(int family, const struct sockaddr *sa, socklen_t len)
{
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool ok = fd >= 0 && connect(fd, sa, len) == 0;
	if (fd >= 0)
		close(fd);
	return ok;
}

bool instance_port_answers(int port)
{
	struct sockaddr_in sa = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port),
		                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	return answers(AF_INET, (struct sockaddr *)&sa, sizeof sa);
}

static bool sock_answers(const struct cfg *c, const char *relative)
{
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	snprintf(sa.sun_path, sizeof sa.sun_path, "%s/%s", c->dir, relative);
	return answers(AF_UNIX, (struct sockaddr *)&sa, sizeof sa);
}

static int port_of(const struct cfg *c, int port)
{
	bool own = cfg_is_private(c);
	const char *where = port == PORT_BULK ? c->smtp_bulk : port == PORT_INJECT ? c->smtp_inject :
	                    port == PORT_RETURNS && !own ? c->smtp_returns : "";
	const char *colon = strrchr(where, ':');
	if (colon)
		return (int)strtol(colon + 1, NULL, 10);
	return own ? (int)c->base_port + port : port;
}

static bool is_ready(const struct cfg *c, const struct part *p)
{
	if (p->sock && !sock_answers(c, p->sock))
		return false;
	for (int i = 0; i < PART_PORTS; i++)
		if (p->ports[i] && !instance_port_answers(port_of(c, p->ports[i])))
			return false;
	return true;
}

static char *fill_in(const struct cfg *c, const struct front *f, const char *s)
{
	if (s[0] == '%')
		return xasprintf("%s%s", s[1] == 'D' ? c->dir : f->bindir, s + 2);
	return xstrdup(s);
}

void part_look(const struct cfg *c, const struct front *f, enum part_id id, struct part_state *r)
{
	const struct part *p = &parts[id];
	char *program = fill_in(c, f, p->argv[0]);
	*r = (struct part_state){ .name = p->name, .does = p->does, .pid = find_pid(c, p) };
	bool exists = cfg_is_private(c) || p->ours || p->system;
	r->present = exists && (program[0] != '/' || access(program, X_OK) == 0);
	free(program);
	for (int i = 0; i < PART_PORTS; i++)
		r->ports[i] = p->ports[i] ? port_of(c, p->ports[i]) : 0;
	if (r->pid) {
		r->uptime = uptime_of(r->pid);
		r->ready = is_ready(c, p);
	}
}

static void snooze(int ms)
{
	struct timespec ts = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L };
	nanosleep(&ts, NULL);
}

/* Dovecot takes any process that bears the number in its pid file, even a zombie
 * that pid 1 has not buried yet, for itself and refuses to start. */
static void forget_dead_dovecot(const struct cfg *c)
{
	char *path = cfg_path(c, parts[PART_DOVECOT].pidfile);
	unlink(path);
	free(path);
}

static enum status launch(const struct part *p, char *const argv[], const char *log, struct err *e)
{
	if (p->ours)
		return proc_spawn(argv, log, e) > 0 ? OK : ERR_TEMP;
	int fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
	int rc = proc_run(argv, fd, e);
	if (fd >= 0)
		close(fd);
	return rc == 0 ? OK : err_set(e, ERR_TEMP, "%s did not start (status %d); see %s", p->name, rc, log);
}

static enum status await_ready(const struct cfg *c, const struct part *p, const char *log, struct err *e)
{
	int64_t end = clk_mono_ms() + READY_MS;
	while (clk_mono_ms() < end) {
		if (find_pid(c, p) && is_ready(c, p))
			return OK;
		snooze(STEP_MS);
	}
	return err_set(e, ERR_TEMP, "%s is not ready after %d s; see %s and %s/log", p->name, READY_MS / 1000, log, c->dir);
}

enum status part_start(const struct cfg *c, const struct front *f, enum part_id id, struct err *e)
{
	const struct part *p = &parts[id];
	char *argv[6] = { NULL };
	char *log = xasprintf("%s/log/start-%s.log", c->dir, p->name);
	for (int i = 0; i < 5 && p->argv[i]; i++)
		argv[i] = fill_in(c, f, p->argv[i]);
	bool runs = find_pid(c, p) != 0;
	enum status st = id == PART_EDGE && !runs ? instance_write_edge(c->dir, c, f, e) : OK;
	if (id == PART_DOVECOT && !runs)
		forget_dead_dovecot(c);
	if (st == OK && !runs)
		st = launch(p, argv, log, e);
	if (st == OK)
		st = await_ready(c, p, log, e);
	for (int i = 0; argv[i]; i++)
		free(argv[i]);
	free(log);
	return st;
}

pid_t part_terminate(const struct cfg *c, enum part_id id)
{
	pid_t pid = find_pid(c, &parts[id]);
	if (!pid)
		return 0;
	kill(pid, SIGTERM);
	/* libmilter heeds its signal when its listener wakes, up to 5 s later: wake it. */
	if (parts[id].sock) {
		snooze(STEP_MS);
		(void)sock_answers(c, parts[id].sock);
	}
	return pid;
}

/* By pid, not by pid file: some take the file away first and leave later. */
void part_wait_gone(pid_t pid)
{
	int64_t end = clk_mono_ms() + LEAVE_MS;
	while (pid && is_there(pid) && clk_mono_ms() < end)
		snooze(STEP_MS);
	if (pid && is_there(pid))
		kill(pid, SIGKILL);
}
