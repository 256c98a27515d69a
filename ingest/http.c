/*
 * HTTP over libmicrohttpd: see http.h.
 *
 * Thread per connection: pages may wait for the disk and the store. What a
 * thread costs is bounded by the number of connections and the memory each may
 * have; a client that sends nothing, or too slowly, is cut off.
 */
#include "http.h"
#include "base/clk.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/xalloc.h"
#include <grp.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum {
	IDLE_S = 60,            /* without a byte from or to the client */
	GRACE_MS = 60000,       /* so long any rate will do */
	LEAST_RATE = 4,         /* then at least so many bytes a millisecond, on average */
	CONNECTION_MEMORY = 96 * 1024,
	STACK = 512 * 1024,
	BLOCK = 64 * 1024,      /* of a streamed answer */
	PATH_MAX_BYTES = 512,
	BACKLOG = 128
};

struct http {
	struct MHD_Daemon *daemon;
	struct http_config c;
	int fd;
};

/* ---- what pages say --------------------------------------------------------------- */

void http_answer(struct http_req *q, int status, const char *type, struct sb *body)
{
	sb_free(&q->out.body);
	q->out.status = status;
	q->out.type = type;
	q->out.body = *body;
	*body = SB_INIT;
}

void http_stream(struct http_req *q, const char *type, int64_t size, http_source source, void *arg)
{
	q->out.status = MHD_HTTP_OK;
	q->out.type = type;
	q->out.size = size;
	q->out.source = source;
	q->out.source_arg = arg;
}

void http_header(struct http_req *q, const char *name, const char *value)
{
	if (q->out.nheaders == sizeof q->out.header / sizeof *q->out.header)
		log_bug("http", "why=\"too many headers\"");
	q->out.header[q->out.nheaders][0] = name;
	q->out.header[q->out.nheaders++][1] = value;
}

/* ---- a request comes in -------------------------------------------------------------- */

static const char *header_of(struct MHD_Connection *c, struct arena *a, const char *name)
{
	return arena_strdup(a, MHD_lookup_connection_value(c, MHD_HEADER_KIND, name));
}

/* Only a form that could be an address: it goes into logs. */
static const char *client_ip(struct MHD_Connection *c, struct arena *a)
{
	const char *ip = header_of(c, a, "X-Real-IP");
	size_t n = ip ? strspn(ip, "0123456789abcdefABCDEF.:") : 0;
	return n && n < 46 && !ip[n] ? ip : "-";
}

static int64_t content_length(struct MHD_Connection *c)
{
	const char *s = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Content-Length");
	char *end;
	long long n = s ? strtoll(s, &end, 10) : -1;
	return s && *s && !*end && n >= 0 ? n : -1;
}

static bool fits(const char *method, const struct http_route *r)
{
	return strcmp(method, r->method) == 0 || (strcmp(method, "HEAD") == 0 && strcmp(r->method, "GET") == 0);
}

static const struct http_page *find_page(const struct http *h, struct http_req *q)
{
	bool known = false;
	for (const struct http_route *r = h->c.routes; r->prefix; r++) {
		size_t n = strlen(r->prefix);
		if (strncmp(q->path, r->prefix, n) != 0)
			continue;
		known = true;
		if (!fits(q->method, r))
			continue;
		q->prefix = r->prefix;
		q->rest = q->path + n;
		return r->page;
	}
	return known ? h->c.not_allowed : h->c.missing;
}

static struct http_req *begin(const struct http *h, struct MHD_Connection *c, const char *url, const char *method)
{
	struct arena *a = arena_new();
	struct http_req *q = arena_zalloc(a, sizeof *q);
	*q = (struct http_req){ .app = h->c.app, .a = a, .body = SB_INIT, .out.body = SB_INIT, .prefix = "-", .rest = "",
		.method = arena_strdup(a, method), .path = arena_strndup(a, url, strnlen(url, PATH_MAX_BYTES)),
		.ip = client_ip(c, a), .content_type = header_of(c, a, "Content-Type"),
		.authorization = header_of(c, a, "Authorization"), .length = content_length(c),
		.began_ms = clk_mono_ms() };
	q->page = find_page(h, q);
	metrics_add("requests_total", 1);
	if (q->page->begin)
		q->page->begin(q);
	return q;
}

/* False: too slow to be a client that means it. */
static bool fast_enough(const struct http_req *q)
{
	int64_t spent = clk_mono_ms() - q->began_ms;
	return spent < GRACE_MS || q->received / (spent - GRACE_MS + 1) >= LEAST_RATE;
}

static void take(const struct http *h, struct http_req *q, const char *p, size_t n)
{
	q->received += (int64_t)n;
	if (q->out.status)
		return; /* answered: the rest is dropped */
	if (q->page->body)
		q->page->body(q, p, n);
	else if (q->body.len + n <= q->page->body_max)
		sb_add(&q->body, p, n);
	else
		h->c.too_large->answer(q);
}

/* ---- the answer goes out ------------------------------------------------------------ */

static ssize_t read_source(void *arg, uint64_t pos, char *buf, size_t max)
{
	struct http_req *q = arg;
	struct err e;
	size_t n;
	(void)pos;
	enum status st = q->out.source(q->out.source_arg, buf, max, &n, &e);
	if (st == OK)
		return n ? (ssize_t)n : MHD_CONTENT_READER_END_OF_STREAM;
	log_error("stream", "page=%s status=%s error=%s", q->prefix, status_name(st), log_quote(e.msg));
	return MHD_CONTENT_READER_END_WITH_ERROR;
}

