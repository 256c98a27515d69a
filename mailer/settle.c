/*
 * Did Postfix take it, or not? See settle.h.
 * SECURITY: the log holds what strangers sent (Message-IDs, senders). A forged
 * line can't appear: Postfix logs one line a record with controls replaced, and
 * our ids carry a MAC, so nobody can put one into the log before we send it.
 */
#include "settle.h"
#include "base/io.h"
#include "base/proc.h"
#include "base/xalloc.h"
#include "pack/pack.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { LOG_TAIL = 64 << 20, QUEUE_MAX = 64 << 20 };

static bool line_has(const char *line, size_t n, const char *what)
{
	return memmem(line, n, what, strlen(what)) != NULL;
}

/* "… postfix/qmgr[123]: 4XyZ: from=<…>" → "4XyZ" */
static void take_id(const char *line, size_t n, char out[64])
{
	const char *p = memmem(line, n, "]: ", 3);
	if (!p)
		return;
	p += 3;
	size_t len = strcspn(p, ":");
	if (len < 64 && p + len < line + n)
		snprintf(out, 64, "%.*s", (int)len, p);
}

/* The queue manager saw it: the file was whole and safe when it did. */
static bool was_taken(const char *log, size_t n, const char *queue, const char *qid)
{
	char by_log[80], by_queue[100];
	snprintf(by_log, sizeof by_log, ": %s: from=<", qid);
	snprintf(by_queue, sizeof by_queue, "\"queue_id\": \"%s\"", qid);
	return memmem(log, n, by_log, strlen(by_log)) != NULL || strstr(queue, by_queue) != NULL;
}

static void match_line(const char *line, size_t n, const char *log, size_t log_len, const char *queue,
                       struct settled *v, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char from[300], id[1100], qid[64] = "";
		if (*v[i].queue_id)
			continue;
		snprintf(from, sizeof from, "from=<%s>", v[i].sender);
		snprintf(id, sizeof id, "message-id=<%s>", v[i].message_id ? v[i].message_id : "-");
		bool by_sender = *v[i].sender && line_has(line, n, from);
		if (by_sender || (!*v[i].sender && line_has(line, n, id)))
			take_id(line, n, qid);
		if (*qid && was_taken(log, log_len, queue, qid))
			memcpy(v[i].queue_id, qid, sizeof qid);
	}
}

/* One JSON object a line; the sender names the row. */
static void match_queue(const char *queue, struct settled *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char sender[300];
		if (!*v[i].sender)
			continue;
		snprintf(sender, sizeof sender, "\"sender\": \"%s\"", v[i].sender);
		const char *hit = strstr(queue, sender);
		if (!hit)
			continue;
		while (hit > queue && hit[-1] != '\n')
			hit--;
		const char *id = strstr(hit, "\"queue_id\": \"");
		if (id && id < hit + strcspn(hit, "\n"))
			snprintf(v[i].queue_id, sizeof v[i].queue_id, "%.*s", (int)strcspn(id + 13, "\""), id + 13);
	}
}

void settle_match(const char *log, size_t log_len, const char *queue, struct settled *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		v[i].queue_id[0] = '\0';
	match_queue(queue, v, n);
	for (const char *p = log, *end = log + log_len; p < end;) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		size_t len = nl ? (size_t)(nl - p) : (size_t)(end - p);
		/* Only these two kinds of line can name a row. */
		if (line_has(p, len, "from=<bounce+") || line_has(p, len, "message-id=<t"))
			match_line(p, len, log, log_len, queue, v, n);
		p += len + 1;
	}
}

/* Appends the last `most` bytes. */
static enum status read_tail(const char *path, size_t most, struct sb *out, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	bool ok = fd >= 0 && fstat(fd, &st) == 0;
	if (ok) {
		off_t from = st.st_size > (off_t)most ? st.st_size - (off_t)most : 0;
		sb_grow(out, (size_t)(st.st_size - from));
		ssize_t n = pread(fd, out->s + out->len, (size_t)(st.st_size - from), from);
		out->len += n > 0 ? (size_t)n : 0;
		out->s[out->len] = '\0';
		ok = n >= 0;
	}
	enum status r = ok ? OK : err_sys(e, ERR_TEMP, "Postfix's log %s", path);
	if (fd >= 0)
		close(fd);
	return r;
}

