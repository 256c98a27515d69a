/* What became of each mail, from Postfix's log. See bulk_log.h. */
#include "bulk_log.h"
#include "base/xalloc.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK = 1 << 18, LINE_MAX_BYTES = 1 << 16 };

/* ---- lines --------------------------------------------------------------------- */

struct span {
	const char *p, *end;
};

static void copy(char *to, size_t size, const char *p, size_t n)
{
	snprintf(to, size, "%.*s", (int)(n < size ? n : size - 1), p);
}

/* The value of ", name=" up to the next comma. */
static bool value_of(struct span s, const char *name, char *to, size_t size)
{
	const char *p = memmem(s.p, (size_t)(s.end - s.p), name, strlen(name));
	if (!p)
		return false;
	p += strlen(name);
	const char *comma = memchr(p, ',', (size_t)(s.end - p));
	copy(to, size, p, (size_t)((comma ? comma : s.end) - p));
	return true;
}

/* "… postfix/smtp[123]: 4XyZ: rest" → 4XyZ and rest. */
static bool queue_id_of(struct span *s, char to[32])
{
	const char *p = memmem(s->p, (size_t)(s->end - s->p), "]: ", 3);
	if (!p)
		return false;
	p += 3;
	size_t n = 0;
	while (p + n < s->end && ((p[n] >= '0' && p[n] <= '9') || (p[n] >= 'A' && p[n] <= 'Z') || (p[n] >= 'a' && p[n] <= 'z')))
		n++;
	if (!n || n >= 32 || p + n + 2 > s->end || memcmp(p + n, ": ", 2) != 0)
		return false;
	copy(to, 32, p, n);
	s->p = p + n + 2;
	return true;
}

static bool begins(struct span s, const char *what)
{
	size_t n = strlen(what);
	return (size_t)(s.end - s.p) >= n && memcmp(s.p, what, n) == 0;
}

static bool sender_of(const struct token_ctx *t, struct span s, struct token_news *r)
{
	char addr[200];
	const char *close = memchr(s.p, '>', (size_t)(s.end - s.p));
	if (!close)
		return false;
	copy(addr, sizeof addr, s.p + 6, (size_t)(close - s.p) - 6);
	return token_parse_news_address(t, addr, r);
}

static void delivery(struct span s, struct blog_line *r)
{
	static const struct { const char *word; enum blog_kind kind; } kinds[] = {
		{ "sent", BLOG_SENT }, { "deferred", BLOG_DEFERRED }, { "bounced", BLOG_BOUNCED }, { "expired", BLOG_EXPIRED },
	};
	const char *p = memmem(s.p, (size_t)(s.end - s.p), "status=", 7);
	if (!p)
		return;
	struct span v = { p + 7, s.end };
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (begins(v, kinds[i].word))
			r->kind = kinds[i].kind;
	value_of(s, ", dsn=", r->dsn, sizeof r->dsn);
	value_of(s, ", relay=", r->relay, sizeof r->relay);
	const char *open = memchr(v.p, '(', (size_t)(v.end - v.p));
	if (open)
		copy(r->words, sizeof r->words, open + 1, (size_t)(v.end - open - 1) - (v.end[-1] == ')'));
}

void blog_parse(const struct token_ctx *t, const char *line, size_t n, struct blog_line *r)
{
	struct span s = { line, line + n };
	*r = (struct blog_line){ .kind = BLOG_NONE };
	if (memmem(line, n, "postfix/master[", 15) && memmem(line, n, "daemon started", 14))
		r->kind = BLOG_STARTED;
	else if (!memmem(line, n < 120 ? n : 120, "postfix", 7) || !queue_id_of(&s, r->queue_id))
		return;
	else if (begins(s, "to=<"))
		delivery(s, r);
	else if (begins(s, "removed"))
		r->kind = memmem(line, n, "postsuper[", 10) ? BLOG_DELETED : BLOG_REMOVED;
	else if (begins(s, "from=<news+") && sender_of(t, s, &r->who))
		r->kind = memmem(s.p, (size_t)(s.end - s.p), "status=expired", 14) ? BLOG_EXPIRED : BLOG_QUEUED;
}

