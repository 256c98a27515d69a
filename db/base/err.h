#ifndef BASE_ERR_H
#define BASE_ERR_H
/*
 * Status codes and error text, shared by every layer.
 *
 * A function that can fail returns `enum status` and, as its last argument,
 * takes a `struct err *` (may be NULL) that it fills when it does not return
 * OK. The text is one line for a log or an operator, without secrets and
 * without message bodies. Fixed size, no allocation, so it works when memory
 * or disk are gone, and each thread brings its own.
 *
 * The codes map straight to the edges: ERR_TEMP is SMTP 4xx / HTTP 503 (try
 * again), ERR_PERM and ERR_LIMIT are 5xx / 4xx (do not), ERR_BUG is ours.
 */

enum status {
	OK = 0,
	ERR_TEMP,     /* passing: busy, disk full, peer away; a retry may work */
	ERR_PERM,     /* this input will never work */
	ERR_LIMIT,    /* a documented bound was exceeded */
	ERR_NOTFOUND, /* the thing named does not exist */
	ERR_EXISTS,   /* it exists already; nothing was changed */
	ERR_DENIED,   /* not allowed */
	ERR_BUG       /* a broken promise inside the program */
};

struct err {
	enum status code;
	char msg[256];
};

#define must_check __attribute__((warn_unused_result))

/* Fills *e (when not NULL) and returns `code`, so callers write
 * `return err_set(e, ERR_PERM, "...")`. */
enum status err_set(struct err *e, enum status code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* As err_set, with ": strerror(errno)" appended. */
enum status err_sys(struct err *e, enum status code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* "OK", "TEMP", ... for logs. */
const char *status_name(enum status code);

#endif