static struct MHD_Response *response_of(struct http_req *q)
{
	struct MHD_Response *r;
	if (q->out.source)
		r = MHD_create_response_from_callback((uint64_t)q->out.size, BLOCK, read_source, q, NULL);
	else
		r = MHD_create_response_from_buffer(q->out.body.len, q->out.body.s, MHD_RESPMEM_PERSISTENT);
	if (!r)
		return NULL;
	MHD_add_response_header(r, "Content-Type", q->out.type);
	for (size_t i = 0; i < q->out.nheaders; i++)
		MHD_add_response_header(r, q->out.header[i][0], q->out.header[i][1]);
	return r;
}

static enum MHD_Result reply(struct http_req *q, struct MHD_Connection *c)
{
	if (!q->out.status)
		q->page->answer(q);
	if (!q->out.status)
		log_bug("http", "page=%s why=\"no answer\"", q->prefix);
	struct MHD_Response *r = response_of(q);
	if (!r)
		return MHD_NO;
	enum MHD_Result sent = MHD_queue_response(c, (unsigned)q->out.status, r);
	MHD_destroy_response(r);
	return sent;
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *c, const char *url, const char *method,
                                  const char *version, const char *data, size_t *n, void **state)
{
	const struct http *h = cls;
	struct http_req *q = *state;
	(void)version;
	if (!q) {
		*state = begin(h, c, url, method);
		return MHD_YES;
	}
	if (*n == 0)
		return reply(q, c);
	take(h, q, data, *n);
	*n = 0;
	if (fast_enough(q))
		return MHD_YES;
	metrics_add("requests_slow_total", 1);
	return MHD_NO;
}

static void on_completed(void *cls, struct MHD_Connection *c, void **state, enum MHD_RequestTerminationCode how)
{
	struct http_req *q = *state;
	(void)cls, (void)c;
	if (!q)
		return;
	if (q->page->gone)
		q->page->gone(q, how == MHD_REQUEST_TERMINATED_COMPLETED_OK && q->out.status);
	/* not the path: what follows the prefix may be a key */
	log_debug("request", "method=%s page=%s status=%d received=%lld ms=%lld ip=%s", log_quote(q->method), q->prefix,
	          q->out.status, (long long)q->received, (long long)(clk_mono_ms() - q->began_ms), q->ip);
	if (q->out.status >= 500)
		metrics_add("requests_failed_total", 1);
	struct arena *a = q->a;
	sb_free(&q->body);
	sb_free(&q->out.body);
	arena_free(&a);
	*state = NULL;
}

/* ---- the daemon --------------------------------------------------------------------- */

enum status http_open(const char *path, const char *group, int *fd_r, struct err *e)
{
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	if (strlen(path) >= sizeof sa.sun_path)
		return err_set(e, ERR_PERM, "%s: path too long for a socket", path);
	memcpy(sa.sun_path, path, strlen(path) + 1);
	struct group *gr = getgrnam(group);
	if (!gr)
		return err_set(e, ERR_PERM, "group %s (web_group) does not exist", group);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return err_sys(e, ERR_TEMP, "socket");
	unlink(path);
	mode_t old = umask(0117);
	bool ok = bind(fd, (struct sockaddr *)&sa, sizeof sa) == 0;
	umask(old);
	ok = ok && chown(path, (uid_t)-1, gr->gr_gid) == 0 && listen(fd, BACKLOG) == 0;
	if (!ok) {
		err_sys(e, ERR_PERM, "%s", path);
		close(fd);
		return ERR_PERM;
	}
	*fd_r = fd;
	return OK;
}

static void on_library_log(void *cls, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));
static void on_library_log(void *cls, const char *fmt, va_list ap)
{
	char text[200];
	(void)cls;
	vsnprintf(text, sizeof text, fmt, ap);
	log_warn("library", "text=%s", log_quote(text));
}

enum status http_start(int fd, const struct http_config *c, struct http **h_r, struct err *e)
{
	struct http *h = xcalloc(1, sizeof *h);
	h->c = *c;
	h->fd = fd;
	h->daemon = MHD_start_daemon(
		MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL | MHD_USE_ITC |
			MHD_USE_ERROR_LOG,
		0, NULL, NULL, on_request, h,
		MHD_OPTION_EXTERNAL_LOGGER, on_library_log, NULL,
		MHD_OPTION_LISTEN_SOCKET, fd,
		MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL,
		MHD_OPTION_CONNECTION_LIMIT, c->connections,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
		MHD_OPTION_THREAD_STACK_SIZE, (size_t)STACK,
		MHD_OPTION_END);
	if (!h->daemon) {
		free(h);
		return err_set(e, ERR_TEMP, "the HTTP server did not start");
	}
	*h_r = h;
	return OK;
}

static unsigned under_way(const struct http *h)
{
	const union MHD_DaemonInfo *i = MHD_get_daemon_info(h->daemon, MHD_DAEMON_INFO_CURRENT_CONNECTIONS);
	return i ? i->num_connections : 0;
}

void http_stop(struct http **hp, int ms)
{
	struct http *h = hp ? *hp : NULL;
	struct timespec step = { .tv_nsec = 20 * 1000000 };
	if (!h)
		return;
	int64_t end = clk_mono_ms() + ms;
	MHD_quiesce_daemon(h->daemon);
	close(h->fd);
	while (under_way(h) > 0 && clk_mono_ms() < end)
		nanosleep(&step, NULL);
	MHD_stop_daemon(h->daemon);
	free(h);
	*hp = NULL;
}
