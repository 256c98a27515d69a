/* base/log.h on Windows: one line an event to stderr, or, for the service, to
 * DIR\agent.log, which is begun anew beyond 1 MB (the one before stays as
 * agent.log.1). Only what the agent and its part of db/base use. */
#include "base/log.h"
#include "windows_util.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOG_MAX = 1 << 20 };
static FILE *out;
static char path[MAX_PATH];

void log_open(const char *ident, const char *file, enum log_level min)
{
	(void)ident;
	(void)min;
	if (!file)
		return;
	snprintf(path, sizeof path, "%s", file);
	log_reopen();
}

void log_reopen(void)
{
	char old[MAX_PATH + 8];
	if (!*path)
		return;
	if (out && ftell(out) > LOG_MAX) {
		fclose(out);
		out = NULL;
		snprintf(old, sizeof old, "%s.1", path);
		remove(old);
		rename(path, old);
	}
	if (!out)
		out = fopen(path, "ab");
}

static void __attribute__((format(gnu_printf, 3, 0))) line(enum log_level lv, const char *ev, const char *fmt, va_list ap)
{
	static const char *const name[] = { "debug", "info", "warn", "error" };
	SYSTEMTIME t;
	GetLocalTime(&t);
	log_reopen();
	FILE *f = out ? out : stderr;
	fprintf(f, "%04d-%02d-%02d %02d:%02d:%02d %s ev=%s ", t.wYear, t.wMonth, t.wDay, t.wHour, t.wMinute, t.wSecond, name[lv], ev);
	vfprintf(f, fmt, ap);
	fputc('\n', f);
	fflush(f);
}

void log_line(enum log_level lv, const char *ev, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	line(lv, ev, fmt, ap);
	va_end(ap);
}

void log_fatal(const char *ev, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	line(LOG_LV_ERROR, ev, fmt, ap);
	va_end(ap);
	exit(1);
}

void log_bug(const char *ev, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	line(LOG_LV_ERROR, ev, fmt, ap);
	va_end(ap);
	abort();
}

const char *log_quote(const char *s)
{
	static char buf[208];
	size_t n = 0;
	for (; s && *s && n < 200; s++)
		buf[n++] = (unsigned char)*s < 0x20 || *s == 0x7F ? '?' : *s;
	buf[n] = '\0';
	return s ? buf : "-";
}