/* ---- the file ---------------------------------------------------------------------- */

static int open_file(const char *path, int64_t *inode_r, int64_t *size_r)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0 && fstat(fd, &st) != 0) {
		close(fd);
		fd = -1;
	}
	*inode_r = fd >= 0 ? (int64_t)st.st_ino : 0;
	*size_r = fd >= 0 ? st.st_size : 0;
	return fd;
}

/* The file that was being read may have been renamed meanwhile. */
static int open_rotated(const char *path, int64_t inode, int64_t *size_r)
{
	char *old = xasprintf("%s.1", path);
	int64_t there;
	int fd = open_file(old, &there, size_r);
	free(old);
	if (fd >= 0 && there != inode) {
		close(fd);
		fd = -1;
	}
	return fd;
}

void blog_open(struct blog *b, const char *path, int64_t inode, int64_t offset)
{
	int64_t there, size;
	*b = (struct blog){ .path = path, .fd = open_file(path, &there, &size), .buf = SB_INIT };
	if (inode && there != inode) {
		int fd = open_rotated(path, inode, &size);
		if (fd >= 0) {
			if (b->fd >= 0)
				close(b->fd);
			b->fd = fd;
			there = inode;
		}
	}
	b->inode = there;
	b->offset = !inode ? size : there == inode && offset <= size ? offset : 0;
}

void blog_close(struct blog *b)
{
	if (b->fd >= 0)
		close(b->fd);
	b->fd = -1;
	sb_free(&b->buf);
}

static bool fill(struct blog *b)
{
	sb_setlen(&b->buf, b->buf.len); /* keeps its NUL */
	if (b->used) {
		memmove(b->buf.s, b->buf.s + b->used, b->buf.len - b->used);
		sb_setlen(&b->buf, b->buf.len - b->used);
		b->used = 0;
	}
	sb_grow(&b->buf, CHUNK);
	ssize_t n = b->fd >= 0 ? pread(b->fd, b->buf.s + b->buf.len, CHUNK, b->offset + (int64_t)b->buf.len) : 0;
	if (n <= 0)
		return false;
	b->buf.len += (size_t)n;
	b->buf.s[b->buf.len] = '\0';
	return true;
}

/* At the end: is there a new file under that name, or was this one cut off? logrotate makes the new one before Postfix hears of it:
 * as long as it is empty this one goes on, and what was written to it in the meantime comes first. */
static bool follow_rotation(struct blog *b)
{
	struct stat st;
	if (stat(b->path, &st) != 0)
		return false;
	bool other = (int64_t)st.st_ino != b->inode;
	if (other ? b->fd >= 0 && st.st_size == 0 : st.st_size >= b->offset)
		return false;
	if (other && fill(b))
		return true;
	const char *path = b->path;
	int64_t inode = (int64_t)st.st_ino;
	blog_close(b);
	blog_open(b, path, inode, 0);
	return b->fd >= 0;
}

bool blog_next(struct blog *b, const char **line_r, size_t *n_r)
{
	for (;;) {
		const char *p = b->buf.s + b->used, *nl = memchr(p, '\n', b->buf.len - b->used);
		if (nl || b->buf.len - b->used > LINE_MAX_BYTES) {
			size_t n = nl ? (size_t)(nl - p) : b->buf.len - b->used;
			*line_r = p;
			*n_r = n;
			b->used += n + (nl != NULL);
			b->line_at = b->offset;
			b->offset += (int64_t)n + (nl != NULL);
			return true;
		}
		if (!fill(b) && !follow_rotation(b)) /* half a line at the end of a rotated file will never be a whole one */
			return false;
	}
}