static bool ends_in(const char *name, const char *end)
{
	size_t n = strlen(name), k = strlen(end);
	return n > k && strcmp(name + n - k, end) == 0;
}

/* In a way that is not read here. */
static bool is_packed(const char *name)
{
	return ends_in(name, ".xz") || ends_in(name, ".zst") || ends_in(name, ".bz2");
}

/* What the log was renamed or copied to when it was rotated last: mail.log.1,
 * mail.log-20261124, mail.log.1.gz. NULL: none. malloc'ed. */
static char *predecessor(const char *path)
{
	char *dir = xstrdup(path), *best = NULL;
	char *base = strrchr(dir, '/');
	struct timespec newest = { 0 };
	struct dirent *f;
	struct stat st;
	if (base)
		*base++ = '\0';
	DIR *d = base ? opendir(*dir ? dir : "/") : NULL;
	size_t n = base ? strlen(base) : 0;
	while (d && (f = readdir(d))) {
		if (strncmp(f->d_name, base, n) != 0 || !strchr(".-", f->d_name[n]) || !f->d_name[n] || is_packed(f->d_name))
			continue;
		char *one = xasprintf("%s/%s", dir, f->d_name);
		bool newer = stat(one, &st) == 0 && S_ISREG(st.st_mode) &&
		             (st.st_mtim.tv_sec > newest.tv_sec ||
		              (st.st_mtim.tv_sec == newest.tv_sec && st.st_mtim.tv_nsec >= newest.tv_nsec));
		if (newer) {
			newest = st.st_mtim;
			free(best);
			best = one;
		} else
			free(one);
	}
	if (d)
		closedir(d);
	free(dir);
	return best;
}

enum status settle_read_log(const char *path, struct sb *out, struct err *e)
{
	struct sb now = SB_INIT;
	char *before = predecessor(path);
	enum status st = read_tail(path, LOG_TAIL, &now, e);
	if (before && now.len < LOG_TAIL) {
		enum status old = (ends_in(before, ".gz") ? pack_gunzip_tail : read_tail)(before, LOG_TAIL - now.len, out, st == OK ? NULL : e);
		st = st == OK ? OK : old; /* renamed, and Postfix has not opened the new one yet */
		if (out->len && out->s[out->len - 1] != '\n')
			sb_addc(out, '\n');
	}
	sb_add(out, now.s, now.len);
	sb_free(&now);
	free(before);
	return st;
}

static enum status read_log(const struct cfg *c, struct sb *out, struct err *e)
{
	char *path = *c->mail_log ? xstrdup(c->mail_log) : cfg_path(c, "log/mail.log");
	enum status st = settle_read_log(path, out, e);
	free(path);
	return st;
}

/* As far as we may ask; the log alone will do. */
static void read_queue(const struct cfg *c, struct sb *out)
{
	char *tmp = cfg_path(c, "run/queue.XXXXXX");
	int fd = mkstemp(tmp);
	char *with_dir[] = { "/usr/sbin/postqueue", "-c", c->postfix_dir, "-j", NULL };
	char *plain[] = { "/usr/sbin/postqueue", "-j", NULL };
	bool asked = fd >= 0 && proc_run(*c->postfix_dir ? with_dir : plain, fd, NULL) == 0;
	if (!asked || io_read_file(tmp, QUEUE_MAX, out, NULL) != OK)
		sb_reset(out);
	if (fd >= 0) {
		close(fd);
		unlink(tmp);
	}
	free(tmp);
}

enum status settle_look(const struct cfg *c, struct settled *v, size_t n, struct err *e)
{
	struct sb log = SB_INIT, queue = SB_INIT;
	const struct timespec pause = { .tv_sec = SETTLE_MS / 1000, .tv_nsec = SETTLE_MS % 1000 * 1000000L };
	nanosleep(&pause, NULL);
	if (!cfg_is_private(c))
		read_queue(c, &queue);
	enum status st = read_log(c, &log, e);
	if (st == OK)
		settle_match(log.s, log.len, queue.s, v, n);
	sb_free(&log);
	sb_free(&queue);
	return st;
}
