#ifndef INGEST_HTTP_H
#define INGEST_HTTP_H
/*
 * HTTP over libmicrohttpd, on a unix socket behind the web server that does
 * TLS: requests in, answers out, and a table that says which page takes what.
 * The only file that knows the library is http.c; pages see struct http_req.
 *
 * A request goes through its page like this, all in one thread of its own:
 *
 *	begin   the headers are in. The page may answer already; what the
 *	        client still sends is then taken and dropped, so that he can
 *	        read the answer.
 *	body    for each piece of the body; without it the body is gathered in
 *	        q->body, up to body_max (more: 413).
 *	answer  the body is whole. Not called when begin or body answered.
 *	gone    always last, exactly once; `whole`: the client has had all of it.
 *
 * SECURITY: everything in struct http_req but `app` comes from outside.
 * Bounds: connections, time without a byte, least rate, size of headers.
 */
#include "base/arena.h"
#include "base/err.h"
#include "base/strbuf.h"
#include <stdbool.h>
#include <stdint.h>

struct http_req;

struct http_page {
	void (*begin)(struct http_req *q);
	void (*body)(struct http_req *q, const void *p, size_t n);
	void (*answer)(struct http_req *q);
	void (*gone)(struct http_req *q, bool whole);
	size_t body_max;
};

/* The first that fits is taken; ends with prefix NULL. HEAD counts as GET. An
 * address that fits by prefix only is answered with 405. */
struct http_route {
	const char *method, *prefix;
	const struct http_page *page;
};

/* Bytes of an answer, as the client takes them. *n_r = 0: the end. An error
 * breaks the connection, so that the client knows. */
typedef enum status (*http_source)(void *arg, void *p, size_t max, size_t *n_r, struct err *e);

struct http_answer {
	int status; /* 0: none yet */
	const char *type;
	struct sb body;
	http_source source; /* instead of body: `size` bytes from here */
	void *source_arg;
	int64_t size;
	const char *header[4][2];
	size_t nheaders;
};

struct http_req {
	const void *app;
	const struct http_page *page;
	struct arena *a;
	const char *method, *path;
	const char *prefix, *rest;        /* of the path, by its route; prefix is fit for a log, "-": none */
	const char *ip;                   /* as the web server says, or "-" */
	const char *content_type, *authorization; /* NULL: absent */
	int64_t length;                   /* Content-Length; -1: not given */
	struct sb body;                   /* gathered */
	void *state;                      /* the page's */
	struct http_answer out;
	int64_t began_ms, received;
};

/* body is taken over. */
void http_answer(struct http_req *q, int status, const char *type, struct sb *body);
void http_stream(struct http_req *q, const char *type, int64_t size, http_source source, void *arg);
void http_header(struct http_req *q, const char *name, const char *value); /* literals, or in q->a */

struct http;
struct http_config {
	const struct http_route *routes;
	const struct http_page *missing, *not_allowed, *too_large; /* their `answer` only */
	const void *app;
	unsigned connections;
};

/* The socket, 0660 for `group`; as root, or as a member of it. */
enum status http_open(const char *path, const char *group, int *fd_r, struct err *e) must_check;
/* The daemon's threads. */
enum status http_start(int fd, const struct http_config *c, struct http **h_r, struct err *e) must_check;
/* No new connection; waits up to ms for those under way, then cuts them. */
void http_stop(struct http **h, int ms);

#endif
