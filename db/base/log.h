#ifndef BASE_LOG_H
#define BASE_LOG_H
/*
 * Logs are records: one line each, `TIME IDENT[PID] LEVEL ev=NAME key=value …`.
 * The caller's format gives the key=value part; values from outside go through
 * log_quote() so that no CR, LF or control byte can forge a line. Never log
 * secrets or message bodies. Thread-safe (one write(2) a line, O_APPEND).
 */
#include <stddef.h>

enum log_level { LOG_LV_DEBUG, LOG_LV_INFO, LOG_LV_WARN, LOG_LV_ERROR };

/* path NULL: stderr. Lines below `min` are dropped. Dies if path can't be opened.
 * With a path, SIGUSR1 from then on means log_reopen (not SIGHUP: to libmilter
 * that says stop). */
void log_open(const char *ident, const char *path, enum log_level min);
enum log_level log_level_of(const char *name); /* "debug" … "error"; else info */
/* After rotation. The old file stays in use where the new one can't be opened;
 * no line of any thread is lost. Fit for a signal handler. */
void log_reopen(void);

#define log_debug(...) log_line(LOG_LV_DEBUG, __VA_ARGS__)
#define log_info(...)  log_line(LOG_LV_INFO, __VA_ARGS__)
#define log_warn(...)  log_line(LOG_LV_WARN, __VA_ARGS__)
#define log_error(...) log_line(LOG_LV_ERROR, __VA_ARGS__)

/* log_line(LV, "ev", "key=%s", …): `fmt` may be "" */
void log_line(enum log_level lv, const char *ev, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* As log_error, then exit(1)/abort(). fatal: the environment is unusable, at
 * startup only. bug: a broken promise inside the program. */
void log_fatal(const char *ev, const char *fmt, ...)
	__attribute__((format(printf, 2, 3), noreturn));
void log_bug(const char *ev, const char *fmt, ...)
	__attribute__((format(printf, 2, 3), noreturn));

/* Bytes from outside made safe for a log line: at most 200 bytes, quotes and
 * controls escaped, in one of 8 rotating thread-local buffers. NULL gives "-". */
const char *log_quote(const char *s);

#endif
