/*
 * One record a line, one write(2) a record.
 * SECURITY: values from outside pass log_quote; as a second net any control
 * byte left in the finished line is replaced.
 */
#include "base/log.h"
#include "base/clk.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *log_ident = "yorozu";
static const char *log_path;
static int log_fd = 2;
static enum log_level log_min = LOG_LV_INFO;

static void on_rotated(int sig)
{
	int saved = errno;
	(void)sig;
	log_reopen();
	errno = saved;
}

void log_open(const char *ident, const char *path, enum log_level min)
{
	struct sigaction sa = { .sa_handler = on_rotated, .sa_flags = SA_RESTART };
	log_ident = ident;
	log_path = path;
	log_min = min;
	if (!path)
		return;
	log_reopen();
	if (log_fd == 2) {
		fprintf(stderr, "%s: can't open log %s: %s\n", log_ident, log_path, strerror(errno));
		exit(1);
	}
	sigaction(SIGUSR1, &sa, NULL);
}

static const char *const level_names[] = { "debug", "info", "warn", "error" };

enum log_level log_level_of(const char *name)
{
	for (int i = LOG_LV_DEBUG; i <= LOG_LV_ERROR; i++)
		if (strcmp(level_names[i], name) == 0)
			return (enum log_level)i;
	return LOG_LV_INFO;
}

/* The number of the descriptor never changes, for other threads may be about to
 * write to it: a number that was closed could be the store's next. */
void log_reopen(void)
{
	if (!log_path)
		return;
	int fd = open(log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
	if (fd < 0)
		return;
	if (log_fd == 2) {
		log_fd = fd;
		return;
	}
	dup3(fd, log_fd, O_CLOEXEC);
	close(fd);
}

static void __attribute__((format(printf, 3, 0))) emit(enum log_level lv, const char *ev, const char *fmt, va_list ap)
{
	char line[2048], when[32];
	int saved = errno;
	int n = snprintf(line, sizeof line, "%s %s[%d] %s ev=%s ", clk_iso(clk_now(), when),
	                 log_ident, (int)getpid(), level_names[lv], ev);
	size_t len = n < 0 ? 0 : (size_t)n;
	if (len < sizeof line)
		n = vsnprintf(line + len, sizeof line - len, fmt, ap);
	len += n < 0 ? 0 : (size_t)n;
	if (len > sizeof line - 2)
		len = sizeof line - 2;
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)line[i] < ' ' || line[i] == 127)
			line[i] = '?';
	line[len++] = '\n';
	if (write(log_fd, line, len) < 0) {
		/* nowhere left to say it */
	}
	errno = saved;
}

void log_line(enum log_level lv, const char *ev, const char *fmt, ...)
{
	if (lv < log_min)
		return;
	va_list ap;
	va_start(ap, fmt);
	emit(lv, ev, fmt, ap);
	va_end(ap);
}

void log_fatal(const char *ev, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	emit(LOG_LV_ERROR, ev, fmt, ap);
	va_end(ap);
	exit(1);
}

void log_bug(const char *ev, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	emit(LOG_LV_ERROR, ev, fmt, ap);
	va_end(ap);
	abort();
}

const char *log_quote(const char *s)
{
	enum { MAX = 200 };
	static _Thread_local char ring[8][4 * MAX + 3];
	static _Thread_local unsigned turn;
	if (!s)
		return "-";
	char *out = ring[turn++ % 8], *p = out;
	*p++ = '"';
	for (size_t i = 0; i < MAX && s[i]; i++) {
		unsigned char c = (unsigned char)s[i];
		if (c == '"' || c == '\\')
			*p++ = '\\';
		if (c < ' ' || c == 127)
			p += snprintf(p, 5, "\\x%02x", c);
		else
			*p++ = (char)c;
	}
	*p++ = '"';
	*p = '\0';
	return out;
}
