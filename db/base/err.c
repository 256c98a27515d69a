/* Status codes and error text. */
#include "base/err.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void __attribute__((format(printf, 3, 0))) put(struct err *e, enum status code, const char *fmt, va_list ap)
{
	e->code = code;
	vsnprintf(e->msg, sizeof e->msg, fmt, ap);
}

enum status err_set(struct err *e, enum status code, const char *fmt, ...)
{
	if (e) {
		va_list ap;
		va_start(ap, fmt);
		put(e, code, fmt, ap);
		va_end(ap);
	}
	return code;
}

enum status err_sys(struct err *e, enum status code, const char *fmt, ...)
{
	int saved = errno;
	if (e) {
		va_list ap;
		va_start(ap, fmt);
		put(e, code, fmt, ap);
		va_end(ap);
		size_t len = strlen(e->msg);
		snprintf(e->msg + len, sizeof e->msg - len, ": %s", strerror(saved));
	}
	errno = saved;
	return code;
}

const char *status_name(enum status code)
{
	static const char *const names[] = { "OK", "TEMP", "PERM", "LIMIT", "NOTFOUND",
	                                     "EXISTS", "DENIED", "BUG" };
	return (size_t)code < sizeof names / sizeof *names ? names[code] : "?";
}
